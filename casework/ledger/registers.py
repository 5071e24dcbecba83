"""Registers in and out as spreadsheets: the whole file is read and judged before anything is stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, BinaryIO, Final

from casework.actions import registers
from casework.actions.registers import Taken
from casework.exports import write_csv, write_xlsx
from casework.grids.cells import Cell, Line, Number, is_blank
from casework.law.history import Fault
from casework.law.refusals import Refused
from casework.law.registers import REGISTERS, Column, Facts, Register, Takes, amount, key_of, month, whole
from casework.law.words import Text
from casework.models import Agency, ChannelAccount, Entry, Publication, Staff, accounts_of

from . import values
from .headings import Wanted, plain
from .reading import Report, find_sheet

MOST: Final = 100_000
WRITERS: Final[Mapping[str, Callable[..., int]]] = {"csv": write_csv, "xlsx": partial(write_xlsx, sheet="登记簿")}


@dataclass(slots=True)
class RegisterReading:
    """What a file says of a register: its entries, the columns that it has, and what is wrong."""

    register: Register
    columns: frozenset[str]
    unknown: tuple[str, ...]
    faults: Report
    entries: list[Facts] = field(default_factory=list)
    rows: int = 0


def headings_of(register: Register) -> dict[str, str]:
    """Key → printed heading, in the order of the sheet."""
    return {column.key: column.words.zh for column in REGISTERS[register].columns}


def read_register(file: BinaryIO, name: str, register: Register, *, agency: Agency, on: date) -> RegisterReading:
    """Read and judge a file, seen from the day ``on``; ``Refused`` for one that can't be read at all."""
    headings = headings_of(register)
    columns = REGISTERS[register].columns
    required = tuple(c.key for c in columns if c.required and c.stands is None and c.takes is not Takes.ACCOUNT)
    sheet, found = find_sheet(file, name, Wanted(headings, required))
    reading = RegisterReading(register, frozenset(found.places), found.unknown, Report(headings=headings))
    accounts = accounts_of([agency])
    seen: dict[str, int] = {}
    for line in sheet.lines():
        if line.number <= found.row or all(map(is_blank, line.cells)):
            continue
        reading.rows += 1
        if reading.rows > MOST:
            raise Refused(_TOO_MANY_ROWS.format(most=MOST))
        facts = _facts(reading, line, found.places, accounts)
        if facts is None or not _sound(reading, line, facts, accounts, on):
            continue
        if (first := seen.setdefault(key_of(register, facts), line.number)) != line.number:
            reading.faults.add(line.number, Fault(required[0], _SAME_ENTRY.format(row=first)))
        reading.entries.append(facts)
    if not reading.rows:
        raise Refused(_NO_ROWS)
    return reading


def store_register(
    reading: RegisterReading, agency: Agency, *, at: datetime, by: Staff | None = None, dry_run: bool = False
) -> Taken | None:
    """Store a reading without faults; ``None``: nothing was stored, and ``reading.faults`` says why."""
    if reading.faults.count:
        return None
    return registers.take_in(
        agency, reading.register, reading.entries, stated=reading.columns, by=by, at=at, dry_run=dry_run
    )


def write_register(stream: BinaryIO, form: str, register: Register, entries: Iterable[Entry]) -> int:
    """Entries as ``csv`` or ``xlsx`` that ``read_register`` reads back to the same; returns how many.

    With no entries it is the sheet to fill in.
    """
    if form not in WRITERS:
        raise Refused(_NO_SUCH_FORM, field="form")
    columns = REGISTERS[register].columns
    known: dict[int, dict[int, ChannelAccount]] = {}
    rows = (_printed(entry, columns, known) for entry in entries)
    return WRITERS[form](stream, [column.words.zh for column in columns], rows)


# ── In ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _facts(
    reading: RegisterReading, line: Line, places: Mapping[str, int], accounts: Mapping[int, ChannelAccount]
) -> dict[str, Any] | None:
    """The row as facts; ``None`` when a cell can't be read, which is reported for every such cell."""
    facts: dict[str, Any] = {}
    before = reading.faults.count
    for column in REGISTERS[reading.register].columns:
        place = places.get(column.key, -1)
        cell = line.cells[place] if 0 <= place < len(line.cells) else ""
        try:
            value = _value(column, cell)
            facts[column.key] = column.stands if value is None else value
        except values.Unreadable as unreadable:
            reading.faults.add(line.number, Fault(column.key, unreadable.text))
        except Refused as refused:
            reading.faults.add(line.number, Fault(column.key, _bare(refused.sentence)))
    if reading.faults.count > before:
        return None
    if reading.register is Register.PUBLICATIONS:
        try:
            facts["account"] = _account(facts["channel"], facts["account"], accounts)
        except values.Unreadable as unreadable:
            reading.faults.add(line.number, Fault("account", unreadable.text))
            return None
    return facts


