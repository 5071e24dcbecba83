"""The verbs of a request to correct one's own record (条例 41): it is filed, taken, asked about and replied to.

Each checks who may, claims the version that was read, and writes its event and the notices in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language

from casework.access import AgencyAct, CorrectionAct, check_may_correction, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.correction import Ending, Standing, received_on_paper
from casework.law.receipt import Receipt
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Agency,
    Conflict,
    CorrectionEvent,
    CorrectionKind,
    Evidence,
    NumberSeries,
    RecordCorrection,
    Scan,
    Staff,
)
from casework.models.querycode import hashed
from casework.notices import tell_of_correction
from casework.redaction import virus

from .application import checked_number
from .files import LARGEST, LONGEST_NAME, MOST, Upload, digest_of, sniffed
from .record import check_day, clean

#: Requests are numbered apart from applications, so that no register of those has a gap: 230406-GZ-2026-00001 (更正).
SERIES: Final = "correction"
MARK: Final = "GZ"
LONGEST_RECORD: Final = 300
LONGEST_TEXT: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody says about a record of theirs, as they typed it."""

    name: str
    identity_kind: str
    identity_number: str
    record: str
    wrong: str
    right: str
    grounds: str
    phone: str = ""
    email: str = ""
    address: str = ""
    evidence: Sequence[Upload] = ()


def file_request(
    agency: Agency, request: Request, *, query_code: str, form_key: str = "", at: datetime
) -> RecordCorrection:
    """Take in what was sent online; that day it is received. The same form sent twice makes one."""
    language = (get_language() or "zh-hans")[:10]
    return _taken_in(
        agency, request, CorrectionKind.FILED, on=day_of(at), language=language, code=query_code, key=form_key, at=at
    )


def register_request(
    agency: Agency, request: Request, receipt: Receipt, *, query_code: str, form_key: str = "", by: Staff, at: datetime
) -> RecordCorrection:
    """A clerk writes down what came by post or at the counter, received on the day of the paper (条例 31, 41)."""
    check_may_for_agency(by, AgencyAct.REGISTER_CORRECTIONS, agency)
    on = received_on_paper(receipt)
    check_day(receipt.arrived_on, "arrived_on", at=at)
    check_day(on, "confirmed_on", at=at)
    return _taken_in(
        agency,
        request,
        CorrectionKind.REGISTERED,
        on=on,
        language="zh-hans",
        code=query_code,
        key=form_key,
        by=by,
        at=at,
        channel=receipt.channel.value,
    )


def answer(
    correction: RecordCorrection,
    *,
    text: str,
    evidence: Sequence[Upload] = (),
    on: date | None = None,
    by: Staff | None = None,
    at: datetime,
) -> CorrectionEvent:
    """Whoever asked adds what they were asked for; the period begins anew (条例 30 by analogy).

    ``by`` writes down what came on paper on the day ``on``.
    """
    if by is not None:
        check_may_correction(by, CorrectionAct.RECORD_ANSWER, correction)
    if correction.standing != Standing.ASKED:
        raise Refused(Text("行政机关现在没有请您补充。", "The office asks you for nothing now."))
    text = clean(text, "text", longest=LONGEST_TEXT)
    on = on or day_of(at)
    check_day(on, "on", at=at, not_before=correction.received_on)
    with transaction.atomic():
        _claim(correction, standing=Standing.RECEIVED, asked="", supplemented_on=on)
        _attach(correction, evidence, at=at)
        return _happened(correction, CorrectionKind.ANSWERED, by=by, at=at, text=text)


def withdraw(correction: RecordCorrection, *, by: Staff | None = None, at: datetime) -> CorrectionEvent:
    """Whoever asked gives it up; ``by`` writes down what they say on paper."""
    if by is not None:
        check_may_correction(by, CorrectionAct.RECORD_WITHDRAWAL, correction)
    if not correction.is_open:
        raise Refused(Text("这件请求已经办结。", "This request is closed."))
    with transaction.atomic():
        _close(correction, Ending.WITHDRAWN, at=at)
        return _happened(correction, CorrectionKind.WITHDRAWN, by=by, at=at)


def record_opened(correction: RecordCorrection, *, at: datetime) -> None:
    """The reply is read on the portal for the first time: from that day the remedies run."""
    if not correction.reply or correction.opened_on is not None:
        return
    with transaction.atomic():
        unread = RecordCorrection.objects.filter(pk=correction.pk, opened_on=None)
        if unread.update(opened_on=day_of(at)):
            correction.opened_on = day_of(at)
            _happened(correction, CorrectionKind.OPENED, by=None, at=at)


# At the desk ---------------------------------------------------------------------------------------------------------


def take(correction: RecordCorrection, *, by: Staff, at: datetime) -> CorrectionEvent:
    """Somebody takes it in hand, also from a colleague."""
    check_may_correction(by, CorrectionAct.TAKE, correction)
    with transaction.atomic():
        _claim(correction, clerk=by)
        return _happened(correction, CorrectionKind.TAKEN, by=by, at=at)


