"""Calendar editions of this deployment: holiday notices that lie over those built into ``law.editions``.

``Agency.calendar`` answers from memory. What was read stands until ``look_again``: every request, every task and every
verb that moves a clock calls it, so that no process goes on with a calendar that another has replaced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law.calendar import Calendar, published
from casework.law.edition_file import FORMAT, EditionFile, from_document
from casework.law.editions import EDITIONS, Edition, Overlay

from .appendonly import AppendOnly, AppendOnlyQuerySet


class Source(models.TextChoices):
    """Where an edition came from."""

    PACKAGE = "package", _("软件包")
    FILE = "file", _("文件")
    FORM = "form", _("网页上传")


class EditionQuerySet(AppendOnlyQuerySet["CalendarEdition"]):
    """Editions are added and read; a mistake is superseded by another edition."""

    def in_force(self) -> list["CalendarEdition"]:
        """All that no other one supersedes, in the order in which they were applied."""
        rows = list(self.order_by("pk"))
        replaced = {row.supersedes_id for row in rows}
        return [row for row in rows if row.pk not in replaced]


class CalendarEdition(AppendOnly):
    """One holiday notice as it was applied: a year's, a change within a year, or a region's own days."""

    year = models.PositiveSmallIntegerField(_("年份"))
    number = models.CharField(_("文号"), max_length=60)
    published_on = models.DateField(_("公布日期"))
    region = models.CharField(_("地区代码"), max_length=32, blank=True)
    off = models.JSONField(_("放假"))
    make_up = models.JSONField(_("调休上班"))
    source = models.CharField(_("来源"), max_length=8, choices=Source.choices)
    content_hash = models.CharField(max_length=64, unique=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("取代")
    )
    applied_at = models.DateTimeField(_("启用时间"))
    applied_by = models.ForeignKey("casework.Staff", models.PROTECT, related_name="+", verbose_name=_("启用人"))

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("放假安排")
        verbose_name_plural = _("放假安排")
        ordering = ["-year", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=Source.values), name="edition_source_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"

    def as_file(self) -> EditionFile:
        """The notice as it was read."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "year": self.year,
            "document_number": self.number,
            "published_on": self.published_on.isoformat(),
            "off": self.off,
            "make_up": self.make_up,
            "region": self.region,
        }
        return from_document(document)


class Recomputation(models.Model):
    """How far the open cases have been brought in step with an edition; a killed one is taken up again."""

    edition = models.OneToOneField(CalendarEdition, models.PROTECT, related_name="recomputation")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.edition}: {self.done}/{self.total}"


# The calendar of an agency -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Shelf:
    """Some editions over the built-in ones, and the calendar of each set of regions, built once."""

    national: Sequence[EditionFile] = ()
    regional: Sequence[EditionFile] = ()
    built: dict[frozenset[str], Calendar] = field(default_factory=dict)

    def calendar(self, places: Iterable[str]) -> Calendar:
        """For an agency at these places: the codes on its path and its calendar region."""
        regions = frozenset(file.region for file in self.regional).intersection(places)
        calendar = self.built.get(regions)
        if calendar is None:
            overlays = [Overlay(file.region, file.notice) for file in self.regional if file.region in regions]
            calendar = Calendar(self.editions(), overlays) if self.national or overlays else published()
            self.built[regions] = calendar
        return calendar

    def editions(self) -> list[Edition]:
        """The built-in years, each with what was published over it, and the years after them."""
        notices = {edition.year: list(edition.notices) for edition in EDITIONS}
        for file in self.national:
            notices.setdefault(file.year, []).append(file.notice)
        return [Edition(year, tuple(found)) for year, found in sorted(notices.items())]

    def with_file(self, file: EditionFile) -> "Shelf":
        """As it would be with one more edition, which replaces the one that it supersedes."""

        def laid_over(files: Sequence[EditionFile]) -> list[EditionFile]:
            return [f for f in files if not replaces(file, f)] + [file]

        if file.region:
            return Shelf(self.national, laid_over(self.regional))
        return Shelf(laid_over(self.national), self.regional)


def replaces(file: EditionFile, earlier: EditionFile) -> bool:
    return (file.supersedes, file.year, file.region) == (earlier.number, earlier.year, earlier.region)


#: The key of an advisory lock: held shared by verbs that move a clock, alone while an edition is put on the shelf.
_LOCK: Final = 4_290_714


class _Known:
    """What this process has read."""

    shelf = Shelf()
    version: tuple[int, str] | None = None
    fresh = False


def shelf() -> Shelf:
    """Every edition in force, as read when this process last looked."""
    if not _Known.fresh:
        newest = CalendarEdition.objects.order_by("-pk").values_list("pk", "content_hash").first() or (0, "")
        if newest != _Known.version:
            files = [row.as_file() for row in CalendarEdition.objects.in_force()]
            _Known.shelf = Shelf([f for f in files if not f.region], [f for f in files if f.region])
            _Known.version = newest
        _Known.fresh = True
    return _Known.shelf


def look_again(**_signal: Any) -> None:
    """Ask the database at the next question whether there is a newer edition: one row by its key."""
    _Known.fresh = False


def hold() -> None:
    """In the transaction of a verb: look again, and let no edition come in between until the verb has ended.

    SQLite's transactions follow one another anyway. On PostgreSQL a shared lock makes an edition wait for the verbs
    under way, and later verbs for it: none can store a date of the old calendar behind the recomputation's back.
    """
    _lock("pg_advisory_xact_lock_shared")
    look_again()


def hold_alone() -> None:
    """In the transaction that adds an edition: wait for verbs under way, and let others wait."""
    _lock("pg_advisory_xact_lock")
    look_again()


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_LOCK])


def national_calendar() -> Calendar:
    """The working days of the whole country, applied editions included."""
    return shelf().calendar(())


def is_urgent(year: int, on: date) -> bool:
    """From 15 December what is missing for next year is alarming, and all the more when the year has begun."""
    return year <= on.year or on >= date(year - 1, 12, 15)


def missing_year(on: date) -> int | None:
    """The year whose notice ought to be here by this day: next year's from 1 November; ``None`` when it is."""
    wanted = on.year + 1 if on.month >= 11 else on.year
    last = national_calendar().last_known_day.year
    return last + 1 if last < wanted else None
