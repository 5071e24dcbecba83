"""Claim, send, mark: what is owed is sent once it is due, whoever dies on the way."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications import claimant, delivery, outbox, tasks
from notifications.channels import OUTWARD
from notifications.delivery import LEASE, LONGEST_RUN, MOST_ATTEMPTS, TOO_LATE, Run, deliver_due, wait_after
from notifications.models import Message
from notifications.undelivered import Deferred, Outage, Rejected
from tests.notifications.builders import AT, ScriptedChannel, a_mail, posted

ROOT = Path(__file__).resolve().parents[2]
Status = Message.Status
pytestmark = pytest.mark.django_db


class Death(BaseException):
    """What a killed worker does: nothing more, not even an except clause."""


def die() -> None:
    raise Death


def row(key: str = "k") -> Message:
    return Message.objects.get(effect_key=key)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass within a run."""
    passed = [timedelta()]
    monkeypatch.setattr(delivery.Stopwatch, "elapsed", lambda _: passed[0])

    def more(time: timedelta) -> None:
        passed[0] += time

    return more


def test_what_is_due_is_sent_and_marked(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    assert deliver_due(at=AT) == Run(sent=1)
    message = row()
    assert channel.taken == ["k"]
    assert (message.status, message.attempts, message.claimed_by) == (Status.SENT, 1, "")
    assert message.sent_at is not None
    assert message.sent_at >= AT


def test_a_second_run_finds_nothing(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    deliver_due(at=AT)
    assert deliver_due(at=AT + timedelta(days=30)) == Run()
    assert channel.taken == ["k"]


def test_the_task_looks_at_the_present(channel: ScriptedChannel) -> None:
    posted(a_mail("k"), at=timezone.now())
    tasks.deliver()
    assert channel.taken == ["k"]


def test_what_is_not_yet_due_waits(channel: ScriptedChannel) -> None:
    tomorrow = AT + timedelta(days=1)
    posted(a_mail("k", due_at=tomorrow))
    deliver_due(at=tomorrow - timedelta(seconds=30))
    assert channel.taken == []
    deliver_due(at=tomorrow)
    assert channel.taken == ["k"]


def test_a_due_moment_that_has_passed_means_at_once(channel: ScriptedChannel) -> None:
    (message,) = posted(a_mail("k", due_at=AT - timedelta(days=1)))
    assert message.due_at == AT  # the date of the mail: nothing was written yesterday
    deliver_due(at=AT)
    assert channel.taken == ["k"]


def test_days_without_beat_are_caught_up_each_message_once(channel: ScriptedChannel) -> None:
    days = [AT + timedelta(days=n) for n in range(4)]
    posted(*[a_mail(f"day{n}", due_at=day) for n, day in enumerate(days)])
    deliver_due(at=days[-1])
    deliver_due(at=days[-1])
    assert channel.taken == ["day0", "day1", "day2", "day3"]


def test_a_run_stops_at_its_limit_and_the_next_goes_on(channel: ScriptedChannel) -> None:
    posted(*[a_mail(f"k{n}") for n in range(130)])
    assert deliver_due(at=AT, limit=120).sent == 120
    assert deliver_due(at=AT, limit=120).sent == 10
    assert len(set(channel.taken)) == 130


@given(order=st.permutations(range(6)), refused=st.sets(st.integers(0, 5)), seed=st.integers())
def test_what_becomes_of_a_message_does_not_depend_on_its_neighbours(
    order: list[int], refused: set[int], seed: int
) -> None:
    scripted = ScriptedChannel()
    scripted.refuse([f"k{n}" for n in refused], Rejected("NoAddress"))
    moments = random.Random(seed)
    Message.objects.all().delete()
    for n in order:
        posted(a_mail(f"k{n}", due_at=AT + timedelta(minutes=moments.randrange(100))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(OUTWARD, Message.Channel.EMAIL, lambda: scripted)
        deliver_due(at=AT + timedelta(hours=1), limit=2)
        deliver_due(at=AT + timedelta(hours=3))
    assert sorted(scripted.taken) == sorted(f"k{n}" for n in range(6) if n not in refused)
    assert {message.effect_key for message in outbox.undeliverable()} == {f"k{n}" for n in refused}


# ── Again, and for how long ──────────────────────────────────────────────────────────────────────────────────────────

WAITS = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 6: 32, 7: 64, 8: 128, 9: 256, 10: 360, 11: 360, 19: 360, 10_000: 360}


@pytest.mark.parametrize(("attempts", "minutes"), WAITS.items())
def test_the_wait_doubles_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait_after(attempts) == timedelta(minutes=minutes)


def test_a_server_may_be_away_for_a_long_weekend() -> None:
    assert sum(map(wait_after, range(1, MOST_ATTEMPTS)), timedelta()) > timedelta(days=2, hours=18)


def test_a_message_put_off_is_tried_again_only_after_its_wait(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    channel.script["k"] = Deferred("Busy")
    assert deliver_due(at=AT) == Run(deferred=1)
    message = row()
    assert (message.status, message.attempts, message.last_error) == (Status.PENDING, 1, "Busy")
    channel.script.clear()
    deliver_due(at=AT + timedelta(seconds=30))
    assert channel.taken == []
    deliver_due(at=AT + timedelta(minutes=2))
    assert channel.taken == ["k"]
    assert row().last_error == ""


def test_after_so_many_attempts_it_is_given_up_and_seen(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    channel.script["k"] = Deferred("Busy")
    runs = [deliver_due(at=AT + timedelta(days=n)) for n in range(MOST_ATTEMPTS + 2)]
    assert runs == [Run(deferred=1)] * (MOST_ATTEMPTS - 1) + [Run(failed=1), Run(), Run()]
    (given_up,) = outbox.undeliverable()
    assert (given_up.attempts, given_up.last_error, given_up.next_attempt_at) == (MOST_ATTEMPTS, "Busy", None)


def test_what_never_will_be_taken_is_given_up_at_once(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    channel.script["k"] = Rejected("NoAddress")
    assert deliver_due(at=AT) == Run(failed=1)
    assert [message.last_error for message in outbox.undeliverable()] == ["NoAddress"]


def test_once_the_cause_is_mended_it_can_be_sent_again(channel: ScriptedChannel) -> None:
    posted(a_mail("k"), a_mail("other"))
    channel.script["k"] = Rejected("NoAddress")
    deliver_due(at=AT)
    channel.script.clear()
    everything = list(Message.objects.values_list("pk", flat=True))
    assert outbox.send_again(everything, at=AT + timedelta(days=1)) == 1  # what was sent stays sent
    deliver_due(at=AT + timedelta(days=1))
    assert channel.taken == ["other", "k"]
    assert row().attempts == 1


# ── A channel that is down ───────────────────────────────────────────────────────────────────────────────────────────


def test_an_outage_costs_one_message_a_run_and_leaves_the_others_as_they_were(channel: ScriptedChannel) -> None:
    posted(*[a_mail(f"k{n}") for n in range(5)])
    channel.refuse([f"k{n}" for n in range(5)], Outage("TimeoutError"))
    assert deliver_due(at=AT) == Run(deferred=1)
    assert deliver_due(at=AT) == Run(deferred=1)
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1, 1]
    channel.script.clear()
    deliver_due(at=AT + timedelta(minutes=5))
    assert sorted(channel.taken) == [f"k{n}" for n in range(5)]


def test_a_message_refused_does_not_hold_up_those_behind_it(channel: ScriptedChannel) -> None:
    posted(a_mail("a"), a_mail("b"), a_mail("c"))
    channel.script |= {"a": Deferred("Busy"), "b": Rejected("NoAddress")}
    assert deliver_due(at=AT) == Run(sent=1, deferred=1, failed=1)
    assert channel.taken == ["c"]


def test_a_slow_server_does_not_keep_the_worker_from_its_other_work(
    channel: ScriptedChannel, pass_time: Callable[[timedelta], None]
) -> None:
    posted(*[a_mail(f"k{n}") for n in range(10)])
    for n in range(10):
        channel.script[f"k{n}"] = lambda: pass_time(LONGEST_RUN / 3)
    assert deliver_due(at=AT).sent == 4
    assert Message.objects.filter(status=Status.PENDING, attempts=0).count() == 6


# ── Death and sleep between claim and mark ───────────────────────────────────────────────────────────────────────────


def test_a_message_whose_worker_died_before_sending_is_sent_after_the_lease(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    channel.script["k"] = die
    with pytest.raises(Death):
        deliver_due(at=AT)
    assert row().status == Status.CLAIMED
    channel.script.clear()
    assert deliver_due(at=AT + LEASE / 2) == Run()
    assert deliver_due(at=AT + LEASE + timedelta(seconds=5)) == Run(sent=1)
    assert channel.taken == ["k"]


def test_what_a_process_of_this_machine_held_when_it_was_killed_is_sent_at_once(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    program = "import sys; from notifications.claimant import token; print(token(), flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout
        claim = worker.stdout.readline().strip()
        Message.objects.update(
            status=Status.CLAIMED, claimed_at=AT, claimed_by=claim, next_attempt_at=AT + LEASE, attempts=1
        )
        assert deliver_due(at=AT + timedelta(seconds=1)) == Run(), "it lives"
        worker.kill()
        worker.wait()
        assert deliver_due(at=AT + timedelta(seconds=2)) == Run(sent=1)
    assert channel.taken == ["k"]
    assert row("k").attempts == 2


def test_a_claim_is_the_dead_only_where_that_can_be_known() -> None:
    mine = claimant.token()
    assert len(mine) <= 32
    assert not claimant.is_dead(mine)
    place, rest = mine[:8], mine[8:]
    number, begun, chance = rest.split(".")
    later = f"{place}{number}.{int(begun, 16) + 1:x}.{chance}"
    assert claimant.is_dead(later), "another process has had this number since"
    elsewhere = f"{'0' * 8}{int(number, 16):x}.1.{chance}"
    assert not claimant.is_dead(elsewhere), "numbers of another machine say nothing here"
    assert not any(claimant.is_dead(odd) for odd in ("", "dead", f"{place}", f"{place}x.y.z"))


def test_a_death_holds_up_no_other_message(channel: ScriptedChannel) -> None:
    posted(a_mail("a"), a_mail("b"), a_mail("c"))
    channel.script["a"] = die
    with pytest.raises(Death):
        deliver_due(at=AT)
    assert deliver_due(at=AT).sent == 2


def test_a_death_between_sending_and_marking_sends_one_double_at_most(
    channel: ScriptedChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(a_mail("k"))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_sent", lambda *_: die())
        with pytest.raises(Death):
            deliver_due(at=AT)
    deliver_due(at=AT + LEASE + timedelta(seconds=5))
    deliver_due(at=AT + timedelta(days=1))
    assert channel.taken == ["k", "k"]


def test_a_message_that_kills_every_worker_comes_to_an_end(channel: ScriptedChannel) -> None:
    posted(a_mail("k"))
    channel.script["k"] = die
    for n in range(MOST_ATTEMPTS):
        with pytest.raises(Death):
            deliver_due(at=AT + timedelta(days=n))
    assert deliver_due(at=AT + timedelta(days=MOST_ATTEMPTS)) == Run(failed=1)
    assert [message.last_error for message in outbox.undeliverable()] == ["WorkerLost"]


def test_a_worker_that_slept_over_its_lease_does_not_send(
    channel: ScriptedChannel, pass_time: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(a_mail("k"))
    claimed = delivery._claimed

    def claimed_and_stopped(seen: Message, at: datetime) -> Message | None:
        claim = claimed(seen, at)
        pass_time(TOO_LATE + timedelta(seconds=1))
        return claim

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_claimed", claimed_and_stopped)
        assert deliver_due(at=AT) == Run(deferred=1)
    assert channel.taken == []
    assert row().last_error == "Stalled"


@pytest.mark.parametrize("late", [None, Deferred("Busy"), Rejected("NoAddress")])
def test_the_late_word_of_a_worker_whose_lease_has_ended_is_not_heard(
    channel: ScriptedChannel, late: Deferred | Rejected | None
) -> None:
    posted(a_mail("k"))

    def overtaken() -> None:
        channel.script.clear()
        deliver_due(at=AT + LEASE + timedelta(seconds=5))
        if late is not None:
            raise late

    channel.script["k"] = overtaken
    deliver_due(at=AT)
    message = row()
    assert (message.status, message.attempts, message.last_error) == (Status.SENT, 2, "")
    assert message.sent_at is not None
    assert message.sent_at > AT + LEASE


def test_a_lease_is_counted_from_the_claim_and_not_from_the_beginning_of_the_run(
    channel: ScriptedChannel, pass_time: Callable[[timedelta], None]
) -> None:
    posted(a_mail("a"), a_mail("b"))
    channel.script["a"] = lambda: pass_time(LONGEST_RUN)
    channel.script["b"] = die
    with pytest.raises(Death):
        deliver_due(at=AT)
    assert row("b").next_attempt_at == AT + LONGEST_RUN + LEASE