def _value(column: Column, cell: Cell) -> Any:
    match column.takes:
        case Takes.DAY:
            return values.day(cell, date.min)
        case Takes.CODE:
            return _coded(column)(cell, date.min)
        case Takes.MONTH if isinstance(cell, Number) and cell.day is not None and cell.shown_as_day:
            return cell.day.replace(day=1)
        case Takes.MONTH | Takes.WHOLE | Takes.AMOUNT:
            given = values.typed(cell)
            reader = {Takes.MONTH: month, Takes.WHOLE: whole, Takes.AMOUNT: amount}[column.takes]
            return reader(given, column) if given.strip() else None
        case _:
            return values.text(column.longest)(cell, date.min)


def _coded(column: Column) -> Callable[[Cell, date], str]:
    names = {values.spelled(name): key for key, words in column.codes.items() for name in (key, words.zh)}
    allowed = Text("、".join(words.zh for words in column.codes.values()), ", ".join(column.codes))
    what = Text("{what}（{allowed}）", "one of {what}: {allowed}").format(what=column.words, allowed=allowed)
    return values.one_of(names, what, required=False)


def _account(channel: str, name: str, accounts: Mapping[int, ChannelAccount]) -> int | None:
    """The account by channel and name; what one of them says alone may be left out."""
    there = [
        pk
        for pk, account in accounts.items()
        if channel in ("", account.channel) and plain(name) in ("", plain(account.name))
    ]
    if not there and (channel or name):
        raise values.Unreadable(_NO_ACCOUNT.format(name=name or channel))
    if len(there) > 1 and (channel or name):
        raise values.Unreadable(_SEVERAL_ACCOUNTS)
    return there[0] if there and (channel or name) else None


def _sound(
    reading: RegisterReading, line: Line, facts: Facts, accounts: Mapping[int, ChannelAccount], on: date
) -> bool:
    found = registers.judged(reading.register, facts, accounts, on=on)
    for fault in found:
        reading.faults.add(line.number, fault)
    return not found


def _bare(sentence: Text) -> Text:
    """A sentence as what follows the name of a column."""
    return Text(sentence.zh.removesuffix("。"), sentence.en.removesuffix("."))


# ── Out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _printed(entry: Entry, columns: Sequence[Column], known: dict[int, dict[int, ChannelAccount]]) -> list[Any]:
    facts = entry.facts
    if isinstance(entry, Publication):
        account = known.setdefault(entry.agency_id, accounts_of([entry.agency_id]))[entry.account_id]
        facts |= {"channel": account.channel, "account": account.name}
    return [_cell(column, facts[column.key]) for column in columns]


def _cell(column: Column, value: Any) -> Any:
    match column.takes:
        case Takes.CODE:
            return column.codes[value].zh if value else ""
        case Takes.MONTH:
            return f"{value:%Y-%m}" if value else None
        case Takes.AMOUNT:
            return f"{value:f}"  # as text: a workbook keeps numbers as binary fractions
        case _:
            return value


_NO_ROWS: Final = Text("表格只有标题，没有一行内容。", "The sheet has headings but not one row.")
_TOO_MANY_ROWS: Final = Text(
    "表格超过{most}行，请按年度拆分后分别导入。", "The sheet has more than {most} rows. Split it by year."
)
_SAME_ENTRY: Final = Text("与第{row}行是同一条", "the same entry as in row {row}")
_NO_ACCOUNT: Final = Text(
    "该渠道没有名为“{name}”的账号，请先登记账号", "no account “{name}” on that channel; record it first"
)
_SEVERAL_ACCOUNTS: Final = Text(
    "不止一个账号符合，请同时写明渠道和账号", "more than one account fits; give both channel and account"
)
_NO_SUCH_FORM: Final = Text("请选择 CSV 或者 XLSX。", "Choose CSV or XLSX.")
