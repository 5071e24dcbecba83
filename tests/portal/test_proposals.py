"""Proposals for proactive publication (条例 44): one press by citizen or clerk, doubles joined, decided, told."""

from datetime import date
from typing import Any

import pytest

from casework import annual
from casework.actions import proposals as verbs
from casework.desk.asked_often import asked_often
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Agency, Case, Conflict, Proposal, Voice
from casework.wordsearch.cases import index_all_waiting
from notifications.models import Message
from tests.cast import CREDIT_CODE, Cast, closed, moment, registered
from tests.portal.visitor import Visitor, words

pytestmark = pytest.mark.django_db
ON, LATER = date(2026, 11, 9), date(2026, 11, 16)
TOPIC = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"
OTHER: dict[str, Any] = {
    "name": "李四商贸公司",
    "identity_kind": "credit_code",
    "identity_number": CREDIT_CODE,
    "phone": "13900000000",
}


def replied(players: Cast, *, on: date = ON, **changes: Any) -> Case:
    case = registered(players, on=on, email="zhang@example.com", **changes).case
    closed(players, case, Outcome.GRANTED, on=on)
    return Case.objects.get(pk=case.pk)


def test_like_proposals_are_one_and_a_person_counts_once(players: Cast) -> None:
    first = verbs.propose_by_applicant(replied(players), at=moment(LATER))
    again = verbs.propose_by_applicant(replied(players), at=moment(LATER))
    other = verbs.propose_by_applicant(
        replied(players, content="请公开2025年东山区老旧小区改造项目清单，及资金安排！", **OTHER), at=moment(LATER)
    )
    assert first == again == other
    for by in (players.wang, players.wang, players.li):
        verbs.propose_by_officer(Case.objects.earliest("pk"), by=by, at=moment(LATER))
    found: Any = Proposal.objects.counted().get()
    assert (found.by_applicants, found.by_staff, found.by_visitors) == (2, 2, 0)
    assert Message.objects.filter(notice="proposal_made").values("effect_key").distinct().count() == 1
    unlike = verbs.propose_by_applicant(replied(players, content="申请公开2024年秸秆禁烧巡查记录。"), at=moment(LATER))
    assert unlike != first


def test_how_often_it_is_asked_for_is_counted_by_like_texts(players: Cast) -> None:
    kinds: tuple[dict[str, Any], ...] = ({}, {}, OTHER)
    for kind in kinds:
        registered(players, on=ON, **kind)
    registered(players, on=ON, content="申请公开2024年秸秆禁烧巡查记录。")
    proposal = verbs.propose_by_officer(Case.objects.earliest("pk"), by=players.wang, at=moment(LATER))
    index_all_waiting()
    asked = asked_often(proposal)
    assert (len(asked.cases), asked.applicants) == (3, 2)


def test_only_who_has_a_reply_proposes(players: Cast) -> None:
    case = registered(players, on=ON).case
    with pytest.raises(Refused, match="收到答复以后"):
        verbs.propose_by_applicant(case, at=moment(LATER))
    with pytest.raises(Refused, match="需要的角色"):
        verbs.propose_by_officer(case, by=players.zhou, at=moment(LATER))


def test_a_head_accepts_and_whoever_proposed_it_is_told_where_and_from_when(players: Cast) -> None:
    case = replied(players)
    before = annual.matrix_of([players.dongshan], 2026)
    proposal = verbs.propose_by_applicant(case, at=moment(LATER))
    verbs.propose_by_officer(case, by=players.wang, at=moment(LATER))
    given: dict[str, Any] = {"title": "老旧小区改造项目清单", "where": "https://example.gov.cn/gaizao/"}
    with pytest.raises(Refused, match="公开工作机构负责人"):
        verbs.accept(proposal, **given, public_on=LATER, by=players.wang, at=moment(LATER))
    with pytest.raises(Refused, match="一年以内"):
        verbs.accept(proposal, **given, public_on=date(2028, 1, 1), by=players.li, at=moment(LATER))
    same = Proposal.objects.get()
    verbs.accept(proposal, **given, public_on=LATER, by=players.li, at=moment(LATER))
    mail = Message.objects.get(notice="proposal_decided")
    assert (mail.address, mail.context["where"]) == ("zhang@example.com", given["where"])
    assert Message.objects.get(notice="proposal_of_staff_decided").recipient == players.wang
    assert annual.matrix_of([players.dongshan], 2026) == before
    with pytest.raises(Conflict):
        verbs.decline(same, reason="迟了。", by=players.li, at=moment(LATER))
    with pytest.raises(Refused, match="已经采纳"):
        verbs.propose_by_applicant(replied(players, **OTHER), at=moment(LATER))


