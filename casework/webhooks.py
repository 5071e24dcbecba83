"""What other systems of an agency are told, where they are reached, and what such an address must be."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.conf import settings

from casework.law.calendar import day_of
from casework.law.correction import Standing
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import CorrectionEvent, CorrectionKind, Kind, WebhookEndpoint
from casework.models.webhook import NAME
from notifications import signing, wire
from notifications.models import Message
from notifications.outbox import post
from notifications.posting import Channel, Posting
from notifications.webhook import Endpoint

LONGEST_URL: Final = 500


class Topic(StrEnum):
    """What an endpoint may ask to hear of."""

    ARRIVED = "arrived"
    CLOCK = "clock"
    CLOSED = "closed"
    OTHER = "other"
    CORRECTION = "correction"
    AUDIT = "audit"


TOPICS: Final[dict[Topic, tuple[Text, frozenset[Kind]]]] = {
    Topic.ARRIVED: (Text("收到申请", "Applications received"), frozenset({Kind.SUBMITTED, Kind.REGISTERED})),
    Topic.CLOCK: (
        Text("影响期限的事项", "What moves the period"),
        frozenset(
            {
                Kind.SUPPLEMENT_REQUESTED,
                Kind.SUPPLEMENT_RECEIVED,
                Kind.CONSULTED,
                Kind.OPINION_RECORDED,
                Kind.EXTENDED,
                Kind.FEE_NOTIFIED,
                Kind.PAYMENT_RECORDED,
            }
        ),
    ),
    Topic.CLOSED: (
        Text("送出答复、送达、撤回", "Replies sent and delivered, withdrawals"),
        frozenset({Kind.DISPATCHED, Kind.DELIVERY_RECORDED, Kind.WITHDRAWN}),
    ),
    #: Whatever else is done to a case.
    Topic.OTHER: (Text("其他办理动态", "Any other step"), frozenset()),
    #: Of a file of their own (条例 41): see ``OF_CORRECTIONS``.
    Topic.CORRECTION: (Text("更正请求的收到、补充、答复", "Requests for correction"), frozenset()),
    #: No step of a case: whoever keeps it can tell a chain that was written anew.
    Topic.AUDIT: (Text("审计链的链头（每日一次）", "The head of the audit chain, once a day"), frozenset()),
}


#: What is told of a request for correction: that it came, what was awaited and came, how it ended.
OF_CORRECTIONS: Final = frozenset(CorrectionKind) - {
    CorrectionKind.TAKEN,
    CorrectionKind.OPENED,
    CorrectionKind.IDENTITY_READ,
}


def topic_of(kind: Kind) -> Topic:
    """Under what an event is told."""
    return next((topic for topic, (_words, kinds) in TOPICS.items() if kind in kinds), Topic.OTHER)


def check_url(url: str) -> None:
    """Refuse what may not be called; where it leads is asked again each time it is called."""
    if len(url) > LONGEST_URL:
        raise Refused(_WRONG["BadAddress"], field="url")
    try:
        wire.located(url, allowed=settings.WEBHOOK_NETWORKS)
    except (wire.Forbidden, OSError) as error:
        reason = error.reason if isinstance(error, wire.Forbidden) else "NotFound"
        raise Refused(_WRONG[reason], field="url") from None


_WRONG: Final = {
    "BadAddress": Text(
        "接收地址应当是完整的网址，例如 https://example.gov.cn/hook，不含用户名和密码。",
        "Give a full address such as https://example.gov.cn/hook, without user name or password.",
    ),
    "NotSecure": Text("接收地址应当以 https:// 开头。", "The address must begin with https://."),
    "PrivateAddress": Text(
        "接收地址在内部网络中。确有需要的，请系统管理员在 WEBHOOK_NETWORKS 中允许这个网段。",
        "The address lies in an internal network. If it must be called, the system administrator allows that network "
        "in WEBHOOK_NETWORKS.",
    ),
    "NotFound": Text("找不到这个地址，请核对域名。", "There is no such address; check the host name."),
}


def new_secret() -> str:
    """A secret to sign with."""
    return signing.new_secret()


def call(endpoint: WebhookEndpoint, key: str, *, kind: str, at: datetime, data: dict[str, Any]) -> Posting:
    """A call of a webhook."""
    return Posting(
        effect_key=key,
        channel=Channel.WEBHOOK,
        notice="webhook",
        language=settings.LANGUAGE_CODE,
        address=endpoint.name,
        context={"type": kind, "happened_at": at, "data": data},
        owner_ref=f"agency:{endpoint.agency_id}",
    )


def endpoint_of(name: str, message: Message) -> Endpoint | None:
    """Where a message to ``endpoint:7`` goes when it is sent (``WEBHOOK_DIRECTORY`` of the settings)."""
    found = WebhookEndpoint.objects.filter(pk=int(name.removeprefix(NAME)), disabled_at=None).first()
    if found is None:
        return None
    return Endpoint(found.url, found.secrets_at(message.claimed_at or message.due_at))


def lately(endpoint: WebhookEndpoint, most: int = 200) -> list[Message]:
    """What was posted to it, newest first."""
    found = Message.objects.filter(channel=Message.Channel.WEBHOOK, address=endpoint.name)
    return list(found.order_by("-pk")[:most])


def tell_anchor(seq: int, digest: str, *, at: datetime) -> None:
    """Post the head of the audit chain to every endpoint that asks for it; the same head once a day."""
    for endpoint in WebhookEndpoint.objects.filter(disabled_at=None):
        if Topic.AUDIT in endpoint.topics:
            key = f"anchor:{endpoint.pk}:{day_of(at)}:{seq}"
            post(call(endpoint, key, kind="audit.anchor", at=at, data={"seq": seq, "digest": digest}), at=at)


def tell_of_correction(event: CorrectionEvent) -> None:
    """Post what happened to a request for correction (条例 41), in the transaction of the event; no personal data."""
    if event.kind not in OF_CORRECTIONS:
        return
    correction = event.correction
    due = correction.due() if correction.standing == Standing.RECEIVED else None
    data = {
        "agency": correction.agency.code,
        "correction": correction.number,
        "standing": correction.standing,
        "ending": correction.ending,
        "due_on": due.due_on.isoformat() if due and due.due_on else None,
        "provisional": bool(due and due.provisional),
    }
    for endpoint in WebhookEndpoint.objects.filter(agency=correction.agency_id, disabled_at=None):
        if Topic.CORRECTION in endpoint.topics:
            key = f"correction:{event.pk}:webhook:{endpoint.pk}"
            post(call(endpoint, key, kind=f"correction.{event.kind}", at=event.at, data=data), at=event.at)


def ping(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    """Post a call that says nothing, by which the receiver can be tried."""
    data = {"agency": endpoint.agency.code}
    post(call(endpoint, f"ping:{endpoint.pk}:{at.isoformat()}", kind="ping", at=at, data=data), at=at)
