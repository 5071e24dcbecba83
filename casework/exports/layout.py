"""Table 三 as the printed form draws it, merged cells included: the one drawing behind every form of the report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html_join

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, KIND_KEYS, NEW, ROWS, TOTAL, Matrix
from casework.law.outcomes import GROUPS, OUTCOMES, Group
from casework.law.words import Text

LABELS: Final = 3
"""Columns of labels before the seven of figures."""

CAPTION: Final = Text("三、收到和处理政府信息公开申请情况", "3. Applications received and handled")
_NOTE: Final = Text(
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "(In each column item 1 plus item 2 equals item 3 plus item 4.)",
)
_APPLICANTS: Final = Text("申请人情况", "Applicants")
_ORGANISATIONS: Final = Text("法人或其他组织", "Legal persons and other organisations")
_RESULTS: Final = Text("三、本年度办理结果", "3. Results this year")
_ITEMS_IN_ENGLISH: Final = {
    NEW: "1. New applications this year",
    CARRIED_IN: "2. Carried in from last year",
    TOTAL: "(7) Total",
    CARRIED_OUT: "4. Carried out to next year",
}


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of the form: its place, how far it reaches, what it says, what a reader hears with it.

    ``scope`` is ``""`` for a figure; ``headers`` are the keys of the heads of a figure.
    """

    line: int
    place: int
    text: Text
    lines: int = 1
    places: int = 1
    scope: str = ""
    key: str = ""
    headers: tuple[str, ...] = ()
    figure: int | None = None
    link: str = ""

    @property
    def spans(self) -> str:
        """The attributes of a merged cell in HTML."""
        reach = (("colspan", self.places), ("rowspan", self.lines))
        return format_html_join("", ' {}="{}"', (pair for pair in reach if pair[1] > 1))

    @property
    def heads(self) -> str:
        """The ids of a figure's heads in HTML."""
        return " ".join(f"head-{key}" for key in self.headers)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of the head and of the body, each a list of the cells that begin in it."""

    head: list[list[FormCell]]
    body: list[list[FormCell]]

    def cells(self) -> Iterator[FormCell]:
        """Every cell with its line counted from the top of the head."""
        for line in (*self.head, *self.body):
            yield from line


Link = Callable[[str, str], str]


def draw(matrix: Matrix, link: Link | None = None) -> Drawing:
    """The form with its figures; ``link(row, column)`` gives the address that a figure opens, ``""`` for none."""
    head = _head()
    return Drawing(head, list(_body(matrix, len(head), link or (lambda _row, _column: ""))))


def _head() -> list[list[FormCell]]:
    person, *others = KIND_KEYS
    last = LABELS + len(KIND_KEYS)
    return [
        [
            FormCell(0, 0, _NOTE, lines=3, places=LABELS, scope="note"),
            FormCell(0, LABELS, _APPLICANTS, places=len(COLUMNS), scope="colgroup", key="applicants"),
        ],
        [
            FormCell(1, LABELS, COLUMNS[person].words, lines=2, scope="col", key=f"column-{person}"),
            FormCell(1, LABELS + 1, _ORGANISATIONS, places=len(others), scope="colgroup", key="organisations"),
            FormCell(1, last, COLUMNS[TOTAL].words, lines=2, scope="col", key=f"column-{TOTAL}"),
        ],
        [
            FormCell(2, LABELS + 1 + at, _kind_words(kind), scope="col", key=f"column-{kind}")
            for at, kind in enumerate(others)
        ],
    ]


def _kind_words(kind: str) -> Text:
    """Under the heading of the organisations the last kind is printed as 其他 alone."""
    return COLUMNS[kind].words if kind != KIND_KEYS[-1] else Text(COLUMNS[kind].printed, "Other")


def _body(matrix: Matrix, top: int, link: Link) -> Iterator[list[FormCell]]:
    """Line by line; ``opened`` are the merged heads that begin in a line, ``above`` the keys of those that reach it."""
    for row, opened, above, place in _rows(top):
        line = top + list(ROWS).index(row)
        label = FormCell(line, place, _label(row), places=LABELS - place, scope="row", key=f"row-{row}")
        yield [*opened, label, *_figures(matrix, row, line, (*above, label.key), link)]


def _rows(top: int) -> Iterator[tuple[str, list[FormCell], tuple[str, ...], int]]:
    """Each row with the heads that begin in it, the keys of all heads that reach it, and where its own label stands."""
    order = list(ROWS)
    yield NEW, [], (), 0
    yield CARRIED_IN, [], (), 0
    waiting = [FormCell(top + 2, 0, _RESULTS, lines=len(OUTCOMES) + 1, scope="rowgroup", key="results")]
    for number, group in enumerate(Group, start=1):
        rows = [row.code.value for row in OUTCOMES.values() if row.group is group]
        if OUTCOMES[next(code for code in OUTCOMES if OUTCOMES[code].group is group)].item == 0:
            yield rows[0], waiting, ("results",), 1
            waiting = []
            continue
        words = Text(GROUPS[group].printed, f"({number}) {GROUPS[group].words.en}")
        key = f"group-{number}"
        waiting.append(FormCell(top + order.index(rows[0]), 1, words, lines=len(rows), scope="rowgroup", key=key))
        for row in rows:
            yield row, waiting, ("results", key), 2
            waiting = []
    yield TOTAL, [], ("results",), 1
    yield CARRIED_OUT, [], (), 0


def _label(row: str) -> Text:
    english = _ITEMS_IN_ENGLISH.get(row)
    if english is None:
        outcome = next(outcome for outcome in OUTCOMES.values() if outcome.code.value == row)
        number = f"{outcome.item}." if outcome.item else f"({list(Group).index(outcome.group) + 1})"
        english = f"{number} {outcome.words.en}"
    return Text(ROWS[row].printed, english)


def _figures(matrix: Matrix, row: str, line: int, heads: tuple[str, ...], link: Link) -> Iterator[FormCell]:
    for at, column in enumerate(COLUMNS):
        figure = matrix.cell(row, column)
        shown = "" if figure is None else str(figure)
        over = ("organisations",) if column in KIND_KEYS[1:] else ()
        headers = (*heads, "applicants", *over, f"column-{column}")
        yield FormCell(
            line, LABELS + at, Text(shown, shown), key=column, headers=headers, figure=figure, link=link(row, column)
        )
