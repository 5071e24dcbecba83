"""Internal notes on a case: what colleagues tell each other beside the file. They never leave the house.

A note is written once. Whoever sees that it is wrong strikes it with a reason; the words stay, crossed out.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case
from .person import Staff

LONGEST_NOTE = 2000


class CaseNoteQuerySet(AppendOnlyQuerySet["CaseNote"]):
    """Sets of notes; none is changed or taken away in bulk."""


class CaseNote(AppendOnly):
    """One note: its words, who wrote it and when; and if it was struck, by whom and why."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="internal_notes")
    text = models.TextField(_("内部备注"))
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Who was asked to look, and was told so in the house.
    mentioned = models.ManyToManyField(Staff, related_name="+")
    struck_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(null=True)
    strike_reason = models.CharField(_("划去的理由"), max_length=300, blank=True)

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("内部备注")
        verbose_name_plural = _("内部备注")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, strike_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(strike_reason=""),
                name="struck_note_says_who_when_why",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None) | Q(struck_at__gte=F("at")), name="struck_after_it_was_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.author}"

    def strike(self, *, by: Staff, at: Any, reason: str) -> bool:
        """Cross it out, once; whether it was this call that did. The words are not touched."""
        struck: models.QuerySet[CaseNote] = models.QuerySet(CaseNote).filter(pk=self.pk, struck_at=None)
        done = struck.update(struck_by=by, struck_at=at, strike_reason=reason)
        self.refresh_from_db()
        return bool(done)
