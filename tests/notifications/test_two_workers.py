"""Two at once, each with its own connection to a real database."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from notifications import outbox
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.notifications.builders import AT, ScriptedChannel, a_mail, posted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> None:
    """Runs the acts in threads that start together; an error in one is an error of the test."""
    together = threading.Barrier(len(acts))
    errors: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait(30)
            act()
        except BaseException as error:  # noqa: BLE001 - handed to the test, which raises it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


def test_of_many_workers_each_message_has_one(channel: ScriptedChannel) -> None:
    posted(*[a_mail(f"k{n:03}") for n in range(120)])
    at_once(*[lambda: deliver_due(at=AT)] * 4)
    assert sorted(channel.taken) == [f"k{n:03}" for n in range(120)]
    assert set(Message.objects.values_list("status", "attempts")) == {("sent", 1)}


def test_no_lock_is_held_while_the_server_thinks(channel: ScriptedChannel) -> None:
    posted(a_mail("slow"), a_mail("quick"))
    other_was_sent = threading.Event()

    def wait_for_the_other() -> None:
        assert other_was_sent.wait(60)

    channel.script["slow"] = wait_for_the_other
    channel.script["quick"] = other_was_sent.set
    at_once(*[lambda: deliver_due(at=AT)] * 2)
    assert sorted(channel.taken) == ["quick", "slow"]
    assert not Message.objects.exclude(status=Message.Status.SENT).exists()


def test_two_workers_that_take_up_a_dead_ones_message_send_it_once(channel: ScriptedChannel) -> None:
    posted(*[a_mail(f"k{n:02}") for n in range(40)])
    Message.objects.update(
        status=Message.Status.CLAIMED, claimed_at=AT, claimed_by="dead", next_attempt_at=AT + timedelta(minutes=1)
    )
    at_once(*[lambda: deliver_due(at=AT + timedelta(minutes=2))] * 3)
    assert sorted(channel.taken) == [f"k{n:02}" for n in range(40)]


def test_sweeps_that_write_the_same_effects_at_once_neither_double_them_nor_lock_each_other_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "ROWS_AT_ONCE", 1)  # so that they have the time to meet half way
    keys = [f"k{n:03}" for n in range(200)]

    def sweep(order: list[str]) -> None:
        with transaction.atomic():
            outbox.post_many([a_mail(key) for key in order], at=AT)

    at_once(lambda: sweep(keys), lambda: sweep(keys[::-1]), lambda: sweep(keys[100:] + keys[:100]))
    assert sorted(Message.objects.values_list("effect_key", flat=True)) == keys
