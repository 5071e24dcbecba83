"""The registers behind table 二 and section 一: which facts one entry has, and whether they can be so together.

Each register is one row of ``REGISTERS``: form, list, file and history are made of its columns (law.md 7.4, 7.6).
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from .history import Fault
from .refusals import Refused
from .report import DECISIONS, STOCKS
from .words import Text, said

Facts = Mapping[str, Any]
"""Column key → its value; an empty text or ``None`` is what was left blank."""

FIRST_YEAR: Final = 2008
FEES_ITEM: Final = "fees"
ITEMS: Final[Mapping[str, Text]] = MappingProxyType(
    {**DECISIONS, FEES_ITEM: Text("行政事业性收费", "Administrative fees")}
)
CHANNELS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "website": Text("网站", "Website"),
        "wechat": Text("微信", "WeChat"),
        "weibo": Text("微博", "Weibo"),
        "douyin": Text("抖音", "Douyin"),
        "other": Text("其他", "Other"),
    }
)
FORMS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "text": Text("文字", "Text"),
        "graphic": Text("图解", "Graphic"),
        "video": Text("视频", "Video"),
        "press_conference": Text("新闻发布会", "Press conference"),
        "other": Text("其他", "Other"),
    }
)
#: The four that look at what is to be published, in their order; the last is the secrecy check (条例 17).
CLEARANCES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "first": Text("初审", "First review"),
        "second": Text("复审", "Second review"),
        "final": Text("终审", "Final review"),
        "secrecy": Text("保密审查", "Secrecy check"),
    }
)
#: 国办秘函〔2019〕19号: a home page, and an account, without anything new in two weeks fails the inspection.
SILENCE: Final = 14


class Register(StrEnum):
    """One register of an agency."""

    PUBLICATIONS = "publications"
    ACCOUNTS = "accounts"
    DOCUMENTS = "documents"
    STOCKS = "stocks"
    FIGURES = "figures"
    EXPLANATIONS = "explanations"


class Takes(StrEnum):
    """What a column takes."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    WHOLE = "whole"
    AMOUNT = "amount"
    CODE = "code"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Column:
    """One fact of an entry. ``hint`` explains it in a form; ``listed`` says whether the list on the page shows it.

    ``of`` is ``item`` or ``batch`` where only a publication by itself, or only a month of them, has the fact.
    """

    key: str
    words: Text
    takes: Takes = Takes.TEXT
    required: bool = False
    longest: int = 200
    codes: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    hint: Text | None = None
    listed: bool = True
    least: int = 0
    most: int = 10**9
    of: str = ""
    stands: int | None = None
    """What a blank form offers."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A register: its name, what it is for, its columns."""

    register: Register
    words: Text
    says: Text
    columns: tuple[Column, ...]
    law: str = ""

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


_YEAR: Final = Column("year", Text("年度", "Year"), Takes.WHOLE, required=True, least=FIRST_YEAR, most=9999)
_SOURCE: Final = Column(
    "source",
    Text("来源", "Source"),
    required=True,
    hint=Text(
        "数字从哪里来，例如某科室某月统计表。", "Where the figure comes from, such as a division’s monthly return."
    ),
)
_ADDRESS: Final = Column("address", Text("网址", "Address"), longest=500, listed=False)
_CHANNEL: Final = Column("channel", Text("渠道", "Channel"), Takes.CODE, required=True, codes=CHANNELS)


def _clearances() -> Iterator[Column]:
    for key, words in CLEARANCES.items():
        who = Text("人", " by")
        yield Column(f"{key}_by", Text(words.zh + who.zh, words.en + who.en), longest=80, listed=False)
        yield Column(f"{key}_on", Text(words.zh + "日期", words.en + " on"), Takes.DAY, listed=False)


