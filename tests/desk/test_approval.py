"""The pages of the approval: the chain, the guards, the letter, and who stands in for whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.actions import approve
from casework.actions.delegate import delegate
from casework.law.outcomes import Outcome
from casework.law.states import State
from casework.models import Case, ClassifiedFinding, Clearance, Delegation, Document, Role, Staff
from tests.cast import Cast, cleared, moment, person, proposed, registered, reviewed, signed, statements
from tests.conftest import AS_OF

TODAY = AS_OF.date()


def press(client: Client, case: Case, verb: str, **answers: Any) -> Any:
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    return client.post(f"/desk/cases/{case.pk}/{verb}/", {"version": version, **answers})


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_a_draft_goes_from_desk_to_desk(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    for who, verb, answers, step in (
        (players.sun, "review", {"remark": "可以。"}, "等待 ："),
        (players.qian, "clear_secrecy", {"sure": "on"}, ""),
        (players.li, "sign", {"sure": "on"}, ""),
    ):
        client = at_desk(who)
        page = text(client, f"/desk/cases/{case.pk}/")
        assert f'href="/desk/cases/{case.pk}/{verb}/"' in page
        assert 'aria-current="step"' in page
        form = text(client, f"/desk/cases/{case.pk}/{verb}/")
        assert '<details class="letter" open>' in form, "the letter is read before it is approved"
        assert "签发前应当具备的条件" in form
        assert press(client, case, verb, **answers).status_code == 302, (verb, step)
    assert Case.objects.get().state == State.SIGNED
    done = text(at_desk(players.wang), f"/desk/cases/{case.pk}/")
    for name in ("孙正", "钱慎", "李立", "可以。"):
        assert name in done


def test_whose_step_it_is_not_gets_no_form(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    answer = press(at_desk(players.li), case, "sign", sure="on")
    assert answer.status_code == 403
    assert "现在等待的是审核" in answer.content.decode()
    assert not Clearance.objects.exists()


def test_the_queue_has_a_tray_for_each_step(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    for who, tray, move in (
        (players.sun, "to_review", reviewed),
        (players.qian, "to_clear", None),
    ):
        assert case.number in text(at_desk(who), f"/desk/?show={tray}")
        if move:
            move(players, Case.objects.get(), on=TODAY)
            assert case.number not in text(at_desk(who), f"/desk/?show={tray}")


def test_what_is_found_classified_is_said_twice_and_gone(
    players: Cast, wang: Client, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    attached = SimpleUploadedFile("a.txt", b"a")
    press(wang, case, "propose", outcome="granted", ground="provided", route="附件。", uploads=attached)
    reviewed(players, Case.objects.get(), on=TODAY)
    qian = at_desk(players.qian)
    assert "不要在这里填写秘密的内容" in text(qian, f"/desk/cases/{case.pk}/find_classified/")
    given = {"basis": "保密法第十三条", "decided_by": "省军区"}
    assert "请勾选" in press(qian, case, "find_classified", **given).content.decode()
    assert Document.objects.count() == 1
    press(qian, case, "find_classified", **given, sure="on")
    assert not Document.objects.exists()
    assert ClassifiedFinding.objects.get().decided_by == "省军区"
    page = text(wang, f"/desk/cases/{case.pk}/")
    for words in ("涉及国家秘密", "保密法第十三条", "省军区", "已从系统中删除"):
        assert words in page


def test_a_refusal_because_of_a_secret_has_no_place_for_files_and_warns(wang: Client, case: Case) -> None:
    page = text(wang, f"/desk/cases/{case.pk}/propose/?outcome=refused_1")
    assert 'name="uploads"' not in page
    assert "不要写秘密的内容" in page
    assert "定密机关" in page
    assert 'name="uploads"' in text(wang, f"/desk/cases/{case.pk}/propose/?outcome=granted")


def test_nothing_can_be_added_on_the_page_of_dispatch(players: Cast, wang: Client, case: Case) -> None:
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=moment(TODAY, 15))
    assert 'type="file"' not in text(wang, f"/desk/cases/{case.pk}/dispatch/")


def test_attachments_of_a_draft_that_came_back_are_kept_by_a_tick(players: Cast, wang: Client, case: Case) -> None:
    two = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    press(wang, case, "propose", outcome="granted", ground="provided", route="附件。", uploads=two)
    approve.send_back(Case.objects.get(), remark="删去b。", by=players.sun, at=AS_OF)
    page = text(wang, f"/desk/cases/{case.pk}/propose/?outcome=granted")
    assert "沿用退回拟稿的附件" in page
    assert page.count("checked") >= 2
    kept = Document.objects.get(name="a.txt")
    press(wang, case, "propose", outcome="granted", ground="provided", route="附件。", kept=[kept.pk])
    decision = Case.objects.get().current_decision
    assert decision is not None
    assert [document.name for document in decision.attachments.all()] == ["a.txt"]


def test_an_earlier_reply_is_asked_for_by_number_or_day(wang: Client, case: Case) -> None:
    stated = statements(Outcome.NOT_PROCESSED_2) | {"earlier_reply": "东政办〔2018〕5号"}
    answer = press(wang, case, "propose", outcome="not_processed_2", **stated)
    assert "没有已经送出的" in answer.content.decode()
    assert press(wang, case, "propose", outcome="not_processed_2", **stated, earlier_on="2018-06-01").status_code == 302
    assert 'name="earlier_on"' not in text(wang, f"/desk/cases/{case.pk}/propose/?outcome=granted")


# Deputies -------------------------------------------------------------------------------------------------------------


def test_one_names_a_deputy_and_ends_it(players: Cast, li: Client) -> None:
    assert "现在没有代理" in text(li, "/desk/delegations/")
    days = {"from_on": TODAY.isoformat(), "until_on": (TODAY + timedelta(days=3)).isoformat()}
    seat = players.li.appointments.get()
    answer = li.post("/desk/delegations/", {"whose": seat.pk, "deputy": players.chen.pk, **days})
    assert answer.status_code == 302
    page = text(li, "/desk/delegations/")
    assert "陈晨" in page
    assert "代理中" in page
    delegation = Delegation.objects.get()
    li.post(f"/desk/delegations/{delegation.pk}/end/")
    delegation.refresh_from_db()
    assert delegation.ended_by == players.li
    assert "现在没有代理" in text(li, "/desk/delegations/")


def test_a_mistake_is_said_beside_its_field(players: Cast, li: Client) -> None:
    seat = players.li.appointments.get()
    given = {"whose": seat.pk, "deputy": players.li.pk, "from_on": TODAY.isoformat(), "until_on": TODAY.isoformat()}
    assert "不能由本人代理" in li.post("/desk/delegations/", given).content.decode()
    for wrong in ({}, {"whose": "999", "deputy": "x"}, given | {"until_on": "2026-02-30"}):
        assert li.post("/desk/delegations/", wrong).status_code == 200
    assert not Delegation.objects.exists()


def test_who_has_no_role_to_delegate_is_told_so(wang: Client) -> None:
    page = text(wang, "/desk/delegations/")
    assert "您没有可以由人代理的角色" in page
    assert wang.post("/desk/delegations/", {"whose": "1"}).status_code == 200


@pytest.mark.parametrize("who", ["chen", "zhao", "wang"])
def test_another_cannot_end_it(players: Cast, at_desk: Callable[[Staff], Client], who: str) -> None:
    """The deputy is told that it is not theirs to end; for all others there is none."""
    made = delegate(
        players.dongshan,
        role=Role.HEAD,
        person=players.li,
        deputy=players.chen,
        from_on=TODAY,
        until_on=TODAY,
        by=players.li,
        at=AS_OF,
    )
    answer = at_desk(getattr(players, who)).post(f"/desk/delegations/{made.pk}/end/")
    assert answer.status_code == (302 if who == "chen" else 404)
    assert Delegation.objects.get().ended_at is None


def test_an_administrator_sees_and_arranges_for_the_whole_agency(
    players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    admin = at_desk(person("shi", "石磊", players.dongshan, Role.AGENCY_ADMINISTRATOR))
    page = text(admin, "/desk/delegations/")
    for name in ("孙正 · 审核人", "钱慎 · 保密审查人", "李立 · 公开工作机构负责人"):
        assert name in page
    assert "赵钱" not in page


def test_a_case_that_waits_for_somebody_away_says_so(players: Cast, wang: Client, li: Client) -> None:
    case = registered(players, on=TODAY).case
    delegate(
        players.dongshan,
        role=Role.REVIEWER,
        person=players.sun,
        deputy=players.chen,
        from_on=TODAY,
        until_on=TODAY,
        by=players.sun,
        at=AS_OF,
    )
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    page = text(li, f"/desk/cases/{case.pk}/")
    assert "孙正外出至" in page
    assert "由陈晨代" in page


def test_the_head_takes_a_signature_back_and_the_clerk_reads_why(
    players: Cast, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    signed(players, case, Outcome.REFUSED_5, on=TODAY)
    address = f"/desk/cases/{case.pk}/take_back/"
    assert at_desk(players.wang).get(address).status_code == 403
    li = at_desk(players.li)
    assert "文书作废，文号不再使用" in text(li, address)
    assert "请写明为什么撤回" in press(li, case, "take_back", remark=" ").content.decode()
    assert Case.objects.get().state == State.SIGNED
    assert press(li, case, "take_back", remark="第二页有误。").status_code == 302
    assert Case.objects.get().state == State.RECEIVED
    assert "第二页有误。" in text(at_desk(players.wang), f"/desk/cases/{case.pk}/")
