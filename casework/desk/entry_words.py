"""Entries of the registers in words: the facts that a list shows, one fact, and what a correction changed."""

from collections.abc import Sequence
from decimal import Decimal

from casework.law.registers import CHANNELS, REGISTERS, Column, Register, RegisterRow, Takes
from casework.law.words import said
from casework.models import ChannelAccount, Entry, Publication, accounts_of
from casework.templatetags.words import read

Accounts = dict[int, ChannelAccount]


def lines_of(register: Register, rows: Sequence[Entry]) -> list[tuple[Entry, list[tuple[Column, str]]]]:
    """Each entry with its facts as its list shows them; the first leads to the entry."""
    accounts = accounts_of({row.agency_id for row in rows}) if register is Register.PUBLICATIONS else {}
    listed = [column for column in REGISTERS[register].columns if column.listed]
    return [(row, [(column, fact_in_words(column, row, accounts)) for column in listed]) for row in rows]


def fact_in_words(column: Column, row: Entry, accounts: Accounts) -> str:
    """A fact in the language of the page."""
    if isinstance(row, Publication) and column.key in {"channel", "account"}:
        account = accounts.get(row.account_id) or row.account
        return read(CHANNELS[account.channel]) if column.key == "channel" else account.name
    value = row.facts[column.key]
    if value in (None, ""):
        return ""
    match column.takes:
        case Takes.CODE:
            return read(column.codes[value])
        case Takes.DAY:
            return read(said(value))
        case _:
            return f"{value:%Y-%m}" if column.takes is Takes.MONTH else plain_number(value)


def changes(
    register: RegisterRow, before: Entry | None, row: Entry, accounts: Accounts
) -> list[tuple[Column, str, str]]:
    """What a row changed of the one before it: column, what was, what is."""
    if before is None:
        return []
    pairs = (
        (column, fact_in_words(column, before, accounts), fact_in_words(column, row, accounts))
        for column in register.columns
    )
    return [(column, was, now) for column, was, now in pairs if was != now]


def plain_number(value: object) -> str:
    """``12`` and ``12345.6`` for decimals with zeros at the end; anything else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
