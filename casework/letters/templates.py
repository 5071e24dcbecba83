"""Which words a document is written in: the agency's own version of the day, else the house's."""

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from casework.law.letters import LetterKind
from casework.law.periods import REGULATION_SINCE
from casework.models import Agency, LetterTemplate

_HOUSE: Final = Path(settings.BASE_DIR) / "templates" / "letters"


def template_for(kind: LetterKind, *, agency: Agency, outcome: str = "", ground: str = "", on: date) -> LetterTemplate:
    """The template in force on that day."""
    own = LetterTemplate.objects.in_force(kind, agency=agency, outcome=outcome, ground=ground, on=on)
    return own or house_template(kind)


def house_template(kind: LetterKind) -> LetterTemplate:
    """The words that came with this release; they get a row when first used, and a new one when they change."""
    source = house_source(kind)
    digest = digest_of(source)
    found = LetterTemplate.objects.filter(agency=None, kind=kind.value, digest=digest).first()
    if found is None:
        version = LetterTemplate.objects.filter(agency=None, kind=kind.value).count() + 1
        row = LetterTemplate(
            kind=kind.value, version=version, source=source, digest=digest, valid_from=REGULATION_SINCE
        )
        LetterTemplate.objects.bulk_create([row], ignore_conflicts=True)  # another process may be as quick
        found = LetterTemplate.objects.get(agency=None, kind=kind.value, digest=digest)
    return found


@lru_cache(maxsize=len(LetterKind))
def house_source(kind: LetterKind) -> str:
    return (_HOUSE / f"{kind.value}.txt").read_text(encoding="utf-8")


def digest_of(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
