"""What the annual table counts of a case, kept each time before it changes (law.md 7.3, docs/decisions/012)."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.words import Text, said

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case


class Counted(NamedTuple):
    """Everything that table 三 knows of a case; while it is open ``closed_on`` is ``None`` and ``outcome`` empty."""

    applicant_kind: str
    received_on: date
    closed_on: date | None
    outcome: str

    @classmethod
    def of(cls, row: "Case | CountChange") -> "Counted":
        """What a case says now, or what it said before a change."""
        return cls(row.applicant_kind, row.received_on, row.closed_on, row.outcome)

    @property
    def end(self) -> Text:
        """When it was closed, in a sentence."""
        return said(self.closed_on) if self.closed_on else Text("尚未办结", "still open")


class CountChangeQuerySet(AppendOnlyQuerySet["CountChange"]):
    """Rows are added, read, and nothing else."""

    def first_after(self, moment: datetime) -> "CountChangeQuerySet":
        """Of every case that changed after the moment, the row that says how it stood then."""
        before = Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
        earlier = CountChange.objects.filter(before, case=OuterRef("case"), at__gt=moment)
        return self.filter(~Exists(earlier), at__gt=moment)


class CountChange(AppendOnly):
    """Until ``at`` a case was recorded as these columns say; then an act (``cause``, an event kind) changed it.

    Append-only. A case without a row after a moment stood at that moment as it stands now, if it was registered.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="count_changes", db_index=False)
    at = models.DateTimeField()
    cause = models.CharField(max_length=24)
    applicant_kind = models.CharField(max_length=16)
    received_on = models.DateField()
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True)

    objects = CountChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applicant_kind__in=[k.value for k in ApplicantKind]), name="counted_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, outcome="")
                | Q(closed_on__gte=F("received_on"), outcome__in=[o.value for o in Outcome]),
                name="counted_as_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at"], name="count_changes_of_case"),
            models.Index(fields=["at"], name="count_changes_since"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"
