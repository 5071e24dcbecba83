"""A region's report is the checked sum of its units', each once (law.md 7.8)."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from casework import annual
from casework.actions.files import Upload
from casework.actions.merge import merge_agency
from casework.actions.receive import receive_report, set_outside, withdraw_received
from casework.annual import Source
from casework.law.matrix import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    KIND_KEYS,
    NEW,
    ROWS,
    TOTAL,
    Matrix,
    Relation,
    sum_of,
)
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTES, DisputeTable, PublicationTable, Report
from casework.law.summing import summed
from casework.models import Agency, AnnualReport, ReceivedReport, ReportEdition, Role, SettingChange
from notifications.models import Message
from tests.casework.test_annual import imported
from tests.cast import Cast, moment, person, registered
from tests.law.matrix_oracle import History

YEAR = 2025
ON = date(2026, 1, 20)
NATURAL, BUSINESS = ApplicantKind.NATURAL_PERSON, ApplicantKind.BUSINESS
EXAMPLES = Path(__file__).parents[1] / "examples"


def table(year: int = YEAR, *, carried_in: int = 0, closed: int = 3, carried_out: int = 1) -> Matrix:
    """A table of natural persons that balances."""
    new = closed + carried_out - carried_in
    return Matrix.from_groups(
        year,
        [
            (NATURAL, True, Outcome.GRANTED, carried_in),
            (NATURAL, False, Outcome.GRANTED, closed - carried_in),
            (NATURAL, False, None, new - closed + carried_in),
        ],
    )


def report(agency: Agency, matrix: Matrix, **more: Any) -> Report:
    return Report(agency.code, agency.name, matrix.year, matrix, **more)


def received(agency: Agency, matrix: Matrix, **more: Any) -> ReceivedReport:
    """It came as JSON and was taken in by the operator."""
    its = report(agency, matrix, **{key: more.pop(key) for key in ("table2", "table4") if key in more})
    upload = Upload("年报.json", json.dumps(its.as_dict()).encode())
    more = {"by": None, "at": moment(ON)} | more
    return receive_report(agency, matrix.year or YEAR, its, upload, **more).report


def filed(players: Cast, agency: Agency, matrix: Matrix, number: int = 1, *, region: bool = False) -> ReportEdition:
    row, _ = AnnualReport.objects.get_or_create(agency=agency, year=matrix.year or YEAR, region=region)
    return ReportEdition.objects.create(
        report=row,
        number=number,
        reason="" if number == 1 else "更正",
        content=report(agency, matrix).as_dict(),
        digest=f"{number}" * 64,
        signed_by=players.li,
        signed_at=moment(ON),
    )


def with_cell(matrix: Matrix, row: str, column: str, figure: int | None) -> Matrix:
    return Matrix.from_cells(matrix.year, lambda r, c: figure if (r, c) == (row, column) else matrix.cell(r, c))


def unit(players: Cast, agency: Agency, year: int = YEAR) -> annual.Unit:
    found = annual.region_of(players.dongshan, year).unit(agency.code)
    assert found is not None
    return found


@pytest.fixture
def town(players: Cast) -> Agency:
    """A township that works with paper."""
    return Agency.objects.create(
        code="230406-HQ", name="红旗乡人民政府", parent=players.dongshan, outside=True, contact="0468-1234567"
    )


@pytest.fixture
def cases(players: Cast, tmp_path: Path) -> None:
    """Two of Dongshan and one of Civil Affairs in 2025; one of each is carried out."""
    open_case = History(NATURAL, date(2025, 12, 20))
    imported(
        [History(BUSINESS, date(2025, 3, 3), date(2025, 3, 9), Outcome.GRANTED), open_case], tmp_path, players.dongshan
    )
    imported([open_case], tmp_path, players.civil)


# The sum, by table ---------------------------------------------------------------------------------------------------


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    group = st.tuples(
        st.sampled_from(ApplicantKind), st.booleans(), st.none() | st.sampled_from(Outcome), st.integers(0, 50)
    )
    return Matrix.from_groups(YEAR, draw(st.lists(group, max_size=12)))


@bounded(max_examples=25)
@given(st.lists(matrices(), max_size=6), st.data())
def test_the_sum_is_the_cells_added_and_its_relations_follow_from_the_units(
    units: list[Matrix], data: st.DataObject
) -> None:
    total = sum_of(YEAR, units)
    assert all(total.cell(r, c) == sum(each.figure(r, c) for each in units) for r in ROWS for c in COLUMNS)
    assert all(check.holds for check in total.checks())
    if not units:
        return
    # One cell of one unit out of balance: the sum fails exactly where the unit does.
    at = data.draw(st.integers(0, len(units) - 1))
    row, column = data.draw(st.sampled_from(list(ROWS))), data.draw(st.sampled_from(list(COLUMNS)))
    wrong = with_cell(units[at], row, column, units[at].figure(row, column) + 1)
    of_unit = {(c.relation, c.row, c.column) for c in wrong.checks() if not c.holds}
    of_sum = {
        (c.relation, c.row, c.column)
        for c in sum_of(YEAR, [*units[:at], wrong, *units[at + 1 :]]).checks()
        if not c.holds
    }
    assert of_sum == of_unit
    assert of_unit


def test_a_blank_stays_one_in_the_sum() -> None:
    gap = with_cell(table(), NEW, "natural_person", None)
    total = sum_of(YEAR, [table(), gap])
    assert total.cell(NEW, "natural_person") is None
    assert total.cell(NEW, TOTAL) == 2 * table().figure(NEW, TOTAL)
    with pytest.raises(ValueError, match="cannot be summed"):
        sum_of(YEAR, [table(2024)])


def test_tables_two_and_four_are_summed_too_and_fees_to_the_fen() -> None:
    def publications(made: int | None, fees: str | None) -> PublicationTable:
        stock = {"made": made, "repealed": 1, "in_force": 9}
        decisions = {"permits": 5, "penalties": 0, "coercive_measures": 2}
        return PublicationTable({"regulations": stock, "normative_documents": stock}, decisions, fees)

    disputes = DisputeTable({group: dict(zip(DISPUTE_COLUMNS, (1, 2, 3, 4, 10), strict=True)) for group in DISPUTES})
    one = Report("1", "甲", YEAR, table(), publications(3, "0.1"), disputes)
    two = Report("2", "乙", YEAR, table(), publications(4, "0.2"), None)
    whole = summed("0", "区", YEAR, [one, two])
    assert whole.table2 is not None
    assert whole.table4 is not None
    assert (whole.table2.stock("regulations", "made"), whole.table2.fees) == (7, "0.3")
    assert whole.table4.figure("reconsideration", "total") == 10
    gap = summed("0", "区", YEAR, [one, replace(two, table2=publications(None, None))])
    assert gap.table2 is not None
    assert (gap.table2.stock("regulations", "made"), gap.table2.fees) == (None, None)
    assert gap.table2.stock("regulations", "in_force") == 18
    assert Report.from_dict(json.loads(json.dumps(whole.as_dict()))) == whole


# Which report counts -------------------------------------------------------------------------------------------------


def test_without_filed_or_sent_reports_the_sum_is_the_records(players: Cast, cases: None) -> None:
    alone = annual.matrix_of([players.dongshan, players.civil], YEAR)
    region = annual.region_of(players.dongshan, YEAR)
    assert region.report.table3 == alone == annual.report_of(players.dongshan, YEAR, region=True).table3
    assert [each.source for each in region.units] == [Source.RECORDS, Source.RECORDS]
    assert len(region.unfiled) == 2
    assert not region.failing
    assert all(check.holds for check in region.links)
    assert annual.of_records_alone(players.dongshan, YEAR)


def test_filed_counts_before_received_and_received_before_the_records(players: Cast, town: Agency, cases: None) -> None:
    assert unit(players, town).source is Source.NONE
    assert annual.region_of(players.dongshan, YEAR).missing[0].agency == town
    received(town, table(closed=7, carried_out=2))
    filed(players, players.civil, table(closed=5))
    region = annual.region_of(players.dongshan, YEAR)
    assert [each.source for each in region.units] == [Source.RECORDS, Source.RECEIVED, Source.FILED]
    assert [each.figure(NEW, TOTAL) for each in region.units] == [2, 9, 6]
    assert region.report.table3.cell(NEW, TOTAL) == 17
    assert annual.region_report(players.dongshan, YEAR).table3 == region.report.table3
    assert not annual.of_records_alone(players.dongshan, YEAR)


def test_a_published_edition_counts_before_a_later_one_that_is_only_signed(players: Cast) -> None:
    first = filed(players, players.civil, table(closed=5))
    filed(players, players.civil, table(closed=8), number=2)
    assert unit(players, players.civil).figure(TOTAL, TOTAL) == 8
    ReportEdition.objects.filter(pk=first.pk).update(published_by=players.li, published_at=moment(ON))
    assert unit(players, players.civil).figure(TOTAL, TOTAL) == 5
    newest = annual.filed_edition(players.civil, YEAR)
    assert newest is not None
    assert newest.number == 1


def test_the_newest_file_counts_the_same_one_twice_changes_nothing_and_withdrawn_is_nothing(
    players: Cast, town: Agency
) -> None:
    editor = person("bai", "白露", players.dongshan, Role.REPORT_EDITOR)
    first = received(town, table())
    assert received(town, table()) == first
    second = received(town, table(closed=4), by=editor)
    assert unit(players, town).received == second
    assert second.number == 2
    with pytest.raises(Refused, match="只能撤回现在计入合计的报告"):
        withdraw_received(first, reason="旧的", by=editor, at=moment(ON))
    withdraw_received(second, reason="来函更正", by=editor, at=moment(ON))
    assert unit(players, town).source is Source.NONE
    assert received(town, table()).number == 3  # what had been followed does not count again by itself
    assert ReceivedReport.objects.count() == 3
    with pytest.raises(TypeError):
        second.save()
    with pytest.raises(TypeError):
        ReceivedReport.objects.all().delete()


def test_a_unit_is_never_counted_from_its_file_and_its_records(
    players: Cast, town: Agency, cases: None, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="否则同一件申请会计算两次"):
        received(players.civil, table())
    editor = person("bai", "白露", players.dongshan, Role.REPORT_EDITOR)
    set_outside(players.civil, outside=True, by=editor, at=moment(ON))
    assert SettingChange.objects.get().field == "outside"
    assert unit(players, players.civil).source is Source.NONE  # outside: only what was sent
    assert "本系统里另有该单位本年的1件申请" in unit(players, players.civil).remarks[0].zh
    with pytest.raises(Refused, match="请先核实并确认"):
        received(players.civil, table())
    received(players.civil, table(closed=5), confirmed=True)
    assert annual.region_of(players.dongshan, YEAR).report.table3.cell(NEW, TOTAL) == 2 + 6


def test_of_a_unit_that_came_into_the_system_what_it_sent_counts_until_it_signs(players: Cast, cases: None) -> None:
    """Its file before its records, and its own edition before both; outside, the file before an edition of before."""
    civil, editor = players.civil, person("bai", "白露", players.dongshan, Role.REPORT_EDITOR)
    set_outside(civil, outside=True, by=editor, at=moment(ON))
    received(civil, table(closed=5), confirmed=True)
    set_outside(civil, outside=False, by=editor, at=moment(ON))
    civil.refresh_from_db()
    assert (unit(players, civil).source, unit(players, civil).figure(TOTAL, TOTAL)) == (Source.RECEIVED, 5)
    filed(players, civil, table(closed=8, carried_out=6))
    assert (unit(players, civil).source, unit(players, civil).figure(TOTAL, TOTAL)) == (Source.FILED, 8)
    after = unit(players, civil, YEAR + 1)
    assert [check.right for check in after.links if check.column == TOTAL] == [6]
    Agency.objects.filter(pk=civil.pk).update(outside=True)
    civil.refresh_from_db()
    assert (unit(players, civil).source, unit(players, civil).figure(TOTAL, TOTAL)) == (Source.RECEIVED, 5)
    received(civil, table(YEAR + 1), at=moment(date(2027, 1, 20)), confirmed=True)
    after = unit(players, civil, YEAR + 1)
    assert [check.right for check in after.links if check.column == TOTAL] == [1]


def test_blanks_count_as_nothing_only_when_they_are_explained(players: Cast, town: Agency, cases: None) -> None:
    gap = with_cell(table(closed=7, carried_out=2), CARRIED_IN, "research", None)
    received(town, gap)
    region = annual.region_of(players.dongshan, YEAR)
    assert region.report.table3.cell(CARRIED_IN, "research") is None
    assert "没有说明" in unit(players, town).remarks[0].zh
    assert {check.relation for check in unit(players, town).failing} == {Relation.R4}
    received(town, gap, explanation="1月8日电话核实，空白为0。")
    assert annual.region_of(players.dongshan, YEAR).report.table3.cell(CARRIED_IN, "research") == 0
    assert "1月8日电话核实" in unit(players, town).remarks[0].zh


def test_a_report_that_balances_in_total_and_not_by_applicant_kind_is_shown_by_column(
    players: Cast, town: Agency
) -> None:
    """A real district's report did just that."""
    example = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    sound = Matrix.from_dict(2024, example["table3"])
    assert all(check.holds for check in sound.checks())
    shifted = with_cell(sound, CARRIED_OUT, KIND_KEYS[0], sound.figure(CARRIED_OUT, KIND_KEYS[0]) + 1)
    shifted = with_cell(shifted, CARRIED_OUT, KIND_KEYS[1], sound.figure(CARRIED_OUT, KIND_KEYS[1]) - 1)
    received(town, shifted)
    failing = unit(players, town, 2024).failing
    assert {(check.relation, check.column) for check in failing} >= {
        (Relation.R1, KIND_KEYS[0]),
        (Relation.R1, KIND_KEYS[1]),
    }
    assert not [check for check in failing if check.column == TOTAL or check.relation is Relation.R3]
    region = annual.region_of(players.dongshan, 2024)
    assert [each.agency for each in region.failing] == [town]
    of_sum = [(check.relation, check.column) for check in region.report.checks() if not check.holds]
    assert of_sum == [(check.relation, check.column) for check in failing]


