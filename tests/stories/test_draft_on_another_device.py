"""A draft begun in a library is taken up at home by a code; in the library nothing opens it any more."""

import re
from datetime import timedelta

import pytest
from stdnum import luhn
from time_machine import Traveller

from casework.models import Case, Draft
from casework.models.querycode import ALPHABET, compact
from tests import cast
from tests.portal.visitor import HOW, PERSON, WHAT, Visitor, text, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(players: cast.Cast) -> Visitor:
    return Visitor()


def begun(visitor: Visitor) -> str:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    visitor.send(draft + "who/", PERSON)
    return draft


def code_of(visitor: Visitor, draft: str, **more: str) -> str:
    found = re.search(r'id="resume-code">\s*([0-9A-Z-]+)', text(visitor.send(draft + "pause/", more)))
    assert found
    return found[1]


def test_it_goes_on_at_home_where_it_was_left(library: Visitor) -> None:
    draft = begun(library)
    code = code_of(library, draft)
    stored = Draft.objects.get()
    assert compact(code) not in f"{stored.resume_key} {stored.resume_hash}", "the whole code stands nowhere"
    home = Visitor()
    page = home.send("/resume/", {"code": f"  {code.lower()} "})
    assert home.path == draft + "what/"
    assert PERSON["name"] not in words(page), "each page shows its own answers alone"
    home.send(home.path, WHAT)
    home.send(draft + "how/", HOW)
    home.send(draft + "check/", {})
    assert Case.objects.get().applicant.name == PERSON["name"]
    assert "这个接续码打不开草稿" in words(Visitor().send("/resume/", {"code": code})), "what was sent is no draft"


def test_leaving_no_trace_makes_the_old_address_open_nothing(library: Visitor) -> None:
    draft = begun(library)
    library.client.session["something"] = "kept"
    answer = library.client.post(draft + "pause/", {"leave": "1"})
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "no-store" in answer["Cache-Control"]
    assert Draft.objects.get().key not in answer.content.decode()
    for page in ("who/", "check/", "ways/", "receipt/", "application.pdf"):
        gone = library.get(draft + page)
        assert gone.status_code == 404
        assert PERSON["name"] not in text(gone)
    found = re.search(r'id="resume-code">\s*([0-9A-Z-]+)', answer.content.decode())
    assert found
    home = Visitor()
    home.send("/resume/", {"code": found[1]})
    assert home.path.endswith("/what/")
    assert not home.path.startswith(draft)


def test_a_new_code_makes_the_old_one_void_and_each_ends_after_a_week(library: Visitor, now: Traveller) -> None:
    draft = begun(library)
    old, new = code_of(library, draft), code_of(library, draft)
    home = Visitor()
    assert "这个接续码打不开草稿" in words(home.send("/resume/", {"code": old}))
    now.shift(timedelta(days=7) - timedelta(minutes=1))
    home.send("/resume/", {"code": new})
    assert home.path.endswith("/what/")
    now.shift(timedelta(minutes=2))
    assert "这个接续码打不开草稿" in words(Visitor().send("/resume/", {"code": new}))


def test_guessing_is_slowed_and_a_slip_is_told_and_costs_nothing(library: Visitor) -> None:
    code = code_of(library, begun(library))
    slip = code[:-1] + ("3" if code[-1] != "3" else "4")
    for _try in range(8):
        assert "接续码写错了" in words(library.send("/resume/", {"code": slip}))
    # same beginning, so the draft is found, and only the slow hash tells it apart
    plain = compact(code)
    other = plain[:6] + "".join(reversed(plain[6:15]))
    wrong = other + luhn.calc_check_digit(other, ALPHABET)
    assert wrong != plain
    for _try in range(5):
        assert "这个接续码打不开草稿" in words(library.send("/resume/", {"code": wrong}))
    assert "秒再试" in words(library.send("/resume/", {"code": wrong}))
    assert "秒再试" in words(library.send("/resume/", {"code": code})), "not even the right one, for a moment"


def test_erasing_leaves_nothing_and_a_sent_one_stays_sent(library: Visitor) -> None:
    draft = begun(library)
    assert "草稿已经删除" in words(library.send(draft + "erase/", {}))
    assert not Draft.objects.exists()
    sent = library.filled()
    library.send(sent + "check/", {})
    library.send(sent + "erase/", {})
    library.send(sent + "pause/", {"leave": "1"})
    assert library.path == sent + "receipt/"
    assert Draft.objects.get().case == Case.objects.get()
