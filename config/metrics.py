"""``/metrics`` for Prometheus: whether the office keeps up and the machine does, asked of the database at each scrape.

So every web process answers the same, and nothing is lost when one ends. No label holds a case, a person or an agency:
each takes its values from a table of this program. The meaning of each figure, and what to do when it is bad, stands
in ``docs/monitoring/README.md``.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from casework import vitals
from config.health import broker_and_worker
from notifications import outbox

#: What a proxy adds to a request: one that has any of these did not come from whose address it bears.
RELAYED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
PLAIN: Final = "text/plain; charset=utf-8"


@never_cache
def exposition(request: HttpRequest) -> HttpResponse:
    """The figures, for whom the settings let in; for everybody else there is no such page."""
    if not may_read(request):
        raise Http404
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        measured = list(figures(at=timezone.now()))
    except DatabaseError as error:
        return HttpResponse(f"database: {type(error).__name__}\n", status=503, content_type=PLAIN)
    registry = CollectorRegistry()
    registry.register(_Measured(measured))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type)


def may_read(request: HttpRequest) -> bool:
    """By the token, from anywhere; without it from the named networks, and only if no proxy stands between."""
    scheme, _, typed = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(typed.strip(), settings.METRICS_TOKEN)
    if any(name in request.headers for name in RELAYED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has none
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in settings.METRICS_NETWORKS)


def figures(*, at: datetime) -> Iterator[Metric]:
    """Seven queries of the database, one connection to the broker."""
    seen = vitals.measured(at=at)
    yield _gauge("queue_age_seconds", "Age of the case that waits longest for this act", "waiting_for", seen.queue)
    yield _figure("cases_due_today", "Open cases whose reply is due today", seen.due_today)
    yield _figure("cases_overdue", "Open cases whose reply is overdue", seen.overdue)
    sent = outbox.standing(at=at)
    late = {channel: each.late for channel, each in sent.items()}
    yield _gauge("outbox_age_seconds", "How late the oldest message is that is not sent", "channel", late)
    waiting = {channel: each.waiting for channel, each in sent.items()}
    yield _gauge("outbox_waiting", "Messages still to be sent", "channel", waiting)
    failed = {channel: each.failed for channel, each in sent.items()}
    yield _gauge("outbox_failed", "Messages given up that nobody has seen to", "channel", failed)
    yield _gauge("verification_findings", "Breaches that the last nightly proof found", "rule", seen.findings)
    yield _gauge("task_age_seconds", "How long ago a task last came to its end", "task", seen.ran)
    rows = {log: many for log, (many, _) in seen.unsealed.items()}
    yield _gauge("audit_unsealed_rows", "Rows of the audit that no seal covers yet", "log", rows)
    ages = {log: age for log, (_, age) in seen.unsealed.items()}
    yield _gauge("audit_unsealed_age_seconds", "Age of the oldest of them", "log", ages)
    there = {part: int(answers) for part, answers in broker_and_worker()}
    yield _gauge("part_ready", "1: broker answers, a worker has answered beat within a minute", "part", there)


def _figure(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"gongkai_{name}", words, value=value)


def _gauge(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"gongkai_{name}", words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


class _Measured(Collector):
    """What was asked before the answer began, so that a database that is gone can still be told by its status."""

    def __init__(self, measured: list[Metric]) -> None:
        self.measured = measured

    def collect(self) -> list[Metric]:
        return self.measured