# The link between the years ------------------------------------------------------------------------------------------


def test_last_years_report_is_held_against_this_one_per_unit_and_for_the_sum(players: Cast, town: Agency) -> None:
    received(town, table(2024, carried_out=4))
    received(town, table(YEAR, carried_in=3))
    found = unit(players, town)
    assert {check.column for check in found.failing_links} == {"natural_person", TOTAL}
    assert (found.failing_links[-1].left, found.failing_links[-1].right) == (3, 4)
    region = annual.region_of(players.dongshan, YEAR)
    assert {check.column for check in region.links if not check.holds} == {"natural_person", TOTAL}
    received(town, table(YEAR, carried_in=4, closed=5))
    assert not unit(players, town).failing_links
    assert all(check.holds for check in annual.region_of(players.dongshan, YEAR).links)
    filed(players, players.dongshan, table(2024, carried_out=9), region=True)
    assert [check.right for check in annual.region_of(players.dongshan, YEAR).filed_links if not check.holds] == [9, 9]


def test_a_unit_whose_last_report_is_not_known_is_left_out_of_the_link_and_named(players: Cast, town: Agency) -> None:
    received(town, table(carried_in=2))
    assert unit(players, town).links == ()
    region = annual.region_of(players.dongshan, YEAR)
    assert all(check.holds for check in region.links)
    assert "有1个单位没有上年的报告" in " ".join(remark.zh for remark in region.remarks)


