"""关怀版 in a real browser: one question a page on a phone, with scripts and without; the page read aloud; paper."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.actions.intake import Registration
from casework.models import Case
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.withholding import given_in_part

TODAY = date(2026, 11, 18)
PHONE: Final = {"width": 360, "height": 740}


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    return cast.cast()


@pytest.fixture(params=["zh-hans", "zh-hans-without-scripts", "en"])
def reader(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """A visitor on a phone who has pressed 关怀版."""
    language = request.param.removesuffix("-without-scripts")
    with visit(browser, live_server.url, scripts=language == request.param) as context:
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto("/")
        page.locator("button[name=care]").click()
        expect(page.locator("html.care")).to_be_attached()
        yield page


def answer(page: Page, name: str, value: str = "") -> None:
    """The one question of this page; then on."""
    expect(page.locator("main h1")).to_have_count(1)
    fields = page.locator("main :is(input:not([type=hidden]), textarea, select)")
    assert {field.get_attribute("name") for field in fields.all()} == {name}
    if fields.first.get_attribute("type") == "radio":
        if value:
            page.locator(f"[name={name}][value={value}]").check()
    else:
        fields.fill(value)
    page.locator("main .actions .button").first.click()


def test_one_question_a_page_from_the_front_page_to_the_receipt(reader: Page) -> None:
    reader.locator("main a.door").first.click()
    reader.locator("[name=agency][value='230406']").check()
    reader.locator("main .actions .button").click()
    answer(reader, "applicant_kind", "natural_person")
    answer(reader, "name")
    expect(reader.locator(".summary-of-errors")).to_be_visible()  # nothing was typed
    answer(reader, "name", "张三")
    answer(reader, "identity_kind", "resident")
    answer(reader, "identity_number", cast.RESIDENT_NUMBER)
    for name in ("phone", "email", "address"):
        answer(reader, name)
    expect(reader.locator(".summary-of-errors")).to_be_visible()  # no way of reaching them
    answer(reader, "address", "东山区工农路1号")
    answer(reader, "subject")
    answer(reader, "content", "申请公开2025年东山区老旧小区改造项目清单及资金安排。")
    answer(reader, "wanted_form", "electronic")
    reader.locator("[name=wanted_way][value=online]").check()
    reader.locator("button[name=care]").click()  # the other version, with what is chosen but not sent yet
    expect(reader.locator("html.care")).to_have_count(0)
    expect(reader.locator("[name=wanted_way][value=online]")).to_be_checked()
    expect(reader.locator("[name=wanted_form][value=electronic]")).to_be_checked()
    reader.locator("button[name=care]").click()
    answer(reader, "wanted_form", "electronic")
    answer(reader, "wanted_way", "online")
    answer(reader, "told_by")
    expect(reader.locator("main dl.rows")).to_be_visible()
    fits(reader)
    reader.locator("main form .button").last.click()
    expect(reader.locator("#query-code")).to_be_visible()
    assert Case.objects.get().applicant.address == "东山区工农路1号"


#: A machine with a voice of its own for Chinese and one for English, and one that would send the text away.
VOICES: Final = """
    const said = window.said = [];
    const voices = [
        {lang: "zh-CN", name: "away", localService: false},
        {lang: "zh_CN", name: "here", localService: true},
        {lang: "en-GB", name: "hier", localService: true},
    ];
    let waiting = [];
    Object.defineProperty(window, "speechSynthesis", {value: {
        getVoices: () => window.mute ? voices.slice(0, 1) : voices,
        speak: (utterance) => { said.push(utterance); waiting.push(utterance); },
        cancel: () => { for (const each of waiting.splice(0)) each.onend?.(); },
        addEventListener: () => {},
    }});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    window.spoken = () => waiting.shift().onend();
