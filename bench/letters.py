"""A thousand letters, drawn one after the other: time a letter, and what memory gains after the first hundred."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from casework import letters
from casework.law.letters import LETTERS, LetterKind
from casework.letters.language import render

from .measure import Result, count

MANY = 1000
WARM = 100


def run() -> Iterator[Result]:
    began = time.perf_counter()
    letters.render_pdf(page_of(0))
    first = time.perf_counter() - began
    yield count("first letter as PDF, fonts read", "python", first, 1, "s", "≤ 1", holds=first <= 1)
    began, after_warm = time.perf_counter(), 0.0
    for number, _pdf in enumerate(letters.render_many(page_of(n) for n in range(MANY)), start=1):
        if number == WARM:
            after_warm = megabytes()
    spent, gained = (time.perf_counter() - began) / MANY, megabytes() - after_warm
    yield count("letter as PDF, of 1,000", "python", spent, 1, "s", "≤ 1", holds=spent <= 1)
    yield count("memory gained from letter 100 to 1,000", "python", gained, 32, "MB", "≤ 32", holds=gained <= 32)


def page_of(number: int) -> letters.LetterData:
    """A refusal of two pages; every one differs, so that nothing can be remembered."""
    kind = LetterKind.REFUSAL
    row = LETTERS[kind]
    said = {
        element.value: f"第{number}件的{element.value}，" + "本机关依法答复如下，" * 20 for element in row.mandatory
    }
    body = render(letters.house_source(kind), kind, said)
    day = date(2026, 11, 18)
    return letters.LetterData(kind, row.title.zh, "东山区人民政府办公室", f"{number}", "张三", day, body)


def megabytes(process: int | str = "self") -> float:
    """Resident memory of a process, by default of this one (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
