"""The pages of records: laid on the file, searched, marked, made and downloaded, each by who may."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from casework.access import MATERIAL_ACTS, MaterialAct, may_material
from casework.actions import redact
from casework.actions.files import Upload, attach
from casework.actions.redact import Spot
from casework.desk.forms.material import pages_of
from casework.models import Area, Audience, Case, Document, DocumentKind, Kind, Material, Release, Scan, Staff
from casework.models.material import share_of
from casework.redaction import making, virus
from casework.redaction.pages import Box
from casework.sweeps import handle_records
from tests import papers
from tests.cast import Cast
from tests.conftest import AS_OF
from tests.papers import OPEN, SECRET

pytestmark = pytest.mark.django_db
TODAY = AS_OF.date()
PRIVACY = "refused_4.privacy"


def lay(client: Client, case: Case, **files: bytes) -> Any:
    uploads = [SimpleUploadedFile(name.replace("_", "."), content) for name, content in files.items()]
    return client.post(f"/desk/cases/{case.pk}/materials/", {"uploads": uploads})


@pytest.fixture
def record(wang: Client, case: Case) -> Material:
    assert lay(wang, case, 清单_pdf=papers.pdf(f"{OPEN}\n{SECRET}", OPEN)).status_code == 302
    return Material.objects.get()


def place(record: Material, more: str = "") -> str:
    return f"/desk/cases/{record.document.case_id}/materials/{record.pk}/{more}"


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_text_is_searched_ticked_and_blacked_without_any_script(wang: Client, record: Material) -> None:
    page = text(wang, place(record, f"?find={SECRET.lower()}"))
    assert "找到 1 处" in page
    value = page.split('name="hit"')[1].split('value="')[1].split('"')[0]
    answer = wang.post(place(record), {"do": "hits", "page": 1, "find": SECRET, "hit": value, "ground": PRIVACY})
    assert answer.status_code == 302
    area = Area.objects.get()
    assert (area.page, area.number, area.ground) == (1, 1, PRIVACY)
    page = text(wang, place(record))
    assert "取消第 1 处" in page
    assert "个人隐私" in page
    wang.post(place(record), {"do": "release:applicant", "page": 1})
    release = Release.objects.get()
    assert release.passed
    answer = wang.get(f"/desk/cases/{release.material.document.case_id}/released/{release.pk}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert SECRET.encode() not in content
    assert "检查通过" in text(wang, place(record))
    wang.post(place(record), {"do": "lift:1", "page": 1})
    assert "还没有按现在的标记生成" in text(wang, place(record))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"left": "10", "top": "10", "right": "20", "bottom": "20"}, "请选择不提供的理由"),
        ({"left": "30", "top": "10", "right": "20", "bottom": "20", "ground": PRIVACY}, "左边应当小于右边"),
        ({"left": "", "top": "x", "right": "NaN", "bottom": "1e9", "ground": PRIVACY}, "请填写0到100之间的数"),
        ({"left": "10", "top": "10", "right": "20", "bottom": "20", "ground": "refused_1"}, "请选择不提供的理由"),
    ],
)
def test_wrong_numbers_are_answered_with_a_sentence(
    wang: Client, record: Material, given: dict[str, str], sentence: str
) -> None:
    answer = wang.post(place(record), {"do": "area", "page": 1, **given})
    assert sentence in answer.content.decode()
    assert not Area.objects.exists()


def test_a_rectangle_and_whole_pages_are_marked_by_numbers(wang: Client, record: Material) -> None:
    box = {"left": "10", "top": "10.55", "right": "20", "bottom": "20"}
    assert wang.post(place(record), {"do": "area", "page": 2, **box, "ground": PRIVACY}).status_code == 302
    assert wang.post(place(record), {"do": "pages", "pages": "1", "ground": "refused_6.draft"}).status_code == 302
    first, second = Area.objects.all()
    assert (first.page, first.left, first.top, first.right, first.bottom) == (2, 1000, 1055, 2000, 2000)
    assert (second.page, second.whole) == (1, True)
    assert "没有第9页" in wang.post(place(record), {"do": "pages", "pages": "9", "ground": PRIVACY}).content.decode()
    assert "请填写页码" in wang.post(place(record), {"do": "pages", "pages": "a", "ground": PRIVACY}).content.decode()


@pytest.mark.parametrize(
    ("typed", "pages"), [("3、5-7", [3, 5, 6, 7]), ("1 2,2", [1, 2]), ("5至6", [5, 6]), ("2", [2])]
)
def test_page_numbers_are_read_as_people_write_them(typed: str, pages: list[int]) -> None:
    assert pages_of(typed) == pages


@pytest.mark.parametrize("typed", ["", "0", "7-5", "a", "1-99999999", "-3"])
def test_what_is_no_page_number_is_none(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever int() says
        pages_of(typed)


def test_files_are_turned_away_by_name_and_the_others_with_them(wang: Client, case: Case) -> None:
    answer = lay(wang, case, a_pdf=papers.pdf(), b_pdf=papers.picture())
    assert "文件“b.pdf”的名称说它是PDF，内容是PNG 图片" in answer.content.decode()
    assert "不是可以处理的种类" in lay(wang, case, a_zip=papers.zipped(a=b"a")).content.decode()
    assert "请选择文件" in wang.post(f"/desk/cases/{case.pk}/materials/").content.decode()
    assert not Document.objects.exists()


def test_limits_of_size_number_and_total_are_kept(wang: Client, case: Case, settings: Settings) -> None:
    settings.MATERIAL_LARGEST_MB = 0
    assert "超过0 MB" in lay(wang, case, a_pdf=papers.pdf()).content.decode()
    settings.MATERIAL_LARGEST_MB, settings.MATERIAL_MOST = 1, 1
    assert "最多放1份" in lay(wang, case, a_pdf=papers.pdf(), b_pdf=papers.pdf(OPEN)).content.decode()
    settings.MATERIAL_MOST, settings.MATERIAL_TOTAL_MB = 9, 0
    assert "合计不能超过0 MB" in lay(wang, case, a_pdf=papers.pdf()).content.decode()
    settings.MATERIAL_TOTAL_MB, settings.MATERIAL_PAGES = 9, 1
    lay(wang, case, a_pdf=papers.pdf(OPEN, OPEN))
    assert "能处理的最多1页" in text(wang, f"/desk/cases/{case.pk}/materials/")


def test_kinds_that_can_not_be_shown_are_kept_and_say_so(wang: Client, case: Case) -> None:
    lay(wang, case, 公文_ofd=papers.zipped(**{"OFD.xml": b"<o/>"}), 坏的_pdf=b"%PDF-1.7 nothing")
    page = text(wang, f"/desk/cases/{case.pk}/materials/")
    assert "OFD 文件可以保存，不能在这里预览和涂去" in page
    assert "PDF 已经损坏" in page
    ofd = Material.objects.get(document__name="公文.ofd")
    assert wang.get(place(ofd)).status_code == 200
    assert wang.get(place(ofd, "page-1.png")).status_code == 404
    assert b"OFD.xml" in b"".join(wang.get(place(ofd, "original/")).streaming_content)  # type: ignore[attr-defined]


def test_a_workbook_is_shown_simply_and_says_what_it_hides(wang: Client, case: Case) -> None:
    lay(wang, case, 台账_xlsx=papers.workbook())
    page = text(wang, place(Material.objects.get()))
    for words in ("这是简化的视图", "隐藏的工作表", "批注", "隐藏的行"):
        assert words in page
    assert SECRET not in page


def test_what_was_blacked_once_and_stands_elsewhere_is_told(wang: Client, case: Case, players: Cast) -> None:
    lay(wang, case, a_pdf=papers.pdf(f"{OPEN}\n{SECRET}", f"{OPEN}\n{SECRET}"))
    record = Material.objects.get()
    spots, _around, _silent = redact.hits_of(record, SECRET)
    redact.mark(record, spots[:1], ground=PRIVACY, by=players.wang, at=AS_OF)
    page = text(wang, place(record, "?left_over"))
    assert "这些文字在别处没有涂去" in page
    assert "第 2 页" in page
    redact.mark(record, spots[1:], ground=PRIVACY, by=players.wang, at=AS_OF)
    assert "没有漏在别处的" in text(wang, place(record, "?left_over"))


# Who may -------------------------------------------------------------------------------------------------------------


def test_every_act_has_its_row_and_the_originals_are_not_for_auditors(players: Cast, case: Case) -> None:
    assert list(MATERIAL_ACTS) == list(MaterialAct)
    may = {
        act: {
            name
            for name in ("wang", "sun", "qian", "li", "zhou", "zhao")
            if may_material(getattr(players, name), act, case)
        }
        for act in MaterialAct
    }
    readers = {"wang", "sun", "qian", "li"}
    assert may[MaterialAct.SEE] == readers | {"zhou"}
    assert may[MaterialAct.READ_ORIGINAL] == readers
    for act in (MaterialAct.ADD_MATERIALS, MaterialAct.MARK, MaterialAct.LIFT, MaterialAct.ASK_RELEASE):
        assert may[act] == {"wang"}


def test_an_auditor_reads_the_areas_and_no_original(
    players: Cast, at_desk: Callable[[Staff], Client], record: Material
) -> None:
    zhou = at_desk(players.zhou)
    assert "不能看原件" in text(zhou, place(record))
    for more in ("page-1.png", "original/"):
        assert zhou.get(place(record, more)).status_code == 403
    assert "需要的角色" in zhou.post(place(record), {"do": "lift:1"}).content.decode()
    assert zhou.get(f"/desk/cases/{record.document.case_id}/documents/{record.document_id}/").status_code == 404


def test_reading_an_original_is_on_record_once_a_day_and_each_download_too(wang: Client, record: Material) -> None:
    case = record.document.case
    for _twice in range(2):
        answer = wang.get(place(record, "page-1.png"))
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert case.events.filter(kind=Kind.MATERIAL_READ).count() == 1
    answer = wang.get(place(record, "original/"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert case.events.filter(kind=Kind.MATERIAL_READ).count() == 2


def test_a_list_of_many_records_takes_no_more_queries(
    wang: Client, case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lay(wang, case, **{f"{n}_pdf": papers.pdf(f"{OPEN} {n}") for n in range(6)})
    with django_assert_max_num_queries(22):
        page = text(wang, f"/desk/cases/{case.pk}/materials/")
    assert page.count("/materials/") >= 6


# The scanner ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def nobody_answers(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        settings.CLAMD, settings.CLAMD_TIMEOUT = f"127.0.0.1:{gone.getsockname()[1]}", 1


def says(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr(virus, "scan", lambda _content: virus.Verdict(found))


def test_without_an_answer_of_the_scanner_nothing_is_shown(
    nobody_answers: None, wang: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(wang, case, a_pdf=papers.pdf())
    record = Material.objects.get()
    assert (record.document.scan, record.working.name) == (Scan.WAITING, "")
    page = text(wang, place(record))
    assert "病毒查杀服务没有回应" in page
    assert wang.get(place(record, "original/")).status_code == 403
    wang.post(place(record), {"do": "scan"})
    handle_records(at=AS_OF)
    assert Document.objects.get().scan == Scan.WAITING
    says(monkeypatch, "")
    wang.post(place(record), {"do": "scan"})
    record.refresh_from_db()
    assert Document.objects.get().scan == Scan.CLEAN
    assert record.is_ready


def test_a_virus_found_later_locks_the_file_away(
    nobody_answers: None, wang: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(wang, case, a_pdf=papers.pdf())
    says(monkeypatch, "Win.Test.EICAR_HDB-1")
    handle_records(at=AS_OF)
    handle_records(at=AS_OF)
    record = Material.objects.get()
    assert "Win.Test.EICAR_HDB-1" in text(wang, place(record))
    assert wang.get(place(record, "original/")).status_code == 403
    assert case.events.filter(kind=Kind.VIRUS_FOUND).count() == 1


def test_a_virus_found_at_once_is_not_stored(
    nobody_answers: None, wang: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch, "Win.Test.EICAR_HDB-1")
    answer = lay(wang, case, a_pdf=papers.pdf())
    assert "在文件“a.pdf”里发现病毒（Win.Test.EICAR_HDB-1），没有保存" in answer.content.decode()
    assert not Document.objects.exists()


def test_what_citizens_sent_is_opened_by_nobody_before_the_scanner_spoke(
    nobody_answers: None, wang: Client, case: Case
) -> None:
    file = attach(case, Upload("a.txt", b"a"), DocumentKind.APPLICATION, by=None, at=AS_OF)
    answer = wang.get(f"/desk/cases/{case.pk}/documents/{file.pk}/")
    assert answer.status_code == 409
    assert "还没有完成病毒查杀" in answer.content.decode()


# Made by whom, and once ----------------------------------------------------------------------------------------------


def test_a_maker_that_died_is_followed_by_another_and_two_at_once_make_one(
    players: Cast, record: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = redact.ask_release(record, Audience.APPLICANT, by=players.wang, at=AS_OF)
    assert redact.ask_release(record, Audience.APPLICANT, by=players.wang, at=AS_OF) == release
    Release.objects.update(state="making", begun_at=AS_OF)
    assert handle_records(at=AS_OF + timedelta(minutes=1)) == 0
    assert handle_records(at=AS_OF + timedelta(minutes=31)) == 1
    assert not redact.make_file(release.pk, at=AS_OF + timedelta(hours=2))
    assert Release.objects.get().passed
    assert release.material.document.case.events.filter(kind=Kind.FILE_PASSED).count() == 1


def test_what_can_not_be_made_is_tried_thrice_and_then_said(
    players: Cast, record: Material, wang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(making, "cleaned", broken)
    monkeypatch.setattr(making, "blacked", broken)
    redact.ask_release(record, Audience.APPLICANT, by=players.wang, at=AS_OF)
    for _attempt in range(5):
        handle_records(at=AS_OF)
    assert (Release.objects.get().state, Release.objects.get().attempts) == ("failed", 3)
    assert "生成失败" in text(wang, place(record))
    monkeypatch.undo()
    wang.post(place(record), {"do": "release:applicant", "page": 1})
    assert Release.objects.get().passed


def test_a_file_that_is_stopped_says_page_and_area_and_goes_nowhere(
    players: Cast, record: Material, wang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    redact.mark(record, [Spot(1, Box(1000, 1000, 9000, 3000))], ground=PRIVACY, by=players.wang, at=AS_OF)
    blacked = making.blacked
    monkeypatch.setattr(making, "blacked", lambda working, _areas, slips, **more: blacked(working, {}, slips, **more))
    wang.post(place(record), {"do": "release:applicant", "page": 1})
    release = Release.objects.get()
    assert (release.state, release.file.name) == ("refused", "")
    assert "第1页第1处没有完全涂黑" in text(wang, place(record))
    assert wang.get(f"/desk/cases/{record.document.case_id}/released/{release.pk}/").status_code == 404
    assert record.document.case.events.filter(kind=Kind.FILE_STOPPED).count() == 1


def test_a_long_record_says_how_far_it_is(players: Cast, wang: Client, case: Case) -> None:
    lay(wang, case, 长_pdf=papers.pdf(*[OPEN] * 6))
    record = Material.objects.get()
    wang.post(place(record), {"do": "release:applicant", "page": 1})
    assert "6 页中已经完成 0 页" in text(wang, place(record))
    handle_records(at=timezone.now())
    assert "检查通过" in text(wang, place(record))


# What leaves with a reply --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", papers.covered(), "看不见的文字"),
        ("a.xlsx", papers.workbook(), "请放入案卷材料"),
        ("a.pdf", b"%PDF-1.7", "打不开"),
        ("a.pdf", papers.picture(), "内容是PNG"),
    ],
)
def test_an_attachment_that_hides_something_is_refused(
    wang: Client, case: Case, name: str, content: bytes, sentence: str
) -> None:
    given = {"outcome": "granted", "ground": "provided", "route": "附件。", "version": case.version}
    answer = wang.post(f"/desk/cases/{case.pk}/propose/", {**given, "uploads": SimpleUploadedFile(name, content)})
    assert sentence in answer.content.decode()
    assert Case.objects.get().state == "received"


def test_an_attachment_loses_what_stands_on_no_page(wang: Client, case: Case) -> None:
    given = {"outcome": "granted", "ground": "provided", "route": "附件。", "version": case.version}
    files = [
        SimpleUploadedFile("a.pdf", papers.loaded()),
        SimpleUploadedFile("b.jpg", papers.picture("JPEG", secret=SECRET)),
    ]
    assert wang.post(f"/desk/cases/{case.pk}/propose/", {**given, "uploads": files}).status_code == 302
    for document in Document.objects.filter(kind="reply"):
        with document.file.open("rb") as stored:
            assert SECRET.encode() not in stored.read()


def test_files_that_passed_are_offered_where_the_reply_is_drafted(wang: Client, record: Material) -> None:
    case = record.document.case
    assert 'name="released"' not in text(wang, f"/desk/cases/{case.pk}/propose/?outcome=granted")
    wang.post(place(record), {"do": "release:applicant", "page": 1})
    assert "清单.pdf" in text(wang, f"/desk/cases/{case.pk}/propose/?outcome=granted")
    given = {"outcome": "granted", "ground": "provided", "route": "附件。", "version": case.version}
    wang.post(f"/desk/cases/{case.pk}/propose/", {**given, "released": [Release.objects.get().pk]})
    assert Document.objects.get(kind="reply").release == Release.objects.get()


def test_overlapping_areas_count_once() -> None:
    areas = [
        Area(page=1, left=0, top=0, right=5000, bottom=10000),
        Area(page=1, left=2500, top=0, right=7500, bottom=5000),
    ]
    assert share_of(areas, 1) == 625
    assert share_of(areas, 5) == 125
    assert share_of([], 0) == 0
