"""The file of one case, read once: what its page asks in many places stands where the models look for it."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Prefetch, prefetch_related_objects

from casework.models import (
    Agent,
    Assistance,
    Case,
    Clearance,
    CoApplicant,
    Consultation,
    Decision,
    Delay,
    Document,
    Extension,
    ExtensionRequest,
    FeeNotice,
    ReasonsRequest,
)
from casework.models.case import CaseQuerySet

#: What few cases have. The query of the case says whether there is any; only then is it read.
RARE: Final[dict[str, Exists]] = {
    "extensions": Exists(Extension.objects.filter(case=OuterRef("pk"))),
    "delays": Exists(Delay.objects.filter(case=OuterRef("pk"))),
    "fee_notices": Exists(FeeNotice.objects.filter(case=OuterRef("pk"))),
    "reasons_requests": Exists(ReasonsRequest.objects.filter(case=OuterRef("pk"))),
    "extension_requests": Exists(ExtensionRequest.objects.filter(case=OuterRef("pk"))),
    "assistances": Exists(Assistance.objects.filter(case=OuterRef("pk"))),
    "others": Exists(CoApplicant.objects.filter(applicant=OuterRef("applicant"))),
    "agents": Exists(Agent.objects.filter(applicant=OuterRef("applicant"))),
}


def with_file(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases that ``read_file`` can complete in a fixed number of queries."""
    return cases.select_related("agency", "applicant", "clerk").annotate(
        **{f"any_{name}": found for name, found in RARE.items()}
    )


def read_file(case: Case) -> Case:
    """Read everything that moved the case, once.

    What comes in after the first query changes the version of the case, so that no act can be done on half a file.
    """
    asked = Consultation.whole.select_related("letter", "cancelled_by")
    lookups: list[Any] = [
        "supplements",
        Prefetch("consultations", asked, to_attr="asked"),
        Prefetch("documents", Document.objects.select_related("added_by")),
        "deliveries",
        Prefetch(
            "decisions",
            Decision.objects.select_related(
                "proposed_by", "signed_by", "signed_for", "returned_by", "classified_finding"
            ),
        ),
        Prefetch("decisions__clearances", Clearance.objects.select_related("by", "for_whom")),
    ]
    for name in RARE:
        owner: Model = case.applicant if name in ("others", "agents") else case
        if getattr(case, f"any_{name}"):
            lookups.append(_RARE_WITH.get(name, name if owner is case else f"applicant__{name}"))
        else:
            keep(owner, name, ())
    prefetch_related_objects([case], *lookups)
    _hand_out(case)
    return case


def _hand_out(case: Case) -> None:
    """Give each paper and each attempt to serve one to what it belongs to."""
    papers, served = list(case.documents.all()), list(case.deliveries.all())
    for each in asked_of(case):
        each.case = case  # with the working days of its agency, read once
        keep(each, "documents", (paper for paper in papers if paper.consultation_id == each.pk))
    keep(case, "consultations", (each for each in asked_of(case) if each.cancelled_at is None))
    for attempt in served:
        keep(attempt, "proofs", (paper for paper in papers if paper.delivery_id == attempt.pk))
    for decision in case.decisions.all():
        keep(decision, "attachments", (paper for paper in papers if paper.decision_id == decision.pk))
        keep(decision, "deliveries", (attempt for attempt in served if attempt.decision_id == decision.pk))


def asked_of(case: Case) -> list[Consultation]:
    """Every consultation of a case whose file was read, with its letter and its papers; cancelled ones too."""
    asked: list[Consultation] = case.__dict__["asked"]
    return asked


def read_letters(case: Case) -> None:
    """Every letter of the case with all attempts to serve it, void ones too."""
    letters = list(case.letters.select_related("signed_by", "decision"))
    for letter in letters:
        letter.case = case
        keep(letter, "deliveries", (attempt for attempt in case.deliveries.all() if attempt.letter_id == letter.pk))
    keep(case, "letters", letters)
    for decision in case.decisions.all():
        keep(decision, "letters", (letter for letter in letters if letter.decision_id == decision.pk))


def keep(owner: Model, relation: str, rows: Iterable[Model]) -> None:
    """Let ``owner.relation.all()`` answer with these rows, as ``prefetch_related`` does."""
    found = getattr(owner, relation).all()
    found._result_cache, found._prefetch_done = list(rows), True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found


_RARE_WITH: Final[dict[str, Any]] = {
    "extension_requests": "extension_requests__asked_by",
    "assistances": Prefetch("assistances", Assistance.objects.prefetch_related("attached", "received")),
}
