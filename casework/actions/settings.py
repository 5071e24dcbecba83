"""An administrator changes the settings of an agency; what was, what is, who and why stays on record."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, CalendarEdition, Case, Recomputation, SettingChange, Staff, edition
from casework.models.setting import SETTINGS

from .record import clean

_READINGS: Final = ("late_notice_restarts", "rest_day_receipt_moves", "dismissal_is_other")
_WATCH: Final = ("remind_days", "escalate_days")


def last_change(agency: Agency) -> int:
    """The version of the settings: whoever draws a form remembers it, and an older one is refused."""
    return agency.setting_changes.values_list("pk", flat=True).first() or 0


def change_settings(
    agency: Agency, wanted: Mapping[str, Any], *, seen: int, reason: str = "", by: Staff, at: datetime
) -> list[SettingChange]:
    """Store what differs and return it. ``seen`` is ``last_change`` as the page was drawn.

    A reading of what the law leaves open needs a ``reason`` and holds for what arrives from tomorrow on. Raises
    ``Refused`` for a value that the field can't take and when somebody was faster; then nothing is stored.
    """
    check_may_for_agency(by, AgencyAct.CHANGE_SETTINGS, agency)
    if unknown := next((name for name in wanted if name not in SETTINGS), None):
        raise Refused(_NO_SETTING.format(name=unknown))
    with transaction.atomic():
        found = Agency.objects.select_for_update().get(pk=agency.pk)
        if last_change(found) != seen:
            raise Refused(_OVERTAKEN)
        before = {name: getattr(found, name) for name in wanted}
        former = found.readings
        after = {name: _checked(found, name, value) for name, value in wanted.items()}
        changed = [name for name in wanted if before[name] != after[name]]
        if any(SETTINGS[name].reading for name in changed):
            reason = clean(reason, "reason", longest=2000)
        if not changed:
            return []
        for name in changed:
            setattr(found, name, after[name])
        _keep_former_readings(found, former, changed, at)
        found.save(update_fields=[*changed, "former_readings"])
        _follow(found, before, changed, at)
        changes = [
            SettingChange(
                agency=found,
                field=name,
                before=before[name],
                after=after[name],
                reason=reason if SETTINGS[name].reading else "",
                at=at,
                by=by,
            )
            for name in changed
        ]
        for change in changes:
            change.save()
    agency.refresh_from_db()
    return changes


def _checked(agency: Agency, name: str, value: Any) -> Any:
    """The value as the field takes it."""
    column = Agency._meta.get_field(name)
    if not isinstance(column, models.Field):
        raise TypeError(f"{name} is not a column")
    if isinstance(value, str):
        value = clean(
            value,
            name,
            longest=column.max_length or 2000,
            required=not column.blank,
            lines=isinstance(column, models.TextField),
        )
    try:
        return column.clean(value, agency)
    except ValidationError:
        raise Refused(_WRONG_VALUE.format(what=column.verbose_name), field=name) from None


def _keep_former_readings(agency: Agency, former: Any, changed: list[str], at: datetime) -> None:
    """What has arrived keeps the reading under which it was received; its dates have been told."""
    if set(changed).isdisjoint(_READINGS):
        return
    until = day_of(at).isoformat()
    if not agency.former_readings or agency.former_readings[-1]["until"] < until:
        agency.former_readings = [*agency.former_readings, {"until": until, **asdict(former)}]


def _follow(agency: Agency, before: Mapping[str, Any], changed: list[str], at: datetime) -> None:
    """What a setting says about cases that are open already."""
    if not set(changed).isdisjoint(_WATCH):
        # The next sweep looks at each and sets the day of the look after that; the version stays, as for any sweep.
        Case.objects.still_open().filter(agency=agency).update(watch_on=day_of(at))
    if "calendar_region" in changed:
        _reckon_again({before["calendar_region"], agency.calendar_region})


def _reckon_again(regions: set[str]) -> None:
    """Take up the recomputation of the newest edition that one of the regions has: it brings every case in step."""
    rows = [row for row in CalendarEdition.objects.in_force() if row.region and row.region in regions]
    if rows:
        edition.hold_alone()  # verbs under way end first, and their dates are looked at too
        Recomputation.objects.filter(edition=rows[-1]).update(finished_at=None)


_OVERTAKEN: Final = Text(
    "设置刚刚被别人改过，您的修改没有保存。请看过现在的设置以后再改。",
    "Somebody else has just changed the settings, so nothing of yours was saved. Look at them as they are now.",
)
_NO_SETTING: Final = Text("没有“{name}”这一项设置。", "There is no setting “{name}”.")
_WRONG_VALUE: Final = Text("“{what}”的内容不对，请核对。", "The value of “{what}” can't be taken.")
