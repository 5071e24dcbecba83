"""What was taken out of the queue as a file: who, when, how much, by which filter. Only added to."""

from typing import Any

from django.db import models

from .person import Staff


class TakenOut(models.Model):
    """One file with personal data that somebody downloaded."""

    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form = models.CharField(max_length=8)
    query = models.CharField(max_length=1000)
    cases = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M} {self.cases}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("what was taken out is only added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("what was taken out is only added to")
