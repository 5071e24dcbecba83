"""Table 三 of the annual report as a value: facts in, cells out, and the relations that the form prints (law.md 7.2).

One rule of dates serves items 1 to 4, so that item 1 + item 2 = item 3 + item 4 holds by construction in every column.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from .citation import numbered
from .outcomes import GROUPS, KINDS, OUTCOMES, ApplicantKind, Outcome
from .words import Text

EQUALS: Final = Text("＝", "=")
DIFFERS: Final = Text("≠", "≠")
NEW: Final = "new"
CARRIED_IN: Final = "carried_in"
TOTAL: Final = "total"
CARRIED_OUT: Final = "carried_out"


@dataclass(frozen=True, slots=True)
class RowHead:
    """A row of table 三: its key, its place in the form, as printed, and as a short term."""

    key: str
    number: str
    printed: str
    words: Text


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column of table 三: an applicant kind or the total."""

    key: str
    printed: str
    words: Text


def _row_heads() -> Iterator[RowHead]:
    yield RowHead(NEW, "一", "一、本年新收政府信息公开申请数量", Text("本年新收", "New this year"))
    yield RowHead(CARRIED_IN, "二", "二、上年结转政府信息公开申请数量", Text("上年结转", "Carried in from last year"))
    for row in OUTCOMES.values():
        yield RowHead(row.code.value, row.number, row.printed, row.words)
    yield RowHead(TOTAL, "三(七)", "（七）总计", Text("办理结果总计", "Total of results"))
    yield RowHead(CARRIED_OUT, "四", "四、结转下年度继续办理", Text("结转下年度", "Carried out to next year"))


ROWS: Final[dict[str, RowHead]] = {head.key: head for head in _row_heads()}
COLUMNS: Final[dict[str, ColumnHead]] = {
    head.key: head
    for head in (
        *(ColumnHead(row.kind.value, row.printed, row.words) for row in KINDS.values()),
        ColumnHead(TOTAL, "总计", Text("总计", "Total")),
    )
}
KIND_KEYS: Final[tuple[str, ...]] = tuple(kind.value for kind in KINDS)
RESULT_KEYS: Final[tuple[str, ...]] = tuple(code.value for code in OUTCOMES)
_ROW_INDEX: Final = {key: index for index, key in enumerate(ROWS)}
_COLUMN_INDEX: Final = {key: index for index, key in enumerate(COLUMNS)}


class Fact(Protocol):
    """What the table needs to know of one case."""

    @property
    def kind(self) -> ApplicantKind: ...
    @property
    def received_on(self) -> date: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def outcome(self) -> Outcome | None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """How a case stands in a year: received before it began, and closed within it or still open at its end."""

    carried_in: bool
    closed: bool


def scope(year: int, received_on: date, closed_on: date | None, *, until: date | None = None) -> Scope | None:
    """Whether and how a case belongs to the year's table; ``until`` looks at the year as it stood on an earlier day.

    Received and closed by date of receipt and of dispatch (law.md 7.3); ``None``: not in this year's table.
    """
    end = date(year, 12, 31)
    if until is not None and until < end:
        end = until
    begin = date(year, 1, 1)
    if received_on > end or (closed_on is not None and closed_on < begin):
        return None
    return Scope(carried_in=received_on < begin, closed=closed_on is not None and closed_on <= end)


