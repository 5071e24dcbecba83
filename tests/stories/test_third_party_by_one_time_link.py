"""Given a third party with an e-mail address, it reads the letter and answers once by a link of its own (条例 32)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import Settings

from casework.actions import consult, decide
from casework.models import Case, Consultation, Document, DocumentKind, Event, Kind, Letter
from casework.models.consultation import hashed
from notifications.models import Message
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, moment, registered
from tests.consulting import COMPANY, SUMMARY, asked_by_letter, link_mailed_to

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 16), date(2026, 11, 18)
REFUSAL = {"position": "refuses", "parts": "", "opinion": "单价属于本公司的商业秘密。"}


@pytest.fixture(autouse=True)
def address_of_this_site(settings: Settings) -> None:
    settings.SITE_URL = "https://gongkai.test"


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED, wanted_way="online").case


@pytest.fixture
def link(players: Cast, case: Case) -> str:
    """The path of the link in the mail."""
    asked_by_letter(players, case, COMPANY, on=TODAY)
    return link_mailed_to(COMPANY.email)


def stored() -> str:
    """Everything that the database holds in words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row if isinstance(value, str | bytes)]
    return "\n".join(found)


def test_it_reads_who_asks_about_what_until_when_and_what_silence_means(client: Client, link: str) -> None:
    page = client.get(link).content.decode()
    for said in ("东山区人民政府办公室", COMPANY.name, SUMMARY, "15个工作日", "由本机关依法决定", "条例"):
        assert said in page
    letter = client.get(f"{link}letter.pdf")
    text = pdf_text(letter.getvalue())
    assert "政府信息公开第三方意见征询书" in text
    assert Consultation.objects.get().letter == Letter.objects.get(kind="third_party")


def test_it_answers_checks_and_the_clock_resumes(players: Cast, client: Client, case: Case, link: str) -> None:
    paused = Case.objects.get().due_on
    check = client.post(link, {"step": "check", **REFUSAL})
    assert "提交前请核对" in check.content.decode()
    assert REFUSAL["opinion"] in check.content.decode()
    assert Consultation.objects.get().answered_on is None, "nothing is recorded before it is confirmed"
    proof = SimpleUploadedFile("保密协议.pdf", b"%PDF-1.7")
    done = client.post(link, {"step": "send", **REFUSAL, "uploads": proof}, follow=True)
    assert "已经答复" in done.content.decode()
    asked = Consultation.objects.get()
    assert (asked.answered_on, asked.consents, asked.opinion) == (TODAY, False, REFUSAL["opinion"])
    assert asked.answered_at is not None
    file = Document.objects.get(kind=DocumentKind.CONSULTATION)
    assert (file.consultation, file.name, file.added_by) == (asked, "保密协议.pdf", None)
    event = Event.objects.get(kind=Kind.OPINION_RECORDED)
    assert (event.actor, event.by) == ("consulted", None)
    due_on = Case.objects.get().due_on
    assert due_on is not None
    assert paused is not None
    assert due_on < paused, "answered on the day of the letter, hardly anything is left out"
    told = Message.objects.get(notice="opinion_arrived", channel="inbox")
    assert told.recipient == players.wang


