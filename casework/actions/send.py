"""Letters of process acts: an act is carried out on the day on which its letter leaves (国办公开办函〔2016〕235号 四).

A notice that lies in the office asks nobody for anything. It is made (``prepare``: numbered, drawn, frozen, with the
arguments of its act) and sent (``send``), which carries the act out by its own verb with the day on which it left.
``carry_out`` does both at once, unless the letter goes by post.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from django.db import transaction

from casework import letters
from casework.access import Verb, check_may
from casework.law import supplement
from casework.law.calendar import day_of
from casework.law.consultation import Consulted
from casework.law.fees import Tariff
from casework.law.letters import Element, LetterKind
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Case, Conflict, Consultation, DispatchMode, Event, Kind, Letter, Staff

from . import clock, consult, excess, extension, fee
from .deliver import attempted
from .record import check_day, happened

E = Element
Facts = Mapping[str, Any]
Given = Mapping[Element, str | list[str]]


def _as_they_are(case: Case, facts: Facts, on: date) -> Facts:
    return facts


@dataclass(frozen=True, slots=True)
class Carried:
    """An act that a letter carries.

    ``kind`` and ``given``: which document it is, and what the file does not say for it, from the arguments of the act.
    ``do``: the verb, which is told under the name ``day`` when the letter left. ``settled``: the arguments as the
    letter prints them, such as the last day of a period, reckoned when it is made. ``read``: how arguments that JSON
    can't hold come back. ``arrives``: the name under which the verb is told the day of arrival, where it is known when
    the letter leaves. ``to``: the addressee, where it is not the applicant. ``several``: more than one may lie
    ready. ``told_letter``: the verb keeps which letter it was, under the name ``letter``.
    """

    kind: Callable[[Facts], LetterKind]
    do: Callable[..., Event]
    given: Callable[[Case, Facts], Given]
    settled: Callable[[Case, Facts, date], Facts] = _as_they_are
    read: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    day: str = "on"
    arrives: str = ""
    to: Callable[[Case, Facts], str] = lambda case, facts: ""
    several: bool = False
    told_letter: bool = False


def _supplement_settled(case: Case, facts: Facts, on: date) -> Facts:
    rest = {name: value for name, value in facts.items() if name != "days"}
    return rest | {"until": clock.supplement_until(case, facts.get("days"), on=on)}


def _supplement_says(case: Case, facts: Facts) -> Given:
    items = supplement.printed(facts.get("lacks", ()), facts.get("excerpts", ()), facts["unclear"])
    return {E.UNCLEAR: items, E.PERIOD_ENDS_ON: said(facts["until"]).zh}


def _consultation_says(case: Case, facts: Facts) -> Given:
    return {E.SUMMARY: facts.get("summary", "")}


def _overridden(case: Case, facts: Facts) -> Consultation:
    """The third party that is told; whether it has to be is judged by the act."""
    return case.consultations.get(pk=facts["consultation"])


def _override_says(case: Case, facts: Facts) -> Given:
    asked = _overridden(case, facts)
    position = asked.position
    return {
        E.SUMMARY: asked.summary or asked.decided_content,
        E.THIRD_PARTY_REPLY: f"{position.words.zh}。{asked.opinion}" if position else "",
        E.DECIDED_CONTENT: asked.decided_content,
        E.REASONS: asked.judgement_reasons,
        E.PUBLIC_INTEREST: asked.public_interest,
    }


def _extension_settled(case: Case, facts: Facts, on: date) -> Facts:
    due = extension.due_if_extended(case, facts["working_days"], on=on)
    return {**facts, "new_due_on": due.due_on}


def _extension_says(case: Case, facts: Facts) -> Given:
    return {
        E.EXTENSION_REASON: facts["reason"],
        E.EXTENSION_DAYS: str(facts["working_days"]),
        E.NEW_DUE_ON: said(facts["new_due_on"]).zh,
    }


def _delay_says(case: Case, facts: Facts) -> Given:
    return {E.REASONS: facts["reason"], E.PERIOD_ENDS_ON: said(facts["until"]).zh}


def _fee_settled(case: Case, facts: Facts, on: date) -> Facts:
    return {**facts, "printed": fee.reckoned(case, **facts).fee.amount}


def _fee_says(case: Case, facts: Facts) -> Given:
    known = {name: value for name, value in facts.items() if name != "printed"}
    return letters.fee_elements(fee.reckoned(case, **known).fee, payment_way=case.agency.payment_way)


def _reasons_settled(case: Case, facts: Facts, on: date) -> Facts:
    rest = {name: value for name, value in facts.items() if name != "days"}
    return rest | {"until": excess.reasons_until(case, facts.get("days"), on=on)}


def _reasons_says(case: Case, facts: Facts) -> Given:
    return {E.WHY_EXCESSIVE: facts["why"], E.PERIOD_ENDS_ON: said(facts["until"]).zh}


#: The verbs that speak by letter. Every other fact of the clock is something that arrives.
ACTS_BY_LETTER: Final[dict[Verb, Carried]] = {
    Verb.REQUEST_SUPPLEMENT: Carried(
        kind=lambda facts: LetterKind.SUPPLEMENT,
        do=clock.request_supplement,
        given=_supplement_says,
        settled=_supplement_settled,
        read={"until": date.fromisoformat},
    ),
    Verb.CONSULT: Carried(
        kind=lambda facts: Consulted(facts["party"]).row.letter,
        do=consult.consult,
        given=_consultation_says,
        read={"delivered_on": date.fromisoformat},
        day="sent_on",
        to=lambda case, facts: str(facts["name"]),
        several=True,
        told_letter=True,
    ),
    Verb.INFORM_THIRD_PARTY: Carried(
        kind=lambda facts: LetterKind.OVERRIDE,
        do=consult.inform_third_party,
        given=_override_says,
        to=lambda case, facts: _overridden(case, facts).name,
        several=True,
    ),
    Verb.EXTEND: Carried(
        kind=lambda facts: LetterKind.EXTENSION,
        do=extension.extend,
        given=_extension_says,
        settled=_extension_settled,
        read={"new_due_on": date.fromisoformat},
    ),
    Verb.DELAY: Carried(
        kind=lambda facts: LetterKind.DELAY,
        do=excess.delay,
        given=_delay_says,
        read={"until": date.fromisoformat},
    ),
    Verb.NOTIFY_FEE: Carried(
        kind=lambda facts: LetterKind.FEE,
        do=fee.notify_fee,
        given=_fee_says,
        settled=_fee_settled,
        read={"tariff": Tariff},
        arrives="delivered_on",
    ),
    Verb.ASK_REASONS: Carried(
        kind=lambda facts: LetterKind.REASONS,
        do=excess.ask_reasons,
        given=_reasons_says,
        settled=_reasons_settled,
        read={"until": date.fromisoformat},
    ),
}


def prepare(case: Case, act: Verb, *, by: Staff, at: datetime, **facts: Any) -> Letter:
    """Make the letter of an act, with ``facts`` as its arguments but the day. Nothing happens to the clock.

    What would forbid the act today forbids its letter. The act is that of ``by`` also when somebody else sends it.
    """
    row, on = ACTS_BY_LETTER[act], day_of(at)
    stored = _as_json(row.settled(case, facts, on))
    told = _read(row, stored)
    with transaction.atomic():
        case.save()
        if not row.several and case.letters.not_sent().filter(act=act.value).exists():
            raise Refused(
                Text(
                    "这一文书已经制作，还没有送出。请先送出或者作废。",
                    "This letter has been made and has not left. Send it or declare it void first.",
                )
            )
        _rehearse(case, row, told, by=by, at=at)
        drafted = letters.draft(case, row.kind(told), on=on, given=row.given(case, told), to=row.to(case, told))
        letter = letters.issue(drafted, case=case, by=by, at=at, act=act.value, facts=stored)
        happened(case, Kind.LETTER_MADE, by=by, at=at, payload=_named(letter))
    return letter


def send(
    letter: Letter,
    *,
    mode: DispatchMode,
    on: date,
    by: Staff,
    at: datetime,
    postal_number: str = "",
    witness: str = "",
) -> Event:
    """A letter has left on that day, and its act takes effect on it."""
    case = letter.case
    check_may(by, Verb.SEND, case)
    if letter.decision_id is not None:
        raise Refused(Text("答复由“送出答复”送出。", "A reply leaves by being dispatched."))
    check_day(on, "on", at=at, not_before=day_of(letter.signed_at))
    attempt = attempted(case, mode=mode, on=on, postal_number=postal_number, witness=witness, by=by)
    attempt.letter = letter
    with transaction.atomic():
        if letter.act:
            row = ACTS_BY_LETTER[Verb(letter.act)]
            told = {**_read(row, letter.facts), row.day: on}
            if row.arrives:
                told[row.arrives] = attempt.delivered_on
            if row.told_letter:
                told["letter"] = letter
            row.do(case, **told, by=letter.signed_by, at=at)
        else:
            case.save()
        # The case is claimed now: nobody else sends the letter or declares it void.
        if not Letter.objects.not_sent().filter(pk=letter.pk).exists():
            raise Conflict
        attempt.save()
        return happened(case, Kind.LETTER_SENT, by=by, at=at, on=on, payload={**_named(letter), "mode": mode.value})


def carry_out(case: Case, act: Verb, *, mode: DispatchMode, by: Staff, at: datetime, **facts: Any) -> Letter:
    """Make the letter of an act and send it today; what goes by post waits for its number and day."""
    with transaction.atomic():
        letter = prepare(case, act, by=by, at=at, **facts)
        if mode is not DispatchMode.POST:
            send(letter, mode=mode, on=day_of(at), by=by, at=at)
    return letter


def _rehearse(case: Case, row: Carried, facts: Facts, *, by: Staff, at: datetime) -> None:
    """Do the act on another copy of the case as if the letter left today, and undo it."""
    with transaction.atomic():
        row.do(Case.objects.get(pk=case.pk), **facts, **{row.day: day_of(at)}, by=by, at=at)
        transaction.set_rollback(True)


def _named(letter: Letter) -> dict[str, str]:
    return {"letter": letter.kind, "letter_number": letter.number}


def _as_json(facts: Facts) -> dict[str, Any]:
    return {name: _json_value(value) for name, value in facts.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read(row: Carried, stored: Facts) -> dict[str, Any]:
    """The arguments as the verb takes them."""
    return {
        name: row.read[name](value) if name in row.read and value is not None else value
        for name, value in stored.items()
    }
