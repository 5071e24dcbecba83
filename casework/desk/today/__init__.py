"""Today's page: what must leave, what must be told, what came back, what waits, what fell through; one table of rows.

A row is words and a set of cases. All rows together are one query, so that the page costs the same however many cases
there are.
"""

from .elsewhere import ELSEWHERE
from .page import has_day, look, rows_for
from .rows import GROUPS, ROWS, Group
from .seat import Seat

__all__ = ["ELSEWHERE", "GROUPS", "ROWS", "Group", "Seat", "has_day", "look", "rows_for"]
