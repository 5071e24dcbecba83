"""Schemathesis over the description: whatever is sent, the answer is described, quick, and never a fault."""

import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from casework.api.routes import described
from casework.api.urls import urlpatterns
from casework.models import Scope
from tests.api.machine import Machine, token_for
from tests.cast import cast
from tests.filing import filed, office

#: Seconds of this process for one answer, whatever else the machine does.
SLOW: Final = 2.0
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS: Final = sorted(
    (method, path) for path, methods in described()["paths"].items() for method in methods if urlpatterns
)


@pytest.fixture(scope="module")
def schema(kept: None, frozen_clock: Any) -> Iterator[Any]:
    """The description as it is served, with a token of every scope and things to be found."""
    players = cast()
    filed(office(players))
    token = token_for(players.dongshan, *Scope, region=True)
    lodged = Machine(token).lodge().json()["id"]
    for signal in (request_started, request_finished):  # a request must not end the tests' own transaction
        signal.disconnect(close_old_connections)
    with override_settings(API_AT_ONCE=1_000_000):
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application()), token, lodged
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: str(part).removeprefix("/api/v1"))
def test_every_answer_is_described_and_quick(schema: Any, method: str, path: str, mode: GenerationMode) -> None:
    found, token, lodged = schema
    operation = found[path][method]
    there = {"code": "230406", "year": 2025, "number": 1, "form": "json", "id": lodged, "kind": "reply"}
    known = {name: value for name, value in there.items() if f"{{{name}}}" in path}
    unlike = [negative_data_rejection] if mode is GenerationMode.NEGATIVE else []

    def send(case: Any) -> None:
        case.headers["Authorization"] = f"Bearer {token}"
        began = time.process_time()
        answer = case.call()
        took = time.process_time() - began
        case.validate_response(answer, checks=[*CHECKS, *unlike])
        assert took < SLOW, f"{took:.1f} s: {case.as_curl_command()}"
        assert b"Traceback" not in answer.content

    bounds: Any = settings(
        max_examples=10,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    strategies = [operation.as_strategy(mode)]
    if known and mode is GenerationMode.POSITIVE:
        strategies.append(operation.as_strategy(mode, path_parameters=known))
    for strategy in strategies:
        over: Any = given(strategy)
        bounds(over(send))()


@pytest.mark.django_db
def test_the_description_is_openapi_31_in_both_languages(schema: Any) -> None:
    found, _token, _lodged = schema
    raw = found.raw_schema
    assert raw["openapi"] == "3.1.0"
    found.validate()
    for methods in raw["paths"].values():
        for operation in methods.values():
            assert " / " in operation["summary"], operation["operationId"]
