"""Which cases the demo has: an ordinary two years, every outcome once, and a desk full of work as of today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Final

from casework.law.calendar import day_of, published
from casework.law.clock import Channel
from casework.law.outcomes import ApplicantKind, Outcome

from .applicants import kind as any_kind
from .office import OFFICES
from .records import CONTRACT, PROJECTS, Record
from .texts import REQUESTS, Asked

O = Outcome  # noqa: E741

CHINA: Final = timezone(timedelta(hours=8))
FEWEST: Final = 60
#: Telephones of the cases whose query codes are printed, by which they are found again.
SAMPLES: Final = ("13800000001", "13800000002", "13800000003", "13800000004")
#: The telephone of the case of which one blackened place is contested.
CONTESTED: Final = "13800000005"

#: Shares after the reports of Huai'an: many granted, a quarter not held, the rest spread thinly.
SHARES: Final[dict[Outcome, int]] = {
    O.GRANTED: 430,
    O.PARTIAL: 140,
    O.UNAVAILABLE_1: 250,
    O.REFUSED_2: 8,
    O.REFUSED_4: 10,
    O.REFUSED_5: 6,
    O.REFUSED_6: 10,
    O.REFUSED_7: 8,
    O.REFUSED_8: 30,
    O.UNAVAILABLE_2: 8,
    O.UNAVAILABLE_3: 6,
    O.NOT_PROCESSED_1: 25,
    O.NOT_PROCESSED_2: 10,
    O.OTHER_1: 25,
    O.OTHER_2: 4,
    O.OTHER_3: 30,
}
CHANNELS: Final = {
    Channel.ONLINE: 48,
    Channel.SIGNED_MAIL: 20,
    Channel.IN_PERSON: 15,
    Channel.EMAIL: 9,
    Channel.ORDINARY_MAIL: 4,
    Channel.FAX: 2,
    Channel.OTHER: 2,
}
#: What has to happen before a code may be proposed.
BEFORE: Final[dict[Outcome, tuple[str, ...]]] = {
    O.REFUSED_1: ("found_classified",),
    O.REFUSED_4: ("third_party_objects",),
    O.UNAVAILABLE_3: ("supplement_still_unclear",),
    O.NOT_PROCESSED_4: ("reasons",),
    O.OTHER_1: ("supplement_lapses",),
    O.OTHER_2: ("fee_lapses",),
}
#: What may happen on the way to an ordinary reply, in per mille.
DETOURS: Final = {
    (): 640,
    ("supplement",): 110,
    ("extend",): 80,
    ("ask_organ",): 60,
    ("third_party_agrees",): 40,
    ("sent_back",): 40,
    ("fee_paid",): 15,
    ("supplement", "extend"): 15,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One case to be lived: how it arrives, what happens on the way, and how far it has come by today."""

    office: str
    asked: Asked
    kind: ApplicantKind
    channel: Channel
    arrives: datetime
    steps: tuple[str, ...] = ()
    outcome: Outcome | None = None
    ground: str = ""
    stop: str = ""
    taken: bool = True
    slow: int = 0
    phone: str = ""
    seed: int = 0
    record: Record | None = None
    """What is given in part with the reply."""


def plans(cases: int, *, at: datetime) -> list[Plan]:
    """All plans; the same number and day give the same plans."""
    dice = Random(f"{cases} {day_of(at)}")  # noqa: S311 - a story, not a secret
    of_every_kind = [*_every_outcome(dice, at), *_on_the_desk(dice, at), *_given_in_part(at), *_old_enough(at)]
    ordinary = [_ordinary(dice, at) for _ in range(cases - len(of_every_kind))]
    numbered = enumerate([*of_every_kind, *ordinary])
    return [replace(plan, seed=n, phone=plan.phone or f"1380000{1000 + n % 9000}") for n, plan in numbered]


def _every_outcome(dice: Random, at: datetime) -> Iterator[Plan]:
    """Each of the 21 codes once, long enough ago to be closed; the first six by one kind of applicant each."""
    kinds = list(ApplicantKind)
    channels = list(Channel)
    for n, outcome in enumerate(Outcome):
        kind = kinds[n] if n < len(kinds) else any_kind(dice)
        plan = _plan(dice, outcome, _arrival(dice, at, latest=60), kind=kind)
        channel = channels[n] if n < len(channels) else plan.channel
        yield replace(plan, channel=channel, steps=BEFORE.get(outcome, ()), office=_office(plan.asked, dice, n))


def _on_the_desk(dice: Random, at: datetime) -> Iterator[Plan]:
    """What waits today: due now, soon and already late, to be taken, to be signed, to be dispatched, waited for."""
    due = [(0, ""), (0, "proposed"), (1, ""), (1, "signed"), (2, "reviewed"), (5, ""), (5, "sent_back"), (-1, "signed")]
    for left, stop in [*due, (-2, ""), (-6, "cleared"), (3, "signed"), (8, "cleared")]:
        yield _waiting(dice, at, _arrived_for(left, at), stop=stop)
    for days in (4, 1, 0):
        yield _waiting(dice, at, _ago(days, at), taken=False, channel=Channel.ONLINE)
    for days, steps in (
        (6, ("ask_supplement",)),
        (9, ("ask_supplement",)),
        (24, ("ask_supplement",)),
        (8, ("ask_fee",)),
        (32, ("ask_fee",)),
        (10, ("consult",)),
        (7, ("consult",)),
        (26, ("extend",)),
        (30, ("supplement", "extend")),
        (3, ()),
        (2, ()),
    ):
        yield _waiting(dice, at, _ago(days, at), steps=steps)
    online = Channel.ONLINE
    person = ApplicantKind.NATURAL_PERSON
    waiting, replied, extended, _in_part = SAMPLES
    yield _waiting(dice, at, _ago(5, at), steps=("ask_supplement",), channel=online, kind=person, phone=waiting)
    asked = REQUESTS[0]
    plan = _plan(dice, O.GRANTED, _ago(14, at), kind=person)
    yield replace(plan, asked=asked, office="zhujian", channel=online, steps=(), slow=0, phone=replied)
    plan = _waiting(dice, at, _ago(21, at), steps=("extend",), channel=online, kind=person, phone=extended)
    yield replace(plan, asked=asked, office="office")  # of which a like reply is published


