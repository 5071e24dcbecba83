"""Several messages that wait for one person leave as one: none is lost, none is sent twice, whoever dies."""

from datetime import timedelta

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from notifications import bundling, delivery, outbox
from notifications.bundling import MOST, bundle_due
from notifications.channels import OUTWARD
from notifications.delivery import LEASE, Run, deliver_due
from notifications.models import Message
from notifications.posting import Posting, Unpostable
from notifications.undelivered import Deferred, Rejected
from notifications.wording import text_message, worded
from tests.notifications.builders import AT, ScriptedChannel, a_mail, a_person, posted
from tests.notifications.test_two_workers import at_once

Status = Message.Status
MORNING = AT + timedelta(hours=22)


def waiting(person: AbstractBaseUser, key: str, /, **facts: object) -> Posting:
    """A mail to a person that is held until the morning."""
    usual: dict[str, object] = {"address": "", "recipient_id": person.pk, "due_at": MORNING, "bundles": True}
    return a_mail(key, **{**usual, **facts})


def carried() -> list[str]:
    """What each digest that was sent holds, by its keys."""
    rows = Message.objects.filter(status=Status.CARRIED, carried_by__status=Status.SENT)
    return sorted(rows.values_list("effect_key", flat=True))


@pytest.mark.django_db
def test_what_waits_for_one_person_leaves_as_one(channel: ScriptedChannel, person: AbstractBaseUser) -> None:
    posted(*[waiting(person, f"k{n}") for n in range(5)])
    assert deliver_due(at=AT) == Run()
    assert deliver_due(at=MORNING) == Run(sent=1)
    assert len(channel.taken) == 1
    assert carried() == [f"k{n}" for n in range(5)]
    assert deliver_due(at=MORNING + timedelta(days=30)) == Run()


@pytest.mark.django_db
def test_one_alone_leaves_as_it_is(channel: ScriptedChannel, person: AbstractBaseUser) -> None:
    posted(waiting(person, "k"))
    deliver_due(at=MORNING)
    assert channel.taken == ["k"]


@pytest.mark.django_db
def test_people_languages_and_what_is_not_to_be_bundled_stay_apart(
    channel: ScriptedChannel, person: AbstractBaseUser
) -> None:
    other = a_person("wang")
    posted(
        waiting(person, "a1"),
        waiting(person, "a2"),
        waiting(other, "b"),
        waiting(person, "english", language="en"),
        waiting(person, "alone", bundles=False),
        a_mail("applicant", due_at=MORNING),
        waiting(person, "later", due_at=MORNING + timedelta(hours=1)),
    )
    deliver_due(at=MORNING)
    assert carried() == ["a1", "a2"]
    assert sorted(key for key in channel.taken if not key.startswith("bundle:")) == [
        "alone",
        "applicant",
        "b",
        "english",
    ]


@pytest.mark.django_db
def test_the_digest_names_each_with_its_page(person: AbstractBaseUser, settings: Settings) -> None:
    settings.SITE_URL = "https://gongkai.example.cn/"
    posted(
        waiting(person, "a", context={"name": "第一件"}, path="/desk/cases/1/"),
        waiting(person, "b", context={"name": "<b>第二件</b>"}),
    )
    assert bundle_due("email", at=MORNING) == 1
    digest = Message.objects.get(notice=bundling.NOTICE)
    words = worded(digest)
    assert words.subject == "您有2条工作消息"
    assert "- 关于第一件的 消息\n  https://gongkai.example.cn/desk/cases/1/\n" in words.text
    assert "- 关于<b>第二件</b>的 消息" in words.text
    assert text_message(digest) == "【政府信息公开】您有2条工作消息，请登录工作台查看。"


@pytest.mark.django_db
def test_a_digest_has_an_end_and_the_rest_goes_into_the_next(
    channel: ScriptedChannel, person: AbstractBaseUser
) -> None:
    posted(*[waiting(person, f"k{n:03}") for n in range(MOST + 3)])
    deliver_due(at=MORNING)
    assert Message.objects.filter(notice=bundling.NOTICE).count() == 1
    assert Message.objects.filter(status=Status.CARRIED).count() == MOST
    assert len(channel.taken) == 1 + 3


@pytest.mark.django_db
def test_a_broken_template_goes_alone_and_holds_up_nobody(channel: ScriptedChannel, person: AbstractBaseUser) -> None:
    posted(waiting(person, "a"), waiting(person, "bad", notice="no_such_notice"), waiting(person, "b"))
    deliver_due(at=MORNING)
    assert carried() == ["a", "b"]
    assert "bad" in channel.taken


@pytest.mark.django_db
def test_what_was_tried_in_vain_is_tried_again_by_itself(channel: ScriptedChannel, person: AbstractBaseUser) -> None:
    posted(waiting(person, "a", due_at=AT), waiting(person, "b", due_at=AT + timedelta(minutes=1)))
    channel.script["a"] = Deferred("Busy")
    deliver_due(at=AT)
    channel.script.clear()
    deliver_due(at=AT + timedelta(minutes=5))
    assert sorted(channel.taken) == ["a", "b"]