@pytest.fixture
def system(players: Cast) -> Any:
    return person("yan", "严格", players.elsewhere, Role.SYSTEM_ADMINISTRATOR)


def two_years(players: Cast, folder: Path) -> None:
    """Dongshan carries one out of 2024, Civil Affairs two; all are closed in 2025, and one more of each is new."""
    late = History(NATURAL, date(2024, 12, 20), date(2025, 1, 8), Outcome.GRANTED)
    new = History(NATURAL, date(2025, 2, 3), date(2025, 2, 9), Outcome.REFUSED_6)
    imported([late, new], folder, players.dongshan)
    imported([late, late, new], folder, players.civil)


@pytest.mark.parametrize(
    ("on", "units"),
    [
        pytest.param(date(2025, 1, 1), 1, id="on the first day of the year"),
        pytest.param(date(2025, 12, 31), 1, id="on its last day"),
        pytest.param(date(2026, 1, 1), 2, id="on the first day of the next: the year is its own"),
    ],
)
def test_a_merged_organ_is_reported_by_its_successor_from_that_year_on(
    players: Cast, system: Any, tmp_path: Path, on: date, units: int
) -> None:
    two_years(players, tmp_path)
    before = annual.region_of(players.dongshan, YEAR).report.table3
    merge_agency(players.civil, players.dongshan, on=on, by=system, at=moment(ON))
    region = annual.region_of(players.dongshan, YEAR)
    assert region.report.table3 == before  # each case once, wherever it is reported
    assert len(region.units) == units
    assert [unit.figure(CARRIED_IN, TOTAL) for unit in region.units] == ([3] if units == 1 else [1, 2])
    assert [unit.figure(NEW, TOTAL) for unit in region.units] == ([2] if units == 1 else [1, 1])
    assert all(check.holds for unit in region.units for check in (*unit.links, *region.links))
    assert region.mergers == (((players.civil, players.dongshan),) if units == 1 else ())
    own = annual.report_of(players.dongshan, YEAR).table3
    assert own == region.units[0].report.table3 if region.units[0].report else False
    assert annual.report_of(players.dongshan, 2024).table3.cell(NEW, TOTAL) == 1  # the year before stays as it was


