"""One name from the request through the task to the mail, by which every line about the same deed is found.

A request is given its name at the outermost door (``config.naming``); a task inherits that of whoever asked for it, in
its headers; a message keeps that of its cause in its row. A task that nobody asked for but beat makes a name of its
own. The name says nothing about anybody.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Token
from typing import Any, Final

import structlog
from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun

#: Header of a request, an answer, a mail and a webhook.
HEADER: Final = "X-Request-ID"
#: Header of a task, and column of a message.
CARRIED_AS: Final = "request_id"
#: Key in the lines of the log.
_KEY: Final = "request"
_WELL_FORMED: Final = re.compile(r"[0-9a-f]{16,32}", re.ASCII)

_bound: dict[str, Mapping[str, "Token[Any]"]] = {}


def made() -> str:
    """A new name, 16 hexadecimal digits."""
    return secrets.token_hex(8)


def given(text: str) -> str:
    """The name if it is one: 16 to 32 hexadecimal digits in lower case, as nginx makes them; else empty."""
    return text if _WELL_FORMED.fullmatch(text) else ""


def current() -> str:
    """The name of what is being done here; empty at the shell."""
    return str(structlog.contextvars.get_contextvars().get(_KEY, ""))


def header(name: str) -> dict[str, str]:
    """For a mail or a call; what was written before names were kept has none."""
    return {HEADER: name} if name else {}


@contextmanager
def followed(name: str) -> Iterator[None]:
    """Inside, every line of the log bears this name; an empty one changes nothing."""
    with structlog.contextvars.bound_contextvars(**({_KEY: name} if name else {})):
        yield


@before_task_publish.connect(weak=False)
def hand_on(headers: dict[str, Any], **_signal: Any) -> None:
    """A task takes the name along."""
    if name := current():
        headers[CARRIED_AS] = name


@task_prerun.connect(weak=False)
def take_up(task_id: str, task: "Task[Any, Any]", **_signal: Any) -> None:
    """Its lines bear the name it came with, or a new one; what came with it is judged, since others can queue too."""
    name = given(str(getattr(task.request, CARRIED_AS, "") or "")) or made()
    _bound[task_id] = structlog.contextvars.bind_contextvars(**{_KEY: name, "task": task.name})


@task_postrun.connect(weak=False)
def let_go(task_id: str, **_signal: Any) -> None:
    structlog.contextvars.reset_contextvars(**_bound.pop(task_id, {}))
