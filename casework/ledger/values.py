"""From a cell to a value: how offices write dates, channels, kinds and results, and what is wrong when they don't."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from casework.actions.application import LONGEST_CONTENT
from casework.actions.record import clean
from casework.exports import original
from casework.grids.cells import Broken, Cell, Number
from casework.law import identity
from casework.law.outcomes import GROUPS, KINDS, OUTCOMES, ApplicantKind, OutcomeRow
from casework.law.receipt import CHANNEL_WORDS
from casework.law.refusals import Refused
from casework.law.words import Text

from .headings import plain

#: Spreadsheets keep so many digits of a number; what is longer has been changed already.
_EXACT: Final = 10**15


class Unreadable(Exception):
    """A cell whose value can't be taken; the text follows the name of the column."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


def typed(cell: Cell) -> str:
    """The text of a cell as it was typed, without the mark that made it harmless in an export."""
    match cell:
        case Broken():
            raise Unreadable(cell.why)
        case Number() if abs(cell.value) >= _EXACT:
            raise Unreadable(_TOO_MANY_DIGITS)
        case Number():
            return str(cell)
        case _:
            return original(cell)


def text(longest: int, *, required: bool = False, lines: bool = False) -> Callable[[Cell, date], str]:
    """A reader of text that may be stored."""

    def read(cell: Cell, _on: date) -> str:
        given = typed(cell)
        if not given.strip():
            if required:
                raise Unreadable(_BLANK)
            return ""
        try:
            return clean(given, "", longest=longest, required=required, lines=lines)
        except Refused as refused:
            raise Unreadable(refused.sentence) from None

    return read


def day(cell: Cell, _on: date) -> date | None:
    """``2023-01-13``, ``2023/1/13``, ``2023年1月13日`` or an Excel date."""
    if isinstance(cell, Number):
        if cell.day is None:
            raise Unreadable(_NOT_A_DAY.format(value=cell))
        return cell.day
    given = typed(cell)
    return _day(given) if given else None


def required_day(cell: Cell, on: date) -> date:
    found = day(cell, on)
    if found is None:
        raise Unreadable(_BLANK)
    return found


@lru_cache(maxsize=4096)
def _day(given: str) -> date | None:
    written = unicodedata.normalize("NFKC", given).strip()
    if not written:
        return None
    match = _DAY.fullmatch(written)
    if match is None:
        raise Unreadable(_NOT_A_DAY.format(value=_shown(given)))
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise Unreadable(_NO_SUCH_DAY.format(value=_shown(given))) from None


#: Programs that write a moment as text leave a time behind the date, which says nothing here.
_DAY: Final = re.compile(
    r"(?P<year>[0-9]{4})\s*(?:(?P<sign>[-/])|年)\s*(?P<month>[0-9]{1,2})\s*(?(sign)(?P=sign)|月)\s*(?P<day>[0-9]{1,2})"
    r"\s*(?(sign)|日)(?:(?:t|\s)\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?",
    re.IGNORECASE,
)


def days(cell: Cell, _on: date) -> int | None:
    """Working days of an extension, bare or with their unit."""
    given = typed(cell)
    if not plain(given):
        return None
    match = _DAYS.fullmatch(plain(given))
    if match is None or not 1 <= int(match[1]) <= 20:
        raise Unreadable(_NOT_DAYS.format(value=_shown(given)))
    return int(match[1])


_DAYS: Final = re.compile("([0-9]{1,4})(?:个?工作日|天|日)?")


def identity_number(cell: Cell, on: date) -> str:
    given = typed(cell)
    if not identity.compact(given):
        return ""
    try:
        return identity.check_by_form(given, on=on)
    except Refused as refused:
        raise Unreadable(refused.sentence) from None


def one_of(names: dict[str, str], what: Text, *, required: bool) -> Callable[[Cell, date], str]:
    """A reader of codes: by key or by printed name, as ``spelled`` makes them comparable."""

    @lru_cache(maxsize=4096)
    def find(given: str) -> str:
        spelling = spelled(given)
        if not spelling:
            if required:
                raise Unreadable(_BLANK)
            return ""
        if spelling not in names:
            raise Unreadable(_UNKNOWN.format(value=_shown(given), what=what))
        return names[spelling]

    return lambda cell, _on: find(typed(cell))


def spelled(name: str) -> str:
    """A code or printed name without what people type differently: width, spaces, dashes, points and quotes."""
    return _PUNCTUATION.sub("", plain(name))


