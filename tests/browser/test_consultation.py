"""Somebody is consulted: the clerk asks two at once, one of them answers by the link, without scripts and by phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, Consultation
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.browser.test_desk import TODAY, Office, choose_act, done, office, players, press
from tests.consulting import COMPANY, SUMMARY, asked_by_letter, link_mailed_to

__all__ = ["office", "players"]


@pytest.fixture
def case(players: cast.Cast, settings: Settings) -> Case:
    settings.SITE_URL = "https://gongkai.test"
    return cast.registered(players, on=TODAY, wanted_way="online").case


def test_the_clerk_asks_two_at_once_and_hands_over_a_link(office: Office, players: cast.Cast, case: Case) -> None:
    page = office.seat(players.wang)
    choose_act(page, case, "征求意见")
    page.get_by_label("所涉信息概要").fill(SUMMARY)
    first = page.get_by_role("group", name="征求谁的意见").first
    first.get_by_label("第三方").check()
    page.locator("#id_name_1").fill(COMPANY.name)
    page.get_by_text("同时征求第2方").click()
    page.locator("#id_party_2_1").check()
    page.locator("#id_name_2").fill("区财政局")
    page.get_by_label("当面送达").check()
    press(page, "征求意见")
    done(page, "征求意见的文书已经发出")
    expect(page.get_by_role("heading", name=COMPANY.name)).to_be_visible()
    expect(page.get_by_text("等待答复", exact=True)).to_have_count(2)
    choose_act(page, case, "生成答复链接")
    page.get_by_label(COMPANY.name).check()
    press(page, "生成答复链接")
    link = page.locator("#link").inner_text()
    assert re.search(r"/consultation/[\w-]{43}/$", link)
    page.goto(link)
    expect(page.get_by_role("heading", name="征求您的意见")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 360)], ids=["desktop", "phone-without-scripts"])
def test_by_the_link_one_reads_answers_checks_and_is_done(
    browser: Browser,
    live_server: LiveServer,
    players: cast.Cast,
    case: Case,
    tmp_path: Path,
    scripts: bool,
    width: int,
) -> None:
    asked_by_letter(players, case, COMPANY, on=TODAY)
    link = link_mailed_to(COMPANY.email)
    proof = tmp_path / "保密协议.pdf"
    proof.write_bytes(b"%PDF-1.7")
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(link)
        expect(page.get_by_text(SUMMARY)).to_be_visible()
        with page.expect_download() as letter:
            page.get_by_role("link", name="下载文书").click()
        assert letter.value.suggested_filename == "东政公开征询〔2026〕1号.pdf"
        page.get_by_label("不同意公开").check()
        onward(page, "继续")
        expect(page.get_by_role("alert")).to_contain_text("请说明理由")
        page.get_by_label("理由").fill("单价属于商业秘密。")
        english(page)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#id_opinion")).to_have_value("单价属于商业秘密。")
        chinese(page)
        onward(page, "继续")
        page.get_by_label("证明材料").set_input_files(proof)
        fits(page)
        onward(page, "确认并提交答复")
        expect(page.get_by_role("heading", name="已经答复")).to_be_visible()
        fits(page)
        page.goto(link)
        expect(page.get_by_role("heading", name="已经答复")).to_be_visible()
        page.goto("/consultation/unknown/")
        expect(page.get_by_role("heading", name="这个链接打不开")).to_be_visible()
    asked = Consultation.objects.get()
    assert (asked.consents, asked.documents.get().name) == (False, "保密协议.pdf")


def onward(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def english(page: Page) -> None:
    page.get_by_role("button", name="English").click()


def chinese(page: Page) -> None:
    page.get_by_role("button", name="中文").click()
