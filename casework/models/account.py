"""What belongs to an applicant's account: the cases in its list, and the codes by which somebody proves an address."""

from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .case import Case
from .person import Staff

#: A code is good for so many tries, and for ``SIGN_IN_CODE_MINUTES``.
CODE_TRIES: Final = 5
#: What ``sealing`` binds an address and a code to.
ADDRESS: Final = "sign-in address"
CODE: Final = "sign-in code"


class KeptBy(models.TextChoices):
    """What showed that the case may stand in this list."""

    FILED = "filed", _("登录后提交")
    RECEIPT = "receipt", _("提交后从回执放入")
    CODE = "code", _("凭登记编号和查询码放入")


class KeptCase(models.Model):
    """A case in an applicant's list: the account opens it without the query code.

    More than one account may hold it, each after proof of its own: joint applicants and an agent each have theirs.
    """

    account = models.ForeignKey(Staff, models.CASCADE, related_name="kept_cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="kept_in")
    by = models.CharField(max_length=8, choices=KeptBy.choices)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("账户里的申请")
        verbose_name_plural = _("账户里的申请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "case"], name="a_case_once_in_a_list"),
            models.CheckConstraint(condition=Q(by__in=KeptBy.values), name="kept_by_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.case}"


class CodeWay(models.TextChoices):
    """How a code travels."""

    EMAIL = "email", _("电子邮箱")
    PHONE = "phone", _("手机号码")


class SignInCode(models.Model):
    """Six digits that were sent to an address, and the browser that waits for them.

    The browser holds the token, this row its hash. The address is sealed, the code a slow hash. Whether the address
    has an account is neither looked up nor stored before the code is right: so no answer, no row and no time tells.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=5, choices=CodeWay.choices)
    address_sealed = models.BinaryField()
    code_hash = models.CharField(max_length=160)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(way__in=CodeWay.values), name="code_way_is_known")]

    def __str__(self) -> str:
        return f"{self.way} {self.sent_at:%Y-%m-%d %H:%M}"

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Delete what has expired; how many."""
        gone, _rows = cls.objects.filter(expires_at__lte=at).delete()
        return gone
