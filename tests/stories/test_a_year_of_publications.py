"""A clerk keeps the registers of a year; what the example's section 五 complains of is seen before anybody complains.

Given a website, two accounts and a stock of documents, when a year of publications, documents and figures is entered,
imported and corrected, then table 二 and the sentence of section 一 say it, and what lacks is named.
"""

import io
from datetime import date

from casework import annual
from casework.actions import registers
from casework.annual import Lacks
from casework.exports import export
from casework.law.registers import Register
from casework.ledger import read_register, store_register
from casework.published import read
from tests.cast import Cast, moment
from tests.ledgers import as_csv
from tests.registering import WRITTEN, account, cleared, document, figure, published, stock


def test_from_the_first_entry_to_the_printed_table(players: Cast) -> None:
    website = account(players)
    douyin = account(players, "douyin", "魅力东山")
    stock(players, 2022, 12)

    # When the year is kept: one thing checked, one not, and a month of the website from a file.
    published(players, website, date(2023, 1, 10), "机构职能", column="概况", **cleared(date(2023, 1, 9)))
    forgotten = published(players, douyin, date(2023, 1, 10), "魅力东山一分钟", column="短视频")
    sheet = as_csv(
        [
            ["渠道", "栏目", "月份", "条数", "来源"],
            *(["网站", "政务动态", f"2023-{m:02}", "31", "后台"] for m in range(1, 13)),
        ]
    )
    reading = read_register(io.BytesIO(sheet), "网站.csv", Register.PUBLICATIONS, agency=players.dongshan, on=WRITTEN)
    store_register(reading, players.dongshan, by=players.wang, at=moment(WRITTEN))
    document(players, date(2023, 2, 1))
    document(players, date(2017, 2, 1), date(2023, 3, 1))
    permits = figure(players, "permits", 30)
    figure(players, "fees", "286500.40")

    # Then the gaps are named.
    lacks = {f.lacks: f for f in annual.findings(players.dongshan, 2023, on=WRITTEN)}
    assert set(lacks) == {Lacks.UNCLEARED, Lacks.SILENT, Lacks.NOTHING}
    assert "魅力东山" in lacks[Lacks.SILENT].sentence.zh
    assert lacks[Lacks.UNCLEARED].sentence.zh.startswith("13条")

    # When they are put right, each correction with its reason …
    checked = forgotten.facts | cleared(date(2023, 1, 10))
    registers.correct(forgotten, checked, reason="补录审查单。", by=players.wang, at=moment(WRITTEN))
    registers.correct(permits, permits.facts | {"amount": 31}, reason="漏报一件。", by=players.li, at=moment(WRITTEN))

    # … then the figures follow, and the printed report is read back to the same table.
    assert annual.publication_counts([players.dongshan], 2023).sentence().zh == "374 条，其中网站 373 条、抖音 1 条"
    report = annual.report_of(players.dongshan, 2023)
    assert report.table2 is not None
    assert report.table2.as_dict() == {
        "regulations": {"made": 0, "repealed": 0, "in_force": 0},
        "normative_documents": {"made": 1, "repealed": 1, "in_force": 12},
        "permits": 31,
        "penalties": 0,
        "coercive_measures": 0,
        "fees_10k_yuan": "28.65004",
    }
    for form in ("json", "html", "docx", "xlsx"):
        (again,) = read(export(report, form))
        assert again.table2 is not None, form
        assert again.table2.as_dict() == report.table2.as_dict(), form
