"""``gongkai.calendar/1``: one holiday notice as a file, read strictly; docs/formats/calendar.md explains the fields."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from casework.law.editions import HOLIDAYS, Notice
from casework.law.refusals import Refused
from casework.law.words import Text, said

FORMAT: Final = "gongkai.calendar/1"
LARGEST: Final = 64 * 1024
"""Bytes; a year's notice takes about one thousand."""
_KEYS: Final = frozenset(
    {"format", "year", "document_number", "published_on", "off", "make_up", "region", "supersedes"}
)
_REQUIRED: Final = ("format", "year", "document_number", "published_on", "off")
_LONGEST_OFF: Final = 31


@dataclass(frozen=True, slots=True)
class EditionFile:
    """One notice: a year's arrangement, a change of it within the year, or a region's own days."""

    year: int
    number: str
    published_on: date
    notice: Notice
    region: str = ""
    supersedes: str = ""
    """Document number of an applied edition that this one replaces whole."""

    @property
    def off(self) -> list[dict[str, str]]:
        """The days off as the file writes them: one entry for days in a row under one name."""
        entries: list[dict[str, str]] = []
        before: tuple[date, str] | None = None
        for day, name in sorted(self.notice.off.items()):
            if before == (day - timedelta(days=1), name.zh):
                entries[-1]["to"] = day.isoformat()
            else:
                entries.append({"from": day.isoformat(), "to": day.isoformat(), "name": name.zh})
            before = day, name.zh
        return entries

    @property
    def make_up(self) -> list[dict[str, str]]:
        return [{"on": day.isoformat(), "for": name.zh} for day, name in sorted(self.notice.make_up.items())]

    def as_json(self) -> str:
        """The file in its one canonical spelling."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "year": self.year,
            "document_number": self.number,
            "published_on": self.published_on.isoformat(),
        }
        if self.region:
            document["region"] = self.region
        if self.supersedes:
            document["supersedes"] = self.supersedes
        return json.dumps(document | {"off": self.off, "make_up": self.make_up}, ensure_ascii=False, indent=1) + "\n"

    @property
    def content_hash(self) -> str:
        """The same for two files that say the same, however they are spelled."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def read(content: bytes) -> EditionFile:
    """A file's content; ``Refused`` with a sentence for the first thing that is wrong with it."""
    if len(content) > LARGEST:
        raise Refused(_TOO_LARGE.format(size=_size(len(content)), limit=LARGEST // 1024), field="file")
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Refused(_NOT_UTF8, field="file") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise Refused(_NOT_JSON.format(line=getattr(error, "lineno", 1)), field="file") from None
    if not isinstance(document, dict):
        raise Refused(_NOT_AN_OBJECT, field="file")
    return from_document(document)


def from_document(document: Mapping[str, Any]) -> EditionFile:
    """The fields of the format; ``Refused`` for the first that is missing, unknown or impossible."""
    if document.get("format") != FORMAT:
        raise Refused(_OTHER_FORMAT.format(format=FORMAT), field="format")
    for key in _REQUIRED:
        if key not in document:
            raise Refused(_MISSING.format(key=key), field=key)
    if unknown := sorted(set(document) - _KEYS):
        raise Refused(_UNKNOWN.format(key=_shown(unknown[0])), field="file")
    year = document["year"]
    if type(year) is not int or not 2000 <= year <= 2100:
        raise Refused(_WRONG_YEAR.format(year=_shown(year)), field="year")
    number = _text(document, "document_number", 60)
    published_on = _day(document["published_on"], "published_on")
    if not date(year - 1, 1, 1) <= published_on <= date(year, 12, 31):
        raise Refused(_WRONG_PUBLICATION.format(on=said(published_on), year=year), field="published_on")
    off = _days_off(document["off"], year)
    make_up = _days_worked(document.get("make_up", []), year, off)
    region = _text(document, "region", 32) if document.get("region") else ""
    supersedes = _text(document, "supersedes", 60) if document.get("supersedes") else ""
    notice = Notice(number, published_on, MappingProxyType(off), MappingProxyType(make_up))
    return EditionFile(year, number, published_on, notice, region, supersedes)


def check_whole_year(file: EditionFile) -> None:
    """A notice that opens a year has the days that the law gives everybody; one without them is a part of a notice."""
    for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3)):
        on = date(file.year, month, day)
        if on not in file.notice.off:
            raise Refused(_NOT_WHOLE.format(year=file.year, on=said(on)), law="放假办法 2", field="off")


