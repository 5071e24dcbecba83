"""Who read which personal data, who took some out, and who was turned away. Only added to, sealed by ``audit``."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case
from .person import Staff


class AccessKind(StrEnum):
    """What somebody did, or wanted to."""

    READ = "read"
    LISTED = "listed"
    EXPORTED = "exported"
    FOLLOWED = "followed"
    DENIED = "denied"
    MISSING = "missing"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOGIN_FAILED = "login_failed"
    FACTOR = "factor"
    WRONG_CODE = "wrong_code"
    AUDITED = "audited"
    ERASED = "erased"


ACCESS_WORDS: Final[dict[AccessKind, Text]] = {
    AccessKind.READ: Text("查看个人信息", "read personal data"),
    AccessKind.LISTED: Text("查看含有个人信息的列表", "read a list with personal data"),
    AccessKind.EXPORTED: Text("下载、导出", "downloaded or exported"),
    AccessKind.FOLLOWED: Text("凭查询码查看", "opened with the query code"),
    AccessKind.DENIED: Text("没有权限，已拒绝", "refused: not allowed"),
    AccessKind.MISSING: Text("不存在或者无权查看", "not there, or not theirs to see"),
    AccessKind.LOGGED_IN: Text("登录", "logged in"),
    AccessKind.LOGGED_OUT: Text("退出登录", "logged out"),
    AccessKind.LOGIN_FAILED: Text("登录失败", "log-in failed"),
    AccessKind.FACTOR: Text("双因素登录的变更", "second factor changed"),
    AccessKind.WRONG_CODE: Text("查询码不对", "wrong query code"),
    AccessKind.AUDITED: Text("查阅审计记录", "read the audit log"),
    AccessKind.ERASED: Text("删除个人信息", "erased personal data"),
}


#: Begins the ``page`` of what came by the interface for machines; ``what`` then begins with the mark of the token.
OF_MACHINES: Final = "api:"


class AccessRecordQuerySet(AppendOnlyQuerySet["AccessRecord"]):
    """Records are added and read."""


class AccessRecord(AppendOnly):
    """One request: who, what, when, from where. ``page`` is the name of the route; ``what`` its place and question.

    ``agency``: of the case, else of the person; nobody's where neither is known, as of a log-in with an unknown name.
    ``by`` is nobody for a visitor of the portal; an applicant's account, which its owner may delete, stands in ``what``
    by its number alone. ``request_id`` stands in the lines of the log about the same request.
    """

    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_index=False)
    page = models.CharField(max_length=80)
    what = models.CharField(max_length=500, blank=True)
    network = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("访问记录")
        verbose_name_plural = _("访问记录")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AccessKind]), name="access_kind_is_known"
            )
        ]
        indexes = [
            models.Index(fields=["agency", "id"], name="access_of_agency"),
            models.Index(fields=["by", "id"], name="access_by_person"),
            models.Index(fields=["case", "id"], name="access_of_case"),
            models.Index(fields=["agency", "kind", "id"], name="access_by_kind"),
            models.Index(fields=["at"], name="access_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.kind} {self.page}"

    @property
    def words(self) -> Text:
        return ACCESS_WORDS[AccessKind(self.kind)]

    @property
    def token_mark(self) -> str:
        """Of the token of the interface by which somebody read; empty for people, and for who named no token."""
        return self.what.partition(" ")[0] if self.page.startswith(OF_MACHINES) else ""
