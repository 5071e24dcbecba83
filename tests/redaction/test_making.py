"""What is removed is gone from every layer of the new file, and the gate finds it where it is not."""

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from casework.redaction import gate, making, office
from casework.redaction.door import FileType
from casework.redaction.gate import Removed
from casework.redaction.pages import Box, found, opened
from tests import papers
from tests.papers import OPEN, SECRET

SLIP = "第1页不提供（第1处）：个人隐私（条例 15）"


def places(content: bytes, text: str = SECRET) -> dict[int, list[Box]]:
    """Where the text stands, by page."""
    result: dict[int, list[Box]] = {}
    with opened(content) as paper:
        for page in range(1, len(paper.sizes) + 1):
            for hit in found(paper.characters(page), page, text):
                result.setdefault(page, []).extend(hit.boxes)
    return result


def removed(boxes: dict[int, list[Box]], text: str = SECRET) -> list[Removed]:
    return [Removed(page, n, box, text) for page, held in boxes.items() for n, box in enumerate(held, start=1)]


def everything_in(content: bytes) -> bytes:
    """All that a PDF holds, unpacked: bytes, objects, streams, attachments, properties."""
    pile = content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            pile += (
                thing.read_bytes() if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") != "/Image" else b""
            )
            pile += b"" if isinstance(thing, pikepdf.Stream) else thing.unparse(resolved=True)
        pile += b"".join(pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments)
    return pile


