"""What the settings insist on, seen from outside: a process that starts or says why it does not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check import PRODUCTION, ROOT
from tests.run import SETTINGS


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    kept.pop("CELERY_BROKER_URL", None)
    command = [sys.executable, "manage.py", *arguments]
    whole = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run(command, cwd=ROOT, env=whole, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("variable", ["SECRET_KEY", "IDENTITY_KEYS", "IDENTITY_INDEX_KEY", "ALLOWED_HOSTS"])
def test_a_server_without_a_required_setting_refuses_with_a_sentence(variable: str, tmp_path: Path) -> None:
    told = manage("check", **{**PRODUCTION, variable: "", "VAR_DIR": str(tmp_path)})
    assert told.returncode != 0
    assert f"In server mode set {variable}" in told.stderr
    assert "Traceback" not in told.stderr
    assert not list(tmp_path.iterdir()), "a server must not invent a secret"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GONGKAI_MODE", "production"),
        ("IDENTITY_KEYS", "a:short"),
        ("IDENTITY_INDEX_KEY", "not base64"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("SIGN_IN_CODE_MINUTES", "11"),
        ("SIGN_IN_CODE_MINUTES", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_the_refusal(variable: str, value: str, tmp_path: Path) -> None:
    told = manage("check", **{**PRODUCTION, variable: value, "VAR_DIR": str(tmp_path)})
    assert told.returncode != 0
    assert variable in told.stderr
    assert "Traceback" not in told.stderr


def test_the_embedded_mode_makes_its_secrets_once_and_for_its_owner_only(tmp_path: Path) -> None:
    var = tmp_path / "var"
    show = "from django.conf import settings; print(settings.SECRET_KEY, settings.IDENTITY_INDEX_KEY)"
    first, second = (manage("shell", "--no-imports", "-c", show, VAR_DIR=str(var)) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert len(first.stdout) > 60
    for name in ("secret-key", "identity-key", "identity-index-key"):
        assert (var / name).stat().st_mode & 0o077 == 0, name


def test_a_deep_folder_still_gets_a_socket_address_that_fits(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    told = manage(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings; print(settings.BROKER_SOCKET)",
        VAR_DIR=str(deep),
        REDIS_URL="",
    )
    assert len(told.stdout.strip().encode()) <= 100, told.stderr


def test_static_files_can_be_collected_with_hashed_names(tmp_path: Path) -> None:
    told = manage(
        "collectstatic", "--no-input", **{**PRODUCTION, "VAR_DIR": str(tmp_path), "STATIC_ROOT": str(tmp_path / "out")}
    )
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "out" / "staticfiles.json").exists()


def test_every_setting_is_explained_in_the_manual_and_cleared_by_the_tests() -> None:
    sources = ("config/settings.py", "config/gunicorn.py", "config/run.py")
    text = "".join((ROOT / source).read_text(encoding="utf-8") for source in sources)
    read = set(re.findall(r"""(?:env\.\w+\(|required\(|environ\.get\()\s*["']([A-Z_]+)["']""", text))
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {"SECRET_KEY", "PORT", "DATABASE_URL"} <= read
    assert not [name for name in sorted(read) if f"`{name}`" not in manual]
    assert not read - SETTINGS, "tests/run.py would hand these on from a real installation"
