"""What the demo's district has published, made, decided and charged: last year whole, this year with its gaps."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from casework.actions.registers import record, take_in
from casework.law.calendar import day_of
from casework.law.registers import REGISTERS, Facts, Register, last_of

from .office import DISTRICT, Team

#: Channel, account, and how many it had last year in each column: 610, 24 and 1989, as the example's report says.
LAST_YEAR: Final = (
    ("website", f"{DISTRICT}人民政府门户网站", (("概况", 24), ("政务动态", 372), ("信息公开目录", 98), ("专题", 116))),
    ("douyin", f"魅力{DISTRICT[:2]}", (("短视频", 24),)),
    ("wechat", f"我爱{DISTRICT}", (("推送", 1989),)),
)
_NEWS: Final = ("老旧小区改造进展", "本周重点工作", "惠民补贴发放", "道路施工通告", "招聘公告")
_SOURCE: Final = "各渠道后台统计（演示数据）"


def keep_registers(teams: dict[str, Team], *, at: datetime) -> None:
    """The office keeps its registers by the same verbs as everybody."""
    team, today = teams["office"], day_of(at)

    def taken(register: Register, rows: list[Facts]) -> None:
        stated = {column.key for column in REGISTERS[register].columns}
        take_in(team.agency, register, rows, stated=stated, by=team.clerks[0], at=at)

    accounts = {
        channel: record(
            team.agency,
            Register.ACCOUNTS,
            {"channel": channel, "name": name, "opened_on": date(2019, 5, 15), "silent_days": 14},
            by=team.clerks[0],
            at=at,
        ).pk
        for channel, name, _columns in LAST_YEAR
    }
    taken(Register.PUBLICATIONS, [*_last_year(accounts, today.year - 1), *_this_year(accounts, today)])
    taken(Register.STOCKS, [_stock(today.year - 2)])
    taken(Register.DOCUMENTS, [*_documents(today)])
    taken(Register.FIGURES, [*_figures(today)])
    taken(Register.EXPLANATIONS, [*_explanations(today.year - 1)])


def _blank(register: Register, **facts: Any) -> Facts:
    return {c.key: "" if c.takes in {"text", "code"} else None for c in REGISTERS[register].columns} | facts


def _cleared(on: date) -> dict[str, Any]:
    """Four people on the day."""
    names = {"first": "王敏", "second": "陈晨", "final": "李立", "secrecy": "秦守密"}
    return {key: value for step, name in names.items() for key, value in ((f"{step}_by", name), (f"{step}_on", on))}


def _last_year(accounts: dict[str, int], year: int) -> Iterator[Facts]:
    for channel, _name, columns in LAST_YEAR:
        for column, total in columns:
            for month in range(1, 13):
                first = date(year, month, 1)
                facts = {"account": accounts[channel], "column": column, "month": first, "source": _SOURCE}
                n = total // 12 + (month <= total % 12)
                yield _blank(Register.PUBLICATIONS, number=n, **facts, **_cleared(last_of(first)))


def _this_year(accounts: dict[str, int], today: date) -> Iterator[Facts]:
    """Something every fourth day; some of it left without a check, and the Douyin account fell silent in summer."""
    for n, days in enumerate(range(0, 364, 4)):
        on = today - timedelta(days=days)
        channel = ("website", "wechat")[n % 2] if n < 30 else ("website", "wechat", "douyin")[n % 3]
        if on.year != today.year:
            return
        clearance = _cleared(on) if n % 17 else {}
        title = f"{_NEWS[n % len(_NEWS)]}（第{n + 1}期）"
        facts = {"account": accounts[channel], "column": "政务动态", "on": on, "title": title}
        yield _blank(Register.PUBLICATIONS, **facts, **clearance)


def _stock(year: int) -> Facts:
    facts = {"kind": "normative_documents", "year": year, "number": 11}
    return _blank(Register.STOCKS, source="规范性文件清理结果（演示数据）", **facts)


def _documents(today: date) -> Iterator[Facts]:
    last = today.year - 1
    made = (
        ("东山区政府信息公开工作规程", f"东政规〔{last}〕1号", date(last, 3, 1), None, ""),
        ("东山区农村危房改造补助办法", f"东政规〔{last}〕2号", date(last, 9, 20), None, ""),
        ("东山区小微企业补贴办法", "东政规〔2018〕4号", date(2018, 6, 1), date(last, 12, 1), f"东政规〔{last}〕3号"),
    )
    for title, number, on, until, basis in made:
        facts = {"title": title, "number": number, "made_on": on, "repealed_on": until, "repealed_by": basis}
        yield _blank(Register.DOCUMENTS, kind="normative_documents", **facts)


def _figures(today: date) -> Iterator[Facts]:
    last = today.year - 1
    source = "行政审批局、综合执法局年报（演示数据）"
    for item, amount in (("permits", 31), ("penalties", 6), ("coercive_measures", 0), ("fees", Decimal("286500.40"))):
        yield _blank(Register.FIGURES, item=item, year=last, month=None, amount=Decimal(amount), source=source)
    for month in range(1, today.month):
        facts = {"item": "permits", "year": today.year, "month": month, "amount": Decimal(2 + month % 3)}
        yield _blank(Register.FIGURES, source="行政审批局月报（演示数据）", **facts)


def _explanations(year: int) -> Iterator[Facts]:
    explained = (("text", "工作规程解读"), ("text", "危房改造补助办法问答"), ("graphic", "一图读懂危房改造补助"))
    for n, (form, title) in enumerate(explained, start=1):
        facts = {"form": form, "title": title, "on": date(year, 3 * n, 5)}
        yield _blank(Register.EXPLANATIONS, explains="东山区政府信息公开工作规程", **facts)
