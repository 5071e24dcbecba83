"""The format ``gongkai.clock/1``: facts in, due dates out. Every fault becomes a sentence that names its place."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from casework.law.calendar import Calendar
from casework.law.clock import (
    CONSERVATIVE,
    Channel,
    Consultation,
    Delayed,
    Due,
    Extended,
    Fact,
    FeeNotified,
    FeePaid,
    Party,
    Readings,
    Receipt,
    SupplementReceived,
    SupplementRequested,
    replay,
)
from casework.law.periods import PeriodKind, period_due
from casework.law.refusals import Refused
from casework.law.words import Text

FORMAT: Final = "gongkai.clock/1"
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_OBJECTS: Final = 100_000
MOST_EVENTS: Final = 1_000

Json = dict[str, Any]


def parse(raw: bytes) -> object:
    """The JSON document in ``raw``; ``Refused`` where it is none."""
    if len(raw) > MOST_BYTES:
        raise Refused(_TOO_BIG.format(limit=MOST_BYTES // 1024 // 1024))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_NOT_UTF8.format(position=error.start + 1)) from None
    if not text.strip():
        raise Refused(_EMPTY)
    try:
        document: object = json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Refused(_NOT_JSON.format(line=error.lineno, column=error.colno)) from None
    except (RecursionError, ValueError):  # nested without end, or a number of thousands of digits
        raise Refused(_TOO_DEEP) from None
    return document


def answer(document: object, *, calendar: Calendar, readings: Readings = CONSERVATIVE, language: str = "zh") -> Json:
    """The answer to one object; raises ``Refused`` for what is malformed or what the law does not allow."""
    return as_json(replay(*_request(document, calendar), calendar=calendar, readings=readings), language)


def answers(
    documents: Sequence[object], *, calendar: Calendar, readings: Readings = CONSERVATIVE, language: str = "zh"
) -> Iterator[Json]:
    """The answers to a list, one after the other; an object with ``error`` stands where one is refused."""
    if not documents:
        raise Refused(_EMPTY_LIST)
    if len(documents) > MOST_OBJECTS:
        raise Refused(_TOO_MANY.format(place=_LIST, count=len(documents), limit=MOST_OBJECTS))
    return (_answer_or_error(each, calendar, readings, language) for each in documents)


def period_answer(kind: str, start: str, *, calendar: Calendar, language: str = "zh") -> Json:
    """The answer for one statutory period from a day; raises ``Refused`` for an unknown kind or an impossible day."""
    known = _one_of(kind, "", [*PeriodKind])
    return as_json(period_due(PeriodKind(known), read_date(start, calendar), calendar), language)


def printed(document: object, *, calendar: Calendar, language: str = "zh") -> Iterator[str]:
    """The answer to a whole document as JSON, a line an object, so that a long list needs no memory."""
    if not isinstance(document, list):
        yield json.dumps(answer(document, calendar=calendar, language=language), ensure_ascii=False)
        return
    before = "["
    for each in answers(document, calendar=calendar, language=language):
        yield f"{before}\n{json.dumps(each, ensure_ascii=False)}"
        before = ","
    yield "\n]"


def _answer_or_error(document: object, calendar: Calendar, readings: Readings, language: str) -> Json:
    try:
        return answer(document, calendar=calendar, readings=readings, language=language)
    except Refused as refused:
        return error_json(refused, language)


def error_json(refused: Refused, language: str = "zh") -> Json:
    return {"error": refused.sentence.read_in(language), "law": refused.law or None}


def as_json(due: Due, language: str = "zh") -> Json:
    """A due date with its steps, sentences in one language."""
    return {
        "due_on": due.due_on.isoformat() if due.due_on else None,
        "provisional": due.provisional,
        "started_on": due.started_on.isoformat(),
        "working_days": due.working_days,
        "excluded": [[first.isoformat(), last.isoformat()] for first, last in due.excluded],
        "steps": [
            {
                "on": step.on.isoformat(),
                "counts": step.counts,
                "day": step.day,
                "why": step.why.read_in(language),
                "law": step.law,
            }
            for step in due.steps()
        ],
        "warnings": [warning.read_in(language) for warning in due.warnings],
    }


# -- reading ---------------------------------------------------------------------------------------------------------

_EVENT_KEYS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "supplement_requested": (frozenset({"on"}), frozenset()),
    "supplement_received": (frozenset({"on"}), frozenset()),
    "consultation": (frozenset({"with", "sent_on"}), frozenset({"delivered_on", "answered_on"})),
    "extended": (frozenset({"on", "working_days"}), frozenset()),
    "delayed": (frozenset({"on", "until"}), frozenset()),
    "fee_notified": (frozenset({"on"}), frozenset()),
    "fee_paid": (frozenset({"on"}), frozenset()),
}
"""Per kind of event, the keys that must be there and those that may."""


def _request(document: object, calendar: Calendar) -> tuple[Receipt, list[Fact]]:
    top = _object(document, "", frozenset({"format", "receipt"}), frozenset({"events"}))
    if top["format"] != FORMAT:
        raise _fault("format", _WRONG_FORMAT, value=_shown(top["format"]), format=FORMAT)
    receipt = _object(top["receipt"], "receipt", frozenset({"channel", "on"}), frozenset({"confirmed_on"}))
    events = top.get("events", [])
    if not isinstance(events, list):
        raise _fault("events", _NOT_A_LIST, value=_shown(events))
    if len(events) > MOST_EVENTS:
        raise _fault("events", _TOO_MANY, place=_LIST, count=len(events), limit=MOST_EVENTS)
    return (
        Receipt(
            Channel(_one_of(receipt["channel"], "receipt.channel", [*Channel])),
            _date(receipt["on"], "receipt.on", calendar),
            _optional_date(receipt.get("confirmed_on"), "receipt.confirmed_on", calendar),
        ),
        [_fact(event, f"events[{index}]", calendar) for index, event in enumerate(events)],
    )


def _fact(event: object, place: str, calendar: Calendar) -> Fact:
    if not isinstance(event, dict):
        raise _fault(place, _NOT_AN_OBJECT, value=_shown(event))
    if "kind" not in event:
        raise _fault(place, _MISSING, key="kind")
    kind = _one_of(event["kind"], f"{place}.kind", [*_EVENT_KEYS])
    required, optional = _EVENT_KEYS[kind]
    event = _object(event, place, required | {"kind"}, optional)
    if kind == "consultation":
        return Consultation(
            Party(_one_of(event["with"], f"{place}.with", [*Party])),
            _date(event["sent_on"], f"{place}.sent_on", calendar),
            _optional_date(event.get("delivered_on"), f"{place}.delivered_on", calendar),
            _optional_date(event.get("answered_on"), f"{place}.answered_on", calendar),
        )
    on = _date(event["on"], f"{place}.on", calendar)
    if kind == "extended":
        return Extended(on, _whole_number(event["working_days"], f"{place}.working_days"))
    if kind == "delayed":
        return Delayed(on, _date(event["until"], f"{place}.until", calendar))
    return _PLAIN[kind](on)


_PLAIN: Final[Mapping[str, Callable[[date], Fact]]] = {
    "supplement_requested": SupplementRequested,
    "supplement_received": SupplementReceived,
    "fee_notified": FeeNotified,
    "fee_paid": FeePaid,
}


def _object(value: object, place: str, required: frozenset[str], optional: frozenset[str]) -> Json:
    if not isinstance(value, dict):
        raise _fault(place, _NOT_AN_OBJECT, value=_shown(value))
    for key in sorted(required):
        if key not in value:
            raise _fault(place, _MISSING, key=key)
    for key in value:
        if key not in required and key not in optional:
            known = "、".join(sorted(required | optional))
            raise _fault(place, _UNKNOWN_KEY, key=_shown(key), known=Text(known, known.replace("、", ", ")))
    return value


def _one_of(value: object, place: str, known: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in known:
        names = Text("、".join(known), ", ".join(known))
        raise _fault(place, _UNKNOWN_VALUE, value=_shown(value), known=names)
    return value


def _whole_number(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _fault(place, _NOT_A_NUMBER, value=_shown(value))
    return value


def _optional_date(value: object, place: str, calendar: Calendar) -> date | None:
    return None if value is None else _date(value, place, calendar)


def _date(value: object, place: str, calendar: Calendar) -> date:
    try:
        return read_date(value, calendar)
    except Refused as refused:
        raise _fault(place, refused.sentence, law=refused.law) from None


def read_date(value: object, calendar: Calendar) -> date:
    """A day written ``2025-09-08`` that the calendar covers; else ``Refused``."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Refused(_NOT_A_DATE.format(value=_shown(value)))
    try:
        on = date.fromisoformat(value)
    except ValueError:
        raise Refused(_NO_SUCH_DATE.format(value=value)) from None
    calendar.check_covers(on)
    return on


