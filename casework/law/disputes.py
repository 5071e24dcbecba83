"""Reconsideration and suits: what can happen in them, how they end, where table 四 counts them (law.md 7.5, 8.8).

One rule of dates serves the year: a dispute stands at a year's end where its last turning left it. Pending it counts
as 尚未审结, in every year in which it is; decided it counts once, in the year of its result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from .calendar import Calendar
from .due import Due
from .outcomes import OutcomeRow, Remedy
from .periods import Period, PeriodKind, Unit, period_due
from .refusals import Refused
from .remedies import remedy_of
from .report import DIRECT_SUIT, RECONSIDERATION, SUIT_AFTER_RECONSIDERATION
from .words import Text, said

UPHELD: Final = "upheld"
CORRECTED: Final = "corrected"
OTHER: Final = "other"
PENDING: Final = "pending"


class DisputeKind(StrEnum):
    """The three groups of table 四, by the keys of the report."""

    RECONSIDERATION = RECONSIDERATION
    DIRECT_SUIT = DIRECT_SUIT
    SUIT_AFTER_RECONSIDERATION = SUIT_AFTER_RECONSIDERATION


_REVIEW: Final = frozenset({DisputeKind.RECONSIDERATION})
_SUITS: Final = frozenset({DisputeKind.DIRECT_SUIT, DisputeKind.SUIT_AFTER_RECONSIDERATION})
_ANY: Final = _REVIEW | _SUITS


class Result(StrEnum):
    """How a reconsideration or a suit ends."""

    UPHELD = "upheld"
    CLAIM_DISMISSED = "claim_dismissed"
    REVOKED = "revoked"
    CHANGED = "changed"
    UNLAWFUL = "unlawful"
    VOID = "void"
    ORDERED = "ordered"
    NOT_ADMITTED = "not_admitted"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One way to end: its words, its column in table 四, where it is possible, its articles in review and in court.

    ``redecides``: the agency may have to answer the application anew, under a linked file.
    """

    result: Result
    words: Text
    column: str
    kinds: frozenset[DisputeKind]
    review_law: str
    court_law: str = ""
    redecides: bool = False

    def law(self, kind: str) -> str:
        """The article under which a dispute of this kind ends so."""
        return self.review_law if kind == DisputeKind.RECONSIDERATION else self.court_law


RESULTS: Final[dict[Result, ResultRow]] = {
    row.result: row
    for row in (
        ResultRow(Result.UPHELD, Text("维持", "Upheld"), UPHELD, _REVIEW, "行政复议法 68"),
        ResultRow(
            Result.CLAIM_DISMISSED,
            Text("驳回复议请求、诉讼请求", "Claim dismissed on its merits"),
            UPHELD,
            _ANY,
            "行政复议法 69",
            "行政诉讼法 69",
        ),
        ResultRow(
            Result.REVOKED,
            Text("撤销或者部分撤销", "Annulled in whole or in part"),
            CORRECTED,
            _ANY,
            "行政复议法 64",
            "行政诉讼法 70",
            redecides=True,
        ),
        ResultRow(Result.CHANGED, Text("变更", "Changed"), CORRECTED, _ANY, "行政复议法 63", "行政诉讼法 77"),
        ResultRow(
            Result.UNLAWFUL,
            Text("确认违法", "Declared unlawful"),
            CORRECTED,
            _ANY,
            "行政复议法 65",
            "行政诉讼法 74",
            redecides=True,
        ),
        ResultRow(
            Result.VOID,
            Text("确认无效", "Declared void"),
            CORRECTED,
            _ANY,
            "行政复议法 67",
            "行政诉讼法 75",
            redecides=True,
        ),
        ResultRow(
            Result.ORDERED,
            Text("责令履行（答复）", "Ordered to act (to reply)"),
            CORRECTED,
            _ANY,
            "行政复议法 66",
            "行政诉讼法 72",
            redecides=True,
        ),
        ResultRow(
            Result.NOT_ADMITTED,
            Text("不予受理、不予立案", "Not admitted"),
            OTHER,
            _ANY,
            "行政复议法 30",
            "行政诉讼法 51",
        ),
        ResultRow(
            Result.INADMISSIBLE,
            Text("驳回复议申请、裁定驳回起诉", "Dismissed as inadmissible"),
            OTHER,
            _ANY,
            "行政复议法 33",
            "行政诉讼法解释 69",
        ),
        ResultRow(
            Result.WITHDRAWN,
            Text("撤回复议申请、撤诉", "Withdrawn"),
            OTHER,
            _ANY,
            "行政复议法 41",
            "行政诉讼法 62",
        ),
        ResultRow(
            Result.SETTLED, Text("调解、和解", "Mediated or settled"), OTHER, _ANY, "行政复议法 73、74", "行政诉讼法 60"
        ),
        ResultRow(
            Result.ENDED,
            Text("终止、终结", "Ended without a decision"),
            OTHER,
            _ANY,
            "行政复议法 41",
            "行政诉讼法解释 88",
        ),
    )
}