def test_item_two_of_the_successor_holds_what_the_predecessor_carried_out(
    players: Cast, town: Agency, system: Any
) -> None:
    """Both work on paper; the successor's report of the year must take over the predecessor's item 4."""
    other = Agency.objects.create(code="230406-DF", name="东风乡人民政府", parent=players.dongshan, outside=True)
    received(town, table(2024, carried_out=4))
    received(other, table(2024, carried_out=2))
    merge_agency(other, town, on=date(2025, 7, 1), by=system, at=moment(ON))
    received(town, table(YEAR, carried_in=4, closed=5))
    found = unit(players, town)
    assert [(check.left, check.right) for check in found.failing_links] == [(4, 6), (4, 6)]
    received(town, table(YEAR, carried_in=6, closed=7))
    assert not unit(players, town).failing_links
    region = annual.region_of(players.dongshan, YEAR)
    assert other not in [each.agency for each in region.units]
    assert all(check.holds for check in region.links)
    with pytest.raises(Refused, match="由红旗乡人民政府一并报告"):
        received(other, table(YEAR))


def test_an_organ_that_leaves_the_region_takes_its_cases_along(players: Cast, system: Any, tmp_path: Path) -> None:
    two_years(players, tmp_path)
    merge_agency(players.civil, players.elsewhere, on=date(2025, 7, 1), by=system, at=moment(ON))
    assert annual.region_of(players.dongshan, YEAR).report.table3.cell(CARRIED_IN, TOTAL) == 1
    assert annual.region_of(players.elsewhere, YEAR).report.table3.cell(CARRIED_IN, TOTAL) == 2
    for top in (players.dongshan, players.elsewhere):
        assert all(check.holds for check in annual.region_of(top, YEAR).links)


