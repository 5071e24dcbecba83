"""Files that are no ledger get one sentence, and sheets as offices keep them are read."""

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from casework.grids import workbook
from casework.law.history import HEADINGS
from casework.models import Case
from tests.cast import Cast
from tests.ledgers import WHOLE, as_csv, as_xlsx, row, table, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(players: Cast) -> Cast:
    return players


def one_sentence(printed: str) -> str:
    """The only line that was printed; nothing is stored."""
    assert not Case.objects.exists()
    lines = printed.splitlines()
    assert len(lines) == 1, printed
    return lines[0]


def changed_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts rewritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LEDGER = as_xlsx(table([WHOLE]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NO_BOOK = io.BytesIO()
with zipfile.ZipFile(NO_BOOK, "w") as archive:
    archive.writestr("word/document.xml", "<document/>")


# -- no ledger ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "The file is empty."),
        ("empty.xlsx", b"", "The file is empty."),
        ("blank.csv", b"\n\n\n", "No row of headings was found"),
        ("headings.csv", as_csv(table([])), "not one application"),
        ("headings.xlsx", as_xlsx(table([])), "not one application"),
        ("blank-rows.csv", as_csv([*table([]), ["", " ", "\u3000"]]), "not one application"),
        ("binary.csv", bytes(range(256)) * 40, "is not UTF-8 text (from line 2 on)"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "is not UTF-8 text"),
        ("gbk.csv", as_csv(table([WHOLE]), "gb18030"), "The file is in GB18030 (GBK), not UTF-8. Save it as"),
        ("utf-16.csv", as_csv(table([WHOLE]), "utf-16"), "The file is in UTF-16, not UTF-8. Save it as"),
        ("cut.csv", as_csv(table([WHOLE, row(number="2")]))[:-4] + b"\xe5\xbc", "is not UTF-8 text (from line 3 on)"),
        ("workbook.csv", LEDGER, "The file holds XLSX but is named .csv."),
        ("text.xlsx", as_csv(table([WHOLE])), "The file holds CSV but is named .xlsx."),
        ("old.xls", OLE, "in the old Excel form (.xls)"),
        ("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("letter.xlsx", NO_BOOK.getvalue(), "is not an XLSX workbook"),
        ("cut.xlsx", LEDGER[: len(LEDGER) // 2], "The workbook is damaged"),
        ("noise.xlsx", b"PK\x03\x04" + bytes(500), "The workbook is damaged"),
        ("ledger.ods", b"PK\x03\x04" + bytes(500), "The file has to be .csv or .xlsx, not .ods."),
        ("ledger", as_csv(table([WHOLE])), "The file has to be .csv or .xlsx"),
        ("quote.csv", as_csv(table([WHOLE])) + '"开着,的引号\r\n'.encode(), "Row 3 can't be read"),
        ("huge-cell.csv", as_csv(table([row(content="字" * 140_000)])), "Row 2 can't be read"),
    ],
)
def test_a_file_that_is_no_ledger_gets_one_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in one_sentence(take_in(content, tmp_path, name=name))


def test_a_file_of_200_megabytes_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.csv").touch()
    os.truncate(tmp_path / "large.csv", 200 * 2**20)
    with pytest.raises(CommandError, match="The file has 200 MB; the limit is 128 MB"):
        call_command("import_ledger", str(tmp_path / "large.csv"), "--agency", "230406")


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "is not an ordinary file"), ("pipe.csv", "not an ordinary file"), ("none.csv", "No such file")],
)
def test_a_folder_a_pipe_or_nothing_at_all_is_no_file(tmp_path: Path, name: str, said: str) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(CommandError, match=said):
        call_command("import_ledger", str(tmp_path / name), "--agency", "230406")


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = changed_part(LEDGER, SHEET, lambda xml: xml + " " * 5_000_000)
    assert len(bomb) < 30_000
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 4_000_000)
    assert "too large to read" in one_sentence(take_in(bomb, tmp_path, name="bomb.xlsx"))


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    bomb = changed_part(
        LEDGER,
        "xl/sharedStrings.xml",
        lambda xml: xml.replace("<sst ", f"<!DOCTYPE sst [{entities}]><sst ", 1).replace(">张三<", ">&e8;<", 1),
    )
    printed = take_in(bomb, tmp_path, name="entities.xlsx")
    # Whether the parser leaves them out or gives up is its own affair.
    assert "row 2, 申请人: blank" in printed or "The workbook is damaged" in printed
    assert not Case.objects.exists()


