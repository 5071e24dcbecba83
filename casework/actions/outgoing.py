"""What leaves with a reply: attachments are cleaned when they come in, and every file is opened again before it leaves.

A file that was made of a record has passed the release gate; it leaves as it passed, or not at all.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from casework.law.outcomes import OUTCOMES, Group, Outcome
from casework.law.refusals import Refused
from casework.law.withholding import is_a_refusal
from casework.law.words import Text
from casework.models import Audience, Case, Decision, Document, DocumentKind, Release, Scan, Staff
from casework.redaction import gate, making
from casework.redaction.door import FileType, examined, type_of

from .files import Upload, digest_of


def cleaned_upload(upload: Upload) -> Upload:
    """An attachment without anything that is not seen; raises ``Refused`` where it can't be cleaned.

    Cleaned again it is the same, byte by byte, so that a file is known again by its digest.
    """
    match examined(upload.name, upload.content):
        case FileType.TEXT:
            return upload
        case FileType.PDF:
            return Upload(upload.name, _cleaned_pdf(upload))
        case FileType.PNG | FileType.JPEG as kind:
            return Upload(upload.name, _cleaned_picture(upload, kind))
        case _:
            raise Refused(_BY_THE_RECORDS.format(name=upload.name), field="files")


def attach_released(decision: Decision, release: Release, *, by: Staff, at: datetime) -> Document:
    """A file that passed goes with a draft: the same bytes, not stored again."""
    _check_released(release, of=decision.case)
    document, _made = Document.objects.get_or_create(
        decision=decision,
        sha256=release.sha256,
        defaults={
            "case": decision.case,
            "release": release,
            "kind": DocumentKind.REPLY,
            "name": release.name,
            "file": release.file.name,
            "size": release.size,
            "media_type": "application/pdf",
            "scan": Scan.CLEAN if release.material.document.scan == Scan.CLEAN else Scan.OFF,
            "added_by": by,
            "added_at": at,
        },
    )
    return document


def releases_of(case: Case) -> Iterable[Release]:
    """The files that may go with a reply now: made for the applicant, passed, and of the areas as they stand."""
    found = Release.objects.filter(material__document__case=case, audience=Audience.APPLICANT, state="passed")
    rows = found.select_related("material__document").prefetch_related("material__areas")
    return [release for release in rows if release.marks == release.material.marks(release.audience)]


def check_withheld(outcome: Outcome, releases: Iterable[Release]) -> None:
    """Where a part of what was asked for is withheld, the reply says so: it is a partial one (条例 37)."""
    withheld = any(is_a_refusal(each["ground"]) for release in releases for each in release.map)
    if withheld and OUTCOMES[outcome].group is Group.GRANTED:
        raise Refused(
            Text(
                "附件里有不予公开的内容，办理结果应当是“部分公开”。",
                "Parts of the attached files are withheld, so the outcome is “granted in part”.",
            ),
            law="条例 37",
            field="released",
        )


def check_passed(decision: Decision, *, reopen: bool) -> None:
    """Refuse to let a reply go on with a file that has not passed; with ``reopen`` its very bytes are looked at."""
    for document in decision.attachments.select_related("release__material__document"):
        if not document.may_be_opened:
            raise Refused(_UNSCANNED.format(name=document.name))
        if document.release is not None:
            _check_released(document.release, of=decision.case)
        if reopen:
            _check_bytes(document)


def _check_released(release: Release, *, of: Case) -> None:
    if release.material.document.case_id != of.pk or release.audience != Audience.APPLICANT or not release.passed:
        raise Refused(_NOT_PASSED.format(name=release), field="released")
    if release.marks != release.material.marks(release.audience):
        raise Refused(_MARKS_MOVED.format(name=release), field="released")


def _check_bytes(document: Document) -> None:
    try:
        with document.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Refused(_GONE.format(name=document.name)) from error
    expected = document.release.sha256 if document.release else document.sha256
    if digest_of(content) != expected:
        raise Refused(_CHANGED.format(name=document.name))
    if document.release is None and type_of(content) is FileType.PDF and (findings := gate.of_text(content)):
        raise Refused(_STOPPED.format(name=document.name, why=findings[0].sentence))


def _cleaned_pdf(upload: Upload) -> bytes:
    try:
        content = making.cleaned(upload.content)
    except (pikepdf.PdfError, ValueError, TypeError) as error:
        raise Refused(_DAMAGED.format(name=upload.name), field="files") from error
    if findings := gate.of_text(content):
        raise Refused(_STOPPED.format(name=upload.name, why=findings[0].sentence), field="files")
    return content


def _cleaned_picture(upload: Upload, kind: FileType) -> bytes:
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(upload.content)) as stored:
            turned = ImageOps.exif_transpose(stored)
            bare = Image.new(turned.mode, turned.size)
            bare.paste(turned)
            if kind is FileType.PNG:
                bare.save(out, "PNG")
            elif stored.format == "JPEG" and not stored.getexif() and not set(stored.info) - _PLAIN:
                return upload.content
            else:
                bare.save(out, "JPEG", quality=92)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(_DAMAGED.format(name=upload.name), field="files") from error
    return out.getvalue()


#: What every JPEG says of itself: the version of its format and its resolution.
_PLAIN: Final = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"})
_BY_THE_RECORDS: Final = Text(
    "答复附件请用 PDF、图片或者文字文件。“{name}”请放入案卷材料，由系统转成 PDF 并检查后提供。",
    "Attach PDF, pictures or text. Lay “{name}” on the file as a record; it is made a PDF and checked there.",
)
_DAMAGED: Final = Text(
    "附件“{name}”打不开，可能已经损坏。请重新导出。", "The attachment “{name}” can't be opened. Export it again."
)
_STOPPED: Final = Text(
    "附件“{name}”不能提供：{why}请放入案卷材料，检查以后再提供。",
    "“{name}” can't be given: {why} Lay it on the file as a record and have it checked there.",
)
_UNSCANNED: Final = Text("附件“{name}”没有通过病毒查杀，不能送出。", "“{name}” has not passed the virus scan.")
_NOT_PASSED: Final = Text(
    "“{name}”没有通过放行检查，不能提供。", "“{name}” has not passed the release gate and can't be given."
)
_MARKS_MOVED: Final = Text(
    "“{name}”生成以后，涂去的地方又有改动。请重新生成后再送审。",
    "The black areas have changed since “{name}” was made. Make it again and propose the reply anew.",
)
_CHANGED: Final = Text(
    "“{name}”存储的内容与检查通过时不同，不能送出。", "“{name}” is not what passed the check and can't leave."
)
_GONE: Final = Text("“{name}”的文件找不到了，不能送出。", "The file “{name}” is missing and can't leave.")
