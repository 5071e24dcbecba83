"""Tell a worker that there is something in the outbox: a courtesy, since beat looks every half minute anyway."""

import logging
import time

from celery import current_app

from notifications.tasks import deliver

log = logging.getLogger(__name__)

#: The page of a citizen must not wait for the broker. With its own settings Celery tries for seconds, by default for
#: ever: `retry=False` governs the message but not the connection that carries it.
PATIENCE = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "retry_on_timeout": False,
    "max_retries": 0,
    "interval_start": 0,
}
#: Seconds for which a process leaves a broker alone that did not answer.
REST = 30.0
#: Seconds after which a look that no worker took is worth nothing: beat has looked.
STALE = 60

_resting_until = 0.0


def look_now() -> None:
    """Ask for a delivery run."""
    ask_for(deliver.name)


def ask_for(task: str) -> None:
    """Put a task on the queue; a broker that is gone costs a line in the log and nothing else: beat will look."""
    global _resting_until  # noqa: PLW0603 - one broker, one rest per process
    if time.monotonic() < _resting_until:
        return
    try:
        with current_app.connection_for_write(transport_options=PATIENCE) as connection:
            current_app.send_task(task, producer=connection.Producer(), retry=False, expires=STALE)
    except Exception as error:  # noqa: BLE001 - away, hanging, full, read-only: the page goes on whatever it says
        _resting_until = time.monotonic() + REST
        log.warning("broker does not take a task (%s); beat will look into the outbox", type(error).__name__)
