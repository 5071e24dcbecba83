"""What goes wrong by mistake or by intent: clear words, nothing lost, nothing leaked."""

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django import Settings
from time_machine import Traveller

from casework.access import Verb
from casework.actions import clock, consult, materials, redact
from casework.actions.files import Upload
from casework.law.outcomes import Outcome
from casework.models import Audience, Case, Document, Draft, Material, Release
from casework.models.querycode import new_code
from tests import cast, papers
from tests.browser.hands import OPPOSITES, OTHERS, SCRIPTED, Come, Hand, in_ways, opens_case
from tests.conftest import AS_OF
from tests.consulting import COMPANY, asked_by_letter, link_mailed_to
from tests.portal.visitor import PERSON, WHAT, Visitor
from tests.redaction.test_door import HOSTILE, HTML, SVG
from tests.stories.test_draft_on_another_device import code_of as resume_code

TODAY = AS_OF.date()


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


# Links and codes ------------------------------------------------------------------------------------------------------


@in_ways(*OPPOSITES)
def test_a_link_or_code_that_was_used_revoked_or_has_expired_says_so_and_nothing_else(
    come: Come, players: cast.Cast, now: Traveller, settings: Settings
) -> None:
    settings.SITE_URL = "https://gongkai.test"
    case = cast.registered(players, on=TODAY, wanted_way="online").case
    asked_by_letter(players, case, COMPANY, on=TODAY)
    link = link_mailed_to(COMPANY.email)
    firm = come()
    firm.goes(link)
    firm.main.get_by_role("radio").first.check()
    firm.presses("继续")
    firm.presses("确认并提交答复")
    firm.heading("已经答复")
    firm.goes(link)
    firm.heading("已经答复")  # once used it can only be read
    expect(firm.main.get_by_role("radio")).to_have_count(0)
    firm.ends("used")
    other = cast.registered(players, on=TODAY, wanted_way="online", content="另一份合同。").case
    (asked,) = asked_by_letter(players, other, COMPANY, on=TODAY)
    link = link_mailed_to(COMPANY.email)
    consult.revoke_link(asked, by=players.wang, at=cast.moment(TODAY, 12))
    for address in (link, "/consultation/unknown/", f"/consultation/{'A' * 43}/"):
        firm.page.goto(address)
        firm.heading("这个链接打不开")
        firm.misses("张三")
        expect(firm.main.get_by_role("radio")).to_have_count(0)
    draft = Visitor().filled()
    code = resume_code(Visitor(), draft)
    now.shift(timedelta(days=8))
    firm.goes("/resume/")
    firm.field("接续码").fill(code)
    firm.presses("打开草稿")
    firm.warned("这个接续码打不开草稿：写错了、过期了，或者申请已经提交。请逐位检查。")
    firm.misses(PERSON["name"])
    firm.ends("expired")


