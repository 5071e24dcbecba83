"""How often a topic has been asked for at an agency: by like texts, for a person to look at (条例 44(1))."""

from dataclasses import dataclass
from typing import Final

from casework.actions.proposals import same_topic, topic_of
from casework.desk.precedents import share_of
from casework.models import Case, Proposal
from casework.wordsearch.cases import candidates_like
from casework.wordsearch.marks import marks_of, telling

#: Parts of all pairs of characters of two texts that are in both, from where on both ask for much the same.
ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """Like applications, the newest first, and of how many applicants; of a crowd only the likest 40 are looked at."""

    cases: list[Case]
    applicants: int


def asked_often(proposal: Proposal) -> Asked:
    """The applications of the agency that ask for much the same as a proposal."""
    return _alike(proposal.agency_id, proposal.topic)


def asked_like(case: Case) -> Asked:
    """The applications that ask for much the same as this one, itself among them."""
    return _alike(case.agency_id, topic_of(case))


def _alike(agency_id: int, topic: str) -> Asked:
    ours = telling(topic)
    keys = candidates_like(agency_id, marks_of("", topic))
    near = Case.objects.filter(pk__in=keys).select_related("applicant").defer("note")
    found = [
        each for each in near if share_of(ours, telling(topic_of(each))) >= ALIKE or same_topic(topic, topic_of(each))
    ]
    found.sort(key=lambda each: (each.received_on, each.pk), reverse=True)
    people = {each.applicant.identity_index or f"#{each.applicant_id}" for each in found}
    return Asked(found, len(people))
