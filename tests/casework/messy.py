"""Prints a report the way offices' pages, spreadsheets and PDFs come out as text: for reading it back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from casework.law.matrix import CARRIED_OUT, ROWS, TOTAL, Matrix, group_heads

NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
KINDS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
HEADS = ("自然人", *KINDS, "总计")
RESULTS = "三、本年度办理结果"
OPENING = "某某区人民政府\n2023年政府信息公开工作年度报告\n\n一、总体情况\n{prose}\n二、主动公开政府信息情况\n略\n"
HEADING_3 = "三、收到和处理政府信息公开申请情况"
HEADING_4 = "四、政府信息公开行政复议、行政诉讼情况"
CLOSING = "五、存在的主要问题及改进情况\n一是2项工作不足。\n六、其他需要报告的事项\n无\n"
PROSE = (
    "全年无重大问题。",
    "2023年，共收到政府信息公开申请8件，上年结转2件，予以公开2件，部分公开2件，重复申请1件，其他1件，结转下年度0件。",
    "本年新收政府信息公开申请数量为3件，较上年增加1件，总计办理3件。",
)


@dataclass(frozen=True)
class Line:
    """A row of the form: the label of its class if it begins there, its own label, its figures as printed."""

    group: str
    label: str
    depth: int
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Mess:
    """How figures and labels are written; every choice leaves the table the same."""

    thousands: str = ""
    full_width: bool = False
    item_sign: str = "."
    remark: str = ""
    prose: str = PROSE[0]
    line_end: str = "\n"
    blank: str = ""
    half_brackets: bool = False
    unseen: str = ""
    dispute: Sequence[int] = field(default_factory=lambda: (0,) * 15)

    def figure(self, value: int | None) -> str:
        if value is None:
            return self.blank
        text = f"{value:,}".replace(",", self.thousands) if self.thousands else str(value)
        return text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if self.full_width else text

    def label(self, text: str) -> str:
        if len(text) > 1 and text[0].isdigit() and text[1] == ".":
            text = text[0] + self.item_sign + text[2:]
        if self.half_brackets:
            text = text.translate(str.maketrans("（）", "()"))
        return text[:2] + self.unseen + text[2:]

    def finish(self, table: str, disputes: str) -> str:
        text = f"{OPENING.format(prose=self.prose)}{HEADING_3}\n{table}\n{HEADING_4}\n{disputes}\n{CLOSING}"
        return text.replace("\n", self.line_end)


def lines(matrix: Matrix, mess: Mess) -> Iterator[Line]:
    """The rows as printed; a remark goes to the largest figure of the first row."""
    groups = {rows[0]: printed for printed, rows in group_heads() if len(rows) > 1}
    deep = {row for _, rows in group_heads() if len(rows) > 1 for row in rows}
    for row, head in ROWS.items():
        figures = [mess.figure(value) for value in matrix.row(row)]
        if row == TOTAL and figures[-1]:
            figures[-1] += mess.remark
        depth = 3 if row in deep else 2 if head.number.startswith("三") else 1
        yield Line(mess.label(groups.get(row, "")), mess.label(head.printed), depth, tuple(figures))


def _cells(line: Line, first: bool) -> list[str]:
    """The cells that begin in a line: class and item labels, then the figures."""
    labels = [RESULTS] if first else []
    return [*labels, *([line.group] if line.group else []), line.label, *line.figures]


def _rows(matrix: Matrix, mess: Mess) -> Iterator[list[str]]:
    for at, line in enumerate(lines(matrix, mess)):
        yield _cells(line, first=at == 2)


def _dispute_rows(mess: Mess) -> list[list[str]]:
    five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    return [
        ["行政复议", "行政诉讼"],
        [*five, "未经复议直接起诉", "复议后起诉"],
        [*five, *five],
        [mess.figure(value) for value in mess.dispute],
    ]


def page_with_bars(matrix: Matrix, mess: Mess) -> str:
    """One cell a line with a bar behind it, merged cells as bare bars (as a portal's page is copied)."""
    rows = [[NOTE, "申请人情况"], ["自然人", "法人或其他组织", "总计"], list(KINDS), *_rows(matrix, mess)]

    def printed(rows: list[list[str]], width: int) -> str:
        return "\n".join(" |\n".join(row) + " |\n" + "|" * (width - len(row) + 1) for row in rows)

    return mess.finish(printed(rows, 10), printed(_dispute_rows(mess), 15))


def page_with_bars_before(matrix: Matrix, mess: Mess) -> str:
    """Bars on lines of their own between cells."""
    rows = [[NOTE, "申请人情况"], ["自然人", "法人或其他组织", "总计"], list(KINDS), *_rows(matrix, mess)]

    def printed(rows: list[list[str]]) -> str:
        return "\n|\n".join(cell for row in rows for cell in row) + "\n|"

    return mess.finish(printed(rows), printed(_dispute_rows(mess)))


def bars_in_line(matrix: Matrix, mess: Mess) -> str:
    """A row a line, merged cells as bars behind."""
    rows = [[NOTE, "申请人情况"], ["自然人", "法人或其他组织", "总计"], list(KINDS), *_rows(matrix, mess)]

    def printed(rows: list[list[str]], width: int) -> str:
        return "\n".join(" | ".join(row) + " |" + "|" * (width - len(row)) for row in rows)

    return mess.finish(printed(rows, 10), printed(_dispute_rows(mess), 15))


def _grid(matrix: Matrix, mess: Mess, *, repeat: bool) -> list[list[str]]:
    """All ten columns of every row, merged cells empty or repeated."""
    rows = [[NOTE, "", "", "申请人情况", *[""] * 6], ["", "", "", *HEADS]]
    group = ""
    for line in lines(matrix, mess):
        begins = line.group != ""
        group = line.group or group
        if line.depth == 1:
            labels = [line.label] * 3 if repeat else [line.label, "", ""]
        elif line.depth == 2:
            outer = RESULTS if repeat or line.label.startswith(("（一", "(一")) else ""
            labels = [outer, line.label, line.label if repeat else ""]
        else:
            labels = [RESULTS if repeat else "", group if begins or repeat else "", line.label]
        rows.append([*labels, *line.figures])
    return rows


def markdown(matrix: Matrix, mess: Mess) -> str:
    """A grid between bars, a rule under the head."""
    grid = _grid(matrix, mess, repeat=False)
    grid.insert(1, ["---"] * 10)
    table = "\n".join("| " + " | ".join(row) + " |" for row in grid)
    disputes = "\n".join("| " + " | ".join(row) + " |" for row in _dispute_rows(mess))
    return mess.finish(table, disputes)


def from_spreadsheet(matrix: Matrix, mess: Mess) -> str:
    """Cells copied from a sheet: tabs between them, merged cells empty."""
    grid = _grid(matrix, mess, repeat=False)
    return mess.finish(
        "\n".join("\t".join(row) for row in grid), "\n".join("\t".join(row) for row in _dispute_rows(mess))
    )


def repeated_heads(matrix: Matrix, mess: Mess) -> str:
    """Tabs, and the content of a merged cell repeated in each of its places."""
    grid = _grid(matrix, mess, repeat=True)
    return mess.finish(
        "\n".join("\t".join(row) for row in grid), "\n".join("\t".join(row) for row in _dispute_rows(mess))
    )


def comma_separated(matrix: Matrix, mess: Mess) -> str:
    """CSV with every cell in quotes."""
    grid = _grid(matrix, mess, repeat=False)

    def printed(rows: list[list[str]]) -> str:
        return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)

    return mess.finish(printed(grid), printed(_dispute_rows(mess)))


