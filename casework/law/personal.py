"""Numbers that belong to a person and have no place in the description of information (个人信息保护法 6, 28).

Found by their check digits, so that a document number of eighteen figures is not taken for an identity card.
Nothing is refused: what the applicant makes of the warning is theirs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum import luhn

from .identity import is_resident_number
from .words import Text


class Personal(StrEnum):
    """A kind of number."""

    RESIDENT = "resident"
    CARD = "card"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class PersonalRow:
    """Its words, and where such a number belongs."""

    words: Text
    proper: Text


PERSONAL: Final[dict[Personal, PersonalRow]] = {
    Personal.RESIDENT: PersonalRow(
        Text("居民身份证号码", "a resident identity number"),
        Text(
            "您自己的，只填在“申请人”一页的“证件号码”里，加密保存；他人的，不要写。",
            "Your own goes only into “Number of the document” on the page about you, where it is encrypted. "
            "Leave out other people’s.",
        ),
    ),
    Personal.CARD: PersonalRow(
        Text("银行卡号", "a bank card number"),
        Text(
            "申请公开信息用不着银行卡号。",
            "No application for information needs one.",
        ),
    ),
    Personal.MOBILE: PersonalRow(
        Text("手机号码", "a mobile number"),
        Text(
            "您自己的，填在“申请人”一页的“电话”里；他人的，不要写。",
            "Your own goes into “Telephone” on the page about you. Leave out other people’s.",
        ),
    ),
}

#: Figures, as people set them apart: 110105 19491231 002X, 138-0000-0000.
_RUN: Final = re.compile(r"(?<![0-9A-Z])[0-9](?:[ \-]?[0-9])*(?:[ \-]?X)?(?![0-9A-Z])")
_MOBILE: Final = re.compile(r"(?:86)?1[3-9]\d{9}")
#: Those that are issued in China begin with 62; the international ones with 3, 4 or 5.
_CARD: Final = re.compile(r"(?:62|[345])\d{13,18}")


@dataclass(frozen=True, slots=True)
class Spotted:
    """One number in a text: what it is, and the words as they were typed."""

    kind: Personal
    typed: str

    @property
    def row(self) -> PersonalRow:
        return PERSONAL[self.kind]


def spotted(text: str, *, on: date) -> list[Spotted]:
    """The personal numbers of a text, each once, in their order. ``on``: whoever has a card was born by then."""
    return list(dict.fromkeys(_spotted(text, on)))


def _spotted(text: str, on: date) -> Iterator[Spotted]:
    plain = "".join(_narrow(character) for character in text)
    for run in _RUN.finditer(plain):
        number = run[0].replace(" ", "").replace("-", "")
        kind = _kind(number, on)
        if kind is not None:
            yield Spotted(kind, text[run.start() : run.end()])


def _kind(number: str, on: date) -> Personal | None:
    if is_resident_number(number, on=on):
        return Personal.RESIDENT
    if _MOBILE.fullmatch(number):
        return Personal.MOBILE
    if _CARD.fullmatch(number) and luhn.is_valid(number):
        return Personal.CARD
    return None


def _narrow(character: str) -> str:
    """One character for one: figures of any width as ASCII, every dash as a hyphen, so that places stay the same."""
    if unicodedata.category(character) == "Pd":
        return "-"
    if character.isspace():
        return " " if character in " \t\u3000\u00a0" else "\n"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKC", character).upper()
    return plain if len(plain) == 1 else character
