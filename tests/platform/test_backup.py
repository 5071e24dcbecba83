"""A backup is consistent, proved, gone on with after any stop, and comes back whole (the restore drill)."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from casework import audit, backup, erasure
from casework.actions.files import Upload, attach
from casework.actions.receive import WAITING
from casework.annual import matrix_of
from casework.backup import folder, restoring
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Applicant, Case, Document, DocumentKind, Event
from tests.cast import Cast, closed, moment, registered
from tests.conftest import AS_OF
from tests.servers import postgres_here

pytestmark = pytest.mark.django_db(transaction=True)

ON = AS_OF.date()


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """A store of its own, and PostgreSQL's programs wherever this machine has them."""
    settings.MEDIA_ROOT = str(tmp_path / "media")  # type: ignore[attr-defined]
    if connection.vendor == "postgresql" and not settings.POSTGRES_PROGRAMS:  # type: ignore[attr-defined]
        settings.POSTGRES_PROGRAMS = str(postgres_here() or "")  # type: ignore[attr-defined]


@pytest.fixture
def office(players: Cast) -> Case:
    """An office with one case that was replied to and one that waits, and three files."""
    case = registered(players, on=ON).case
    for n in range(3):
        attach(case, Upload(f"材料{n}.txt", b"material %d" % n), DocumentKind.APPLICATION, by=None, at=moment(ON))
    closed(players, registered(players, on=ON).case, Outcome.GRANTED, on=ON)
    return case


def stored() -> dict[str, object]:
    """Everything of which a difference would show: rows by their content, files by their bytes."""
    files = {each.file.name: Path(each.file.path).read_bytes() for each in Document.objects.all()}
    cases = list(Case.objects.order_by("pk").values_list("number", "state", "outcome", "due_on"))
    return {"cases": cases, "events": list(Event.objects.order_by("pk").values_list("kind", "at")), "files": files}


def lost() -> None:
    """What a bad day leaves: other records, and no files."""
    Case.objects.update(note="scribbled over", due_on=None)
    for document in Document.objects.all():
        Path(document.file.path).unlink()


def test_what_was_backed_up_comes_back_as_it_was(office: Case, tmp_path: Path) -> None:
    before = stored()
    made = backup.take(tmp_path / "backups", at=AS_OF)
    lost()
    backup.restore(made, at=AS_OF, replace=restoring.database_name())
    assert stored() == before
    call_command("verify_invariants")


def test_who_was_erased_since_stays_erased_and_the_figures_stay(
    office: Case, tmp_path: Path, players: Cast, settings: Settings
) -> None:
    settings.ERASE_AFTER_YEARS = dict.fromkeys(settings.ERASE_AFTER_YEARS, 0)
    settings.AUDIT_ANCHOR_FILE, settings.ERASURE_FILE = tmp_path / "anchors.jsonl", tmp_path / "erasures.jsonl"
    audit.seal_all(at=AS_OF)
    made = backup.take(tmp_path / "backups", at=AS_OF)
    later = AS_OF + timedelta(days=2)
    answered = Case.objects.exclude(closed_on=None).get()
    before = matrix_of([players.dongshan], AS_OF.year)
    erasure.erase(answered, list(erasure.DataKind), reason="到期", by=players.li, at=later)
    audit.seal_all(at=later)
    audit.anchor(at=later)
    backup.restore(made, at=later, replace=restoring.database_name())
    people = Applicant.objects.get(case=answered.pk)
    assert (people.name, people.phone, people.identity_number) == ("（已删除）", "", "")
    assert Applicant.objects.get(case=office).name == "张三"
    assert matrix_of([players.dongshan], AS_OF.year) == before
    call_command("verify_audit")
    call_command("verify_invariants", leave_out=["outbox"])


def test_the_commands_say_what_they_did(office: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", str(tmp_path / "backups"))
    [made] = (tmp_path / "backups").iterdir()
    assert f"{made}\n" in capsys.readouterr().out
    call_command("verify_backup", str(made))
    assert "The backup is whole" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(made))
    call_command("restore", str(made), replace=restoring.database_name())
    assert "rules hold" in capsys.readouterr().out


def test_a_stranger_can_check_the_files_without_this_program(office: Case, tmp_path: Path) -> None:
    made = backup.take(tmp_path, at=AS_OF)
    done = subprocess.run(["sha256sum", "--check", "--strict", folder.SUMS], cwd=made.path, check=False)
    assert done.returncode == 0


def test_what_comes_in_meanwhile_is_not_half_in_it(office: Case, tmp_path: Path, players: Cast) -> None:
    """The database is read first: a file that comes later is in the copy at most, a row never without its file."""
    before = stored()

    def while_copying(what: str, done: int, _all: int) -> None:
        if (what, done) == ("files", 1):
            attach(office, Upload("新.txt", b"new"), DocumentKind.APPLICATION, by=None, at=moment(ON))

    made = backup.take(tmp_path / "backups", at=AS_OF, progress=while_copying)
    backup.restore(made, at=AS_OF, replace=restoring.database_name())
    assert stored() == before


class Stopped(Exception):
    """The machine went down."""


def stopping(at: int) -> Callable[[str, int, int], None]:
    seen = iter(range(1, 10_000))

    def progress(_what: str, _done: int, _all: int) -> None:
        if next(seen) == at:
            raise Stopped

    return progress