def _days_off(entries: Any, year: int) -> dict[date, Text]:
    if not isinstance(entries, list) or not entries:
        raise Refused(_NO_DAYS_OFF, field="off")
    off: dict[date, Text] = {}
    for entry in _entries(entries, "off", {"from", "to", "name"}):
        first, last = _day(entry["from"], "off"), _day(entry["to"], "off")
        if last < first:
            raise Refused(_BACKWARDS.format(first=said(first), last=said(last)), field="off")
        if (last - first).days >= _LONGEST_OFF:
            raise Refused(_TOO_LONG.format(first=said(first), last=said(last)), field="off")
        name = _name(entry, "name", "off")
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            _check_year(day, year, "off")
            if day in off:
                raise Refused(_TWICE.format(on=said(day)), field="off")
            off[day] = name
    return off


def _days_worked(entries: Any, year: int, off: Mapping[date, Text]) -> dict[date, Text]:
    if not isinstance(entries, list):
        raise Refused(_NO_LIST.format(key="make_up"), field="make_up")
    names = {name.zh for name in off.values()}
    make_up: dict[date, Text] = {}
    for entry in _entries(entries, "make_up", {"on", "for"}):
        day, name = _day(entry["on"], "make_up"), _name(entry, "for", "make_up")
        _check_year(day, year, "make_up")
        if day in off:
            raise Refused(_OFF_AND_WORKED.format(on=said(day)), field="make_up")
        if day.weekday() < 5:
            raise Refused(_WORKED_ANYHOW.format(on=said(day)), field="make_up")
        if day in make_up:
            raise Refused(_TWICE.format(on=said(day)), field="make_up")
        if name.zh not in names:
            raise Refused(_WORKED_FOR_NOTHING.format(on=said(day), name=name.zh), field="make_up")
        make_up[day] = name
    return make_up


def _entries(entries: list[Any], key: str, wanted: set[str]) -> Iterator[Mapping[str, Any]]:
    if len(entries) > 400:
        raise Refused(_TOO_MANY.format(key=key), field=key)
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != wanted:
            raise Refused(_WRONG_ENTRY.format(key=key, wanted=", ".join(sorted(wanted))), field=key)
        yield entry


def _day(value: Any, key: str) -> date:
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Refused(_NO_DATE.format(key=key, value=_shown(value)), field=key)


def _check_year(day: date, year: int, key: str) -> None:
    """New Year's Day may begin in the last week of December, as in the notice of 2023."""
    if day.year != year and not date(year - 1, 12, 25) <= day <= date(year - 1, 12, 31):
        raise Refused(_OTHER_YEAR.format(on=said(day), year=year), field=key)


def _name(entry: Mapping[str, Any], key: str, field: str) -> Text:
    zh = _line(entry[key], field, 40)
    return HOLIDAYS.get(zh) or Text(zh, zh)


def _text(document: Mapping[str, Any], key: str, longest: int) -> str:
    return _line(document[key], key, longest)


