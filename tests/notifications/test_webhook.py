"""Webhooks: signed so that a receiver can be sure, tried until taken, and never sent into our own network."""

import base64
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from notifications import signing, wire
from notifications.delivery import MOST_ATTEMPTS, Run, deliver_due
from notifications.models import Message
from notifications.posting import Unpostable
from notifications.webhook import Endpoint
from tests.notifications.builders import AT, a_call, a_person, posted
from tests.notifications.http_server import WebServer, web_server

SECRET = signing.PREFIX + base64.b64encode(b"s" * 32).decode()
ENDPOINTS: dict[str, Endpoint] = {}


def directory(name: str, message: Message) -> Endpoint | None:
    assert message.address == name
    return ENDPOINTS.get(name)


@pytest.fixture(autouse=True)
def _directory_of_the_tests(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.WEBHOOK_DIRECTORY = f"{__name__}.directory"
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1")]
    monkeypatch.setattr("notifications.webhook.import_string", lambda _path: directory)
    ENDPOINTS.clear()
    yield
    ENDPOINTS.clear()


def at_endpoint(web: WebServer, name: str = "endpoint:1", *secrets: str) -> None:
    ENDPOINTS[name] = Endpoint(web.url(), secrets or (SECRET,))


# ── The signature ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_signature_is_that_of_the_specification() -> None:
    """The worked example of the Standard Webhooks reference libraries."""
    headers = signing.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


TOO_LONG = signing.PREFIX + base64.b64encode(b"x" * 65).decode()


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_!!", "whsec_c2hvcnQ=", TOO_LONG])
def test_what_is_no_secret_signs_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        signing.key_of(text)


def test_a_new_secret_is_a_good_one_and_no_two_are_alike() -> None:
    assert len(signing.key_of(signing.new_secret())) == signing.LENGTH
    assert signing.new_secret() != signing.new_secret()


# ── What is sent, and how often ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_call_carries_a_type_a_moment_and_the_facts(web: WebServer) -> None:
    at_endpoint(web)
    posted(a_call())
    assert deliver_due(at=AT) == Run(sent=1)
    (request,) = web.taken
    assert request.path == "/hook"
    assert request.json == {
        "type": "case.extended",
        "timestamp": AT.isoformat(),
        "data": {"case": "东申〔2026〕1号"},
    }
    at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    expected = signing.signed(Message.objects.get().name, request.body, [SECRET], at=at)
    assert {name: request.headers[name] for name in expected} == expected
    assert request.headers["host"] == f"localhost:{web.port}"


@pytest.mark.django_db
def test_while_a_secret_is_changed_both_sign(web: WebServer) -> None:
    at_endpoint(web, "endpoint:1", signing.new_secret(), SECRET)
    posted(a_call())
    deliver_due(at=AT)
    new, old = web.taken[0].headers["webhook-signature"].split(" ")
    assert new.startswith("v1,")
    assert old.startswith("v1,")
    assert new != old


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [500, 404, 401, 301, "", None])
def test_what_was_not_taken_is_sent_again_under_the_same_id_with_the_same_body_and_a_fresh_moment(
    web: WebServer, answer: int | str | None
) -> None:
    at_endpoint(web)
    posted(a_call())
    web.answer = answer
    assert deliver_due(at=AT) == Run(deferred=1)
    web.answer = 204
    assert deliver_due(at=AT + timedelta(minutes=2)) == Run(sent=1)
    first, second = web.taken
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    moments = [int(request.headers["webhook-timestamp"]) for request in web.taken]
    assert 100 < moments[1] - moments[0] < 140
    assert deliver_due(at=AT + timedelta(days=1)) == Run()


@pytest.mark.django_db
def test_it_comes_to_an_end(web: WebServer) -> None:
    at_endpoint(web)
    web.answer = 500
    posted(a_call())
    for n in range(MOST_ATTEMPTS):
        deliver_due(at=AT + timedelta(days=n))
    assert (Message.objects.get().status, Message.objects.get().last_error) == ("failed", "HTTP 500")


@pytest.mark.django_db
def test_gone_is_the_receivers_word_for_never_again(web: WebServer) -> None:
    at_endpoint(web)
    web.answer = 410
    posted(a_call())
    assert deliver_due(at=AT) == Run(failed=1)


@pytest.mark.django_db
def test_an_endpoint_that_was_removed_is_not_called() -> None:
    posted(a_call())
    assert deliver_due(at=AT) == Run(failed=1)
    assert Message.objects.get().last_error == "EndpointOff"


@pytest.mark.django_db
def test_a_redirect_is_not_followed(web: WebServer) -> None:
    with web_server() as elsewhere:
        web.answer, web.location = 307, elsewhere.url()
        at_endpoint(web)
        posted(a_call())
        assert deliver_due(at=AT) == Run(deferred=1)
        assert elsewhere.taken == []


