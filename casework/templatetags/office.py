"""What an office says in its own words: ``{% office_text agency "before" %}``."""

from typing import Any

from django import template

from casework.law.officetexts import PLACES, Place
from casework.models import Agency, OfficeText

register = template.Library()


@register.inclusion_tag("parts/office_text.html")
def office_text(agency: Agency, place: str) -> dict[str, Any]:
    """The words that hold now, under their heading; nothing where the office wrote none."""
    return {"row": PLACES[Place(place)], "found": OfficeText.objects.of(agency).get(Place(place)), "agency": agency}
