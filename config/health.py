"""Is this process up, and is the whole service able to work?"""

import redis
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.outbox import seconds_behind

HEARTBEAT_KEY = "gongkai:worker-heartbeat"
#: Seconds after which a worker that has not answered beat (every 10 s) counts as missing.
HEARTBEAT_LIFE = 60


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """``ok``: this process answers. Touches nothing else, so a slow database does not get the process restarted."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and a fresh worker heartbeat are there, else 503 with the names of what is missing.

    Beside it for each channel by how many seconds the longest waiting message is late: for whoever keeps watch.
    """
    missing = [name for name, there in (("database", database_answers()), *broker_and_worker()) if not there]
    waiting = {} if "database" in missing else seconds_behind(at=timezone.now())
    answer = {"ready": not missing, "missing": missing, "outbox_seconds_behind": waiting}
    return JsonResponse(answer, status=503 if missing else 200)


@shared_task(name="config.health.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Shows that beat, broker and worker reach each other. Kept in the broker: it is worth nothing after a minute."""
    with broker() as connected:
        connected.set(HEARTBEAT_KEY, "alive", ex=HEARTBEAT_LIFE)


@worker_ready.connect(weak=False)
def say_so_at_once(**_: object) -> None:
    """A worker that has just started is seen before beat's next call."""
    heartbeat.delay()


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_and_worker() -> list[tuple[str, bool]]:
    try:
        with broker() as connected:
            return [("broker", bool(connected.ping())), ("worker", bool(connected.exists(HEARTBEAT_KEY)))]
    except (redis.RedisError, OSError):
        return [("broker", False), ("worker", False)]