def test_the_content_of_other_files_cannot_be_read_through_a_workbook(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    content = changed_part(
        LEDGER,
        "xl/sharedStrings.xml",
        lambda xml: xml.replace("<sst ", f'<!DOCTYPE sst [<!ENTITY x SYSTEM "{secret.as_uri()}">]><sst ', 1).replace(
            ">张三<", ">&x;<", 1
        ),
    )
    assert "row 2, 申请人: blank" in take_in(content, tmp_path, name="external.xlsx")


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace('t="s"><v>', 't="s"><v>9'),
        lambda xml: xml.replace("<v>", "<v>x"),
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace("</sheetData>", "</sheet>"),
    ],
)
def test_a_workbook_that_contradicts_itself_is_damaged(tmp_path: Path, change: Callable[[str], str]) -> None:
    printed = one_sentence(take_in(changed_part(LEDGER, SHEET, change), tmp_path, name="odd.xlsx"))
    assert "The workbook is damaged" in printed


# -- headings ----------------------------------------------------------------------------------------------------------


def test_headings_may_be_keys_in_any_order_and_any_width(tmp_path: Path) -> None:
    names = ["content", "closed_on", "applicant_name", "channel", "outcome", "received_on", "applicant_kind"]
    lines = table([row()], names)
    lines[0] = [" 申请 内容*", "CLOSED_ON", "申请人：", "channel", "办理结果", "收到\n日期", "申请人类型＊"]
    assert "1 added" in take_in(as_csv(lines), tmp_path)


def test_headings_may_stand_below_a_title(tmp_path: Path) -> None:
    lines = [["东山区2024年依申请公开台账"], [], ["填表人：王敏"], *table([row(), row(closed_on="2024-01-01")])]
    assert "row 6, 答复日期: earlier" in take_in(as_csv(lines), tmp_path)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    lines = table([row()], [name for name in HEADINGS if name not in {"content", "channel"}])
    assert one_sentence(take_in(as_csv(lines), tmp_path)).endswith("missing: 申请渠道, 申请内容.")


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    lines = [[*line, line[1]] for line in table([row()])]
    lines[0][-1] = "received_on"
    assert "two columns for 收到日期 (B and P)" in one_sentence(take_in(as_csv(lines), tmp_path))


def test_a_column_that_needs_another_is_refused_alone(tmp_path: Path) -> None:
    lines = table([row()], [name for name in HEADINGS if name != "closed_on"])
    assert "has the column 办理结果 but lacks 答复日期" in one_sentence(take_in(as_csv(lines), tmp_path))


def test_unknown_columns_are_named_and_left_out(tmp_path: Path) -> None:
    lines = [[*line, "", f"科室{n}", "=1+1"] for n, line in enumerate(table([row()]))]
    lines[0][-1] = "序\n号"
    printed = take_in(as_csv(lines), tmp_path)
    assert "unknown columns, left out: 科室0, 序 号\n" in printed
    assert "1 added" in printed


def test_a_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    lines = table([row(), row(number="2")])
    lines[2].insert(7, "逗号后的半句")
    assert "row 3, 申请内容: the row has 16 cells but there are 15 headings" in take_in(as_csv(lines), tmp_path)
    lines[2].pop(7)
    assert "2 added" in take_in(as_csv([lines[0], [*lines[1], "", " "], lines[2]]), tmp_path)


def test_blank_rows_count_but_say_nothing(tmp_path: Path) -> None:
    lines = table([row(), row(number="2", closed_on="2024-01-01")])
    printed = take_in(as_csv([lines[0], lines[1], [], ["", "", " "], lines[2]]), tmp_path)
    assert "row 5, 答复日期: earlier" in printed


