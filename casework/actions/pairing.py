"""Somebody else types, the applicant alone sends (条例 29, 43): a helper is paired with the applicant's phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F

from casework.law.identity import compact
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Draft, Helper, Pairing
from casework.models.sealing import blind_index

from .record import clean

VALID_FOR: Final = timedelta(minutes=15)
#: Wrong answers about the applicant after which the six digits open nothing any more.
TRIES: Final = 5
#: What the applicant types beside the six digits, which anybody could guess: the end of their own document number.
PROOF: Final = 4
_DIGITS: Final = 6
_ATTEMPTS: Final = 20


class SentBy(StrEnum):
    """How the applicant read what somebody else had typed, and sent it."""

    PHONE = "phone"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Help:
    """Who typed, and how the applicant sent it; kept with the case."""

    helper: Helper
    name: str
    sent_by: SentBy

    def payload(self) -> dict[str, Any]:
        return {"helper": self.helper.value, "helper_name": self.name, "sent_by": self.sent_by.value}


def pair(draft: Draft, *, helper: Helper, name: str, at: datetime) -> Pairing:
    """From now on the draft can be sent by its applicant alone."""
    if draft.case_id is not None:
        raise Refused(Text("这份申请已经提交。", "This application has been sent."))
    name = clean(name, "name", longest=100, required=False, lines=False)
    said = {"helper": helper.value, "name": name}
    pairing, _new = Pairing.objects.update_or_create(
        draft=draft, defaults=said, create_defaults=said | {"begun_at": at}
    )
    return pairing


def offer_code(pairing: Pairing, *, at: datetime) -> str:
    """Six digits for the applicant's telephone, good for a quarter of an hour and for one telephone."""
    Pairing.objects.filter(expires_at__lte=at).update(code_index=None)
    for _attempt in range(_ATTEMPTS):
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        try:
            with transaction.atomic():
                Pairing.objects.filter(pk=pairing.pk).update(
                    code_index=_index(code), expires_at=at + VALID_FOR, tries=0
                )
        except IntegrityError:
            continue  # somebody else's at this moment
        return code
    raise RuntimeError("no free code in twenty attempts")


def joined(code: str, proof: str, *, at: datetime) -> Pairing | None:
    """The pairing that these digits and the end of the applicant's document number open, once."""
    live = Pairing.objects.filter(code_index=_index(code), expires_at__gt=at, tries__lt=TRIES, draft__case=None)
    pairing = live.select_related("draft").first()
    if pairing is None:
        return None
    number = compact(str(pairing.draft.answers.get("identity_number", "")))
    if len(number) < PROOF or not secrets.compare_digest(number[-PROOF:].encode(), compact(proof).encode()):
        live.update(tries=F("tries") + 1)
        return None
    # of two telephones one wins
    return pairing if live.update(code_index=None, opened_at=at) else None


def unpair(draft: Draft) -> None:
    """The applicant types alone after all."""
    Pairing.objects.filter(draft=draft, draft__case=None).delete()


def help_of(pairing: Pairing, sent_by: SentBy) -> Help:
    return Help(Helper(pairing.helper), pairing.name, sent_by)


def _index(code: str) -> str:
    """Digits of any width; keyed, so that the table alone gives no code away."""
    digits = "".join(str(int(c)) for c in code if c.isdecimal())
    return blind_index(f"pairing {digits}")
