"""The unclear words of an application, found wherever they stand (条例 30)."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casework.law.supplement import LACKS, Lack, printed, spans


def test_each_content_of_the_law_has_its_row() -> None:
    assert list(LACKS) == list(Lack)
    assert [row.law[-2] for row in LACKS.values()] == ["一", "二", "三"]


def test_words_are_marked_wherever_they_stand_and_overlap() -> None:
    assert list(spans("甲乙丙乙丁", ["乙"])) == [
        ("甲", False),
        ("乙", True),
        ("丙", False),
        ("乙", True),
        ("丁", False),
    ]
    assert list(spans("甲乙丙丁", ["甲乙", "乙丙"])) == [("甲乙丙", True), ("丁", False)]
    assert list(spans("啊啊啊", ["啊啊"])) == [("啊啊啊", True)]
    assert list(spans("甲", ["", "丙"])) == [("甲", False)]
    assert list(spans("", ["甲"])) == []


@given(st.text("甲乙丙"), st.lists(st.text("甲乙丙", max_size=3)))
def test_nothing_is_lost_and_just_the_words_are_marked(text: str, excerpts: list[str]) -> None:
    pieces = list(spans(text, excerpts))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(one != other for (_, one), (_, other) in pairwise(pieces))
    marked = [unclear for piece, unclear in pieces for _ in piece]
    assert marked == [
        any(
            words and text.startswith(words, at)
            for words in excerpts
            for at in range(place - len(words) + 1, place + 1)
            if at >= 0
        )
        for place in range(len(text))
    ]


def test_the_items_of_the_notice_stand_one_a_line() -> None:
    assert printed([], [], "请写明年度。") == "请写明年度。"
    first, second, third = printed(["form"], ["近年来"], "请写明年度。").split("\n")
    assert "第二十九条第二款第三项" in first
    assert second == "申请中不明确的文字：“近年来”。"
    assert third == "请写明年度。"
