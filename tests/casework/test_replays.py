"""The clocks of many cases at once say what ``Case`` says of each."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.refusals import Refused
from casework.models import Case, Channel, Consultation, Delay, Extension, FeeNotice, Supplement
from casework.models.replays import Found, Replays
from tests.casework.test_calendar_editions import undone
from tests.cast import Cast, registered

pytestmark = pytest.mark.django_db
START = date(2026, 9, 1)

days = st.integers(min_value=0, max_value=60).map(lambda n: START + timedelta(days=n))


def maybe(strategy: Any) -> Any:
    return st.none() | strategy


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Any facts that the tables hold, lawful or not."""
    asked = draw(days)
    return {
        "supplement": draw(maybe(st.just(asked))),
        "supplemented": draw(maybe(st.integers(0, 20))),
        "extended": draw(maybe(days)),
        "sent": draw(maybe(days)),
        "answered": draw(maybe(st.integers(0, 30))),
        "fee": draw(maybe(days)),
        "fee_cancelled": draw(st.booleans()),
        "delayed": draw(maybe(days)),
        "state": draw(st.sampled_from(["received", "supplement_requested", "fee_notified", "in_review"])),
        "clerk": draw(st.booleans()),
        "channel": draw(st.sampled_from([Channel.ONLINE, Channel.IN_PERSON])),
    }


def filed(players: Cast, given: dict[str, Any]) -> None:
    case = registered(players, on=START).case
    clerk = players.wang if given["clerk"] else None
    Case.objects.filter(pk=case.pk).update(state=given["state"], clerk=clerk, channel=given["channel"])
    if asked := given["supplement"]:
        answered = given["supplemented"]
        Supplement.objects.create(
            case=case,
            requested_on=asked,
            period_ends_on=asked + timedelta(days=20),
            unclear="。",
            received_on=asked + timedelta(days=answered) if answered is not None else None,
        )
    if given["extended"]:
        Extension.objects.create(case=case, on=given["extended"], working_days=7)
    if told := given["delayed"]:
        until = told + timedelta(days=60)
        Delay.objects.create(case=case, on=told, until=until, reason="。", approved_by=players.li)
    if sent := given["sent"]:
        answered = given["answered"]
        until = sent + timedelta(days=answered) if answered is not None else None
        Consultation.objects.create(case=case, party="third_party", name="某", sent_on=sent, answered_on=until)
    if given["fee"]:
        FeeNotice.objects.create(
            case=case,
            tariff="pages",
            pages=31,
            notified_on=given["fee"],
            period_ends_on=given["fee"] + timedelta(days=30),
            amount=10,
            cancelled_on=given["fee"] if given["fee_cancelled"] else None,
        )


def alike(case: Case, found: Found) -> None:
    if found.refusal is not None:
        with pytest.raises(Refused) as refused:
            case.due()
        assert refused.value.sentence == found.refusal.sentence
        return
    due = case.due()
    copies = case.clock_copies(on=START)
    assert (found.due_on, found.provisional) == (due.due_on, due.provisional)
    assert found.period_ends_on == copies["period_ends_on"]
    assert sorted(found.watched) == sorted(case.watched_days(due.due_on, copies["period_ends_on"]))


@given(cases=st.lists(facts(), min_size=1, max_size=4))
def test_many_at_once_say_what_each_case_says(players: Cast, cases: list[dict[str, Any]]) -> None:
    with undone():
        for each in cases:
            filed(players, each)
        found = Replays().of(Case.objects.order_by("pk"))
        assert [f.case.pk for f in found] == list(Case.objects.order_by("pk").values_list("pk", flat=True))
        for one in found:
            alike(Case.objects.get(pk=one.case.pk), one)


def test_cases_far_apart_find_their_facts_too(players: Cast) -> None:
    first, *_between, last = [registered(players, on=START).case for _ in range(12)]
    Extension.objects.create(case=last, on=START, working_days=7)
    found = Replays().of(Case.objects.filter(pk__in=[first.pk, last.pk]).order_by("pk"))
    assert [f.due_on for f in found] == [first.due_on, Case.objects.get(pk=last.pk).due().due_on]
