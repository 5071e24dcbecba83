"""The draft for reconsideration: what is asked follows from the reply, and every fact is the file's."""

from dataclasses import replace
from datetime import date

import pytest

from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.petition import Attacked, File, Item, Petition, drafted
from casework.law.receipt import Channel

SILENT = File(
    applicant="张三",
    phone="13800000000",
    address="",
    agent="",
    organ="鹤岗市人民政府",
    office="东山区人民政府办公室",
    number="230406-2026-00017",
    channel=Channel.ONLINE,
    received_on=date(2026, 9, 25),
    asked_for="申请公开改造项目清单。",
    due_on=date(2026, 10, 30),
)


def against(outcome: Outcome) -> Petition:
    row = OUTCOMES[outcome]
    ground = row.grounds[0] if row.grounds else None
    reply = Attacked(
        row, ground, row.letter.zh, "东政公开告〔2026〕7号", date(2026, 10, 20), date(2026, 10, 22), "有商业秘密。"
    )
    return drafted(replace(SILENT, reply=reply))


def said(petition: Petition, heading: str) -> str:
    return "\n".join(next(each for each in petition.sections if each.heading == heading).lines)


@pytest.mark.parametrize("outcome", [code for code in Outcome if code is not Outcome.OTHER_3])
def test_a_reply_is_asked_to_be_set_aside_and_given_anew(outcome: Outcome) -> None:
    petition = against(outcome)
    asked = said(petition, "行政复议请求")
    assert "撤销被申请人于2026年10月20日作出的" in asked
    assert "（东政公开告〔2026〕7号）" in asked
    assert ("不予公开的部分" in asked) == (outcome is Outcome.PARTIAL)
    assert "重新作出答复" in asked
    assert OUTCOMES[outcome].words.zh in said(petition, "事实")
    assert "2026年10月22日收到" in said(petition, "事实")
    ground = OUTCOMES[outcome].grounds[0] if OUTCOMES[outcome].grounds else None
    assert (ground or OUTCOMES[outcome]).law in said(petition, "理由")
    assert "有商业秘密。" in said(petition, "理由")


def test_silence_is_asked_to_be_found_unlawful_and_ended() -> None:
    """法释〔2025〕8号 2(2), 条例 33."""
    petition = drafted(SILENT)
    assert said(petition, "行政复议请求").splitlines() == [
        "1．确认被申请人没有在法定期限内答复申请人的政府信息公开申请违法。",
        "2．责令被申请人限期答复。",
    ]
    assert "答复期限于2026年10月30日届满，被申请人至今没有答复。" in said(petition, "事实")
    assert petition.addressed_to == "鹤岗市人民政府"


def test_a_reply_after_its_day_is_said_to_be_late_and_one_in_time_is_not() -> None:
    late = replace(SILENT, due_on=date(2026, 10, 19))
    row = OUTCOMES[Outcome.GRANTED]
    reply = Attacked(row, None, row.letter.zh, "", date(2026, 10, 20), None)
    assert "答复逾期" in said(drafted(replace(late, reply=reply)), "事实")
    assert "答复逾期" not in said(drafted(replace(late, due_on=date(2026, 10, 20), reply=reply)), "事实")


def test_what_happened_on_the_way_is_told_and_proved_and_nothing_else() -> None:
    plain = drafted(SILENT)
    assert "补正" not in said(plain, "事实") + said(plain, "证据和材料")
    assert "延期" not in said(plain, "证据和材料")
    lived = drafted(
        replace(
            SILENT,
            supplement_asked_on=date(2026, 9, 28),
            supplemented_on=date(2026, 9, 30),
            extended_by=10,
            digest="ab" * 32,
            agent="李四",
        )
    )
    facts = said(lived, "事实")
    assert "于2026年9月28日要求补正" in facts
    assert "于2026年9月30日补正" in facts
    assert "延长答复期限10个工作日" in facts
    assert "ab" * 32 in said(lived, "证据和材料")
    assert "委托代理人：李四" in said(lived, "申请人")


def test_an_identity_number_is_left_to_the_applicant() -> None:
    assert "证件号码：＿" in said(drafted(SILENT), "申请人")


NAME = Item("清单（部分内容不提供）.pdf", 2, 3, "个人隐私", "条例 15", across=80, down=10)
DRAFT = Item("纪要（部分内容不提供）.pdf", 5, 1, "过程稿", "条例 16(2)", whole=True)


def against_items(*items: Item) -> Petition:
    row = OUTCOMES[Outcome.PARTIAL]
    reply = Attacked(row, None, row.letter.zh, "东政公开告〔2026〕7号", date(2026, 10, 20), None, "全部的理由。", items)
    return drafted(replace(SILENT, reply=reply))


def test_one_withheld_place_is_contested_and_nothing_else() -> None:
    """行政复议法 22: what is asked for is the applicant's to say; 条例 37: part by part."""
    petition = against_items(NAME)
    place = "“清单（部分内容不提供）.pdf”第2页上部右侧编号3的一处"
    asked = said(petition, "行政复议请求").splitlines()
    assert asked[0].endswith("（东政公开告〔2026〕7号）中对下列内容不予公开的部分：")
    assert asked[1] == f"（1）{place}，注明的理由是“个人隐私”（条例 15）。"
    assert asked[2] == "2．责令被申请人在一定期限内向申请人公开上述内容，或者对上述内容重新作出答复。"
    assert len(asked) == 3
    reasons = said(petition, "理由")
    assert f"对{place}，被申请人注明的理由是“个人隐私”（条例 15）" in reasons
    assert "第三十七条" in reasons
    assert "全部的理由。" not in reasons, "the reasons for the rest are not attacked"
    assert "其中1处不服" in said(petition, "事实")
    assert "随答复提供的“清单（部分内容不提供）.pdf”" in said(petition, "证据和材料")


def test_several_places_stand_in_their_order_and_each_file_is_evidence_once() -> None:
    petition = against_items(NAME, replace(NAME, number=4), DRAFT)
    asked = said(petition, "行政复议请求").splitlines()
    assert [line[:3] for line in asked[1:4]] == ["（1）", "（2）", "（3）"]
    assert "第5页（整页，编号1）" in asked[3]
    assert said(petition, "证据和材料").count("随答复提供的") == 2


@pytest.mark.parametrize(
    ("across", "down", "words"),
    [
        (50, 50, "中部"),
        (10, 10, "上部左侧"),
        (90, 90, "下部右侧"),
        (33, 34, "中部左侧"),
        (34, 33, "上部"),
        (67, 66, "中部右侧"),
        (66, 67, "下部"),
    ],
)
def test_where_on_the_page(across: float, down: float, words: str) -> None:
    assert f"第2页{words}编号3" in replace(NAME, across=across, down=down).place


def test_a_ground_without_an_article_cites_none() -> None:
    assert replace(NAME, words="不属于申请的内容", law="").ground == "“不属于申请的内容”"
