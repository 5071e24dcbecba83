"""The registers of an agency behind table 二 and section 一 of its report (law.md 7.4, 7.6).

An entry is never changed: a correction is a further row of the same entry with its reason, and the newest one counts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.law.registers import CHANNELS, CLEARANCES, FORMS, ITEMS, REGISTERS, SILENCE, Register, last_of
from casework.law.report import STOCKS

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


class EntryQuerySet(AppendOnlyQuerySet[Any]):
    """Rows are added and read; ``current`` alone is taken from the one that is followed by another."""

    def may_become(self, changes: Mapping[str, Any]) -> bool:
        return changes == {"current": False}

    def counting(self, known_at: datetime | None = None) -> Self:
        """What counts: the newest row of each entry, unless the entry was struck out.

        ``known_at``: what counted at that moment, from the rows that had been written by then; nothing is kept for it.
        """
        if known_at is None:
            return self.filter(current=True)
        entry = Coalesce(OuterRef("first"), OuterRef("pk"))
        followed = self.model._base_manager.filter(first=entry, pk__gt=OuterRef("pk"), recorded_at__lte=known_at)
        return self.filter(~Exists(followed), recorded_at__lte=known_at, struck=False)

    def of_entry(self, pk: int) -> Self:
        """Every row of the entry whose first row this is, oldest first."""
        return self.filter(Q(pk=pk) | Q(first_id=pk)).order_by("pk")


class Entry(AppendOnly):
    """One row of a register. ``first``: the row with which the entry began, ``None`` for that row itself.

    ``key``: what the entry is known by. ``struck``: the row says that the entry was made by mistake.
    """

    register: ClassVar[Register]
    if TYPE_CHECKING:
        first_id: int | None

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, editable=False)
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    current = models.BooleanField(default=True)
    struck = models.BooleanField(default=False)
    reason = models.CharField(_("更正理由"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], condition=Q(current=True), name="one_current_%(class)s"),
            models.CheckConstraint(condition=Q(first=None) | ~Q(reason=""), name="corrected_%(class)s_has_reason"),
            models.CheckConstraint(condition=~Q(struck=True, current=True), name="struck_%(class)s_counts_not"),
        ]

    @property
    def entry_pk(self) -> int:
        """The number by which the entry is known from its first row on."""
        return self.first_id or self.pk

    @property
    def facts(self) -> dict[str, Any]:
        """The facts under the keys of the register's columns."""
        return {column.key: getattr(self, column.key) for column in REGISTERS[self.register].columns}

    @classmethod
    def fields_of(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """The inverse of ``facts``."""
        return facts


def _codes(codes: Any) -> list[tuple[str, str]]:
    return [(key, words.zh) for key, words in codes.items()]


class ChannelAccount(Entry):
    """A website or an account by which the agency publishes. Publications point to the first row of it."""

    register = Register.ACCOUNTS

    channel = models.CharField(max_length=8, choices=_codes(CHANNELS))
    name = models.CharField(max_length=120)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    silent_days = models.PositiveSmallIntegerField(default=SILENCE)

    class Meta(Entry.Meta):
        verbose_name = _("公开渠道账号")
        verbose_name_plural = _("公开渠道账号")
        ordering = ["channel", "name"]

    def __str__(self) -> str:
        return self.name


class Publication(Entry):
    """Something published proactively, or the number of what a column had in a month (``batched``).

    ``on`` and ``until`` are the same day, or the first and last day of the month.
    """

    register = Register.PUBLICATIONS

    account = models.ForeignKey(ChannelAccount, models.PROTECT, related_name="publications")
    column = models.CharField(max_length=80)
    on = models.DateField()
    until = models.DateField()
    batched = models.BooleanField(default=False)
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    first_by = models.CharField(max_length=80, blank=True)
    first_on = models.DateField(null=True)
    second_by = models.CharField(max_length=80, blank=True)
    second_on = models.DateField(null=True)
    final_by = models.CharField(max_length=80, blank=True)
    final_on = models.DateField(null=True)
    secrecy_by = models.CharField(max_length=80, blank=True)
    secrecy_on = models.DateField(null=True)

    class Meta(Entry.Meta):
        verbose_name = _("主动公开的信息")
        verbose_name_plural = _("主动公开的信息")
        ordering = ["-on", "-id"]
        indexes = [
            # Counting a year by account and column reads this index alone.
            models.Index(
                fields=["agency", "on", "account", "column", "number"],
                condition=Q(current=True),
                name="publications_counted",
            ),
        ]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(batched=True, title="") | Q(batched=False, number=1) & ~Q(title=""),
                name="publication_is_one_or_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.column} {self.on:%Y-%m}"

    @property
    def facts(self) -> dict[str, Any]:
        same = ("column", "title", "address", "source", *(f"{key}_{end}" for key in CLEARANCES for end in ("by", "on")))
        return {name: getattr(self, name) for name in same} | {
            "channel": "",  # the account’s, which may have been corrected since
            "account": self.account_id,
            "on": None if self.batched else self.on,
            "month": self.on if self.batched else None,
            "number": self.number if self.batched else None,
        }

    @classmethod
    def fields_of(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """The channel is the account's."""
        month: date | None = facts["month"]
        fields = {key: value for key, value in facts.items() if key not in {"channel", "account", "month"}}
        return fields | {
            "account_id": facts["account"],
            "batched": month is not None,
            "on": month or facts["on"],
            "until": last_of(month) if month else facts["on"],
            "number": facts["number"] if month else 1,
        }

    @property
    def is_cleared(self) -> bool:
        """Reviewed three times and checked for secrets before it was published (条例 17)."""
        days = [getattr(self, f"{key}_on") for key in CLEARANCES]
        return all(day is not None and day <= self.until for day in days)


class RuleDocument(Entry):
    """A regulation 规章 or a normative document 行政规范性文件, from its making to its repeal."""

    register = Register.DOCUMENTS

    kind = models.CharField(max_length=20, choices=_codes(STOCKS))
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=80, blank=True)
    made_on = models.DateField()
    revises = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True)
    address = models.CharField(max_length=500, blank=True)
    amended_on = models.DateField(null=True)
    amended_by = models.CharField(max_length=200, blank=True)
    repealed_on = models.DateField(null=True)
    repealed_by = models.CharField(max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("规章和行政规范性文件")
        verbose_name_plural = _("规章和行政规范性文件")
        ordering = ["-made_on", "-id"]

    def __str__(self) -> str:
        return self.title


class StockCount(Entry):
    """How many documents of a kind were in force at the end of a year, with the source of the number."""

    register = Register.STOCKS

    kind = models.CharField(max_length=20, choices=_codes(STOCKS))
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta(Entry.Meta):
        verbose_name = _("现行有效件数")
        verbose_name_plural = _("现行有效件数")
        ordering = ["-year", "kind"]

    def __str__(self) -> str:
        return f"{STOCKS[self.kind].read_in(get_language())} {self.year}"


class AnnualFigure(Entry):
    """Decisions of a kind, or fees in yuan, of a month or of a whole year (``month`` is ``None``)."""

    register = Register.FIGURES

    item = models.CharField(max_length=20, choices=_codes(ITEMS))
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True)
    # Fourteen digits: SQLite keeps numbers of fifteen exactly.
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=200)

    class Meta(Entry.Meta):
        verbose_name = _("年度数字")
        verbose_name_plural = _("年度数字")
        ordering = ["-year", "item", "month"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(month=None) | Q(month__range=(1, 12)), name="month_of_figure_is_one"),
        ]

    def __str__(self) -> str:
        return f"{ITEMS[self.item].read_in(get_language())} {self.year}" + (f"-{self.month:02}" if self.month else "")


class Explanation(Entry):
    """Something that explains a policy, by its form."""

    register = Register.EXPLANATIONS

    form = models.CharField(max_length=16, choices=_codes(FORMS))
    title = models.CharField(max_length=300)
    on = models.DateField()
    explains = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("政策解读")
        verbose_name_plural = _("政策解读")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.title


def uncleared(publications: models.QuerySet[Publication]) -> models.QuerySet[Publication]:
    """Those that are not ``is_cleared``: a review or the check is missing, or was made only after the publication."""
    late = Q()
    for key in CLEARANCES:
        late |= Q(**{f"{key}_on": None}) | Q(**{f"{key}_on__gt": F("until")})
    return publications.filter(late)


def accounts_of(agencies: Any) -> dict[int, ChannelAccount]:
    """The accounts of the agencies as they stand now, by the number that publications have of them."""
    found = ChannelAccount.objects.counting().filter(agency__in=agencies)
    return {account.entry_pk: account for account in found}


ENTRIES: Final[dict[Register, type[Entry]]] = {
    model.register: model
    for model in (Publication, ChannelAccount, RuleDocument, StockCount, AnnualFigure, Explanation)
}
