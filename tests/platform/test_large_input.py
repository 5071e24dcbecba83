"""Ten megabytes of text reach the form, which answers with a sentence; more is refused before it is read."""

import pytest
from django.conf import settings
from django.test import Client

TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.mark.django_db
@pytest.mark.parametrize("letter", ["a", "中", "😀"])
def test_ten_megabytes_in_a_field_are_answered_by_the_form(client: Client, letter: str) -> None:
    text = letter * (TEN_MEGABYTES // len(letter.encode()))
    answer = client.post("/desk/login/", {"username": text, "password": "x"})
    assert answer.status_code == 200
    assert "form" in answer.content.decode()


@pytest.mark.django_db
def test_a_request_that_is_larger_than_any_form_gets_a_page_and_no_traceback() -> None:
    client = Client(raise_request_exception=False)
    answer = client.generic(
        "POST",
        "/desk/login/",
        b"username=x",
        content_type="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
    )
    assert answer.status_code == 400
    assert "<html" in answer.content.decode()