def ask(correction: RecordCorrection, *, text: str, by: Staff, at: datetime) -> CorrectionEvent:
    """Ask for explanation or evidence that is lacking."""
    check_may_correction(by, CorrectionAct.ASK, correction)
    text = clean(text, "text", longest=LONGEST_TEXT)
    with transaction.atomic():
        _claim(correction, standing=Standing.ASKED, asked=text, clerk=correction.clerk or by)
        return _happened(correction, CorrectionKind.ASKED, by=by, at=at, text=text)


def put_right(correction: RecordCorrection, *, reply: str, by: Staff, at: datetime) -> CorrectionEvent:
    """The record has been corrected, and the person is told how it reads now."""
    check_may_correction(by, CorrectionAct.CORRECT, correction)
    return _replied(correction, Ending.CORRECTED, CorrectionKind.CORRECTED, reply=reply, by=by, at=at)


def refuse(correction: RecordCorrection, *, reply: str, by: Staff, at: datetime) -> CorrectionEvent:
    """The record stays, with the reason."""
    check_may_correction(by, CorrectionAct.REFUSE, correction)
    return _replied(correction, Ending.REFUSED, CorrectionKind.REFUSED, reply=reply, by=by, at=at)


def direct(correction: RecordCorrection, *, organ: str, reply: str, by: Staff, at: datetime) -> CorrectionEvent:
    """Another organ may correct it: the person is told to ask there."""
    check_may_correction(by, CorrectionAct.DIRECT, correction)
    organ = clean(organ, "organ", longest=200, lines=False)
    return _replied(correction, Ending.DIRECTED, CorrectionKind.DIRECTED, reply=reply, organ=organ, by=by, at=at)


def pass_on(
    correction: RecordCorrection,
    *,
    reply: str,
    organ: str = "",
    agency: Agency | None = None,
    by: Staff,
    at: datetime,
) -> CorrectionEvent:
    """Another organ may correct it and is sent the request; one that works here has it in the same moment.

    Its number there is a new one; the query code stays.
    """
    check_may_correction(by, CorrectionAct.TRANSFER, correction)
    if agency is not None:
        _check_takes(agency)
        if agency.pk == correction.agency_id:
            raise Refused(Text("不能转送给本机关。", "It can’t be passed on to this office itself."), field="agency")
        organ = agency.name
    organ = clean(organ, "organ", longest=200, lines=False)
    with transaction.atomic():
        event = _replied(
            correction, Ending.TRANSFERRED, CorrectionKind.TRANSFERRED, reply=reply, organ=organ, by=by, at=at
        )
        if agency is not None:
            _forward(correction, agency, at=at)
    return event


def read_identity(correction: RecordCorrection, *, by: Staff, at: datetime) -> tuple[str, CorrectionEvent]:
    """The identity number in clear, against an event that says who read it."""
    check_may_correction(by, CorrectionAct.READ_IDENTITY, correction)
    with transaction.atomic():
        return correction.identity_number, _happened(correction, CorrectionKind.IDENTITY_READ, by=by, at=at)


def rescan(evidence: Evidence) -> bool:
    """Whether a file may be opened; one that the scanner could not answer for is asked about again."""
    if evidence.scan == Scan.WAITING:
        with evidence.file.open("rb") as stored:
            content = stored.read()
        try:
            verdict = virus.scan(content) if virus.configured() else None
        except virus.ScannerUnavailableError:
            return False
        evidence.scan = Scan.OFF if verdict is None else Scan.CLEAN if verdict.clean else Scan.INFECTED
        evidence.save(update_fields=["scan"])
    return evidence.may_be_opened


# What they share -----------------------------------------------------------------------------------------------------


def _taken_in(
    agency: Agency,
    request: Request,
    kind: CorrectionKind,
    *,
    on: date,
    language: str,
    code: str,
    key: str,
    by: Staff | None = None,
    at: datetime,
    **payload: str,
) -> RecordCorrection:
    if key and (found := RecordCorrection.objects.filter(form_key=key).first()):
        return found
    _check_takes(agency)
    facts, number = _facts(request, at=at)
    query_code_hash = hashed(code)  # slow on purpose, so not under the lock
    with transaction.atomic():
        NumberSeries.take(agency, SERIES, day_of(at), 0)  # a double click waits here for the first one
        if key and (found := RecordCorrection.objects.filter(form_key=key).first()):
            return found
        made = RecordCorrection(
            agency=agency,
            number=_number(agency, at),
            form_key=key,
            query_code_hash=query_code_hash,
            language=language,
            received_on=on,
            received_at=at,
            **facts,
        )
        made.identity_number = number
        made.save()
        _attach(made, request.evidence, at=at)
        _happened(made, kind, by=by, at=at, **payload)
    return made


def _check_takes(agency: Agency) -> None:
    if not Agency.objects.open_to_applications().filter(pk=agency.pk).exists():
        raise Refused(
            Text("{agency}不在这里受理更正请求。", "{agency} takes no requests for correction here.").format(
                agency=agency.name
            ),
            law="条例 41",
            field="agency",
        )


