"""One withheld place is contested by itself; the review corrects it, and the next clerk learns that the ground fell."""

import io
from datetime import date

import pytest
from django.test import Client
from docx import Document

from casework.actions import dispute as verbs
from casework.law.refusals import Refused
from casework.law.withholding import WITHHOLDINGS
from casework.models import Case, Dispute, DisputedItem, Event, Kind, fared_by_ground
from casework.portal.given import BADGE, Leaf, Place
from tests.cast import Cast, moment, registered
from tests.disputing import disputed, told
from tests.portal.visitor import Visitor, words
from tests.withholding import DRAFT, PRIVACY, given_in_part

DAY = date(2026, 11, 16)
NEXT, LATER = date(2026, 11, 17), date(2026, 11, 18)


@pytest.fixture
def visitor(players: Cast) -> Visitor:
    """An applicant with a reply that withholds two places, who has opened the case."""
    filed = registered(players, on=DAY)
    given_in_part(players, filed, on=DAY)
    visitor = Visitor()
    visitor.opens(filed.case, filed.query_code)
    return visitor


def the_case() -> Case:
    return Case.objects.get()


def keys() -> tuple[str, str]:
    document = the_case().current_decision.attachments.get()  # type: ignore[union-attr]
    return f"{document.pk}-1", f"{document.pk}-2"


def paragraphs(content: bytes) -> list[str]:
    return [each.text for each in Document(io.BytesIO(content)).paragraphs]


def test_the_draft_speaks_of_the_chosen_place_alone_and_nothing_is_stored(visitor: Visitor) -> None:
    # Given the reply, the applicant finds the way to contest a part
    case = the_case()
    part = f"/follow/{case.pk}/next/part/"
    assert f'href="{part}"' in visitor.get(f"/follow/{case.pk}/").content.decode()
    assert f'href="{part}"' in visitor.get(f"/follow/{case.pk}/next/").content.decode()
    name, _whole = keys()
    before = Event.objects.count()

    # When nothing is chosen, the page says so
    assert "请至少选择一处" in words(visitor.get(part, made="1"))

    # When the name is chosen, the draft speaks of it alone
    page = words(visitor.get(part, area=name, made="1"))
    assert "第1页上部编号1的一处" in page
    draft = page[page.index("行政复议申请书草稿") : page.index("重新选择")]
    assert "过程稿" not in draft
    assert "没有选的地方，本次申请不提出请求" in page
    assert "不是法律规定的程序" in page
    made = visitor.client.get(f"/follow/{case.pk}/next/reconsideration.docx", {"area": name})
    lines = paragraphs(made.content)
    assert any("编号1的一处，注明的理由是“" in line and "个人隐私" in line for line in lines)
    assert not any("过程稿" in line or "整页" in line for line in lines)

    # And nothing of it is stored
    assert Event.objects.count() == before
    assert not DisputedItem.objects.exists()


def test_a_place_that_is_not_there_makes_no_draft_against_the_whole(visitor: Visitor) -> None:
    address = f"/follow/{the_case().pk}/next/reconsideration.docx"
    name, _whole = keys()
    for wrong in ("999-1", "x", "", f"{name}9"):
        assert visitor.client.get(address, {"area": wrong}).status_code == 404, wrong
    assert visitor.client.get(address, {"area": [name, "999-1"]}).status_code == 404
    assert visitor.client.get(address, {"area": [name, name]}).status_code == 200
    assert "请至少选择一处" in words(visitor.get(f"/follow/{the_case().pk}/next/part/", area="999-1", made="1"))


def test_without_withheld_places_or_without_the_code_there_is_no_such_page(players: Cast) -> None:
    filed = registered(players, on=DAY)
    visitor = Visitor()
    part = f"/follow/{filed.case.pk}/next/part/"
    assert visitor.client.get(part).status_code == 302
    visitor.opens(filed.case, filed.query_code)
    assert visitor.client.get(part).status_code == 404


def narrowed(players: Cast, dispute: Dispute, items: dict[int, str]) -> Event:
    return verbs.record_items(dispute, items=items, by=players.wang, at=moment(LATER, 12))


