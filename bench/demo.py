"""Every page of the demo as each of its people sees it: the server's time, p95 over repeated requests, and the weight.

The ways are those of ``tests/browser/walking.py``; no browser is asked, so a picture or script is weighed by its file.
"""

import io
import math
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from lxml import html

from tests.browser.walking import Sight, Walk, walked

from .measure import Result, count

CASES: Final = 60
SLOWEST_MS: Final = 200
HEAVIEST: Final = 300_000
#: Every page is asked for so often, and one that was slow once so often again.
ROUNDS: Final = 6
AGAIN: Final = 40
_SHOWN: Final = 10


def run(walk: Walk) -> Iterator[Result]:
    times: dict[str, float] = {}
    weights: dict[str, int] = {}
    for sight in walk.sights:
        client, where = walk.clients[sight.seat], f"{sight.seat} {sight.address}"
        spent = _times(client, sight, ROUNDS)
        if max(spent) > SLOWEST_MS / 2:
            spent = _times(client, sight, AGAIN)
        times[where] = p95(spent)
        weights[where] = weight(client, sight.address)
    for title, found, unit in (("slowest", times, "ms"), ("heaviest", weights, "bytes")):
        print(f"The ten {title} of {len(found)} pages:", file=sys.stderr)
        for where, value in sorted(found.items(), key=lambda item: -item[1])[:_SHOWN]:
            print(f"  {value:9.0f} {unit} {where}", file=sys.stderr)
    slow = sum(each > SLOWEST_MS for each in times.values())
    heavy = sum(each > HEAVIEST for each in weights.values())
    yield count(
        f"server time of the slowest of {len(times)} pages of the demo, p95 ({slow} above)",
        connection.vendor,
        max(times.values()),
        SLOWEST_MS,
        "ms",
        f"≤ {SLOWEST_MS}",
        holds=not slow,
    )
    yield count(
        f"weight of the heaviest of {len(weights)} pages of the demo ({heavy} above)",
        connection.vendor,
        max(weights.values()),
        HEAVIEST,
        "bytes",
        f"≤ {HEAVIEST}",
        holds=not heavy,
    )


def p95(spent: list[float]) -> float:
    """The smallest value that is not exceeded by 95 of a hundred."""
    return sorted(spent)[math.ceil(0.95 * len(spent)) - 1]


def _times(client: Client, sight: Sight, rounds: int) -> list[float]:
    client.get(sight.address)  # what is read once a process is no page's
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        client.get(sight.address)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def weight(client: Client, address: str) -> int:
    """Bytes of a page with all that it draws in, as a browser without anything in store loads it, uncompressed."""
    answer: Any = client.get(address)
    page: Any = html.fromstring(answer.content)
    drawn = {urljoin(address, link) for element, _name, link, _at in page.iterlinks() if _is_drawn(element)}
    return len(answer.content) + sum(_size(client, each) for each in drawn)


def _is_drawn(element: Any) -> bool:
    if element.tag == "link":
        return element.get("rel") in ("stylesheet", "icon")
    return element.tag in ("script", "img", "source")


def _size(client: Client, address: str) -> int:
    path = urlsplit(address).path
    if path.startswith(settings.STATIC_URL):
        file = finders.find(path.removeprefix(settings.STATIC_URL))
        assert isinstance(file, str), f"{path} is nowhere"
        return Path(file).stat().st_size
    if urlsplit(address).scheme == "data":
        return 0  # in the page already
    answer: Any = client.get(address)
    return len(b"".join(answer)) if answer.streaming else len(answer.content)


def measured(_size: int) -> Iterator[Result]:
    """On an empty database."""
    setup_test_environment()
    cache.clear()
    call_command("load_demo", "--cases", str(CASES), stdout=io.StringIO())
    yield from run(walked(datetime.now(UTC).astimezone()))
