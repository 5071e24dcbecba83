"""The applications for disclosure and all that happens to them."""

from django.apps import AppConfig
from django.core.signals import request_started


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "政府信息公开申请"

    def ready(self) -> None:
        """No page shows a date of a calendar that another process has replaced, and no log-in goes unrecorded."""
        from casework.desk import accounts, door  # noqa: F401 - they listen to the doors
        from casework.models.edition import look_again

        request_started.connect(look_again)
