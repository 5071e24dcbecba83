"""Who stands in for whom while somebody is away."""

from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.delegate import DEPUTIES
from casework.desk.forms.acts import DeskForm, date_field
from casework.fields import Choice
from casework.models import Appointment, Role, Staff
from casework.models.approval import DELEGABLE
from casework.templatetags.words import read


class DelegationForm(DeskForm):
    """A role of one's own, or for an administrator of anybody in the agency; the deputy; the days."""

    whose = Choice(label=_("谁外出"), missing=_("请选择谁外出。"))
    deputy = Choice(label=_("由谁代理"), help_text=_("代理人不能办理自己拟的稿件。"), missing=_("请选择由谁代理。"))
    from_on = date_field(_("自哪一天起"))
    until_on = date_field(_("至哪一天止"), hint=_("含当天。提前回来的，可以随时终止。"))

    def __init__(self, *args: Any, by: Staff, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", on.isoformat())
        self.seats = {str(seat.pk): seat for seat in seats_of(by)}
        agencies = {seat.agency_id for seat in self.seats.values()}
        handling = Staff.objects.filter(
            is_active=True, appointments__agency__in=agencies, appointments__role__in=DEPUTIES
        )
        self.deputies = {str(person.pk): person for person in handling.distinct().order_by("name", "username")}
        several = len(agencies) > 1
        self._offer("whose", {key: _seat_words(seat, several=several) for key, seat in self.seats.items()})
        self._offer("deputy", {key: person.get_full_name() for key, person in self.deputies.items()})
        if len(self.seats) == 1:
            self.initial.setdefault("whose", next(iter(self.seats)))

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        given = self.cleaned_data
        seat = self.seats[given["whose"]]
        return {
            "agency": seat.agency,
            "role": Role(seat.role),
            "person": seat.staff,
            "deputy": self.deputies[given["deputy"]],
            "from_on": given["from_on"],
            "until_on": given["until_on"],
        }


def seats_of(by: Staff) -> list[Appointment]:
    """The roles for which this person may name a deputy."""
    administered = access.agencies_where(by, frozenset({Role.AGENCY_ADMINISTRATOR.value}))
    rows = Appointment.objects.filter(role__in=DELEGABLE, staff__is_active=True)
    mine = rows.filter(staff=by) | rows.filter(agency__in=administered)
    return list(mine.select_related("staff", "agency").order_by("agency__path", "staff__name", "role"))


def _seat_words(seat: Appointment, *, several: bool) -> str:
    words = {"name": seat.staff, "role": read(access.ROLE_WORDS[seat.role]), "agency": seat.agency}
    if several:
        return gettext("%(name)s · %(role)s · %(agency)s") % words
    return gettext("%(name)s · %(role)s") % words
