"""The registers of a year → table 二, and the numbers of which section 一 speaks (law.md 7.4, 7.6)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from casework.law.matrix import Check
from casework.law.refusals import Refused
from casework.law.registers import CHANNELS, FEES_ITEM, FORMS, in_10k_yuan, last_of
from casework.law.report import DECISIONS, FEES, STOCK_COLUMNS, STOCKS, PublicationTable, stock_link
from casework.law.words import Text
from casework.models import (
    AnnualFigure,
    ChannelAccount,
    Explanation,
    Publication,
    RuleDocument,
    StockCount,
    accounts_of,
)

from .table3 import Agencies, keys

AMOUNT: Final = "amount"
"""The one column of what table 二 says of decisions and fees."""

# ── Table 二 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stock:
    """Documents of one kind in a year. ``before``: in force a year earlier, ``None`` where nobody has said."""

    made: int
    repealed: int
    in_force: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What one agency has of one item in a year, in decisions or yuan.

    A figure for the whole year counts where there is one, because it is the one that was settled; the months are then
    its breakdown and are not added. ``monthly``: their sum; ``months``: which there are. ``total``: ``None`` on a day
    before the year's end of which only the whole year's figure would tell.
    """

    total: Decimal | None
    yearly: bool
    monthly: Decimal
    months: frozenset[int]