@in_ways(*OPPOSITES)
def test_ten_wrong_codes_slow_whoever_types_them_and_the_owner_gets_in(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    filed = cast.registered(players, on=TODAY)
    guesser, owner = come(), come()
    guesser.goes("/follow/")
    waited = 0
    for _ in range(10):
        guesser.field("登记编号").fill(filed.case.number)
        guesser.field("查询码").fill(new_code())
        guesser.presses("查看")
        alert = guesser.page.get_by_role("alert")
        expect(alert).to_be_visible()
        waited += guesser.said("登记编号和查询码对不上。请对照回执检查这两项；确实找不到的，请联系受理机关。") not in (
            alert.inner_text()
        )
    assert waited == 5, "five tries are free, then one waits"
    expect(guesser.field("登记编号")).to_have_value(filed.case.number)
    guesser.ends("slowed")
    guesser.field("登记编号").fill("230406-2026-99999")
    guesser.field("查询码").fill(new_code())
    guesser.presses("查看")
    guesser.warned("登记编号和查询码对不上。请对照回执检查这两项；确实找不到的，请联系受理机关。")
    now.shift(61)  # from the same address, a minute later
    opens_case(owner, filed.case, filed.query_code)
    owner.sees(filed.case.number)


# Files ----------------------------------------------------------------------------------------------------------------

SENT = {
    "a picture named as PDF": ("清单.pdf", papers.picture()),
    "a web page named as text": ("说明.txt", HTML),
    "a drawing with a script": ("图.svg", SVG),
    "a drawing with a script named as a picture": ("图.png", SVG),
    "PDF and archive at once": HOSTILE["pdf and zip"][:2],
    "web page before a PDF": HOSTILE["html before a pdf"][:2],
}


@in_ways(*OTHERS)
def test_a_file_that_lies_is_turned_away_by_name_and_what_was_typed_stays(come: Come, players: cast.Cast) -> None:
    filed = cast.registered(players, on=TODAY)
    clock.request_supplement(filed.case, unclear="是哪几个小区？", on=TODAY, by=players.wang, at=AS_OF)
    citizen, wang = come(), come(players.wang)
    opens_case(citizen, filed.case, filed.query_code)
    citizen.follows("现在补正")
    citizen.field("您的补正").fill("工农小区。")
    for name, content in SENT.values():
        payload: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        citizen.main.locator("input[type=file]").set_input_files(payload)
        citizen.presses("提交补正")
        expect(citizen.page.get_by_role("alert")).to_contain_text(name)
        expect(citizen.field("您的补正")).to_have_value("工农小区。")
    assert not Document.objects.exists()
    assert not Case.objects.get().supplements.get().answer
    citizen.ends("turned-away")
    citizen.presses("提交补正")
    citizen.told("补正已经收到。")

    for name, content in SENT.values():
        wang.goes(f"/desk/cases/{filed.case.pk}/materials/")
        good: FilePayload = {"name": "好的.pdf", "mimeType": "application/pdf", "buffer": papers.pdf()}
        bad: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": content}
        wang.field("选择文件").set_input_files([good, bad])
        wang.presses("放入")
        expect(wang.page.get_by_role("alert")).to_contain_text(name)
    assert not Material.objects.exists(), "all of them or none"
    wang.ends("turned-away")


# Words ----------------------------------------------------------------------------------------------------------------


@in_ways(*OTHERS)
def test_a_name_with_a_right_to_left_mark_is_refused_in_words_and_markup_is_text(
    come: Come, players: cast.Cast
) -> None:
    visitor = Visitor()
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    hand = come()
    hand.goes(f"{draft}who/")
    for name in ("张\u202e三", "张\u200f三", "张\x07三"):
        hand.field("姓名").fill(name)
        hand.field("居民身份证").check()
        hand.field("证件号码").fill(cast.RESIDENT_NUMBER)
        hand.field("电话").fill("13800138000")
        hand.presses("继续")
        expect(hand.page.get_by_role("alert")).to_contain_text(f"U+{ord(name[1]):04X}")
        expect(hand.field("姓名")).to_have_attribute("aria-invalid", "true")
    hand.ends("refused")
    hand.field("姓名").fill("<b>张三</b><script>alert(1)</script>")
    hand.presses("继续")
    hand.field("您要的是什么信息？").fill("<img src=x onerror=alert(1)> {{ 7*7 }} 2025年清单")
    hand.presses("继续")
    hand.field("电子文件").check()
    hand.field("在本网站查收").check()
    hand.presses("继续")
    expect(hand.main).to_contain_text("<b>张三</b><script>alert(1)</script>")
    expect(hand.main).to_contain_text("<img src=x onerror=alert(1)> {{ 7*7 }} 2025年清单")
    expect(hand.main.locator("img, b, script")).to_have_count(0)
    hand.presses("确认并提交申请")
    wang = come(players.wang)
    wang.goes(f"/desk/cases/{Case.objects.get().pk}/")
    expect(wang.main).to_contain_text("<img src=x onerror=alert(1)> {{ 7*7 }} 2025年清单")
    expect(wang.main.locator("img[src=x]")).to_have_count(0)
    wang.ends("at-the-desk")


# Another's case in every parameter ------------------------------------------------------------------------------------


@in_ways(*OTHERS)
def test_another_s_case_opens_in_no_parameter_and_looks_like_one_that_does_not_exist(
    come: Come, players: cast.Cast
) -> None:
    mine, theirs = (
        cast.registered(players, on=TODAY),
        cast.registered(players, on=TODAY, name="韩梅", content="另一件事。"),
    )
    at = cast.moment(TODAY, 12)
    materials.add_materials(theirs.case, (Upload("清单.pdf", papers.pdf()),), by=players.wang, at=at)
    redact.ask_release(Material.objects.get(), Audience.APPLICANT, by=players.wang, at=at)
    cast.closed(players, Case.objects.get(pk=theirs.case.pk), Outcome.UNAVAILABLE_1, on=TODAY, ground="other_body")
    citizen, zhao = come(), come(players.zhao)
    opens_case(citizen, mine.case, mine.query_code)
    own = f"/follow/{mine.case.pk}/"
    letter = theirs.case.letters.order_by("pk").last()
    document = Document.objects.filter(case=theirs.case).first()
    assert letter is not None
    assert document is not None
    for tail in (
        "",
        "supplement/",
        "withdraw/",
        "rate/",
        "next/",
        "counted/",
        "receipt.pdf",
        "letter.pdf",
        "dates.ics",
    ):
        seen = []
        for pk in (theirs.case.pk, theirs.case.pk + 1000):
            citizen.page.goto(f"/follow/{pk}/{tail}")
            citizen.heading("查询办理情况")
            seen.append(citizen.main.inner_text())
        assert seen[0] == seen[1], f"{tail} tells which case exists"
        citizen.misses("韩梅")
    for tail in (f"letters/{letter.pk}.pdf", f"files/{document.pk}/", f"files/{document.pk}/page-1.png"):
        answer = citizen.page.goto(own + tail)
        assert answer is not None
        assert answer.status == 404, tail
    citizen.goes(f"/follow/?number={theirs.case.number}")
    citizen.misses("韩梅")

    release, record = Release.objects.get(), Material.objects.get()
    place = f"/desk/cases/{theirs.case.pk}/"
    tails = ("", "propose/", "materials/", "notes/", "receipt/", "counted/", "letter.pdf", "assign/", "sign/")
    files = (f"materials/{record.pk}/", f"materials/{record.pk}/original/", f"released/{release.pk}/")
    for tail in (*tails, *files):
        for address in (place + tail, f"/desk/cases/{theirs.case.pk + 1000}/{tail}"):
            answer = zhao.page.goto(address)
            assert answer is not None
            assert answer.status == 404, address
            expect(zhao.main).not_to_contain_text("韩梅")
    zhao.ends("not-there")
    for query in (f"?q={theirs.case.number}", "?show=all", f"?clerk={players.wang.pk}", "?q=韩梅"):
        zhao.goes(f"/desk/{query}")
        expect(zhao.main.get_by_role("link", name=theirs.case.number)).to_have_count(0)
        expect(zhao.main.locator("tbody tr")).to_have_count(0)


# Overnight, and two tabs ----------------------------------------------------------------------------------------------


@in_ways(*OPPOSITES)
def test_a_form_left_open_overnight_is_sent_in_the_morning_and_nothing_is_lost(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    visitor = Visitor()
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    visitor.send(draft + "who/", PERSON)
    hand, follower = come(), come()
    hand.goes(f"{draft}what/")
    hand.field("您要的是什么信息？").fill(WHAT["content"])
    filed = cast.registered(players, on=TODAY, content="另一件。")
    clock.request_supplement(filed.case, unclear="是哪几个小区？", on=TODAY, by=players.wang, at=AS_OF)
    opens_case(follower, filed.case, filed.query_code)
    follower.follows("现在补正")
    follower.field("您的补正").fill("写了一晚上的补正。")
    now.shift(timedelta(hours=14))
    hand.presses("继续")
    hand.heading("信息怎样给您")
    assert Draft.objects.get().answers["content"] == WHAT["content"]

    follower.presses("提交补正")
    follower.heading("查询办理情况")
    assert "写了一晚上的补正。" not in follower.page.content(), "who sits there in the morning reads nothing"
    follower.ends("asked-again")
    follower.field("登记编号").fill(filed.case.number)
    follower.field("查询码").fill(filed.query_code)
    follower.presses("查看")
    if "/supplement/" not in follower.page.url:
        follower.follows("现在补正")
    expect(follower.field("您的补正")).to_have_value("写了一晚上的补正。")
    follower.ends("kept")
    follower.presses("提交补正")
    follower.told("补正已经收到。")
    assert Case.objects.get().supplements.get().answer == "写了一晚上的补正。"


@in_ways(*OTHERS)
def test_of_two_tabs_neither_sends_what_the_other_changed_and_one_application_is_made(
    come: Come, players: cast.Cast
) -> None:
    draft = Visitor().filled()
    hand = come()
    old = Hand(hand.page.context.new_page(), hand.way, hand.story)
    old.page.set_viewport_size({"width": hand.way.width, "height": 800})
    old.goes(f"{draft}check/")
    hand.goes(f"{draft}what/?change")
    hand.field("您要的是什么信息？").fill("在另一个标签页里改过的内容，2024年。")
    hand.presses("继续")
    old.presses("确认并提交申请")
    expect(old.page.get_by_role("alert")).to_be_visible()
    old.sees("在另一个标签页里改过的内容，2024年。")
    assert not Case.objects.exists()
    old.ends("changed")
    hand.goes(f"{draft}check/")
    hand.presses("确认并提交申请")
    hand.heading("申请已经提交")
    old.presses("确认并提交申请")
    old.heading("申请已经提交")
    case = Case.objects.get()
    old.sees(case.number)
    assert case.content == "在另一个标签页里改过的内容，2024年。"


@in_ways(*SCRIPTED)
def test_of_two_tabs_at_the_desk_the_second_says_what_was_done_and_gives_the_text_back(
    come: Come, players: cast.Cast
) -> None:
    case = cast.registered(players, on=TODAY).case
    wang = come(players.wang)
    old = Hand(wang.page.context.new_page(), wang.way, wang.story)
    for tab in (wang, old):
        tab.page.goto(f"/desk/cases/{case.pk}/{Verb.WITHDRAW}/")
    old_words = "第二个标签页里写的申请人的表示。"
    for tab, words in ((wang, "申请人当面表示不需要了。"), (old, old_words)):
        tab.main.locator("textarea").first.fill(words)
    for tab in (wang, old):
        for box in tab.main.get_by_role("checkbox").all():
            box.check()
        tab.sends(tab.main.locator("form button.button").first)
    expect(old.page.get_by_role("alert").first).to_be_visible()
    old.sees(old_words)
    old.ends("told")
    assert Case.objects.get().events.filter(kind="withdrawn").count() == 1
