"""What was taken out of the queue as a file: who, when, how much, by which filter. Only added to."""

from django.db import models

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


class TakenOut(AppendOnly):
    """One file with personal data that somebody downloaded."""

    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form = models.CharField(max_length=8)
    query = models.CharField(max_length=1000)
    cases = models.PositiveIntegerField()

    objects = AppendOnlyQuerySet["TakenOut"].as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M} {self.cases}"
