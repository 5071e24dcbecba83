"""The applications for disclosure and all that happens to them."""

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.models.signals import post_migrate
from django.urls import register_converter


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "政府信息公开申请"

    def ready(self) -> None:
        """No page shows a date of a calendar that another process has replaced, and no log-in goes unrecorded."""
        from casework import doors, entries  # noqa: F401 - they listen to the doors
        from casework.audit import guards
        from casework.digits import Year
        from casework.models.edition import look_again

        register_converter(Year, "year")
        request_started.connect(look_again)
        post_migrate.connect(guards.put_up, sender=self)
