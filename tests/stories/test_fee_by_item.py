"""Given more than ten applications of one applicant in a month, each further one costs by its place (109号 4)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.actions import decide, fee
from casework.law.fees import Tariff, fee_by_item
from casework.law.letters import LetterKind
from casework.law.refusals import Refused
from casework.letters import draft
from casework.models import Case, Event, FeeNotice, Kind, frequency
from tests.cast import CREDIT_CODE, Cast, moment, registered

pytestmark = pytest.mark.django_db

DAY, NEXT = date(2026, 9, 7), date(2026, 9, 8)
WITHOUT_NUMBER: dict[str, Any] = {"identity_kind": "", "identity_number": ""}


def several(players: Cast, count: int, *, on: date = DAY, **changes: Any) -> list[Case]:
    return [registered(players, on=on, **changes).case for _ in range(count)]


def by_item(players: Cast, case: Case, **changes: Any) -> FeeNotice:
    given: dict[str, Any] = {"tariff": Tariff.ITEMS, "on": NEXT, "by": players.wang, "at": moment(NEXT)} | changes
    fee.notify_fee(Case.objects.get(pk=case.pk), **given)
    return FeeNotice.objects.get(case=case)


def refused(players: Cast, case: Case, **changes: Any) -> Refused:
    """The notice is refused and nothing of it stays."""
    before = (Case.objects.values().get(pk=case.pk), FeeNotice.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as refusal:
        by_item(players, case, **changes)
    assert (Case.objects.values().get(pk=case.pk), FeeNotice.objects.count(), Event.objects.count()) == before
    return refusal.value


def test_a_fee_on_a_first_application_is_refused_with_the_article(players: Cast) -> None:
    refusal = refused(players, registered(players, on=DAY).case)
    assert (refusal.law, refusal.field) == ("国办函〔2020〕109号 4", "tariff")
    assert "第1件申请" in refusal.sentence.zh


def test_the_first_ten_of_a_month_are_free_and_the_eleventh_costs_a_hundred(players: Cast) -> None:
    cases = several(players, 11)
    assert "第10件申请" in refused(players, cases[9]).sentence.zh
    notice = by_item(players, cases[10])
    assert (notice.amount, notice.ordinal, notice.pages) == (Decimal(100), 11, None)
    assert notice.fee == fee_by_item(11)
    assert notice.counted == [case.number for case in cases[:10]]
    event = Event.objects.get(kind=Kind.FEE_NOTIFIED)
    assert event.for_office().zh == "王敏通知申请人自收到通知次日起20个工作日内缴纳信息处理费100.00元。"


def test_places_go_by_day_of_receipt_and_then_by_register_number(players: Cast) -> None:
    """What is registered late but came early stands early; 10 comes after 9."""
    later = several(players, 10, on=NEXT)
    early = registered(players, on=DAY).case
    assert frequency.of_the_month(early) == [early, *later]
    for case, number in zip(later, ("政依申〔2026〕10号", "政依申〔2026〕9号", "政依申〔2025〕11号"), strict=False):
        Case.objects.filter(pk=case.pk).update(number=number)
    again = [case.number for case in frequency.of_the_month(early)]
    assert [number for number in again if "政" in number] == [
        "政依申〔2025〕11号",
        "政依申〔2026〕9号",
        "政依申〔2026〕10号",
    ]


def test_each_calendar_month_begins_anew(players: Cast) -> None:
    several(players, 10, on=date(2026, 8, 31))
    assert "第1件申请" in refused(players, registered(players, on=date(2026, 9, 1)).case).sentence.zh


def test_another_applicant_another_agency_and_what_was_withdrawn_do_not_count(players: Cast) -> None:
    withdrawn = registered(players, on=DAY).case
    decide.withdraw(withdrawn, on=DAY, by=None, at=moment(DAY))
    several(players, 5, identity_kind="credit_code", identity_number=CREDIT_CODE, name="某公司")
    players.wang.appointments.create(agency=players.civil, role="clerk")
    players.wang.__dict__.pop("_roles", None)
    registered(players, on=DAY, agency=players.civil)
    mine = registered(players, on=DAY).case
    assert frequency.of_the_month(mine) == [mine]


def test_without_a_number_others_are_shown_and_count_only_when_a_clerk_confirms_them(players: Cast) -> None:
    before = several(players, 10, **WITHOUT_NUMBER)
    case = registered(players, on=NEXT, **WITHOUT_NUMBER).case
    assert frequency.of_the_month(case) == [case]
    assert frequency.alike_in_the_month(case) == before
    assert "第1件申请" in refused(players, case).sentence.zh
    assert "第10件申请" in refused(players, case, confirmed=[each.pk for each in before[1:]]).sentence.zh
    notice = by_item(players, case, confirmed=[each.pk for each in before])
    assert (notice.ordinal, notice.confirmed) == (11, [each.number for each in before])


def test_who_is_somebody_else_cannot_be_confirmed(players: Cast) -> None:
    others = several(players, 10, name="李四", phone="13900000000", **WITHOUT_NUMBER)
    refusal = refused(players, registered(players, on=DAY).case, confirmed=[each.pk for each in others])
    assert (refusal.law, refusal.field) == ("国办函〔2020〕109号 4", "confirmed")


def test_one_tariff_is_chosen_never_both(players: Cast) -> None:
    case = several(players, 11)[-1]
    refusal = refused(players, case, pages=40)
    assert (refusal.law, refusal.field) == ("国办函〔2020〕109号 3", "pages")


def test_without_a_way_of_payment_no_fee_is_asked_for(players: Cast) -> None:
    case = several(players, 11)[-1]
    players.dongshan.payment_way = " "
    players.dongshan.save()
    assert "缴费方式" in refused(players, case).sentence.zh


def test_the_notice_says_basis_band_amount_way_and_period(players: Cast) -> None:
    case = several(players, 11)[-1]
    by_item(players, case, delivered_on=NEXT)
    text = draft(Case.objects.get(pk=case.pk), LetterKind.FEE, on=NEXT).page.text
    for words in (
        "第四十二条",
        "国办函〔2020〕109号",
        "按件计收",
        "第11件，每件100元，计100元",
        "100.00元",
        "非税收入专户",
        "2026年10月12日",
        "视为放弃申请",
    ):
        assert words in text, words


def test_of_a_notice_that_goes_by_post_the_letter_says_the_rule_and_no_day(players: Cast) -> None:
    case = several(players, 11)[-1]
    by_item(players, case)
    text = draft(Case.objects.get(pk=case.pk), LetterKind.FEE, on=NEXT).page.text
    assert "收到本通知书次日起第20个工作日" in text


def test_by_the_thirty_first_the_rate_has_risen(players: Cast) -> None:
    several(players, 30)
    assert by_item(players, registered(players, on=NEXT).case).amount == 200
