"""An office's spreadsheet of a year is imported, and table 三 comes out as the office published it, in every cell."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.annual import matrix_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, KIND_KEYS, NEW, RESULT_KEYS, Matrix
from casework.models import Case
from tests.cast import Cast
from tests.ledgers import Cells, as_csv, as_xlsx, give_out, still_open, table, take_in

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def ledger_of(published: Matrix, year: int) -> Iterator[Cells]:
    """Cases that would give the table: ways in and ways out of each column, paired in order.

    Of those carried out every other one was closed in the year after, which the year's table must not see.
    """
    for kind in KIND_KEYS:
        ways_in = [CARRIED_IN] * published.figure(CARRIED_IN, kind) + [NEW] * published.figure(NEW, kind)
        ways_out = [code for code in (*RESULT_KEYS, CARRIED_OUT) for _ in range(published.figure(code, kind))]
        for at, (way_in, way_out) in enumerate(zip(ways_in, ways_out, strict=True)):
            received_on = (
                date(year - 1, 12, 20) if way_in == CARRIED_IN else date(year, 1, 1) + timedelta(days=at % 340)
            )
            cells = still_open(
                number=f"{kind}-{at}", applicant_kind=kind, received_on=received_on.isoformat(), identity_number=""
            )
            if way_out != CARRIED_OUT:
                yield cells | {"outcome": way_out, "closed_on": (received_on + timedelta(days=20)).isoformat()}
            elif at % 2:
                yield cells | {"outcome": "granted", "closed_on": date(year + 1, 1, 1 + at % 28).isoformat()}
            else:
                yield cells


def published(name: str) -> tuple[int, Matrix]:
    report: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return report["year"], Matrix.from_dict(report["year"], report["table3"])


@pytest.mark.parametrize("name", ["huaian-2024.json", "shuyang-2025.json"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_derived_table_equals_the_published_one_in_every_cell(
    players: Cast, tmp_path: Path, name: str, form: str
) -> None:
    year, expected = published(name)
    lines = table(ledger_of(expected, year))
    content = as_csv(lines) if form == "csv" else as_xlsx(lines)

    printed = take_in(content, tmp_path, name=f"ledger.{form}", agency=players.elsewhere.code)

    rows = len(lines) - 1
    assert f"{rows} added, 0 updated, 0 unchanged" in printed
    assert matrix_of([players.elsewhere], year).differences(expected) == []
    # A second run changes nothing, and what is exported is what came in.
    again = take_in(content, tmp_path, name=f"ledger.{form}", agency=players.elsewhere.code)
    assert f"0 added, 0 updated, {rows} unchanged" in again
    exported = give_out(tmp_path, f"out.{form}", agency=players.elsewhere.code)
    back = take_in(exported, tmp_path, name=f"back.{form}", agency=players.elsewhere.code)
    assert f"0 added, 0 updated, {rows} unchanged" in back
    assert Case.objects.count() == rows
