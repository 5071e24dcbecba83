"""The people: each acts through HTTP, tries again what remained unknown, and remembers what was acknowledged."""

import http.client
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Final

from tests.cast import RESIDENT_NUMBER

#: Seconds after which a person gives up waiting for an answer and tries again.
PATIENCE: Final = 20.0
#: Seconds for which somebody goes on trying before it counts as a failure of the site.
GIVE_UP: Final = 180.0
#: A page of the site takes any 32 characters, if cookie and form have the same.
TOKEN: Final = "a" * 32
#: Name, type and content of a file in a form.
FILE = tuple[str, str, bytes]


class Unknown(Exception):
    """No answer came: what was sent may have happened or not."""


class Stuck(Exception):
    """The site did not let this person through within ``GIVE_UP`` seconds."""


@dataclass
class Filed:
    """What one citizen did and saw. ``number`` is empty until the receipt was read."""

    index: int
    mark: str
    key: str = ""
    number: str = ""
    code: str = ""
    pk: int = 0
    authority: bytes = b""
    supplement: str = ""
    upload: bytes = b""
    #: Acts at the desk that were acknowledged, in their order.
    decided: list[str] = field(default_factory=list)
    unknown: int = 0


@dataclass
class History:
    """What all of them remember together; safe to use from many threads."""

    filed: list[Filed] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    #: Moment (monotonic), seconds taken and status (0: no answer) of each request.
    answered: list[tuple[float, float, int]] = field(default_factory=list)
    #: Sentences about answers that nobody should get.
    odd: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return sum(1 for each in self.filed if each.number)

    @property
    def unknown(self) -> int:
        return sum(each.unknown for each in self.filed)


