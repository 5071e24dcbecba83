"""A clerk lays a record on the file, blacks out a name, has the file made; it is cleared, signed, sent, and read."""

from datetime import date

import pytest
from django.test import Client

from casework.actions import approve, decide, deliver, materials, redact
from casework.actions.files import Upload
from casework.actions.outgoing import releases_of
from casework.actions.redact import Spot
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Audience, Case, Conflict, DispatchMode, Document, Kind, Material, Release
from casework.redaction.pages import PAGE, Box, opened
from casework.sweeps import handle_records
from casework.templatetags.words import cited
from tests import papers
from tests.cast import Cast, cleared, first_ground, moment, registered, statements
from tests.papers import OPEN, SECRET

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)
PRIVACY = "refused_4.privacy"


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=DAY).case


def laid(players: Cast, case: Case, content: bytes | None = None, name: str = "清单.pdf") -> Material:
    """Wang lays a record on the file: two pages, on the first an open line and the secret, on the second open lines."""
    content = content or papers.pdf(f"{OPEN}\n{SECRET}", OPEN, OPEN)
    materials.add_materials(case, (Upload(name, content),), by=players.wang, at=moment(DAY))
    return Material.objects.get(document__name=name)


def marked(players: Cast, record: Material, *, ground: str = PRIVACY) -> None:
    spots, _around, _silent = redact.hits_of(record, SECRET)
    redact.mark(record, spots, ground=ground, by=players.wang, at=moment(DAY))


def made(players: Cast, record: Material, audience: Audience = Audience.APPLICANT) -> Release:
    release = redact.ask_release(record, audience, by=players.wang, at=moment(DAY))
    handle_records(at=moment(DAY))
    release.refresh_from_db()
    return release


def proposed(players: Cast, case: Case, outcome: Outcome = Outcome.PARTIAL) -> None:
    ground = first_ground(outcome)
    decide.propose(
        case,
        outcome=outcome,
        ground=ground,
        statements=statements(outcome, ground),
        released=tuple(releases_of(case)),
        by=players.wang,
        at=moment(DAY, 14),
    )


def text_of(release: Release) -> str:
    with release.file.open("rb") as stored, opened(stored.read()) as paper:
        return "".join(paper.text(page) for page in range(1, len(paper.sizes) + 1))


