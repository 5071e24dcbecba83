"""What a visitor reads when an address, a form or the site itself fails, and what the pages cost."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.visitor import Visitor, words


def test_an_unknown_address_says_where_to_go(visitor: Visitor) -> None:
    page = visitor.get("/nothing/here/")
    assert page.status_code == 404
    assert "没有这一页" in words(page)


def test_a_form_without_the_token_says_that_nothing_was_lost(visitor: Visitor) -> None:
    draft = visitor.filled()
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(draft + "check/")
    assert page.status_code == 403
    assert "请后退到上一页，刷新以后再提交。" in page.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_pages_are_drawn_without_a_request_in_both_languages(name: str) -> None:
    page = render_to_string(name)
    assert 'lang="zh-hans"' in page
    assert 'lang="en"' in page


def test_a_submission_takes_few_queries(visitor: Visitor) -> None:
    draft = visitor.filled()
    with CaptureQueriesContext(connection) as queries:
        visitor.client.post(draft + "check/")
    assert len(queries) <= 30


def test_switching_the_language_goes_back_and_never_to_another_site(visitor: Visitor) -> None:
    visitor.send("/language/", {"language": "en", "next": "/deadline/?on=2026-11-02"})
    assert visitor.path == "/deadline/"
    visitor.send("/language/", {"language": "zh-hans", "next": "https://example.com/"})
    assert visitor.path == "/"
    visitor.send("/language/", {"language": "xx", "next": "/privacy/"})
    assert visitor.path == "/privacy/"
