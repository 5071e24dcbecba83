"""``manage.py reseal``: seal with the first of ``IDENTITY_KEYS`` what older keys have sealed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.actions.reseal import reseal


class Command(BaseCommand):
    help = (
        "用 IDENTITY_KEYS 的第一个密钥重新加密以前加密的内容。 / "
        "Seal with the first of IDENTITY_KEYS what older keys have sealed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        first = next(iter(settings.IDENTITY_KEYS))
        done, lost = reseal()
        if lost:
            raise CommandError(
                f"已用 {first} 重新加密{done}条；另有{lost}条，现有密钥都打不开：请把缺少的密钥放回 IDENTITY_KEYS。\n"
                f"Sealed anew with {first}: {done}. No key opens {lost} others: put the missing key back."
            )
        self.stdout.write(f"已用 {first} 重新加密{done}条。\nSealed anew with {first}: {done}.")
