"""One application becomes several, two turn out to be one, and one belongs to another agency (law.md 6.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from casework import notices
from casework.access import Verb, check_may, visible_to
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Arrival, Case, CaseLink, Channel, Event, Kind, LinkKind, Staff

from .applicants import keep_beside
from .application import LONGEST_CONTENT, handed_on
from .opening import copy_documents, number_case, receipt_of
from .record import clean, happened

#: More matters than this in one letter are split in two goes.
MOST_PIECES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One of the several things that an application asks for."""

    content: str
    subject: str = ""

    def checked(self, place: int) -> "Matter":
        return Matter(
            content=clean(self.content, f"content_{place}", longest=LONGEST_CONTENT),
            subject=clean(self.subject, f"subject_{place}", longest=300, required=False, lines=False),
        )


def split(case: Case, *, kept: Matter, others: Sequence[Matter], reason: str, by: Staff, at: datetime) -> Event:
    """One application for one matter (国办函〔2020〕109号 4): the case keeps one, each other gets a case of its own.

    Every piece has the receipt of the whole, so that no day is won or lost, and the query code of the whole, of which
    only the hash is known: the applicant needs nothing but the new numbers. Only while nothing has been asked or
    decided, because a fact of the clock belongs to one matter or another and nobody could say to which.
    """
    check_may(by, Verb.SPLIT, case)
    _check_splittable(case, others)
    kept = kept.checked(0)
    others = [matter.checked(place) for place, matter in enumerate(others, start=1)]
    reason = clean(reason, "reason", longest=500)
    with transaction.atomic():
        # The whole is claimed first: of two who split at once the second finds another version.
        whole = case.content
        case.subject, case.content = kept.subject, kept.content
        case.save()
        pieces = [_split_off(case, matter, reason=reason, by=by, at=at) for matter in others]
        numbers = [piece.number for piece in pieces]
        return happened(
            case,
            Kind.SPLIT,
            by=by,
            at=at,
            payload={"numbers": numbers, "reason": reason, "whole": whole},
        )


def link_duplicate(case: Case, *, earlier: Case, reason: str, by: Staff, at: datetime) -> Event:
    """The same application came before: by another channel, or it has been answered already.

    Nothing is closed by it. Before any reply the later one ends as 三(六)3 by an ordinary decision or by a withdrawal;
    条例 36(6) (三(五)2) needs a reply, and the link then says which.
    """
    check_may(by, Verb.LINK_DUPLICATE, case)
    _check_same(case, earlier, by=by)
    reason = clean(reason, "reason", longest=500)
    answered = earlier.closed_on is not None and earlier.closed_on <= case.received_on and not earlier.is_terminated
    kind = LinkKind.REPEATS if answered else LinkKind.DUPLICATE_OF
    with transaction.atomic():
        case.save()
        CaseLink.objects.create(kind=kind, later=case, earlier=earlier, reason=reason, by=by, at=at)
        return happened(
            case, Kind.LINKED, by=by, at=at, payload={"number": earlier.number, "link": kind.value, "reason": reason}
        )


def transfer(case: Case, *, to: Agency, consent: str, by: Staff, at: datetime) -> Event:
    """Hand a copy of the application to the agency that answers for it, after telling the applicant so (条例 36(5)).

    A courtesy: this case stays closed as 三(四)1 and counts here, the other office registers its own, received on the
    day it gets it (law.md 6.4, 7.8). It gets the application and nothing of this file, and only with the applicant's
    consent; ``consent`` says how and when it was given.
    """
    check_may(by, Verb.TRANSFER, case)
    _check_transferable(case, to)
    consent = clean(consent, "consent", longest=500)
    with transaction.atomic():
        case.save()
        if Arrival.objects.filter(agency=to, source=case).exists():
            raise Refused(
                Text("本件已经转送{agency}。", "This was forwarded to {agency} already.").format(agency=to.name),
                field="to",
            )
        arrival = Arrival.objects.create(
            agency=to,
            arrived_on=day_of(at),
            channel=Channel.OTHER,
            sender=case.applicant.names[:200],
            received_by=_SYSTEM.zh,
            note=f"{case.agency.name} {case.number}",
            logged_at=at,
            forwarded_by=case.agency.name,
            forwarded_on=day_of(at),
            source=case,
            sealed=Arrival.sealing(handed_on(case)),
        )
        notices.tell_forwarded(arrival, at=at)
        return happened(case, Kind.TRANSFERRED, by=by, at=at, payload={"agency": to.name, "consent": consent})


