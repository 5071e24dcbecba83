"""The clock's rules, one named row each; whole lives against a brute-force oracle are in test_clock_oracle."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.law.calendar import published
from casework.law.clock import (
    Channel,
    Consultation,
    Due,
    Extended,
    Fact,
    FeeNotified,
    FeePaid,
    Party,
    Readings,
    Receipt,
    SupplementReceived,
    SupplementRequested,
    Waiting,
    consultation_lapse,
    due,
    receipt_date,
    replay,
    supplement_notice_due,
    union,
)
from casework.law.periods import PeriodKind, period_due, supplement_period
from casework.law.refusals import Refused

CALENDAR = published()
EXAMPLES = json.loads((Path(__file__).parent / "examples" / "deadlines.json").read_text("utf-8"))

KINDS = {
    "supplement_notice_7wd": PeriodKind.SUPPLEMENT_NOTICE,
    "third_party_15wd": PeriodKind.THIRD_PARTY_REPLY,
    "joint_agency_15wd": PeriodKind.JOINT_AGENCY_REPLY,
    "fee_payment_20wd": PeriodKind.FEE_PAYMENT,
    "cal_days_reconsideration": PeriodKind.RECONSIDERATION_60D,
    "cal_months_litigation": PeriodKind.SUIT_6M,
    "cal_days_sue_after_reconsideration": PeriodKind.SUIT_AFTER_RECONSIDERATION_15D,
    "reconsideration_reply_10wd": PeriodKind.RECONSIDERATION_ANSWER_10WD,
    "cal_days_defence": PeriodKind.DEFENCE_15D,
    "reply_20wd": PeriodKind.REPLY,
    "old_reply_15wd": PeriodKind.REPLY,
    "reply_20wd_after_supplement": PeriodKind.REPLY,
    "reply_20wd_after_fee": PeriodKind.REPLY,
}
"""The examples' rules as the product's periods; the three others need more than a start."""


def days(*parts: int) -> date:
    return date(*parts)


def run(facts: list[Fact], *, on: date = date(2025, 9, 8), **readings: bool) -> Due:
    return replay(Receipt(Channel.IN_PERSON, on), facts, calendar=CALENDAR, readings=Readings(**readings))


def by_rule(example: dict[str, Any]) -> tuple[date | None, bool]:
    start = date.fromisoformat(example["start_date"])
    rule = example["rule"]
    excluded = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in example["excluded_intervals"]]
    if rule == "supplement_period_agency_set":
        answer = supplement_period(example["days"]).due(start, CALENDAR)
    elif rule == "reply_extended_40wd":
        answer = run([Extended(start, example["days"] - 20)], on=start)
    elif excluded:
        return due(start, example["days"], excluded, CALENDAR), False
    else:
        answer = period_due(KINDS[rule], start, CALENDAR)
    return answer.due_on, answer.provisional


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_worked_example(example: dict[str, Any]) -> None:
    due_on, provisional = by_rule(example)
    if example["expected_due"] is None:
        assert provisional
    else:
        assert (str(due_on), provisional) == (example["expected_due"], False)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e["rule"] in ("reply_20wd", "old_reply_15wd")], ids=str)
def test_a_worked_reply_is_the_same_when_replayed(example: dict[str, Any]) -> None:
    start = date.fromisoformat(example["start_date"])
    facts: list[Fact] = []
    if example["id"] == "E39":
        facts = [Consultation(Party.THIRD_PARTY, days(2025, 9, 15), days(2025, 9, 15), days(2025, 9, 29))]
    if example["id"] == "E41":
        facts = [Consultation(Party.THIRD_PARTY, days(2025, 9, 15), days(2025, 9, 15))]
    answer = run(facts, on=start)
    assert answer.provisional is (example["expected_due"] is None)
    if example["expected_due"]:
        assert str(answer.due_on) == example["expected_due"]
    assert [[str(a), str(b)] for a, b in answer.excluded] == example["excluded_intervals"]


# -- receipt (条例 31) -------------------------------------------------------------------------------------------------

ARRIVED, CONFIRMED = date(2023, 10, 9), date(2023, 10, 11)


@pytest.mark.parametrize(
    ("channel", "confirmed", "expected", "warned"),
    [
        ("in_person", None, ARRIVED, False),
        ("signed_mail", None, ARRIVED, False),
        ("online", None, ARRIVED, False),
        ("online", CONFIRMED, ARRIVED, True),  # a later 登记回执 does not move the date (law.md 2.2)
        ("in_person", ARRIVED, ARRIVED, False),
        ("ordinary_mail", CONFIRMED, CONFIRMED, True),
        ("ordinary_mail", ARRIVED, ARRIVED, False),
        ("ordinary_mail", None, ARRIVED, True),
        ("email", CONFIRMED, CONFIRMED, True),
        ("email", None, ARRIVED, True),
        ("fax", CONFIRMED, CONFIRMED, True),
        ("fax", None, ARRIVED, True),
        ("other", CONFIRMED, CONFIRMED, True),
        ("other", None, ARRIVED, True),
    ],
)
def test_the_day_of_receipt_follows_from_the_channel(
    channel: str, confirmed: date | None, expected: date, warned: bool
) -> None:
    receipt = Receipt(Channel(channel), ARRIVED, confirmed)
    assert receipt_date(receipt) == expected
    answer = replay(receipt, calendar=CALENDAR)
    assert (answer.started_on, bool(answer.warnings)) == (expected, warned)


@pytest.mark.parametrize("channel", list(Channel))
def test_a_confirmation_before_the_arrival_is_refused(channel: Channel) -> None:
    with pytest.raises(Refused, match="早于到达") as refused:
        receipt_date(Receipt(channel, ARRIVED, date(2023, 10, 8)))
    assert (refused.value.law, refused.value.field) == ("条例 31", "confirmed_on")


def test_every_channel_has_words_in_both_languages() -> None:
    assert [channel.words.zh for channel in Channel] == ["当面", "邮寄", "平信", "网络", "电子邮件", "传真", "其他"]
    assert all(channel.words.en for channel in Channel)


def test_an_email_on_a_sunday_counts_from_that_sunday_unless_the_agency_reads_otherwise() -> None:
    """The 2017 case of law.md 12.3, under the old 15 days: 7 July, and 10 July as the court accepted."""
    sunday = Receipt(Channel.EMAIL, date(2017, 6, 18), date(2017, 6, 18))
    assert replay(sunday, calendar=CALENDAR).due_on == date(2017, 7, 7)
    court = Readings(rest_day_receipt_moves=True)
    assert replay(sunday, calendar=CALENDAR, readings=court).due_on == date(2017, 7, 10)
    assert (
        replay(sunday, [FeeNotified(date(2017, 6, 18))], calendar=CALENDAR, readings=court).waiting_for
        is Waiting.PAYMENT
    )
    in_person = Receipt(Channel.IN_PERSON, date(2017, 6, 18))
    assert replay(in_person, calendar=CALENDAR, readings=court).due_on == date(2017, 7, 7)
    with pytest.raises(ValueError, match="calendar"):
        receipt_date(sunday, readings=court)


# -- the verbs -------------------------------------------------------------------------------------------------------


def test_the_example_of_the_published_format() -> None:
    facts: list[Fact] = [
        SupplementRequested(days(2025, 9, 12)),
        SupplementReceived(days(2025, 10, 9)),
        Consultation(Party.THIRD_PARTY, days(2025, 10, 15), days(2025, 10, 16), None),
        Extended(days(2025, 10, 20), 10),
        FeeNotified(days(2025, 10, 21)),
        FeePaid(days(2025, 10, 24)),
    ]
    answer = run(facts)
    # 7 November is the first working day after the consultation lapses on the 6th; the 30th is 18 December.
    assert (answer.due_on, answer.started_on) == (date(2025, 12, 18), date(2025, 10, 24))
    assert (answer.working_days, answer.provisional, answer.warnings) == (30, False, ())
    assert answer.excluded == ((date(2025, 10, 16), date(2025, 11, 6)),)
    assert run(facts[:5]).waiting_for is Waiting.PAYMENT
    assert run(facts[:1]).waiting_for is Waiting.SUPPLEMENT
    assert run(facts[:1]).due_on is None
    assert run(facts[:2]).due_on == CALENDAR.add_workdays(days(2025, 10, 9), 20)


def test_a_late_supplement_notice_leaves_the_period_running() -> None:
    limit = supplement_notice_due(days(2025, 9, 8), calendar=CALENDAR)
    assert limit == days(2025, 9, 17)
    assert run([SupplementRequested(limit)]).due_on is None
    facts: list[Fact] = [SupplementRequested(days(2025, 9, 18)), SupplementReceived(days(2025, 9, 22))]
    for so_far in (facts[:1], facts):
        late = run(so_far)
        assert late.due_on == late.risk_on == run([]).due_on
        assert late.waiting_for is None
        assert any("第7个工作日" in warning.zh for warning in late.warnings)
    assert run([*facts, Extended(days(2025, 9, 23), 5)]).working_days == 25


def test_an_agency_may_read_a_late_notice_as_restarting_but_not_after_the_due_date() -> None:
    original = run([]).due_on
    facts: list[Fact] = [SupplementRequested(days(2025, 9, 18)), SupplementReceived(days(2025, 9, 22))]
    assert run(facts[:1], late_notice_restarts=True).waiting_for is Waiting.SUPPLEMENT
    restarted = run(facts, late_notice_restarts=True)
    assert restarted.due_on == CALENDAR.add_workdays(days(2025, 9, 22), 20)
    assert (restarted.risk_on, len(restarted.warnings)) == (original, 1)
    expired = run([SupplementRequested(days(2025, 12, 1))], late_notice_restarts=True)
    assert (expired.due_on, expired.waiting_for) == (original, None)


def test_before_2019_no_notice_was_late_and_the_reply_took_15_days() -> None:
    old, new = date(2019, 5, 14), date(2019, 5, 15)
    assert run([], on=old).due_on == CALENDAR.add_workdays(old, 15)
    assert run([], on=new).due_on == CALENDAR.add_workdays(new, 20)
    assert run([], on=old).steps()[1].law == "2007年条例 24(2)"
    assert run([SupplementRequested(days(2019, 5, 30))], on=old).waiting_for is Waiting.SUPPLEMENT
    with pytest.raises(Refused, match="1至15"):
        run([Extended(days(2019, 5, 20), 16)], on=old)


@pytest.mark.parametrize(
    ("delivered", "answered", "last", "warnings"),
    [
        (days(2025, 9, 16), days(2025, 9, 22), days(2025, 9, 22), 0),
        (days(2025, 9, 16), None, days(2025, 10, 13), 0),
        (days(2025, 9, 16), days(2025, 10, 20), days(2025, 10, 13), 1),  # an answer after the lapse gives no more
        (None, None, days(2025, 10, 11), 1),  # no delivery: counted from dispatch, the earlier day
        (None, days(2025, 9, 22), days(2025, 9, 22), 0),
        (None, days(2025, 10, 20), days(2025, 10, 11), 2),
    ],
)
@pytest.mark.parametrize("party", list(Party))
def test_a_consultation_pauses_until_the_answer_or_its_15th_day(
    party: Party, delivered: date | None, answered: date | None, last: date, warnings: int
) -> None:
    answer = run([Consultation(party, days(2025, 9, 15), delivered, answered)])
    assert answer.excluded == ((days(2025, 9, 16), last),)
    assert len(answer.warnings) == warnings
    assert answer.due_on == due(days(2025, 9, 8), 20, answer.excluded, CALENDAR)


def test_the_lapse_counts_a_worked_weekend() -> None:
    assert consultation_lapse(days(2025, 9, 15), calendar=CALENDAR) == days(2025, 10, 11)


def test_an_answer_on_the_day_of_dispatch_pauses_nothing() -> None:
    answer = run([Consultation(Party.OTHER_AGENCY, days(2025, 9, 15), None, days(2025, 9, 15))])
    assert (answer.excluded, answer.due_on) == ((), run([]).due_on)


def test_overlapping_and_touching_pauses_are_one() -> None:
    a, b, c = (days(2025, 9, n) for n in (16, 20, 25))
    assert union([(b, c), (a, b)]) == ((a, c),)
    assert union([(a, days(2025, 9, 19)), (b, c)]) == ((a, c),)
    assert union([(a, days(2025, 9, 18)), (b, c)]) == ((a, days(2025, 9, 18)), (b, c))
    assert union([(a, c), (b, b)]) == ((a, c),)


def test_a_consultation_after_the_due_date_moves_nothing_and_says_so() -> None:
    end = run([]).due_on
    assert end is not None
    answer = run([Consultation(Party.THIRD_PARTY, end, end)])
    assert (answer.due_on, len(answer.warnings)) == (end, 1)


def test_an_extension_may_be_notified_on_the_last_day_and_survives_a_restart() -> None:
    end = run([]).due_on
    assert end is not None
    assert run([Extended(end, 20)]).due_on == CALENDAR.add_workdays(days(2025, 9, 8), 40)
    facts: list[Fact] = [Extended(days(2025, 9, 9), 20), FeeNotified(end), FeePaid(days(2025, 11, 3))]
    assert run(facts).working_days == 40


def test_payment_late_or_repeated_or_before_the_measures_is_pointed_out() -> None:
    notice = FeeNotified(days(2025, 9, 26))
    assert run([notice, FeePaid(days(2025, 10, 30))]).warnings == ()
    assert len(run([notice, FeePaid(days(2025, 10, 31))]).warnings) == 1
    paid: list[Fact] = [notice, FeePaid(days(2025, 10, 9))]
    assert any("再次" in w.zh for w in run([*paid, FeeNotified(days(2025, 10, 10))]).warnings)
    assert any("2021" in w.zh for w in run([FeeNotified(days(2020, 6, 8))], on=days(2020, 6, 8)).warnings)


# -- refused ---------------------------------------------------------------------------------------------------------

SEP = [date(2025, 9, n + 1) for n in range(30)]
ASKED, ANSWERED = SupplementRequested(SEP[9]), SupplementReceived(SEP[11])
FEE = FeeNotified(SEP[11])

REFUSALS: dict[str, tuple[list[Fact], str, str]] = {
    "a second supplement request": ([ASKED, ANSWERED, SupplementRequested(SEP[12])], "条例 30", "一次性"),
    "a supplement request while one is open": ([ASKED, SupplementRequested(SEP[10])], "条例 30", "一次性"),
    "a supplement nobody asked for": ([ANSWERED], "条例 30", "没有告知"),
    "a supplement received twice": ([ASKED, ANSWERED, SupplementReceived(SEP[12])], "条例 30", "已经收到"),
    "an extension of 21 days": ([Extended(SEP[9], 21)], "条例 33(2)", "1至20"),
    "an extension of no day": ([Extended(SEP[9], 0)], "条例 33(2)", "1至20"),
    "an extension of minus a day": ([Extended(SEP[9], -1)], "条例 33(2)", "1至20"),
    "a second extension": ([Extended(SEP[9], 1), Extended(SEP[10], 1)], "条例 33(2)", "一次"),
    "an extension after the due date": ([Extended(date(2025, 10, 14), 5)], "条例 33(2)", "届满"),
    "an extension while a supplement is awaited": ([ASKED, Extended(SEP[10], 5)], "条例 33(2)", "没有进行"),
    "an extension while payment is awaited": ([FEE, Extended(SEP[12], 5)], "条例 33(2)", "没有进行"),
    "a fee notice after the due date": ([FeeNotified(date(2025, 10, 14))], "国办函〔2020〕109号", "届满"),
    "a fee notice while a supplement is awaited": ([ASKED, FEE], "国办函〔2020〕109号", "没有进行"),
    "a second unpaid fee notice": ([FEE, FeeNotified(SEP[12])], "国办函〔2020〕109号", "尚未缴费"),
    "a payment without notice": ([FeePaid(SEP[12])], "国办函〔2020〕109号", "没有尚未缴费"),
    "a payment made twice": ([FEE, FeePaid(SEP[12]), FeePaid(SEP[13])], "国办函〔2020〕109号", "没有尚未缴费"),
    "a fact before the receipt": ([Extended(SEP[4], 5)], "", "先后"),
    "facts out of order": ([Extended(SEP[12], 5), FeeNotified(SEP[11])], "", "先后"),
    "a delivery before the dispatch": ([Consultation(Party.THIRD_PARTY, SEP[9], SEP[8])], "条例 32", "早于寄出"),
    "an answer before the dispatch": (
        [Consultation(Party.OTHER_AGENCY, SEP[9], None, SEP[8])],
        "条例 34",
        "早于寄出或者送达",
    ),
    "an answer before the delivery": (
        [Consultation(Party.THIRD_PARTY, SEP[9], SEP[12], SEP[11])],
        "条例 32",
        "早于寄出或者送达",
    ),
    "a day the calendar cannot know": ([Consultation(Party.THIRD_PARTY, date(9999, 12, 31))], "放假办法", "推算"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_law_refuses(name: str) -> None:
    facts, law, words = REFUSALS[name]
    with pytest.raises(Refused, match=words) as refused:
        run(facts)
    assert refused.value.law == law
    assert refused.value.sentence.en
    assert "{" not in refused.value.sentence.zh + refused.value.sentence.en
    run(facts[:-1])  # what came before was allowed


def test_a_receipt_before_the_calendar_is_refused() -> None:
    for on in (date(1900, 1, 1), date(2007, 12, 31), date(9999, 12, 31)):
        with pytest.raises(Refused, match="推算"):
            run([], on=on)


# -- periods and explanations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "start", "expected"),
    [
        ("reply", days(2019, 5, 14), days(2019, 6, 4)),
        ("reply", days(2019, 5, 15), days(2019, 6, 13)),
        ("reconsideration_answer_5wd", days(2025, 9, 30), days(2025, 10, 14)),
        ("publish_20wd", days(2025, 9, 30), days(2025, 11, 4)),
        ("suit_6m", days(2025, 8, 31), days(2026, 2, 28)),  # month end (民法典 202); a worked Saturday does not roll
        ("suit_6m", days(2023, 8, 31), days(2024, 2, 29)),
        ("suit_6m", days(2025, 3, 10), days(2025, 9, 10)),
        ("suit_after_reconsideration_15d", days(2025, 9, 26), days(2025, 10, 11)),  # Saturday 11 Oct is worked
        ("reconsideration_60d", days(2025, 3, 3), days(2025, 5, 6)),  # the 60th day lies in the May holidays
    ],
)
def test_a_statutory_period(kind: str, start: date, expected: date) -> None:
    answer = period_due(PeriodKind(kind), start, CALENDAR)
    assert answer.due_on == expected
    steps = answer.steps()
    assert (steps[0].on, steps[0].counts, steps[-1].on) == (start, False, expected)
    assert "期限届满" in steps[-1].why.zh
    if kind == "reconsideration_60d":
        assert [(s.on, s.day) for s in steps if s.day == 60] == [(days(2025, 5, 2), 60)]
        assert sum("顺延" in s.why.zh for s in steps) == 4
        assert sum(s.counts for s in steps) == 61  # sixty days and the day they roll over to


def test_every_published_kind_is_in_the_table_with_an_article_and_both_languages() -> None:
    for kind in PeriodKind:
        answer = period_due(kind, days(2025, 3, 3), CALENDAR)
        assert (answer.due_on or date.min) > days(2025, 3, 3)
        assert answer.basis.law
        assert answer.warnings == ()


def test_a_period_from_before_its_law_says_so() -> None:
    assert (
        "2024年1月1日" in period_due(PeriodKind.RECONSIDERATION_ANSWER_10WD, days(2023, 6, 5), CALENDAR).warnings[0].zh
    )


def test_the_agency_must_give_some_time_for_a_supplement() -> None:
    with pytest.raises(Refused, match="至少"):
        supplement_period(0)


def test_the_steps_name_the_reason_of_every_day() -> None:
    """Extension, pause, holiday, worked weekend and rest day in one life."""
    answer = run(
        [
            Consultation(Party.THIRD_PARTY, days(2025, 9, 22), days(2025, 9, 22), days(2025, 9, 24)),
            Extended(days(2025, 10, 9), 2),
        ]
    )
    steps = {step.on: step for step in answer.steps()}
    assert answer.due_on == days(2025, 10, 16) == max(steps)
    expected = {
        days(2025, 9, 8): (False, None, "收到申请之日，不计算在内", "条例 31"),
        days(2025, 9, 9): (True, 1, "星期二，工作日", "条例 33(2)"),
        days(2025, 9, 13): (False, None, "星期六，休息日，不计入", "国务院关于职工工作时间的规定 7"),
        days(2025, 9, 23): (
            False,
            None,
            "征求第三方意见期间（2025年9月23日至2025年9月24日），不计入",
            "条例 33(3)",
        ),
        days(2025, 9, 28): (
            True,
            13,
            "星期日，因国庆节、中秋节调休上班，计为工作日（国办发明电〔2024〕12号）",
            "条例 33(2)",
        ),
        days(2025, 10, 1): (
            False,
            None,
            "星期三，国庆节、中秋节放假（国办发明电〔2024〕12号），不计入",
            "国办发明电〔2024〕12号",
        ),
        days(2025, 10, 14): (True, 20, "星期二，工作日", "条例 33(2)"),
        days(2025, 10, 15): (True, 21, "星期三，工作日；延长期限的第1个工作日", "条例 33(2)"),
        days(2025, 10, 16): (True, 22, "星期四，工作日；延长期限的第2个工作日；期限届满之日", "条例 33(2)"),
    }
    for on, (counts, day, why, law) in expected.items():
        assert (steps[on].counts, steps[on].day, steps[on].why.zh, steps[on].law) == (counts, day, why, law)
    assert all(step.edition == "国办发明电〔2024〕12号" for step in steps.values())
    assert steps[days(2025, 10, 1)].why.en == (
        "Wednesday, off for National Day and Mid-Autumn Festival (国办发明电〔2024〕12号); does not count"
    )


def test_a_waiting_clock_explains_itself_in_one_step() -> None:
    (step,) = run([FeeNotified(days(2025, 9, 26))]).steps()
    assert (step.on, step.counts, step.law) == (days(2025, 9, 26), False, "国办函〔2020〕109号")
    (step,) = run([ASKED]).steps()
    assert (step.on, step.law) == (SEP[9], "条例 30")


def test_a_day_beyond_the_notices_makes_the_date_provisional_and_says_so() -> None:
    assert not run([], on=days(2026, 12, 2)).provisional
    assert run([], on=days(2026, 12, 2)).due_on == days(2026, 12, 30)
    answer = run([], on=days(2026, 12, 10))
    assert answer.provisional
    assert "2027年" in answer.warnings[-1].zh
    assert "暂按工作日" in answer.steps()[-1].why.zh
    assert run([], on=CALENDAR.horizon).steps()


def test_days_left_counts_working_days_outside_the_pauses() -> None:
    paused = run([Consultation(Party.THIRD_PARTY, days(2025, 9, 15), days(2025, 9, 15), days(2025, 9, 29))])
    assert paused.due_on == days(2025, 10, 27)
    assert [paused.days_left(on) for on in (days(2025, 9, 8), days(2025, 9, 15), days(2025, 9, 20))] == [20, 15, 15]
    assert [paused.days_left(on) for on in (days(2025, 10, 24), days(2025, 10, 27))] == [1, 0]
    assert [paused.days_left(on) for on in (days(2025, 10, 28), days(2025, 11, 3))] == [-1, -5]
    assert run([ASKED]).days_left(SEP[10]) is None
