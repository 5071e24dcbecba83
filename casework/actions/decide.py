"""From proposal to signature: a clerk drafts, somebody else signs, and the law's prerequisites are on file before."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.calendar import day_of
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome, Requirement, in_force
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text
from casework.letters import check_free
from casework.models import Actor, Case, Decision, DocumentKind, Event, Kind, Staff

from .clock import resting_state
from .files import Upload, attach
from .letters import issue_reply
from .record import check_day, clean, happened


def propose(
    case: Case,
    *,
    outcome: Outcome,
    ground: str = "",
    statements: Mapping[str, str],
    document_number: str = "",
    uploads: tuple[Upload, ...] = (),
    by: Staff,
    at: datetime,
) -> Event:
    """A clerk proposes one of the 21 codes with what the law wants stated, and hands it to be signed (条例 36, 45)."""
    check_may(by, Verb.PROPOSE, case)
    row = OUTCOMES[outcome]
    if row not in in_force(day_of(at)):
        raise Refused(Text("这一办理结果已经停用。", "This outcome is no longer in use."), field="outcome")
    if (row.grounds and row.ground(ground) is None) or (ground and not row.grounds):
        raise Refused(Text("请选择具体情形。", "Choose the situation."), law=row.law, field="ground")
    check_awaited(case, outcome)
    check_facts(case, outcome, ground, on=day_of(at))
    stated = _checked_statements(outcome, ground, statements)
    document_number = clean(document_number, "document_number", longest=80, required=False, lines=False)
    if document_number:
        check_free(case.agency, document_number)  # while it can still be mended; the signature asks again
    with transaction.atomic():
        case.propose()
        case.save()
        Decision.objects.create(
            case=case,
            outcome=outcome.value,
            ground=ground,
            statements=stated,
            document_number=document_number,
            proposed_by=by,
            proposed_at=at,
        )
        for upload in uploads:
            attach(case, upload, DocumentKind.REPLY, by=by, at=at)
        # The applicant's period is watched no longer: the clerk has judged it.
        return happened(case, Kind.PROPOSED, by=by, at=at, payload={"outcome": outcome.value}, moves_clock=True)


def send_back(case: Case, *, remark: str, by: Staff, at: datetime) -> Event:
    """The head returns the draft with a remark; it stays on file as returned."""
    check_may(by, Verb.SEND_BACK, case)
    decision = _on_the_table(case)
    remark = clean(remark, "remark", longest=2000)
    with transaction.atomic():
        case.send_back(resting_state(case))
        case.save()
        decision.returned_by, decision.returned_at, decision.remark = by, at, remark
        decision.save()
        return happened(case, Kind.SENT_BACK, by=by, at=at, payload={"remark": remark}, moves_clock=True)


def sign(case: Case, *, by: Staff, at: datetime) -> Event:
    """The head signs another's draft; the letter gets its number and never changes again.

    The prerequisites are asked again: facts may have changed since the draft.
    """
    check_may(by, Verb.SIGN, case)
    decision = _on_the_table(case)
    check_facts(case, Outcome(decision.outcome), decision.ground, on=day_of(at))
    with transaction.atomic():
        case.sign()
        case.save()
        decision.signed_by, decision.signed_at = by, at
        issue_reply(case, decision, by=by, at=at)
        decision.save()
        return happened(case, Kind.SIGNED, by=by, at=at, payload={"outcome": decision.outcome})


def withdraw(case: Case, *, on: date, by: Staff | None, at: datetime, statement: str = "") -> Event:
    """The applicant gives the application up; counted under 三(六)3, never deleted (law.md 6.4).

    ``by`` is ``None`` when the applicant does it online with number and code.
    """
    if by is not None:
        check_may(by, Verb.WITHDRAW, case)
    elif not case.is_open:
        raise Refused(Text("本件已经办结，不能撤回。", "The case is closed and can't be withdrawn."))
    check_day(on, "on", at=at, not_before=case.received_on)
    statement = clean(statement, "statement", longest=2000, required=by is not None)
    with transaction.atomic():
        case.withdraw(on)
        case.save()
        return happened(
            case,
            Kind.WITHDRAWN,
            by=by,
            actor=Actor.STAFF if by else Actor.APPLICANT,
            at=at,
            on=on,
            payload={"statement": statement},
            moves_clock=True,
        )


def check_awaited(case: Case, outcome: Outcome) -> None:
    """While the applicant's answer or payment is awaited, only its lapse can be proposed (条例 30, 109号)."""
    needed = {
        State.SUPPLEMENT_REQUESTED: Requirement.SUPPLEMENT_LAPSED,
        State.FEE_NOTIFIED: Requirement.FEE_LAPSED,
    }.get(State(case.state))
    if needed is not None and needed not in OUTCOMES[outcome].needs:
        raise Refused(
            Text(
                "正在等待申请人补正或者缴费，期限届满前不能作其他决定。",
                "The applicant's supplement or payment is awaited; no other decision can be made before that.",
            ),
            field="outcome",
        )


def check_facts(case: Case, outcome: Outcome, ground: str, *, on: date) -> None:
    """Refuse a decision whose legal prerequisite is not on file, with the article (design section 4, guards)."""
    for requirement in OUTCOMES[outcome].requirements(ground):
        row = REQUIREMENTS[requirement]
        if not row.statement and not on_file(case, requirement, on=on):
            raise Refused(
                Text("缺少法定前提“{what}”。{hint}", "A legal prerequisite is missing: {what}. {hint}").format(
                    what=row.words, hint=row.hint
                ),
                law=row.law,
                field="outcome",
            )


def on_file(case: Case, requirement: Requirement, *, on: date) -> bool:
    """Whether a prerequisite that is a fact stands on the file of the case on that day."""
    match requirement:
        case Requirement.CONSULTATION:
            return case.consultations.filter(party="third_party").exists()
        case Requirement.SUPPLEMENT_RECEIVED:
            return case.supplements.filter(received_on__isnull=False).exists()
        case Requirement.SUPPLEMENT_LAPSED:
            return case.supplements.filter(received_on=None, period_ends_on__lt=on).exists()
        case Requirement.REASONS_ASKED:
            return case.reasons_requests.exists()
        case Requirement.FEE_LAPSED:
            return case.fee_notices.filter(paid_on=None, period_ends_on__lt=on).exists()
        case _:
            raise AssertionError(f"{requirement} is a statement, not a fact")


def _checked_statements(outcome: Outcome, ground: str, statements: Mapping[str, str]) -> dict[str, str]:
    """Every statement that the code requires, cleaned; what it does not ask for is left out."""
    return {
        requirement.value: clean(str(statements.get(requirement.value, "")), requirement.value, longest=10_000)
        for requirement in OUTCOMES[outcome].requirements(ground)
        if REQUIREMENTS[requirement].statement
    }


def _on_the_table(case: Case) -> Decision:
    decision = case.current_decision
    if decision is None:
        raise Refused(Text("本件没有待签的答复。", "There is no draft to decide on."))
    return decision
