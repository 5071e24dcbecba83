"""What a citizen has typed and not sent yet; one draft makes at most one application."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models

from .agency import Agency
from .case import Case
from .sealing import seal, unseal

PURPOSE: Final = "draft"
SENT_ANSWERS_KEPT: Final = timedelta(days=1)
UNSENT_KEPT: Final = timedelta(days=30)


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Draft(models.Model):
    """The answers of the portal's form, sealed as a whole; its key in the address is all that opens it."""

    key = models.CharField(max_length=40, unique=True, default=new_key)
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+")
    #: ``NULL`` once it was sent and forgotten: the row stays, so that the same form can never be sent twice.
    sealed = models.BinaryField(null=True)
    opened_at = models.DateTimeField()
    kept_at = models.DateTimeField(db_index=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="draft")

    @classmethod
    def open(cls, *, at: datetime, agency: Agency | None = None) -> "Draft":
        """Begin a new draft and store it."""
        return cls.objects.create(agency=agency, sealed=seal("{}", PURPOSE), opened_at=at, kept_at=at)

    @property
    def answers(self) -> dict[str, Any]:
        if self.sealed is None:
            return {}
        answers: dict[str, Any] = json.loads(unseal(bytes(self.sealed), PURPOSE))
        return answers

    def keep(self, answers: dict[str, Any], *, at: datetime) -> None:
        """Store what was typed, right or wrong; a draft that was sent no longer changes (the update finds no row)."""
        self.sealed, self.kept_at = seal(json.dumps(answers, ensure_ascii=False), PURPOSE), at
        Draft.objects.filter(pk=self.pk, case=None).update(sealed=self.sealed, kept_at=at, agency_id=self.agency_id)

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Empty what was sent a day ago and delete what was left a month ago (PIPL 19, 47); how many."""
        sent = cls.objects.filter(case__isnull=False, sealed__isnull=False, kept_at__lte=at - SENT_ANSWERS_KEPT)
        left, _ = cls.objects.filter(case=None, kept_at__lte=at - UNSENT_KEPT).delete()
        return sent.update(sealed=None) + left
