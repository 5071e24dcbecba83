"""Reconsideration and suits: recorded, carried on step by step, corrected, and what was annulled decided again.

Nothing here changes a case: a reply that was annulled stays where its year counted it (law.md 6.4), and is made again
under a linked file of its own, which no year counts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.disputes import RESULTS, STAGES, Fared, Result, Stage, answer_due, check_fared, check_order
from casework.law.disputes import DisputeKind as LawKind
from casework.law.receipt import Channel, Receipt
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import (
    Agency,
    Case,
    CaseLink,
    Dispute,
    DisputedItem,
    DisputeKind,
    DisputeStep,
    Event,
    Kind,
    LinkKind,
    Staff,
    areas_given_with,
    edition,
)
from casework.notices import DISPUTE_RECEIVED, tell_of_dispute

from .applicants import keep_beside
from .opening import copy_documents, number_case, receipt_of
from .record import check_day, clean, happened

LONGEST: Final = 5000


def record_dispute(
    agency: Agency,
    *,
    kind: str,
    on: date,
    organ: str,
    complainant: str,
    by: Staff,
    at: datetime,
    case: Case | None = None,
    about: str = "",
    docket_number: str = "",
    simplified: bool = False,
    after: Dispute | None = None,
) -> Dispute:
    """A notice of reconsideration or of a suit has come; from ``on``, the day it was received, the answer runs.

    ``case`` is what it is about, with the reply that stands in it; a dispute about an application from before the
    system, or about proactive publication, says in ``about`` what it attacks. ``after``: the reconsideration before a
    suit; one from before the system is told in ``about`` too.
    """
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, agency)
    _check_whole(agency, kind, case, about, after, simplified=simplified)
    check_day(on, "on", at=at, not_before=case.received_on if case else None)
    decision = case.current_decision if case else None
    if decision is not None and decision.dispatched_on is None:
        decision = None  # a draft is not attacked: the complaint is that there was no reply
    dispute = Dispute(
        agency=agency,
        kind=DisputeKind(kind).value,
        case=case,
        decision=decision,
        about=clean(about, "about", longest=LONGEST, required=case is None),
        complainant=clean(complainant, "complainant", longest=200, lines=False),
        simplified=simplified,
        after=after,
        recorded_by=by,
        recorded_at=at,
    )
    step = DisputeStep(stage=Stage.RECEIVED.value, on=on, by=by, at=at)
    step.organ = clean(organ, "organ", longest=200, lines=False)
    step.docket_number = clean(docket_number, "docket_number", longest=80, required=False, lines=False)
    edition.look_again()
    with transaction.atomic():
        _hold(agency)
        _check_docket(agency, step.docket_number)
        dispute.save()
        step.dispute = dispute
        step.save()
        if case is not None:
            said_of = {"dispute": dispute.kind, "organ": step.organ, "notified_on": on.isoformat(), "key": dispute.pk}
            happened(case, Kind.DISPUTED, by=by, at=at, on=on, payload=said_of)
        tell_of_dispute(dispute, DISPUTE_RECEIVED, "received", due=dispute.answer_due(), at=at)
    return dispute


def record_stage(
    dispute: Dispute,
    *,
    stage: str,
    on: date,
    by: Staff,
    at: datetime,
    result: str = "",
    words: str = "",
    organ: str = "",
    docket_number: str = "",
    order_by: date | None = None,
) -> DisputeStep:
    """What happened next: the answer filed, a hearing, the decision with its ``result``, an appeal.

    ``order_by``: the last day that the decision sets for a new reply. ``organ`` and ``docket_number`` where another
    court takes over.
    """
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, dispute.agency)
    if stage not in Stage.__members__.values() or not STAGES[Stage(stage)].typed:
        raise Refused(_NO_STAGE, field="stage")
    check_day(on, "on", at=at)
    step = DisputeStep(stage=stage, on=on, by=by, at=at)
    _fill(step, result=result, words=words, organ=organ, docket_number=docket_number, order_by=order_by)
    with transaction.atomic():
        held = _held(dispute)
        step.dispute, step.place = held, held.steps.count() + 1
        if step.docket_number != held.docket_number:
            _check_docket(held.agency, step.docket_number, besides=held)
        _check([*held.steps_in_order, step], held)
        step.save()
        _advanced(held, step, Kind.DISPUTE_ADVANCED, by=by, at=at)
    dispute.forget_steps()
    return step


def correct_stage(
    step: DisputeStep,
    *,
    on: date,
    reason: str,
    by: Staff,
    at: datetime,
    result: str = "",
    words: str = "",
    organ: str = "",
    docket_number: str = "",
    order_by: date | None = None,
) -> DisputeStep:
    """A step was recorded wrongly: a further one takes its place, with the reason; the mistaken one stays on file."""
    dispute = step.dispute
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, dispute.agency)
    check_day(on, "on", at=at)
    right = DisputeStep(stage=step.stage, on=on, place=step.place, file=None, corrects=step, by=by, at=at)
    _fill(right, result=result, words=words, organ=organ, docket_number=docket_number, order_by=order_by)
    if step.stage == Stage.RECEIVED and not right.organ:
        raise Refused(_NO_ORGAN, field="organ")
    right.reason = clean(reason, "reason", longest=LONGEST)
    with transaction.atomic():
        held = _held(dispute)
        _check_corrects(held, step)
        if right.docket_number != step.docket_number:
            _check_docket(held.agency, right.docket_number, besides=held)
        right.dispute = held
        _check([right if each.pk == step.pk else each for each in held.steps_in_order], held)
        right.save()
        _advanced(held, right, Kind.DISPUTE_CORRECTED, by=by, at=at)
    dispute.forget_steps()
    return right


def strike_out(step: DisputeStep, *, reason: str, by: Staff, at: datetime) -> DisputeStep:
    """A step never happened. To strike out the notice strikes out the whole dispute: it was no case of this agency."""
    dispute = step.dispute
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, dispute.agency)
    reason = clean(reason, "reason", longest=LONGEST)
    with transaction.atomic():
        held = _held(dispute)
        _check_corrects(held, step)
        whole = step.stage == Stage.RECEIVED
        if whole and any(not suit.is_struck_out for suit in held.suits.all()):
            raise Refused(_SUED_AFTERWARDS)
        struck = [each for each in held.steps_in_order if whole or each.pk == step.pk]
        if not whole:
            _check([each for each in held.steps_in_order if each.pk != step.pk], held)
        common: dict[str, Any] = {"dispute": held, "stage": Stage.VOIDED.value, "reason": reason, "by": by, "at": at}
        marks = [DisputeStep(on=each.on, place=each.place, corrects=each, **common) for each in struck]
        for mark in marks:
            mark.save()
        _advanced(held, step, Kind.DISPUTE_CORRECTED, by=by, at=at, reason=reason)
    dispute.forget_steps()
    return marks[0]


def record_items(dispute: Dispute, *, items: Mapping[int, str], by: Staff, at: datetime) -> Event:
    """Which withheld places of the reply are contested, by the keys of their areas, and how each fared.

    The list takes the place of the one before; what it said stays in the events of the case. How a place fared is told
    only where the reply was corrected (law.disputes.fares).
    """
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, dispute.agency)
    with transaction.atomic():
        held = _held(dispute)
        case, now = held.case, held.standing
        offered = {area.pk: area for area in areas_given_with(held.decision)}
        if case is None or not offered or now is None:
            raise Refused(_NO_PLACES)
        if not set(items) <= set(offered) or not set(items.values()) <= {"", *Fared}:
            raise Refused(_NO_SUCH_PLACE)
        for fared in items.values():
            check_fared(now.result, fared)
        held.items.all().delete()
        rows = [
            DisputedItem(
                dispute=held,
                area=area,
                page=area.page,
                number=area.number,
                whole=area.whole,
                ground=area.ground,
                fared=items[pk],
            )
            for pk, area in offered.items()
            if pk in items
        ]
        DisputedItem.objects.bulk_create(rows)
        payload = {
            "dispute": held.kind,
            "key": held.pk,
            "count": len(rows),
            "corrected": sum(row.fared == Fared.FELL for row in rows),
            "places": [[row.area_id, row.ground, row.fared] for row in rows],
        }
        return happened(case, Kind.DISPUTE_NARROWED, by=by, at=at, on=day_of(at), payload=payload)


def reopen(dispute: Dispute, *, received_on: date, by: Staff, at: datetime) -> Case:
    """Decide again what was annulled, under a linked file with the applicant and the papers of the first.

    ``received_on``: the day on which the agency received the decision. From it the reply period runs anew (条例 33(2)),
    and no longer than until the day that the decision sets (行政复议法 64, 66; 行政诉讼法 72). No table counts the file
    (law.md 6.4).
    """
    check_may_for_agency(by, AgencyAct.RECORD_DISPUTES, dispute.agency)
    with transaction.atomic():
        held = _held(dispute)
        now, case = held.standing, held.case
        if case is None or now is None or now.result is None or not held.may_reopen:
            raise Refused(_NOTHING_TO_REOPEN)
        check_day(received_on, "received_on", at=at, not_before=now.on)
        case.agency = held.agency
        file = _linked_file(case, received_on, now.result, by=by, at=at)
        place = held.steps.count() + 1
        step = DisputeStep(stage=Stage.REOPENED.value, on=received_on, place=place, file=file, by=by, at=at)
        step.dispute = held
        step.save()
        why = {"dispute": held.kind, "result": now.result.value, "key": held.pk}
        happened(case, Kind.REOPENED, by=by, at=at, on=received_on, payload={"number": file.number, **why})
        payload = {**receipt_of(file), **why, "number": case.number}
        # The step ties the file to the decision, whose day for the new reply moves its clock.
        happened(file, Kind.REDECISION_BEGUN, by=by, at=at, on=received_on, payload=payload, moves_clock=True)
        keep_beside(file, case, at=at)
    dispute.forget_steps()
    return file


def _linked_file(case: Case, received_on: date, result: Result, *, by: Staff, at: datetime) -> Case:
    file = Case(
        agency=case.agency,
        applicant_kind=case.applicant_kind,
        applicant=case.applicant.copied(),
        registered_at=at,
        is_redecision=True,
        subject=case.subject,
        content=case.content,
        wanted_form=case.wanted_form,
        wanted_way=case.wanted_way,
        query_code_hash=case.query_code_hash,
        language=case.language,
        clerk=case.clerk,
        division=case.division,
    )
    number_case(file, Receipt(Channel.OTHER, received_on, received_on), "", at=at)
    copy_documents(case, file, at=at)
    reason = RESULTS[result].words.zh
    CaseLink.objects.create(kind=LinkKind.REDECISION_OF, later=file, earlier=case, reason=reason, by=by, at=at)
    return file


# What holds ----------------------------------------------------------------------------------------------------------


def _hold(agency: Agency) -> None:
    """Two who record at once come one after the other. SQLite's immediate transaction is a lock already."""
    if connection.features.has_select_for_update:
        Agency.objects.select_for_update().get(pk=agency.pk)


