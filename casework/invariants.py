"""What holds of the records whatever happened to the machine: each rule has a name, and all are judged in one snapshot.

The database keeps most rules itself, by constraints. These are the ones that reach over several tables or over files.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q

from casework import audit, sweeps, wordsearch
from casework.annual import Agencies, faulty_editions, matrix_of, years_of
from casework.erasure.erasing import GONE
from casework.law.calendar import day_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, TOTAL
from casework.law.outcomes import OUTCOMES
from casework.law.words import Text
from casework.letters import numbers
from casework.models import (
    Agency,
    Appointment,
    Audience,
    Case,
    Decision,
    Document,
    Draft,
    Event,
    Evidence,
    KeptCase,
    Kind,
    LastRun,
    Letter,
    Material,
    NumberSeries,
    PersonKind,
    PublishedReply,
    ReceivedReport,
    Release,
    ReleaseState,
    Searchable,
)
from casework.models.numbering import given_elsewhere
from casework.wordsearch.public import all_public
from notifications.models import Message

log = logging.getLogger(__name__)

#: A message that nobody has tried to send for so long is stuck: beat looks at it every half minute.
STUCK_AFTER: Final = timedelta(days=1)
#: The task that proves all of it.
NIGHTLY: Final = "casework.tasks.verify_invariants"
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule; ``broken`` names each row that breaks it, as somebody who mends it has to know it."""

    key: str
    words: Text
    broken: Callable[[datetime], Iterator[str]]


@contextmanager
def snapshot() -> Iterator[None]:
    """All reading inside sees the database as it was at one moment, writes nothing and keeps nobody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            if not connection.savepoint_ids:  # in a transaction of somebody else it sees what that one sees
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    elif connection.in_atomic_block:
        yield
    else:
        # Django would begin IMMEDIATE, which locks writers out for as long as the files are read.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def verify(*, at: datetime, leave_out: Collection[str] = ()) -> Iterator[tuple[Invariant, str]]:
    """Every breach, rule by rule; ``leave_out``: keys of rules that are not judged.

    ``files`` reads every stored file, which takes as long as they are large; ``outbox`` is idle while workers rest.
    """
    with snapshot():
        for invariant in INVARIANTS:
            if invariant.key not in leave_out:
                for row in invariant.broken(at):
                    yield invariant, row


def log_breaches(*, at: datetime) -> int:
    """What beat does every night: a line a breach, for whoever reads the log, and figures for who watches; how many."""
    found = {invariant.key: 0 for invariant in INVARIANTS}
    for invariant, row in verify(at=at):
        log.error("does not hold (%s): %s", invariant.key, row)
        found[invariant.key] += 1
    LastRun.note(NIGHTLY, at=at, findings=found)
    return sum(found.values())


# The rules -----------------------------------------------------------------------------------------------------------


def _states(_at: datetime) -> Iterator[str]:
    for outcome, row in OUTCOMES.items():
        for case in Case.objects.filter(outcome=outcome.value).exclude(state=row.closes_as.value).iterator():
            yield f"{case.number}: {case.state}, {case.outcome}"


def _decisions(_at: datetime) -> Iterator[str]:
    """A case is closed by its dispatched decision, or by the applicant's withdrawal, and by nothing else."""
    said = Decision.objects.filter(case=OuterRef("pk"), returned_at=None)
    same = said.filter(outcome=OuterRef("outcome"), dispatched_on=OuterRef("closed_on"))
    withdrawn = Event.objects.filter(case=OuterRef("pk"), kind=Kind.WITHDRAWN.value)
    closed = Case.objects.exclude(closed_on=None)
    for number in closed.filter(~Exists(same), ~Exists(withdrawn)).values_list("number", flat=True).iterator():
        yield f"{number}: closed without a dispatched decision of the same outcome and day"
    sent = Decision.objects.filter(returned_at=None, case__closed_on=None).exclude(dispatched_on=None)
    for number in sent.values_list("case__number", flat=True).iterator():
        yield f"{number}: open, but its decision was dispatched"


_BEGINNINGS: Final = (Kind.REGISTERED, Kind.SUBMITTED, Kind.IMPORTED, Kind.SPLIT_OFF, Kind.REDECISION_BEGUN)
_ENDINGS: Final = (Kind.DISPATCHED, Kind.WITHDRAWN)


def _events(_at: datetime) -> Iterator[str]:
    """Every case has one beginning, and no more than one end, which is there exactly when it is closed."""
    begun = Count("events", filter=Q(events__kind__in=[kind.value for kind in _BEGINNINGS]), distinct=True)
    ended = Count("events", filter=Q(events__kind__in=[kind.value for kind in _ENDINGS]), distinct=True)
    brought = Exists(Event.objects.filter(case=OuterRef("pk"), kind=Kind.IMPORTED.value))
    cases = Case.objects.annotate(begun=begun, ended=ended, brought=brought).order_by()
    wrong = ~Q(begun=1) | Q(closed_on=None, ended__gt=0) | Q(ended__gt=1)
    wrong |= Q(closed_on__isnull=False, ended=0, brought=False)
    for number, begins, ends in cases.filter(wrong).values_list("number", "begun", "ended").iterator():
        yield f"{number}: {begins} beginnings, {ends} ends"


