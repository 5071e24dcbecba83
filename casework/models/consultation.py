"""Consultations: who outside was asked, by which letter, and what they said (条例 15, 32, 33(3), 34)."""

import hashlib
import secrets
from datetime import date
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law import clock
from casework.law.consultation import CONSULTED, Consulted, Judgement, Position, Standing, standing
from casework.law.words import Text

from .case import Case
from .person import Staff

#: What a mailed token is sealed for.
LINK: Final = "consultation link"
_ANSWERED: Final = Q(answered_on__isnull=False)


class InForce(models.Manager["Consultation"]):
    """What every question about a case means: a cancelled consultation is as if it had never been."""

    def get_queryset(self) -> models.QuerySet["Consultation"]:
        return super().get_queryset().filter(cancelled_at=None)


class Consultation(models.Model):
    """Somebody outside was asked for an opinion; that time is not counted (条例 33(3)).

    ``party`` is a key of ``law.consultation.Consulted``. A cancelled row stays on file and is found by ``whole``
    alone: no clock, list or guard sees it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="consultations")
    party = models.CharField(
        _("对象"), max_length=16, choices=[(kind.value, row.words.zh) for kind, row in CONSULTED.items()]
    )
    name = models.CharField(_("名称"), max_length=200)
    email = models.CharField(_("电子邮箱"), max_length=254, blank=True)
    address = models.CharField(_("通信地址"), max_length=300, blank=True)
    summary = models.TextField(_("所涉信息概要"), blank=True)
    letter = models.OneToOneField(
        "Letter", models.PROTECT, null=True, blank=True, related_name="consultation", verbose_name=_("文书")
    )
    sent_on = models.DateField(_("发出日期"))
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)

    answered_on = models.DateField(_("收到意见日期"), null=True, blank=True)
    answered_at = models.DateTimeField(_("网上答复时间"), null=True, blank=True)
    consents = models.BooleanField(_("同意公开"), null=True, blank=True)
    parts = models.TextField(_("同意公开的部分"), blank=True)
    opinion = models.TextField(_("意见"), blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)

    judgement = models.CharField(
        _("对意见的判断"), max_length=10, blank=True, choices=[(j.value, j.words.zh) for j in Judgement]
    )
    judgement_reasons = models.TextField(_("判断的理由"), blank=True)
    public_interest = models.TextField(_("公共利益方面的考虑"), blank=True)
    decided_content = models.TextField(_("决定公开的内容"), blank=True)
    judged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    informed_on = models.DateField(_("告知第三方日期"), null=True, blank=True)

    cancelled_at = models.DateTimeField(_("撤销时间"), null=True, editable=False)
    cancelled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", editable=False)
    cancel_reason = models.TextField(_("撤销理由"), blank=True, editable=False)

    objects = InForce()
    whole: models.Manager["Consultation"] = models.Manager()

    class Meta:
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("sent_on")), name="consultation_delivered_later"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("sent_on")), name="consultation_answered_later"
            ),
            models.CheckConstraint(condition=Q(parts="") | Q(consents=True), name="consultation_parts_are_consented"),
            models.CheckConstraint(condition=Q(judgement="") | _ANSWERED, name="consultation_judged_when_answered"),
            models.CheckConstraint(
                condition=~Q(judgement=Judgement.OVERRIDDEN.value) | ~Q(public_interest="") & ~Q(decided_content=""),
                name="override_names_the_public_interest",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="") | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="cancelled_consultation_has_a_reason",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="one_consultation_a_link"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Consulted:
        return Consulted(self.party)

    @property
    def words(self) -> Text:
        return self.kind.row.words

    @property
    def position(self) -> Position | None:
        """What they say; ``None`` while they have not answered."""
        if self.answered_on is None:
            return None
        if self.consents is None:
            return Position.NONE
        if not self.consents:
            return Position.REFUSES
        return Position.PARTLY if self.parts else Position.CONSENTS

    @property
    def objects_to_disclosure(self) -> bool:
        """Whether a third party wants something withheld, on which the agency has to judge (条例 32)."""
        return self.kind is Consulted.THIRD_PARTY and self.position is not None and self.position.objects

    @property
    def judgement_words(self) -> Text | None:
        return Judgement(self.judgement).words if self.judgement else None

    @property
    def to_be_informed(self) -> bool:
        """Whether something is disclosed against their will of which they have not been told (条例 32)."""
        return self.judgement == Judgement.OVERRIDDEN and self.informed_on is None

    @property
    def has_link(self) -> bool:
        return bool(self.token_hash)

    def fact(self) -> clock.Consultation:
        return clock.Consultation(self.kind.row.party, self.sent_on, self.delivered_on, self.answered_on)

    def standing(self, *, on: date) -> Standing:
        """Where it stands on a day, and what silence means by then."""
        return standing(
            self.kind,
            sent_on=self.sent_on,
            delivered_on=self.delivered_on,
            answered_on=self.answered_on,
            position=self.position,
            on=on,
            calendar=self.case.agency.calendar,
        )

    @classmethod
    def by_token(cls, token: str) -> "Consultation | None":
        """The consultation that this link belongs to; ``None`` of a token that opens nothing."""
        return cls.objects.filter(token_hash=hashed(token)).select_related("case__agency", "letter").first()

    def new_token(self) -> str:
        """A fresh secret for the link, of which only the hash stays; an older link opens nothing any more."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hashed(token)
        return token


def hashed(token: str) -> str:
    """The token has 256 bits of chance, so that one round of SHA-256 tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
