"""What the house knows already: the same applicant, like texts, the same document, and how such replies fared.

Only for a person to look at. Everything is of the case's own agency, so whoever reads the case may read it.
"""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from casework.law.outcomes import OUTCOMES, Outcome, OutcomeRow
from casework.models import Applicant, Case, Dispute
from casework.wordsearch.cases import candidates_like
from casework.wordsearch.marks import documents_in, marks_of, telling

#: Lines under each heading.
SHOWN: Final = 5
#: Parts of all pairs of characters of two texts that are in both: alike from here on, and the same from there.
ALIKE: Final = 0.3
SAME: Final = 0.8
#: Of the same applicant, newest first; what is alike is found by its text.
_OF_APPLICANT: Final = 20


@dataclass(frozen=True, slots=True)
class Precedent:
    """Another case, how alike its text is from 0 to 1, and the disputes about it."""

    case: Case
    share: float
    documents: frozenset[str] = frozenset()
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class Precedents:
    """Each case under the first heading that fits; those of the same applicant once more, as theirs.

    ``row``: the code whose fate is shown, of the draft, of the reply, or of the likest reply that there is.
    """

    same_text: list[Precedent]
    same_document: list[Precedent]
    alike: list[Precedent]
    same_applicant: list[Precedent]
    row: OutcomeRow | None

    @property
    def count(self) -> int:
        lists = (self.same_text, self.same_document, self.alike, self.same_applicant)
        return len({each.case.pk for these in lists for each in these})


def precedents_of(case: Case) -> Precedents:
    """In a few queries, however many cases there are: keys by marks of the text, the texts, the disputes."""
    keys = candidates_like(case.agency_id, marks_of(case.subject, case.content), but=case.pk)
    same = Applicant.objects.same_as(case.applicant)
    wanted = Case.objects.filter(agency=case.agency_id).exclude(pk=case.pk)
    alike = wanted.filter(pk__in=keys)
    theirs = wanted.filter(applicant__in=same).order_by("-received_on", "-pk")[:_OF_APPLICANT]
    found = _read(alike, theirs if case.applicant.identity_index else None)
    ours, named = telling(_text(case)), documents_in(case.subject, case.content)
    lines = [
        Precedent(
            other,
            share_of(ours, telling(_text(other))),
            named & documents_in(other.subject, other.content),
            list(other.disputes.all()),
        )
        for other in found
    ]
    lines.sort(key=lambda line: (-line.share, -line.case.pk))
    proven = case.applicant.identity_index
    return Precedents(
        same_text=[line for line in lines if line.share >= SAME][:SHOWN],
        same_document=[line for line in lines if line.documents and line.share < SAME][:SHOWN],
        alike=[line for line in lines if ALIKE <= line.share < SAME and not line.documents][:SHOWN],
        same_applicant=[
            line
            for line in sorted(lines, key=lambda line: (line.case.received_on, line.case.pk), reverse=True)
            if proven and line.case.applicant.identity_index == proven
        ][:SHOWN],
        row=_code(case, lines),
    )


def share_of(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Of the pairs of both texts together, how many are in both: 1 for the same text, whatever its punctuation."""
    both = len(ours | theirs)
    return len(ours & theirs) / both if both else 0.0


def _read(alike: "QuerySet[Case]", theirs: "QuerySet[Case] | None") -> list[Case]:
    """The cases with what a line of the panel says of them."""
    wanted = Q(pk__in=alike.values("pk"))
    if theirs is not None:
        wanted |= Q(pk__in=theirs.values("pk"))
    cases = Case.objects.filter(wanted).select_related("applicant")
    return list(cases.defer("note").prefetch_related("disputes__steps", "disputes__items"))


def _code(case: Case, lines: list[Precedent]) -> OutcomeRow | None:
    decision = case.current_decision
    if decision is not None:
        return decision.row
    likest = next((line.case.outcome for line in lines if line.case.outcome and line.share >= ALIKE), "")
    return OUTCOMES[Outcome(likest)] if likest else None


def _text(case: Case) -> str:
    return f"{case.subject}\n{case.content}"
