"""One effect is written once, with its cause, and what is in an inbox is its owner's."""

from datetime import timedelta

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from notifications import outbox
from notifications.models import Message
from tests.notifications.builders import AT, a_mail, a_person, a_word_to, posted

LATER = AT + timedelta(hours=1)


class CauseFailed(Exception):
    """What the message was about did not happen after all."""


def post_and_fail(key: str) -> None:
    with transaction.atomic():
        outbox.post(a_mail(key), at=AT)
        raise CauseFailed


@pytest.mark.django_db
def test_the_same_effect_is_written_once_and_stays_as_it_was_written_first() -> None:
    posted(a_mail("k", address="first@example.cn"))
    posted(a_mail("k", address="second@example.cn"), at=LATER)
    message = Message.objects.get()
    assert (message.address, message.created_at) == ("first@example.cn", AT)


@pytest.mark.django_db
def test_lots_that_overlap_among_and_within_themselves_write_each_effect_once() -> None:
    posted(*[a_mail(f"k{n}") for n in range(60)])
    posted(*[a_mail(f"k{n}") for n in range(40, 100)], *[a_mail(f"k{n}", address="x@y.cn") for n in range(40, 100)])
    assert sorted(Message.objects.values_list("effect_key", flat=True)) == sorted(f"k{n}" for n in range(100))
    assert not Message.objects.filter(address="x@y.cn").exists()


@pytest.mark.django_db
def test_a_message_already_sent_is_not_sent_again_by_posting_again(person: AbstractBaseUser) -> None:
    Message.objects.filter(pk=posted(a_mail("k"))[0].pk).update(
        status=Message.Status.SENT, sent_at=AT, next_attempt_at=None
    )
    posted(a_mail("k"), at=LATER)
    assert Message.objects.get().status == Message.Status.SENT


@pytest.mark.django_db
def test_thousands_of_messages_cost_a_handful_of_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lot = [a_mail(f"k{n}") for n in range(3000)]
    with transaction.atomic(), django_assert_max_num_queries(80):  # SQLite takes fewer values in a statement
        outbox.post_many(lot, at=AT)
    assert Message.objects.count() == 3000


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_is_rolled_back_tells_nobody(nudges: list[str]) -> None:
    with pytest.raises(CauseFailed):
        post_and_fail("k")
    assert not Message.objects.exists()
    assert nudges == []


@pytest.mark.django_db(transaction=True)
def test_posting_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(TransactionManagementError):
        outbox.post(a_mail(), at=AT)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_unknown_account_fails_the_cause_and_is_not_swallowed() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.post(a_mail(address="", recipient_id=987654321), at=AT)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_asks_for_one_look_after_it_is_committed(nudges: list[str]) -> None:
    with transaction.atomic():
        outbox.post(a_mail("a"), at=AT)
        outbox.post_many([a_mail("b"), a_mail("c")], at=AT)
        assert nudges == []
    assert nudges == ["look"]


@pytest.mark.django_db(transaction=True)
def test_a_look_asked_for_in_a_savepoint_that_is_undone_does_not_stand_in_for_the_one_after(
    nudges: list[str],
) -> None:
    with transaction.atomic():
        with pytest.raises(CauseFailed):
            post_and_fail("a")
        outbox.post(a_mail("b"), at=AT)
    assert nudges == ["look"]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_an_inbox_or_for_later(nudges: list[str]) -> None:
    with transaction.atomic():
        outbox.post(a_word_to(a_person("li"), "a"), at=AT)
        outbox.post(a_mail("b", due_at=LATER), at=AT)
    assert nudges == []


def test_an_inbox_shows_its_owner_the_newest_first_and_nothing_of_others(person: AbstractBaseUser) -> None:
    posted(a_word_to(person, "a"), a_word_to(a_person("wang"), "b"), a_mail("c", address="", recipient_id=person.pk))
    posted(a_word_to(person, "d"))
    assert [message.effect_key for message in outbox.inbox_of(person)] == ["d", "a"]


def test_one_marks_as_read_only_ones_own_and_only_once(person: AbstractBaseUser) -> None:
    mine, others = posted(a_word_to(person, "a"), a_word_to(a_person("wang"), "b"))
    assert outbox.unread_by(person) == 1
    assert outbox.mark_read(person, [mine.pk, others.pk], at=LATER) == 1
    assert outbox.mark_read(person, [mine.pk], at=LATER + timedelta(hours=1)) == 0
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.read_at, others.read_at) == (LATER, None)
    assert outbox.unread_by(person) == 0
