"""Import → export → import is the identity, whatever stands in the rows and in whichever form they travel."""

import csv
import io
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.actions.record import clean
from casework.exports import harmless, original
from casework.law.history import FACTS, HEADINGS
from casework.law.outcomes import KINDS, OUTCOMES
from casework.law.receipt import CHANNEL_WORDS
from casework.law.refusals import Refused
from casework.ledger.writing import histories
from casework.models import Agency, Case
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast
from tests.ledgers import WHOLE, as_csv, as_xlsx, give_out, row, still_open, table, take_in

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
NASTY = [
    "=1+1",
    "'=1",
    "''-",
    "@x",
    "+86",
    "-",
    "'",
    "''",
    '"',
    '",\n"',
    "＝SUM(A1)",
    "_x0041_",
    "x005F_",
]
NASTY += [
    "𠮷野家",
    "👨‍👩‍👧",
    "e\u0301",
    "\u200b字\u200d",
    "一\n二\t三",
    "NULL",
    "#N/A",
    "TRUE",
    "1e5",
    "2024-01-01",
    "<&>",
    "\u2028x",
    "0001",
]


def storable(text: str) -> bool:
    try:
        clean(text, "", longest=80, lines=False)
    except Refused:
        return False
    return True


#: Anything that may be stored: what spreadsheets take for something else, and every other character.
texts = (
    st.sampled_from(NASTY) | st.text(max_size=20) | st.builds(str.__add__, st.sampled_from(NASTY), st.text(max_size=5))
).filter(storable)
days = st.dates(date(2008, 1, 1), TODAY)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """One row that can be so."""
    received_on = draw(days)
    asked = draw(st.none() | st.dates(received_on, TODAY))
    answered = draw(st.none() | st.dates(asked, TODAY)) if asked else None
    closed_on = draw(st.none() | st.dates(received_on, TODAY))
    return {
        "number": "",
        "received_on": received_on.isoformat(),
        "channel": draw(st.sampled_from([channel.value for channel in CHANNEL_WORDS])),
        "applicant_kind": draw(st.sampled_from([kind.value for kind in KINDS])),
        "applicant_name": draw(texts),
        "identity_number": draw(st.sampled_from(["", RESIDENT_NUMBER, CREDIT_CODE])),
        "contact": draw(st.just("") | texts),
        "content": draw(texts),
        "supplement_requested_on": asked.isoformat() if asked else "",
        "supplement_received_on": answered.isoformat() if answered else "",
        # The Regulation of 2007 knew 15 days, and while a supplement is awaited nothing can be extended.
        "extension_days": None if asked else draw(st.none() | st.integers(1, 15 if received_on.year < 2020 else 20)),
        "outcome": draw(st.sampled_from([code.value for code in OUTCOMES])) if closed_on else "",
        "closed_on": closed_on.isoformat() if closed_on else "",
        "document_number": draw(st.just("") | texts) if closed_on else "",
        "note": draw(st.just("") | texts),
    }


numbers = st.lists(st.just("") | texts, min_size=8, max_size=8)
serial = count()


def fresh_agency() -> Agency:
    return Agency.objects.create(code=f"T{next(serial)}", name="往返局")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(max_examples=30)
@given(ledger=st.lists(rows(), min_size=1, max_size=8), given_numbers=numbers)
def test_what_is_exported_says_what_was_imported(
    tmp_path: Path, form: str, ledger: list[dict[str, Any]], given_numbers: list[str]
) -> None:
    used: set[str] = set()
    for cells, number in zip(ledger, given_numbers, strict=False):
        tidy = clean(number, "", longest=80, required=False, lines=False)
        if tidy not in used:
            cells["number"] = number
            used.add(tidy)
    here, there = fresh_agency(), fresh_agency()
    lines = table(ledger)
    content = as_csv(lines) if form == "csv" else as_xlsx(lines)
    n = len(ledger)
    assert f"{n} added, 0 updated, 0 unchanged" in take_in(content, tmp_path, name=f"in.{form}", agency=here.code)

    exported = give_out(tmp_path, f"out.{form}", agency=here.code)
    assert f"0 added, 0 updated, {n} unchanged" in take_in(exported, tmp_path, name=f"b.{form}", agency=here.code)
    assert f"0 added, 0 updated, {n} unchanged" in take_in(content, tmp_path, name=f"c.{form}", agency=here.code)
    assert f"{n} added, 0 updated, 0 unchanged" in take_in(exported, tmp_path, name=f"d.{form}", agency=there.code)
    assert list(histories(there)) == list(histories(here))
    for case in Case.objects.filter(agency=here).with_clock_facts():
        assert case.clock_copies(on=TODAY) == {name: getattr(case, name) for name in Case.CLOCK_COPIES}
    # The other form carries the same.
    other = "xlsx" if form == "csv" else "csv"
    crossed = give_out(tmp_path, f"out.{other}", agency=here.code)
    assert f"0 added, 0 updated, {n} unchanged" in take_in(crossed, tmp_path, name=f"e.{other}", agency=there.code)


