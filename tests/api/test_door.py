"""What every answer has in common: shares of requests, problems, tags, languages, and nothing of HTML."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from casework.api.problems import KINDS
from casework.models import ApiToken, Scope
from tests.api.machine import APPLICATION, Machine, token_for
from tests.cast import Cast

PATH, QUERY = "/periods/reply", {"from": "2026-10-01"}


def test_each_token_has_its_own_share(players: Cast, settings: Any, now: time_machine.Traveller) -> None:
    settings.API_PER_MINUTE, settings.API_AT_ONCE = 60, 5
    greedy, modest = (Machine(token_for(players.dongshan, Scope.CLOCK)) for _ in range(2))
    assert [greedy.get(PATH, **QUERY).status_code for _ in range(7)] == [200] * 5 + [429] * 2
    refused = greedy.get(PATH, **QUERY)
    assert refused["Retry-After"] == "1"
    assert refused.json()["type"].endswith("too-many")
    assert modest.get(PATH, **QUERY).status_code == 200
    now.shift(timedelta(seconds=1))
    assert [greedy.get(PATH, **QUERY).status_code for _ in range(2)] == [200, 429]
    now.shift(timedelta(hours=1))  # what was not used is not saved up
    assert [greedy.get(PATH, **QUERY).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_request_without_the_scope_is_reckoned_too(players: Cast, settings: Any) -> None:
    settings.API_PER_MINUTE, settings.API_AT_ONCE = 60, 2
    machine = Machine(token_for(players.dongshan, Scope.CALENDAR))
    assert [machine.get(PATH, **QUERY).status_code for _ in range(3)] == [403, 403, 429]


def test_the_last_use_is_on_record(machine: Machine, now: time_machine.Traveller) -> None:
    now.shift(timedelta(hours=1))
    machine.get(PATH, **QUERY)
    token = ApiToken.objects.latest("pk")
    assert token.last_used_at is not None
    assert token.last_used_at - token.made_at == timedelta(hours=1)


def test_what_has_not_changed_is_not_sent_again(machine: Machine) -> None:
    first = machine.get("/calendar", **{"from": "2026-10-01", "until": "2026-10-08"})
    assert first["Cache-Control"] == "private, no-cache"
    again = machine.get("/calendar", {"If-None-Match": first["ETag"]}, **{"from": "2026-10-01", "until": "2026-10-08"})
    assert (again.status_code, again.content) == (304, b"")
    other = machine.get("/calendar", {"If-None-Match": first["ETag"]}, **{"from": "2026-10-01", "until": "2026-10-09"})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/applications/7", "/applications/", "/agencies/230406", "/../x"])
def test_an_address_that_is_none_is_a_problem_and_no_page(machine: Machine, path: str) -> None:
    answer = machine.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_another_method_is_a_problem(machine: Machine) -> None:
    answer: Any = machine.client.delete("/api/v1/applications", headers=machine.headers)
    assert (answer.status_code, answer.json()["type"].split("-", 1)[1]) == (405, "not-allowed")
    assert set(answer["Allow"].replace(" ", "").split(",")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b" ", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"content": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"7", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"name": "\\ud800"}', "application/json", 422),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=y", 415),
    ],
)
def test_a_body_that_is_none(machine: Machine, body: bytes, content_type: str, status: int) -> None:
    answer: Any = machine.client.post(
        "/api/v1/applications", body, content_type=content_type, headers=machine.headers | {"Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content


def test_too_large_a_body_is_not_read(machine: Machine) -> None:
    answer: Any = machine.client.post(
        "/api/v1/applications",
        b"x" * (40 * 2**20 + 1),
        content_type="application/json",
        headers=machine.headers | {"Idempotency-Key": "k"},
    )
    assert answer.status_code == 413


def test_a_problem_speaks_the_callers_language(machine: Machine) -> None:
    chinese = machine.lodge(phone="").json()
    english = Machine(machine.token, language="en").lodge(phone="").json()
    assert chinese["law"] == english["law"] == "条例 29(2)"
    assert chinese["detail"].endswith("。")
    assert english["detail"].isascii()
    assert english["title"] == KINDS["refused"][1].en
    assert chinese["errors"][0]["pointer"] == english["errors"][0]["pointer"] == "/phone"


def test_no_cookie_lets_anybody_in(machine: Machine, players: Cast) -> None:
    machine.client.force_login(players.li)
    answer: Any = machine.client.get("/api/v1/applications")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not answer.cookies


def test_nothing_of_a_token_or_a_person_is_kept_by_what_lies_between(machine: Machine) -> None:
    answer = machine.lodge(**APPLICATION)
    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
