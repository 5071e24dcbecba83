"""The database as one file, by the engine's own means, and back; each way is one consistent moment."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from casework.law.refusals import Refused
from casework.law.words import Text

from .folder import Progress, quiet

#: Pages that SQLite copies between two looks at the progress.
_PAGES: Final = 2000


def dump(target: Path, progress: Progress = quiet) -> None:
    """The whole database as ``target``, which bears its name only when it is complete."""
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    if connection.vendor == "postgresql":
        # A plain archive with its own compression; owners and grants belong to the installation, not to the records.
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"])
    else:
        with closing(sqlite3.connect(_sqlite_path())) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy, pages=_PAGES, progress=_told(progress))
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, and nothing beside it
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)


def load(source: Path, progress: Progress = quiet) -> None:
    """Put ``source`` in the place of everything in the database, in one transaction; on failure nothing has changed."""
    connection.close()
    if connection.vendor == "postgresql":
        _run("pg_restore", ["--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges"], source)
        return
    with closing(sqlite3.connect(source)) as stored, closing(sqlite3.connect(_sqlite_path(), timeout=30)) as live:
        stored.backup(live, pages=_PAGES, progress=_told(progress))
        live.execute("PRAGMA journal_mode=WAL")


def readable(source: Path) -> bool:
    """Whether the engine itself can read the file from end to end."""
    if connection.vendor == "postgresql":
        done = subprocess.run([_program("pg_restore"), "--list", source], capture_output=True, check=False)  # noqa: S603 - no shell
        return done.returncode == 0
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as stored:
            return bool(stored.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _told(progress: Progress) -> Any:
    return lambda _status, remaining, total: progress("database", total - remaining, total)


def _sqlite_path() -> str:
    return str(connection.settings_dict["NAME"])


def _program(name: str) -> str:
    """PostgreSQL's own program, from POSTGRES_PROGRAMS or the path."""
    found = shutil.which(name, path=settings.POSTGRES_PROGRAMS or None)
    if found is None:
        raise Refused(_NO_PROGRAM.format(name=name))
    return found


def _run(program: str, options: Sequence[str], *files: Path) -> None:
    named = connection.settings_dict
    places = {"--host": named["HOST"], "--port": named["PORT"], "--username": named["USER"], "--dbname": named["NAME"]}
    where = [f"{option}={value}" for option, value in places.items() if value]
    # By the environment, since the list of processes shows arguments to everybody.
    environment = {**os.environ, **({"PGPASSWORD": named["PASSWORD"]} if named["PASSWORD"] else {})}
    command = [_program(program), "--no-password", *where, *options, *map(str, files)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise Refused(_FAILED.format(program=program, why=done.stderr.strip() or str(done.returncode)))


_NO_PROGRAM: Final = Text(
    "找不到 {name}。请安装 PostgreSQL 客户端程序，或者在 POSTGRES_PROGRAMS 中写明其所在文件夹。",
    "{name} was not found. Install PostgreSQL’s client programs, or name their folder in POSTGRES_PROGRAMS.",
)
_FAILED: Final = Text("{program} 没有成功：{why}", "{program} failed: {why}")