_PUNCTUATION: Final = re.compile("[-‐‑‒–—―─ー.、,，。:“”‘’\"'「」]")


def _channels() -> Iterator[tuple[str, str]]:
    for channel, words in CHANNEL_WORDS.items():
        yield from ((channel.value, channel.value), (words.zh, channel.value))


def _kinds() -> Iterator[tuple[str, str]]:
    for kind, row in KINDS.items():
        names = {kind.value, row.printed, row.words.zh}
        if kind is not ApplicantKind.NATURAL_PERSON:
            names |= {f"法人或其他组织{row.printed}", f"法人或者其他组织{row.printed}"}
        yield from ((name, kind.value) for name in names)


def _outcomes() -> Iterator[tuple[str, str]]:
    for row in OUTCOMES.values():
        for name in _names(row):
            yield name, row.code.value


def _names(row: OutcomeRow) -> set[str]:
    """``三(三)5``, with the words after it or without; also as the form prints it, where the class stands above."""
    short = row.number.removeprefix("三")
    words = {row.words.zh, row.printed.removeprefix(f"{row.item}.")}
    printed = row.printed if row.item else row.printed.removeprefix(GROUPS[row.group].printed[:3])
    names = {row.code.value, row.number, short, row.words.zh, row.printed}
    for number in (row.number, short):
        names |= {number + word for word in {*words, printed}}
    return names


def _spelled(names: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Spelling → key; two keys under one spelling would make a ledger mean what nobody wrote."""
    table: dict[str, str] = {}
    for name, key in names:
        if table.setdefault(spelled(name), key) != key:
            raise ValueError(f"{name} is the name of both {key} and {table[spelled(name)]}")
    return table


_BLANK: Final = Text("不能为空", "blank")
_NOT_A_DAY: Final = Text(
    "“{value}”不是日期，请写成 2023-01-13、2023/1/13 或者 2023年1月13日",
    "“{value}” is not a date; write 2023-01-13, 2023/1/13 or 2023年1月13日",
)
_NO_SUCH_DAY: Final = Text("没有“{value}”这一天", "there is no day “{value}”")
_NOT_DAYS: Final = Text("“{value}”不是1至20之间的整数", "“{value}” is not a whole number from 1 to 20")
_UNKNOWN: Final = Text("“{value}”不是{what}", "“{value}” is not {what}")
_TOO_MANY_DIGITS: Final = Text(
    "按数字存储，超过15位的部分已经丢失，请把单元格设为文本后重新填写",
    "is stored as a number, of which spreadsheets keep 15 digits; format the cell as text and type it again",
)
_CHANNEL: Final = Text(
    "申请渠道（当面、邮寄、平信、网络、电子邮件、传真、其他）",
    "a channel (当面, 邮寄, 平信, 网络, 电子邮件, 传真, 其他)",
)
_KIND: Final = Text(
    "申请人类型（自然人、商业企业、科研机构、社会公益组织、法律服务机构、法人或其他组织—其他）",
    "a kind of applicant (自然人, 商业企业, 科研机构, 社会公益组织, 法律服务机构, 法人或其他组织—其他)",
)
_OUTCOME: Final = Text(
    "表三的办理结果（如“三(一)予以公开”“三(三)5”或者 refused_5）",
    "a result of table 3 (such as 三(一)予以公开, 三(三)5 or refused_5)",
)


def _shown(given: str) -> str:
    short = " ".join(given.split())
    return short if len(short) <= 30 else short[:30] + "…"


#: How each fact is read from its cell, seen from a day. Texts as long as the desk takes them; a contact holds them all.
READERS: Final[dict[str, Callable[[Cell, date], Any]]] = {
    "number": text(80),
    "received_on": required_day,
    "channel": one_of(_spelled(_channels()), _CHANNEL, required=True),
    "applicant_kind": one_of(_spelled(_kinds()), _KIND, required=True),
    "applicant_name": text(200, required=True),
    "identity_number": identity_number,
    "contact": text(1000),
    "content": text(LONGEST_CONTENT, required=True, lines=True),
    "supplement_requested_on": day,
    "supplement_received_on": day,
    "extension_days": days,
    "outcome": one_of(_spelled(_outcomes()), _OUTCOME, required=False),
    "closed_on": day,
    "document_number": text(80),
    "note": text(LONGEST_CONTENT, lines=True),
}
