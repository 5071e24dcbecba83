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
    """The words that came with this release; they are stored (``kept``) with the first letter written in them."""
    source = house_source(kind)
    digest = digest_of(source)
    found = LetterTemplate.objects.filter(agency=None, kind=kind.value, digest=digest).first()
    return found or LetterTemplate(
        kind=kind.value, version=0, source=source, digest=digest, valid_from=REGULATION_SINCE
    )


def kept(template: LetterTemplate) -> LetterTemplate:
    """The stored row of a template; words of the house get the next version when they are stored."""
    if not template._state.adding:
        return template
    house = LetterTemplate.objects.filter(agency=None, kind=template.kind)
    template.version = house.count() + 1
    LetterTemplate.objects.bulk_create([template], ignore_conflicts=True)  # another process may be as quick
    return house.get(digest=template.digest)


@lru_cache(maxsize=len(LetterKind))
def house_source(kind: LetterKind) -> str:
    return (_HOUSE / f"{kind.value}.txt").read_text(encoding="utf-8")


def digest_of(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
