"""Cut off from the database, or without room on the disk, at any step: the act has happened whole or not at all.

As ``test_killed_process``, which kills; here whoever acted lives on and is told. What failed has left its object as it
was, so the next step is tried on the same one, and at last the same act succeeds on it.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from casework.actions import clock
from casework.actions.report import begin
from casework.law.outcomes import Outcome
from casework.models import Case, Draft
from tests.casework.dying import TODAY, Mortal, mortal
from tests.casework.test_killed_process import RECEIVED, stored
from tests.cast import Cast, cleared, moment, proposed, registered, signed
from tests.filing import AT, checked, office
from tests.portal.visitor import Visitor, words
from tests.service import database_url

pytestmark = pytest.mark.django_db(transaction=True)

#: In a quick run each flow is broken at every third step; ``HYPOTHESIS_PROFILE=thorough`` breaks at each.
STRIDE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 3


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator[Mortal]:
    """One for all: it holds no connection while it waits."""
    with mortal(database_url()) as process:
        yield process


def _submit(players: Cast) -> int:
    return Draft.open(agency=players.dongshan, at=moment(TODAY)).pk


def _asked(players: Cast) -> int:
    case = registered(players, on=RECEIVED).case
    clock.request_supplement(case, unclear="请说明名称。", on=RECEIVED, by=players.wang, at=moment(RECEIVED))
    return case.pk


def _fresh(players: Cast) -> int:
    return registered(players, on=RECEIVED).case.pk


def _drafted(players: Cast) -> int:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=RECEIVED)
    cleared(players, case, on=RECEIVED)
    return case.pk


def _signed(players: Cast) -> int:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=RECEIVED)
    return case.pk


_numbers, _years = itertools.count(1), itertools.count(2025, -1)


def _ledger(_players: Cast) -> int:
    return next(_numbers)


def _report(players: Cast) -> int:
    staff = office(players)
    return checked(staff, begin(players.dongshan, next(_years), region=False, by=staff.lu, at=AT)).pk


#: Each act with what has to be there before it: submit, supplement, decide, sign, dispatch, import, freeze.
FLOWS: dict[str, Callable[[Cast], int]] = {
    "submit": _submit,
    "receive_supplement": _asked,
    "carry_out": _fresh,
    "propose": _fresh,
    "sign": _drafted,
    "dispatch": _signed,
    "import_ledger": _ledger,
    "sign_report": _report,
}
WITH_FILES = ("submit", "receive_supplement", "carry_out", "propose", "sign")


def broken_at_each_step(process: Mortal, flow: str, how: str, players: Cast) -> int:
    """At how many steps it was broken before it succeeded."""
    prepare = FLOWS[flow]
    pk, before, done = prepare(players), stored(), dict[str, int]()
    for broken, step in enumerate(itertools.count(1, STRIDE)):
        lives = process.lives(flow, pk, kill_at=step, how=how)
        happened = {key: number - before[key] for key, number in stored().items()}
        if lives:
            assert any(happened.values()), f"{flow} says that it is done"
            assert not done or happened == done, f"{flow} is not what it was when it was cut off after its end"
            return broken
        if any(happened.values()):  # the answer was lost, not the act: whoever asks again is told so
            assert not done or happened == done, f"half of {flow}, {how} at step {step}"
            done = happened
            pk, before = prepare(players), stored()
    raise AssertionError("unreachable")


@pytest.mark.parametrize("flow", FLOWS)
def test_cut_off_from_the_database(players: Cast, process: Mortal, flow: str) -> None:
    assert broken_at_each_step(process, flow, "cut", players) >= 8 // STRIDE


@pytest.mark.parametrize("flow", FLOWS)
def test_no_room_in_the_database(players: Cast, process: Mortal, flow: str) -> None:
    assert broken_at_each_step(process, flow, "full", players) >= 3 // STRIDE


@pytest.mark.parametrize("flow", WITH_FILES)
def test_no_room_for_a_file(players: Cast, process: Mortal, flow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.STRIDE", 1)
    assert broken_at_each_step(process, flow, "unwritable", players) >= 1


# What the visitor reads --------------------------------------------------------------------------------------------


def _cut(seen: int, step: int) -> None:
    if seen == step:
        connection.ensure_connection()
        raw: Any = connection.connection
        raw.close()


def _full(seen: int, step: int) -> None:
    if seen >= step:
        raise OperationalError("database or disk is full")


@pytest.mark.parametrize("judge", [_cut, _full], ids=["cut", "full"])
def test_whoever_submits_reads_that_it_was_not_done_and_the_same_form_does_it(
    players: Cast, judge: Callable[[int, int], None]
) -> None:
    """At each step a page with a sentence, no trace and no case; then, pressed once more, one case with its number."""
    visitor = Visitor(client=Client(raise_request_exception=False))
    draft = visitor.filled()
    broken = 0
    for step in itertools.count(1, STRIDE):
        seen = 0

        def statement(execute: Callable[..., Any], *rest: Any, step: int = step) -> Any:
            nonlocal seen
            seen += 1
            judge(seen, step)
            return execute(*rest)

        with connection.execute_wrapper(statement):
            answer: Any = visitor.client.post(f"{draft}check/", follow=True)
        connection.close()  # as the next request of the site does with one that is broken
        if answer.status_code == 200 and Case.objects.exists():
            break
        broken += 1
        said = answer.content.decode()
        assert answer.status_code == 500
        assert "刚才的操作没有完成" in said
        assert "Traceback" not in said
        assert Case.objects.count() <= 1, "the answer was lost, not the application"
    assert broken >= 8 // STRIDE
    assert Case.objects.count() == 1
    assert Case.objects.get().number in words(answer)