def test_in_part_it_says_which_part_and_why(client: Client, link: str) -> None:
    answers = {"step": "send", "position": "partly", "parts": "合同总价。", "opinion": "单价除外。"}
    client.post(link, answers)
    asked = Consultation.objects.get()
    assert (asked.consents, asked.parts, asked.opinion) == (True, "合同总价。", "单价除外。")
    assert asked.position is not None
    assert asked.objects_to_disclosure


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"position": ""}, "请选择您的意见"),
        ({"position": "perhaps"}, "请选择您的意见"),
        ({"opinion": ""}, "请说明理由"),
        ({"position": "partly", "parts": ""}, "请写明同意公开哪些部分"),
        ({"opinion": "a\0b"}, "控制字符"),
        ({"opinion": "长" * 20_001}, "最多 20,000 个字"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_missing_is_asked_for_and_nothing_is_recorded(
    client: Client, link: str, step: str, wrong: dict[str, str], sentence: str
) -> None:
    page = client.post(link, {"step": step, **REFUSAL, **wrong})
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert Consultation.objects.get().answered_on is None


def test_consent_needs_no_reasons(client: Client, link: str) -> None:
    client.post(link, {"step": "send", "position": "consents", "parts": "不作数", "opinion": ""})
    asked = Consultation.objects.get()
    assert (asked.consents, asked.parts) == (True, "")


def test_it_answers_once_and_is_told_when(client: Client, link: str) -> None:
    client.post(link, {"step": "send", **REFUSAL})
    again = client.post(link, {"step": "send", **REFUSAL, "position": "consents"}, follow=True)
    assert "已经答复" in again.content.decode()
    assert "2026年11月18日" in again.content.decode()
    assert Consultation.objects.get().consents is False


def test_the_secret_is_kept_nowhere(link: str) -> None:
    token = link.split("/")[2]
    assert len(token) >= 43, "256 bits"
    everything = stored()
    assert hashed(token) in everything
    assert token not in everything, "neither with the consultation nor in the outbox"


def test_every_link_that_opens_nothing_gets_the_same_answer(
    players: Cast, client: Client, case: Case, link: str
) -> None:
    wrong = client.get("/consultation/no-such-token/")
    assert wrong.status_code == 404
    assert "这个链接打不开" in wrong.content.decode()
    asked = Consultation.objects.get()
    asked.case = case
    consult.revoke_link(asked, by=players.wang, at=moment(TODAY, 12))
    revoked = client.get(link)

    def text(page: object) -> str:
        return page.content.decode().replace(link, "").replace("/consultation/no-such-token/", "")  # type: ignore[attr-defined, no-any-return]

    assert (revoked.status_code, _without_token(text(revoked))) == (404, _without_token(text(wrong)))
    assert client.post(link, {"step": "send", **REFUSAL}).status_code == 404
    assert Consultation.objects.get().answered_on is None


def _without_token(page: str) -> str:
    """A page but for the hidden field against forged requests, which differs each time."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_new_link_closes_the_old_one(players: Cast, client: Client, case: Case, link: str) -> None:
    asked = Consultation.objects.get()
    asked.case = case
    token, event = consult.offer_link(asked, mail=False, by=players.wang, at=moment(TODAY, 12))
    assert token not in str(event.payload)
    assert client.get(link).status_code == 404
    assert client.get(f"/consultation/{token}/").status_code == 200
    assert Message.objects.filter(notice="answer_wanted").count() == 1, "handed over by the clerk, not mailed"


def test_when_the_case_is_over_nobody_is_asked_any_more_and_the_page_says_what_next(
    players: Cast, client: Client, case: Case, link: str
) -> None:
    decide.withdraw(case, on=TODAY, statement="不需要了。", by=players.wang, at=moment(TODAY, 12))
    page = client.get(link)
    assert page.status_code == 410
    for said in ("征求意见已经结束", "由本机关依法决定", "行政复议", "条例 51"):
        assert said in page.content.decode()
    for kept in ("不需要了", case.number, "张三", "撤回"):
        assert kept not in page.content.decode(), "nothing of the applicant, and not how it ended"
    assert client.post(link, {"step": "send", **REFUSAL}).status_code == 410
    assert client.get(f"{link}letter.pdf").status_code == 410
    assert Consultation.objects.get().answered_on is None


def test_the_last_day_is_named_as_far_as_it_is_known(
    players: Cast, client: Client, link: str, now: time_machine.Traveller
) -> None:
    """条例 32: fifteen working days from receiving the letter, which is the day of service where that is on file."""
    assert "最后一天是2026年12月9日" in client.get(link).content.decode(), "received today at the latest"
    now.shift(timedelta(days=1))
    assert "最后一天是2026年12月10日" in client.get(link).content.decode()
    asked = Consultation.objects.get()
    asked.case = Case.objects.get()
    consult.record_service(asked, on=TODAY, by=players.wang, at=moment(date(2026, 11, 19), 12))
    page = client.get(link).content.decode()
    assert "2026年12月9日（周三）以前" in " ".join(page.split())
    assert "最后一天是" not in page


def test_guessing_slows_down_the_guesser(client: Client, link: str) -> None:
    for number in range(8):
        client.get(f"/consultation/guess-{number}/")
    assert client.get(link).status_code == 404, "for a while even the right one"
    assert Client(REMOTE_ADDR="198.51.100.7").get(link).status_code == 200, "nobody else waits"


def test_nothing_of_it_is_kept_or_found_by_others(client: Client, link: str) -> None:
    for address in (link, "/consultation/no-such-token/", f"{link}letter.pdf"):
        answer = client.get(address)
        assert b"".join(answer)
        headers = answer.headers
        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_late_answer_is_taken_as_late_and_lengthens_nothing(
    players: Cast, client: Client, case: Case, link: str, now: time_machine.Traveller
) -> None:
    asked = Consultation.objects.get()
    asked.case = Case.objects.get()
    consult.record_service(asked, on=TODAY, by=players.wang, at=moment(TODAY, 12))
    due_on = Case.objects.get().due_on
    now.shift(timedelta(days=30))
    page = client.get(link).content.decode()
    assert "答复期限到2026年12月9日为止，已经过了。" in page
    assert "仍然可以用这个链接提出意见" in page
    client.post(link, {"step": "send", **REFUSAL})
    answered = Consultation.objects.get()
    assert answered.answered_on == date(2026, 12, 18)
    assert "逾期答复" in answered.standing(on=date(2026, 12, 18)).words.zh
    assert Case.objects.get().due_on == due_on


def test_in_the_other_language_what_was_typed_stays(client: Client, link: str) -> None:
    page = client.post(link, {"language": "en", "step": "check", **REFUSAL})
    assert page.status_code == 200
    assert REFUSAL["opinion"] in page.content.decode()
    assert 'lang="en"' in page.content.decode()
    assert page.cookies["django_language"].value == "en"
    assert Consultation.objects.get().answered_on is None
