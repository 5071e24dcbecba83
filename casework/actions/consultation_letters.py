"""Consultation by letter: several at once, each with a letter of its own, and the applicant is told that it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from casework.access import Verb
from casework.law.calendar import day_of
from casework.law.consultation import Consulted
from casework.law.letters import LetterKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Consultation, DispatchMode, Letter, Staff, Way

from .consult import offer_link
from .letters import issue_notice
from .send import carry_out, send


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody outside who is to be asked, and how they are reached."""

    party: Consulted
    name: str
    email: str = ""
    address: str = ""


def ask(
    case: Case, *, addressees: Sequence[Addressee], summary: str, mode: DispatchMode, by: Staff, at: datetime
) -> Letter:
    """Make a letter for each, send it today unless it goes by post, and tell the applicant; all of it or nothing.

    By e-mail each gets a link of its own to read the letter and answer. Returns the last letter.
    """
    if not addressees:
        raise Refused(Text("请填写征求谁的意见。", "Say who is to be asked."), field="name_1")
    handed_over = day_of(at) if mode is DispatchMode.IN_PERSON else None
    with transaction.atomic():
        for one in addressees:
            letter = carry_out(
                case,
                Verb.CONSULT,
                mode=mode,
                party=one.party.value,
                name=one.name,
                email=one.email,
                address=one.address,
                summary=summary,
                delivered_on=handed_over,
                by=by,
                at=at,
            )
            if mode is DispatchMode.EMAIL:
                asked = Consultation.objects.get(letter=letter)
                asked.case = case
                offer_link(asked, mail=True, by=by, at=at)
        _tell_applicant(case, by=by, at=at)
    return letter


def inform(case: Case, *, consultation: Consultation, mode: DispatchMode, by: Staff, at: datetime) -> Letter:
    """Make the notice of an override to the third party, and hand it over or leave it to be posted (条例 32)."""
    return carry_out(case, Verb.INFORM_THIRD_PARTY, mode=mode, consultation=consultation.pk, by=by, at=at)


#: By these ways the applicant reads a notice at once, where that is the way they want.
_AT_ONCE: Final = {Way.ONLINE.value: DispatchMode.ONLINE, Way.EMAIL.value: DispatchMode.EMAIL}


def _tell_applicant(case: Case, *, by: Staff, at: datetime) -> None:
    """The notice that others are consulted and the time is not counted, once a case (law.md 4.6); it names nobody."""
    if case.letters.filter(kind=LetterKind.CONSULTING.value, voided_at=None).exists():
        return
    told = issue_notice(case, LetterKind.CONSULTING, by=by, at=at)
    if mode := _AT_ONCE.get(case.wanted_way):
        send(told, mode=mode, on=day_of(at), by=by, at=at)
