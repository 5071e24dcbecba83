"""The acknowledgement of receipt (回执): what the office took in, when, and the digest that proves what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.law.receipt import FORWARDED_RULE, Channel
from casework.law.sent import digest_of
from casework.law.words import Text

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case
from .querycode import compact, grouped, is_slip, new_code
from .sealing import unseal

PURPOSE: Final = "sent"
#: Nineteen random characters (87 bits) and a check character; a query code is shorter, so neither passes for the other.
TOKEN_LENGTH: Final = 19


def new_token() -> str:
    return compact(new_code(TOKEN_LENGTH))


def is_token(typed: str) -> bool:
    return not is_slip(typed, TOKEN_LENGTH)


class AcknowledgementQuerySet(AppendOnlyQuerySet["Acknowledgement"]):
    """Acknowledgements are added and read; only the words that were sent can be erased, never their digest."""

    def may_become(self, changes: Mapping[str, Any]) -> bool:
        return changes == {"sealed": None}


class Acknowledgement(AppendOnly):
    """What stood on the receipt on the day it was given; later corrections of the case do not reach it.

    ``token`` opens the page on which a holder of the paper verifies it, and nothing else. ``sealed``: the text of
    ``law.sent`` whose SHA-256 is ``digest``; ``NULL`` once the applicant was erased.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="acknowledgement")
    token = models.CharField(max_length=24, unique=True, default=new_token)
    number = models.CharField(_("登记编号"), max_length=80)
    office = models.CharField(_("受理机关"), max_length=120)
    at = models.DateTimeField(_("登记时间"))
    channel = models.CharField(max_length=16)
    forwarded = models.BooleanField(default=False)
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("最迟答复日"), null=True)
    due_is_provisional = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = _("回执")

    def __str__(self) -> str:
        return self.number

    @property
    def spelled_token(self) -> str:
        return grouped(self.token)

    @property
    def rule(self) -> Text:
        """Why that day is the day of receipt (条例 31)."""
        return FORWARDED_RULE if self.forwarded else Channel(self.channel).rule

    @property
    def sent_text(self) -> str | None:
        """What was sent, in clear; ``None`` once it was erased or its key is gone."""
        if self.sealed is None:
            return None
        try:
            return unseal(bytes(self.sealed), PURPOSE)
        except (LookupError, InvalidTag):
            return None

    @property
    def intact(self) -> bool | None:
        """Whether what is on file still has the digest of the receipt; ``None`` where it is no longer on file."""
        text = self.sent_text
        if text is None:
            return None if self.sealed is None else False
        return digest_of(text) == self.digest
