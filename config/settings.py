"""All settings, read from the environment. Without any, the embedded mode runs: SQLite and a broker in ``var/``.

``docs/operations.md`` explains each variable in a sentence.
"""

import base64
import binascii
import hashlib
import ipaddress
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
import structlog
from cryptography.hazmat.backends.openssl.backend import backend as OPENSSL  # noqa: N812 - a constant to us
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

django_stubs_ext.monkeypatch()  # so that FormView[Form] and its like can be written


class Environment(environ.Env):  # type: ignore[misc]  # the library has no types
    """Says in a sentence what is wrong with a variable: a slip in ``HTTPS`` must not quietly turn it off."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> int:
        text = self.str(var, "").strip()
        if text and not (text.isascii() and text.isdecimal()):
            raise ImproperlyConfigured(
                f"{var} 须为不小于零的整数，不能是 {text!r}。 / "
                f"{var} is {text!r}; it must be a whole number from zero on."
            )
        return int(text) if text else default

    def bool(self, var: str, default: Any = environ.Env.NOTSET) -> bool:
        text = self.str(var, "").strip().lower()
        if text not in ("", "true", "yes", "on", "1", "false", "no", "off", "0"):
            raise ImproperlyConfigured(
                f"{var} 只能是 true 或 false，不能是 {text!r}。 / {var} is {text!r}; it must be true or false."
            )
        return text in ("true", "yes", "on", "1") if text else default

    def address(self, var: str, *schemes: str) -> str:
        """An address with one of these schemes and a host or a path; empty where there is none."""
        text: str = self.str(var, "").strip()
        scheme, _, rest = text.partition("://")
        if text and (scheme not in schemes or not rest.strip("/") or not text.isprintable() or " " in text):
            known = " / ".join(f"{each}://…" for each in schemes)
            raise ImproperlyConfigured(f"{var} 须为 {known} 形式的地址。 / {var} must be an address such as {known}.")
        return text


env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent

# ── Which of the two ways to run ─────────────────────────────────────────────────────────────────────────────────────

MODE = env.str("GONGKAI_MODE", "embedded")
if MODE not in ("embedded", "server"):
    raise ImproperlyConfigured(
        f"GONGKAI_MODE 只能是 embedded 或 server，不能是 {MODE!r}。 / GONGKAI_MODE is {MODE!r}; use embedded or server."
    )
EMBEDDED = MODE == "embedded"
DEBUG = env.bool("DEBUG", False)

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def required(variable: str, how: str) -> str:
    """The value of a variable that a server must be given."""
    value: str = env.str(variable, "")
    if not value:
        raise ImproperlyConfigured(
            f"server 模式必须设置环境变量 {variable}（{how}）。 / In server mode set {variable} ({how})."
        )
    return value


def networks(variable: str, written: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(network.strip()) for network in written]
    except ValueError as wrong:
        raise ImproperlyConfigured(
            f"{variable} 须为以逗号分隔的网段，如 10.20.0.0/16：{wrong}。 / "
            f"{variable} must be networks separated by commas, such as 10.20.0.0/16: {wrong}."
        ) from None


def kept_secret(name: str) -> str:
    """A random secret made once and kept in ``var/``: for the embedded mode only, where one machine is everything."""
    path = VAR_DIR / name
    if not path.exists():
        draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(base64.b64encode(secrets.token_bytes(32)).decode(), encoding="ascii")
        try:
            os.link(draft, path)  # the first of several processes wins, the others read its secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    SECRET_KEY = kept_secret("secret-key") if EMBEDDED else required("SECRET_KEY", "50+ random characters")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])


def key_bytes(text: str, variable: str, size: int = 32) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != size:
        raise ImproperlyConfigured(
            f"{variable} 中的密钥须为 {size} 字节的 base64（openssl rand -base64 {size}）。 / "
            f"A key in {variable} must be {size} bytes in base64 (openssl rand -base64 {size})."
        )
    return key


def identity_keys(text: str) -> dict[str, bytes]:
    """``id:key,id:key``: the first encrypts, all decrypt, so that a key can be changed without a day of downtime.

    The name says the cipher: ``sm4…`` is SM4 with a key of 16 bytes, every other AES-256 with one of 32.
    """
    keys: dict[str, bytes] = {}
    for name, _, key in (entry.strip().partition(":") for entry in text.split(",") if entry.strip()):
        if not name or name in keys:
            raise ImproperlyConfigured(
                f"IDENTITY_KEYS 中每个密钥要有自己的名称，{name!r} 没有或者重复。 / "
                f"Each key in IDENTITY_KEYS needs a name of its own; {name!r} is none, or given twice."
            )
        of_sm4 = name.lower().startswith("sm4")
        keys[name] = key_bytes(key, f"IDENTITY_KEYS ({name})", 16 if of_sm4 else 32)
        if of_sm4 and not OPENSSL.cipher_supported(SM4(keys[name]), GCM(bytes(12))):
            raise ImproperlyConfigured(
                f"IDENTITY_KEYS 中的 {name} 要用 SM4，但是这台机器的 OpenSSL 没有 SM4-GCM。 / "
                f"{name} in IDENTITY_KEYS asks for SM4, but the OpenSSL of this machine has no SM4 with GCM."
            )
    if not keys:
        raise ImproperlyConfigured("IDENTITY_KEYS 中没有密钥。 / There is no key in IDENTITY_KEYS.")
    return keys


IDENTITY_KEYS = identity_keys(
    env.str("IDENTITY_KEYS", "")
    or (f"embedded:{kept_secret('identity-key')}" if EMBEDDED else required("IDENTITY_KEYS", "id:32 bytes in base64"))
)
#: Keys the blind index by which the same applicant is found; it cannot be changed without rebuilding the index.
IDENTITY_INDEX_KEY = key_bytes(
    env.str("IDENTITY_INDEX_KEY", "")
    or (kept_secret("identity-index-key") if EMBEDDED else required("IDENTITY_INDEX_KEY", "32 bytes in base64")),
    "IDENTITY_INDEX_KEY",
)

# ── Apps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "casework",
    "notifications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "config.naming.Named",
    "config.headers.OuterDoor",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before whitenoise: a drawing that is opened by itself has the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "casework.doors.OneFace",
    "casework.desk.door.SessionLimits",
    "casework.desk.watching.AccessLog",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casework.portal.care.context",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Database ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database URL, with what each engine needs to be safe under several processes."""
    embedded = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "gongkai.sqlite3")}
    named: dict[str, Any] = {**(environ.Env.db_url_config(url) if url else embedded)}
    options: dict[str, Any] = named.setdefault("OPTIONS", {})
    if named["ENGINE"] == "django.db.backends.sqlite3":
        if named["NAME"] != ":memory:":
            file = BASE_DIR / named["NAME"]
            file.parent.mkdir(parents=True, exist_ok=True)
            named["NAME"] = file
        # DEFERRED fails at the first write of a transaction that read before; IMMEDIATE waits its turn
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 30)
        # FULL: once the page shows a number, the application survives a power cut. 16 MB of cache a connection: what
        # lies beyond comes as fast from the system's own (bench/), and each thread has a connection
        options.setdefault(
            "init_command",
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;",
        )
    elif named["ENGINE"] == "django.db.backends.postgresql":
        options.setdefault("pool", {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 10), "timeout": 15})
        options.setdefault("application_name", "gongkai")
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL 只能是 sqlite:///… 或 postgres://…。 / DATABASE_URL must be sqlite:///… or postgres://…."
        )
    return named


