"""Last year's refusal is annulled: a linked file decides it again, and last year's figures stay (law.md 6.4)."""

import io
from datetime import date

import pytest

from casework import annual
from casework.actions import dispute as verbs
from casework.law.matrix import COLUMNS, ROWS, TOTAL
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.ledger.writing import write
from casework.models import Case, CaseLink, Dispute, LinkKind, frequency
from casework.sweeps import verify_clocks
from notifications.models import Message
from tests.cast import Cast, closed, moment
from tests.disputing import disputed, refused, told

pytestmark = pytest.mark.django_db

REPLIED, NOTICED = date(2025, 12, 10), date(2025, 12, 29)
DECIDED, SERVED = date(2026, 2, 25), date(2026, 2, 27)


@pytest.fixture
def case(players: Cast) -> Case:
    return refused(players, received=date(2025, 12, 1), replied=REPLIED)


@pytest.fixture
def annulled(players: Cast, case: Case) -> Dispute:
    dispute = disputed(players, case, on=NOTICED, docket_number="鹤政复〔2025〕31号")
    told(players, dispute, "answered", date(2026, 1, 8))
    told(players, dispute, "decided", DECIDED, "revoked", order_by=date(2026, 3, 20))
    return dispute


def test_it_is_decided_again_and_no_year_counts_it_anew(players: Cast, case: Case, annulled: Dispute) -> None:
    agencies = [players.dongshan]
    before = {year: annual.matrix_of(agencies, year) for year in (2025, 2026)}
    file = verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=moment(SERVED))

    assert (file.received_on, file.due_on) == (SERVED, date(2026, 3, 26))  # twenty working days anew
    assert (file.applicant.name, file.content, file.clerk) == ("张三", case.content, players.wang)
    link = CaseLink.objects.get()
    assert (link.kind, link.later, link.earlier) == (LinkKind.REDECISION_OF, file, case)
    closed(players, file, Outcome.GRANTED, on=date(2026, 3, 16))

    case.refresh_from_db()
    assert (case.outcome, case.closed_on) == (Outcome.REFUSED_5, REPLIED)
    for year, matrix in before.items():
        after = annual.matrix_of(agencies, year)
        assert after.differences(matrix) == []
        assert all(check.holds for check in after.checks())
        cells = [annual.cases_of_cell(agencies, year, row, column).count() for row in ROWS for column in COLUMNS]
        assert cells == [after.cell(row, column) for row in ROWS for column in COLUMNS]
    assert before[2025].cell("new", TOTAL) == before[2025].cell("refused_5", TOTAL) == 1
    assert before[2026].cell("new", TOTAL) == 0
    assert annual.years_of_case(file, until=2026) == []
    assert list(verify_clocks(on=SERVED)) == []


def test_the_reconsideration_stands_pending_in_one_year_and_corrected_in_the_next(
    players: Cast, annulled: Dispute
) -> None:
    found = {year: annual.disputes_of([players.dongshan], year) for year in (2024, 2025, 2026, 2027)}
    figures = {year: table.groups["reconsideration"] for year, table in found.items()}
    nothing = {"upheld": 0, "corrected": 0, "other": 0, "pending": 0, "total": 0}
    assert figures[2025] == nothing | {"pending": 1, "total": 1}
    assert figures[2026] == nothing | {"corrected": 1, "total": 1}
    assert figures[2024] == figures[2027] == nothing
    earlier = annual.disputes_of([players.dongshan], 2026, as_of=date(2026, 2, 24))
    assert earlier.figure("reconsideration", "pending") == 1


def test_the_applicant_follows_it_by_the_old_code_and_is_counted_once(
    players: Cast, case: Case, annulled: Dispute
) -> None:
    case.applicant.email = "zhang@example.org"
    case.applicant.save()
    file = verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=moment(SERVED))
    assert file.query_code_hash == case.query_code_hash
    assert Message.objects.filter(notice="redecision_begun", subject_ref=f"case:{file.pk}").count() == 1
    assert [each.pk for each in frequency.proven(case)] == [case.pk]
    assert frequency.of_the_month(case) == [case]
    assert frequency.of_the_month(file) == [file]  # no application anew, and yet its fee page knows its place
    ledger = io.BytesIO()
    assert write(ledger, "csv", players.dongshan) == 1
    assert case.events.latest("id").for_applicant() is not None


def test_a_file_is_opened_once_and_only_after_a_result_that_may_call_for_it(
    players: Cast, case: Case, annulled: Dispute
) -> None:
    at = moment(SERVED)
    with pytest.raises(Refused, match="2026年2月25日"):
        verbs.reopen(annulled, received_on=date(2026, 2, 24), by=players.wang, at=at)
    verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=at)
    with pytest.raises(Refused, match="没有另立过案卷"):
        verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=at)
    with pytest.raises(Refused, match="已经另立案卷"):
        verbs.strike_out(annulled.steps_in_order[0], reason="误登", by=players.wang, at=at)
    decided = next(step for step in annulled.steps_in_order if step.result)
    with pytest.raises(Refused, match="还没有结果"):
        verbs.strike_out(decided, reason="误登", by=players.wang, at=at)

    upheld = disputed(players, case, on=SERVED, kind="direct_suit")
    told(players, upheld, "decided", SERVED, "claim_dismissed")
    without = disputed(players, None, on=SERVED)
    told(players, without, "decided", SERVED, "revoked")
    for dispute in (upheld, without):
        with pytest.raises(Refused, match="没有另立过案卷"):
            verbs.reopen(dispute, received_on=SERVED, by=players.wang, at=at)
    assert Case.objects.count() == 2


def test_an_interrupted_reopening_leaves_nothing(
    players: Cast, annulled: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Case.objects.count(), annulled.steps.count(), Message.objects.count()

    def dies(*_given: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(verbs, "receipt_of", dies)
    with pytest.raises(OSError, match="disk"):
        verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=moment(SERVED))
    assert (Case.objects.count(), annulled.steps.count(), Message.objects.count()) == before
