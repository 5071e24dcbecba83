"""The floor of a submission: a WSGI view without a framework that writes the rows of ``BARE_SCRIPT`` and redirects.

Run by the same gunicorn with the same configuration; its pool is as large as the product's. ``BARE_DATABASE`` is the
connection string of the driver. ``BARE_HASH``: with what work factor the query code is hashed, which has to be done
anew for every row; without it all rows have the same hash, made beforehand.
"""

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from psycopg_pool import ConnectionPool

from bench.scale.rows import Script, through

_script = Script.kept(Path(os.environ["BARE_SCRIPT"]))
_places = ("casework_draft", "casework_agency", "casework_numberseries")
_agency = next(step.values["agency_id"] for step in _script.steps if step.table == "casework_case")
_keys = {"casework_agency": _agency} | {step.table: step.key for step in _script.steps if step.table in _places}
_cost = int(os.environ.get("BARE_HASH", "0"))
_pool = ConnectionPool(
    os.environ["BARE_DATABASE"],
    min_size=1,
    max_size=int(os.environ.get("DATABASE_POOL_SIZE", "10")),
    timeout=15,
    kwargs={"application_name": "bare"},
)
#: Each worker counts from a place of its own.
_serial = itertools.count(os.getpid() * 10_000_000)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``POST /<draft>/<office>/<series>``, by their keys: read the form, write what a submission writes, redirect."""
    if environ["REQUEST_METHOD"] != "POST":
        start_response("200 OK", [("Content-Length", "3")])
        return [b"up\n"]
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    serial, asked = next(_serial), environ["PATH_INFO"].strip("/").split("/")
    place = {(table, _keys[table]): int(key) for table, key in zip(_places, asked, strict=True)}
    fresh = {}
    if _cost:
        salt = os.urandom(16)
        made = hashlib.scrypt(str(serial).encode(), salt=salt, n=_cost, r=8, p=1, maxmem=2**27, dklen=32)
        fresh = {("casework_case", "query_code_hash"): f"{_cost}${salt.hex()}${made.hex()}"}
    with _pool.connection() as connection:  # commits at its end
        _script.write(through(connection), serial, place, fresh)
    start_response("302 Found", [("Location", "/receipt/"), ("Content-Length", "0")])
    return [b""]
