"""案卷材料: records are laid on the file of a case, scanned, made ready to be shown, and their originals are read."""

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Sum

from casework.access import MaterialAct, check_may_material
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Actor,
    Area,
    Case,
    ClassifiedFinding,
    Document,
    DocumentKind,
    Event,
    Kind,
    Material,
    Release,
    Scan,
    Staff,
)
from casework.redaction import office, previews, virus
from casework.redaction.door import FileType, examined, type_of
from casework.redaction.pages import opened

from .files import Upload, attach, digest_of
from .record import happened

log = logging.getLogger(__name__)
_MB: Final = 2**20


def add_materials(case: Case, uploads: tuple[Upload, ...], *, by: Staff, at: datetime) -> list[Event]:
    """Lay records on the file; each is judged by its content, and one that is turned away keeps the others out too.

    What the scanner has not cleared yet is stored and shown to nobody; ``look_again`` goes on with it.
    """
    check_may_material(by, MaterialAct.ADD_MATERIALS, case)
    if not uploads:
        raise Refused(Text("请选择文件。", "Choose a file."), field="files")
    _check_room(case, uploads)
    _check_not_classified(case, uploads)
    for upload in uploads:
        if examined(upload.name, upload.content) in _NOT_TAKEN:
            raise Refused(_KIND.format(name=upload.name), field="files")
    verdicts = [scanned(upload) for upload in uploads]
    events, laid = [], []
    with transaction.atomic():
        _still_open(case, MaterialAct.ADD_MATERIALS, by)
        for upload, scan in zip(uploads, verdicts, strict=True):
            document = attach(case, upload, DocumentKind.MATERIAL, scan=scan, by=by, at=at)
            material, made = Material.objects.get_or_create(document=document)
            laid.append(material)
            if made:
                payload = {"file": document.name, "sha256": document.sha256}
                events.append(happened(case, Kind.MATERIAL_ADDED, by=by, at=at, payload=payload))
    for material in laid:
        prepare_pages(material, at=at)
    return events


def scanned(upload: Upload) -> Scan:
    """What the scanner says of a file that comes in; raises ``Refused`` where it found something."""
    if not virus.configured():
        return Scan.OFF
    try:
        verdict = virus.scan(upload.content)
    except virus.ScannerUnavailableError as error:
        log.warning("virus scanner: %s", error)
        return Scan.WAITING
    if not verdict.clean:
        raise Refused(_INFECTED.format(name=upload.name, virus=verdict.found), field="files")
    return Scan.CLEAN


def prepare_pages(material: Material, *, at: datetime) -> None:
    """Make the PDF from which a record is shown; done again, or by two at once, it changes nothing more.

    A record that can't be shown says why; its original stays.
    """
    document = material.document
    if material.prepared_at is not None or not document.may_be_opened:
        return
    with document.file.open("rb") as stored:
        content = stored.read()
    kind = type_of(content)
    try:
        made = office.converted(kind, content)
        with opened(made.pdf) as paper:
            sizes = [[round(wide, 2), round(high, 2)] for wide, high in paper.sizes]
        _check_pages(len(sizes))
    except Refused as refused:
        fault = {"zh": refused.sentence.zh, "en": refused.sentence.en}
        Material.objects.filter(pk=material.pk, prepared_at=None).update(fault=fault, prepared_at=at)
        material.refresh_from_db()
        return
    material.working.save("pages.pdf", ContentFile(made.pdf), save=False)
    ready = {
        "working": material.working.name,
        "working_sha256": digest_of(made.pdf),
        "pages": sizes,
        "hidden": made.hidden,
        "simplified": made.simplified,
        "prepared_at": at,
    }
    if not Material.objects.filter(pk=material.pk, prepared_at=None).update(**ready):
        material.working.delete(save=False)  # another was as quick, and has its own
    material.refresh_from_db()


def look_again(*, at: datetime) -> None:
    """Scan what still waits for the scanner, and make ready what it has cleared."""
    waiting = Document.objects.filter(scan=Scan.WAITING).select_related("case").order_by("pk")
    for document in waiting.iterator():
        if not rescan(document, at=at):
            break  # nobody answers there: the next look asks again
    unprepared = Material.objects.filter(prepared_at=None, document__scan__in=(Scan.OFF, Scan.CLEAN))
    for material in unprepared.select_related("document").order_by("pk"):
        prepare_pages(material, at=at)


def rescan(document: Document, *, at: datetime) -> bool:
    """Ask the scanner about a stored file once more; whether it answered."""
    with document.file.open("rb") as stored:
        content = stored.read()
    try:
        verdict = virus.scan(content) if virus.configured() else None
    except virus.ScannerUnavailableError as error:
        log.warning("virus scanner: %s", error)
        return False
    scan = Scan.OFF if verdict is None else Scan.CLEAN if verdict.clean else Scan.INFECTED
    found = verdict.found[:200] if verdict else ""
    with transaction.atomic():
        waiting = Document.objects.filter(pk=document.pk, scan=Scan.WAITING)
        if waiting.update(scan=scan, scanned_at=at, virus=found) and scan is Scan.INFECTED:
            payload = {"file": document.name, "virus": found}
            happened(document.case, Kind.VIRUS_FOUND, by=None, actor=Actor.CLOCK, at=at, payload=payload)
    return True


