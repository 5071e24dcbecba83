"""Ledgers for tests: rows as offices type them, files as offices save them, and the command that takes them in."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.law.history import HEADINGS

Cells = dict[str, Any]

#: A closed case with every fact that a ledger has a column for.
WHOLE: Cells = {
    "number": "2024-017",
    "received_on": "2024-03-01",
    "channel": "邮寄",
    "applicant_kind": "自然人",
    "applicant_name": "张三",
    "identity_number": "11010519491231002X",
    "contact": "13800000000",
    "content": "申请公开老旧小区改造项目清单。",
    "supplement_requested_on": "2024-03-06",
    "supplement_received_on": "2024-03-15",
    "extension_days": "10",
    "outcome": "三(三)5",
    "closed_on": "2024-04-20",
    "document_number": "东政公开告〔2024〕17号",
    "note": "涉及多个科室",
}


def row(**changes: Any) -> Cells:
    """A plain closed case, changed."""
    plain = {
        "supplement_requested_on": "",
        "supplement_received_on": "",
        "extension_days": "",
        "outcome": "三(一)予以公开",
        "closed_on": "2024-03-20",
    }
    return WHOLE | plain | changes


def still_open(**changes: Any) -> Cells:
    return row(outcome="", closed_on="", document_number="", **changes)


def table(rows: Iterable[Cells], names: Sequence[str] = tuple(HEADINGS)) -> list[list[Any]]:
    """Rows below the printed headings of these facts."""
    return [[HEADINGS[name] for name in names], *([cells.get(name, "") for name in names] for cells in rows)]


def as_csv(lines: Iterable[Sequence[Any]], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(encoding)


def as_xlsx(lines: Iterable[Sequence[Any]], **options: Any) -> bytes:
    """Strings as strings, whatever they look like; dates as Excel dates."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
    for at, line in enumerate(lines):
        for place, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(at, place, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, str):
                sheet.write_string(at, place, value)
            elif value is not None:
                sheet.write(at, place, value)
    book.close()
    return stream.getvalue()


def take_in(content: bytes, folder: Path, *options: str, name: str = "ledger.csv", agency: str = "230406") -> str:
    """Import a file; what the command printed, whether it stored anything or not."""
    path = folder / name
    path.write_bytes(content)
    printed = io.StringIO()
    try:
        call_command("import_ledger", str(path), "--agency", agency, *options, stdout=printed, stderr=printed)
    except CommandError as refused:
        return f"{printed.getvalue()}{refused}\n"
    return printed.getvalue()


def take_in_rows(rows: Iterable[Cells], folder: Path, *options: str) -> str:
    return take_in(as_csv(table(rows)), folder, *options)


def taken_in(content: bytes, folder: Path, *options: str, **names: str) -> dict[str, Any]:
    """Import a file and read the answer that programs read."""
    printed = take_in(content, folder, "--format", "json", *options, **names)
    answer: dict[str, Any] = json.loads(printed.splitlines()[0])
    return answer


def give_out(folder: Path, name: str, *options: str, agency: str = "230406") -> bytes:
    """Export the agency's ledger."""
    path = folder / name
    call_command("export_ledger", "--agency", agency, "--output", str(path), *options, stdout=io.StringIO())
    return path.read_bytes()
