"""What is learnt or mended after registration: a confirmation of receipt, an attempt at one, a slip of the pen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from casework.access import Verb, check_may
from casework.law import clock
from casework.law.calendar import day_of
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Case, Channel, Counted, Event, Kind, Staff, edition

from .application import Application
from .numbering import allocate, is_free
from .record import check_day, clean, happened


def record_attempt(case: Case, *, on: date, how: str, note: str = "", by: Staff, at: datetime) -> Event:
    """The applicant could not be reached to confirm receipt; until they can, the day of arrival holds (207号 一.2).

    ``how``: by what number or address it was tried.
    """
    check_may(by, Verb.RECORD_ATTEMPT, case)
    _check_awaited(case)
    check_day(on, "on", at=at, not_before=case.arrived_on)
    how = clean(how, "how", longest=200, lines=False)
    note = clean(note, "note", longest=500, required=False, lines=False)
    with transaction.atomic():
        case.save()
        return happened(case, Kind.CONTACT_ATTEMPTED, by=by, at=at, on=on, payload={"how": how, "note": note})


def confirm_receipt(case: Case, *, on: date, how: str, reason: str = "", by: Staff, at: datetime) -> Event:
    """Both sides have confirmed: from now on that day is the day of receipt (条例 31(2)(3), 207号 一.2).

    Confirmed later than it arrived, it has to be said why: article 31 asks for the same day. An attempt on file that
    failed says it already.
    """
    check_may(by, Verb.CONFIRM_RECEIPT, case)
    _check_awaited(case)
    check_day(on, "on", at=at, not_before=case.arrived_on)
    how = clean(how, "how", longest=200, lines=False)
    tried = case.events.filter(kind=Kind.CONTACT_ATTEMPTED.value, on=case.arrived_on).exists()
    needed = on > case.arrived_on and not tried
    reason = clean(reason, "reason", longest=500, required=needed)
    with transaction.atomic():
        before = Counted.of(case)
        moved = _receive(case, replace(case.receipt(), confirmed_on=on))
        case.save()
        return happened(
            case,
            Kind.RECEIPT_CONFIRMED,
            by=by,
            at=at,
            on=on,
            payload={"how": how, "reason": reason, "received_on": case.received_on.isoformat(), **moved},
            moves_clock=True,
            was=before,
        )


def correct(case: Case, *, changes: Mapping[str, Any], reason: str, by: Staff, at: datetime) -> Event:
    """What was typed wrong at registration is put right, with the reason; the clock is replayed over it.

    ``changes``: the new values by the names of ``CORRECTABLE``; what equals the record is left out. What an applicant
    sent online is not a clerk's slip.
    """
    check_may(by, Verb.CORRECT, case)
    reason = clean(reason, "reason", longest=500)
    new = _checked(case, changes, at=at)
    if not new:
        raise Refused(Text("没有要更正的内容。", "Nothing is changed."))
    was = {name: recorded(case, name) for name in new}
    with transaction.atomic():
        before = Counted.of(case)
        moved = _write(case, new)
        case.save()
        payload = {"fields": list(new), "reason": reason, **_kept("before", was), **_kept("after", new), **moved}
        return happened(case, Kind.CORRECTED, by=by, at=at, payload=payload, moves_clock=True, was=before)


def _check_awaited(case: Case) -> None:
    if not case.receipt().awaits_confirmation:
        raise Refused(
            Text(
                "本件的收到日期不需要再与申请人确认；登记有误的，请用“更正登记”。",
                "The day of receipt of this case needs no confirmation; use “Correct the record” for a slip.",
            ),
            law="条例 31",
        )


def _receive(case: Case, receipt: clock.Receipt) -> dict[str, Any]:
    """Take over a receipt, and what follows for year and number; only inside a transaction.

    The number stays, since the applicant has it, unless the year into which the case moves has used it already.
    """
    edition.hold()
    case.channel, case.arrived_on, case.confirmed_on = receipt.channel.value, receipt.arrived_on, receipt.confirmed_on
    agency, arrived_on = case.agency, receipt.arrived_on
    case.received_on = clock.receipt_date(receipt, calendar=agency.calendar, readings=agency.readings_on(arrived_on))
    if case.closed_on is not None and case.closed_on < case.received_on:
        raise Refused(
            Text(
                "本件于{closed}办结，不能在那以后才收到。",
                "The case was closed on {closed}; it can't be received later.",
            ).format(closed=said(case.closed_on)),
            field="arrived_on",
        )
    if case.received_on.year == case.year:
        return {}
    before = case.year, case.number
    case.year = case.received_on.year
    if not is_free(case.agency, case.received_on, case.number):
        (case.number,) = allocate(case.agency, case.received_on)
        case.text_marked = False  # it is found by its number
    return {"year_before": before[0], "number_before": before[1]}


# What can be corrected -----------------------------------------------------------------------------------------------

#: Of the receipt: they move the clock.
_OF_RECEIPT: Final = ("channel", "arrived_on", "confirmed_on")
_OF_CASE: Final = ("applicant_kind", "subject", "content", "wanted_form", "wanted_way")
_OF_APPLICANT: Final = (
    *("name", "contact_person", "identity_kind", "identity_number"),
    *("phone", "email", "address", "contact"),
)
CORRECTABLE: Final = (*_OF_RECEIPT, *_OF_CASE, *_OF_APPLICANT)
#: Said by the applicant in the form of the portal, so that no clerk can have typed it wrong.
_NOT_TYPED_ONLINE: Final = frozenset({"subject", "content", *_OF_RECEIPT})
#: Kept apart in the event, so that an erasure of the applicant finds them.
_PERSONAL: Final = frozenset({"subject", "content", *_OF_APPLICANT})
#: Stands for what is not corrected, which is not judged anew.
_UNTOUCHED: Final = Application(applicant_kind=ApplicantKind.NATURAL_PERSON, name="○", content="○")


def correctable(case: Case) -> tuple[str, ...]:
    """The fields that a clerk may put right in this case."""
    if case.channel == Channel.ONLINE:
        return tuple(name for name in CORRECTABLE if name not in _NOT_TYPED_ONLINE)
    return CORRECTABLE


def would_count(case: Case, changes: Mapping[str, Any]) -> Counted:
    """What the annual table would count of the case after these corrections; ``Refused`` for an impossible receipt."""
    now = Counted.of(case)
    values = {name: changes[name] if name in changes else recorded(case, name) for name in _OF_RECEIPT}
    receipt = replace(case.receipt(), **values | {"channel": clock.Channel(values["channel"])})
    readings = case.agency.readings_on(receipt.arrived_on)
    received_on = clock.receipt_date(receipt, calendar=case.agency.calendar, readings=readings)
    return now._replace(applicant_kind=changes.get("applicant_kind", now.applicant_kind), received_on=received_on)


def recorded(case: Case, name: str) -> Any:
    """What the record says now."""
    return getattr(case.applicant if name in _OF_APPLICANT else case, name)


def _checked(case: Case, changes: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The values that differ from the record, as they may be stored; raises ``Refused`` with the field."""
    new = {name: value for name, value in changes.items() if value != recorded(case, name)}
    for name in new:
        if name not in correctable(case):
            raise Refused(Text("这一项不能更正。", "This can't be corrected."), field=name)
    if new.keys() & {"identity_kind", "identity_number"}:
        new = {name: recorded(case, name) for name in ("identity_kind", "identity_number")} | new
    judged = replace(_UNTOUCHED, **{name: new[name] for name in new if name not in _OF_RECEIPT})
    checked = judged.checked(on=day_of(at))
    new = {name: value if name in _OF_RECEIPT else getattr(checked, name) for name, value in new.items()}
    _check_receipt(case, new, at=at)
    return {name: value for name, value in new.items() if value != recorded(case, name)}


