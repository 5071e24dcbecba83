"""The verbs of the supplement, and where a case rests when nothing is proposed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.supplement import Lack
from casework.law.words import Text, said
from casework.models import (
    Actor,
    Case,
    Channel,
    DocumentKind,
    Event,
    Kind,
    Staff,
    Supplement,
    edition,
)

from .files import Upload, attach
from .record import check_day, clean, happened


def supplement_until(case: Case, days: int | None, *, on: date) -> date:
    """The last day of a period of so many working days after ``on``; by default the agency's setting (条例 30)."""
    days = case.agency.supplement_days if days is None else days
    if not 1 <= days <= 120:
        raise Refused(
            Text("补正期限应当是1至120个工作日。", "The period is 1 to 120 working days."), law="条例 30", field="days"
        )
    edition.look_again()
    return case.agency.calendar.add_workdays(on, days)


def request_supplement(
    case: Case,
    *,
    unclear: str,
    lacks: Sequence[str] = (),
    excerpts: Sequence[str] = (),
    days: int | None = None,
    until: date | None = None,
    on: date,
    by: Staff,
    at: datetime,
) -> Event:
    """Ask once, within 7 working days of receipt, for what is unclear, with a reasonable period (条例 30).

    ``lacks``: which of the contents of 条例 29(2) (``law.supplement.Lack``); ``excerpts``: the applicant's own words
    that are unclear. ``days``: working days that the applicant is given, by default the agency's setting; ``until``:
    the last day that the notice prints, which holds whenever it leaves. A notice after the 7th day is not refused: it
    goes out late, and by the conservative reading does not restart the clock (law.md 3.7).
    """
    check_may(by, Verb.REQUEST_SUPPLEMENT, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    until = until or supplement_until(case, days, on=on)
    if until <= on:
        raise Refused(
            Text(
                "告知书写明的补正期限{until}在{on}已经届满，申请人没有时间补正。请作废后另行制作。",
                "The notice gives the applicant until {until}, which leaves no time on {on}. "
                "Declare it void and make another.",
            ).format(until=said(until), on=said(on)),
            law="条例 30",
            field="on",
        )
    if case.supplements.exists():
        raise Refused(
            Text("补正只能告知一次，本件已经告知过。", "A supplement may be asked for only once; it has been."),
            law="条例 30",
        )
    facts = {
        "unclear": clean(unclear, "unclear", longest=5000),
        "lacks": _lacks(lacks),
        "excerpts": _excerpts(case, excerpts),
    }
    with transaction.atomic():
        case.request_supplement()
        case.save()
        Supplement.objects.create(case=case, requested_on=on, period_ends_on=until, **facts)
        return happened(
            case,
            Kind.SUPPLEMENT_REQUESTED,
            by=by,
            at=at,
            on=on,
            payload={"until": until.isoformat()},
            moves_clock=True,
        )


def _lacks(lacks: Sequence[str]) -> list[str]:
    """In the order of the law, each once."""
    if unknown := set(lacks) - set(Lack):
        raise Refused(
            Text("没有“{what}”这一项。", "There is no such content: {what}.").format(what="、".join(sorted(unknown))),
            law="条例 29(2)",
            field="lacks",
        )
    return [lack.value for lack in Lack if lack in lacks]


def _excerpts(case: Case, excerpts: Sequence[str]) -> list[str]:
    """The applicant's words as they stand in the application; what does not stand there is refused."""
    found = [clean(words, "excerpts", longest=1000) for words in excerpts]
    for words in found:
        if words not in case.content and words not in case.subject:
            raise Refused(
                Text(
                    "申请中没有“{words}”这几个字，请照抄原文。",
                    "The application does not say “{words}”; copy its own words.",
                ).format(words=words),
                law="条例 30",
                field="excerpts",
            )
    return list(dict.fromkeys(found))


def receive_supplement(
    case: Case,
    *,
    answer: str,
    on: date,
    by: Staff | None,
    at: datetime,
    channel: str = Channel.ONLINE,
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """The supplement arrives and the reply period starts afresh (条例 30). ``by`` is ``None`` when it comes online.

    Until its lapse is signed it is taken, in time or not: who has answered has not abandoned the application, and the
    draft that says so goes back. The law gives no consequence to an answer that is late and comes before the decision.
    """
    if by is not None:
        check_may(by, Verb.RECEIVE_SUPPLEMENT, case)
    supplement = case.awaited_supplement
    if supplement is None:
        raise Refused(
            Text(
                "本件现在不需要补正：可能已经补正过，或者已经作出决定。有疑问的请联系受理机关。",
                "No supplement is wanted now: it may have been sent, or a decision has been made. "
                "If in doubt, contact the office.",
            ),
            law="条例 30",
        )
    check_day(on, "on", at=at, not_before=supplement.requested_on)
    supplement.received_on, supplement.channel = on, channel
    supplement.answer = clean(answer, "answer", longest=20_000)
    overtaken = case.current_decision
    with transaction.atomic():
        case.receive_supplement()
        case.save()
        supplement.save()
        for upload in uploads:
            attach(case, upload, DocumentKind.SUPPLEMENT, by=by, at=at)
        if overtaken is not None:
            overtaken.returned_by, overtaken.returned_at, overtaken.remark = by, at, OVERTAKEN.zh
            overtaken.save()
            happened(case, Kind.SENT_BACK, by=None, actor=Actor.CLOCK, at=at, payload={"remark": OVERTAKEN.zh})
        return happened(
            case,
            Kind.SUPPLEMENT_RECEIVED,
            by=by,
            actor=Actor.STAFF if by else Actor.APPLICANT,
            at=at,
            on=on,
            payload={"channel": channel},
            moves_clock=True,
        )


#: Why a draft on the lapse of the supplement goes back without anybody's hand.
OVERTAKEN: Final = Text(
    "送签期间收到了申请人的补正，不能再视为放弃申请，拟稿自动退回。",
    "The supplement arrived while the draft awaited its signature; the application is not abandoned.",
)


def resting_state(case: Case) -> State:
    """Where a case stands when nothing is proposed: with the applicant if something is awaited."""
    if case.open_supplement is not None:
        return State.SUPPLEMENT_REQUESTED
    if case.unpaid_fee is not None:
        return State.FEE_NOTIFIED
    return State.RECEIVED
