"""A draft becomes a letter: numbered, drawn, digested and stored, in the transaction of the signature."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Decision, Letter, Staff

from .drafting import LetterDraft
from .numbers import number
from .paper import render_pdf
from .templates import kept
from .wordfile import render_docx


def issue(
    drafted: LetterDraft,
    *,
    case: Case,
    by: Staff,
    at: datetime,
    for_whom: Staff | None = None,
    decision: Decision | None = None,
    typed: str = "",
    act: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Letter:
    """Freeze a letter. It exists with its number and its files, or not at all. A deputy signs ``for_whom`` is away.

    ``act`` and ``facts``: the verb that the letter carries out when it leaves, and its arguments.
    The files are on disk before the row is written; if the transaction fails they belong to nobody and show to nobody.
    """
    page = drafted.page
    with transaction.atomic():
        given = number(case.agency, page.kind, on=page.dated, typed=typed)
        page = page.numbered(given.text)
        pdf, docx = render_pdf(page), render_docx(page)
        letter = Letter(
            case=case,
            agency=case.agency,
            decision=decision,
            kind=page.kind.value,
            template=kept(drafted.template),
            series=given.series,
            year=given.year,
            serial=given.serial,
            number=given.text,
            act=act,
            facts=dict(facts or {}),
            content=page.as_json(),
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            docx_sha256=hashlib.sha256(docx).hexdigest(),
            signed_at=at,
            signed_by=by,
            signed_for=for_whom,
        )
        letter.pdf.save("letter.pdf", ContentFile(pdf), save=False)
        letter.docx.save("letter.docx", ContentFile(docx), save=False)
        letter.save()
    return letter


def void(letter: Letter, *, reason: str, by: Staff, at: datetime) -> Letter:
    """Declare a letter void. Its number stays taken and its record says why (law.md 9.4)."""
    if letter.voided_at is not None:
        raise Refused(Text("这份文书已经作废。", "This letter is void already."))
    letter.voided_at, letter.voided_by, letter.void_reason = at, by, reason
    letter.save()
    return letter
