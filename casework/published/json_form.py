"""A report in the public JSON form, as strict in what it believes as it is patient in what it takes."""

import json
from collections.abc import Mapping
from typing import Final

from casework.law.matrix import COLUMNS, ROWS
from casework.law.refusals import Refused
from casework.law.report import (
    DECISIONS,
    DISPUTE_COLUMNS,
    DISPUTES,
    FEES,
    FORMAT,
    STOCK_COLUMNS,
    STOCKS,
    DisputeTable,
    PublicationTable,
)
from casework.law.words import Text

from .reading import BLANK, MISSING, Cell, Reading, Table3, whole, wrong

_KNOWN: Final = frozenset(
    {"format", "agency", "year", "table2", "table3", "table4", "sections", "checks", "prose_checks", "edition", "notes"}
)
_TOO_MUCH: Final = 10**15
_YEARS: Final = range(2008, 2101)


class _Repeated(ValueError):
    """A key that stands twice in one object: which of the two is meant cannot be known."""


def read_json(text: str) -> list[Reading]:
    """The reports of a file: one object, or a list of them."""
    try:
        held = json.loads(text, object_pairs_hook=_object)
    except _Repeated as error:
        raise _refused(f"键“{error}”在同一对象里出现两次。", f"The key “{error}” stands twice in one object.") from None
    except RecursionError:
        raise _refused("JSON嵌套太深。", "The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise _refused(
            f"不是有效的JSON（第{error.lineno}行第{error.colno}列）。", f"It is not valid JSON (line:column {where})."
        ) from None
    except ValueError:
        raise _refused("JSON里有一个位数过多的数。", "The JSON holds a number with too many digits.") from None
    reports = held if isinstance(held, list) else [held]
    if not reports:
        raise _refused("JSON是空的列表，没有报告。", "The JSON is an empty list without a report.")
    return [_reading(report) for report in reports]


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in pairs:
        if key in made:
            raise _Repeated(key[:60])
        made[key] = value
    return made


def _refused(zh: str, en: str) -> Refused:
    return Refused(Text(zh, en))


def _reading(report: object) -> Reading:
    if not isinstance(report, dict):
        raise _refused("JSON里不是一个对象，读不到报告。", "The JSON is not an object; there is no report in it.")
    form = report.get("format")
    if form is not None and form != FORMAT:
        raise _refused(f"不认识的格式“{form}”，应为“{FORMAT}”。", f"Unknown format “{form}”; “{FORMAT}” is wanted.")
    table3 = report.get("table3")
    if not isinstance(table3, dict):
        raise _refused("没有表三（table3），无法检查。", "Table 3 (table3) is missing; there is nothing to check.")
    notes: list[Text] = []
    if form is None:
        notes.append(Text(f"没有写明格式，按“{FORMAT}”读入", f"No format is stated; it was read as “{FORMAT}”"))
    _unknown(notes, "", report, _KNOWN)
    code, name = _agency(report.get("agency"), notes)
    return Reading(
        code,
        name,
        _year(report.get("year"), notes),
        _table3(table3, notes),
        _table2(report.get("table2"), notes),
        _table4(report.get("table4"), notes),
        _sections(report.get("sections"), notes),
        notes,
    )


def _unknown(notes: list[Text], where: str, given: Mapping[str, object], known: object) -> None:
    strange = [key for key in given if key not in known]  # type: ignore[operator]  # any container of keys
    if strange:
        names = "、".join(key[:40] for key in strange[:10])
        notes.append(Text(f"{where}不认识的键，未读入：{names}", f"{where} unknown keys, left out: {names}".strip()))


def _agency(agency: object, notes: list[Text]) -> tuple[str, str]:
    if not isinstance(agency, dict):
        notes.append(Text("没有写明机关（agency）", "The office (agency) is not stated"))
        return "", ""
    code, name = agency.get("code", ""), agency.get("name", "")
    if not isinstance(code, str) or not isinstance(name, str):
        notes.append(Text("机关的代码或者名称不是文字", "The office's code or name is not text"))
    return (code if isinstance(code, str) else ""), (name if isinstance(name, str) else "")


def _year(year: object, notes: list[Text]) -> int | None:
    if type(year) is int and year in _YEARS:
        return year
    notes.append(
        Text(
            f"年度“{year}”不是{_YEARS[0]}至{_YEARS[-1]}的整数",
            f"The year “{year}” is not a whole number in {_YEARS[0]}–{_YEARS[-1]}",
        )
        if year is not None
        else Text("没有写明年度（year）", "The year is not stated")
    )
    return None