class Fared(StrEnum):
    """How one withheld place fared, where the reply as a whole was corrected."""

    UPHELD = "upheld"
    FELL = "fell"


FARED: Final[dict[Fared, Text]] = {
    Fared.UPHELD: Text("不予公开没有被纠正", "Withholding left standing"),
    Fared.FELL: Text("不予公开被纠正", "Withholding corrected"),
}


def fares(result: Result | None, recorded: str) -> Fared | None:
    """How a contested place fared: told of each one where the reply was corrected, else it follows from the result.

    ``None``: not decided, or ended without a word on it.
    """
    column = RESULTS[result].column if result else PENDING
    if column == UPHELD:
        return Fared.UPHELD
    return Fared(recorded) if column == CORRECTED and recorded else None


def check_fared(result: Result | None, recorded: str) -> None:
    """Refuse to record how a place fared where no result says so."""
    if recorded and (result is None or RESULTS[result].column != CORRECTED):
        raise Refused(_NOT_PLACE_BY_PLACE)


class Stage(StrEnum):
    """What happens in a dispute, as the agency records it."""

    RECEIVED = "received"
    CONVERTED = "converted"
    ANSWERED = "answered"
    HEARD = "heard"
    DECIDED = "decided"
    APPEALED = "appealed"
    WE_APPEALED = "we_appealed"
    RETRIED = "retried"
    REOPENED = "reopened"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its words and where it is possible.

    ``turns``: it opens or ends the matter, so that table 四 goes by it. ``calls``: from it on the agency owes an
    answer. ``typed``: a person records it by itself; the others come about by an act of their own.
    """

    stage: Stage
    words: Text
    kinds: frozenset[DisputeKind]
    turns: bool = False
    calls: bool = False
    typed: bool = True


STAGES: Final[dict[Stage, StageRow]] = {
    row.stage: row
    for row in (
        StageRow(
            Stage.RECEIVED,
            Text("收到答复通知、应诉通知", "Notice received"),
            _ANY,
            turns=True,
            calls=True,
            typed=False,
        ),
        StageRow(Stage.CONVERTED, Text("转为普通程序", "Moved to the ordinary procedure"), _REVIEW),
        StageRow(Stage.ANSWERED, Text("提交答复或者答辩状、证据", "Answer and evidence filed"), _ANY),
        StageRow(Stage.HEARD, Text("听取意见、听证、开庭", "Heard"), _ANY),
        StageRow(Stage.DECIDED, Text("作出决定、裁判", "Decided"), _ANY, turns=True),
        StageRow(
            Stage.APPEALED,
            Text("收到对方的上诉状副本（二审）", "Appeal of the other side received"),
            _SUITS,
            turns=True,
            calls=True,
        ),
        StageRow(Stage.WE_APPEALED, Text("本机关上诉（二审）", "Appeal by the agency"), _SUITS, turns=True),
        StageRow(Stage.RETRIED, Text("进入再审", "Retrial begun"), _SUITS, turns=True),
        StageRow(Stage.REOPENED, Text("另立案卷重新办理", "Decided again under a linked file"), _ANY, typed=False),
        StageRow(Stage.VOIDED, Text("作废", "Struck out"), _ANY, typed=False),
    )
}
TURNING: Final = tuple(stage for stage, row in STAGES.items() if row.turns)
CALLING: Final = tuple(stage for stage, row in STAGES.items() if row.calls)
#: What shows whether an answer is owed: the latest of these is a call while it is.
OF_ANSWERS: Final = (*TURNING, Stage.ANSWERED)
#: They need a result to go against, or to carry out.
_AFTER_RESULT: Final = frozenset({Stage.APPEALED, Stage.WE_APPEALED, Stage.RETRIED, Stage.REOPENED})

_APPEAL_ANSWER: Final = Period(
    15,
    Unit.CALENDAR_DAYS,
    "行政诉讼法解释 108",
    Text("二审答辩状", "Answer to the appeal"),
    date(2018, 2, 8),
)


class Fact(Protocol):
    """One stage as it is on file; ``result`` is empty but for a decision."""

    @property
    def stage(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def result(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dispute stands, and since when; ``result`` is ``None`` while it is pending."""

    on: date
    result: Result | None

    @property
    def row(self) -> ResultRow | None:
        return RESULTS[self.result] if self.result else None


