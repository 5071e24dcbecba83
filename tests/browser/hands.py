"""Somebody at a browser, in one of the ways in which people come; what they press and read is named in Chinese.

A story runs in two or four of the ways, so that both sizes, both states of scripting and both languages are seen, and
in four every pair of them; the full product would find no more and take twice as long.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from casework.law.words import Text
from casework.models import Case, Staff
from tests.browser.looking import KEPT, PHONE, RULES, TWINS, WIDE, fits, inaccessible, picture


@dataclass(frozen=True)
class Way:
    """How somebody looks at the site."""

    width: int
    scripts: bool
    language: str

    def __str__(self) -> str:
        size, scripts = "desk" if self.width == WIDE else "phone", "scripts" if self.scripts else "plain"
        return f"{size}-{scripts}-{self.language[:2]}"


DESK, PLAIN_DESK = Way(WIDE, True, "zh-hans"), Way(WIDE, False, "en")
HANDY, PLAIN_HANDY = Way(PHONE, True, "en"), Way(PHONE, False, "zh-hans")
#: Every pair of size, scripting and language.
PAIRWISE: Final = (DESK, PLAIN_DESK, HANDY, PLAIN_HANDY)
#: Each size, scripting and language once; two stories side by side take the one and the other.
OPPOSITES: Final = (DESK, Way(PHONE, False, "en"))
OTHERS: Final = (PLAIN_DESK, Way(PHONE, True, "zh-hans"))
#: For what needs scripts: a passkey, a key pressed, a rectangle drawn.
SCRIPTED: Final = (Way(WIDE, True, "en"), Way(PHONE, True, "zh-hans"))


def in_ways(*ways: Way) -> pytest.MarkDecorator:
    """Run the story in each of these ways; ``come`` brings people who look so."""
    return pytest.mark.parametrize("way", ways, ids=str, indirect=True)


@dataclass
class Hand:
    """One person with a browser of their own, who finds by what stands there."""

    page: Page
    way: Way
    story: str

    def said(self, words: str | Text, **values: Any) -> str:
        """These words as this person reads them."""
        if isinstance(words, Text):
            return words.read_in(self.way.language)
        with translation.override(self.way.language):
            found = translation.gettext(words)
        return found % values if values else found

    def goes(self, address: str, *, status: int = 200) -> None:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address} answers {answer.status}"

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def button(self, words: str | Text, **values: Any) -> Locator:
        return self.main.get_by_role("button", name=self.said(words, **values), exact=True)

    def link(self, words: str | Text, **values: Any) -> Locator:
        return self.main.get_by_role("link", name=self.said(words, **values), exact=True)

    def presses(self, words: str | Text, **values: Any) -> None:
        """A button that leads to a page: what it causes is done when that page is there."""
        self.sends(self.button(words, **values))

    def sends(self, control: Locator) -> None:
        with self.page.expect_navigation():
            control.click()

    def follows(self, words: str | Text, **values: Any) -> None:
        self.sends(self.link(words, **values))

    def unfolds(self, words: str | Text) -> None:
        self.page.locator("summary").get_by_text(self.said(words)).first.click()

    def field(self, words: str | Text) -> Locator:
        """The field whose label begins with these words; a hint may follow them."""
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(self.said(words))}"))

    def sees(self, words: str | Text, **values: Any) -> None:
        """These words stand somewhere on the page."""
        expect(self.main).to_contain_text(self.said(words, **values))

    def misses(self, words: str | Text, **values: Any) -> None:
        expect(self.main).not_to_contain_text(self.said(words, **values))

    def heading(self, words: str | Text, **values: Any) -> None:
        """It is the page of this name."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.said(words, **values))

    def warned(self, words: str | Text, **values: Any) -> None:
        """The summary of errors says so."""
        expect(self.page.get_by_role("alert").first).to_contain_text(self.said(words, **values))

    def told(self, words: str | Text, **values: Any) -> None:
        """A sentence says that it is done."""
        expect(self.page.get_by_role("status").filter(has_text=self.said(words, **values)).first).to_be_visible()

    def file(self, link: Locator) -> bytes:
        """What one gets by pressing this link."""
        with self.page.expect_download() as download:
            link.click()
        return Path(download.value.path()).read_bytes()

    def reads(self, link: Locator) -> bytes:
        """What the browser shows in place of the page when this link is followed: a PDF, whose viewer is not ours."""
        answer = self.page.request.get(link.evaluate("link => link.href"))
        assert answer.ok, f"{answer.url} answers {answer.status}"
        return answer.body()

    def ends(self, name: str = "end") -> None:
        """The page is kept as a picture; it fits, has no id twice and, where axe can run, no serious fault."""
        self.page.wait_for_load_state()
        folder = KEPT / "stories" / self.story
        picture(self.page, folder / f"{name}.jpg")
        fits(self.page)
        assert not (twins := self.page.evaluate(TWINS)), f"{self.page.url} has an id twice: {twins}"
        if self.way.scripts:
            assert not (faults := list(inaccessible(self.page, RULES))), "\n".join([self.page.url, *faults])


Come = Callable[..., Hand]


def opens_case(hand: Hand, case: Case, code: str) -> None:
    """With number and code, as they stand on the receipt."""
    hand.goes("/follow/")
    hand.field("登记编号").fill(case.number)
    hand.field("查询码").fill(code)
    hand.presses("查看")


def logged_in(person: Staff) -> list[tuple[str, str]]:
    """The cookies of somebody who has logged in; how one logs in has stories of its own."""
    client = Client()
    client.force_login(person)
    return [(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)]
