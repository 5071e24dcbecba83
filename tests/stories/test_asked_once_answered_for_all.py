"""A reply becomes public: who waits for the like is told once, may take it, and gets a reply that counts once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from time_machine import TimeMachineFixture

from casework import annual
from casework.actions import approve, clock, decide, deliver, publish
from casework.actions.likereplies import like_open_cases, prepared, take_like, taken_by
from casework.desk.forms.decision import DecisionForm
from casework.law.matrix import CARRIED_OUT, TOTAL
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.refusals import Refused
from casework.models import Case, DispatchMode, Kind, LikeReply, PublishedReply, Role
from casework.sweeps import tell_of_published
from notifications.models import Message
from tests.cast import Cast, cleared, closed, moment, person, registered
from tests.stories.test_a_reply_is_published_and_withdrawn import FIRST, SENT, TITLE, decided, told

pytestmark = pytest.mark.django_db
ASKED = FIRST - timedelta(days=2)
SAME = "请公开东山区2025年老旧小区改造项目清单和资金安排。"
OTHER = "申请公开2025年全区公厕建设计划。"


@pytest.fixture
def reply(players: Cast, settings: Settings) -> PublishedReply:
    settings.SITE_URL = "https://gongkai.test"
    return decided(players, told(players))


def asked(players: Cast, content: str = SAME, **changes: object) -> Case:
    return registered(players, on=ASKED, content=content, name="李四", email="li@example.org", **changes).case  # type: ignore[arg-type]


def test_those_who_wait_for_the_like_are_told_once_when_the_day_comes(players: Cast, reply: PublishedReply) -> None:
    case, other = asked(players), asked(players, OTHER)
    due, state = case.due_on, case.state
    assert tell_of_published(at=moment(FIRST - timedelta(days=1), 23)) == 0
    assert tell_of_published(at=moment(FIRST + timedelta(days=3))) == 1  # late
    assert tell_of_published(at=moment(FIRST + timedelta(days=3))) == 0  # and twice
    PublishedReply.objects.update(told_at=None)  # a sweep that died before it was done
    assert tell_of_published(at=moment(FIRST + timedelta(days=4))) == 0
    mail = Message.objects.get(notice="like_reply_public")
    assert (mail.address, mail.path) == ("li@example.org", f"/replies/{reply.pk}/")
    assert not other.events.filter(kind=Kind.LIKE_REPLY_TOLD).exists()
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.state, fresh.due_on) == (state, due)


def test_only_open_cases_of_the_same_agency_without_a_draft_are_told(players: Cast, reply: PublishedReply) -> None:
    done = asked(players)
    closed(players, done, Outcome.GRANTED, on=ASKED)
    drafted = asked(players)
    decide.propose(
        drafted,
        outcome=Outcome.GRANTED,
        ground="provided",
        statements={"route": "另附。"},
        by=players.wang,
        at=moment(ASKED),
    )
    of_civil = replace(players, wang=person("ma", "马正", players.civil, Role.CLERK))
    elsewhere = asked(of_civil, agency=players.civil)
    unclear = asked(players)
    clock.request_supplement(unclear, unclear="哪一年？", on=ASKED, by=players.wang, at=moment(ASKED))
    waits = asked(players)
    tell_of_published(at=moment(FIRST))
    assert {like.case_id for like in LikeReply.objects.all()} == {waits.pk, unclear.pk}
    assert elsewhere.pk not in {case.pk for case in like_open_cases(reply)}


def test_what_was_withdrawn_before_the_sweep_is_told_to_nobody(players: Cast, reply: PublishedReply) -> None:
    asked(players)
    publish.revoke_publication(reply, reason="有误。", by=players.li, at=moment(FIRST, 9))
    assert tell_of_published(at=moment(FIRST)) == 0


def test_taking_it_closes_nothing_and_the_reply_counts_once_in_the_right_cell(
    players: Cast, reply: PublishedReply
) -> None:
    """条例 36(1): told where it is found is 予以公开, row （一）, once; the applicant keeps every remedy."""
    case = asked(players)
    tell_of_published(at=moment(FIRST))
    before = annual.matrix_of([players.dongshan], 2026)
    take_like(case, reply, statement="就是这个清单。", at=moment(FIRST, 12))
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.is_open
    assert (fresh.state, fresh.due_on) == (case.state, case.due_on)
    assert annual.matrix_of([players.dongshan], 2026).row(CARRIED_OUT) == before.row(CARRIED_OUT)
    heard = Message.objects.filter(notice="like_reply_taken", channel="inbox")
    assert {message.recipient for message in heard} == {players.wang}

    form = DecisionForm(row=OUTCOMES[Outcome.GRANTED], case=fresh, by=players.wang, on=FIRST)
    assert form.initial["ground"] == "already_public"
    route = form.initial["route"]
    assert f"https://gongkai.test/replies/{reply.pk}/" in route
    assert TITLE in route
    decide.propose(
        fresh, outcome=Outcome.GRANTED, ground="already_public", statements={"route": route}, by=players.wang,
        at=moment(FIRST, 13),
    )  # fmt: skip
    cleared(players, fresh, on=FIRST)
    approve.sign(fresh, by=players.li, at=moment(FIRST, 15))
    deliver.dispatch(fresh, mode=DispatchMode.ONLINE, on=FIRST, by=players.wang, at=moment(FIRST, 16))
    table = annual.matrix_of([players.dongshan], 2026)
    assert (before.cell(Outcome.GRANTED.value, TOTAL), table.cell(Outcome.GRANTED.value, TOTAL)) == (1, 2)
    for code in set(Outcome) - {Outcome.GRANTED}:
        assert table.cell(code.value, TOTAL) == before.cell(code.value, TOTAL)
    assert all(check.holds for check in table.checks())
    assert publish.why_not_publishable(fresh) is not None  # it is public already


def test_on_their_page_they_take_it_and_it_is_on_the_file(
    players: Cast, reply: PublishedReply, client: Client, time_machine: TimeMachineFixture
) -> None:
    registration = registered(players, on=ASKED, content=SAME, name="李四")
    case, code = registration.case, registration.query_code
    tell_of_published(at=moment(FIRST))
    time_machine.move_to(moment(FIRST, 11))
    client.post("/follow/", {"number": case.number, "code": code})
    page = client.get(f"/follow/{case.pk}/").content.decode()
    where = f"/follow/{case.pk}/like/{reply.pk}/"
    assert "相近的答复已经公开" in page
    assert where in page
    assert "不服答复的，仍可以申请行政复议" in client.get(where).content.decode()
    assert client.post(where, {"statement": "可以。"}).status_code == 302
    assert client.post(where, {"statement": "再来一次。"}).status_code == 302
    assert case.events.filter(kind=Kind.LIKE_REPLY_TAKEN).count() == 1
    assert "行政机关将书面答复您" in client.get(f"/follow/{case.pk}/").content.decode()
    client.force_login(players.wang)
    desk = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "申请人表示，这份公开的答复可以回答本件" in desk
    assert "可以。" in desk
    filled = client.get(f"/desk/cases/{case.pk}/propose/?outcome=granted").content.decode()
    assert f"/replies/{reply.pk}/" in filled


def test_nobody_takes_what_they_were_not_told_of_or_another_opened(
    players: Cast, reply: PublishedReply, client: Client, time_machine: TimeMachineFixture
) -> None:
    case, other = asked(players), asked(players, OTHER)
    tell_of_published(at=moment(FIRST))
    time_machine.move_to(moment(FIRST, 11))
    assert client.post(f"/follow/{case.pk}/like/{reply.pk}/").status_code == 302
    assert not LikeReply.objects.filter(taken_at__isnull=False).exists()
    with pytest.raises(Refused, match="不是告知您的那一份"):
        take_like(other, reply, at=moment(FIRST))
    closed(players, case, Outcome.GRANTED, on=FIRST)
    with pytest.raises(Refused, match="已经办结"):
        take_like(case, reply, at=moment(FIRST, 20))


def test_withdrawn_after_it_was_taken_the_office_and_the_applicant_hear_of_it(
    players: Cast, reply: PublishedReply
) -> None:
    case, idle = asked(players), asked(players)
    tell_of_published(at=moment(FIRST))
    take_like(case, reply, at=moment(FIRST, 11))
    like = taken_by(case, on=FIRST)
    assert like is not None
    route = prepared(like)["route"]
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="already_public", statements={"route": route}, by=players.wang,
        at=moment(FIRST, 12),
    )  # fmt: skip
    cleared(players, case, on=FIRST)
    publish.revoke_publication(reply, reason="有误。", by=players.li, at=moment(FIRST, 14))
    assert case.events.filter(kind=Kind.LIKE_REPLY_GONE).count() == 1
    assert not idle.events.filter(kind=Kind.LIKE_REPLY_GONE).exists()
    assert taken_by(case, on=FIRST) is None
    assert Message.objects.filter(notice="like_reply_withdrawn").count() == 1
    # A reply that sends people to a page that is gone does not leave (条例 36(1)).
    with pytest.raises(Refused, match="网址已经打不开") as refused:
        approve.sign(case, by=players.li, at=moment(FIRST, 15))
    assert refused.value.law == "条例 36(1)"


def test_an_address_that_is_not_public_yet_is_no_route_either(players: Cast, reply: PublishedReply) -> None:
    case = registered(players, on=SENT + timedelta(days=1), content=SAME, name="李四").case
    on = date(2026, 6, 3)
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="already_public", statements={"route": f"见 /replies/{reply.pk}/ 。"},
        by=players.wang, at=moment(on),
    )  # fmt: skip
    cleared(players, case, on=on)
    with pytest.raises(Refused, match="没有公开"):
        approve.sign(case, by=players.li, at=moment(on, 15))
