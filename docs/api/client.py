"""A small client of the interface, with nothing but Python's own library (3.11 or newer). Copy it and make it yours.

    python client.py https://gongkai.example.gov.cn collect 230406 2025

The token comes from the environment variable ``GONGKAI_TOKEN``, never from the command line.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Seconds for one answer, and how often a request that got none is sent again.
PATIENCE = 30
TRIES = 5


class Problem(Exception):
    """The interface said no: ``status``, and ``said`` as it explained itself (RFC 9457)."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        super().__init__(f"{status}: {said.get('detail', '')}")
        self.status, self.said = status, said


class Gongkai:
    """One office's interface."""

    def __init__(self, site: str, token: str) -> None:
        self.root, self.token = f"{site.rstrip('/')}/api/v1", token

    # An office's own portal -------------------------------------------------------------------------------------------

    def lodge(self, application: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """File for an applicant; hand them ``query_code``, which is told this once.

        ``key``: stored with the application on your side *before* it is sent, so that a retry after a lost answer, a
        crash or a week finds the same case instead of making a second.
        """
        return self._send("/applications", application, key)

    def follow(self, lodged: str) -> dict[str, Any]:
        """State, due date with its why, what the applicant is told."""
        return self._ask(f"/applications/{lodged}")

    def supplement(self, lodged: str, answer: str, *files: Path, key: str) -> dict[str, Any]:
        """Answer the office's request to make the application clear."""
        return self._send(
            f"/applications/{lodged}/supplement", {"answer": answer, "attachments": [attachment(f) for f in files]}, key
        )

    def withdraw(self, lodged: str, *, key: str) -> dict[str, Any]:
        """Give it up."""
        return self._send(f"/applications/{lodged}/withdrawal", {}, key)

    # A platform above -------------------------------------------------------------------------------------------------

    def matrix(self, code: str, year: int, *, region: bool = False) -> dict[str, Any]:
        """The annual tables as the records give them now (``gongkai.annual-report/1``)."""
        return self._ask(f"/agencies/{code}/years/{year}/matrix", region="true" if region else "false")

    def units(self, code: str, year: int) -> Iterator[dict[str, Any]]:
        """Each unit of a region: whether it has filed, and where its edition is."""
        return self._pages(f"/agencies/{code}/years/{year}/units", "units")

    def ledger(self, code: str, **narrowed: str) -> Iterator[dict[str, Any]]:
        """The rows of the ledger, all pages."""
        return self._pages(f"/agencies/{code}/ledger", "rows", **narrowed)

    # How it speaks ----------------------------------------------------------------------------------------------------

    def _pages(self, path: str, member: str, **query: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            page = self._ask(path, cursor=cursor, limit="200", **query)
            yield from page[member]
            cursor = page["next"]

    def _ask(self, path: str, **query: str) -> dict[str, Any]:
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._speak(urllib.request.Request(f"{self.root}{path}{asked}", headers=self._headers()))  # noqa: S310 - root is the caller's own

    def _send(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        headers = self._headers() | {"Content-Type": "application/json", "Idempotency-Key": key}
        sent = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        return self._speak(urllib.request.Request(f"{self.root}{path}", sent, headers))  # noqa: S310 - root is the caller's own

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Accept-Language": "zh"}

    def _speak(self, request: urllib.request.Request) -> dict[str, Any]:
        """Send it, again after a while where no answer came or there was too much at once: the key makes that safe."""
        for attempt in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own address
                    found: dict[str, Any] = json.load(answer)
                    return found
            except urllib.error.HTTPError as error:
                with error:
                    said = error.read()
                    wait = float(error.headers.get("Retry-After", 2**attempt))
                if (error.code != 429 and error.code < 500) or attempt == TRIES:
                    raise Problem(error.code, json.loads(said) if said[:1] == b"{" else {}) from None
            except OSError:
                wait = 2**attempt
                if attempt == TRIES:
                    raise
            time.sleep(wait)
        raise AssertionError("unreachable")


def attachment(file: Path) -> dict[str, str]:
    """A file as the interface takes it."""
    return {"name": file.name, "content_base64": base64.b64encode(file.read_bytes()).decode()}


def is_ours(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float, window: float = 300, seen: Sequence[str] = ()
) -> bool:
    """Whether a webhook was sent by Gongkai (Standard Webhooks): whole, fresh, and not heard before.

    ``body``: the bytes as they came, before any parsing. ``now``: seconds since 1970. ``window``: seconds that the
    clocks may differ. ``seen``: the ``webhook-id`` of calls that were taken already; each attempt of a call has the
    same one. While a secret is being changed a call carries two signatures; one that fits is enough.
    """
    name, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or name in seen or not (sent_at.isascii() and sent_at.isdigit()) or abs(now - int(sent_at)) > window:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{name}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(signed).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given)


def main(arguments: Sequence[str]) -> None:
    """``SITE collect CODE YEAR``: who has filed, and the tables of the region; ``SITE lodge FILE``: one application."""
    site, deed, *more = arguments
    office = Gongkai(site, os.environ["GONGKAI_TOKEN"])
    if deed == "collect":
        code, year = more
        for unit in office.units(code, int(year)):
            print(unit["agency"]["code"], unit["agency"]["name"], unit["source"], unit["digest"] or "", sep="\t")
        print(json.dumps(office.matrix(code, int(year), region=True)["table3"], ensure_ascii=False))
    else:
        application = json.loads(Path(more[0]).read_text(encoding="utf-8"))
        key = application.pop("key", None) or str(uuid.uuid4())
        print(json.dumps(office.lodge(application, key=key), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
