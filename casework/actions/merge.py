"""One organ goes into another: from that year on the successor reports for both (law.md 7.8).

Its cases stay where they are, with their clock and their clerks; nothing is renumbered and nothing counted twice.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import check_may_merge
from casework.law.calendar import start_of
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Agency, ReceivedReport, ReportEdition, SettingChange, Staff

from .record import check_day, clean


def merge_agency(old: Agency, new: Agency, *, on: date, by: Staff, at: datetime) -> Agency:
    """Record that ``old`` went into ``new`` on a day; done again with the same facts it changes nothing.

    Refused where ``old`` has filed or sent a report of its own for that year or a later one: what was filed stays
    filed, and the sum would hold its cases twice.
    """
    check_may_merge(by, old, new)
    with transaction.atomic():
        rows = {row.pk: row for row in Agency.objects.select_for_update().filter(pk__in=(old.pk, new.pk))}
        gone, heir = rows[old.pk], rows[new.pk]
        if (gone.successor_id, gone.succeeded_on) == (heir.pk, on):
            return gone
        check_merger(gone, heir, on=on, at=at)
        _store(gone, heir, on, reason="", by=by, at=at)
    old.refresh_from_db()
    return old


def undo_merger(old: Agency, *, reason: str, by: Staff, at: datetime) -> Agency:
    """The merger was recorded by mistake: the organ reports for itself again, as if it had never gone.

    Refused once the successor has signed or sent a report that counts it, because what was filed stays filed.
    """
    check_may_merge(by, old)
    reason = clean(reason, "reason", longest=500, lines=False)
    with transaction.atomic():
        gone = Agency.objects.select_for_update().get(pk=old.pk)
        if gone.successor is None or gone.succeeded_on is None:
            raise Refused(_NOT_MERGED.format(name=gone.name))
        if (year := _reported(gone, gone.successor, gone.succeeded_on)) is not None:
            raise Refused(_REPORTED.format(name=gone.name, heir=gone.successor.name, year=year))
        _store(gone, None, None, reason=reason, by=by, at=at)
    old.refresh_from_db()
    return old


def _store(gone: Agency, heir: Agency | None, on: date | None, *, reason: str, by: Staff, at: datetime) -> None:
    before = _fact(gone.successor, gone.succeeded_on)
    gone.successor, gone.succeeded_on = heir, on
    gone.save(update_fields=["successor", "succeeded_on"])
    change = SettingChange(agency=gone, field="successor", before=before, after=_fact(heir, on), reason=reason)
    change.at, change.by = at, by
    change.save()


def _fact(heir: Agency | None, on: date | None) -> dict[str, str | None]:
    return {"successor": heir.code if heir else None, "on": on.isoformat() if on else None}


def _reported(gone: Agency, heir: Agency, on: date) -> int | None:
    """The last year that the successor has signed or sent since the merger was recorded."""
    recorded = SettingChange.objects.filter(agency=gone, field="successor").first()
    since = recorded.at if recorded else start_of(on)
    signed = ReportEdition.objects.filter(report__agency=heir, report__year__gte=on.year, signed_at__gte=since)
    sent = ReceivedReport.objects.filter(agency=heir, year__gte=on.year, received_at__gte=since, withdrawn_at=None)
    years = [*signed.values_list("report__year", flat=True), *sent.values_list("year", flat=True)]
    return max(years, default=None)


def check_merger(gone: Agency, heir: Agency, *, on: date, at: datetime) -> None:
    """Refuse a merger that cannot have been, or whose year the organ has already reported by itself."""
    check_day(on, "on", at=at)
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


_NOT_MERGED: Final = Text("{name}没有并入别的机关。", "{name} has not gone into another organ.")
_REPORTED: Final = Text(
    "{heir}的{year}年年度报告已经把{name}计算在内，报出的不改动，合并不能撤销。",
    "The report of {heir} for {year} counts {name} already; what was filed stays, so the merger can’t be undone.",
)
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
