"""``docs/security.md`` and ``docs/asvs.md`` name tests that exist, leave out no row, and count rightly."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES: Final = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("security.md", "asvs.md")}
NAMED: Final = re.compile(r"`((?:[\w-]+/)*test_\w+\.py)(?:::(\w+))?`")
CODE: Final = re.compile(r"`((?:[\w.-]+/)+(?:[\w.-]+)?|[\w-]+\.(?:py|lock|toml|yml))`")
VERDICTS: Final = frozenset({"met", "partly", "not met", "office", "n/a"})

#: OWASP ASVS 5.0.0: by section, the requirements of level 1 and those of level 2. What is missing is level 3.
ASVS: Final[dict[str, tuple[str, str]]] = {
    "1.1": ("", "1 2"), "1.2": ("1 2 3 4 5", "6 7 8 9"), "1.3": ("1 2", "3 4 5 6 7 8 9 10 11"), "1.4": ("", "1 2 3"),
    "1.5": ("1", "2"),
    "2.1": ("1", "2 3"), "2.2": ("1 2", "3"), "2.3": ("1", "2 3 4"), "2.4": ("", "1"),
    "3.2": ("1 2", ""), "3.3": ("1", "2 3 4"), "3.4": ("1 2", "3 4 5 6"), "3.5": ("1 2 3", "4 5"), "3.7": ("", "1 2"),
    "4.1": ("1", "2 3"), "4.2": ("", "1"), "4.3": ("", "1 2"), "4.4": ("1", "2 3 4"),
    "5.1": ("", "1"), "5.2": ("1 2", "3"), "5.3": ("1 2", ""), "5.4": ("", "1 2 3"),
    "6.1": ("1", "2 3"), "6.2": ("1 2 3 4 5 6 7 8", "9 10 11 12"), "6.3": ("1 2", "3 4"), "6.4": ("1 2", "3 4"),
    "6.5": ("", "1 2 3 4 5"), "6.6": ("", "1 2 3"), "6.8": ("", "1 2 3 4"),
    "7.1": ("", "1 2 3"), "7.2": ("1 2 3 4", ""), "7.3": ("", "1 2"), "7.4": ("1 2", "3 4 5"), "7.5": ("", "1 2"),
    "7.6": ("", "1 2"),
    "8.1": ("1", "2"), "8.2": ("1 2", "3"), "8.3": ("1", ""), "8.4": ("", "1"),
    "9.1": ("1 2 3", ""), "9.2": ("1", "2 3 4"),
    "10.1": ("", "1 2"), "10.2": ("", "1 2"), "10.3": ("", "1 2 3 4"), "10.4": ("1 2 3 4 5", "6 7 8 9 10 11"),
    "10.5": ("", "1 2 3 4 5"), "10.6": ("", "1 2"), "10.7": ("", "1 2 3"),
    "11.1": ("", "1 2"), "11.2": ("", "1 2 3"), "11.3": ("1 2", "3"), "11.4": ("1", "2 3 4"), "11.5": ("", "1"),
    "11.6": ("", "1"),
    "12.1": ("1", "2 3"), "12.2": ("1 2", ""), "12.3": ("", "1 2 3 4"),
    "13.1": ("", "1"), "13.2": ("", "1 2 3 4 5"), "13.3": ("", "1 2"), "13.4": ("1", "2 3 4 5"),
    "14.1": ("", "1 2"), "14.2": ("1", "2 3 4"), "14.3": ("1", "2 3"),
    "15.1": ("1", "2 3"), "15.2": ("1", "2 3"), "15.3": ("1", "2 3 4 5 6 7"),
    "16.1": ("", "1"), "16.2": ("", "1 2 3 4 5"), "16.3": ("", "1 2 3 4"), "16.4": ("", "1 2 3"), "16.5": ("", "1 2 3"),
    "17.1": ("", "1"), "17.2": ("", "1 2 3 4"), "17.3": ("", "1 2"),
}  # fmt: skip
LEVELS: Final = {
    f"{section}.{number}": level
    for section, levels in ASVS.items()
    for level, numbers in enumerate(levels, start=1)
    for number in numbers.split()
}


def rows(page: str, first: str) -> list[list[str]]:
    """The cells of the rows whose first cell looks so."""
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in PAGES[page].splitlines())
    return [row for row in cells if re.fullmatch(first, row[0])]


THREATS: Final = rows("security.md", r"T\d+")
REQUIREMENTS: Final = rows("asvs.md", r"\d+\.\d+\.\d+")


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(
    ("page", "file", "test"), sorted({(page, *found) for page, text in PAGES.items() for found in NAMED.findall(text)})
)
def test_every_test_that_is_named_is_there(page: str, file: str, test: str) -> None:
    if file == "tests/test_security_documents.py":
        return
    assert (ROOT / "tests" / file).is_file(), page
    assert not test or test in functions_of(file), page


@pytest.mark.parametrize("named", sorted({found for text in PAGES.values() for found in CODE.findall(text)}))
def test_every_piece_of_code_that_is_named_is_there(named: str) -> None:
    places = (ROOT, ROOT / "casework", ROOT / "tests")
    assert any((place / named).exists() for place in places)


def test_the_list_of_ids_is_as_long_as_owasps() -> None:
    assert Counter(LEVELS.values()) == {1: 70, 2: 183}


def test_every_requirement_is_decided_exactly_once() -> None:
    assert [row[0] for row in REQUIREMENTS] == list(LEVELS)
    assert all(int(row[1]) == LEVELS[row[0]] for row in REQUIREMENTS)


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row[0])
def test_a_verdict_says_where_or_why(row: list[str]) -> None:
    assert len(row) == 5
    _name, _level, about, verdict, why = row
    assert about
    assert verdict in VERDICTS
    assert why
    if verdict == "met":
        assert NAMED.search(why) or "inspection" in why or re.search(r"\d+\.\d+\.\d+", why), why


def test_the_figures_at_the_top_are_those_of_the_rows() -> None:
    counted = Counter(row[3] for row in REQUIREMENTS)
    told = {row[0]: int(row[1]) for row in rows("asvs.md", "met|partly|not met|office|n/a")}
    assert told == counted
    applying = [row for row in REQUIREMENTS if row[3] != "n/a"]
    tested = [row for row in applying if NAMED.search(row[4])]
    assert f"Of the {len(applying)} rows that apply, {len(tested)} name a test." in PAGES["asvs.md"]


def test_threats_are_numbered_without_a_gap() -> None:
    assert [row[0] for row in THREATS] == [f"T{number}" for number in range(1, len(THREATS) + 1)]
    assert f"\n{len(THREATS)} threats.\n" in PAGES["security.md"]


@pytest.mark.parametrize("row", THREATS, ids=lambda row: row[0])
def test_a_threat_has_countermeasure_place_and_test_or_says_why_not(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    assert NAMED.search(row[4]) or "No test" in row[4]


@pytest.mark.parametrize("chapter", ["Not protected", "What administrators can read", "Keys", "What is logged"])
def test_what_the_rows_lean_on_is_written(chapter: str) -> None:
    assert f"\n## {chapter}\n" in PAGES["security.md"]
