"""Every address × every scope × whose token: what is not said here by hand is shut."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine

from casework.actions import tokens
from casework.api.routes import described
from casework.api.urls import urlpatterns
from casework.models import Agency, ApiToken, Scope
from tests.api.machine import APPLICATION, Machine, administrator, token_for
from tests.cast import Cast
from tests.conftest import AS_OF
from tests.filing import filed, office

CLOCK: Final = {"format": "gongkai.clock/1", "receipt": {"channel": "online", "on": "2026-09-08"}}


@dataclass(frozen=True)
class Way:
    """An address, the scope that it wants, and whether a token of a region opens it for agencies below."""

    scope: Scope
    below: bool = False
    body: Any = None
    query: str = ""


#: Written by hand from the brief of the interface, not read from the code.
WAYS: Final[dict[tuple[str, str], Way]] = {
    ("post", "/applications"): Way(Scope.FILE, body=APPLICATION),
    ("get", "/applications"): Way(Scope.FOLLOW),
    ("get", "/applications/{id}"): Way(Scope.FOLLOW),
    ("post", "/applications/{id}/supplement"): Way(Scope.FILE, body={"answer": "补"}),
    ("post", "/applications/{id}/withdrawal"): Way(Scope.FILE, body={}),
    ("get", "/agencies/{code}/ledger"): Way(Scope.LEDGER),
    ("get", "/agencies/{code}/years/{year}/matrix"): Way(Scope.MATRIX, below=True),
    ("get", "/agencies/{code}/years/{year}/report"): Way(Scope.REPORT, below=True),
    ("get", "/agencies/{code}/years/{year}/report/{number}.{form}"): Way(Scope.REPORT, below=True),
    ("get", "/agencies/{code}/years/{year}/units"): Way(Scope.REPORT, below=True),
    ("get", "/calendar"): Way(Scope.CALENDAR, query="?from=2026-10-01&until=2026-10-08"),
    ("get", "/periods/{kind}"): Way(Scope.CLOCK, query="?from=2026-10-01"),
    ("post", "/clock"): Way(Scope.CLOCK, body=CLOCK),
}
_OF_AGENCY: Final = "{code}"
_OF_CASE: Final = "{id}"


@dataclass(frozen=True)
class Stage:
    """An application of Dongshan's portal, a filed report, and the agencies."""

    players: Cast
    lodged: str

    def ask(self, method: str, path: str, token: str, *, code: str = "230406", id: str = "") -> int:  # noqa: A002
        way, machine = WAYS[method, path], Machine(token)
        filled = path.format(code=code, year=2025, number=1, form="json", kind="reply", id=id or self.lodged)
        if method == "post":
            return int(machine.post(filled, way.body).status_code)
        return machine.client.get(f"/api/v1{filled}{way.query}", headers=machine.headers).status_code


@pytest.fixture
def stage(players: Cast) -> Stage:
    filed(office(players))
    machine = Machine(token_for(players.dongshan, Scope.FILE))
    return Stage(players, machine.lodge(key="of-the-stage").json()["id"])


def test_every_address_stands_in_the_table_and_names_the_same_scope() -> None:
    found = {
        (method, path.removeprefix("/api/v1")): operation.get("x-scope")
        for path, methods in described()["paths"].items()
        for method, operation in methods.items()
    }
    assert found == {way: row.scope.value for way, row in WAYS.items()}
    for methods in described()["paths"].values():
        for operation in methods.values():
            assert operation["security"], operation["operationId"]
    open_to_all = {"openapi", "docs", "unknown"}
    named = {str(pattern.name) for pattern in urlpatterns} - open_to_all
    operations = {o["operationId"] for methods in described()["paths"].values() for o in methods.values()}
    assert named == operations


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_opens_its_own_addresses_and_no_other(stage: Stage, scope: Scope) -> None:
    token = token_for(stage.players.dongshan, scope, region=True)
    for (method, path), way in WAYS.items():
        status = stage.ask(method, path, token)
        if way.scope is not scope:
            assert status == 403, (scope, method, path, status)
        else:
            # a supplement that nobody asked for is refused by the law, not at the door
            assert status in ({422} if path.endswith("/supplement") else {200, 201}), (scope, method, path, status)


