"""Bytes → text, and text → the narrow alphabet in which tables are looked for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casework.law.refusals import Refused
from casework.law.words import Text

LARGEST: Final = 4 * 1024 * 1024
_DASHES: Final = "‐‑‒–—―−﹣－ー"
_BARS: Final = "│┃║¦︱"
_FRAMES: Final = "─━═┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼╋╔╗╚╝╠╣╦╩╬"
_NOTE_MARKS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿"
_UNSEEN: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u00ad\ufeff"
_REPLACED: Final = {
    **dict.fromkeys(_UNSEEN + _NOTE_MARKS, ""),
    **dict.fromkeys(_BARS, "|"),
    **dict.fromkeys(_FRAMES, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("\u2028\u2029\x85", "\n"),
}
# Traditional forms of the characters of the form's labels: some mirrors convert whole pages.
_TRADITIONAL_PAIRS: Final = (
    "開开請请數数結结轉转辦办處处區区計计這这屬属國国護护權权類类內内務务過过執执詢询項项無无關关現现製制補补後后確确認认舉举報报訴诉複复復复獲获繳缴費费納纳總总繼继續续維维糾纠審审訟讼議议經经業业機机構构"
    "會会組组織织規规廢废強强財财價价萬万應应對对稱称單单許许罰罚長长個个條条參参與与點点動动情情術术發发間间門门"
)
_TRADITIONAL: Final = str.maketrans(_TRADITIONAL_PAIRS[::2], _TRADITIONAL_PAIRS[1::2])


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else GB 18030 (with GBK and GB 2312 inside it)."""
    if len(content) > LARGEST:
        raise Refused(
            Text(
                f"文件太大：年度报告的文本不会超过{LARGEST // 1048576} MB。",
                f"The file is too large: the text of a report is never over {LARGEST // 1048576} MB.",
            )
        )
    if not content.strip():
        raise Refused(Text("文件是空的。", "The file is empty."))
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return text.lstrip("\ufeff")
    raise Refused(
        Text(
            "文件不是文本（或者编码无法识别）。请给出JSON，或者另存为UTF-8编码的纯文本。",
            "The file is not text, or its encoding is not known. Give JSON, or save it as plain text in UTF-8.",
        )
    )


def _encodings(content: bytes) -> Iterator[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield "utf-8"
    yield "gb18030"


def _readable(text: str) -> bool:
    """Whether it reads as text: almost any bytes decode as GB 18030, but only text is nearly free of control signs."""
    odd = sum(1 for char in text if unicodedata.category(char) in {"Cc", "Co", "Cn"} and char not in "\t\n\r\f\v\ufeff")
    return odd * 100 <= len(text) and "\x00" not in text


@dataclass(frozen=True, slots=True)
class PlainText:
    """A report's text in the narrow alphabet, each character knowing where it stood in the original."""

    original: str
    text: str
    origin: tuple[int, ...]

    def cut(self, start: int, end: int) -> str:
        """The original between two places of the narrowed text."""
        if start >= end:
            return ""
        return self.original[self.origin[start] : self.origin[end - 1] + 1]


def narrow(original: str) -> PlainText:
    """Full-width to half-width, one kind of dash, bar, space and line end; marks of footnotes and unseen signs go."""
    chars: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(original):
        for narrowed in _narrow_char(char, original, place):
            chars.append(narrowed)
            origin.append(place)
    return PlainText(original, "".join(chars).translate(_TRADITIONAL), tuple(origin))


def _narrow_char(char: str, text: str, place: int) -> str:
    if char.isascii():
        return _narrow_ascii(char, text, place)
    if char == "，":
        # Between digits it may divide thousands; elsewhere it must not be taken for the comma of a CSV line.
        inside = 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()
        return "," if inside else "、"
    if char in _REPLACED:
        return _REPLACED[char]
    narrowed = unicodedata.normalize("NFKC", char)
    return "".join(part for part in narrowed if part >= " ")


def _narrow_ascii(char: str, text: str, place: int) -> str:
    if char == "\r":
        return "" if text[place + 1 : place + 2] == "\n" else "\n"
    if char in "\f\v":
        return "\n"
    return char if char >= " " or char in "\t\n" else ""


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A stretch of text without spaces, bars and quotes: in it labels that were broken over lines are whole again."""

    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """Where a squeezed character stands in the text it was squeezed from."""
        return self.places[index]


_SQUEEZED_OUT: Final = re.compile(r"[\s|\"'“”*_]")


def squeeze(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """``text[start:end]`` without what tables and line ends put between the characters of a label."""
    stop = len(text) if end is None else min(end, len(text))
    kept = [place for place in range(start, stop) if not _SQUEEZED_OUT.match(text[place])]
    return Squeezed("".join(text[place] for place in kept).replace("它", "他"), tuple(kept))
