"""Internal notes: written once, struck with a reason, and never seen outside the house."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from casework import ledger
from casework.actions.notes import strike_note, write_note
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.letters.stored import signed_pdf
from casework.models import Case, CaseNote, Event, Letter, Staff
from notifications.models import Message
from tests.cast import Cast, closed, moment, registered, supplemented
from tests.conftest import AS_OF

TODAY = AS_OF.date()
SECRET = "王姐说此人是信访老户七七四九"
ROOT = Path(__file__).resolve().parents[2]


def test_a_note_is_read_on_the_case_by_colleagues_alone(
    players: Cast, case: Case, wang: Client, at_desk: Callable[[Staff], Client]
) -> None:
    wang.post(f"/desk/cases/{case.pk}/notes/", {"text": SECRET})
    for colleague in (players.chen, players.li, players.zhou):
        assert SECRET in at_desk(colleague).get(f"/desk/cases/{case.pk}/").content.decode()
    assert at_desk(players.zhao).get(f"/desk/cases/{case.pk}/notes/").status_code == 404


def test_a_mentioned_colleague_is_told_without_the_words(players: Cast, case: Case, wang: Client) -> None:
    wang.post(f"/desk/cases/{case.pk}/notes/", {"text": SECRET, "mentioned": [players.chen.pk]})
    told = Message.objects.get(notice="mentioned", channel="inbox")
    assert told.recipient_id == players.chen.pk
    assert told.path.startswith(f"/desk/cases/{case.pk}/")
    assert SECRET not in str(told.context)
    assert CaseNote.objects.get().mentioned.get() == players.chen


def test_only_colleagues_who_may_read_the_case_are_mentioned(players: Cast, case: Case, wang: Client) -> None:
    answer = wang.post(f"/desk/cases/{case.pk}/notes/", {"text": "请看", "mentioned": [players.zhao.pk]})
    assert "没有这位同事" in answer.content.decode()
    with pytest.raises(Refused):
        write_note(case, "请看", mentioned=[players.zhao], by=players.wang, at=moment(TODAY))
    assert not CaseNote.objects.exists()
    assert not Message.objects.filter(notice="mentioned").exists()


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001, "a\x00b"])
def test_what_is_no_note_is_refused_in_words(wang: Client, case: Case, text: str) -> None:
    assert "有问题需要改正" in wang.post(f"/desk/cases/{case.pk}/notes/", {"text": text}).content.decode()
    assert not CaseNote.objects.exists()


def test_an_auditor_reads_and_writes_none(players: Cast, case: Case, at_desk: Callable[[Staff], Client]) -> None:
    auditor = at_desk(players.zhou)
    assert "不能写" in auditor.get(f"/desk/cases/{case.pk}/notes/").content.decode()
    with pytest.raises(Refused):
        write_note(case, "x", by=players.zhou, at=moment(TODAY))


def test_a_struck_note_stays_to_be_read_with_who_and_why(players: Cast, case: Case, wang: Client, li: Client) -> None:
    note = write_note(case, SECRET, by=players.wang, at=moment(TODAY))
    li.post(f"/desk/cases/{case.pk}/notes/{note.pk}/strike/", {"reason": "与本件无关"})
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert f"<del>{SECRET}</del>" in page
    assert "与本件无关" in page
    note.refresh_from_db()
    with pytest.raises(Refused):
        strike_note(note, reason="再来", by=players.li, at=moment(TODAY))
    assert CaseNote.objects.get().strike_reason == "与本件无关"


def test_a_note_is_struck_by_its_author_or_a_head_and_changed_by_nobody(players: Cast, case: Case) -> None:
    note = write_note(case, SECRET, by=players.wang, at=moment(TODAY))
    for stranger in (players.chen, players.zhou, players.zhao):
        with pytest.raises(Refused):
            strike_note(note, reason="x", by=stranger, at=moment(TODAY))
    note.text = "改了"
    for act in (
        note.save,
        note.delete,
        CaseNote.objects.all().delete,
        lambda: CaseNote.objects.update(text="改了"),
    ):
        with pytest.raises(TypeError):
            act()
    assert CaseNote.objects.get().text == SECRET


def test_no_page_of_the_public_no_letter_no_message_and_no_ledger_holds_a_note(
    players: Cast, client: Client, tmp_path: Path
) -> None:
    registration = registered(players, on=TODAY, email="zhang@example.org")
    case = registration.case
    write_note(case, SECRET, mentioned=[players.li], by=players.wang, at=moment(TODAY))
    supplemented(players, case, asked=TODAY, answered=TODAY)
    closed(players, case, Outcome.REFUSED_6, on=TODAY)
    write_note(case, SECRET, by=players.li, at=moment(TODAY))
    client.post("/follow/", {"number": case.number, "code": registration.query_code})
    seen = 0
    for address in ("/", "/follow/", f"/follow/{case.pk}/", f"/follow/{case.pk}/notices/", "/reports/"):
        answer = client.get(address, follow=True)
        seen += "改造项目" in answer.content.decode()
        assert SECRET not in answer.content.decode(), address
    assert seen, "the applicant's own page was not among those looked at"
    letters = list(Letter.objects.filter(case=case))
    assert letters
    for letter in letters:
        assert SECRET not in str(Letter.objects.filter(pk=letter.pk).values().get())
        assert SECRET.encode() not in signed_pdf(letter)
    for message in Message.objects.all():
        assert SECRET not in str(message.context)
    assert not Event.objects.filter(payload__icontains=SECRET).exists()
    with (tmp_path / "ledger.csv").open("w+b") as file:
        ledger.write(file, "csv", players.dongshan)
        file.seek(0)
        assert SECRET not in file.read().decode("utf-8-sig")


#: Who may know that notes exist at all: the record, its verbs, what is seen by whom, the notice, the desk.
KNOW_NOTES = {
    "casework/models/note.py",
    "casework/models/__init__.py",
    "casework/actions/notes.py",
    "casework/access/seen.py",
    "casework/access/__init__.py",
    "casework/notices/people.py",
    "casework/desk/views/notes.py",
}


def mentions() -> Iterator[str]:
    for file in (ROOT / "casework").rglob("*.py"):
        if "migrations" in file.parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if names & {"CaseNote", "internal_notes"}:
            yield file.relative_to(ROOT).as_posix()


def test_no_module_that_speaks_to_the_outside_knows_notes() -> None:
    assert set(mentions()) <= KNOW_NOTES
    templates = [
        file.relative_to(ROOT / "templates").as_posix()
        for file in (ROOT / "templates").rglob("*")
        if file.is_file() and "internal_notes" in file.read_text(encoding="utf-8")
    ]
    assert sorted(templates) == ["desk/case.html", "desk/notes.html"]
