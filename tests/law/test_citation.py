"""Citations are read in English wherever the tables of the law cite an article."""

import re

import pytest

from casework.law.citation import cited, numbered
from casework.law.outcomes import OUTCOMES, REQUIREMENTS
from casework.law.periods import PERIODS

CHINESE = re.compile(r"[一-鿿]")
DOCUMENT_NUMBER = re.compile(r"[一-鿿]+〔\d{4}〕\d+号")


@pytest.mark.parametrize(
    ("law", "english"),
    [
        ("条例 33(2)", "Regulation, art. 33(2)"),
        ("条例 15、32", "Regulation, arts 15, 32"),
        ("条例 29(2)(一)", "Regulation, art. 29(2)(1)"),
        ("行政复议法 20(1)、23(1)(4)", "Administrative Reconsideration Law, arts 20(1), 23(1)(4)"),
        ("2007年条例 18", "Regulation of 2007, art. 18"),
        ("放假办法", "Measures on Public Holidays"),
        ("国办函〔2020〕109号 6", "国办函〔2020〕109号, 6"),
        ("国办发明电〔2025〕7号", "国办发明电〔2025〕7号"),
        ("", ""),
    ],
)
def test_a_citation_reads_in_both_languages(law: str, english: str) -> None:
    assert cited(law).zh == law
    assert cited(law).en == english


def test_a_place_in_the_form_has_arabic_figures_in_english() -> None:
    assert numbered("三(三)5").en == "3(3)5"
    assert numbered("（六）").en == "(6)"


def test_no_table_of_the_law_cites_what_english_cannot_read() -> None:
    laws = {row.law for row in OUTCOMES.values()}
    laws |= {ground.law for row in OUTCOMES.values() for ground in row.grounds}
    laws |= {row.law for row in REQUIREMENTS.values()}
    laws |= {period.law for rows in PERIODS.values() for period in rows}
    unread = {law for law in laws if CHINESE.search(DOCUMENT_NUMBER.sub("", cited(law).en))}
    assert laws
    assert not unread
