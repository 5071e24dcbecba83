"""Given a third party that objects, its information is disclosed only for the public interest, and it is told first."""

from datetime import date
from typing import Any

import pytest

from casework.actions import approve, consult, deliver
from casework.actions.consultation_letters import inform
from casework.actions.letters import void_letter
from casework.actions.send import send
from casework.law.consultation import Judgement
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Consultation, Decision, DispatchMode, Letter
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, cleared, closed, moment, proposed, registered, signed
from tests.consulting import COMPANY, answered, asked_by_letter

pytestmark = pytest.mark.django_db

RECEIVED, TODAY, NEXT = date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 19)
OVERRIDE = {
    "judgement": Judgement.OVERRIDDEN,
    "reasons": "工程使用财政资金，单价不含专有技术。",
    "public_interest": "不公开将使公众无法监督财政资金的使用。",
    "decided_content": "施工合同总价和各分项单价。",
}


@pytest.fixture
def case(players: Cast) -> Case:
    """A case in which the company has objected."""
    case = registered(players, on=RECEIVED, wanted_way="online").case
    [asked] = asked_by_letter(players, case, COMPANY, on=TODAY, mode=DispatchMode.IN_PERSON)
    answered(players, asked, TODAY)
    return Case.objects.get()


def judge(players: Cast, **facts: Any) -> Case:
    asked = Consultation.objects.get()
    consult.judge_objection(asked, by=players.wang, at=moment(TODAY, 12), **(OVERRIDE | facts))
    return Case.objects.get()


def signed_after_all(players: Cast, case: Case) -> None:
    """Review and secrecy review pass; the guard stands before the signature."""
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=moment(TODAY, 16))


def dispatch(players: Cast, case: Case, on: date = TODAY) -> None:
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=on, by=players.wang, at=moment(on, 17))


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.PARTIAL])
def test_before_the_objection_is_judged_nothing_is_disclosed(players: Cast, case: Case, outcome: Outcome) -> None:
    with pytest.raises(Refused, match="不同意公开，还没有判断") as refusal:
        proposed(players, case, outcome, on=TODAY)
    assert refusal.value.law == "条例 15、32"


def test_withheld_it_is_refused_or_granted_without_that_part(players: Cast, case: Case) -> None:
    case = judge(players, judgement=Judgement.WITHHELD, reasons="单价属于商业秘密。")
    with pytest.raises(Refused, match="不能全部予以公开"):
        proposed(players, case, Outcome.GRANTED, on=TODAY)
    closed(players, Case.objects.get(), Outcome.PARTIAL, on=TODAY)
    assert not Letter.objects.filter(kind="override").exists()


