"""Queries of the pages that everybody waits for, on a small table and on a large one: at most 30, and the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.actions.application import Application
from casework.actions.intake import submit
from casework.law.outcomes import ApplicantKind
from casework.models import Agency, Case, Draft, Staff
from casework.models.querycode import new_code

from .build import TODAY
from .measure import Result, count

MOST = 30


def queries(district: Agency) -> dict[str, int]:
    """Queries of the queue, of today's page, of a case page and of a submission."""
    client = Client()
    clerk = Staff.objects.get(username=f"{district.code}-clerk")
    client.force_login(clerk)
    case = Case.objects.filter(agency=district, closed_on=None).earliest("id")
    return {
        "queue page": _of_page(client, "/desk/?show=open"),
        "today's page": _of_page(client, "/desk/today/"),
        "case page": _of_page(client, f"/desk/cases/{case.pk}/"),
        "submission": _of_submission(district),
    }


def compare(small: dict[str, int], large: dict[str, int]) -> Iterator[Result]:
    for name, number in large.items():
        holds = number <= MOST and number == small[name]
        yield count(
            f"{name}: queries, large against small table",
            connection.vendor,
            number,
            small[name],
            "queries",
            f"≤ {MOST}, flat",
            holds=holds,
        )


def _of_page(client: Client, path: str) -> int:
    client.get(path)  # what is read once a process, such as content types, is not the page's
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(captured)


def _of_submission(district: Agency) -> int:
    at = _moment()
    application = Application(
        applicant_kind=ApplicantKind.NATURAL_PERSON, name="张三", content="申请公开预算执行情况。", phone="13800000000"
    )
    with transaction.atomic():
        draft = Draft.open(at=at, agency=district)
        with CaptureQueriesContext(connection) as captured:
            submit(draft, application, query_code=new_code(), at=at)
        transaction.set_rollback(True)
    return len(captured)


def _moment() -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=timezone(timedelta(hours=8)))
