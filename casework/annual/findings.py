"""What the registers of a year lack, said while it can still be put right.

The example's own section 五 complains of it: published without a secrecy check, accounts that nobody looks after.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from casework.law.registers import ITEMS, Register
from casework.law.report import STOCKS
from casework.law.words import Text, said
from casework.models import Agency, ChannelAccount, Level, Publication, accounts_of
from casework.models.register import uncleared

from .registers import figures_counted, published_in, stock_checks, stocks_of

#: 立法法 93: provinces and cities with districts make regulations; counties, townships and departments do not. The
#: amendment of 2023 gave the article its number; it was 82 before.
MAKES_REGULATIONS: Final = frozenset({Level.PROVINCE, Level.CITY})
_RENUMBERED: Final = 2023
_NAMED: Final = 20


class Lacks(StrEnum):
    """Kinds of findings, the gravest first."""

    UNCLEARED = "uncleared"
    STOCK = "stock"
    SILENT = "silent"
    REGULATION = "regulation"
    BOTH = "both"
    MONTHS = "months"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what, in which register, and the entries that it concerns by name."""

    lacks: Lacks
    sentence: Text
    register: Register
    entries: tuple[Publication, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which an account published nothing: the days before and after it, and how many lie between."""

    account: ChannelAccount
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def findings(agency: Agency, year: int, *, on: date) -> list[Finding]:
    """What to look at in the registers of a year, seen from the day ``on``; the gravest first."""
    return [
        *_uncleared(agency, year),
        *_stock(agency, year),
        *_silent(agency, year, on),
        *_regulations(agency, year),
        *_figures(agency, year, on),
    ]


def silences(agency: Agency, year: int, *, on: date) -> list[Silence]:
    """Where an account was silent for more days than it may, up to the day ``on``.

    A publication on the 1st and the next on the 15th lie 14 days apart. A batch covers its whole month, because it does
    not tell its days. What was published before the year begins is remembered; the account is not blamed for the time
    before it was opened, or before the year where the register knows of nothing earlier.
    """
    first, last = date(year, 1, 1), min(date(year, 12, 31), on)
    accounts = {
        pk: account
        for pk, account in accounts_of([agency]).items()
        if account.opened_on <= last and (account.closed_on is None or account.closed_on >= first)
    }
    days = _published(agency, accounts, first, last)
    found = []
    for pk, account in sorted(accounts.items(), key=lambda pair: (pair[1].channel, pair[1].name)):
        end = min(last, account.closed_on or last)
        since = days[pk][0][1] if days[pk] and days[pk][0][0] < first else max(first, account.opened_on)
        for start, until in days[pk]:
            if start >= first and (start - since).days > account.silent_days:
                found.append(Silence(account, since, start))
            since = max(since, until)
        if (end - since).days > account.silent_days:
            found.append(Silence(account, since, end))
    return found


def _published(
    agency: Agency, accounts: dict[int, ChannelAccount], first: date, last: date
) -> dict[int, list[tuple[date, date]]]:
    """Account → the days or months of its publications in order, the last one of before the year in front."""
    rows = Publication.objects.counting().filter(agency=agency, account__in=accounts).order_by()
    # A publication long ago says as much as the last one before the year, so a year back is enough to look.
    near = rows.filter(on__range=(first - timedelta(days=366), last)).values_list("account", "on", "until").distinct()
    found: dict[int, list[tuple[date, date]]] = {pk: [] for pk in accounts}
    for account, start, until in sorted(near):
        if start < first and found[account]:
            found[account] = [max(found[account][0], (start, until), key=lambda days: days[1])]
        else:
            found[account].append((start, until))
    return found


def _uncleared(agency: Agency, year: int) -> Iterator[Finding]:
    found = uncleared(published_in([agency], year))
    n = found.count()
    if n:
        first = found.order_by("-on", "-pk")[:_NAMED]
        sentence = Text(
            "{n}条没有经过三审和保密审查就公开了，或者审查在公开以后。",
            "{n} published without three reviews and a secrecy check, or before them.",
        ).format(n=n)
        yield Finding(Lacks.UNCLEARED, sentence, Register.PUBLICATIONS, tuple(first), max(0, n - _NAMED))


def _stock(agency: Agency, year: int) -> Iterator[Finding]:
    for check in stock_checks([agency], year):
        if not check.holds:
            yield Finding(Lacks.STOCK, check.sentence, Register.STOCKS)
    for kind, stocks in stocks_of([agency], year).items():
        if stocks[agency.pk].in_force < 0:
            sentence = Text(
                "“{kind}”废止的比原有的多，请登记使用本系统以前的现行有效件数。",
                "{kind}: more were repealed than there were. Record the stock of before this system.",
            ).format(kind=STOCKS[kind])
            yield Finding(Lacks.STOCK, sentence, Register.STOCKS)


def _silent(agency: Agency, year: int, on: date) -> Iterator[Finding]:
    """Account by account: the longest silence, and how many there were."""
    found: dict[ChannelAccount, list[Silence]] = {}
    for silence in silences(agency, year, on=on):
        found.setdefault(silence.account, []).append(silence)
    for account, those in found.items():
        longest = max(those, key=lambda silence: silence.days)
        sentence = Text(
            "“{name}”{n}次超过{most}天没有更新，最长的从{since}到{until}，{days}天。",
            "“{name}” was silent for more than {most} days {n}; the longest from {since} to {until}, {days} days.",
        ).format(
            name=account.name,
            n=Text(f"{len(those)}", "once" if len(those) == 1 else f"{len(those)} times"),
            since=said(longest.since),
            until=said(longest.until),
            days=longest.days,
            most=account.silent_days,
        )
        yield Finding(Lacks.SILENT, sentence, Register.ACCOUNTS)


def _regulations(agency: Agency, year: int) -> Iterator[Finding]:
    stock = stocks_of([agency], year)["regulations"][agency.pk]
    if agency.level not in MAKES_REGULATIONS and (stock.made or stock.in_force > 0):
        sentence = Text(
            "本机关没有制定规章的权限（立法法第{article}条），表二“规章”应当为0，请核对种类。",
            "This agency has no power to make regulations (立法法, art. {article}), so the row should be 0; check "
            "their kind.",
        ).format(article=Text("九十三", "93") if year >= _RENUMBERED else Text("八十二", "82"))
        yield Finding(Lacks.REGULATION, sentence, Register.DOCUMENTS)


def _figures(agency: Agency, year: int, on: date) -> Iterator[Finding]:
    found = figures_counted([agency], year)
    for item, words in ITEMS.items():
        counted = found.get((agency.pk, item))
        if counted is None:
            sentence = Text("{item}没有登记，表二计为0。", "{item}: nothing on record; table 2 says 0.").format(
                item=words
            )
            yield Finding(Lacks.NOTHING, sentence, Register.FIGURES)
            continue
        if counted.total is not None and counted.yearly and counted.months and counted.monthly != counted.total:
            sentence = Text(
                "{item}：表二用全年的数字{total}，各月合计{monthly}不计入，两者不同，请核对。",
                "{item}: table 2 takes the year’s figure {total}; the months add up to {monthly} and are not counted.",
            ).format(item=words, total=f"{counted.total:f}", monthly=f"{counted.monthly:f}")
            yield Finding(Lacks.BOTH, sentence, Register.FIGURES)
        elif not counted.yearly and (missing := _missing(counted.months, year, on)):
            sentence = Text("{item}缺{months}月。", "{item}: months missing: {months}.").format(
                item=words,
                months=Text("、".join(map(str, missing)), ", ".join(map(str, missing))),
            )
            yield Finding(Lacks.MONTHS, sentence, Register.FIGURES)


def _missing(months: frozenset[int], year: int, on: date) -> list[int]:
    """The months that are over and have no figure."""
    over = 12 if year < on.year else on.month - 1 if year == on.year else 0
    return [month for month in range(1, over + 1) if month not in months]
