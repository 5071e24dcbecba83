"""``manage.py state_diagram [--check]``: writes ``docs/states.md`` from the code, or says whether it is fresh."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_fsm import GET_STATE, RETURN_VALUE

from casework.access import VERBS, Verb, role_words
from casework.law.outcomes import GROUPS, OUTCOMES
from casework.law.states import OPEN, STATES, State, Turn
from casework.models import Case

PLACE = "docs/states.md"
TURNS = {Turn.OFFICE: "行政机关 / the office", Turn.APPLICANT: "申请人 / the applicant", Turn.NOBODY: "— / nobody"}


class Command(BaseCommand):
    help = "由代码生成状态图 / write the state diagram from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查是否最新 / only say whether it is fresh")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Path(settings.BASE_DIR) / PLACE
        wanted = document()
        if not options["check"]:
            place.write_text(wanted, encoding="utf-8")
            self.stdout.write(PLACE)
        elif not place.exists() or place.read_text(encoding="utf-8") != wanted:
            raise CommandError(
                f"{PLACE} 与代码不一致，请运行 manage.py state_diagram。\nIt differs from the code; run it."
            )


def document() -> str:
    """The whole file."""
    return "\n".join(
        [
            "# 一件申请的状态 / The states of a case",
            "",
            "由 `manage.py state_diagram` 生成，请勿手工修改。 / Generated; do not edit.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *(f"    {line}" for line in _diagram()),
            "```",
            "",
            "送出答复按办理结果进入六个办结状态之一。",
            "Dispatch closes a case in the state of the class of its outcome.",
            "",
            *_states(),
            "",
            *_verbs(),
            "",
            *_outcomes(),
            "",
        ]
    )


def transitions() -> list[tuple[str, State, State]]:
    """Verb, source and target of every transition of ``Case``, one row each."""
    rows = [
        (found.name, State(str(found.source)), target)
        for found in Case._meta.get_field("state").get_all_transitions(Case)
        for target in targets(found.target)
    ]
    order = list(State)
    return sorted(rows, key=lambda row: (order.index(row[1]), order.index(row[2]), row[0]))


def targets(target: object) -> list[State]:
    """A transition names its target, or those of which its method chooses."""
    if isinstance(target, GET_STATE | RETURN_VALUE):
        return [State(str(state)) for state in target.allowed_states]
    return [State(str(target))]


def _diagram() -> Iterator[str]:
    for state, row in STATES.items():
        yield f"{state}: {row.clerk.zh}"
    yield f"[*] --> {State.RECEIVED}: register · submit"
    for verb, source, target in transitions():
        yield f"{source} --> {target}: {verb}"
    for state in State:
        if state not in OPEN:
            yield f"{state} --> [*]"


def _states() -> Iterator[str]:
    yield "| 状态 / state | 承办人 / clerk | 申请人 / citizen | 轮到 / turn | 期限 / clock | 含义 / meaning |"
    yield "|---|---|---|---|---|---|"
    for state, row in STATES.items():
        clock = "计算 / runs" if row.running else "—"
        clerk, citizen = f"{row.clerk.zh} / {row.clerk.en}", f"{row.citizen.zh} / {row.citizen.en}"
        meaning = f"{row.meaning.zh} {row.meaning.en}"
        yield f"| `{state}` | {clerk} | {citizen} | {TURNS[row.turn]} | {clock} | {meaning} |"


def _verbs() -> Iterator[str]:
    yield "| 动作 / verb | | 何人 / who | 何时 / in which states |"
    yield "|---|---|---|---|"
    for verb, row in VERBS.items():
        states = "、".join(f"`{state}`" for state in State if state in row.states)
        if verb is Verb.REGISTER:
            states = "—"
        elif row.states == frozenset(State):
            states = "任何 / any"
        roles = role_words(row.roles)
        yield f"| `{verb}` | {row.words.zh} / {row.words.en} | {roles.zh} / {roles.en} | {states} |"


def _outcomes() -> Iterator[str]:
    yield "| 办理结果 / outcome | 表三 / table 3 | | 依据 / law | 办结状态 / closes as |"
    yield "|---|---|---|---|---|"
    for code, row in OUTCOMES.items():
        words = f"{row.words.zh} / {row.words.en}"
        yield f"| `{code}` | {row.number} | {words} | {row.law} | `{GROUPS[row.group].closes_as}` |"