def test_another_agencys_things_do_not_exist_for_it(stage: Stage) -> None:
    stranger = token_for(stage.players.elsewhere, *Scope, region=True)
    for method, path in WAYS:
        if _OF_AGENCY in path or _OF_CASE in path:
            assert stage.ask(method, path, stranger) == 404, (method, path)


def test_the_agency_above_and_the_one_below(stage: Stage) -> None:
    """Above reads figures of below with a token of the region, never its cases; below reads nothing of above."""
    above = token_for(stage.players.dongshan, *Scope, region=True)
    alone = token_for(stage.players.dongshan, *Scope)
    below = token_for(stage.players.civil, *Scope, region=True)
    of_below = Machine(token_for(stage.players.civil, Scope.FILE)).lodge().json()["id"]
    for (method, path), way in WAYS.items():
        if _OF_AGENCY in path:
            has = 404 if "{number}" in path else 200  # Civil Affairs has filed nothing
            seen = stage.ask(method, path, above, code=stage.players.civil.code)
            assert seen == (has if way.below else 404), (method, path)
            assert stage.ask(method, path, alone, code=stage.players.civil.code) == 404
            assert stage.ask(method, path, below) == 404
        if _OF_CASE in path:
            assert stage.ask(method, path, above, id=of_below) == 404
            assert stage.ask(method, path, below) == 404


def test_a_token_of_one_agency_alone_sums_no_region(stage: Stage) -> None:
    alone, region = (Machine(token_for(stage.players.dongshan, *Scope, region=wide)) for wide in (False, True))
    for path in ("matrix", "report", "report/1.json", "units"):
        way = f"/agencies/230406/years/2025/{path}"
        assert alone.get(way, region="true").status_code == 404
    assert region.get("/agencies/230406/years/2025/matrix", region="true").status_code == 200


@pytest.mark.parametrize("absent", ["230406-XX", "0", "x" * 32])
def test_what_is_absent_is_absent_for_everybody(stage: Stage, absent: str) -> None:
    token = token_for(stage.players.dongshan, *Scope, region=True)
    for method, path in WAYS:
        if _OF_AGENCY in path:
            assert stage.ask(method, path, token, code=absent) == 404
        if _OF_CASE in path:
            assert stage.ask(method, path, token, id="00000000-0000-4000-8000-000000000000") == 404


def _wrong(name: str, agency: Agency) -> str:
    whole = token_for(agency, *Scope)
    if name == "revoked":
        tokens.revoke(ApiToken.objects.latest("pk"), by=administrator(agency), at=AS_OF)
    elif name == "expired":
        ApiToken.objects.filter(pk=ApiToken.objects.latest("pk").pk).update(
            made_at=AS_OF - timedelta(days=9), expires_at=AS_OF
        )
    elif name == "of another's mark":
        mark = ApiToken.objects.latest("pk").mark
        other = token_for(agency, *Scope)
        whole = f"gongkai_{mark}_{other.split('_', 2)[2]}"
    return {
        "without its end": whole[:-1],
        "longer": whole + "x",
        "another prefix": whole.replace("gongkai", "token"),
        "empty": "",
        "NUL": "gongkai_\x00_x",
    }.get(name, whole)


@pytest.mark.parametrize(
    "name",
    ["revoked", "expired", "of another's mark", "without its end", "longer", "another prefix", "empty"],
)
def test_a_token_that_does_not_hold_opens_nothing(stage: Stage, name: str) -> None:
    token = _wrong(name, stage.players.dongshan)
    for method, path in WAYS:
        assert stage.ask(method, path, token) == 401, (method, path)


def test_an_expired_token_is_told_so_only_to_who_holds_it(players: Cast, now: time_machine.Traveller) -> None:
    token = token_for(players.dongshan, Scope.CLOCK, days=1)
    path, query = "/periods/reply", {"from": "2026-10-01"}
    assert Machine(token).get(path, **query).status_code == 200
    now.shift(timedelta(days=1))
    assert "过期" in Machine(token).get(path, **query).json()["detail"]
    assert "过期" not in Machine(token[:-1] + "!").get(path, **query).json()["detail"]


def test_from_another_network_it_opens_nothing(players: Cast) -> None:
    for networks, status in ((["10.20.0.0/16"], 403), (["127.0.0.0/8"], 200)):
        token = token_for(players.dongshan, Scope.CLOCK, networks=networks)
        assert Machine(token).get("/periods/reply", **{"from": "2026-10-01"}).status_code == status
