"""A record comes onto the file, a name is blacked out, the gate looks, the file leaves, the applicant sees the map."""

import io

import pypdfium2
import pytest
from playwright.sync_api import FilePayload, expect

from casework.actions import approve, decide, deliver
from casework.actions.outgoing import releases_of
from casework.law.outcomes import Outcome
from casework.law.withholding import WITHHOLDINGS
from casework.models import Area, Case, DispatchMode, Document, Kind, Material, Release, ReleaseState
from casework.redaction import making
from tests import cast, papers
from tests.browser.hands import OPPOSITES, PAIRWISE, SCRIPTED, Come, Hand, Way, in_ways, opens_case
from tests.conftest import AS_OF
from tests.papers import OPEN, SECRET

TODAY = AS_OF.date()
PRIVACY, DRAFT = "refused_4.privacy", "refused_6.draft"


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def paper(name: str, content: bytes, kind: str = "application/pdf") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def lays(hand: Hand, case: Case, *files: FilePayload) -> None:
    hand.goes(f"/desk/cases/{case.pk}/materials/")
    hand.field("选择文件").set_input_files(files)
    hand.presses("放入")


def words_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf)))


@in_ways(*PAIRWISE)
def test_from_the_scan_to_the_map_that_the_applicant_sees(come: Come, players: cast.Cast) -> None:
    filed = cast.registered(players, on=TODAY)
    wang, citizen = come(players.wang), come()
    lays(wang, filed.case, paper("清单.pdf", papers.pdf(f"{OPEN}\n{SECRET}", f"{OPEN}\n{SECRET}", OPEN)))
    wang.sends(wang.main.get_by_role("link", name="清单.pdf").first)
    sheet = wang.main.get_by_role("img", name=wang.said("原件第 %(n)s 页", n=1))
    assert sheet.evaluate("image => image.complete && image.naturalWidth > 300"), "the page can be looked at"
    wang.field("涂去所有出现的").fill(SECRET.lower())
    wang.presses("查找")
    expect(wang.main.get_by_role("checkbox", name=wang.said("第 %(n)s 页", n=1)).first).to_be_checked()
    wang.presses("涂去勾选的")
    wang.warned("请选择不提供的理由。")
    assert not Area.objects.exists()
    wang.main.locator("form:has(input[name=hit]) select").select_option(PRIVACY)
    wang.presses("涂去勾选的")
    assert list(Area.objects.values_list("page", "ground")) == [(1, PRIVACY), (2, PRIVACY)]
    wang.unfolds("整页不提供")
    wang.field("不提供的页").fill("3")
    wang.main.locator("form:has(input[name=pages]) select").select_option(DRAFT)
    wang.presses("这些页不提供")
    wang.sees(WITHHOLDINGS[DRAFT].words)
    wang.ends("marked")
    wang.follows("检查涂去的文字有没有漏在别处")
    wang.sees("没有漏在别处的。")
    wang.presses("生成给申请人的文件")
    release = Release.objects.get()
    assert release.state == ReleaseState.PASSED
    wang.sees(str(ReleaseState.PASSED.label))
    made = wang.file(wang.main.get_by_role("link", name=release.name))
    assert SECRET.encode() not in made
    assert words_of(made) == ""
    wang.presses("取消第 %(n)s 处", n=3)
    wang.sees("还没有按现在的标记生成")  # what was made for other areas is no longer offered
    wang.presses("生成给申请人的文件")
    wang.ends("made")

    case = Case.objects.get()
    decide.propose(
        case,
        outcome=Outcome.PARTIAL,
        ground=cast.first_ground(Outcome.PARTIAL),
        statements=cast.statements(Outcome.PARTIAL, cast.first_ground(Outcome.PARTIAL)),
        released=tuple(releases_of(case)),
        by=players.wang,
        at=cast.moment(TODAY, 14),
    )
    cast.cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=cast.moment(TODAY, 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=cast.moment(TODAY, 16))

    opens_case(citizen, filed.case, filed.query_code)
    given = citizen.main.get_by_role("region", name="清单")
    expect(given.get_by_role("listitem").filter(has_text=citizen.said(WITHHOLDINGS[PRIVACY].words))).to_have_count(2)
    expect(given).not_to_contain_text(citizen.said(WITHHOLDINGS[DRAFT].words))  # taken back before it was made
    expect(given.get_by_role("img", name=citizen.said("第 %(n)s 页，标出不提供的地方", n=1))).to_be_visible()
    document = Document.objects.get(release__isnull=False)
    picture = citizen.page.request.get(f"/follow/{case.pk}/files/{document.pk}/page-1.png")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    got = citizen.file(given.get_by_role("link", name=document.name))
    assert SECRET.encode() not in got
    assert SECRET not in words_of(got)
    citizen.ends("map")
    for name in ("original/", "page-1.png"):
        answer = citizen.page.request.get(f"/desk/cases/{case.pk}/materials/{Material.objects.get().pk}/{name}")
        assert "/desk/login/" in answer.url, "the record itself stays in the office"