DATABASES = {"default": database(env.str("DATABASE_URL", ""))}

#: Used codes of second factors and tries are remembered where all processes see them, and not lost with Redis.
CACHES = {"default": {"BACKEND": "casework.remembering.SharedCache"}}

#: Folder of pg_dump and pg_restore, where they are not on the path.
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", "")

# ── Broker and worker ────────────────────────────────────────────────────────────────────────────────────────────────


def embedded_socket() -> Path:
    """Where ``make run`` lets its broker listen; a path over 100 bytes does not fit a Unix socket's address."""
    socket = VAR_DIR / "broker" / "broker.sock"
    if len(os.fsencode(socket)) <= 100:
        return socket
    short = hashlib.sha256(os.fsencode(VAR_DIR)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gongkai-{os.getuid()}-{short}" / "broker.sock"


BROKER_SOCKET = embedded_socket()
REDIS_URL = env.address("REDIS_URL", "redis", "rediss", "unix") or f"unix://{BROKER_SOCKET}"

# Kombu spells a Unix socket differently from redis-py.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
)
CELERY_TASK_DEFAULT_QUEUE = "gongkai"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
# A killed worker's task comes back: acknowledged late, put back by the transport after the visibility timeout, which
# is looked at every ten seconds. Tasks are idempotent, so a task slower than the timeout may run twice unharmed.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("VISIBILITY_TIMEOUT", 600),
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
# A page that says "look now" does not wait for a broker that is down; the sweep looks anyway.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 1 if EMBEDDED else 4)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE", str(VAR_DIR / "beat-schedule"))
CELERY_TIMEZONE = "Asia/Shanghai"

