"""The report in its forms: all show the same table, and nothing that was typed can act in a spreadsheet."""

import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from casework.exports import FORMATS, export, harmless, original, table_context, write_xlsx
from casework.law.matrix import COLUMNS, ROWS, Matrix
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.published import read

EXAMPLES = Path(__file__).parents[1] / "examples"
DANGEROUS = "=+-@\uff1d\uff0b\uff0d\uff20"


def example(name: str = "huaian-2024", office: str = "") -> Report:
    held = json.loads((EXAMPLES / f"{name}.json").read_text())
    office = office or held["agency"]["name"]
    return Report(held["agency"]["code"], office, held["year"], Matrix.from_dict(held["year"], held["table3"]))


def sheet_of(report: Report) -> Worksheet:
    sheet = load_workbook(io.BytesIO(export(report, "xlsx"))).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def matrix_in(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(min_row=5, min_col=4, values_only=True))


# ── Harmless text ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        *(f"{sign}SUM(A1)" for sign in DANGEROUS),
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\u3000＝1",
        "'=1+1",
        "-3",
        "@import",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_text_that_begins_like_a_formula_is_made_harmless_and_can_be_had_back(text: str) -> None:
    assert harmless(text).startswith("'")
    assert original(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "张三", "1=1", "'引号'", "2024-017", "a-b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert original(text) == text


@given(st.text(alphabet=st.sampled_from([*DANGEROUS, "'", " ", "\t", "\r", "\n", "a", "1", "中"]), max_size=12))
def test_harmless_text_never_begins_with_a_sign_of_a_formula_and_is_reversible(text: str) -> None:
    safe = harmless(text)
    assert original(safe) == text
    assert not safe.lstrip().startswith(tuple(DANGEROUS))


def test_a_list_becomes_a_workbook_whose_text_is_text() -> None:
    stream = io.BytesIO()
    written = write_xlsx(
        stream,
        ["登记编号", "=cmd"],
        [["=1+1", 7, date(2024, 2, 29), None], ["http://example.org", "\x00\x07坏", "00123", "囧镕堃喆"]],
        sheet="台账",
    )
    assert written == 2
    book = load_workbook(io.BytesIO(stream.getvalue()))
    sheet = book["台账"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=4)]
    assert rows[0][:2] == ["登记编号", "'=cmd"]
    assert rows[1][:2] == ["'=1+1", 7]
    assert str(rows[1][2]).startswith("2024-02-29")
    assert rows[2] == ["http://example.org", "坏", "00123", "囧镕堃喆"]
    assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)


# ── One table in every form ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["huaian-2024", "shuyang-2025"])
def test_the_workbook_read_back_gives_the_same_table(name: str) -> None:
    report = example(name)
    assert matrix_in(sheet_of(report)) == list(report.table3.figures)


def test_the_workbook_has_the_merged_heads_of_the_form() -> None:
    merged = {str(area) for area in sheet_of(example()).merged_cells.ranges}
    assert {"A2:C4", "D2:J2", "D3:D4", "E3:I3", "J3:J4"} <= merged
    assert {"A5:C5", "A6:C6", "A7:A28", "B9:B16", "B17:B19", "B20:B24", "B25:B27", "B28:C28", "A29:C29"} <= merged


