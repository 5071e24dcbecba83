"""Numbers in the prose of a report: which count something, what stands behind each, and whether they agree (R6)."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.agreement import agreement, agreement_of_report
from casework.law.copied import copies, left_over_years
from casework.law.figures import figures_of_tables
from casework.law.matrix import COLUMNS, RELATIONS, ROWS, Matrix, Relation
from casework.law.numerals import numbers_in, said_value
from casework.law.prose import Figure, Rendered, SpanKind, by_key, key_of, render, typed_mark
from casework.law.report import DISPUTE_COLUMNS, DISPUTES, DisputeTable, PublicationTable, Report
from casework.law.words import Text
from casework.published import read

EXAMPLES = Path(__file__).parents[1] / "examples"

COUNTS = {
    "公开各项信息494条": ["494"],
    "概况类信息24条,政务动态信息372条": ["24", "372"],
    "受理申请 3119 件": ["3119"],
    "共答复３，１１９件": ["3119"],
    "办理申请12,345件": ["12345"],
    "收到申请２３件": ["23"],
    "收到申请二十三件": ["23"],
    "作出行政处罚一百二十三件": ["123"],
    "公开两千零五件": ["2005"],
    "发布信息5500余条": ["5500"],
    "阅读量破2万": ["20000"],
    "1.2万条": ["12000"],
    "收费96171.6万元": ["961716000"],
    "按期办结率98.5％": ["98.5"],
    "合格率均为 100%": ["100"],
    "合格率百分之九十八点五": ["98.5"],
    "组织召开新闻发布会 12 场": ["12"],
    "平均20个工作日": ["20"],
    "（含上年度结转申请 34 件，另有 103 件顺延）": ["34", "103"],
    "举办培训十余场": ["10"],
}
COUNTS_NOTHING = [
    *("2023年", "2023 年度", "2024年1月1日至2024年12月31日", "2023—2025年", "1月1日至12月31日", "12月底", "2024-01-31"),
    *("国办公开办函〔2021〕30号", "〔2019〕60号", "国令第711号", "（国令第 711 号）", "(2020)109号", "翔宇南道 1 号"),
    *("第二十条第（五）项", "《条例》第20条第(一)项", "第50条", "第3期", "第十四个五年规划"),
    *("（一）主动公开", "(2)平台建设", "一是加强领导。二是压实责任", "1．总体情况", "三、其他", "问题：1.公开不够"),
    *(
        "电话：0517-83605210",
        "邮编：223001",
        "邮箱hazwgkc163@163.com",
        "手机13800000000",
        "https://www.gov.cn/2023/1.htm",
    ),
    *(
        "12345热线",
        "“12345”政务服务便民热线",
        "7×24小时",
        "5G基站",
        "IPv6改造",
        "“1+3+N”模式",
        "3.0版",
        "8:30",
        "近3年",
    ),
    *(
        "两个维护",
        "一事一申请",
        "三审三校",
        "二十届三中全会",
        "一次性告知",
        "每一件",
        "数百条",
        "双随机、一公开",
        "第一件",
    ),
]


@pytest.mark.parametrize("phrase", COUNTS)
def test_a_number_that_counts_is_found(phrase: str) -> None:
    assert [f"{n.value.normalize():f}" for n in numbers_in(phrase)] == COUNTS[phrase]


@pytest.mark.parametrize("phrase", COUNTS_NOTHING)
def test_a_date_a_document_an_ordinal_or_a_name_is_no_figure(phrase: str) -> None:
    assert numbers_in(phrase) == []


@pytest.mark.parametrize(
    ("phrase", "fits", "does_not"),
    [
        ("494条", [494], [493, 495]),
        ("5500余条", [5500, 5599], [5499, 5600]),
        ("近2万条", [10001, 20000], [20001]),
        ("约300件", [200, 300, 400], [401]),
        ("1.2万条", [11500, 12499], [11499, 12500]),
        ("破2万", [20000, 29999], [19999]),
    ],
)
def test_a_vague_number_is_right_for_a_span(phrase: str, fits: list[int], does_not: list[int]) -> None:
    (number,) = numbers_in(phrase)
    assert all(number.fits(figure) for figure in fits)
    assert not any(number.fits(figure) for figure in does_not)


def test_numbers_in_characters() -> None:
    said = {"二十三": 23, "十": 10, "两千零五": 2005, "一百二十": 120, "三万五千": 35000, "二〇二四": 2024, "件": None}
    assert {characters: said_value(characters) for characters in said} == said


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FIGURES = by_key(
    [
        Figure("本年新收", Text("本年新收", "New"), 3119, "件", "new/total/"),
        Figure("本年新收·自然人", Text("自然人", "Natural persons"), 3001),
        Figure("行政事业性收费", Text("收费", "Fees"), Decimal("96171.60"), "万元"),
    ]
)


@pytest.mark.parametrize(
    ("marked", "reads", "kinds"),
    [
        ("收到{{本年新收}}件", "收到3119件", ["bound"]),
        ("收到｛｛ 本年新收 ｝｝件", "收到3119件", ["bound"]),
        ("{{本年新收/自然人}}件、{{本年新收 . 自然人}}件", "3001件、3001件", ["bound", "bound"]),
        ("收费{{行政事业性收费}}万元", "收费96171.6万元", ["bound"]),
        ("公开{{494|网站后台}}条", "公开494条", ["typed"]),
        ("公开｛｛４９４｜来源：网站后台｝｝条", "公开４９４条", ["typed"]),
        ("公开{{494|}}条", "公开494条", ["loose"]),
        ("公开{{494| 来源： }}条", "公开494条", ["loose"]),
        ("公开{{若干|后台}}条", "公开{{若干|后台}}条", ["unknown"]),
        ("收到{{本年新受}}件", "收到{{本年新受}}件", ["unknown"]),
        ("公开494条，第20条", "公开494条，第20条", ["loose"]),
        ("收到{{本年新收}}5件", "收到31195件", ["bound", "loose"]),
        ("【请写明情况，例如20条】。", "【请写明情况，例如20条】。", ["blank"]),
    ],
)
def test_every_number_is_bound_typed_with_a_source_or_a_fault(marked: str, reads: str, kinds: list[str]) -> None:
    rendered = render(marked, FIGURES)
    assert rendered.text == reads
    assert [span.kind.value for span in rendered.spans] == kinds
    assert len(rendered.faults) == sum(kind not in {"bound", "typed"} for kind in kinds)
    assert "".join(piece.text for line in rendered.lines() for piece in line) == reads


def test_a_source_is_kept_without_its_heading_and_a_fault_says_where_it_stands() -> None:
    (span,) = render("｛｛494｜来源：网站后台｝｝", FIGURES).typed
    assert span.says == "网站后台"
    rendered = render("第一段。\n通过政府网站主动公开各类信息494条，其中概况类信息较多。\n第三段。", FIGURES)
    assert rendered.quote(rendered.faults[0]) == "通过政府网站主动公开各类信息494条，其中概况类信息较多。"


plain = st.text("收到申请，。办件条\n（三）第２３4 %万年月", max_size=30)
marks = st.one_of(
    st.sampled_from(sorted(FIGURES)).map(lambda key: (FIGURES[key].mark, FIGURES[key].shown, "bound")),
    st.tuples(st.integers(0, 9999), st.text("后台统计", min_size=1)).map(
        lambda pair: (typed_mark(str(pair[0]), pair[1]), str(pair[0]), "typed")
    ),
)


@given(st.lists(st.tuples(plain, marks), max_size=6), plain)
def test_a_text_with_marks_reads_as_if_its_figures_had_been_typed(
    parts: list[tuple[str, tuple[str, str, str]]], end: str
) -> None:
    rendered = render("".join(text + mark for text, (mark, _, _) in parts) + end, FIGURES)
    assert rendered.text == "".join(text + shown for text, (_, shown, _) in parts) + end
    marked = [s for s in rendered.spans if s.kind in {SpanKind.BOUND, SpanKind.TYPED}]
    assert [(rendered.text[s.start : s.end], s.kind.value) for s in marked] == [(s, k) for _, (_, s, k) in parts]
    ends = [(span.start, span.end) for span in rendered.spans]
    assert all(first[1] <= second[0] for first, second in pairwise(ends))
    # Not a digit that counts escapes: whatever is read as a number is covered by something that accounts for it.
    for number in numbers_in(rendered.text):
        digits = {at for at in range(number.start, number.end) if rendered.text[at].isdigit()}
        assert digits <= {at for span in rendered.spans for at in range(span.start, span.end)}
    pieces = "".join(piece.text for line in rendered.lines() for piece in line)
    assert pieces == "".join(line for line in rendered.text.split("\n") if line.strip())


def test_every_figure_of_the_tables_has_one_name() -> None:
    table4 = DisputeTable({group: dict.fromkeys(DISPUTE_COLUMNS, 1) for group in DISPUTES})
    stock = {"made": 1, "repealed": 0, "in_force": 2}
    table2 = PublicationTable(
        {"regulations": stock, "normative_documents": stock},
        {"permits": 1, "penalties": 2, "coercive_measures": 3},
        "96171.60",
    )
    report = Report("1", "某局", 2024, Matrix.from_cells(2024, lambda row, column: 7), table2, table4)
    named = figures_of_tables(report)
    assert len(named) == 87
    assert all(key == key_of(key) == figure.key == figure.words.zh for key, figure in named.items())
    assert all(not re.search(r"[\u4e00-\u9fff]", figure.words.en) for figure in named.values())
    assert named["行政诉讼"].value == 2
    assert named["不予公开"].value == 8 * 7
    for figure in named.values():
        if figure.link:
            row, column, _ = figure.link.split("/")
            assert row in ROWS
            assert column in COLUMNS
    blank = Report("1", "某局", 2024, Matrix.from_cells(2024, lambda row, column: None))
    assert figures_of_tables(blank) == {}


# ── R6 (law.md 7.2) ──────────────────────────────────────────────────────────────────────────────────────────────────


def example(name: str) -> Report:
    (reading,) = read((EXAMPLES / name).read_bytes())
    return reading.report()


def test_the_two_faults_of_the_example_of_dongshan_are_found() -> None:
    found = agreement_of_report(example("dongshan-2023.txt"))
    assert [(f.check.relation, f.check.left, f.check.right) for f in found.findings] == [
        ("R6", 494, 610),
        ("R6", 494, 2623),
    ]
    assert [f.check.row for f in found.findings] == ["主动公开信息·网站", "主动公开信息"]
    assert all("494条" in f.quotes[0] for f in found.findings)
    assert not any(check.holds for check in (f.check for f in found.findings))
    assert Relation.R6 in RELATIONS


def test_a_report_whose_prose_agrees_with_its_tables_gives_no_false_alarm() -> None:
    found = agreement_of_report(example("huaian-2024.txt"))
    assert found.findings == ()
    assert found.compared >= 15


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ("申请 3119 件", "申请 3118 件", "“本年新收”写的是3118，按记录应当是3119"),
        ("答\n复 3050 件", "答\n复 3051 件", "“办理结果总计”写的是3051"),
        ("结转申请 34 件", "结转申请 43 件", "“上年结转”写的是43"),
        ("另有 103 件", "另有 130 件", "“结转下年度”写的是130"),
        ("行政复议 351\n件", "行政复议 350\n件", "“行政复议”写的是350"),
        ("其他结果 9 件", "其他结果 8 件", "“行政诉讼·其他结果”写的是8"),
        ("市政府规章 1 件", "市政府规章二件", ""),
    ],
)
def test_a_changed_number_of_a_real_report_is_found(now: str, then: str, said: str) -> None:
    text = (EXAMPLES / "huaian-2024.txt").read_text()
    assert now in text
    (reading,) = read(text.replace(now, then).encode())
    found = [finding.check.sentence.zh for finding in agreement_of_report(reading.report()).findings]
    assert (said == "") == (found == [])
    assert any(said in sentence for sentence in found) or not said


def tables(**cells: int) -> dict[str, Figure]:
    matrix = Matrix.from_cells(2024, lambda row, column: cells.get(row, 0))
    table4 = DisputeTable({group: dict.fromkeys(DISPUTE_COLUMNS, 0) for group in DISPUTES})
    stock = {"made": 2, "repealed": 1, "in_force": 9}
    table2 = PublicationTable({"normative_documents": stock}, {"permits": 31}, "2.5")
    return figures_of_tables(Report("1", "某局", 2024, matrix, table2, table4))


@pytest.mark.parametrize(
    ("sentence", "findings"),
    [
        ("全年收到政府信息公开申请10件。", 0),
        ("全年收到政府信息公开申请13件。", 0),  # with those carried in
        ("全年收到政府信息公开申请十二件。", 1),
        ("收到公民、法人和其他组织提出的政府信息公开申请共11件。", 1),
        ("通过网络收到申请5件，其中当面申请2件。", 1),
        ("收到网上申请5件。", 0),
        ("没有收到政府信息公开申请。", 1),
        ("没有收到对政府信息公开不服申请行政复议的情况。", 0),
        ("已全部答复，予以公开4件，不予公开8件。", 1),
        ("按期答复12件，结转下年度办理1件。", 0),
        ("因政府信息公开引起的行政复议2件。", 1),
        ("办理行政复议案件500件。", 0),
        ("未发生因政府信息公开引起的行政复议、行政诉讼。", 0),
        ("制发行政规范性文件2件，废止1件，现行有效9件。", 0),
        ("制发行政规范性文件2件，废止3件，现行有效8件。", 2),
        ("作出行政许可决定30件。", 1),
        ("公开行政许可信息30条。", 0),
        ("公布行政许可30份。", 0),
        ("收取行政事业性收费2.5万元。", 0),
        ("收取行政事业性收费25万元。", 1),
        ("发布信息2623条，其中网站610条、抖音24条、微信1989条。", 0),
        ("发布信息2623条，其中网站610条；抖音24条、微信1990条。", 1),
        ("发布信息2623条，其中网站610条、微信1000条等。", 0),
        ("发布信息100条，其中网站60条、微信60条等。", 1),
        ("发布信息100条，其中解读稿件16条。", 0),
        ("发布信息100条，其中网站60条、微信40条，同比增长20条。", 0),
        ("发布信息100条，其中网站60条、微信40条，另发布解读30条。", 0),
        ("收到材料10份，其中甲8份，乙2份，其中丙1份、丁1份。", 0),
        ("主动公开政府信息100条。全年主动公开各类信息90余条。", 1),
        ("主动公开政府信息98条。全年主动公开各类信息90余条。", 0),
        ("主动公开信息100条，其中网站60条、微信40条。通过网站主动公开信息60条，其中动态50条、目录10条。", 0),
    ],
)
def test_what_a_sentence_says_is_held_against_the_tables_and_the_rest(sentence: str, findings: int) -> None:
    figures = tables(new=10, carried_in=3, granted=4, partial=8, total=12, carried_out=1)
    found = agreement({"1": Rendered(sentence)}, figures).findings
    assert len(found) == findings, [finding.check.sentence.zh for finding in found]
    assert all(not re.search(r"[\u4e00-\u9fff]", f.check.sentence.en.replace("网站", "")) for f in found)


def test_a_number_from_the_records_is_explained_only_by_saying_why_it_differs() -> None:
    figures = tables(new=10)

    def explained(text: str) -> list[bool]:
        return [f.explained for f in agreement({"1": render(text, figures)}, figures).findings]

    assert explained("收到政府信息公开申请12件。") == [False]
    assert explained("收到政府信息公开申请{{12|台账}}件。") == [False]
    assert explained("收到政府信息公开申请{{12|与表不同：含两件转送件}}件。") == [True]
    assert explained("收到政府信息公开申请{{本年新收}}件。") == []
    assert explained("答复{{本年新收}}件。") == [False]  # bound to the wrong figure
    assert explained("主动公开信息9条。主动公开信息{{8|网站后台，不含转载}}条。") == [True]
    assert explained("发布信息9条，其中网站{{5|后台}}条、微信3条。") == [True]


def test_a_text_that_anybody_may_paste_is_read_in_bounded_time() -> None:
    for piece in ("收到申请1件", "其中1条", "1条第1条", "（"):
        assert len(agreement({"1": Rendered(piece * 5_000)}, {}).findings) <= 50
    assert numbers_in("9" * 5000 + "件") == []


# ── What last year left behind ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年，我区坚持公开为常态。", [2022]),
        ("现将东山区2022年度政务公开工作有关情况报告如下。", [2022]),
        ("统计期限自2022年1月1日起至2022年12月31日止。", [2022]),
        ("统计期限自2023年1月1日至2024年12月31日。", [2024]),
        ("２０２２ 年，我区", [2022]),
        ("2023年，我区。统计期限自2023年1月1日起至2023年12月31日止。", []),
        ("较2022年增长。自2019年起施行。与2022年度相比。2022年以来。", []),
        ("按照国办函〔2022〕3号、《2022年工作要点》，2024年将继续推进。", []),
        ("上年结转，2022年结转3件。", []),
        ("现将与2022年对照的情况报告如下。", []),
    ],
)
def test_last_years_year_is_pointed_out_where_the_text_speaks_of_this_year(text: str, years: list[int]) -> None:
    assert [found.year for found in left_over_years({"1": text}, 2023)] == years


def test_a_copied_paragraph_is_found_though_its_numbers_are_new() -> None:
    before = "一是信息发布审批缺少保密审查环节，审批流程不规范；二是本地区新媒体账号管理监督不到位，更新494条不及时。"
    now = before.replace("494", "610").replace("不规范", "不够规范")
    others = [("东山区2022年", {"5": "另一段。\n" + before}), ("民政局2023年", {"1": "完全不同的一段文字" * 8})]
    (found,) = copies({"5": f"今年的新问题。\n{now}"}, others)
    assert (found.section, found.whose) == ("5", "东山区2022年")
    assert 0.9 < found.likeness < 1
    assert copies({"5": now}, others, own=[now]) == []
    assert copies({"5": "无"}, [("乙", {"5": "无"})]) == []
    rewritten = "政策解读形式单一，部分栏目更新慢，镇街人员变动频繁，培训没有跟上，平台检索不便，群众反映查找困难。"
    assert copies({"5": rewritten}, others) == []