class Browser:
    """Cookies and a connection; a redirect is told and not followed."""

    def __init__(self, port: int, history: History, session: str = "") -> None:
        self.port, self.history = port, history
        self.cookies = {"csrftoken": TOKEN, **({"sessionid": session} if session else {})}
        #: Sent with every request.
        self.headers: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, address of a redirect, body. ``Unknown`` where no answer came."""
        return self._ask("GET", path, None, {})

    def post(
        self, path: str, typed: Mapping[str, str], files: Mapping[str, FILE] | None = None, *, cut: float | None = None
    ) -> tuple[int, str, str]:
        """The same for a form. ``cut``: hang up so many seconds after it was sent, without reading the answer."""
        body, kind = encoded({"csrfmiddlewaretoken": TOKEN, **typed}, files or {})
        return self._ask("POST", path, body, {"Content-Type": kind}, cut=cut)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, cut: float | None = None
    ) -> tuple[int, str, str]:
        begun = time.monotonic()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status = 0
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self._connection.request(method, path, body, {"Cookie": cookie, **self.headers, **headers})
            if cut is not None:
                time.sleep(cut)
                raise ConnectionAbortedError
            answer = self._connection.getresponse()
            text = answer.read().decode(errors="replace")
            status = answer.status
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            raise Unknown(type(error).__name__) from None
        finally:
            if cut is None:
                self.history.answered.append((begun, time.monotonic() - begun, status))
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.will_close:
            self._hang_up()
        if "Traceback (most recent call last)" in text:
            self.history.odd.append(f"{method} {path}: a trace is shown")
        if status >= 500:
            raise Unknown(str(status))
        return status, answer.headers.get("Location", ""), text

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def encoded(typed: Mapping[str, str], files: Mapping[str, FILE]) -> tuple[bytes, str]:
    """Body and type of a form as a browser sends it."""
    if not files:
        return urllib.parse.urlencode(typed).encode(), "application/x-www-form-urlencoded"
    edge = f"edge{random.getrandbits(64):x}"
    field_of = f"--{edge}\r\nContent-Disposition: form-data; name="
    parts = [f'{field_of}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in typed.items()]
    for name, (called, kind, content) in files.items():
        head = f'{field_of}"{name}"; filename="{called}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def tries() -> Iterator[int]:
    """Once, and again for as long as a patient person would: half a second, later two."""
    ends = time.monotonic() + GIVE_UP
    number = 0
    while time.monotonic() < ends:
        yield number
        number += 1
        time.sleep(min(2.0, 0.25 * number))


def paper(mark: str) -> bytes:
    """A small file that is like no other."""
    return b"%PDF-1.7\n% " + mark.encode() + b"\n" + b"x" * 2000 + b"\n%%EOF\n"


class Citizen:
    """Files one application and, when asked to, makes it clear."""

    def __init__(self, port: int, history: History, chance: random.Random, offices: list[str]) -> None:
        self.browser = Browser(port, history)
        self.history, self.chance, self.offices = history, chance, offices

    def file(self, filed: Filed) -> None:
        """All question pages, the check page, the receipt. Whatever happens on the way, the same form goes on."""
        if self.chance.random() < 0.2:
            filed.authority = paper(f"{filed.mark} authority")
        filed.key = self._opened()
        for step, typed in self._answers(filed):
            self._surely(f"/apply/{filed.key}/{step}/", typed)
        self._send(filed)
        self._read_receipt(filed)

    def clear_up(self, filed: Filed) -> None:
        """Number and code, then the supplement with a file, until the page says that none is wanted any more."""
        address = self.follow(filed)
        filed.supplement, filed.upload = f"补正：{filed.mark}", paper(f"{filed.mark} supplement")
        files: dict[str, FILE] = {"attachments": (f"{filed.mark}.pdf", "application/pdf", filed.upload)}
        for _ in tries():
            with suppress(Unknown):
                status, to, _text = self.browser.post(f"{address}supplement/", {"answer": filed.supplement}, files)
                if status == 302 and to == address:
                    return
                if status == 302:  # the case has to be opened anew
                    address = self.follow(filed)
        raise Stuck(f"supplement of {filed.mark}")

    def _opened(self) -> str:
        for _ in tries():
            with suppress(Unknown):
                status, to, _text = self.browser.post("/apply/", {"agency": self.chance.choice(self.offices)})
                if status == 302:
                    return to.split("/")[2]
        raise Stuck("no draft could be opened")

    def _answers(self, filed: Filed) -> Iterator[tuple[str, dict[str, str]]]:
        yield "kind", {"applicant_kind": "natural_person"}
        yield (
            "who",
            {
                "name": f"申请人{filed.index}",
                "identity_kind": "resident",
                "identity_number": RESIDENT_NUMBER,
                "phone": "13800138000",
                "email": f"citizen{filed.index}@example.com",
                "address": "",
            },
        )
        yield "what", {"subject": filed.mark, "content": f"申请公开第{filed.index}号项目的批复。标记 {filed.mark}。"}
        yield (
            "how",
            {"wanted_form": "electronic", "wanted_way": "online", "told_by": "email", "email": "", "address": ""},
        )
        if filed.authority:
            agent = {"agent_name": "吴律师", "agent_identity_kind": "resident", "agent_phone": "13900000000"}
            yield "agent", {**agent, "agent_identity_number": RESIDENT_NUMBER, "agent_scope": "代为申请"}

    def _surely(self, path: str, typed: Mapping[str, str]) -> None:
        for _ in tries():
            with suppress(Unknown):
                status, _to, _text = self.browser.post(path, typed)
                if status == 302:
                    return
                self.history.odd.append(f"POST {path}: {status} where a redirect was due")
                raise Stuck(path)
        raise Stuck(path)

    def _send(self, filed: Filed) -> None:
        """Press “send” on the check page: once, twice at the same time, or with the line cut before the answer."""
        path = f"/apply/{filed.key}/check/"
        files: dict[str, FILE] = (
            {"authority": ("委托书.pdf", "application/pdf", filed.authority)} if filed.authority else {}
        )
        manner = self.chance.random()
        for number in tries():
            try:
                status, to, text = self.browser.get(path)
                if status == 302 and to.endswith("/receipt/"):
                    return  # it had arrived
                seen = found(text, r'name="seen" value="([^"]*)"')
                typed = {"seen": seen}
                if number == 0 and manner < 0.15:
                    self.browser.post(path, typed, files, cut=self.chance.choice((0, 0.005, 0.02, 0.1)))
                elif number == 0 and manner < 0.25:
                    self._twice_at_once(path, typed, files)
                status, to, _text = self.browser.post(path, typed, files)
                if status == 302 and to.endswith("/receipt/"):
                    return
            except Unknown:
                filed.unknown += 1
        raise Stuck(path)

    def _twice_at_once(self, path: str, typed: Mapping[str, str], files: Mapping[str, FILE]) -> None:
        """A double click: the same form on a second connection, whose answer nobody reads."""

        def press() -> None:
            with suppress(Unknown):
                Browser(self.browser.port, History()).post(path, typed, files)

        threading.Thread(target=press, daemon=True).start()

    def _read_receipt(self, filed: Filed) -> None:
        for _ in tries():
            with suppress(Unknown):
                status, _to, text = self.browser.get(f"/apply/{filed.key}/receipt/")
                if status == 200:
                    filed.code = found(text, r'id="query-code">([^<]*)<')
                    filed.number = unescape(found(text, r"<dd>([^<]*)</dd>"))
                    return
        raise Stuck(f"receipt of {filed.mark}")

    def follow(self, filed: Filed) -> str:
        """Open the case by its number and code; its address."""
        for _ in tries():
            with suppress(Unknown):
                status, to, _text = self.browser.post("/follow/", {"number": filed.number, "code": filed.code})
                if status == 302:
                    address = found(to, r"^(/follow/\d+/)")
                    filed.pk = int(address.split("/")[2])
                    return address
                raise Stuck(f"number and code of {filed.mark} open nothing ({status})")
        raise Stuck(f"follow {filed.mark}")


class Desk:
    """The people of an office, each in a browser of their own, bring one case after the other to its end."""

    def __init__(self, port: int, history: History, sessions: Mapping[str, str], on: date) -> None:
        self.browsers = {who: Browser(port, history, session) for who, session in sessions.items()}
        self.history, self.on = history, on

    def ask(self, filed: Filed) -> None:
        """Ask the applicant to make the application clear."""
        asked = {"unclear": "请说明年度。", "days": "15", "mode": "online", "lacks": "description"}
        self._act(filed, "wang", "request_supplement", asked)

    def decide(self, filed: Filed) -> None:
        """Propose, review, clear, sign, dispatch."""
        self._act(filed, "wang", "propose", {"outcome": "granted", "ground": "provided", "route": "见附件。"})
        self._act(filed, "sun", "review", {"remark": "可以。"})
        self._act(filed, "qian", "clear_secrecy", {"sure": "on"})
        self._act(filed, "li", "sign", {"sure": "on"})
        self._act(filed, "wang", "dispatch", {"mode": "online", "on": self.on.isoformat(), "sure": "on"})

    def _act(self, filed: Filed, who: str, verb: str, typed: Mapping[str, str]) -> None:
        """Press the button of one drawn form until it is known to have been done."""
        path = f"/desk/cases/{filed.pk}/{verb}/"
        query = f"?outcome={typed['outcome']}" if "outcome" in typed else ""
        version, browser = "", self.browsers[who]
        for _ in tries():
            with suppress(Unknown):
                if not version:
                    _status, _to, page = browser.get(path + query)
                    version = found(page, r'name="version" value="(\d+)"')
                status, _to, text = browser.post(path, {"version": version, **typed})
                if status == 302 or (status == 409 and filed.unknown):
                    filed.decided.append(verb)
                    return
                self.history.odd.append(f"{verb} of {filed.mark}: {status} {' '.join(text.split())[:300]}")
                raise Stuck(path)
            filed.unknown += 1
        raise Stuck(path)


def found(text: str, pattern: str) -> str:
    """The first group; ``Unknown`` where the page is not the one that was expected."""
    match = re.search(pattern, text)
    if match is None:
        raise Unknown(f"no {pattern}")
    return match[1]
