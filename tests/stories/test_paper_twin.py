"""Typed at home, printed, signed and handed in: the clerk scans it, and it is never sent online as well."""

import io
import re
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from casework.actions import intake
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Arrival, Case, Draft
from casework.models.draft import reference_of
from tests import cast
from tests.conftest import AS_OF
from tests.portal.visitor import WHAT, Visitor, text, words

pytestmark = pytest.mark.django_db
TODAY = AS_OF.date()


@pytest.fixture
def visitor(players: cast.Cast) -> Visitor:
    return Visitor()


@pytest.fixture
def wang(players: cast.Cast, client: Client) -> Client:
    client.force_login(players.wang)
    return client


def printed(visitor: Visitor, draft: str) -> str:
    """The words of the form; the reference is in the draft from now on."""
    answer = visitor.get(draft + "application.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    return "".join(page.get_textpage().get_text_range() for page in pdf)


def shown(answer: Any) -> str:
    return text(answer)


def registration(page: str, **more: str) -> dict[str, str]:
    """The form as it came, with what was filled into it."""
    fields = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)</textarea>', page))
    fields |= dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w*)"[^>]* checked', page))
    fields |= dict(re.findall(r'<select name="(\w+)"[^>]*>.*?<option value="(\w*)" selected', page, re.DOTALL))
    return fields | more


def test_what_was_typed_at_home_is_registered_from_the_paper_and_only_once(visitor: Visitor, wang: Client) -> None:
    draft = visitor.filled()
    paper = printed(visitor, draft)
    reference = Draft.objects.get().reference
    assert reference
    assert reference_of(f" {reference[:4].lower()}-{reference[4:8]}-{reference[8:]} ") == reference
    for said in (
        "政府信息公开申请表",
        "东山区人民政府办公室",
        "张三",
        cast.RESIDENT_NUMBER,
        "老旧小区改造项目清单",
        reference[8:],
    ):
        assert said in paper
    printed(visitor, draft)
    assert Draft.objects.get().reference == reference  # the same on every print

    page = shown(wang.get("/desk/register/", {"channel": "in_person", "draft": reference}))
    assert "已经调出申请人在网上填写的内容" in page
    filled = registration(page, number="")
    assert (filled["name"], filled["identity_number"], filled["phone"]) == ("张三", cast.RESIDENT_NUMBER, "13800138000")
    assert filled["content"] == WHAT["content"]
    wang.post("/desk/register/", filled)
    case = Case.objects.get()
    assert (case.channel, case.applicant.name, case.content) == ("in_person", "张三", WHAT["content"])
    assert case.received_on == TODAY

    sent = words(visitor.send(draft + "check/", {}))
    assert visitor.path == draft + "receipt/"
    assert case.number in sent
    assert 'id="query-code"' not in text(visitor.get(visitor.path)), "the draft's code never opened this case"
    assert Case.objects.count() == 1
    assert Draft.objects.get().answers == {}
    again = shown(wang.get("/desk/register/", {"channel": "in_person", "draft": reference}))
    assert f"登记编号{case.number}" in again


def test_what_was_sent_online_is_not_registered_from_the_paper_as_well(visitor: Visitor, wang: Client) -> None:
    draft = visitor.filled()
    printed(visitor, draft)
    reference = str(Draft.objects.get().reference)
    filled = registration(shown(wang.get("/desk/register/", {"channel": "in_person", "draft": reference})), number="")
    visitor.send(draft + "check/", {})  # while the clerk has the form open
    page = shown(wang.post("/desk/register/", filled))
    assert "已经登记或者在网上提交过" in page
    assert Case.objects.count() == 1


def test_the_verb_itself_uses_a_draft_up_once(visitor: Visitor, players: cast.Cast) -> None:
    visitor.filled()
    draft = Draft.objects.get()
    receipt = Receipt(Channel.IN_PERSON, TODAY)
    more: dict[str, Any] = {"by": players.wang, "at": cast.moment(TODAY), "draft": draft}
    intake.register(players.dongshan, cast.application(), receipt, **more)
    with pytest.raises(Refused, match="不能再登记"):
        intake.register(players.dongshan, cast.application(), receipt, **more)
    assert Case.objects.count() == 1


def test_a_letter_with_the_form_is_joined_through_the_mail_log(
    visitor: Visitor, wang: Client, players: cast.Cast
) -> None:
    draft = visitor.filled()
    printed(visitor, draft)
    arrival = Arrival.objects.create(
        agency=players.dongshan, arrived_on=TODAY, channel="signed_mail", sender="张三", received_by="收发室",
        logged_at=AS_OF,
    )  # fmt: skip
    query = {"arrival": str(arrival.pk), "draft": str(Draft.objects.get().reference)}
    wang.post("/desk/register/", registration(shown(wang.get("/desk/register/", query)), number=""))
    case = Case.objects.get()
    arrival.refresh_from_db()
    assert (arrival.case, case.channel, Draft.objects.get().case) == (case, "signed_mail", case)


def test_another_offices_draft_does_not_exist_and_a_slip_is_told(visitor: Visitor, wang: Client) -> None:
    draft = visitor.filled("320800")
    printed(visitor, draft)
    reference = str(Draft.objects.get().reference)
    page = shown(wang.get("/desk/register/", {"channel": "in_person", "draft": reference}))
    assert "没有找到这份草稿" in page
    assert "张三" not in page
    slip = reference[:-1] + ("3" if reference[-1] != "3" else "4")
    assert "草稿编号写错了" in shown(wang.get("/desk/register/", {"channel": "in_person", "draft": slip}))


def test_an_unfinished_draft_prints_with_room_to_write_and_rare_names_are_not_lost(visitor: Visitor) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    visitor.send(draft + "who/", {"name": "欧阳镕堃\U000f1234", "phone": "0469-8223344"})
    paper = printed(visitor, draft)
    assert "U+F1234" in paper
    assert "申请人（签名或者盖章）" in paper
