"""Given clearly too many applications, the office may ask for reasons and judges them; the clock goes on (条例 35)."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from casework.actions import excess
from casework.law.letters import LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.letters import draft
from casework.models import Case, Event, Kind, ReasonsRequest, frequency
from tests.cast import CREDIT_CODE, Cast, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, ASKED, ANSWERED = date(2026, 10, 21), date(2026, 10, 26), date(2026, 11, 2)
DUE = date(2026, 11, 18)
WHY = "一年内申请三百件。"


def asked(players: Cast, **changes: Any) -> Case:
    case = registered(players, on=RECEIVED).case
    given: dict[str, Any] = {"why": WHY, "on": ASKED, "by": players.wang, "at": moment(ASKED)} | changes
    excess.ask_reasons(case, **given)
    return case


def answered(players: Cast) -> Case:
    case = asked(players)
    excess.record_reasons(case, answer="研究需要。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    return case


def judged(players: Cast, *, reasonable: bool, on: date = ANSWERED) -> None:
    excess.judge_reasons(
        Case.objects.get(), reasonable=reasonable, grounds="内容互不相关。", on=on, by=players.wang, at=moment(on)
    )


def test_asking_answering_and_judging_stop_no_clock(players: Cast) -> None:
    case = asked(players)
    assert (Case.objects.get().state, Case.objects.get().due_on) == ("received", DUE)
    excess.record_reasons(case, answer="研究需要。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    judged(players, reasonable=False)
    assert Case.objects.get().due_on == DUE
    closed(players, Case.objects.get(), Outcome.NOT_PROCESSED_4, on=date(2026, 11, 10))
    assert Case.objects.get().state == "not_processed"


@pytest.mark.parametrize("stage", ["not asked", "asked", "answered", "reasonable"])
def test_nothing_but_reasons_judged_unreasonable_opens_the_refusal_to_process(players: Cast, stage: str) -> None:
    if stage == "not asked":
        registered(players, on=RECEIVED)
    elif stage == "asked":
        asked(players)
    else:
        answered(players)
    if stage == "reasonable":
        judged(players, reasonable=True)
    with pytest.raises(Refused, match="认定理由不合理") as refusal:
        proposed(players, Case.objects.get(), Outcome.NOT_PROCESSED_4, on=date(2026, 11, 10))
    assert refusal.value.law == "条例 35"
    proposed(players, Case.objects.get(), Outcome.GRANTED, on=date(2026, 11, 10))  # all else stays open


def test_silence_is_judged_only_after_the_last_day_of_the_period(players: Cast) -> None:
    asked(players, days=5)
    last = ReasonsRequest.objects.get().period_ends_on
    assert last == date(2026, 11, 2)
    before = (ReasonsRequest.objects.values().get(), Event.objects.count())
    with pytest.raises(Refused, match="期限也没有届满") as refusal:
        judged(players, reasonable=False, on=last)
    assert refusal.value.law == "条例 35"
    assert (ReasonsRequest.objects.values().get(), Event.objects.count()) == before
    judged(players, reasonable=False, on=date(2026, 11, 3))
    assert ReasonsRequest.objects.get().reasonable is False


def test_a_late_answer_is_recorded_and_judged_anew(players: Cast) -> None:
    asked(players, days=5)
    judged(players, reasonable=False, on=date(2026, 11, 3))
    late = date(2026, 11, 5)
    excess.record_reasons(Case.objects.get(), answer="住院了。", on=late, by=players.wang, at=moment(late))
    with pytest.raises(Refused, match="认定理由不合理"):
        proposed(players, Case.objects.get(), Outcome.NOT_PROCESSED_4, on=late)
    judged(players, reasonable=True, on=late)
    assert ReasonsRequest.objects.get().reasonable is True


def test_reasons_are_asked_for_once_recorded_once_and_judged_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="还没有要求说明理由"):
        excess.record_reasons(case, answer="研究需要。", on=ASKED, by=players.wang, at=moment(ASKED))
    with pytest.raises(Refused, match="还没有要求说明理由"):
        judged(players, reasonable=True)
    excess.ask_reasons(case, why=WHY, on=ASKED, by=players.wang, at=moment(ASKED))
    with pytest.raises(Refused, match="已经要求说明理由") as refusal:
        excess.ask_reasons(case, why="又来了。", on=ASKED, by=players.wang, at=moment(ASKED))
    assert refusal.value.law == "条例 35"
    with pytest.raises(Refused, match="早于"):
        excess.record_reasons(case, answer="研究", on=date(2026, 10, 23), by=players.wang, at=moment(ANSWERED))
    excess.record_reasons(case, answer="研究需要。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    with pytest.raises(Refused):
        excess.record_reasons(case, answer="再说一次。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    judged(players, reasonable=True)
    with pytest.raises(Refused, match="已经认定"):
        judged(players, reasonable=False)
    assert ReasonsRequest.objects.get().answer == "研究需要。"


@pytest.mark.parametrize("days", [0, -1, 121])
def test_the_time_to_answer_is_the_agencys_setting_within_bounds(players: Cast, days: int) -> None:
    with pytest.raises(Refused, match="1至120") as refusal:
        asked(players, days=days)
    assert (refusal.value.law, refusal.value.field) == ("条例 35", "days")
    players.dongshan.reasons_days = 7
    players.dongshan.save()
    asked(players)
    assert ReasonsRequest.objects.get().period_ends_on == date(2026, 11, 4)


def test_the_notice_says_why_what_and_until_when(players: Cast) -> None:
    asked(players, days=5)
    text = draft(Case.objects.get(), LetterKind.REASONS, on=ASKED).page.text
    for words in ("第三十五条", WHY.rstrip("。"), "2026年11月2日", "请说明在上述期间内提出"):
        assert words in text, words


def test_the_judgement_stays_inside_the_office(players: Cast) -> None:
    answered(players)
    judged(players, reasonable=False)
    event = Event.objects.get(kind=Kind.REASONS_JUDGED)
    assert event.for_office().zh == "王敏认定申请人的理由不合理：内容互不相关。"
    assert event.for_applicant() is None


# How often: what the page counts -------------------------------------------------------------------------------------


def test_applications_are_counted_by_month_for_a_year_in_all_and_as_a_share(players: Cast) -> None:
    for on, count in ((date(2025, 10, 31), 2), (date(2025, 11, 30), 1), (date(2026, 10, 31), 3), (RECEIVED, 1)):
        for _ in range(count):
            registered(players, on=on)
    case = Case.objects.last()
    assert case is not None
    other: dict[str, Any] = {"identity_kind": "credit_code", "identity_number": CREDIT_CODE, "name": "某公司"}
    for _ in range(5):
        registered(players, on=RECEIVED, **other)
    seen = frequency.frequency(case, on=date(2026, 10, 31))
    assert [month.count for month in seen.months] == [1, *[0] * 10, 4]
    assert [seen.months[0].first_on, seen.months[-1].first_on] == [date(2025, 11, 1), date(2026, 10, 1)]
    assert (seen.in_year, seen.total, seen.of_all, seen.share, seen.most) == (5, 7, 10, Fraction(1, 2), 4)


def test_what_comes_later_and_who_is_only_alike_is_not_counted(players: Cast) -> None:
    unproven: dict[str, Any] = {"identity_kind": "", "identity_number": ""}
    first = registered(players, on=RECEIVED, **unproven).case
    registered(players, on=RECEIVED, **unproven)
    registered(players, on=ASKED)
    seen = frequency.frequency(first, on=RECEIVED)
    assert (seen.in_year, seen.total, seen.of_all) == (1, 1, 2)
