"""What a citizen typed is kept no longer than it is needed (PIPL 19, 47), and a sent form stays sent."""

from datetime import timedelta

import pytest

from casework.actions import intake
from casework.models import Case, Draft
from casework.models.querycode import new_code
from tests.cast import Cast, application, moment
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db


def draft_of(players: Cast) -> Draft:
    draft = Draft.open(agency=players.dongshan, at=AS_OF)
    draft.keep({"name": "张三"}, at=AS_OF)
    return draft


def test_a_draft_left_for_a_month_is_deleted_and_a_younger_one_kept(players: Cast) -> None:
    draft = draft_of(players)
    assert Draft.forget(at=AS_OF + timedelta(days=29)) == 0
    assert Draft.objects.get(pk=draft.pk).answers == {"name": "张三"}
    assert Draft.forget(at=AS_OF + timedelta(days=30)) == 1
    assert not Draft.objects.exists()


def test_a_sent_draft_is_emptied_after_a_day_once_and_can_still_not_be_sent_again(players: Cast) -> None:
    draft, code = draft_of(players), new_code()
    first = intake.submit(draft, application(), query_code=code, at=AS_OF)
    assert Draft.forget(at=AS_OF + timedelta(hours=23)) == 0
    assert Draft.forget(at=AS_OF + timedelta(days=1)) == 1
    assert Draft.forget(at=AS_OF + timedelta(days=2)) == 0
    assert Draft.objects.get().answers == {}
    again = intake.submit(draft, application(), query_code=code, at=moment(AS_OF.date() + timedelta(days=3)))
    assert again.case == first.case
    assert Case.objects.count() == 1
