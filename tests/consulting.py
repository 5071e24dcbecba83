"""Consultations for the tests: somebody is asked by the verbs, and the link is read from the mail they get."""

import re
from datetime import date
from typing import Any

from casework.actions import consult
from casework.actions.consultation_letters import Addressee, ask
from casework.law.consultation import Consulted
from casework.models import Case, Consultation, DispatchMode
from notifications.models import Message
from notifications.wording import worded
from tests.cast import Cast, moment

SUMMARY = "2025年老旧小区改造工程施工合同（含工程量清单和单价）"
COMPANY = Addressee(Consulted.THIRD_PARTY, "华建工程有限公司", "legal@huajian.example", "东山区建设路1号")
BUREAU = Addressee(Consulted.JOINT_ORGAN, "区财政局", "czj@dongshan.example")


def asked_by_letter(
    players: Cast,
    case: Case,
    *addressees: Addressee,
    on: date,
    mode: DispatchMode = DispatchMode.EMAIL,
    summary: str = SUMMARY,
) -> list[Consultation]:
    """Wang asks each of them; the consultations that this began, in the order of the letters."""
    before = set(case.consultations.values_list("pk", flat=True))
    ask(case, addressees=addressees, summary=summary, mode=mode, by=players.wang, at=moment(on, 11))
    return list(case.consultations.exclude(pk__in=before).order_by("pk"))


def link_mailed_to(email: str) -> str:
    """The path in the newest mail to this address."""
    message = Message.objects.filter(address=email, notice="answer_wanted").latest("pk")
    found = re.search(r"https?://[^/\s]+(/consultation/[\w-]+/)", worded(message).text)
    assert found is not None, worded(message).text
    return found[1]


def answered(players: Cast, asked: Consultation, on: date, **facts: Any) -> None:
    """Wang records an answer that came on paper; by default a refusal with reasons."""
    given: dict[str, Any] = {"consents": False, "opinion": "单价属于本公司的商业秘密。"}
    asked = Consultation.objects.get(pk=asked.pk)
    consult.record_opinion(asked, answered_on=on, by=players.wang, at=moment(on, 15), **(given | facts))
