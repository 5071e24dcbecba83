"""Chinese is found by its words: against naive search in every text, on whichever database the suite runs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import wordsearch
from casework.actions import registers
from casework.law.registers import Register
from casework.models import Publication, Searchable
from casework.wordsearch.pairs import folded, keys, sought
from casework.wordsearch.public import all_public, public_like
from tests.cast import Cast, moment
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

TODAY = AS_OF.date()
#: Few characters, so that words of one text come back in another; wide and rare ones, marks and case among them.
LETTERS = st.sampled_from("教育局预算公开a1Ａİß𠮷囧é ，。《》\u202e\u0301〔〕-_%'\"*\\\n")
TEXTS = st.text(LETTERS, max_size=24)


def entries(players: Cast, texts: list[str]) -> list[wordsearch.Entry]:
    return [wordsearch.Entry("publication", at, players.dongshan.pk, text, TODAY) for at, text in enumerate(texts)]


def of(rows: Any) -> list[int]:
    return sorted(rows.values_list("of", flat=True))


@settings(max_examples=40)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8), query=TEXTS)
def test_it_finds_what_looking_into_every_text_finds(players: Cast, texts: list[str], query: str) -> None:
    wordsearch.rebuild(entries(players, texts))
    words = folded(query).split()
    naive = [at for at, text in enumerate(texts) if words and all(word in folded(text) for word in words)]
    assert of(wordsearch.containing(query)) == naive


@settings(max_examples=30)
@given(before=st.lists(TEXTS, min_size=2, max_size=5), after=TEXTS, query=st.text(LETTERS, min_size=1, max_size=3))
def test_what_was_changed_is_found_as_it_is_and_what_is_gone_not_at_all(
    players: Cast, before: list[str], after: str, query: str
) -> None:
    wordsearch.rebuild(entries(players, before))
    wordsearch.keep(entries(players, [after]))
    wordsearch.forget("publication", [1])
    now = {at: text for at, text in enumerate([after, *before[1:]]) if at != 1}
    words = folded(query).split()
    assert of(wordsearch.containing(query)) == [
        at for at, text in now.items() if words and all(word in folded(text) for word in words)
    ]
    held = [at for at, text in now.items() if set(keys(folded(text))) & set(sought(folded(query)))]
    assert {like.found.of for like in wordsearch.alike(query, least=0.0001, most=9)} <= set(held)
    for key, count in wordsearch.frequencies(sought(folded(query))).items():
        assert count == sum(key in keys(folded(text)) for text in now.values())


@given(text=TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_word_of_two_characters_is_found_inside_a_longer_one(players: Cast) -> None:
    wordsearch.rebuild(entries(players, ["东山区教育局２０２４年部门预算", "东山区民政局2024年决算", "教师培育计划"]))
    assert of(wordsearch.containing("教育")) == [0]
    assert of(wordsearch.containing("2024年")) == [0, 1]
    assert of(wordsearch.containing("预")) == [0]
    assert of(wordsearch.containing("民政 决算")) == [1]
    assert of(wordsearch.containing("，。")) == []


def test_pairs_that_stand_apart_are_no_word(players: Cast) -> None:
    wordsearch.rebuild(entries(players, ["教育与育局"]))
    assert of(wordsearch.containing("教育局")) == []


def test_the_most_alike_come_first_and_everyday_words_are_not_enough(players: Cast) -> None:
    texts = [f"东山区人民政府办公室关于第{number}号事项的通知" for number in range(40)]
    texts += ["东山区2025年老旧小区改造项目清单", "东山区2025年农村公路改造项目清单"]
    wordsearch.rebuild(entries(players, texts))
    found = wordsearch.alike("申请公开2025年东山区老旧小区改造项目清单及资金安排。", least=0.5, most=5)
    assert [like.found.of for like in found] == [40, 41]
    assert found[0].share > found[1].share
    assert wordsearch.alike("东山区殡葬服务收费", least=0.5, most=5) == []


def test_finding_asks_the_database_three_times_however_much_there_is(
    players: Cast, django_assert_num_queries: Any
) -> None:
    for size in (3, 300):
        wordsearch.rebuild(entries(players, [f"东山区2025年老旧小区改造项目清单{at}" for at in range(size)]))
        with django_assert_num_queries(3):
            public_like("老旧小区改造项目清单", players.dongshan, on=TODAY)


def test_the_registers_keep_the_index_in_step(players: Cast) -> None:
    at = moment(TODAY)
    by: dict[str, Any] = {"by": players.wang, "at": at}
    account = registers.record(
        players.dongshan,
        Register.ACCOUNTS,
        {"channel": "website", "name": "门户网站", "opened_on": date(2020, 1, 1), "silent_days": 14},
        **by,
    )
    facts = {
        "channel": "website",
        "account": account.pk,
        "column": "财政信息",
        "on": TODAY - timedelta(days=3),
        "title": "2025年部门预算",
    }
    first = registers.record(players.dongshan, Register.PUBLICATIONS, facts, **by)
    assert of(wordsearch.containing("部门预算")) == [first.pk]
    second = registers.correct(first, facts | {"title": "2025年部门决算"}, reason="标题有误", **by)
    assert of(wordsearch.containing("部门预算")) == []
    assert of(wordsearch.containing("财政 决算")) == [first.pk]
    call_command("rebuild_wordsearch", check=True)
    registers.strike(second, reason="重复", **by)
    assert not Searchable.objects.exists()
    batch = facts | {
        "title": "",
        "on": None,
        "month": TODAY.replace(day=1),
        "number": 4,
        "column": "要闻",
        "source": "后台",
    }
    registers.record(players.dongshan, Register.PUBLICATIONS, batch, **by)
    stated = [key for key in facts if key != "channel"]
    rows = [facts | {"title": f"第{n}次会议"} for n in range(3)]
    registers.take_in(players.dongshan, Register.PUBLICATIONS, rows, stated=stated, **by)
    assert wordsearch.containing("会议").count() == 3
    assert list(wordsearch.differences(all_public())) == []


def test_an_index_that_fell_out_of_step_is_told_and_rebuilt(players: Cast) -> None:
    wordsearch.keep(entries(players, ["无中生有"]))
    with pytest.raises(CommandError):
        call_command("rebuild_wordsearch", check=True)
    call_command("rebuild_wordsearch")
    call_command("rebuild_wordsearch", check=True)
    assert not Publication.objects.exists()
    assert not Searchable.objects.exists()
