"""Applying for somebody else and together with others: pages that nobody has to see who does not need them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.actions import related
from casework.actions.related import Matter
from casework.models import Agent, Case, CoApplicant, Document
from tests import cast
from tests.cast import Cast
from tests.conftest import AS_OF
from tests.portal.visitor import Visitor, text

AGENT = {
    "agent_name": "吴律师",
    "agent_identity_kind": "resident",
    "agent_identity_number": cast.RESIDENT_NUMBER,
    "agent_phone": "13900000000",
    "agent_scope": "代为申请",
}


def test_who_applies_alone_is_asked_neither(visitor: Visitor) -> None:
    draft = visitor.filled()
    page = text(visitor.get(draft + "check/"))
    assert f"{draft}agent/" in page
    assert f"{draft}fellows/" in page
    assert 'name="authority"' not in page
    visitor.send(draft + "check/", {})
    assert Case.objects.get().applicant.addressee == "张三"


def test_an_agent_applies_with_a_power_of_attorney(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.send(draft + "agent/", AGENT)
    assert visitor.path == draft + "check/"
    page = text(visitor.get(visitor.path))
    assert "吴律师" in page
    assert 'name="authority"' in page
    visitor.send(draft + "check/", {"authority": SimpleUploadedFile("委托书.pdf", b"%PDF-1.7")})
    case, agent = Case.objects.get(), Agent.objects.get()
    assert (case.applicant_kind, case.applicant.name) == ("natural_person", "张三")
    assert (agent.applicant, agent.name, agent.scope) == (case.applicant, "吴律师", "代为申请")
    assert agent.identity_number == cast.RESIDENT_NUMBER
    document = Document.objects.get()
    assert (document.case, document.kind) == (case, "authority")


def test_a_power_of_attorney_can_follow(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.send(draft + "agent/", AGENT)
    visitor.send(draft + "check/", {})
    assert Agent.objects.get().name == "吴律师"
    assert not Document.objects.exists()


def test_several_apply_together(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.send(draft + "fellows/", {"fellows": f"李四，{cast.RESIDENT_NUMBER}\n王五"})
    visitor.send(draft + "check/", {})
    assert Case.objects.get().applicant.names == "张三、李四、王五"
    assert CoApplicant.objects.get(name="李四").identity_number == cast.RESIDENT_NUMBER


def test_who_changes_their_mind_empties_the_page(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.send(draft + "agent/", AGENT)
    visitor.send(draft + "agent/", dict.fromkeys(AGENT, ""))
    assert "吴律师" not in text(visitor.get(draft + "check/"))
    visitor.send(draft + "check/", {})
    assert not Agent.objects.exists()


@pytest.mark.parametrize(
    ("step", "typed", "sentence"),
    [
        ("agent", AGENT | {"agent_name": ""}, "请填写代理人的姓名"),
        ("agent", AGENT | {"agent_identity_number": "110105194912310021"}, "校验位"),
        ("agent", AGENT | {"agent_identity_kind": ""}, "请选择证件类型"),
        ("fellows", {"fellows": "李四\n王五，110105194912310021"}, "第2行"),
    ],
)
def test_what_is_wrong_is_said_and_must_be_mended_before_it_is_sent(
    visitor: Visitor, step: str, typed: dict[str, str], sentence: str
) -> None:
    draft = visitor.filled()
    assert sentence in text(visitor.send(f"{draft}{step}/", typed))
    visitor.send(draft + "check/", {})
    assert visitor.path == f"{draft}{step}/"
    assert not Case.objects.exists()


def test_a_split_application_names_its_pieces_to_the_applicant(visitor: Visitor, players: Cast) -> None:
    case, code = visitor.applied()
    on = AS_OF.date()
    event = related.split(
        case,
        kept=Matter(content="清单"),
        others=[Matter(content="资金安排")],
        reason="两项",
        by=players.wang,
        at=cast.moment(on, 11),
    )
    (piece,) = event.payload["numbers"]
    page = text(visitor.send("/follow/", {"number": piece, "code": code}))
    assert f"由{case.number}拆分" in page
    assert piece in text(visitor.send("/follow/", {"number": case.number, "code": code}))
