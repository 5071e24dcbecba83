"""Reports of other offices, read back from every mess in which they come."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.law.matrix import COLUMNS, ROWS, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTES
from casework.published import Reading, read

from . import messy
from .messy import PROSE, WITH_SIGNS, WITH_SPACES, Mess, Style

EXAMPLES = Path(__file__).parents[1] / "examples"

groups = st.tuples(
    st.sampled_from(ApplicantKind),
    st.booleans(),
    st.none() | st.sampled_from(Outcome),
    st.integers(1, 9) | st.integers(1, 20_000),
)
matrices = st.lists(groups, max_size=60).map(lambda drawn: Matrix.from_groups(2023, drawn))
messes = st.builds(
    Mess,
    thousands=st.sampled_from(["", "", ",", "，"]),
    full_width=st.booleans(),
    item_sign=st.sampled_from([".", "、", "．", ". ", ","]),
    remark=st.sampled_from(["", "件", "（含撤回3件）", " 件", "①"]),
    prose=st.sampled_from(PROSE),
    line_end=st.sampled_from(["\n", "\r\n"]),
    half_brackets=st.booleans(),
    unseen=st.sampled_from(["", "\u200b", " ", "\u3000", "\xa0"]),
    dispute=st.lists(st.integers(0, 400), min_size=15, max_size=15),
)


def one(content: bytes | str) -> Reading:
    (reading,) = read(content.encode() if isinstance(content, str) else content)
    return reading


def example(name: str) -> Reading:
    return one((EXAMPLES / name).read_bytes())


def assert_same(reading: Reading, matrix: Matrix, mess: Mess) -> None:
    found = reading.report().table3
    assert matrix.differences(found) == [], [str(remark) for remark in reading.remarks()]
    assert reading.year == 2023
    assert reading.agency_name == "某某区人民政府"
    assert reading.table4 is not None
    figures = [reading.table4.figure(group, result) for group in DISPUTES for result in DISPUTE_COLUMNS]
    assert figures == list(mess.dispute)


@pytest.mark.parametrize("style", [*WITH_SIGNS, *WITH_SPACES], ids=lambda style: style.__name__)
@settings(max_examples=40)
@given(matrix=matrices, mess=messes)
def test_a_report_is_read_back_from_any_mess(style: Style, matrix: Matrix, mess: Mess) -> None:
    assert_same(one(style(matrix, mess)), matrix, mess)


@pytest.mark.parametrize("style", WITH_SIGNS, ids=lambda style: style.__name__)
@pytest.mark.parametrize("blank", ["", "/", "—", " "])
@settings(max_examples=20)
@given(matrix=matrices, column=st.integers(0, 5))
def test_blank_cells_are_found_where_they_stand(style: Style, blank: str, matrix: Matrix, column: int) -> None:
    """A column that is left blank throughout, as offices do with kinds that never apply; the total is there."""
    blanked = Matrix.from_cells(2023, lambda r, c: None if c == list(COLUMNS)[column] else matrix.cell(r, c))
    found = one(style(blanked, Mess(blank=blank))).report().table3
    assert blanked.differences(found) == []
