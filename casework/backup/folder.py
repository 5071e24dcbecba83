"""The folder of a backup: what lies in it, and whether it is what was written."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from casework.law.refusals import Refused
from casework.law.words import Text

FORM: Final = "gongkai.backup/1"
MANIFEST: Final = "backup.json"
SUMS: Final = "files.sha256"
FILES: Final = "files"
DATABASE: Final = "database"
#: In the store while a restoration is under way: names the backup by the digest of its database.
MARK: Final = ".restoring"
_CHUNK: Final = 1024 * 1024

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is in all."""


def quiet(_what: str, _done: int, _all: int) -> None:
    """For whoever wants to hear nothing."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    ``begun_at``: the moment of the snapshot. ``engine``: ``postgresql`` or ``sqlite``, to which alone it goes back.
    ``migrations``: the last of each app. ``keys``: name → fingerprint of each key without which identity numbers stay
    sealed (a digest of 32 random bytes tells nothing of them).
    ``database`` and ``sums``: SHA-256 in hex, empty until that part is whole. ``finished_at`` is empty until all is.
    """

    begun_at: str
    engine: str
    code: str
    migrations: dict[str, str]
    keys: dict[str, str]
    database: str = ""
    sums: str = ""
    files: int = 0
    bytes: int = 0
    finished_at: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A folder with its manifest."""

    path: Path
    manifest: Manifest

    @classmethod
    def read(cls, path: Path) -> "Backup":
        """``Refused`` for a folder that is no backup, or one of another form."""
        try:
            found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            form = found.pop("form")
            manifest = Manifest(**found) if form == FORM else None
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            raise Refused(_NO_BACKUP.format(path=str(path))) from None
        if manifest is None:
            raise Refused(_OTHER_FORM.format(form=form, ours=FORM))
        return cls(path, manifest)

    def write(self) -> None:
        """The manifest, whole or not at all."""
        content = {"form": FORM, **asdict(self.manifest)}
        write_whole(self.path / MANIFEST, json.dumps(content, ensure_ascii=False, indent=1).encode())

    @property
    def finished(self) -> bool:
        return bool(self.manifest.finished_at)

    def sums(self) -> dict[str, str]:
        """Name of each stored file → its SHA-256."""
        lines = (self.path / SUMS).read_text(encoding="utf-8").splitlines()
        return {name.removeprefix(f"{FILES}/"): digest for digest, _, name in (line.partition("  ") for line in lines)}


def faults_of(backup: Backup, progress: Progress = quiet) -> Iterator[Text]:
    """Everything in the folder that is not as it was written; reads every byte."""
    manifest, path = backup.manifest, backup.path
    if not backup.finished:
        yield _UNFINISHED
        return
    for name, wanted in ((DATABASE, manifest.database), (SUMS, manifest.sums)):
        if not (path / name).is_file():
            yield _MISSING.format(name=name)
        elif digest_of(path / name) != wanted:
            yield _CHANGED.format(name=name)
    try:
        sums = backup.sums()
    except (OSError, UnicodeDecodeError):
        return
    for done, (name, wanted) in enumerate(sums.items(), start=1):
        file = path / FILES / name
        if not file.is_file():
            yield _MISSING.format(name=name)
        elif digest_of(file) != wanted:
            yield _CHANGED.format(name=name)
        progress("verify", done, len(sums))


def digest_of(path: Path) -> str:
    """SHA-256 in hex of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """On the disk before it bears its name: a power cut leaves the old file or the new one."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def copy_whole(source: Any, target: Path) -> str:
    """Copy an open file under a name of its own and give it its name when all is there; the SHA-256 of what came."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, digest = target.with_name(f".{target.name}.draft"), hashlib.sha256()
    with draft.open("wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return digest.hexdigest()


_NO_BACKUP: Final = Text(
    "“{path}”不是备份文件夹：其中没有可读的 backup.json。", "“{path}” is no backup: it holds no readable backup.json."
)
_OTHER_FORM: Final = Text(
    "备份的格式是{form}，本程序只认{ours}。请用生成该备份的版本恢复。",
    "The backup has the form {form}, this program reads {ours}. Restore it with the version that made it.",
)
_UNFINISHED: Final = Text(
    "备份没有做完。再运行一次 backup 即可接着做完。", "The backup was not finished. Run backup again to go on with it."
)
_MISSING: Final = Text("缺少文件 {name}", "{name} is missing")
_CHANGED: Final = Text("文件 {name} 与备份时不一致", "{name} is not what was written")
