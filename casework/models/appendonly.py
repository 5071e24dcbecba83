"""Rows that are added and read: nothing of them is changed or taken away, neither one by one nor in bulk.

The tables of the audit are guarded by the database as well (casework/audit/guards.py); this says it to whoever writes
the program, before a statement is sent.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Sets of such rows."""

    def may_become(self, changes: Mapping[str, Any]) -> bool:
        """Whether this one change is part of a row's life after all; by default none is."""
        return False

    def update(self, **kwargs: Any) -> int:
        """Raises ``TypeError`` unless ``may_become`` allows it."""
        if not self.may_become(kwargs):
            raise TypeError(f"{self.model.__name__} is append-only")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises ``TypeError``."""
        raise TypeError(f"{self.model.__name__} is append-only")


class AppendOnly(models.Model):
    """One such row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ``TypeError`` for a row that is stored already."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises ``TypeError``."""
        raise TypeError(f"{type(self).__name__} is append-only")
