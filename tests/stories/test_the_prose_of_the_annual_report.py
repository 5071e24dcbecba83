"""Ms Bian writes the prose of Dongshan's report: live figures, her own words, what R6 finds, and nobody overwritten."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework import annual
from casework.access import AGENCY_ACTS, AgencyAct
from casework.actions.prose import LONGEST, write_sections
from casework.annual.figures import PROVIDERS
from casework.exports import export
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.prose import Figure
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import AnnualReport, ReportEdition, ReportState, ReportStep, Role, Staff
from tests.cast import Cast, closed, moment, person, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()
YEAR = TODAY.year
PAGE = f"/desk/annual/230406/{YEAR}/prose/"


@pytest.fixture
def bian(players: Cast) -> Staff:
    return person("bian", "边辑", players.dongshan, Role.REPORT_EDITOR)


@pytest.fixture
def desk(bian: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(bian)


@pytest.fixture
def at_desk() -> Callable[[Staff], Client]:
    def logged_in(who: Staff) -> Client:
        client = Client()
        client.force_login(who)
        return client

    return logged_in


def written(players: Cast) -> dict[str, str]:
    return annual.report_of(players.dongshan, YEAR).sections  # type: ignore[return-value]


def typed(page: str) -> dict[str, str]:
    """What the editor would send if nothing were changed."""
    sent = {f"section_{n}": re.search(rf'name="section_{n}"[^>]*>\s*([^<]*)<', page) for n in "156"}
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return {name: match[1].strip() for name, match in sent.items() if match} | {"version": version[1], "do": "save"}


def test_from_the_template_to_a_text_that_may_be_signed(players: Cast, desk: Client) -> None:
    for kind in (ApplicantKind.NATURAL_PERSON, ApplicantKind.NATURAL_PERSON, ApplicantKind.BUSINESS):
        case = registered(players, on=TODAY, applicant_kind=kind).case
    closed(players, case, Outcome.REFUSED_6, on=TODAY)
    # Nothing is stored by looking, and the report has no prose yet.
    page = desk.get(PAGE).content.decode()
    assert not AnnualReport.objects.exists()
    assert written(players) == {}
    sent = typed(page)
    assert "本年度新收政府信息公开申请{{本年新收}}件，没有上年结转的申请。" in sent["section_1"]
    assert "自然人{{本年新收·自然人}}件，法人或其他组织{{本年新收·法人或其他组织}}件" in sent["section_1"]
    assert f"自{YEAR}年1月1日起至{YEAR}年12月31日止" in sent["section_1"]
    assert "工作考核、社会评议和责任追究结果" in sent["section_1"]  # a county's government
    assert sent["section_6"].startswith("本年度未收取信息处理费。")
    assert "还没有填写" in page
    # She fills the blanks, types one number with its source and one without.
    sent["section_1"] = re.sub("【请写明全年[^】]*】", "主动公开信息{{494|网站后台}}条，微信30条", sent["section_1"])
    sent = {name: re.sub("【[^】]*】", "工作按计划完成", text) for name, text in sent.items()}
    assert desk.post(PAGE, sent).status_code == 302
    report = AnnualReport.objects.get()
    assert (report.state, report.version) == (ReportState.DRAFT, 1)
    assert list(report.steps.values_list("kind", flat=True)) == ["begun", "written"]
    page = desk.get(PAGE).content.decode()
    assert "没有来源的数字" in page
    assert f'<a class="bound" href="/desk/annual/230406/{YEAR}/new/total/" title="本年新收">3</a>' in page
    assert '<span class="typed" title="来源：网站后台">494<sup>[1]</sup></span>' in page
    assert "<li>网站后台</li>" in page
    assert '<mark class="loose">30</mark>' in page
    # The report now has its prose, in every form, and its figures follow the cases.
    assert "新收政府信息公开申请3件" in written(players)["1"]
    assert "新收政府信息公开申请3件" in export(annual.report_of(players.dongshan, YEAR), "html").decode()
    registered(players, on=TODAY)
    assert "新收政府信息公开申请4件" in written(players)["1"]
    # What she wrote over the template stays, and a number that disagrees with the table is found.
    sent = typed(page) | {"section_6": "全年收到政府信息公开申请5件。"}
    sent["section_1"] = sent["section_1"].replace("，微信30条", "")
    desk.post(PAGE, sent)
    answer = desk.get(PAGE)
    assert "第六部分：“本年新收”写的是5，按记录应当是4" in answer.content.decode()
    assert answer.context["ready"] is False
    desk.post(PAGE, sent | {"version": "2", "section_6": "全年收到政府信息公开申请{{本年新收}}件。"})
    answer = desk.get(PAGE)
    assert answer.context["ready"] is True
    assert "没有要处理的" in answer.content.decode()
    # A section begins again only when that is confirmed.
    again = {"do": "template", "version": "3", "section": "6"}
    assert desk.post(PAGE, again).status_code == 200
    assert "全年收到" in AnnualReport.objects.get().sections["6"]
    assert desk.post(PAGE, again | {"sure": "on"}).status_code == 302
    assert AnnualReport.objects.get().sections["6"].startswith("本年度未收取信息处理费。")


def test_a_year_without_applications_is_said_in_words(players: Cast, desk: Client) -> None:
    sections = {"1": typed(desk.get(PAGE).content.decode())["section_1"]}
    assert "本年度没有收到政府信息公开申请，也没有上年结转的申请。" in sections["1"]
    report = annual.report_of(players.dongshan, YEAR)
    assert annual.prose_of(report, [players.dongshan], sections).agreement.open == []
    # The words would be wrong after the first application, and that is noticed.
    registered(players, on=TODAY)
    report = annual.report_of(players.dongshan, YEAR)
    (finding,) = annual.prose_of(report, [players.dongshan], sections).agreement.open
    assert (finding.check.row, finding.check.left, finding.check.right) == ("本年新收", 0, 1)


def test_whoever_comes_second_is_told_and_loses_nothing_of_what_was_typed(
    players: Cast, desk: Client, li: Client
) -> None:
    first, second = (typed(client.get(PAGE).content.decode()) for client in (desk, li))
    assert desk.post(PAGE, first | {"section_5": "边辑的文字。"}).status_code == 302
    answer = li.post(PAGE, second | {"section_5": "李立的文字。"}).content.decode()
    assert "正文刚刚被别人改过，您的修改没有保存" in answer
    assert "李立的文字。" in answer
    assert "边辑的文字。" in answer  # what stands there now, to be read before saving again
    assert AnnualReport.objects.get().sections["5"] == "边辑的文字。"
    assert li.post(PAGE, typed(answer)).status_code == 302
    assert AnnualReport.objects.get().sections["5"] == "李立的文字。"


@pytest.fixture
def li(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(players.li)


def test_only_editors_and_the_head_write_and_only_a_draft(
    players: Cast, bian: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    assert AGENCY_ACTS[AgencyAct.EDIT_REPORT].roles == {Role.REPORT_EDITOR, Role.HEAD}
    for staff in (players.wang, players.sun, players.qian, players.zhou, players.zhao):
        with pytest.raises(Refused, match="编写年度报告"):
            write_sections(players.dongshan, YEAR, {"5": "甲"}, version=0, by=staff, at=moment(TODAY))
        assert at_desk(staff).post(PAGE, {"do": "save"}).status_code == (404 if staff == players.zhao else 403)
    assert not AnnualReport.objects.exists()
    reader = at_desk(players.zhou).get(PAGE).content.decode()
    assert "您可以查看" in reader
    assert "<textarea" not in reader
    for by, text in ((bian, "甲"), (players.li, "乙")):
        version = AnnualReport.objects.values_list("version", flat=True).first() or 0
        write_sections(players.dongshan, YEAR, {"5": text}, version=version, by=by, at=moment(TODAY))
    steps = ReportStep.objects.count()
    write_sections(players.dongshan, YEAR, {"5": "乙"}, version=2, by=bian, at=moment(TODAY))
    assert ReportStep.objects.count() == steps  # nothing changed, nothing happened
    refusals = [
        ({"2": "表"}, 2, "没有“2”"),
        ({"5": "长" * (LONGEST + 1)}, 2, "上限"),
        ({"5": "丙"}, 1, "刚刚被别人改过"),
    ]
    for sections, version, said in refusals:
        with pytest.raises(Refused, match=said):
            write_sections(players.dongshan, YEAR, sections, version=version, by=bian, at=moment(TODAY))
    AnnualReport.objects.update(state=ReportState.CHECKED)
    with pytest.raises(Refused, match="正文不能修改"):
        write_sections(players.dongshan, YEAR, {"5": "丙"}, version=2, by=bian, at=moment(TODAY))
    assert "<textarea" not in at_desk(bian).get(PAGE).content.decode()
    assert AnnualReport.objects.get().sections == {"5": "乙"}
    AnnualReport.objects.update(sections={})
    signed_without = at_desk(bian).get(PAGE).content.decode()
    assert "签发时没有正文" in signed_without
    assert "【请" not in signed_without, "the template is no part of what was signed"


def test_last_years_paragraphs_and_a_neighbours_are_pointed_out_and_drafts_are_nobodys(
    players: Cast, bian: Staff, desk: Client
) -> None:
    problem = "一是信息发布审批缺少保密审查环节，审批流程不规范；二是新媒体账号管理监督不到位，更新不及时，群众有反映。"
    shared = (
        "三是政策解读缺少图片解读等多样化形式，下一步将制作图解、短视频，做到重要政策应解读尽解读，方便群众理解和办事。"
    )
    for agency, year, text in ((players.dongshan, YEAR - 1, problem), (players.elsewhere, YEAR, shared)):
        report = AnnualReport.objects.create(agency=agency, year=year, sections={"5": text})
    write_sections(
        players.dongshan,
        YEAR,
        {"5": f"{YEAR - 1}年，存在以下问题：{problem}\n{problem}\n{shared}"},
        version=0,
        by=bian,
        at=moment(TODAY),
    )
    answer = desk.get(PAGE)
    assert [row["each"].whose for row in answer.context["copied"]] == [f"东山区人民政府办公室{YEAR - 1}年"] * 2
    assert [row["each"].year for row in answer.context["left_over"]] == [YEAR - 1]
    # The neighbour's is read once it is published.
    ReportEdition.objects.create(
        report=report,
        number=1,
        content={"sections": {"5": shared}},
        digest="0" * 64,
        signed_by=players.zhao,
        signed_at=moment(TODAY),
        published_by=players.zhao,
        published_at=moment(TODAY),
    )
    copied = desk.get(PAGE).context["copied"]
    assert [row["each"].whose for row in copied][-1] == f"淮安市人民政府办公室{YEAR}年"


def test_what_a_register_counts_can_be_named_and_is_held_against_the_text(
    players: Cast, bian: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publications(_agencies: object, _year: int) -> list[Figure]:
        counts = {"主动公开信息": 2623, "主动公开·网站": 610, "主动公开·抖音": 24, "主动公开·微信": 1989}
        return [Figure(key, Text(key, "Published"), count, "条") for key, count in counts.items()]

    monkeypatch.setattr("casework.annual.figures.PROVIDERS", [*PROVIDERS, publications])
    report = annual.report_of(players.dongshan, YEAR)
    figures = annual.figures_of(report, [players.dongshan])
    text = annual.begun_with(players.dongshan, YEAR, {}, figures, region=False)["1"]
    read = annual.prose_of(report, [players.dongshan], {"1": text})
    assert "全年主动公开政府信息2623条，其中网站610条、抖音24条、微信1989条。" in read.rendered["1"].text
    assert read.agreement.open == []
    wrong = annual.prose_of(report, [players.dongshan], {"1": "通过门户网站主动公开各项信息{{494|后台}}条。"})
    assert [(f.check.left, f.check.right) for f in wrong.agreement.open] == [(494, 610)]


def test_late_replies_and_fees_are_told_and_the_page_reads_few_rows(
    players: Cast, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = registered(players, on=date(YEAR, 3, 2)).case
    closed(players, case, Outcome.REFUSED_6, on=date(YEAR, 6, 1))
    figures = annual.figures_of(annual.report_of(players.dongshan, YEAR), [players.dongshan])
    assert {key: figures[key].shown for key in ("按期办结率", "逾期办结件数", "信息处理费金额")} == {
        "按期办结率": "0",
        "逾期办结件数": "1",
        "信息处理费金额": "0",
    }
    with django_assert_max_num_queries(45):
        page = desk.get(PAGE).content.decode()
    assert "本年度有{{逾期办结件数}}件申请没有按期办结" in typed(page)["section_5"]
