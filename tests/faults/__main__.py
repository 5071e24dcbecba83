"""``make faults``: kill everything while people work, and compare what they remember with what is stored."""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.faults.stage import Stage
from tests.servers import Missing

#: People at the desk who take part, as in ``tests.cast``.
PEOPLE: Final = ("wang", "sun", "qian", "li")
#: Seconds within which the effects have to have caught up once the faults are over.
CATCH_UP: Final = 60
#: Seconds to wait for mails that the mail server refused while it was told to: 1, 2, 4 … minutes from the last try.
LAST_TRY: Final = 600


@dataclass(frozen=True)
class Plan:
    """How much is done. ``decided``: the share of cases that go on to supplement and reply."""

    submissions: int = 10_000
    citizens: int = 12
    desks: int = 2
    decided: float = 0.05
    kills: int = 60
    pause: float = 6.0
    paused_for: float = 60.0
    seed: int = 0


#: What `make test` runs.
SHORT: Final = Plan(submissions=120, citizens=6, desks=2, decided=0.05, kills=6, pause=3.0, paused_for=10.0)


def main() -> int:
    options = arguments()
    plan = Plan(**{name: value for name, value in vars(options).items() if name in Plan.__dataclass_fields__})
    if options.short:
        plan = Plan(**{**SHORT.__dict__, "seed": plan.seed})
    try:
        result = run(plan, say=lambda line: print(line, flush=True))
    except Missing as why:
        print(f"未能运行：{why.chinese}\nNot run: {why.english}", file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 1 if result["findings"] else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="what make test runs: a minute")
    parser.add_argument("--submissions", type=int, default=Plan.submissions, help="applications (%(default)s)")
    parser.add_argument("--kills", type=int, default=Plan.kills, help="at least so many SIGKILLs (%(default)s)")
    parser.add_argument("--decided", type=float, default=Plan.decided, help="share taken to a reply (%(default)s)")
    parser.add_argument("--pause", type=float, default=Plan.pause, help="seconds between two faults (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="the same order again")
    return parser.parse_args()


def run(plan: Plan, *, say: Any) -> dict[str, Any]:
    """Play it; what was done and found. ``findings`` is empty where nothing was lost, doubled or left behind.

    Raises ``tests.servers.Missing`` where a server can't be had.
    """
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-faults-")))
        folder.chmod(0o711)  # PostgreSQL's user passes through
        stage = Stage(folder, open_things)
        say(f"种子 / seed {plan.seed}; {'own file system' if stage.mounted else 'RLIMIT_FSIZE'} for a full disk")
        stage.begin()
        os.environ.update(stage.environment)
        import django

        django.setup()
        return _played(plan, stage, say)


def _played(plan: Plan, stage: Stage, say: Any) -> dict[str, Any]:
    from django.db import connections
    from django.utils import timezone

    from tests.faults import verdict
    from tests.faults.clients import History
    from tests.faults.crowd import Crowd
    from tests.faults.mischief import Mischief

    history = History()
    sessions, offices = _peopled()
    _let_go(connections["default"])
    stage.open_doors()
    mischief = Mischief(stage, random.Random(plan.seed + 1), plan.pause, plan.paused_for)
    begun = time.monotonic()
    crowd = Crowd(stage.port, history, offices, sessions, random.Random(plan.seed))
    crowd.begin(plan.submissions, citizens=plan.citizens, desks=plan.desks, decided=plan.decided)
    threading.Thread(target=mischief.until_stopped, daemon=True).start()
    while crowd.at_work():
        _told(say, plan, history, mischief, begun)
        crowd.wait(5)
    while mischief.killed < plan.kills and mischief.failure is None:
        time.sleep(0.5)
    mischief.stopping.set()
    mischief.over.wait()
    worked = time.monotonic() - begun
    if mischief.failure:
        raise mischief.failure
    # what this process had in its hands before the server was killed is dead by now
    _let_go(connections["default"])
    say("所有故障已经结束，等待补办 / all faults are over; waiting for the effects")
    over = time.monotonic()
    while not verdict.caught_up(at=timezone.now()) and time.monotonic() - over < CATCH_UP * 3:
        time.sleep(0.5)
    after = time.monotonic() - over
    # what the mail server refused is tried again when its time has come, not at once
    while verdict.waits_for_another_try() and time.monotonic() - over < LAST_TRY:
        time.sleep(1)
    findings = list(verdict.judge(history, stage.mail, at=timezone.now()))
    if after > CATCH_UP:
        findings.append(f"the effects took {after:.0f} s to catch up")
    calm = [r for r in history.answered if not any(a - 0.5 <= r[0] <= b + 5 for a, b in mischief.disturbed)]
    good = [r for r in calm if 0 < r[2] < 500 and r[1] <= 5]
    _let_go(connections["default"])
    return {
        "seed": plan.seed,
        "submissions": len(history.filed),
        "acknowledged": history.acknowledged,
        "unknown_resolved": history.unknown,
        "decided": sum("dispatch" in each.decided for each in history.filed),
        "requests": len(history.answered),
        "seconds": round(worked),
        "kills": mischief.killed,
        "faults": dict(sorted(mischief.done.items())),
        "answered_outside_faults": round(len(good) / max(1, len(calm)), 5),
        "caught_up_seconds": round(after, 1),
        "mails": len(stage.mail.taken),
        "same_mail_again": verdict.doubles(stage.mail),
        "files_whole": verdict.stored_whole(stage.media),
        "findings": findings[:200],
    }


def _let_go(connection: Any) -> None:
    """Close this process's connection and the pool behind it."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def _peopled() -> tuple[dict[str, str], list[str]]:
    """The cast at work: who is logged in with which session, and the offices that take applications."""
    from django.test import Client

    from casework.models import Staff
    from tests.cast import cast

    players = cast()
    sessions = {}
    for who in PEOPLE:
        client = Client()
        client.force_login(Staff.objects.get(username=who))
        sessions[who] = client.cookies["sessionid"].value
    return sessions, [players.dongshan.code]


def _told(say: Any, plan: Plan, history: Any, mischief: Any, begun: float) -> None:
    seconds = time.monotonic() - begun
    say(
        f"{seconds:5.0f} s  {history.acknowledged}/{plan.submissions} 件已受理 acknowledged  "
        f"{sum('dispatch' in each.decided for each in history.filed)} 件已答复 decided  "
        f"{mischief.killed} SIGKILL  {history.unknown} 次未知已重试 unknown"
    )


if __name__ == "__main__":
    sys.exit(main())
