"""Where an agency's other systems hear of its cases."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .sealing import seal, unseal

#: How long the secret before still signs beside the new one, so that a receiver can change without missing a call.
OVERLAP: Final = timedelta(hours=24)
#: What ``Message.address`` holds.
NAME: Final = "endpoint:"


class WebhookEndpoint(models.Model):
    """One address that is called, with what it wants to hear of. The secret is sealed."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="webhooks", verbose_name=_("行政机关"))
    url = models.CharField(_("接收地址"), max_length=500)
    #: Of ``webhooks.TOPICS``.
    topics = models.JSONField(_("事项"), default=list)
    secret_sealed = models.BinaryField(editable=False)
    secret_before_sealed = models.BinaryField(null=True, editable=False)
    rotated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.agency} #{self.pk}"

    @property
    def name(self) -> str:
        return f"{NAME}{self.pk}"

    @property
    def secret(self) -> str:
        """In clear; shown to the administrator once, when it is made."""
        return unseal(bytes(self.secret_sealed), "webhook")

    def rotate(self, secret: str, *, at: datetime) -> None:
        """Take a new secret and keep the one before for ``OVERLAP``. The caller saves."""
        self.secret_before_sealed = self.secret_sealed or None
        self.secret_sealed = seal(secret, "webhook")
        self.rotated_at = at

    def secrets_at(self, at: datetime) -> tuple[str, ...]:
        """What signs at this moment."""
        fresh = self.rotated_at is not None and at < self.rotated_at + OVERLAP
        if self.secret_before_sealed is None or not fresh:
            return (self.secret,)
        return self.secret, unseal(bytes(self.secret_before_sealed), "webhook")
