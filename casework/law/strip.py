"""Why a date is the date: its days gathered into stretches of one kind, each in a sentence with its article."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from casework.law.due import Due, Step, StepKind
from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days one after the other that are treated alike. ``ends``: the period ends with the last of them."""

    first: date
    last: date
    kind: StepKind
    counts: bool
    sentence: Text
    law: str
    name: Text | None
    ends: bool


def stretches(due: Due) -> list[Stretch]:
    """The whole way from the start to the due date, each day in exactly one stretch."""
    found = []
    for _same, days in groupby(due.steps(), key=_alike):
        steps = list(days)
        first, last = steps[0], steps[-1]
        sentence = _sentence(due, steps)
        found.append(
            Stretch(
                first.on,
                last.on,
                first.kind,
                first.counts,
                sentence,
                first.law,
                first.name,
                ends=last.on == due.due_on,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """One kind of day that occurs on the way: what it means, and the articles and notices behind it."""

    kind: StepKind
    words: Text
    laws: tuple[str, ...]


def meanings(due: Due) -> list[Meaning]:
    """What the colours of the strip mean, in the order in which they first occur; the start says it itself."""
    found: dict[StepKind, tuple[list[str], list[Text]]] = {}
    for step in due.steps():
        laws, names = found.setdefault(step.kind, ([], []))
        if step.law and step.law not in laws:
            laws.append(step.law)
        if step.name is not None and step.name not in names:
            names.append(step.name)
    return [
        Meaning(kind, _meaning(due, kind, names), tuple(laws))
        for kind, (laws, names) in found.items()
        if kind in _MEANINGS
    ]


def _meaning(due: Due, kind: StepKind, names: list[Text]) -> Text:
    if kind is StepKind.COUNTED and due.basis.nominal_end is not None:
        return _CALENDAR_MEANING
    named = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return _MEANINGS[kind].format(names=named)


def _alike(step: Step) -> tuple[StepKind, bool, str, str]:
    return step.kind, step.counts, step.name.zh if step.name else "", step.law


def _sentence(due: Due, steps: list[Step]) -> Text:
    first, last = steps[0], steps[-1]
    if due.basis.nominal_end is not None or first.kind in _SAID_ALONE:
        return _of_calendar_days(steps)
    template = _SENTENCES[first.kind]
    return template.format(
        numbers=_numbers(first.day, last.day),
        extra=_numbers(_beyond(due, first), _beyond(due, last)),
        name=first.name or _NO_NAME,
    )


def _of_calendar_days(steps: list[Step]) -> Text:
    """What a single day says of itself; of several calendar days, which they are."""
    if len(steps) == 1 or steps[0].day is None:
        return steps[-1].why
    return _CALENDAR_DAYS.format(numbers=_numbers(steps[0].day, steps[-1].day))


def _beyond(due: Due, step: Step) -> int | None:
    return step.day - due.basis.base_days if step.day and due.basis.base_days else None


def _numbers(first: int | None, last: int | None) -> Text:
    if first == last:
        return Text(f"第{last}", str(last))
    return Text(f"第{first}至第{last}", f"{first} to {last}")


_NO_NAME: Final = Text("", "")
_SAID_ALONE: Final = frozenset({StepKind.START, StepKind.WAITING, StepKind.ROLLED})
_SENTENCES: Final[dict[StepKind, Text]] = {
    StepKind.COUNTED: Text("工作日，计入：{numbers}个工作日", "Working days, counted: {numbers}"),
    StepKind.MAKEUP: Text(
        "因{name}调休上班，计入：{numbers}个工作日", "Worked in exchange for {name}, counted: {numbers}"
    ),
    StepKind.EXTENDED: Text(
        "延长的期限，计入：{numbers}个工作日（延长的{extra}个）",
        "Extended period, counted: {numbers} (of the extension: {extra})",
    ),
    StepKind.WEEKEND: Text("休息日，不计入", "Rest days, not counted"),
    StepKind.HOLIDAY: Text("{name}放假，不计入", "Off for {name}, not counted"),
    StepKind.PAUSED: Text("征求{name}意见期间，不计入", "The opinion of the {name} is awaited, not counted"),
    StepKind.DELAYED: Text(
        "确定并告知的延迟答复期限内，按所定日期届满", "Within the reasonable delay, which ends on the day that was set"
    ),
}
_CALENDAR_DAYS: Final = Text("按自然日计算：{numbers}日", "Calendar days count: {numbers}")
_CALENDAR_MEANING: Final = Text("计入，按自然日", "counted, calendar days")
_MEANINGS: Final[dict[StepKind, Text]] = {
    StepKind.COUNTED: Text("计入，数字是第几个工作日", "counted, with the number of the working day"),
    StepKind.MAKEUP: Text("{names}调休上班，计入", "worked in exchange for {names}, counted"),
    StepKind.EXTENDED: Text("延长的期限，计入", "extension, counted"),
    StepKind.WEEKEND: Text("休息日，不计", "rest day, not counted"),
    StepKind.HOLIDAY: Text("{names}放假，不计", "off for {names}, not counted"),
    StepKind.PAUSED: Text("征求{names}意见，不计", "opinion of the {names} awaited, not counted"),
    StepKind.DELAYED: Text("延迟答复的期限", "reasonable delay"),
    StepKind.ROLLED: Text("遇休息日顺延", "rolled over rest days"),
}
