"""The daughter types, the mother reads the whole on her own telephone and alone sends; the case says who helped."""

import re
from datetime import timedelta

import pytest
from time_machine import Traveller

from casework.models import Actor, Case, Draft, Kind, Pairing
from tests import cast
from tests.portal.visitor import WHAT, Visitor, shown_code, text, words

pytestmark = pytest.mark.django_db
PROOF = cast.RESIDENT_NUMBER[-4:].lower()


@pytest.fixture
def daughter(players: cast.Cast) -> Visitor:
    return Visitor()


@pytest.fixture
def mother() -> Visitor:
    return Visitor()


def helped(visitor: Visitor, **who: str) -> str:
    """A finished draft that somebody else has typed; its address."""
    draft = visitor.filled()
    visitor.send(draft + "helper/", {"helper": "family", "name": "张小妹"} | who)
    return draft


def code_of(visitor: Visitor, draft: str) -> str:
    found = re.search(r'id="pairing-code">(\d{6})<', text(visitor.send(draft + "helper/", {})))
    assert found
    return found[1]


def hidden(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def test_mother_reads_everything_and_sends(daughter: Visitor, mother: Visitor) -> None:
    draft = helped(daughter)
    page = mother.send("/pair/", {"code": code_of(daughter, draft), "proof": PROOF})
    assert mother.path == "/pair/read/"
    for said in ("东山区人民政府办公室", "张三", cast.RESIDENT_NUMBER, WHAT["content"], "家人、朋友", "张小妹"):
        assert said in words(page)
    unticked = mother.send("/pair/read/", {"seen": hidden(text(page))})
    assert "请申请人本人核对全部内容，再勾选。" in words(unticked)
    assert not Case.objects.exists()
    receipt = mother.send("/pair/read/", {"seen": hidden(text(page)), "mine": "on"})
    case = Case.objects.get()
    assert case.applicant.name == "张三"
    assert not case.is_oral
    assert case.applicant.acting is None
    mother.send("/pair/read/", {"seen": "x", "mine": "on"})
    assert Case.objects.count() == 1

    event = case.events.get(kind=Kind.HELPED)
    assert (event.by, event.actor) == (None, Actor.APPLICANT)
    office, own = event.for_office(), event.for_applicant()
    assert own is not None
    assert office.zh == "申请由家人、朋友“张小妹”协助填写，申请人本人在自己的设备上阅读全文，确认后提交。"
    assert own.zh.startswith("家人、朋友“张小妹”协助您填写了申请，由您本人")
    assert [e.kind for e in case.events.order_by("id")] == [Kind.SUBMITTED, Kind.HELPED]

    code = shown_code(receipt)
    assert daughter.get(draft + "receipt/").status_code == 404, "the query code is the applicant's alone"
    assert code in words(mother.get(mother.path))
    assert mother.opens(case, code).status_code == 200


def test_the_helper_cannot_send(daughter: Visitor) -> None:
    draft = helped(daughter)
    page = daughter.send(draft + "check/", {})
    assert daughter.path == draft + "helper/"
    assert "由申请人本人核对、提交" in words(page)
    assert not Case.objects.exists()


def test_what_is_typed_while_she_reads_is_not_sent_unread(daughter: Visitor, mother: Visitor) -> None:
    draft = helped(daughter)
    page = mother.send("/pair/", {"code": code_of(daughter, draft), "proof": PROOF})
    daughter.send(draft + "what/?change", WHAT | {"content": "申请公开2024年的另一份清单。"})
    again = mother.send("/pair/read/", {"seen": hidden(text(page)), "mine": "on"})
    assert "您打开这一页以后，内容又有改动" in words(again)
    assert "2024年的另一份清单" in words(again)
    assert not Case.objects.exists()
    mother.send("/pair/read/", {"seen": hidden(text(again)), "mine": "on"})
    assert Case.objects.get().content == "申请公开2024年的另一份清单。"


def test_the_digits_open_nothing_without_her_number_nor_twice_nor_late(
    daughter: Visitor, mother: Visitor, now: Traveller
) -> None:
    draft = helped(daughter)
    code = code_of(daughter, draft)
    wrong = words(mother.send("/pair/", {"code": code, "proof": "0000"}))
    assert "对不上" in wrong
    assert "张三" not in wrong
    mother.send("/pair/", {"code": f"{code[:3]} {code[3:]}", "proof": PROOF})
    assert mother.path == "/pair/read/"
    stranger = Visitor()
    assert "对不上" in words(stranger.send("/pair/", {"code": code, "proof": PROOF}))
    assert stranger.get("/pair/read/").request["PATH_INFO"] == "/pair/"  # type: ignore[attr-defined]
    late = code_of(daughter, draft)
    now.shift(timedelta(minutes=15))
    assert "对不上" in words(Visitor().send("/pair/", {"code": late, "proof": PROOF}))
    now.shift(timedelta(minutes=20))
    mother.get("/pair/read/")
    assert mother.get("/pair/read/").request["PATH_INFO"] == "/pair/"  # type: ignore[attr-defined]


def test_after_five_wrong_numbers_the_digits_are_dead(daughter: Visitor) -> None:
    draft = helped(daughter)
    code = code_of(daughter, draft)
    for n in range(5):
        stranger = Visitor()
        stranger.client.defaults["REMOTE_ADDR"] = f"192.0.2.{n}"
        stranger.send("/pair/", {"code": code, "proof": f"000{n}"})
    fresh = Visitor()
    fresh.client.defaults["REMOTE_ADDR"] = "192.0.2.99"
    assert "对不上" in words(fresh.send("/pair/", {"code": code, "proof": PROOF}))
    assert Pairing.objects.get().tries == 5


def test_one_address_cannot_try_digit_after_digit(daughter: Visitor) -> None:
    for n in range(5):
        daughter.send("/pair/", {"code": f"{n:06}", "proof": "0000"})
    assert "秒再试" in words(daughter.send("/pair/", {"code": "000009", "proof": "0000"}))


@pytest.mark.parametrize("code", ["12345", "abcdef", "1234567", ""])
def test_what_is_no_six_digits_is_told(daughter: Visitor, code: str) -> None:
    page = words(daughter.send("/pair/", {"code": code, "proof": "002X"}))
    assert "配对码是 6 位数字。" in page or "请填写配对码。" in page


def test_at_the_window_she_presses_the_button_on_the_clerks_screen(daughter: Visitor) -> None:
    draft = helped(daughter, helper="window", name="")
    page = daughter.get(draft + "screen/")
    assert WHAT["content"] in words(page)
    daughter.send(draft + "screen/", {"seen": hidden(text(page)), "mine": "on"})
    event = Case.objects.get().events.get(kind=Kind.HELPED)
    assert event.payload == {"helper": "window", "helper_name": "", "sent_by": "screen"}
    assert "当面阅读全文或者听读全文" in event.for_office().zh


def test_who_pressed_it_by_mistake_goes_on_alone(daughter: Visitor) -> None:
    draft = helped(daughter)
    daughter.send(draft + "helper/end/", {})
    daughter.send(draft + "check/", {})
    case = Case.objects.get()
    assert not case.events.filter(kind=Kind.HELPED).exists()


def test_without_an_end_of_a_number_nothing_pairs_and_the_helper_is_forgotten_with_the_draft(
    daughter: Visitor, mother: Visitor
) -> None:
    draft = helped(daughter)
    page = mother.send("/pair/", {"code": code_of(daughter, draft), "proof": PROOF})
    mother.send("/pair/read/", {"seen": hidden(text(page)), "mine": "on"})
    Draft.forget(at=Case.objects.get().registered_at + timedelta(days=1))
    assert not Pairing.objects.exists()
