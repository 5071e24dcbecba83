"""Applications that were not needed, because what they asked for was public: counted by the day, and nobody's."""

from datetime import date

from django.db import models
from django.db.models import F

from .agency import Agency


class Spared(models.Model):
    """How often, on one day, somebody about to ask this office found their answer in one published thing.

    No person, no moment, no words of theirs: only the office, what answered, and a number.
    """

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    source = models.CharField(max_length=16)
    of = models.PositiveBigIntegerField()
    title = models.CharField(max_length=400)
    on = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-on", "-times"]
        constraints = [models.UniqueConstraint(fields=["agency", "on", "source", "of"], name="spared_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.title}"

    @staticmethod
    def count(agency: Agency, source: str, of: int, title: str, *, on: date) -> None:
        """One more; two in the same moment are two."""
        row = Spared(agency=agency, source=source, of=of, title=title, on=on)
        Spared.objects.bulk_create([row], ignore_conflicts=True)
        Spared.objects.filter(agency=agency, source=source, of=of, on=on).update(times=F("times") + 1)
