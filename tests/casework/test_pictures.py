"""Pictures of figures: what is drawn stands to scale, says itself in words, and is in the table beside it."""

import io
import re
import zipfile
from typing import Any

import pypdfium2
import pytest
from lxml import etree, html

from casework.exports import FORMATS, PICTURED, export
from casework.exports.pictures import (
    COLOURS,
    MOST_BARS,
    WIDE,
    Field,
    Kind,
    Limit,
    Picture,
    Series,
    bars,
    broken,
    columns,
    points,
    scale,
    svg_of,
    width_of,
)
from casework.law.matrix import ROWS
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.published import read

from .test_published import example

SVG = "{http://www.w3.org/2000/svg}"
HUAIAN = example("huaian-2024.txt").report()


def words(text: str) -> Text:
    return Text(text, f"english {len(text)}")


def picture(kind: Kind, *series: tuple[float | None, ...], **changes: Any) -> Picture:
    labels = changes.pop("labels", tuple(words(f"第{at}项") for at in range(len(series[0]))))
    drawn = tuple(Series(words(f"系列{at}"), figures) for at, figures in enumerate(series))
    return Picture("trial", words("标题<&>"), words("说明"), kind, words("项目"), labels, drawn, **changes)


def drawn(of: Picture) -> Any:
    return etree.fromstring(svg_of(of))


PICTURES = {
    "columns": picture(Kind.COLUMNS, (3, 0, 12), (1, 7, None)),
    "stacked": picture(Kind.STACKED, (3, 0, 12, 4), (1, 7, 0, 2), limit=Limit(2, words("期限"))),
    "line": picture(Kind.LINE, (100.0, None, 37.5), percent=True),
    "two lines": picture(Kind.LINE, (1, 2, 3), (3, 2, 1)),
    "bars": picture(Kind.BARS, (5, 0, 10)),
    "long names": picture(Kind.BARS, (5, 2), labels=(words("市" * 200), words("局"))),
}
NAMED = pytest.mark.parametrize("of", PICTURES.values(), ids=PICTURES)


@pytest.mark.parametrize(
    ("highest", "step", "most"),
    [(0, 1, 2), (3, 1, 3), (9, 2, 10), (18, 5, 20), (61, 20, 80), (101, 20, 120), (99_999, 20_000, 100_000)],
)
def test_the_scale_has_round_steps_and_room_for_the_highest(highest: float, step: float, most: float) -> None:
    assert scale(highest) == (step, most)
    assert scale(highest, percent=True) == (25, 100)


def test_columns_are_as_high_as_their_figures_and_nought_is_not_drawn() -> None:
    of = PICTURES["columns"]
    field = Field.of(of, 30)
    found = {(box.series, box.label): box for box in columns(of, field)}
    assert set(found) == {(0, 0), (0, 2), (1, 0), (1, 1)}
    assert found[0, 2].height == pytest.approx(4 * found[0, 0].height) == pytest.approx(field.height)
    assert all(box.y + box.height == pytest.approx(field.ground) for box in found.values())
    assert all(field.left <= box.x and box.x + box.width <= field.left + field.width for box in found.values())
    assert found[0, 0].x + found[0, 0].width <= found[1, 0].x + 0.001


def test_stacks_stand_on_each_other() -> None:
    of = PICTURES["stacked"]
    found = {(box.series, box.label): box for box in columns(of, Field.of(of, 30))}
    lower, upper = found[0, 3], found[1, 3]
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert lower.height == pytest.approx(2 * upper.height)


def test_the_limit_stands_between_its_labels() -> None:
    of = PICTURES["stacked"]
    field = Field.of(of, 30)
    (line,) = drawn(of).findall(f"{SVG}path[@class='limit']")
    x = float(re.findall(r"[\d.]+", line.get("d", ""))[0])
    left, right = ([box for box in columns(of, field) if box.label == at] for at in (1, 2))
    assert max(box.x + box.width for box in left) < x < min(box.x for box in right)


