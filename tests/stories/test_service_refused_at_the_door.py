"""Given an applicant who does not sign, the reply is left with them before witnesses (民事诉讼法 89, law.md 4.10)."""

from datetime import date

import pytest

from casework import letters
from casework.actions import deliver
from casework.actions.files import Upload
from casework.law.letters import Element, LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, Delivery, DispatchMode, Document, Kind
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, moment, registered, signed

pytestmark = pytest.mark.django_db

RECEIVED, DAY = date(2026, 11, 2), date(2026, 11, 18)
WITNESS = "11月18日10时，张三在家中拒绝签收，居委会刘某在场见证，已拍照。"
SCAN = Upload("送达回证.pdf", b"%PDF-1.7 signed")


@pytest.fixture
def case(players: Cast) -> Case:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.REFUSED_5, on=DAY)
    return case


def test_left_at_the_door_it_has_been_delivered_that_day(players: Cast, case: Case) -> None:
    deliver.dispatch(case, mode=DispatchMode.IN_PERSON, witness=WITNESS, on=DAY, by=players.wang, at=moment(DAY, 16))
    attempt = Delivery.objects.get()
    assert (attempt.witness, attempt.delivered_on) == (WITNESS, DAY)
    assert Decision.objects.get().delivered_on == Case.objects.get().closed_on == DAY


@pytest.mark.parametrize("mode", [DispatchMode.ONLINE, DispatchMode.EMAIL, DispatchMode.POST])
def test_only_at_the_door_can_it_be_left(players: Cast, case: Case, mode: DispatchMode) -> None:
    with pytest.raises(Refused, match="才能留置") as refused:
        deliver.dispatch(
            case, mode=mode, postal_number="XA1", witness=WITNESS, on=DAY, by=players.wang, at=moment(DAY, 16)
        )
    assert (refused.value.field, refused.value.law) == ("witness", "民事诉讼法 89")
    assert Case.objects.get().state == "signed"


def test_what_came_back_by_post_can_be_left_at_the_door(players: Cast, case: Case) -> None:
    deliver.dispatch(case, mode=DispatchMode.POST, postal_number="XA1", on=DAY, by=players.wang, at=moment(DAY, 16))
    back, left = date(2026, 11, 24), date(2026, 11, 25)
    deliver.record_return(case, on=back, reason="拒收", by=players.wang, at=moment(back))
    deliver.redispatch(case, mode=DispatchMode.IN_PERSON, witness=WITNESS, on=left, by=players.wang, at=moment(left))
    assert Decision.objects.get().delivered_on == left
    assert Case.objects.get().closed_on == DAY


def test_the_proof_of_service_names_the_document_and_waits_for_a_signature(players: Cast, case: Case) -> None:
    page = letters.draft(case, LetterKind.SERVICE, on=DAY).page
    assert page.values[Element.SERVED_DOCUMENT] == "政府信息不予公开告知书（东政公开告〔2026〕1号）"
    text = pdf_text(letters.render_pdf(page))
    for words in ("送达回证", "当面送达", "东政公开告〔2026〕1号", "受送达人签名或者盖章", "张三"):
        assert words in text


def test_signed_and_scanned_it_is_on_file_with_its_attempt(players: Cast, case: Case) -> None:
    deliver.dispatch(case, mode=DispatchMode.IN_PERSON, on=DAY, by=players.wang, at=moment(DAY, 16))
    event = deliver.file_proof(case, uploads=(SCAN,), by=players.wang, at=moment(DAY, 17))
    document = Document.objects.get(kind="service")
    assert (document.delivery, document.name) == (Delivery.objects.get(), "送达回证.pdf")
    assert (event.kind, event.for_applicant()) == (Kind.PROOF_FILED, None)


def test_without_a_file_nothing_is_filed(players: Cast, case: Case) -> None:
    deliver.dispatch(case, mode=DispatchMode.IN_PERSON, on=DAY, by=players.wang, at=moment(DAY, 16))
    with pytest.raises(Refused, match="请选择文件"):
        deliver.file_proof(case, uploads=(), by=players.wang, at=moment(DAY, 17))


def test_the_carriers_proof_comes_with_the_day_of_delivery(players: Cast, case: Case) -> None:
    deliver.dispatch(case, mode=DispatchMode.POST, postal_number="XA1", on=DAY, by=players.wang, at=moment(DAY, 16))
    arrived = date(2026, 11, 20)
    deliver.record_delivery(case, on=arrived, uploads=(SCAN,), by=players.wang, at=moment(arrived))
    assert Document.objects.get().delivery == Delivery.objects.get(delivered_on=arrived)
