"""Hints at better words (条例 29(2)(二)): what each rule finds, and what it leaves alone."""

import pytest

from casework.law.wording import HINTS, Hint, hints

CASES = {
    "all of it": ("申请公开征地的所有材料", {Hint.VAGUE, Hint.NO_TIME}),
    "everything and the like": ("申请公开2023年工程的合同等资料", {Hint.VAGUE}),
    "related, with a period": ("申请公开2023年1月至6月与××路改造相关的施工合同", set()),
    "related, without one": ("申请公开与××路改造相关的施工合同", {Hint.NO_TIME}),
    "a period in words": ("申请公开近三年全部低保发放表", set()),
    "a number says it all": ("请公开东政发〔2023〕5号的全部文件", set()),
    "why": ("请问××小区物业费为什么上涨", {Hint.QUESTION}),
    "is it lawful": ("2024年××工地夜间施工是否合法", {Hint.QUESTION}),
    "explain": ("请解释2024年低保标准的计算办法", {Hint.QUESTION}),
    "a description of a site": ("××工地2024年的检查记录说明书", set()),
    "a complaint": ("我要举报××饭店2024年排污", {Hint.PETITION}),
    "punish": ("请依法查处××工地违法施工并赔偿2024年的损失", {Hint.PETITION}),
    "records of complaints about oneself": ("××街道2024年反映路灯情况的巡查表", set()),
    "several in lines": ("1、2023年征地批复\n2、2022年学校招生计划", {Hint.SEVERAL}),
    "several in a row": ("申请公开：（一）2023年征地批复；（二）2022年学校招生计划。", {Hint.SEVERAL}),
    "a decimal is no item": ("××路2023年改造2.5公里工程的竣工验收报告", set()),
    "little": ("预算", {Hint.SHORT}),
    "nothing": ("", set()),
    "plain": ("东山区工农路2024年道路改造工程的施工许可证", set()),
}


@pytest.mark.parametrize(("content", "expected"), CASES.values(), ids=CASES)
def test_each_rule_finds_its_own(content: str, expected: set[Hint]) -> None:
    assert {found.row.hint for found in hints("", content)} == expected


def test_the_words_that_speak_for_it_are_named() -> None:
    (vague, *_rest) = hints("", "征地的所有材料和有关文件，2023年")
    assert vague.words == ("所有材料", "有关文件")


def test_a_number_given_as_the_name_counts_too() -> None:
    assert hints("东政发〔2023〕5号", "全部") == []


def test_every_hint_has_a_row_in_two_languages_with_its_article() -> None:
    assert [row.hint for row in HINTS] == list(Hint)
    for row in HINTS:
        for text in (row.said, row.instead, row.better):
            assert text.zh
            assert text.en
        assert row.law


def test_long_texts_are_judged_at_once() -> None:
    hints("", "所有" * 10_000)
    hints("", "1、" * 10_000)
    hints("", "追究" * 10_000)
