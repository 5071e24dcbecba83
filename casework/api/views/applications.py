"""An agency's own portal lodges applications and follows what it lodged."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from casework.access.machines import lodged_through
from casework.actions import clock, decide
from casework.actions.lodge import lodge
from casework.api import answers
from casework.api.asked import ApplicationIn, Cursor, Limit, SupplementIn, WithdrawalIn, uploads
from casework.api.door import TokenRequest
from casework.api.once import key_of
from casework.api.paging import page_of
from casework.api.routes import reads, writes
from casework.law.clock_json import as_json
from casework.law.outcomes import Outcome
from casework.law.states import State
from casework.law.words import Text
from casework.models import Lodgement, Scope

_FACTS = ("case__agency", "case__applicant", "case__acknowledgement")
_CLOCK = (
    *("case__supplements", "case__consultations", "case__extensions", "case__delays", "case__fee_notices"),
    *("case__decisions", "case__events__by"),
)


@writes(
    "/applications",
    Scope.FILE,
    201,
    answers.Lodged,
    summary="提交申请 / Lodge an application",
    description=(
        "以申请人的名义提交，立即登记；提交之日为收到之日（条例 31）。查询码只给出一次，须交给申请人。"
        "200：此前已经以同一键提交过，不再给出查询码。"
    ),
)
def lodge_application(request: TokenRequest, given: ApplicationIn) -> tuple[int, answers.Lodged]:
    made = lodge(request.auth, given.application(), key=key_of(request), at=timezone.now())
    case = made.lodgement.case
    receipt = getattr(case, "acknowledgement", None)
    return 201 if made.query_code else 200, answers.Lodged(
        id=made.lodgement.name,
        number=case.number,
        query_code=made.query_code or None,
        received_on=case.received_on,
        due_on=case.due_on,
        provisional=case.due_is_provisional,
        receipt=answers.Receipt(token=receipt.token, digest=receipt.digest) if receipt else None,
    )


@reads("/applications", Scope.FOLLOW, answers.Applications, summary="所提交的申请 / Applications lodged")
def list_applications(request: TokenRequest, cursor: Cursor = "", limit: Limit = 50) -> answers.Applications:
    lodged = lodged_through(request.auth).select_related("case")
    found, after = page_of(lodged, of=f"applications:{request.auth.agency_id}", cursor=cursor, limit=limit)
    return answers.Applications(applications=[answers.ApplicationRow(**_row(each)) for each in found], next=after)


@reads("/applications/{uuid:id}", Scope.FOLLOW, answers.Followed, summary="一件申请的情况 / How one application stands")
def follow_application(request: TokenRequest, id: UUID) -> answers.Followed:  # noqa: A002 - the name in the address
    return _followed(_lodged(request, id))


@writes(
    "/applications/{uuid:id}/supplement",
    Scope.FILE,
    200,
    answers.Followed,
    summary="补正 / Answer the request to supplement",
    description="期限自收到补正之日起重新计算（条例 30）。",
)
def supplement_application(
    request: TokenRequest,
    id: UUID,  # noqa: A002
    given: SupplementIn,
) -> tuple[int, answers.Followed]:
    at, found = timezone.now(), _lodged(request, id)
    files = uploads(given.attachments, "attachments")
    clock.receive_supplement(found.case, answer=given.answer, uploads=files, on=timezone.localdate(at), by=None, at=at)
    return 200, _followed(_lodged(request, id))


@writes(
    "/applications/{uuid:id}/withdrawal",
    Scope.FILE,
    200,
    answers.Followed,
    summary="撤回 / Withdraw",
    description="撤回以后不再办理，记录保留。",
)
def withdraw_application(
    request: TokenRequest,
    id: UUID,  # noqa: A002
    given: WithdrawalIn,
) -> tuple[int, answers.Followed]:
    at, found = timezone.now(), _lodged(request, id)
    decide.withdraw(found.case, on=timezone.localdate(at), by=None, at=at, statement=given.statement)
    return 200, _followed(_lodged(request, id))


def _lodged(request: TokenRequest, name: UUID) -> Lodgement:
    """What the token's agency lodged under this name, with all that is told of it; another's does not exist."""
    found = lodged_through(request.auth).select_related(*_FACTS).prefetch_related(*_CLOCK).filter(name=name).first()
    if found is None:
        raise Http404
    return found


def _row(lodged: Lodgement) -> dict[str, Any]:
    case = lodged.case
    return {
        "id": lodged.name,
        "number": case.number,
        "state": State(case.state),
        "received_on": case.received_on,
        "due_on": case.due_on,
        "provisional": case.due_is_provisional,
        "closed_on": case.closed_on,
        "outcome": Outcome(case.outcome) if case.outcome else None,
    }


def _followed(lodged: Lodgement) -> answers.Followed:
    case, language = lodged.case, get_language() or ""
    wanted, decision = case.awaited_supplement, case.current_decision if case.closed_on else None
    return answers.Followed(
        **_row(lodged),
        said=_read(case.standing.citizen),
        outcome_said=_read(case.result.plain) if case.result and case.closed_on else None,
        document_number=decision.document_number if decision else None,
        clock=answers.ClockAnswer(**as_json(case.due(), language)),
        supplement=answers.SupplementWanted(
            requested_on=wanted.requested_on, unclear=wanted.unclear, due_on=wanted.period_ends_on
        )
        if wanted
        else None,
        events=[
            answers.Happening(on=event.on, at=event.at, kind=event.kind, said=_read(said))
            for event in case.events.all()
            if (said := event.for_applicant())
        ],
    )


def _read(text: Text) -> str:
    return text.read_in(get_language())