def place(*, carried_in: bool, outcome: Outcome | None) -> tuple[str, str]:
    """The two rows that count a case: how it came in, and how it went out; ``None`` is a case still open."""
    return (CARRIED_IN if carried_in else NEW), (CARRIED_OUT if outcome is None else outcome.value)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell in which two tables disagree."""

    row: str
    column: str
    left: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """All 25 rows by 7 columns. ``None`` is a cell that a published table leaves blank; ours have none.

    A derived matrix has derived totals; a published one keeps the totals that were typed, so that faults show.
    """

    year: int | None
    figures: tuple[tuple[int | None, ...], ...]

    def __post_init__(self) -> None:
        if len(self.figures) != len(ROWS) or any(len(row) != len(COLUMNS) for row in self.figures):
            raise ValueError(f"table 三 has {len(ROWS)} rows of {len(COLUMNS)} columns")

    @classmethod
    def from_cells(cls, year: int | None, figure: Callable[[str, str], int | None]) -> "Matrix":
        """Ask ``figure(row, column)`` for every cell, typed totals included."""
        return cls(year, tuple(tuple(figure(row, column) for column in COLUMNS) for row in ROWS))

    @classmethod
    def from_groups(
        cls, year: int | None, groups: Iterable[tuple[ApplicantKind, bool, Outcome | None, int]]
    ) -> "Matrix":
        """Sum ``(kind, carried in, outcome or None while open, how many)``; every total is derived."""
        counts: Counter[tuple[str, str]] = Counter()
        for kind, carried_in, outcome, number in groups:
            way_in, way_out = place(carried_in=carried_in, outcome=outcome)
            closed = () if outcome is None else (TOTAL,)
            for row in (way_in, way_out, *closed):
                counts[row, kind.value] += number
                counts[row, TOTAL] += number
        return cls.from_cells(year, lambda row, column: counts[row, column])

    @classmethod
    def from_facts(cls, year: int, facts: Iterable[Fact], *, until: date | None = None) -> "Matrix":
        """Count cases one by one; facts of other years are left out by ``scope``."""
        groups: Counter[tuple[ApplicantKind, bool, Outcome | None]] = Counter()
        for fact in facts:
            standing = scope(year, fact.received_on, fact.closed_on, until=until)
            if standing is not None:
                groups[fact.kind, standing.carried_in, fact.outcome if standing.closed else None] += 1
        return cls.from_groups(year, ((*group, number) for group, number in groups.items()))

    @classmethod
    def empty(cls, year: int | None) -> "Matrix":
        """A year without applications: zeros, not blanks."""
        return cls.from_groups(year, ())

    def cell(self, row: str, column: str) -> int | None:
        """The figure as published, ``None`` where it is blank."""
        return self.figures[_ROW_INDEX[row]][_COLUMN_INDEX[column]]

    def figure(self, row: str, column: str) -> int:
        """The figure for sums: a blank counts as nothing."""
        return self.cell(row, column) or 0

    def row(self, row: str) -> tuple[int | None, ...]:
        return self.figures[_ROW_INDEX[row]]

    def column(self, column: str) -> tuple[int | None, ...]:
        index = _COLUMN_INDEX[column]
        return tuple(row[index] for row in self.figures)

    def __add__(self, other: "Matrix") -> "Matrix":
        """Cell by cell, as a region sums its units (law.md 7.8); a blank in either leaves a blank."""
        if self.year != other.year:
            raise ValueError(f"tables of {self.year} and {other.year} cannot be summed")

        def both(row: str, column: str) -> int | None:
            left, right = self.cell(row, column), other.cell(row, column)
            return None if left is None or right is None else left + right

        return Matrix.from_cells(self.year, both)

    def differences(self, other: "Matrix") -> list[Difference]:
        """Every cell in which the two disagree, in printed order."""
        pairs = ((row, column, self.cell(row, column), other.cell(row, column)) for row in ROWS for column in COLUMNS)
        return [Difference(*pair) for pair in pairs if pair[2] != pair[3]]

    def checks(self) -> list["Check"]:
        """R1 to R4, in that order, those that hold too."""
        return [*_item_sums(self), *_result_sums(self), *_kind_sums(self), *_whole_numbers(self)]

    def as_dict(self) -> dict[str, object]:
        """``table3`` of the JSON form: all rows and all columns, always."""
        return {"columns": list(COLUMNS), "rows": {row: list(self.row(row)) for row in ROWS}}

    @classmethod
    def from_dict(cls, year: int | None, table: Mapping[str, object]) -> "Matrix":
        """Our own ``table3`` back; ``ValueError`` for anything that ``as_dict`` would not write."""
        rows = table.get("rows")
        if table.get("columns") != list(COLUMNS) or not isinstance(rows, Mapping) or set(rows) != set(ROWS):
            raise ValueError("table3 does not have the rows and columns of the form")
        return cls(year, tuple(_whole_row(rows[row]) for row in ROWS))


def _whole_row(row: object) -> tuple[int | None, ...]:
    if not isinstance(row, Sequence) or isinstance(row, str):
        raise ValueError("a row of table3 is not a list")  # noqa: TRY004 - one kind of error for a bad table
    if any(type(figure) is not int and figure is not None for figure in row):
        raise ValueError("a row of table3 holds something else than whole numbers")
    return tuple(row)


def sum_of(year: int | None, matrices: Iterable[Matrix]) -> Matrix:
    """The region's table: the cell-wise sum of its units', each once; none gives the empty table."""
    tables = [Matrix.empty(year), *matrices]
    for matrix in tables:
        if matrix.year != year:
            raise ValueError(f"tables of {year} and {matrix.year} cannot be summed")
    rows = zip(*(matrix.figures for matrix in tables), strict=True)
    return Matrix(year, tuple(tuple(plus(cells) for cells in zip(*row, strict=True)) for row in rows))


def plus(figures: Iterable[int | None]) -> int | None:
    """The sum; ``None`` as soon as one figure is blank, because a sum over a gap would look whole."""
    total = 0
    for figure in figures:
        if figure is None:
            return None
        total += figure
    return total


# ── Relations ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Relation(StrEnum):
    """The checks of law.md 7; R6 compares the prose with the tables and is reckoned in ``agreement``."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    T2 = "T2"
    T4 = "T4"


