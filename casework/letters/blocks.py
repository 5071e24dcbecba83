"""The body of a letter as blocks: paragraphs, headings of two levels, and rows of a table.

A template's own lines decide: ``| … | … |`` is a row, ``一、…`` a heading, ``（一）…`` one of the second level. What
stands in a value decides nothing.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from .language import BAR, LINE

_LONGEST_HEADING: Final = 26
_HEADING: Final = re.compile(r"[一二三四五六七八九十]+、[^。；，]+")
_SUBHEADING: Final = re.compile(r"（[一二三四五六七八九十]+）[^。；，]+")


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: paragraph, heading, subheading (with ``text``) or table (with ``rows``)."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def plain(self) -> str:
        return self.text or "\n".join("\t".join(row) for row in self.rows)


def blocks_of(body: str) -> list[Block]:
    """The blocks of a rendered body, in order; empty lines are nothing."""
    found: list[Block] = []
    for line in body.split("\n"):
        if line.strip().startswith("|"):
            row = [_unsealed(cell.strip()) for cell in line.strip().strip("|").split("|")]
            if found and found[-1].kind == "table" and len(found[-1].rows[0]) == len(row):
                found[-1].rows.append(row)
            else:
                found.append(Block("table", rows=[row]))
            continue
        kind = _kind(line.strip())
        found += [Block(kind, _unsealed(part.strip())) for part in line.split(LINE) if part.strip()]
    return found


def _kind(line: str) -> str:
    if LINE in line or len(line) > _LONGEST_HEADING:
        return "paragraph"
    if _HEADING.fullmatch(line):
        return "heading"
    return "subheading" if _SUBHEADING.fullmatch(line) else "paragraph"


def _unsealed(text: str) -> str:
    return text.replace(BAR, "|").replace(LINE, "\n")
