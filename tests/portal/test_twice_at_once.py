"""The same draft sent twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from casework.models import Case
from tests import cast
from tests.portal.visitor import Visitor, shown_code


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_case_and_show_one_code() -> None:
    cast.cast()
    draft = Visitor().filled()
    together = Barrier(2)

    def press() -> str:
        together.wait(timeout=30)
        try:
            return shown_code(Visitor().send(draft + "check/", {}))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        first, second = pool.submit(press), pool.submit(press)
        codes = {first.result(timeout=60), second.result(timeout=60)}
    assert len(codes) == 1
    assert Case.objects.count() == 1
