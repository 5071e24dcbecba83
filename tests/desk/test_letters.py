"""The document of a decision on the desk: previewed as a draft, frozen when signed, nobody else's to read."""

from collections.abc import Iterable
from datetime import date

from django.test import Client
from django.urls import reverse

from casework.law.outcomes import Outcome
from casework.models import Case, Letter
from tests import cast
from tests.cast import Cast, registered

TODAY = date(2026, 11, 18)


def address(case: Case, form: str = "pdf") -> str:
    return reverse("desk:letter", args=[case.pk, form])


def content(answer: object) -> bytes:
    streamed: Iterable[bytes] = getattr(answer, "streaming_content", ())
    return b"".join(streamed)


def test_a_draft_shows_its_letter_before_anybody_signs(players: Cast, client: Client) -> None:
    case = registered(players, on=TODAY).case
    cast.proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    cast.cleared(players, case, on=TODAY)
    client.force_login(players.li)
    for page in (reverse("desk:case", args=[case.pk]), reverse("desk:act", args=[case.pk, "sign"])):
        shown = client.get(page).content.decode()
        assert "文书预览" in shown
        assert "第三十六条第（三）项、第十六条第一款" in shown
        assert "文号在签发时编制" in shown
    assert client.get(address(case)).content.startswith(b"%PDF-")
    assert client.get(address(case, "docx")).content.startswith(b"PK")
    assert not Letter.objects.exists(), "a preview stores nothing"


def test_a_signed_letter_is_given_as_it_was_stored(players: Cast, client: Client) -> None:
    case = registered(players, on=TODAY).case
    cast.signed(players, case, Outcome.REFUSED_5, on=TODAY)
    client.force_login(players.wang)
    assert "东政公开告〔2026〕1号" in client.get(reverse("desk:case", args=[case.pk])).content.decode()
    with Letter.objects.get().pdf.open() as stored:
        assert content(client.get(address(case))) == stored.read()


def test_a_letter_does_not_exist_for_another_office(players: Cast, client: Client) -> None:
    case = registered(players, on=TODAY).case
    cast.signed(players, case, Outcome.REFUSED_5, on=TODAY)
    client.force_login(players.zhao)
    assert client.get(address(case)).status_code == 404
    client.force_login(players.wang)
    assert client.get(address(case, "exe")).status_code == 404
    assert client.get(address(registered(players, on=TODAY).case)).status_code == 404, "nothing is decided yet"
