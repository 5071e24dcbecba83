"""What the documents name exists: functions, tests, files; and no article that the code cites is left out."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from casework.law.outcomes import OUTCOMES, REQUIREMENTS
from casework.law.periods import EXTENSIONS, PERIODS

ROOT = Path(__file__).resolve().parent.parent
LAW = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
PARTS = (
    *("law", "models", "actions", "access", "annual", "sweeps", "notices", "portal", "desk", "exports", "published"),
    *("letters", "wordsearch"),
)
RULE = re.compile(rf"`((?:{'|'.join(PARTS)})(?:\.\w+)+)`")
TEST = re.compile(r"`([\w/]+\.py)(?:::(test_\w+))?`")


def rows() -> Iterator[list[str]]:
    """The cells of every row of every table of ``docs/law.md``, heads left out."""
    for line in LAW.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] not in {"Article", "Finding"}:
            yield cells


def named(dotted: str) -> object:
    """What a dotted name below ``casework`` names; raises where nothing is there."""
    first, *rest = dotted.split(".")
    found: object = importlib.import_module(f"casework.{first}")
    path = f"casework.{first}"
    for name in rest:
        found = getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{path}.{name}")
        path += f".{name}"
    return found


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("dotted", sorted(set(RULE.findall(LAW))))
def test_every_rule_that_the_map_names_is_there(dotted: str) -> None:
    assert named(dotted) is not None


@pytest.mark.parametrize(("file", "test"), sorted(set(TEST.findall(LAW))))
def test_every_test_that_the_map_names_is_there(file: str, test: str) -> None:
    if file == "tests/test_docs.py":
        return
    assert (ROOT / "tests" / file).is_file()
    assert not test or test in functions_of(file)


def test_every_row_has_a_rule_and_a_proof_or_the_issue_that_brings_them() -> None:
    for cells in rows():
        later = re.search(r"\*\*issue [3-6]\*\*", cells[-2])
        assert cells[0]
        assert cells[-2]
        assert TEST.search(cells[-1]) or later, cells


def cited() -> set[str]:
    """Every article that the tables of the law name."""
    laws = {row.law for row in OUTCOMES.values()} | {row.law for row in REQUIREMENTS.values()}
    laws |= {ground.law for row in OUTCOMES.values() for ground in row.grounds}
    laws |= {period.law for periods in PERIODS.values() for period in periods} | {period.law for period in EXTENSIONS}
    return laws


def articles(text: str) -> set[tuple[str, str]]:
    """``条例 36(4)(5)、39`` as pairs of the law and the number of each article."""
    found, law = set(), ""
    for name, number in re.findall(
        r"((?:\d{4}年)?[\u4e00-\u9fff]*〔?\d*〕?\d*[号法例释]+)?[ 、]*(\d{1,3}(?![\d年]))?(?:\([^)]*\))*", text
    ):
        law = name or law
        if law and number:
            found.add((law, number))
    return found


def test_articles_are_read_out_of_a_citation() -> None:
    assert articles("条例 36(4)(5)、39") == {("条例", "36"), ("条例", "39")}
    assert articles("条例 26、2007年条例 24(2)") == {("条例", "26"), ("2007年条例", "24")}


def test_every_article_that_the_tables_of_the_law_cite_has_its_row() -> None:
    mapped = {article for cells in rows() for article in articles(cells[0])}
    missing = {law for law in cited() if not articles(law) <= mapped}
    assert not missing


def test_no_outcome_is_left_out() -> None:
    spans = re.findall(r"`law\.outcomes\.Outcome\.(\w+)`(?: to `law\.outcomes\.Outcome\.(\w+)`)?", LAW)
    codes = [code.name for code in OUTCOMES]
    told = {name for first, last in spans for name in codes[codes.index(first) : codes.index(last or first) + 1]}
    assert told == set(codes)


DOCUMENTS = sorted(path for path in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:casework|notifications|tests|docs|config|templates|bench)/[\w./-]+\.\w+)`", text):
        assert (ROOT / name).exists(), name
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (document.parent / link).exists(), link


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:3]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
