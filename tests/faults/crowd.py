"""Citizens who file one application after the other, and desks that bring some of them to their end."""

import queue
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from tests.faults.clients import Citizen, Desk, Filed, History, Stuck


@dataclass
class Crowd:
    """The threads of all who take part. ``sessions``: who is logged in at the desk."""

    port: int
    history: History
    offices: list[str]
    sessions: Mapping[str, str]
    chance: random.Random
    _onward: "queue.Queue[tuple[Citizen, Filed] | None]" = field(default_factory=queue.Queue)
    _taking: threading.Lock = field(default_factory=threading.Lock)
    _citizens: list[threading.Thread] = field(default_factory=list)
    _desks: list[threading.Thread] = field(default_factory=list)
    _last_said: bool = False

    def begin(self, submissions: int, *, citizens: int, desks: int, decided: float) -> None:
        """Let them work; ``decided`` is the share of applications that go on to supplement and reply."""
        turns = iter(range(submissions))
        for _ in range(citizens):
            own = random.Random(self.chance.random())
            self._citizens.append(threading.Thread(target=self._file, args=(turns, own, decided), daemon=True))
        self._desks += [threading.Thread(target=self._decide, daemon=True) for _ in range(desks)]
        for each in (*self._citizens, *self._desks):
            each.start()

    def at_work(self) -> bool:
        """Whether anybody still is; once all have filed, the desks end what they have and go home."""
        if not self._last_said and not any(each.is_alive() for each in self._citizens):
            self._last_said = True
            for _ in self._desks:
                self._onward.put(None)
        return any(each.is_alive() for each in (*self._citizens, *self._desks))

    def wait(self, seconds: float) -> None:
        """So long, or until nobody is at work."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and self.at_work():
            time.sleep(0.1)

    def _file(self, turns: Iterator[int], own: random.Random, decided: float) -> None:
        while True:
            with self._taking:
                index = next(turns, None)
            if index is None:
                return
            filed = Filed(index, f"标{index}-{own.getrandbits(32):08x}")
            self.history.filed.append(filed)
            person = Citizen(self.port, self.history, own, self.offices)
            try:
                person.file(filed)
            except Stuck as why:
                self.history.stuck.append(f"{filed.mark} stuck: {why}")
                continue
            if own.random() < decided:
                self._onward.put((person, filed))

    def _decide(self) -> None:
        office = Desk(self.port, self.history, self.sessions, timezone.localdate())
        while (given := self._onward.get()) is not None:
            person, filed = given
            try:
                person.follow(filed)
                office.ask(filed)
                person.clear_up(filed)
                office.decide(filed)
            except Stuck as why:
                self.history.stuck.append(f"{filed.mark} stuck: {why}")
