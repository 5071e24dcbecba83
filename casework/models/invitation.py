"""Links by which staff set their own password, once and within a week."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q

from .consultation import hashed
from .person import Staff

#: What a mailed token is sealed for.
INVITED: Final = "invitation link"
LASTS: Final = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Finding a link."""

    def still_open(self, *, at: datetime) -> "InvitationQuerySet":
        return self.filter(used_at=None, withdrawn_at=None, until__gt=at)

    def opened(self, token: str) -> "Invitation | None":
        """The invitation of this link, whether it still opens anything or not."""
        return self.filter(token_hash=hashed(token)).select_related("staff").first()


class Invitation(models.Model):
    """One link for one account; the newest alone opens it, and of its secret only the hash is kept."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="invitation_used_or_withdrawn"
            ),
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="one_open_invitation_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.made_at:%Y-%m-%d}"

    def opens(self, *, at: datetime) -> bool:
        """Whether the link still sets a password."""
        return self.used_at is None and self.withdrawn_at is None and at < self.until and self.staff.is_active

    def draw(self) -> str:
        """A fresh secret, of which only the hash stays."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hashed(token)
        return token