def publications_of(
    agencies: Agencies, year: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> PublicationTable:
    """Table 二 of the agencies together: nothing recorded is 0; fees are summed in yuan before they become 万元.

    ``as_of`` looks at the year as it stood on an earlier day: documents by their days, decisions and fees by the months
    that had ended; what only a figure for the whole year could say is blank. ``known_at``: by what the registers said
    at that moment, before later entries, corrections and strikes.
    """
    stocks = stocks_of(agencies, year, as_of=as_of, known_at=known_at)
    sums: dict[str, Decimal | None] = dict.fromkeys((*DECISIONS, FEES_ITEM), Decimal(0))
    for (_agency, item), counted in figures_counted(agencies, year, as_of=as_of, known_at=known_at).items():
        so_far = sums[item]
        sums[item] = None if so_far is None or counted.total is None else so_far + counted.total
    fees = sums[FEES_ITEM]
    return PublicationTable(
        {
            kind: {column: sum(getattr(each, column) for each in stocks[kind].values()) for column in STOCK_COLUMNS}
            for kind in STOCKS
        },
        {item: None if (n := sums[item]) is None else int(n) for item in DECISIONS},
        None if fees is None else in_10k_yuan(fees),
    )


def stock_checks(
    agencies: Agencies, year: int, *, this: PublicationTable | None = None, known_at: datetime | None = None
) -> list[Check]:
    """T2 of the year against the year before, for each kind of which every agency knows both.

    ``this``: the year's table, where it has been read already; ``known_at`` as for ``publications_of``.
    """
    before = {}
    for kind, stocks in stocks_of(agencies, year, known_at=known_at).items():
        known = [each.before for each in stocks.values()]
        before[kind] = {"in_force": None if None in known else sum(n for n in known if n is not None)}
    return stock_link(PublicationTable(before, {}, None), this or publications_of(agencies, year, known_at=known_at))


def stocks_of(
    agencies: Agencies, year: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> dict[str, dict[int, Stock]]:
    """Kind → agency → its documents in the year; ``as_of`` and ``known_at`` as for ``publications_of``.

    In force = the newest stock on record + made since − repealed since. So a document of before the system counts in
    the stock alone, and its repeal is a row with its day. Without any stock on record it begins at nothing. A stock is
    said of a year's end: for a day before it, what the rest of the year brought is taken off again.
    """
    owners = keys(agencies)
    rows = RuleDocument.objects.counting(known_at).filter(agency__in=owners).order_by()
    made, repealed = (_by_year(rows, f"{which}_on") for which in ("made", "repealed"))
    rest = _rest_of(year, as_of)
    made_later, repealed_later = (_by_year(rows, f"{which}_on", within=rest) for which in ("made", "repealed"))
    stated: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for count in StockCount.objects.counting(known_at).filter(agency__in=owners):
        stated[count.agency_id, count.kind][count.year] = count.number

    def in_force(of: tuple[int, str], at: int) -> int:
        base = max((known for known in stated[of] if known <= at), default=0)
        since = range(base + 1, at + 1)
        moved = sum(n for when, n in made[of].items() if when in since)
        moved -= sum(n for when, n in repealed[of].items() if when in since)
        return stated[of].get(base, 0) + moved

    found: dict[str, dict[int, Stock]] = {kind: {} for kind in STOCKS}
    for kind in STOCKS:
        for agency in owners:
            of = (agency, kind)
            begins = min(stated[of], default=0)
            before = None if year <= begins else in_force(of, year - 1)
            later = made_later[of][year], repealed_later[of][year]
            found[kind][agency] = Stock(
                made[of][year] - later[0],
                repealed[of][year] - later[1],
                in_force(of, year) - later[0] + later[1],
                before,
            )
    return found


def figures_counted(
    agencies: Agencies, year: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> dict[tuple[int, str], Counted]:
    """Agency and item → what counts; only where something is on record."""
    ended, over = _months_ended(year, as_of), _rest_of(year, as_of) is None
    whole: dict[tuple[int, str], Decimal] = {}
    parts: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(dict)
    # Added here and not in the database: SQLite would add yuan as binary fractions.
    rows = AnnualFigure.objects.counting(known_at).filter(agency__in=keys(agencies), year=year).order_by()
    for agency, item, month, amount in rows.values_list("agency", "item", "month", "amount"):
        if month is None:
            whole[agency, item] = amount
        elif month <= ended:
            parts[agency, item][month] = amount
    found = {}
    for of in {*whole, *parts}:
        monthly = sum(parts[of].values(), Decimal(0))
        untold = of in whole and not over and not parts[of]
        total = None if untold else whole.get(of, monthly) if over else monthly
        found[of] = Counted(total, of in whole, monthly, frozenset(parts[of]))
    return found


def _rest_of(year: int, as_of: date | None) -> tuple[date, date] | None:
    """The days of the year after ``as_of``; ``None`` where the whole year is looked at."""
    first, last = _days(year)
    return None if as_of is None or as_of >= last else (max(first, as_of + timedelta(days=1)), last)


def _months_ended(year: int, as_of: date | None) -> int:
    """How many months of the year were over at the end of ``as_of``."""
    if _rest_of(year, as_of) is None or as_of is None:
        return 12
    return sum(last_of(date(year, month, 1)) <= as_of for month in range(1, 13))


@dataclass(frozen=True, slots=True)
class Records:
    """What stands behind one figure of table 二: its documents, the stocks on which it rests, or its figures."""

    figure: int | str | None
    documents: QuerySet[RuleDocument]
    stocks: QuerySet[StockCount]
    figures: QuerySet[AnnualFigure]


def records_of(
    agencies: Agencies,
    year: int,
    row: str,
    column: str,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Records:
    """The records behind a figure of the same ``publications_of``; ``Refused`` for one that table 二 does not have."""
    table = publications_of(agencies, year, as_of=as_of, known_at=known_at)
    owners, (begin, end), rest = keys(agencies), _days(year), _rest_of(year, as_of)
    end = end if rest is None else rest[0] - timedelta(days=1)
    documents = RuleDocument.objects.counting(known_at).filter(agency__in=owners, kind=row).order_by("made_on", "pk")
    stocks = StockCount.objects.counting(known_at).filter(agency__in=owners, kind=row, year__lte=year)
    stocks = stocks.order_by("-year", "pk")
    figures = AnnualFigure.objects.counting(known_at).filter(agency__in=owners, year=year, item=row)
    if row in STOCKS and column in STOCK_COLUMNS:
        if column == "in_force":
            documents = documents.filter(made_on__lte=end).exclude(repealed_on__lte=end)
        else:
            documents, stocks = documents.filter(**{f"{column}_on__range": (begin, end)}), stocks.none()
        return Records(table.stock(row, column), documents, stocks, figures.none())
    if column == AMOUNT and row in {*DECISIONS, FEES_ITEM}:
        figure = table.fees if row == FEES_ITEM else table.decisions[row]
        ended = figures.filter(month__lte=_months_ended(year, as_of)).order_by("agency", "month")
        return Records(figure, documents.none(), stocks.none(), _counting_alone(figures) if rest is None else ended)
    raise Refused(Text("表二没有这一格。", "Table 2 has no such cell."))


def cell_of(name: str) -> str:
    """The row of ``records_of`` for a name of the printed table, where fees are called by their unit."""
    return FEES_ITEM if name == FEES else name


def _counting_alone(figures: QuerySet[AnnualFigure]) -> QuerySet[AnnualFigure]:
    """Without the months of an agency that has a figure for the whole year."""
    settled = figures.filter(month=None).order_by().values("agency")
    return figures.filter(Q(month=None) | ~Q(agency__in=settled)).order_by("agency", "month")


_ALWAYS: Final = (date.min, date.max)


def _by_year(
    rows: QuerySet[RuleDocument], field: str, *, within: tuple[date, date] | None = _ALWAYS
) -> dict[tuple[int, str], Counter[int]]:
    """Agency and kind → year → how many; ``within``: of these days alone, ``None`` for none of them."""
    found: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    if within is None:
        return found
    dated = rows.filter(**{f"{field}__range": within}).annotate(when=ExtractYear(field))
    for agency, kind, when, n in dated.values_list("agency", "kind", "when").annotate(n=Count("pk")):
        found[agency, kind][when] = n
    return found


# ── What section 一 says ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PublicationCounts:
    """What was published in a year: in all, by channel, by account and by column; explanations by form.

    ``accounts``: account, its number, the largest first. Channels and forms have all their keys, columns those used.
    """

    total: int
    channels: Mapping[str, int]
    accounts: tuple[tuple[ChannelAccount, int], ...]
    columns: Mapping[str, int]
    explanations: Mapping[str, int]

    def named(self) -> dict[str, int]:
        """Every number by a name that stays: ``publications.channel.website``, ``publications.column.概况``."""
        return {
            "publications.total": self.total,
            **{f"publications.channel.{key}": n for key, n in self.channels.items()},
            **{f"publications.column.{name}": n for name, n in self.columns.items()},
            "explanations.total": sum(self.explanations.values()),
            **{f"explanations.form.{key}": n for key, n in self.explanations.items()},
        }

    def sentence(self) -> Text:
        """``2623 条，其中网站 610 条、抖音 24 条、微信 1989 条``; channels without any are left out."""
        used = [(CHANNELS[key], n) for key, n in self.channels.items() if n]
        if not used:
            return Text("0 条", "nothing")
        zh = "、".join(f"{words.zh} {n} 条" for words, n in used)
        en = ", ".join(f"{words.en} {n}" for words, n in used)
        return Text(f"{self.total} 条，其中{zh}", f"{self.total}: {en}")


def publication_counts(agencies: Agencies, year: int) -> PublicationCounts:
    """What the agencies together published in the year, each agency's publications once."""
    groups = (
        published_in(agencies, year).order_by().values_list("account", "column").annotate(n=Sum("number"))
    )  # reads the index publications_counted alone
    known = accounts_of(keys(agencies))
    by_account, columns = Counter[int](), Counter[str]()
    for account, column, n in groups:
        by_account[account] += n
        columns[column] += n
    channels = dict.fromkeys(CHANNELS, 0)
    for account, n in by_account.items():
        channels[known[account].channel] += n
    told = Explanation.objects.counting().filter(agency__in=keys(agencies), on__range=_days(year))
    forms = dict(told.order_by().values_list("form").annotate(n=Count("pk")))
    return PublicationCounts(
        sum(by_account.values()),
        channels,
        tuple((known[account], n) for account, n in by_account.most_common()),
        dict(columns.most_common()),
        {form: forms.get(form, 0) for form in FORMS},
    )


def published_in(agencies: Agencies, year: int) -> QuerySet[Publication]:
    """The publications that count in the year."""
    return Publication.objects.counting().filter(agency__in=keys(agencies), on__range=_days(year))


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def register_years(agencies: Agencies, *, until: int) -> list[int]:
    """The years of which the registers say anything, newest first, with the one that is running."""
    owners = keys(agencies)

    def found() -> Iterator[int]:
        yield until
        for model, field in ((Publication, "on"), (Explanation, "on"), (RuleDocument, "made_on")):
            rows = model.objects.counting().filter(agency__in=owners)
            yield from (day.year for day in rows.dates(field, "year"))
        for yearly in (AnnualFigure, StockCount):
            years = yearly.objects.counting().filter(agency__in=owners).order_by().values_list("year", flat=True)
            yield from years.distinct()

    return sorted(set(found()), reverse=True)
