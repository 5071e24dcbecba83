"""Messages that were given up, as a person reads them: to whom, about what, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.template import TemplateDoesNotExist
from django.utils.translation import get_language, gettext

from casework import access
from casework.law.words import Text
from casework.models import Staff
from notifications.models import Message
from notifications.outbox import undeliverable
from notifications.wording import subject_of

#: The beginning of ``last_error`` → what it means for whoever has to mend it; the first that fits.
REASONS: Final[tuple[tuple[str, Text], ...]] = (
    ("NoAddress", Text("没有电子邮箱地址。", "There is no e-mail address.")),
    ("BadAddress", Text("地址的写法不对。", "The address is not written correctly.")),
    ("NoMobile", Text("没有手机号码。", "There is no mobile number.")),
    (
        "SMTPRecipientsRefused",
        Text(
            "对方的邮件服务器说没有这个邮箱，或者拒绝接收。",
            "The receiver's mail server has no such mailbox or refuses.",
        ),
    ),
    ("SMTPDataError", Text("对方的邮件服务器拒绝了这封邮件。", "The receiver's mail server refused the message.")),
    (
        "HTTP 4",
        Text("短信网关或者接收系统拒绝了这条消息。", "The gateway or the receiving system refused it."),
    ),
    ("HTTP", Text("短信网关或者接收系统多次没有接受。", "The gateway or the receiving system did not take it.")),
    ("EndpointOff", Text("接收地址已经停用。", "The endpoint was disabled.")),
    (
        "PrivateAddress",
        Text("接收地址在内部网络中，没有被允许。", "The endpoint is in a network that is not allowed."),
    ),
    ("NotSecure", Text("接收地址不是 https。", "The endpoint is not https.")),
    ("WorkerLost", Text("发送程序多次中断。", "Sending broke off several times.")),
)
OTHERWISE: Final = Text("多次发送都没有成功。", "It was tried many times in vain.")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the list."""

    message: Message
    subject: str
    reason: Text
    receiver: str
    case: int | None
    """The case that it is about, where the reader may open it."""


def reason_of(message: Message) -> Text:
    """Why it was given up, in plain words."""
    return next((words for error, words in REASONS if message.last_error.startswith(error)), OTHERWISE)


def seen_by(user: Staff) -> QuerySet[Message]:
    """What could not be delivered in the name of the agencies of which this person is head or administrator."""
    agencies = access.agencies_where(user, access.AGENCY_ACTS[access.AgencyAct.SEE_UNDELIVERED].roles)
    return undeliverable().filter(owner_ref__in=[f"agency:{pk}" for pk in agencies])


def lines(messages: Iterable[Message], user: Staff) -> list[Line]:
    """The messages in words; an address only so far that its owner can be told from others."""
    messages = list(messages)
    about = {each.pk: _case(each) for each in messages}
    cases = {key for key in about.values() if key is not None}
    readable = set(access.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
    return [
        Line(
            message=each,
            subject=_subject(each),
            reason=reason_of(each),
            receiver=_receiver(each),
            case=about[each.pk] if about[each.pk] in readable else None,
        )
        for each in messages
    ]


def _case(message: Message) -> int | None:
    kind, _colon, key = message.subject_ref.partition(":")
    return int(key) if kind == "case" else None


def _subject(message: Message) -> str:
    if message.channel == Message.Channel.WEBHOOK:
        return str(message.context["type"])
    try:
        return subject_of(message, language=get_language() or "")
    except TemplateDoesNotExist:
        return gettext("一条旧消息")


def _receiver(message: Message) -> str:
    if message.recipient is not None:
        return str(message.recipient)
    if message.channel == Message.Channel.EMAIL:
        name, _at, domain = message.address.rpartition("@")
        return f"{name[:1]}***@{domain}"
    if message.channel == Message.Channel.SMS:
        return f"{message.address[:3]}****{message.address[-4:]}"
    return gettext("接收地址 %(number)s") % {"number": message.address.rpartition(":")[2]}
