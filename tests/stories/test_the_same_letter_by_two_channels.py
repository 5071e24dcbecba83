"""Given the same application by e-mail and by post: both are registered and linked, and neither is a repetition."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.actions import related
from casework.annual import matrix_of
from casework.desk.likeness import alikeness, likely_same
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, CaseLink, Event, LinkKind, links_of
from tests.cast import CREDIT_CODE, Cast, closed, moment, registered

pytestmark = pytest.mark.django_db

FIRST, TODAY = date(2026, 11, 10), date(2026, 11, 16)
WORDS = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"


def by_both(players: Cast) -> tuple[Case, Case]:
    return registered(players, on=FIRST).case, registered(players, on=TODAY).case


def link(players: Cast, later: Case, earlier: Case) -> Event:
    return related.link_duplicate(
        later, earlier=earlier, reason="同一份申请书，又寄来原件", by=players.wang, at=moment(TODAY)
    )


def test_both_are_registered_and_each_shows_the_other(players: Cast) -> None:
    first, second = by_both(players)
    link(players, second, first)
    assert CaseLink.objects.get().kind == LinkKind.DUPLICATE_OF
    ((_link, other, words),) = links_of(first)
    assert (other, second.number in words.zh) == (second, True)
    ((_link, other, words),) = links_of(second)
    assert (other, first.number in words.zh) == (first, True)
    assert [case.is_open for case in Case.objects.all()] == [True, True]


def test_the_later_one_ends_as_other_and_both_are_counted(players: Cast) -> None:
    """law.md 6.4: (六)3, since 36(6) needs a reply."""
    first, second = by_both(players)
    link(players, second, first)
    closed(players, Case.objects.get(pk=second.pk), Outcome.OTHER_3, on=TODAY)
    table = matrix_of([players.dongshan], 2026)
    assert [table.cell(row, "total") for row in ("new", "other_3", "carried_out")] == [2, 1, 1]
    assert all(check.holds for check in table.checks())


def test_once_answered_it_is_a_repetition(players: Cast) -> None:
    """条例 36(6): 行政机关已经作出答复."""
    first = registered(players, on=FIRST).case
    closed(players, first, Outcome.GRANTED, on=FIRST)
    second = registered(players, on=TODAY).case
    link(players, second, Case.objects.get(pk=first.pk))
    assert CaseLink.objects.get().kind == LinkKind.REPEATS


def test_what_was_withdrawn_was_never_answered(players: Cast) -> None:
    first = registered(players, on=FIRST).case
    closed(players, first, Outcome.OTHER_3, on=FIRST)
    second = registered(players, on=TODAY).case
    link(players, second, Case.objects.get(pk=first.pk))
    assert CaseLink.objects.get().kind == LinkKind.DUPLICATE_OF


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"content": "请公开二〇二五年东山区老旧小区改造项目清单及资金安排"}, True),
        ({"identity_kind": "", "identity_number": ""}, True),
        ({"content": "申请公开东山小学扩建工程的环境影响评价批复。"}, False),
        ({"name": "李四", "identity_kind": "", "identity_number": ""}, False),
        ({"identity_kind": "credit_code", "identity_number": CREDIT_CODE}, False),
    ],
    ids=[
        "the same",
        "in other figures",
        "without a number",
        "another matter",
        "another name",
        "another number",
    ],
)
def test_the_desk_suggests_what_may_be_the_same(players: Cast, changes: dict[str, Any], found: bool) -> None:
    first = registered(players, on=FIRST).case
    second = registered(players, on=TODAY, **changes).case
    assert likely_same(second) == ([first] if found else [])


def test_after_a_month_or_when_linked_nothing_is_suggested(players: Cast) -> None:
    late = registered(players, on=FIRST - timedelta(days=31)).case
    first, second = by_both(players)
    assert late not in likely_same(first)
    link(players, second, first)
    assert likely_same(second) == likely_same(Case.objects.get(pk=first.pk)) == []


def test_alikeness_knows_no_order_and_no_punctuation() -> None:
    assert alikeness(WORDS, WORDS.replace("，", "")) == 1
    assert alikeness("", WORDS) == alikeness("路", "路") == 0


def test_what_cannot_be_the_same_is_not_linked(players: Cast) -> None:
    first, second = by_both(players)
    stranger = registered(players, on=FIRST, identity_kind="credit_code", identity_number=CREDIT_CODE).case
    players.wang.appointments.create(agency=players.civil, role="clerk")
    players.wang.__dict__.pop("_roles", None)
    elsewhere = registered(players, on=FIRST, agency=players.civil).case
    for later, earlier, sentence in (
        (second, stranger, "证件号码不同"),
        (second, second, "不能与本件自己关联"),
        (first, second, "后收到的"),
        (second, elsewhere, "没有找到"),
    ):
        with pytest.raises(Refused, match=sentence):
            link(players, later, earlier)
    link(players, second, first)
    with pytest.raises(Refused, match="已经关联"):
        link(players, second, first)
    assert CaseLink.objects.count() == 1