def standing(facts: Iterable[Fact], *, until: date | None = None) -> Standing | None:
    """By the last turning up to a day; ``facts`` in the order of time. ``None``: nothing had come by then."""
    found = None
    for fact in facts:
        if Stage(fact.stage) in TURNING and (until is None or fact.on <= until):
            found = Standing(fact.on, Result(fact.result) if fact.result else None)
    return found


def counts(year: int, on: date | None, *, pending: bool) -> bool:
    """Whether a year's table 四 counts a dispute that stood so at its end, since the day ``on`` (law.md 7.5)."""
    return on is not None and (pending or on >= date(year, 1, 1))


def column_of(result: Result | None, *, dismissal_is_other: bool = False) -> str:
    """The column of table 四. Whether a claim dismissed on its merits leaves the reply 维持 is not settled.

    The suit knows no 维持 since 2015, so by default it does; ``dismissal_is_other`` is the agency's other reading.
    """
    if result is None:
        return PENDING
    if dismissal_is_other and result is Result.CLAIM_DISMISSED:
        return OTHER
    return RESULTS[result].column


def answer_due(kind: DisputeKind, facts: Sequence[Fact], calendar: Calendar, *, simplified: bool = False) -> Due | None:
    """The last day of the answer that the agency owes; ``None`` when it owes none (law.md 8.8).

    ``simplified``: the reconsideration was begun in the simplified procedure; moved to the ordinary one, the ten days
    run from the same notice, which is the earlier end of the two that the law could mean (复议法 55 is silent).
    """
    called = None
    for fact in facts:
        if Stage(fact.stage) in OF_ANSWERS:
            called = fact if Stage(fact.stage) in CALLING else None
    if called is None:
        return None
    if called.stage == Stage.APPEALED:
        return _APPEAL_ANSWER.due(called.on, calendar)
    if kind is not DisputeKind.RECONSIDERATION:
        return period_due(PeriodKind.DEFENCE_15D, called.on, calendar)
    short = simplified and not any(fact.stage == Stage.CONVERTED for fact in facts)
    asked = PeriodKind.RECONSIDERATION_ANSWER_5WD if short else PeriodKind.RECONSIDERATION_ANSWER_10WD
    return period_due(asked, called.on, calendar)


def direct_suit_warning(
    kind: DisputeKind, row: OutcomeRow, *, decided_on: date, inquiry_review_first: bool = False
) -> Text | None:
    """What to look at when a reply that had to be reviewed first is sued at once (复议法 23, 行诉解释 56)."""
    if kind is not DisputeKind.DIRECT_SUIT:
        return None
    remedy = remedy_of(row, decided_on=decided_on, inquiry_review_first=inquiry_review_first)
    if remedy is Remedy.REVIEW_FIRST:
        return _REVIEW_FIRST.format(row=row.words)
    return _REVIEW_FIRST_FOR_THE_PART if remedy is Remedy.COMBINED else None


# What can follow what ------------------------------------------------------------------------------------------------


