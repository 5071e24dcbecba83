"""One organ goes into another: from that year on the successor reports for both (law.md 7.8).

Its cases stay where they are, with their clock and their clerks; nothing is renumbered and nothing counted twice.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import AgencyAct, check_may_anywhere
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Agency, ReceivedReport, ReportEdition, SettingChange, Staff

from .record import check_day


def merge_agency(old: Agency, new: Agency, *, on: date, by: Staff, at: datetime) -> Agency:
    """Record that ``old`` went into ``new`` on a day; done again with the same facts it changes nothing.

    Refused where ``old`` has filed or sent a report of its own for that year or a later one: what was filed stays
    filed, and the sum would hold its cases twice.
    """
    check_may_anywhere(by, AgencyAct.MERGE_AGENCIES)
    check_day(on, "on", at=at)
    with transaction.atomic():
        rows = {row.pk: row for row in Agency.objects.select_for_update().filter(pk__in=(old.pk, new.pk))}
        gone, heir = rows[old.pk], rows[new.pk]
        if (gone.successor_id, gone.succeeded_on) == (heir.pk, on):
            return gone
        _check(gone, heir, on)
        before = {"successor": gone.successor.code if gone.successor else None, "on": _written(gone.succeeded_on)}
        gone.successor, gone.succeeded_on = heir, on
        gone.save(update_fields=["successor", "succeeded_on"])
        SettingChange(
            agency=gone,
            field="successor",
            before=before,
            after={"successor": heir.code, "on": on.isoformat()},
            at=at,
            by=by,
        ).save()
    old.refresh_from_db()
    return old


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _check(gone: Agency, heir: Agency, on: date) -> None:
    if gone.pk == heir.pk:
        raise Refused(Text("机关不能并入自己。", "An agency can't go into itself."), field="new")
    if gone.succeeded_on is not None:
        raise Refused(
            _MERGED.format(
                name=gone.name, heir=gone.successor.name if gone.successor else "", on=said(gone.succeeded_on)
            ),
            field="old",
        )
    if heir.successor is not None:
        raise Refused(_HEIR_GONE.format(name=heir.name, heir=heir.successor.name), field="new")
    later = {
        *ReportEdition.objects.filter(report__agency=gone, report__year__gte=on.year).values_list(
            "report__year", flat=True
        ),
        *ReceivedReport.objects.filter(agency=gone, year__gte=on.year, withdrawn_at=None).values_list(
            "year", flat=True
        ),
    }
    if later:
        raise Refused(_FILED.format(name=gone.name, year=max(later)), field="on")


_MERGED: Final = Text(
    "{name}已于{on}并入{heir}，不能再并入别的机关。", "{name} went into {heir} on {on} and can’t go into another."
)
_HEIR_GONE: Final = Text(
    "{name}自己已经并入{heir}，请直接填写{heir}。", "{name} has itself gone into {heir}; name {heir} instead."
)
_FILED: Final = Text(
    "{name}已经报出自己的{year}年年度报告。合并当年起由承继机关一并报告，同一件申请不能报两次：请核对合并日期；收到的"
    "报告确实不应计入的，先撤回。",
    "{name} has sent a report of its own for {year}. From the year of the merger on its successor reports for both, "
    "and no application is reported twice: check the day, and withdraw a received report that should not count.",
)
