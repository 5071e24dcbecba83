"""Acts that begin in the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connection

from casework.law.refusals import Refused

Result = TypeVar("Result")


def at_once(acts: Iterable[Callable[[], Result]]) -> tuple[list[Result], list[Refused]]:
    """What the winners returned and what the losers were told; any other error is an error of the test."""
    waiting = list(acts)
    together = threading.Barrier(len(waiting))
    results: list[Result] = []
    refused: list[Refused] = []
    errors: list[BaseException] = []

    def run(act: Callable[[], Result]) -> None:
        try:
            together.wait(60)
            results.append(act())
        except Refused as refusal:
            refused.append(refusal)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which raises it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    if errors:
        raise errors[0]
    return results, refused
