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
    for ours in ("CELERY_BROKER_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"):  # of the tests, not of an installation
        kept.pop(ours, None)
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
        ("EMAIL_URL", "mail.example.gov.cn"),
        ("LOG_LEVEL", "LOUD"),
        ("QUERY_CODE_COST", "1000"),
        ("DATABASE_POOL_SIZE", "many"),
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
    named = {name for row in re.findall(r"^\| (`.*?) \|", manual, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert {"SECRET_KEY", "PORT", "DATABASE_URL", "METRICS_TOKEN", "UPLOAD_ROOT"} <= read
    assert not [name for name in sorted(read) if name not in named]
    assert not read - SETTINGS, "tests/run.py would hand these on from a real installation"
    assert not named - read, "explained, and read by nobody"


def settings_read_as(kind: str) -> list[str]:
    text = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    return sorted(set(re.findall(rf"""env\.{kind}\(\s*["']([A-Z_]+)["']""", text)))


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("int", "many", "it must be a whole number from zero on"),
        ("int", "-1", "it must be a whole number from zero on"),
        ("bool", "perhaps", "it must be true or false"),
        ("address", "gongkai.example.gov.cn", "must be an address such as"),
    ],
)
def test_a_slip_in_any_number_switch_or_address_is_refused_with_a_sentence(
    kind: str, value: str, sentence: str, tmp_path: Path
) -> None:
    """One process reads them all: each in turn is wrong, and each is named."""
    names = [name for name in settings_read_as(kind) if name != "DATABASE_POOL_SIZE"]
    assert len(names) >= {"int": 20, "bool": 3, "address": 4}[kind]
    program = (
        "import os, importlib, config.settings as s\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        f"for name in {names!r}:\n"
        f"    os.environ[name] = {value!r}\n"
        "    try:\n"
        "        importlib.reload(s)\n"
        "        print(name, 'was taken')\n"
        "    except ImproperlyConfigured as why:\n"
        "        print(why)\n"
        "    del os.environ[name]\n"
    )
    whole = {**os.environ, **PRODUCTION, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, cwd=ROOT, env=whole, capture_output=True, text=True, check=True)
    lines = told.stdout.splitlines()
    assert len(lines) == len(names), told.stdout
    for name, line in zip(names, lines, strict=True):
        assert name in line
        assert sentence in line


@pytest.mark.parametrize("variable", ["WEB_WORKERS", "WEB_THREADS", "PORT"])
@pytest.mark.parametrize("value", ["many", "0", "-1"])
def test_a_wrong_number_of_the_server_is_refused_with_a_sentence(variable: str, value: str) -> None:
    command = [sys.executable, "config/gunicorn.py"]
    told = subprocess.run(command, cwd=ROOT, env={variable: value}, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert f"{variable} is '{value}'; it must be a whole number from one on" in told.stderr


def test_the_deployment_is_clean_by_djangos_own_list(tmp_path: Path) -> None:
    """With the settings of a server and with those of the compose file's proxy in front."""
    for more in ({}, {"BEHIND_PROXY": "true", "METRICS_NETWORKS": "10.20.0.0/16", "METRICS_TOKEN": "t" * 32}):
        asked = {**PRODUCTION, **more, "VAR_DIR": str(tmp_path)}
        told = manage("check", "--deploy", "--fail-level", "WARNING", **asked)
        assert told.returncode == 0, told.stderr
        assert "no issues" in told.stdout
    careless = {**PRODUCTION, "DEBUG": "true", "VAR_DIR": str(tmp_path)}
    weak = manage("check", "--deploy", "--fail-level", "WARNING", **careless)
    assert weak.returncode != 0
    assert "security.W018" in weak.stderr
