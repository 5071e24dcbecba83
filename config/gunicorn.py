"""How gunicorn serves the site; read by the command in the Procfile."""

import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - a container's door; `make run` says 127.0.0.1 # nosec B104
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 5
# Recycled now and then, so that a leak somewhere below never becomes an outage.
max_requests = 5000
max_requests_jitter = 500
errorlog = "-"
accesslog = None  # addresses of citizens are personal data; the proxy in front decides whether to keep them
control_socket_disable = True
