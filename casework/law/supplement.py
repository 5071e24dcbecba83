"""What an application can lack, what is said about it, and the words in it that are unclear (条例 29(2), 30)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class Lack(StrEnum):
    """The three things that an application has to contain (条例 29(2))."""

    IDENTITY = "identity"
    DESCRIPTION = "description"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class LackRow:
    """One of them: its words on the desk, the article, and how the notice names it."""

    lack: Lack
    words: Text
    law: str
    printed: str


LACKS: Final[dict[Lack, LackRow]] = {
    row.lack: row
    for row in (
        LackRow(
            Lack.IDENTITY,
            Text("姓名或者名称、身份证明、联系方式", "Name, proof of identity, contact"),
            "条例 29(2)(一)",
            "申请人的姓名或者名称、身份证明、联系方式（《中华人民共和国政府信息公开条例》第二十九条第二款第一项）",
        ),
        LackRow(
            Lack.DESCRIPTION,
            Text("名称、文号或者便于查询的特征", "Title, number or features by which it can be searched"),
            "条例 29(2)(二)",
            "申请公开的政府信息的名称、文号或者便于行政机关查询的其他特征性描述"
            "（《中华人民共和国政府信息公开条例》第二十九条第二款第二项）",
        ),
        LackRow(
            Lack.FORM,
            Text("形式要求，包括获取信息的方式、途径", "The form wanted, and the way to get it"),
            "条例 29(2)(三)",
            "申请公开的政府信息的形式要求，包括获取信息的方式、途径"
            "（《中华人民共和国政府信息公开条例》第二十九条第二款第三项）",
        ),
    )
}


def printed(lacks: Iterable[str], excerpts: Sequence[str], unclear: str) -> str:
    """The items of the notice, one a line: what is lacking, the applicant's unclear words, and what to write."""
    named = [LACKS[Lack(lack)].printed for lack in lacks]
    lines = [f"缺少或者不明确的内容：{'；'.join(named)}。"] if named else []
    if excerpts:
        lines.append(f"申请中不明确的文字：{'、'.join(f'“{words}”' for words in excerpts)}。")
    return "\n".join([*lines, unclear])


def spans(text: str, excerpts: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it belongs to any of the excerpts, wherever they occur or overlap."""
    unclear = bytearray(len(text))
    for words in filter(None, excerpts):
        at = text.find(words)
        while at >= 0:
            unclear[at : at + len(words)] = b"\1" * len(words)
            at = text.find(words, at + 1)
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or unclear[end] != unclear[begin]:
            yield text[begin:end], bool(unclear[begin])
            begin = end