def test_stopped_anywhere_it_is_gone_on_with(office: Case, tmp_path: Path) -> None:
    before, stops = stored(), 0
    for at in range(1, 100):
        try:
            made = backup.take(tmp_path / "backups", at=AS_OF + timedelta(seconds=at), progress=stopping(at))
            break
        except Stopped:
            stops += 1
            assert backup.unfinished(tmp_path / "backups") is not None
    assert stops >= 3
    assert len(list((tmp_path / "backups").iterdir())) == 1, "each try went on with the first"
    lost()
    mark, begun = Path(settings.MEDIA_ROOT) / folder.MARK, 0
    for at in range(1, 100):
        begun += mark.exists()
        try:  # once it has begun, nobody has to say again that the records may go
            backup.restore(
                made, at=AS_OF, replace="" if mark.exists() else restoring.database_name(), progress=stopping(at)
            )
            break
        except Stopped:
            pass
    assert begun >= 3
    assert stored() == before
    assert not mark.exists()


def test_gone_on_with_it_keeps_the_moment_at_which_it_was_begun(office: Case, tmp_path: Path) -> None:
    def at_the_files(what: str, _done: int, _all: int) -> None:
        if what == "files":
            raise Stopped

    with pytest.raises(Stopped):
        backup.take(tmp_path / "backups", at=AS_OF, progress=at_the_files)
    Case.objects.update(note="written afterwards")
    made = backup.take(tmp_path / "backups", at=AS_OF + timedelta(hours=1))
    assert made.manifest.begun_at == AS_OF.isoformat(timespec="seconds")
    backup.restore(made, at=AS_OF, replace=restoring.database_name())
    assert set(Case.objects.values_list("note", flat=True)) == {""}


def test_a_finished_backup_is_left_alone(office: Case, tmp_path: Path) -> None:
    first = backup.take(tmp_path, at=AS_OF)
    second = backup.take(tmp_path, at=AS_OF + timedelta(days=1))
    assert first.path != second.path
    assert not list(backup.faults_of(first))


@pytest.mark.parametrize("name", ["database", "files.sha256", "files/{document}"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_every_spoiled_part_is_named_and_nothing_is_restored(office: Case, tmp_path: Path, name: str, how: str) -> None:
    made = backup.take(tmp_path / "backups", at=AS_OF)
    document = Document.objects.earliest("pk").file.name
    spoiled = made.path / name.format(document=document)
    content = spoiled.read_bytes()
    spoiled.unlink()
    if how == "changed":
        spoiled.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    faults = [fault.en for fault in backup.faults_of(made)]
    assert any(str(spoiled.relative_to(made.path)).removeprefix("files/") in fault for fault in faults)
    Case.objects.update(note="here before")
    with pytest.raises(Refused, match="没有恢复"):
        backup.restore(made, at=AS_OF, replace=restoring.database_name())
    assert set(Case.objects.values_list("note", flat=True)) == {"here before"}


def test_it_is_not_restored_over_records_that_nobody_gave_up(office: Case, tmp_path: Path) -> None:
    made = backup.take(tmp_path / "backups", at=AS_OF)
    for name in ("", "another"):
        with pytest.raises(Refused, match=f"--replace {restoring.database_name()}"):
            backup.restore(made, at=AS_OF, replace=name)


def test_it_is_not_restored_under_other_keys(office: Case, tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """The same name for another key would leave every identity number sealed for ever."""
    made = backup.take(tmp_path / "backups", at=AS_OF)
    settings.IDENTITY_KEYS = {"test": b"x" * 32}  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="IDENTITY_KEYS:test"):
        backup.restore(made, at=AS_OF, replace=restoring.database_name())


def test_it_is_not_restored_by_an_older_program_or_another_engine(office: Case, tmp_path: Path) -> None:
    made = backup.take(tmp_path / "backups", at=AS_OF)
    path = made.path / folder.MANIFEST
    manifest = json.loads(path.read_text())
    for change, sentence in (
        ({"migrations": {"casework": "9999_later"}}, "casework.9999_later"),
        ({"engine": "oracle"}, "oracle"),
        ({"form": "gongkai.backup/2"}, "gongkai.backup/2"),
    ):
        path.write_text(json.dumps(manifest | change))
        with pytest.raises(Refused, match=sentence):
            backup.restore(backup.Backup.read(made.path), at=AS_OF, replace=restoring.database_name())


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"form": "gongkai.backup/1", "more": 1}', "\x00"])
def test_what_is_no_backup_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / folder.MANIFEST).write_text(content)
    with pytest.raises(Refused, match=r"backup\.json"):
        backup.Backup.read(tmp_path)
    with pytest.raises(CommandError):
        call_command("verify_backup", str(tmp_path))


def test_files_between_preview_and_confirmation_stay_out(office: Case, tmp_path: Path) -> None:
    default_storage.save(f"{WAITING}/0123", ContentFile(b"not ours yet"))
    made = backup.take(tmp_path / "backups", at=AS_OF)
    assert not any(name.startswith(WAITING) for name in made.sums())


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="file"):
        backup.take(tmp_path / "file" / "backups", at=AS_OF)
