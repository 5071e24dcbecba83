"""Looking at a year's table from an earlier day: what the address asks for, and the address that asks for it."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from casework import annual
from casework.law.refusals import Refused
from casework.law.words import Text, said


@dataclass(frozen=True, slots=True)
class Seen:
    """The day, and whether by what was on record then or by the facts that are known now."""

    as_of: date
    recorded: bool

    @property
    def known_at(self) -> datetime | None:
        return annual.end_of(self.as_of) if self.recorded else None


def seen_of(asked: Mapping[str, str], year: int, on: date) -> Seen | None:
    """The day that an address asks for; ``Refused`` for one before the year, in the future, or no day at all."""
    typed = asked.get("as_of", "")
    if not typed:
        return None
    with contextlib.suppress(ValueError):
        as_of = date.fromisoformat(typed)
        if date(year, 1, 1) <= as_of <= on:
            return Seen(as_of, recorded=asked.get("known") == "then")
    raise Refused(
        Text("请填写{first}至今天的日期。", "Give a day from {first} to today.").format(first=said(date(year, 1, 1))),
        field="as_of",
    )


def suffix(*, region: bool, seen: Seen | None) -> str:
    """What an address needs to show the same table."""
    asked = {"region": "1"} if region else {}
    if seen is not None:
        asked |= {"as_of": seen.as_of.isoformat()} | ({"known": "then"} if seen.recorded else {})
    return f"?{urlencode(asked)}" if asked else ""
