"""The chain over the append-only tables: seals, the head, and the salts behind which personal values lie.

A row is written without waiting for anybody; ``audit.sealing`` takes the rows that have come into the next seal.
"""

from django.db import models
from django.db.models import Q

from .appendonly import AppendOnly, AppendOnlyQuerySet


class Seal(AppendOnly):
    """One link: the rows of one log with keys in (``after``, ``until``], and the link before.

    ``leaves``: of each row its key (8 bytes) and SHA-256 (32 bytes), in the order of the keys.
    ``digest``: SHA-256 over all of it and ``previous``, the digest of the seal before.
    """

    seq = models.BigIntegerField(primary_key=True)
    log = models.CharField(max_length=20)
    after = models.BigIntegerField()
    until = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    leaves = models.BinaryField()
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet["Seal"].as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("after")), name="a_seal_goes_on"),
            models.UniqueConstraint(fields=["log", "until"], name="seals_of_a_log_do_not_overlap"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.log} ≤ {self.until}"


class SealHead(models.Model):
    """The newest seal: one row, locked by whoever seals, so that the chain has no forks and no lost end."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.digest[:12]}"


class Salt(models.Model):
    """The salt of one row with personal values. The leaf holds SHA-256 over salt and values, never the values.

    ``keys``: which values those are. When they are erased the salt goes too and ``commitment`` takes the place of
    what can no longer be computed: the chain still fits, and nobody can find the values by trying.
    """

    log = models.CharField(max_length=20)
    row = models.BigIntegerField()
    keys = models.JSONField()
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "row"], name="one_salt_a_row"),
            models.CheckConstraint(
                condition=Q(salt__isnull=False, commitment="") | Q(salt=None) & ~Q(commitment=""),
                name="a_salt_or_what_it_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.row}"
