"""How often a wrong query code was tried lately: counted in the database, so that every web process sees it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F

REMEMBERED: Final = timedelta(hours=1)


class WrongCode(models.Model):
    """The tries under one key, a hash of visitor and number; forgotten an hour after the last."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    @classmethod
    def lately(cls, key: str, *, at: datetime) -> tuple[int, datetime | None]:
        """Tries and the moment of the last one; none when that is long past."""
        found = cls.objects.filter(pk=key, last_at__gt=at - REMEMBERED).values_list("tries", "last_at").first()
        return found or (0, None)

    @classmethod
    def count(cls, key: str, *, at: datetime) -> None:
        """One more try."""
        cls.objects.filter(pk=key, last_at__lte=at - REMEMBERED).delete()
        WrongCode.objects.bulk_create([WrongCode(key=key, last_at=at)], ignore_conflicts=True)
        cls.objects.filter(pk=key).update(tries=F("tries") + 1, last_at=at)
