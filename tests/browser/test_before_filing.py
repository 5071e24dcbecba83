"""Before an application is sent: what is public already, what is often mended, numbers of persons, better words."""

from datetime import date

import pytest
from playwright.sync_api import expect

from casework.actions import clock
from casework.law.outcomes import KINDS, ApplicantKind
from casework.law.personal import PERSONAL, Personal
from casework.law.supplement import LACKS, Lack
from casework.law.wording import HINTS, Hint
from casework.models import Case, Draft, Spared
from tests import cast, registering
from tests.browser.hands import OPPOSITES, OTHERS, PAIRWISE, Come, Hand, in_ways
from tests.conftest import AS_OF
from tests.portal.visitor import WHAT, Visitor

TODAY = AS_OF.date()
PERSON = KINDS[ApplicantKind.NATURAL_PERSON].words
TITLE = "东山区老旧小区改造项目清单（2025年资金安排）"
HINT = {row.hint: row for row in HINTS}


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def begins(hand: Hand) -> str:
    """From the front page to the description; the address of the draft."""
    hand.goes("/")
    hand.page.get_by_role("navigation").get_by_role("link", name=hand.said("提出申请")).click()
    hand.page.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    hand.presses("继续")
    hand.field(PERSON).check()
    hand.presses("继续")
    hand.field("姓名").fill("张三")
    hand.field("居民身份证").check()
    hand.field("证件号码").fill(cast.RESIDENT_NUMBER)
    hand.field("电话").fill("13800138000")
    hand.presses("继续")
    hand.heading("您要的是什么信息？")
    return hand.page.url.removesuffix("what/")


@in_ways(*PAIRWISE)
def test_what_is_public_already_answers_somebody_who_need_not_apply(come: Come, players: cast.Cast) -> None:
    registering.published(players, registering.account(players), date(2024, 1, 9), title=TITLE)
    hand = come()
    draft = begins(hand)
    hand.field("您要的是什么信息？").fill(WHAT["content"])
    hand.presses("继续")
    hand.heading("这些可能就是您要的")
    hand.sees(TITLE)
    hand.ends("found")
    hand.sends(hand.main.get_by_role("button", name=hand.said("这就是我要的，不用申请了")))
    hand.heading("找到了，不用申请")
    hand.ends()
    assert not Draft.objects.exists()
    row = Spared.objects.get()
    assert (row.agency, row.source, row.times, row.on) == (players.dongshan, "publication", 1, TODAY)
    hand.goes(f"{draft}what/", status=404)
    hand.misses(WHAT["content"])


@in_ways(*OTHERS)
def test_who_is_not_answered_goes_on_with_one_press(come: Come, players: cast.Cast) -> None:
    registering.published(players, registering.account(players), date(2024, 1, 9), title=TITLE)
    hand = come()
    begins(hand)
    hand.field("您要的是什么信息？").fill(WHAT["content"])
    hand.presses("继续")
    hand.follows("继续申请")
    hand.heading("信息怎样给您")
    hand.field("电子文件").check()
    hand.field("在本网站查收").check()
    hand.presses("继续")
    hand.presses("确认并提交申请")
    hand.heading("申请已经提交")
    assert Case.objects.get().content == WHAT["content"]
    assert not Spared.objects.exists()


@in_ways(*OPPOSITES)
def test_what_the_office_most_often_asks_to_mend_is_told_where_one_writes(come: Come, players: cast.Cast) -> None:
    for n in range(10):
        lacks = [Lack.DESCRIPTION.value] if n < 7 else [Lack.FORM.value]
        case = cast.registered(players, on=TODAY).case
        clock.request_supplement(
            case, unclear="请补正。", lacks=lacks, on=TODAY, by=players.wang, at=cast.moment(TODAY, 10)
        )
    draft = Visitor().choose()
    hand = come()
    hand.goes(f"{draft}what/")
    told = hand.page.get_by_text(hand.said(LACKS[Lack.DESCRIPTION].words))
    expect(told.first).to_be_hidden()
    hand.unfolds("这个机关最常请人补正什么")
    expect(told.first).to_be_visible()
    lines = hand.page.locator("details[open] li")
    expect(lines.nth(0)).to_contain_text(hand.said("%(n)s 件", n=7))
    expect(lines.nth(1)).to_contain_text(hand.said("%(n)s 件", n=3))
    hand.ends()


@in_ways(*OTHERS)
def test_numbers_of_persons_are_warned_of_and_the_warning_stops_nobody(come: Come, players: cast.Cast) -> None:
    hand = come()
    begins(hand)
    hand.field("您要的是什么信息？").fill(
        f"我的身份证 {cast.RESIDENT_NUMBER}，电话１３８-0013-8000，要2024年低保审批表。"
    )
    hand.presses("继续")
    hand.heading("继续之前，请看一眼")
    for kind in (Personal.RESIDENT, Personal.MOBILE):
        hand.sees("像是%(kind)s。", kind=hand.said(PERSONAL[kind].words))
        hand.sees(PERSONAL[kind].proper)
    hand.misses("像是%(kind)s。", kind=hand.said(PERSONAL[Personal.CARD].words))
    hand.ends()
    hand.follows("修改我写的内容")
    field = hand.field("您要的是什么信息？")
    expect(field).to_have_value(f"我的身份证 {cast.RESIDENT_NUMBER}，电话１３８-0013-8000，要2024年低保审批表。")
    field.fill("要2024年低保审批表。")
    hand.presses("继续")
    hand.heading("信息怎样给您")
    assert Draft.objects.get().answers["content"] == "要2024年低保审批表。"


@in_ways(*OTHERS)
def test_the_wording_is_tested_in_the_form_and_without_an_application(come: Come, players: cast.Cast) -> None:
    hand = come()
    hand.goes("/")
    hand.follows("检查我的写法")
    hand.presses("检查")
    hand.warned("请填写您打算申请的内容。")
    hand.field("您打算怎样写？").fill("请问物业费为什么涨价")
    hand.presses("检查")
    expect(hand.page.get_by_role("heading", name=hand.said(HINT[Hint.QUESTION].said), level=3)).to_be_visible()
    expect(hand.page.locator("mark").first).to_have_text("为什么")
    hand.ends("question")
    hand.field("您打算怎样写？").fill("××小区2023年1月至12月物业服务收费备案表")
    hand.presses("检查")
    hand.sees("没有发现含糊的写法。")
    assert not Draft.objects.exists()

    draft = Visitor().choose()
    hand.goes(f"{draft}what/")
    hand.field("您要的是什么信息？").fill("申请公开工农路改造的所有相关资料。")
    hand.presses("先检查我的写法")
    hand.sees(HINT[Hint.VAGUE].said)
    hand.sees(HINT[Hint.NO_TIME].instead)
    hand.ends("vague")
    hand.follows("继续申请")
    hand.heading("信息怎样给您")
