"""Erasing by kind: nothing of the person is left in any column, the figures are the same, a restored backup forgets."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from pytest_django import Settings

from casework import audit, erasure, invariants
from casework.actions import decide
from casework.actions.files import Upload, attach
from casework.annual import matrix_of
from casework.erasure import IMPERSONAL, PERSONAL, DataKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import AccessRecord, Agent, Applicant, Case, Document, DocumentKind, Event, Letter
from notifications.models import Message
from tests.cast import RESIDENT_NUMBER, Cast, closed, moment, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

NAME, PHONE, TEXT = "欧阳不留", "13987650000", "申请公开不会再有的清单。"
EVERY = list(DataKind)


@pytest.fixture(autouse=True)
def outside(settings: Settings, tmp_path: Path) -> Path:
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors.jsonl"
    settings.ERASURE_FILE = tmp_path / "erasures.jsonl"
    return tmp_path


@pytest.fixture
def old(players: Cast, settings: Settings, django_capture_on_commit_callbacks: Any) -> Case:
    """Answered and closed this March, in an installation that keeps nothing for long; all its mail has been sent."""
    settings.ERASE_AFTER_YEARS = dict.fromkeys(settings.ERASE_AFTER_YEARS, 0)
    on = date(2026, 3, 2)
    case = registered(players, on=on, name=NAME, phone=PHONE, content=TEXT, email="gone@example.cn").case
    attach(case, Upload(f"{NAME}.txt", f"{NAME}{PHONE}".encode()), DocumentKind.APPLICATION, by=None, at=moment(on))
    closed(players, case, Outcome.GRANTED, on=date(2026, 3, 9))
    Message.objects.exclude(next_attempt_at=None).update(
        status="sent", sent_at=AS_OF, next_attempt_at=None, claimed_at=None, claimed_by=""
    )
    audit.seal_all(at=AS_OF)
    return Case.objects.get(pk=case.pk)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every table, with where it stands."""
    for model in apps.get_models():
        for row in models.QuerySet(model).values():
            for name, value in row.items():
                if isinstance(value, (str, dict, list)):
                    yield f"{model._meta.label}.{name}", json.dumps(value, ensure_ascii=False, default=str)
                elif isinstance(value, (bytes, memoryview)):
                    yield f"{model._meta.label}.{name}", bytes(value).decode("latin-1")


def holding(*words: str) -> set[str]:
    return {where for where, text in texts() if any(word in text for word in words)}


