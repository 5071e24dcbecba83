"""Upheld in reconsideration, sued, annulled in the first instance, appealed: one dispute each, linked."""

from datetime import date

import pytest

from casework import annual
from casework.law.refusals import Refused
from casework.models import Dispute
from tests.cast import Cast, moment
from tests.disputing import disputed, refused, told

pytestmark = pytest.mark.django_db


def test_each_stands_in_its_group_and_the_suit_names_its_reconsideration(players: Cast) -> None:
    case = refused(players, received=date(2026, 3, 2), replied=date(2026, 3, 16))
    review = disputed(players, case, on=date(2026, 4, 1), simplified=True)
    assert review.answer_due() is not None
    told(players, review, "answered", date(2026, 4, 3))
    told(players, review, "decided", date(2026, 5, 6), "upheld")
    suit = disputed(
        players,
        case,
        on=date(2026, 5, 25),
        kind="suit_after_reconsideration",
        after=review,
        docket_number="（2026）黑04行初9号",
    )
    told(players, suit, "answered", date(2026, 6, 5))
    told(players, suit, "decided", date(2026, 8, 3), "revoked")
    told(
        players, suit, "we_appealed", date(2026, 8, 17), organ="鹤岗市中级人民法院", docket_number="（2026）黑04行终2号"
    )

    suit = Dispute.objects.get(pk=suit.pk)
    assert (suit.after, suit.organ, suit.docket_number) == (review, "鹤岗市中级人民法院", "（2026）黑04行终2号")
    assert suit.is_pending
    assert suit.answer_due() is None  # our own appeal is answered by the other side
    table = annual.disputes_of([players.dongshan], 2026)
    assert table.figure("reconsideration", "upheld") == 1
    assert table.figure("suit_after_reconsideration", "pending") == 1
    assert table.figure("direct_suit", "total") == 0
    assert all(check.holds for check in table.checks())
    assert suit.warning() is None  # it was reviewed first, as 复议法 23 wants


def test_it_names_a_reconsideration_of_the_same_matter_or_says_which(players: Cast) -> None:
    on = date(2026, 5, 25)
    case = refused(players, received=date(2026, 3, 2), replied=date(2026, 3, 16))
    other = refused(players, received=date(2026, 3, 2), replied=date(2026, 3, 16))
    review = disputed(players, other, on=date(2026, 4, 1))
    kind = "suit_after_reconsideration"
    with pytest.raises(Refused, match="请选择经过的复议"):
        disputed(players, case, on=on, kind=kind)
    with pytest.raises(Refused, match="不是针对同一申请"):
        disputed(players, case, on=on, kind=kind, after=review)
    with pytest.raises(Refused, match="只有复议后起诉"):
        disputed(players, other, on=on, kind="direct_suit", after=review)
    suit = disputed(players, case, on=on, kind="direct_suit")
    with pytest.raises(Refused, match="没有找到这件复议"):
        disputed(players, case, on=on, kind=kind, after=suit)
    before = disputed(players, case, on=on, kind=kind, about="鹤政复〔2026〕3号维持", at=moment(on, 11))
    assert before.after is None
