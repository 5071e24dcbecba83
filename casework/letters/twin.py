"""The application as a paper form with all that 条例 29(2) asks for; a QR code joins it to its draft."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import segno

from casework.models.querycode import grouped

from .paper import marked, typeset, undrawable_in

LAYOUT: Final = Path(__file__).parent / "twin.typ"


@dataclass(frozen=True, slots=True)
class Box:
    """One answer on the form. ``choices``: all that can be ticked; ``tall``: room for many lines."""

    label: str
    answer: str = ""
    choices: tuple[str, ...] = ()
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form under its heading."""

    heading: str
    boxes: tuple[Box, ...]


def render_form(organ: str, parts: Sequence[Part], *, reference: str, printed_on: date) -> bytes:
    """The form as PDF; what was not answered is room to write. The code holds the reference and nothing else."""
    drawn = {"organ": organ, "reference": grouped(reference), "parts": [asdict(part) for part in parts]}
    text = json.dumps(drawn, ensure_ascii=False)
    told = json.dumps(marked(json.loads(text), undrawable_in(text)), ensure_ascii=False)
    picture = io.BytesIO()
    segno.make(reference, error="q", micro=False).save(picture, kind="svg", xmldecl=False, border=2, scale=4)
    inputs = {"form": told, "code": picture.getvalue().decode()}
    return typeset(LAYOUT, inputs, stamp=datetime.combine(printed_on, time(), tzinfo=UTC))
