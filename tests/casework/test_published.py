"""Reports of other offices, read back from every mess in which they come."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.law.matrix import COLUMNS, ROWS, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTES, STOCK_COLUMNS
from casework.published import Reading, read
from casework.published.plain import LARGEST

from . import messy
from .messy import PROSE, WITH_SIGNS, WITH_SPACES, Mess, Style

EXAMPLES = Path(__file__).parents[1] / "examples"

groups = st.tuples(
    st.sampled_from(ApplicantKind),
    st.booleans(),
    st.none() | st.sampled_from(Outcome),
    st.integers(1, 9) | st.integers(1, 20_000),
)
matrices = st.lists(groups, max_size=60).map(lambda drawn: Matrix.from_groups(2023, drawn))
messes = st.builds(
    Mess,
    thousands=st.sampled_from(["", "", ",", "，"]),
    full_width=st.booleans(),
    item_sign=st.sampled_from([".", "、", "．", ". ", ","]),
    remark=st.sampled_from(["", "件", "（含撤回3件）", " 件", "①"]),
    prose=st.sampled_from(PROSE),
    line_end=st.sampled_from(["\n", "\r\n"]),
    half_brackets=st.booleans(),
    unseen=st.sampled_from(["", "\u200b", " ", "\u3000", "\xa0"]),
    dispute=st.lists(st.integers(0, 400), min_size=15, max_size=15),
)


def one(content: bytes | str) -> Reading:
    (reading,) = read(content.encode() if isinstance(content, str) else content)
    return reading


def example(name: str) -> Reading:
    return one((EXAMPLES / name).read_bytes())


def assert_same(reading: Reading, matrix: Matrix, mess: Mess) -> None:
    found = reading.report().table3
    assert matrix.differences(found) == [], [str(remark) for remark in reading.remarks()]
    assert reading.year == 2023
    assert reading.agency_name == "某某区人民政府"
    assert reading.table4 is not None
    figures = [reading.table4.figure(group, result) for group in DISPUTES for result in DISPUTE_COLUMNS]
    assert figures == list(mess.dispute)


@pytest.mark.parametrize("style", [*WITH_SIGNS, *WITH_SPACES], ids=lambda style: style.__name__)
@settings(max_examples=40)
@given(matrix=matrices, mess=messes)
def test_a_report_is_read_back_from_any_mess(style: Style, matrix: Matrix, mess: Mess) -> None:
    assert_same(one(style(matrix, mess)), matrix, mess)


@pytest.mark.parametrize("style", WITH_SIGNS, ids=lambda style: style.__name__)
@pytest.mark.parametrize("blank", ["", "/", "—", " "])
@settings(max_examples=20)
@given(matrix=matrices, column=st.integers(0, 5))
def test_blank_cells_are_found_where_they_stand(style: Style, blank: str, matrix: Matrix, column: int) -> None:
    """A column that is left blank throughout, as offices do with kinds that never apply; the total is there."""
    blanked = Matrix.from_cells(2023, lambda r, c: None if c == list(COLUMNS)[column] else matrix.cell(r, c))
    found = one(style(blanked, Mess(blank=blank))).report().table3
    assert blanked.differences(found) == []


# ── The examples ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_of_a_city_equals_its_json_in_every_cell_of_all_tables() -> None:
    text, form = example("huaian-2024.txt").report(), example("huaian-2024.json").report()
    assert text.table3.differences(form.table3) == []
    assert text.table2 is not None
    assert form.table2 is not None
    assert text.table2.as_dict() == form.table2.as_dict()
    assert text.table4 is not None
    assert form.table4 is not None
    assert text.table4.as_dict() == form.table4.as_dict()
    assert (text.agency_name, text.year) == (form.agency_name, form.year)


def test_a_year_without_applications_balances() -> None:
    reading = example("dongshan-2023.txt")
    assert reading.report().table3 == Matrix.empty(2023)
    assert all(check.holds for check in reading.report().checks())
    assert reading.table2 is not None
    assert reading.table2.decisions["permits"] == 31
    assert reading.table2.stock("normative_documents", "in_force") == 1
    assert reading.table2.fees == "0"
    assert "缺少保密审查环节" in reading.sections["5"]
    assert reading.sections["6"] == "无"


# ── Forms and misprints ──────────────────────────────────────────────────────────────────────────────────────────────

CITY = Matrix(2023, example("huaian-2024.json").report().table3.figures)
SPACED, IN_LINE = messy.with_spaces(CITY, Mess()), messy.bars_in_line(CITY, Mess())


def differences(text: str | bytes, expected: Matrix = CITY) -> list[object]:
    return list(expected.differences(one(text).report().table3))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_of_chinese_offices_are_known(encoding: str) -> None:
    assert differences(SPACED.encode(encoding)) == []


@pytest.mark.parametrize("style", [messy.bars_in_line, messy.with_spaces, messy.cell_by_cell, messy.markdown])
@pytest.mark.parametrize("sign", [r"", r"\1", r"\1 ", r"（\1）", r"\1)", r"\1．"])
def test_item_numbers_may_be_written_in_any_way_or_left_out(style: Style, sign: str) -> None:
    text = re.sub(r"(?<!\d)([1-8])\.(?=\D)", sign, style(CITY, Mess()))
    assert differences(text) == []


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("三类内部事务", "三类内容事务"),
        ("四类过程性", "四类过程性性"),
        ("2.其他法律行政法规", "2.其它法律、行政法规"),
        ("危及“三安全一稳定”", "危及三安全一稳定"),
        ("上年结转", "上一年结转"),
        ("结转下年度", "结转下一年度"),
        ("收到和处理政府信息公开申请情况", "收到和處理政府信息公開申請情況"),
        ("本年新收政府信息公开申请数量", "本年新收政府信息公開申請數量"),
    ],
)
def test_misprinted_labels_are_known(printed: str, written: str) -> None:
    assert printed in SPACED
    assert differences(SPACED.replace(printed, written)) == []
    assert differences(IN_LINE.replace(printed, written)) == []


@pytest.mark.parametrize("text", [SPACED, IN_LINE])
def test_a_lost_label_is_made_good_by_the_order_and_named(text: str) -> None:
    reading = one(text.replace("7.属于行政执法案卷", "").replace("2.重复申请", ""))
    assert CITY.differences(reading.report().table3) == []
    assert any("7.属于行政执法案卷、2.重复申请" in remark.zh for remark in reading.remarks())


def test_rows_without_any_label_are_read_by_their_order() -> None:
    figures = "\n".join(" ".join(str(figure) for figure in CITY.row(row)) for row in ROWS)
    reading = one(figures)
    assert reading.report().table3.figures == CITY.figures
    assert any("顺序" in remark.zh for remark in reading.remarks())


@pytest.mark.parametrize("style", [*WITH_SIGNS[:5], messy.with_spaces, messy.cell_by_cell, messy.on_one_line])
def test_the_2019_form_with_one_row_for_other_results_is_read(style: Style) -> None:
    def as_one(row: str, column: str) -> int:
        others = ("other_1", "other_2", "other_3")
        if row not in others:
            return CITY.figure(row, column)
        return sum(CITY.figure(other, column) for other in others) if row == "other_3" else 0

    expected = Matrix.from_cells(2023, as_one)
    text = style(expected, Mess())
    begin = text.index("（六）其他处理")
    end = text.index("3.其他", begin)
    reading = one(text[:begin] + "（六）其他处理" + text[end + len("3.其他") :])
    assert expected.differences(reading.report().table3) == []
    assert reading.table3.form == "2019"
    assert all(check.holds for check in reading.report().checks())


def test_the_2019_table_2_counts_other_things_and_is_left_out() -> None:
    heads = "信息内容 本年新制作数量 本年新公开数量 对外公开总数量 规章 1 1 1 规范性文件 2 2 2 行政许可 3 0 4"
    reading = one(SPACED.replace("略", heads))
    assert reading.table2 is None
    assert any("2019" in remark.zh for remark in reading.remarks())


TABLE_2 = (
    ("第二十条第（一）项",),
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数（历史累计）"),
    ("规章", "1", "0", "11"),
    ("行政规范性文件", "22（其中修订16件）", "26", "66"),
    ("第二十条第（五）项",),
    ("信息内容", "本年处理决定数量"),
    ("行政许可", "447,228"),
    ("第二十条第（六）项",),
    ("信息内容", "本年处理决定数量"),
    ("行政处罚", "3985758件"),
    ("行政强制", "０"),
    ("第二十条第（八）项",),
    ("信息内容", "本年收费金额（单位：万元）"),
    ("行政事业性收费", "96,171.60"),
)


@pytest.mark.parametrize("style", [messy.with_spaces, messy.page_with_bars])
@pytest.mark.parametrize("way", list(messy.table2_texts(TABLE_2)))
def test_table_2_is_read_however_its_cells_are_kept_apart(way: str, style: Style) -> None:
    reading = one(style(CITY, Mess()).replace("略", messy.table2_texts(TABLE_2)[way]))
    assert reading.table2 is not None
    assert reading.table2.as_dict() == {
        "regulations": {"made": 1, "repealed": 0, "in_force": 11},
        "normative_documents": {"made": 22, "repealed": 26, "in_force": 66},
        "permits": 447228,
        "penalties": 3985758,
        "coercive_measures": 0,
        "fees_10k_yuan": "96171.60",
    }
    assert reading.remarks() == []


@pytest.mark.parametrize("way", ["a cell a line", "bars in line", "bars before", "markdown", "tabs", "commas"])
def test_blanks_in_table_2_stay_in_their_column_and_are_named(way: str) -> None:
    blanked = [("规章", "", "2", "/") if row[0] == "规章" else row for row in TABLE_2]
    reading = one(SPACED.replace("略", messy.table2_texts(blanked)[way]))
    assert reading.table2 is not None
    assert [reading.table2.stock("regulations", column) for column in STOCK_COLUMNS] == [None, 2, None]
    assert [remark.zh for remark in reading.remarks()] == ["表二有空白或者看不懂的数字：规章"]


def test_a_missing_column_of_totals_is_named_and_every_total_is_missing() -> None:
    rows = re.sub(r"  \d+$", "", SPACED.replace("  总计\n", "\n"), flags=re.MULTILINE)
    reading = one(rows)
    assert reading.report().table3.column("total") == (None,) * 25
    assert reading.report().table3.column("business") == CITY.column("business")
    assert any("没有“总计”列" in remark.zh for remark in reading.remarks())


def test_figures_whose_blanks_were_lost_are_not_guessed() -> None:
    """A scraper dropped the empty cells: 7 | 1 | 8 may be any two kinds and a total."""
    few = Matrix.from_groups(
        2023,
        [
            (ApplicantKind.NATURAL_PERSON, False, Outcome.GRANTED, 7),
            (ApplicantKind.RESEARCH, False, Outcome.GRANTED, 1),
        ],
    )
    text = messy.page_with_bars(Matrix.from_cells(2023, lambda r, c: few.cell(r, c) or None), Mess())
    reading = one(re.sub(r"\n \|(?=\n)", "", text))
    found = reading.report().table3
    assert [found.cell("granted", column) for column in COLUMNS] == [None] * 6 + [8]
    assert any("丢失" in remark.zh for remark in reading.remarks())


def test_blanks_in_a_pdf_are_told_by_the_columns() -> None:
    blanked = Matrix.from_cells(2023, lambda r, c: CITY.cell(r, c) or None)
    assert blanked.differences(one(messy.from_pdf(blanked, Mess())).report().table3) == []


@pytest.mark.parametrize(
    ("written", "value", "sound"),
    [
        ("1288", 1288, True),
        ("1,288", 1288, True),
        ("１２８８", 1288, True),
        ("1288件", 1288, True),
        ("1288（其中撤回3件）", 1288, True),
        ("1288*", 1288, True),
        ("-3", -3, False),
        ("3.5", None, False),
        ("约3", None, False),
        ("三", None, False),
        ("未统计", None, False),
        ("详见附件2", None, False),
        ("#REF!", None, False),
        ("=SUM(A1)", None, False),
        ("/", None, False),
    ],
)
def test_what_stands_in_a_cell_is_taken_or_named(written: str, value: int | None, sound: bool) -> None:
    reading = one(IN_LINE.replace("| 1288 |", f"| {written} |"))
    assert reading.report().table3.cell("granted", "natural_person") == value
    assert reading.report().table3.cell("granted", "business") == 21
    failing = {check.column for check in reading.report().checks() if check.relation == "R4" and not check.holds}
    assert failing == (set() if sound else {"natural_person"})
    assert (reading.table3.faults() == []) is sound


@pytest.mark.parametrize("written", ["未统计", "约3", "详见附件2", "N/A"])
def test_a_remark_instead_of_a_figure_never_shifts_the_row(written: str) -> None:
    found = one(SPACED.replace("  1288  ", f"  {written}  ")).report().table3
    assert set(found.row("granted")) <= {None, 1288, 21, 0, 50, 3, 1362}
    assert found.cell("granted", "natural_person") is None
    assert found.row("partial") == CITY.row("partial")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"  \n", "空"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00", "不是文本"),
        (bytes(range(256)) * 40, "不是文本"),
        ("总结全年工作，成绩很大。".encode(), "表三"),
        (b"0 " * 5000, "表三"),
        (b"x" * (LARGEST + 1), "太大"),
        (b"PK\x03\x04rest", "XLSX"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><table></table>", "表三"),
    ],
)
def test_a_file_without_a_table_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert said in refused.value.sentence.zh
    assert refused.value.sentence.en.endswith(".")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(Refused):
        assert read(content)


@given(st.lists(st.sampled_from([*(head.printed for head in ROWS.values()), "0", "12", "|", "\n", "-", "(", "七"])))
def test_any_shuffle_of_labels_and_figures_is_read_or_refused(words: list[str]) -> None:
    with contextlib.suppress(Refused):
        assert read(" ".join(words).encode())


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(**changes: object) -> dict[str, Any]:
    return {**example("huaian-2024.json").report().as_dict(), **changes}


def in_json(report: object) -> Reading:
    return one(json.dumps(report))


def rows_with(value: object) -> dict[str, Any]:
    rows = json.loads(json.dumps(CITY.as_dict()["rows"]))
    rows["granted"][0] = value
    return {"columns": list(COLUMNS), "rows": rows}


def test_what_is_written_is_read_back() -> None:
    reading = in_json(as_json())
    assert reading.report().as_dict() == as_json()
    assert reading.remarks() == []


def test_a_file_without_tables_2_and_4_sections_and_checks_is_taken() -> None:
    report = as_json()
    for part in ("table2", "table4", "checks"):
        del report[part]
    reading = in_json(report)
    assert reading.report().table3.figures == CITY.figures
    assert [remark.en for remark in reading.remarks()] == ["Table 2 was not found", "Table 4 was not found"]


def test_several_reports_in_a_list_are_read_in_order() -> None:
    readings = read(json.dumps([as_json(year=2023), as_json(year=2024)]).encode())
    assert [reading.year for reading in readings] == [2023, 2024]


@pytest.mark.parametrize("value", [True, 12.0, 12.5, "12", "", None, -1, [], {}, 10**40, float("nan")])
def test_a_figure_that_is_no_whole_number_breaks_r4(value: object) -> None:
    reading = in_json(as_json(table3=rows_with(value)))
    failing = {check.column for check in reading.report().checks() if check.relation == "R4" and not check.holds}
    assert failing == {"natural_person"}
    assert len(reading.table3.faults()) == 1


def test_missing_rows_and_columns_break_r4_and_unknown_ones_are_named() -> None:
    table: dict[str, Any] = rows_with(1288)
    del table["rows"]["refused_8"]
    table["rows"]["refused_9"] = [0] * 7
    table["columns"] = [*list(COLUMNS)[:-1], "sum"]
    reading = in_json(as_json(table3=table))
    failing = {check.column: check.left for check in reading.report().checks() if check.relation == "R4"}
    assert failing == {**dict.fromkeys(COLUMNS, 24), "total": 0}
    said = " ".join(remark.zh for remark in reading.remarks())
    assert "refused_9" in said
    assert "sum" in said


def test_a_row_of_the_wrong_length_is_named_and_its_missing_cells_break_r4() -> None:
    table: dict[str, Any] = rows_with(1288)
    table["rows"]["new"] = [3001, 53]
    reading = in_json(as_json(table3=table))
    assert reading.report().table3.row("new") == (3001, 53, None, None, None, None, None)
    assert any("“new”有2个数，应为7个" in remark.zh for remark in reading.remarks())


def test_columns_in_another_order_are_put_right() -> None:
    table: dict[str, Any] = rows_with(1288)
    table["columns"].reverse()
    for row in table["rows"].values():
        row.reverse()
    assert in_json(as_json(table3=table)).report().table3.figures == CITY.figures


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "第1行"),
        ("[]", "空的列表"),
        ("[1]", "不是一个对象"),
        ('{"year": 1}', "表三"),
        ('{"table3": []}', "表三"),
        ('{"table3": {"rows": []}}', "rows"),
        ('{"table3": {"rows": {"x": []}}}', "已知"),
        ('{"table3": {"columns": "x", "rows": {"new": []}}}', "columns"),
        ('{"table3": {"columns": ["total", "total"], "rows": {"new": []}}}', "重复"),
        ('{"format": "gongkai.annual-report/9", "table3": {}}', "gongkai.annual-report/9"),
        ('{"table3": {"rows": {"new": [], "new": []}}}', "两次"),
        ("[" * 100_000, "嵌套"),
        ('{"year": ' + "1" * 5000 + "}", "位数"),
    ],
)
def test_bad_json_is_refused_in_a_sentence(content: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content.encode())
    assert said in refused.value.sentence.zh


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("agency", "x"),
        ("agency", {"code": 1, "name": None}),
        ("year", "2024"),
        ("year", True),
        ("year", 99999),
        ("table2", []),
        ("table2", {"permits": "many", "fees_10k_yuan": "much", "regulations": 3}),
        ("table4", "x"),
        ("table4", {"direct_suit": {"upheld": "1"}}),
        ("sections", []),
        ("surprise", 1),
        ("format", None),
    ],
)
def test_what_is_wrong_beside_table_3_is_named_and_the_table_still_read(part: str, value: object) -> None:
    reading = in_json(as_json(**{part: value}))
    assert reading.report().table3.figures == CITY.figures
    assert reading.notes


def test_fees_may_be_a_whole_number() -> None:
    table2 = as_json()["table2"] | {"fees_10k_yuan": 12}
    reading = in_json(as_json(table2=table2))
    assert reading.table2 is not None
    assert reading.table2.fees == "12"


def test_empty_dispute_groups_are_not_given_rather_than_wrong() -> None:
    table4 = {"reconsideration": as_json()["table4"]["reconsideration"], "direct_suit": {}}
    checks = in_json(as_json(table4=table4)).report().checks()
    assert [check.row for check in checks if check.relation == "T4"] == ["reconsideration"]
