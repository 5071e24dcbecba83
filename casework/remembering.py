"""Django's cache in the database, for what all processes have to know at once: used codes of a second factor, tries.

Not in Redis, which may be emptied at any moment and be down while people log in: a used code would be good again, and
nobody would get in. Not by Django's own table either: it unpickles what it reads, so that whoever can write a row could
run code; these values are JSON, each in a list of its own, since nothing is a value too.
"""

import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from casework.models import Remembered


class SharedCache(BaseCache):
    """Each method is one statement or one transaction; of two that add the same key at once one succeeds."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def make_key(self, key: Any, version: int | None = None) -> str:
        named = super().make_key(key, version=version)
        return salted_hmac("gongkai.remembered", named, algorithm="sha256").hexdigest()

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name, until = self.make_key(key, version), self.get_backend_timeout(timeout)
        try:
            with transaction.atomic():
                Remembered.objects.filter(key=name, until__lte=time.time()).delete()
                Remembered.objects.create(key=name, value=[value], until=until)
        except IntegrityError:
            return False
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        valid = Remembered.objects.filter(Q(until=None) | Q(until__gt=time.time()), key=self.make_key(key, version))
        found = valid.values_list("value").first()
        return default if found is None else found[0][0]

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        fresh = {"value": [value], "until": self.get_backend_timeout(timeout)}
        Remembered.objects.update_or_create(key=self.make_key(key, version), defaults=fresh)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        valid = Remembered.objects.filter(Q(until=None) | Q(until__gt=time.time()), key=self.make_key(key, version))
        return bool(valid.update(until=self.get_backend_timeout(timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(Remembered.objects.filter(key=self.make_key(key, version)).delete()[0])

    def clear(self) -> None:
        Remembered.objects.all().delete()
