"""Those who are consulted do not learn who applied (law.md 10.2)."""

import unicodedata

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case


def telling(case: Case) -> list[str]:
    """The words that say who applied: names, and the ways to reach or to identify them."""
    return [one for one in (*_names(case), *_marks(case)) if one]


def check_anonymous(case: Case, text: str, *, field: str = "summary") -> None:
    """Refuse a text for outsiders in which the applicant, or the number of the case, can be recognised.

    Blanks, full-width forms and hyphens hide nothing: ``138 0000-0000`` is the number of the applicant, too.
    """
    # What is short and no name, such as a number “17”, stands in many texts by chance.
    betraying = [(_plain(one), 2) for one in _names(case)]
    betraying += [(_plain(one), 5) for one in (*_marks(case), case.number)]
    plain = _plain(text)
    if any(len(one) >= least and one in plain for one, least in betraying):
        raise Refused(
            Text(
                "征求意见的文书和页面不得出现申请人的姓名、联系方式、证件号码或者本件的登记编号，请修改。",
                "Nothing that is sent to those consulted may show the applicant's name, contact or identity number, "
                "or the number of the case; please change it.",
            ),
            law="条例 32",
            field=field,
        )


def _names(case: Case) -> list[str]:
    of = case.applicant
    return [of.name, of.contact_person, *(person.name for person in (*of.others.all(), *of.agents.all()))]


def _marks(case: Case) -> list[str]:
    of = case.applicant
    people = (of, *of.others.all(), *of.agents.all())
    phones = [of.phone, *(agent.phone for agent in of.agents.all())]
    return [*phones, of.email, of.address, of.contact, *(person.identity_number for person in people)]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
