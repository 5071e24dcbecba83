"""``record.clean``: what people type, paste and send by machine, and what is kept of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.actions import record
from casework.actions.record import clean
from casework.law.refusals import Refused

KEPT = {
    "plain": ("申请公开清单", "申请公开清单"),
    "blanks around it": (" \t\u3000\xa0申请\u2003\n", "申请"),
    "two lines from Windows": ("一\r\n二\r三", "一\n二\n三"),
    "a tab inside": ("甲\t乙", "甲\t乙"),
    "emoji": ("您好😀", "您好😀"),
    "a family of joined emoji": ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    "a flag": ("🇨🇳", "🇨🇳"),
    "Han outside the basic plane": ("𠮷野家𪚥", "𠮷野家𪚥"),
    "Han of extension A": ("㼆", "㼆"),
    "Han younger than this Python": ("\U000323b0", "\U000323b0"),
    "Han in private use": ("\ue863\U000f0001", "\ue863\U000f0001"),
    "a variant of a Han character": ("葛\U000e0100城", "葛\U000e0100城"),
    "letters typed in parts": ("e\u0301", "é"),
    "Hangul typed in parts": ("\u1112\u1161\u11ab", "한"),
    "a compatibility Han character": ("\uf900", "豈"),
    "Uyghur with its mark of direction": ("ئۇيغۇر\u200f", "ئۇيغۇر\u200f"),
    "Tibetan with its vowels": ("བོད\u0f0b\u0f40\u0f73", "བོད\u0f0b\u0f40\u0f71\u0f72"),
    "Vietnamese in capitals": ("VIỆT NAM", "VIỆT NAM"),
    "markup": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "a formula": ("=1+1", "=1+1"),
    "braces": ("{by} {0} %s %(x)s", "{by} {0} %s %(x)s"),
    "one digit": ("0", "0"),
    "one mark of punctuation": ("？", "？"),
}


@pytest.mark.parametrize(("typed", "stored"), KEPT.values(), ids=KEPT)
def test_text_is_kept_as_it_was_meant(typed: str, stored: str) -> None:
    assert clean(typed, "content", longest=100) == stored


BLANK = {
    "nothing": "",
    "spaces": "   ",
    "ideographic spaces": "\u3000\u3000",
    "line ends": "\r\n\n\r",
    "spaces without width": "\u200b\u200c\u200d\ufeff\u2060",
    "marks of direction": "\u200e\u200f",
    "a mark on nothing": "\u0301",
    "a lone variation selector": "\ufe0f",
    "Hangul fillers": "\u3164\u115f\u1160\uffa0",
    "empty braille": "\u2800",
    "soft hyphens": "\xad\xad",
}


@pytest.mark.parametrize("typed", BLANK.values(), ids=BLANK)
def test_text_that_shows_nothing_is_no_text(typed: str) -> None:
    with pytest.raises(Refused, match="必须填写") as refusal:
        clean(typed, "content", longest=100)
    assert refusal.value.field == "content"


@pytest.mark.parametrize("typed", ["", "  ", "\n"])
def test_what_may_be_left_out_may_be_blank(typed: str) -> None:
    assert clean(typed, "note", longest=100, required=False) == ""


UNSEEN = {
    "NUL": ("a\0b", "U+0000"),
    "bell": ("a\x07b", "U+0007"),
    "backspace": ("a\x08b", "U+0008"),
    "escape": ("a\x1b[31mb", "U+001B"),
    "vertical tab": ("a\x0bb", "U+000B"),
    "delete": ("a\x7fb", "U+007F"),
    "next line": ("a\x85b", "U+0085"),
    "right-to-left override": ("发票\u202efdp.exe", "U+202E"),
    "embedding": ("a\u202bb", "U+202B"),
    "isolate": ("a\u2066b", "U+2066"),
    "half a pair": ("a\ud83d", "U+D83D"),
    "the other half": ("\ude00a", "U+DE00"),
    "not a character": ("a\uffff", "U+FFFF"),
    "a byte order turned round": ("a\ufffe", "U+FFFE"),
}


@pytest.mark.parametrize(("typed", "code"), UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen_is_refused_by_its_number(typed: str, code: str) -> None:
    with pytest.raises(Refused, match=rf"控制字符（{code.replace('+', '[+]')}）") as refusal:
        clean(typed, "content", longest=100)
    assert refusal.value.field == "content"
    assert code in refusal.value.sentence.en


@pytest.mark.parametrize("required", [True, False])
def test_the_longest_text_fits_and_one_more_does_not(required: bool) -> None:
    assert len(clean("字" * 100, "content", longest=100, required=required)) == 100
    with pytest.raises(Refused, match="共101个字，超过100个字"):
        clean("字" * 101, "content", longest=100, required=required)


def test_a_character_outside_the_basic_plane_counts_once() -> None:
    assert len(clean("𠮷" * 100, "name", longest=100)) == 100


def test_text_typed_in_parts_is_measured_as_it_is_stored() -> None:
    assert clean("\u1112\u1161\u11ab" * 100, "content", longest=100) == "한" * 100


def test_ten_megabytes_are_refused_before_anything_is_done_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def walked(*_: object) -> None:
        raise AssertionError("the whole text was walked")

    monkeypatch.setattr(record, "composed", walked)
    for typed in ("字" * 3_500_000, "a" + "\u0301\u0316" * 2_500_000, "\0" * 10_000_000, " " * 10_000_000):
        with pytest.raises(Refused, match="上限"):
            clean(typed, "content", longest=20_000)


PILES = {
    "marks out of order": "a" + "\u0301\u0316" * 16,
    "marks that fall apart into two": "\u0f40" + "\u0f73" * 31,
    "in the middle": "申请" + "\u0316\u0301" * 16 + "公开",
}


@pytest.mark.parametrize("typed", PILES.values(), ids=PILES)
def test_a_pile_of_marks_is_refused_because_sorting_it_takes_the_square_of_its_size(typed: str) -> None:
    with pytest.raises(Refused, match="堆叠"):
        clean(typed, "content", longest=100)


def test_thirty_marks_on_a_letter_are_no_pile() -> None:
    assert len(clean("a" + "\u0316\u0301" * 15, "content", longest=100)) == 30


@pytest.mark.parametrize(
    ("typed", "stored"), [("张\n三", "张 三"), ("a\tb", "a b"), ("一\r\n二", "一 二"), ("\n甲\n", "甲")]
)
def test_one_line_stays_one_line(typed: str, stored: str) -> None:
    assert clean(typed, "name", longest=100, lines=False) == stored


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    try:
        once = clean(typed, "content", longest=100)
    except Refused:
        return
    assert clean(once, "content", longest=100) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode()
