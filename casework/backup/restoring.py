"""A backup is put back: judged whole first, then the files, then the database in one transaction.

Killed at any point it is run again: files that are there are not copied twice, and the database is the old one or the
new one, never half of each.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from casework import erasure
from casework.audit import guards
from casework.audit.anchors import note_restored
from casework.law.refusals import Refused
from casework.law.words import Text

from . import dumps
from .folder import DATABASE, FILES, MARK, Backup, Progress, digest_of, faults_of, quiet, write_whole
from .taking import key_fingerprints


def restore(backup: Backup, *, at: datetime, replace: str = "", progress: Progress = quiet) -> None:
    """Put the backup in the place of what the database holds, and bring it up to this version of the program.

    ``replace``: the name of the database, repeated by whoever wants its records gone; not needed while it holds none.
    Raises ``Refused`` before anything is touched: for a backup that is not whole, of another engine, of a newer
    version, or sealed with keys that are not here.
    """
    _check(backup, progress)
    mark = Path(settings.MEDIA_ROOT) / MARK
    going_on = mark.is_file() and mark.read_text(encoding="ascii") == backup.manifest.database
    if not going_on and replace != database_name() and (count := _cases()):
        raise Refused(_NOT_EMPTY.format(count=count, name=database_name()))
    mark.parent.mkdir(parents=True, exist_ok=True)
    write_whole(mark, backup.manifest.database.encode())
    _put_files(backup, progress)
    dumps.load(backup.path / DATABASE, progress)
    call_command("migrate", interactive=False, verbosity=0)
    # What was erased after the backup was taken is erased again; the chain says that it goes on from an older end.
    guards.put_up()
    note_restored(at=at, backup=backup.path.name)
    erasure.apply_list(at=at)
    mark.unlink()


def database_name() -> str:
    """By which the operator knows the database: its name, or that of its file."""
    return Path(str(connection.settings_dict["NAME"])).name


def _check(backup: Backup, progress: Progress) -> None:
    manifest = backup.manifest
    if manifest.engine != connection.vendor:
        raise Refused(_OTHER_ENGINE.format(theirs=manifest.engine, ours=connection.vendor))
    known = MigrationLoader(connection).disk_migrations
    if newer := [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]:
        raise Refused(_NEWER.format(code=manifest.code, first=newer[0]))
    here = key_fingerprints()
    if lacking := [name for name, fingerprint in manifest.keys.items() if here.get(name) != fingerprint]:
        raise Refused(_NO_KEYS.format(names=", ".join(lacking)))
    if faults := list(faults_of(backup, progress)):
        raise Refused(_NOT_WHOLE.format(n=len(faults), first=faults[0]))
    if not dumps.readable(backup.path / DATABASE):
        raise Refused(_UNREADABLE)


def _cases() -> int:
    """How many records would be lost: cases, or people while there are none."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in ("casework_case", "casework_agency", "casework_staff"):
            if table in tables:
                cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - names from above # nosec B608
                if count := cursor.fetchone()[0]:
                    return int(count)
    return 0


def _put_files(backup: Backup, progress: Progress) -> None:
    sums = backup.sums()
    for done, (name, digest) in enumerate(sums.items(), start=1):
        if not (default_storage.exists(name) and digest_of(Path(default_storage.path(name))) == digest):
            default_storage.delete(name)
            with (backup.path / FILES / name).open("rb") as file:
                default_storage.save(name, File(file))
        progress("files", done, len(sums))


_NOT_EMPTY: Final = Text(
    "数据库中已有{count}条记录。恢复会用备份取代全部现有记录；确需如此，请加上 --replace {name}。",
    "The database holds {count} records, all of which the backup would replace. If that is wanted, add "
    "--replace {name}.",
)
_OTHER_ENGINE: Final = Text(
    "备份来自 {theirs}，这里的数据库是 {ours}，不能恢复到这里。",
    "The backup is one of {theirs}, the database here is {ours}; it can’t be restored here.",
)
_NEWER: Final = Text(
    "备份由更新的版本（{code}）生成，本程序不认识其中的 {first}。请先升级程序。",
    "The backup was made by a newer version ({code}); this one does not know {first}. Upgrade the program first.",
)
_NO_KEYS: Final = Text(
    "密钥与备份时不同：{names}。用这里的密钥，恢复以后身份证号码将无法读取。请先设置原来的密钥。",
    "These keys are not those of the backup: {names}. Identity numbers could not be read with them. Set the former "
    "keys first.",
)
_NOT_WHOLE: Final = Text(
    "备份有{n}处不完整，没有恢复。第一处：{first}",
    "The backup has {n} faults, so nothing was restored. The first: {first}",
)
_UNREADABLE: Final = Text("备份中的数据库读不出来。", "The database in the backup can’t be read.")
