"""By which ways a notice reaches somebody, and when: everything that is posted is made here.

A member of staff has the inbox always, and e-mail and text messages as they chose for the group of the notice, held in
their quiet hours. An applicant has what they left and chose; what starts or moves a legal period is always told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, Protocol

from casework.models import Agency, Choice, Event, Group, Kind, Preference, Staff, ToldBy, WebhookEndpoint
from casework.models.edition import national_calendar
from casework.webhooks import call, topic_of
from notifications import sms
from notifications.models import Message
from notifications.phone import mobile
from notifications.posting import Channel, Posting
from notifications.quiet import Quiet, leaves_at

#: When what waits for the day's digest leaves.
DAILY_AT: Final = time(8, 30)
#: Nobody is woken by an office.
APPLICANTS_NIGHT: Final = Quiet(time(21), time(8))


def takes_text_messages(phone: str) -> bool:
    """Whether it is a mobile number: a fixed line gets no text message."""
    return bool(mobile(phone))


class Addressee(Protocol):
    """As much of an applicant as a notice needs."""

    email: str
    phone: str
    told_by: str
    told_less: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told, in which words, and where it leads; the same for everybody who hears of it."""

    key: str
    name: str
    at: datetime
    context: dict[str, Any]
    path: str
    agency_id: int | None
    subject_ref: str = ""
    due_on: date | None = None
    """What is due then is not held past the morning of that day."""

    def by(self, channel: Message.Channel, key: str, **facts: Any) -> Posting:
        owner = f"agency:{self.agency_id}" if self.agency_id else ""
        shared: dict[str, Any] = {
            "context": self.context,
            "path": self.path,
            "subject_ref": self.subject_ref,
            "owner_ref": owner,
        }
        return Posting(effect_key=key, channel=channel, notice=self.name, **shared, **facts)


@dataclass(slots=True)
class Reach:
    """The ways to people, read once for a batch of notices."""

    _preferences: dict[int, Preference | None] = field(default_factory=dict)
    _endpoints: dict[int, list[WebhookEndpoint]] = field(default_factory=dict)
    _agencies: dict[int, Agency] = field(default_factory=dict)

    def read(self, people: Iterable[Staff]) -> None:
        """Read in two queries what these people have chosen."""
        missing = {person.pk for person in people} - self._preferences.keys()
        if missing:
            found = Preference.objects.filter(staff__in=missing).prefetch_related("choices")
            self._preferences |= dict.fromkeys(missing) | {each.staff_id: each for each in found}

    def to_staff(self, person: Staff, told: Told, group: Group) -> Iterator[Posting]:
        """In the inbox at once, and on the way that the person chose as soon as it may leave."""
        self.read([person])
        preference = self._preferences[person.pk] or Preference(staff=person)
        choice = _choice(preference, group)
        facts: dict[str, Any] = {"language": preference.language, "recipient_id": person.pk}
        yield told.by(Channel.INBOX, f"{told.key}:{person.pk}:{Channel.INBOX}", **facts)
        outward = {
            Channel.EMAIL: choice.email and bool(person.email),
            Channel.SMS: choice.sms and bool(person.phone) and sms.is_offered(),
        }
        if not any(outward.values()):
            return
        leaves = leaves_at(
            told.at,
            Quiet(preference.quiet_from, preference.quiet_until, rest_days=preference.quiet_rest_days),
            self._workdays(told.agency_id),
            daily=DAILY_AT if choice.daily else None,
            due_on=told.due_on,
        )
        for channel in (channel for channel, wanted in outward.items() if wanted):
            yield told.by(channel, f"{told.key}:{person.pk}:{channel}", **facts, due_at=leaves, bundles=True)

    def to_machines(self, event: Event) -> Iterator[Posting]:
        """To the systems of the agency that want to hear of this kind of event; no personal data leaves this way."""
        agency = event.case.agency
        topic = topic_of(Kind(event.kind))
        if agency.pk not in self._endpoints:
            self._endpoints[agency.pk] = list(WebhookEndpoint.objects.filter(agency=agency, disabled_at=None))
        for endpoint in self._endpoints[agency.pk]:
            if topic in endpoint.topics:
                yield call(
                    endpoint,
                    f"event:{event.pk}:webhook:{endpoint.pk}",
                    kind=f"case.{event.kind}",
                    at=event.at,
                    data={
                        "agency": agency.code,
                        "case": event.case.number,
                        "state": event.case.state,
                        "due_on": event.due_after.isoformat() if event.due_after else None,
                        "provisional": event.case.due_is_provisional,
                    },
                )

    def _workdays(self, agency_id: int | None) -> Callable[[date], bool]:
        """The working days of the agency; of the country where none is meant."""
        if agency_id is None:
            return national_calendar().is_workday
        if agency_id not in self._agencies:
            self._agencies[agency_id] = Agency.objects.get(pk=agency_id)
        return self._agencies[agency_id].calendar.is_workday


def to_applicant(addressee: Addressee, told: Told, language: str, *, texted: bool, optional: bool) -> Iterator[Posting]:
    """By e-mail, by text message or both: as the applicant chose.

    Whoever chose nothing and left no e-mail address is texted only where there is something to do (``texted``).
    """
    if optional and addressee.told_less:
        return
    number = mobile(addressee.phone) if sms.is_offered() else ""
    chosen = addressee.told_by in (ToldBy.SMS, ToldBy.BOTH)
    if addressee.email and not (number and addressee.told_by == ToldBy.SMS):
        yield told.by(Channel.EMAIL, told.key, language=language, address=addressee.email)
    if number and (chosen or (texted and not addressee.email)):
        leaves = leaves_at(told.at, APPLICANTS_NIGHT, _every_day)
        yield told.by(Channel.SMS, f"{told.key}:sms", language=language, address=number, due_at=leaves)


def _choice(preference: Preference, group: Group) -> Choice:
    """What the person chose for a group; the defaults of ``Choice`` where they chose nothing."""
    if preference.pk is not None:
        for choice in preference.choices.all():
            if choice.group == group:
                return choice
    return Choice(group=group)


def _every_day(_on: date) -> bool:
    return True
