"""What an applicant can do next, before which body and until when (law.md section 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.due import Due
from casework.law.outcomes import Outcome, OutcomeRow, Remedy
from casework.law.periods import PeriodKind, period_due
from casework.law.words import Text

#: 复议法 23(1)(4) with 90: decisions made from this day on must be reviewed before they can be sued.
REVIEW_FIRST_SINCE: Final = date(2024, 1, 1)


class Way(StrEnum):
    """The two lawful ways against a decision."""

    RECONSIDERATION = "reconsideration"
    SUIT = "suit"


@dataclass(frozen=True, slots=True)
class Route:
    """One lawful step. ``until`` is ``None`` while the day on which the applicant received the decision is unknown."""

    way: Way
    words: Text
    sentence: Text
    law: str
    until: Due | None


def remedy_of(row: OutcomeRow, *, decided_on: date, inquiry_review_first: bool = False) -> Remedy | None:
    """Which way is open; ``None`` where the applicant ended the case.

    ``inquiry_review_first``: the agency reads the referral to another procedure (36(7)) as a refusal that must be
    reviewed first; the law leaves it open and the default is either way (law.md 8.5).
    """
    if row.code is Outcome.OTHER_3:
        return None
    if decided_on < REVIEW_FIRST_SINCE:
        return Remedy.EITHER
    if inquiry_review_first and row.code is Outcome.REFUSED_8:
        return Remedy.REVIEW_FIRST
    return row.remedy


def paragraph(
    row: OutcomeRow,
    *,
    decided_on: date,
    review_organ: str,
    court: str,
    review_online_at: str = "",
    inquiry_review_first: bool = False,
) -> str:
    """The paragraph on remedies of a document, in the words of the law; empty where there is nothing to contest.

    ``review_online_at``: where reconsideration can be applied for online; a decision that is served through the
    internet has to say it (复议法 22(2)).
    """
    remedy = remedy_of(row, decided_on=decided_on, inquiry_review_first=inquiry_review_first)
    if remedy is None:
        return ""
    organ, where = review_organ or _SOME_ORGAN.zh, court or _SOME_COURT.zh
    online = _ONLINE.format(address=review_online_at) if review_online_at else ""
    return _PARAGRAPHS[remedy].format(organ=organ, court=where) + online


def routes(
    row: OutcomeRow,
    *,
    decided_on: date,
    known_on: date | None,
    review_organ: str,
    court: str,
    calendar: Calendar,
    inquiry_review_first: bool = False,
) -> tuple[Route, ...]:
    """The lawful steps against a decision, in the order in which they have to be taken.

    ``known_on``: the day on which the applicant received it; the periods run from it (复议法 20(1), 行诉法 46).
    """
    remedy = remedy_of(row, decided_on=decided_on, inquiry_review_first=inquiry_review_first)
    if remedy is None:
        return ()
    return tuple(_routes(remedy, known_on, _organ(review_organ), _court(court), calendar))


def routes_of_remedy(
    remedy: Remedy, *, known_on: date | None, review_organ: str, court: str, calendar: Calendar
) -> tuple[Route, ...]:
    """The steps against what is no outcome of an application, such as the reply to a request for correction."""
    return tuple(_routes(remedy, known_on, _organ(review_organ), _court(court), calendar))


def _routes(
    remedy: Remedy, known_on: date | None, organ: str | Text, court: str | Text, calendar: Calendar
) -> Iterator[Route]:
    def until(kind: PeriodKind) -> Due | None:
        return period_due(kind, known_on, calendar) if known_on else None

    review = _REVIEW_FIRST if remedy is Remedy.REVIEW_FIRST else _REVIEW
    law = "行政复议法 20(1)、23(1)(4)" if remedy is Remedy.REVIEW_FIRST else "行政复议法 20(1)"
    yield Route(
        Way.RECONSIDERATION, _RECONSIDERATION, review.format(organ=organ), law, until(PeriodKind.RECONSIDERATION_60D)
    )
    if remedy is Remedy.REVIEW_FIRST:
        yield Route(Way.SUIT, _SUIT, _SUIT_AFTER.format(court=court), "行政诉讼法 45", None)
        return
    sentence = _SUIT_ON_THE_PART_GIVEN if remedy is Remedy.COMBINED else _SUIT_AT_ONCE
    yield Route(Way.SUIT, _SUIT, sentence.format(court=court), "行政诉讼法 46(1)", until(PeriodKind.SUIT_6M))


def silence(review_organ: str, court: str) -> Text:
    """What to do when the period has run out without a reply (条例 51, 法释〔2025〕8号 2(2))."""
    return _SILENCE.format(organ=_organ(review_organ), court=_court(court))


def silence_routes(expired_on: date, *, review_organ: str, court: str, calendar: Calendar) -> tuple[Route, ...]:
    """The same as steps, the safer one first, with the last days that are sure.

    ``expired_on``: the last day of the period for the reply. 复议法实施条例 16 and 行政诉讼法解释 66 count from it.
    """
    review, suit = (
        period_due(kind, expired_on, calendar) for kind in (PeriodKind.RECONSIDERATION_60D, PeriodKind.SUIT_6M)
    )
    return (
        Route(
            Way.RECONSIDERATION,
            _RECONSIDERATION,
            _REVIEW_OF_SILENCE.format(organ=_organ(review_organ)),
            "行政复议法 20(1)、行政复议法实施条例 16",
            review,
        ),
        Route(
            Way.SUIT,
            _SUIT,
            _SUIT_FOR_SILENCE.format(court=_court(court)),
            "法释〔2025〕8号 2(2)、行政诉讼法解释 66",
            suit,
        ),
    )


def _organ(name: str) -> str | Text:
    return name or _SOME_ORGAN


def _court(name: str) -> str | Text:
    return name or _SOME_COURT


_RECONSIDERATION: Final = Text("申请行政复议", "Apply for reconsideration")
_SUIT: Final = Text("提起行政诉讼", "Sue in court")
_SOME_ORGAN: Final = Text("有管辖权的行政复议机关", "the competent reconsideration body")
_SOME_COURT: Final = Text("有管辖权的人民法院", "the competent people’s court")
_REVIEW: Final = Text(
    "自收到答复之日起 60 日内，向{organ}申请行政复议。",
    "Within 60 days of receiving the reply, apply to {organ} for reconsideration.",
)
_REVIEW_FIRST: Final = Text(
    "对不予公开不服的，应当先申请行政复议：自收到答复之日起 60 日内，向{organ}提出。",
    "Against a refusal you must first apply for reconsideration: within 60 days of receiving the reply, to {organ}.",
)
_SUIT_AFTER: Final = Text(
    "对行政复议决定不服的，自收到行政复议决定书之日起 15 日内，向{court}提起行政诉讼。",
    "Against the reconsideration decision, sue in {court} within 15 days of receiving it.",
)
_SUIT_AT_ONCE: Final = Text(
    "也可以不经复议，自收到答复之日起 6 个月内，向{court}提起行政诉讼。",
    "Or sue in {court} without reconsideration, within 6 months of receiving the reply.",
)
_SUIT_ON_THE_PART_GIVEN: Final = Text(
    "认为已公开的部分有误的，也可以自收到答复之日起 6 个月内，直接向{court}提起行政诉讼；"
    "对不予公开的部分不服的，应当先申请行政复议。",
    "If you think the part given is wrong, you may also sue in {court} directly within 6 months of receiving "
    "the reply; against the part withheld you must first apply for reconsideration.",
)
#: law.md 8.7.
_PARAGRAPHS: Final[dict[Remedy, str]] = {
    Remedy.REVIEW_FIRST: (
        "如对本告知书不服，可以自收到本告知书之日起60日内向{organ}申请行政复议；对行政复议决定不服的，可以自收到"
        "行政复议决定书之日起15日内向{court}提起行政诉讼。根据《中华人民共和国行政复议法》第二十三条的规定，"
        "应当先申请行政复议。"
    ),
    Remedy.EITHER: (
        "如对本告知书不服，可以自收到本告知书之日起60日内向{organ}申请行政复议，或者自收到本告知书之日起6个月内向"
        "{court}提起行政诉讼。"
    ),
    Remedy.COMBINED: (
        "如对本告知书中不予公开的部分不服，根据《中华人民共和国行政复议法》第二十三条的规定，应当自收到本告知书之日起"
        "60日内先向{organ}申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向{court}提起"
        "行政诉讼。如对本告知书的其他内容不服，可以自收到本告知书之日起60日内向{organ}申请行政复议，或者自收到"
        "本告知书之日起6个月内向{court}提起行政诉讼。"
    ),
}
_ONLINE: Final = "申请行政复议的互联网渠道：{address}。"
_REVIEW_OF_SILENCE: Final = Text(
    "向{organ}申请行政复议，请求责令限期答复。先走这一步最稳妥：有的法院认为对不答复也应当先申请行政复议。",
    "Apply to {organ} for reconsideration and ask that a reply be ordered. This first is the safer way: some courts "
    "hold that silence, too, must be reviewed before it is sued.",
)
_SUIT_FOR_SILENCE: Final = Text(
    "也可以向{court}提起行政诉讼，请求判决限期答复。",
    "Or sue in {court} and ask that a reply be ordered.",
)
_SILENCE: Final = Text(
    "答复期限已经届满，行政机关还没有答复。您可以向{organ}申请行政复议，或者向{court}提起行政诉讼。",
    "The period has run out and the office has not replied. You may apply to {organ} for reconsideration, "
    "or sue in {court}.",
)
