"""One record of an access, written by the entrances."""

from datetime import datetime

from casework.models import AccessKind, AccessRecord, Agency, Case, Staff


def record(
    kind: AccessKind,
    *,
    at: datetime,
    by: Staff | None = None,
    agency: Agency | int | None = None,
    case: Case | int | None = None,
    page: str = "",
    what: str = "",
    network: str = "",
    request_id: str = "",
) -> AccessRecord:
    """Write down who did what. ``agency`` and ``case`` may be given by their keys."""
    fields = {
        "case_id": case.pk if isinstance(case, Case) else case,
        "agency_id": agency.pk if isinstance(agency, Agency) else agency,
    }
    # NUL can't be stored, and what a visitor asks for may hold one.
    what = what.replace("\x00", "\ufffd")[:500]
    return AccessRecord.objects.create(
        kind=kind.value, at=at, by=by, page=page[:80], what=what, network=network[:45], request_id=request_id, **fields
    )