def test_a_line_breaks_where_there_is_no_figure() -> None:
    of = PICTURES["line"]
    field = Field.of(of, 30)
    (line,) = points(of, field)
    assert line[1] is None
    assert line[0] is not None
    assert line[2] is not None
    assert line[0][1] == field.top
    assert line[2][1] == pytest.approx(field.ground - 0.375 * field.height)
    assert len(drawn(of).findall(f"{SVG}circle")) == 2


def test_bars_are_as_long_as_their_figures_and_end_inside_the_picture() -> None:
    (_, five), (_, nought), (_, ten) = bars(PICTURES["bars"])
    assert ten.width == pytest.approx(2 * five.width)
    assert nought.width == 0
    assert ten.width + width_of("10") < WIDE


def test_a_hundred_units_are_in_the_table_and_the_first_of_them_in_the_picture() -> None:
    of = picture(Kind.BARS, tuple(range(100, 0, -1)))
    assert len(bars(of)) == MOST_BARS
    assert len(of.drawing.body) == 100
    assert "100项都在表里" in of.below[-1].zh


def test_long_names_are_broken_and_end_in_an_ellipsis() -> None:
    lines = broken("市" * 200, WIDE)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width_of(line) <= WIDE for line in lines)
    assert broken("Office of the People’s Government", 120) == ["Office of the", "People’s", "Government"]


@NAMED
def test_every_picture_says_itself_to_who_cannot_see_it(of: Picture) -> None:
    svg = drawn(of)
    assert svg.get("role") == "img"
    named = [svg.find(f"*[@id='{key}']") for key in (svg.get("aria-labelledby") or "").split()]
    assert [each.text for each in named if each is not None] == ["标题<&>", "说明"]
    assert {each.tag for each in svg.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "pattern", "rect", "path", "circle", "text")
    }
    assert not [each for each in svg.iter() for name in each.attrib if name == "style" or name.startswith("on")]
    assert all(each.get("fill") is None for each in svg.iter(f"{SVG}text")), "words take the colour of the page"


@NAMED
def test_series_differ_by_more_than_colour(of: Picture) -> None:
    svg = drawn(of)
    kind = of.kind
    if kind is Kind.LINE:
        looks = {
            (each.get("stroke"), each.get("stroke-dasharray"))
            for each in svg.iter(f"{SVG}path")
            if each.get("stroke-width") == "2"
        }
        assert len({dash for _colour, dash in looks}) == len(of.series)
    else:
        patterns = {each.get("fill") for each in svg.findall(f"{SVG}rect")}
        assert len(patterns) == len(of.series)
        assert sum("url(#" in (each or "") for each in patterns) == len(of.series) - 1
    if len(of.series) > 1:
        assert {each.words.zh for each in of.series} <= {each.text for each in svg.iter(f"{SVG}text")}


@NAMED
def test_nothing_is_drawn_outside_the_picture(of: Picture) -> None:
    svg = drawn(of)
    height = float((svg.get("viewBox") or "").split()[3])
    for each in svg.iter(f"{SVG}text"):
        x, width = float(each.get("x", "0")), width_of(each.text or "")
        left = (
            x - width / 2
            if each.get("text-anchor") == "middle"
            else x - width
            if each.get("text-anchor") == "end"
            else x
        )
        assert left >= -1, each.text
        assert left + width <= WIDE + 1, each.text
        assert 0 <= float(each.get("y", "0")) <= height


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out_against_paper(colour: str) -> None:
    def part(at: int) -> float:
        value = int(colour[at : at + 2], 16) / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    assert 1.05 / (light + 0.05) >= 3


@NAMED
def test_the_table_says_what_is_drawn(of: Picture) -> None:
    lines = [[cell.text.zh for cell in line] for line in of.drawing.body]
    assert [line[0] for line in lines] == [label.zh for label in of.labels]
    for at, each in enumerate(of.series, start=1):
        said = [line[at] for line in lines]
        back = [None if word == "–" else float(word.rstrip("%")) for word in said]
        assert back == list(each.figures)