def test_the_second_sheet_holds_every_check_as_figures() -> None:
    report = example()
    checks = load_workbook(io.BytesIO(export(report, "xlsx")), data_only=True).worksheets[1]
    rows = list(checks.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(report.checks())
    assert rows[0][:4] == ("R1", "是", 3035, 3035)


def test_each_formula_names_the_cells_of_its_relation() -> None:
    report = example()
    book = load_workbook(io.BytesIO(export(report, "xlsx")))
    table, checks = book.worksheets[0], book.worksheets[1]

    def reckoned(formula: str) -> int:
        """By hand, since nothing here reckons formulas."""
        plain = formula.lstrip("=").replace("'表三'!", "")
        if plain.startswith("SUM("):
            return sum(int(cell.value) for line in table[plain[4:-1]] for cell in line)
        return sum(int(table[place].value) for place in plain.split("+"))

    rows = list(checks.iter_rows(min_row=2, values_only=True))
    sums = [row for row in rows if row[0] in {"R1", "R2", "R3"}]
    assert len(sums) == 7 + 7 + 25
    for row, check in zip(sums, (c for c in report.checks() if c.relation.value in {"R1", "R2", "R3"}), strict=True):
        assert (reckoned(str(row[2])), reckoned(str(row[3]))) == (check.left, check.right)


def test_an_office_named_like_a_formula_does_not_act() -> None:
    report = example(office="=HYPERLINK(1)")
    book = load_workbook(io.BytesIO(export(report, "xlsx")))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    live = {re.sub(r"[A-Z]+\d+", "", str(cell.value)) for cell in cells if cell.data_type == "f"}
    assert live == {
        "='表三'!",
        "='表三'!+'表三'!",
        "=SUM('表三'!:)",
        '=IF(=,"是","否")',
    }
    assert str(book.worksheets[0]["A1"].value).startswith("'=HYPERLINK")


def test_an_office_named_like_markup_is_shown_as_text() -> None:
    page = export(example(office="<script>x</script>"), "html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_same_report_gives_the_same_bytes() -> None:
    for form in FORMATS:
        assert export(example(), form) == export(example(), form)


def page_of(content: bytes | str) -> Any:
    """The parsed page; lxml's types know every XPath as anything."""
    return html.fromstring(content)


def grid_of(page: Any) -> list[list[str]]:
    """The table as a reader sees it: every merged cell in each of its places."""
    taken: dict[tuple[int, int], str] = {}
    for line, row in enumerate(page.xpath("//table[1]//tr")):
        place = 0
        for cell in row.xpath("./th|./td"):
            while (line, place) in taken:
                place += 1
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    assert (line + down, place + right) not in taken
                    taken[line + down, place + right] = cell.text_content()
    width = max(place for _, place in taken) + 1
    return [[taken[line, place] for place in range(width)] for line in range(max(line for line, _ in taken) + 1)]


def test_the_page_has_the_layout_of_the_form_without_a_hole() -> None:
    report = example()
    grid = grid_of(page_of(export(report, "html").decode()))
    assert len(grid) == 3 + 25
    assert all(len(line) == 10 for line in grid)
    assert grid[0][3:] == ["申请人情况"] * 7
    assert grid[1][4:9] == ["法人或其他组织"] * 5
    assert grid[2][3:] == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert grid[9][:3] == ["三、本年度办理结果", "（三）不予公开", "3.危及“三安全一稳定”"]
    assert grid[27][:3] == ["四、结转下年度继续办理"] * 3
    assert "第一项加第二项之和，等于第三项加第四项之和" in grid[0][0]
    assert [[int(figure) for figure in line[3:]] for line in grid[3:]] == [list(row) for row in report.table3.figures]


def test_every_figure_names_its_heads_for_who_cannot_see_the_table() -> None:
    page = page_of(export(example(), "html").decode())
    heads = {head.get("id"): head.text_content() for head in page.xpath("//th")}
    assert len(heads) == len(page.xpath("//th"))
    assert all(head.get("scope") in {"row", "col", "rowgroup", "colgroup"} for head in page.xpath("//th"))
    figures = page.xpath("//td[@headers]")
    assert len(figures) == len(ROWS) * len(COLUMNS)
    assert all(key in heads for figure in figures for key in figure.get("headers").split())
    secret = page.xpath("//td[@headers][.='2']")[0].get("headers").split()
    assert [heads[key] for key in secret] == [
        "三、本年度办理结果",
        "（三）不予公开",
        "1.属于国家秘密",
        "申请人情况",
        "自然人",
    ]
    assert page.xpath("//table/caption")


def test_the_page_can_be_pasted_because_the_table_carries_no_style_or_script() -> None:
    page = page_of(export(example(), "html").decode())
    assert page.xpath("//table//@style | //table//script | //*[@src] | //link | //script") == []


def test_the_same_drawing_carries_links_on_a_page_of_the_site() -> None:
    report = example()
    shown = render_to_string("report/table.html", table_context(report, lambda row, column: f"/c/{row}/{column}"))
    links = page_of(shown).xpath("//td/a/@href")
    assert len(links) == 175
    assert links[0] == "/c/new/natural_person"


def test_relations_that_fail_are_shown_with_both_sides() -> None:
    report = example()
    faulty = Report(
        report.agency_code,
        report.agency_name,
        2024,
        Matrix.from_cells(2024, lambda r, c: 1 if (r, c) == ("carried_out", "total") else report.table3.cell(r, c)),
    )
    page = page_of(export(faulty, "html").decode()).text_content()
    assert "3153≠3051" in page
    assert "3153≠3051" in export(faulty, "md").decode()


def test_json_and_markdown_are_read_back_as_the_same_table() -> None:
    for form in ("json", "md"):
        (reading,) = read(export(example(), form))
        assert reading.report().table3 == example().table3
        assert reading.agency_name == "淮安市人民政府"


def test_every_label_can_be_read_in_english() -> None:
    page = page_of(export(example(), "html", language="en").decode())
    table = page.xpath("//table")[0].text_content()
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in table)
    assert "Legal persons and other organisations" in table


def test_a_form_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused) as refused:
        export(example(), "odt")
    assert "json、html、xlsx、docx、pdf、md" in refused.value.sentence.zh
