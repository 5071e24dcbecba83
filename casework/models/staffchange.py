"""What was done to a person's account, by whom: sentences in the past, as events are, but about no case."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


class AccountDeed(StrEnum):
    """What happened to an account; the past tense of the verb that did it."""

    ADDED = "added"
    RENAMED = "renamed"
    APPOINTED = "appointed"
    DISMISSED = "dismissed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word, no password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - likewise
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    LINKED = "linked"
    INVITED = "invited"
    INVITATION_TAKEN = "invitation_taken"


DEEDS: Final[dict[AccountDeed, Text]] = {
    AccountDeed.ADDED: Text("建立账户。", "The account was made."),
    AccountDeed.RENAMED: Text("修改姓名、电子邮箱或者电话：{fields}。", "Changed: {fields}."),
    AccountDeed.APPOINTED: Text("任命为{agency}{role}。", "Appointed {role} of {agency}."),
    AccountDeed.DISMISSED: Text("免去{agency}{role}。", "No longer {role} of {agency}."),
    AccountDeed.DEACTIVATED: Text("停用账户。", "The account was closed."),
    AccountDeed.REACTIVATED: Text("恢复账户。", "The account was opened again."),
    AccountDeed.PASSWORD_RESET: Text("发给新的初始密码。", "A new initial password was given out."),
    AccountDeed.PASSWORD_CHANGED: Text("修改密码。", "The password was changed."),
    AccountDeed.SECOND_FACTOR_ADDED: Text("设置双因素登录：{factor}。", "A second factor was added: {factor}."),
    AccountDeed.SECOND_FACTOR_REMOVED: Text("撤除双因素登录：{factor}。", "A second factor was removed: {factor}."),
    AccountDeed.SECOND_FACTOR_RESET: Text("重置双因素登录。", "The second factor was reset."),
    AccountDeed.UNLOCKED: Text("解除锁定。", "The lock was lifted."),
    AccountDeed.LOCKED: Text("连续输错，暂时锁定。", "Locked for a while after wrong entries."),
    AccountDeed.SIGNED_OUT: Text("退出所有登录。", "Signed out everywhere."),
    AccountDeed.INVITED: Text("发出邀请邮件，由本人设置密码。", "Invited by mail to set a password."),
    AccountDeed.INVITATION_TAKEN: Text("凭邀请链接设置了密码。", "Set a password by the link of the invitation."),
    AccountDeed.LINKED: Text("与统一身份认证账号关联。", "Linked with the account of the single sign-on."),
}


class StaffChangeQuerySet(AppendOnlyQuerySet["StaffChange"]):
    """Changes are added and read."""


class StaffChange(AppendOnly):
    """One thing that was done to one account: what, by whom, when, and the facts before and after."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="changes")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=24)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(_("时间"))
    #: Nobody: it was done at the shell, or by the system itself.
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = StaffChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("账户变更")
        verbose_name_plural = _("账户变更")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[deed.value for deed in AccountDeed]), name="account_deed_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff}: {self.kind}"
