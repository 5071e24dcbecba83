"""The words of a message: in its language, its values as data, its heads on one line."""

from datetime import date

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from pytest_django import Settings

from notifications import outbox
from notifications.delivery import Run, deliver_due
from notifications.models import Message
from notifications.wording import subject_of, worded
from tests.notifications.builders import AT, a_mail, a_person, a_word_to, posted

pytestmark = pytest.mark.django_db

TEXTS = {
    "zh-hans": ("关于张三的 消息", "张三：请于2026年11月18日前办理。"),
    "en": ("About 张三", "Dear 张三, it is due on 18 November 2026."),
}


def sent() -> EmailMultiAlternatives:
    (only,) = mail.outbox
    assert isinstance(only, EmailMultiAlternatives)
    return only


@pytest.mark.parametrize("around", ["zh-hans", "en"])
@pytest.mark.parametrize(("language", "words"), TEXTS.items())
def test_a_mail_speaks_the_language_of_its_message_wherever_it_is_sent_from(
    language: str, words: tuple[str, str], around: str
) -> None:
    posted(a_mail(language=language, context={"name": "张三", "due_on": date(2026, 11, 18)}))
    with translation.override(around):
        deliver_due(at=AT)
        assert translation.get_language() == around
    assert (sent().subject, sent().body.splitlines()[0]) == words


def test_an_inbox_can_be_read_in_the_language_of_the_page(person: AbstractBaseUser) -> None:
    (message,) = posted(a_word_to(person, context={"name": "张三", "due_on": date(2026, 11, 18)}))
    assert worded(message).subject == "关于张三的 消息"
    assert worded(message, language="en").subject == subject_of(message, language="en") == "About 张三"


def test_dates_and_moments_come_back_as_such_and_moments_in_shanghai_time() -> None:
    from datetime import UTC

    (message,) = posted(a_mail(context={"due_on": "2026-02-03", "heard_at": AT.astimezone(UTC)}))
    message.refresh_from_db()
    text = worded(message).text
    assert "2026年2月3日" in text
    assert "2026-11-18 10:00" in text


def test_values_are_never_read_as_template_code() -> None:
    (message,) = posted(a_mail(context={"name": "{% now 'Y' %}{{ link }}{# #}", "due_on": None}))
    words = worded(message)
    assert "{% now 'Y' %}{{ link }}{# #}" in words.subject
    assert "{% now 'Y' %}{{ link }}{# #}" in words.text
    assert "{% now &#x27;Y&#x27; %}{{ link }}{# #}" in words.html


def test_html_is_escaped_and_plain_text_is_not() -> None:
    (message,) = posted(a_mail(context={"name": "<b>A&B</b>", "due_on": None}))
    words = worded(message)
    assert "<b>A&B</b>" in words.text
    assert "<b>A&B</b>" in words.subject
    assert "<p>&lt;b&gt;A&amp;B&lt;/b&gt;</p>" in words.html


def test_a_line_end_in_a_value_cannot_add_a_header() -> None:
    posted(a_mail(notice="quiet", context={"name": "x\r\nBcc: all@example.cn\x0b\x85y"}))
    assert deliver_due(at=AT).sent == 1
    assert sent().subject == "x Bcc: all@example.cn y"
    assert sent().message()["Bcc"] is None


def test_a_link_leads_to_the_site_and_without_a_site_there_is_none(settings: Settings) -> None:
    (message,) = posted(a_mail(path="/follow/"))
    settings.SITE_URL = "https://gongkai.example.gov.cn/"
    assert "https://gongkai.example.gov.cn/follow/" in worded(message).text
    settings.SITE_URL = ""
    assert "/follow/" not in worded(message).text


def test_html_goes_along_where_the_notice_has_it() -> None:
    posted(a_mail("a"), a_mail("b", notice="quiet"))
    deliver_due(at=AT)
    with_html, without = sorted(mail.outbox, key=lambda one: len(one.subject), reverse=True)
    assert isinstance(with_html, EmailMultiAlternatives)
    assert isinstance(without, EmailMultiAlternatives)
    assert [part.get_content_type() for part in with_html.message().walk()][1:] == ["text/plain", "text/html"]
    assert without.alternatives == []


def test_a_text_that_cannot_be_made_waits_for_its_repair_and_holds_up_no_other() -> None:
    posted(a_mail("a", notice="broken"), a_mail("b", notice="no_such_notice"), a_mail("c"))
    assert deliver_due(at=AT) == Run(sent=1, deferred=2)
    errors = Message.objects.exclude(last_error="").values_list("last_error", flat=True)
    assert set(errors) == {"TemplateDoesNotExist"}


def test_staff_are_written_to_where_their_account_says_now() -> None:
    person = a_person("li", email="old@office.example.cn")
    posted(a_mail(address="", recipient_id=person.pk))
    setattr(person, person.get_email_field_name(), "new@office.example.cn")
    person.save()
    deliver_due(at=AT)
    assert sent().to == ["new@office.example.cn"]


@pytest.mark.parametrize(
    ("email", "error"), [("", "NoAddress"), ("nobody", "BadAddress"), ("a@b.cn\nBcc: c@d.cn", "BadAddress")]
)
def test_an_account_without_a_usable_address_is_shown_as_undeliverable(email: str, error: str) -> None:
    posted(a_mail(address="", recipient_id=a_person("li", email=email).pk))
    assert deliver_due(at=AT) == Run(failed=1)
    assert [message.last_error for message in outbox.undeliverable()] == [error]
    assert mail.outbox == []
