"""A text as the database searches it: folded to letters and figures, and cut into its pairs of characters.

Chinese has no spaces, and most of its words are two characters long. A pair is written in ASCII, because the
tokenizers of databases do not know every character; single characters are in the index too, for words of one.
"""

import unicodedata
from itertools import pairwise
from typing import Final

#: Of a longer query only so much is looked up; the text is compared with the whole of it anyway.
MOST_PAIRS: Final = 40


def folded(text: str) -> str:
    """Letters and figures of one width and case; whatever stands between them is one space."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def keys(folded_text: str) -> list[str]:
    """What the index holds of a folded text, each once: its characters and, within a word, its pairs."""
    found: dict[str, None] = {}
    for run in folded_text.split():
        found |= dict.fromkeys(map(_key, run))
        found |= dict.fromkeys(_key(*pair) for pair in pairwise(run))
    return list(found)


def neighbours(text: str) -> frozenset[str]:
    """The pairs of a text as they stand: by these two texts are compared with each other."""
    return frozenset(a + b for run in folded(text).split() for a, b in pairwise(run))


def sought(folded_query: str) -> list[str]:
    """By what a folded query is looked up: the pairs of its words, the character of a word of one."""
    found: dict[str, None] = {}
    for run in folded_query.split():
        found |= dict.fromkeys([_key(run)] if len(run) == 1 else [_key(*pair) for pair in pairwise(run)])
    return list(found)[:MOST_PAIRS]


def _key(*characters: str) -> str:
    return "x".join(f"{ord(character):x}" for character in characters)