@pytest.mark.django_db
def test_a_digest_that_is_undeliverable_is_seen_and_can_be_sent_again(
    channel: ScriptedChannel, person: AbstractBaseUser
) -> None:
    posted(waiting(person, "a", owner_ref="agency:7"), waiting(person, "b"))
    digest_key = f"bundle:{Message.objects.get(effect_key='a').pk}"
    channel.script[digest_key] = Rejected("NoAddress")
    deliver_due(at=MORNING)
    (digest,) = outbox.undeliverable()
    assert (digest.effect_key, digest.owner_ref, carried()) == (digest_key, "agency:7", [])
    channel.script.clear()
    outbox.send_again([digest.pk], at=MORNING)
    deliver_due(at=MORNING)
    assert carried() == ["a", "b"]


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"channel": "inbox", "due_at": None}, {"recipient_id": None, "address": "a@b.cn"}])
def test_only_what_goes_out_to_a_person_is_bundled(person: AbstractBaseUser, facts: dict[str, object]) -> None:
    with pytest.raises(Unpostable) as refused:
        posted(waiting(person, "k", **facts))
    assert refused.value.field == "bundles"


# ── Death ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Death(BaseException):
    """What a killed worker does: nothing more, not even an except clause."""


def die(*_: object, **__: object) -> None:
    raise Death


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["QuerySet.create", "QuerySet.update"])
def test_a_worker_killed_between_bundle_and_mark_has_changed_nothing(
    channel: ScriptedChannel, person: AbstractBaseUser, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    posted(waiting(person, "a"), waiting(person, "b"))
    with monkeypatch.context() as patch:
        patch.setattr(f"django.db.models.query.{where}", die)
        with pytest.raises(Death):
            deliver_due(at=MORNING)
    assert sorted(Message.objects.values_list("effect_key", "status")) == [("a", "pending"), ("b", "pending")]
    assert deliver_due(at=MORNING) == Run(sent=1)
    assert carried() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_bundle_leaves_a_digest_that_is_sent_once(
    channel: ScriptedChannel, person: AbstractBaseUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(waiting(person, "a"), waiting(person, "b"))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_hand_over", die)
        with pytest.raises(Death):
            deliver_due(at=MORNING)
    assert channel.taken == []
    deliver_due(at=MORNING + LEASE + timedelta(seconds=5))
    deliver_due(at=MORNING + timedelta(days=1))
    assert len(channel.taken) == 1
    assert carried() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_each_message_is_carried_once_or_sent_once(channel: ScriptedChannel) -> None:
    people = [a_person(f"p{n}") for n in range(6)]
    keys = [f"k{n:03}" for n in range(90)]
    posted(*[waiting(people[n % 6], key) for n, key in enumerate(keys)])
    at_once(*[lambda: deliver_due(at=MORNING)] * 4)
    deliver_due(at=MORNING + LEASE)
    alone = [key for key in channel.taken if not key.startswith("bundle:")]
    assert sorted(carried() + alone) == keys
    assert len(set(channel.taken)) == len(channel.taken)
    assert not Message.objects.filter(next_attempt_at__isnull=False).exists()


# ── Whatever the mix ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def staff(db: None) -> list[AbstractBaseUser]:
    return [a_person(f"p{n}") for n in range(3)]


@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.booleans()), max_size=12),
    refused=st.sets(st.integers(0, 11)),
    looks=st.lists(st.integers(0, 6), max_size=6),
)
def test_each_message_leaves_exactly_once_alone_or_in_one_digest(
    staff: list[AbstractBaseUser], rows: list[tuple[int, int, bool]], refused: set[int], looks: list[int]
) -> None:
    Message.objects.filter(carried_by__isnull=False).delete()
    Message.objects.all().delete()
    scripted = ScriptedChannel()
    scripted.refuse([f"k{n}" for n in refused], Deferred("Busy"))
    keys = [f"k{n}" for n in range(len(rows))]
    for key, (person, hours, bundles) in zip(keys, rows, strict=True):
        posted(waiting(staff[person], key, due_at=AT + timedelta(hours=hours), bundles=bundles))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(OUTWARD, Message.Channel.EMAIL, lambda: scripted)
        for hours in sorted(looks):
            deliver_due(at=AT + timedelta(hours=hours))
        scripted.script.clear()
        deliver_due(at=AT + timedelta(days=2))
        deliver_due(at=AT + timedelta(days=3))
    alone = [key for key in scripted.taken if not key.startswith("bundle:")]
    assert sorted(carried() + alone) == sorted(keys)
    assert len(set(scripted.taken)) == len(scripted.taken)
