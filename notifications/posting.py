"""What a poster hands to the outbox, checked before anything is stored."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from notifications import trail
from notifications.models import Message
from notifications.phone import mobile

Channel = Message.Channel

#: Characters of JSON: a message carries what its template needs, not a file.
LONGEST_CONTEXT = 64_000
NOTICE = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
#: Filled in at display time, so a context may not bring them.
RESERVED = frozenset({"link", "site"})


class Unpostable(ValueError):
    """A message that could not be delivered as given; nothing has been stored. Its sentence shows no personal data."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.sentence, self.field)


def _rebuild(sentence: str, name: str) -> Unpostable:
    return Unpostable(sentence, field=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A message to be written: by whom it is caused and to whom it goes, not yet in which words.

    The receiver is either a person with an account (``recipient_id``) or an ``address``. In the ``context`` a key
    that ends in ``_on`` holds a date and one that ends in ``_at`` a moment; they reach the template as such. All else
    is plain JSON. ``due_at`` is the earliest moment of sending, at once by default. What ``bundles`` may leave in a
    digest with others that wait for the same person.
    """

    effect_key: str
    channel: Message.Channel
    notice: str
    language: str
    recipient_id: int | None = None
    address: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    subject_ref: str = ""
    owner_ref: str = ""
    path: str = ""
    due_at: datetime | None = None
    bundles: bool = False

    def as_message(self, *, at: datetime) -> Message:
        """The unsaved row. Raises ``Unpostable``.

        Everything the table's constraints ask is asked here: SQLite's ``INSERT OR IGNORE`` would drop a row that
        breaks a constraint without a word.
        """
        self._check(at)
        immediate = self.channel == Channel.INBOX
        due_at = max(at, self.due_at or at)
        return Message(
            effect_key=self.effect_key,
            channel=self.channel,
            recipient_id=self.recipient_id,
            address=self.address,
            notice=self.notice,
            context=_storable(self.context),
            language=self.language,
            subject_ref=self.subject_ref,
            owner_ref=self.owner_ref,
            path=self.path,
            request_id=trail.current(),
            created_at=at,
            due_at=due_at,
            bundles=self.bundles,
            # an inbox is delivered to by the row's being there
            status=Message.Status.SENT if immediate else Message.Status.PENDING,
            next_attempt_at=None if immediate else due_at,
            sent_at=at if immediate else None,
        )

    def _check(self, at: datetime) -> None:
        _one_line("effect_key", self.effect_key, longest=200, required=True)
        _one_line("subject_ref", self.subject_ref, longest=100)
        _one_line("owner_ref", self.owner_ref, longest=100)
        _one_line("path", self.path, longest=300)
        if self.path and (not self.path.startswith("/") or self.path.startswith("//") or "\\" in self.path):
            _refuse("path", _("链接只能是本站的路径，以一个“/”开头。"))
        if self.channel not in Channel.values:
            _refuse("channel", _("没有这种发送渠道。"))
        if not NOTICE.fullmatch(self.notice):
            _refuse("notice", _("通知的名称只能由小写字母、数字和下划线组成。"))
        if self.language not in dict(settings.LANGUAGES):
            _refuse("language", _("没有这种语言的通知文本。"))
        self._check_receiver()
        if self.channel == Channel.INBOX and self.due_at is not None and self.due_at > at:
            _refuse("due_at", _("站内消息即时送达，不能推迟发送。"))

    def _check_receiver(self) -> None:
        if (self.recipient_id is None) == (not self.address):
            _refuse("recipient", _("收件人须为一个账户或者一个地址，二者必居其一。"))
        if self.channel == Channel.INBOX and self.recipient_id is None:
            _refuse("recipient", _("站内消息只能发给有账户的人员。"))
        if self.channel == Channel.WEBHOOK and self.recipient_id is not None:
            _refuse("recipient", _("系统回调只能发给登记的接收地址。"))
        if self.bundles and (self.recipient_id is None or self.channel not in (Channel.EMAIL, Channel.SMS)):
            _refuse("bundles", _("只有发给本系统人员的电子邮件和短信可以汇总发送。"))
        if self.address:
            CHECKS[self.channel](self.address)


def check_address(address: str) -> None:
    """Raises ``Unpostable`` for anything that is not one e-mail address, above all for what would add a header."""
    _one_line("address", address, longest=254, required=True)
    try:
        validate_email(address)
    except ValidationError:
        _refuse("address", _("收件地址不是可用的电子邮箱地址。"))


def check_mobile(number: str) -> None:
    """Raises ``Unpostable`` for anything that is not one mobile number in the form in which it is stored."""
    if mobile(number) != number:
        _refuse("address", _("收件号码不是可用的手机号码。"))


def check_endpoint(name: str) -> None:
    """Raises ``Unpostable`` for anything that cannot be the name of an endpoint."""
    _one_line("address", name, longest=254, required=True)


CHECKS: Final[Mapping[str, Callable[[str], None]]] = {
    Channel.EMAIL: check_address,
    Channel.SMS: check_mobile,
    Channel.WEBHOOK: check_endpoint,
}


def _one_line(name: str, text: str, *, longest: int, required: bool = False) -> None:
    if required and not text.strip():
        _refuse(name, _("%(field)s 不能为空。") % {"field": name})
    if len(text) > longest:
        _refuse(name, _("%(field)s 不能超过 %(longest)d 个字符。") % {"field": name, "longest": longest})
    if not text.isprintable():  # line ends, NUL, other controls, direction marks, lone surrogates
        _refuse(name, _("%(field)s 含有换行或者其他不可见的控制字符。") % {"field": name})


def _storable(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context as plain JSON that both databases can hold."""
    if taken := RESERVED & context.keys():
        _refuse("context", _("通知内容不能使用保留的名称：%(names)s。") % {"names": "、".join(sorted(taken))})
    plain: dict[str, Any] = {key: _dated(key, value) for key, value in context.items()}
    try:
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:
        _refuse("context", _("通知内容含有不成对的代理字符。"))
    except (TypeError, ValueError, RecursionError):
        _refuse("context", _("通知内容只能是文字、数字、是否、列表和对照表；日期的名称须以 _on 或者 _at 结尾。"))
    if len(text) > LONGEST_CONTEXT:
        _refuse("context", _("通知内容过长：只应包含通知文本需要的内容。"))
    if "\\u0000" in text and any("\0" in part for part in _texts(plain)):  # a NUL, or six innocent characters?
        _refuse("context", _("通知内容含有空字符（NUL）。"))
    return plain


def _dated(key: str, value: object) -> object:
    """A date or moment in the form in which ``wording`` reads it back."""
    if value is None or not key.endswith(("_on", "_at")):
        return value
    try:
        if key.endswith("_on"):
            day = date.fromisoformat(value) if isinstance(value, str) else value
            if isinstance(day, date) and not isinstance(day, datetime):
                return day.isoformat()
        else:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
            if isinstance(moment, datetime) and moment.tzinfo is not None:
                return moment.isoformat()
    except ValueError:
        pass
    return _refuse("context", _("%(field)s 须为日期（_on）或者带时区的时刻（_at）。") % {"field": key})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _refuse(name: str, sentence: str) -> NoReturn:
    raise Unpostable(sentence, field=name)
