"""The applicant reads the documents that they were sent, and never those that others were asked with."""

from datetime import date
from typing import Any

import pytest
import time_machine

from casework.access import Verb
from casework.actions import clock, deliver, send
from casework.actions.files import Upload
from casework.actions.intake import Registration
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.models import Case, DispatchMode, Event, Kind, Letter
from tests import cast
from tests.portal.visitor import Visitor, text, words

DAY = date(2026, 11, 9)


@pytest.fixture
def filed(players: cast.Cast) -> Registration:
    return cast.registered(players, on=date(2026, 11, 2), subject="改造项目合同")


def test_a_notice_is_there_when_it_has_been_sent_and_not_before(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    letter = send.prepare(
        filed.case, Verb.REQUEST_SUPPLEMENT, unclear="请说明年度。", by=players.wang, at=cast.moment(DAY)
    )
    address = f"/follow/{filed.case.pk}/letters/{letter.pk}.pdf"
    assert "补正告知书" not in words(visitor.opens(filed.case, filed.query_code))
    assert visitor.client.get(address).status_code == 404
    send.send(letter, mode=DispatchMode.ONLINE, on=DAY, by=players.wang, at=cast.moment(DAY))
    page = words(visitor.get(f"/follow/{filed.case.pk}/"))
    assert "政府信息公开申请补正告知书 东政公开补告〔2026〕1号" in page
    assert "2026年11月9日送出" in page
    assert b"".join(getattr(visitor.client.get(address), "streaming_content", ())).startswith(b"%PDF")


def test_a_letter_to_a_third_party_is_never_there(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    letter = send.carry_out(
        filed.case,
        Verb.CONSULT,
        mode=DispatchMode.EMAIL,
        party=Party.THIRD_PARTY,
        name="新业公司",
        summary="改造项目合同",
        by=players.wang,
        at=cast.moment(DAY),
    )
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "征询书" not in page
    assert "新业公司" not in page
    assert visitor.client.get(f"/follow/{filed.case.pk}/letters/{letter.pk}.pdf").status_code == 404


def test_another_case_s_notice_is_not_found(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    other = cast.registered(players, on=date(2026, 11, 2)).case
    at = cast.moment(DAY)
    send.carry_out(
        other, Verb.REQUEST_SUPPLEMENT, mode=DispatchMode.ONLINE, unclear="请说明年度。", by=players.wang, at=at
    )
    visitor.opens(filed.case, filed.query_code)
    assert visitor.client.get(f"/follow/{filed.case.pk}/letters/{Letter.objects.get().pk}.pdf").status_code == 404


def asked(players: cast.Cast, filed: Registration, **changes: Any) -> None:
    facts: dict[str, Any] = {"lacks": ["description"], "excerpts": ["改造项目"], "unclear": "请写明年度。"}
    clock.request_supplement(filed.case, **{**facts, **changes}, on=DAY, by=players.wang, at=cast.moment(DAY))


def test_the_unclear_words_are_marked_in_the_applicants_own_text(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    asked(players, filed)
    visitor.opens(filed.case, filed.query_code)
    page = text(visitor.get(f"/follow/{filed.case.pk}/supplement/"))
    assert "<mark>改造项目</mark>合同" in page, "in the title"
    assert "老旧小区<mark>改造项目</mark>清单" in page
    assert "名称、文号或者便于查询的特征" in page
    assert "条例 29(2)(二)" in page


def test_marks_are_marks_whatever_the_applicant_wrote(visitor: Visitor, players: cast.Cast) -> None:
    filed = cast.registered(players, on=date(2026, 11, 2), content="申请<script>与</mark>有关的文件")
    asked(players, filed, excerpts=["<script>与</mark>"])
    visitor.opens(filed.case, filed.query_code)
    page = visitor.get(f"/follow/{filed.case.pk}/supplement/").content.decode()
    assert "申请<mark>&lt;script&gt;与&lt;/mark&gt;</mark>有关的文件" in page


def test_an_answer_while_its_lapse_is_being_approved_is_taken_online(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: time_machine.Traveller
) -> None:
    asked(players, filed, days=1)
    now.move_to(cast.moment(date(2026, 11, 12)))
    cast.proposed(players, filed.case, Outcome.OTHER_1, on=date(2026, 11, 12))
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "现在补正" in page
    done = visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "2025年。"})
    assert "补正已经收到。" in words(done)
    assert Case.objects.get().state == "received"


def test_after_the_decision_nothing_is_asked_for_any_more(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: time_machine.Traveller
) -> None:
    asked(players, filed, days=1)
    now.move_to(cast.moment(date(2026, 11, 12), 17))
    cast.closed(players, filed.case, Outcome.OTHER_1, on=date(2026, 11, 12))
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "现在补正" not in page


def test_the_first_reading_of_the_reply_is_on_record_once_and_is_no_delivery(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: time_machine.Traveller
) -> None:
    now.move_to(cast.moment(DAY, 17))
    cast.signed(players, filed.case, Outcome.REFUSED_6, on=DAY)
    visitor.opens(filed.case, filed.query_code)
    assert not Event.objects.filter(kind=Kind.REPLY_OPENED).exists(), "nothing has been sent"
    at = cast.moment(DAY, 16)
    deliver.dispatch(filed.case, mode=DispatchMode.POST, postal_number="XA1", on=DAY, by=players.wang, at=at)
    version = Case.objects.get().version
    for _ in range(3):
        page = words(visitor.get(f"/follow/{filed.case.pk}/"))
    assert "您在网上查看了答复。" in page
    assert "答复的送达日期还没有登记" in page
    opened = Event.objects.get(kind=Kind.REPLY_OPENED)
    assert (opened.by, opened.actor, opened.at) == (None, "applicant", cast.moment(DAY, 17))
    assert Case.objects.get().version == version, "a reader turns no clerk away"
    assert filed.case.decisions.get().delivered_on is None


def test_a_proof_of_service_is_not_the_applicants_to_read(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: time_machine.Traveller
) -> None:
    now.move_to(cast.moment(DAY, 17))
    cast.closed(players, filed.case, Outcome.GRANTED, on=DAY)
    scan = Upload("送达回证.pdf", b"%PDF-1.7")
    deliver.file_proof(filed.case, uploads=(scan,), by=players.wang, at=cast.moment(DAY, 17))
    assert "送达回证" not in words(visitor.opens(filed.case, filed.query_code))
    proof = filed.case.documents.get(kind="service")
    assert visitor.client.get(f"/follow/{filed.case.pk}/files/{proof.pk}/").status_code == 404
