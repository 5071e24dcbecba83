"""How gunicorn serves the site; read by the command in the Procfile."""

import os


def whole(text: str, variable: str) -> int:
    """A number from one on; ends the start with a sentence where there is none."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise SystemExit(
            f"{variable} 须为正整数，不能是 {text!r}。 / {variable} is {text!r}; it must be a whole number from one on."
        )
    return int(text)


bind = f"{os.environ.get('HOST', '0.0.0.0')}:{whole(os.environ.get('PORT', '8000'), 'PORT')}"  # noqa: S104 - a container's door; `make run` says 127.0.0.1 # nosec B104
worker_class = "gthread"
workers = whole(os.environ.get("WEB_WORKERS", "2"), "WEB_WORKERS")
threads = whole(os.environ.get("WEB_THREADS", "8"), "WEB_THREADS")
timeout = 60
graceful_timeout = 20
keepalive = 5
# Recycled now and then, so that a leak somewhere below never becomes an outage.
max_requests = 5000
max_requests_jitter = 500
errorlog = "-"
accesslog = None  # addresses of citizens are personal data; the proxy in front decides whether to keep them
control_socket_disable = True
