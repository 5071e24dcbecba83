"""A letter as data, and its official form: a PDF in the layout of GB/T 9704, drawn by typst with real Chinese type."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst
from fontTools.ttLib import TTFont

from casework.law.letters import LetterKind
from casework.law.words import said

from .blocks import Block, blocks_of

_HERE: Final = Path(__file__).parent
FONTS: Final = _HERE / "fonts"
LAYOUT: Final = _HERE / "layout.typ"
_BODY_FONT: Final = FONTS / "FandolFang-Regular.otf"
#: What stands for a character that no font can draw; its code point follows, so that nothing vanishes.
MISSING: Final = "□"


@dataclass(frozen=True, slots=True)
class LetterData:
    """Everything that a document prints, and nothing else: from it the same page can be drawn again."""

    kind: LetterKind
    title: str
    organ: str
    number: str
    addressee: str
    dated: date
    body: str
    attachments: tuple[str, ...] = ()
    values: Mapping[str, str | list[str]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.body)

    def numbered(self, number: str) -> "LetterData":
        """The same letter with its number."""
        return LetterData(**{**self._fields(), "number": number})

    def as_json(self) -> dict[str, Any]:
        """For the row of the letter."""
        return {**self._fields(), "kind": self.kind.value, "dated": self.dated.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "LetterData":
        return cls(
            **{
                **stored,
                "kind": LetterKind(stored["kind"]),
                "dated": date.fromisoformat(stored["dated"]),
                "attachments": tuple(stored["attachments"]),
            }
        )

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @property
    def text(self) -> str:
        """All that is printed, for the search of characters that no font has."""
        shown = [self.title, self.organ, self.number, self.addressee, *self.attachments]
        return "\n".join([*shown, *(block.plain for block in self.blocks)])


def heading_size(organ: str) -> float:
    """Points of the heading's characters: as large as the line allows, at most 40."""
    return min(40.0, 156 / 25.4 * 72 / (1.06 * max(len(organ), 1)))


def signature_lines(organ: str) -> tuple[list[str], int]:
    """The signature in lines that fit, and its distance from the right edge in characters (GB/T 9704 7.3.5)."""
    width = 22
    lines = [organ[at : at + width] for at in range(0, len(organ), width)]
    return lines, 4 if len(organ) <= width - 2 else 2


def render_pdf(letter: LetterData) -> bytes:
    """The letter as PDF."""
    lines, indent = signature_lines(letter.organ)
    drawn = {
        "title": letter.title,
        "organ": letter.organ,
        "heading_size": heading_size(letter.organ),
        "number": letter.number,
        "addressee": letter.addressee,
        "blocks": [asdict(block) for block in letter.blocks],
        "attachments": list(letter.attachments),
        "signed_by": lines,
        "signature_indent": indent,
        "date": said(letter.dated).zh,
    }
    missing = undrawable(letter)
    told = json.dumps(marked(drawn, missing), ensure_ascii=False)
    return typeset(LAYOUT, {"letter": told}, stamp=datetime.combine(letter.dated, time(), tzinfo=UTC))


def typeset(layout: Path, inputs: Mapping[str, str], *, stamp: datetime) -> bytes:
    """A layout filled with its inputs, as PDF with our fonts; one page at a time in a process."""
    with _ONE_AT_A_TIME:
        made = _compiler(layout).compile(format="pdf", sys_inputs=dict(inputs), timestamp=stamp)
    return _one(made)


def photograph(layout: Path, inputs: Mapping[str, str], *, dots: float) -> bytes:
    """A layout of one page as PNG with so many dots an inch, for files that can hold no drawing."""
    with _ONE_AT_A_TIME:
        made = _compiler(layout).compile(format="png", ppi=dots, sys_inputs=dict(inputs))
    return _one(made)


def _one(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} for one file")
    return made


def render_many(letters: Iterable[LetterData]) -> Iterator[bytes]:
    """PDFs one after the other; no letter is kept longer than its reader keeps it."""
    return (render_pdf(letter) for letter in letters)


def undrawable(letter: LetterData) -> list[str]:
    """The characters of the letter that no font on this machine can draw; the page shows their code points instead."""
    return undrawable_in(letter.text)


def undrawable_in(text: str) -> list[str]:
    """The characters of a text that no font on this machine can draw."""
    return [one for one in sorted(set(text)) if not one.isspace() and not _can_draw(one)]


_ONE_AT_A_TIME: Final = threading.Lock()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=4)
def _compiler(layout: Path) -> typst.Compiler:
    return typst.Compiler(str(layout), root=str(layout.parent), font_paths=_fonts())


@lru_cache(maxsize=20_000)
def _can_draw(character: str) -> bool:
    code = ord(character)
    return any(code in covered for covered in _coverages())


def _coverages() -> Iterator[frozenset[int]]:
    """The characters of each font, the vendored ones first; a font is opened only when those before it have failed."""
    paths = {Path(one.path) for one in _fonts().fonts() if one.path}
    others = sorted((path for path in paths if path.parent != FONTS), key=lambda path: ("CJK" not in path.name, path))
    return (_coverage(path) for path in [_BODY_FONT, *others])


@lru_cache(maxsize=64)
def _coverage(path: Path) -> frozenset[int]:
    # The faces of a collection differ by region, not by what they cover.
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def marked(value: Any, missing: list[str]) -> Any:
    """The same data with every character that can't be drawn replaced by a box and its code point."""
    if isinstance(value, str):
        for one in missing:
            value = value.replace(one, f"{MISSING}（U+{ord(one):04X}）")
        return value
    if isinstance(value, list):
        return [marked(one, missing) for one in value]
    if isinstance(value, dict):
        return {key: marked(one, missing) for key, one in value.items()}
    return value
