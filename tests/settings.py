"""The settings under test, in surroundings of their own: nothing here reads or writes the ``var/`` of the tree."""

import atexit
import base64
import os
import shutil
import tempfile

# One folder for a run and all its xdist workers; `make test` names it and removes it.
if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="gongkai-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("IDENTITY_KEYS", "test:" + base64.b64encode(b"t" * 32).decode())
os.environ.setdefault("IDENTITY_INDEX_KEY", base64.b64encode(b"i" * 32).decode())
if not os.environ.get("REDIS_URL"):
    os.environ.setdefault("CELERY_BROKER_URL", "memory://")

from config.settings import *  # noqa: F403 - the environment has to stand before they are read

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test logs in a hundred times
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECOND_FACTOR = "off"  # but where a test asks for it
AXES_ENABLED = False  # likewise
QUERY_CODE_COST = 2**4  # nor need it guess slowly
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A killed process loses nothing by this, and a power cut ends the tests anyway.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
