"""Whether what a case asks for has been proposed for publication, for its page."""

from typing import Any

from casework import access
from casework.access import AgencyAct
from casework.actions.proposals import like
from casework.models import Case, Proposal, Staff


def proposal_of_case(user: Staff, case: Case) -> dict[str, Any]:
    """The proposal by this case or for the same topic, and whether this person may make one."""
    return {
        "proposal": like(case, Proposal.objects.all()),
        "may_propose": access.may_for_agency(user, AgencyAct.PROPOSE_PUBLICATION, case.agency),
    }
