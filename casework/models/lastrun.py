"""When the tasks of the timetable last came to their end: for whoever keeps watch, and for nothing else."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models


class LastRun(models.Model):
    """One row a task. ``findings``: of the nightly proof, rule → how many breaches; of every other task none."""

    task = models.CharField(primary_key=True, max_length=100)
    at = models.DateTimeField()
    findings = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d %H:%M}"

    @staticmethod
    def note(task: str, *, at: datetime, findings: Mapping[str, int] | None = None) -> None:
        """One statement, whether the row is there or not; what was found stays until something is found anew."""
        changed = ["at"] if findings is None else ["at", "findings"]
        row = LastRun(task=task, at=at, findings=findings)
        LastRun.objects.bulk_create([row], update_conflicts=True, unique_fields=["task"], update_fields=changed)