_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _no_twins(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise Refused(_TWINS.format(key=_shown(next(key for key in keys if keys.count(key) > 1))))
    return found


def _no_constant(name: str) -> object:
    raise Refused(_NO_CONSTANT.format(value=name))


def _shown(value: object) -> Text:
    """A value as it can safely stand in a sentence: short, with control characters and half characters escaped."""
    if isinstance(value, str):
        text = repr(value[:40])[1:-1] + ("…" if len(value) > 40 else "")
        return Text(f"“{text}”", f"“{text}”")
    if value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
        return Text(text, text)
    if isinstance(value, int | float):
        text = repr(value) if abs(value) < 10**15 else "…"
        return Text(text, text)
    return Text("列表", "a list") if isinstance(value, list) else Text("对象", "an object")


def _fault(where: str, sentence: Text, *, law: str = "", **values: object) -> Refused:
    filled = sentence.format(**values) if values else sentence
    if where:
        filled = Text(f"{where}：{filled.zh}", f"{where}: {filled.en}")
    return Refused(filled, law=law, field=where or None)


# -- sentences -------------------------------------------------------------------------------------------------------

_TOO_BIG: Final = Text("文件超过{limit} MB，请分成几个文件。", "The file is larger than {limit} MB; please split it.")
_NOT_UTF8: Final = Text(
    "文件不是UTF-8编码（第{position}个字节），请另存为UTF-8。",
    "The file is not UTF-8 (byte {position}); please save it as UTF-8.",
)
_EMPTY: Final = Text(
    f"文件是空的，请写入一个 {FORMAT} 对象或者由这种对象组成的列表。",
    f"The file is empty; please give one {FORMAT} object or a list of them.",
)
_EMPTY_LIST: Final = Text("列表是空的，请至少写入一个对象。", "The list is empty; please give at least one object.")
_NOT_JSON: Final = Text(
    "文件不是有效的JSON：第{line}行第{column}列有误，请更正。",
    "The file is not valid JSON: please correct line {line}, column {column}.",
)
_TOO_DEEP: Final = Text(
    "文件中嵌套过深或者数字过长，请核对。",
    "The file is nested too deeply or holds a number that is too long; please check.",
)
_TWINS: Final = Text("同一对象中{key}出现了两次，请删去一个。", "{key} stands twice in one object; please remove one.")
_NO_CONSTANT: Final = Text(
    "JSON中不能写{value}，请改为数字或者null。", "JSON has no {value}; please give a number or null."
)
_LIST: Final = Text("列表", "The list")
_TOO_MANY: Final = Text(
    "{place}有{count}项，最多{limit}项，请分成几次。",
    "{place} has {count} entries, at most {limit} are read; please split it.",
)
_WRONG_FORMAT: Final = Text(
    "不能识别格式{value}，请写“{format}”。", "The format {value} is not known; please write “{format}”."
)
_NOT_AN_OBJECT: Final = Text("应为一个对象，不能是{value}。", "This must be an object, not {value}.")
_NOT_A_LIST: Final = Text("应为一个列表，不能是{value}。", "This must be a list, not {value}.")
_MISSING: Final = Text("缺少“{key}”，请补上。", "“{key}” is missing; please add it.")
_UNKNOWN_KEY: Final = Text("不能识别{key}，可用的有：{known}。", "{key} is not known here; known are: {known}.")
_UNKNOWN_VALUE: Final = Text("不能识别{value}，可用的有：{known}。", "{value} is not known; known are: {known}.")
_NOT_A_NUMBER: Final = Text("应为整数，例如10，不能是{value}。", "This must be a whole number such as 10, not {value}.")
_NOT_A_DATE: Final = Text(
    "{value}不是日期，请写成2025-09-08这样的形式。", "{value} is not a date; please write it like 2025-09-08."
)
_NO_SUCH_DATE: Final = Text("没有{value}这一天，请核对。", "There is no day {value}; please check.")
