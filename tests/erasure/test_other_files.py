"""Requests for correction (条例 41) and proposals (条例 44) forget a person as cases do, by their own time."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from pytest_django import Settings

from casework import access, audit, erasure, invariants
from casework.actions import correction as verbs
from casework.actions import proposals
from casework.actions.files import Upload
from casework.erasure import DataKind, Matter
from casework.law.correction import Ending
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import AccessRecord, Evidence, Proposal, RecordCorrection, Voice
from notifications.models import Message
from tests.cast import RESIDENT_NUMBER, Cast, closed, moment, registered
from tests.conftest import AS_OF
from tests.correcting import CODE, filed
from tests.erasure.test_erasure import EVERY, holding, outside

__all__ = ["outside"]

pytestmark = pytest.mark.django_db

NAME, PHONE, MAIL, TEXT = "慕容不留", "13987650001", "gone@example.cn", "家庭人口写成了不会再有的两人。"
TOPIC = "不会再有的清单，住在月亮湾7号的我想知道。"
FILED, CLOSED = date(2026, 3, 2), date(2026, 3, 9)


@pytest.fixture
def short(settings: Settings) -> None:
    """An installation that keeps nothing for long."""
    settings.ERASE_AFTER_YEARS = dict.fromkeys(settings.ERASE_AFTER_YEARS, 0)


def all_sent() -> None:
    Message.objects.exclude(next_attempt_at=None).update(
        status="sent", sent_at=AS_OF, next_attempt_at=None, claimed_at=None, claimed_by=""
    )


@pytest.fixture
def old(players: Cast, short: None) -> RecordCorrection:
    """Asked about, added to, and refused in March."""
    made = filed(
        players,
        on=FILED,
        name=NAME,
        phone=PHONE,
        email=MAIL,
        wrong=TEXT,
        evidence=(Upload(f"{NAME}.txt", f"{NAME}{PHONE}".encode()),),
    )
    verbs.ask(made, text=f"请{NAME}补充户口簿。", by=players.wang, at=moment(FILED))
    verbs.answer(made, text=f"我是{NAME}，{TEXT}", at=moment(FILED))
    verbs.refuse(made, reply=f"{NAME}：记录没有不准确。", by=players.li, at=moment(CLOSED))
    all_sent()
    return made


@pytest.fixture
def proposed(players: Cast, short: None) -> Proposal:
    """By an applicant with an identity number, and by an officer; declined in March."""
    case = registered(players, on=FILED, content=TOPIC, identity_kind="resident", identity_number=RESIDENT_NUMBER).case
    closed(players, case, Outcome.GRANTED, on=date(2026, 3, 5))
    made = proposals.propose_by_applicant(case, at=moment(date(2026, 3, 6)))
    proposals.propose_by_officer(case, by=players.wang, at=moment(date(2026, 3, 6)))
    proposals.decline(made, reason="已经在网站公开。", by=players.li, at=moment(CLOSED))
    all_sent()
    return made


def voices() -> tuple[int, int, int]:
    """Applicants, officers and visitors who proposed it."""
    found: Any = Proposal.objects.counted().get()
    return found.by_applicants, found.by_staff, found.by_visitors


def erase(file: Any, players: Cast, *kinds: DataKind) -> None:
    erasure.erase(file, kinds or EVERY, reason="东政办〔2056〕1号", by=players.li, at=AS_OF)


# Requests for correction (条例 41) ------------------------------------------------------------------------------------


def test_nothing_of_whoever_asked_is_left(old: RecordCorrection, players: Cast) -> None:
    assert len(holding(NAME, PHONE, TEXT, MAIL)) >= 6
    erase(old, players)
    assert holding(NAME, PHONE, TEXT, MAIL) == set()
    old.refresh_from_db()
    assert (old.name, old.identity_number, old.identity_index, old.query_code_hash) == ("（已删除）", "", "", "")
    assert not Message.objects.filter(subject_ref=f"correction:{old.pk}").exists()


def test_what_is_counted_and_the_chain_stay(old: RecordCorrection, players: Cast) -> None:
    events = list(old.events.values_list("pk", "kind", "on", "by"))
    erase(old, players)
    old.refresh_from_db()
    assert (old.received_on, old.closed_on, old.ending) == (FILED, CLOSED, Ending.REFUSED)
    assert list(old.events.values_list("pk", "kind", "on", "by")) == events
    assert audit.first_fault() is None
    assert [row for _rule, row in invariants.verify(at=AS_OF)] == []


@pytest.mark.parametrize(
    ("kind", "gone", "left"),
    [
        (DataKind.CONTACT, {"phone", "email", "address"}, {"name", "wrong", "identity_index"}),
        (DataKind.NAME, {"name"}, {"phone", "wrong", "reply"}),
        (DataKind.TEXT, {"record", "wrong", "right", "grounds", "reply"}, {"name", "phone", "identity_index"}),
        (DataKind.IDENTITY, {"identity_index", "query_code_hash"}, {"phone", "wrong", "reply"}),
    ],
)
def test_each_kind_goes_by_itself(
    old: RecordCorrection, players: Cast, kind: DataKind, gone: set[str], left: set[str]
) -> None:
    erase(old, players, kind)
    old.refresh_from_db()
    assert {getattr(old, name) for name in gone} <= {"", "（已删除）"}
    assert not {getattr(old, name) for name in left} & {"", "（已删除）"}


def test_its_files_go_from_the_disk(
    old: RecordCorrection, players: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    path = Path(Evidence.objects.get().file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase(old, players, DataKind.TEXT)
    assert not path.exists()
    assert not Evidence.objects.get().may_be_opened


def test_a_file_stays_while_the_office_that_it_was_passed_on_to_has_it(
    players: Cast, short: None, django_capture_on_commit_callbacks: Any
) -> None:
    made = filed(players, on=FILED, name=NAME)
    verbs.pass_on(made, reply="由民政局更正。", agency=players.civil, by=players.wang, at=moment(CLOSED))
    fresh = RecordCorrection.objects.exclude(pk=made.pk).get()
    path = Path(Evidence.objects.get(correction=fresh).file.path)
    all_sent()
    with django_capture_on_commit_callbacks(execute=True):
        erase(made, players)
    assert path.exists()
    assert Evidence.objects.get(correction=fresh).may_be_opened
    assert RecordCorrection.objects.get(pk=fresh.pk).name == NAME
    assert [row for _rule, row in invariants.verify(at=AS_OF)] == []


def test_the_pages_of_one_that_forgot_still_open_and_its_code_opens_nothing(
    old: RecordCorrection, players: Cast, client: Any
) -> None:
    assert access.follow_correction(old.number, CODE) == old
    erase(old, players)
    client.force_login(players.li)
    for address in (f"/desk/corrections/{old.pk}/", "/desk/corrections/"):
        assert client.get(address).status_code == 200, address
    evidence = Evidence.objects.get()
    assert client.get(f"/desk/corrections/{old.pk}/files/{evidence.pk}/").status_code == 409
    assert access.follow_correction(old.number, CODE) is None


def test_an_open_one_keeps_everything(players: Cast, short: None) -> None:
    made = filed(players, on=FILED, name=NAME)
    with pytest.raises(Refused):
        erase(made, players)
    assert holding(NAME)


# Proposals (条例 44) --------------------------------------------------------------------------------------------------


def test_what_the_applicant_typed_and_who_they_are_goes_and_the_voices_are_counted_as_before(
    proposed: Proposal, players: Cast
) -> None:
    index = Voice.objects.exclude(applicant="").get().applicant
    counted = voices()
    assert "casework.Proposal.topic" in holding(TOPIC)
    erase(proposed, players)
    assert "casework.Proposal.topic" not in holding(TOPIC)
    assert "casework.Voice.applicant" not in holding(index)
    assert voices() == counted == (1, 1, 0)
    proposed.refresh_from_db()
    assert (proposed.topic, proposed.verdict, proposed.decided_on) == ("（已删除）", "declined", CLOSED)


def test_the_case_takes_its_voice_along(proposed: Proposal, players: Cast) -> None:
    """The hash of the identity number would outlive the number itself."""
    voice = Voice.objects.exclude(applicant="").get()
    erase(voice.case, players, DataKind.IDENTITY)
    assert holding(voice.applicant) == set()
    assert Proposal.objects.get().topic == TOPIC


def test_one_that_waits_for_a_decision_keeps_its_topic(proposed: Proposal, players: Cast) -> None:
    QuerySet(Proposal).update(verdict="", decided_on=None, decided_by=None, reason="")
    proposed.refresh_from_db()
    with pytest.raises(Refused):
        erase(proposed, players)


# Of both --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "years"), [("identity", 10), ("contact", 10), ("name", 30), ("text", 30)])
@pytest.mark.parametrize("of", [Matter.CORRECTION, Matter.PROPOSAL])
def test_nothing_goes_before_its_time(
    old: RecordCorrection, proposed: Proposal, players: Cast, settings: Settings, of: Matter, kind: str, years: int
) -> None:
    """个人信息保护法 47(2): the years are those of the cases, from the day of the reply or the decision."""
    settings.ERASE_AFTER_YEARS = {"identity": 10, "contact": 10, "name": 30, "text": 30}
    file: Any = old if of is Matter.CORRECTION else proposed
    wanted = [DataKind(kind)]
    with pytest.raises(Refused, match=str(years)):
        erase(file, players, *wanted)
    late = AS_OF.replace(year=AS_OF.year + years)
    found = erasure.due(players.dongshan, wanted, closed_before=date(2026, 3, 10), on=late.date(), of=of)
    assert list(found) == [file]
    assert not erasure.due(players.dongshan, wanted, closed_before=CLOSED, on=late.date(), of=of).exists()


def test_only_a_head_orders_it(old: RecordCorrection, proposed: Proposal, players: Cast) -> None:
    for somebody in (players.wang, players.sun, players.zhou, players.zhao):
        for file in (old, proposed):
            with pytest.raises(Refused):
                erasure.erase(file, EVERY, reason="到期", by=somebody, at=AS_OF)
    assert holding(NAME)


def test_a_restored_backup_forgets_again(
    old: RecordCorrection, proposed: Proposal, players: Cast, outside: Path
) -> None:
    spared = filed(players, on=FILED, name="留下的人")
    verbs.withdraw(spared, at=moment(CLOSED))
    erase(old, players)
    erase(proposed, players)
    written = (outside / "erasures.jsonl").read_text()
    assert old.number not in written
    assert [set(json.loads(line)) - {"at", "kinds"} for line in written.splitlines()] == [{"correction"}, {"proposal"}]
    QuerySet(RecordCorrection).filter(pk=old.pk).update(name=NAME, phone=PHONE, wrong=TEXT)
    QuerySet(Proposal).update(topic=TOPIC)
    for _ in range(2):
        assert erasure.apply_list(at=AS_OF) == 2
        assert holding(NAME, PHONE, TEXT) == set()
        assert Proposal.objects.get().topic == "（已删除）"
    assert RecordCorrection.objects.get(pk=spared.pk).name == "留下的人"
    assert audit.first_fault() is None


def test_it_is_on_record_which_by_whom_and_why(old: RecordCorrection, players: Cast) -> None:
    erase(old, players, DataKind.CONTACT)
    found = AccessRecord.objects.get()
    assert (found.kind, found.by, found.agency, found.case) == ("erased", players.li, players.dongshan, None)
    assert found.what == f"correction {old.number}, contact: 东政办〔2056〕1号"


@pytest.mark.parametrize("of", ["correction", "proposal"])
def test_the_command_shows_first_and_erases_when_told(
    old: RecordCorrection, proposed: Proposal, players: Cast, of: str
) -> None:
    number = old.number if of == "correction" else str(proposed.pk)
    line = ["text", f"--of={of}", "--agency=230406", "--closed-before=2026-03-10", "--by=li", "--reason=到期"]
    call_command("erase", *line, "--number=0", stdout=(out := StringIO()))
    assert "共0件" in out.getvalue()
    call_command("erase", *line, f"--number={number}", stdout=(out := StringIO()))
    assert "共1件" in out.getvalue()
    where = "casework.RecordCorrection.wrong" if of == "correction" else "casework.Proposal.topic"
    assert where in holding(TEXT, TOPIC)
    call_command("erase", *line, f"--number={number}", "--yes", stdout=out)
    assert where not in holding(TEXT, TOPIC)
