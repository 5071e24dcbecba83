"""Given somebody whose record is wrong, they ask that it be put right, outside table 三 (条例 41)."""

from datetime import date
from typing import Any

import pytest

from casework import access, annual
from casework.access import CORRECTION_ACTS, CorrectionAct
from casework.actions import correction as verbs
from casework.law.correction import ENDINGS, Ending, Standing
from casework.law.refusals import Refused
from casework.models import (
    CORRECTION_SENTENCES,
    Agency,
    Case,
    Conflict,
    CorrectionEvent,
    CorrectionKind,
    NumberSeries,
    RecordCorrection,
)
from casework.notices import CORRECTION_NOTICES
from notifications.models import Message
from tests.cast import Cast, moment, registered
from tests.correcting import CODE, filed, request

pytestmark = pytest.mark.django_db
RECEIVED, LATER = date(2026, 11, 2), date(2026, 11, 16)


def kinds(correction: RecordCorrection) -> list[str]:
    return list(correction.events.values_list("kind", flat=True))


def test_it_is_received_that_day_under_its_own_number_and_both_sides_hear(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    assert found.number == "230406-GZ-2026-00001"
    assert (found.received_on, found.standing, kinds(found)) == (RECEIVED, "received", ["filed"])
    assert found.identity_masked == "110*************2X"
    assert b"11010519491231002X" not in bytes(found.identity_sealed or b"")
    told = set(Message.objects.values_list("notice", "channel"))
    assert told >= {("correction_received", "email"), ("correction_arrived", "inbox")}
    assert access.follow_correction(found.number, CODE.lower()) == found
    assert access.follow_correction(found.number, "3467-9ACD-EFGH-JKMP") is None
    assert access.follow_correction("230406-GZ-2026-09999", CODE) is None


def test_the_matrix_the_numbers_and_the_queue_of_applications_do_not_know_it(players: Cast) -> None:
    registered(players, on=RECEIVED)
    before = annual.matrix_of([players.dongshan], 2026)
    found = filed(players, on=RECEIVED)
    verbs.put_right(found, reply="已经更正为3人。", by=players.wang, at=moment(LATER))
    assert annual.matrix_of([players.dongshan], 2026) == before
    assert Case.objects.count() == 1
    # an application about one's own record stays an application, and its series goes on without a gap
    own = registered(players, on=LATER, content="申请公开本人的住房补贴审批表。").case
    assert own.number == "230406-2026-00002"
    assert annual.matrix_of([players.dongshan], 2026).figure("new", "total") == 2
    assert NumberSeries.objects.get(kind="correction").last == 1


def test_more_is_asked_for_and_the_time_runs_anew(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    assert found.due().due_on == date(2026, 11, 30)
    verbs.take(found, by=players.wang, at=moment(RECEIVED, 11))
    verbs.ask(found, text="请提供出生证明原件的扫描件。", by=players.wang, at=moment(date(2026, 11, 4)))
    assert (found.standing, found.clerk) == ("asked", players.wang)
    with pytest.raises(Refused, match="等待补充材料"):
        verbs.ask(found, text="再要一份。", by=players.wang, at=moment(date(2026, 11, 4)))
    verbs.answer(found, text="见附件。", evidence=(), at=moment(LATER))
    assert (found.standing, found.asked, found.supplemented_on) == ("received", "", LATER)
    assert found.due().due_on == date(2026, 12, 14)
    assert kinds(found) == ["filed", "taken", "asked", "answered"]
    assert Message.objects.filter(notice="correction_more_wanted", channel="email").count() == 1
    assert Message.objects.filter(notice="correction_added", recipient=players.wang).exists()


def test_the_agency_may_choose_another_length(players: Cast) -> None:
    Agency.objects.filter(pk=players.dongshan.pk).update(correction_days=10)
    players.dongshan.refresh_from_db()
    assert filed(players, on=RECEIVED).due().due_on == date(2026, 11, 16)


def test_it_is_put_right_and_both_ways_are_open_from_the_day_the_reply_is_read(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    verbs.put_right(found, reply="已于11月16日更正为3人。", by=players.wang, at=moment(LATER))
    assert (found.standing, found.ending, found.closed_on) == ("closed", "corrected", LATER)
    assert all(route.until is None for route in found.routes(LATER))
    verbs.record_opened(found, at=moment(date(2026, 11, 18)))
    verbs.record_opened(found, at=moment(date(2026, 11, 20)))
    assert found.opened_on == date(2026, 11, 18)
    assert kinds(found) == ["filed", "corrected", "opened"]
    review, suit = found.routes(date(2026, 11, 20))
    assert review.until is not None
    assert review.until.due_on == date(2027, 1, 18)  # the 60th day, 17 January, is a Sunday
    assert suit.until is not None
    assert suit.until.due_on == date(2027, 5, 18)
    assert "应当先申请行政复议" not in review.sentence.zh, "复议法 23(1)(4) is about refusing disclosure"


def test_only_a_head_refuses_and_never_without_a_reason(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    with pytest.raises(Refused, match="公开工作机构负责人"):
        verbs.refuse(found, reply="证据不足。", by=players.wang, at=moment(LATER))
    with pytest.raises(Refused, match="不能只有空格"):
        verbs.refuse(found, reply=" ", by=players.li, at=moment(LATER))
    verbs.refuse(found, reply="经核实，记录与户籍登记一致。", by=players.li, at=moment(LATER))
    assert found.ending == "refused"
    assert [route.way.value for route in found.routes(LATER)] == ["reconsideration", "suit"]


def test_an_agency_of_the_deployment_has_it_in_the_same_moment_and_the_code_stays(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    verbs.pass_on(found, reply="名单由民政局制作。", agency=players.civil, by=players.wang, at=moment(LATER))
    assert (found.ending, found.organ, found.routes(LATER)) == ("transferred", "东山区民政局", ())
    there = found.passed_on
    assert (there.number, there.received_on, there.source) == ("230406-MZ-GZ-2026-00001", LATER, found)
    assert access.follow_correction(there.number, CODE) == there
    assert there.identity_number == found.identity_number
    assert [each.sha256 for each in there.evidence.all()] == [each.sha256 for each in found.evidence.all()]
    assert there.due().started_on == LATER
    assert str(there.events.get().for_office()) == "东山区人民政府办公室转来更正请求（230406-GZ-2026-00001）。"
    with pytest.raises(Refused, match="现在的状态"):
        verbs.pass_on(found, reply="再转。", organ="省厅", by=players.wang, at=moment(LATER))


def test_it_is_not_passed_on_to_the_office_itself_or_to_nobody(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    given: dict[str, Any] = {"reply": "无权更正。", "by": players.wang, "at": moment(LATER)}
    with pytest.raises(Refused, match="本机关"):
        verbs.pass_on(found, agency=players.dongshan, **given)
    with pytest.raises(Refused, match="必须填写"):
        verbs.pass_on(found, **given)
    verbs.direct(found, organ="区人力资源和社会保障局", **given)
    assert (found.ending, len(found.routes(LATER))) == ("directed", 2)
    assert RecordCorrection.objects.count() == 1


def test_silence_can_be_contested_after_sixty_days_and_not_before(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    assert found.routes(date(2027, 1, 1)) == ()
    assert [route.way.value for route in found.routes(date(2027, 1, 2))] == ["reconsideration", "suit"]


def test_it_is_given_up(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    verbs.ask(found, text="请补充。", by=players.wang, at=moment(RECEIVED))
    verbs.withdraw(found, at=moment(LATER))
    assert (found.ending, found.reply, found.asked, found.routes(LATER)) == ("withdrawn", "", "", ())
    with pytest.raises(Refused, match="已经办结"):
        verbs.withdraw(found, at=moment(LATER))
    with pytest.raises(Refused, match="没有请您补充"):
        verbs.answer(found, text="补充。", at=moment(LATER))


def test_of_two_who_act_at_once_the_second_is_told(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    same = RecordCorrection.objects.get()
    verbs.ask(found, text="请补充。", by=players.wang, at=moment(LATER))
    with pytest.raises(Conflict):
        verbs.put_right(same, reply="已更正。", by=players.chen, at=moment(LATER))
    assert kinds(same) == ["filed", "asked"]


def test_the_same_form_sent_twice_makes_one(players: Cast) -> None:
    sent: dict[str, Any] = {"query_code": CODE, "form_key": "k" * 32, "at": moment(RECEIVED)}
    first = verbs.file_request(players.dongshan, request(), **sent)
    assert verbs.file_request(players.dongshan, request(name="李四"), **sent) == first
    assert RecordCorrection.objects.count() == 1
    assert Message.objects.filter(notice="correction_received").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"identity_number": "110105194912310021"}, "校验位"),
        ({"identity_kind": "credit_code", "identity_number": "123"}, "18 位"),
        ({"phone": "", "email": ""}, "联系方式"),
        ({"grounds": " "}, "不能只有空格"),
        ({"record": "长" * 301}, "超过300个字"),
        ({"wrong": "写成\u202e2人"}, "控制字符"),
    ],
    ids=["number", "code", "no-contact", "no-evidence", "long", "turning"],
)
def test_what_lacks_something_is_not_taken(players: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        filed(players, on=RECEIVED, **changes)
    assert not RecordCorrection.objects.exists()
    assert not NumberSeries.objects.filter(kind="correction", last__gt=0).exists()


def test_an_office_outside_the_regulation_takes_none(players: Cast) -> None:
    Agency.objects.filter(pk=players.civil.pk).update(applies_regulation=False)
    with pytest.raises(Refused, match="不在这里受理"):
        filed(players, on=RECEIVED, agency=players.civil)


def test_the_identity_number_is_read_against_an_event(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    number, event = verbs.read_identity(found, by=players.zhou, at=moment(LATER))
    assert number == "11010519491231002X"
    assert (event.kind, event.by, event.for_citizen()) == ("identity_read", players.zhou, None)
    with pytest.raises(Refused, match="需要的角色"):
        verbs.read_identity(found, by=players.sun, at=moment(LATER))


def test_another_agency_sees_none(players: Cast) -> None:
    found = filed(players, on=RECEIVED)
    assert list(access.corrections_visible_to(players.wang)) == [found]
    assert not access.corrections_visible_to(players.zhao).exists()
    with pytest.raises(Refused, match="需要的角色"):
        verbs.take(found, by=players.zhao, at=moment(LATER))


def test_events_are_kept_and_tables_are_whole(players: Cast) -> None:
    event = filed(players, on=RECEIVED).events.get()
    for wrong in (event.save, event.delete, CorrectionEvent.objects.all().delete):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError):
        CorrectionEvent.objects.update(kind="asked")
    assert set(CORRECTION_SENTENCES) == set(CORRECTION_NOTICES) == set(CorrectionKind)
    assert set(CORRECTION_ACTS) == set(CorrectionAct)
    assert set(ENDINGS) == set(Ending)
    for row in CORRECTION_ACTS.values():
        assert row.roles
        assert row.standings <= set(Standing)
    for kind in CorrectionKind:
        for text in (each for each in (CORRECTION_SENTENCES[kind].clerk, CORRECTION_SENTENCES[kind].citizen) if each):
            assert text.zh
            assert text.en
