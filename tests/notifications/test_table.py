"""The table holds together by itself, and looking into it costs what there is to do."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from notifications import outbox
from notifications.models import Message
from tests.notifications.builders import AT, a_mail, a_person, a_word_to, posted

MAIL_BROKEN: dict[str, dict[str, Any]] = {
    "message_channel_known": {"channel": "pigeon"},
    "message_has_one_receiver": {"address": ""},
    "message_inbox_has_owner": {"channel": "inbox"},
    "message_open_while_owed": {"next_attempt_at": None},
    "message_claim_whole": {"claimed_by": "somebody"},
    "message_sent_has_moment": {"status": "sent", "next_attempt_at": None},
    "message_failed_says_why": {"status": "failed", "next_attempt_at": None, "failed_at": AT},
    "message_failed_has_moment": {"status": "failed", "next_attempt_at": None, "last_error": "NoAddress"},
    "message_seen_to_once_failed": {"reported_at": AT},
    "message_carried_by_digest": {"status": "carried", "next_attempt_at": None},
    "message_bundles_for_person": {"bundles": True},
    "message_webhook_has_address": {"channel": "webhook", "address": "", "recipient_id": 0},
    "message_read_in_inbox": {"read_at": AT},
}
ALSO_BROKEN: dict[str, dict[str, Any]] = {
    "a status nobody knows": {"status": "lost"},
    "sent and still owed": {"status": "sent", "sent_at": AT},
    "a claim by nobody": {"status": "claimed", "claimed_at": AT},
    "a claim at no time": {"status": "claimed", "claimed_by": "somebody"},
    "seen to before it failed": {"settled_at": AT},
    "a moment of failing before it failed": {"failed_at": AT},
    "a moment of sending before it was sent": {"sent_at": AT},
}


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [*MAIL_BROKEN.values(), *ALSO_BROKEN.values()], ids=[*MAIL_BROKEN, *ALSO_BROKEN])
def test_facts_that_contradict_each_other_are_not_stored(facts: dict[str, Any]) -> None:
    (message,) = posted(a_mail())
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**facts)


def test_every_constraint_of_the_table_is_tried() -> None:
    assert {constraint.name for constraint in Message._meta.constraints} == set(MAIL_BROKEN)


@pytest.mark.django_db
def test_a_message_with_two_receivers_is_not_stored() -> None:
    (message,) = posted(a_mail())
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(recipient=a_person("li").pk)


def plan_of(query: QuerySet[Any]) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is otherwise read whole
        sql, values = query.query.sql_with_params()
        cursor.execute(f"{'EXPLAIN QUERY PLAN' if connection.vendor == 'sqlite' else 'EXPLAIN'} {sql}", values)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


@pytest.mark.django_db
def test_looking_for_work_for_an_inbox_and_for_failures_uses_their_indexes() -> None:
    person = a_person("li")
    posted(a_mail(), a_word_to(person, "inbox"))
    due = Message.objects.filter(channel="email", next_attempt_at__lte=AT + timedelta(hours=1))
    assert "message_open" in plan_of(due.order_by("next_attempt_at", "id")[:50])
    assert "message_of_recipient" in plan_of(outbox.inbox_of(person)[:20])
    assert "message_undeliverable" in plan_of(outbox.undeliverable()[:20])


@pytest.mark.django_db
def test_a_word_for_the_log_names_nobody() -> None:
    (message,) = posted(a_mail())
    assert str(message) == f"heard #{message.pk}"


@pytest.mark.django_db
def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", "notifications", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth() -> None:
    def tables() -> list[str]:
        return connection.introspection.table_names()

    latest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "notifications"]
    try:
        MigrationExecutor(connection).migrate([("notifications", None)])
        assert "notifications_message" not in tables()
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert "notifications_message" in tables()
    posted(a_mail())
