"""Moved to ``casework.fields``, where the desk finds the same fields."""

from casework.fields import Choice, Day, Email, ExplainedSelect, Line, Lines, Name, Phone, Words, check_visible, tidy

__all__ = [
    "Choice",
    "Day",
    "Email",
    "ExplainedSelect",
    "Line",
    "Lines",
    "Name",
    "Phone",
    "Words",
    "check_visible",
    "tidy",
]