def _check_receipt(case: Case, new: Mapping[str, Any], *, at: datetime) -> None:
    channel = new.get("channel", case.channel)
    if channel != case.channel and (channel not in Channel.values or channel == Channel.ONLINE or case.forwarded_by):
        raise Refused(
            Text(
                "渠道不能这样更正：网上提交的由系统登记，转来的是“其他”。",
                "The channel can't be changed so: what comes online the system registers, and what was forwarded came "
                "by “other”.",
            ),
            field="channel",
        )
    arrived_on, confirmed_on = (new.get(name, recorded(case, name)) for name in ("arrived_on", "confirmed_on"))
    check_day(arrived_on, "arrived_on", at=at)
    if confirmed_on is not None:
        check_day(confirmed_on, "confirmed_on", at=at, not_before=arrived_on)


def _write(case: Case, new: Mapping[str, Any]) -> dict[str, Any]:
    """Put the new values in their places; what follows for year and number."""
    for name, value in new.items():
        if name not in _OF_RECEIPT:
            setattr(case.applicant if name in _OF_APPLICANT else case, name, value)
    if new.keys() & set(_OF_APPLICANT):
        case.applicant.save()
    case.text_marked &= not new.keys() & {"subject", "content", "name"}
    values = {name: new.get(name, recorded(case, name)) for name in _OF_RECEIPT}
    return _receive(case, replace(case.receipt(), **values | {"channel": clock.Channel(values["channel"])}))


def _kept(when: str, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Values as an event keeps them, the personal ones apart; of an identity number only that it changed."""
    said: dict[str, dict[str, Any]] = {when: {}, f"personal_{when}": {}}
    for name, value in values.items():
        if name != "identity_number":
            key = f"personal_{when}" if name in _PERSONAL else when
            said[key][name] = value.isoformat() if isinstance(value, date) else value
    return said
