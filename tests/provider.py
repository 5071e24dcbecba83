"""A small OpenID Connect provider on loopback, over real HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KID = "gongkai", "between-us", "1"


@cache
def _key() -> rsa.RSAPrivateKey:
    """Made once for all tests: it takes longer than the test."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Says of whoever comes that they are ``person``; remembers what it was shown."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = _key()
        self.person: dict[str, Any] = {}
        self.audience, self.issuer = CLIENT, self.url
        self.granted: dict[str, dict[str, str]] = {}
        #: How a token is made of its claims, where it is not to be a good one.
        self.forged: Callable[[dict[str, Any]], str] | None = None
        #: What the other address says; nothing: the same.
        self.userinfo: dict[str, Any] | None = None

    def signed(self, claims: dict[str, Any], **changes: Any) -> str:
        """By the provider's own key."""
        return jwt.encode(claims | changes, self.key, algorithm="RS256", headers={"kid": KID})

    def published(self) -> dict[str, Any]:
        """The keys by which everybody verifies."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [key | {"kid": KID, "use": "sig", "alg": "RS256"}]}

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
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        signed = self.forged(claims) if self.forged else self.signed(claims)
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
            self.say(self.server.person if self.server.userinfo is None else self.server.userinfo)
        elif asked.path == "/keys":
            self.say(self.server.published())
        else:
            self.say({}, 404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        given = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        token = self.server.token(given)
        self.say(token or {"error": "invalid_grant"}, 200 if token else 400)


@contextmanager
def running_provider(name: str) -> Iterator[tuple[Provider, dict[str, Any]]]:
    """It answers while the block lasts; with it what the settings say of it, under the name that its addresses have."""
    server = Provider()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    app = {"provider_id": name, "name": "统一身份认证", "client_id": CLIENT, "secret": SECRET}
    app["settings"] = {"server_url": server.url}  # type: ignore[assignment]
    try:
        yield server, {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    finally:
        server.shutdown()
        server.server_close()