@given(texts)
def test_a_stored_text_survives_being_made_harmless(text: str) -> None:
    stored = clean(text, "", longest=80, lines=False)
    assert clean(original(harmless(stored)), "", longest=80, lines=False) == stored


# -- how an export looks -----------------------------------------------------------------------------------------------


@pytest.fixture
def office(players: Cast, tmp_path: Path) -> Cast:
    ledger = [
        WHOLE,
        row(
            number="=9+9",
            received_on="2023-12-01",
            applicant_kind="other",
            content='=HYPERLINK("http://x")',
            note="一\n二",
        ),
        still_open(number="9", received_on="2024-05-06"),
    ]
    assert "3 added" in take_in(as_csv(table(ledger)), tmp_path)
    return players


def test_a_csv_has_the_printed_headings_and_values(office: Cast, tmp_path: Path) -> None:
    content = give_out(tmp_path, "out.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert lines[0] == list(HEADINGS.values())
    assert len(FACTS) == 15
    assert lines[1][:5] == ["'=9+9", "2023-12-01", "邮寄", "法人或其他组织—其他", "张三"]
    assert lines[1][7] == '\'=HYPERLINK("http://x")'
    assert lines[2] == [
        "2024-017",
        "2024-03-01",
        "邮寄",
        "自然人",
        "张三",
        "11010519491231002X",
        "13800000000",
        "申请公开老旧小区改造项目清单。",
        "2024-03-06",
        "2024-03-15",
        "10",
        "三(三)5",
        "2024-04-20",
        "东政公开告〔2024〕17号",
        "涉及多个科室",
    ]


def test_no_cell_of_a_workbook_is_a_formula_and_days_are_days(office: Cast, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(give_out(tmp_path, "out.xlsx"))).active
    assert sheet is not None
    cells = list(sheet.iter_rows())
    assert [cell.value for cell in cells[0]] == list(HEADINGS.values())
    assert not any(cell.data_type == "f" for line in cells for cell in line)
    assert cells[1][7].value == '\'=HYPERLINK("http://x")'
    assert cells[2][1].value == datetime(2024, 3, 1)
    assert cells[2][10].value == 10


def test_a_year_is_the_year_of_receipt(office: Cast, tmp_path: Path) -> None:
    lines = list(csv.reader(io.StringIO(give_out(tmp_path, "out.csv", "--year", "2023").decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == ["'=9+9"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agency", "999", "--output", "x.csv"], "no agency with the code “999”"),
        (["--agency", "230406", "--output", "x.ods"], "has to be a .csv or .xlsx file"),
        (["--agency", "230406", "--output", "none/x.csv"], "can't be written"),
        (["--agency", "230406", "--output", "."], "is not an ordinary file"),
        (["--agency", "230406", "--year", "1999", "--output", "x.csv"], "1999"),
    ],
)
def test_an_export_that_cannot_be_is_refused_and_leaves_what_was_there(
    office: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ods").write_text("alt")
    with pytest.raises(CommandError, match=said):
        call_command("export_ledger", *arguments)
    assert (tmp_path / "x.ods").read_text() == "alt"
    assert {path.name for path in tmp_path.iterdir()} == {"ledger.csv", "x.ods"}


def test_a_long_ledger_comes_back_whole(players: Cast, tmp_path: Path) -> None:
    ledger = [
        row(
            number=str(n),
            received_on=(date(2020, 1, 2) + timedelta(days=n)).isoformat(),
            closed_on=(date(2020, 1, 9) + timedelta(days=n)).isoformat(),
        )
        for n in range(2300)
    ]
    assert "2300 added" in take_in(as_csv(table(ledger)), tmp_path)
    for form in ("csv", "xlsx"):
        assert "2300 unchanged" in take_in(give_out(tmp_path, f"out.{form}"), tmp_path, name=f"back.{form}")
