"""Like texts are found by their marks: words of two characters too, on both engines, at a cost that does not grow."""

import random
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from casework.actions import receipt
from casework.desk.precedents import ALIKE, SAME, precedents_of, share_of
from casework.law.outcomes import Outcome
from casework.models import Case, TextMark
from casework.wordsearch import cases as index
from casework.wordsearch.cases import candidates_like, index_all_waiting
from casework.wordsearch.marks import KEPT, documents_in, marks_of, telling
from tests.cast import Cast, closed, moment, registered

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4F00), min_size=2, max_size=60)


def alike_to(players: Cast, case: Case) -> list[str]:
    index_all_waiting()
    known = precedents_of(Case.objects.get(pk=case.pk))
    return [line.case.number for line in (*known.same_text, *known.alike)]


def test_a_word_of_two_characters_finds_itself(players: Cast) -> None:
    one = registered(players, on=TODAY, content="绿化").case
    same = registered(players, on=TODAY, content="绿化。", identity_kind="", identity_number="").case
    longer = registered(players, on=TODAY, content="绿化预算", identity_kind="", identity_number="").case
    registered(players, on=TODAY, content="拆迁", identity_kind="", identity_number="")
    assert alike_to(players, one) == [same.number, longer.number]


def test_the_same_text_in_other_punctuation_is_the_same_and_a_like_one_is_like(players: Cast) -> None:
    text = "2025年东山区老旧小区改造项目清单，以及每个项目的资金安排和验收材料"
    case = registered(players, on=TODAY, content=text).case
    again = registered(players, on=TODAY, content=text.replace("，", "、") + "。").case
    like = registered(players, on=TODAY, content="2024年东山区老旧小区改造项目的资金安排").case
    registered(players, on=TODAY, content="垃圾转运站环境影响评价批复")
    index_all_waiting()
    known = precedents_of(case)
    assert [line.case.number for line in known.same_text] == [again.number]
    assert [line.case.number for line in known.alike] == [like.number]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请公开东政发〔2025〕12号", "东政发202512"),
        ("东政发[2025]12号文件", "东政发202512"),
        ("东政发（2025）第12号", "东政发202512"),
        ("《东山区城市更新办法》全文", "东山区城市更新办法"),
        ("没有提到任何文件", None),
    ],
)
def test_a_document_has_one_spelling(text: str, found: str | None) -> None:
    named = documents_in("", text)
    assert (found is None and not named) or any(str(found) in each or each in str(found) for each in named)


def test_the_same_document_is_found_in_quite_other_words(players: Cast) -> None:
    case = registered(players, on=TODAY, content="请提供东政发〔2025〕12号。").case
    other = registered(
        players, on=TODAY, content="本人因房屋征收一事，需要查阅贵办印发的东政发【2025】12号文件的签发稿和附件，谢谢。"
    ).case
    index_all_waiting()
    assert [line.case.number for line in precedents_of(case).same_document] == [other.number]


def test_precedents_are_of_ones_own_agency_alone(players: Cast) -> None:
    case = registered(players, on=TODAY, content="绿化预算").case
    Case.objects.filter(pk=registered(players, on=TODAY, content="绿化预算").case.pk).update(agency=players.elsewhere)
    assert alike_to(players, case) == []


def test_how_the_likest_reply_was_decided_is_the_code_whose_fate_is_shown(players: Cast) -> None:
    earlier = registered(players, on=TODAY, content="会议纪要第三期").case
    closed(players, earlier, Outcome.REFUSED_6, on=TODAY)
    case = registered(players, on=TODAY, content="会议纪要第四期").case
    index_all_waiting()
    row = precedents_of(case).row
    assert row is not None
    assert row.code is Outcome.REFUSED_6


def test_a_corrected_text_is_marked_anew(players: Cast) -> None:
    case = registered(players, on=TODAY, content="绿化预算").case
    index_all_waiting()
    before = set(TextMark.objects.filter(case=case).values_list("mark", flat=True))
    case.refresh_from_db()
    receipt.correct(case, changes={"content": "拆迁补偿"}, reason="录入有误。", by=players.wang, at=moment(TODAY))
    assert not Case.objects.get(pk=case.pk).text_marked
    index_all_waiting()
    after = set(TextMark.objects.filter(case=case).values_list("mark", flat=True))
    assert after == set(marks_of("", "拆迁补偿"))
    assert not before & after
    assert index_all_waiting() == 0


def test_marking_goes_batch_by_batch_and_ends(players: Cast) -> None:
    for n in range(5):
        registered(players, on=TODAY, content=f"第{n}号项目")
    assert index_all_waiting(at_once=2, most=3) == 4
    assert index_all_waiting(at_once=2) == 1


def test_what_everybody_says_is_nobodys_mark(players: Cast) -> None:
    assert telling("申请公开绿化") == {"开绿", "绿化"}
    assert telling("申请公开") == {"申请", "请公", "公开"}


def test_under_one_mark_only_the_newest_are_looked_at(players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [registered(players, on=TODAY, content="绿化").case for _ in range(5)]
    index_all_waiting()
    monkeypatch.setattr(index, "_UNDER_ONE", 3)
    assert candidates_like(players.dongshan.pk, marks_of("", "绿化")) == [case.pk for case in reversed(cases[2:])]


def test_candidates_cost_one_query_by_the_index(players: Cast) -> None:
    registered(players, on=TODAY)
    index_all_waiting()
    with CaptureQueriesContext(connection) as asked:
        candidates_like(players.dongshan.pk, marks_of("某市绿化办法", "请公开某市历年绿化面积统计表及其说明材料"))
    assert len(asked) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert not re.search(r"SCAN casework_textmark\b", plan), plan


@given(CHINESE, CHINESE)
def test_share_is_the_part_of_both_and_the_same_both_ways(one: str, other: str) -> None:
    ours, theirs = telling(one), telling(other)
    share = share_of(ours, theirs)
    assert share == share_of(theirs, ours)
    assert (share == 1) == (ours == theirs)
    assert 0 <= share <= 1


def test_marks_are_few_and_texts_that_are_alike_nearly_always_share_one() -> None:
    rng = random.Random(5)
    missed = 0
    for _ in range(300):
        words = [chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(80)]
        other = [*words[:48], *(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(32))]
        one, two = "".join(words), "".join(other)
        assert share_of(telling(one), telling(two)) > ALIKE
        assert len(marks_of("", one)) <= KEPT + 8
        missed += not set(marks_of("", one)) & set(marks_of("", two))
    assert missed <= 6
    assert ALIKE < SAME < 1
