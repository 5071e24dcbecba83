"""What an applicant is shown between the description and the next question, and only where there is something to show.

What may answer them already, numbers of persons that they typed, and how their words could be searched for better.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from casework.law.personal import Spotted, spotted
from casework.law.supplement import LACKS, LackRow
from casework.law.wording import Found, hints
from casework.models import Agency, Supplement
from casework.wordsearch import Like
from casework.wordsearch.public import public_like

#: Under this key the draft remembers for which words the page was shown: nobody is stopped twice.
SHOWN: Final = "advised"
#: Of fewer supplements nothing is said: they could be about one person.
FEWEST: Final = 10
#: And of a content that fewer lacked.
FEWEST_OF_ONE: Final = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """All that is shown; ``stops``: whether somebody who did not ask for it is shown it."""

    likes: list[Like]
    numbers: list[Spotted]
    hints: list[Found]

    @property
    def stops(self) -> bool:
        return bool(self.likes or self.numbers)


def advice_on(answers: Mapping[str, Any], agency: Agency, *, on: date) -> Advice:
    """About the words of a draft; three queries at most."""
    subject, content = _words(answers)
    text = f"{subject}\n{content}"
    return Advice(public_like(text, agency, on=on), spotted(text, on=on), hints(subject, content))


def mark_of(answers: Mapping[str, Any], agency: Agency) -> str:
    """For which words and which office advice was given."""
    return hashlib.sha256("\n".join([agency.code, *_words(answers)]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Mended:
    """What an office asked applicants to mend within a year: how often in all, and which content most often."""

    total: int
    rows: list[tuple[LackRow, int]]


def mended(agency: Agency, *, on: date) -> Mended | None:
    """Of the office's own supplement notices of the last twelve months; ``None`` where they are few. One query."""
    since = date(on.year - 1, on.month, min(on.day, 28))
    asked = Supplement.objects.filter(case__agency=agency, requested_on__range=(since, on), superseded=False)
    lists = list(asked.values_list("lacks", flat=True))
    if len(lists) < FEWEST:
        return None
    counts = [(row, sum(lack.value in lacks for lacks in lists)) for lack, row in LACKS.items()]
    rows = sorted((pair for pair in counts if pair[1] >= FEWEST_OF_ONE), key=lambda pair: -pair[1])
    return Mended(len(lists), rows) if rows else None


def _words(answers: Mapping[str, Any]) -> tuple[str, str]:
    return str(answers.get("subject", "")), str(answers.get("content", ""))
