"""The Celery app and its whole timetable on one screen.

A task only says "look now": what it does is decided by rows in the database, so a missed, doubled or late call is
harmless (design idea 8). No legal effect may hang on an ETA or a countdown.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gongkai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["casework", "notifications"])
app.autodiscover_tasks(["config"], related_name="health")


def every(seconds: int, task: str) -> dict[str, Any]:
    """A call at a short interval; one not picked up before the next is due is dropped, it would find the same rows."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


def daily(hour: int, minute: int, task: str) -> dict[str, Any]:
    """A call at a time of day in Asia/Shanghai; one that was missed is made good by the next."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


app.conf.beat_schedule = {
    # all day long, not once: a machine that was off at dawn still warns on the same day
    "remind, escalate, find what has lapsed": {
        "task": "casework.tasks.remind",
        "schedule": crontab(minute="*/10", hour="7-19"),
        "options": {"expires": 600},
    },
    "chase requests inside": {
        "task": "casework.tasks.chase",
        "schedule": crontab(minute="*/10", hour="7-19"),
        "options": {"expires": 600},
    },
    "recall answers in disputes": daily(8, 10, "casework.tasks.ask_for_answers"),
    "prove what must hold of the records": daily(3, 40, "casework.tasks.verify_invariants"),
    "link what has come to the audit chain": every(60, "casework.tasks.seal_audit"),
    "anchor the audit chain": daily(3, 30, "casework.tasks.anchor_audit"),
    "forget drafts": daily(3, 20, "casework.tasks.forget_drafts"),
    "forget answers to machines": daily(3, 25, "casework.tasks.forget_answers"),
    "ask for next year's holidays": daily(8, 30, "casework.tasks.ask_for_edition"),
    "remind of annual reports": daily(8, 40, "casework.tasks.remind_reports"),
    "finish what an edition began": every(300, "casework.tasks.carry_on_editions"),
    "scan and make files": every(10, "casework.tasks.handle_records"),
    "deliver messages": every(30, "notifications.tasks.deliver"),
    "tell what did not arrive": every(60, "casework.tasks.report_undelivered"),
    "mark new texts": every(30, "casework.tasks.mark_texts"),
    "tell who waits for the like of a published reply": every(600, "casework.tasks.tell_of_published"),
    "worker heartbeat": every(10, "config.health.heartbeat"),
}
