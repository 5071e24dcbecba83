"""Files that come with an application, a supplement or a reply: written whole, then named in the case's transaction."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Consultation, Decision, Delivery, Document, DocumentKind, Scan, Staff
from casework.redaction import virus

from .record import clean

LARGEST: Final = 20 * 2**20
MOST: Final = 20
LONGEST_NAME: Final = 200

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: the sender's name for it and its bytes."""

    name: str
    content: bytes
    scan: Scan | None = None


def attach(
    case: Case,
    upload: Upload,
    kind: DocumentKind,
    *,
    decision: Decision | None = None,
    delivery: Delivery | None = None,
    consultation: Consultation | None = None,
    scan: Scan | None = None,
    by: Staff | None,
    at: datetime,
) -> Document:
    """Store one file with a case, or with a draft or a consultation in it; the same bytes are stored there once.

    The bytes are on disk before the row is written: a row without its file can't exist, and a file without a row
    (its transaction was rolled back) shows to nobody. ``scan``: what the scanner said already; without it the file
    waits for the scanner, where there is one.
    """
    name = _named(upload)
    if kind is not DocumentKind.MATERIAL:  # records have limits of their own
        _check_size(case, upload, name)
    digest = digest_of(upload.content)
    where = {"case": case, "kind": kind, "decision": decision, "consultation": consultation}
    if found := Document.objects.filter(**where, sha256=digest).first():
        return found
    document = Document(
        **where,
        delivery=delivery,
        name=name,
        size=len(upload.content),
        media_type=sniffed(upload.content),
        sha256=digest,
        scan=scan or upload.scan or (Scan.WAITING if virus.configured() else Scan.OFF),
        scanned_at=at if (scan or upload.scan) == Scan.CLEAN else None,
        added_by=by,
        added_at=at,
    )
    document.file.save(name, ContentFile(upload.content), save=False)
    document.save()
    return document


def take_over(document: Document, decision: Decision, *, by: Staff, at: datetime) -> Document:
    """An attachment of a draft that came back, attached to the next one: the same bytes, not stored again."""
    if document.case_id != decision.case_id or document.kind != DocumentKind.REPLY:
        raise Refused(Text("这个文件不是本件退回的附件。", "That file was no attachment of this case."), field="kept")
    found = decision.attachments.filter(sha256=document.sha256).first()
    return found or Document.objects.create(
        case=decision.case,
        decision=decision,
        kind=document.kind,
        name=document.name,
        file=document.file.name,
        size=document.size,
        media_type=document.media_type,
        sha256=document.sha256,
        release=document.release,
        scan=document.scan,
        scanned_at=document.scanned_at,
        added_by=by,
        added_at=at,
    )


def destroy(case: Case, digests: Collection[str]) -> None:
    """Remove attachments with these digests from every draft of a case, bytes first; done again it finds nothing."""
    for document in Document.objects.filter(case=case, kind=DocumentKind.REPLY, sha256__in=digests):
        document.file.delete(save=False)
        document.delete()


def digest_of(content: bytes) -> str:
    """SHA-256, by which the same file is known again."""
    return hashlib.sha256(content).hexdigest()


def sniffed(content: bytes) -> str:
    """The media type by content; what is not known is bytes, whatever its name says."""
    head = content[:16]
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if "\0" in text else "text/plain"


def _named(upload: Upload) -> str:
    """The sender's name for the file in one line, without the folders that some browsers send along."""
    name = upload.name.replace("\\", "/").rsplit("/", 1)[-1]
    if len(name) > LONGEST_NAME:
        raise Refused(
            Text(
                "文件名共{n}个字，超过{longest}个字的上限。请把文件名改短后重新上传。",
                "The name of the file has {n} characters; the limit is {longest}. Shorten it and try again.",
            ).format(n=len(name), longest=LONGEST_NAME),
            field="files",
        )
    return clean(name, "files", longest=LONGEST_NAME, lines=False)


def _check_size(case: Case, upload: Upload, name: str) -> None:
    if not upload.content:
        raise Refused(Text("文件“{name}”是空的。", "The file “{name}” is empty.").format(name=name), field="files")
    if len(upload.content) > LARGEST:
        raise Refused(
            Text("文件“{name}”超过20 MB。", "The file “{name}” is larger than 20 MB.").format(name=name), field="files"
        )
    if Document.objects.filter(case=case).count() >= MOST * len(DocumentKind):
        raise Refused(Text("附件已经太多。", "There are too many files already."), field="files")
