"""The architecture as tests: every word of the tables has its counterpart, and each thing is done in one place."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.template import Context, Engine
from django.utils import translation

from casework.access import (
    AGENCY_ACTS,
    EDITION_ACTS,
    REPORT_ACTS,
    VERBS,
    ActRow,
    AgencyAct,
    EditionAct,
    ReportAct,
    Verb,
)
from casework.access.reports import ReportActRow
from casework.law.matrix import ROWS, place
from casework.law.outcomes import GROUPS, OUTCOMES, REQUIREMENTS, Group, Outcome, Requirement, in_force
from casework.law.states import CLOSED, OPEN, STATES, State, Turn
from casework.law.words import said
from casework.management.commands.state_diagram import transitions
from casework.models import Case, Event, Kind, ReportState, Role
from casework.models.account import CODE
from casework.models.consultation import LINK
from casework.models.event import SENTENCES
from casework.models.sealing import seal
from casework.notices import (
    ANSWER_WANTED,
    CASELESS,
    NOTICES,
    Audience,
    Due,
    Watched,
    tell_together,
)
from casework.notices.table import ACCOUNT_CHANGED, CODE_WANTED
from config.celery import app
from notifications.bundling import NOTICE as BUNDLE
from notifications.models import Message
from notifications.wording import worded
from tests.cast import Cast, moment, registered

ROOT = Path(__file__).resolve().parent.parent
MAIL = ROOT / "templates" / "mail"
ACTIONS = (
    *("approve", "assist", "clock", "consult", "contact", "decide", "deliver", "excess", "extension", "fee"),
    *("intake", "receipt", "related", "send"),
)
TIME_ALONE = {
    *("remind", "escalate", "lapse", "miss_applicant", "miss_clerk", "miss_telling"),
    *("recall_notice", "recall", "report_silence"),
}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path below the root and tree of every module of the product."""
    for folder in folders or ("casework", "notifications", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


# States and transitions ----------------------------------------------------------------------------------------------


def test_every_state_has_a_row_with_words() -> None:
    assert set(STATES) == set(State)
    assert set(State) == OPEN | CLOSED
    for state, row in STATES.items():
        assert row.state is state
        assert row.final == (row.turn is Turn.NOBODY) == (state in CLOSED)
        assert all([row.clerk.zh, row.clerk.en, row.citizen.zh, row.citizen.en, row.meaning.zh, row.meaning.en])
    words = [row.clerk.zh for row in STATES.values()]
    assert len(set(words)) == len(words)


def test_every_transition_is_a_verb_and_its_sources_are_the_states_of_the_table() -> None:
    found: dict[str, set[State]] = {}
    for verb, source, _target in transitions():
        found.setdefault(verb, set()).add(source)
    for verb, states in found.items():
        assert states == VERBS[Verb(verb)].states
    # The other verbs add facts and move nothing; a draft with a secret in it goes back like any other.
    assert set(Verb) - {Verb(verb) for verb in found} == {
        Verb.REGISTER,
        Verb.ASSIGN,
        Verb.CONSULT,
        Verb.RECORD_SERVICE,
        Verb.OFFER_LINK,
        Verb.REVOKE_LINK,
        Verb.RECORD_OPINION,
        Verb.JUDGE_OBJECTION,
        Verb.CANCEL_CONSULTATION,
        Verb.INFORM_THIRD_PARTY,
        Verb.ASK_EXTENSION,
        Verb.EXTEND,
        Verb.DECLINE_EXTENSION,
        Verb.RECORD_FEE_DELIVERY,
        Verb.ASK_REASONS,
        Verb.RECORD_REASONS,
        Verb.JUDGE_REASONS,
        Verb.DELAY,
        Verb.REVIEW,
        Verb.CLEAR_SECRECY,
        Verb.FIND_CLASSIFIED,
        Verb.SEND,
        Verb.RECORD_DELIVERY,
        Verb.CHANGE_CONTACT,
        Verb.TELL_OTHERWISE,
        Verb.RECORD_RETURN,
        Verb.REDISPATCH,
        Verb.FILE_PROOF,
        Verb.REQUEST_ASSISTANCE,
        Verb.ANSWER_ASSISTANCE,
        Verb.CHASE,
        Verb.CANCEL_ASSISTANCE,
        Verb.RECORD_ATTEMPT,
        Verb.CONFIRM_RECEIPT,
        Verb.SPLIT,
        Verb.LINK_DUPLICATE,
        Verb.TRANSFER,
        Verb.CORRECT,
        Verb.READ_IDENTITY,
    }


def test_every_state_is_reached_and_every_open_one_left() -> None:
    steps = transitions()
    assert {target for _verb, _source, target in steps} == set(State)
    assert {source for _verb, source, _target in steps} == OPEN


def test_the_diagram_in_the_documents_equals_the_code() -> None:
    call_command("state_diagram", check=True)


# Verbs ---------------------------------------------------------------------------------------------------------------


def public_functions() -> dict[str, Callable[..., Any]]:
    """Every public function of the modules of verbs that is told the moment."""
    found: dict[str, Callable[..., Any]] = {}
    for name in ACTIONS:
        module = import_module(f"casework.actions.{name}")
        for key, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not key.startswith("_"):
                assert key not in found, f"{key} is in two modules"
                found[key] = value
    return found


def test_every_verb_is_one_function_with_keyword_only_actor_and_moment() -> None:
    functions = public_functions()
    acting = {name for name, function in functions.items() if "at" in inspect.signature(function).parameters}
    by_applicant = {"submit", "record_opening", "choose_notices"}
    # What the applicant does is no verb of the desk; the letter of any act is made by that act.
    assert acting == set(Verb) | by_applicant | {"prepare", "carry_out"}
    for name in acting:
        signature = inspect.signature(functions[name])
        wanted = {"at"} if name in by_applicant else {"by", "at"}
        for parameter in wanted:
            assert signature.parameters[parameter].kind is inspect.Parameter.KEYWORD_ONLY, (name, parameter)
        positional = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        assert 1 <= len(positional) <= 3
        assert re.search("Event|Registration|Letter", str(signature.return_annotation))


def test_what_time_alone_does_has_no_actor() -> None:
    watch = import_module("casework.actions.watch")
    for name in TIME_ALONE:
        parameters = inspect.signature(getattr(watch, name)).parameters
        assert parameters["at"].kind is inspect.Parameter.KEYWORD_ONLY
        assert "by" not in parameters


def test_every_verb_has_words_and_somebody_who_may() -> None:
    assert list(VERBS) == list(Verb)
    for row in VERBS.values():
        assert row.words.zh
        assert row.words.en
        assert row.roles
        assert row.roles <= set(Role.values)
        assert row.states or row.verb is Verb.REGISTER


def test_every_act_beside_the_cases_has_words_and_somebody_who_may() -> None:
    assert set(AGENCY_ACTS) == set(AgencyAct)
    assert set(EDITION_ACTS) == set(EditionAct)
    assert list(REPORT_ACTS) == list(ReportAct)
    rows: list[ActRow | ReportActRow] = [*AGENCY_ACTS.values(), *EDITION_ACTS.values(), *REPORT_ACTS.values()]
    for row in rows:
        assert row.words.zh
        assert row.words.en
        assert not re.search(r"[\u4e00-\u9fff]", row.words.en)
        assert row.roles
        assert row.roles <= set(Role.values)


def test_every_act_on_a_report_is_a_verb_and_every_state_is_reached_and_left() -> None:
    verbs = import_module("casework.actions.report")
    for act in ReportAct:
        parameters = inspect.signature(getattr(verbs, act.value)).parameters
        assert parameters["by"].kind is parameters["at"].kind is inspect.Parameter.KEYWORD_ONLY
        assert act is ReportAct.BEGIN or parameters["version"].kind is inspect.Parameter.KEYWORD_ONLY
    assert {row.leads_to for row in REPORT_ACTS.values()} == set(ReportState)
    assert {state for row in REPORT_ACTS.values() for state in row.states} == set(ReportState)


# Events and notices --------------------------------------------------------------------------------------------------


def test_every_kind_of_event_has_a_sentence_and_a_row_of_notices() -> None:
    assert set(SENTENCES) == set(Kind)
    assert set(NOTICES) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_sentence_reads_in_both_languages_even_when_the_payload_is_old(kind: Kind) -> None:
    event = Event(kind=kind.value, on=date(2026, 11, 18), payload={})
    for text in (event.for_office(), event.for_applicant()):
        if text is not None:
            assert text.zh
            assert text.en
            assert not re.search(r"[\u4e00-\u9fff]", text.en)
            assert "{" not in text.zh + text.en


def test_what_an_applicant_is_written_they_can_read_on_their_page() -> None:
    for kind, notices in NOTICES.items():
        if any(notice.to is Audience.APPLICANT for notice in notices):
            assert SENTENCES[kind].citizen is not None


#: Notices that no case causes.
CASELESS_NAMES = {notice.name for notice in CASELESS}


def notice_names() -> list[str]:
    caused = {notice.name for notices in NOTICES.values() for notice in notices}
    return sorted(caused | CASELESS_NAMES)


def test_every_notice_has_its_templates_and_no_template_is_left_over() -> None:
    folders = {folder.name for folder in MAIL.iterdir() if folder.is_dir()} - {"parts", BUNDLE}
    assert folders == set(notice_names())
    for folder in folders:
        assert {file.name for file in (MAIL / folder).iterdir()} >= {"subject.txt", "body.txt"}


#: What ``notices`` hands to the templates; the test below holds it against real messages.
ONE_CASE = {
    "number": "230406-2026-00017",
    "agency": "Dongshan District Office",
    "due_on": date(2026, 11, 30),
    "until_on": date(2026, 12, 1),
    "days_left": 5,
    "outcome": "granted",
    "provisional": True,
    "numbers": ["230406-2026-00018"],
}
LISTED = {key: ONE_CASE[key] for key in ("number", "due_on", "until_on", "provisional")} | {
    "days_left": -2,
    "days_late": 2,
}
MANY_CASES = {"today_on": date(2026, 11, 18), "count": 2, "more": 3, "cases": [LISTED, LISTED | {"days_late": 0}]}
TOGETHER = {
    *("due_soon", "due_escalated", "period_lapsed", "left_untaken", "dates_moved", "overdue_by_calendar"),
    *("tell_today", "tell_today_escalated"),
    *("supplement_last_day", "assistance_due", "assistance_overdue"),
}
#: Those who are consulted are not told the number of the case (law.md 10.2); missing holidays belong to none.
NUMBERLESS = TOGETHER | CASELESS_NAMES
#: What the mail to somebody consulted holds beside the office.
SEALED = {"sealed_token": seal("token-of-the-link", LINK).hex(), "username": "lili"}
#: A calendar edition is named in its messages; these also say what the dates were before.
EDITION = {"year": 2027, "edition": "Notice 9 of 2026", "before_on": date(2026, 11, 27), "urgent": True}


@pytest.mark.parametrize("name", notice_names())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_notice_renders_whole_in_both_languages(name: str, language: str) -> None:
    values = (MANY_CASES if name in TOGETHER else ONE_CASE) | EDITION | SEALED
    values |= {"person": "Li Li", "from_on": date(2026, 11, 20)}  # of somebody who is away
    values |= {"forwarded_by": "Civil Affairs", "arrived_on": date(2026, 11, 18)}
    values |= {"region": True, "news": "to_sign", "days_late": 3}  # of a report
    values |= {"accepted": True, "title": "Budget 2026", "where": "https://gongkai.test/", "reason": "private"}
    values |= {"sealed_code": seal("123456", CODE).hex(), "minutes": 10, "what": "email"}  # of an applicant's account
    values |= {"suit": True, "organ": "Dongshan Court"}  # of a dispute
    values |= {"cases": [each | EDITION for each in (LISTED, LISTED | {"days_late": 0})]}
    strict = Engine(dirs=[str(ROOT / "templates")], string_if_invalid="⁇%s", libraries=Engine.get_default().libraries)
    with translation.override(language):
        for file in ("subject.txt", "body.txt"):
            template = strict.get_template(f"mail/{name}/{file}")
            text = template.render(Context({**values, "link": "https://gongkai.test/x"}, autoescape=False))
            assert text.strip()
            assert "⁇" not in text
            assert "230406-2026-00017" in text or name in NUMBERLESS
            assert "230406-2026-00017" not in text or name != ANSWER_WANTED.name
            assert "None" not in text
            if file == "subject.txt":
                assert "\n" not in text.strip()
            elif name not in TOGETHER | {CODE_WANTED.name, ACCOUNT_CHANGED.name}:  # a link in them would teach to press
                assert "https://gongkai.test/x" in text
            if language == "en":
                assert not re.search(r"[\u4e00-\u9fff]", text), f"{name}/{file} is not translated"
            assert not re.search(r"Nov\.|Dec\.|\d{4}-\d{2}-\d{2}", text), "dates are written 30 November 2026"


@pytest.mark.django_db
def test_the_templates_are_given_what_they_are_tested_with(players: Cast) -> None:
    players.wang.email = "wang@example.org"
    players.wang.save()
    case = registered(players, on=date(2026, 11, 16), email="zhang@example.org").case
    message = Message.objects.get(notice="application_received")
    assert set(message.context) == set(ONE_CASE)
    assert case.due_on is not None
    watched = Watched(case.pk, case.number, case.agency_id, players.wang.pk, case.due_on, None, None)
    due = Due("remind:x:5", case.due_on, 5, None, [watched])
    with transaction.atomic():
        tell_together(Kind.REMINDED, [due], at=moment(date(2026, 11, 18)))
    together = Message.objects.get(notice="due_soon", channel="inbox")
    assert set(together.context) == set(MANY_CASES)
    assert set(together.context["cases"][0]) == set(LISTED)
    assert f"还有5个工作日（期限{said(case.due_on).zh}）" in worded(together).text


# Outcomes ------------------------------------------------------------------------------------------------------------


def test_every_outcome_closes_as_its_class_says_and_stands_in_one_cell() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(GROUPS) == set(Group)
    for code, row in OUTCOMES.items():
        assert row.closes_as is GROUPS[row.group].closes_as
        assert row.closes_as in CLOSED
        assert [key for key in ROWS if key == code.value] == [code.value]
        assert {place(carried_in=carried, outcome=code)[1] for carried in (False, True)} == {code.value}
        assert all([row.printed, row.words.zh, row.words.en, row.plain.zh, row.plain.en, row.law])
        assert row.letter.zh
        assert row.letter.en
        assert len({ground.key for ground in row.grounds}) == len(row.grounds)
    assert len({row.number for row in OUTCOMES.values()}) == len(OUTCOMES)
    assert {row.closes_as for row in OUTCOMES.values()} == CLOSED


def test_every_requirement_has_a_row_and_every_outcome_names_only_those() -> None:
    assert set(REQUIREMENTS) == set(Requirement)
    named = {
        requirement
        for row in OUTCOMES.values()
        for ground in (row.grounds or (None,))
        for requirement in row.requirements(ground.key if ground else "")
    }
    assert named == set(Requirement)


def test_all_outcomes_are_in_force_today() -> None:
    assert [row.code for row in in_force(date(2026, 11, 18))] == list(Outcome)


# Each thing in one place ---------------------------------------------------------------------------------------------

ENTRANCES = re.compile(
    r"casework/(portal|desk|api)/(views|pages|forms|door|watching|own|once).*|casework/(doors|entries)\.py"
    r"|casework/management/commands/.*|.*/tasks\.py|config/.*"
)
CLOCKS = {("timezone", "now"), ("date", "today"), ("datetime", "now"), ("datetime", "today"), ("timezone", "localdate")}


def test_only_entrances_read_the_clock() -> None:
    readers = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and (getattr(node.func.value, "id", getattr(node.func.value, "attr", "")), node.func.attr) in CLOCKS
    }
    assert {path for path in readers if not ENTRANCES.fullmatch(path)} == set()