def test_every_text_of_every_table_is_decided_upon() -> None:
    """A column with personal data that nobody thought of would stay for ever."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
    wrong = []
    for model in apps.get_models():
        label = model._meta.label
        place = PERSONAL.get(label)
        for field in model._meta.local_fields:
            if not isinstance(field, kinds) or isinstance(field, models.ForeignKey):
                continue
            erased = place is not None and (field.name in place.columns or place.rows is not None)
            spared = label in IMPERSONAL or f"{label}.{field.name}" in IMPERSONAL
            if not erased and not spared:
                wrong.append(f"{label}.{field.name}")
    assert wrong == [], "in casework/erasure/table.py say whether it is personal, and how it is erased"


def test_what_the_table_names_is_there() -> None:
    for label, place in PERSONAL.items():
        names = {field.name for field in apps.get_model(label)._meta.get_fields()}
        assert set(place.columns) <= names
        if place.case:
            models.QuerySet(apps.get_model(label)).filter(**{place.case: 1}).exists()


def test_nothing_of_the_person_is_left(old: Case, players: Cast) -> None:
    assert len(holding(NAME, PHONE, TEXT)) >= 5
    erasure.erase(old, EVERY, reason="东政办〔2056〕1号", by=players.li, at=AS_OF)
    assert holding(NAME, PHONE, TEXT, "gone@example.cn") == set()
    assert Applicant.objects.get(case=old).identity_number == ""
    assert not Message.objects.filter(subject_ref=f"case:{old.pk}").exists()


def test_the_figures_and_the_chain_stay_as_they_were(old: Case, players: Cast) -> None:
    registered(players, on=date(2026, 3, 3))
    audit.seal_all(at=AS_OF)
    before = matrix_of([players.dongshan], 2026)
    events = Event.objects.count()
    erasure.erase(old, EVERY, reason="到期", by=players.li, at=AS_OF)
    assert matrix_of([players.dongshan], 2026) == before
    assert Event.objects.count() == events
    assert audit.first_fault() is None
    assert [row for _rule, row in invariants.verify(at=AS_OF)] == []


@pytest.mark.parametrize(
    ("kind", "gone", "left"),
    [
        (DataKind.CONTACT, PHONE, NAME),
        (DataKind.NAME, "casework.Applicant.name", PHONE),
        (DataKind.TEXT, TEXT, PHONE),
        (DataKind.IDENTITY, "", TEXT),
    ],
)
def test_each_kind_goes_by_itself(old: Case, players: Cast, kind: DataKind, gone: str, left: str) -> None:
    erasure.erase(old, [kind], reason="到期", by=players.li, at=AS_OF)
    found = Applicant.objects.get(case=old)
    assert holding(left)
    if kind is DataKind.NAME:
        assert found.name == "（已删除）"
    elif gone:
        assert "casework.Applicant.phone" not in holding(gone)
        assert "casework.Case.content" not in holding(gone)
    assert (found.identity_number == "") == (kind is DataKind.IDENTITY)


def test_files_go_from_the_disk(old: Case, players: Cast, django_capture_on_commit_callbacks: Any) -> None:
    paths = [Path(Document.objects.get().file.path), Path(Letter.objects.get().pdf.path)]
    assert all(path.exists() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(old, [DataKind.TEXT], reason="到期", by=players.li, at=AS_OF)
    assert not any(path.exists() for path in paths)
    assert not Document.objects.get().may_be_opened


def test_what_was_erased_by_whom_and_why_is_on_record(old: Case, players: Cast) -> None:
    erasure.erase(old, [DataKind.CONTACT], reason="东政办〔2056〕1号", by=players.li, at=AS_OF)
    found = AccessRecord.objects.get()
    assert (found.kind, found.by, found.case) == ("erased", players.li, old)
    assert found.what == "contact: 东政办〔2056〕1号"


def test_the_list_outside_tells_nobody_anything(old: Case, players: Cast, outside: Path) -> None:
    erasure.erase(old, [DataKind.NAME], reason="到期", by=players.li, at=AS_OF)
    line = (outside / "erasures.jsonl").read_text()
    assert old.number not in line
    assert json.loads(line)["kinds"] == ["name"]


def test_an_erasure_is_done_again_where_it_was_undone(old: Case, players: Cast) -> None:
    """What a restored backup brought back goes again, twice or more without harm."""
    erasure.erase(old, EVERY, reason="到期", by=players.li, at=AS_OF)
    Applicant.objects.filter(case=old).update(name=NAME, phone=PHONE)
    Case.objects.filter(pk=old.pk).update(content=TEXT)
    for _ in range(2):
        assert erasure.apply_list(at=AS_OF) == 1
        assert holding(NAME, PHONE, TEXT) == set()
    assert audit.first_fault() is None


def test_the_others_keep_theirs(old: Case, players: Cast) -> None:
    other = registered(players, on=date(2026, 3, 4), name="另一人").case
    erasure.erase(old, EVERY, reason="到期", by=players.li, at=AS_OF)
    assert erasure.apply_list(at=AS_OF) == 1
    assert Applicant.objects.get(case=other).name == "另一人"


# What is refused ------------------------------------------------------------------------------------------------------


def test_only_a_head_of_the_agency_orders_it(old: Case, players: Cast) -> None:
    for somebody in (players.wang, players.sun, players.zhou, players.zhao):
        with pytest.raises(Refused):
            erasure.erase(old, EVERY, reason="到期", by=somebody, at=AS_OF)
    assert holding(NAME)


@pytest.mark.parametrize(("kind", "years"), [("identity", 10), ("contact", 10), ("name", 30), ("text", 30)])
def test_nothing_goes_before_its_time(old: Case, players: Cast, settings: Settings, kind: str, years: int) -> None:
    """个人信息保护法 47(2): while the time of keeping runs, it is kept."""
    settings.ERASE_AFTER_YEARS = {"identity": 10, "contact": 10, "name": 30, "text": 30}
    try:
        end = AS_OF.date().replace(year=AS_OF.year - years)
    except ValueError:
        end = date(AS_OF.year - years, 2, 28)
    assert not erasure.due(players.dongshan, [DataKind(kind)], closed_before=end, on=AS_OF.date()).exists()
    day_too_late = date.fromordinal(end.toordinal() + 1)
    with pytest.raises(Refused):
        erasure.due(players.dongshan, [DataKind(kind)], closed_before=day_too_late, on=AS_OF.date())
    with pytest.raises(Refused):
        erasure.erase(old, [DataKind(kind)], reason="到期", by=players.li, at=AS_OF)


def test_an_open_case_keeps_everything(players: Cast, old: Case) -> None:
    open_case = registered(players, on=date(2026, 3, 4)).case
    with pytest.raises(Refused):
        erasure.erase(open_case, EVERY, reason="到期", by=players.li, at=AS_OF)


def test_a_withdrawn_case_may_be_erased_too(players: Cast, old: Case) -> None:
    case = registered(players, on=date(2026, 3, 3), name="撤回的人").case
    decide.withdraw(case, on=date(2026, 3, 4), statement="不需要了", by=players.wang, at=moment(date(2026, 3, 4)))
    erasure.erase(case, EVERY, reason="到期", by=players.li, at=AS_OF)
    assert holding("撤回的人") == set()


def test_the_command_shows_first_and_erases_when_told(old: Case, players: Cast) -> None:
    given = {"agency": "230406", "closed_before": "2026-03-10", "by": "li", "reason": "到期"}
    line = ["name", "contact", *(f"--{key.replace('_', '-')}={value}" for key, value in given.items())]
    out = StringIO()
    call_command("erase", *line, stdout=out)
    assert "共1件" in out.getvalue()
    assert holding(NAME)
    call_command("erase", *line, "--yes", stdout=out)
    assert PHONE not in {text for _where, text in texts()}
    with pytest.raises(CommandError, match="角色"):
        call_command("erase", *[each.replace("=li", "=wang") for each in line], stdout=out)


def test_the_pages_of_an_erased_case_still_open(old: Case, players: Cast, client: Any) -> None:
    client.force_login(players.li)
    letter = Letter.objects.get()
    erasure.erase(old, EVERY, reason="到期", by=players.li, at=AS_OF)
    for address in (f"/desk/cases/{old.pk}/", "/desk/?show=closed", f"/desk/cases/{old.pk}/counted/"):
        assert client.get(address).status_code == 200, address
    document = Document.objects.get()
    for address in (f"documents/{document.pk}/", f"letters/{letter.pk}.pdf"):
        assert client.get(f"/desk/cases/{old.pk}/{address}").status_code < 500, address


def test_a_resident_number_leaves_no_index(old: Case, players: Cast) -> None:
    erasure.erase(old, [DataKind.IDENTITY], reason="到期", by=players.li, at=AS_OF)
    assert not Applicant.objects.exclude(identity_index="").filter(case=old).exists()
    assert not Agent.objects.filter(applicant__case=old).exclude(identity_index="").exists()
    assert RESIDENT_NUMBER not in json.dumps([text for _where, text in texts()])