def test_an_objection_that_comes_after_the_draft_stops_the_signature(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    [asked] = asked_by_letter(players, case, COMPANY, on=TODAY, mode=DispatchMode.IN_PERSON)
    proposed(players, Case.objects.get(), Outcome.GRANTED, on=TODAY)
    answered(players, asked, TODAY)
    with pytest.raises(Refused, match="还没有判断"):
        signed_after_all(players, Case.objects.get())


def test_an_objection_that_comes_after_the_signature_stops_the_dispatch(players: Cast) -> None:
    """条例 32: the head takes the signature back, the letter is void, and the objection is judged first."""
    case = registered(players, on=RECEIVED).case
    [asked] = asked_by_letter(players, case, COMPANY, on=TODAY, mode=DispatchMode.IN_PERSON)
    signed(players, Case.objects.get(), Outcome.GRANTED, on=TODAY)
    number = Letter.objects.get(decision__isnull=False).number
    answered(players, asked, TODAY)
    with pytest.raises(Refused, match="还没有判断"):
        dispatch(players, Case.objects.get())
    event = approve.take_back(Case.objects.get(), remark="第三方不同意公开。", by=players.li, at=moment(TODAY, 16))
    assert (event.kind, Case.objects.get().state) == ("taken_back", "received")
    assert event.for_office().zh == f"李立撤回签发，文书（{number}）作废，退回重办：第三方不同意公开。"
    letter = Letter.objects.get(decision__isnull=False)
    assert (letter.voided_by, letter.void_reason) == (players.li, "第三方不同意公开。")
    judge(players, judgement=Judgement.WITHHELD, reasons="单价属于商业秘密。")
    closed(players, Case.objects.get(), Outcome.PARTIAL, on=TODAY)
    assert Case.objects.get().state == "partially_disclosed"
    assert Decision.objects.filter(returned_at=None).count() == 1


@pytest.mark.parametrize("missing", ["reasons", "public_interest", "decided_content"])
def test_an_override_names_the_public_interest_the_content_and_the_reasons(
    players: Cast, case: Case, missing: str
) -> None:
    with pytest.raises(Refused) as refusal:
        judge(players, **{missing: " "})
    assert refusal.value.field == missing
    assert Consultation.objects.get().judgement == ""


def test_the_reply_leaves_only_after_the_notice_to_the_third_party_was_made(players: Cast, case: Case) -> None:
    case = judge(players)
    signed(players, case, Outcome.GRANTED, on=TODAY)
    with pytest.raises(Refused, match="请先制作第三方告知书") as refusal:
        dispatch(players, Case.objects.get())
    assert refusal.value.law == "条例 32"
    assert Case.objects.get().state == "signed"
    case = Case.objects.get()
    letter = inform(
        case,
        consultation=Consultation.objects.get(),
        mode=DispatchMode.IN_PERSON,
        by=players.wang,
        at=moment(TODAY, 16),
    )
    with letter.pdf.open() as stored:
        text = pdf_text(stored.read())
    for said in ("政府信息公开第三方告知书", COMPANY.name, *list(OVERRIDE.values())[1:], "第三十二条", "不同意公开"):
        assert said in text
    assert letter.number == "东政公开三告〔2026〕1号"
    assert Consultation.objects.get().informed_on == TODAY
    dispatch(players, Case.objects.get())
    assert Case.objects.get().state == "disclosed"


def test_posted_it_may_leave_after_the_reply_and_is_recorded_on_its_day(players: Cast, case: Case) -> None:
    signed(players, judge(players), Outcome.GRANTED, on=TODAY)
    asked = Consultation.objects.get()
    letter = inform(
        Case.objects.get(), consultation=asked, mode=DispatchMode.POST, by=players.wang, at=moment(TODAY, 16)
    )
    assert Consultation.objects.get().informed_on is None
    dispatch(players, Case.objects.get())
    letter = Letter.objects.get(pk=letter.pk)
    send(letter, mode=DispatchMode.POST, postal_number="EA1CN", on=NEXT, by=players.wang, at=moment(NEXT))
    assert Consultation.objects.get().informed_on == NEXT


def test_a_notice_that_was_declared_void_is_no_notice(players: Cast, case: Case) -> None:
    signed(players, judge(players), Outcome.GRANTED, on=TODAY)
    letter = inform(
        Case.objects.get(),
        consultation=Consultation.objects.get(),
        mode=DispatchMode.POST,
        by=players.wang,
        at=moment(TODAY, 16),
    )
    void_letter(Letter.objects.get(pk=letter.pk), reason="地址有误。", by=players.li, at=moment(TODAY, 16))
    with pytest.raises(Refused, match="请先制作第三方告知书"):
        dispatch(players, Case.objects.get())


def test_reasons_that_do_not_hold_need_no_public_interest(players: Cast, case: Case) -> None:
    case = judge(players, judgement=Judgement.UNFOUNDED, public_interest="", decided_content="")
    closed(players, case, Outcome.GRANTED, on=TODAY)
    assert not Letter.objects.filter(kind="override").exists()


def test_who_has_not_been_overridden_is_not_told_that_it_was(players: Cast, case: Case) -> None:
    case = judge(players, judgement=Judgement.UNFOUNDED, public_interest="", decided_content="")
    signed(players, case, Outcome.GRANTED, on=TODAY)
    with pytest.raises(Refused, match="没有因公共利益决定公开"):
        inform(
            Case.objects.get(),
            consultation=Consultation.objects.get(),
            mode=DispatchMode.IN_PERSON,
            by=players.wang,
            at=moment(TODAY, 16),
        )


def test_there_is_nothing_to_judge_before_somebody_objects(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    [asked] = asked_by_letter(players, case, COMPANY, on=TODAY, mode=DispatchMode.IN_PERSON)
    with pytest.raises(Refused, match="没有需要判断的第三方不同意见"):
        consult.judge_objection(asked, by=players.wang, at=moment(TODAY, 12), **OVERRIDE)  # type: ignore[arg-type]
