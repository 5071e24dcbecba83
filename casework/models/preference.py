"""How a member of staff wants to be told; nobody is asked, so whoever has no row gets the defaults."""

from datetime import time
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .person import Staff

NIGHT_BEGINS: Final = time(20)
NIGHT_ENDS: Final = time(8)


class Group(models.TextChoices):
    """What a notice is about; each group goes its own ways."""

    WORK = "work", _("交给我办的事")
    DEADLINES = "deadlines", _("期限提醒")
    TROUBLE = "trouble", _("没有送到的通知和系统事项")


class Preference(models.Model):
    """The hours in which nothing is sent to this person, and the language. The inbox is filled at any hour."""

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="preference")
    language = models.CharField(_("通知的语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    quiet_from = models.TimeField(_("免打扰开始"), default=NIGHT_BEGINS)
    quiet_until = models.TimeField(_("免打扰结束"), default=NIGHT_ENDS)
    quiet_rest_days = models.BooleanField(_("休息日、节假日不打扰"), default=True)

    def __str__(self) -> str:
        return f"{self.staff}"


class Choice(models.Model):
    """By which ways one group of notices goes to one person, besides the inbox."""

    preference = models.ForeignKey(Preference, models.CASCADE, related_name="choices")
    group = models.CharField(max_length=12, choices=Group.choices)
    email = models.BooleanField(_("电子邮件"), default=True)
    sms = models.BooleanField(_("短信"), default=False)
    daily = models.BooleanField(_("每天汇总一次"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["preference", "group"], name="one_choice_a_group"),
            models.CheckConstraint(condition=models.Q(group__in=Group.values), name="choice_group_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.preference} · {self.get_group_display()}"
