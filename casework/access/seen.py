"""What each person may see: one function a model. Whatever is not in it is answered with 404."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from casework.law.states import OPEN, State
from casework.models import (
    Acknowledgement,
    Agency,
    Arrival,
    Assistance,
    Case,
    CaseNote,
    Dispute,
    Proposal,
    Role,
    SavedFilter,
    Staff,
)
from casework.models.acknowledgement import is_token
from casework.models.arrival import ArrivalQuerySet
from casework.models.assistance import AssistanceQuerySet
from casework.models.case import CaseQuerySet
from casework.models.dispute import DisputeQuerySet
from casework.models.proposal import ProposalQuerySet
from casework.models.querycode import compact, matches

from .agencies import AGENCY_ACTS, AgencyAct, may_for_agency
from .cases import check_may, may
from .roles import DESK, HEAD, READS_CASES, READS_FIGURES, REGION_SUPERVISOR, REPORT_EDITOR, agencies_where
from .verbs import Verb


def arrivals_visible_to(user: Staff | AnonymousUser) -> ArrivalQuerySet:
    """The mail of this person's agencies, which names people; another's is answered with 404."""
    return Arrival.objects.filter(agency__in=agencies_where(user, AGENCY_ACTS[AgencyAct.SEE_MAIL].roles))


def disputes_visible_to(user: Staff | AnonymousUser) -> DisputeQuerySet:
    """Reconsideration and suits of this person's agencies, which name people; another's is answered with 404."""
    return DisputeQuerySet(Dispute).filter(agency__in=agencies_where(user, AGENCY_ACTS[AgencyAct.SEE_DISPUTES].roles))


def proposals_visible_to(user: Staff | AnonymousUser) -> ProposalQuerySet:
    """The proposals of this person's agencies, in the applicants' words; another's is answered with 404."""
    return ProposalQuerySet(Proposal).filter(
        agency__in=agencies_where(user, AGENCY_ACTS[AgencyAct.SEE_PROPOSALS].roles)
    )


def visible_to(user: Staff | AnonymousUser) -> CaseQuerySet:
    """The cases whose content this person may read; whatever is not in it is answered with 404."""
    return CaseQuerySet(Case).filter(agency__in=agencies_where(user, READS_CASES))


def notes_visible_to(user: Staff | AnonymousUser) -> QuerySet[CaseNote]:
    """The internal notes on the cases that this person may read; nobody outside the house sees any."""
    return CaseNote.objects.filter(case__agency__in=agencies_where(user, READS_CASES))


def may_strike(by: Staff, note: CaseNote) -> bool:
    """Whoever wrote a note, and a head of the office."""
    agency = note.case.agency
    wrote = note.author_id == by.pk and may_for_agency(by, AgencyAct.WRITE_NOTES, agency)
    return wrote or by.holds(agency.pk, *HEAD)


def filters_of(user: Staff) -> QuerySet[SavedFilter]:
    """The saved filters that are this person's own, deleted ones too; another's can't be touched."""
    return SavedFilter.objects.filter(owner=user)


def asked_of(user: Staff | AnonymousUser) -> AssistanceQuerySet:
    """The requests inside that were put to this person, or to a sister unit in which they handle cases."""
    if not isinstance(user, Staff) or not user.is_active:
        return AssistanceQuerySet(Assistance).none()
    house = list(user.roles)  # who has left an office no longer reads what came to them there
    in_person = Q(addressee=user) & (Q(agency__in=house) | Q(agency=None, case__agency__in=house))
    return AssistanceQuerySet(Assistance).filter(Q(agency__in=agencies_where(user, DESK)) | in_person)


def assistance_visible_to(user: Staff | AnonymousUser) -> AssistanceQuerySet:
    """Requests that this person may read: those put to them, and those in cases that they may read anyway."""
    return asked_of(user) | AssistanceQuerySet(Assistance).filter(case__agency__in=agencies_where(user, READS_CASES))


def may_answer(by: Staff, assistance: Assistance) -> bool:
    """Whoever was asked may answer while the case is open, and its clerk may record what they said."""
    was_asked = State(assistance.case.state) in OPEN and asked_of(by).filter(pk=assistance.pk).exists()
    return was_asked or may(by, Verb.ANSWER_ASSISTANCE, assistance.case).allowed


def check_may_answer(by: Staff, assistance: Assistance) -> None:
    """Raise ``Refused`` where ``may_answer`` says no."""
    if not may_answer(by, assistance):
        check_may(by, Verb.ANSWER_ASSISTANCE, assistance.case)


def figures_visible_to(user: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose figures this person may read: their own; for a region supervisor all below as well."""
    own = agencies_where(user, READS_FIGURES)
    seen = Agency.objects.filter(pk__in=own)
    supervised = agencies_where(user, frozenset({Role.REGION_SUPERVISOR.value}))
    for top in Agency.objects.filter(pk__in=supervised):
        seen = seen | Agency.objects.within(top)
    return seen


def regions_visible_to(user: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose region's sum, unit by unit, this person may read: figures alone, no case (law.md 7.8).

    A region supervisor every region within theirs; a report editor the one that their own agency sums.
    """
    seen = Agency.objects.filter(pk__in=agencies_where(user, REPORT_EDITOR))
    for top in Agency.objects.filter(pk__in=agencies_where(user, REGION_SUPERVISOR)):
        seen = seen | Agency.objects.within(top)
    return seen


def follow(number: str, code: str) -> Case | None:
    """The case that number and query code open together.

    An unknown number costs one comparison like a known one, so that neither answer nor time tells them apart.
    """
    cases = list(Case.objects.filter(number=number.strip()).exclude(query_code_hash="")[:5])
    found = None
    for case in cases:
        if matches(code, case.query_code_hash):
            found = case
    if not cases:
        matches(code, "")
    return found


def acknowledged(token: str) -> Acknowledgement | None:
    """What anybody who holds a receipt may verify: its own facts, never the case (docs/formats/application.md)."""
    return Acknowledgement.objects.filter(token=compact(token)).first() if is_token(token) else None
