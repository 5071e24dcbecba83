"""Anybody checks an annual report in the browser."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.looking import fits

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_a_report_is_checked_without_scripts_and_the_broken_sum_is_shown(plain_page: Page, tmp_path: Path) -> None:
    report = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    report["table3"]["rows"]["total"][-1] += 1
    file = tmp_path / "huaian.json"
    file.write_text(json.dumps(report, ensure_ascii=False))
    plain_page.goto("/")
    plain_page.get_by_role("link", name="核对年度报告").click()
    plain_page.get_by_role("button", name="核对").click()
    expect(plain_page.get_by_role("heading", name="有问题需要改正")).to_be_visible()
    plain_page.get_by_label("年度报告的文件", exact=True).set_input_files(file)
    plain_page.get_by_role("button", name="核对").click()
    expect(plain_page.get_by_role("heading", name="处数字对不上")).to_be_visible()
    expect(plain_page.get_by_role("table")).to_contain_text("3119")
    plain_page.set_viewport_size({"width": 360, "height": 740})
    fits(plain_page)
