"""An office in which anything is done in any order; what is refused leaves nothing behind."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final

from django.db import transaction

from casework.actions import decide, intake, receipt, related
from casework.actions.history import admit
from casework.actions.related import Matter
from casework.annual import disputes_of, end_of, matrix_of
from casework.law.clock import Channel, Receipt
from casework.law.history import History
from casework.law.matrix import Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.report import DisputeTable
from casework.models import Arrival, Case, CaseLink, DisputeStep, Role, Staff
from tests.casework.dispute_acts import DisputeActs, Noted
from tests.cast import Cast, application, closed, moment

FIRST: Final = date(2025, 11, 3)
YEARS: Final = (2025, 2026, 2027)
CHANNELS: Final = [channel for channel in Channel if channel is not Channel.ONLINE]
KINDS: Final = [kind.value for kind in ApplicantKind]
ACTS: Final = (
    *("register", "split", "confirm", "correct", "withdraw", "answer", "transfer", "link"),
    *("ledger", "ledger", "year_end"),
    *("dispute", "advance", "advance", "put_right", "strike", "reopen", "redress", "redress"),
)
#: They may never move a figure of table 三: the first decision stays where it counts (law.md 6.4).
REDRESS: Final = frozenset({"dispute", "advance", "put_right", "strike", "reopen", "redress"})
#: Nor may these, done on a linked file; to hand it on makes an application of the other office.
ON_ONE: Final = frozenset({"split", "confirm", "correct", "withdraw", "answer", "link"})


class Office(DisputeActs):
    """Acts on whichever case comes up; what is refused leaves nothing behind."""

    def __init__(self, players: Cast) -> None:
        self.players, self.on = players, FIRST
        self.mei = Staff.objects.create(username="mei", name="梅香", password="!")
        self.mei.appointments.create(agency=players.civil, role=Role.CLERK)
        self.made = self.which = 0
        self.names = count(1)
        self.book: dict[int, Noted] = {}
        self.frozen: dict[datetime, dict[tuple[str, int], Matrix]] = {}
        self.frozen_disputes: dict[datetime, dict[tuple[str, int], DisputeTable]] = {}

    def act(self, what: str, which: int, days: int) -> bool:
        """Try it on one of the cases; whether it was allowed."""
        if days // 4:
            self.freeze()
            self.on += timedelta(days=days // 4)
        cases = list(Case.objects.select_related("agency").order_by("pk"))
        do: Callable[[Case | None, int], None] = getattr(self, what)
        case = cases[which % len(cases)] if cases else None
        before, made, book, self.which = self.stored(), self.made, dict(self.book), which
        still = (
            self.tables() if what in REDRESS or (case is not None and case.is_redecision and what in ON_ONE) else None
        )
        try:
            with transaction.atomic():
                do(case, days)
        except Refused:
            self.made, self.book = made, book
            assert self.stored() == before
            return False
        assert still is None or self.tables() == still, what
        return True

    def freeze(self) -> None:
        """Keep the tables as they stand at the end of the day, as an edition would; a few a life are enough."""
        if len(self.frozen) < 4:
            self.frozen[end_of(self.on)] = self.tables()
            self.frozen_disputes[end_of(self.on)] = self.disputes()

    def tables(self, known_at: datetime | None = None) -> dict[tuple[str, int], Matrix]:
        """Every agency's table of every year, as the records are now or were at a moment."""
        return {
            (agency.code, year): matrix_of([agency], year, known_at=known_at)
            for agency in (self.players.dongshan, self.players.civil)
            for year in YEARS
        }

    def disputes(self, known_at: datetime | None = None) -> dict[tuple[str, int], DisputeTable]:
        """Table 四 in the same way."""
        return {
            (agency.code, year): disputes_of([agency], year, known_at=known_at)
            for agency in (self.players.dongshan, self.players.civil)
            for year in YEARS
        }

    def stored(self) -> tuple[Any, ...]:
        counts = [model.objects.count() for model in (CaseLink, Arrival, DisputeStep)]
        return list(Case.objects.order_by("pk").values_list()), counts

    def by(self, case: Case) -> Staff:
        return self.mei if case.agency_id == self.players.civil.pk else self.players.wang

    def register(self, _case: Case | None, days: int) -> None:
        arrived = self.on - timedelta(days=days % 5)
        lodged = application(name=f"申请人{next(self.names)}", applicant_kind=ApplicantKind(KINDS[days % len(KINDS)]))
        came = Receipt(CHANNELS[days % len(CHANNELS)], arrived)
        intake.register(self.players.dongshan, lodged, came, by=self.players.wang, at=moment(self.on))
        self.made += 1

    def split(self, case: Case, days: int) -> None:
        others = [Matter(content=f"第{n}项") for n in range(1 + days % 3)]
        kept = Matter(content="第一项")
        related.split(case, kept=kept, others=others, reason="数项", by=self.by(case), at=moment(self.on))
        self.made += len(others)

    def confirm(self, case: Case, days: int) -> None:
        on = self.on - timedelta(days=days % 3)
        receipt.confirm_receipt(case, on=on, how="电话", reason="未留电话", by=self.by(case), at=moment(self.on))

    def correct(self, case: Case, days: int) -> None:
        changes: dict[str, Any] = {"applicant_kind": KINDS[days % len(KINDS)]}
        if days % 2:
            changes = {"channel": CHANNELS[days % len(CHANNELS)].value, "arrived_on": self.on - timedelta(days=days)}
        receipt.correct(case, changes=changes, reason="录入错误", by=self.by(case), at=moment(self.on))

    def withdraw(self, case: Case, days: int) -> None:
        decide.withdraw(case, on=self.on, statement="不需要了", by=self.by(case), at=moment(self.on))

    def answer(self, case: Case, days: int) -> None:
        if case.agency_id == self.players.dongshan.pk:
            closed(self.players, case, Outcome.UNAVAILABLE_1, on=self.on, ground="other_body")

    def transfer(self, case: Case, days: int) -> None:
        if case.is_open and case.agency_id == self.players.dongshan.pk:
            self.answer(case, days)
            case = Case.objects.get(pk=case.pk)
        related.transfer(case, to=self.players.civil, consent="电话", by=self.by(case), at=moment(self.on))
        arrival = Arrival.objects.waiting().get()
        lodged = application(name=case.applicant.name, applicant_kind=ApplicantKind(case.applicant_kind))
        came = Receipt(Channel.OTHER, arrival.arrived_on)
        intake.register(self.players.civil, lodged, came, arrival=arrival, by=self.mei, at=moment(self.on))
        self.made += 1

    def link(self, case: Case, days: int) -> None:
        earlier = Case.objects.order_by("pk")[0]
        related.link_duplicate(case, earlier=earlier, reason="同一份", by=self.by(case), at=moment(self.on))

    def year_end(self, _case: Case | None, days: int) -> None:
        """Nobody does anything until the first days of the next year."""
        self.freeze()
        self.on = max(self.on, date(self.on.year + 1, 1, days % 9 + 1)) if self.on.year < YEARS[-1] else self.on

    def ledger(self, _case: Case | None, days: int) -> None:
        """A row of the ledger comes in, or comes again and says otherwise: closed, another day, or open after all."""
        received = FIRST + timedelta(days=days % 3)
        ended = received + timedelta(days=days) if days % 4 else None
        if ended is not None and ended > self.on:
            ended = None
        row = History(
            row=2,
            number=f"L-{days % 2}",
            received_on=received,
            channel=Channel.IN_PERSON.value,
            applicant_kind=KINDS[days % len(KINDS)],
            applicant_name="台账申请人",
            identity_number="",
            contact="",
            content="申请公开清单。",
            supplement_requested_on=None,
            supplement_received_on=None,
            extension_days=None,
            outcome=list(Outcome)[days % len(Outcome)].value if ended else "",
            closed_on=ended,
            document_number="",
            note="",
        )
        self.made += admit(self.players.dongshan, [[row]], at=moment(self.on, 11)).added
