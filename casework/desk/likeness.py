"""Which cases may be the same application, sent by two channels: for a person to look at, never to act upon."""

from datetime import timedelta
from typing import Final

from django.db.models import Q

from casework.models import Applicant, Case
from casework.wordsearch.pairs import neighbours

WITHIN: Final = timedelta(days=30)
#: Share of the pairs of characters of the shorter text that stand in the longer one too.
ALIKE: Final = 0.6
_MOST: Final = 50


def likely_same(case: Case) -> list[Case]:
    """Cases of the same applicant, or of one who may be, with much the same words, within 30 days; most alike first."""
    applicants = Applicant.objects.same_as(case.applicant) | Applicant.objects.alike(case.applicant)
    near = Q(received_on__range=(case.received_on - WITHIN, case.received_on + WITHIN))
    cases = Case.objects.filter(near, agency=case.agency_id, applicant__in=applicants).exclude(pk=case.pk)
    linked = Q(links_back__earlier=case) | Q(links_forward__later=case)
    found = [
        (alikeness(_text(case), _text(other)), other)
        for other in cases.exclude(linked).select_related("applicant").order_by("-received_on")[:_MOST]
    ]
    return [other for share, other in sorted(found, key=lambda pair: -pair[0]) if share >= ALIKE]


def alikeness(one: str, other: str) -> float:
    """From 0 to 1; how much of the shorter text the longer one repeats, whatever its order and punctuation."""
    ours, theirs = neighbours(one), neighbours(other)
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter else 0.0


def _text(case: Case) -> str:
    return f"{case.subject} {case.content}"
