"""The words of a message, made when it is shown or sent, in one language.

Contract for the templates of a notice, in ``templates/mail/<notice>/``:

- ``subject.txt``: one line; whatever it prints is joined to one line.
- ``body.txt``: the message itself. What an inbox shows, too.
- ``body.html``: optional, for mail programs that show it; no remote pictures, no script.
- ``sms.txt``: optional, one line for a text message, which is otherwise the subject. Signed with the ``agency`` of the
  context; a text message holds no link, so that nobody learns to follow those of others.

A template sees what the poster put into the context, with dates and moments as such, in the rows of a list too;
``link``: the full address of the message's page, or nothing; and ``site``: that of this site. Texts are not escaped
and HTML is; values are data and never read as template code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.utils import translation
from django.utils.translation import gettext

from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in words; ``html`` is empty for a notice without ``body.html``."""

    subject: str
    text: str
    html: str


def worded(message: Message, *, language: str = "") -> Wording:
    """The message in its own language, or in that of the page on which it is shown."""
    values = _values(message)
    with translation.override(language or message.language):
        return Wording(
            subject=_subject(message.notice, values),
            text=_rendered(_template(message.notice, "body.txt"), values, escaped=False).strip() + "\n",
            html=_html(message.notice, values),
        )


def subject_of(message: Message, *, language: str = "") -> str:
    """Only the subject: what a list of messages shows."""
    with translation.override(language or message.language):
        return _subject(message.notice, _values(message))


def text_message(message: Message) -> str:
    """The message as a text message, in its own language."""
    values = _values(message)
    with translation.override(message.language):
        try:
            text = " ".join(_rendered(_template(message.notice, "sms.txt"), values, escaped=False).split())
        except TemplateDoesNotExist:
            text = _subject(message.notice, values)
        sender = values.get("agency") or gettext("政府信息公开")
        return f"【{sender}】{text}"


def _subject(notice: str, values: dict[str, Any]) -> str:
    return " ".join(_rendered(_template(notice, "subject.txt"), values, escaped=False).split())


def _html(notice: str, values: dict[str, Any]) -> str:
    try:
        template = _template(notice, "body.html")
    except TemplateDoesNotExist:
        return ""
    return _rendered(template, values, escaped=True)


def _template(notice: str, file: str) -> Template:
    return Engine.get_default().get_template(f"mail/{notice}/{file}")


def _rendered(template: Template, values: dict[str, Any], *, escaped: bool) -> str:
    return template.render(Context(values, autoescape=escaped))


def _values(message: Message) -> dict[str, Any]:
    site: str = getattr(settings, "SITE_URL", "")
    link = f"{site.rstrip('/')}{message.path}" if site and message.path else ""
    return {**_revived(message.context), "link": link, "site": site.rstrip("/")}


def _revived(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _revive(key, value) for key, value in context.items()}


def _revive(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_revived(item) if isinstance(item, Mapping) else item for item in value]
    if isinstance(value, str) and value and key.endswith("_on"):
        return date.fromisoformat(value)
    if isinstance(value, str) and value and key.endswith("_at"):
        return datetime.fromisoformat(value)
    return value
