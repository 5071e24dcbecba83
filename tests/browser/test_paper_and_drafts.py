"""A draft goes from one device to another, from a helper to the applicant, onto paper and back, each once."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
from playwright.sync_api import expect

from casework.models import Case, Draft, Helper, Kind
from casework.models.querycode import grouped
from tests import cast
from tests.browser.hands import OPPOSITES, OTHERS, PAIRWISE, Come, in_ways
from tests.browser.qr import printed_code_is
from tests.portal.visitor import PERSON, WHAT, Visitor


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def begun() -> str:
    """A draft in which the applicant has said who they are; its address."""
    visitor = Visitor()
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    visitor.send(draft + "who/", PERSON)
    return draft


@in_ways(*OPPOSITES)
def test_a_draft_begun_in_a_library_goes_on_at_home(come: Come, players: cast.Cast) -> None:
    library, home = come(), come()
    draft = begun()
    library.goes(f"{draft}what/")
    library.page.get_by_role("link", name=library.said("换设备、打印、请人协助")).click()
    library.ends("ways")
    library.presses("给我接续码，不在这台电脑上留下痕迹")
    code = library.page.locator("#resume-code").inner_text()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
    library.sees("请现在就抄下或者拍下，这里只显示这一次。")
    library.ends("code")

    home.goes("/")
    home.follows("接着填写没有提交的申请")
    home.field("接续码").fill(code[:-1] + ("3" if code[-1] != "3" else "4"))
    home.presses("打开草稿")
    home.warned("接续码写错了：其中有一位不对，或者多写、少写了。请逐位检查。")
    home.field("接续码").fill(f" {code.lower().replace('-', ' ')} ")
    home.presses("打开草稿")
    home.heading("您要的是什么信息？")
    home.field("您要的是什么信息？").fill(WHAT["content"])
    home.presses("继续")
    home.field("电子文件").check()
    home.field("在本网站查收").check()
    home.presses("继续")
    home.sees(PERSON["name"])
    home.sees(WHAT["content"])
    home.presses("确认并提交申请")
    home.heading("申请已经提交")
    assert Case.objects.get().applicant.name == PERSON["name"]

    library = replace(library, way=replace(library.way, language="zh-hans"))  # it has forgotten the language as well
    library.page.go_back()
    for page in ("what/", "who/", "receipt/"):
        library.goes(draft + page, status=404)
        library.misses(PERSON["name"])
    library.heading("这份草稿不在这个网址")
    library.follows("用接续码打开草稿")
    library.field("接续码").fill(code)
    library.presses("打开草稿")
    library.warned("这个接续码打不开草稿：写错了、过期了，或者申请已经提交。请逐位检查。")


@in_ways(*PAIRWISE)
def test_the_daughter_types_and_the_mother_alone_sends_from_her_telephone(come: Come, players: cast.Cast) -> None:
    daughter, mother = come(), come()
    draft = Visitor().filled()
    daughter.goes(f"{draft}check/")
    daughter.follows("我在帮别人填写，由申请人本人提交")
    daughter.presses("继续")
    daughter.warned("请选择您是申请人的什么人。")
    daughter.field(str(Helper.FAMILY.label)).check()
    daughter.field("您的姓名").fill("张小妹")
    daughter.presses("继续")
    daughter.presses("生成配对码")
    code = daughter.page.locator("#pairing-code").inner_text()
    assert re.fullmatch(r"\d{6}", code)
    daughter.ends("code")
    daughter.goes(f"{draft}check/")
    daughter.heading("我在帮别人填写")  # she cannot send it
    assert not Case.objects.exists()

    mother.goes("/")
    mother.follows("核对别人帮我填写的申请")
    mother.field("配对码").fill(code)
    mother.field("您的证件号码的后四位").fill("0000")
    mother.presses("打开申请")
    mother.warned("配对码和证件号码的后四位对不上，或者配对码已经过期、用过。请协助您的人重新生成配对码。")
    mother.misses("张三")
    mother.field("您的证件号码的后四位").fill(cast.RESIDENT_NUMBER[-4:].lower())
    mother.presses("打开申请")
    mother.heading("请申请人本人核对")
    for words in ("张三", cast.RESIDENT_NUMBER, WHAT["content"], "张小妹"):
        expect(mother.main).to_contain_text(words)
    mother.presses("我本人确认并提交申请")
    mother.warned("请申请人本人核对全部内容，再勾选。")
    assert not Case.objects.exists()
    mother.ends("read")
    mother.main.get_by_role("checkbox").check()
    mother.presses("我本人确认并提交申请")
    mother.heading("申请已经提交")
    expect(mother.page.locator("#query-code")).to_be_visible()
    mother.ends()
    case = Case.objects.get()
    assert case.events.get(kind=Kind.HELPED).payload["helper_name"] == "张小妹"
    daughter.goes(f"{draft}receipt/", status=404)
    daughter.misses(case.number)


@in_ways(*OTHERS)
def test_what_was_printed_at_home_is_joined_at_the_counter_by_its_code(come: Come, players: cast.Cast) -> None:
    citizen, wang = come(), come(players.wang)
    draft = Visitor().filled()
    citizen.goes(f"{draft}ways/")
    paper = citizen.reads(citizen.link("打开申请表（PDF）"))
    reference = str(Draft.objects.get().reference)
    page = pypdfium2.PdfDocument(io.BytesIO(paper))[0].get_textpage().get_text_range()
    for words in ("政府信息公开申请表", "张三", cast.RESIDENT_NUMBER, "老旧小区改造项目清单"):
        assert words in page
    assert printed_code_is(paper, reference)
    assert not printed_code_is(paper, reference[:-1] + ("3" if reference[-1] != "3" else "4"))

    wang.goes("/desk/register/?channel=in_person")
    wang.field("申请表上有二维码的：草稿编号").fill(reference[:-1] + ("3" if reference[-1] != "3" else "4"))
    wang.presses("调出")
    wang.warned("草稿编号写错了：应当是 10 位字母和数字，其中有一位不对。请对照申请表逐位检查，或者扫描二维码。")
    wang.field("申请表上有二维码的：草稿编号").fill(grouped(reference).lower())
    wang.presses("调出")
    expect(wang.field("姓名或者名称")).to_have_value("张三")
    expect(wang.field("申请内容")).to_have_value(WHAT["content"])
    wang.ends("called")
    wang.presses("登记")
    wang.heading("政府信息公开申请登记回执")
    case = Case.objects.get()
    assert (case.channel, case.applicant.identity_number) == ("in_person", cast.RESIDENT_NUMBER)
    wang.ends()

    citizen.goes(f"{draft}check/")
    citizen.heading("申请已经提交")
    citizen.sees(case.number)
    expect(citizen.page.locator("#query-code")).to_have_count(0)
    assert Case.objects.count() == 1


@in_ways(*OPPOSITES)
def test_at_the_window_the_applicant_reads_large_and_presses_the_button(come: Come, players: cast.Cast) -> None:
    window = come()
    visitor = Visitor()
    draft = visitor.filled()
    visitor.send(draft + "helper/", {"helper": "window", "name": ""})
    window.goes(f"{draft}helper/")
    window.follows("打开大字核对页")
    window.heading("请申请人本人核对")
    size = window.page.get_by_text(WHAT["content"]).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 20, "large enough to be read across a counter"
    window.ends("large")
    window.main.get_by_role("checkbox").check()
    window.presses("我本人确认并提交申请")
    window.heading("申请已经提交")
    assert Case.objects.get().events.get(kind=Kind.HELPED).payload["sent_by"] == "screen"
