"""The text of what was sent: the same bytes wherever it is written, and no value that passes for a heading."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from casework.law.sent import Sent, SentFile, as_sent, digest_of, spelled

FILES = (SentFile("身份证.jpg", 12, "a" * 64), SentFile("平面图.pdf", 3, "b" * 64))


def test_the_form_is_this_one_to_the_last_byte() -> None:
    """As docs/formats/application.md prints it."""
    sent = Sent((("申请人", "张三"), ("电话", ""), ("申请内容", "一、清单\n\n二、资金")), FILES, "00ff")
    assert sent.text() == (
        "gongkai.application/1\n"
        "申请人：\n  张三\n"
        "电话：\n"
        "申请内容：\n  一、清单\n\n  二、资金\n"
        f"附件：\n  {'a' * 64} 12 身份证.jpg\n  {'b' * 64} 3 平面图.pdf\n"
        "随机数：\n  00ff\n"
    )
    assert digest_of(sent.text()) == hashlib.sha256(sent.text().encode()).hexdigest()


lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\ufeff"), max_size=20)


@given(st.lists(lines, max_size=4), st.lists(lines, max_size=4))
def test_two_different_applications_never_give_one_text(one: list[str], other: list[str]) -> None:
    first, second = "\n".join(one), "\n".join(other)
    texts = {Sent((("申请内容", each), ("电话", "")), (), "00").text() for each in (first, second)}
    assert len(texts) == len({first, second})


def test_a_content_that_looks_like_headings_changes_nothing_else() -> None:
    honest = Sent((("申请内容", "甲"), ("电话", "1")), (), "00")
    sly = Sent((("申请内容", "甲\n电话：\n  1"), ("电话", "")), (), "00")
    assert honest.text() != sly.text()


@given(st.lists(lines, min_size=1, max_size=5))
def test_a_text_that_went_through_a_form_is_itself_again(content: list[str]) -> None:
    text = Sent((("申请内容", "\n".join(content)),), FILES, "00").text()
    assert as_sent(text) == text
    assert as_sent(text.replace("\n", "\r\n")) == text
    assert as_sent("\ufeff" + text.rstrip("\n")) == text


def test_a_digest_is_read_in_groups_of_eight() -> None:
    assert spelled("0123456789abcdef" * 4).split(" ") == ["01234567", "89abcdef"] * 4
