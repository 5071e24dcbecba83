"""What administrators and heads of the demo have done: own words for a letter, a changed setting, a void letter."""

from datetime import datetime

from casework.actions.letters import publish_template, void_letter
from casework.actions.settings import change_settings, last_change
from casework.law.calendar import day_of
from casework.law.letters import LetterKind
from casework.letters import house_source
from casework.models import Letter, Staff

from .office import DISTRICT, Team


def arrange(teams: dict[str, Team], *, at: datetime) -> None:
    """Today the office's administrator set things right, and a head found a slip in a letter not yet sent."""
    office = teams["office"].agency
    administrator = Staff.objects.get(username="office.admin")
    contact = f"{DISTRICT}建设路1号，政务公开窗口，工作日9:00至17:00（演示数据）"
    change_settings(office, {"contact": contact}, seen=last_change(office), by=administrator, at=at)
    source = house_source(LetterKind.NOT_EXISTING)
    for added in ("本告知书由政务公开科制作。\n", "本告知书由政务公开科制作，可以到政务公开窗口查询。\n"):
        publish_template(
            office,
            LetterKind.NOT_EXISTING,
            source=source + added,
            valid_from=day_of(at),
            by=administrator,
            at=at,
        )
    unsent = Letter.objects.filter(voided_at=None, deliveries=None, decision__isnull=False).order_by("pk")
    for team in teams.values():
        letter = unsent.filter(agency=team.agency).first()
        if letter is not None:
            void_letter(letter, reason="联系电话写错，重新制作。", by=team.head, at=at)
            return
