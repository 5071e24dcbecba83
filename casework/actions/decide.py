"""A clerk drafts a reply when the law's prerequisites are on file; and how an application ends without one."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.calendar import day_of
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome, Requirement, in_force
from casework.law.periods import OLD_REGULATION_SINCE
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.letters import check_free
from casework.models import (
    Actor,
    Case,
    ClassifiedFinding,
    Counted,
    Decision,
    Document,
    DocumentKind,
    Event,
    Kind,
    Release,
    Staff,
)

from .files import Upload, attach, digest_of, take_over
from .guards import check_attachments, check_awaited, check_facts, earlier_reply
from .outgoing import attach_released, check_withheld, cleaned_upload
from .record import check_day, clean, happened


def propose(
    case: Case,
    *,
    outcome: Outcome,
    ground: str = "",
    statements: Mapping[str, str],
    document_number: str = "",
    earlier_on: date | None = None,
    uploads: tuple[Upload, ...] = (),
    kept: tuple[Document, ...] = (),
    released: tuple[Release, ...] = (),
    by: Staff,
    at: datetime,
) -> Event:
    """A clerk proposes one of the 21 codes with what the law wants stated; others approve it (条例 36, 45).

    ``earlier_on``: the day of an earlier reply that was given before this system was in use; any other is found by its
    number. ``kept``: attachments of a draft that came back, which this one has too. ``released``: files that were made
    of records of this case and have passed the release gate.
    """
    check_may(by, Verb.PROPOSE, case)
    row = OUTCOMES[outcome]
    if row not in in_force(day_of(at)):
        raise Refused(Text("这一办理结果已经停用。", "This outcome is no longer in use."), field="outcome")
    if (row.grounds and row.ground(ground) is None) or (ground and not row.grounds):
        raise Refused(Text("请选择具体情形。", "Choose the situation."), law=row.law, field="ground")
    check_awaited(case, outcome)
    check_facts(case, outcome, ground, on=day_of(at))
    check_attachments(outcome, attached=bool(uploads or kept or released))
    uploads = tuple(cleaned_upload(upload) for upload in uploads)
    _check_not_classified(case, uploads)
    check_withheld(outcome, [*released, *(document.release for document in kept if document.release)])
    stated = _checked_statements(outcome, ground, statements)
    earlier = _earlier(case, stated, earlier_on)
    document_number = clean(document_number, "document_number", longest=80, required=False, lines=False)
    if document_number:
        check_free(case.agency, document_number)  # while it can still be mended; the signature asks again
    with transaction.atomic():
        case.propose()
        case.save()
        decision = Decision.objects.create(
            case=case,
            outcome=outcome.value,
            ground=ground,
            statements=stated,
            document_number=document_number,
            earlier=earlier,
            earlier_on=earlier_on if Requirement.EARLIER_REPLY in stated else None,
            proposed_by=by,
            proposed_at=at,
        )
        for document in kept:
            take_over(document, decision, by=by, at=at)
        for release in released:
            attach_released(decision, release, by=by, at=at)
        for upload in uploads:
            attach(case, upload, DocumentKind.REPLY, decision=decision, by=by, at=at)
        # The applicant's period is watched no longer: the clerk has judged it.
        return happened(case, Kind.PROPOSED, by=by, at=at, payload={"outcome": outcome.value}, moves_clock=True)


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
        was = Counted.of(case)
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
            was=was,
        )


def _check_not_classified(case: Case, uploads: tuple[Upload, ...]) -> None:
    """What secrecy review removed from a draft of this case is not attached to the next one (law.md 10.7)."""
    findings = ClassifiedFinding.objects.filter(decision__case=case)
    removed = {digest for finding in findings for digest in finding.digests}
    for upload in uploads:
        if digest_of(upload.content) in removed:
            raise Refused(
                Text(
                    "保密审查已经认定这个附件涉及国家秘密并从系统中删除，不能再次上传。",
                    "Secrecy review found a state secret in this very file and removed it; it can't be attached again.",
                ),
                law="保密法 35",
                field="files",
            )


def _earlier(case: Case, stated: Mapping[str, str], earlier_on: date | None) -> Decision | None:
    """The reply that is named as the earlier one; ``None`` where none is needed, or it is from before this system."""
    number = stated.get(Requirement.EARLIER_REPLY)
    if number is None:
        return None
    if earlier_on is None:
        return earlier_reply(case, number)
    if not OLD_REGULATION_SINCE <= earlier_on <= case.received_on:
        raise Refused(
            Text(
                "此前的答复应当早于收到本件申请的日期（{received}），且在政府信息公开条例2008年施行以后。",
                "An earlier reply left before this application came ({received}), and after the Regulation of 2008.",
            ).format(received=said(case.received_on)),
            law=REQUIREMENTS[Requirement.EARLIER_REPLY].law,
            field="earlier_on",
        )
    return None


def _checked_statements(outcome: Outcome, ground: str, statements: Mapping[str, str]) -> dict[str, str]:
    """Every statement that the code requires, cleaned; what it does not ask for is left out."""
    return {
        requirement.value: clean(str(statements.get(requirement.value, "")), requirement.value, longest=10_000)
        for requirement in OUTCOMES[outcome].requirements(ground)
        if REQUIREMENTS[requirement].statement
    }
