"""What commands are given, found (an agency, a person, a file to read or replace), and how they show that they work."""

import contextlib
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from tqdm import tqdm

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Staff


def agency_named(code: str) -> Agency:
    """The agency with this code, or ``Refused``."""
    found = Agency.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused(_NO_AGENCY.format(code=code), field="agency")
    return found


def staff_named(username: str) -> Staff:
    """The active member of staff with this log-in, or ``Refused``."""
    found = Staff.members.filter(username=username.strip(), is_active=True).first()
    if found is None:
        raise Refused(_NO_STAFF.format(name=username), field="by")
    return found


@contextlib.contextmanager
def file_to_read(path: Path) -> Iterator[BinaryIO]:
    """An ordinary file, open; a folder, a device or nothing at all is ``Refused`` with its reason."""
    try:
        # Asked before it is opened: a pipe to which nobody writes would be waited for.
        ordinary = stat.S_ISREG(path.stat().st_mode)
        file = path.open("rb") if ordinary else None
    except OSError as error:
        raise Refused(_UNREADABLE.format(path=_shown(path), why=_reason(error))) from None
    if file is None:
        raise Refused(_NO_FILE.format(path=_shown(path)))
    with file:
        yield file


@contextlib.contextmanager
def file_to_replace(path: Path) -> Iterator[BinaryIO]:
    """A file beside the named one, moved into its place when all is written: an error leaves what was there."""
    if path.is_dir():
        raise Refused(_NO_FILE.format(path=_shown(path)))
    draft: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as file:
            draft = Path(file.name)
            yield cast(BinaryIO, file)
        draft.replace(path)
    except OSError as error:
        raise Refused(_UNWRITABLE.format(path=_shown(path), why=_reason(error))) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with what is being done, how much is done and how much there is: seen on a terminal alone."""
    with contextlib.ExitStack() as bars:
        shown: dict[str, tqdm[Any]] = {}

        def show(what: str, done: int, whole: int) -> None:
            if what not in shown:
                bar = tqdm(desc=what, total=whole, leave=False, disable=not sys.stderr.isatty())
                shown[what] = bars.enter_context(bar)
            shown[what].update(done - shown[what].n)

        yield show


def _shown(path: Path) -> str:
    """A name that may hold anything, printable."""
    return ascii(str(path))[1:-1] if not str(path).isprintable() else str(path)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


_NO_AGENCY: Final = Text("没有代码为“{code}”的机关。", "There is no agency with the code “{code}”.")
_NO_STAFF: Final = Text("没有名为“{name}”的工作人员。", "There is no member of staff named “{name}”.")
_NO_FILE: Final = Text("“{path}”不是普通文件，请写文件名。", "“{path}” is not an ordinary file; name a file.")
_UNREADABLE: Final = Text("不能读取“{path}”（{why}）。", "“{path}” can't be read ({why}).")
_UNWRITABLE: Final = Text("写不了“{path}”（{why}）。", "“{path}” can't be written ({why}).")
