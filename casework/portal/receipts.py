"""The query code between the check page and the receipt: made before sending, shown for a while, never again."""

from datetime import datetime, timedelta
from typing import Final

from casework.models import Draft
from casework.models.querycode import new_code

#: Long enough for a lost connection, a double click or a slow printer.
SHOWN_FOR: Final = timedelta(minutes=30)
ANSWER: Final = "query_code"


def with_code(answers: dict[str, object]) -> dict[str, object]:
    """The answers of a new draft with the code that its receipt will show."""
    return answers if answers.get(ANSWER) else {**answers, ANSWER: new_code()}


def code_to_show(draft: Draft, *, at: datetime) -> str | None:
    """The code, while the receipt still shows it."""
    if draft.case is None or at - draft.case.registered_at > SHOWN_FOR:
        return None
    code = draft.answers.get(ANSWER)
    return str(code) if code else None
