"""What goes wrong: each fault is done, lasts, and is over; a plan says how often which one comes."""

import base64
import json
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import redis

from tests.faults.stage import Stage
from tests.notifications.smtp_server import MailServer
from tests.service import answers

#: The queue of the site's tasks in Redis.
QUEUE: Final = "gongkai"
NOTHING_AFTER: Final = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


@dataclass
class Mischief:
    """Does one fault after the other until told to stop; ``done`` counts them, ``disturbed`` says when."""

    stage: Stage
    chance: random.Random
    #: Seconds between two faults, on average, and for which a worker is paused.
    pause: float
    paused_for: float
    done: Counter[str] = field(default_factory=Counter)
    killed: int = 0
    #: Begin and end (monotonic) of each time in which web or the database could not answer.
    disturbed: list[tuple[float, float]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    #: No fault comes any more. The thread stays all the same: what it has started would end with it (PDEATHSIG).
    over: threading.Event = field(default_factory=threading.Event)
    failure: BaseException | None = None

    def until_stopped(self) -> None:
        """Every kind once in a random order, then by chance. An error here is kept for the verdict."""
        try:
            first = list(FAULTS)
            self.chance.shuffle(first)
            while not self.stopping.wait(self.chance.uniform(0.5, 1.5) * self.pause):
                name = first.pop() if first else self.chance.choices(list(FAULTS), WEIGHTS)[0]
                FAULTS[name](self)
                self.done[name] += 1
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            self.failure = error
        self.over.set()
        threading.Event().wait()

    # Processes ------------------------------------------------------------------------------------------------------

    def web(self) -> None:
        """All of web at once; new in a moment."""
        begun = time.monotonic()
        self._killed("web")
        self.stage.start("web")
        with suppress(TimeoutError):
            self.stage.wait_for(lambda: answers(self.stage.port), "web", 30)
        self.disturbed.append((begun, time.monotonic()))

    def web_process(self) -> None:
        """One of the two that answer; its parent begins another."""
        self.killed += self.stage.kill_child("web", self.chance.choice)

    def worker_one(self) -> None:
        self._killed("worker-1")
        self.stage.start("worker-1")

    def worker_two(self) -> None:
        self._killed("worker-2")
        self.stage.start("worker-2")

    def beat(self) -> None:
        self._killed("beat")
        self.stage.start("beat")

    def postgres(self) -> None:
        begun = time.monotonic()
        self.stage.postgres.kill()
        self.killed += 1
        self.stage.postgres.start()
        self.disturbed.append((begun, time.monotonic() + 2))

    def postgres_process(self) -> None:
        """One connection’s process: all connections break and the server recovers by itself."""
        begun = time.monotonic()
        self.stage.postgres.kill_backend(self.chance.choice)
        self.killed += 1
        self.disturbed.append((begun, begun + 5))

    def redis(self) -> None:
        """Dead, and empty when it is there again."""
        self._killed("redis")
        self.stopping.wait(self.chance.uniform(0, 3))
        self.stage.start_redis()

    # Everything else ------------------------------------------------------------------------------------------------

    def emptied(self) -> None:
        with suppress(redis.RedisError):
            self.stage.broker().flushall()

    def paused(self) -> None:
        """A worker that stands still, perhaps with a claim in its hands, and goes on as if nothing had been."""
        name = self.chance.choice(["worker-1", "worker-2"])
        process = self.stage.running[name]
        self.stage.signal_all(name, signal.SIGSTOP)

        def go_on() -> None:
            self.stopping.wait(self.paused_for)
            if self.stage.running[name] is process:
                self.stage.signal_all(name, signal.SIGCONT)

        threading.Thread(target=go_on, daemon=True).start()

    def mail_refused(self) -> None:
        self._mail({"MAIL": "451 not now"})

    def mail_hangs(self) -> None:
        self._mail({"GREETING": None})

    def mail_cut(self) -> None:
        """Taken, and then the line is dead before the server has said so."""
        self._mail({"END": ""})

    def disk(self) -> None:
        begun = time.monotonic()
        with self.stage.full_disk() as how:
            self.done[f"({how})"] += 1
            self.stopping.wait(4)
        self.disturbed.append((begun, time.monotonic()))

    def thrice(self) -> None:
        """What lies in the queue is delivered three times and in reverse."""
        with suppress(redis.RedisError):
            broker = self.stage.broker()
            waiting: list[bytes] = broker.lrange(QUEUE, 0, -1)  # type: ignore[assignment]
            if not waiting:
                waiting = [task("notifications.tasks.deliver"), task("casework.tasks.remind")]
            for _ in range(3):
                for message in waiting:
                    broker.rpush(QUEUE, anew(message))

    def _mail(self, answers: dict[str, str | None]) -> None:
        server: MailServer = self.stage.mail
        server.answers.update(answers)
        self.stopping.wait(5)
        server.answers.clear()

    def _killed(self, name: str) -> None:
        self.stage.kill(name)
        self.killed += 1


def anew(message: bytes) -> bytes:
    """The same message as the broker would hold another delivery of it."""
    again: dict[str, Any] = json.loads(message)
    again["properties"]["delivery_tag"] = str(uuid.uuid4())
    return json.dumps(again).encode()


def task(name: str) -> bytes:
    """A call of a task without arguments as Celery puts it into the queue."""
    identity = str(uuid.uuid4())
    headers = {"lang": "py", "task": name, "id": identity, "root_id": identity, "argsrepr": "()", "kwargsrepr": "{}"}
    properties = {
        "correlation_id": identity,
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": QUEUE},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": str(uuid.uuid4()),
    }
    return json.dumps(
        {
            "body": base64.b64encode(json.dumps([[], {}, NOTHING_AFTER]).encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers,
            "properties": properties,
        }
    ).encode()


#: Words for the summary → the fault and its weight.
_PLAN: Final[dict[str, tuple[Callable[[Mischief], None], int]]] = {
    "SIGKILL web": (Mischief.web, 3),
    "SIGKILL one process of web": (Mischief.web_process, 3),
    "SIGKILL worker 1": (Mischief.worker_one, 2),
    "SIGKILL worker 2": (Mischief.worker_two, 2),
    "SIGKILL beat": (Mischief.beat, 1),
    "SIGKILL PostgreSQL": (Mischief.postgres, 3),
    "SIGKILL one process of PostgreSQL": (Mischief.postgres_process, 2),
    "SIGKILL Redis": (Mischief.redis, 2),
    "Redis emptied": (Mischief.emptied, 2),
    "worker paused": (Mischief.paused, 1),
    "mail refused": (Mischief.mail_refused, 1),
    "mail hangs": (Mischief.mail_hangs, 1),
    "mail cut after it was taken": (Mischief.mail_cut, 1),
    "disk full": (Mischief.disk, 1),
    "every task thrice, in reverse": (Mischief.thrice, 2),
}
FAULTS: Final = {name: fault for name, (fault, _weight) in _PLAN.items()}
WEIGHTS: Final = [weight for _fault, weight in _PLAN.values()]