"""


TO_THE_END: Final = """(() => {
    for (let n = 0; n < 500 && document.querySelector(".being-read"); n++) spoken();
    return said.map(each => each.text).join("");
})()"""


def test_the_page_is_read_aloud_stopped_and_taken_up_again_by_keyboard(page: Page, players: cast.Cast) -> None:
    page.add_init_script(VOICES)
    page.goto("/accessibility/")
    expect(page.locator("#aloud")).to_have_count(0)  # the ordinary version has none
    page.locator("button[name=care]").click()
    button = page.locator("[data-aloud=go]")
    button.focus()
    page.keyboard.press("Enter")
    first = page.evaluate("[said[0].text, said[0].lang, said[0].voice.name]")
    assert first == ["无障碍与协助", "zh-CN", "here"], "by a voice of the machine itself"
    expect(page.locator("h1.being-read")).to_be_visible()
    page.evaluate("spoken()")
    expect(page.locator("h1.being-read")).to_have_count(0)
    expect(page.locator(".being-read")).to_have_count(1)
    second = page.evaluate("said[1].text")
    expect(button).to_have_text("暂停")
    page.keyboard.press("Enter")  # pause
    expect(button).to_have_text("接着读")
    page.keyboard.press("Enter")  # and on, from the sentence that was cut off
    assert page.evaluate("said.at(-1).text") == second
    page.keyboard.press("Escape")
    expect(page.locator(".being-read")).to_have_count(0)
    expect(button).to_have_text("朗读本页")
    page.keyboard.press("Enter")
    assert page.evaluate("said.at(-1).text") == "无障碍与协助", "from the beginning"
    heard = page.evaluate(TO_THE_END)
    expect(page.locator(".being-read")).to_have_count(0)
    assert "盲文" in heard, "to the last paragraph"
    assert "返回" not in heard
    assert "跳到正文" not in heard


def test_a_machine_whose_voices_send_the_text_away_reads_nothing(page: Page, players: cast.Cast) -> None:
    page.add_init_script(VOICES + "window.mute = true;")
    page.goto("/")
    page.locator("button[name=care]").click()
    expect(page.locator("html.care")).to_be_attached()
    expect(page.locator("#aloud")).to_be_hidden()


def test_a_foreign_word_is_read_in_its_language(page: Page, players: cast.Cast) -> None:
    page.add_init_script(VOICES)
    page.goto("/")
    page.locator("button[name=care]").click()
    page.locator("[data-aloud=go]").click()
    page.evaluate("document.querySelector('main h1').innerHTML = '申请 <span lang=en>Open data</span> 表'")
    page.keyboard.press("Escape")
    page.locator("[data-aloud=go]").click()
    page.evaluate("spoken(); spoken()")
    told = page.evaluate("said.slice(-3).map(each => [each.text.trim(), each.lang, each.voice.name])")
    assert told == [["申请", "zh-CN", "here"], ["Open data", "en", "hier"], ["表", "zh-CN", "here"]]


@pytest.fixture
def replied(players: cast.Cast) -> Registration:
    filed = cast.registered(players, on=TODAY)
    given_in_part(players, filed, on=TODAY)
    return filed


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_one_place_is_contested_on_a_phone(
    scripts: bool, replied: Registration, browser: Browser, live_server: LiveServer
) -> None:
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        opened(page, replied)
        page.get_by_role("link", name="只对其中一处或者几处不服").click()
        make = page.get_by_role("button", name="写成申请书草稿")
        make.click()
        expect(page.locator(".summary-of-errors")).to_contain_text("请至少选择一处")
        page.get_by_role("checkbox").first.check()
        make.click()
        expect(page.locator(".paper")).to_contain_text("编号1的一处")
        expect(page.locator(".paper")).not_to_contain_text("整页")
        expect(page.get_by_role("checkbox").first).to_be_checked()
        fits(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载草稿（DOCX）").click()
        assert download.value.suggested_filename.endswith(".docx")


def opened(page: Page, filed: Registration) -> None:
    page.goto("/follow/")
    page.get_by_label("登记编号").fill(filed.case.number)
    page.get_by_label("查询码").fill(filed.query_code)
    page.locator("main .actions .button").click()


POINT: Final = 96 / 72
#: Pixels of every paragraph, row, cell and term that is seen, by its first words.
SIZES: Final = """Object.fromEntries([["body", document.body], ...[...document.querySelectorAll(
        "main :is(p:not(.lead), li, dt, dd, td, th, summary, label, time, .law, .small, .hint, .number)")]
    .filter(e => e.checkVisibility() && e.innerText.trim() && !e.closest("h1, h2, h3, h4"))
    .map(e => [`${e.localName}.${e.className}: ${e.innerText.trim().slice(0, 40)}`, e])]
    .map(([said, e]) => [said, parseFloat(getComputedStyle(e).fontSize)]))"""


def test_on_paper_there_is_no_navigation_and_large_print_stays_large(page: Page, replied: Registration) -> None:
    opened(page, replied)
    page.emulate_media(media="print")
    for gone in (".masthead nav", ".tongue", ".skip", ".colophon ul", ".actions"):
        assert not any(each.is_visible() for each in page.locator(gone).all()), gone
    expect(page.get_by_text("为什么是这一天").first).to_be_hidden()
    ordinary = page.evaluate(SIZES)
    assert min(ordinary.values()) >= 9 * POINT - 0.1, ordinary
    assert ordinary["body"] == pytest.approx(11 * POINT, abs=0.1)
    larger = {text for text, size in ordinary.items() if size > ordinary["body"] + 0.1}
    assert not larger, "on paper no paragraph is larger than the text, hints least of all"
    page.emulate_media(media="screen")
    page.locator("button[name=care]").click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    large = page.evaluate(SIZES)
    assert len(large) > 20
    assert set(ordinary) <= set(large)
    small = {text: size for text, size in large.items() if size < 16 * POINT - 0.1}
    assert not small, "large print is 16 points in every paragraph, table and list"
