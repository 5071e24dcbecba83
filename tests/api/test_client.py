"""The client of the documents, run as its readers would run it: against a site that listens."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from casework.access import follow
from casework.actions import clock
from casework.models import Case, Scope
from notifications.signing import new_secret, signed
from tests.api.machine import APPLICATION, token_for
from tests.cast import cast, moment
from tests.conftest import AS_OF
from tests.filing import filed, office

FILE = Path(__file__).resolve().parents[2] / "docs" / "api" / "client.py"


@pytest.fixture(scope="module")
def client() -> ModuleType:
    """The file, imported from where it stands."""
    spec = importlib.util.spec_from_file_location("gongkai_client", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_files_follows_supplements_withdraws_and_collects(
    live_server: LiveServer, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    players = cast()
    edition = filed(office(players))
    there = client.Gongkai(live_server.url, token_for(players.dongshan, *Scope, region=True))
    lodged = there.lodge(APPLICATION, key="portal-1")
    assert there.lodge(APPLICATION, key="portal-1") == lodged
    case = follow(lodged["number"], lodged["query_code"])
    assert case is not None
    clock.request_supplement(case, unclear="请说明名称。", on=AS_OF.date(), by=players.wang, at=moment(AS_OF.date()))
    assert there.follow(lodged["id"])["supplement"]["unclear"] == "请说明名称。"
    file = tmp_path / "清单.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    assert there.supplement(lodged["id"], "即2025年度清单。", file, key="portal-2")["state"] == "received"
    assert there.withdraw(lodged["id"], key="portal-3")["outcome"] == "other_3"
    assert there.matrix("230406", AS_OF.year)["table3"]["rows"]["other_3"][0] == 1
    assert [unit["source"] for unit in there.units("230406", 2025)] == ["filed", "records"]
    assert [row["outcome"] for row in there.ledger("230406")] == ["other_3"]
    with pytest.raises(client.Problem) as refused:
        there.lodge(APPLICATION | {"phone": ""}, key="portal-4")
    assert refused.value.status == 422
    assert refused.value.said["errors"][0]["pointer"] == "/phone"
    assert Case.objects.count() == 1

    def run(*arguments: str) -> str:
        environment = {**os.environ, "GONGKAI_TOKEN": there.token}
        command = [sys.executable, str(FILE), live_server.url, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True, timeout=60).stdout

    assert edition.digest in run("collect", "230406", "2025")
    paper = tmp_path / "application.json"
    paper.write_text(json.dumps(APPLICATION | {"key": "shell-1"}), encoding="utf-8")
    assert json.loads(run("lodge", str(paper)))["query_code"]


def test_it_waits_where_it_is_told_to_and_gives_up_in_the_end(
    live_server: LiveServer, client: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_PER_MINUTE, settings.API_AT_ONCE = 60, 1
    waits: list[float] = []
    monkeypatch.setattr(client.time, "sleep", waits.append)
    there = client.Gongkai(live_server.url, token_for(cast().dongshan, Scope.FOLLOW))
    there._ask("/applications")
    with pytest.raises(client.Problem) as refused:
        there._ask("/applications")
    assert refused.value.status == 429
    assert waits == [1.0] * (client.TRIES - 1)


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        ({}, True),
        ({"body": b'{"type": "case.closed"}'}, False),
        ({"secret": new_secret()}, False),
        ({"late": 299}, True),
        ({"late": 301}, False),
        ({"late": -301}, False),
        ({"seen": ["message-1"]}, False),
        ({"rotated": True}, True),
        ({"headers": {}}, False),
        ({"headers": {"webhook-id": "message-1", "webhook-timestamp": "²"}}, False),
    ],
)
def test_it_knows_our_webhooks(client: Any, change: dict[str, Any], ours: bool) -> None:
    secret, body, at = new_secret(), b'{"type": "ping"}', AS_OF
    secrets = (new_secret(), secret) if "rotated" in change else (secret,)
    headers = change.get("headers", signed("message-1", body, secrets, at=at))
    heard = client.is_ours(
        change.get("secret", secret),
        headers,
        change.get("body", body),
        now=at.timestamp() + change.get("late", 0),
        seen=change.get("seen", ()),
    )
    assert heard is ours
