"""Entries of the registers for tests, always by the verb."""

from datetime import date
from decimal import Decimal
from typing import Any

from casework.actions.registers import record
from casework.law.registers import Register
from casework.models import Agency, Entry
from tests.cast import Cast, moment

#: The day on which the entries are written: all of 2023 is over.
WRITTEN = date(2024, 1, 10)
SOURCE = "统计表"


def kept(players: Cast, register: Register, *, agency: Agency | None = None, **facts: Any) -> Entry:
    """An entry of Dongshan, or of Civil Affairs by somebody who may."""
    agency = agency or players.dongshan
    if not players.wang.holds(agency.pk, "clerk"):
        players.wang.appointments.create(agency=agency, role="clerk")
        players.wang.__dict__.pop("_roles", None)
    return record(agency, register, facts, by=players.wang, at=moment(WRITTEN))


def account(players: Cast, channel: str = "website", name: str = "门户网站", **facts: Any) -> int:
    """The number of a new account that has been open for long."""
    given: dict[str, Any] = {"opened_on": date(2019, 1, 1), "silent_days": 14} | facts
    return kept(players, Register.ACCOUNTS, channel=channel, name=name, **given).entry_pk


def published(players: Cast, on_account: int, on: date, title: str = "", **facts: Any) -> Entry:
    given: dict[str, Any] = {"column": "政务动态", "title": title or f"第{on}期"} | facts
    return kept(players, Register.PUBLICATIONS, account=on_account, on=on, **given)


def counted(players: Cast, on_account: int, month: date, number: int, column: str, **facts: Any) -> Entry:
    """A month's number of a column."""
    given: dict[str, Any] = {
        "account": on_account,
        "month": month,
        "number": number,
        "column": column,
        "source": SOURCE,
    } | facts
    return kept(players, Register.PUBLICATIONS, **given)


def figure(players: Cast, item: str, amount: str | int, month: int | None = None, **more: Any) -> Entry:
    """A figure of 2023, or of one of its months."""
    facts: dict[str, Any] = {"item": item, "amount": Decimal(amount), "year": 2023, "month": month, "source": SOURCE}
    return kept(players, Register.FIGURES, **facts, **more)


def document(players: Cast, made_on: date, repealed_on: date | None = None, **facts: Any) -> Entry:
    given: dict[str, Any] = {"kind": "normative_documents", "title": f"{made_on}的办法", "made_on": made_on} | facts
    if repealed_on:
        given |= {"repealed_on": repealed_on, "repealed_by": "清理决定"}
    return kept(players, Register.DOCUMENTS, **given)


def stock(players: Cast, year: int, number: int, kind: str = "normative_documents", **more: Any) -> Entry:
    return kept(players, Register.STOCKS, year=year, number=number, kind=kind, source=SOURCE, **more)


def cleared(on: date) -> dict[str, Any]:
    """All three reviews and the secrecy check on one day."""
    who = {"first": "甲", "second": "乙", "final": "丙", "secrecy": "丁"}
    return {key: value for step, name in who.items() for key, value in ((f"{step}_by", name), (f"{step}_on", on))}