REGISTERS: Final[Mapping[Register, RegisterRow]] = MappingProxyType(
    {
        row.register: row
        for row in (
            RegisterRow(
                Register.PUBLICATIONS,
                Text("主动公开", "Publications"),
                Text(
                    "每一条主动公开的信息，或者一个栏目一个月的条数；公开前要经三审和保密审查。",
                    "Each thing published proactively, or a column’s number in a month; three reviews and a secrecy "
                    "check come before it.",
                ),
                (
                    replace(_CHANNEL, required=False),
                    Column("account", Text("账号", "Account"), Takes.ACCOUNT, required=True),
                    Column("column", Text("栏目", "Column"), required=True, longest=80),
                    Column("on", Text("发布日期", "Published on"), Takes.DAY, of="item"),
                    Column("title", Text("标题", "Title"), longest=300, of="item"),
                    Column("address", Text("网址", "Address"), longest=500, listed=False, of="item"),
                    Column("month", Text("月份", "Month"), Takes.MONTH, of="batch"),
                    Column("number", Text("条数", "Number"), Takes.WHOLE, of="batch"),
                    Column("source", _SOURCE.words, hint=_SOURCE.hint, listed=False, of="batch"),
                    *_clearances(),
                ),
                "条例 17",
            ),
            RegisterRow(
                Register.ACCOUNTS,
                Text("公开渠道账号", "Accounts"),
                Text(
                    "网站和新媒体账号，以及多长时间没有更新应当提醒。",
                    "Websites and accounts, and how long each may be silent.",
                ),
                (
                    _CHANNEL,
                    Column("name", Text("名称", "Name"), required=True, longest=120),
                    Column("opened_on", Text("开通日期", "Opened on"), Takes.DAY, required=True),
                    Column("closed_on", Text("关停日期", "Closed on"), Takes.DAY),
                    Column(
                        "silent_days",
                        Text("最长不更新天数", "Longest silence (days)"),
                        Takes.WHOLE,
                        required=True,
                        least=1,
                        most=366,
                        stands=SILENCE,
                        hint=Text(
                            "超过这么多天没有发布的，在登记簿上提醒；检查指标为两周。",
                            "Longer without a publication is pointed out; the inspection’s measure is two weeks.",
                        ),
                    ),
                ),
            ),
            RegisterRow(
                Register.DOCUMENTS,
                Text("规章和行政规范性文件", "Regulations and normative documents"),
                Text(
                    "制发、修订和废止，表二第二十条第（一）项由此计算。",
                    "Made, amended and repealed; the first part of table 2 is counted from them.",
                ),
                (
                    Column("kind", Text("种类", "Kind"), Takes.CODE, required=True, codes=STOCKS),
                    Column("title", Text("标题", "Title"), required=True, longest=300),
                    Column("number", Text("文号", "Document number"), longest=80),
                    Column("made_on", Text("制发日期", "Made on"), Takes.DAY, required=True),
                    Column(
                        "revises",
                        Text("修订的文件", "Document revised"),
                        longest=300,
                        listed=False,
                        hint=Text(
                            "修订后重新公布的，写明原文件；计入制发，原文件另登记废止。",
                            "If it replaces an earlier text, name that. It counts as made; the old one is repealed.",
                        ),
                    ),
                    Column("published_on", Text("公开日期", "Published on"), Takes.DAY, listed=False),
                    _ADDRESS,
                    Column(
                        "amended_on",
                        Text("修改日期", "Amended on"),
                        Takes.DAY,
                        listed=False,
                        hint=Text(
                            "部分条款被修改，文件继续有效的。", "Some articles were changed and it stays in force."
                        ),
                    ),
                    Column("amended_by", Text("修改依据", "Amended by"), listed=False),
                    Column("repealed_on", Text("废止日期", "Repealed on"), Takes.DAY),
                    Column("repealed_by", Text("废止依据", "Repealed by"), listed=False),
                ),
                "条例 20(1)",
            ),
            RegisterRow(
                Register.STOCKS,
                Text("现行有效件数", "Stock in force"),
                Text(
                    "使用本系统以前的文件，登记某年年底现行有效多少件；以后各年由制发和废止推算。",
                    "For documents of before this system: how many were in force at the end of a year. Later years "
                    "follow from what is made and repealed.",
                ),
                (
                    Column("kind", Text("种类", "Kind"), Takes.CODE, required=True, codes=STOCKS),
                    _YEAR,
                    Column(
                        "number",
                        Text("年底现行有效件数", "In force at the end of the year"),
                        Takes.WHOLE,
                        required=True,
                    ),
                    _SOURCE,
                ),
                "条例 20(1)",
            ),
            RegisterRow(
                Register.FIGURES,
                Text("许可、处罚、强制和收费", "Permits, penalties, coercion and fees"),
                Text(
                    "每月或者全年的数量，收费按元填写，表二换算为万元。",
                    "By month or for the whole year; fees in yuan, which table 2 prints in 10,000 yuan.",
                ),
                (
                    Column("item", Text("事项", "Item"), Takes.CODE, required=True, codes=ITEMS),
                    _YEAR,
                    Column(
                        "month",
                        Text("月份", "Month"),
                        Takes.WHOLE,
                        least=1,
                        most=12,
                        hint=Text("1至12；全年的数字留空。", "1 to 12; leave it blank for the whole year."),
                    ),
                    Column(
                        "amount",
                        Text("数量或金额（元）", "Number, or yuan"),
                        Takes.AMOUNT,
                        required=True,
                        hint=Text("收费可以写到分，例如 12345.67。", "Fees may have cents, such as 12345.67."),
                    ),
                    _SOURCE,
                ),
                "条例 20(5)、20(6)、20(8)",
            ),
            RegisterRow(
                Register.EXPLANATIONS,
                Text("政策解读", "Policy explanations"),
                Text(
                    "解读材料按形式计数：文字、图解、视频、新闻发布会。",
                    "Explanations are counted by form: text, graphic, video, press conference.",
                ),
                (
                    Column("form", Text("形式", "Form"), Takes.CODE, required=True, codes=FORMS),
                    Column("title", Text("标题", "Title"), required=True, longest=300),
                    Column("on", Text("发布日期", "Published on"), Takes.DAY, required=True),
                    Column("explains", Text("解读的文件", "Document explained"), longest=300),
                    _ADDRESS,
                ),
            ),
        )
    }
)