def test_a_text_of_several_lines_is_one_row(tmp_path: Path) -> None:
    lines = table([row(content="一\n二\r\n三"), row(number="2", closed_on="2024-01-01")])
    assert "row 3, 答复日期: earlier" in take_in(as_csv(lines), tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_makes_no_difference(tmp_path: Path, encoding: str) -> None:
    assert "1 added" in take_in(as_csv(table([WHOLE]), encoding), tmp_path)


# -- workbooks ---------------------------------------------------------------------------------------------------------


def edited(change: Callable[[openpyxl.Workbook], Any], rows: int = 2) -> bytes:
    """A ledger that somebody went over in a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table([row(number=str(n)) for n in range(1, rows + 1)]))))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet(book: openpyxl.Workbook) -> Any:
    return book.worksheets[0]


def test_days_and_numbers_are_read_as_excel_stores_them(tmp_path: Path) -> None:
    whole = WHOLE | {
        "number": 20240017,
        "received_on": date(2024, 3, 1),
        "supplement_requested_on": 45357,
        "extension_days": 10,
        "contact": 13800000000,
        "note": date(2024, 4, 20),
    }
    assert "1 added" in take_in(as_xlsx(table([whole])), tmp_path, name="ledger.xlsx")
    case = Case.objects.get()
    assert (case.number, case.received_on, case.note) == ("20240017", date(2024, 3, 1), "2024-04-20")
    assert case.supplements.get().requested_on == date(2024, 3, 6)
    assert (case.extensions.get().working_days, case.applicant.contact) == (10, "13800000000")


def test_a_workbook_may_count_its_days_from_1904(tmp_path: Path) -> None:
    content = as_xlsx(table([row(received_on=date(2024, 3, 1))]), date_1904=True)
    assert "1 added" in take_in(content, tmp_path, name="mac.xlsx")
    assert Case.objects.get().received_on == date(2024, 3, 1)


def test_a_moment_is_taken_for_its_day(tmp_path: Path) -> None:
    content = edited(lambda book: sheet(book).__setitem__("B2", datetime(2024, 3, 1, 16, 30)), rows=1)
    assert "1 added" in take_in(content, tmp_path, name="moment.xlsx")


def test_an_identity_number_that_excel_rounded_is_refused(tmp_path: Path) -> None:
    content = as_xlsx(table([row(identity_number=110105194912310021)]))
    assert "row 2, 证件号码: is stored as a number" in take_in(content, tmp_path, name="ledger.xlsx")


def test_a_formula_is_refused_wherever_it_counts(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet(book)["B3"] = "=TODAY()"
        sheet(book)["P1"], sheet(book)["P2"] = "科室", '=HYPERLINK("http://x","y")'

    printed = take_in(edited(change), tmp_path, name="ledger.xlsx")
    assert [line for line in printed.splitlines() if line.startswith("row")] == [
        "row 3, 收到日期: is a formula; replace it by its value"
    ]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    lines = table([row(content="=1+1", applicant_name="@张三", note="+86")])
    assert "1 added" in take_in(as_xlsx(lines), tmp_path, name="ledger.xlsx")
    assert Case.objects.get().content == "=1+1"


def test_an_error_value_is_refused(tmp_path: Path) -> None:
    content = edited(lambda book: sheet(book).__setitem__("E2", "#N/A"))
    assert "row 2, 申请人: is an error (#N/A)" in take_in(content, tmp_path, name="ledger.xlsx")


def test_merged_cells_are_named(tmp_path: Path) -> None:
    content = edited(lambda book: sheet(book).merge_cells("D2:E4"), rows=3)
    printed = take_in(content, tmp_path, name="ledger.xlsx")
    assert [line.partition(": ")[0] for line in printed.splitlines() if "is part of a merged area" in line] == [
        "row 2, 申请人",
        "row 3, 申请人类型",
        "row 3, 申请人",
        "row 4, 申请人类型",
        "row 4, 申请人",
    ]
    assert not Case.objects.exists()


def test_a_title_merged_above_the_headings_is_no_fault(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet(book).insert_rows(1)
        sheet(book)["A1"] = "2024年台账"
        sheet(book).merge_cells("A1:O1")

    assert "2 added" in take_in(edited(change), tmp_path, name="ledger.xlsx")


def test_hidden_rows_count_and_it_is_said(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet(book).row_dimensions[3].hidden = True

    printed = take_in(edited(change), tmp_path, name="ledger.xlsx")
    assert "hidden rows: 1; they count as well" in printed
    assert "2 added" in printed


def test_the_first_visible_sheet_with_the_headings_is_read(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for at, name in enumerate(("说明", "旧表")):
            book.create_sheet(name, at)["A1"] = name
        hidden = book["旧表"]
        hidden.sheet_state = "hidden"
        for at, line in enumerate(table([row(number=f"旧{n}") for n in range(9)]), start=1):
            for place, value in enumerate(line, start=1):
                hidden.cell(at, place, value)

    assert "2 added" in take_in(edited(change), tmp_path, name="ledger.xlsx")
    assert set(Case.objects.values_list("number", flat=True)) == {"1", "2"}


def test_a_sheet_formatted_to_its_last_column_is_read(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        for at in (1, 2, 3):
            sheet(book)[f"XFD{at}"].number_format = "0.00"

    assert "2 added" in take_in(edited(change), tmp_path, name="ledger.xlsx")


def test_rich_text_and_escaped_signs_are_read_whole(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for at, line in enumerate(table([row(content="x", note="_x0041_ _x005F_ x005F_")])):
        for place, value in enumerate(line):
            page.write_string(at, place, value)
    page.write_rich_string(1, 7, "申请", bold, "公开", "清单")
    book.close()
    assert "1 added" in take_in(stream.getvalue(), tmp_path, name="ledger.xlsx")
    assert (Case.objects.get().content, Case.objects.get().note) == ("申请公开清单", "_x0041_ _x005F_ x005F_")