def _given_in_part(at: datetime) -> Iterator[Plan]:
    """Replies with blackened places: one to be read by its code, one of which a place is contested."""
    contract = next(asked for asked in REQUESTS if asked.subject == "政府购买服务合同")
    for days, phone in ((14, SAMPLES[3]), (24, CONTESTED)):
        plan = _of_the_office(contract, _ago(days, at), O.PARTIAL)
        yield replace(plan, phone=phone, record=CONTRACT)


def _old_enough(at: datetime) -> Iterator[Plan]:
    """Replies that left long enough ago to be public: the first in part, with a file."""
    yield replace(_of_the_office(REQUESTS[0], _ago(90, at), O.PARTIAL), record=PROJECTS)
    for days, subject in ((96, "棚户区改造征收决定"), (92, "重大行政决策目录"), (94, "集中供热管网改造")):
        asked = next(asked for asked in REQUESTS if asked.subject == subject)
        yield replace(_of_the_office(asked, _ago(days, at), O.GRANTED), ground="provided")


def _of_the_office(asked: Asked, arrives: datetime, outcome: Outcome) -> Plan:
    person = ApplicantKind.NATURAL_PERSON
    return Plan(office="office", asked=asked, kind=person, channel=Channel.ONLINE, arrives=arrives, outcome=outcome)


def _waiting(dice: Random, at: datetime, arrives: datetime, **changes: object) -> Plan:
    """A case that is not closed: ``stop`` names how far its reply has come."""
    asked = dice.choice([a for a in REQUESTS if not a.outcomes])
    plan = Plan(
        office=_office(asked, dice),
        asked=asked,
        kind=any_kind(dice),
        channel=dice.choice([Channel.ONLINE, Channel.IN_PERSON, Channel.SIGNED_MAIL]),
        arrives=min(arrives, at - timedelta(minutes=30)),
    )
    outcome = dice.choice([O.GRANTED, O.PARTIAL, O.UNAVAILABLE_1]) if changes.get("stop") else None
    return replace(plan, outcome=outcome, **changes)  # type: ignore[arg-type]  # names of Plan's own fields


def _ordinary(dice: Random, at: datetime) -> Plan:
    outcome = dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
    return _plan(dice, outcome, _arrival(dice, at, latest=1), kind=any_kind(dice))


def _plan(dice: Random, outcome: Outcome, arrives: datetime, *, kind: ApplicantKind) -> Plan:
    fitting = [a for a in REQUESTS if outcome in a.outcomes] or [a for a in REQUESTS if not a.outcomes]
    asked = dice.choice(fitting)
    steps = BEFORE.get(outcome, ())
    if not steps and outcome in (O.GRANTED, O.PARTIAL, O.UNAVAILABLE_1):
        steps = dice.choices(list(DETOURS), weights=list(DETOURS.values()))[0]
    channel = dice.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]
    slow = dice.randint(6, 12) if dice.random() < 0.02 else 0
    return Plan(
        office=_office(asked, dice),
        asked=asked,
        kind=kind,
        channel=channel,
        arrives=arrives if channel is Channel.ONLINE else _opening_hours(arrives),
        steps=steps,
        outcome=outcome,
        slow=slow,
    )


def _office(asked: Asked, dice: Random, turn: int | None = None) -> str:
    """One of the offices that may be asked for this; the government's office gets more than its share."""
    keys = asked.offices or tuple(office.key for office in OFFICES)
    if turn is not None:
        return keys[turn % len(keys)]
    return dice.choice(keys + (("office",) * 3 if not asked.offices else ()))


# When things arrive ----------------------------------------------------------------------------------------------


def begins_on(at: datetime) -> date:
    """The first of the month two years ago."""
    return day_of(at).replace(day=1, year=day_of(at).year - 2)


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=CHINA)


def _arrival(dice: Random, at: datetime, *, latest: int) -> datetime:
    """Any day of the two years up to ``latest`` working days ago, at a waking hour."""
    first, last = begins_on(at), published().subtract_workdays(day_of(at), latest)
    on = first + timedelta(days=dice.randrange((last - first).days + 1))
    return moment(on, dice.randint(7, 21), dice.randrange(60))


def _opening_hours(arrives: datetime) -> datetime:
    on = published().roll_forward(arrives.date())
    return moment(on, 9 + arrives.hour % 8, arrives.minute)


def _ago(days: int, at: datetime) -> datetime:
    """A morning so many working days ago; 0 is half an hour ago."""
    if days == 0:
        return at - timedelta(minutes=30)
    return moment(published().subtract_workdays(day_of(at), days), 9, 20)


def _arrived_for(left: int, at: datetime) -> datetime:
    """When an application arrived that has so many working days left today."""
    calendar, today = published(), day_of(at)
    due_on = calendar.roll_forward(today)
    if left > 0:
        due_on = calendar.add_workdays(today, left)
    elif left < 0:
        due_on = calendar.subtract_workdays(today, -left)
    return moment(calendar.subtract_workdays(due_on, 20), 9, 40)