def with_spaces(matrix: Matrix, mess: Mess) -> str:
    """A row a line, spaces between the cells, a page number in between."""
    rows = [[NOTE], [*HEADS], *_rows(matrix, mess)]
    printed = ["  ".join(row) for row in rows]
    printed.insert(14, "- 4 -")
    printed.insert(20, "第 5 页 共 9 页")
    disputes = "\n".join("   ".join(row) for row in _dispute_rows(mess))
    return mess.finish("\n".join(printed), disputes)


def cell_by_cell(matrix: Matrix, mess: Mess) -> str:
    """A table flattened: each cell on a line of its own, empty lines between, nothing else."""
    cells = [NOTE, "申请人情况", *HEADS, *(cell for row in _rows(matrix, mess) for cell in row)]
    disputes = [cell for row in _dispute_rows(mess) for cell in row]
    return mess.finish("\n\n".join(cells), "\n\n".join(disputes))


def on_one_line(matrix: Matrix, mess: Mess) -> str:
    """The whole report on one line."""
    return " ".join(with_spaces(matrix, mess).replace("- 4 -", "").replace("第 5 页 共 9 页", "").split())


def from_pdf(matrix: Matrix, mess: Mess) -> str:
    """Columns by position; long labels broken over three lines, figures in the middle; vertical heads beside."""
    vertical = iter("三、本年度办理结果")
    printed = [f"{NOTE:<30}", " " * 32 + "".join(f"{head:<9}" for head in HEADS)]
    for at, line in enumerate(lines(matrix, mess)):
        figures = "".join(f"{figure:<9}" for figure in line.figures).rstrip()
        side = next(vertical, " ") if at % 3 == 2 else " "
        label = line.label
        if at == 9:
            printed.append("\n   -3-\n\n\f")
        if len(label) > 14:
            third = len(label) // 3 + 2
            printed += [f"{side}     {label[:third]}", " " * 32 + figures, f"      {label[third : 2 * third]}"]
            printed.append(f"      {label[2 * third :]}")
        else:
            printed.append(f"{side}     {label:<24}  {figures}")
        if line.group:
            printed.append(f"  {line.group}")
        printed.append("")
    disputes = "\n\n".join("   ".join(row) for row in _dispute_rows(mess))
    return mess.finish("\n".join(printed), disputes)


def table2_texts(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Table 二 in the ways in which its cells are kept apart."""
    wide = [[*row, *[""] * (4 - len(row))] for row in rows]
    return {
        "a cell a line": "\n".join(" |\n".join(row) + " |\n" + "|" * (5 - len(row)) for row in rows),
        "bars in line": "\n".join(" | ".join(row) + " |" + "|" * (4 - len(row)) for row in rows),
        "bars before": "\n|\n".join(cell for row in rows for cell in row) + "\n|",
        "broken cells": "\n".join("| " + " | ".join(f"\n {cell} " for cell in row) + " |" for row in rows),
        "markdown": "\n".join("| " + " | ".join(row) + " |" for row in wide),
        "tabs": "\n".join("\t".join(row) for row in wide),
        "commas": "\n".join(",".join(f'"{cell}"' for cell in row) for row in wide),
        "spaces": "\n".join("   ".join(row) for row in rows),
        "lines": "\n\n".join(cell for row in rows for cell in row),
        "one line": " ".join(cell for row in rows for cell in row),
    }


Style = Callable[[Matrix, Mess], str]
WITH_SIGNS: tuple[Style, ...] = (
    page_with_bars,
    page_with_bars_before,
    bars_in_line,
    markdown,
    from_spreadsheet,
    repeated_heads,
    comma_separated,
)
WITH_SPACES: tuple[Style, ...] = (with_spaces, cell_by_cell, on_one_line, from_pdf)
LAST_ROW = CARRIED_OUT
