"""A number as an address or a header gives it: whatever stands there, it is no fault of the server's."""

from typing import Final

#: Beyond this no database keeps a whole number; Python refuses to read one of 4,301 digits.
_LONGEST: Final = 18


def whole(typed: str) -> int | None:
    """The whole number that is written in plain digits, of 18 at most; None for all else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST else None


class Year:
    """A year in an address: four digits of this millennium or the last. Of others no date can be made, so no page."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
