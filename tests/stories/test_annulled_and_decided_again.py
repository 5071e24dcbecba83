"""Last year's refusal is annulled: a linked file decides it again, and last year's figures stay (law.md 6.4)."""

import io
from datetime import date
from typing import Any

import pytest

from casework import annual
from casework.actions import clock
from casework.actions import dispute as verbs
from casework.actions.consult import consult
from casework.actions.extension import extend
from casework.law.consultation import Consulted
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

    # Twenty working days anew would end on 26 March; the decision sets the 20th.
    assert (file.received_on, file.due_on) == (SERVED, date(2026, 3, 20))
    last = file.due().steps()[-1]
    assert (last.on, last.law) == (date(2026, 3, 20), "行政复议法 64")
    assert "决定、裁判限定重新答复的最后一日" in last.why.zh
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


@pytest.mark.parametrize(
    ("until", "due_on"),
    [
        pytest.param(None, date(2026, 3, 26), id="no order: twenty working days"),
        pytest.param(date(2026, 3, 27), date(2026, 3, 26), id="a later order gives no longer time"),
        pytest.param(date(2026, 3, 26), date(2026, 3, 26), id="the same day"),
        pytest.param(date(2026, 3, 25), date(2026, 3, 25), id="a day earlier"),
        pytest.param(date(2026, 3, 21), date(2026, 3, 21), id="a Saturday stays one"),
        pytest.param(date(2026, 2, 26), SERVED, id="passed before it was received"),
    ],
)
def test_the_clock_of_the_file_follows_the_order_and_its_correction(
    players: Cast, annulled: Dispute, until: date | None, due_on: date
) -> None:
    """行政复议法 64, 66: within the time set; never later than 条例 33(2)."""
    file = verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=moment(SERVED))
    decided = next(step for step in annulled.steps_in_order if step.result)
    given: dict[str, Any] = {"result": "revoked", "order_by": until, "reason": "期限录入错误", "by": players.wang}
    verbs.correct_stage(decided, on=DECIDED, at=moment(date(2026, 3, 2)), **given)
    file = Case.objects.get(pk=file.pk)
    assert file.due_on == file.due().due_on == due_on
    event = file.events.get(kind="dispute_corrected")
    assert (event.due_before, event.due_after) == (date(2026, 3, 20), due_on)
    assert list(verify_clocks(on=date(2026, 3, 2))) == []
    assert any("限定在" in warning.zh for warning in file.due().warnings) is (due_on < date(2026, 3, 26))


def test_neither_extension_nor_consultation_nor_supplement_moves_the_day_of_the_order(
    players: Cast, annulled: Dispute
) -> None:
    file = verbs.reopen(annulled, received_on=SERVED, by=players.wang, at=moment(SERVED))
    day = date(2026, 3, 3)
    told: dict[str, Any] = {"at": moment(day)}
    consult(file, party=Consulted.THIRD_PARTY.value, name="某公司", sent_on=day, by=players.wang, **told)
    extend(file, working_days=20, reason="案情复杂。", on=day, by=players.li, **told)
    file = Case.objects.with_clock_facts().get(pk=file.pk)
    assert file.due_on == date(2026, 3, 20)
    clock.request_supplement(file, unclear="请说明。", on=day, by=players.wang, at=moment(day, 15))
    assert Case.objects.get(pk=file.pk).due_on is None  # as always; but the warning stands
    assert any("不改变这一天" in warning.zh for warning in file.due().warnings)
    clock.receive_supplement(file, answer="即该项目。", on=day, by=players.wang, at=moment(day, 16))
    assert Case.objects.get(pk=file.pk).due_on == date(2026, 3, 20)
    assert list(verify_clocks(on=day)) == []


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
