"""A holiday notice is applied: which open cases move, who hears of it, and that twice is once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from casework import sweeps
from casework.actions import calendar, clock, consult, extension, intake
from casework.actions.calendar import apply, carry_on, preview
from casework.law.clock import Party
from casework.law.edition_file import FORMAT, EditionFile, from_document
from casework.law.refusals import Refused
from casework.models import (
    Agency,
    CalendarEdition,
    Case,
    Conflict,
    Event,
    Kind,
    Recomputation,
    Role,
    Staff,
    edition,
)
from notifications.models import Message
from tests.cast import Cast, moment, person, registered

pytestmark = pytest.mark.django_db

NUMBER = "国办发明电〔2026〕9号"
TODAY = date(2026, 12, 14)


def document(**changes: Any) -> dict[str, Any]:
    """2027 as it might be announced."""
    whole = {
        "format": FORMAT,
        "year": 2027,
        "document_number": NUMBER,
        "published_on": "2026-11-20",
        "off": [
            {"from": "2027-01-01", "to": "2027-01-03", "name": "元旦"},
            {"from": "2027-02-05", "to": "2027-02-12", "name": "春节"},
            {"from": "2027-05-01", "to": "2027-05-05", "name": "劳动节"},
            {"from": "2027-10-01", "to": "2027-10-07", "name": "国庆节"},
        ],
        "make_up": [{"on": "2027-01-30", "for": "春节"}, {"on": "2027-02-14", "for": "春节"}],
    }
    return whole | changes


def file(**changes: Any) -> EditionFile:
    return from_document(document(**changes))


@pytest.fixture
def root(players: Cast) -> Staff:
    return person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR)


def applied(root: Staff, wanted: EditionFile, *, on: date = TODAY) -> CalendarEdition:
    found = apply(wanted, source="file", by=root, at=moment(on))
    carry_on(found, at=moment(on))
    return found


def dates() -> dict[str, tuple[date | None, bool]]:
    return {c.number: (c.due_on, c.due_is_provisional) for c in Case.objects.all()}


def by_walking(start: date, days: int, off: set[date], worked: set[date]) -> date:
    """The oracle: a day at a time."""
    while days:
        start += timedelta(days=1)
        days -= start in worked or (start.weekday() < 5 and start not in off)
    return start


def test_a_case_over_the_turn_of_the_year_moves_and_is_no_longer_provisional(players: Cast, root: Staff) -> None:
    case = registered(players, on=date(2026, 12, 10), email="zhang@example.org").case
    assert (case.due_on, case.due_is_provisional) == (date(2027, 1, 7), True)
    applied(root, file())
    case = Case.objects.get()
    assert (case.due_on, case.due_is_provisional) == (date(2027, 1, 8), False)
    event = case.events.get(kind=Kind.CALENDAR_CHANGED)
    assert (event.due_before, event.due_after) == (date(2027, 1, 7), date(2027, 1, 8))
    assert NUMBER in event.for_office().zh
    assert "最迟答复日随之改变" in (event.for_applicant() or event.for_office()).zh
    assert not list(sweeps.verify_clocks(on=TODAY))


def test_the_applicant_and_the_clerk_hear_of_it_and_the_head_of_what_is_overdue(players: Cast, root: Staff) -> None:
    registered(players, on=date(2026, 12, 10), email="zhang@example.org")
    registered(players, on=date(2026, 12, 11))
    registered(players, on=date(2026, 11, 2))
    applied(root, file())
    assert Message.objects.get(notice="date_moved").address == "zhang@example.org"
    told = Message.objects.get(notice="dates_moved")
    assert told.recipient_id == players.wang.pk
    assert told.context["count"] == 2
    assert not Message.objects.filter(notice="overdue_by_calendar").exists()


def test_the_head_hears_when_an_amendment_makes_a_case_overdue(players: Cast, root: Staff) -> None:
    on = date(2027, 1, 20)
    applied(root, file())
    case = registered(players, on=date(2026, 12, 22)).case
    assert case.due_on == date(2027, 1, 20)
    worked = {
        "off": [{"from": "2027-01-01", "to": "2027-01-01", "name": "元旦"}],
        "make_up": [{"on": "2027-01-09", "for": "元旦"}],
    }
    late = file(document_number="国办发明电〔2027〕1号", published_on="2027-01-05", **worked)
    found = preview(late, on=date(2027, 1, 20))
    assert (found.moved, found.overdue, found.earlier) == (1, 1, 1)
    applied(root, late, on=on)
    case.refresh_from_db()
    assert case.due_on == date(2027, 1, 19)
    assert Message.objects.get(notice="overdue_by_calendar").recipient_id == players.li.pk


def test_the_preview_stores_nothing_and_says_what_applying_does(players: Cast, root: Staff) -> None:
    some_cases(players)
    before, messages = dates(), Message.objects.count()
    found = preview(file(), on=TODAY)
    assert dates() == before
    assert not CalendarEdition.objects.exists()
    assert Message.objects.count() == messages
    run = Recomputation.objects.get(edition=applied(root, file()))
    after = dates()
    assert {m.number: (m.before, m.after) for m in found.shown} == {
        number: (before[number][0], after[number][0]) for number in before if before[number][0] != after[number][0]
    }
    assert (found.moved, found.overdue, found.confirmed) == (run.moved, run.overdue, run.confirmed)
    assert found.moved


def some_cases(players: Cast) -> None:
    """Cases of every kind of clock around the turn of the year."""
    for n in range(12):
        on = date(2026, 11, 26) + timedelta(days=n)
        case = registered(players, on=on, email="z@example.org" if n % 3 else "").case
        match n % 4:
            case 1:
                clock.request_supplement(case, unclear="请说明名称。", on=on, by=players.wang, at=moment(on))
            case 2:
                extension.extend(case, working_days=20, reason="需要检索。", on=on, by=players.li, at=moment(on))
            case 3:
                consult.consult(
                    case, party=Party.THIRD_PARTY, name="某公司", sent_on=on, by=players.wang, at=moment(on)
                )


def test_to_apply_twice_changes_nothing(players: Cast, root: Staff) -> None:
    some_cases(players)
    first = applied(root, file())
    stood, events, messages = dates(), Event.objects.count(), Message.objects.count()
    versions = list(Case.objects.order_by("pk").values_list("version", flat=True))
    assert applied(root, file()) == first
    assert (dates(), Event.objects.count(), Message.objects.count()) == (stood, events, messages)
    assert list(Case.objects.order_by("pk").values_list("version", flat=True)) == versions
    assert preview(file(), on=TODAY).moved == 0


def test_a_killed_recomputation_is_taken_up_again(players: Cast, root: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    some_cases(players)
    whole = preview(file(), on=TODAY)
    monkeypatch.setattr(calendar, "BATCH", 4)
    killed = apply(file(), source="file", by=root, at=moment(TODAY))

    def kill(_n: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_on(killed, at=moment(TODAY), progress=kill)
    half = Recomputation.objects.get()
    assert (half.done, half.finished_at) == (4, None)
    assert sweeps.carry_on_editions(at=moment(TODAY, 11)) == 1
    run = Recomputation.objects.get()
    assert run.finished_at
    assert (run.moved, run.confirmed) == (whole.moved, whole.confirmed)
    assert Event.objects.filter(kind=Kind.CALENDAR_CHANGED, due_before__isnull=False).count() >= whole.moved
    assert Message.objects.filter(notice="date_moved").count() == len(
        set(Message.objects.filter(notice="date_moved").values_list("subject_ref"))
    )
    assert not list(sweeps.verify_clocks(on=TODAY))
    assert sweeps.carry_on_editions(at=moment(TODAY, 12)) == 0


def test_whoever_read_the_case_before_it_moved_meets_a_conflict(players: Cast, root: Staff) -> None:
    case = registered(players, on=date(2026, 12, 10)).case
    stale = Case.objects.get()
    applied(root, file())
    with pytest.raises(Conflict):
        intake.assign(stale, clerk=players.chen, by=players.li, at=moment(TODAY))
    case.refresh_from_db()
    assert case.due_on == date(2027, 1, 8)
    intake.assign(case, clerk=players.chen, by=players.li, at=moment(TODAY))


def test_a_verb_uses_the_new_calendar_at_once_before_any_recomputation(players: Cast, root: Staff) -> None:
    case = registered(players, on=date(2026, 12, 10)).case
    assert case.agency.calendar.last_known_day == date(2026, 12, 31)
    apply(file(), source="file", by=root, at=moment(TODAY))
    extension.extend(case, working_days=1, reason="需要检索。", on=TODAY, by=players.li, at=moment(TODAY))
    assert (case.due_on, case.due_is_provisional) == (date(2027, 1, 11), False)


def test_a_calendar_of_another_process_is_seen_by_the_next_verb(players: Cast, root: Staff) -> None:
    case = registered(players, on=date(2026, 12, 10)).case
    assert case.agency.calendar.last_known_day.year == 2026
    fresh = apply(file(), source="file", by=root, at=moment(TODAY))
    edition._Known.shelf, edition._Known.version, edition._Known.fresh = edition.Shelf(), (0, ""), True
    assert case.agency.calendar.last_known_day.year == 2026  # as if this process had not looked
    later = registered(players, on=date(2026, 12, 10)).case
    assert later.due_on == date(2027, 1, 8)
    assert fresh.year == 2027


def test_a_regions_days_hold_for_its_agencies_alone(players: Cast, root: Staff) -> None:
    settled = Agency.objects.create(code="999", name="别处某局", calendar_region="230406")
    here, below = registered(players, on=date(2026, 11, 16)).case, None
    person("below", "夏青", players.civil, Role.CLERK)
    wang_below = players.wang
    wang_below.appointments.create(agency=players.civil, role=Role.CLERK)
    wang_below.appointments.create(agency=settled, role=Role.CLERK)
    players.zhao.appointments.create(agency=settled, role=Role.CLERK)
    del wang_below.__dict__["_roles"]
    below = registered(players, on=date(2026, 11, 16), agency=players.civil).case
    set_to = registered(players, on=date(2026, 11, 16), agency=settled).case
    players.zhao.__dict__.pop("_roles", None)
    elsewhere = registered(
        Cast(**{**players.__dict__, "wang": players.zhao}), on=date(2026, 11, 16), agency=players.elsewhere
    ).case
    due = here.due_on
    regional = file(
        year=2026,
        region="230406",
        document_number="东政发〔2026〕3号",
        published_on="2026-11-01",
        off=[{"from": "2026-11-30", "to": "2026-11-30", "name": "自治县成立纪念日"}],
        make_up=[],
    )
    applied(root, regional, on=date(2026, 11, 18))
    assert due is not None
    found = {case.pk: Case.objects.get(pk=case.pk).due_on for case in (here, below, set_to, elsewhere)}
    assert found == {
        here.pk: due + timedelta(days=1),
        below.pk: due + timedelta(days=1),
        set_to.pk: due + timedelta(days=1),
        elsewhere.pk: due,
    }
    assert not list(sweeps.verify_clocks(on=date(2026, 11, 18)))


def test_an_edition_that_supersedes_another_replaces_it_whole(players: Cast, root: Staff) -> None:
    registered(players, on=date(2026, 12, 10))
    first = applied(root, file())
    shorter = [{"from": "2027-01-01", "to": "2027-01-01", "name": "元旦"}, *document()["off"][1:]]
    mended = file(off=shorter, supersedes=NUMBER)
    assert applied(root, mended).supersedes == first
    assert edition.national_calendar().is_workday(date(2027, 1, 1)) is False
    assert [row.content_hash for row in CalendarEdition.objects.in_force()] == [mended.content_hash]
    with pytest.raises(Refused, match="已经启用"):
        preview(file(off=[*shorter, {"from": "2027-06-09", "to": "2027-06-09", "name": "端午节"}]), on=TODAY)
    with pytest.raises(Refused, match="已被取代"):
        preview(file(), on=TODAY)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"year": 2028, "published_on": "2027-11-20"}, "中间的年份"),
        ({"year": 2026, "document_number": "国办发明电〔2025〕7号", "published_on": "2025-11-04"}, "已经收在"),
        ({"supersedes": "国办发明电〔2020〕1号"}, "不能取代"),
    ],
)
def test_what_cannot_be_laid_over_the_calendar_is_refused(
    players: Cast, root: Staff, changes: dict[str, Any], sentence: str
) -> None:
    text = json.dumps(document(**changes)).replace("2027-", f"{changes.get('year', 2027)}-")
    wrong = json.loads(text) | {"make_up": []} | {k: v for k, v in changes.items() if k == "published_on"}
    with pytest.raises(Refused, match=sentence):
        apply(from_document(wrong), source="file", by=root, at=moment(TODAY))
    assert not CalendarEdition.objects.exists()


def test_only_a_system_administrator_applies(players: Cast) -> None:
    local = person("local", "机关管理员", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    for by in (players.wang, players.li, local):
        with pytest.raises(Refused, match="系统管理员"):
            apply(file(), source="file", by=by, at=moment(TODAY))
    assert not CalendarEdition.objects.exists()


def test_an_edition_is_never_changed_or_deleted(players: Cast, root: Staff) -> None:
    found = applied(root, file())
    for act in (found.save, found.delete, CalendarEdition.objects.all().delete):
        with pytest.raises(TypeError, match="append-only"):
            act()
    with pytest.raises(TypeError, match="append-only"):
        CalendarEdition.objects.update(year=2028)


def test_facts_that_the_new_calendar_does_not_allow_are_named_and_left_alone(players: Cast, root: Staff) -> None:
    applied(root, file())
    case = registered(players, on=date(2026, 12, 22)).case
    on = date(2027, 1, 20)
    extension.extend(case, working_days=10, reason="需要检索。", on=on, by=players.li, at=moment(on))
    due = case.due_on
    change = file(
        document_number="国办发明电〔2027〕1号",
        published_on="2027-01-05",
        off=[{"from": "2027-01-01", "to": "2027-01-01", "name": "元旦"}],
        make_up=[{"on": "2027-01-09", "for": "元旦"}],
    )
    found = preview(change, on=on)
    assert (found.refused, found.moved) == (1, 0)
    assert found.shown[0].refusal is not None
    run = carry_on(apply(change, source="file", by=root, at=moment(on)), at=moment(on))
    assert run.refused == 1
    assert Case.objects.get().due_on == due
    assert [found.name for found in sweeps.verify_clocks(on=on)] == ["due_on"]


# Hypothesis ----------------------------------------------------------------------------------------------------------


@st.composite
def notices(draw: st.DrawFn) -> dict[str, Any]:
    """Any notice for 2027 that a file may hold."""
    must = {date(2027, 1, 1), date(2027, 5, 1), date(2027, 10, 1), date(2027, 10, 2), date(2027, 10, 3)}
    offsets = st.integers(min_value=-7, max_value=120)
    off = must | {date(2027, 1, 1) + timedelta(days=n) for n in draw(st.sets(offsets, max_size=30))}
    weekends = [d for d in (date(2027, 1, 1) + timedelta(days=n) for n in range(-7, 120)) if d.weekday() >= 5]
    worked = draw(st.sets(st.sampled_from(weekends), max_size=12)) - off
    return document(
        off=[{"from": d.isoformat(), "to": d.isoformat(), "name": "元旦"} for d in sorted(off)],
        make_up=[{"on": d.isoformat(), "for": "元旦"} for d in sorted(worked)],
    )


@given(wanted=notices(), starts=st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=4))
def test_any_edition_moves_each_case_to_the_day_found_by_walking(
    players: Cast, root: Staff, wanted: dict[str, Any], starts: list[int]
) -> None:
    with undone():
        edition.look_again()
        cases = [registered(players, on=date(2026, 11, 16) + timedelta(days=n)).case for n in starts]
        found = preview(from_document(wanted), on=date(2027, 1, 15))
        before = dates()
        applied(root, from_document(wanted), on=date(2027, 1, 15))
        off = {date.fromisoformat(e["from"]) for e in wanted["off"]}
        worked = {date.fromisoformat(e["on"]) for e in wanted["make_up"]}
        for case in cases:
            assert Case.objects.get(pk=case.pk).due_on == by_walking(case.received_on, 20, off, worked)
        moved = {n: (before[n][0], after[0]) for n, after in dates().items() if after[0] != before[n][0]}
        assert {m.number: (m.before, m.after) for m in found.shown} == moved
    edition.look_again()


@contextmanager
def undone() -> Iterator[None]:
    """Each example finds the same cases."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# November ------------------------------------------------------------------------------------------------------------


def test_administrators_are_asked_once_a_week_until_the_edition_is_there(players: Cast, root: Staff) -> None:
    local = person("local", "机关管理员", players.civil, Role.AGENCY_ADMINISTRATOR)
    asked = Message.objects.filter(notice="edition_missing")
    assert sweeps.ask_for_edition(at=moment(date(2026, 10, 31))) == 0
    for day in (2, 2, 3, 8):
        sweeps.ask_for_edition(at=moment(date(2026, 11, day)))
    assert sorted(asked.values_list("recipient_id", flat=True)) == sorted([root.pk, local.pk])
    sweeps.ask_for_edition(at=moment(date(2026, 11, 9)))
    assert asked.count() == 4
    assert not any(m.context["urgent"] for m in asked)
    sweeps.ask_for_edition(at=moment(date(2026, 12, 15)))
    assert asked.order_by("-pk")[0].context["urgent"]
    count = asked.count()
    applied(root, file())
    assert sweeps.ask_for_edition(at=moment(date(2026, 12, 28))) == 0
    assert asked.count() == count
