"""Letters: from a case and a template in the agency's words to a numbered, digested PDF and DOCX (law.md 9)."""

from .acknowledging import address_of, render_acknowledgement
from .anonymity import check_anonymous
from .drafting import LetterDraft, draft, draft_reply, preview
from .facts import fee_elements
from .issuing import issue, void
from .language import check, words_of
from .numbers import LetterNumber, check_free, number
from .paper import LetterData, render_many, render_pdf, undrawable
from .petitioning import render_petition
from .templates import digest_of, house_source, house_template, template_for
from .wordfile import render_docx

__all__ = [
    "LetterData",
    "LetterDraft",
    "LetterNumber",
    "address_of",
    "check",
    "check_anonymous",
    "check_free",
    "digest_of",
    "draft",
    "draft_reply",
    "fee_elements",
    "house_source",
    "house_template",
    "issue",
    "number",
    "preview",
    "render_acknowledgement",
    "render_docx",
    "render_many",
    "render_pdf",
    "render_petition",
    "template_for",
    "undrawable",
    "void",
    "words_of",
]
