"""Given several who apply together, there is one application, in the column of the one who leads (law.md 6.4)."""

from datetime import date

import pytest

from casework.actions import intake
from casework.actions.application import MOST_FELLOWS, Fellow, fellows_of
from casework.annual import matrix_of
from casework.law.letters import LetterKind
from casework.law.refusals import Refused
from casework.letters import draft
from casework.models import Case, CoApplicant
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast, moment, registered

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)
TOGETHER = (
    Fellow(name="李四", identity_kind="resident", identity_number=RESIDENT_NUMBER, contact="13700000000"),
    Fellow(name="东山物业公司", identity_kind="credit_code", identity_number=CREDIT_CODE),
)


def test_three_who_apply_together_count_once_in_the_column_of_the_lead(players: Cast) -> None:
    registered(players, on=DAY, fellows=TOGETHER)
    table = matrix_of([players.dongshan], 2026)
    assert [table.cell("new", column) for column in ("natural_person", "business", "total")] == [1, 0, 1]


def test_a_letter_names_them_all_the_lead_first(players: Cast) -> None:
    case = registered(players, on=DAY, fellows=TOGETHER).case
    assert draft(case, LetterKind.RECEIPT, on=DAY).page.addressee == "张三、李四、东山物业公司"


def test_the_number_of_each_is_sealed_and_read_against_an_event(players: Cast) -> None:
    case = registered(players, on=DAY, fellows=TOGETHER).case
    person = CoApplicant.objects.get(name="李四")
    number, event = intake.read_identity(case, person=person, by=players.wang, at=moment(DAY))
    assert number == RESIDENT_NUMBER
    assert "共同申请人的证件号码" in event.for_office().zh


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (f"李四，{RESIDENT_NUMBER}，13700000000", TOGETHER[:1]),
        (f"李四,{RESIDENT_NUMBER.lower()},13700000000\n\n东山物业公司；{CREDIT_CODE}", TOGETHER),
        ("王五", (Fellow(name="王五"),)),
        ("John Smith, E12345678", (Fellow(name="John Smith", identity_kind="other", identity_number="E12345678"),)),
        ("", ()),
    ],
)
def test_they_are_typed_one_a_line(typed: str, found: tuple[Fellow, ...]) -> None:
    assert fellows_of(typed, on=DAY) == found


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("李四\n王五，110105194912310021", "第2行：居民身份证号码的校验位不符"),
        ("李四，1101051949123100", "第1行：应当是 18 位"),
        ("李四，A1", "第1行：证件号码应当是"),
        ("12345", "第1行应当写成"),
        ("李四，，，别的", "第1行应当写成"),
    ],
)
def test_a_line_that_is_wrong_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        fellows_of(typed, on=DAY)
    assert refusal.value.field == "fellows"


def test_more_than_fit_the_form_come_as_a_list(players: Cast) -> None:
    with pytest.raises(Refused, match="最多登记"):
        registered(players, on=DAY, fellows=tuple(Fellow(name=f"居民{n}") for n in range(MOST_FELLOWS + 1)))
    assert not Case.objects.exists()
