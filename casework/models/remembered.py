"""What the processes of the site remember together for minutes: see ``casework.remembering``."""

from datetime import datetime

from django.db import models


class Remembered(models.Model):
    """One entry of the shared cache, under a keyed hash of its name: no address and no code can be read in it."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    #: Seconds of Unix time; nothing: for good.
    until = models.FloatField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Delete what has expired; how many."""
        gone, _rows = cls.objects.filter(until__lte=at.timestamp()).delete()
        return gone