def _held(dispute: Dispute) -> Dispute:
    """The dispute as it is stored now, for this transaction alone."""
    rows = Dispute.objects.filter(pk=dispute.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    held = rows.get()
    held.agency = dispute.agency
    return held


def _fill(step: DisputeStep, *, result: str, words: str, organ: str, docket_number: str, order_by: date | None) -> None:
    if result and result not in Result.__members__.values():
        raise Refused(_NO_RESULT, field="result")
    step.result = result
    step.words = clean(words, "words", longest=LONGEST, required=False)
    step.organ = clean(organ, "organ", longest=200, required=False, lines=False)
    step.docket_number = clean(docket_number, "docket_number", longest=80, required=False, lines=False)
    if order_by is not None and not (result and RESULTS[Result(result)].redecides):
        raise Refused(_ORDER_IDLE, field="order_by")
    if order_by is not None and order_by < step.on:
        raise Refused(_ORDER_TOO_EARLY.format(on=said(step.on)), field="order_by")
    step.order_by = order_by


def _check(steps: list[DisputeStep], dispute: Dispute) -> None:
    """The steps as they would stand, in the order of time."""
    steps = sorted(steps, key=lambda step: (step.on, step.place))
    check_order(LawKind(dispute.kind), steps, simplified=dispute.simplified)
    answer_due(LawKind(dispute.kind), steps, dispute.agency.calendar, simplified=dispute.simplified)


def _check_corrects(dispute: Dispute, step: DisputeStep) -> None:
    if step.pk not in {each.pk for each in dispute.steps_in_order}:
        raise Refused(_CORRECTED_ALREADY)
    if step.stage == Stage.REOPENED or (step.stage == Stage.RECEIVED and dispute.reopened):
        raise Refused(_REOPENED)


def _check_docket(agency: Agency, number: str, *, besides: Dispute | None = None) -> None:
    """The same matter is not recorded twice: table 四 would count it twice."""
    if not number:
        return
    same = DisputeStep.objects.standing().filter(dispute__agency=agency, docket_number=number)
    if besides is not None:
        same = same.exclude(dispute=besides)
    if same.exists():
        raise Refused(_DOCKET_TAKEN.format(number=number), field="docket_number")


def _check_whole(
    agency: Agency, kind: str, case: Case | None, about: str, after: Dispute | None, *, simplified: bool
) -> None:
    if kind not in DisputeKind.values:
        raise Refused(_NO_KIND, field="kind")
    if case is not None and case.agency_id != agency.pk:
        raise Refused(_NOT_OURS, field="case")
    if simplified and kind != DisputeKind.RECONSIDERATION:
        raise Refused(_ONLY_REVIEW_IS_SIMPLIFIED, law="行政复议法 53", field="simplified")
    if kind != DisputeKind.SUIT_AFTER_RECONSIDERATION:
        if after is not None:
            raise Refused(_ONLY_LATER_SUITS, field="after")
        return
    if after is None:
        if not about.strip():
            raise Refused(_WHICH_RECONSIDERATION, field="after")
        return
    if after.agency_id != agency.pk or after.kind != DisputeKind.RECONSIDERATION or after.is_struck_out:
        raise Refused(_NO_SUCH_RECONSIDERATION, field="after")
    if after.case_id != (case.pk if case else None):
        raise Refused(_ANOTHER_MATTER, field="after")


def _advanced(dispute: Dispute, step: DisputeStep, kind: Kind, *, by: Staff, at: datetime, reason: str = "") -> None:
    """The file of the case says so as well, and the linked file where its last day follows the decision."""
    if dispute.case is None:
        return
    dispute.forget_steps()
    payload = {"dispute": dispute.kind, "stage": step.stage, "result": step.result, "key": dispute.pk}
    if reason or step.reason:
        payload["reason"] = reason or step.reason
    happened(dispute.case, kind, by=by, at=at, on=min(step.on, day_of(at)), payload=payload)
    file = dispute.reopened.file if dispute.reopened else None
    if file is not None and file.clock_copies(on=day_of(at))["due_on"] != file.due_on:
        happened(file, kind, by=by, at=at, on=day_of(at), payload=payload, moves_clock=True)


_NO_KIND: Final = Text("请选择是行政复议、直接起诉还是复议后起诉。", "Choose reconsideration or the kind of suit.")
_NO_PLACES: Final = Text(
    "只有针对本件答复、答复附有涂去部分内容的文件的，才登记针对哪几处。",
    "Places are named only in a dispute about a reply that gave files with something withheld.",
)
_NO_SUCH_PLACE: Final = Text("没有这一处，请重新选择。", "There is no such place; please choose again.")
_NO_STAGE: Final = Text("请选择环节。", "Choose what happened.")
_NO_RESULT: Final = Text("请选择结果。", "Choose the result.")
_NO_ORGAN: Final = Text("请填写复议机关或者法院。", "Name the reconsideration body or the court.")
_NOT_OURS: Final = Text("这件申请不是本机关的。", "The case belongs to another agency.")
_ONLY_REVIEW_IS_SIMPLIFIED: Final = Text(
    "只有行政复议区分普通程序和简易程序的答复期限。",
    "Only reconsideration has a shorter period in simplified procedure.",
)
_ONLY_LATER_SUITS: Final = Text("只有复议后起诉才填写经过的复议。", "Only a suit after reconsideration names one.")
_WHICH_RECONSIDERATION: Final = Text(
    "复议后起诉，请选择经过的复议；复议不在本系统的，在“争议事项”里写明复议机关和决定文号。",
    "Choose the reconsideration that came before; if it is not in the system, name its body and number under what the "
    "dispute is about.",
)
_NO_SUCH_RECONSIDERATION: Final = Text("没有找到这件复议。", "There is no such reconsideration.")
_ANOTHER_MATTER: Final = Text(
    "这件复议不是针对同一申请的，请核对。", "That reconsideration is about another application; please check."
)
_DOCKET_TAKEN: Final = Text(
    "案号{number}已经登记过。同一件复议、诉讼只登记一次，以后的进展在那一件里登记。",
    "{number} is on file already. Record a dispute once, and what follows within it.",
)
_ORDER_IDLE: Final = Text(
    "只有撤销、确认违法、确认无效、责令履行的，才填写重新答复的期限。",
    "A day for a new reply goes only with a decision that may call for one.",
)
_ORDER_TOO_EARLY: Final = Text(
    "重新答复的期限早于{on}作出决定、裁判之日，请核对。", "The day for a new reply is before the decision of {on}."
)
_CORRECTED_ALREADY: Final = Text(
    "这一环节已经更正过。请在更正后的环节上操作。",
    "This step was corrected already. Act on the step that took its place.",
)
_REOPENED: Final = Text("已经另立案卷重新办理，不能作废。", "A linked file has been opened, so this can't be undone.")
_SUED_AFTERWARDS: Final = Text(
    "已有复议后的起诉与本件关联，请先更正那一件。",
    "A suit after it refers to this reconsideration; correct that first.",
)
_NOTHING_TO_REOPEN: Final = Text(
    "只有答复被撤销、确认违法、确认无效或者责令履行，并且没有另立过案卷的，才能另立案卷重新办理。",
    "A linked file is opened once, after the reply was annulled or declared unlawful or void, or a reply was ordered.",
)