def test_the_clerk_names_the_place_and_the_ground_is_known_to_have_fallen(
    players: Cast, visitor: Visitor, client: Client
) -> None:
    # Given a reconsideration about the name
    case = the_case()
    dispute = disputed(players, case, on=NEXT)
    name, whole = (area for area in case.documents.get(kind="material").material.areas.order_by("number"))
    client.force_login(players.wang)
    address = f"/desk/disputes/{dispute.pk}/places/"
    form = client.get(address).content.decode()
    assert "第1页编号1" in " ".join(form.split())
    assert "不予公开被纠正" not in form, "there is no result yet"
    client.post(address, {f"area_{name.pk}": "", f"area_{whole.pk}": "no"})
    item = dispute.items.get()
    assert (item.area, item.ground, item.outcome) == (name, PRIVACY, None)
    assert fared_by_ground(players.dongshan, on=LATER) == {}

    # When how it fared is recorded before there is a result, it is refused
    with pytest.raises(Refused):
        narrowed(players, dispute, {name.pk: "fell"})

    # When the reply is annulled in part, the clerk says how the place fared
    told(players, dispute, "decided", LATER, "revoked")
    assert dispute.items.get().outcome is None
    client.post(address, {f"area_{name.pk}": "fell", f"area_{whole.pk}": "upheld"})
    assert fared_by_ground(players.dongshan, on=LATER) == {PRIVACY: (1, 1), DRAFT: (1, 0)}
    event = case.events.filter(kind=Kind.DISPUTE_NARROWED).latest("pk")
    assert (event.payload["count"], event.payload["corrected"]) == (2, 1)
    assert "2处，其中1处被纠正" in event.for_office().zh
    assert event.for_applicant() is None

    # Then the dispute and the precedents of the next like case say so
    shown = " ".join(client.get(f"/desk/disputes/{dispute.pk}/").content.decode().split())
    assert "不予公开被纠正" in shown
    assert "不予公开没有被纠正" in shown
    alike = registered(players, on=LATER).case
    precedents = " ".join(client.get(f"/desk/cases/{alike.pk}/").content.decode().split())
    assert "不予公开被纠正" in precedents


def test_a_result_that_is_corrected_takes_what_was_recorded_with_it(players: Cast, visitor: Visitor) -> None:
    case = the_case()
    dispute = disputed(players, case, on=NEXT)
    name = case.documents.get(kind="material").material.areas.get(number=1)
    decided = told(players, dispute, "decided", LATER, "revoked")
    narrowed(players, dispute, {name.pk: "fell"})
    verbs.correct_stage(decided, on=LATER, result="withdrawn", reason="登记有误", by=players.wang, at=moment(LATER, 13))
    assert Dispute.objects.get().items.get().outcome is None
    assert fared_by_ground(players.dongshan, on=LATER) == {}


def test_a_place_counts_once_by_the_last_decision_on_it(players: Cast, visitor: Visitor) -> None:
    case = the_case()
    review = disputed(players, case, on=NEXT)
    name = case.documents.get(kind="material").material.areas.get(number=1)
    narrowed(players, review, {name.pk: ""})
    told(players, review, "decided", NEXT, "upheld")
    assert fared_by_ground(players.dongshan, on=LATER) == {PRIVACY: (1, 0)}
    suit = disputed(players, case, on=NEXT, kind="suit_after_reconsideration", after=review)
    told(players, suit, "decided", LATER, "revoked")
    narrowed(players, suit, {name.pk: "fell"})
    assert fared_by_ground(players.dongshan, on=LATER) == {PRIVACY: (1, 1)}
    assert fared_by_ground(players.dongshan, on=NEXT) == {PRIVACY: (1, 0)}
    assert fared_by_ground(players.civil, on=LATER) == {}


def test_places_of_another_reply_and_made_up_words_are_refused(players: Cast, visitor: Visitor) -> None:
    case = the_case()
    dispute = disputed(players, case, on=NEXT)
    area = case.documents.get(kind="material").material.areas.get(number=1)
    for items in ({area.pk + 1000: ""}, {area.pk: "won"}):
        with pytest.raises(Refused):
            narrowed(players, dispute, items)
    bare = disputed(players, registered(players, on=DAY).case, on=NEXT)
    with pytest.raises(Refused):
        narrowed(players, bare, {area.pk: ""})
    assert not DisputedItem.objects.exists()


def test_badges_of_places_that_lie_close_do_not_cover_each_other() -> None:
    leaf = Leaf(1, 595, 842)
    why = WITHHOLDINGS[PRIVACY]
    leaf.places = [
        Place(n, 1, False, why, x=x, y=100 + 12 * n, width=40, height=10)
        for n, x in enumerate((300, 300, 310, 540, 550))
    ]
    put = leaf.badges
    assert [number for number, _x, _y in put] == [0, 1, 2, 3, 4]
    for n, (_number, x, y) in enumerate(put):
        assert 0 < x < leaf.width
        assert all(abs(x - left) >= BADGE or abs(y - top) >= BADGE for _other, left, top in put[:n])
    assert put[0][1:] == leaf.places[0].middle, "whose place is free stays where the place is"
