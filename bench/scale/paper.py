"""Keeps the results of the scale part, and writes what ``docs/scale.md`` and its picture say of them.

The document is written by hand but for the parts between ``<!-- bench: … -->`` and ``<!-- end -->``: those are made of
the results alone, and a test makes them once more and compares.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from . import needs, plot
from .steps import steps

ROOT: Final = Path(__file__).resolve().parent.parent.parent
RESULTS: Final = ROOT / "bench" / "results-scale.json"
DOCUMENT: Final = ROOT / "docs" / "scale.md"
PICTURE: Final = ROOT / "docs" / "scale" / "cost.svg"
_PART: Final = re.compile(r"(?<=<!-- bench: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)

Results = Sequence[Mapping[str, Any]]


def write(found: Mapping[str, Any]) -> None:
    """Results, picture and document."""
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(plot.svg(plot.panels(found["results"])), encoding="utf-8")
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")


def filled(text: str, found: Mapping[str, Any]) -> str:
    """The document with its parts made anew; raises ``KeyError`` for a part that nobody makes."""
    return _PART.sub(lambda part: f"{part[1]}{part[2]}{PARTS[part[1]](found)}", text)


def without_parts(text: str) -> str:
    """What was written by hand."""
    return _PART.sub(r"\1\2", text)


def _machine(found: Mapping[str, Any]) -> str:
    sizes = ", ".join(f"{size:,}" for size in found["sizes"])
    return f"Measured on {found['cores']} cores with Python {found['python']}, over {sizes} cases.\n"


def _costs(found: Mapping[str, Any]) -> str:
    """An operation a line: product, floor and ratio at each size, and the last step against its order."""
    sizes, results = found["sizes"], found["results"]
    last = {step.key: step for step in steps(results)}
    heads = [f"{size:,}" for size in sizes]
    lines = [["operation", *heads, "follows", "last step", "allowed"]]
    for panel in plot.panels(results):
        rows = {row["cases"]: row for row in results if row["key"] == panel.name}
        cells = [_cell(rows[size]) if size in rows else "–" for size in sizes]
        step = last.get(panel.name)
        stepped = [f"× {step.factor:.2f}", f"× {step.allowed:.2f}"] if step else ["–", "–"]
        if step and not step.holds:
            stepped[0] += " (more)"
        lines.append([panel.name, *cells, panel.order, *stepped])
    return table(lines)


def _cell(row: Mapping[str, Any]) -> str:
    return f"{figure(row['product'])} / {figure(row['floor'])} = {row['ratio']:.1f}"


def _promises(found: Mapping[str, Any]) -> str:
    """What is promised, at the largest size: product, floor, ratio, and whether it holds."""
    lines = [["promise", "product", "floor", "ratio", "wanted", "holds"]]
    for row in found["results"]:
        if row["wanted"] != "told" and row["cases"] == found["sizes"][-1]:
            unit = row["unit"]
            cells = [f"{figure(row['product'])} {unit}", f"{figure(row['floor'])} {unit}", f"{row['ratio']:.2f}"]
            lines.append([row["name"], *cells, row["wanted"], "yes" if row["holds"] else "**no**"])
    return table(lines)


def _spent(found: Mapping[str, Any]) -> str:
    """Processors and memory of a submission, at the largest size."""
    largest = [row for row in found["results"] if row["cases"] == found["sizes"][-1]]
    told = [row for row in largest if row["key"].startswith(("cpu ", "memory "))]
    lines = [[row["name"], f"{figure(row['product'])} {row['unit']}"] for row in told]
    return table([["a submission through HTTP", "figure"], *lines])


def _storage(found: Mapping[str, Any]) -> str:
    lines = [
        [row["name"], f"{row['cases']:,}", f"{row['product']:,.0f} {row['unit']}", row["note"]]
        for row in found["results"]
        if row["key"].startswith("bytes ")
    ]
    return table([["what", "cases", "figure", "remark"], *lines])


def _needs(found: Mapping[str, Any]) -> str:
    return table(needs.lines(found))


def table(lines: Sequence[Sequence[str]]) -> str:
    """Markdown; the first line is the head, and columns of figures stand to the right."""
    head, *rows = lines
    under = ["---" if place == 0 else "--:" for place in range(len(head))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, under, *rows))


def figure(value: float) -> str:
    """Three digits that say something, and no power of ten."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


PARTS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "machine": _machine,
    "costs": _costs,
    "promises": _promises,
    "spent": _spent,
    "storage": _storage,
    "needs": _needs,
}
