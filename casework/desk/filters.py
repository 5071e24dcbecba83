"""What the queue is narrowed down to: read from the address, said in words, and asked of the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django import forms
from django.db.models import BooleanField, Count, Q, QuerySet, Value, When
from django.db.models import Case as Choice
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.desk.forms.acts import DeskForm, read_lazily
from casework.fields import Day, Line
from casework.law.outcomes import KINDS
from casework.law.states import STATES
from casework.law.words import Text
from casework.models import Agency, Case, Channel, Role, Staff
from casework.models.case import CaseQuerySet
from casework.wordsearch.cases import candidates_holding


class Haste(StrEnum):
    """How urgent an open case is by the stored due date; ``desk.urgency`` says the same of one case in words."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    CALM = "calm"
    WAITING = "waiting"


HASTE_WORDS: Final[dict[Haste, Text]] = {
    Haste.LATE: Text("已逾期", "Overdue"),
    Haste.TODAY: Text("今日到期", "Due today"),
    Haste.SOON: Text("临近到期", "Due soon"),
    Haste.CALM: Text("期限充裕", "Not due soon"),
    Haste.WAITING: Text("等待申请人", "Waiting for the applicant"),
}
MINE: Final = "me"
NOBODY: Final = "none"


class Horizon:
    """Until which day a case is due soon: the working days and the reminders of each agency decide."""

    def __init__(self, user: Staff, *, on: date) -> None:
        self.on = on
        self._until: dict[date, list[int]] = {}
        self._of: dict[int, date] = {}
        for agency in Agency.objects.filter(pk__in=access.agencies_where(user, access.READS_CASES)):
            until = agency.calendar.add_workdays(on, max([0, *agency.remind_days]))
            self._until.setdefault(until, []).append(agency.pk)
            self._of[agency.pk] = until

    def of(self, agency_id: int, due_on: date | None) -> Haste:
        """How urgent an open case with this due date is; ``holds`` asks the same of the database."""
        if due_on is None:
            return Haste.WAITING
        if due_on <= self.on:
            return Haste.TODAY if due_on == self.on else Haste.LATE
        return Haste.SOON if due_on <= self._of[agency_id] else Haste.CALM

    def holds(self, haste: Haste) -> Q:
        """Open cases of this urgency."""
        running = Q(closed_on=None, due_on__isnull=False)
        if haste is Haste.LATE:
            return running & Q(due_on__lt=self.on)
        if haste is Haste.TODAY:
            return running & Q(due_on=self.on)
        if haste is Haste.WAITING:
            return Q(closed_on=None, due_on=None)
        found = Q(pk__in=[])
        for until, agencies in self._until.items():
            days = Q(due_on__gt=self.on, due_on__lte=until) if haste is Haste.SOON else Q(due_on__gt=until)
            found |= Q(agency__in=agencies) & days
        return running & found


