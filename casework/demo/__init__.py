"""A believable demo: a district, its departments and a township, with two years of cases made by the real verbs."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from casework.law.calendar import day_of, published
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Appointment, Case, Role, Staff
from notifications import outbox

from .administration import arrange
from .beside import ask_to_correct, propose
from .disputes import attack
from .filing import Filing, filings
from .lives import Life, Stage, query_code
from .office import OFFICES, PASSWORD, ROOT, build
from .plans import FEWEST, SAMPLES, begins_on, moment, plans
from .publishing import publish_replies
from .records import lay_records
from .registers import keep_registers
from .report import draft_report
from .township import send_files

MOST: Final = 20_000
#: What people were told before that they have read by now.
READ_AFTER: Final = timedelta(days=4)
Sweep = Callable[[datetime], object]
File = Callable[[Filing], object]


@dataclass(frozen=True, slots=True)
class LogIn:
    """A person of the demo, as the table of log-ins shows them."""

    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A case that can be followed on the citizen's side."""

    number: str
    code: str
    standing: Text


def is_there() -> bool:
    """Whether the demo has been loaded here, whatever has been added since."""
    codes = {office.code for office in OFFICES}
    root = Staff.objects.filter(username=f"{OFFICES[0].key}.system", appointments__agency__code=ROOT)
    return Agency.objects.filter(code__in=codes).count() == len(codes) and root.exists()


def check_may_load() -> None:
    """Refuse to stand beside records that somebody may need."""
    agency, case, person = Agency.objects.first(), Case.objects.first(), Staff.objects.first()
    if agency is None and case is None and person is None:
        return
    found = agency.name if agency else case.number if case else person.username if person else ""
    raise Refused(
        Text(
            "数据库里已有记录（{found}），演示数据只能装入空的数据库。什么也没有改变。",
            "The database holds records already ({found}); the demo goes only into an empty one. Nothing changed.",
        ).format(found=found)
    )


def load(cases: int, *, at: datetime, sweep: Sweep, file: File = lambda filing: None) -> int:
    """Load the whole demo or nothing; how many cases. ``sweep`` is called as beat would have, morning after morning.

    ``file`` carries an annual report the whole way; the figures of reports are composed above this module.
    """
    if not FEWEST <= cases <= MOST:
        raise Refused(
            Text("演示数据的件数应当在{few}至{most}之间。", "The demo takes {few} to {most} cases.").format(
                few=FEWEST, most=MOST
            ),
            field="cases",
        )
    with transaction.atomic(), _quick_codes():
        check_may_load()
        stage = Stage(at, build())
        _live(stage, cases, sweep)
        arrange(stage.teams, at=at)
        attack(stage.teams, at=at)
        lay_records(stage.teams, at=at)
        publish_replies(stage.teams, at=at)
        keep_registers(stage.teams, at=at)
        draft_report(stage.teams, at=at)
        for filing in filings(stage.teams, at=at):
            file(filing)
        send_files(at=at)
        ask_to_correct(stage.teams, at=at)
        propose(stage.teams, at=at)
        for person in Staff.objects.all():
            old = outbox.inbox_of(person).filter(created_at__lt=at - READ_AFTER).values_list("pk", flat=True)
            outbox.mark_read(person, list(old), at=at)
    return cases


def log_ins() -> list[LogIn]:
    """Everybody of the demo, agency by agency."""
    held: dict[Staff, list[Appointment]] = {}
    codes = [office.code for office in OFFICES]
    appointments = Appointment.objects.filter(agency__code__in=codes).select_related("staff", "agency")
    for appointment in appointments.order_by("agency__path", "staff_id", "id"):
        held.setdefault(appointment.staff, []).append(appointment)
    return [
        LogIn(person.username, person.name, rows[0].agency.name, tuple(Role(row.role) for row in rows))
        for person, rows in held.items()
    ]


def samples() -> list[Sample]:
    """Number, code and standing of the cases that show the citizen's side."""
    found = Case.objects.filter(applicant__phone__in=SAMPLES, agency__code__startswith=ROOT)
    by_phone = {case.applicant.phone: case for case in found.select_related("applicant")}
    return [
        Sample(by_phone[phone].number, query_code(phone), by_phone[phone].standing.citizen)
        for phone in SAMPLES
        if phone in by_phone
    ]


def _live(stage: Stage, cases: int, sweep: Sweep) -> None:
    """Live all cases together in the order of time, up to now."""
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
    for n, plan in enumerate(plans(cases, at=stage.now)):
        heapq.heappush(waiting, (plan.arrives, n, Life(plan, stage).run()))
    heapq.heappush(waiting, (moment(begins_on(stage.now), 8), -1, _mornings(stage.now, sweep)))
    for _at, _n, life in waiting:
        next(life)  # each says when it begins, which the heap knows already
    while waiting and waiting[0][0] <= stage.now:
        _at, n, life = heapq.heappop(waiting)
        following = next(life, None)
        if following is not None:
            heapq.heappush(waiting, (following, n, life))


def _mornings(now: datetime, sweep: Sweep) -> Iterator[datetime]:
    """Beat wakes the sweep every working morning, and once more now."""
    at = moment(begins_on(now), 8)
    while at <= now:
        yield at
        sweep(at)
        at = moment(published().add_workdays(day_of(at), 1), 8)
    yield now
    sweep(now)


@contextmanager
def _quick_codes() -> Iterator[None]:
    """Query codes of the demo are printed anyway: no need to make them slow to guess, 40 ms each."""
    cost = settings.QUERY_CODE_COST
    settings.QUERY_CODE_COST = min(cost, 2**8)
    try:
        yield
    finally:
        settings.QUERY_CODE_COST = cost


__all__ = ["PASSWORD", "Filing", "LogIn", "Sample", "check_may_load", "is_there", "load", "log_ins", "samples"]
