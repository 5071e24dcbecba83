"""Table 二 in a text: stocks of rules, counts of decisions, fees."""

import re
from collections.abc import Mapping
from typing import Final

from casework.law.report import DECISIONS, FEES, STOCK_COLUMNS, STOCKS, PublicationTable

from .figures import TEXT, Arrangement, Layout, cells_of, figures_of
from .plain import squeeze

_LABELS: Final[Mapping[str, str]] = {
    "regulations": "(?<!行政)规章",
    "normative_documents": "规范性文件",
    "permits": "行政许可",
    "penalties": "行政处罚",
    "coercive_measures": "行政强制",
    FEES: "行政事业性收费",
}
_OLD_HEADS: Final = re.compile("新制作数量|新公开数量|对外公开总数量|上一年项目数量|采购项目数量")
_REACH: Final = 8_000


def is_2019(text: str, end: int) -> bool:
    """Whether table 二 has the columns of the 2019 trial form, which count other things."""
    return bool(_OLD_HEADS.search(squeeze(text, max(0, end - _REACH), end).text))


def find_table2(text: str, end: int) -> PublicationTable | None:
    """Read table 二 of the 2021 form before ``end``, where table 三 begins; ``None`` if its rows are not there."""
    begin = max(0, end - _REACH)
    window = squeeze(text, begin, end)
    head = max(window.text.rfind("现行有效"), window.text.rfind("本年制发"))
    if head < 0:
        return None
    places: dict[str, int] = {}
    at = head
    for row, pattern in _LABELS.items():
        match = re.compile(pattern).search(window.text, at)
        if match is None:
            return None
        at = match.end()
        places[row] = window.place(at - 1) + 1
    stops = [*list(places.values())[1:], end]
    segments = {row: text[start:stop] for (row, start), stop in zip(places.items(), stops, strict=True)}
    return PublicationTable(
        {row: dict(zip(STOCK_COLUMNS, _counts(segments[row], len(STOCK_COLUMNS)), strict=True)) for row in STOCKS},
        {row: _counts(segments[row], 1)[0] for row in DECISIONS},
        _money(segments[FEES]),
    )


def _counts(segment: str, wanted: int) -> list[int | None]:
    figures = figures_of(segment)
    if len(figures) >= wanted:
        return [figure.cell.value for figure in figures[:wanted]]
    sign = next((sign for sign in ("|", "\t", '","') if sign in segment), "")
    if not sign:
        return [None] * wanted
    # The stretch begins behind the label's words, so its first cell is what is left of the label's own.
    cells = cells_of(segment.replace(sign, "|"), Arrangement(Layout.STREAM, "|"))[1:]
    values = [cell.value for cell in cells if cell is not TEXT][:wanted]
    return values + [None] * (wanted - len(values))


def _money(segment: str) -> str | None:
    """Fees in 10,000 yuan as a plain decimal string."""
    figures = figures_of(segment)
    raw = figures[0].raw.replace(",", "").lstrip("+") if figures else ""
    return raw if re.fullmatch(r"-?\d+(?:\.\d+)?", raw) else None