# ── Language and time ────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "casework" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"

# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Embedded: served straight from the tree, nothing to collect. Server: hashed names from `collectstatic`.
STATIC_ROOT = env.str("STATIC_ROOT", "") or (None if EMBEDDED else str(VAR_DIR / "static"))
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
#: Work factor of scrypt for query codes: about 40 ms and 16 MB a check.
QUERY_CODE_COST = env.int("QUERY_CODE_COST", 2**14)
if QUERY_CODE_COST < 2 or QUERY_CODE_COST & (QUERY_CODE_COST - 1):
    raise ImproperlyConfigured(
        f"QUERY_CODE_COST 须为2的幂，如16384，不能是 {QUERY_CODE_COST}。 / "
        f"QUERY_CODE_COST is {QUERY_CODE_COST}; it must be a power of two such as 16384."
    )
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
#: Where an upload over 2.5 MB waits while its form is judged; empty: the system's folder for passing files.
if UPLOAD_ROOT := env.str("UPLOAD_ROOT", ""):
    Path(UPLOAD_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    FILE_UPLOAD_TEMP_DIR = UPLOAD_ROOT

# ── Records at the desk: limits, virus scanner, previews ─────────────────────────────────────────────────────────────

MATERIAL_LARGEST_MB = env.int("MATERIAL_LARGEST_MB", 50)
MATERIAL_MOST = env.int("MATERIAL_MOST", 50)
MATERIAL_TOTAL_MB = env.int("MATERIAL_TOTAL_MB", 500)
MATERIAL_PAGES = env.int("MATERIAL_PAGES", 500)
#: ``host:port`` or the path of a socket; empty: files are not scanned.
CLAMD = env.str("CLAMD", "")
CLAMD_TIMEOUT = env.int("CLAMD_TIMEOUT", 30)
PREVIEW_ROOT = Path(env.str("PREVIEW_ROOT", str(VAR_DIR / "previews")))
PREVIEW_MB = env.int("PREVIEW_MB", 200)

# A form with 10 MB of text in it must reach the form, which answers with a sentence; percent-encoded it is 90 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 100 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "gongkai@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
#: Where the links in a mail lead, e.g. https://gongkai.example.gov.cn; without it a mail carries none.
SITE_URL = env.address("SITE_URL", "https", "http")
if EMAIL_URL := env.str("EMAIL_URL", ""):
    try:
        vars().update(environ.Env.email_url_config(EMAIL_URL))
    except (ImproperlyConfigured, ValueError, KeyError):
        raise ImproperlyConfigured(
            "EMAIL_URL 须形如 smtp+tls://user:password@host:587。 / "
            "EMAIL_URL must be like smtp+tls://user:password@host:587."
        ) from None
elif EMBEDDED:
    EMAIL_BACKEND = "notifications.mailbox.FolderBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# ── Audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Where the head of the audit chain is written every day; best a place to which this machine can only append.
AUDIT_ANCHOR_FILE = Path(env.str("AUDIT_ANCHOR_FILE", str(VAR_DIR / "audit" / "anchors.jsonl")))
#: What was erased at the end of its time, by keyed hashes; a restored backup is made to forget it again.
ERASURE_FILE = Path(env.str("ERASURE_FILE", str(VAR_DIR / "audit" / "erasures.jsonl")))

#: Years after its closing for which a case's personal data must be kept, by kind; nothing is erased without an order.
ERASE_AFTER_YEARS = {
    "identity": env.int("ERASE_IDENTITY_YEARS", 10),
    "contact": env.int("ERASE_CONTACT_YEARS", 10),
    "name": env.int("ERASE_NAME_YEARS", 30),
    "text": env.int("ERASE_TEXT_YEARS", 30),
}

# ── Text messages and webhooks ───────────────────────────────────────────────────────────────────────────────────────

#: `folder`: into the local mailbox; `http`: to the gateway at SMS_URL; empty: no text messages.
SMS_GATEWAY = env.str("SMS_GATEWAY", "folder" if EMBEDDED and not EMAIL_URL else "")
if SMS_GATEWAY not in ("", "folder", "http"):
    raise ImproperlyConfigured(
        f"SMS_GATEWAY 只能是 folder、http 或空，不能是 {SMS_GATEWAY!r}。 / "
        f"SMS_GATEWAY is {SMS_GATEWAY!r}; use folder, http or nothing."
    )
SMS_URL = required("SMS_URL", "https://…") if SMS_GATEWAY == "http" else ""
SMS_SECRET = required("SMS_SECRET", "whsec_ and 32 bytes in base64") if SMS_GATEWAY == "http" else ""
SMS_ACCOUNT = env.str("SMS_ACCOUNT", "")
#: Networks that are not public and that a webhook may call all the same, e.g. 10.20.0.0/16; by default none.
WEBHOOK_NETWORKS = networks("WEBHOOK_NETWORKS", env.list("WEBHOOK_NETWORKS", default=[]))
WEBHOOK_DIRECTORY = "casework.webhooks.endpoint_of"

# ── Watching it ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: Who may read /metrics: whoever asks from these networks without a proxy between, or brings the token; else nobody.
METRICS_NETWORKS = networks("METRICS_NETWORKS", env.list("METRICS_NETWORKS", default=[]))
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN and (len(METRICS_TOKEN) < 32 or not METRICS_TOKEN.isascii() or not METRICS_TOKEN.isprintable()):
    raise ImproperlyConfigured(
        "METRICS_TOKEN 须为32个以上的可见ASCII字符（openssl rand -hex 32）。 / "
        "METRICS_TOKEN must be 32 or more visible ASCII characters (openssl rand -hex 32)."
    )

# ── The interface for machines ───────────────────────────────────────────────────────────────────────────────────────

#: Requests of one token: so many a minute in the long run, so many at once. Each token has its own share.
API_PER_MINUTE = env.int("API_PER_MINUTE", 300)
API_AT_ONCE = env.int("API_AT_ONCE", 60)

# ── Accounts and sessions ────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "casework.Staff"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
#: 12 characters at least of three kinds, none of the 20,000 most common, not the name, none of
#: the last five (GB/T 22239-2019 8.1.4.1 a asks for complexity; length is what makes guessing dear).
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "casework.actions.passwords.VariedCharacters"},
    {"NAME": "casework.actions.passwords.NotTakenBefore"},
]  # fmt: skip
#: After so many days a password has to be changed (GB/T 22239-2019 8.1.4.1 a: 定期更换); 0: never.
PASSWORD_DAYS = env.int("PASSWORD_DAYS", 180)
#: `by_role`: as each agency asks of the holders of its roles; `off`: nowhere, which every page of the desk says.
SECOND_FACTOR = env.str("SECOND_FACTOR", "by_role")
if SECOND_FACTOR not in ("by_role", "off"):
    raise ImproperlyConfigured(
        f"SECOND_FACTOR 只能是 by_role 或 off，不能是 {SECOND_FACTOR!r}。 / "
        f"SECOND_FACTOR is {SECOND_FACTOR!r}; use by_role or off."
    )
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "casework.doors.ApplicantBackend",
]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:today"
# A session ends after so long without a page, and after so long in any case (GB/T 22239-2019 8.1.4.1 b).
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)
SESSION_HOURS = env.int("SESSION_HOURS", 12)
#: The same for an applicant, who may sit at a library's computer; as long as a case stays open by its code.
APPLICANT_IDLE_MINUTES = env.int("APPLICANT_IDLE_MINUTES", 30)
#: The addresses below /account/: allauth's names lead to the applicant's pages there and to those of staff elsewhere.
APPLICANT_URLCONF = "config.applicant_urls"
#: A code by which an applicant signs in is good for so long (ASVS 6.5.5: 10 minutes at most).
SIGN_IN_CODE_MINUTES = env.int("SIGN_IN_CODE_MINUTES", 10)
if not 1 <= SIGN_IN_CODE_MINUTES <= 10:
    raise ImproperlyConfigured(
        f"SIGN_IN_CODE_MINUTES 须为 1 到 10，不能是 {SIGN_IN_CODE_MINUTES}。 / "
        f"SIGN_IN_CODE_MINUTES is {SIGN_IN_CODE_MINUTES}; use 1 to 10."
    )
