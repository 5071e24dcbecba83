"""What the outbox accepts, and that it stores whatever it accepts."""

import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from notifications import outbox
from notifications.models import Message
from notifications.posting import LONGEST_CONTEXT, Posting, Unpostable, check_address
from tests.notifications.builders import AT, a_mail, a_word_to, posted

REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "a second header in the address": ("address", {"address": "a@b.cn\r\nBcc: all@b.cn"}),
    "a line end in the address": ("address", {"address": "a@b.cn\n"}),
    "NUL in the address": ("address", {"address": "a\0@b.cn"}),
    "two addresses": ("address", {"address": "a@b.cn, c@d.cn"}),
    "a name with the address": ("address", {"address": "张三 <a@b.cn>"}),
    "a direction mark in the address": ("address", {"address": "a\u202e@b.cn"}),
    "no address at all": ("address", {"address": "张三"}),
    "a blank address": ("address", {"address": "  "}),
    "an address that is too long": ("address", {"address": f"a@{'b' * 260}.cn"}),
    "no receiver": ("recipient", {"address": ""}),
    "two receivers": ("recipient", {"recipient_id": 1}),
    "an inbox without an owner": ("recipient", {"channel": Message.Channel.INBOX}),
    "an inbox later": (
        "due_at",
        {"channel": Message.Channel.INBOX, "address": "", "recipient_id": 1, "due_at": AT + timedelta(hours=1)},
    ),
    "an unknown channel": ("channel", {"channel": "pigeon"}),
    "an unknown language": ("language", {"language": "la"}),
    "a notice that climbs out of its folder": ("notice", {"notice": "../base"}),
    "a notice without a name": ("notice", {"notice": ""}),
    "a blank effect key": ("effect_key", {"effect_key": " "}),
    "an effect key that is too long": ("effect_key", {"effect_key": "k" * 201}),
    "NUL in the effect key": ("effect_key", {"effect_key": "case:\0"}),
    "a line end in the subject reference": ("subject_ref", {"subject_ref": "case:1\n"}),
    "a link to another site": ("path", {"path": "//evil.example/"}),
    "a link to another site by a backslash": ("path", {"path": "/\\evil.example/"}),
    "a link with a scheme": ("path", {"path": "javascript:alert(1)"}),
    "NUL in a text": ("context", {"context": {"name": "张\0三"}}),
    "NUL deep in the context": ("context", {"context": {"list": [{"a": ["\0"]}]}}),
    "NUL in a key": ("context", {"context": {"list": {"\0": 1}}}),
    "half a character": ("context", {"context": {"name": "\ud83d"}}),
    "a number that is none": ("context", {"context": {"share": float("nan")}}),
    "an object": ("context", {"context": {"case": object()}}),
    "a date under a name that does not say so": ("context", {"context": {"due": date(2026, 11, 18)}}),
    "a text that is no date": ("context", {"context": {"due_on": "tomorrow"}}),
    "a moment for a date": ("context", {"context": {"due_on": datetime(2026, 11, 18, tzinfo=UTC)}}),
    "a moment without a zone": ("context", {"context": {"heard_at": datetime(2026, 11, 18)}}),
    "a number for a date": ("context", {"context": {"due_on": 20261118}}),
    "the link, which is not the poster's": ("context", {"context": {"link": "https://evil.example"}}),
    "a file in the context": ("context", {"context": {"text": "长" * LONGEST_CONTEXT}}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "facts"), REFUSED.values(), ids=REFUSED.keys())
def test_what_could_not_be_delivered_is_refused_and_nothing_of_the_lot_is_stored(
    field: str, facts: dict[str, Any]
) -> None:
    bad = {"effect_key": "bad", **facts}
    with pytest.raises(Unpostable) as refused:
        outbox.post_many([a_mail("good"), a_mail(bad.pop("effect_key"), **bad)], at=AT)
    assert refused.value.field == field
    assert not Message.objects.exists()


def test_a_refusal_does_not_repeat_the_address() -> None:
    with pytest.raises(Unpostable) as refused:
        check_address("zhang.san@example.cn\nBcc: li.si@example.cn")
    assert "example" not in str(refused.value)
    assert "zhang" not in refused.value.sentence


def test_a_refusal_survives_the_way_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(Unpostable("不行。", field="address")))
    assert (copy.sentence, copy.field, str(copy)) == ("不行。", "address", "不行。")


@pytest.mark.parametrize("address", ["zhang.san+tag@example.gov.cn", "a@localhost", "o'brien@b.cn", "a@公开.中国"])
def test_an_ordinary_address_is_accepted(address: str) -> None:
    check_address(address)


@pytest.mark.django_db
def test_rare_characters_emoji_and_what_only_looks_like_nul_are_kept() -> None:
    (message,) = posted(a_mail(context={"name": "𠮷野家😀\\u0000镕"}))
    message.refresh_from_db()
    assert message.context == {"name": "𠮷野家😀\\u0000镕"}


@pytest.mark.django_db
def test_a_message_in_an_inbox_is_there_at_once(person: AbstractBaseUser) -> None:
    (message,) = posted(a_word_to(person))
    assert (message.status, message.sent_at, message.next_attempt_at) == (Message.Status.SENT, AT, None)


PRINTABLE = st.text(st.characters(codec="utf-8"), max_size=210)
ADDRESSES = st.one_of(st.just(""), st.emails(), PRINTABLE)


class EveryAcceptedPostingIsStored(TestCase):
    """SQLite's INSERT OR IGNORE drops a row that breaks a constraint in silence: the checks must ask no less."""

    @given(
        key=PRINTABLE,
        channel=st.sampled_from([*Message.Channel, "pigeon"]),
        address=ADDRESSES,
        has_account=st.booleans(),
        name=PRINTABLE,
        path=st.one_of(st.just(""), PRINTABLE.map("/".__add__)),
        wait=st.sampled_from([None, timedelta(hours=-3), timedelta(hours=3)]),
    )
    def test(
        self,
        key: str,
        channel: Message.Channel,
        address: str,
        has_account: bool,
        name: str,
        path: str,
        wait: timedelta | None,
    ) -> None:
        from tests.notifications.builders import a_person

        posting = Posting(
            effect_key=key,
            channel=channel,
            notice="heard",
            language="en",
            recipient_id=a_person("wang").pk if has_account else None,
            address=address,
            context={"name": name},
            path=path,
            due_at=None if wait is None else AT + wait,
        )
        try:
            outbox.post(posting, at=AT)
        except Unpostable:
            assert not Message.objects.exists()
        else:
            assert Message.objects.get().effect_key == key
