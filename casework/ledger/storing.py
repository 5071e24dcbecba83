"""What was read becomes cases, all of it or nothing."""

from datetime import datetime

from casework.actions.history import Admission, Unfit, admit
from casework.models import Agency, Staff

from .reading import Progress, Reading


def store(
    reading: Reading,
    agency: Agency,
    *,
    at: datetime,
    by: Staff | None = None,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> Admission | None:
    """Store a reading without faults. ``None``: nothing was stored, and ``reading.faults`` says why.

    Rows that conflict with cases on file are added to the faults; ``Refused`` is raised where it is not a row that is
    the trouble but the person or the moment.
    """
    if reading.faults.count:
        return None
    try:
        return admit(
            agency,
            reading.chunks(),
            at=at,
            by=by,
            stated=reading.columns,
            reserved=reading.numbers,
            dry_run=dry_run,
            progress=progress,
        )
    except Unfit as unfit:
        for row, fault in unfit.rows:
            reading.faults.add(row, fault)
        return None
