"""Whether a text that is to be published gives away who applied (个人信息保护法 25; 条例 15).

The applicant is never named. What is looked for is known: the names, numbers and addresses of the file. Spaces,
punctuation, width and case make no difference. A number of a person that is on no file is found by its check digits.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .personal import PERSONAL, spotted
from .words import Text

#: A shorter number is a year, an amount or the number of a house, and says nothing of a person.
_SHORTEST_NUMBER: Final = 6
#: So many characters of an address in a row, a figure among them, are a place and no district.
_OF_AN_ADDRESS: Final = 6


class Trace(StrEnum):
    """What of an applicant can be found in a text."""

    NAME = "name"
    CONTACT = "contact"
    NUMBER = "number"
    ADDRESS = "address"


TRACES: Final[dict[Trace, Text]] = {
    Trace.NAME: Text("申请人、联系人、代理人或者共同申请人的姓名、名称", "the name of somebody who applied"),
    Trace.CONTACT: Text(
        "申请人的电话、电子邮箱或者其他联系方式", "a telephone, e-mail or other contact of the applicant"
    ),
    Trace.NUMBER: Text("申请人的证件号码", "the applicant’s identity number"),
    Trace.ADDRESS: Text("申请人的通信地址", "the applicant’s address"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a file knows of all who applied."""

    names: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def traces_in(text: str, known: Known, *, on: date) -> list[Text]:
    """What a text gives away, each kind once; empty: nobody can be told from it. The sentence never repeats it."""
    plain = bare(text)
    found = [TRACES[trace] for trace, wanted in _wanted(known) if any(each in plain for each in wanted)]
    found += [PERSONAL[each.kind].words for each in spotted(unicodedata.normalize("NFKC", text), on=on)]
    return list(dict.fromkeys(found))


def bare(text: str) -> str:
    """Letters and figures alone, of one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _wanted(known: Known) -> Iterator[tuple[Trace, list[str]]]:
    yield Trace.NAME, _long(known.names, 2)
    yield Trace.CONTACT, [*_long(known.contacts, _SHORTEST_NUMBER), *_digits(known.contacts)]
    yield Trace.NUMBER, _long(known.numbers, _SHORTEST_NUMBER)
    yield Trace.ADDRESS, [part for address in known.addresses for part in _places(bare(address))]


def _long(texts: Iterable[str], least: int) -> list[str]:
    return [plain for text in texts if len(plain := bare(text)) >= least]


def _digits(texts: Iterable[str]) -> list[str]:
    """Numbers inside a longer text: 微信同号13800000000."""
    runs = ("".join(c if c.isdigit() else " " for c in bare(text)).split() for text in texts)
    return [run for each in runs for run in each if len(run) > _SHORTEST_NUMBER]


def _places(plain: str) -> list[str]:
    """Every stretch of an address that says more than a district; the whole of a short one."""
    if len(plain) <= _OF_AN_ADDRESS:
        return [plain] if len(plain) >= _OF_AN_ADDRESS - 2 else []
    windows = (plain[at : at + _OF_AN_ADDRESS] for at in range(len(plain) - _OF_AN_ADDRESS + 1))
    return [*(each for each in windows if any(c.isdigit() for c in each)), plain]
