"""A backup is taken: the database first, then the files.

A row's file is on disk before the row is written and stays as long as the row. So every file that the snapshot of the
database names is there when the files are copied, however much comes in meanwhile.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from casework.actions.receive import WAITING
from casework.annual import code_version
from casework.law.refusals import Refused
from casework.law.words import Text

from . import dumps
from .folder import DATABASE, FILES, MARK, SUMS, Backup, Manifest, Progress, copy_whole, digest_of, quiet, write_whole


def take(where: Path, *, at: datetime, progress: Progress = quiet) -> Backup:
    """A backup in a new folder under ``where``, or the rest of one that was begun there and not finished.

    Going on keeps the moment of the first try: the database is not read again once it is whole. Raises ``Refused``
    where the folder can't be written or the engine's program fails; what was done stays and is gone on with.
    """
    try:
        where.mkdir(parents=True, exist_ok=True)
        backup = unfinished(where) or _begun(where, at)
        backup = _with_database(backup, progress)
        backup = _with_files(backup, progress)
        backup = Backup(backup.path, replace(backup.manifest, finished_at=at.isoformat(timespec="seconds")))
        backup.write()
    except OSError as error:
        raise Refused(_UNWRITABLE.format(path=str(where), why=error.strerror or str(error))) from None
    return backup


def unfinished(where: Path) -> Backup | None:
    """The newest backup of this database's engine that was begun in ``where`` and not finished."""
    for path in sorted(where.glob("gongkai-*"), reverse=True):
        try:
            found = Backup.read(path)
        except Refused:
            continue
        if not found.finished and found.manifest.engine == connection.vendor:
            return found
    return None


def migrations_applied() -> dict[str, str]:
    """The last migration of each app, as the database has it."""
    return dict(sorted(MigrationRecorder(connection).applied_migrations()))


def key_fingerprints() -> dict[str, str]:
    """Each key of this installation by name, and how to know it again without having it."""
    keys = {f"IDENTITY_KEYS:{name}": key for name, key in settings.IDENTITY_KEYS.items()}
    keys["IDENTITY_INDEX_KEY"] = settings.IDENTITY_INDEX_KEY
    return {name: hashlib.sha256(b"gongkai.backup" + key).hexdigest()[:16] for name, key in sorted(keys.items())}


def _begun(where: Path, at: datetime) -> Backup:
    path = where / f"gongkai-{at:%Y%m%d-%H%M%S}"
    (path / FILES).mkdir(parents=True)
    backup = Backup(
        path,
        Manifest(
            begun_at=at.isoformat(timespec="seconds"),
            engine=connection.vendor,
            code=code_version(),
            migrations=migrations_applied(),
            keys=key_fingerprints(),
        ),
    )
    backup.write()
    return backup


def _with_database(backup: Backup, progress: Progress) -> Backup:
    if backup.manifest.database:
        return backup
    target = backup.path / DATABASE
    dumps.dump(target, progress)
    if not dumps.readable(target):
        raise Refused(_UNREADABLE)
    whole = Backup(backup.path, replace(backup.manifest, database=digest_of(target)))
    whole.write()
    return whole


def _with_files(backup: Backup, progress: Progress) -> Backup:
    """Each file is read back from the copy: what the list says is what lies there."""
    names, sums, size = sorted(_stored("")), [], 0
    for done, name in enumerate(names, start=1):
        target = backup.path / FILES / name
        try:
            if not _copied(name, target):
                with default_storage.open(name) as source:
                    came = copy_whole(source, target)
                if came != digest_of(target):
                    raise Refused(_BAD_COPY.format(name=name))
        except FileNotFoundError:
            continue  # taken away while we were walking: no row names it
        sums.append(f"{digest_of(target)}  {FILES}/{name}\n")
        size += target.stat().st_size
        progress("files", done, len(names))
    listed = "".join(sums).encode()
    write_whole(backup.path / SUMS, listed)
    digest = hashlib.sha256(listed).hexdigest()
    return Backup(backup.path, replace(backup.manifest, sums=digest, files=len(sums), bytes=size))


def _copied(name: str, target: Path) -> bool:
    """By an earlier try; stored files are never changed, so the size tells a whole copy from none."""
    return target.is_file() and target.stat().st_size == default_storage.size(name)


def _stored(folder: str) -> Iterator[str]:
    """Every file of the store but those laid by between a preview and its confirmation."""
    if folder == WAITING:
        return
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if name != MARK:
            yield str(PurePosixPath(folder, name))
    for name in folders:
        yield from _stored(str(PurePosixPath(folder, name)))


_UNWRITABLE: Final = Text("写不了“{path}”（{why}）。", "“{path}” can't be written ({why}).")
_UNREADABLE: Final = Text(
    "刚生成的数据库备份读不出来，请检查磁盘，再运行一次。",
    "The copy of the database that was just made can’t be read. Check the disk and run it again.",
)
_BAD_COPY: Final = Text(
    "文件 {name} 的副本与原件不一致，请检查磁盘，再运行一次。",
    "The copy of {name} is not the original. Check the disk and run it again.",
)
