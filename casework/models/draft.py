"""What a citizen has typed and not sent yet, and who helps with it; one draft makes at most one application."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from .agency import Agency
from .case import Case
from .person import Staff
from .querycode import ALPHABET, compact
from .sealing import seal, unseal

PURPOSE: Final = "draft"
SENT_ANSWERS_KEPT: Final = timedelta(days=1)
UNSENT_KEPT: Final = timedelta(days=30)
#: Random characters of the reference on paper (41 bits); a check character follows.
_REFERENCE: Final = 9


def new_key() -> str:
    return secrets.token_urlsafe(24)


def new_reference() -> str:
    """What stands on the printed form: it opens the draft to the office alone, and says nothing of anybody."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(_REFERENCE))
    return body + luhn.calc_check_digit(body, ALPHABET)


def reference_of(typed: str) -> str:
    """The reference as typed or scanned; empty where a character must be wrong."""
    found = compact(typed[:60])
    wrong = len(found) != _REFERENCE + 1 or any(c not in ALPHABET for c in found)
    return "" if wrong or not luhn.is_valid(found, ALPHABET) else found


class Draft(models.Model):
    """The answers of the portal's form, sealed as a whole; its key in the address is all that opens it."""

    key = models.CharField(max_length=40, unique=True, default=new_key)
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+")
    #: ``NULL`` once it was sent and forgotten: the row stays, so that the same form can never be sent twice.
    sealed = models.BinaryField(null=True)
    opened_at = models.DateTimeField()
    kept_at = models.DateTimeField(db_index=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="draft")
    #: The applicant's account in whose list it stands; nobody's, unless they were signed in.
    account = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="drafts")
    #: Printed on the paper form, as text and as a QR code.
    reference = models.CharField(max_length=10, unique=True, null=True)
    #: The code by which it is taken up on another device: what finds it, the slow hash that proves it, and until when.
    resume_key = models.CharField(max_length=6, unique=True, null=True)
    resume_hash = models.CharField(max_length=160, blank=True)
    resume_until = models.DateTimeField(null=True)

    @classmethod
    def open(cls, *, at: datetime, agency: Agency | None = None, account: Staff | None = None) -> "Draft":
        """Begin a new draft and store it."""
        return cls.objects.create(agency=agency, sealed=seal("{}", PURPOSE), opened_at=at, kept_at=at, account=account)

    @property
    def digest(self) -> str:
        """What whoever reads the draft has read: office and answers."""
        said = json.dumps([self.agency_id, self.answers], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def answers(self) -> dict[str, Any]:
        if self.sealed is None:
            return {}
        answers: dict[str, Any] = json.loads(unseal(bytes(self.sealed), PURPOSE))
        return answers

    def keep(self, answers: dict[str, Any], *, at: datetime) -> None:
        """Store what was typed, right or wrong; a draft that was sent no longer changes (the update finds no row)."""
        self.sealed, self.kept_at = seal(json.dumps(answers, ensure_ascii=False), PURPOSE), at
        Draft.objects.filter(pk=self.pk, case=None).update(sealed=self.sealed, kept_at=at, agency_id=self.agency_id)

    @classmethod
    def forget(cls, *, at: datetime) -> int:
        """Empty what was sent a day ago and delete what was left a month ago (PIPL 19, 47); how many."""
        sent = cls.objects.filter(case__isnull=False, sealed__isnull=False, kept_at__lte=at - SENT_ANSWERS_KEPT)
        Pairing.objects.filter(draft__in=sent).delete()
        left, _ = cls.objects.filter(case=None, kept_at__lte=at - UNSENT_KEPT).delete()
        return sent.update(sealed=None) + left


class Helper(models.TextChoices):
    """Who types for the applicant."""

    FAMILY = "family", _("家人、朋友")
    COMMUNITY = "community", _("社区、村里的工作人员或者社会工作者")
    WINDOW = "window", _("行政机关的窗口工作人员")
    OTHER = "other", _("其他人")


class Pairing(models.Model):
    """Somebody else types; while this row is there, only the applicant sends (条例 29, 43).

    ``code_index``: the keyed hash of six digits by which the applicant's own telephone finds the draft, once.
    """

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="pairing")
    helper = models.CharField(max_length=10, choices=Helper.choices)
    name = models.CharField(max_length=100, blank=True)
    begun_at = models.DateTimeField()
    code_index = models.CharField(max_length=64, unique=True, null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code_index=None) | models.Q(expires_at__isnull=False), name="pairing_code_expires"
            ),
        ]