# The row outlives the session: it says whose text it was that came in the morning from a form left open overnight.
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"

# Five wrong passwords or codes for one account from one address: that pair waits. Others behind the same address and
# the owner elsewhere do not.
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_COOLOFF_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # an impatient owner does not wait the longer
AXES_CLIENT_IP_CALLABLE = "casework.access.door.address_of"
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware answers for the page; ours says the sentence in the form
AXES_VERBOSE = False  # its lines name people and addresses

ACCOUNT_ADAPTER = "casework.doors.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "casework.doors.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # mail is no part of signing in here
MFA_TOTP_ISSUER = "公开"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # http://localhost has no TLS
MFA_FORMS = {
    "authenticate": "casework.desk.forms.account.CodeForm",
    "reauthenticate": "casework.desk.forms.account.CodeAgainForm",
    "activate_totp": "casework.desk.forms.account.ActivateForm",
    "add_webauthn": "casework.desk.forms.account.AddKeyForm",
}
ACCOUNT_FORMS = {"reauthenticate": "casework.desk.forms.account.PasswordAgainForm"}

# ── Single sign-on: another service says who somebody is; accounts are made here, by administrators alone ─────────────

OIDC_URL = env.address("OIDC_URL", "https", "http")
#: Its name on the button.
OIDC_NAME = env.str("OIDC_NAME", "统一身份认证")
#: That of the province's citizens, for applicants alone.
PROVINCE_OIDC_URL = env.address("PROVINCE_OIDC_URL", "https", "http")
PROVINCE_OIDC_NAME = env.str("PROVINCE_OIDC_NAME", "省统一身份认证")
SOCIALACCOUNT_ADAPTER = "casework.doors.SingleSignOn"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link, no form: `form-action 'self'` stops a form that ends at another origin. State and PKCE guard the way back.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "office",
                "name": OIDC_NAME,
                "client_id": required("OIDC_CLIENT_ID", "the name of this site there"),
                "secret": required("OIDC_CLIENT_SECRET", "the secret shared with it"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}
