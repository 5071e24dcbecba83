"""Every page of the site, looked at in Chromium: by each role, wide and on a phone, in Chinese and English.

What it looked like is kept in ``var/screenshots/``.
"""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from casework.portal.care import COOKIE, ON
from tests.browser.conftest import visit
from tests.browser.looking import KEPT, PHONE, RULES, RULES_OF_SIZE, STICKING_OUT, TWINS, WIDE, inaccessible, picture
from tests.browser.walking import NO_PAGES, VISITOR, Sight, Walk, routes, walked
from tests.conftest import AS_OF

HEAVIEST: Final = 300_000
#: What 400 % zoom leaves of a screen of 1280 (WCAG 1.4.10).
NARROW: Final = 320
#: WCAG 1.4.6 beside the rules of WCAG 2.2 AA.
RULES_OF_CARE: Final = RULES | {
    "runOnly": ["color-contrast-enhanced", "target-size", "scrollable-region-focusable"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


def test_every_page_is_accessible_fits_is_light_and_stays_on_the_server(
    transactional_db: None, browser: Browser, live_server: LiveServer
) -> None:
    cache.clear()
    call_command("load_demo", "--cases", "60", stdout=io.StringIO())
    walk = walked(AS_OF)
    assert not walk.broken, "\n".join(["Links that lead to no page:", *walk.broken])
    missing = sorted(set(routes()) - walk.reached - set(NO_PAGES))
    assert not missing, (
        f"No link of the demo leads to {', '.join(missing)}. In tests/browser/walking.py give each a way: an address "
        "in walked() if it only needs to be opened, a record in furnish() if it needs something to show; or say in "
        "NO_PAGES why it is none."
    )
    for language, width in (("zh-hans", WIDE), ("zh-hans", PHONE), ("en", PHONE)):
        shutil.rmtree(kept_in(language, width), ignore_errors=True)
    faults: list[str] = []
    for language, sights in (("zh-hans", walk.sights), ("en", one_of_each_page(walk.sights))):
        for seat, seen in groupby(sights, key=attrgetter("seat")):
            with seated(browser, live_server.url, walk, seat, language) as page:
                for sight in seen:
                    faults += look(page, sight, language)
    with seated(browser, live_server.url, walk, VISITOR, "zh-hans", **{COOKIE: ON}) as page:
        page.set_viewport_size({"width": NARROW, "height": 640})
        for sight in walk.sights:
            if sight.seat == VISITOR and sight.key.startswith("portal:"):
                faults += in_large_print(page, sight)
    assert not faults, "\n".join([f"{len(faults)} faults:", *faults])


def one_of_each_page(sights: list[Sight]) -> list[Sight]:
    """Where only the words are looked at, it does not matter with whose eyes, nor how a list is narrowed or sorted."""
    found: dict[str, Sight] = {}
    for sight in sights:
        found.setdefault(sight.page, sight)
    return list(found.values())


@contextmanager
def seated(browser: Browser, site: str, walk: Walk, seat: str, language: str, **more: str) -> Iterator[Page]:
    """A page with the cookies with which this person walked, and more."""
    cookies = {key: morsel.value for key, morsel in walk.clients[seat].cookies.items()}
    cookies |= {settings.LANGUAGE_COOKIE_NAME: language, **more}
    with visit(browser, site) as context:
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        yield context.new_page()


def look(page: Page, sight: Sight, language: str) -> Iterator[str]:
    """What is wrong with a page. In English only the words are other: whether they fit a phone."""
    page.set_viewport_size({"width": PHONE if language == "en" else WIDE, "height": 800})
    answer = page.goto(sight.address)
    where = f"{sight.seat} {language} {sight.address}"
    if answer is None or answer.status != 200:
        yield f"{where} answers {answer and answer.status}"
    elif language == "en":
        yield from fitting(page, sight, language, PHONE)
    else:
        if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
            yield f"{where} weighs {weight} bytes"
        if twins := page.evaluate(TWINS):
            yield f"{where} has an id twice: {twins}"
        for width, rules in ((WIDE, RULES), (PHONE, RULES_OF_SIZE)):
            page.set_viewport_size({"width": width, "height": 800})
            yield from (f"{where} at {width}: {fault}" for fault in inaccessible(page, rules))
            yield from fitting(page, sight, language, width)
        if sight.seat == VISITOR:
            page.set_viewport_size({"width": NARROW, "height": 640})
            yield from fitting(page, sight, language, NARROW)


def in_large_print(page: Page, sight: Sight) -> Iterator[str]:
    """What is wrong with a page in 关怀版, as narrow as 400 % zoom leaves it: contrast of 7 to 1, targets of 44."""
    page.goto(sight.address)
    where = f"{sight.address} in large print"
    yield from (f"{where}: {fault}" for fault in inaccessible(page, RULES_OF_CARE))
    yield from (f"{where} has a small target: {target}" for target in page.evaluate(SMALL_TARGETS))
    yield from fitting(page, sight, "care", NARROW)


def fitting(page: Page, sight: Sight, language: str, width: int) -> Iterator[str]:
    if sticking_out := page.evaluate(STICKING_OUT):
        yield f"{sight.seat} {language} {sight.address} is wider than {width}: {sticking_out}"
    picture(page, kept(sight, language, width))


WEIGHT: Final = """performance.getEntries()
    .filter(entry => ["navigation", "resource"].includes(entry.entryType))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
#: Links within a sentence are as high as their line (WCAG 2.5.5 leaves them out); a choice is pressed by its words.
SMALL_TARGETS: Final = """[...document.querySelectorAll(
    "button, .button, select, textarea, input:not([type=hidden]), summary, a.back, a.door, nav a")]
    .filter(e => e.checkVisibility() && !e.closest(".visually-hidden, .choice, [aria-hidden=true]"))
    .filter(e => { const box = e.getBoundingClientRect(); return box.width && (box.height < 44 || box.width < 44); })
    .map(e => e.outerHTML.slice(0, 120))"""


def kept(sight: Sight, language: str, width: int) -> Path:
    name = re.sub(r"[^\w]+", "-", f"{sight.key} {sight.seat} {sight.address}")[:120].strip("-")
    return kept_in(language, width) / f"{name}.jpg"


def kept_in(language: str, width: int) -> Path:
    return KEPT / f"{language}-{width}"
