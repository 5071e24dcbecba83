"""The deployment: settings, addresses, the worker's timetable. Nothing in casework or notifications imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
