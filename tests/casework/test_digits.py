"""A number in an address is read, or is none; never a fault."""

import pytest

from casework.digits import whole


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7", 7),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),  # more than a database keeps
        ("9" * 5000, None),  # more than Python reads
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("²", None),
        ("０１", None),
        (" 1", None),
    ],
)
def test_a_number_is_read_or_is_none(typed: str, read: int | None) -> None:
    assert whole(typed) == read