@pytest.mark.django_db
def test_an_endpoint_that_hangs_is_asked_once_a_run_and_the_others_are_called(web: WebServer) -> None:
    at_endpoint(web)
    web.answer = None
    with web_server() as other:
        at_endpoint(other, "endpoint:2")
        posted(*[a_call(f"k{n}") for n in range(4)], a_call("z", address="endpoint:2"))
        assert deliver_due(at=AT) == Run(sent=1, deferred=4)
        assert len(web.taken) == 1
        assert len(other.taken) == 1


@pytest.mark.django_db
def test_a_person_is_not_called() -> None:
    with pytest.raises(Unpostable) as refused:
        posted(a_call(address="", recipient_id=a_person("wang").pk))
    assert refused.value.field == "recipient"


# ── Where it may lead ────────────────────────────────────────────────────────────────────────────────────────────────

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "2130706433",
    "0x7f000001",
    "127.1",
    "localhost",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_of_our_own_network_is_not_called_however_it_is_written(host: str) -> None:
    with pytest.raises(wire.Forbidden) as forbidden:
        wire.located(f"https://{host}/")
    assert forbidden.value.reason == "PrivateAddress"


WRONG = [
    "",
    "localhost",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "gopher://93.184.216.34/",
    "https://",
    "https://user:word@93.184.216.34/",
    "https://93.184.216.34:0/",
    "https://93.184.216.34:70000/",
    "https://93.184.216.34/a b",
    "https://93.184.216.34/\r\nHost: other",
    "https://[93.184.216.34/",
]


@pytest.mark.parametrize("url", WRONG)
def test_what_is_no_address_of_a_web_server_is_not_called(url: str) -> None:
    with pytest.raises(wire.Forbidden) as forbidden:
        wire.located(url)
    assert forbidden.value.reason == "BadAddress"


def test_a_public_address_is_called_only_in_secret() -> None:
    place = wire.located("https://93.184.216.34/hook?a=b")
    assert (place.secure, place.port, place.path, place.address) == (True, 443, "/hook?a=b", "93.184.216.34")
    with pytest.raises(wire.Forbidden) as forbidden:
        wire.located("http://93.184.216.34/")
    assert forbidden.value.reason == "NotSecure"


def test_a_network_that_was_allowed_may_be_called() -> None:
    allowed = [ipaddress.ip_network("10.20.0.0/16")]
    assert wire.located("https://10.20.3.4/", allowed=allowed).address == "10.20.3.4"
    with pytest.raises(wire.Forbidden):
        wire.located("https://10.21.3.4/", allowed=allowed)


def resolving(*addresses: str) -> object:
    def getaddrinfo(_host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_one_private_address_behind_a_name_is_enough_to_refuse_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving("93.184.216.34", "10.0.0.1"))
    with pytest.raises(wire.Forbidden):
        wire.located("https://hook.example/")


def test_a_name_that_changes_after_it_was_judged_gains_nothing(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    place = wire.located(web.url(), allowed=wire.ANYWHERE)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *_, **__: _only_numbers(host, port))
    assert wire.post(place, b"{}", {}) == 200
    assert len(web.taken) == 1


def _only_numbers(host: str, port: int) -> list[object]:
    ipaddress.ip_address(host)  # raises where the name is asked again
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return [(family, socket.SOCK_STREAM, 6, "", (host, port))]


@pytest.mark.django_db
def test_a_call_into_our_own_network_is_given_up_and_nothing_is_sent(web: WebServer, settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = []
    at_endpoint(web)
    posted(a_call())
    assert deliver_due(at=AT) == Run(failed=1)
    assert Message.objects.get().last_error == "PrivateAddress"
    assert web.taken == []


# ── Over TLS ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def certificate_for(name: str, folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    shown = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both, trusted = folder / "both.pem", folder / "trusted.pem"
    both.write_bytes(kept + shown)
    trusted.write_bytes(shown)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return trusted, context


@pytest.mark.parametrize(
    ("name", "trusts", "taken"), [("localhost", True, 1), ("localhost", False, 0), ("other.example", True, 0)]
)
def test_a_server_must_show_a_trusted_certificate_for_its_name(
    name: str, trusts: bool, taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate_for(name, tmp_path)
    if trusts:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with web_server(context) as server:
        place = wire.located(server.url(), allowed=wire.ANYWHERE)
        try:
            assert wire.post(place, b"{}", {}) == 200
        except ssl.SSLCertVerificationError:
            assert taken == 0
        assert len(server.taken) == taken