RECORDS = {
    "plain": papers.pdf(),
    "turned by 90": papers.pdf(rotate=90),
    "turned by 180": papers.pdf(rotate=180),
    "turned by 270": papers.pdf(rotate=270),
    "cropped": papers.pdf(crop=(20, 150, 290, 290)),
    "cropped and turned": papers.pdf(crop=(20, 150, 290, 290), rotate=270),
    "two pages": papers.pdf(f"{OPEN}\n{SECRET}", f"{SECRET}\n{OPEN}"),
    "small print": papers.pdf(size=6),
    "badly covered": papers.covered(),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_blacked_text_is_black_where_it_was_seen_and_nowhere_else(name: str) -> None:
    record = RECORDS[name]
    boxes = places(record)
    assert boxes
    made = making.blacked(record, boxes, {})
    assert gate.of_pictures(made, pages=len(boxes), removed=removed(boxes), slips={}) == []
    assert SECRET.encode() not in everything_in(made)
    with opened(made) as after, opened(record) as before:
        for page, held in boxes.items():
            assert not after.text(page)
            assert after.sizes[page - 1] == pytest.approx(before.sizes[page - 1], abs=0.02)
            kept = places(record, OPEN)[page][0].pixels((600, 600))
            seen = after.picture(page, dots=144).resize((600, 600)).convert("L").crop(kept)
            darkest, brightest = seen.getextrema()
            assert int(darkest) < 128 < int(brightest), "what is open can still be read"  # type: ignore[arg-type]
            surface = sum((box.right - box.left) * (box.bottom - box.top) for box in held) / 1e8
            assert surface < 0.2


def text_operators(content: bytes) -> int:
    """How often the programs of the pages show text, read by another library than the one that draws them."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        steps = [str(step.operator) for page in pdf.pages for step in pikepdf.parse_content_stream(page)]
    return sum(step in ("Tj", "TJ", "'", '"') for step in steps)


def test_another_library_finds_no_text_either() -> None:
    record = papers.pdf()
    assert text_operators(record), "the record has text to be removed"
    assert not text_operators(making.blacked(record, places(record), {}))


@pytest.mark.parametrize("record", [papers.loaded(), papers.with_earlier_version()], ids=["loaded", "saved twice"])
def test_nothing_beside_the_pages_comes_into_either_kind_of_file(record: bytes) -> None:
    pile = everything_in(record)
    assert SECRET.encode() in pile or SECRET.encode("utf-16-be") in pile
    for made in (making.blacked(record, {1: [Box(0, 0, 500, 500)]}, {}), making.cleaned(record)):
        pile = everything_in(made)
        assert SECRET.encode() not in pile
        assert SECRET.encode("utf-16-be") not in pile
        assert SECRET.encode().hex().encode() not in pile.lower()
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert "/Info" not in pdf.trailer
            assert not pdf.attachments
            assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
    assert OPEN in opened_text(making.cleaned(record))
    assert gate.of_text(making.cleaned(record)) == []


def opened_text(content: bytes) -> str:
    with opened(content) as paper:
        return paper.text(1)


def test_what_a_record_hides_is_counted() -> None:
    hidden = office.hidden_in_pdf(papers.loaded())
    assert set(hidden) == {"metadata", "attachments", "comments", "scripts", "forms", "layers"}
    assert office.hidden_in_pdf(papers.with_earlier_version()) == {"versions": 1}
    assert office.hidden_in_pdf(making.cleaned(papers.pdf())) == {}


def test_a_page_that_is_withheld_is_a_sheet_that_says_so() -> None:
    record = papers.pdf(f"{OPEN}\n{SECRET}", OPEN)
    made = making.blacked(record, {}, {1: SLIP})
    assert (
        gate.of_pictures(made, pages=2, removed=[Removed(1, 1, Box(0, 0, 10000, 10000), SECRET)], slips={1: SLIP}) == []
    )
    bare = making.blacked(record, {}, {})
    findings = gate.of_pictures(bare, pages=2, removed=[], slips={1: SLIP})
    assert [(f.page, f.sentence.zh) for f in findings] == [(1, "第1页应当不提供，文件里却有内容。")]


# The gate finds what is wrong ----------------------------------------------------------------------------------------


def spoilt(change: str) -> bytes:  # noqa: C901 - a table of twelve ways
    """A file that was made well and then spoilt in one way."""
    record, boxes = papers.pdf(), places(papers.pdf())
    made = making.blacked(record, boxes, {})
    if change == "area left out":
        return making.blacked(record, {}, {})
    if change == "area too small":
        box = boxes[1][0]
        return making.blacked(record, {1: [box._replace(right=(box.left + box.right) // 2)]}, {})
    if change == "area on another page":
        return making.blacked(papers.pdf(f"{OPEN}\n{SECRET}", OPEN), {2: boxes[1]}, {})
    if change == "saved over":
        return made + b"\n%%EOF\nstartxref\n0\n%%EOF\n"
    with pikepdf.open(io.BytesIO(made)) as pdf:
        page = pdf.pages[0]
        if change == "text over the picture":
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.obj.Resources.Font = pikepdf.Dictionary(F1=font)
            page.contents_add(pikepdf.Stream(pdf, f"BT 3 Tr /F1 9 Tf 40 200 Td ({SECRET}) Tj ET".encode()))
        elif change == "properties":
            pdf.docinfo["/Title"] = SECRET
        elif change == "attachment":
            pdf.attachments["a.txt"] = SECRET.encode()
        elif change == "note":
            page.obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Contents=SECRET)])
        elif change == "beside the picture":
            next(iter(page.obj.Resources.XObject.values())).stream_dict["/Caption"] = SECRET
        elif change == "in the picture":
            stream = next(iter(page.obj.Resources.XObject.values()))
            comment = SECRET.encode()
            jpeg = stream.read_raw_bytes()
            stream.write(
                jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:],
                filter=pikepdf.Name.DCTDecode,
            )
        elif change == "in another encoding":
            page.contents_add(pikepdf.Stream(pdf, b"% " + SECRET.encode("utf-16-be")))
        elif change == "page more":
            pdf.pages.append(page)
        return papers.saved(pdf)


CHANGES = {
    "area left out": (1, "没有完全涂黑"),
    "area too small": (1, "没有完全涂黑"),
    "area on another page": (1, "没有完全涂黑"),
    "text over the picture": (1, "第1页第1处涂去的文字还能从文件里取出"),
    "in the picture": (1, "还能从文件里取出"),
    "in another encoding": (1, "还能从文件里取出"),
    "beside the picture": (0, "/Caption"),
    "note": (0, "/Annots"),
    "properties": (0, "/Info"),
    "attachment": (0, "/Names"),
    "page more": (0, "有2页，应当是1页"),
    "saved over": (0, "以前保存的版本"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_gate_stops_a_spoilt_file_and_names_page_and_area(change: str) -> None:
    page, sentence = CHANGES[change]
    pages = 2 if change == "area on another page" else 1
    findings = gate.of_pictures(spoilt(change), pages=pages, removed=removed(places(papers.pdf())), slips={})
    said = [f for f in findings if sentence in f.sentence.zh]
    assert said, findings
    assert said[0].page == page
    assert said[0].number == (1 if page else 0)
    assert said[0].sentence.en


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", papers.locked()], ids=["empty", "cut off", "locked"])
def test_what_can_not_be_opened_again_does_not_leave(content: bytes) -> None:
    assert gate.of_pictures(content, pages=1, removed=[], slips={})
    assert gate.of_text(content)


UNSEEN = {
    "covered by a rectangle": papers.covered(),
    "white on white": papers.white(),
    "beyond the crop": papers.pdf(crop=(0, 245, 300, 300)),
    "properties and more": papers.loaded(),
    "an earlier version": papers.with_earlier_version(),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_text_that_nobody_sees_keeps_a_file_from_leaving_with_its_text(name: str) -> None:
    assert gate.of_text(UNSEEN[name])
    if name in ("covered by a rectangle", "white on white", "beyond the crop"):
        assert any("看不见的文字" in f.sentence.zh for f in gate.of_text(making.cleaned(UNSEEN[name])))


def test_what_is_said_and_not_drawn_is_found() -> None:
    with pikepdf.open(io.BytesIO(papers.pdf(OPEN))) as pdf:
        said = f"/Span << /ActualText ({SECRET}) >> BDC BT /F1 9 Tf 40 90 Td (x) Tj ET EMC"
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, said.encode()))
        content = papers.saved(pdf)
    assert any("隐藏文字" in f.sentence.zh for f in gate.of_text(making.cleaned(content)))


def test_ordinary_files_are_not_stopped() -> None:
    for content in (papers.pdf(), papers.pdf(rotate=90), papers.pdf(size=6), papers.pdf("", OPEN)):
        assert gate.of_text(making.cleaned(content)) == []


# Office files and pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "hidden"),
    [
        (
            FileType.XLSX,
            papers.workbook(),
            {"metadata", "comments", "names", "hidden_sheets", "hidden_rows", "hidden_columns"},
        ),
        (FileType.DOCX, papers.letter(), {"metadata", "comments", "revisions", "hidden_text"}),
    ],
    ids=["workbook", "letter"],
)
def test_the_simple_view_shows_what_a_reader_sees_and_counts_what_is_hidden(
    kind: FileType, content: bytes, hidden: set[str]
) -> None:
    made = office.converted(kind, content)
    assert made.simplified
    assert set(made.hidden) >= hidden
    text = opened_text(made.pdf)
    assert OPEN in " ".join(text.split())
    assert SECRET not in text
    assert SECRET.encode() not in everything_in(made.pdf)


def test_a_picture_loses_what_its_camera_wrote() -> None:
    made = office.converted(FileType.JPEG, papers.picture("JPEG", secret=SECRET))
    assert made.hidden == {"metadata": 1}
    assert SECRET.encode() in papers.picture("JPEG", secret=SECRET)
    assert SECRET.encode() not in everything_in(made.pdf)


# Random areas --------------------------------------------------------------------------------------------------------

sides = st.tuples(st.integers(0, 9999), st.integers(1, 10000)).map(sorted).filter(lambda pair: pair[1] > pair[0])
areas = st.lists(st.builds(lambda x, y: Box(x[0], y[0], x[1], y[1]), sides, sides), max_size=4)
RECORD = papers.pdf(f"{OPEN}\n{SECRET}\nTHIRD LINE OF THE PAGE")


@settings(max_examples=12)
@given(areas=areas)
def test_whatever_the_areas_each_is_black_and_the_gate_agrees(areas: list[Box]) -> None:
    made = making.blacked(RECORD, {1: areas}, {})
    taken = [Removed(1, n, box) for n, box in enumerate(areas, start=1)]
    assert gate.of_pictures(made, pages=1, removed=taken, slips={}) == []
    with opened(made) as paper:
        picture = paper.picture(1, dots=200).convert("L")
    for box in areas:
        left, top, right, bottom = box.pixels(picture.size)
        inner = (left + 3, top + 3, right - 3, bottom - 3)
        if inner[0] < inner[2] and inner[1] < inner[3]:
            assert int(picture.crop(inner).getextrema()[1]) < 60  # type: ignore[arg-type]


def test_a_huge_page_is_drawn_more_coarsely() -> None:
    with pikepdf.open(io.BytesIO(papers.pdf())) as pdf:
        pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 14400, 14400])
        content = papers.saved(pdf)
    with opened(content) as paper:
        wide, high = paper.picture(1, dots=200).size
    assert wide * high <= 25_100_000


def test_a_colourless_page_is_kept_grey() -> None:
    made = making.pdf_of_pictures([(Image.new("RGB", (80, 80), "white"), (80, 80))])
    coloured = making.pdf_of_pictures([(Image.new("RGB", (80, 80), "red"), (80, 80))])
    assert b"/DeviceGray" in made
    assert b"/DeviceRGB" in coloured
