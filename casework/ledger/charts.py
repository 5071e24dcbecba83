"""An organisation chart as CSV or XLSX: one row for each agency, with the code of the one above it."""

from itertools import islice
from pathlib import PurePath
from typing import BinaryIO, Final

from casework.actions.agencies import Box
from casework.grids.cells import Cell, Number, Sheet, is_blank
from casework.grids.workbook import Workbook
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Level

from . import headings
from .delimited import Delimited

LARGEST: Final = 2 * 1024 * 1024
MOST: Final = 5_000
WANTED: Final = headings.Wanted(
    {"code": "代码", "name": "名称", "parent": "上级代码", "level": "层级"}, ("code", "name")
)
CHART_COLUMNS: Final = tuple(WANTED.headings.values())
#: The words of the file are Chinese whatever the language of the page.
_CHINESE: Final = {
    Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县（区）级", Level.DEPARTMENT: "部门",
    Level.TOWNSHIP: "乡镇（街道）",
}  # fmt: skip
_LEVELS: dict[str, str] = {
    headings.plain(word): level.value for level in Level for word in (level.value, _CHINESE[level])
} | {
    "省": "province",
    "市": "city",
    "县": "county",
    "区": "county",
    "县区": "county",
    "乡镇": "township",
    "街道": "township",
}


def read_chart(file: BinaryIO, name: str) -> list[Box]:
    """The rows of the first sheet that has the headings; ``Refused`` where the file can't be read."""
    kind = PurePath(name).suffix.lower()
    if file.seek(0, 2) > LARGEST:
        raise Refused(Text("文件超过2 MB。", "The file is larger than 2 MB."), field="file")
    file.seek(0)
    if kind not in (".csv", ".xlsx"):
        raise Refused(Text("请选择 CSV 或者 XLSX 文件。", "Choose a CSV or XLSX file."), field="file")
    sheets: list[Sheet] = [Delimited(file, name, WANTED)] if kind == ".csv" else list(Workbook(file).sheets)
    for sheet in sheets:
        found = headings.find(list(islice(sheet.lines(), headings.SEARCHED)), WANTED)
        if found is not None:
            return _boxes(sheet, found)
    first = list(islice(sheets[0].lines(), headings.SEARCHED)) if sheets else []
    raise Refused(_NO_HEADINGS.format(lacking="、".join(headings.lacking(first, WANTED))), field="file")


def _boxes(sheet: Sheet, found: headings.Headings) -> list[Box]:
    boxes = []
    for line in sheet.lines():
        if line.number <= found.row or all(map(is_blank, line.cells)):
            continue
        given = {key: _text(line.cells, place, line.number) for key, place in found.places.items()}
        level = given.get("level", "")
        if level and headings.plain(level) not in _LEVELS:
            raise Refused(_NO_LEVEL.format(row=line.number, level=level[:40]), field="file")
        given["level"] = _LEVELS.get(headings.plain(level), "")
        boxes.append(Box(line.number, **given))
        if len(boxes) > MOST:
            raise Refused(_TOO_MANY.format(most=MOST), field="file")
    if not boxes:
        raise Refused(Text("表格只有标题，没有一行内容。", "The sheet has headings but not one row."), field="file")
    return boxes


def _text(cells: list[Cell], place: int, row: int) -> str:
    cell = cells[place] if place < len(cells) else ""
    if isinstance(cell, str | Number):
        return str(cell).strip()
    if cell.merged:
        return ""
    raise Refused(_FORMULA.format(row=row), field="file")


_NO_HEADINGS: Final = Text("表格没有标题：{lacking}。", "The sheet lacks the headings {lacking}.")
_NO_LEVEL: Final = Text(
    "第{row}行的层级“{level}”不认识，可用的有：省级、市级、县（区）级、部门、乡镇（街道）。",
    "Row {row}: the level “{level}” is not known; use 省级, 市级, 县（区）级, 部门 or 乡镇（街道）.",
)
_TOO_MANY: Final = Text("表格超过{most}行。", "The sheet has more than {most} rows.")
_FORMULA: Final = Text("第{row}行有公式，请改为文字。", "Row {row} holds a formula; put in its text.")
