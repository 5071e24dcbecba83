"""Given a period that ran out in silence, the page says so on the next day, with the safer step first (条例 33, 51)."""

from datetime import date

from time_machine import Traveller

from casework.law.outcomes import Outcome
from casework.models import Case
from tests import cast
from tests.portal.visitor import Visitor, words


def test_from_the_last_day_to_a_late_reply(players: cast.Cast, now: Traveller) -> None:
    visitor = Visitor()
    # Given an application due on 29 October
    filed = cast.registered(players, on=date(2026, 9, 25))
    now.move_to(cast.moment(date(2026, 10, 29), 12))
    assert "可以这样做" not in words(visitor.opens(filed.case, filed.query_code))

    # When nothing has come by the end of that day
    now.move_to(cast.moment(date(2026, 10, 30)))
    page = words(visitor.opens(filed.case, filed.query_code))

    # Then reconsideration stands first, with a last day that is sure
    assert page.index("申请行政复议") < page.index("提起行政诉讼")
    assert "最后一天： 2026年12月28日（周一）" in page
    following = words(visitor.get(f"/follow/{filed.case.pk}/next/"))
    assert "答复期限于2026年10月29日届满，被申请人至今没有答复。" in following
    assert "确认被申请人没有在法定期限内答复" in following

    # And a reply that comes late does not undo that it was late (law.md 4.13)
    cast.closed(players, Case.objects.get(), Outcome.GRANTED, on=date(2026, 11, 3))
    now.move_to(cast.moment(date(2026, 11, 4)))
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "答复逾期了，期限是这样计算的" in page
    assert "答复逾期。" in words(visitor.get(f"/follow/{filed.case.pk}/next/"))
