"""Pictures and files of a region's year: how long a page, and a file in each form, keep somebody waiting."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from django.db import connection

from casework import annual
from casework.annual import pictures
from casework.exports import FORMATS, PICTURED, export
from casework.models import Agency

from .build import TODAY, YEAR
from .letters import megabytes
from .measure import Result, count

TURNS: Final = 3
#: Seconds for a file, milliseconds for what a page asks, megabytes for the whole process.
FILE: Final = 3.0
PAGE: Final = 400.0
MEMORY: Final = 300.0


def run(district: Agency) -> Iterator[Result]:
    """Files are timed from the records to their last byte."""
    agencies = list(annual.agencies_of(district, region=True))
    asked: dict[str, Callable[[], object]] = {
        "a year": lambda: pictures.of_year(agencies, YEAR, on=TODAY),
        "ten years": lambda: pictures.of_years(agencies, until=TODAY.year),
        "units": lambda: pictures.of_units(agencies, YEAR),
    }
    for name, work in asked.items():
        spent = _quickest(work) * 1000
        yield count(f"pictures of {name}", connection.vendor, spent, PAGE, "ms", f"≤ {PAGE:.0f}", holds=spent <= PAGE)
    for form in FORMATS:
        spent = _quickest(partial(_file, district, form, drawn=False))
        yield count(f"report as {form}", connection.vendor, spent, FILE, "s", f"≤ {FILE:.0f}", holds=spent <= FILE)
    for form in PICTURED:
        spent = _quickest(partial(_file, district, form, drawn=True))
        name = f"report as {form} with pictures"
        yield count(name, connection.vendor, spent, FILE, "s", f"≤ {FILE:.0f}", holds=spent <= FILE)
    used = megabytes()
    yield count("memory after all of them", connection.vendor, used, MEMORY, "MB", "≤ 300", holds=used <= MEMORY)


def _file(district: Agency, form: str, *, drawn: bool) -> bytes:
    report = annual.report_of(district, YEAR, region=True)
    if not drawn:
        return export(report, form)
    agencies = annual.agencies_of(district, region=True)
    return export(report, form, pictures=annual.pictures_of(agencies, YEAR, on=TODAY, units=True))


def _quickest(work: Callable[[], object]) -> float:
    """Seconds of the quickest of some turns: what else the machine does is not ours."""
    spent = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return min(spent)
