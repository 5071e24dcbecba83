"""Killed at any step, an act has happened whole or not at all, and doing it again makes it happen once."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from casework import annual
from casework.actions import clock, deliver
from casework.actions.report import begin
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import (
    Agency,
    AnnualReport,
    Applicant,
    Appointment,
    Case,
    Decision,
    Delivery,
    DispatchMode,
    Document,
    Draft,
    Event,
    Letter,
    Level,
    NumberSeries,
    ReportEdition,
    ReportStep,
    Role,
    Supplement,
)
from casework.models.querycode import matches
from notifications.models import Message
from tests.casework.dying import CODE, TODAY, Mortal, flows, mortal
from tests.cast import Cast, cleared, moment, proposed, registered, signed
from tests.filing import AT, checked, office
from tests.service import database_url

pytestmark = pytest.mark.django_db(transaction=True)

RECEIVED = date(2026, 11, 2)


@pytest.fixture
def process(players: Cast) -> Iterator[Mortal]:
    with mortal(database_url()) as process:
        yield process


def stored() -> dict[str, int]:
    """How much of everything that an act can leave is there; each row of a document has its file, byte for byte."""
    for document in Document.objects.all():
        assert hashlib.sha256(Path(document.file.path).read_bytes()).hexdigest() == document.sha256
    tables = (Applicant, Case, Event, Document, Message, Decision, Letter, Delivery, ReportEdition, ReportStep)
    facts = {
        "linked": Draft.objects.exclude(case=None).count(),
        "supplemented": Supplement.objects.exclude(received_on=None).count(),
        "signed": Decision.objects.exclude(signed_at=None).count(),
        "dispatched": Decision.objects.exclude(dispatched_on=None).count(),
        "signed reports": AnnualReport.objects.filter(state="signed").count(),
        "closed": Case.objects.exclude(closed_on=None).count(),
        "given out": sum(NumberSeries.objects.values_list("last", flat=True)),
    }
    return {table.__name__: table._default_manager.count() for table in tables} | facts


def killed_at_every_step(process: Mortal, flow: str, prepare: Callable[[], int]) -> list[int]:
    """Kill at step 1, 2, … until the act survives; the objects on which it was tried.

    After each kill everything or nothing of the act is there. Then it is done again, as a person would.
    """
    act = flows()[flow]
    pk = prepare()
    before = stored()
    act(pk)()
    one = {key: number - before[key] for key, number in stored().items()}
    tried, whole, step, lives = [pk], 0, 0, False
    while not lives:
        step += 1
        pk = prepare()
        tried.append(pk)
        before = stored()
        lives = process.lives(flow, pk, kill_at=step)
        after = stored()
        happened = {key: number - before[key] for key, number in after.items()}
        assert happened in (one, dict.fromkeys(one, 0)), f"half of {flow} at step {step}"
        assert happened == one or not lives
        whole += happened == one
        try:
            act(pk)()
        except Refused:
            assert happened == one, f"{flow} was refused after it had not happened at step {step}"
        assert {key: number - before[key] for key, number in stored().items()} == one
    assert step >= 8
    assert whole == 2  # killed just after the commit, and not at all
    return tried


def test_a_submission(players: Cast, process: Mortal) -> None:
    tried = killed_at_every_step(process, "submit", lambda: Draft.open(agency=players.dongshan, at=moment(TODAY)).pk)
    cases = Case.objects.order_by("number")
    assert [case.number for case in cases] == [f"230406-2026-{n:05d}" for n in range(1, len(tried) + 1)]
    assert {case.draft.pk for case in cases} == set(tried)
    assert all(matches(CODE, case.query_code_hash) for case in cases)
    assert {(case.state, case.due_on, case.events.count()) for case in cases} == {("received", date(2026, 12, 8), 1)}


def test_a_supplement(players: Cast, process: Mortal) -> None:
    def asked() -> int:
        case = registered(players, on=RECEIVED).case
        clock.request_supplement(case, unclear="请说明名称。", on=RECEIVED, by=players.wang, at=moment(RECEIVED))
        return case.pk

    tried = killed_at_every_step(process, "receive_supplement", asked)
    cases = Case.objects.filter(pk__in=tried)
    assert {(case.state, case.due_on, case.events.count()) for case in cases} == {("received", date(2026, 12, 8), 3)}
    assert not Supplement.objects.filter(received_on=None).exists()


def test_a_notice_that_is_made_and_sent(players: Cast, process: Mortal) -> None:
    tried = killed_at_every_step(process, "carry_out", lambda: registered(players, on=RECEIVED).case.pk)
    assert {(case.state, case.due_on) for case in Case.objects.filter(pk__in=tried)} == {("supplement_requested", None)}
    assert set(Letter.objects.values_list("series", flat=True)) == {"补告"}
    assert sorted(letter.serial or 0 for letter in Letter.objects.all()) == list(range(1, len(tried) + 1))
    assert Supplement.objects.count() == len(tried)


def test_a_reply_that_is_served_again(players: Cast, process: Mortal) -> None:
    def returned() -> int:
        case, by, at = registered(players, on=RECEIVED).case, players.wang, moment(RECEIVED, 17)
        signed(players, case, Outcome.GRANTED, on=RECEIVED)
        deliver.dispatch(case, mode=DispatchMode.POST, postal_number="XA1", on=RECEIVED, by=by, at=at)
        deliver.record_return(case, on=RECEIVED, reason="拒收", by=by, at=at)
        return case.pk

    tried = killed_at_every_step(process, "redispatch", returned)
    assert not Delivery.objects.returned().exists()
    assert Delivery.objects.filter(postal_number="XA2").count() == len(tried)


def test_a_proposal(players: Cast, process: Mortal) -> None:
    tried = killed_at_every_step(process, "propose", lambda: registered(players, on=RECEIVED).case.pk)
    cases = Case.objects.filter(pk__in=tried)
    assert {(case.state, case.decisions.count(), case.documents.count()) for case in cases} == {("in_review", 1, 1)}


def test_an_import_of_a_ledger(players: Cast, process: Mortal) -> None:
    numbers = itertools.count(1)
    tried = killed_at_every_step(process, "import_ledger", lambda: next(numbers))
    rows = {f"2024-{number}-{row}" for number in tried for row in (1, 2, 3)}
    assert set(Case.objects.values_list("number", flat=True)) == rows
    assert Case.objects.filter(closed_on=None).count() == len(tried)


def test_a_signature(players: Cast, process: Mortal) -> None:
    def drafted() -> int:
        case = registered(players, on=RECEIVED).case
        proposed(players, case, Outcome.GRANTED, on=RECEIVED)
        cleared(players, case, on=RECEIVED)
        return case.pk

    tried = killed_at_every_step(process, "sign", drafted)
    assert {(case.state, case.events.count()) for case in Case.objects.filter(pk__in=tried)} == {("signed", 5)}
    assert set(Decision.objects.values_list("signed_by__username", flat=True)) == {"li"}


@pytest.mark.parametrize("region", [False, True])
def test_the_signature_of_an_annual_report(players: Cast, process: Mortal, *, region: bool) -> None:
    staff = office(players)
    registered(players, on=date(2020, 3, 2))
    # Each with one unit below, so that every signature takes as many steps as the one before.
    tops = [players.dongshan]
    for number in range(4):
        top = Agency.objects.create(code=f"23050{number}", name=f"第{number}区", level=Level.COUNTY)
        Agency.objects.create(code=f"23050{number}-MZ", name=f"第{number}区民政局", parent=top)
        for who, role in ((staff.li, Role.HEAD), (staff.lu, Role.REPORT_EDITOR)):
            roles = (role, Role.REGION_SUPERVISOR)
            Appointment.objects.bulk_create([Appointment(staff=who, agency=top, role=each) for each in roles])
        tops.append(top)
    works = itertools.product(tops, range(2025, 2007, -1))

    def waiting() -> int:
        agency, year = next(works)
        return checked(staff, begin(agency, year, region=region, by=staff.lu, at=AT)).pk

    tried = killed_at_every_step(process, "sign_report", waiting)
    for edition in ReportEdition.objects.filter(report__in=tried):
        assert not annual.faults_of(edition)
    assert {report.state for report in AnnualReport.objects.filter(pk__in=tried)} == {"signed"}


def test_a_dispatch(players: Cast, process: Mortal) -> None:
    def ready() -> int:
        case = registered(players, on=RECEIVED).case
        signed(players, case, Outcome.GRANTED, on=RECEIVED)
        return case.pk

    tried = killed_at_every_step(process, "dispatch", ready)
    closed = Case.objects.filter(pk__in=tried)
    assert {(case.state, case.outcome, case.closed_on) for case in closed} == {("disclosed", "granted", TODAY)}
    assert set(Decision.objects.values_list("dispatched_on", flat=True)) == {TODAY}
