"""A reply is shown to everybody after a delay: three people, no applicant, files through the gate; and withdrawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from time_machine import TimeMachineFixture

from casework import wordsearch
from casework.access import MaterialAct, may_material
from casework.actions import approve, decide, deliver, materials, publish, redact
from casework.actions.files import Upload
from casework.actions.outgoing import releases_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.topics import Topic
from casework.models import (
    Audience,
    Case,
    DispatchMode,
    Event,
    Kind,
    Material,
    PublishedReply,
    PublishedVersion,
    Release,
    Searchable,
)
from casework.sweeps import handle_records
from casework.wordsearch.public import all_public, public_like
from notifications.models import Message
from tests import papers
from tests.cast import Cast, cleared, closed, first_ground, moment, registered, statements
from tests.disputing import disputed
from tests.papers import OPEN, SECRET

pytestmark = pytest.mark.django_db
SENT = date(2026, 6, 1)
#: 60 days after it left.
FIRST = date(2026, 7, 31)
TITLE = "东山区2025年老旧小区改造项目清单"
SUMMARY = "申请公开2025年老旧小区改造的项目清单和资金安排，已经提供。"
WORDS: dict[str, Any] = {"title": TITLE, "summary": SUMMARY, "topic": Topic.CITY}


def told(players: Cast, **changes: Any) -> Case:
    """A case of which the reply left on 1 June, without files."""
    case = registered(players, on=date(2026, 5, 18), email="zhang@example.org", **changes).case
    closed(players, case, Outcome.GRANTED, on=SENT)
    return case


@dataclass
class WithFile:
    case: Case
    record: Material


def with_file(players: Cast, content: bytes | None = None, name: str = "清单.pdf") -> WithFile:
    """The same, with a record that the applicant got whole."""
    case = registered(players, on=date(2026, 5, 18)).case
    materials.add_materials(
        case, (Upload(name, content or papers.pdf(f"{OPEN}\n{SECRET}")),), by=players.wang, at=moment(SENT)
    )
    record = Material.objects.get(document__case=case)
    made(players, record, Audience.APPLICANT, on=SENT)
    decide.propose(
        case,
        outcome=Outcome.GRANTED,
        ground="provided",
        statements=statements(Outcome.GRANTED, "provided"),
        released=tuple(releases_of(case)),
        by=players.wang,
        at=moment(SENT, 14),
    )
    cleared(players, case, on=SENT)
    approve.sign(case, by=players.li, at=moment(SENT, 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=SENT, by=players.wang, at=moment(SENT, 16))
    return WithFile(case, Material.objects.get(pk=record.pk))


def made(players: Cast, record: Material, audience: Audience, *, on: date) -> Release:
    release = redact.ask_release(record, audience, by=players.wang, at=moment(on))
    handle_records(at=moment(on))
    release.refresh_from_db()
    return release


def waiting(case: Case) -> PublishedVersion:
    return PublishedVersion.objects.get(reply__case=case, decided_at=None, returned_at=None)


def proposed(players: Cast, case: Case, on: date = SENT, /, **changes: Any) -> PublishedVersion:
    publish.propose_publication(case, **(WORDS | changes), by=players.wang, at=moment(on, 17))
    return waiting(case)


def decided(players: Cast, case: Case, *, on: date = SENT, day: date | None = FIRST, **changes: Any) -> PublishedReply:
    version = proposed(players, case, on, **changes)
    publish.clear_publication(version, by=players.qian, at=moment(on, 17))
    publish.decide_publication(version, public_from=day, by=players.li, at=moment(on, 18))
    return PublishedReply.objects.get(pk=version.reply_id)


# The way -------------------------------------------------------------------------------------------------------------


def test_it_is_public_from_its_day_on_without_anything_running(
    players: Cast, client: Client, time_machine: TimeMachineFixture
) -> None:
    case = told(players)
    reply = decided(players, case)
    address = f"/replies/{reply.pk}/"
    for day, status in ((FIRST - timedelta(days=1), 404), (FIRST, 200), (FIRST + timedelta(days=400), 200)):
        time_machine.move_to(moment(day))
        assert client.get(address).status_code == status
        listed = client.get("/replies/").content.decode()
        assert (TITLE in listed) == (status == 200)
        assert (TITLE in client.get("/replies/feed.atom").content.decode()) == (status == 200)
        assert ([like.found.of for like in public_like(TITLE, players.dongshan, on=day)] == [reply.pk]) == (
            status == 200
        )
    page = client.get(address).content.decode()
    for words in (TITLE, SUMMARY, players.dongshan.name, "城乡建设", "2026年7月31日"):
        assert words in page
    for personal in ("张三", "13800000000", "11010519491231002X", "zhang@example.org", case.number):
        assert personal not in page


def test_the_applicant_hears_of_it_before_and_can_speak_up(players: Cast) -> None:
    case = told(players)
    decided(players, case)
    mail = Message.objects.get(notice="reply_to_be_public")
    assert mail.address == "zhang@example.org"
    event = case.events.get(kind=Kind.PUBLICATION_DECIDED)
    text = event.for_applicant()
    assert text is not None
    assert "自2026年7月31日起向社会公开，不含您的姓名" in text.zh


def test_each_step_is_told_to_whoever_takes_the_next(players: Cast) -> None:
    case = told(players)
    version = proposed(players, case)
    assert {m.recipient for m in Message.objects.filter(notice="publication_to_clear")} == {players.qian}
    publish.clear_publication(version, by=players.qian, at=moment(SENT, 17))
    found = Message.objects.filter(notice="publication_to_decide")
    assert {m.recipient for m in found} == {players.li}
    assert found[0].context["number"] == case.number


def test_a_file_is_public_with_its_reply_and_gone_with_it(
    players: Cast, client: Client, time_machine: TimeMachineFixture
) -> None:
    has = with_file(players)
    public = made(players, has.record, Audience.PUBLIC, on=SENT)
    reply = decided(players, has.case, releases=[public])
    version = reply.current
    assert version is not None
    where = f"/replies/{reply.pk}/files/{version.files.get().pk}/"
    time_machine.move_to(moment(FIRST - timedelta(days=1), 23))
    assert client.get(where).status_code == 404
    time_machine.move_to(moment(FIRST))
    answer = client.get(where)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "清单.pdf" in client.get(f"/replies/{reply.pk}/").content.decode()
    publish.revoke_publication(reply, reason="第三方提出异议。", by=players.li, at=moment(FIRST, 11))
    gone = client.get(where)
    assert (gone.status_code, client.get(f"/replies/{reply.pk}/").status_code) == (410, 410)
    for page in (gone.content.decode(), client.get(f"/replies/{reply.pk}/").content.decode()):
        assert "已于2026年7月31日撤下" in page
        assert not [words for words in (TITLE, "异议", "清单.pdf", SUMMARY) if words in page]
    assert TITLE not in client.get("/replies/feed.atom").content.decode()
    assert TITLE not in client.get("/replies/").content.decode()
    assert not Searchable.objects.filter(source="reply").exists()


def test_what_was_withdrawn_before_its_day_never_was(
    players: Cast, client: Client, time_machine: TimeMachineFixture
) -> None:
    reply = decided(players, told(players))
    publish.revoke_publication(
        reply, reason="申请人提出不同意见。", by=players.qian, at=moment(FIRST) - timedelta(days=3)
    )
    time_machine.move_to(moment(FIRST))
    assert client.get(f"/replies/{reply.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "小区"}, True),
        ({"q": "小区 改造", "year": "2026", "topic": "city"}, True),
        ({"q": "公交"}, False),
        ({"year": "2025"}, False),
        ({"topic": "health"}, False),
        ({"agency": "no-such-agency"}, False),
        ({"year": "0000"}, True),  # no year: as if nothing had been chosen
        ({"topic": "none", "q": "\0"}, True),
    ],
)
def test_it_is_found_by_words_year_subject_and_agency(
    players: Cast, client: Client, time_machine: TimeMachineFixture, asked: dict[str, str], found: bool
) -> None:
    decided(players, told(players))
    time_machine.move_to(moment(FIRST))
    answer = client.get("/replies/", asked)
    assert answer.status_code == 200
    assert (TITLE in answer.content.decode()) == found


def test_withdrawn_it_may_be_published_anew_under_another_address(players: Cast) -> None:
    case = told(players)
    first = decided(players, case)
    publish.revoke_publication(first, reason="标题有误。", by=players.li, at=moment(SENT, 19))
    second = decided(players, case, on=date(2026, 6, 2))
    assert first.pk != second.pk
    assert PublishedReply.objects.decided().get() == second
    call_command("rebuild_wordsearch", check=True)


def test_a_correction_takes_the_same_way_and_the_old_words_stay_until_then(
    players: Cast, client: Client, time_machine: TimeMachineFixture
) -> None:
    case = told(players)
    reply = decided(players, case)
    on = FIRST + timedelta(days=5)
    time_machine.move_to(moment(on, 20))
    with pytest.raises(Refused, match="请写明理由"):
        publish.propose_publication(case, **WORDS, by=players.wang, at=moment(on))
    decided(players, case, on=on, day=None, title="2025年老旧小区改造清单（更正）", reason="年份有误")
    page = client.get(f"/replies/{reply.pk}/").content.decode()
    assert "2025年老旧小区改造清单（更正）" in page
    assert "已于2026年8月5日更正：年份有误" in page
    assert TITLE not in page
    assert [row.of for row in wordsearch.containing("更正")] == [reply.pk]
    assert PublishedReply.objects.get().public_from == FIRST
    assert list(wordsearch.differences(all_public())) == []


def test_sent_back_it_can_be_proposed_again(players: Cast) -> None:
    case = told(players)
    version = proposed(players, case)
    publish.send_publication_back(version, remark="摘要太长。", by=players.qian, at=moment(SENT, 17))
    again = proposed(players, case, summary="清单已经提供。")
    assert (again.reply_id, again.number, again.reason) == (version.reply_id, 2, "")
    with pytest.raises(Refused, match="刚刚被别人办理过"):
        publish.clear_publication(version, by=players.qian, at=moment(SENT, 18))


# What is refused -----------------------------------------------------------------------------------------------------


def test_three_people_publish(players: Cast) -> None:
    case = told(players)
    version = proposed(players, case)
    at = moment(SENT, 17)
    for wrong in (players.wang, players.li, players.sun, players.zhou, players.zhao):
        with pytest.raises(Refused, match="需要的角色"):
            publish.clear_publication(version, by=wrong, at=at)
    with pytest.raises(Refused, match="先由保密审查人审查"):
        publish.decide_publication(version, public_from=FIRST, by=players.li, at=at)
    publish.clear_publication(version, by=players.qian, at=at)
    with pytest.raises(Refused, match="需要的角色"):
        publish.decide_publication(version, public_from=FIRST, by=players.qian, at=at)
    players.qian.appointments.create(agency=players.dongshan, role="head")
    fresh = type(players.qian).objects.get(pk=players.qian.pk)
    with pytest.raises(Refused, match="三个人分别办理"):
        publish.decide_publication(version, public_from=FIRST, by=fresh, at=at)
    assert not PublishedReply.objects.decided().exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "关于张三申请的答复"),
        ("title", "张　三的申请"),
        ("summary", "联系电话１３８－００００－００００"),
        ("summary", "证件110105 1949 1231 002x"),
        ("summary", "经办人电话13912345678"),
        ("summary", "请寄和平路12号3单元"),
        ("summary", "答复已发到 ZHANG@example.org"),
    ],
)
def test_nobody_who_applied_is_told_from_the_words(players: Cast, field: str, text: str) -> None:
    case = told(players, address="东山市东山区和平路12号3单元501室")
    with pytest.raises(Refused, match="不能公开的内容") as refused:
        proposed(players, case, SENT, **{field: text})
    assert refused.value.field == field
    assert refused.value.law == "个人信息保护法 25"
    assert "张三" not in refused.value.sentence.zh  # a refusal repeats nothing
    assert not PublishedReply.objects.exists()


def test_what_the_file_says_of_the_applicant_is_found_on_its_page(players: Cast) -> None:
    has = with_file(players, papers.pdf("ROADWORKS\nTel 13800000000"))
    public = made(players, has.record, Audience.PUBLIC, on=SENT)
    with pytest.raises(Refused, match="第1页有不能公开的内容：申请人的电话"):
        proposed(players, has.case, releases=[public])
    spots, _around, _silent = redact.hits_of(has.record, "13800000000")
    # The applicant's copy has left and stays as it is; the public's may lose more.
    with pytest.raises(Refused, match="现在的状态"):
        redact.mark(has.record, spots, ground="applicant", by=players.wang, at=moment(SENT, 17))
    redact.mark(has.record, spots, ground="applicant", public_only=True, by=players.wang, at=moment(SENT, 17))
    with pytest.raises(Refused, match="又有改动"):
        proposed(players, has.case, releases=[public])
    mended = made(players, Material.objects.get(pk=has.record.pk), Audience.PUBLIC, on=SENT)
    assert proposed(players, has.case, releases=[mended]).files.get().release == mended
    assert list(releases_of(has.case)), "what the applicant got is as it was"


def test_only_what_passed_the_gate_for_the_public_and_left_with_the_reply_is_published(players: Cast) -> None:
    has = with_file(players)
    own = Release.objects.get(audience=Audience.APPLICANT)
    with pytest.raises(Refused, match="不是这份答复给公众的文件"):
        proposed(players, has.case, releases=[own])
    public = made(players, has.record, Audience.PUBLIC, on=SENT)
    other = told(players)
    with pytest.raises(Refused, match="不是这份答复给公众的文件"):
        proposed(players, other, releases=[public])
    Release.objects.filter(pk=public.pk).update(state="refused")
    with pytest.raises(Refused, match="没有通过放行检查"):
        proposed(players, has.case, releases=[public])


def test_bytes_that_changed_on_the_disk_are_not_published(players: Cast) -> None:
    has = with_file(players)
    public = made(players, has.record, Audience.PUBLIC, on=SENT)
    version = proposed(players, has.case, releases=[public])
    publish.clear_publication(version, by=players.qian, at=moment(SENT, 17))
    with public.file.storage.open(str(public.file.name), "rb+") as stored:
        stored.write(b"%PDF-1.9")
    with pytest.raises(Refused, match="与检查通过时不同"):
        publish.decide_publication(version, public_from=FIRST, by=players.li, at=moment(SENT, 18))


@pytest.mark.parametrize(
    ("outcome", "ground", "may"),
    [
        (Outcome.GRANTED, "provided", True),
        (Outcome.PARTIAL, "", True),
        (Outcome.GRANTED, "already_public", False),
        (Outcome.REFUSED_2, "", False),
        (Outcome.UNAVAILABLE_1, "", False),
        (Outcome.NOT_PROCESSED_1, "", False),
    ],
)
def test_only_what_was_disclosed_is_published(players: Cast, outcome: Outcome, ground: str, may: bool) -> None:
    case = registered(players, on=date(2026, 5, 18)).case
    with pytest.raises(Refused, match="已经送出"):
        proposed(players, case)
    closed(players, case, outcome, on=SENT, ground=ground or first_ground(outcome))
    assert (publish.why_not_publishable(case) is None) == may


def test_while_it_is_disputed_it_is_not_published(players: Cast) -> None:
    case = told(players)
    version = proposed(players, case)
    publish.clear_publication(version, by=players.qian, at=moment(SENT, 17))
    disputed(players, case, on=SENT)
    with pytest.raises(Refused, match="没有审结的行政复议"):
        publish.decide_publication(version, public_from=FIRST, by=players.li, at=moment(SENT, 18))


@pytest.mark.parametrize(
    ("days", "on", "day", "fits"),
    [
        (60, SENT, FIRST, True),
        (60, SENT, FIRST - timedelta(days=1), False),
        (1, SENT, SENT + timedelta(days=1), True),
        (1, SENT + timedelta(days=9), SENT + timedelta(days=8), False),
        (1, SENT + timedelta(days=9), SENT + timedelta(days=9), True),
        (60, SENT, SENT + timedelta(days=900), False),
        (60, SENT, None, False),
    ],
)
def test_the_delay_is_the_agencys_and_never_looks_back(
    players: Cast, days: int, on: date, day: date | None, fits: bool
) -> None:
    players.dongshan.publish_after_days = days
    players.dongshan.save()
    case = told(players)
    if fits:
        assert decided(players, Case.objects.get(pk=case.pk), on=on, day=day).public_from == day
    else:
        with pytest.raises(Refused, match="公开之日"):
            decided(players, Case.objects.get(pk=case.pk), on=on, day=day)


def test_published_twice_is_published_once(players: Cast) -> None:
    case = told(players)
    version = proposed(players, case)
    with pytest.raises(Refused, match="已经有一份提议"):
        proposed(players, case)
    publish.clear_publication(version, by=players.qian, at=moment(SENT, 17))
    with pytest.raises(Refused, match="刚刚被别人办理过"):
        publish.clear_publication(version, by=players.qian, at=moment(SENT, 17))
    publish.decide_publication(version, public_from=FIRST, by=players.li, at=moment(SENT, 18))
    with pytest.raises(Refused, match="刚刚被别人办理过"):
        publish.decide_publication(version, public_from=FIRST, by=players.li, at=moment(SENT, 18))
    reply = PublishedReply.objects.get()
    publish.revoke_publication(reply, reason="有误。", by=players.li, at=moment(SENT, 19))
    with pytest.raises(Refused, match="已经撤下"):
        publish.revoke_publication(reply, reason="有误。", by=players.qian, at=moment(SENT, 19))
    assert Event.objects.filter(kind=Kind.PUBLICATION_REVOKED).count() == 1


def test_rows_and_versions_are_kept(players: Cast) -> None:
    reply = decided(players, told(players))
    for row in (reply, reply.current):
        with pytest.raises(TypeError):
            row.delete()  # type: ignore[union-attr]
    with pytest.raises(TypeError):
        PublishedReply.objects.all().delete()
    assert may_material(players.wang, MaterialAct.MARK_PUBLIC, reply.case)
    assert not may_material(players.wang, MaterialAct.LIFT, reply.case)
