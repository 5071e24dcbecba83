"""The log of the mail room: mail signed for is received that day, however long it lies there (条例 31(2))."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.clock import Channel
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Arrival, Conflict, Staff

from .record import check_day, clean


def log_arrival(
    agency: Agency,
    *,
    arrived_on: date,
    channel: Channel,
    received_by: str,
    sender: str = "",
    postal_number: str = "",
    forwarded_by: str = "",
    forwarded_on: date | None = None,
    note: str = "",
    by: Staff,
    at: datetime,
) -> Arrival:
    """What came is written down on the day it came, by whom it was signed for, before anybody opens it."""
    check_may_for_agency(by, AgencyAct.LOG_MAIL, agency)
    check_day(arrived_on, "arrived_on", at=at)
    if forwarded_on is not None:
        check_day(forwarded_on, "forwarded_on", at=at)
        if not forwarded_by or forwarded_on > arrived_on:
            raise Refused(
                Text(
                    "转送日期应当不晚于到达日期，并写明转送机关。",
                    "Say who forwarded it; that day is not after arrival.",
                ),
                field="forwarded_on",
            )
    if forwarded_by and channel is not Channel.OTHER:
        raise Refused(
            Text("其他机关转来的，渠道选“其他”。", "What another organ forwarded comes by “other”."),
            law="207号 一.5",
            field="channel",
        )
    if channel is Channel.ONLINE:
        raise Refused(
            Text("网上提交的由系统直接登记，不经过收发室。", "What comes online is registered by the system itself."),
            field="channel",
        )
    postal_number = clean(postal_number, "postal_number", longest=40, required=False, lines=False)
    try:
        with transaction.atomic():
            return Arrival.objects.create(
                agency=agency,
                arrived_on=arrived_on,
                channel=channel.value,
                received_by=clean(received_by, "received_by", longest=80, lines=False),
                sender=clean(sender, "sender", longest=200, required=False, lines=False),
                postal_number=postal_number,
                forwarded_by=clean(forwarded_by, "forwarded_by", longest=200, required=False, lines=False),
                forwarded_on=forwarded_on,
                note=clean(note, "note", longest=2000, required=False),
                logged_by=by,
                logged_at=at,
            )
    except IntegrityError:
        raise Refused(
            Text("邮件号码“{number}”已经登记过。", "The postal number “{number}” is in the log already.").format(
                number=postal_number
            ),
            field="postal_number",
        ) from None


def hand_over(arrival: Arrival, *, from_whom: str, by: Staff, at: datetime) -> Arrival:
    """The mail room gives it to the office, which signs for it: ``by`` takes it (苏政办发〔2018〕112号)."""
    check_may_for_agency(by, AgencyAct.TAKE_MAIL, arrival.agency)
    from_whom = clean(from_whom, "from_whom", longest=80, lines=False)
    found = Arrival.objects.not_handed_over().filter(pk=arrival.pk)
    if not found.update(handed_over_at=at, handed_over_by=from_whom, handed_over_to=by):
        raise Conflict
    arrival.refresh_from_db()
    return arrival


def close_arrival(arrival: Arrival, *, reason: str, by: Staff, at: datetime) -> Arrival:
    """It is no application, or was logged wrong: who found that, when and why stays on record."""
    check_may_for_agency(by, AgencyAct.CLOSE_MAIL, arrival.agency)
    reason = clean(reason, "reason", longest=500, lines=False)
    found = Arrival.objects.waiting().filter(pk=arrival.pk)
    if not found.update(closed_at=at, closed_by=by, closed_reason=reason, sealed=None):
        raise Conflict
    arrival.refresh_from_db()
    return arrival
