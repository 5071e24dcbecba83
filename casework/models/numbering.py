"""How the numbers of an agency are written, year by year; which number is next, ``NumberSeries`` alone says."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The words around year and serial. ``width``: the serial has so many digits at least."""

    before: str
    between: str
    after: str
    width: int

    def written(self, year: int, serial: int) -> str:
        return f"{self.before}{year}{self.between}{serial:0{self.width}d}{self.after}"


class Numbering(AppendOnly):
    """From that year on the numbers of one kind are written so; the newest row of a year holds.

    ``elsewhere``: so many numbers of ``from_year`` were given before this system gave the first one.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="numberings")
    kind = models.CharField(max_length=20)
    from_year = models.PositiveSmallIntegerField()
    before = models.CharField(max_length=24, blank=True)
    between = models.CharField(max_length=6)
    after = models.CharField(max_length=6, blank=True)
    width = models.PositiveSmallIntegerField()
    elsewhere = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet["Numbering"].as_manager()

    class Meta:
        ordering = ["-from_year", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(width__gte=1, width__lte=8), name="serial_has_so_many_digits"),
            models.CheckConstraint(condition=~Q(between=""), name="year_and_serial_stand_apart"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_year}: {self.form.written(self.from_year, 1)}"

    @property
    def form(self) -> NumberForm:
        return NumberForm(self.before, self.between, self.after, self.width)

    @property
    def example(self) -> str:
        """The first number that is written so."""
        return self.form.written(self.from_year, self.elsewhere + 1)


def form_of(agency: Agency, kind: str, year: int) -> NumberForm | None:
    """The form that the agency chose for that year; ``None``: that of the house."""
    found = agency.numberings.filter(kind=kind, from_year__lte=year).first()
    return found.form if found else None


def given_elsewhere(agency: Agency, kind: str, year: int) -> int:
    """How many numbers of the year were given before this system gave the first one."""
    found = agency.numberings.filter(kind=kind, from_year=year).aggregate(most=models.Max("elsewhere"))
    return int(found["most"] or 0)
