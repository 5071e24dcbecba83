FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app

# Fonts draw the rare characters of names that the letters' own lack; the client makes and restores backups.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk postgresql-client && rm -rf /var/lib/apt/lists/*

COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY manage.py ./
COPY config ./config
COPY casework ./casework
COPY notifications ./notifications
COPY templates ./templates
COPY static ./static

ENV GONGKAI_MODE=server VAR_DIR=/data STATIC_ROOT=/app/collected
# These keys live for this one command only; collecting files needs no secret, but the settings insist on some.
RUN groupadd --system --gid 10001 gongkai \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --create-home gongkai \
    && SECRET_KEY=collect IDENTITY_KEYS=collect:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
       IDENTITY_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ALLOWED_HOSTS=localhost \
       python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir /data/uploads && chown -R gongkai:gongkai /data

USER gongkai
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
