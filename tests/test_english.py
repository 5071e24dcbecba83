"""Whoever chooses English reads English: no page has Chinese on it but what people have typed and what a law is called.

The pages are found by following their links, each form is also sent empty, and whatever is stored counts as typed.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from copy import deepcopy as copy
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.test import Client
from lxml import etree, html

from casework.actions import approve, clock, consult, decide, deliver, excess, extension, fee
from casework.desk.acts import ACTS
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.models import Case, Role, Staff
from tests.cast import FEE, Cast, closed, moment, person, proposed, registered, signed
from tests.conftest import AS_OF
from tests.portal.visitor import Visitor

TODAY = AS_OF.date()
EARLIER = TODAY - timedelta(days=4)
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")
#: Words that the English itself gives as examples of what to type.
EXAMPLES = ("教育", "住建")
#: Pages of one shape that are looked at, such as the cells of a table or the weeks of a year.
OF_ONE_SHAPE = 2


@pytest.fixture
def english(db: None) -> Client:
    """A browser in which English has been chosen."""
    cache.clear()
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def cases(players: Cast) -> list[Case]:
    """One for each thing that a page can show of a case."""
    found = [registered(players, on=EARLIER, email="zhang@example.org").case for _ in range(9)]
    fresh, unclear, asked, charged, excessive, proposed_one, signed_one, replied, given_up = found
    wang, at = players.wang, moment(TODAY, 9)
    clock.request_supplement(unclear, unclear="哪一年的清单？", on=TODAY, by=wang, at=at)
    consult.consult(asked, party=Party.THIRD_PARTY, name="东山建材公司", sent_on=TODAY, by=wang, at=at)
    extension.extend(asked, working_days=10, reason="第三方尚未答复。", on=TODAY, by=players.li, at=at)
    fee.notify_fee(charged, **FEE, on=TODAY, by=wang, at=at)
    excess.ask_reasons(excessive, why="一年内提出四十件。", on=TODAY, by=wang, at=at)
    proposed(players, proposed_one, Outcome.REFUSED_5, on=TODAY)
    approve.send_back(proposed_one, remark="理由再写清楚。", by=players.sun, at=moment(TODAY, 15))
    proposed(players, proposed_one, Outcome.PARTIAL, on=TODAY)
    signed(players, signed_one, Outcome.UNAVAILABLE_1, on=TODAY)
    closed(players, replied, Outcome.REFUSED_7, on=TODAY)
    deliver.record_delivery(replied, on=TODAY, reason="核对了系统记录。", by=wang, at=moment(TODAY, 17))
    decide.withdraw(given_up, on=TODAY, by=wang, at=at, statement="电话要求撤回。")
    assert fresh.is_open
    return found


# -- reading a page ---------------------------------------------------------------------------------------------------


def typed() -> list[str]:
    """Every line with Chinese that the database holds, the longest first."""
    lines: set[str] = {*EXAMPLES, *dict(settings.LANGUAGES).values()}  # a language is called by its own name
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            lines |= {line.strip() for text in texts(list(row)) for line in text.splitlines() if CHINESE.search(line)}
    return sorted(lines, key=len, reverse=True)


def texts(value: object) -> Iterator[str]:
    """The strings in a stored value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def shown(page: html.HtmlElement) -> Iterator[str]:
    """What the page says to the eye, to the ear and through its script; not what it marks as Chinese."""
    assert page.get("lang") == "en"
    for marked in page.xpath("//body//*[starts-with(@lang, 'zh')]"):
        marked.drop_tree()
    for node in page.iter(etree.Element):
        yield from (text for text in (node.text, node.tail) if text)
        yield from (
            str(value)
            for name, value in node.attrib.items()
            if name in ("title", "alt", "placeholder", "value", "content") or name.startswith(("aria-", "data-"))
        )


def left_in_chinese(page: html.HtmlElement, known: list[str]) -> set[str]:
    left = set()
    for text in shown(page):
        rest = DOCUMENT_NUMBER.sub("", text)
        for line in known:
            rest = rest.replace(line, "")
        if CHINESE.search(rest):
            left.add(" ".join(text.split()))
    return left


def shape(address: str) -> str:
    """The address with its numbers made alike; one with a query has a shape of its own."""
    path, query, _ = address.partition("?")
    return re.sub(r"\d+", "0", path) + query