def test_a_merger_is_recorded_once_by_a_system_administrator_with_a_trace(players: Cast, system: Any) -> None:
    facts: Any = {"on": date(2025, 7, 1), "by": system, "at": moment(ON)}
    with pytest.raises(Refused, match="系统管理员"):
        merge_agency(players.civil, players.dongshan, **facts | {"by": players.li})
    merge_agency(players.civil, players.dongshan, **facts)
    merge_agency(players.civil, players.dongshan, **facts)
    change = SettingChange.objects.get()
    assert (change.by, change.after) == (system, {"successor": "230406", "on": "2025-07-01"})
    for old, new, on, said in (
        (players.civil, players.elsewhere, facts["on"], "不能再并入别的机关"),
        (players.elsewhere, players.civil, facts["on"], "自己已经并入"),
        (players.dongshan, players.civil, facts["on"], "自己已经并入"),
        (players.dongshan, players.dongshan, facts["on"], "不能并入自己"),
        (players.dongshan, players.elsewhere, date(2099, 1, 1), "还没有到"),
    ):
        with pytest.raises(Refused, match=said):
            merge_agency(old, new, **facts | {"on": on})


def test_what_was_filed_stays_filed(players: Cast, system: Any) -> None:
    filed(players, players.civil, table())
    with pytest.raises(Refused, match="已经报出自己的2025年年度报告"):
        merge_agency(players.civil, players.dongshan, on=date(2025, 7, 1), by=system, at=moment(ON))
    merge_agency(players.civil, players.dongshan, on=date(2026, 1, 1), by=system, at=moment(ON))
    assert unit(players, players.civil).source is Source.FILED


def test_nobody_applies_here_to_an_office_that_works_elsewhere(players: Cast, town: Agency) -> None:
    players.wang.appointments.create(agency=town, role=Role.CLERK)
    players.wang.__dict__.pop("_roles", None)
    with pytest.raises(Refused, match="请直接向该机关提出"):
        registered(players, on=ON, agency=town)
    assert town not in Agency.objects.open_to_applications()


# Files ---------------------------------------------------------------------------------------------------------------


def ran(name: str, *arguments: str) -> str:
    printed = io.StringIO()
    call_command(name, *arguments, stdout=printed)
    return printed.getvalue()


