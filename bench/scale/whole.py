"""The scale part on one empty database of PostgreSQL: so many cases are built, and everything is measured over them."""

from collections.abc import Iterator

from bench.measure import Result

from . import filing, operations, storage
from .furnish import furnish


def measured(size: int) -> Iterator[Result]:
    """On an empty database. Storage first: what follows adds rows and leaves old versions of others."""
    district = furnish(size)
    yield from storage.measured(size)
    yield from operations.run(district, size)
    yield from filing.measured(size)
