"""A text of the law in the two languages in which every page can be read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or term in Chinese and in English; the Chinese is the authoritative one."""

    zh: str
    en: str

    def read_in(self, language: str | None) -> str:
        """The English for a language code that begins with ``en``, else the Chinese."""
        return self.en if (language or "").startswith("en") else self.zh

    def __str__(self) -> str:
        return self.zh

    def format(self, **values: object) -> "Text":
        """Fill the placeholders of both languages; a value that is a ``Text`` is read in each language."""
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def said(day: date) -> Text:
    """A date as it is written in a sentence: 2026年11月18日, 18 November 2026."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
