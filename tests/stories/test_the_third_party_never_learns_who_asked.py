"""Given somebody is consulted, nothing that reaches them tells who applied (law.md 10.2): page, letter, mail, names."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from casework.actions import consult
from casework.actions.consultation_letters import Addressee, ask
from casework.law.consultation import Consulted, Judgement
from casework.law.refusals import Refused
from casework.models import Case, Consultation, DispatchMode, Event, Letter
from notifications.models import Message
from notifications.wording import worded
from tests.casework.test_letters import pdf_text
from tests.cast import RESIDENT_NUMBER, Cast, moment, registered
from tests.consulting import BUREAU, COMPANY, SUMMARY, answered, asked_by_letter, link_mailed_to

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 16), date(2026, 11, 18)
APPLICANT: dict[str, Any] = {
    "name": "欧阳青禾",
    "phone": "13912345678",
    "email": "qinghe@example.org",
    "address": "东山区幸福路十八号院三单元",
    "content": "欧阳青禾想知道小区改造花了多少钱。",
    "subject": "小区改造花了多少钱",
}


@pytest.fixture(autouse=True)
def address_of_this_site(settings: Settings) -> None:
    settings.SITE_URL = "https://gongkai.test"


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED, wanted_way="online", **APPLICANT).case


def betrays(case: Case, text: str) -> list[str]:
    """What of the applicant, or of the case's own number and words, stands in a text."""
    return [said for said in (*APPLICANT.values(), RESIDENT_NUMBER, case.number) if said in text]


def test_neither_page_nor_letter_nor_mail_nor_file_name_tells(
    players: Cast, client: Client, case: Case, settings: Settings
) -> None:
    asked_by_letter(players, case, COMPANY, BUREAU, on=TODAY)
    link = link_mailed_to(COMPANY.email)
    mail = worded(Message.objects.get(notice="answer_wanted", address=COMPANY.email))
    answers = {"position": "refuses", "parts": "", "opinion": "商业秘密。"}
    seen = [mail.subject, mail.text, client.get(link).content.decode()]
    seen += [client.post(link, {"step": step, **answers}).content.decode() for step in ("", "check")]
    letter = client.get(f"{link}letter.pdf")
    raw = letter.getvalue()
    seen += [pdf_text(raw), raw.decode("latin-1"), str(letter.headers)]
    seen.append(client.post(link, {"step": "send", **answers}, follow=True).content.decode())
    seen.append(client.get("/consultation/other/").content.decode())
    for text in seen:
        assert betrays(case, text) == []
    for address in (COMPANY.email, BUREAU.email):
        for message in Message.objects.filter(address=address):
            assert betrays(case, str(message.context) + message.path) == []


def test_nor_does_the_letter_that_goes_by_post_or_its_word_file(players: Cast, case: Case) -> None:
    asked_by_letter(players, case, COMPANY, BUREAU, on=TODAY, mode=DispatchMode.POST)
    letters = Letter.objects.filter(kind__in=["third_party", "joint_organ"])
    assert len(letters) == 2
    for letter in letters:
        assert betrays(case, str(letter.content) + str(letter)) == []
        assert SUMMARY in letter.content["body"]


@pytest.mark.parametrize(
    "said",
    [
        "欧阳青禾申请的施工合同",
        "欧 阳 青 禾 申请的施工合同",
        "电话139-1234-5678的申请人要的合同",
        "电话１３９１２３４５６７８的申请人要的合同",
        "QINGHE@example.org 申请的合同",
        "幸福路十八号院三单元的合同，东山区幸福路十八号院三单元",
        f"{RESIDENT_NUMBER}申请的合同",
    ],
)
def test_a_summary_that_would_tell_is_refused_and_nothing_is_made(players: Cast, case: Case, said: str) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused, match="不得出现申请人的姓名") as refusal:
        asked_by_letter(players, case, COMPANY, on=TODAY, summary=said)
    assert refusal.value.field == "summary"
    assert (Letter.objects.count(), Consultation.objects.count()) == (0, 0)
    assert Event.objects.count() == before


def test_nor_may_it_hold_the_number_of_the_case(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="登记编号"):
        asked_by_letter(players, case, COMPANY, on=TODAY, summary=f"{case.number}号申请所要的合同")


def test_without_a_summary_the_words_of_the_applicant_are_not_used(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="所涉信息概要"):
        ask(
            case,
            addressees=[Addressee(Consulted.THIRD_PARTY, COMPANY.name)],
            summary="",
            mode=DispatchMode.POST,
            by=players.wang,
            at=moment(TODAY),
        )
    assert not Letter.objects.exists()


def test_the_reasons_of_an_override_may_not_tell_either(players: Cast, case: Case) -> None:
    [asked] = asked_by_letter(players, case, COMPANY, on=TODAY, mode=DispatchMode.IN_PERSON)
    answered(players, asked, TODAY)
    with pytest.raises(Refused, match="不得出现申请人的姓名"):
        consult.judge_objection(
            Consultation.objects.get(),
            judgement=Judgement.OVERRIDDEN,
            reasons="欧阳青禾有权知道。",
            public_interest="监督财政资金。",
            decided_content="合同。",
            by=players.wang,
            at=moment(TODAY, 12),
        )


def test_the_applicant_never_learns_who_was_asked_nor_reads_what_they_sent(
    players: Cast, client: Client, case: Case
) -> None:
    asked_by_letter(players, case, COMPANY, on=TODAY)
    client.post(link_mailed_to(COMPANY.email), {"step": "send", "position": "refuses", "opinion": "涉及单价。"})
    told = [str(text) for event in Event.objects.all() if (text := event.for_applicant())]
    mails = [worded(message) for message in Message.objects.filter(address=APPLICANT["email"])]
    told += [mail.subject + mail.text for mail in mails]
    assert mails
    theirs = case.letters.sent_to_applicant()
    assert {letter.kind for letter in theirs} == {"consulting"}
    told += [str(letter.content) for letter in theirs]
    for words in told:
        for secret in (COMPANY.name, COMPANY.email, "涉及单价", SUMMARY):
            assert secret not in words