def _cell(value: object) -> Cell:
    """A figure of the file: a whole number and nothing that merely looks like one."""
    if value is None:
        return BLANK
    return whole(value, value) if type(value) is int and abs(value) < _TOO_MUCH else wrong(value)


def _table3(table: Mapping[str, object], notes: list[Text]) -> Table3:
    columns = _columns(table.get("columns"), notes)
    rows = table.get("rows")
    if not isinstance(rows, dict):
        raise _refused("表三没有“rows”，无法检查。", "Table 3 has no “rows”; there is nothing to check.")
    if not set(rows) & set(ROWS):
        raise _refused("表三的“rows”里没有一行是已知的。", "None of the “rows” of table 3 is known.")
    _unknown(notes, "表三", rows, ROWS)
    cells: dict[tuple[str, str], Cell] = {}
    for row in ROWS:
        values = rows.get(row)
        if isinstance(values, list):
            if len(values) != len(columns):
                notes.append(
                    Text(
                        f"表三“{row}”有{len(values)}个数，应为{len(columns)}个",
                        f"Table 3 “{row}” has {len(values)} figures; {len(columns)} are wanted",
                    )
                )
            cells.update({(row, column): _cell(value) for column, value in zip(columns, values, strict=False)})
        elif values is not None:
            cells.update({(row, column): wrong(type(values).__name__) for column in COLUMNS})
    return Table3({(row, column): cells.get((row, column), MISSING) for row in ROWS for column in COLUMNS})


def _columns(columns: object, notes: list[Text]) -> list[str]:
    if columns is None:
        return list(COLUMNS)
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        raise _refused("表三的“columns”不是列名的列表。", "The “columns” of table 3 are not a list of names.")
    if len(set(columns)) != len(columns):
        raise _refused("表三的“columns”里有重复的列。", "A column stands twice in the “columns” of table 3.")
    _unknown(notes, "表三", dict.fromkeys(columns), COLUMNS)
    return columns


def _table2(table: object, notes: list[Text]) -> PublicationTable | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        notes.append(Text("表二不是一个对象，未读入", "Table 2 is not an object and was left out"))
        return None
    _unknown(notes, "表二", table, {*STOCKS, *DECISIONS, FEES})
    stocks = {row: _figures("表二", row, table.get(row), STOCK_COLUMNS, notes) for row in STOCKS}
    decisions = _figures("表二", "", {row: table.get(row) for row in DECISIONS}, DECISIONS, notes)
    fees = table.get(FEES)
    if isinstance(fees, int) and not isinstance(fees, bool):
        fees = str(fees)
    if fees is not None and not (isinstance(fees, str) and _decimal(fees)):
        notes.append(Text(f"表二的收费金额“{fees}”不是十进制数", f"The fees of table 2, “{fees}”, are not a decimal"))
        fees = None
    return PublicationTable(stocks, decisions, fees)


def _decimal(text: str) -> bool:
    whole_part, _, fraction = text.partition(".")
    return all(part.isascii() and part.isdigit() for part in (whole_part, fraction or "0"))


def _table4(table: object, notes: list[Text]) -> DisputeTable | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        notes.append(Text("表四不是一个对象，未读入", "Table 4 is not an object and was left out"))
        return None
    _unknown(notes, "表四", table, DISPUTES)
    groups = {group: table[group] for group in DISPUTES if table.get(group)}
    return DisputeTable(
        {group: _figures("表四", group, figures, DISPUTE_COLUMNS, notes) for group, figures in groups.items()}
    )


def _figures(
    table: str, where: str, given: object, wanted: Mapping[str, Text], notes: list[Text]
) -> dict[str, int | None]:
    """The figures of a group; one that is no whole number is blank here and named in the notes."""
    if not isinstance(given, dict):
        notes.append(Text(f"{table}“{where}”没有数字", f"{table} “{where}” has no figures"))
        return dict.fromkeys(wanted)
    _unknown(notes, f"{table}“{where}”", given, wanted)
    cells = {key: _cell(given.get(key)) for key in wanted}
    for key, cell in cells.items():
        if cell.fault is not None:
            notes.append(
                Text("{table}“{where}{key}”：{fault}", "{table} “{where}{key}”: {fault}").format(
                    table=table, where=f"{where}." if where else "", key=key, fault=cell.fault
                )
            )
    return {key: cell.value for key, cell in cells.items()}


def _sections(sections: object, notes: list[Text]) -> dict[str, str]:
    if sections is None:
        return {}
    if not isinstance(sections, dict):
        notes.append(Text("sections不是一个对象，未读入", "sections is not an object and was left out"))
        return {}
    return {key: prose for key, prose in sections.items() if isinstance(prose, str)}
