from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db import migrations

MOVING = ("corrected", "receipt_confirmed", "dispatched", "withdrawn")
CONFIRMED = ("ordinary_mail", "email", "fax", "other")


def day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def before(event: Any, now: dict[str, Any], case: Any) -> dict[str, Any]:
    """What was recorded of the case before this event."""
    was = dict(now)
    if event.payload.get("ledger") and event.kind != "corrected":
        return was  # it came with the case, or the correction beside it says what was there
    if event.kind in ("dispatched", "withdrawn"):
        was |= {"closed_on": None, "outcome": ""}
    elif event.kind == "receipt_confirmed":
        was |= {"confirmed_on": None}
    else:
        said = event.payload.get("before") or {}
        was |= {name: said[name] for name in ("applicant_kind", "outcome", "channel") if name in said}
        was |= {name: day(said[name]) for name in ("closed_on", "arrived_on", "confirmed_on") if name in said}
        if "received_on" in said:  # a ledger says the day itself
            return was | {"received_on": day(said["received_on"])}
    if any(was[name] != now[name] for name in ("channel", "arrived_on", "confirmed_on")):
        confirmed = was["confirmed_on"] if was["channel"] in CONFIRMED and not case.forwarded_by else None
        was["received_on"] = confirmed or was["arrived_on"]
    return was


COUNTED = ("applicant_kind", "received_on", "closed_on", "outcome")


def rows(case: Any, events: list[Any]) -> Iterator[dict[str, Any]]:
    """From the case as it is now backwards to its registration."""
    now = {name: getattr(case, name) for name in (*COUNTED, "channel", "arrived_on", "confirmed_on")}
    for event in reversed(events):
        was = before(event, now, case)
        counted = {name: was[name] for name in COUNTED}
        sound = bool(was["closed_on"]) == bool(was["outcome"]) and (was["closed_on"] or date.max) >= was["received_on"]
        if sound and any(was[name] != now[name] for name in COUNTED):
            yield {"case_id": case.pk, "at": event.at, "cause": event.kind, **counted}
        now = was


def keep(apps: Any, schema_editor: Any) -> None:
    """Every closing and correction so far is in the events; from now on its act keeps it."""
    event, change = (apps.get_model("casework", name) for name in ("Event", "CountChange"))
    found = event.objects.filter(kind__in=MOVING).select_related("case").order_by("case", "pk")
    made: list[Any] = []
    for _key, events in groupby(found.iterator(chunk_size=2000), key=lambda each: each.case_id):
        those = list(events)
        made += [change(**row) for row in rows(those[0].case, those)]
        if len(made) >= 2000:
            change.objects.bulk_create(made)
            made = []
    change.objects.bulk_create(made)


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL changes no table with rows still being checked."""

    dependencies = [("casework", "0017_kind_correction")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