def read_original(material: Material, *, by: Staff, at: datetime, whole: bool = False) -> None:
    """Somebody looks at what the pages show before anything is withheld: on record once a day, a download each time."""
    case = material.document.case
    check_may_material(by, MaterialAct.READ_ORIGINAL, case)
    check_opened(material.document)
    once = None if whole else f"read:{material.pk}:{by.pk}:{day_of(at):%Y%m%d}"
    if once and case.events.filter(once=once).exists():
        return
    try:
        with transaction.atomic():
            happened(case, Kind.MATERIAL_READ, by=by, at=at, payload={"file": material.document.name}, once=once)
    except IntegrityError:  # another window was as quick
        return


def check_opened(document: Document) -> None:
    """Refuse to give out a file of which the scanner has not said that it is clean."""
    if document.scan == Scan.INFECTED:
        raise Refused(_LOCKED_AWAY.format(name=document.name, virus=document.virus))
    if not document.may_be_opened:
        raise Refused(_NOT_SCANNED.format(name=document.name))


def destroy_materials(case: Case, releases: list[int]) -> None:
    """Remove the records from which these files were made, with all that was made of them (保密法 35)."""
    found = Material.objects.filter(document__case=case, releases__in=releases).distinct()
    for material in found.select_related("document"):
        Document.objects.filter(release__material=material).update(release=None)
        for release in material.releases.all():
            if release.file:
                release.file.delete(save=False)
                previews.forget(release.sha256)
        if material.working:
            material.working.delete(save=False)
            previews.forget(material.working_sha256)
        material.document.file.delete(save=False)
        Release.objects.filter(material=material).destroy()
        Area.objects.filter(material=material).destroy()
        document = material.document
        material.delete()
        document.delete()


def digests_of(releases: list[int]) -> set[str]:
    """The digests of the records from which these files were made, and of every other file that was made of them."""
    records = Material.objects.filter(releases__in=releases)
    made = Release.objects.filter(material__in=records).exclude(sha256="")
    return {*records.values_list("document__sha256", flat=True), *made.values_list("sha256", flat=True)}


def _still_open(case: Case, act: MaterialAct, by: Staff) -> None:
    """Ask again under the lock of the case: a draft may have gone to review while the bytes came in."""
    locked = Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case.pk)
    check_may_material(by, act, locked)


def _check_room(case: Case, uploads: tuple[Upload, ...]) -> None:
    largest, most, total = settings.MATERIAL_LARGEST_MB, settings.MATERIAL_MOST, settings.MATERIAL_TOTAL_MB
    for upload in uploads:
        if len(upload.content) > largest * _MB:
            raise Refused(_LARGE.format(name=upload.name, largest=largest), field="files")
    kept = Document.objects.filter(case=case, kind=DocumentKind.MATERIAL)
    if kept.count() + len(uploads) > most:
        raise Refused(_MANY.format(most=most), field="files")
    size = (kept.aggregate(size=Sum("size"))["size"] or 0) + sum(len(upload.content) for upload in uploads)
    if size > total * _MB:
        raise Refused(_TOTAL.format(total=total), field="files")


def _check_pages(pages: int) -> None:
    if not 0 < pages <= settings.MATERIAL_PAGES:
        raise Refused(_PAGES.format(found=pages, most=settings.MATERIAL_PAGES))


def _check_not_classified(case: Case, uploads: tuple[Upload, ...]) -> None:
    """What secrecy review removed from this case does not come back as a record (law.md 10.7)."""
    removed = {d for found in ClassifiedFinding.objects.filter(decision__case=case) for d in found.digests}
    if any(digest_of(upload.content) in removed for upload in uploads):
        raise Refused(_CLASSIFIED, law="保密法 35", field="files")


_NOT_TAKEN: Final = frozenset({FileType.ZIP, FileType.OLE, FileType.OTHER})
_KIND: Final = Text(
    "文件“{name}”不是可以处理的种类。请上传 PDF、图片（PNG、JPEG）、DOCX、XLSX、OFD 或者文字文件。",
    "The file “{name}” is of no kind that can be handled. Upload PDF, PNG, JPEG, DOCX, XLSX, OFD or text.",
)
_LARGE: Final = Text("文件“{name}”超过{largest} MB。请拆分后上传。", "“{name}” is larger than {largest} MB. Split it.")
_MANY: Final = Text("一件办件最多放{most}份材料。", "A case takes at most {most} records.")
_TOTAL: Final = Text(
    "一件办件的材料合计不能超过{total} MB。", "The records of a case can't be larger than {total} MB together."
)
_PAGES: Final = Text(
    "文件有{found}页，能处理的最多{most}页。请拆分后上传。",
    "The file has {found} pages; the limit is {most}. Split it.",
)
_INFECTED: Final = Text(
    "在文件“{name}”里发现病毒（{virus}），没有保存。", "A virus ({virus}) was found in “{name}”; it was not stored."
)
_NOT_SCANNED: Final = Text(
    "文件“{name}”还没有完成病毒查杀，暂时不能打开。查杀服务恢复以后自动继续。",
    "“{name}” has not been scanned for viruses yet and can't be opened. It goes on by itself.",
)
_LOCKED_AWAY: Final = Text(
    "在文件“{name}”里发现病毒（{virus}），不能打开。", "A virus ({virus}) was found in “{name}”; it can't be opened."
)
_CLASSIFIED: Final = Text(
    "保密审查已经认定其中的文件涉及国家秘密并从系统中删除，不能再次放入。",
    "Secrecy review found a state secret in one of these files and removed it; it can't be laid on the file again.",
)
