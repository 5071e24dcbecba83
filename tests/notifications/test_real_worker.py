"""The processes of the Procfile and a real broker: a message finds its worker, told or not."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notifications import bundling, nudge, outbox
from notifications.models import Message
from tests.notifications.builders import a_mail, a_person
from tests.service import Service

pytestmark = pytest.mark.worker


def post_to_somebody_without_address() -> None:
    """Needs no mail server: that there is nowhere to send it to is found out by the worker."""
    with transaction.atomic():
        person = a_person("li", email="")
        outbox.post(a_mail("k", address="", recipient_id=person.pk), at=timezone.now())


def is_settled() -> bool:
    return Message.objects.get().last_error == "NoAddress"


def test_a_worker_that_is_told_looks_though_beat_is_dead(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.wait_until(lambda: service.ready()["ready"])
    service.processes["beat"].terminate()
    service.processes["beat"].wait(30)
    monkeypatch.setattr("notifications.outbox.look_now", nudge.look_now)
    monkeypatch.setattr(nudge, "_resting_until", 0.0)
    post_to_somebody_without_address()
    service.wait_until(is_settled)


def test_beat_finds_what_nobody_was_told_of_even_after_a_worker_died_with_it(service: Service) -> None:
    post_to_somebody_without_address()
    claimed = timezone.now() - timedelta(minutes=6)
    Message.objects.update(
        status=Message.Status.CLAIMED, claimed_at=claimed, claimed_by="dead", attempts=1, next_attempt_at=timezone.now()
    )
    service.wait_until(is_settled)
    assert Message.objects.get().attempts == 2


def test_a_worker_bundles_what_waits_for_one_person(service: Service) -> None:
    with transaction.atomic():
        person = a_person("li", email="")
        facts = {"notice": "assigned", "address": "", "recipient_id": person.pk, "bundles": True}
        for key in ("a", "b"):  # a notice of the house: the worker knows none of the tests'
            outbox.post(a_mail(key, **facts), at=timezone.now())
    service.wait_until(lambda: Message.objects.filter(notice=bundling.NOTICE, last_error="NoAddress").exists())
    assert set(Message.objects.exclude(notice=bundling.NOTICE).values_list("status", flat=True)) == {"carried"}