@in_ways(*SCRIPTED)
def test_a_rectangle_is_drawn_by_the_mouse_and_moved_by_the_arrows(come: Come, players: cast.Cast, way: Way) -> None:
    case = cast.registered(players, on=TODAY).case
    wang = come(players.wang)
    lays(wang, case, paper("清单.pdf", papers.pdf(OPEN)))
    wang.sends(wang.main.get_by_role("link", name="清单.pdf").first)
    sheet = wang.page.locator(".sheet")
    sheet.scroll_into_view_if_needed()
    edge = sheet.bounding_box()
    assert edge is not None
    mouse = wang.page.mouse
    mouse.move(edge["x"] + edge["width"] * 0.1, edge["y"] + edge["height"] * 0.1)
    mouse.down()
    mouse.move(edge["x"] + edge["width"] * 0.5, edge["y"] + edge["height"] * 0.3, steps=3)
    mouse.up()
    expect(sheet).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        wang.page.keyboard.press(key)
    wang.ends("drawn")
    wang.main.locator("[data-area] select").select_option(PRIVACY)
    wang.sends(wang.main.locator("[data-area]").get_by_role("button", name=wang.said("涂去"), exact=True))
    area = Area.objects.get()
    found = (area.left, area.top, area.right, area.bottom)
    for side, wanted in zip(found, (1200, 1000, 5200, 3100), strict=True):
        assert abs(side - wanted) <= 10_000 / min(edge["width"], edge["height"]) * 1.5, found
    expect(wang.main.get_by_text(wang.said("取消第 %(n)s 处", n=1))).to_be_visible()
    assert area.added_by == players.wang


@in_ways(*OPPOSITES)
def test_a_file_in_which_something_can_still_be_read_is_stopped_at_the_gate(
    come: Come, players: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cast.registered(players, on=TODAY).case
    wang = come(players.wang)
    lays(wang, case, paper("清单.pdf", papers.pdf(f"{OPEN}\n{SECRET}")))
    wang.sends(wang.main.get_by_role("link", name="清单.pdf").first)
    wang.field("涂去所有出现的").fill(SECRET)
    wang.presses("查找")
    wang.main.locator("form:has(input[name=hit]) select").select_option(PRIVACY)
    wang.presses("涂去勾选的")
    blacked = making.blacked
    monkeypatch.setattr(making, "blacked", lambda working, _areas, slips, **more: blacked(working, {}, slips, **more))
    wang.presses("生成给申请人的文件")
    release = Release.objects.get()
    assert release.state == ReleaseState.REFUSED
    wang.sees(str(ReleaseState.REFUSED.label))
    for fault in release.faults:
        wang.sees(fault)
    expect(wang.main.locator(f"a[href$='/released/{release.pk}/']")).to_have_count(0)
    wang.goes(f"/desk/cases/{case.pk}/released/{release.pk}/", status=404)
    wang.goes(f"/desk/cases/{case.pk}/propose/?outcome=partial")
    expect(wang.main.locator("input[name=released]")).to_have_count(0)
    assert case.events.filter(kind=Kind.FILE_STOPPED).count() == 1