class FilterForm(DeskForm):
    """Everything by which the queue can be narrowed down; sent by GET, so that an address is a filter."""

    q = Line(label=_("编号、申请人或者内容"), limit=100, required=False)
    haste = forms.ChoiceField(label=_("紧急程度"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    clerk = forms.ChoiceField(label=_("承办人"), required=False)
    division = Line(label=_("承办科室"), limit=80, required=False)
    channel = forms.ChoiceField(label=_("申请渠道"), required=False)
    kind = forms.ChoiceField(label=_("申请人类型"), required=False)
    received_from = Day(label=_("收到日期，从"), required=False)
    received_to = Day(label=_("收到日期，到"), required=False)
    due_from = Day(label=_("期限，从"), required=False)
    due_to = Day(label=_("期限，到"), required=False)

    def __init__(self, data: Any = None, *, user: Staff) -> None:
        super().__init__(data)
        words = read_lazily
        clerks = [(str(pk), name or username) for pk, name, username in _clerks(user)]
        offered: dict[str, list[tuple[str, Any]]] = {
            "haste": [(each.value, words(text)) for each, text in HASTE_WORDS.items()],
            "state": [(state.value, words(row.clerk)) for state, row in STATES.items()],
            "clerk": [(MINE, _("我")), (NOBODY, _("未交办")), *clerks],
            "channel": [(value, label) for value, label in Channel.choices],
            "kind": [(kind.value, words(row.words)) for kind, row in KINDS.items()],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("不限")), *choices]
            field.error_messages["invalid_choice"] = _("没有这个选项，请重新选择。")
        for field in self.fields.values():
            field.asked = True  # type: ignore[attr-defined]  # that a filter may be left out goes without saying
        self.order_of_chips = [name for name in self.fields if name != "q"]

    def given(self) -> dict[str, Any]:
        """What was asked and can be: a wrong value is said beside its field, and narrows nothing."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value not in ("", None)}


def _clerks(user: Staff) -> Iterable[tuple[int, str, str]]:
    agencies = access.agencies_where(user, access.READS_CASES)
    held = Staff.objects.filter(appointments__agency__in=agencies, appointments__role=Role.CLERK)
    return held.order_by("name", "username").values_list("pk", "name", "username").distinct()


def narrowed(cases: CaseQuerySet, given: dict[str, Any], *, user: Staff, horizon: Horizon) -> CaseQuerySet:
    """The cases that fit everything that was given."""
    found = Q()
    for name, value in given.items():
        if name == "haste":
            found &= horizon.holds(Haste(value))
        elif name == "clerk":
            found &= Q(clerk=None if value == NOBODY else user.pk if value == MINE else int(value))
        elif name == "division":
            found &= Q(division="" if value == NOBODY else value)
        elif name in _COLUMNS:
            found &= Q(**{_COLUMNS[name]: value})
    return search(cases.filter(found), given.get("q", ""), user=user)


_COLUMNS: Final = {
    "state": "state",
    "channel": "channel",
    "kind": "applicant_kind",
    "received_from": "received_on__gte",
    "received_to": "received_on__lte",
    "due_from": "due_on__gte",
    "due_to": "due_on__lte",
}


def search(cases: CaseQuerySet, sought: str, *, user: Staff) -> CaseQuerySet:
    """Cases in which every word stands in the number, the applicant's name, or the text of the application.

    The index of words says which cases can hold them all; whether they do, their texts say.
    """
    if not sought:
        return cases
    agencies = access.agencies_where(user, access.READS_CASES)
    words = [_stands(word) for word in sought.split()]
    said = cases.filter(*words)
    newest = Case.objects.filter(agency__in=agencies).order_by("-pk").values("pk")[:_LOOKED_AT]
    if said.filter(pk__in=newest).count() * _RARE > _LOOKED_AT:
        return said  # the newest fill a page sooner than the index is read
    held = candidates_holding(sought, agencies)
    if held is None:
        return said
    # Nearly all that can hold the words do. As a CASE the planner takes half of them for right and not a thousandth, so
    # that for a page of the newest it looks at those alone, instead of joining every applicant there is.
    right = Choice(When(Q(*words), then=Value(True)), default=Value(False), output_field=BooleanField())
    return cases.among(held).filter(right)


#: So many of the newest cases tell whether a word is rare: in fewer than one of ten.
_LOOKED_AT: Final = 400
_RARE: Final = 10


def _stands(word: str) -> Q:
    # To compare without regard to case costs twice as much, and in Chinese there is none.
    how = "contains" if word.upper() == word.lower() else "icontains"
    where = Q()
    for column in ("number", "subject", "content", "applicant__name"):
        where |= Q(**{f"{column}__{how}": word})
    return where


@dataclass(frozen=True, slots=True)
class HasteCount:
    """One urgency with the number of cases of it, and the address that shows them."""

    haste: Haste
    words: Text
    count: int
    address: str
    here: bool


def by_haste(cases: QuerySet[Case], address: dict[str, str], *, chosen: str, horizon: Horizon) -> list[HasteCount]:
    """How many of the open cases are how urgent: counted by due date in the index of the queue, and then sorted.

    ``cases``: narrowed by everything but urgency. ``address``: what the links keep.
    """
    found: Counter[Haste] = Counter()
    days: QuerySet[Any] = cases.filter(closed_on=None).order_by().values_list("agency", "due_on")
    for agency, due_on, number in days.annotate(number=Count("pk")):
        found[horizon.of(agency, due_on)] += number
    kept = {name: value for name, value in address.items() if name not in ("haste", "after")}
    return [
        HasteCount(
            haste,
            words,
            found[haste],
            "?" + urlencode(kept if haste.value == chosen else kept | {"haste": haste.value}),
            haste.value == chosen,
        )
        for haste, words in HASTE_WORDS.items()
    ]
