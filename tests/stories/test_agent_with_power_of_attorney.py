"""Given somebody who acts for the applicant: the power of attorney is on file, the column is the principal's."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.actions import intake
from casework.actions.application import Attorney
from casework.actions.files import Upload
from casework.annual import matrix_of
from casework.law.letters import Element, LetterKind
from casework.law.refusals import Refused
from casework.letters import draft
from casework.models import Agent, Case, DocumentKind, Kind
from tests.cast import RESIDENT_NUMBER, Cast, moment, registered

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)
LAWYER = Attorney(
    name="吴律师",
    identity_kind="resident",
    identity_number=RESIDENT_NUMBER,
    phone="13900000000",
    scope="代为申请、补正、接收答复",
    until=date(2026, 12, 31),
)


def acted_for(players: Cast, **changes: Any) -> Case:
    return registered(players, on=DAY, **{"agent": LAWYER} | changes).case


def test_a_lawyer_who_acts_for_a_person_counts_in_the_column_of_the_person(players: Cast) -> None:
    """law.md 6.5."""
    case = acted_for(players)
    table = matrix_of([players.dongshan], 2026)
    assert case.applicant_kind == "natural_person"
    assert [table.cell("new", column) for column in ("natural_person", "legal_service")] == [1, 0]


def test_the_agents_number_is_sealed_like_the_applicants_and_read_against_an_event(players: Cast) -> None:
    case = acted_for(players, identity_kind="", identity_number="")
    agent = Agent.objects.get()
    assert RESIDENT_NUMBER.encode() not in bytes(agent.identity_sealed or b"")
    number, event = intake.read_identity(case, person=agent, by=players.wang, at=moment(DAY))
    assert (number, event.kind, event.payload) == (RESIDENT_NUMBER, Kind.IDENTITY_READ, {"whose": "agent"})
    assert "代理人的证件号码" in event.for_office().zh


def test_a_wrong_number_of_the_agent_is_refused_at_the_agents_field(players: Cast) -> None:
    with pytest.raises(Refused, match="校验位") as refusal:
        acted_for(players, agent=replace(LAWYER, identity_number="110105194912310021"))
    assert refusal.value.field == "agent_identity_number"
    assert not Case.objects.exists()


def test_the_power_of_attorney_is_a_document_of_its_own_kind(players: Cast) -> None:
    case = acted_for(players, authority=(Upload("委托书.pdf", b"%PDF-1.7"),))
    document = case.documents.get()
    assert (document.kind, document.name) == (DocumentKind.AUTHORITY, "委托书.pdf")


def test_a_power_of_attorney_runs_out(players: Cast) -> None:
    agent = acted_for(players).applicant.acting
    assert agent is not None
    assert not agent.expired(date(2026, 12, 31))
    assert agent.expired(date(2027, 1, 1))


def test_letters_go_to_the_applicant_through_the_agent(players: Cast) -> None:
    case = acted_for(players)
    assert draft(case, LetterKind.RECEIPT, on=DAY).page.addressee == "张三（委托代理人：吴律师）"


def test_who_is_consulted_does_not_learn_who_acts(players: Cast) -> None:
    case = acted_for(players)
    with pytest.raises(Refused, match="不得出现申请人的姓名"):
        draft(case, LetterKind.THIRD_PARTY, on=DAY, to="某公司", given={Element.SUMMARY: "吴律师代张三申请的信息"})
