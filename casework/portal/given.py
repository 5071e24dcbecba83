"""What a reply gives, and the map of what it withholds: each area with its number, its ground and its article."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from casework.law.petition import Item
from casework.law.withholding import WITHHOLDINGS, Withholding
from casework.models import Decision, Document
from casework.models.material import WHOLE, Area, share_of

#: Pages drawn small on one page; the rest is named in the list.
MOST_DRAWN: Final = 40
#: Points from the middle of a badge to that of the next: it is 32 wide.
BADGE: Final = 34


@dataclass(frozen=True, slots=True)
class Place:
    """One area of the map, in the points of its page."""

    number: int
    page: int
    whole: bool
    why: Withholding
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    #: The middle of it in per cent of the page.
    across: float = 50
    down: float = 50

    @property
    def middle(self) -> tuple[float, float]:
        return round(self.x + self.width / 2, 1), round(self.y + self.height / 2, 1)


@dataclass(slots=True)
class Leaf:
    """A page on which something is withheld."""

    number: int
    width: float
    height: float
    places: list[Place] = field(default_factory=list)

    @property
    def badges(self) -> list[tuple[int, float, float]]:
        """Number and middle of each place's badge; one that would lie on another stands beside it."""
        put: list[tuple[int, float, float]] = []
        for place in self.places:
            x, y = place.middle
            while any(abs(x - left) < BADGE and abs(y - top) < BADGE for _number, left, top in put):
                x += BADGE
                if x > self.width - BADGE / 2:
                    x, y = BADGE / 2, y + BADGE
            put.append((place.number, round(x, 1), round(y, 1)))
        return put


@dataclass(slots=True)
class Given:
    """A file that came with the reply: its pages that withhold something, and how much of it all that is."""

    document: Document
    pages: int
    leaves: list[Leaf]
    places: list[Place]
    share: float

    @property
    def drawn(self) -> list[Leaf]:
        return self.leaves[:MOST_DRAWN]

    def key_of(self, place: Place) -> str:
        """By which an address names the place."""
        return f"{self.document.pk}-{place.number}"

    @property
    def keyed_places(self) -> list[tuple[str, Place]]:
        return [(self.key_of(place), place) for place in self.places]


def given_with(decision: Decision | None) -> list[Given]:
    """The files of a reply that were made of records, once it has been sent."""
    if decision is None or decision.dispatched_on is None:
        return []
    attached = decision.attachments.exclude(release=None).select_related("release__material")
    return [_given(document) for document in attached]


def holds_back(decision: Decision | None) -> bool:
    """Whether a file that was given withholds places, so that one of them can be contested by itself."""
    return any(file.places for file in given_with(decision))


def items_of(given: Iterable[Given], chosen: Collection[str]) -> tuple[Item, ...]:
    """The places chosen by their keys, as a petition names them; what is no place of these files is passed over."""
    return tuple(
        Item(
            file.document.name,
            place.page,
            place.number,
            place.why.words.zh,
            place.why.law,
            whole=place.whole,
            across=place.across,
            down=place.down,
        )
        for file in given
        for place in file.places
        if file.key_of(place) in chosen
    )


def _given(document: Document) -> Given:
    assert document.release is not None
    sizes, told = document.release.material.pages, document.release.map
    leaves: dict[int, Leaf] = {}
    for each in sorted(told, key=lambda each: (each["page"], each["number"])):
        wide, high = sizes[each["page"] - 1]
        leaf = leaves.setdefault(each["page"], Leaf(each["page"], wide, high))
        leaf.places.append(_place(each, wide, high))
    places = [place for leaf in leaves.values() for place in leaf.places]
    areas = [_area(each) for each in told]
    return Given(document, len(sizes), list(leaves.values()), places, share_of(areas, len(sizes)) / 10)


def _place(each: dict[str, Any], wide: float, high: float) -> Place:
    left, top, right, bottom = each["box"]
    return Place(
        each["number"],
        each["page"],
        each["whole"],
        WITHHOLDINGS[each["ground"]],
        round(left * wide / WHOLE, 1),
        round(top * high / WHOLE, 1),
        round((right - left) * wide / WHOLE, 1),
        round((bottom - top) * high / WHOLE, 1),
        50 * (left + right) / WHOLE,
        50 * (top + bottom) / WHOLE,
    )


def _area(each: dict[str, Any]) -> Area:
    left, top, right, bottom = each["box"]
    return Area(page=each["page"], left=left, top=top, right=right, bottom=bottom)