# ── What people type ─────────────────────────────────────────────────────────────────────────────────────────────────


def whole(text: str, column: Column) -> int:
    """``1,234`` or ``１２３４``, within the bounds of its column."""
    digits = _half_width(text).replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}", digits) or not column.least <= int(digits) <= column.most:
        raise Refused(
            Text("请填写{least}至{most}之间的整数。", "Enter a whole number from {least} to {most}.").format(
                least=column.least, most=column.most
            ),
            field=column.key,
        )
    return int(digits)


def amount(text: str, column: Column) -> Decimal:
    """A number, or an amount in yuan to the cent: ``12,345.60``."""
    given = _half_width(text).replace(",", "").removesuffix("元")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", given):
        raise Refused(
            Text(
                "请填写数字，金额以元为单位，最多两位小数，例如 12345.67。",
                "Enter a number; an amount is in yuan with at most two decimals, such as 12345.67.",
            ),
            field=column.key,
        )
    return Decimal(given).quantize(Decimal("0.01"))


def month(text: str, column: Column) -> date:
    """``2023-11``, ``2023/11`` or ``2023年11月``: the first day of it."""
    match = re.fullmatch(r"([0-9]{4})(?:[-/.年])([0-9]{1,2})月?", _half_width(text))
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < FIRST_YEAR:
        raise Refused(
            Text("请填写月份，例如 2023-11。", "Enter a month such as 2023-11."),
            field=column.key,
        )
    return date(int(match[1]), int(match[2]), 1)


