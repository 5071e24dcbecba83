"""Every page of the site, looked at in Chromium: by each role, wide and on a phone, in Chinese and English.

What it looked like is kept in ``var/screenshots/``.
"""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import visit
from tests.browser.walking import NO_PAGES, Sight, Walk, routes, walked
from tests.conftest import AS_OF

KEPT: Final = Path(__file__).parents[2] / "var" / "screenshots"
HEAVIEST: Final = 300_000
WIDE, PHONE = 1280, 360

#: WCAG 2.2 AA, with the sizes of what is pressed; the styles are read from the page, not asked for again.
RULES: Final[dict[str, Any]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}


#: What another width can change.
RULES_OF_SIZE: Final = RULES | {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}


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
    shutil.rmtree(KEPT, ignore_errors=True)
    faults: list[str] = []
    for seat in walk.clients:
        sights = [sight for sight in walk.sights if sight.seat == seat]
        for language in ("zh-hans", "en"):
            with seated(browser, live_server.url, walk, seat, language) as page:
                for sight in sights:
                    faults += look(page, sight, language)
    assert not faults, "\n".join([f"{len(faults)} faults:", *faults])


@contextmanager
def seated(browser: Browser, site: str, walk: Walk, seat: str, language: str) -> Iterator[Page]:
    """A page with the cookies with which this person walked."""
    cookies = {key: morsel.value for key, morsel in walk.clients[seat].cookies.items()}
    cookies[settings.LANGUAGE_COOKIE_NAME] = language
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


def fitting(page: Page, sight: Sight, language: str, width: int) -> Iterator[str]:
    if sticking_out := page.evaluate(STICKING_OUT):
        yield f"{sight.seat} {language} {sight.address} is wider than {width}: {sticking_out}"
    page.screenshot(path=kept(sight, language, width), full_page=True, type="jpeg", quality=60)


WEIGHT: Final = """performance.getEntries()
    .filter(entry => ["navigation", "resource"].includes(entry.entryType))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
TWINS: Final = """(ids => ids.filter((id, n) => ids.indexOf(id) !== n).join(" "))(
    [...document.querySelectorAll("[id]")].map(element => element.id))"""
STICKING_OUT: Final = """document.documentElement.scrollWidth <= innerWidth ? "" :
    [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" ") || "something\""""


def inaccessible(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    for found in Axe().run(page, options=rules).response["violations"]:
        if found["impact"] in ("serious", "critical"):
            for node in found["nodes"]:
                yield f"{found['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"


def kept(sight: Sight, language: str, width: int) -> Path:
    name = re.sub(r"[^\w]+", "-", f"{sight.key} {sight.seat} {sight.address}")[:120].strip("-")
    return KEPT / f"{language}-{width}" / f"{name}.jpg"
