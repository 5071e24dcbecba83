"""What the administrator of an agency does about its webhooks."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from casework import webhooks
from casework.access import AgencyAct, check_may_for_agency
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Staff, WebhookEndpoint


def add(agency: Agency, *, url: str, topics: Sequence[str], by: Staff, at: datetime) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, and its secret in clear: the only time that it is shown."""
    check_may_for_agency(by, AgencyAct.SET_WEBHOOKS, agency)
    webhooks.check_url(url)
    if not topics or not set(topics) <= {topic.value for topic in webhooks.TOPICS}:
        raise Refused(Text("请至少选择一类事项。", "Choose at least one topic."), field="topics")
    secret = webhooks.new_secret()
    endpoint = WebhookEndpoint(agency=agency, url=url, topics=sorted(topics), created_at=at)
    endpoint.rotate(secret, at=at)
    endpoint.save()
    return endpoint, secret


def rotate(endpoint: WebhookEndpoint, *, by: Staff, at: datetime) -> str:
    """A new secret in clear; the one before signs beside it for a day."""
    check_may_for_agency(by, AgencyAct.SET_WEBHOOKS, endpoint.agency)
    secret = webhooks.new_secret()
    endpoint.rotate(secret, at=at)
    endpoint.save(update_fields=["secret_sealed", "secret_before_sealed", "rotated_at"])
    return secret


def ping(endpoint: WebhookEndpoint, *, by: Staff, at: datetime) -> None:
    """Call it once, so that the receiver can be tried."""
    check_may_for_agency(by, AgencyAct.SET_WEBHOOKS, endpoint.agency)
    _check_enabled(endpoint)
    with transaction.atomic():
        webhooks.ping(endpoint, at=at)


def disable(endpoint: WebhookEndpoint, *, by: Staff, at: datetime) -> None:
    """Call it no more; what is waiting for it is given up."""
    check_may_for_agency(by, AgencyAct.SET_WEBHOOKS, endpoint.agency)
    _check_enabled(endpoint)
    endpoint.disabled_at = at
    endpoint.save(update_fields=["disabled_at"])


def _check_enabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at is not None:
        raise Refused(Text("这个接收地址已经停用。", "This endpoint is disabled."))
