"""A reply with a file of three pages, in which a name on the first and the whole third page are withheld."""

from datetime import date
from typing import Final

from casework.actions import approve, decide, deliver, materials, redact
from casework.actions.files import Upload
from casework.actions.intake import Registration
from casework.actions.outgoing import releases_of
from casework.actions.redact import Spot
from casework.law.outcomes import Outcome
from casework.models import Audience, DispatchMode, Material
from casework.redaction.pages import PAGE
from casework.sweeps import handle_records
from tests.cast import Cast, cleared, first_ground, moment, statements
from tests.papers import OPEN, SECRET, pdf

PRIVACY: Final = "refused_4.privacy"
DRAFT: Final = "refused_6.draft"


def given_in_part(players: Cast, filed: Registration, *, on: date) -> Material:
    """The record of which the file was made; the reply has been sent."""
    case = filed.case
    content = pdf(f"{OPEN}\n{SECRET}", OPEN, OPEN)
    materials.add_materials(case, (Upload("清单.pdf", content),), by=players.wang, at=moment(on))
    record = Material.objects.get(document__case=case)
    spots, _around, _silent = redact.hits_of(record, SECRET)
    redact.mark(record, spots, ground=PRIVACY, by=players.wang, at=moment(on))
    redact.mark(record, [Spot(3, PAGE, whole=True)], ground=DRAFT, by=players.wang, at=moment(on))
    redact.ask_release(record, Audience.APPLICANT, by=players.wang, at=moment(on))
    handle_records(at=moment(on))
    decide.propose(
        case,
        outcome=Outcome.PARTIAL,
        ground=first_ground(Outcome.PARTIAL),
        statements=statements(Outcome.PARTIAL, first_ground(Outcome.PARTIAL)),
        released=tuple(releases_of(case)),
        by=players.wang,
        at=moment(on, 14),
    )
    cleared(players, case, on=on)
    approve.sign(case, by=players.li, at=moment(on, 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=on, by=players.wang, at=moment(on, 16))
    return record
