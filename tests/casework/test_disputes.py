"""Reconsideration and suits on file: who may, what is kept, who hears, and table 四 against a count of its own."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import annual
from casework.access import AGENCY_ACTS, AgencyAct, disputes_visible_to
from casework.actions import dispute as verbs
from casework.actions.settings import change_settings
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTE_RESULTS, DISPUTES
from casework.models import Dispute, DisputeStep, Kind, Role, SettingChange, Staff, overturned
from casework.sweeps import ask_for_answers
from notifications.models import Message
from tests.cast import Cast, moment, person, registered
from tests.disputing import disputed, refused, told

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 2)


# Who may -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*Role, None, "elsewhere"])
def test_who_may_record_and_who_may_read(players: Cast, role: Any) -> None:
    dispute = disputed(players, None, on=ON)
    if role == "elsewhere":
        by = players.zhao
    elif role is None:
        by = Staff.objects.create(username="nobody", password="!")
    else:
        by = person("only", "某人", players.dongshan, role)
    records = {verbs.record_dispute, verbs.record_stage, verbs.correct_stage, verbs.strike_out}
    wanted = role in (Role.CLERK, Role.HEAD)
    assert AGENCY_ACTS[AgencyAct.RECORD_DISPUTES].roles == {Role.CLERK.value, Role.HEAD.value}
    for verb in records:
        step = dispute.steps_in_order[0]
        given: dict[Any, Any] = {
            verbs.record_dispute: lambda: disputed(players, None, on=ON, by=by),
            verbs.record_stage: lambda: told(players, dispute, "heard", ON, by=by),
            verbs.correct_stage: lambda step=step: verbs.correct_stage(
                step, on=ON, organ="甲", reason="误", by=by, at=moment(ON)
            ),
            verbs.strike_out: lambda step=step: verbs.strike_out(step, reason="误", by=by, at=moment(ON)),
        }
        with transaction.atomic():
            if wanted:
                given[verb]()
            else:
                with pytest.raises(Refused, match=r"^不能登记复议、诉讼"):
                    given[verb]()
            transaction.set_rollback(True)
        dispute.forget_steps()
    with pytest.raises(Refused, match=r"^不能" if not wanted else "没有另立"):
        verbs.reopen(dispute, received_on=ON, by=by, at=moment(ON))
    reads = role in (Role.CLERK, Role.HEAD, Role.REVIEWER, Role.SECRECY_REVIEWER, Role.AUDITOR)
    assert disputes_visible_to(by).exists() == reads


# What is kept --------------------------------------------------------------------------------------------------------


def test_steps_are_added_and_never_changed(players: Cast) -> None:
    dispute = disputed(players, None, on=ON)
    step = dispute.steps.get()
    for act in (step.save, step.delete, DisputeStep.objects.all().delete, lambda: DisputeStep.objects.update(on=ON)):
        with pytest.raises(TypeError, match="append-only"):
            act()


def test_a_correction_takes_the_place_of_the_mistake_which_stays_on_file(players: Cast) -> None:
    dispute = disputed(players, None, on=ON)
    told(players, dispute, "answered", ON)
    wrong = told(players, dispute, "decided", date(2026, 5, 6), "upheld")
    right = verbs.correct_stage(
        wrong, on=date(2026, 5, 7), result="changed", reason="看错了", by=players.li, at=moment(date(2026, 5, 8))
    )
    assert [step.stage for step in dispute.steps_in_order] == ["received", "answered", "decided"]
    assert (dispute.steps_in_order[-1], right.corrects, dispute.steps.count()) == (right, wrong, 4)
    assert annual.disputes_of([players.dongshan], 2026).figure("reconsideration", "corrected") == 1
    with pytest.raises(Refused, match="已经更正过"):
        verbs.correct_stage(wrong, on=ON, result="upheld", reason="x", by=players.li, at=moment(date(2026, 5, 8)))
    # The notice of the same day keeps its place before the answer.
    verbs.correct_stage(dispute.steps_in_order[0], on=ON, organ="乙", reason="x", by=players.li, at=moment(ON))
    assert (dispute.organ, dispute.steps_in_order[0].stage) == ("乙", "received")
    first = dispute.steps_in_order[0]
    with pytest.raises(Refused, match="早于收到"):
        verbs.correct_stage(
            first, on=date(2026, 3, 9), organ="乙", reason="x", by=players.li, at=moment(date(2026, 5, 8))
        )


def test_what_was_recorded_by_mistake_is_struck_out_and_counted_nowhere(players: Cast) -> None:
    dispute = disputed(players, None, on=ON)
    decided = told(players, dispute, "decided", date(2026, 5, 6), "upheld")
    verbs.strike_out(decided, reason="尚未送达", by=players.wang, at=moment(date(2026, 5, 7)))
    assert dispute.is_pending
    verbs.strike_out(dispute.steps_in_order[0], reason="是别的机关的", by=players.wang, at=moment(date(2026, 5, 8)))
    assert dispute.is_struck_out
    assert not Dispute.objects.awaiting_answer().exists()
    assert annual.disputes_of([players.dongshan], 2026).figure("reconsideration", "total") == 0


@pytest.mark.parametrize(
    ("given", "refused_with"),
    [
        ({"kind": "x"}, "请选择是行政复议"),
        ({"complainant": " "}, "必须填写"),
        ({"organ": ""}, "必须填写"),
        ({"about": " "}, "必须填写"),
        ({"kind": "direct_suit", "simplified": True}, "简易程序"),
        ({"docket_number": "鹤政复〔2026〕1号"}, "已经登记过"),
        ({"on": date(2026, 3, 3), "at": moment(ON)}, "还没有到"),
        ({"organ": "甲\x07"}, "控制字符"),
    ],
)
def test_what_cannot_be_right_is_refused_and_leaves_nothing(
    players: Cast, given: dict[str, Any], refused_with: str
) -> None:
    disputed(players, None, on=ON, docket_number="鹤政复〔2026〕1号")
    with pytest.raises(Refused, match=refused_with):
        disputed(players, None, **({"on": ON} | given))
    assert Dispute.objects.count() == 1


def test_another_agencys_case_and_a_draft_are_not_attacked(players: Cast) -> None:
    case = registered(players, on=ON).case
    with pytest.raises(Refused, match="不是本机关的"):
        verbs.record_dispute(
            players.elsewhere,
            kind="direct_suit",
            on=ON,
            organ="甲",
            complainant="乙",
            case=case,
            by=players.zhao,
            at=moment(ON),
        )
    silence = disputed(players, case, on=ON, kind="direct_suit")
    assert (silence.decision, silence.warning()) == (None, None)
    assert case.events.latest("id").kind == Kind.DISPUTED


def test_the_database_itself_keeps_a_dispute_whole(players: Cast) -> None:
    common: dict[str, Any] = {"agency": players.dongshan, "complainant": "乙", "recorded_by": players.wang}
    for wrong in (
        {"kind": "direct_suit"},
        {"kind": "x", "about": "y"},
        {"kind": "direct_suit", "about": "y", "simplified": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.create(**common, recorded_at=moment(ON), **wrong)
    dispute = disputed(players, None, on=ON)
    for wrong in ({"stage": "heard", "result": "revoked"}, {"stage": "decided"}, {"stage": "voided"}, {"stage": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisputeStep.objects.create(dispute=dispute, on=ON, by=players.wang, at=moment(ON), **wrong)


# Table 四 -------------------------------------------------------------------------------------------------------------

FIRST, YEARS = date(2024, 11, 1), (2024, 2025, 2026)
DAYS = st.integers(0, 700)
#: A dispute: its group, the day it came, then days until a result, until an appeal, until its result.
MATTER = st.tuples(st.sampled_from(list(DISPUTES)), DAYS, st.lists(st.integers(0, 300), max_size=3), st.integers(0, 9))
BY_HAND = {"claim_dismissed": "upheld", "revoked": "corrected", "ordered": "corrected", "withdrawn": "other"}


def lived(players: Cast, matter: tuple[str, int, list[int], int]) -> list[tuple[date, str]]:
    """Recorded by the verbs; what the oracle is told: the days on which its column changed."""
    kind, came, gaps, seed = matter
    on, late = FIRST + timedelta(days=came), dict[str, Any]({"at": moment(date(2028, 12, 29))})
    dispute = disputed(players, None, on=on, kind=kind, **late)
    told_of = [(on, "pending")]
    for nth, gap in enumerate(gaps if kind != "reconsideration" else gaps[:1]):
        on += timedelta(days=gap)
        if nth % 2:
            told(players, dispute, "we_appealed" if seed % 2 else "appealed", on, **late)
            told_of.append((on, "pending"))
        else:
            result = list(BY_HAND)[(seed + nth) % len(BY_HAND)]
            told(players, dispute, "decided", on, result, **late)
            told_of.append((on, BY_HAND[result]))
    return told_of


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(matters=st.lists(MATTER, max_size=4))
def test_every_dispute_of_a_year_is_in_one_cell_and_no_other(players: Cast, matters: Any) -> None:
    with transaction.atomic():
        histories = [(matter[0], lived(players, matter)) for matter in matters]
        for year in YEARS:
            # By walking through the days: pending on 31 December, or its last result fell in the year.
            wanted: Counter[tuple[str, str]] = Counter()
            for group, changes in histories:
                until = [(on, column) for on, column in changes if on.year <= year]
                if until and (until[-1][1] == "pending" or until[-1][0].year == year):
                    wanted[group, until[-1][1]] += 1
            table = annual.disputes_of([players.dongshan], year)
            assert {key: table.figure(*key) for key in wanted} == wanted
            assert all(check.holds for check in table.checks())
            for group in DISPUTES:
                assert table.figure(group, "total") == sum(wanted[group, column] for column in DISPUTE_RESULTS)
                for column in DISPUTE_COLUMNS if year == YEARS[1] else ():
                    opened = annual.disputes_of_cell([players.dongshan], year, group, column)
                    assert opened.count() == table.figure(group, column)
        transaction.set_rollback(True)


def test_the_report_carries_all_fifteen_figures_and_a_region_sums_them(
    players: Cast, django_assert_num_queries: Any
) -> None:
    told(players, disputed(players, None, on=ON), "decided", ON, "changed")
    clerk = person("min", "民政", players.civil, Role.CLERK)
    verbs.record_dispute(
        players.civil, kind="direct_suit", on=ON, organ="法院", complainant="乙", about="丙", by=clerk, at=moment(ON)
    )
    with django_assert_num_queries(1):
        annual.disputes_of([players.dongshan, players.civil], 2026)
    region = annual.report_of(players.dongshan, 2026, region=True).as_dict()["table4"]
    assert isinstance(region, dict)
    assert [figure for group in region.values() for figure in group.values()] == [
        0,
        1,
        0,
        0,
        1,
        0,
        0,
        0,
        1,
        1,
        *[0] * 5,
    ]
    alone = annual.report_of(players.dongshan, 2026).table4
    assert alone is not None
    assert alone.figure("direct_suit", "total") == 0
    with pytest.raises(Refused, match="表四没有这一格"):
        annual.disputes_of_cell([players.dongshan], 2026, "suit", "total")


def test_how_a_dismissed_claim_counts_is_the_agencys_reading_from_the_next_day_on(players: Cast) -> None:
    first, later = (disputed(players, None, on=ON, kind="direct_suit") for _ in range(2))
    told(players, first, "decided", date(2026, 5, 6), "claim_dismissed")
    administrator = person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    seen = SettingChange.objects.count()
    change_settings(
        players.dongshan,
        {"dismissal_is_other": True},
        reason="上级口径",
        seen=seen,
        by=administrator,
        at=moment(date(2026, 5, 6)),
    )
    told(players, later, "decided", date(2026, 5, 7), "claim_dismissed")
    players.dongshan.refresh_from_db()
    table = annual.disputes_of([players.dongshan], 2026)
    assert (table.figure("direct_suit", "upheld"), table.figure("direct_suit", "other")) == (1, 1)


# Who hears -----------------------------------------------------------------------------------------------------------


def heard(notice: str) -> set[str]:
    found = Message.objects.filter(notice=notice, channel="inbox").select_related("recipient")
    return {str(message.recipient) for message in found}


def test_clerk_and_head_hear_of_a_new_one_and_the_head_alone_when_the_clerk_recorded_it(players: Cast) -> None:
    disputed(players, refused(players, received=ON, replied=ON), on=ON)
    assert heard("dispute_received") == {"李立"}
    disputed(players, None, on=ON, by=players.li)
    assert heard("dispute_received") == {"李立", "王敏", "陈晨"}


def test_an_answer_is_recalled_on_each_rung_once_until_it_is_filed(players: Cast) -> None:
    dispute = disputed(players, None, on=date(2026, 3, 2))  # due on 16 March
    days = [date(2026, 3, day) for day in (10, 11, 11, 12, 13, 13, 16, 17, 18)]
    sent = []
    for day in days:
        ask_for_answers(at=moment(day))
        sent.append(Message.objects.filter(notice="dispute_answer_due", recipient=players.li, channel="inbox").count())
    assert sent == [0, 1, 1, 1, 2, 2, 3, 4, 4]
    assert heard("dispute_answer_due") == {"李立", "王敏", "陈晨"}
    told(players, dispute, "answered", date(2026, 3, 18))
    assert ask_for_answers(at=moment(date(2026, 3, 19))) == 0


# How replies fared ---------------------------------------------------------------------------------------------------


def test_replies_under_a_code_are_counted_once_however_often_they_were_attacked(
    players: Cast, django_assert_num_queries: Any
) -> None:
    twice = refused(players, received=ON, replied=ON)
    review = disputed(players, twice, on=ON)
    told(players, review, "decided", ON, "upheld")
    suit = disputed(players, twice, on=ON, kind="suit_after_reconsideration", after=review)
    told(players, suit, "decided", ON, "revoked")
    told(players, disputed(players, refused(players, received=ON, replied=ON), on=ON), "decided", ON, "upheld")
    disputed(players, refused(players, received=ON, replied=ON), on=ON)  # pending
    another = refused(players, received=ON, replied=ON, outcome=Outcome.UNAVAILABLE_1)
    told(players, disputed(players, another, on=ON), "decided", ON, "revoked")
    with django_assert_num_queries(1):
        found = overturned(players.dongshan, Outcome.REFUSED_5, on=ON)
    assert (found.decided, found.corrected, found.percent) == (2, 1, None)  # of two, no percentage
    below = overturned(players.civil, Outcome.REFUSED_5, on=ON)
    assert (below.decided, below.decided_in_region, below.corrected_in_region) == (0, 2, 1)
    assert overturned(players.elsewhere, Outcome.REFUSED_5, on=ON).decided_in_region == 0
