"""What every verb ends with: the copies of the clock, the event, and the notices."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any, Final

from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Actor, Case, CountChange, Counted, Event, Kind, Staff, edition
from casework.notices import tell


def happened(
    case: Case,
    kind: Kind,
    *,
    by: Staff | None,
    at: datetime,
    for_whom: Staff | None = None,
    on: date | None = None,
    actor: Actor = Actor.STAFF,
    payload: dict[str, Any] | None = None,
    moves_clock: bool = False,
    once: str | None = None,
    was: Counted | None = None,
) -> Event:
    """Write the event of an act on a case that has been saved, and tell those who must hear of it.

    With ``moves_clock`` the clock is replayed over all facts first, which raises ``Refused`` for facts that the law
    does not allow: the caller's transaction then leaves nothing behind. ``once``: a name that the event has only once
    in its case; the second raises ``IntegrityError``. ``was``: what the annual table counted of the case before.
    """
    due_before = case.due_on
    if moves_clock:
        edition.hold()
        case.forget_facts()
        if case.keep_clock(on=day_of(at)):
            case.save(update_fields=Case.CLOCK_COPIES)
    event = Event(
        case=case,
        kind=kind.value,
        on=on or day_of(at),
        at=at,
        actor=actor,
        by=by,
        for_whom=for_whom,
        payload=payload or {},
        due_before=due_before,
        due_after=case.due_on,
        once=once,
    )
    event.save()
    if was is not None and was != Counted.of(case):
        CountChange.objects.create(case=case, at=at, cause=kind.value, **was._asdict())
    tell(event)
    return event


def check_day(on: date, field: str, *, at: datetime, not_before: date | None = None) -> None:
    """Refuse a day that lies in the future, or before the day on which it could first have happened."""
    if on > day_of(at):
        raise Refused(
            Text("{on}还没有到，请填写今天或者以前的日期。", "{on} is in the future.").format(on=said(on)),
            field=field,
        )
    if not_before is not None and on < not_before:
        raise Refused(
            Text("{on}早于{first}，请核对日期。", "{on} is before {first}; please check the date.").format(
                on=said(on), first=said(not_before)
            ),
            field=field,
        )


def clean(text: str, field: str, *, longest: int, required: bool = True, lines: bool = True) -> str:
    """A text as it may be stored: composed, trimmed, free of control characters; emoji and rare characters are kept.

    Without ``lines`` it is one line: breaks and tabs become spaces.
    """
    # Four times, because a letter may be typed as up to four characters that are stored as one.
    _check_length(text, field, longest, at_most=4 * longest)
    text = composed(text, field).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    wrong = _INVISIBLE.search(text)
    if wrong is not None:
        raise Refused(
            Text(
                "文字中有不可见的控制字符（U+{code}），请删去后重试。",
                "The text holds an invisible control character (U+{code}); remove it and try again.",
            ).format(code=f"{ord(wrong[0]):04X}"),
            field=field,
        )
    if required and not any(map(_shows, text)):
        raise Refused(Text("这一项必须填写，不能只有空格。", "This can't be empty or only spaces."), field=field)
    _check_length(text, field, longest, at_most=longest)
    return text


def composed(text: str, field: str) -> str:
    """The text in NFC; piles of marks on one letter are refused, because sorting one takes the square of its size."""
    if unicodedata.is_normalized("NFC", text):  # answers at once where it would be slow
        return text
    pile = 0
    for character in text:
        pile = pile + 1 if unicodedata.combining(character) or character in _PAIRS_OF_MARKS else 0
        if pile > _HIGHEST_PILE:
            raise Refused(
                Text(
                    "文字中有堆叠在一个字上的大量附加符号，请删去后重试。",
                    "The text piles many marks on one letter; remove them and try again.",
                ),
                field=field,
            )
    return unicodedata.normalize("NFC", text)


def _check_length(text: str, field: str, longest: int, *, at_most: int) -> None:
    if len(text) > at_most:
        raise Refused(
            Text(
                "文字共{n}个字，超过{longest}个字的上限。请精简，较长的材料请作为附件。",
                "The text has {n} characters; the limit is {longest}. Shorten it, or attach longer material.",
            ).format(n=len(text), longest=longest),
            field=field,
        )


def _shows(character: str) -> bool:
    """Whether a reader sees something. Characters of names reach Unicode late; before, they are private or unknown."""
    category = unicodedata.category(character)
    return (category[0] in "LNPS" and character not in _BLANK) or category in {"Co", "Cn"}


#: UAX 15 calls text without longer piles stream-safe; no language writes half as many.
_HIGHEST_PILE: Final = 30
#: No marks themselves, they fall apart into two.
_PAIRS_OF_MARKS: Final = "\u0f73\u0f75\u0f81"
#: Letters and symbols by their category that are drawn as nothing.
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Controls but line ends and tabs, lone surrogates, the marks that turn the direction of what follows, and the two
#: code points that no XML file can hold. A pattern, because a ledger asks it of a million texts.
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
