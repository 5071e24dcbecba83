"""What was sent, as a text whose digest anybody can compute again (``gongkai.application/1``, docs/formats)."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

FORMAT: Final = "gongkai.application/1"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with the application; of its content only the digest stands in the text."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An application as it was sent.

    ``fields``: heading and value, in the printed order; identity numbers masked. ``salt``: random, so that nobody can
    find a short content by trying digests.
    """

    fields: tuple[tuple[str, str], ...]
    files: tuple[SentFile, ...]
    salt: str

    def text(self) -> str:
        """UTF-8 with line feeds, the last line ended: the bytes that ``digest_of`` and ``sha256sum`` read."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield FORMAT
        for heading, value in self.fields:
            yield f"{heading}："
            yield from _indented(value.split("\n") if value else [])
        yield "附件："
        yield from _indented(f"{file.sha256} {file.size} {file.name}" for file in self.files)
        yield "随机数："
        yield from _indented([self.salt])


def _indented(lines: Iterable[str]) -> Iterator[str]:
    """A line of a value can never be taken for a heading, because headings begin at the margin."""
    return (f"  {line}" if line else "" for line in lines)


def digest_of(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_sent(pasted: str) -> str:
    """A text that came through a form: browsers change the ends of lines, and people lose the last one."""
    plain = pasted.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return plain.rstrip("\n") + "\n"


def spelled(digest: str) -> str:
    """A digest in groups of eight, as a person compares it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
