"""What browsers are told: the whole list for each kind of answer, and the cookies of a server.

A header that is new, missing or changed fails here, so that nobody weakens one in passing (threats T9, T12, T43).
"""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from casework.models import Staff
from config.headers import UNUSED
from tests.check import PRODUCTION
from tests.platform.test_settings import manage

POLICY: Final = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'",
}  # fmt: skip
#: Every answer of a server carries these, whatever it is.
EVERYWHERE: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
}
#: What an answer may say beside them; anything else is a header that nobody decided upon.
BESIDE: Final = {
    "Allow", "Cache-Control", "Content-Disposition", "Content-Language", "Content-Length", "Content-Security-Policy",
    "Content-Type", "ETag", "Expires", "Last-Modified", "Location", "Set-Cookie", "Vary", "WWW-Authenticate",
    "X-Frame-Options", "X-Request-ID",
}  # fmt: skip
PRIVATE: Final = "no-store"

#: Address, status, whether it is kept by nobody.
ANSWERS: Final = (
    ("/", 200, False),
    ("/privacy/", 200, False),
    ("/apply/", 200, True),
    ("/follow/", 200, True),
    ("/replies/", 200, False),
    ("/reports/index.json", 200, False),
    ("/healthz", 200, True),
    ("/desk/", 302, True),
    ("/desk/login/", 200, True),
    ("/api/v1/periods/reply", 401, True),
    ("/api/v1/nothing", 404, True),
    ("/nothing/", 404, False),
    ("/static/gongkai.css", 200, False),
    ("/static/seal.svg", 200, False),
)


@pytest.fixture
def as_on_a_server(settings: Any) -> Client:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_SSL_REDIRECT = True
    return Client()


def held_against_the_list(answer: HttpResponseBase, *, private: bool) -> None:
    if isinstance(answer, StreamingHttpResponse):
        b"".join(answer)  # read to its end, and so closed
    for name, value in EVERYWHERE.items():
        assert answer.headers.get(name) == value, name
    page = answer.headers.get("Content-Type", "").startswith("text/html")
    assert answer.headers.get("X-Frame-Options", "" if page else "DENY") == "DENY"
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    undecided = {name.title() for name in answer.headers} - {name.title() for name in (*EVERYWHERE, *BESIDE)}
    assert not undecided
    kept = answer.headers.get("Cache-Control", "")
    assert (PRIVATE in kept) is private, kept
    if answer.headers.get("Content-Type", "").startswith(("text/", "application/xml")):
        assert "charset=utf-8" in answer.headers["Content-Type"].lower().replace('"', "")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status", "private"), ANSWERS)
def test_every_kind_of_answer_carries_the_list_and_nothing_else(
    address: str, status: int, private: bool, as_on_a_server: Client
) -> None:
    answer = as_on_a_server.get(address, secure=True)
    assert answer.status_code == status
    held_against_the_list(answer, private=private)


@pytest.mark.django_db
def test_a_refused_form_carries_it_too(as_on_a_server: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("desk:login"), {"username": "wang", "password": "x"}, secure=True)
    assert answer.status_code == 403
    held_against_the_list(answer, private=False)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
@pytest.mark.parametrize("address", ["/", "/desk/login/", "/static/gongkai.css", "/api/v1/periods/reply"])
def test_nobody_gets_a_request_sent_back(address: str, method: str, as_on_a_server: Client) -> None:
    answer = as_on_a_server.generic(method, address, secure=True, headers={"x-probe": "gongkai-probe"})
    assert answer.status_code == 405
    assert b"gongkai-probe" not in answer.content


def test_without_tls_one_is_led_to_it(as_on_a_server: Client) -> None:
    answer = as_on_a_server.get("/apply/?a=b")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/apply/?a=b")


def test_a_machine_without_tls_is_refused_and_not_led_on(as_on_a_server: Client) -> None:
    """Else a token would go in clear every time, and nobody would notice."""
    answer = as_on_a_server.get("/api/v1/periods/reply", headers={"authorization": "Bearer gongkai_x"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Location" not in answer.headers
    page = as_on_a_server.get("/api/v1/docs/")
    assert page.status_code == 301


def test_no_answer_invites_another_site(as_on_a_server: Client) -> None:
    answer = as_on_a_server.get("/static/gongkai.css", secure=True, headers={"origin": "https://elsewhere.example"})
    b"".join(answer)
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_the_cookies_of_a_server_are_its_own(tmp_path: Path) -> None:
    """Read from the settings of a server, which differ from those of the tests."""
    names = ("SESSION", "CSRF", "LANGUAGE")
    lines = "; ".join(
        f"print('{name}', s.{name}_COOKIE_NAME, s.{name}_COOKIE_SECURE, s.{name}_COOKIE_HTTPONLY, "
        f"s.{name}_COOKIE_SAMESITE, s.{name}_COOKIE_DOMAIN, s.{name}_COOKIE_PATH)"
        for name in names
    )
    program = f"from django.conf import settings as s; {lines}; print(s.CARE_COOKIE_NAME)"
    told = manage("shell", "--no-imports", "-c", program, **{**PRODUCTION, "VAR_DIR": str(tmp_path)})
    assert told.returncode == 0, told.stderr
    assert "\n__Host-care\n" in told.stdout
    for name in names:
        assert re.search(rf"^{name} __Host-\w+ True True Lax None /$", told.stdout, re.MULTILINE), told.stdout


@pytest.mark.django_db
def test_the_cookies_that_are_set_are_those(as_on_a_server: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    Staff.objects.create_user("wang", password="Li-jiang-2026")
    as_on_a_server.get(reverse("desk:login"), secure=True)
    as_on_a_server.post(reverse("desk:login"), {"username": "wang", "password": "Li-jiang-2026"}, secure=True)
    as_on_a_server.post(reverse("portal:language"), {"language": "en", "next": "/"}, secure=True)
    cookies = as_on_a_server.cookies
    assert set(cookies) == {
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME
    }  # fmt: skip
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
