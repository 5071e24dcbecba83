"""Marks of a text, by which like texts find each other without one being held against all (docs/decisions/017).

Of the hashes of its pairs the ``KEPT`` smallest are its marks: two texts that share the part *s* of their pairs share
about ``KEPT`` × *s* marks. Documents that a text names are marks as well.
"""

import hashlib
import re
from typing import Final

from .pairs import folded, neighbours

#: The smallest hashes that are kept: of two texts with a third of their pairs alike, one couple in 130 shares none.
KEPT: Final = 12
#: Documents that are marks; a text that names more is a list.
_DOCUMENTS: Final = 8
#: What every application says; its pairs are nobody's mark.
_BOILERPLATE: Final = (
    "申请公开",
    "政府信息公开",
    "依申请公开",
    "信息公开申请",
    "请公开",
    "请提供",
    "复制件",
    "中华人民共和国",
    "根据条例",
    "特此申请",
)
_EMPTY: Final = frozenset[str]().union(*(neighbours(words) for words in _BOILERPLATE))


def telling(text: str) -> frozenset[str]:
    """The pairs that tell one application from another; all, where nothing else is left."""
    found = neighbours(text)
    return found - _EMPTY or found


def documents_in(subject: str, content: str) -> frozenset[str]:
    """The documents that are asked for, each in one spelling: by number, by title in 《》, or the subject itself."""
    found = {f"{organ}{year}{number}" for organ, year, number in _NUMBER.findall(f"{subject}\n{content}")}
    titles = [*_TITLE.findall(f"{subject}\n{content}"), subject]
    plain = (folded(title).replace(" ", "") for title in titles)
    return frozenset(found | {title for title in plain if len(title) >= _SHORTEST_TITLE})


#: 东政发〔2025〕12号, with any of the brackets that people type. Three characters of the organ, as nothing says where
#: the words before its name end (请提供东政发).
_NUMBER: Final = re.compile(
    r"([\u4e00-\u9fff]{2,3})\s*[〔\[（(【]\s*((?:19|20)\d{2})\s*[〕\]）)】]\s*(?:第\s*)?(\d{1,5})\s*号"
)
_TITLE: Final = re.compile(r"《([^《》\n]{2,120})》")
_SHORTEST_TITLE: Final = 4


def marks_of(subject: str, content: str) -> list[int]:
    """The marks of a text, smallest first, and those of the documents that it names; at most 20."""
    words = sorted(_hashed("w", pair) for pair in telling(f"{subject}\n{content}"))[:KEPT]
    documents = sorted(_hashed("d", each) for each in documents_in(subject, content))[:_DOCUMENTS]
    return list(dict.fromkeys([*words, *documents]))


def _hashed(kind: str, what: str) -> int:
    """Eight bytes of BLAKE2: the same in every process, on every machine and engine."""
    return int.from_bytes(hashlib.blake2b(f"{kind}{what}".encode(), digest_size=8).digest(), signed=True)