class Walk:
    """Follows the links of a browser's pages, sends their forms empty, and keeps what it reads there in Chinese."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.known = typed()
        self.met: Counter[str] = Counter()
        self.found: set[tuple[str, str]] = set()
        #: The last parts of the addresses at which the browser ended up.
        self.reached: set[str] = set()

    def from_(self, *addresses: str) -> "Walk":
        waiting, seen = deque(addresses), set[str]()
        while waiting:
            address = waiting.popleft()
            if address in seen or (address not in addresses and self.knows(address)):
                continue
            if address.startswith("/api/"):
                continue  # for programmers of both languages, side by side
            seen.add(address)
            self.met[shape(address)] += 1
            page = self.read(address, self.client.get(address, follow=True))
            if page is None:
                continue
            for form in page.forms:
                self.send_empty(address, form)
            here = address.partition("?")[0]
            for link in page.xpath("//a/@href"):
                if link[0] in "/?":
                    waiting.append((here if link[0] == "?" else "") + link.partition("#")[0])
        return self

    def knows(self, address: str) -> bool:
        return self.met[shape(address)] >= OF_ONE_SHAPE

    def send_empty(self, address: str, form: html.FormElement) -> None:
        action = form.get("action") or address.partition("?")[0]
        if form.method == "POST" and not re.search(r"/(language|logout|leave|read_identity|read)/$", action):
            hidden = {i.get("name"): i.get("value", "") for i in form.xpath(".//input[@type='hidden']")}
            self.read(f"{action} (sent empty)", self.client.post(action, hidden, follow=True))

    def read(self, address: str, response: Any) -> html.HtmlElement | None:
        assert response.status_code < 500, address
        self.reached.add(response.request["PATH_INFO"].rstrip("/").rpartition("/")[2])
        if response.streaming:
            b"".join(response.streaming_content)  # a file, which is closed when it has been read
            return None
        if not response.content or not response.headers["Content-Type"].startswith("text/html"):
            return None
        page = html.document_fromstring(response.content.decode())
        self.found |= {(address, text) for text in left_in_chinese(copy(page), self.known)}
        return page


def test_the_reader_of_pages_sees_what_is_left_in_chinese() -> None:
    page = html.document_fromstring(
        """<html lang="en"><body>张三 <b title="标题">Reply</b>尾
        <p lang="zh-hans">中文</p><p>国办函〔2020〕109号</p><textarea data-left="还可以写"></textarea></body></html>"""
    )
    assert left_in_chinese(page, ["张三"]) == {"标题", "尾", "还可以写"}


# -- the pages --------------------------------------------------------------------------------------------------------


def test_the_portal_is_english(players: Cast, english: Client) -> None:
    visitor = Visitor(english)
    case, code = visitor.applied()
    draft = visitor.filled()
    clock.request_supplement(case, unclear="哪一年的清单？", on=TODAY, by=players.wang, at=moment(TODAY, 11))
    visitor.opens(case, code)
    walk = Walk(english).from_(
        *("/", "/follow/", "/nothing/", f"/follow/{case.pk}/", f"/follow/{case.pk}/supplement/"),
        *(f"{draft}{step}/" for step in ("office", "kind", "who", "what", "how", "check")),
        f"/deadline/?channel=email&on={EARLIER}&supplement_received={TODAY}",
        f"/deadline/?channel=online&on={EARLIER}",
        f"/deadline/other/?period=reconsideration_60d&from_day={EARLIER}",
        "/apply/?q=nothing",
    )
    assert not walk.found
    assert walk.reached >= {"office", "kind", "who", "what", "how", "check", "receipt", "supplement", "withdraw"}


@pytest.mark.parametrize("username", ["wang", "li", "long", "jin", "nobody"])
def test_the_desk_is_english(players: Cast, cases: list[Case], english: Client, username: str) -> None:
    person("long", "龙江", players.dongshan, Role.REGION_SUPERVISOR)
    person("nobody", "路人", players.dongshan)
    person("jin", "金管", players.dongshan, Role.AGENCY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)
    english.force_login(Staff.objects.get(username=username))
    pages = [f"/desk/cases/{case.pk}/" for case in cases]
    not_now = [f"{pages[-1]}{verb}/" for verb in (*ACTS, "propose")]
    outcomes = [f"{pages[0]}propose/?outcome={outcome}" for outcome in Outcome]
    walk = Walk(english).from_("/desk/", "/desk/?q=nothing", *pages, *not_now, *outcomes)
    assert not walk.found
    assert walk.reached >= {"desk", "roles", "inbox"}


def test_the_door_of_the_desk_is_english(players: Cast, english: Client) -> None:
    walk = Walk(english).from_("/desk/login/")
    assert not walk.found