def _half_width(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def last_of(first: date) -> date:
    """The last day of a month."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def in_10k_yuan(yuan: Decimal) -> str:
    """Yuan as the form prints them, in 万元: exact, never rounded, without zeros at the end (law.md 7.4)."""
    text = format(yuan.scaleb(-4), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


# ── What can be so ───────────────────────────────────────────────────────────────────────────────────────────────────


def faults(register: Register, facts: Facts, *, on: date) -> list[Fault]:
    """What is wrong with the facts of one entry taken together, seen from the day ``on``."""
    found = [
        Fault(column.key, _BLANK)
        for column in REGISTERS[register].columns
        if column.required and facts.get(column.key) in (None, "")
    ]
    return found or [*_MORE.get(register, lambda _facts, _on: iter(()))(facts, on)]


def _of_publication(facts: Facts, on: date) -> Iterator[Fault]:
    batched = facts.get("month") is not None or facts.get("number") is not None
    wanted, alien = (("month", "number", "source"), ("on", "title", "address")) if batched else (("on", "title"), ())
    for key in wanted:
        if facts.get(key) in (None, ""):
            yield Fault(key, _BATCH_WANTS if batched else _ITEM_WANTS)
            return
    for key in alien:
        if facts.get(key) not in (None, ""):
            yield Fault(key, _NOT_BOTH)
    if batched and facts["number"] < 1:
        yield Fault("number", _NO_EMPTY_MONTH)
    yield from _not_after(facts, "month" if batched else "on", on)
    until = published_until(facts)
    for key, words in CLEARANCES.items():
        who, when = facts.get(f"{key}_by"), facts.get(f"{key}_on")
        if bool(who) != bool(when):
            yield Fault(f"{key}_on" if who else f"{key}_by", _WHO_AND_WHEN.format(what=words))
        elif when and when > on:
            yield Fault(f"{key}_on", _FUTURE.format(on=said(when)))
    order = [facts.get(f"{key}_on") for key in ("first", "second", "final")]
    passed = [day for day in order if day]
    if passed != sorted(passed):
        yield Fault("final_on", _REVIEW_ORDER)
    if until.year < FIRST_YEAR:
        yield Fault("on", _TOO_EARLY)


def published_until(facts: Facts) -> date:
    """The day of a publication, or the last day of the month that a batch stands for."""
    return last_of(facts["month"]) if facts.get("month") else facts["on"]


def _of_account(facts: Facts, on: date) -> Iterator[Fault]:
    yield from _not_after(facts, "opened_on", on)
    yield from _in_order(facts, "opened_on", "closed_on", _CLOSED_EARLY)


def _of_document(facts: Facts, on: date) -> Iterator[Fault]:
    for key in ("made_on", "published_on"):
        yield from _not_after(facts, key, on)
    # A document may be repealed from a later day on, which is known before.
    for key in ("published_on", "amended_on", "repealed_on"):
        yield from _in_order(facts, "made_on", key, _BEFORE_MADE)
    for when, who in (("repealed_on", "repealed_by"), ("amended_on", "amended_by")):
        if bool(facts.get(when)) != bool(facts.get(who)):
            yield Fault(who if facts.get(when) else when, _DAY_AND_BASIS)


def _of_stock(facts: Facts, on: date) -> Iterator[Fault]:
    if facts["year"] >= on.year:
        yield Fault("year", _YEAR_NOT_OVER.format(year=on.year))


def _of_figure(facts: Facts, on: date) -> Iterator[Fault]:
    if (facts["year"], facts.get("month") or 1) > (on.year, on.month):
        yield Fault("month" if facts["year"] == on.year else "year", _NOT_YET)
    if facts["item"] != FEES_ITEM and facts["amount"] % 1:
        yield Fault("amount", _WHOLE_DECISIONS)


def _of_explanation(facts: Facts, on: date) -> Iterator[Fault]:
    yield from _not_after(facts, "on", on)


_MORE: Final = {
    Register.PUBLICATIONS: _of_publication,
    Register.ACCOUNTS: _of_account,
    Register.DOCUMENTS: _of_document,
    Register.STOCKS: _of_stock,
    Register.FIGURES: _of_figure,
    Register.EXPLANATIONS: _of_explanation,
}


def _not_after(facts: Facts, key: str, on: date) -> Iterator[Fault]:
    if facts.get(key) and facts[key] > on:
        yield Fault(key, _FUTURE.format(on=said(facts[key])))


def _in_order(facts: Facts, first: str, second: str, sentence: Text) -> Iterator[Fault]:
    if facts.get(first) and facts.get(second) and facts[second] < facts[first]:
        yield Fault(second, sentence)


_BLANK: Final = Text("必须填写", "can’t be blank")
_FUTURE: Final = Text("{on}还没有到", "{on} has not come yet")
_TOO_EARLY: Final = Text("早于2008年", "is before 2008")
_ITEM_WANTS: Final = Text(
    "逐条登记的，要有发布日期和标题；按月计数的，要有月份、条数和来源",
    "a single publication needs its day and title; a month’s number needs month, number and source",
)
_BATCH_WANTS: Final = Text("按月计数的，要有月份、条数和来源", "a month’s number needs month, number and source")
_NOT_BOTH: Final = Text(
    "已经按月计数，不能同时填写某一条的日期、标题或者网址",
    "a month’s number has no day, title or address of one publication",
)
_NO_EMPTY_MONTH: Final = Text("没有发布的月份不用登记", "a month without publications needs no entry")
_WHO_AND_WHEN: Final = Text("{what}要同时写明审查人和日期", "{what}: say both who and when")
_REVIEW_ORDER: Final = Text("初审、复审、终审的日期先后不对", "the three reviews are not in the order of their days")
_CLOSED_EARLY: Final = Text("早于开通日期", "is before the day of opening")
_BEFORE_MADE: Final = Text("早于制发日期", "is before the day on which it was made")
_DAY_AND_BASIS: Final = Text("日期和依据要同时填写", "give both the day and the basis")
_YEAR_NOT_OVER: Final = Text("年底还没有到，应当早于{year}年", "the year is not over; it must lie before {year}")
_NOT_YET: Final = Text("还没有到", "has not come yet")
_WHOLE_DECISIONS: Final = Text("处理决定的数量应当是整数", "a number of decisions is a whole number")

# ── What makes two entries the same ──────────────────────────────────────────────────────────────────────────────────


def key_of(register: Register, facts: Facts) -> str:
    """What an entry is known by within its agency, so that a list read twice adds nothing: 64 signs."""
    named = [_plain(facts.get(key)) for key in _IDENTITY[register](facts)]
    return sha256("\x1f".join([register.value, *named]).encode()).hexdigest()


def _plain(value: Any) -> str:
    return _half_width(value).casefold() if isinstance(value, str) else "" if value is None else str(value)


def _publication_key(facts: Facts) -> tuple[str, ...]:
    if facts.get("month"):
        return ("account", "month", "column")
    return ("account", "address") if facts.get("address") else ("account", "on", "title")


_IDENTITY: Final[Mapping[Register, Callable[[Facts], tuple[str, ...]]]] = {
    Register.PUBLICATIONS: _publication_key,
    Register.ACCOUNTS: lambda _facts: ("channel", "name"),
    Register.DOCUMENTS: lambda facts: ("kind", "number") if facts.get("number") else ("kind", "title", "made_on"),
    Register.STOCKS: lambda _facts: ("kind", "year"),
    Register.FIGURES: lambda _facts: ("item", "year", "month"),
    Register.EXPLANATIONS: lambda _facts: ("form", "title", "on"),
}
