"""Signing in through another service: against a small OpenID Connect provider on loopback, over real HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from casework.models import AccountDeed, Staff
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CLIENT, SECRET = "gongkai", "between-us"


class Provider(ThreadingHTTPServer):
    """Says of whoever comes that they are ``person``; remembers what it was shown."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.audience, self.issuer = CLIENT, self.url
        self.granted: dict[str, dict[str, str]] = {}

    def authorize(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.granted[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any] | None:
        """A code is good once, for the client that asked, with the verifier of its challenge (RFC 7636)."""
        asked = self.granted.pop(given.get("code", ""), None)
        if asked is None or given.get("client_secret") != SECRET:
            return None
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked.get("code_challenge"):
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 300, **self.person}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "of-no-use", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_args: Any) -> None:
        pass

    def say(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/.well-known/openid-configuration":
            url = self.server.url
            self.say(
                {
                    "issuer": url,
                    "authorization_endpoint": f"{url}/authorize",
                    "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif asked.path == "/authorize":
            self.send_response(302)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            self.send_header("Location", self.server.authorize(query))
            self.end_headers()
        elif asked.path == "/userinfo":
            self.say(self.server.person)
        else:
            self.say({}, 404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        given = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        token = self.server.token(given)
        self.say(token or {"error": "invalid_grant"}, 200 if token else 400)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OIDC_URL = server.url
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "office",
                    "name": "统一身份认证",
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": {"server_url": server.url},
                }
            ],
        }
    }
    yield server
    server.shutdown()
    server.server_close()


def sign_on(provider: Provider, client: Client | None = None, next_page: str = "") -> tuple[Client, Any]:
    """Through the other service and back, as a browser goes."""
    client = client or Client()
    start = client.get("/desk/account/sign-on/office/" + (f"?next={next_page}" if next_page else ""))
    assert start.headers["Location"].startswith(f"{provider.url}/authorize?")
    back = requests.get(start.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client, client.get(back.removeprefix("http://testserver"), follow=True)


def test_known_by_a_verified_address_once_and_by_the_subject_ever_after(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "Wang@dongshan.example.cn", "email_verified": True}
    client, answer = sign_on(provider, next_page="/desk/ledger/")
    assert answer.redirect_chain[-1][0] == "/desk/ledger/"
    assert SocialAccount.objects.get().user == players.wang
    assert players.wang.changes.get().kind == AccountDeed.LINKED
    provider.person = {"sub": "w-1", "email": "somebody@else.example.cn", "email_verified": True}
    client, answer = sign_on(provider)
    assert client.session["_auth_user_id"] == str(players.wang.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "x-1", "email": "stranger@example.cn", "email_verified": True},
        {"sub": "x-2", "email": "wang@dongshan.example.cn", "email_verified": False},
        {"sub": "x-3", "email": "wang@dongshan.example.cn"},
        {"sub": "x-4", "email": "wang@dongshan.example.cn", "email_verified": "true"},
        {"sub": "x-5"},
        {"sub": "x-6", "preferred_username": "wang"},
    ],
)
def test_whoever_has_no_account_here_is_told_and_none_is_made(
    players: Cast, provider: Provider, person: dict[str, Any]
) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = person
    client, answer = sign_on(provider)
    assert "没有与之对应的工作人员账户" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert (Staff.objects.count(), SocialAccount.objects.count()) == (7, 0)


def test_a_second_subject_with_the_same_address_is_refused(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    sign_on(provider)
    provider.person["sub"] = "w-2"
    client, _answer = sign_on(provider)
    assert "_auth_user_id" not in client.session


def test_who_has_left_does_not_come_in(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    sign_on(provider)
    Staff.objects.filter(pk=players.wang.pk).update(is_active=False)
    client, answer = sign_on(provider)
    assert "没有与之对应的工作人员账户" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("what", ["state", "code", "audience", "issuer"])
def test_an_answer_that_was_not_meant_for_this_visitor_lets_nobody_in(
    players: Cast, provider: Provider, what: str
) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    client = Client()
    where = client.get("/desk/account/sign-on/office/").headers["Location"]
    if what == "audience":
        provider.audience = "another-site"
    if what == "issuer":
        provider.issuer = "https://elsewhere.example.cn"
    back = requests.get(where, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")
    if what in ("state", "code"):
        back = back.replace(f"{what}=", f"{what}=x")
    answer = client.get(back, follow=True)
    assert "没有完成" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_without_a_provider_there_is_no_such_page(db: None) -> None:
    assert Client().get("/desk/account/sign-on/office/").status_code == 404
    assert "统一身份认证" not in Client().get("/desk/login/").content.decode()


def test_the_log_in_shows_the_way(provider: Provider, db: None) -> None:
    assert "用统一身份认证登录" in Client().get("/desk/login/").content.decode()