def _clock(at: datetime) -> Iterator[str]:
    for found in sweeps.verify_clocks(on=day_of(at)):
        yield f"{found.case}: {found.name} is {found.stored}, the facts give {found.found}"


def _matrix(at: datetime) -> Iterator[str]:
    """R1 to R4 of each year, R5 between two, and rows 1 and 3(7) against a count that knows nothing of the table."""
    for agency in Agency.objects.filter(pk__in=Case.objects.values("agency")).order_by("path"):
        yield from _matrices(agency, at)


def _matrices(agency: Agency, at: datetime) -> Iterator[str]:
    agencies: Agencies = [agency]
    own = Case.objects.applications().filter(agency=agency)
    before = None
    for year in reversed(years_of(agencies, until=day_of(at).year)):
        table = matrix_of(agencies, year)
        for check in table.checks():
            if not check.holds:
                yield f"{agency.code} {year}: {check.sentence.en}"
        counted = {
            NEW: own.filter(received_on__year=year).count(),
            TOTAL: own.filter(closed_on__year=year).count(),
        }
        for row, number in counted.items():
            if table.cell(row, TOTAL) != number:
                yield f"{agency.code} {year}: {row} is {table.cell(row, TOTAL)}, but {number} cases are there"
        if before is not None and table.row(CARRIED_IN) != before.row(CARRIED_OUT):
            yield f"{agency.code} {year}: carried in {table.row(CARRIED_IN)}, carried out {before.row(CARRIED_OUT)}"
        before = table


def _reports(_at: datetime) -> Iterator[str]:
    """What was filed stays filed: every edition is as it was signed (law.md 7.10)."""
    for edition, faults in faulty_editions():
        for fault in faults:
            yield f"{edition.report.agency.code} {edition.report.year}, edition {edition.number}: {fault.en}"


def _numbers(_at: datetime) -> Iterator[str]:
    """Every number that a series of letters gave out is borne by a letter, void ones included (law.md 9.4)."""
    given = NumberSeries.objects.filter(kind__startswith=numbers.KIND).exclude(last=0).select_related("agency")
    for row in given.order_by("agency__path", "kind", "year").iterator():
        series = row.kind.removeprefix(numbers.KIND)
        ours = Letter.objects.filter(agency=row.agency)
        borne = set(ours.filter(series=series, year=row.year).values_list("serial", flat=True))
        for serial in range(given_elsewhere(row.agency, row.kind, row.year) + 1, row.last + 1):
            text = numbers.written(row.agency, series, row.year, serial)
            if serial not in borne and not ours.filter(number=text).exists():
                yield f"{row.agency.code}: no letter bears {text}"


def _outbox(at: datetime) -> Iterator[str]:
    stuck = Message.objects.filter(next_attempt_at__lt=at - STUCK_AFTER)
    for message in stuck.order_by("pk").iterator():
        yield f"message {message.pk} ({message.notice}, {message.channel}) has waited since {message.next_attempt_at}"


def _audit(_at: datetime) -> Iterator[str]:
    """The chain fits row by row, the guards stand, and the file of anchors is borne out."""
    for fault in audit.faults():
        yield fault.words.en
    for words in audit.faults_of_anchors():
        yield words.en


def _search(_at: datetime) -> Iterator[str]:
    """The index of words holds what each text says, and nothing of a text that is gone."""
    yield from wordsearch.differences(all_public())


def _files(_at: datetime) -> Iterator[str]:
    """Every stored file is there, as long and with the digest that was taken of it when it came."""
    for document in Document.objects.only("file", "sha256", "case_id").order_by("pk").iterator():
        yield from _compared(f"document {document.pk} of case {document.case_id}", document.file.name, document.sha256)
    letters = Letter.objects.only("pdf", "pdf_sha256", "docx", "docx_sha256", "number").order_by("pk")
    for letter in letters.iterator():
        yield from _compared(f"letter {letter.number or letter.pk} as PDF", letter.pdf.name, letter.pdf_sha256)
        yield from _compared(f"letter {letter.number or letter.pk} as DOCX", letter.docx.name, letter.docx_sha256)
    for evidence in Evidence.objects.only("file", "sha256", "correction_id").order_by("pk").iterator():
        named = f"evidence {evidence.pk} of correction {evidence.correction_id}"
        yield from _compared(named, evidence.file.name, evidence.sha256)
    materials = Material.objects.exclude(working="").only("working", "working_sha256").order_by("pk")
    for material in materials.iterator():
        yield from _compared(f"working copy of record {material.pk}", material.working.name, material.working_sha256)
    releases = Release.objects.filter(state=ReleaseState.PASSED).only("file", "sha256").order_by("pk")
    for release in releases.iterator():
        yield from _compared(f"released file {release.pk}", release.file.name, release.sha256)
    for report in ReceivedReport.objects.only("file", "sha256").order_by("pk").iterator():
        yield from _compared(f"received report {report.pk}", report.file.name, report.sha256)


