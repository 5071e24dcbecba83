"""From the application to the reply without a mouse: only keys, and wherever one is can be seen."""

import pytest
from playwright.sync_api import Locator, expect

from casework.access import VERBS, Verb
from casework.law.outcomes import KINDS, OUTCOMES, ApplicantKind, Outcome
from casework.law.states import State
from casework.law.words import Text
from casework.models import Case
from tests import cast
from tests.browser.hands import DESK, HANDY, Come, Hand, in_ways
from tests.conftest import AS_OF

TODAY = AS_OF.date()
CONTENT = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"
FURTHEST = 200
#: Somebody who sees the page sees where the focus is: an outline or a shadow, within the window.
SEEN = """control => {
    const style = getComputedStyle(control), label = control.labels?.[0];
    const around = label ? [style, getComputedStyle(label), getComputedStyle(label, "::before")] : [style];
    const drawn = around.some(each => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2
        || each.boxShadow !== "none");
    const box = (control.offsetWidth > 1 ? control : label ?? control).getBoundingClientRect();
    return drawn && box.bottom > 0 && box.top < innerHeight && box.width > 1;
}"""


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.page, self.press = hand, hand.page, hand.page.keyboard.press

    def reach(self, wanted: Locator) -> None:
        """Tab on until it has the focus, and see that it has."""
        expect(wanted.first).to_be_attached()
        for _ in range(FURTHEST):
            self.press("Tab")
            if wanted.first.evaluate("control => control === document.activeElement"):
                self.page.wait_for_function(SEEN, arg=wanted.first.element_handle(), timeout=3000)
                return
        pytest.fail(f"no way by Tab to {wanted}")

    def field(self, words: str | Text, typed: str) -> None:
        self.reach(self.hand.field(words))
        self.page.keyboard.insert_text(typed)

    def ticks(self, choice: Locator) -> None:
        """A box, or one of several: Tab comes to the first of them, and the arrows go on."""
        kind = choice.first.get_attribute("type")
        if kind == "radio":
            group = self.page.locator(f"input[name='{choice.first.get_attribute('name')}']")
            self.reach(group)
            for _ in range(group.count() + 1):
                if choice.first.evaluate("control => control === document.activeElement"):
                    break
                self.press("ArrowDown")
            self.press("Space")
        else:
            self.reach(choice)
            self.press("Space")
        expect(choice.first).to_be_checked()

    def presses(self, words: str | Text) -> None:
        """Onward: the button of this name, by Enter."""
        self.reach(self.hand.button(words))
        with self.page.expect_navigation():
            self.press("Enter")

    def follows(self, link: Locator) -> None:
        self.reach(link)
        with self.page.expect_navigation():
            self.press("Enter")

    def skips(self) -> None:
        """The first of all ways on a page leads past what every page has above."""
        self.press("Tab")
        expect(self.page.locator("a.skip")).to_be_focused()
        self.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def acts(self, case: Case, verb: Verb) -> None:
        """From the queue to the case and to what is to be done there."""
        self.page.goto("/desk/?show=open")
        self.skips()
        self.follows(self.page.get_by_role("link", name=case.number))
        self.skips()
        act = self.page.get_by_role("complementary").get_by_role(
            "link", name=self.hand.said(VERBS[verb].words), exact=True
        )
        self.follows(act)


@in_ways(DESK, HANDY)
def test_from_the_application_to_the_reply_by_keyboard_alone(come: Come, players: cast.Cast) -> None:
    citizen = Keys(come())
    hand = citizen.hand
    hand.goes("/")
    citizen.skips()
    citizen.follows(hand.main.locator("a[href='/apply/']").first)
    citizen.ticks(hand.page.get_by_role("radio", name="东山区人民政府办公室", exact=True))
    citizen.presses("继续")
    citizen.ticks(hand.field(KINDS[ApplicantKind.NATURAL_PERSON].words))
    citizen.presses("继续")
    citizen.field("姓名", "张三")
    citizen.ticks(hand.field("居民身份证"))
    citizen.field("证件号码", cast.RESIDENT_NUMBER[:-1] + "1")
    citizen.field("电话", "13800138000")
    citizen.presses("继续")
    # what is wrong is where one is, and leads to its field
    expect(hand.page.get_by_role("alert")).to_be_focused()
    citizen.press("Tab")
    citizen.press("Enter")
    expect(hand.field("证件号码")).to_be_focused()
    citizen.press("Control+A")
    hand.page.keyboard.insert_text(cast.RESIDENT_NUMBER)
    citizen.presses("继续")
    citizen.field("您要的是什么信息？", CONTENT)
    citizen.presses("继续")
    citizen.ticks(hand.field("电子文件"))
    citizen.ticks(hand.field("在本网站查收"))
    citizen.presses("继续")
    citizen.presses("确认并提交申请")
    hand.heading("申请已经提交")
    case, code = Case.objects.get(), hand.page.locator("#query-code").inner_text()
    assert (case.applicant.name, case.content) == ("张三", CONTENT)
    hand.ends("sent")

    wang = Keys(come(players.wang))
    granted, ground = OUTCOMES[Outcome.GRANTED], cast.first_ground(Outcome.GRANTED)
    Case.objects.filter(pk=case.pk).update(clerk=players.wang)
    wang.acts(case, Verb.PROPOSE)
    wang.ticks(wang.page.get_by_role("radio", name=wang.hand.said(granted.words)).first)
    wang.presses("继续")
    wang.ticks(wang.page.locator(f"input[name=ground][value='{ground}']"))
    for name in cast.statements(Outcome.GRANTED, ground):
        wang.reach(wang.page.locator(f"[name='{name}']"))
        wang.page.keyboard.insert_text("见本网站政府信息公开专栏。")
    wang.presses("送审")
    assert Case.objects.get().state == State.IN_REVIEW
    for person, act in ((players.sun, Verb.REVIEW), (players.qian, Verb.CLEAR_SECRECY), (players.li, Verb.SIGN)):
        keys = Keys(come(person))
        keys.acts(case, act)
        for box in keys.hand.main.get_by_role("checkbox").all():
            keys.ticks(box)
        keys.presses(VERBS[act].words)
        keys.hand.ends(person.username)
    wang.acts(case, Verb.DISPATCH)
    wang.ticks(wang.page.locator("input[name=mode][value=online]"))
    for box in wang.hand.main.get_by_role("checkbox").all():
        wang.ticks(box)
    wang.presses(VERBS[Verb.DISPATCH].words)
    closed = Case.objects.get()
    assert (closed.state, closed.closed_on) == (State.DISCLOSED, TODAY)
    wang.hand.ends("closed")

    hand.goes("/follow/")
    citizen.skips()
    citizen.field("登记编号", case.number)
    citizen.field("查询码", code)
    with hand.page.expect_navigation():
        citizen.press("Enter")  # in a field it is the button
    expect(hand.page.get_by_role("heading", name=hand.said("答复"), exact=True)).to_be_visible()
    why = hand.page.locator("details:has(.due-date) > summary, details.unmeasured > summary").first
    citizen.reach(why)
    citizen.press("Enter")
    expect(hand.page.locator("ol.stretches").first).to_be_visible()
    hand.ends("reply")
