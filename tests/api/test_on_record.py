"""Which token read whose data, and which was turned away: written before the answer leaves, found by the auditor."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from casework import audit
from casework.actions import tokens
from casework.api import watching
from casework.api.routes import described
from casework.models import AccessRecord, ApiToken, Case, Scope, Staff
from tests.api.machine import Machine, administrator, token_for
from tests.api.test_access import CLOCK
from tests.cast import Cast, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk() -> Callable[[Staff], Client]:
    def logged_in(person: Staff) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return logged_in


@pytest.fixture(autouse=True)
def nobody_knocked() -> None:
    cache.clear()


def of_machines() -> list[AccessRecord]:
    return list(AccessRecord.objects.filter(page__startswith="api:").order_by("pk"))


def said() -> list[tuple[str, str]]:
    return [(record.page.removeprefix("api:"), record.kind) for record in of_machines()]


def mark() -> str:
    return ApiToken.objects.latest("pk").mark


def test_every_address_says_whether_it_shows_personal_data() -> None:
    groups = [watching.READ, watching.LISTED, watching.EXPORTED, watching.IMPERSONAL]
    named = {o["operationId"] for methods in described()["paths"].values() for o in methods.values()}
    assert set().union(*groups) == named
    assert sum(map(len, groups)) == len(named), "an address stands in two groups"


def test_a_page_of_the_ledger_is_a_file_that_leaves_the_house(machine: Machine, players: Cast) -> None:
    registered(players, on=date(2026, 3, 2))
    answer = machine.get("/agencies/230406/ledger", year=2026)
    (found,) = of_machines()
    assert (found.kind, found.by, found.agency, found.at) == ("exported", None, players.dongshan, AS_OF)
    assert found.what == f"{mark()} /api/v1/agencies/230406/ledger?year=2026"
    assert (found.network, found.request_id) == ("127.0.0.1", answer["X-Request-ID"])


def test_whoever_follows_supplements_or_withdraws_has_read_that_case(machine: Machine) -> None:
    lodged = machine.lodge().json()["id"]
    assert said() == [], "what the caller has told us itself is no reading"
    case = Case.objects.get(lodgement__name=lodged)
    machine.get(f"/applications/{lodged}")
    machine.get("/applications")
    for _ in range(2):
        machine.post(f"/applications/{lodged}/withdrawal", {}, key="twice")
    assert said() == [
        ("follow_application", "read"),
        ("list_applications", "listed"),
        ("withdraw_application", "read"),
        ("withdraw_application", "read"),
    ]
    assert [record.case for record in of_machines()] == [case, None, case, case]


def test_figures_and_days_leave_no_record(machine: Machine) -> None:
    machine.get("/agencies/230406/years/2025/matrix")
    machine.get("/calendar", **{"from": "2026-10-01", "until": "2026-10-08"})
    machine.post("/clock", CLOCK)
    machine.client.get("/api/v1/openapi.json")
    machine.client.get("/api/v1/nothing-here")
    assert said() == []


def test_what_has_not_changed_since_was_not_read_again(machine: Machine, players: Cast) -> None:
    registered(players, on=date(2026, 3, 2))
    answer = machine.get("/agencies/230406/ledger")
    assert machine.get("/agencies/230406/ledger", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert len(of_machines()) == 1


def test_a_scope_that_is_lacking_and_a_thing_of_others_are_on_record(players: Cast) -> None:
    machine = Machine(token_for(players.dongshan, Scope.FOLLOW))
    assert machine.get("/agencies/230406/ledger").status_code == 403
    assert machine.get("/applications/00000000-0000-4000-8000-000000000000").status_code == 404
    assert said() == [("ledger", "denied"), ("follow_application", "missing")]
    assert {record.agency for record in of_machines()} == {players.dongshan}
    assert all(record.what.startswith(f"{mark()} /api/v1/") for record in of_machines())


def test_a_token_that_was_revoked_or_is_half_known_is_on_record_at_its_agency(players: Cast) -> None:
    whole = token_for(players.dongshan)
    assert Machine(whole[:-1]).get("/agencies/230406/ledger").status_code == 401
    tokens.revoke(ApiToken.objects.get(), by=administrator(players.dongshan), at=AS_OF)
    assert Machine(whole).get("/agencies/230406/ledger").status_code == 401
    assert said() == [("ledger", "denied")] * 2
    assert {record.agency for record in of_machines()} == {players.dongshan}
    secret = whole.rsplit("_", 1)[1]
    assert not any(secret[:8] in record.what for record in AccessRecord.objects.all())


def test_a_stranger_who_knocks_all_day_fills_no_record(players: Cast) -> None:
    for _ in range(50):
        assert Machine("gongkai_nobody_knows").get("/agencies/230406/ledger").status_code == 401
    (found,) = of_machines()
    assert (found.kind, found.agency, found.what) == ("denied", None, " /api/v1/agencies/230406/ledger")


def test_without_a_record_nothing_is_told(machine: Machine, players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(players, on=date(2026, 3, 2), name="不该说出来")

    def full(*_args: object, **_facts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", full)
    answer = machine.get("/agencies/230406/ledger")
    assert answer.status_code == 500
    assert "不该说出来" not in answer.content.decode()


def test_the_auditor_finds_them_by_token_kind_and_case(
    machine: Machine, players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    other = Machine(token_for(players.dongshan, Scope.FOLLOW))
    lodged = machine.lodge().json()
    other_mark, first_mark = mark(), ApiToken.objects.earliest("pk").mark
    machine.get("/agencies/230406/ledger")
    other.get(f"/applications/{lodged['id']}")
    zhou = at_desk(players.zhou)

    def told(query: str) -> list[Any]:
        response = zhou.get(f"/desk/audit/?{query}")
        assert not response.context["form"].errors, response.context["form"].errors
        return [record.page for record, _event, _words in response.context["lines"] if record.kind != "audited"]

    assert told("") == ["api:follow_application", "api:ledger"]
    assert told(f"token={first_mark}") == ["api:ledger"]
    assert told(f"token={other_mark}") == ["api:follow_application"]
    assert told("kind=exported") == ["api:ledger"]
    assert told(f"number={lodged['number']}") == ["api:follow_application"]
    assert f"接口令牌 {first_mark}" in zhou.get("/desk/audit/").content.decode()
    for query in ("token=nobody", "token=省政务平台"):
        assert zhou.get(f"/desk/audit/?{query}").context["form"].errors["token"]


def test_another_agencys_auditor_learns_of_no_token(players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    token_for(players.elsewhere)
    response = at_desk(players.zhou).get(f"/desk/audit/?token={mark()}")
    assert response.context["form"].errors["token"]


def test_it_stays_when_the_clock_moves_on(machine: Machine, now: Any) -> None:
    machine.get("/agencies/230406/ledger")
    now.shift(timedelta(days=1))
    machine.get("/agencies/230406/ledger")
    assert [record.at for record in of_machines()] == [AS_OF, AS_OF + timedelta(days=1)]
    audit.seal_all(at=AS_OF + timedelta(days=1))
    assert audit.first_fault() is None
