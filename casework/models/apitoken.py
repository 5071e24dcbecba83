"""What lets another system speak for an agency: tokens, the answers it may ask for again, and what it lodged."""

import hashlib
import json
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .case import Case
from .network import check_networks
from .person import Staff
from .sealing import seal, unseal

PREFIX: Final = "gongkai"
PURPOSE: Final = "api-answer"
#: An answer can be asked for again for so long; an application that was lodged is known again for ever.
ANSWERS_KEPT: Final = timedelta(hours=24)


class Scope(models.TextChoices):
    """What a token is good for; ``access.machines`` says what each gives away."""

    FILE = "file", _("提交申请")
    FOLLOW = "follow", _("查询所提交的申请")
    LEDGER = "ledger", _("读取台账")
    MATRIX = "matrix", _("读取统计表")
    REPORT = "report", _("读取年度报告")
    CALENDAR = "calendar", _("查询工作日")
    CLOCK = "clock", _("计算期限")


def digest_of(secret: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(models.Model):
    """A token of one agency. ``mark`` finds it, ``digest`` proves it; the whole is shown once, when it is made.

    ``region``: figures of all agencies below are open to it as well. ``allowance_at``: the moment, in seconds, up to
    which its requests have been reckoned (a leaky bucket in one column).
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="api_tokens", verbose_name=_("行政机关"))
    name = models.CharField(_("用途"), max_length=80)
    scopes = models.JSONField(_("权限"), default=list)
    region = models.BooleanField(_("含下级"), default=False)
    networks = models.JSONField(_("可以使用的网段"), default=list, blank=True, validators=[check_networks])
    mark = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    allowance_at = models.FloatField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_is_revoked_by_somebody",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.mark}"

    def mint(self) -> str:
        """Give it a secret, and the whole token in clear: the only time. The caller saves."""
        secret = secrets.token_urlsafe(32)
        self.mark, self.digest = secrets.token_hex(6), digest_of(secret)
        return f"{PREFIX}_{self.mark}_{secret}"

    def is_valid(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at

    def spend(self, *, at: datetime, a_minute: int, at_once: int) -> float:
        """Reckon one request and give 0, or leave it unreckoned and give the seconds after which it may come.

        One statement, so that requests at the same moment in several processes are reckoned one after the other, and
        those of other tokens wait for none of them.
        """
        now, pause = at.timestamp(), 60 / a_minute
        fresh = Greatest(F("allowance_at"), now, output_field=models.FloatField()) + pause
        row = ApiToken.objects.filter(pk=self.pk)
        if row.filter(allowance_at__lte=now + pause * (at_once - 1)).update(allowance_at=fresh, last_used_at=at):
            return 0
        reckoned = row.values_list("allowance_at", flat=True).get()
        return max(pause, float(reckoned) - now - pause * (at_once - 1))


class ApiAnswer(models.Model):
    """The answer to a request that changed something, under the key with which it came: asked again, given again.

    Written in the transaction of the change, so there is never one without the other; what was refused leaves none.
    ``sealed``: it may hold a query code.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=64)
    #: Of method, address and body: the same key with something else is a mistake of the caller.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.token} {self.key}"

    def keep(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.sealed = status, seal(json.dumps(body, ensure_ascii=False), PURPOSE)
        self.save(update_fields=["status", "sealed"])

    @property
    def body(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(unseal(bytes(self.sealed or b""), PURPOSE))
        return kept

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Delete what is older than ``ANSWERS_KEPT``; how many."""
        gone, _tables = cls.objects.filter(made_at__lte=at - ANSWERS_KEPT).delete()
        return gone


class Lodgement(models.Model):
    """That a case came through an agency's own portal, by which token and under which key; kept with the case."""

    name = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="lodgement")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="lodgements")
    key = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="one_case_a_key")]

    def __str__(self) -> str:
        return str(self.name)