def test_the_applicant_presses_once_and_sees_what_became_of_it(visitor: Visitor, players: Cast) -> None:
    case, code = visitor.applied()
    assert "建议主动公开" not in words(visitor.opens(case, code))
    closed(players, case, Outcome.GRANTED, on=case.received_on)
    page = f"/follow/{case.pk}/"
    assert "建议主动公开这项信息" in words(visitor.get(page))
    assert "审核的结果会告知您" in words(visitor.send(f"{page}publication/", {}))
    assert "正在等待审核" in words(visitor.get(page))
    visitor.send(f"{page}publication/", {})
    assert Voice.objects.count() == 1
    stranger = Visitor()
    assert "请输入登记编号和查询码" in words(stranger.send(f"{page}publication/", {}))
    verbs.decline(Proposal.objects.get(), reason="只涉及个别家庭。", by=players.li, at=moment(case.received_on))
    assert "只涉及个别家庭。" in words(visitor.get(page))


def test_the_public_sees_the_words_of_the_office_alone_and_is_counted_once(visitor: Visitor, players: Cast) -> None:
    content = "申请公开我家（幸福路3号张三）的拆迁补偿标准。"
    proposal = verbs.propose_by_applicant(replied(players, content=content), at=moment(LATER))
    assert "张三" not in words(visitor.get("/proposals/"))
    assert visitor.send(f"/proposals/{proposal.pk}/support/", {}).status_code == 404
    verbs.word(proposal, title="拆迁补偿标准", by=players.wang, at=moment(LATER))
    page = words(visitor.get("/proposals/"))
    assert "拆迁补偿标准" in page
    assert "张三" not in page
    assert "已经记下" in words(visitor.send(f"/proposals/{proposal.pk}/support/", {}))
    assert "只计一次" in words(Visitor().send(f"/proposals/{proposal.pk}/support/", {}))
    counted: Any = Proposal.objects.counted().get()
    assert counted.by_visitors == 1
    assert Voice.objects.exclude(visitor="").count() == 1
    assert "127.0.0.1" not in "".join(Voice.objects.values_list("visitor", flat=True))
    verbs.decline(proposal, reason="每户不同。", by=players.li, at=moment(LATER))
    assert not Voice.objects.exclude(visitor="").exists(), "the trace of a visitor is forgotten"
    assert "每户不同。" in words(visitor.get("/proposals/"))
    assert "已经审核" in words(visitor.send(f"/proposals/{proposal.pk}/support/", {}))


def test_of_another_agency_nothing_is_joined(players: Cast) -> None:
    verbs.propose_by_applicant(replied(players), at=moment(LATER))
    there = registered(players, on=ON).case
    Case.objects.filter(pk=there.pk).update(agency=Agency.objects.get(code="320800"))
    there.refresh_from_db()
    assert verbs.like(there, Proposal.objects.all()) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TOPIC, TOPIC, True),
        (TOPIC, "公开2025年东山区老旧小区改造项目清单、资金安排", True),
        ("请提供东政发〔2025〕12号文件", "我要东政发[2025]12号", True),
        (TOPIC, "2025年东山区农田灌溉项目清单", False),
        ("", "", False),
    ],
    ids=["same", "punctuation", "document", "unlike", "empty"],
)
def test_two_topics_are_one_by_their_words_or_a_document(one: str, other: str, same: bool) -> None:
    assert verbs.same_topic(one, other) is same