def _facts(request: Request, *, at: datetime) -> tuple[dict[str, Any], str]:
    """The columns, cleaned, and the identity number as it is sealed."""
    if not (request.phone or request.email or request.address):
        raise Refused(
            Text("请至少留一种联系方式。", "Give at least one way to reach you."), law="条例 41", field="phone"
        )
    number = _identity(request, at=at)
    facts: dict[str, Any] = {
        "name": clean(request.name, "name", longest=200, lines=False),
        "identity_kind": request.identity_kind,
        "phone": clean(request.phone, "phone", longest=40, required=False, lines=False),
        "email": clean(request.email, "email", longest=254, required=False, lines=False),
        "address": clean(request.address, "address", longest=300, required=False, lines=False),
        "record": clean(request.record, "record", longest=LONGEST_RECORD, lines=False),
    }
    for name in ("wrong", "right", "grounds"):
        facts[name] = clean(getattr(request, name), name, longest=LONGEST_TEXT)
    return facts, number


def _identity(request: Request, *, at: datetime) -> str:
    """Only whose record it is may have it corrected, so the number is asked for and checked (条例 41)."""
    try:
        return checked_number(request.identity_kind, request.identity_number, on=day_of(at))
    except Refused as refused:
        raise Refused(refused.sentence, law="条例 41", field="identity_number") from refused


def _number(agency: Agency, at: datetime) -> str:
    on = day_of(at)
    (serial,) = NumberSeries.take(agency, SERIES, on)
    return f"{agency.code}-{MARK}-{on.year}-{serial:05d}"


def _attach(correction: RecordCorrection, uploads: Sequence[Upload], *, at: datetime) -> None:
    """Store the evidence; the bytes are on disk before their row, and the same bytes are stored once."""
    for upload in uploads:
        name = clean(upload.name.replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:], "files", longest=LONGEST_NAME)
        if not 0 < len(upload.content) <= LARGEST or correction.evidence.count() >= MOST:
            raise Refused(
                Text(
                    "文件“{name}”是空的、超过20 MB，或者附件已经满{most}个。",
                    "The file “{name}” is empty or larger than 20 MB, or there are {most} files already.",
                ).format(name=name, most=MOST),
                field="files",
            )
        digest = digest_of(upload.content)
        if correction.evidence.filter(sha256=digest).exists():
            continue
        stored = Evidence(
            correction=correction,
            name=name,
            size=len(upload.content),
            media_type=sniffed(upload.content),
            sha256=digest,
            scan=upload.scan or (Scan.WAITING if virus.configured() else Scan.OFF),
            added_at=at,
        )
        stored.file.save(name, ContentFile(upload.content), save=False)
        stored.save()


def _forward(correction: RecordCorrection, agency: Agency, *, at: datetime) -> RecordCorrection:
    """The same request at another agency of the deployment, with its evidence."""
    kept = ("name", "identity_kind", "identity_sealed", "identity_index", "phone", "email", "address", "language",
            "query_code_hash", "record", "wrong", "right", "grounds")  # fmt: skip
    fresh = RecordCorrection(
        agency=agency,
        number=_number(agency, at),
        source=correction,
        received_on=day_of(at),
        received_at=at,
        **{name: getattr(correction, name) for name in kept},
    )
    fresh.save()
    for each in correction.evidence.all():
        same = ("name", "size", "media_type", "sha256", "scan", "added_at")
        Evidence.objects.create(correction=fresh, file=each.file.name, **{name: getattr(each, name) for name in same})
    facts = {"organ": correction.agency.name, "number": correction.number}
    _happened(fresh, CorrectionKind.FORWARDED, by=None, at=at, **facts)
    return fresh


def _replied(
    correction: RecordCorrection,
    ending: Ending,
    kind: CorrectionKind,
    *,
    reply: str,
    organ: str = "",
    by: Staff,
    at: datetime,
) -> CorrectionEvent:
    """A reply needs its words whatever it says."""
    reply = clean(reply, "reply", longest=LONGEST_TEXT)
    with transaction.atomic():
        _close(correction, ending, reply=reply, organ=organ, clerk=correction.clerk or by, at=at)
        return _happened(correction, kind, by=by, at=at, organ=organ)


def _close(correction: RecordCorrection, ending: Ending, *, at: datetime, **more: Any) -> None:
    _claim(correction, standing=Standing.CLOSED, ending=ending, closed_on=day_of(at), asked="", **more)


def _claim(correction: RecordCorrection, **changes: Any) -> None:
    """Store what changes, unless somebody else has changed the request since it was read."""
    found = RecordCorrection.objects.filter(pk=correction.pk, version=correction.version)
    if not found.update(version=F("version") + 1, **changes):
        raise Conflict
    correction.refresh_from_db()


def _happened(
    correction: RecordCorrection, kind: CorrectionKind, *, by: Staff | None, at: datetime, **payload: str
) -> CorrectionEvent:
    """Write the event, and tell those who must hear of it."""
    said = {name: text for name, text in payload.items() if text}
    event = CorrectionEvent(correction=correction, kind=kind, on=day_of(at), at=at, by=by, payload=said)
    event.save()
    tell_of_correction(event)
    return event
