"""The report in its printed order: six sections of prose and tables (国办公开办函〔2021〕30号)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from casework.law.report import (
    DECISIONS,
    DISPUTE_COLUMNS,
    DISPUTES,
    RECONSIDERATION,
    SECTIONS,
    STOCK_COLUMNS,
    STOCKS,
    DisputeTable,
    PublicationTable,
    Report,
)
from casework.law.words import Text

from .layout import Drawing, FormCell, draw

_NUMERALS: Final = "一二三四五六"


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading, its prose paragraph by paragraph, its table where it has one."""

    number: str
    heading: Text
    prose: tuple[str, ...] = ()
    drawing: Drawing | None = None


def parts_of(report: Report, link: Callable[[str, str], str] | None = None) -> list[Part]:
    """The sections that the report has; table 三 is always there. ``link`` as for ``draw``."""
    drawings = {
        "2": draw_publications(report.table2) if report.table2 else None,
        "3": draw(report.table3, link),
        "4": draw_disputes(report.table4) if report.table4 else None,
    }
    found = []
    for number in SECTIONS:
        prose = tuple(line for line in report.sections.get(number, "").splitlines() if line.strip())
        if prose or drawings.get(number):
            found.append(Part(number, heading(number), prose, drawings.get(number)))
    return found


def heading(number: str) -> Text:
    """``三、收到和处理政府信息公开申请情况``."""
    words = SECTIONS[number]
    return Text(f"{_NUMERALS[int(number) - 1]}、{words.zh}", f"{number}. {words.en}")


# ── Table 二 (law.md 7.4) ────────────────────────────────────────────────────────────────────────────────────────────

_ITEM: Final = Text("信息内容", "Information")
_DECIDED: Final = Text("本年处理决定数量", "Decisions this year")
_WIDTH: Final = 1 + len(STOCK_COLUMNS)


def draw_publications(table: PublicationTable, link: Callable[[str, str], str] | None = None) -> Drawing:
    """Table 二: four stretches, each named by its item of article 20.

    ``link(row, column)`` gives the address that a figure opens; decisions and fees have the one column ``amount``.
    """
    return Drawing([], [*_publications(table, link or (lambda _row, _column: ""))])


def _publications(table: PublicationTable, link: Callable[[str, str], str]) -> Iterator[list[FormCell]]:
    line = 0
    for item, heads, rows in _stretches(table):
        yield [FormCell(line, 0, item, places=_WIDTH, scope="colgroup", key=f"two-item-{line}")]
        reach = _WIDTH - 1 if len(heads) == 1 else 1
        keys = [f"two-head-{line}-{at}" for at in range(len(heads))]
        yield [
            FormCell(line + 1, 0, _ITEM, scope="col", key=f"two-what-{line}"),
            *(
                FormCell(line + 1, 1 + at, head, places=reach, scope="col", key=keys[at])
                for at, head in enumerate(heads)
            ),
        ]
        for down, (name, label, figures) in enumerate(rows, start=line + 2):
            yield [
                FormCell(down, 0, label, scope="row", key=f"two-row-{name}"),
                *(
                    replace(
                        _figure(down, 1 + at, each, reach, (f"two-row-{name}", keys[at])),
                        link=link(name, list(STOCK_COLUMNS)[at] if name in STOCKS else "amount"),
                    )
                    for at, each in enumerate(figures)
                ),
            ]
        line += 2 + len(rows)


_Row = tuple[str, Text, list[int | str | None]]


def _stretches(table: PublicationTable) -> Iterator[tuple[Text, list[Text], list[_Row]]]:
    def decided(*names: str) -> list[_Row]:
        return [(name, DECISIONS[name], [table.decisions.get(name)]) for name in names]

    stocks: list[_Row] = [
        (row, words, [table.stock(row, column) for column in STOCK_COLUMNS]) for row, words in STOCKS.items()
    ]
    yield _item("一", 1), list(STOCK_COLUMNS.values()), stocks
    yield _item("五", 5), [_DECIDED], decided("permits")
    yield _item("六", 6), [_DECIDED], decided("penalties", "coercive_measures")
    fees = Text("本年收费金额（单位：万元）", "Charged this year (10,000 yuan)")
    yield _item("八", 8), [fees], [("fees", Text("行政事业性收费", "Administrative fees"), [table.fees])]


def _item(numeral: str, number: int) -> Text:
    return Text(f"第二十条第（{numeral}）项", f"Article 20({number})")


# ── Table 四 (law.md 7.5) ────────────────────────────────────────────────────────────────────────────────────────────


def draw_disputes(table: DisputeTable) -> Drawing:
    """Table 四: reconsideration, and the two kinds of suit, five figures each."""
    five, suits = list(DISPUTE_COLUMNS.items()), [group for group in DISPUTES if group != RECONSIDERATION]
    first = FormCell(0, 0, DISPUTES[RECONSIDERATION], places=5, scope="colgroup", key=f"four-{RECONSIDERATION}")
    both = Text("行政诉讼", "Litigation")
    head = [
        [first, FormCell(0, 5, both, places=10, scope="colgroup", key="four-suits")],
        [
            *(
                FormCell(1, at, words, lines=2, scope="col", key=f"four-{RECONSIDERATION}-{result}")
                for at, (result, words) in enumerate(five)
            ),
            *(
                FormCell(1, 5 * at, DISPUTES[group], places=5, scope="colgroup", key=f"four-{group}")
                for at, group in enumerate(suits, start=1)
            ),
        ],
        [
            FormCell(2, 5 * at + place, words, scope="col", key=f"four-{group}-{result}")
            for at, group in enumerate(suits, start=1)
            for place, (result, words) in enumerate(five)
        ],
    ]
    figures = [
        _figure(3, 5 * at + place, table.figure(group, result), 1, _heads_of(group, result))
        for at, group in enumerate(DISPUTES)
        for place, (result, _words) in enumerate(five)
    ]
    return Drawing(head, [figures])


def _heads_of(group: str, result: str) -> tuple[str, ...]:
    above = (group,) if group == RECONSIDERATION else ("suits", group)
    return tuple(f"four-{key}" for key in (*above, f"{group}-{result}"))


def _figure(line: int, place: int, value: int | str | None, places: int, headers: tuple[str, ...]) -> FormCell:
    shown = "" if value is None else str(value)
    number = value if isinstance(value, int) else None
    return FormCell(line, place, Text(shown, shown), places=places, headers=headers, figure=number)
