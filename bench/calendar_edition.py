"""Next year's holidays over 100,000 open cases: the preview, and bringing every case in step, with events and mail."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from django.db import connection

from casework.actions import calendar
from casework.law.edition_file import FORMAT, from_document
from casework.models import Agency, Applicant, Appointment, Case, Role, Staff

from .build import TODAY
from .measure import Result, count

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=timezone(timedelta(hours=8)))
NOTICE = {
    "format": FORMAT,
    "year": TODAY.year + 1,
    "document_number": "基准〔2026〕1号",
    "published_on": TODAY.isoformat(),
    "off": [
        {"from": f"{TODAY.year + 1}-01-01", "to": f"{TODAY.year + 1}-01-08", "name": "元旦"},
        {"from": f"{TODAY.year + 1}-05-01", "to": f"{TODAY.year + 1}-05-05", "name": "劳动节"},
        {"from": f"{TODAY.year + 1}-10-01", "to": f"{TODAY.year + 1}-10-07", "name": "国庆节"},
    ],
    "make_up": [],
}
OPEN_CASES = 100_000
WITHIN = 60


def run() -> Iterator[Result]:
    """Every open case is given a receipt in December, so that all move; half of the applicants have an address."""
    Applicant.objects.filter(case__closed_on=None, pk__gt=Applicant.objects.count() // 2).update(email="a@example.org")
    _receive_late()
    root = Staff.objects.create(username="bench-root", name="系统管理员")
    Appointment.objects.create(staff=root, agency=Agency.objects.all()[0], role=Role.SYSTEM_ADMINISTRATOR)
    engine, cases = connection.vendor, Case.objects.still_open().count()
    wanted = from_document(NOTICE)
    began = time.perf_counter()
    found = calendar.preview(wanted, on=TODAY)
    yield _result(f"calendar edition: preview ({found.moved} move)", engine, began, cases)
    began = time.perf_counter()
    run = calendar.carry_on(calendar.apply(wanted, source="file", by=root, at=AT), at=AT)
    yield _result(f"calendar edition: apply ({run.moved} moved)", engine, began, cases)
    began = time.perf_counter()
    calendar.carry_on(run.edition, at=AT)
    yield _result("calendar edition: apply again", engine, began, cases)


def _result(name: str, engine: str, began: float, cases: int) -> Result:
    spent = time.perf_counter() - began
    limit = WITHIN * max(cases, 1) / OPEN_CASES
    return count(name, engine, spent, limit, "s", f"≤ {WITHIN} s for {OPEN_CASES}", holds=spent <= limit)


def _receive_late() -> None:
    """Due in the new year by the built-in calendar, as the replay gives it."""
    still_open = Case.objects.still_open()
    received, due = date(TODAY.year, 12, 16), date(TODAY.year + 1, 1, 13)
    still_open.update(arrived_on=received, received_on=received, due_on=due, due_is_provisional=True, watch_on=TODAY)
