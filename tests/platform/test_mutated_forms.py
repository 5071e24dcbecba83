"""A mutated corpus over every form of both faces: whatever is sent, no fault, no trace, no slow answer.

The forms are read from the pages as they are served, so a new field is mutated from the day on which it is there.
"""

import re
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from lxml import html

from casework.actions import consult
from casework.actions.consultation_letters import ask
from casework.models import Acknowledgement, Appointment, Case, Consultation, DispatchMode, Role, Staff
from tests.cast import moment
from tests.consulting import COMPANY, SUMMARY
from tests.desk.test_matrix import TODAY, World, address, rules, world
from tests.portal.visitor import Visitor

__all__ = ["world"]

#: Seconds of this process for one answer, a megabyte in every field included.
SLOW: Final = 5.0
VALUES: Final = (
    "", " ", "\x00", "\u202e\u200f\u2066", "0", "-1", "9" * 400, "1e400", "NaN", "０１２", "²", "true", "[]", "{}",
    "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "99:99", "../../etc/passwd", "' OR 1=1 --", "%s %(x)s {0}",
    "<script>alert(1)</script>", "=HYPERLINK(1)", "\ufffe\uffff", "😀" * 50, "a\r\nSet-Cookie: x=y", "中" * 5000,
    "on", "-9223372036854775809", "9223372036854775808", "None", "10.0.0.0/0", "https://[::1", "a@b", "\x1b[31m",
)  # fmt: skip
LONG: Final = "长" * 350_000  # a megabyte
#: Bodies that are no form, with what they claim to be.
BODIES: Final = (
    (b"a=%ff%fe&b=%00&%zz=%", "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"a=1", "application/x-www-form-urlencoded; charset=no-such-charset"),
    (b'{"agency": "\\ud800"}', "application/json"),
    (b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=a; filename=\"\x00/../b\"\r\n\r\n\xff\r\n--x--\r\n",
     "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (b"--x--", "multipart/form-data; boundary=" + "é"),
    (b"a", "text/plain"),
)  # fmt: skip
ROUNDS: Final = 3


def fields(page: Any) -> dict[str, str]:
    """What the forms of a page would send, by name, with what stands in it now."""
    found: dict[str, str] = {"version": "0"}
    if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html") or page.streaming:
        return found
    tree: Any = html.fromstring(page.content or b"<p></p>")
    for each in tree.xpath("//form//*[@name]"):
        chosen = each.xpath(".//option/@value") if each.tag == "select" else []
        found.setdefault(each.get("name"), (chosen or [each.get("value") or ""])[-1])
    return found


def mutants(given: dict[str, str]) -> Iterator[dict[str, Any]]:
    """All fields wrong in different ways, round by round; then one after the other among what was right."""
    names = sorted(given)
    for round_ in range(ROUNDS):
        yield {name: VALUES[(round_ * 7 + place * 5) % len(VALUES)] for place, name in enumerate(names)}
    yield {name: [VALUES[place % len(VALUES)], "x", "x"] for place, name in enumerate(names)}
    yield dict.fromkeys(names[:3], LONG)
    for place, name in enumerate(names[:4]):
        yield given | {name: VALUES[(place * 11 + len(names)) % len(VALUES)]}


#: Numbers that nobody has; the last two are longer than any database's, the last longer than ``int`` reads.
NUMBERS: Final = ("0", "987654321", "9223372036854775808", "9" * 30, "9" * 5000)
#: What pages ask for in the part behind the question mark, beside what their own links and forms name.
_ASKED: Final = ("page", "before", "after", "year", "month", "agency", "q", "version", "region", "number", "draft")


def numbered_otherwise(where: str) -> Iterator[str]:
    """The address with each of its numbers, and each of its random keys, replaced in turn."""
    path, mark, query = where.partition("?")
    parts = path.split("/")
    for place, part in enumerate(parts):
        others = NUMBERS if re.fullmatch(r"\d+", part) else (str(UUID(int=1)), "0" * 43) if len(part) > 20 else ()
        for other in others:
            yield "/".join([*parts[:place], other, *parts[place + 1 :]]) + mark + query


def asked_for(page: Any) -> set[str]:
    """The names that a page's own links and forms put behind the question mark."""
    names = set(_ASKED)
    if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html") and not page.streaming:
        tree: Any = html.fromstring(page.content or b"<p></p>")
        for link in tree.xpath("//a/@href"):
            names |= {name for name, _value in parse_qsl(urlsplit(link).query, keep_blank_values=True)}
        names |= set(tree.xpath("//form[@method='get']//@name"))
    return names


class Judge:
    """Asks, undoes whatever was done, and keeps what was wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.asked = 0

    def hears(self, ask: Any, said: str) -> Any:
        self.asked += 1
        began = time.process_time()
        with transaction.atomic():
            answer = ask()
            content = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        took = time.process_time() - began
        if answer.status_code >= 500 or b"Traceback" in content:
            self.wrong.append(f"{answer.status_code}: {said[:400]}")
        if took > SLOW:
            self.wrong.append(f"{took:.1f} s: {said[:400]}")
        return answer

    def mutates(self, client: Client, where: str, *, posts: bool, gets: bool) -> None:
        given = fields(self.hears(lambda: client.get(where), where)) if gets else {"version": "0"}
        for mutant in mutants(given):
            if posts:
                self.hears(lambda m=mutant: client.post(where, m), f"POST {where} {str(mutant)[:300]}")
        if gets:
            for mutant in list(mutants(given))[:2]:
                self.hears(lambda m=mutant: client.get(where, m), f"GET {where} {str(mutant)[:300]}")
        for body, kind in BODIES if posts else ():
            self.hears(
                lambda b=body, k=kind: client.generic("POST", where, b, content_type=k), f"POST {where} {body!r} {kind}"
            )

    def counts(self, client: Client, where: str) -> None:
        """Numbers in the address and behind it that nobody has, or that no machine holds."""
        for other in numbered_otherwise(where):
            answer = self.hears(lambda o=other: client.get(o), f"GET {other}")
            if answer.status_code == 200 and max(map(len, re.findall(r"\d+", other)), default=0) >= 30:
                self.wrong.append(f"200: GET {other[:200]}")
        names = asked_for(self.hears(lambda: client.get(where), where))
        for number in (NUMBERS[-2], NUMBERS[-1]):
            self.hears(
                lambda n=number: client.get(where, dict.fromkeys(sorted(names), n)), f"GET {where} {number[:9]}…"
            )


def everybody_in(world: World) -> Client:
    """Somebody who may do everything in the house, so that every page is reached."""
    person = Staff.objects.create(username="all", name="全", password="!")
    agency = world.things["own"].case.agency
    Appointment.objects.bulk_create(Appointment(staff=person, agency=agency, role=role) for role in Role)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def table() -> list[tuple[str, Any]]:
    return [(name, rule) for name, rule in sorted(rules().items()) if name not in ("act", "report_act")]


@pytest.mark.parametrize("part", range(4))
@pytest.mark.django_db
def test_every_form_of_the_desk(world: World, part: int) -> None:
    client, judge = everybody_in(world), Judge()
    for name, rule in table()[part::4]:
        route, _, deed = name.partition(":")
        where = address(route, deed, world.things["own"], absent=False)
        judge.mutates(client, where, posts="POST" in rule.methods, gets="GET" in rule.methods)
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.asked > 500


@pytest.mark.django_db
def test_no_number_in_an_address_of_the_desk_is_a_fault(world: World) -> None:
    """Another's, one that nobody has, one that no database holds, and one that ``int`` does not read."""
    client, judge = everybody_in(world), Judge()
    for name, rule in table():
        route, _, deed = name.partition(":")
        if "GET" not in rule.methods:
            continue
        judge.counts(client, address(route, deed, world.things["own"], absent=False))
        if rule.of != "nothing":
            another = address(route, deed, world.things["elsewhere"], absent=False)
            judge.hears(lambda a=another: client.get(a), f"GET {another}")
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.asked > 1000


#: What stands in the portal's addresses, beside the key of a draft and a case.
_MORE: Final = {
    "number": 1, "form": "json", "step": "who", "year": 2025, "code": "230406", "letter_pk": 1, "document_pk": 1,
    "file_pk": 1, "reply_pk": 1, "question": "content", "way": "email",
}  # fmt: skip


def pages_of_the_portal(world: World, visitor: Visitor) -> Iterator[str]:
    """Every address of the portal, filled with what this visitor has."""
    case, code = visitor.applied()
    visitor.opens(case, code)
    key = visitor.filled().strip("/").split("/")[-1]
    receipt = Acknowledgement.objects.get(case=case).token
    face = next(
        each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.app_name == "portal"
    )
    for pattern in face.url_patterns:
        assert isinstance(pattern, URLPattern)
        wanted = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
        steps = ["kind", "who", "what", "how", "fellows", "agent"] if "step" in wanted else [""]
        for step in steps:
            token = receipt if pattern.name == "verify_token" else _link(world)
            there = _MORE | {"pk": case.pk, "key": key, "token": token, "step": step}
            yield reverse(f"portal:{pattern.name}", kwargs={name: there[name] for name in wanted})


@pytest.mark.django_db
def test_every_form_of_the_portal(world: World, settings: Any) -> None:
    settings.API_AT_ONCE = 1_000_000
    visitor, judge = Visitor(Client(raise_request_exception=False)), Judge()
    for where in pages_of_the_portal(world, visitor):
        judge.mutates(visitor.client, where, posts=True, gets=True)
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.asked > 500


@pytest.mark.django_db
def test_no_number_in_an_address_of_the_portal_is_a_fault(world: World) -> None:
    visitor, judge = Visitor(Client(raise_request_exception=False)), Judge()
    for where in pages_of_the_portal(world, visitor):
        judge.counts(visitor.client, where)
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.asked > 300


def _link(world: World) -> str:
    """The address by which somebody consulted answers."""
    own = Case.objects.get(pk=world.things["own"].case.pk)  # another test may have acted on the one in memory
    clerk = Staff.objects.get(username="wang")
    at = moment(TODAY, 11)
    found = Consultation.objects.filter(case=own).first()
    if found is None:
        ask(own, addressees=[COMPANY], summary=SUMMARY, mode=DispatchMode.IN_PERSON, by=clerk, at=at)
        found = own.consultations.get()
    token, _event = consult.offer_link(found, mail=False, by=clerk, at=at)
    return token
