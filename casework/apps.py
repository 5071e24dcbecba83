"""The applications for disclosure and all that happens to them."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "政府信息公开申请"
