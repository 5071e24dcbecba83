"""The mailbox of the embedded mode: mail is written into a folder instead of being sent, and can be read there.

One file per message, put in place whole. Django's own file backend writes many into one file, parted by a line of
dashes that a message may contain as well, and shows a reader half a message.
"""

import email.message
import email.policy
import hashlib
import heapq
import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

#: A file larger than this was not written by a notice.
LARGEST = 1_000_000
#: The header by which a text message is told from a mail.
TEXT_MESSAGE = "X-Gongkai-Text-Message"


class FolderBackend(BaseEmailBackend):
    """Writes each message to ``settings.EMAIL_FILE_PATH``; one with the same Message-ID replaces the first."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            written = mail.message()
            _put(file_of(str(written["Message-ID"])), written.as_bytes())
        return len(email_messages)


def keep_text_message(number: str, text: str, *, name: str, at: datetime) -> None:
    """A text message as a file beside the mails; one of the same name replaces the first."""
    note = email.message.EmailMessage()
    note["To"], note["Date"], note[TEXT_MESSAGE] = number, at, name
    note.set_content(text)
    _put(file_of(name), note.as_bytes())


def file_of(name: str) -> str:
    """What the file of a message is called, by its Message-ID or name, without its ending."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _put(name: str, content: bytes) -> None:
    folder = _folder()
    if folder is None:
        raise ImproperlyConfigured("A local mailbox needs EMAIL_FILE_PATH, the folder it writes to.")
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    draft.write_bytes(content)
    draft.replace(folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as a mail program would show it. ``sent_at`` is None where the date cannot be read.

    A text message has neither sender nor subject.
    """

    name: str
    sender: str
    receiver: str
    subject: str
    text: str
    sent_at: datetime | None
    is_text_message: bool = False


def newest(count: int = 50) -> list[Mail]:
    """The newest messages in the folder, newest first; without a folder, none."""
    if (folder := _folder()) is None:
        return []
    try:
        with os.scandir(folder) as entries:
            files = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in entries
                if entry.name.endswith(".eml")
                and entry.is_file(follow_symlinks=False)
                and entry.stat().st_size <= LARGEST
            ]
    except OSError:
        return []
    return [mail for _, path in heapq.nlargest(count, files) if (mail := _read(Path(path)))]


def _folder() -> Path | None:
    path: str | Path | None = getattr(settings, "EMAIL_FILE_PATH", None)  # absent where mail is really sent
    return Path(path) if path else None


def _read(path: Path) -> Mail | None:
    try:
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return _shown(path.stem, parsed)
    except (OSError, ValueError, LookupError) as error:  # gone meanwhile, no mail, an unknown character set
        log.warning("a file in the mailbox cannot be read (%s)", type(error).__name__)
        return None


def _shown(name: str, parsed: email.message.EmailMessage) -> Mail:
    body = parsed.get_body(("plain", "html"))
    date = parsed["Date"]
    sent_at = date.datetime if date else None
    if sent_at is not None and sent_at.tzinfo is None:  # "-0000": a moment whose zone the sender did not say
        sent_at = sent_at.replace(tzinfo=UTC)
    return Mail(
        name=name,
        sender=str(parsed["From"] or ""),
        receiver=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or "").strip(),  # a long one is folded
        text=body.get_content() if body else "",
        sent_at=sent_at,
        is_text_message=TEXT_MESSAGE in parsed,
    )
