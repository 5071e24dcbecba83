"""The log of accesses, and the auditor's page."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework import audit
from casework.desk import watching
from casework.desk.urls import urlpatterns
from casework.models import AccessKind, AccessRecord, Case, Role, Staff, TakenOut
from tests.cast import Cast, person, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

AtDesk = Callable[[Staff], Client]
AUDIT = "/desk/audit/"


@pytest.fixture
def zhou(players: Cast, at_desk: AtDesk) -> Client:
    return at_desk(players.zhou)


def kinds() -> list[str]:
    return list(AccessRecord.objects.order_by("pk").values_list("kind", flat=True))


def test_every_page_of_the_desk_says_whether_it_shows_personal_data() -> None:
    groups = [watching.READ, watching.LISTED, watching.EXPORTED, watching.AUDITED, watching.IMPERSONAL]
    named = {str(pattern.name) for pattern in urlpatterns}
    assert set().union(*groups) == named
    assert sum(map(len, groups)) == len(named), "a route stands in two groups"


def test_whoever_opens_a_case_is_on_record(wang: Client, case: Case, players: Cast) -> None:
    wang.get(reverse("desk:case", args=[case.pk]), REMOTE_ADDR="203.0.113.7")
    found = AccessRecord.objects.get()
    assert (found.kind, found.by, found.case, found.agency_id) == ("read", players.wang, case, case.agency_id)
    assert (found.page, found.network, found.at) == ("case", "203.0.113.7", AS_OF)
    assert len(found.request_id) == 16


def test_the_request_bears_the_name_of_its_record(wang: Client, case: Case) -> None:
    response = wang.get(reverse("desk:case", args=[case.pk]))
    assert response["X-Request-ID"] == AccessRecord.objects.get().request_id


def test_a_search_for_a_person_is_on_record_with_its_words(wang: Client) -> None:
    wang.get("/desk/", {"q": "张三"})
    found = AccessRecord.objects.get()
    assert found.kind == "listed"
    assert "q=张三" in found.what


def test_another_agencys_case_is_missing_for_the_page_and_on_record_for_the_auditor(
    case: Case, players: Cast, at_desk: AtDesk
) -> None:
    address = reverse("desk:case", args=[case.pk])
    assert at_desk(players.zhao).get(address).status_code == 404
    found = AccessRecord.objects.get()
    assert (found.kind, found.by, found.what) == ("missing", players.zhao, address)
    assert found.case is None
    assert found.agency == players.elsewhere, "it is their own auditor who has to ask them why"


def test_a_page_of_another_role_is_denied_and_on_record(wang: Client) -> None:
    assert wang.get(AUDIT).status_code == 403
    assert kinds() == ["denied"]


def test_what_shows_nothing_personal_leaves_no_record(wang: Client, client: Client) -> None:
    wang.get("/desk/roles/")
    client.get("/desk/")
    client.get("/")
    assert kinds() == []


def test_wrong_passwords_are_on_record_and_no_unknown_names(client: Client, players: Cast) -> None:
    for name in ("wang", "hunter2-typed-in-the-wrong-field"):
        client.post("/desk/login/", {"username": name, "password": "x"})
    known, unknown = AccessRecord.objects.order_by("pk")
    assert (known.kind, known.by, known.agency) == ("login_failed", players.wang, players.dongshan)
    assert (unknown.kind, unknown.by, unknown.agency, unknown.what) == ("login_failed", None, None, "")


def test_wrong_and_right_query_codes_are_on_record(client: Client, players: Cast) -> None:
    made = registered(players, on=AS_OF.date())
    assert made.query_code
    client.post("/follow/", {"number": made.case.number, "code": "AAAA-AAAA-AAAA-AAAA"})
    client.post("/follow/", {"number": made.case.number, "code": made.query_code})
    assert kinds()[-1] == "followed"
    assert set(AccessRecord.objects.values_list("case", flat=True)) == {made.case.pk}
    assert not any(made.query_code in record.what for record in AccessRecord.objects.all())


def test_without_a_record_nothing_is_shown(wang: Client, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_facts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="disk full"):
        wang.get(reverse("desk:case", args=[case.pk]))


# The page ------------------------------------------------------------------------------------------------------------


def told(client: Client, query: str = "") -> list[AccessRecord]:
    response = client.get(f"{AUDIT}?{query}")
    assert response.status_code == 200
    return [record for record, _event, _words in response.context["lines"]]


def taken(client: Client) -> str:
    """The exported file."""
    response: Any = client.get("/desk/audit/export.csv")
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.fixture
def day(players: Cast, case: Case) -> list[AccessRecord]:
    """A week of accesses: Wang's, Chen's, another agency's, and nobody's."""
    made = [
        audit.record(
            AccessKind.READ, at=AS_OF - timedelta(days=6), by=players.wang, agency=players.dongshan, case=case
        ),
        audit.record(AccessKind.EXPORTED, at=AS_OF - timedelta(days=3), by=players.chen, agency=players.dongshan),
        audit.record(AccessKind.LOGIN_FAILED, at=AS_OF - timedelta(days=2)),
    ]
    audit.record(AccessKind.READ, at=AS_OF - timedelta(days=1), by=players.zhao, agency=players.elsewhere)
    return made


def test_an_auditor_sees_their_agencys_and_nobodys_newest_first(zhou: Client, day: list[AccessRecord]) -> None:
    assert told(zhou) == day[::-1]


@pytest.mark.parametrize(
    ("query", "which"),
    [
        ("person=wang", [0]),
        ("person=王敏", [0]),
        ("kind=exported", [1]),
        ("kind=denied", []),
        ("since=2026-11-15", [2, 1]),
        ("until=2026-11-15", [1, 0]),
        ("since=2026-11-15&until=2026-11-15", [1]),
        ("since=2027-01-01", []),
        ("until=2020-01-01", []),
        ("person=wang&kind=exported", []),
    ],
)
def test_it_is_searched_by_person_kind_and_days(
    zhou: Client, day: list[AccessRecord], november_18: None, query: str, which: list[int]
) -> None:
    if (AS_OF.month, AS_OF.day) == (11, 18):
        assert told(zhou, query) == [day[each] for each in which]


def test_it_is_searched_by_case(zhou: Client, day: list[AccessRecord], case: Case) -> None:
    assert told(zhou, f"number={case.number}") == [day[0]]


@pytest.mark.parametrize(
    "query", ["person=nobody", "number=没有", "since=谁", "since=2026-11-02&until=2026-11-01", "kind=x"]
)
def test_what_can_not_be_asked_is_told(zhou: Client, day: list[AccessRecord], query: str) -> None:
    response = zhou.get(f"{AUDIT}?{query}")
    assert response.context["form"].errors
    assert response.context["lines"] == []


def test_events_are_searched_by_case_and_by_person(zhou: Client, case: Case) -> None:
    for query in (f"number={case.number}", "person=wang"):
        lines = zhou.get(f"{AUDIT}?log=events&{query}").context["lines"]
        assert [event.kind for _record, event, _words in lines] == ["registered"]
    assert zhou.get(f"{AUDIT}?log=events").context["form"].errors


def test_pages_follow_each_other_without_a_gap_or_a_double(zhou: Client, players: Cast) -> None:
    made = [audit.record(AccessKind.READ, at=AS_OF, by=players.wang, agency=players.dongshan).pk for _ in range(70)]
    made += [audit.record(AccessKind.LOGIN_FAILED, at=AS_OF).pk for _ in range(50)]
    seen: list[int] = []
    query = "kind="
    while query:
        response = zhou.get(f"{AUDIT}?{query}")
        seen += [record.pk for record, _event, _words in response.context["lines"] if record.kind != "audited"]
        query = response.context["next"]
    assert seen == sorted(made, reverse=True)


def test_looking_and_taking_out_are_on_record_too(zhou: Client, players: Cast, day: list[AccessRecord]) -> None:
    zhou.get(AUDIT)
    rows = list(csv.reader(io.StringIO(taken(zhou))))
    assert len(rows) == 1 + len(day) + 1
    assert kinds()[-2:] == ["audited", "audited"]
    assert TakenOut.objects.get().cases == len(day) + 1


def test_the_file_holds_no_formula(zhou: Client, players: Cast) -> None:
    audit.record(AccessKind.MISSING, at=AS_OF, by=players.wang, agency=players.dongshan, what="=HYPERLINK(1)")
    body = taken(zhou)
    assert "=HYPERLINK" in body
    cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_it_is_for_auditors_alone(players: Cast, at_desk: AtDesk, role: Role) -> None:
    somebody = at_desk(person("somebody", "某人", players.dongshan, role))
    assert somebody.get(AUDIT).status_code == 403
    assert somebody.get("/desk/audit/export.csv").status_code == 403


def test_the_cost_does_not_grow_with_the_log(
    zhou: Client, players: Cast, django_assert_max_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.record(AccessKind.READ, at=AS_OF, by=players.wang, agency=players.dongshan)
    first = AccessRecord.objects.get()
    rows = (AccessRecord(kind="read", at=AS_OF, by=first.by, agency_id=first.agency_id) for _ in range(1000))
    AccessRecord.objects.bulk_create(rows)
    read, as_it_is = [], AccessRecord.from_db

    def counted(*row: Any) -> AccessRecord:
        read.append(row)
        return as_it_is(*row)

    monkeypatch.setattr(AccessRecord, "from_db", counted)
    with django_assert_max_num_queries(25):
        zhou.get(AUDIT)
    assert len(read) <= 2 * 60, "one chunk of the agency's own and one of nobody's"
