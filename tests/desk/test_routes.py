"""Every address of the desk has a rule: who gets in, and that another's case does not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.actions.files import Upload, attach
from casework.desk.acts import ACTS
from casework.exports import FORMATS
from casework.models import Case, DocumentKind, Staff
from tests.cast import Cast, moment, registered
from tests.conftest import AS_OF


class Reach(Enum):
    """Who gets an answer."""

    ANYBODY = "the door itself"
    STAFF = "everybody who has logged in; what they see is theirs"
    CASE = "those who may read the case; for all others there is none"
    ADMINISTRATOR = "agency and system administrators"
    FIGURES = "those who may read the agency's figures; for all others there are none"


@dataclass(frozen=True)
class Rule:
    reach: Reach
    method: str = "get"
    arguments: Callable[[Case], list[dict[str, Any]]] = lambda case: [{}]


def of_case(case: Case) -> list[dict[str, Any]]:
    return [{"pk": case.pk}]


def of_year(case: Case) -> dict[str, Any]:
    return {"code": case.agency.code, "year": case.year}


RULES = {
    "login": Rule(Reach.ANYBODY),
    "logout": Rule(Reach.ANYBODY, "post"),
    "queue": Rule(Reach.STAFF),
    "register": Rule(Reach.STAFF),
    "roles": Rule(Reach.STAFF),
    "inbox": Rule(Reach.STAFF),
    "read": Rule(Reach.STAFF, "post"),
    "mailbox": Rule(Reach.STAFF),
    "case": Rule(Reach.CASE, arguments=of_case),
    "receipt": Rule(Reach.CASE, arguments=of_case),
    "document": Rule(
        Reach.CASE, arguments=lambda case: [{"pk": case.pk, "document_pk": d.pk} for d in case.documents.all()]
    ),
    "letter": Rule(
        Reach.CASE,
        arguments=lambda case: [{"pk": case.pk, "form": form} for form in ("pdf", "docx") if case.decisions.exists()],
    ),
    "identity": Rule(Reach.CASE, "post", of_case),
    "propose": Rule(Reach.CASE, arguments=of_case),
    "ledger": Rule(Reach.STAFF),
    "export": Rule(Reach.STAFF, "post"),
    "editions": Rule(Reach.ADMINISTRATOR),
    "calendar_year": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [{"year": 2026}]),
    "edition": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [{"pk": 1}]),
    "preview_edition": Rule(Reach.ADMINISTRATOR, "post"),
    "apply_edition": Rule(Reach.ADMINISTRATOR, "post"),
    "figures": Rule(Reach.STAFF),
    "table": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "download": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"form": form} for form in FORMATS]),
    "cell": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"row": "new", "column": "total"}]),
    "act": Rule(Reach.CASE, arguments=lambda case: [{"pk": case.pk, "verb": verb.value} for verb in ACTS]),
}


def routes() -> Iterator[str]:
    """The names of all addresses of the desk, read from the resolver."""
    for face in get_resolver().url_patterns:
        if isinstance(face, URLResolver) and face.app_name == "desk":
            for pattern in face.url_patterns:
                assert isinstance(pattern, URLPattern)
                assert pattern.name, f"{pattern} has no name and so no rule"
                yield pattern.name


@pytest.fixture
def addresses(players: Cast) -> Callable[[Reach], list[tuple[str, str]]]:
    """The addresses under a rule, filled in for a case of Dongshan with a file."""
    case = registered(players, on=AS_OF.date()).case
    attach(case, Upload("申请书.txt", b"text"), DocumentKind.APPLICATION, by=None, at=moment(AS_OF.date()))

    def under(*reaches: Reach) -> list[tuple[str, str]]:
        return [
            (RULES[name].method, reverse(f"desk:{name}", kwargs=given))
            for name in routes()
            if RULES[name].reach in reaches
            for given in RULES[name].arguments(case)
        ]

    return under


def test_every_route_has_a_rule() -> None:
    assert sorted(routes()) == sorted(RULES)


def test_who_has_not_logged_in_is_asked_to(addresses: Callable[..., list[tuple[str, str]]], client: Client) -> None:
    inside = addresses(Reach.STAFF, Reach.CASE, Reach.FIGURES, Reach.ADMINISTRATOR)
    assert len(inside) > 20
    for _method, address in inside:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) in {
                (302, "/desk/login/"),
                (405, ""),
            }, address


def test_for_another_agency_the_case_does_not_exist(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(players.zhao)
    for _method, address in addresses(Reach.CASE, Reach.FIGURES):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (404, 405), address
            assert "张三" not in answer.content.decode()


def test_calendar_editions_are_for_administrators_alone(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    for person in (players.wang, players.li, players.zhou):
        client = at_desk(person)
        for method, address in addresses(Reach.ADMINISTRATOR):
            assert getattr(client, method)(address).status_code == 403, (person, address)


def test_whoever_is_inside_gets_their_own_pages(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client], settings: Any
) -> None:
    settings.EMAIL_FILE_PATH = "nowhere"
    for person in (players.wang, players.li):
        client = at_desk(person)
        for method, address in addresses(Reach.STAFF):
            assert getattr(client, method)(address).status_code in (200, 302), (person, address)


def test_whoever_has_no_role_sees_no_case(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    nobody = Staff.objects.create(username="nobody")
    client = at_desk(nobody)
    assert client.get("/desk/").status_code == 200
    assert client.get(f"/desk/cases/{case.pk}/").status_code == 404
    assert client.get("/desk/register/").status_code == 403


def test_pages_are_kept_nowhere(wang: Client, case: Case) -> None:
    for address in ("/desk/", f"/desk/cases/{case.pk}/"):
        assert "no-store" in wang.get(address).headers["Cache-Control"]


def test_an_act_needs_the_token_of_the_page(players: Cast, case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(players.wang)
    answer = strict.post(f"/desk/cases/{case.pk}/withdraw/", {"version": case.version})
    assert answer.status_code == 403
    assert Case.objects.get().is_open