def test_only_the_verbs_move_a_case() -> None:
    """No transition is called, and no case saved or updated, anywhere else."""
    moves = {verb for verb, _source, _target in transitions()}
    found = []
    for path, tree in sources("casework"):
        if path.startswith(("casework/actions/", "casework/models/")):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, name = ast.unparse(node.func.value), node.func.attr
            of_a_case = re.search(r"(^|\.)case$", owner) is not None
            in_bulk = re.search(r"\bCase\.(objects|_base_manager)\b", owner) is not None
            writes = name in {"update", "create", "bulk_create", "bulk_update", "delete", "get_or_create"}
            if (of_a_case and name in moves | {"save", "delete"}) or (in_bulk and writes):
                found.append(f"{path}:{node.lineno} {owner}.{name}")
    assert found == []


def test_states_are_not_listed_where_they_could_be_asked() -> None:
    """Entrances ask a state for its properties and never spell its name (style 7)."""
    spelled = {state.value for state in State if "_" in state.value}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources("casework/portal", "casework/desk")
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(part, ast.Constant) and part.value in spelled for part in ast.walk(node))
    ]
    assert found == []


def test_the_case_is_changed_by_no_other_field_than_its_own() -> None:
    """A transition sets the fields of the case and calls nothing (style 4)."""
    tree = ast.parse(inspect.getsource(import_module("casework.models.case")))
    names = {verb for verb, _source, _target in transitions()}
    methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names]
    assert {method.name for method in methods} == names
    for method in methods:
        assert not [node for statement in method.body for node in ast.walk(statement) if isinstance(node, ast.Call)]


def test_beat_wakes_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    woken = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert woken <= set(app.tasks)
    assert {task for task in app.tasks if task.startswith(("casework.", "notifications."))} <= woken


def test_every_model_says_what_it_is() -> None:
    for model in Case._meta.apps.get_app_config("casework").get_models():
        assert model.__doc__, model
        assert not model.__doc__.startswith(f"{model.__name__}("), model  # Django's own, made of the fields
