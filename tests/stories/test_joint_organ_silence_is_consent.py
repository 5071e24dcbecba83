"""Given information made together with another organ, its silence is consent; that of any other organ is nothing."""

from datetime import date

import pytest
from django.test import Client

from casework.actions import consult
from casework.actions.consultation_letters import Addressee
from casework.law.consultation import Consulted, Stage
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Consultation, DispatchMode
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, closed, moment, proposed, registered
from tests.consulting import BUREAU, COMPANY, answered, asked_by_letter

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 16), date(2026, 11, 18)
LAST = date(2026, 12, 9)  # the fifteenth working day after the 18th
LATER = date(2026, 12, 10)
SECRECY = Addressee(Consulted.OTHER_AGENCY, "区国家保密局")


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED, wanted_way="online").case


def test_silent_for_fifteen_working_days_a_joint_organ_counts_as_consenting(players: Cast, case: Case) -> None:
    [asked] = asked_by_letter(players, case, BUREAU, on=TODAY, mode=DispatchMode.IN_PERSON)
    assert asked.standing(on=LAST).stage is Stage.AWAITED
    silent = asked.standing(on=LATER)
    assert (silent.stage, silent.law) == (Stage.LAPSED, "条例 34")
    assert silent.words.zh == "共同制作机关逾期未答复：视为同意公开"
    closed(players, Case.objects.get(), Outcome.GRANTED, on=LATER)


def test_silence_of_a_third_party_and_of_another_organ_is_not_consent(players: Cast, case: Case) -> None:
    third, other = asked_by_letter(players, case, COMPANY, SECRECY, on=TODAY, mode=DispatchMode.IN_PERSON)
    assert "由本机关依法决定" in third.standing(on=LATER).words.zh
    assert "不产生任何后果" in other.standing(on=LATER).words.zh
    for asked in (third, other):
        assert "视为同意公开" not in asked.standing(on=LATER).words.zh


def test_nobody_is_silent_before_it_is_known_when_the_letter_arrived(players: Cast, case: Case) -> None:
    [asked] = asked_by_letter(players, case, BUREAU, on=TODAY, mode=DispatchMode.IN_PERSON)
    Consultation.objects.update(delivered_on=None)
    asked.refresh_from_db()
    assert asked.standing(on=LATER).stage is Stage.UNPROVEN
    consult.record_service(asked, on=date(2026, 11, 20), by=players.wang, at=moment(LATER))
    asked = Consultation.objects.get()
    assert asked.standing(on=LATER).stage is Stage.AWAITED, "its fifteen working days end on the 11th"
    assert asked.standing(on=date(2026, 12, 14)).stage is Stage.LAPSED


def test_each_gets_its_own_letter_and_number_and_reads_what_its_silence_means(players: Cast, case: Case) -> None:
    asked = asked_by_letter(players, case, COMPANY, BUREAU, SECRECY, on=TODAY, mode=DispatchMode.IN_PERSON)
    letters = [one.letter for one in asked]
    assert [letter.number for letter in letters if letter] == [
        "东政公开征询〔2026〕1号",
        "东政公开征函〔2026〕1号",
        "东政公开询函〔2026〕1号",
    ]
    words = ["由本机关依照", "视为同意公开", "由本机关依照"]
    for one, letter, effect in zip(asked, letters, words, strict=True):
        assert letter is not None
        with letter.pdf.open() as stored:
            text = pdf_text(stored.read())
        assert one.name in text
        assert effect in text
        assert {other.name for other in asked if other.name in text} == {one.name}, "nobody reads who else was asked"


def test_the_time_of_all_of_them_together_is_left_out_once(players: Cast, case: Case) -> None:
    asked = asked_by_letter(players, case, COMPANY, BUREAU, SECRECY, on=TODAY, mode=DispatchMode.IN_PERSON)
    for one, day in zip(asked, (date(2026, 11, 24), date(2026, 11, 20), date(2026, 11, 23)), strict=True):
        answered(players, one, day, consents=True, opinion="")
    assert Case.objects.get().due().excluded == ((date(2026, 11, 19), date(2026, 11, 24)),)


def test_the_applicant_gets_one_notice_that_names_nobody(players: Cast, case: Case) -> None:
    asked_by_letter(players, case, COMPANY, BUREAU, on=TODAY, mode=DispatchMode.IN_PERSON)
    told = case.letters.get(kind="consulting")
    assert told.deliveries.get().sent_on == TODAY
    assert told.content["addressee"] == "张三"
    for name in (COMPANY.name, BUREAU.name):
        assert name not in told.content["body"]
    asked_by_letter(players, Case.objects.get(), SECRECY, on=TODAY, mode=DispatchMode.IN_PERSON)
    assert case.letters.filter(kind="consulting").count() == 1


def test_by_post_nothing_is_left_out_before_the_letter_was_posted(players: Cast, case: Case) -> None:
    due_on = case.due_on
    assert asked_by_letter(players, case, BUREAU, on=TODAY, mode=DispatchMode.POST) == []
    assert Case.objects.get().due_on == due_on
    assert case.letters.not_sent().filter(kind="joint_organ").count() == 1


def test_its_objection_binds_nobody_and_an_opinion_of_a_third_party_is_still_wanted(players: Cast, case: Case) -> None:
    [asked] = asked_by_letter(players, case, BUREAU, on=TODAY, mode=DispatchMode.IN_PERSON)
    answered(players, asked, TODAY)
    with pytest.raises(Refused, match="征求第三方意见"):
        proposed(players, Case.objects.get(), Outcome.REFUSED_4, on=TODAY)
    closed(players, Case.objects.get(), Outcome.GRANTED, on=TODAY)


def test_the_clerk_sees_what_silence_means_where_the_reply_is_drafted(players: Cast, client: Client) -> None:
    sent = date(2026, 10, 12)
    case = registered(players, on=sent).case
    asked_by_letter(players, case, BUREAU, on=sent, mode=DispatchMode.IN_PERSON)
    client.force_login(players.wang)
    for address in (f"/desk/cases/{case.pk}/", f"/desk/cases/{case.pk}/propose/?outcome=granted"):
        assert "共同制作机关逾期未答复：视为同意公开" in client.get(address).content.decode()
