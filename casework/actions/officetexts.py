"""An administrator writes what an office tells the public in its own words."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.officetexts import PLACES, Place
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, OfficeText, Staff

from .record import clean

#: Beginnings of tags and their characters by name: shown as they are typed, and so never what was meant.
_MARKUP: Final = re.compile(r"<\s*/?\s*[A-Za-z!][^>]*>?|&#?\w{2,8};")


def last_version(agency: Agency, place: Place) -> int:
    """Whoever draws a form remembers it, and an older one is refused."""
    return agency.texts.filter(place=place).values_list("version", flat=True).first() or 0


def checked_text(place: Place, zh: str, en: str) -> tuple[str, str]:
    """Both languages as they would be stored; raises ``Refused`` with the field."""
    zh, en = (
        clean(text, field, longest=PLACES[place].longest, required=False) for field, text in (("zh", zh), ("en", en))
    )
    for field, text in (("zh", zh), ("en", en)):
        if found := _MARKUP.search(text):
            raise Refused(_NO_MARKUP.format(what=found[0][:20]), field=field)
    if en and not zh:
        raise Refused(_CHINESE_FIRST, field="zh")
    return zh, en


def write_text(
    agency: Agency, place: Place, *, zh: str, en: str, seen: int, by: Staff, at: datetime
) -> OfficeText | None:
    """A new version, from now on; ``None`` where nothing differs. ``seen`` is ``last_version`` as the page was drawn.

    Both languages empty end the text.
    """
    check_may_for_agency(by, AgencyAct.CHANGE_TEXTS, agency)
    zh, en = checked_text(place, zh, en)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        newest = agency.texts.filter(place=place).first()
        if (newest.version if newest else 0) != seen:
            raise Refused(_OVERTAKEN)
        if (zh, en) == ((newest.zh, newest.en) if newest else ("", "")):
            return None
        made = OfficeText(agency=agency, place=place.value, version=seen + 1, zh=zh, en=en, at=at, by=by)
        made.save()
    return made


_NO_MARKUP: Final = Text(
    "“{what}”是网页代码，公众会原样看到。请只写文字，网址直接写出来。",
    "“{what}” is markup, and the public would see it as it is. Write words alone, and addresses as they are.",
)
_CHINESE_FIRST: Final = Text("只有英文、没有中文的不能公布。", "English alone can’t be published: write the Chinese.")
_OVERTAKEN: Final = Text(
    "别人刚刚改过这段文字。下面是现在的文字，请重新修改。",
    "Somebody has just changed this text. What holds now stands below; please change it again.",
)