RELATIONS: Final[dict[Relation, Text]] = {
    Relation.R1: Text("第一项加第二项之和，等于第三项加第四项之和", "Item 1 plus item 2 equals item 3 plus item 4"),
    Relation.R2: Text(
        "第三项（七）总计，等于（一）至（六）各行之和", "Item 3 (7) equals the sum of the rows of (1) to (6)"
    ),
    Relation.R3: Text(
        "总计，等于自然人与五类组织之和", "The total equals natural persons plus the five kinds of organisation"
    ),
    Relation.R4: Text("每格都是不小于零的整数，不留空白", "Every cell is a whole number not below zero; none is blank"),
    Relation.R5: Text("本年第二项，等于上年第四项", "Item 2 of this year equals item 4 of last year"),
    Relation.R6: Text(
        "正文中的数字与各表一致，前后一致，与其各项之和一致",
        "Figures in the prose agree with the tables, with each other and with their parts",
    ),
    Relation.T2: Text(
        "现行有效件数，等于上年有效加本年制发减本年废止",
        "In force equals last year's in force plus made minus repealed",
    ),
    Relation.T4: Text("每组总计，等于该组四种结果之和", "Each total equals its four results"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One relation in one column, row or group: both sides as figures and the whole as a sentence."""

    relation: Relation
    holds: bool
    left: int
    right: int
    sentence: Text
    column: str | None = None
    row: str | None = None

    def as_dict(self) -> dict[str, object]:
        where = {key: value for key, value in (("column", self.column), ("row", self.row)) if value is not None}
        return {"relation": self.relation.value, **where, "holds": self.holds, "left": self.left, "right": self.right}


def _compare(
    relation: Relation,
    left: int,
    right: int,
    sentence: Text,
    *,
    column: str | None = None,
    row: str | None = None,
    **values: object,
) -> Check:
    sign = EQUALS if left == right else DIFFERS
    text = sentence.format(left=left, right=right, sign=sign, **values)
    return Check(relation, left == right, left, right, text, column, row)


def _item_sums(matrix: Matrix) -> Iterator[Check]:
    for column, head in COLUMNS.items():
        new, carried_in = matrix.figure(NEW, column), matrix.figure(CARRIED_IN, column)
        total, carried_out = matrix.figure(TOTAL, column), matrix.figure(CARRIED_OUT, column)
        yield _compare(
            Relation.R1,
            new + carried_in,
            total + carried_out,
            Text(
                "“{head}”列：第一项{new}＋第二项{carried_in}＝{left}，第三项（七）{total}＋第四项{carried_out}＝{right}，"
                "{left}{sign}{right}",
                "Column “{head}”: items 1 and 2: {new} + {carried_in} = {left}; items 3 (7) and 4: {total} + "
                "{carried_out} = {right}; {left} {sign} {right}",
            ),
            column=column,
            head=head.words,
            new=new,
            carried_in=carried_in,
            total=total,
            carried_out=carried_out,
        )


def _result_sums(matrix: Matrix) -> Iterator[Check]:
    for column, head in COLUMNS.items():
        yield _compare(
            Relation.R2,
            matrix.figure(TOTAL, column),
            sum(matrix.figure(row, column) for row in RESULT_KEYS),
            Text(
                "“{head}”列：第三项（七）总计{left}{sign}（一）至（六）各行之和{right}",
                "Column “{head}”: item 3 (7) total {left} {sign} sum of the rows of (1) to (6) {right}",
            ),
            column=column,
            head=head.words,
        )


def _kind_sums(matrix: Matrix) -> Iterator[Check]:
    for row in ROWS:
        yield _compare(
            Relation.R3,
            matrix.figure(row, TOTAL),
            sum(matrix.figure(row, column) for column in KIND_KEYS),
            Text(
                "“{head}”行：总计{left}{sign}自然人与五类组织之和{right}",
                "Row “{head}”: total {left} {sign} natural persons plus the five kinds of organisation {right}",
            ),
            row=row,
            head=row_name(row),
        )


def _whole_numbers(matrix: Matrix) -> Iterator[Check]:
    """Left: cells that are whole numbers not below zero; right: cells that the column has."""
    for column, head in COLUMNS.items():
        bad = [row for row in ROWS if (figure := matrix.cell(row, column)) is None or figure < 0]
        sound = Text("“{head}”列：{right}格都是不小于零的整数", "Column “{head}”: all {right} cells are whole numbers")
        faulty = Text(
            "“{head}”列：{right}格中{left}格是不小于零的整数；空白或者有误：{rows}",
            "Column “{head}”: {left} of {right} cells are whole numbers not below zero; blank or faulty: {rows}",
        )
        names = Text("、".join(row_name(row).zh for row in bad), "; ".join(row_name(row).en for row in bad))
        yield _compare(
            Relation.R4,
            len(ROWS) - len(bad),
            len(ROWS),
            faulty if bad else sound,
            column=column,
            head=head.words,
            rows=names,
        )


def year_link(previous: Matrix, this: Matrix) -> list[Check]:
    """R5, per column: what was carried out of last year came into this one (law.md 7.2)."""
    return [
        _compare(
            Relation.R5,
            this.figure(CARRIED_IN, column),
            previous.figure(CARRIED_OUT, column),
            Text(
                "“{head}”列：本年第二项{left}{sign}上年第四项{right}",
                "Column “{head}”: item 2 of this year {left} {sign} item 4 of last year {right}",
            ),
            column=column,
            head=head.words,
        )
        for column, head in COLUMNS.items()
    ]


def row_name(row: str) -> Text:
    """A row by number and term, unmistakable out of its table: ``三(三)5 属于三类内部事务信息``."""
    head = ROWS[row]
    return Text("{number} {words}", "{number} {words}").format(number=numbered(head.number), words=head.words)


def group_heads() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The classes of item 3 as printed, each with its rows: what a table draws as one merged cell."""
    for group, head in GROUPS.items():
        rows = tuple(row.code.value for row in OUTCOMES.values() if row.group is group)
        yield head.printed, rows
