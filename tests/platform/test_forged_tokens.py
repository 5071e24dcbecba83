"""ID tokens that are forged, expired, of another site, another request or another person let nobody in, at either door.

OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; RFC 8725 (algorithms). The provider is a real one on loopback.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from casework.models import AccessRecord, Staff
from tests.cast import Cast
from tests.provider import CLIENT, KID, SECRET, Provider, running_provider

pytestmark = pytest.mark.django_db

PERSON: Final = {"sub": "p-1", "name": "张三", "email": "wang@dongshan.example.cn", "email_verified": True}


@pytest.fixture(params=["office", "province"])
def door(request: pytest.FixtureRequest, settings: Any, players: Cast) -> Iterator[tuple[Provider, str]]:
    """Each of the two, with its address."""
    Staff.objects.filter(pk=players.wang.pk).update(email=PERSON["email"])
    with running_provider(request.param) as (server, said):
        settings.SOCIALACCOUNT_PROVIDERS = said
        if request.param == "office":
            settings.OIDC_URL = server.url
        else:
            settings.PROVINCE_OIDC_URL = server.url
        server.person = dict(PERSON)
        yield (
            server,
            {"office": "/desk/account/sign-on/office/", "province": "/account/sign-on/province/"}[request.param],
        )


def asked(client: Client, address: str) -> str:
    """Where the visitor is led by the other service: our own address, with code and state."""
    there = client.get(address).headers["Location"]
    back: str = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix("http://testserver")


def come(client: Client, address: str) -> Any:
    return client.get(asked(client, address), follow=True)


def refused(client: Client, answer: Any) -> bool:
    """A clear page, no session, no account, no link, and a line for the auditor."""
    return (
        answer.status_code == 200
        and "统一身份认证没有完成" in answer.content.decode()
        and "_auth_user_id" not in client.session
        and not Staff.applicants.exists()
        and not SocialAccount.objects.exists()
        and AccessRecord.objects.filter(kind="login_failed", what__startswith="socialaccount:").exists()
    )


def unsigned(claims: dict[str, Any], signature: str = "") -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": KID}, claims)
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*written, signature])


def with_hmac(server: Provider) -> Callable[[dict[str, Any]], str]:
    """Signed with the published key as if it were a shared secret (RFC 8725, 2.1), by hand: PyJWT refuses to."""

    def made(claims: dict[str, Any]) -> str:
        public = server.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        head = unsigned(claims).split(".")[1]
        header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": KID}).encode()).decode().rstrip("=")
        mac = hmac.new(public, f"{header}.{head}".encode(), hashlib.sha256).digest()
        return f"{header}.{head}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    return made


def another_key(claims: dict[str, Any]) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": KID})


def another_kind_of_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers={"kid": KID})


def with_the_shared_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET.ljust(32, "x"), algorithm="HS256", headers={"kid": KID})


def changed_afterwards(server: Provider) -> Callable[[dict[str, Any]], str]:
    def made(claims: dict[str, Any]) -> str:
        header, _body, signature = server.signed(claims).split(".")
        return ".".join([header, unsigned(claims | {"sub": "somebody-else"}).split(".")[1], signature])

    return made


Forging = Callable[[Provider], Callable[[dict[str, Any]], Any]]


def with_(**changes: Any) -> Forging:
    """Signed rightly, with other claims; without those that are ``None``."""

    def of(server: Provider) -> Callable[[dict[str, Any]], str]:
        return lambda claims: server.signed({k: v for k, v in (claims | changes).items() if v is not None})

    return of


FORGED: Final[dict[str, Forging]] = {
    "of another key": lambda _server: another_key,
    "of another kind of key": lambda _server: another_kind_of_key,
    "changed afterwards": changed_afterwards,
    "alg none": lambda _server: unsigned,
    "alg none with a signature": lambda _server: lambda claims: unsigned(claims, "AAAA"),
    "public key as a secret": with_hmac,
    "by the shared secret": lambda _server: with_the_shared_secret,
    "of no published key": lambda server: (
        lambda claims: jwt.encode(claims, server.key, algorithm="RS256", headers={"kid": "unknown"})
    ),
    "another issuer": with_(iss="https://elsewhere.example.cn"),
    "no issuer": with_(iss=None),
    "another audience": with_(aud="another-site"),
    "no audience": with_(aud=None),
    "several audiences and nobody in particular": with_(aud=[CLIENT, "another-site"]),
    "given to another site": with_(aud=[CLIENT, "another-site"], azp="another-site"),
    "expired": with_(exp=1_000_000_000),
    "without an end": with_(exp=None),
    "of tomorrow": with_(iat=4_000_000_000),
    "another nonce": with_(nonce="0" * 64),
    "no nonce": with_(nonce=None),
    "no subject": with_(sub=None),
    "an empty subject": with_(sub=""),
    "a subject that is a number": with_(sub=7),
    "no token": lambda _server: lambda _claims: None,
    "no JSON in it": lambda _server: lambda _claims: "a.b.c",
    "a number": lambda _server: lambda _claims: 7,
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_lets_nobody_in(door: tuple[Provider, str], name: str) -> None:
    server, address = door
    server.forged = FORGED[name](server)
    client = Client()
    assert refused(client, come(client, address))
    server.forged = None
    come(client, address)
    assert "_auth_user_id" in client.session, "a good one does"


def test_two_answers_that_speak_of_two_people_let_nobody_in(door: tuple[Provider, str]) -> None:
    """5.3.2: the subject of the other answer must be that of the token."""
    server, address = door
    for other in ({**PERSON, "sub": "p-2"}, {"email": PERSON["email"]}, {}):
        server.userinfo = other
        client = Client()
        assert refused(client, come(client, address))


def test_an_answer_is_good_once_and_in_the_browser_that_asked(door: tuple[Provider, str]) -> None:
    _server, address = door
    client, thief = Client(), Client()
    back = asked(client, address)
    assert "没有完成" in thief.get(back, follow=True).content.decode()
    assert "_auth_user_id" not in thief.session
    client.get(back, follow=True)
    assert "_auth_user_id" in client.session
    client.logout()
    assert "没有完成" in client.get(back, follow=True).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_token_of_an_earlier_request_does_not_fit_this_one(door: tuple[Provider, str]) -> None:
    """The nonce: what was issued to somebody else, or before, is not taken again (ASVS 10.5.1)."""
    server, address = door
    kept: list[str] = []

    def once(claims: dict[str, Any]) -> str:
        kept.append(server.signed(claims))
        return kept[0]

    server.forged = once
    first = Client()
    come(first, address)
    assert "_auth_user_id" in first.session
    second = Client()
    assert "没有完成" in come(second, address).content.decode()
    assert "_auth_user_id" not in second.session


def test_a_visitor_adds_nothing_to_what_is_asked(door: tuple[Provider, str]) -> None:
    _server, address = door
    added = "auth_params=nonce%3Dmine%26redirect_uri%3Dhttps%3A%2F%2Fevil.example%2F&scope=admin&process=connect"
    there = Client().get(f"{address}?{added}").headers["Location"]
    sent = parse_qs(urlsplit(there).query)
    assert sent["redirect_uri"] == [f"http://testserver{address}back/"]
    assert sorted(sent["scope"][0].split()) == ["email", "openid", "profile"]
    assert len(sent["nonce"][0]) == 64
    assert sent["code_challenge_method"] == ["S256"]


def test_where_the_keys_can_not_be_read_nobody_gets_in(
    door: tuple[Provider, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, address = door
    several: tuple[Any, ...] = ({"keys": []}, {}, [], "x", {"keys": [{"kty": "oct", "k": "AAAA", "kid": KID}]})
    for published in several:
        monkeypatch.setattr(server, "published", partial(lambda said: said, published))
        client = Client()
        assert refused(client, come(client, address))