def test_the_commands_make_receive_and_merge(players: Cast, system: Any, tmp_path: Path) -> None:
    ran("create_agency", "230406-HQ", "红旗乡人民政府", "--parent", "230406", "--level", "township", "--outside")
    town = Agency.objects.get(code="230406-HQ")
    assert town.outside
    path = tmp_path / "2025.json"
    path.write_text(json.dumps(report(town, table()).as_dict()))
    where = [str(path), "--agency", "230406-HQ", "--year", "2025"]
    assert "只核对，没有保存" in ran("receive_report", *where, "--dry-run")
    assert not ReceivedReport.objects.exists()
    assert "已收下红旗乡人民政府2025年的报告，第1份" in ran("receive_report", *where)
    assert "没有改变" in ran("receive_report", *where)
    stored = ReceivedReport.objects.get()
    with stored.file.open("rb") as kept:
        assert kept.read() == path.read_bytes()
    region = json.loads(ran("annual_report", "2025", "--agency", "230406", "--region"))
    assert region["table3"]["rows"]["new"][-1] == 4
    said = ran("merge_agency", "230406-MZ", "230406", "--on", "2025-07-01", "--by", system.username)
    assert "东山区民政局自2025-07-01起并入东山区人民政府办公室" in said


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        pytest.param({"year": 2024}, [], "文件是2024年的年度报告", id="another year"),
        pytest.param(
            {"agency": {"code": "230406-MZ", "name": "东山区民政局"}}, [], "不是“红旗乡人民政府”的", id="a sister"
        ),
        pytest.param({"agency": {"code": "", "name": "某某乡人民政府"}}, [], "请先核实并确认", id="another name"),
        pytest.param({"year": None}, [], "请先核实并确认：文件没有写明年度", id="no year"),
        pytest.param({"table3": {}}, [], "没有“rows”", id="no table"),
        pytest.param({}, ["--by", "zhao"], "需要的角色", id="somebody of another region"),
        pytest.param({}, ["--blanks", "x" * 3000], "超过2000个字", id="an endless explanation"),
    ],
)
def test_what_cannot_be_its_report_is_refused_whole(
    players: Cast, town: Agency, tmp_path: Path, content: dict[str, Any], options: list[str], said: str
) -> None:
    path = tmp_path / "2025.json"
    path.write_text(json.dumps(report(town, table()).as_dict() | content))
    with pytest.raises(CommandError) as refused:
        ran("receive_report", str(path), "--agency", town.code, "--year", "2025", *options)
    assert said in str(refused.value)
    assert not ReceivedReport.objects.exists()


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", b"[]"]
)
def test_files_that_are_no_report_are_refused_by_name(
    players: Cast, town: Agency, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "2025.bin"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        ran("receive_report", str(path), "--agency", town.code, "--year", "2025")
    assert not ReceivedReport.objects.exists()


def test_of_a_list_of_reports_the_units_own_is_taken(players: Cast, town: Agency, tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    both = [report(town, table(closed=closed)).as_dict() for closed in (4, 5)]
    path.write_text(json.dumps([report(players.civil, table()).as_dict(), both[0]]))
    ran("receive_report", str(path), "--agency", town.code, "--year", "2025")
    assert ReceivedReport.objects.get().content["table3"] == both[0]["table3"]
    path.write_text(json.dumps(both))
    with pytest.raises(CommandError, match="应当正好一份"):
        ran("receive_report", str(path), "--agency", town.code, "--year", "2025")


# What it costs -------------------------------------------------------------------------------------------------------


def test_a_hundred_units_cost_as_many_queries_as_two(players: Cast, cases: None) -> None:
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as whole:
            annual.region_of(players.dongshan, YEAR)
        with CaptureQueriesContext(connection) as alone:
            annual.region_report(players.dongshan, YEAR)
        return len(whole), len(alone)

    few = cost()
    for number in range(98):
        at = Agency.objects.create(
            code=f"230406-{number}", name=f"第{number}办事处", parent=players.dongshan, outside=number % 2 == 0
        )
        if at.outside:
            content = report(at, table(closed=number)).as_dict()
            ReceivedReport.objects.create(
                agency=at, year=YEAR, number=1, content=content, name="a", size=1, received_at=moment(ON)
            )
    assert cost() == (few[0], few[1])
    assert max(few) <= 12  # the agencies, what they sent, and one query a table of their records
    assert Message.objects.count() == 0
    assert annual.region_of(players.dongshan, YEAR).report.table3.cell(TOTAL, TOTAL) == 1 + sum(range(0, 98, 2))