if PROVINCE_OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "province",
            "name": PROVINCE_OIDC_NAME,
            "client_id": required("PROVINCE_OIDC_CLIENT_ID", "the name of this site there"),
            "secret": required("PROVINCE_OIDC_CLIENT_SECRET", "the secret shared with it"),
            "settings": {"server_url": PROVINCE_OIDC_URL},
        }
    )
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── Security ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if not EMBEDDED:
    required("ALLOWED_HOSTS", "the host names of the site, by comma")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# No script reads a cookie, and no other site's request brings one along; behind `__Host-` no neighbouring host and no
# page without TLS can plant one either (ASVS 3.3.1, 3.3.3).
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CARE_COOKIE_NAME = "care"  # 关怀版
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, CARE_COOKIE_NAME = "__Host-language", "__Host-care"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked inside the machine, without TLS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Only where a proxy in front sets the header itself; else any visitor could claim to have come by HTTPS.
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# ── Logging: what happened and where, never whose: no form values, no addresses, no names ────────────────────────────

LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(
        f"LOG_LEVEL 不能是 {LOG_LEVEL!r}。 / LOG_LEVEL is {LOG_LEVEL!r}; use DEBUG, INFO, WARNING, ERROR or CRITICAL."
    )
SHARED_LOG_STEPS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
structlog.configure(
    processors=[
        *SHARED_LOG_STEPS,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED_LOG_STEPS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # a plain traceback: the pretty ones print local variables
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"])
                if EMBEDDED
                else structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": LOG_LEVEL},
        # a 404 or a bad form is an answer, not an incident
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        # each task every few seconds says nothing new
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},  # says at start that it can log
        # its warnings name the address of whoever typed a wrong password; the log of accesses keeps that
        "axes": {"level": "ERROR"},
    },
}
