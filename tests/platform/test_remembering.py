"""What the processes of the site remember together; a code of the app that was used in one is used in all."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache, caches
from django.utils import timezone

from casework.models import Remembered
from casework.remembering import SharedCache
from casework.tasks import forget_drafts
from tests.cast import Cast
from tests.check import ROOT
from tests.conftest import AS_OF
from tests.service import database_url

pytestmark = pytest.mark.django_db

#: One process of the web server: it waits for a line, tries the code and says whether it was let in.
PROCESS = """
import sys, django
django.setup()
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
factor = TOTP(Authenticator.objects.get(pk=int(sys.argv[1])))
print("ready", flush=True)
print(factor.validate_code(sys.stdin.readline().strip()), flush=True)
"""


def begun(factor: Authenticator) -> "subprocess.Popen[str]":
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(factor.pk)],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_of_four_processes_at_once_one_takes_a_code_and_none_after_them(players: Cast) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(players.li, secret).instance
    processes = [begun(factor) for _ in range(4)]
    if (left := 30 - time.time() % 30) < 10:
        time.sleep(left)  # a code of which enough is left for four
    code = format_hotp_value(hotp_value(secret, next(iter(counters()))))
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{code}\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert sorted(said) == ["False", "False", "False", "True"], said
    assert not TOTP(factor).validate_code(code)


def test_a_code_can_not_be_read_in_the_table(players: Cast) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(players.li, secret)
    code = format_hotp_value(hotp_value(secret, next(iter(counters()))))
    assert factor.validate_code(code)
    (kept,) = Remembered.objects.values()
    assert code not in str(kept)


def test_it_does_what_django_asks_of_a_cache(now: time_machine.Traveller) -> None:
    one, other = SharedCache("", {}), caches["default"]
    assert isinstance(other, SharedCache)
    assert one.add("key", [1, {"a": None}], 30)
    assert not other.add("key", 2, 30)
    assert other.get("key") == [1, {"a": None}]
    assert "key" in other
    assert other.get("none", "else") == "else"
    assert other.touch("key", 60)
    now.shift(timedelta(seconds=59))
    assert one.get("key") is not None
    now.shift(timedelta(seconds=2))
    assert one.get("key") is None
    assert not one.touch("key", 60)
    assert other.add("key", 3, 30)
    one.set("key", 4, None)
    assert (other.get("key"), other.incr("key"), one.get("key")) == (4, 5, 5)
    assert other.delete("key")
    assert not other.delete("key")
    one.set_many({"a": 1, "b": None})
    assert other.get_many(["a", "b", "c"]) == {"a": 1, "b": None}
    other.clear()
    assert not Remembered.objects.exists()


def test_what_is_no_plain_value_is_refused_and_never_unpickled() -> None:
    with pytest.raises(TypeError):
        cache.set("key", object())
    Remembered.objects.create(key=SharedCache("", {}).make_key("poisoned"), value=["gASVBQAAAAAAAACMAWGULg=="])
    assert cache.get("poisoned") == "gASVBQAAAAAAAACMAWGULg=="


def test_what_has_expired_is_forgotten_and_the_rest_is_not(now: time_machine.Traveller) -> None:
    for name, seconds in (("short", 30), ("long", 3600), ("for good", None)):
        cache.set(name, 1, seconds)
    now.move_to(AS_OF + timedelta(minutes=5), tick=False)
    assert timezone.now() > AS_OF
    forget_drafts()
    assert Remembered.objects.count() == 2