@pytest.mark.parametrize("figures", [(), (0, 0), (None, None)])
def test_without_figures_there_is_a_sentence_in_place_of_a_drawing(figures: tuple[float | None, ...]) -> None:
    of = picture(Kind.BARS, figures)
    assert of.svg == ""
    assert [each.zh for each in of.below] == ["没有可以画的数字。"]


# ── In the report as a file ──────────────────────────────────────────────────────────────────────────────────────────


#: Its table has the labels of table 三, and other figures.
LIKE_THE_FORM = picture(
    Kind.BARS, *[(9999,) * len(ROWS)] * 7, labels=tuple(words(head.printed) for head in ROWS.values())
)


def test_a_report_with_pictures_is_read_back_as_the_report() -> None:
    for form in PICTURED:
        content = export(HUAIAN, form, pictures=[*PICTURES.values(), LIKE_THE_FORM])
        if form == "pdf":
            pages = pypdfium2.PdfDocument(content)
            content = "\n".join(page.get_textpage().get_text_range() for page in pages).encode()
        (reading,) = read(content)
        back = reading.report()
        assert HUAIAN.table3.differences(back.table3) == [], form
        assert back.table2 is not None
        assert HUAIAN.table2 is not None
        assert back.table4 is not None
        assert HUAIAN.table4 is not None
        assert back.table2.as_dict() == HUAIAN.table2.as_dict()
        assert back.table4.as_dict() == HUAIAN.table4.as_dict()
        assert (back.agency_name, back.year) == (HUAIAN.agency_name, HUAIAN.year)


def test_the_pictures_of_a_document_have_alternative_text_and_their_table() -> None:
    with zipfile.ZipFile(io.BytesIO(export(HUAIAN, "docx", pictures=[PICTURES["columns"]]))) as made:
        body = made.read("word/document.xml").decode()
        (image,) = [name for name in made.namelist() if name.startswith("word/media/")]
        assert made.read(image).startswith(b"\x89PNG")
    assert 'descr="说明"' in body
    assert body.index("附：统计图") < body.index('descr="说明"') < body.index("第2项")


def test_in_a_document_a_picture_stays_on_the_page_of_its_table_and_headings_are_black() -> None:
    with zipfile.ZipFile(io.BytesIO(export(HUAIAN, "docx", pictures=[PICTURES["columns"]]))) as parts:
        document = etree.fromstring(parts.read("word/document.xml"))
    space = {"w": document.nsmap["w"]}
    *_, last = document.findall(".//w:tbl", space)
    *above, end = last.findall("w:tr", space)
    assert all(row.findall(".//w:keepNext", space) for row in above)
    assert not end.findall(".//w:keepNext", space)
    headings = [each for each in document.findall(".//w:p", space) if each.find(".//w:pStyle", space) is not None]
    colours = {run.get(f"{{{space['w']}}}val") for each in headings for run in each.findall(".//w:color", space)}
    assert colours == {"000000"}


def test_the_pictures_of_a_page_stand_beside_their_tables() -> None:
    page: Any = html.fromstring(export(HUAIAN, "html", pictures=list(PICTURES.values())[:1]).decode())
    (figure,) = page.xpath("//figure")
    assert figure.xpath("./svg[@role='img']")
    heads = {head.get("id") for head in page.xpath("//th")}
    cells = figure.xpath(".//td[@headers]")
    assert [cell.text_content() for cell in cells] == ["3", "1", "0", "7", "12", "–"]
    assert all(key in heads for cell in cells for key in cell.get("headers").split())
    assert not page.xpath("//script | //*[@style] | //@onclick")


@pytest.mark.parametrize("form", sorted(set(FORMATS) - set(PICTURED)))
def test_forms_that_can_hold_no_picture_say_which_can(form: str) -> None:
    with pytest.raises(Refused, match="html、docx、pdf"):
        export(HUAIAN, form, pictures=[])
