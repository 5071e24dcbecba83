"""A web page (HTML) as the lines that a reader sees: nothing in it is run, fetched or followed."""

from collections.abc import Iterator
from typing import Final

from lxml import etree, html

from casework.law.refusals import Refused
from casework.law.words import Text

from .rows import Row

_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select"})
_BLOCKS: Final = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "center", "figure", "caption"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "main", "nav", "aside"),
        *("table", "tr", "td", "th", "form", "br", "hr"),
    }
)
_DEEPEST: Final = 200
FILLED_BY_SCRIPT: Final = "（由脚本填写）"


def rows_of(text: str) -> list[Row]:
    """What the page shows in reading order; raises ``Refused`` where nothing of HTML can be made out."""
    try:
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise Refused(_NO_PAGE) from error
    lines = _Lines()
    lines.walk(page, 0)
    return [*lines.done()]


def runs_scripts(text: str) -> bool:
    """Whether the page would run something in a browser, which here is left out."""
    return "<script" in text.lower()


class _Lines:
    """The page as it is walked: text is gathered until a block ends."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._text: list[str] = []

    def done(self) -> Iterator[Row]:
        self._end()
        yield from self._rows

    def walk(self, element: html.HtmlElement, depth: int) -> None:
        name = element.tag if isinstance(element.tag, str) else ""
        if not name or name in _UNSEEN or _hidden(element) or depth > _DEEPEST:
            return
        if name == "table" and element.find(".//table") is None:
            self._table(element)
            return
        block = name in _BLOCKS
        if block:
            self._end()
        self._text.append(element.text or "")
        for child in element:
            self.walk(child, depth + 1)
            self._text.append(child.tail or "")
        if block:
            self._end()

    def _table(self, table: html.HtmlElement) -> None:
        self._end()
        for caption in table.iterfind("caption"):
            self._rows.append(Row((_shown(caption),)))
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in {"td", "th"} and not _hidden(cell)]
            if cells and not _hidden(row):
                self._rows.append(Row(tuple(_figure(cell) for cell in cells), ruled=True))

    def _end(self) -> None:
        if line := " ".join("".join(self._text).split()):
            self._rows.append(Row((line,)))
        self._text = []


def _figure(cell: html.HtmlElement) -> str:
    """The words of a cell; one that a script would fill is not blank, and says so."""
    return _shown(cell) or (FILLED_BY_SCRIPT if cell.find(".//script") is not None else "")


def _shown(cell: html.HtmlElement) -> str:
    """The words of a cell, its lines joined: a label that is broken over lines is one label."""
    parts = [cell.text or ""]
    for child in cell:
        if isinstance(child.tag, str) and child.tag not in _UNSEEN and not _hidden(child):
            parts.append(_shown(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _hidden(element: html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


_NO_PAGE: Final = Text("网页是空的，或者无法辨认。", "The page is empty or can't be made out.")