def _split_off(case: Case, matter: Matter, *, reason: str, by: Staff, at: datetime) -> Case:
    """One matter as a case of its own, with the applicant, the receipt and the papers of the whole."""
    piece = Case(
        agency=case.agency,
        applicant_kind=case.applicant_kind,
        applicant=case.applicant.copied(),
        registered_at=at,
        forwarded_by=case.forwarded_by,
        forwarded_on=case.forwarded_on,
        is_oral=case.is_oral,
        written_by=case.written_by,
        subject=matter.subject,
        content=matter.content,
        wanted_form=case.wanted_form,
        wanted_way=case.wanted_way,
        note=case.note,
        query_code_hash=case.query_code_hash,
        language=case.language,
        clerk=case.clerk,
        division=case.division,
    )
    number_case(piece, case.receipt(), "", at=at)
    copy_documents(case, piece, at=at)
    CaseLink.objects.create(kind=LinkKind.SPLIT_FROM, later=piece, earlier=case, reason=reason, by=by, at=at)
    payload = receipt_of(piece) | {"number": case.number}
    happened(piece, Kind.SPLIT_OFF, by=by, at=at, on=piece.received_on, payload=payload)
    keep_beside(piece, case, at=at)
    return piece


def _check_splittable(case: Case, others: Sequence[Matter]) -> None:
    if not case.agency.splits_applications:
        raise Refused(
            Text(
                "本机关的设置是一件申请含有数项请求的不拆分。",
                "This agency has chosen not to split an application that asks for several things.",
            ),
            law="国办函〔2020〕109号 4",
        )
    if case.is_redecision:
        raise Refused(_DECIDED_AGAIN, law="行政复议法 64、行政诉讼法 70")
    made = case.letters.not_sent().exclude(act="")
    if case.clock_facts() or case.reasons_requests.exists() or case.decisions.exists() or made.exists():
        raise Refused(
            Text(
                "本件已经告知补正、征求意见、延期、通知缴费、要求说明理由或者拟写答复，不能再拆分。",
                "A supplement, consultation, extension, fee, request for reasons or draft is on file, so it is too "
                "late to split the case.",
            )
        )
    if not 1 <= len(others) <= MOST_PIECES:
        raise Refused(
            Text("请至少填写另一项申请内容，最多{most}项。", "Give at least one other matter, at most {most}.").format(
                most=MOST_PIECES
            ),
            field="content_1",
        )


def _check_same(case: Case, earlier: Case, *, by: Staff) -> None:
    """Refuse to tie what cannot be the same application, or what this person may not see."""
    if earlier.agency_id != case.agency_id or not visible_to(by).filter(pk=earlier.pk).exists():
        raise Refused(Text("没有找到这件申请。", "There is no such application."), field="earlier")
    if earlier.pk == case.pk:
        raise Refused(Text("不能与本件自己关联。", "A case can't be linked to itself."), field="earlier")
    ours, theirs = case.applicant.identity_index, earlier.applicant.identity_index
    if ours and theirs and ours != theirs:
        raise Refused(
            Text(
                "两件申请的证件号码不同，不是同一申请人。",
                "The identity numbers differ: the applicants are not the same.",
            ),
            law="条例 36(6)",
            field="earlier",
        )
    if (earlier.received_on, earlier.pk) > (case.received_on, case.pk):
        raise Refused(
            Text("{number}是后收到的，请在那一件上办理。", "{number} came later; do this there.").format(
                number=earlier.number
            ),
            field="earlier",
        )
    both = {case.pk, earlier.pk}
    if CaseLink.objects.filter(later__in=both, earlier__in=both).exists():
        raise Refused(Text("这两件申请已经关联。", "The two are linked already."), field="earlier")


def _check_transferable(case: Case, to: Agency) -> None:
    decision = case.current_decision
    if decision is None or (case.outcome, decision.ground) != (Outcome.UNAVAILABLE_1, "other_body"):
        raise Refused(
            Text(
                "只有告知申请人“不属于本机关负责公开”以后，才可以转送。",
                "It can be forwarded only after the applicant was told that another body is responsible.",
            ),
            law="条例 36(5)",
        )
    if to.pk == case.agency_id or not Agency.objects.open_to_applications().filter(pk=to.pk).exists():
        raise Refused(
            Text("{agency}不受理政府信息公开申请。", "{agency} does not take applications for disclosure.").format(
                agency=to.name
            ),
            law="条例 27",
            field="to",
        )


_DECIDED_AGAIN: Final = Text(
    "这是依决定、裁判重新答复的案卷，不能拆分：拆分后的各件没有决定、裁判可依。",
    "This file answers anew by a decision and can’t be split: the pieces would rest on none.",
)
_SYSTEM: Final = Text("系统转送", "forwarded in the system")