def test_from_the_record_to_the_map_that_the_applicant_sees(players: Cast, client: Client) -> None:
    registration = registered(players, on=DAY)
    case, code = registration.case, registration.query_code
    record = laid(players, case)
    marked(players, record)
    redact.mark(record, [Spot(3, PAGE, whole=True)], ground="refused_6.draft", by=players.wang, at=moment(DAY))

    release = made(players, record)
    assert (release.state, release.keeps_text, text_of(release)) == ("passed", False, "")
    assert release.name == "清单（部分内容不提供）.pdf"

    proposed(players, case)
    cleared(players, case, on=DAY)
    approve.sign(case, by=players.li, at=moment(DAY, 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=DAY, by=players.wang, at=moment(DAY, 16))

    client.post("/follow/", {"number": case.number, "code": code})
    page = client.get(f"/follow/{case.pk}/").content.decode()
    document = Document.objects.get(release=release)
    for words in (
        "清单（部分内容不提供）.pdf",
        "有 2 处不提供",
        "个人隐私",
        cited("条例 15"),
        "过程稿",
        "第 3 页（整页）",
    ):
        assert words in page
    assert SECRET not in page
    answer = client.get(f"/follow/{case.pk}/files/{document.pk}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert SECRET.encode() not in content
    picture = client.get(f"/follow/{case.pk}/files/{document.pk}/page-1.png")
    assert picture.headers["Content-Type"] == "image/png"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert client.get(f"/follow/{case.pk}/files/{document.pk}/page-4.png").status_code == 404
    kinds = [event.kind for event in case.events.all()]
    assert kinds.count(Kind.AREAS_MARKED) == 2
    assert Kind.FILE_PASSED in kinds


def test_whoever_clears_a_draft_sees_what_it_withholds(players: Cast, client: Client, case: Case) -> None:
    record = laid(players, case)
    spots, _around, _silent = redact.hits_of(record, SECRET)
    redact.mark(record, spots, ground=PRIVACY, remark="村民姓名", by=players.wang, at=moment(DAY))
    release = made(players, record)
    proposed(players, case)
    approve.review(case, by=players.sun, at=moment(DAY, 14))
    client.force_login(players.qian)
    page = client.get(f"/desk/cases/{case.pk}/clear_secrecy/").content.decode()
    for words in ("个人隐私", "村民姓名", f"/desk/cases/{case.pk}/released/{release.pk}/", "原件和涂去的地方"):
        assert words in page
    assert client.get(f"/desk/cases/{case.pk}/materials/{record.pk}/page-1.png").status_code == 200
    assert client.get(f"/desk/cases/{case.pk}/materials/{record.pk}/page-1.png").status_code == 200
    read = case.events.filter(kind=Kind.MATERIAL_READ)
    assert [event.by for event in read] == [players.qian]  # a page looked at twice on one day is one entry


def test_a_reply_that_withholds_something_is_a_partial_one(players: Cast, case: Case) -> None:
    record = laid(players, case)
    marked(players, record)
    made(players, record)
    with pytest.raises(Refused, match="应当是“部分公开”") as refused:
        proposed(players, case, Outcome.GRANTED)
    assert refused.value.law == "条例 37"


@pytest.mark.parametrize("ground", ["not_asked_for"])
def test_what_was_not_asked_for_may_be_left_out_of_a_whole_reply(players: Cast, case: Case, ground: str) -> None:
    record = laid(players, case)
    marked(players, record, ground=ground)
    made(players, record)
    proposed(players, case, Outcome.GRANTED)
    assert Case.objects.get().state == "in_review"


def test_the_public_gets_less_than_the_applicant_of_one_record(players: Cast, case: Case) -> None:
    record = laid(players, case)
    spots, _around, _silent = redact.hits_of(record, SECRET)
    redact.mark(record, spots, ground="applicant", public_only=True, by=players.wang, at=moment(DAY))
    own, public = made(players, record), made(players, record, Audience.PUBLIC)
    assert (own.state, public.state) == ("passed", "passed")
    assert own.sha256 != public.sha256
    assert SECRET in text_of(own)
    assert own.keeps_text
    assert SECRET not in text_of(public)
    assert (own.map, [each["number"] for each in public.map]) == ([], [1])
    assert list(releases_of(case)) == [own]  # what was made for the public goes with no reply


def test_a_file_made_before_the_last_change_goes_with_no_reply(players: Cast, case: Case) -> None:
    record = laid(players, case)
    first = made(players, record)
    marked(players, record)
    assert list(releases_of(case)) == []
    with pytest.raises(Refused, match="又有改动"):
        decide.propose(
            case,
            outcome=Outcome.GRANTED,
            ground=first_ground(Outcome.GRANTED),
            statements=statements(Outcome.GRANTED, first_ground(Outcome.GRANTED)),
            released=(first,),
            by=players.wang,
            at=moment(DAY),
        )
    redact.lift(record, 1, by=players.wang, at=moment(DAY))
    assert list(releases_of(case)) == [first]
    assert record.areas.get().lifted_by == players.wang


def test_bytes_that_changed_on_the_disk_do_not_leave(players: Cast, case: Case) -> None:
    record = laid(players, case)
    release = made(players, record)
    proposed(players, case, Outcome.GRANTED)
    cleared(players, case, on=DAY)
    approve.sign(case, by=players.li, at=moment(DAY, 15))
    with release.file.storage.open(str(release.file.name), "rb+") as stored:
        stored.write(b"%PDF-1.6")
    with pytest.raises(Refused, match="与检查通过时不同"):
        deliver.dispatch(case, mode=DispatchMode.ONLINE, on=DAY, by=players.wang, at=moment(DAY, 16))
    assert Case.objects.get().state == "signed"


def test_nothing_moves_while_a_draft_is_on_its_way(players: Cast, case: Case) -> None:
    record = laid(players, case)
    made(players, record)
    proposed(players, case, Outcome.GRANTED)
    for act in (
        lambda: marked(players, record),
        lambda: redact.ask_release(record, Audience.PUBLIC, by=players.wang, at=moment(DAY)),
    ):
        with pytest.raises((Refused, Conflict), match="现在的状态"):
            act()


def test_what_secrecy_review_finds_classified_takes_the_record_with_it(players: Cast, case: Case) -> None:
    content = papers.pdf(f"{OPEN}\n{SECRET}", OPEN, OPEN)
    record = laid(players, case, content)
    first = made(players, record)
    marked(players, record)
    second = made(players, record)
    files = [record.document.file, record.working, first.file, second.file]
    proposed(players, case)
    approve.review(case, by=players.sun, at=moment(DAY, 14))
    approve.find_classified(case, basis="保密法第十三条", decided_by="市委", by=players.qian, at=moment(DAY, 15))
    assert not Document.objects.exists()
    assert not Material.objects.exists()
    assert not any(file.storage.exists(str(file.name)) for file in files)
    with pytest.raises(Refused, match="不能再次放入"):
        laid(players, Case.objects.get(), content)


def test_an_area_of_a_bad_shape_or_without_a_ground_is_refused(players: Cast, case: Case) -> None:
    record = laid(players, case)
    good = Spot(1, Box(0, 0, 5000, 5000))
    for spots, ground, sentence in (
        ([good], "", "选择不提供的理由"),
        ([good], "refused_1", "选择不提供的理由"),
        ([], PRIVACY, "选择要涂去的地方"),
        ([Spot(4, Box(0, 0, 5000, 5000))], PRIVACY, "没有第4页"),
        ([Spot(1, Box(5000, 0, 5000, 5000))], PRIVACY, "左边应当小于右边"),
        ([Spot(1, Box(0, 0, 10001, 5000))], PRIVACY, "左边应当小于右边"),
        ([Spot(1, Box(0, 0, 20, 5000))], PRIVACY, "太小"),
    ):
        with pytest.raises(Refused, match=sentence):
            redact.mark(record, spots, ground=ground, by=players.wang, at=moment(DAY))
    assert not record.areas.exists()
