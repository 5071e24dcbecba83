"""What was filed and what is counted now: the turn of the year, the reasons of a case, and the looks back."""

from datetime import date, datetime

import pytest

from casework import annual
from casework.actions import decide, deliver, intake, receipt
from casework.law.clock import Channel, Receipt
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, ROWS, TOTAL
from casework.law.outcomes import ApplicantKind, Outcome
from casework.models import AnnualReport, Case, CountChange, DispatchMode, ReportEdition
from tests.casework.filing import filed
from tests.cast import Cast, application, closed, moment, registered, signed

pytestmark = pytest.mark.django_db

DECEMBER, FILED, LATER = date(2025, 12, 15), moment(date(2026, 1, 20)), date(2026, 1, 26)


def correct(players: Cast, case: Case, **changes: object) -> None:
    fresh = Case.objects.get(pk=case.pk)
    receipt.correct(fresh, changes=changes, reason="录入错误。", by=players.wang, at=moment(LATER))


def withdraw(players: Cast, case: Case, *, on: date) -> None:
    fresh = Case.objects.get(pk=case.pk)
    decide.withdraw(fresh, on=on, statement="书面撤回。", by=players.wang, at=moment(LATER))


def cell(players: Cast, year: int, row: str, column: str, *, known_at: datetime | None = None) -> int:
    return annual.matrix_of([players.dongshan], year, known_at=known_at).figure(row, column)


def test_the_newest_published_edition_is_what_was_filed_else_the_newest_signed(players: Cast) -> None:
    assert annual.filed_edition(players.dongshan, 2025) is None
    first = filed(players, 2025, at=FILED)
    assert annual.filed_edition(players.dongshan, 2025) == first
    second = filed(players, 2025, at=FILED, number=2, published=True)
    filed(players, 2025, at=FILED, number=3)
    assert annual.filed_edition(players.dongshan, 2025) == second
    assert annual.filed_edition(players.dongshan, 2025, region=True) is None
    assert annual.filed_edition(players.dongshan, 2024) is None


def test_a_kind_corrected_later_moves_the_live_tables_of_past_years_and_nothing_that_was_filed(players: Cast) -> None:
    case = registered(players, on=DECEMBER).case
    edition = filed(players, 2025, at=FILED)
    correct(players, case, applicant_kind="business")
    assert [cell(players, year, CARRIED_OUT, "business") for year in (2025, 2026)] == [1, 1]
    assert cell(players, 2026, CARRIED_IN, "business") == 1
    assert cell(players, 2025, CARRIED_OUT, "natural_person") == 0
    assert cell(players, 2025, CARRIED_OUT, "natural_person", known_at=FILED) == 1
    assert ReportEdition.objects.get().content == edition.content
    (row,) = CountChange.objects.all()
    assert (row.cause, row.applicant_kind, row.closed_on, row.at) == (
        "corrected",
        "natural_person",
        None,
        moment(LATER),
    )


def test_without_anything_filed_the_year_before_is_derived_and_r5_holds(players: Cast) -> None:
    registered(players, on=DECEMBER)
    turn = annual.reconciliation(players.dongshan, 2026)
    assert turn.edition is None
    assert turn.holds
    assert (turn.moved, turn.sentences) == ((), ())
    assert len(turn.checks) == len(COLUMNS)


def test_what_was_filed_and_still_stands_needs_no_note(players: Cast) -> None:
    registered(players, on=DECEMBER)
    closed(players, registered(players, on=DECEMBER).case, Outcome.GRANTED, on=date(2026, 1, 6))
    filed(players, 2025, at=FILED)
    turn = annual.reconciliation(players.dongshan, 2026)
    assert turn.holds
    assert turn.sentences == ()


def test_every_case_between_item_4_as_filed_and_item_2_now_is_named_with_why(players: Cast) -> None:
    """Registered late, closed late, corrected kind, corrected receipt: each has its sentence (R5)."""
    kind, end, receipt_moved = (registered(players, on=DECEMBER).case for _ in range(3))
    stays = registered(players, on=DECEMBER).case
    filed(players, 2025, at=FILED, published=True)
    come = Receipt(Channel.SIGNED_MAIL, date(2025, 12, 30))
    late = intake.register(players.dongshan, application(), come, by=players.wang, at=moment(LATER)).case
    correct(players, kind, applicant_kind="business")
    withdraw(players, end, on=date(2025, 12, 31))
    correct(players, receipt_moved, arrived_on=date(2026, 1, 5))
    turn = annual.reconciliation(players.dongshan, 2026)
    assert not turn.holds
    assert {check.column: (check.left, check.right) for check in turn.checks if not check.holds} == {
        "natural_person": (2, 4),
        "business": (1, 0),
        TOTAL: (3, 4),
    }
    found = {moved.pk: (moved.filed, moved.now, moved.why.zh) for moved in turn.moved}
    natural = "natural_person"
    assert found == {
        kind.pk: (natural, "business", "2026年1月26日更正：申请人类型由“自然人”更正为“商业企业”"),
        end.pk: (natural, "", "2025年12月31日办结，2026年1月26日才登记，当时上年报告已经签发"),
        receipt_moved.pk: (natural, "", "2026年1月26日更正：收到日期由2025年12月15日更正为2026年1月5日"),
        late.pk: ("", natural, "2025年12月30日收到，2026年1月26日才登记，当时上年报告已经签发"),
    }
    note = "\n".join(sentence.zh for sentence in turn.sentences)
    assert note.startswith(
        "2025年年度报告第1版（2026年1月20日签发）第四项“结转下年度继续办理”为4件，2026年第二项“上年结转”按现有登记为3件"
    )
    assert f"{late.number}：报送时没有列入结转，现在列入（自然人）。" in note
    assert stays.number not in note
    assert "不能由办件记录说明" not in note
    assert "数字不作改动" in note
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in "".join(s.en for s in turn.sentences))


