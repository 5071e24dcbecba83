"""The pages of fee, extension, excess and delay: what they show before anything is done, and what they refuse."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from casework.actions import excess, fee
from casework.law.fees import Tariff
from casework.models import Case, Event, FeeNotice, Letter, Staff
from tests.cast import FEE, Cast, moment, person, registered
from tests.conftest import AS_OF
from tests.desk.test_acts import press

pytestmark = pytest.mark.django_db

TODAY = AS_OF.date()
NOW = moment(TODAY)
WITHOUT_NUMBER: dict[str, Any] = {"identity_kind": "", "identity_number": ""}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def months(players: Cast, count: int, **changes: Any) -> list[Case]:
    return [registered(players, on=TODAY, **changes).case for _ in range(count)]


# The fee -------------------------------------------------------------------------------------------------------------


def test_before_choosing_the_clerk_sees_the_month_and_both_tariffs(players: Cast, wang: Client) -> None:
    cases = months(players, 12)
    address = f"/desk/cases/{cases[11].pk}/notify_fee/"
    before = text(wang.get(address))
    for number in (case.number for case in cases):
        assert number in before
    assert "第12件，每件100元，计100元" in before
    assert "按量计收的，请填写页数" in before

    after = text(wang.get(address, {"pages": "120"}))
    for line in ("第1页至第30页，每页0元，计0元", "第31页至第100页，每页10元", "第101页至第120页，每页20元", "1100 元"):
        assert line in after, line
    assert '<input type="hidden" name="pages" value="120">' in after
    assert not Event.objects.filter(kind="fee_notified").exists()


@pytest.mark.parametrize("pages", ["0", "-1", "abc", "1e3", "9" * 5000, "40\0", "４０.5"])
def test_a_preview_of_no_number_of_pages_says_so(wang: Client, case: Case, pages: str) -> None:
    answer = wang.get(f"/desk/cases/{case.pk}/notify_fee/", {"pages": pages})
    assert answer.status_code == 200
    assert "之间的整数" in text(answer)


def test_by_item_the_amount_is_that_of_the_place_and_the_letter_says_so(players: Cast, wang: Client) -> None:
    case = months(players, 11)[-1]
    press(wang, case, "notify_fee", tariff="items", pages="40", mode="in_person")
    notice = FeeNotice.objects.get()
    assert (notice.amount, notice.tariff, notice.ordinal, notice.delivered_on) == (Decimal(100), "items", 11, TODAY)
    assert notice.period_ends_on == Case.objects.get(pk=case.pk).period_ends_on is not None
    assert "第11件，每件100元，计100元" in str(Letter.objects.get().content)


def test_by_post_the_fee_is_asked_for_only_when_the_letter_leaves(players: Cast, wang: Client, case: Case) -> None:
    press(wang, case, "notify_fee", tariff="pages", pages="40", mode="post")
    assert not FeeNotice.objects.exists()
    letter = Letter.objects.get()
    assert "收到本通知书次日起第20个工作日" in str(letter.content)
    press(wang, case, "send", letter=letter.pk, mode="post", on=TODAY.isoformat(), postal_number="EA1")
    notice = FeeNotice.objects.get()
    assert (notice.notified_on, notice.delivered_on, notice.period_ends_on) == (TODAY, None, None)
    press(wang, case, "record_fee_delivery", on=TODAY.isoformat())
    notice.refresh_from_db()
    assert notice.delivered_on == letter.deliveries.get().delivered_on == TODAY


def test_a_letter_whose_amount_the_facts_no_longer_give_does_not_leave(players: Cast, wang: Client) -> None:
    cases = months(players, 31)
    press(wang, cases[30], "notify_fee", tariff="items", mode="post")
    letter = Letter.objects.get()
    press(wang, cases[0], "withdraw", statement="书面撤回。", on=TODAY.isoformat(), sure="on")
    answer = press(wang, cases[30], "send", letter=letter.pk, mode="post", on=TODAY.isoformat(), postal_number="EA1")
    assert "文书写明200元，现在应为100元" in text(answer)
    assert not FeeNotice.objects.exists()


def test_who_is_only_alike_is_offered_for_confirmation(players: Cast, wang: Client) -> None:
    cases = months(players, 11, **WITHOUT_NUMBER)
    last, others = cases[-1], [case.pk for case in cases[:-1]]
    address = f"/desk/cases/{last.pk}/notify_fee/"
    page = text(wang.get(address))
    assert "确认是同一申请人的申请" in page
    assert "每月10件以下（含10件）的不收费" in page
    confirmed = text(wang.get(address, {"confirmed": others}))
    assert "第11件，每件100元" in confirmed
    assert confirmed.count(">经核实确认<") == 10
    press(wang, last, "notify_fee", tariff="items", confirmed=others, mode="email")
    assert FeeNotice.objects.get().confirmed == [case.number for case in cases[:-1]]


def test_a_stranger_cannot_be_confirmed_through_the_address(players: Cast, wang: Client) -> None:
    case, other = months(players, 1)[0], months(players, 1, name="李四", phone="1", **WITHOUT_NUMBER)[0]
    answer = press(wang, case, "notify_fee", tariff="items", confirmed=[other.pk], mode="online")
    assert answer.status_code == 200
    assert not FeeNotice.objects.exists()


def test_without_a_way_of_payment_the_page_says_who_fills_it_in(players: Cast, wang: Client, case: Case) -> None:
    players.dongshan.payment_way = ""
    players.dongshan.save()
    assert "还没有填写缴费方式" in text(wang.get(f"/desk/cases/{case.pk}/notify_fee/"))
    answer = press(wang, case, "notify_fee", tariff="pages", pages="40", mode="online")
    assert "缴费方式" in text(answer)
    assert not FeeNotice.objects.exists()


def test_another_amount_than_asked_for_is_refused_beside_its_field(wang: Client, case: Case) -> None:
    press(wang, case, "notify_fee", tariff="pages", pages="40", mode="online")
    paid = {"on": TODAY.isoformat(), "voucher_number": "001"}
    assert "应缴100.00元" in text(press(wang, case, "record_payment", amount="99", **paid))
    for amount in ("NaN", "1e400", "-5", "1.234", ""):
        assert "请填写金额" in text(press(wang, case, "record_payment", amount=amount, **paid)), amount
    assert FeeNotice.objects.get().paid_on is None
    assert press(wang, case, "record_payment", amount="100.00", **paid).status_code == 302
    assert "001" in text(wang.get(f"/desk/cases/{case.pk}/"))


def test_the_head_cancels_a_notice_and_sees_the_date_that_follows(players: Cast, li: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=40)).case
    early = TODAY - timedelta(days=39)
    fee.notify_fee(case, **FEE, on=early, delivered_on=early, by=players.wang, at=moment(early))
    page = text(li.get(f"/desk/cases/{case.pk}/cancel_fee/"))
    assert 'class="grave"' in page
    assert "撤销以后，最迟答复日是" in page
    press(li, case, "cancel_fee", reason="误发。", on=TODAY.isoformat(), sure="on")
    assert FeeNotice.objects.get().cancelled_by == players.li
    assert "已撤销" in text(li.get(f"/desk/cases/{case.pk}/"))


# The citizen ---------------------------------------------------------------------------------------------------------


def test_the_citizen_reads_bands_way_last_day_and_consequence(players: Cast, client: Client) -> None:
    made = registered(players, on=TODAY)
    fee.notify_fee(made.case, tariff=Tariff.PAGES, pages=40, on=TODAY, delivered_on=TODAY, by=players.wang, at=NOW)
    client.post("/follow/", {"number": made.case.number, "code": made.query_code})
    page = text(client.get(f"/follow/{made.case.pk}/"))
    for words in (
        "按量计收",
        "第31页至第40页，每页10元，计100元",
        "非税收入专户",
        "视为放弃申请",
        "（含当日）缴纳信息处理费 100.00 元",
    ):
        assert words in page, words


# Extension, excess, delay --------------------------------------------------------------------------------------------


def test_what_the_clerk_asks_the_head_finds_filled_in(players: Cast, wang: Client, li: Client, case: Case) -> None:
    press(wang, case, "ask_extension", working_days="7", reason="需要逐份检索。")
    page = text(li.get(f"/desk/cases/{case.pk}/extend/"))
    assert 'value="7"' in page
    assert "需要逐份检索。" in page
    assert "王敏于" in page
    assert wang.get(f"/desk/cases/{case.pk}/ask_extension/").status_code == 403
    press(li, case, "decline_extension", remark="可以按期。")
    assert "可以按期。" in text(wang.get(f"/desk/cases/{case.pk}/"))


def test_the_counts_stand_on_the_case_and_above_the_question(players: Cast, wang: Client) -> None:
    cases = months(players, 3)
    asking = f"/desk/cases/{cases[0].pk}/ask_reasons/"
    for address in (f"/desk/cases/{cases[0].pk}/", asking):
        page = text(wang.get(address))
        assert "近12个月 3 件，有记录以来共 3 件" in page
        # The share counts the whole agency's year: it stands where it is weighed, not on every look at a case.
        assert ("该申请人占 100.0%" in page) == (address == asking)
        assert page.count("<rect ") == 1, "a bar for the month that has any"
        assert page.count("月</th>") == 12
        assert 'role="img"' in page
    unproven = months(players, 1, **WITHOUT_NUMBER)[0]
    assert "没有登记证件号码" in text(wang.get(f"/desk/cases/{unproven.pk}/"))


def test_good_reasons_open_the_delay_to_the_head(players: Cast, wang: Client, li: Client, case: Case) -> None:
    assert li.get(f"/desk/cases/{case.pk}/delay/").status_code == 403
    excess.ask_reasons(case, why="四十件。", on=TODAY, by=players.wang, at=NOW)
    press(wang, case, "record_reasons", answer="课题。", on=TODAY.isoformat())
    press(wang, case, "judge_reasons", reasonable="yes", grounds="有立项书。", on=TODAY.isoformat())
    until = TODAY + timedelta(days=90)
    answer = press(li, case, "delay", until=TODAY.isoformat(), reason="量大。", mode="online")
    assert "晚于" in text(answer)
    assert press(li, case, "delay", until=until.isoformat(), reason="量大。", mode="online").status_code == 302
    assert Case.objects.get().due_on == until
    assert "延迟答复的期限至" in str(Letter.objects.get().content)
    assert "合理延迟答复" in text(wang.get(f"/desk/cases/{case.pk}/"))


# The annual line -----------------------------------------------------------------------------------------------------


def test_the_table_says_what_was_asked_and_collected_and_opens_the_cases(
    players: Cast, wang: Client, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    table = f"/desk/annual/{players.dongshan.code}/{TODAY.year}/"
    assert "没有收取信息处理费" in text(wang.get(table))
    assert "通知缴费的申请会列在这里" in text(wang.get(f"{table}fees/"))
    fee.notify_fee(case, **FEE, on=TODAY, by=players.wang, at=NOW)
    page = text(wang.get(table))
    assert "六、其他需要报告的事项：信息处理费" in page
    assert "发出收费通知 1 件，总金额 100.00 元；实际缴费 0 件，收取信息处理费 0.00 元" in page
    assert case.number in text(wang.get(f"{table}fees/"))
    editor = at_desk(person("bai", "白露", players.dongshan, "report_editor"))  # type: ignore[arg-type]  # a role's value
    hidden = text(editor.get(f"{table}fees/"))
    assert case.number not in hidden
    assert "不能看内容" in hidden
    assert at_desk(players.zhao).get(f"{table}fees/").status_code == 404
