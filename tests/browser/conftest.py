"""A real Chromium against the site under test; a page that asks for anything elsewhere or breaks a rule fails."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from casework.models import Staff
from tests import cast
from tests.browser.hands import DESK, Come, Hand, Way, logged_in

# Playwright keeps an event loop in this thread, and Django would refuse the database because of it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

expect.set_options(timeout=10_000)  # a busy machine is no fault of the page
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*QUIET, "--disable-sync"])
        yield started
        started.close()


@contextmanager
def visit(browser: Browser, site: str, *, scripts: bool = True) -> Iterator[BrowserContext]:
    """A visitor with cookies of their own. What a page must not do is collected and asserted at the end."""
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # a 4xx answer is logged as an error too, and pages are allowed to refuse
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            faults.append(f"left the site: {request.url}")

    context = browser.new_context(
        base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=scripts
    )
    context.set_default_timeout(30_000)
    context.on("console", heard)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("request", asked)
    yield context
    context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A visitor's page; addresses are relative to the site."""
    with visit(browser, live_server.url) as context:
        yield context.new_page()


@pytest.fixture
def other_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A second visitor with cookies of their own."""
    with visit(browser, live_server.url) as context:
        yield context.new_page()


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A visitor whose browser runs no scripts."""
    with visit(browser, live_server.url, scripts=False) as context:
        yield context.new_page()


@pytest.fixture
def office_people(transactional_db: None) -> cast.Cast:
    """The cast of a story, with no wrong code and no slow address left over from another one."""
    cache.clear()
    return cast.cast()


@pytest.fixture
def way(request: pytest.FixtureRequest) -> Way:
    """How the people of this story look at the site."""
    looks: Way = getattr(request, "param", DESK)
    return looks


@pytest.fixture
def come(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, way: Way) -> Iterator[Come]:
    """Somebody comes, each with a browser of their own: a citizen, or somebody of the staff who has logged in."""
    story = re.sub(
        r"[^\w-]+", "-", f"{request.path.stem.removeprefix('test_')}-{request.node.name.removeprefix('test_')}"
    )
    with ExitStack() as stack:

        def come(person: Staff | None = None, *, looks: Way = way) -> Hand:
            context = stack.enter_context(visit(browser, live_server.url, scripts=looks.scripts))
            cookies = [(settings.LANGUAGE_COOKIE_NAME, looks.language), *(logged_in(person) if person else [])]
            context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies])
            page = context.new_page()
            page.set_viewport_size({"width": looks.width, "height": 800})
            return Hand(page, looks, story.strip("-"))

        yield come