def test_a_figure_that_no_case_explains_is_said_to_be_unexplained(players: Cast) -> None:
    registered(players, on=DECEMBER)
    edition = filed(players, 2025, at=FILED)
    content = dict(edition.content)
    content["table3"]["rows"][CARRIED_OUT][0] += 2
    content["table3"]["rows"][CARRIED_OUT][-1] += 2
    report = AnnualReport.objects.get()
    ReportEdition.objects.create(
        report=report,
        number=2,
        reason="手工修改",
        content=content,
        packed_cases=edition.packed_cases,
        digest="1" * 64,
        signed_by=players.li,
        signed_at=FILED,
    )
    note = "\n".join(sentence.zh for sentence in annual.reconciliation(players.dongshan, 2026).sentences)
    assert "“自然人”列还有2件的差异不能由办件记录说明" in note


def test_a_case_says_why_it_is_counted_where_it_is(players: Cast) -> None:
    case = registered(players, on=DECEMBER).case
    filed(players, 2025, at=FILED)
    signed(players, Case.objects.get(), Outcome.GRANTED, on=date(2026, 1, 22))
    deliver.dispatch(
        Case.objects.get(), mode=DispatchMode.ONLINE, on=date(2026, 1, 23), by=players.wang, at=moment(LATER)
    )
    new, old = annual.reasons_of(Case.objects.get(pk=case.pk), on=LATER)
    assert (new.standing.year, old.standing.year) == (2026, 2025)
    assert "收到申请之日是2025年12月15日，在本年。当面提交的" in old.way_in.sentence.zh
    assert old.way_in.law == "条例 31"
    assert "到2025年12月31日24时没有办结" in old.way_out.sentence.zh
    assert "由上年结转" in new.way_in.sentence.zh
    assert "答复于2026年1月23日送出" in new.way_out.sentence.zh
    assert new.way_out.law == "国办公开办函〔2016〕235号 四"
    assert [(one.way_in, one.way_out, one.column) for one in old.filed] == [(NEW, CARRIED_OUT, "natural_person")]
    assert (new.filed, old.as_filed) == ((), True)
    correct(players, case, applicant_kind="research")
    _new, old = annual.reasons_of(Case.objects.get(pk=case.pk), on=LATER)
    assert not old.as_filed
    changes = [said.zh for _row, said in annual.corrections_of(Case.objects.get(pk=case.pk))]
    assert changes == ["办结日期由尚未办结改为2026年1月23日", "申请人类型由“自然人”改为“科研机构”"]


def test_signed_in_december_and_not_sent_says_so(players: Cast) -> None:
    case = registered(players, on=DECEMBER).case
    signed(players, case, Outcome.GRANTED, on=date(2025, 12, 31))
    _now, old = annual.reasons_of(Case.objects.get(), on=LATER)
    assert "虽然于2025年12月31日签发，到2025年12月31日24时还没有送出" in old.way_out.sentence.zh
    for year, on in ((2025, date(2025, 12, 31)), (2025, LATER), (2026, LATER)):
        assert list(annual.cases_in_doubt([players.dongshan], "unsent", year, on=on)) == [case]
    assert not annual.cases_in_doubt([players.dongshan], "unsent", 2024, on=LATER).exists()


def test_what_a_correction_would_move_is_said_before(players: Cast) -> None:
    case = registered(players, on=DECEMBER).case
    filed(players, 2025, at=FILED)
    new = receipt.would_count(case, {"applicant_kind": ApplicantKind.BUSINESS.value})
    this, last = (text.zh for text in annual.moves_of(case, new, on=LATER))
    assert this.startswith("2026年表三：由“自然人”列的“上年结转”“结转下年度”改为“商业企业”列")
    assert this.endswith("该年度报告还没有签发，数字随之改变。")
    assert "该年度报告第1版已于2026年1月20日签发，报告中的数字不改动" in last
    same_year = receipt.would_count(case, {"arrived_on": date(2025, 12, 16)})
    assert annual.moves_of(case, same_year, on=LATER) == []
    next_year = receipt.would_count(case, {"arrived_on": date(2026, 1, 5)})
    assert "改为不计入" in annual.moves_of(case, next_year, on=LATER)[-1].zh


def test_every_doubt_opens_as_many_cases_as_it_says(players: Cast) -> None:
    on = date(2026, 3, 20)
    withdrawn, other = registered(players, on=DECEMBER).case, registered(players, on=date(2026, 2, 2)).case
    withdraw(players, withdrawn, on=LATER)
    registered(players, on=LATER, applicant_kind=ApplicantKind.OTHER)
    signed(players, other, Outcome.GRANTED, on=date(2026, 2, 10))
    matrix = annual.matrix_of([players.dongshan], 2026)
    found = {doubt.key: n for doubt, n in annual.doubts_of([players.dongshan], matrix, 2026, on=on)}
    assert found == {"other_result": 1, "other_kind": 1, "unsent": 1, "overdue": 2}
    for key, n in found.items():
        assert annual.cases_in_doubt([players.dongshan], key, 2026, on=on).count() == n
    assert {row for doubt in annual.DOUBTS.values() if doubt.cell for row in doubt.cell[:1]} <= set(ROWS)


def test_what_was_counted_is_never_changed(players: Cast) -> None:
    correct(players, registered(players, on=DECEMBER).case, applicant_kind="business")
    (row,) = CountChange.objects.all()
    for change in (
        row.save,
        row.delete,
        CountChange.objects.all().delete,
        lambda: CountChange.objects.update(outcome=""),
    ):
        with pytest.raises(TypeError):
            change()
