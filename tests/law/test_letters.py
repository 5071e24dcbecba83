"""The table of documents (law.md 9.2), the results and articles of replies, and the paragraph on remedies (8.7)."""

from datetime import date

import pytest

from casework.law import remedies, replies
from casework.law.letters import ELEMENT_WORDS, FRAME, LETTERS, LISTS, Element, LetterKind, formal
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome

SITUATIONS = [(row, ground) for row in OUTCOMES.values() for ground in row.grounds or (None,)]
SINCE_2024 = date(2024, 1, 1)


def paragraph(outcome: Outcome, *, on: date = SINCE_2024, online: str = "", inquiry_review_first: bool = False) -> str:
    return remedies.paragraph(
        OUTCOMES[outcome],
        decided_on=on,
        review_organ="鹤岗市人民政府",
        court="东山区人民法院",
        review_online_at=online,
        inquiry_review_first=inquiry_review_first,
    )


def test_every_document_has_a_row_and_every_element_its_words() -> None:
    assert set(LETTERS) == set(LetterKind)
    assert set(ELEMENT_WORDS) == set(Element)
    assert set(LISTS) <= set(Element)


def test_every_statement_of_a_decision_is_an_element_of_the_same_name() -> None:
    assert {r.value for r, row in REQUIREMENTS.items() if row.statement} <= {e.value for e in Element}


@pytest.mark.parametrize(("row", "ground"), SITUATIONS, ids=lambda one: getattr(one, "code", getattr(one, "key", "-")))
def test_a_code_can_say_all_that_it_must_in_its_document(row: object, ground: object) -> None:
    situation = replies.Situation(row, ground)  # type: ignore[arg-type]  # parametrized
    assert situation.row is not None
    key = situation.ground.key if situation.ground else ""
    kind = situation.row.document_on(key)
    assert set(situation.must(kind)) <= set(LETTERS[kind].vocabulary)
    assert replies.result(situation.row, key)
    assert "{" not in replies.result(situation.row, key)
    assert situation in list(replies.situations(kind))


def test_process_notices_carry_no_remedies() -> None:
    decided = {row.document_on(ground.key if ground else "") for row, ground in SITUATIONS}
    assert {kind for kind, row in LETTERS.items() if row.remedies} == decided - {LetterKind.TERMINATED}


def test_who_is_consulted_is_told_nothing_of_the_applicant() -> None:
    for kind in (LetterKind.THIRD_PARTY, LetterKind.JOINT_ORGAN, LetterKind.OVERRIDE):
        words = LETTERS[kind].vocabulary
        assert not {Element.REQUEST, Element.CASE_NUMBER, Element.CHANNEL, Element.YOU} & set(words)
        assert not set(FRAME) & set(words), "the frame is drawn by the layout"


@pytest.mark.parametrize(
    ("law", "printed"),
    [
        ("条例 36(3)", "《中华人民共和国政府信息公开条例》第三十六条第（三）项"),
        ("条例 33(2)", "《中华人民共和国政府信息公开条例》第三十三条第二款"),
        ("条例 36(3)、16(2)", "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十六条第二款"),
        ("条例 30", "《中华人民共和国政府信息公开条例》第三十条"),
        ("国办函〔2020〕109号 6", "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第六条"),
        ("国办公开办函〔2021〕30号", "国办公开办函〔2021〕30号"),
    ],
)
def test_articles_are_printed_by_paragraph_and_item(law: str, printed: str) -> None:
    assert formal(law) == printed


def test_a_refusal_rests_on_36_3_and_on_the_article_that_withholds() -> None:
    assert replies.articles(OUTCOMES[Outcome.REFUSED_5], "personnel").endswith("第三十六条第（三）项、第十六条第一款")
    assert replies.articles(OUTCOMES[Outcome.REFUSED_8], "").endswith("第三十六条第（七）项")


@pytest.mark.parametrize("outcome", [Outcome(f"refused_{n}") for n in range(1, 8)])
def test_since_2024_a_refusal_says_that_it_must_be_reviewed_first(outcome: Outcome) -> None:
    assert "应当先申请行政复议" in paragraph(outcome)
    assert "6个月" not in paragraph(outcome)
    before = paragraph(outcome, on=date(2023, 12, 31))
    assert "6个月" in before
    assert "应当先申请" not in before


def test_other_replies_offer_either_way_and_a_part_both() -> None:
    for outcome in (Outcome.GRANTED, Outcome.UNAVAILABLE_1, Outcome.NOT_PROCESSED_2, Outcome.OTHER_1):
        assert "应当先" not in paragraph(outcome)
        assert "或者自收到本告知书之日起6个月内向东山区人民法院" in paragraph(outcome)
    partial = paragraph(Outcome.PARTIAL)
    assert "不予公开的部分" in partial
    assert "6个月" in partial
    assert paragraph(Outcome.OTHER_3) == ""


def test_the_agency_decides_how_it_reads_the_referral_to_another_procedure() -> None:
    assert "6个月" in paragraph(Outcome.REFUSED_8)
    assert "应当先申请行政复议" in paragraph(Outcome.REFUSED_8, inquiry_review_first=True)


def test_the_online_way_is_named_where_there_is_one() -> None:
    assert "https://fuyi.example.cn" in paragraph(Outcome.REFUSED_1, online="https://fuyi.example.cn")
    assert "互联网" not in paragraph(Outcome.REFUSED_1)