def _line(value: Any, key: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise Refused(_NO_TEXT.format(key=key, longest=longest), field=key)
    return value.strip()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise Refused(_KEY_TWICE.format(key=_shown(next(n for n in names if names.count(n) > 1))), field="file")
    return found


def _shown(value: Any) -> str:
    return ascii(value)[:40] if not isinstance(value, str) or not value.isprintable() else value[:40]


def _size(length: int) -> str:
    return f"{length / 1024 / 1024:.1f} MB" if length >= 1024 * 1024 else f"{length // 1024} KB"


_TOO_LARGE: Final = Text(
    "文件有{size}，超过{limit} KB的上限。一年的放假安排只有大约1 KB，请核对是否选错了文件。",
    "The file has {size}; the limit is {limit} KB. A year's holidays take about 1 KB: is it the right file?",
)
_NOT_UTF8: Final = Text("文件不是UTF-8编码的文本。", "The file is not text in UTF-8.")
_NOT_JSON: Final = Text("文件不是JSON，第{line}行有误。", "The file is not JSON; the fault is in line {line}.")
_NOT_AN_OBJECT: Final = Text("文件应当是一个JSON对象。", "The file must be one JSON object.")
_OTHER_FORMAT: Final = Text("文件的format应当是“{format}”。", "The file's “format” must be “{format}”.")
_MISSING: Final = Text("文件缺少“{key}”。", "The file lacks “{key}”.")
_UNKNOWN: Final = Text("文件有不认识的项“{key}”。", "The file has an unknown field “{key}”.")
_KEY_TWICE: Final = Text("文件中“{key}”出现了两次。", "“{key}” stands in the file twice.")
_WRONG_YEAR: Final = Text(
    "年份“{year}”应当是2000至2100之间的整数。", "The year “{year}” must be a whole number from 2000 to 2100."
)
_WRONG_PUBLICATION: Final = Text(
    "公布日期{on}不可能是{year}年放假安排的公布日期。",
    "{on} can't be the day on which the holidays of {year} were published.",
)
_NO_DAYS_OFF: Final = Text("“off”应当列出至少一天放假。", "“off” must list at least one day off.")
_NO_LIST: Final = Text("“{key}”应当是列表。", "“{key}” must be a list.")
_TOO_MANY: Final = Text("“{key}”的项目太多。", "“{key}” has too many entries.")
_WRONG_ENTRY: Final = Text(
    "“{key}”的每一项应当恰好有：{wanted}。", "Each entry of “{key}” must have exactly: {wanted}."
)
_NO_DATE: Final = Text(
    "“{key}”中的“{value}”不是存在的日期，应当写作2027-01-31。",
    "“{value}” in “{key}” is no date; write it as 2027-01-31.",
)
_BACKWARDS: Final = Text("放假从{first}到{last}，先后颠倒。", "Days off from {first} to {last} run backwards.")
_TOO_LONG: Final = Text(
    "放假从{first}到{last}，超过31天，请核对。", "Days off from {first} to {last} are more than 31; please check."
)
_TWICE: Final = Text("{on}列了两次。", "{on} is listed twice.")
_OFF_AND_WORKED: Final = Text(
    "{on}既列为放假，又列为调休上班。", "{on} is listed both as a day off and as a day worked in exchange."
)
_WORKED_ANYHOW: Final = Text(
    "{on}不是周末，本来就上班，不能列为调休上班。", "{on} is not at a weekend: it is worked anyhow, not in exchange."
)
_WORKED_FOR_NOTHING: Final = Text(
    "{on}为“{name}”调休上班，但没有这个名称的放假。",
    "{on} is worked in exchange for “{name}”, but no day off has that name.",
)
_OTHER_YEAR: Final = Text("{on}不在{year}年。", "{on} is not in {year}.")
_NO_TEXT: Final = Text(
    "“{key}”应当是不超过{longest}个字的一行文字。", "“{key}” must be one line of at most {longest} characters."
)
_NOT_WHOLE: Final = Text(
    "{year}年的第一份放假安排没有列入{on}，法定全体公民放假的日子不能缺少。请核对文件是否完整。",
    "The first notice of {year} lacks {on}, which the law gives everybody off. Is the file complete?",
)