def _published(at: datetime) -> Iterator[str]:
    """What is published was disclosed, passed the public gate, went through three hands; what is withdrawn is gone."""
    replies = PublishedReply.objects.select_related("case").prefetch_related("versions__files__release")
    found = set(Searchable.objects.filter(source="reply").values_list("of", flat=True))
    for reply in replies.order_by("pk").iterator(chunk_size=500):
        name, current = f"published reply {reply.pk} of case {reply.case.number}", reply.current
        if reply.public_from is not None and reply.case.is_open:
            yield f"{name}: the case is open"
        if (reply.public_from is not None) != (current is not None):
            yield f"{name}: a day without a decision, or a decision without a day"
        if (reply.pk in found) != (reply.public_from is not None and reply.revoked_at is None):
            yield f"{name}: the index of words is not in step"
        if reply.is_visible(day_of(at)) and (current is None or current.cleared_at is None):
            yield f"{name}: public without secrecy review"
        for file in current.files.all() if current else ():
            if file.release.audience != Audience.PUBLIC or not file.release.passed:
                yield f"{name}: {file.release} has not passed the gate for the public"
            elif reply.is_visible(day_of(at)):
                yield from _compared(f"{name}, {file.release}", file.release.file.name, file.release.sha256)


def _accounts(_at: datetime) -> Iterator[str]:
    """Applicants hold no role, staff keep no list; a case in a list has the event of how it came there."""
    for key in Appointment.objects.exclude(staff__kind=PersonKind.STAFF).values_list("staff", flat=True).distinct():
        yield f"applicant {key}: holds a role"
    for key in (
        KeptCase.objects.exclude(account__kind=PersonKind.APPLICANT).values_list("account", flat=True).distinct()
    ):
        yield f"member of staff {key}: has a list of applications"
    for key in Draft.objects.filter(account__kind=PersonKind.STAFF).values_list("account", flat=True).distinct():
        yield f"member of staff {key}: has drafts"
    came = Event.objects.filter(case=OuterRef("case"), kind=Kind.KEPT_IN_ACCOUNT.value, at=OuterRef("at"))
    unexplained = KeptCase.objects.filter(~Exists(came)).values_list("case__number", flat=True)
    for number in unexplained.iterator():
        yield f"{number}: stands in a list, and no event says since when"
    keyless = KeptCase.objects.filter(case__query_code_hash="").values_list("case__number", flat=True)
    for number in keyless.iterator():
        yield f"{number}: stands in a list, but has no query code that could have shown whose it is"


def _compared(what: str, name: str | None, digest: str) -> Iterator[str]:
    if digest.startswith(GONE) and (name or "").startswith(GONE):
        return  # erased when its time was up
    if not name or not default_storage.exists(name):
        yield f"{what}: the file is missing"
        return
    found = hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    if found.hexdigest() != digest:
        yield f"{what}: the file is not what was stored"


INVARIANTS: Final = (
    Invariant("states", Text("办结状态与办理结果一致", "A closed state fits its outcome"), _states),
    Invariant("decisions", Text("办结依据送出的答复或者撤回", "A case is closed by its decision"), _decisions),
    Invariant("events", Text("每件申请有始有终，各一次", "Every case begins once and ends at most once"), _events),
    Invariant("clock", Text("期限与事实一致", "Due dates follow from the facts"), _clock),
    Invariant("matrix", Text("表三逐年平衡并与办件一致", "Table 3 balances and equals the cases"), _matrix),
    Invariant("reports", Text("已签发的年度报告没有改动", "Filed reports are as they were signed"), _reports),
    Invariant("numbers", Text("文号没有缺号", "No number of a letter is missing"), _numbers),
    Invariant("outbox", Text("没有滞留的消息", "No message is stuck"), _outbox),
    Invariant("published", Text("公开的答复合乎条件", "Published replies may be public"), _published),
    Invariant("audit", Text("审计链完整，触发器都在", "The audit chain fits and its guards stand"), _audit),
    Invariant("search", Text("检索的索引与内容一致", "The index of words holds what the texts say"), _search),
    Invariant(
        "accounts",
        Text("申请人账户与工作人员分开，与办件一致", "Applicants' accounts are apart and consistent"),
        _accounts,
    ),
    Invariant("files", Text("文件齐全，与入库时一致", "Files are there and unchanged"), _files),
)
