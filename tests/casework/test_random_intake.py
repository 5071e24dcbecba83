"""Random splits, corrections, confirmations, transfers and closings keep every case counted once (law.md 7.2, R1)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.actions import decide, intake, receipt, related
from casework.actions.related import Matter
from casework.annual import matrix_of
from casework.law.clock import Channel, Receipt
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, TOTAL
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.models import Arrival, Case, CaseLink, Role, Staff
from tests.cast import Cast, application, closed, moment

pytestmark = pytest.mark.django_db

FIRST: Final = date(2025, 11, 3)
YEARS: Final = (2025, 2026)
CHANNELS: Final = [channel for channel in Channel if channel is not Channel.ONLINE]
KINDS: Final = [kind.value for kind in ApplicantKind]
ACTS: Final = ("register", "split", "confirm", "correct", "withdraw", "answer", "transfer", "link")
lives = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30), st.integers(0, 40)), min_size=6, max_size=16)


class Office:
    """Acts on whichever case comes up; what is refused leaves nothing behind."""

    def __init__(self, players: Cast, mei: Staff) -> None:
        self.players, self.mei, self.on = players, mei, FIRST
        self.made = 0
        self.names = count(1)

    def act(self, what: str, which: int, days: int) -> bool:
        """Try it on one of the cases; whether it was allowed."""
        self.on += timedelta(days=days // 4)
        cases = list(Case.objects.order_by("pk"))
        do: Callable[[Case | None, int], None] = getattr(self, what)
        before, made = self.stored(), self.made
        try:
            with transaction.atomic():
                do(cases[which % len(cases)] if cases else None, days)
        except Refused:
            self.made = made
            assert self.stored() == before
            return False
        return True

    def stored(self) -> tuple[Any, ...]:
        return list(Case.objects.order_by("pk").values_list()), CaseLink.objects.count(), Arrival.objects.count()

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


def check_tables(office: Office) -> None:
    agencies = [office.players.dongshan, office.players.civil]
    came_in: Counter[str] = Counter()
    for year in YEARS:
        table = matrix_of(agencies, year)
        assert all(check.holds for check in table.checks())
        for kind in KINDS:
            new, carried_in = table.figure(NEW, kind), table.figure(CARRIED_IN, kind)
            came_in[kind] += new
            # R1, by hand: what came in is closed or carried out.
            assert new + carried_in == table.figure(TOTAL, kind) + table.figure(CARRIED_OUT, kind)
    assert +came_in == Counter(Case.objects.values_list("applicant_kind", flat=True))


@settings(max_examples=settings().max_examples // 4)
@given(life=lives)
def test_every_case_is_counted_once_in_every_column_of_every_year(
    players: Cast, life: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        mei = Staff.objects.create(username="mei", name="梅香", password="!")
        mei.appointments.create(agency=players.civil, role=Role.CLERK)
        office = Office(players, mei)
        for what, which, days in [("register", 0, 1), *life]:
            office.act(what, which, days)
        assert Case.objects.count() == office.made
        check_tables(office)
        for case in Case.objects.select_related("agency"):
            assert case.year == case.received_on.year
            assert case.due().due_on == case.due_on
        transaction.set_rollback(True)


def test_the_lives_are_not_all_refusals(players: Cast) -> None:
    """Each act is lawful somewhere, or the test above would prove nothing."""
    mei = Staff.objects.create(username="mei", name="梅香", password="!")
    mei.appointments.create(agency=players.civil, role=Role.CLERK)
    office = Office(players, mei)
    office.act("register", 0, 2)  # an ordinary letter, which has to be confirmed
    for what, days in (("confirm", 0), ("correct", 1), ("split", 2)):
        assert office.act(what, 0, days), what
    assert office.act("register", 0, 0)
    last = Case.objects.count() - 1
    assert office.act("link", last, 0)
    assert office.act("withdraw", last, 0)
    assert office.act("transfer", 0, 0)
    check_tables(office)