def check_order(kind: DisputeKind, facts: Sequence[Fact], *, simplified: bool = False) -> None:
    """Refuse stages that cannot have happened so; ``facts`` in the order of time, corrected ones left out."""
    if not facts or facts[0].stage != Stage.RECEIVED:
        raise Refused(_BEFORE_RECEIPT, field="on")
    now: Standing | None = None
    owed = False
    for fact in facts:
        stage = Stage(fact.stage)
        _check_possible(kind, stage, fact.result, simplified=simplified)
        decided = now is not None and now.result is not None
        if stage is Stage.RECEIVED and now is not None:
            raise Refused(_ONCE_RECEIVED, field="stage")
        if stage in _AFTER_RESULT and not decided:
            raise Refused(_NOT_DECIDED, field="stage")
        if stage is Stage.ANSWERED and not owed:
            raise Refused(_NO_ANSWER_OWED, field="stage")
        if decided and now is not None and stage not in _AFTER_RESULT:
            raise Refused(_DECIDED.format(on=said(now.on)), field="stage")
        if stage in OF_ANSWERS:
            owed = stage in CALLING
        if stage in TURNING:
            now = Standing(fact.on, Result(fact.result) if fact.result else None)
    if sum(fact.stage == Stage.CONVERTED for fact in facts) > 1:
        raise Refused(_ONCE_CONVERTED, field="stage")


def _check_possible(kind: DisputeKind, stage: Stage, result: str, *, simplified: bool) -> None:
    if kind not in STAGES[stage].kinds or (stage is Stage.CONVERTED and not simplified):
        raise Refused(_NOT_HERE.format(stage=STAGES[stage].words), field="stage")
    if (stage is Stage.DECIDED) != bool(result):
        raise Refused(_RESULT_MISSING if stage is Stage.DECIDED else _RESULT_IDLE, field="result")
    if result and kind not in RESULTS[Result(result)].kinds:
        raise Refused(_RESULT_NOT_HERE.format(result=RESULTS[Result(result)].words), field="result")


_REVIEW_FIRST: Final = Text(
    "答复是“{row}”，应当先申请行政复议，未经复议直接起诉的依法不予立案；已经立案的，请核对，并在答辩中提出。"
    "直接起诉的，也请核对答复书是否告知了复议前置。",
    "The reply was “{row}”: it must be reviewed before it can be sued, and a suit without review is not to be "
    "docketed. Check it and raise it in the defence; also check whether the reply told the applicant so.",
)
_REVIEW_FIRST_FOR_THE_PART: Final = Text(
    "答复是部分公开：对不予公开的部分，应当先申请行政复议；只有对已经公开的部分才可以直接起诉。请核对诉讼请求。",
    "The reply disclosed a part: what was withheld must be reviewed first; only the part given can be sued directly. "
    "Check what is claimed.",
)
_NOT_PLACE_BY_PLACE: Final = Text(
    "答复被纠正（撤销、变更、确认违法等）的，才逐处登记结果；维持、驳回请求的，各处随之没有被纠正，不用登记。",
    "Record place by place only after the reply was corrected; where it was upheld, every place stood with it.",
)
_BEFORE_RECEIPT: Final = Text(
    "日期早于收到答复通知、应诉通知之日，请核对。", "The date is earlier than that of the notice; please check."
)
_ONCE_RECEIVED: Final = Text("收到通知只登记一次，日期有误的请更正。", "The notice is recorded once; correct its date.")
_ONCE_CONVERTED: Final = Text("已经登记转为普通程序。", "The move to the ordinary procedure is on file already.")
_NOT_DECIDED: Final = Text(
    "还没有结果，不能登记上诉、再审或者重新办理。请先登记结果，日期不晚于这一环节。",
    "There is no result yet to go against or to carry out. Record the result first, dated no later.",
)
_DECIDED: Final = Text(
    "{on}已有结果。结果登记有误的，请更正；上诉、再审的，请先登记上诉、再审。",
    "It was decided on {on}. Correct that if it is wrong; record an appeal or retrial first if there is one.",
)
_NO_ANSWER_OWED: Final = Text(
    "没有等待本机关提交的答复，或者已经登记。", "No answer of the agency is awaited, or it is on file already."
)
_NOT_HERE: Final = Text("这一类争议没有“{stage}”这一环节。", "A dispute of this kind has no such stage: {stage}.")
_RESULT_MISSING: Final = Text("请选择结果。", "Choose the result.")
_RESULT_IDLE: Final = Text("只有“作出决定、裁判”才填写结果。", "A result is given only with the decision.")
_RESULT_NOT_HERE: Final = Text("“{result}”不是这一类争议的结果。", "“{result}” is no result of a dispute of this kind.")
