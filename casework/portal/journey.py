"""The order of the question pages, and what a draft's answers mean on each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.forms import BoundField
from django.utils.datastructures import MultiValueDict

from casework.fields import Choice
from casework.law.outcomes import ApplicantKind
from casework.models.case import Way
from casework.portal.forms.apply import HowPage, KindPage, Page, WhatPage, who_page
from casework.portal.forms.together import ASIDES, lodged

STEPS: Final = ("kind", "who", "what", "how")
#: The questions, and the pages that most people never need; the check page leads to those.
ALL: Final = (*STEPS, *ASIDES)
#: A longer answer is shown again to be shortened, but not kept.
KEPT_LENGTH: Final = 50_000
#: Belongs to a person or to an organisation, never to both.
IDENTITY: Final = ("name", "identity_kind", "identity_number", "contact_person")
#: Where each question has a page of its own, these are asked only of whom they concern.
NEEDS: Final[dict[tuple[str, str], Callable[[Mapping[str, Any]], bool]]] = {
    ("how", "email"): lambda answers: answers.get("wanted_way") == Way.EMAIL,
    ("how", "address"): lambda answers: answers.get("wanted_way") == Way.POST,
    **{
        ("agent", name): lambda answers: bool(answers.get("agent_name"))
        for name in ("agent_identity_kind", "agent_phone", "agent_scope")
    },
    ("agent", "agent_identity_number"): lambda answers: bool(
        answers.get("agent_name") and answers.get("agent_identity_kind")
    ),
}


def page(step: str, answers: Mapping[str, Any], *, on: date, typed: Mapping[str, Any] | None = None) -> Page:
    """The form of one step: with what was typed to be judged, or with the kept answers to be shown."""
    given = {"data": typed} if typed is not None else {"initial": answers}
    if step == "kind":
        return KindPage(on=on, **given)
    if step == "who":
        return who_page(answers.get("applicant_kind", ""))(on=on, **given)
    if step == "what":
        return WhatPage(on=on, **given)
    if step in ASIDES:
        return ASIDES[step](on=on, **given)
    # an address that was given on the page before is not asked for again
    return HowPage(on=on, given=_valid(page("who", answers, on=on, typed=as_typed(answers))), **given)


def question(
    step: str, name: str, answers: Mapping[str, Any], *, on: date, typed: Mapping[str, Any] | None = None, alone: bool
) -> Page:
    """The form of one question; ``typed`` is judged together with the kept answers of its step.

    ``alone``: it is opened by itself and no other follows, so that what only several answers show is said here.
    """
    merged = as_typed(answers)
    if typed is not None:
        merged[name] = typed.get(name, "")
    form = page(step, answers, on=on, typed=None if typed is None else merged)
    form.narrow(name, alone=alone)
    return form


def questions(step: str, answers: Mapping[str, Any], *, on: date) -> list[str]:
    """What a step asks where each question has a page: its fields, without those that the answers make needless."""
    names = list(page(step, answers, on=on).fields)
    return [name for name in names if (step, name) not in NEEDS or NEEDS[step, name](answers)]


def around(step: str, name: str, answers: Mapping[str, Any], *, on: date) -> tuple[str, str]:
    """The questions before and after one of the same step, empty where there is none.

    By the order of the form: an answer may be why the question itself is asked no more.
    """
    order = list(type(page(step, answers, on=on)).base_fields)
    asked, place = questions(step, answers, on=on), order.index(name)
    before = [each for each in asked if order.index(each) < place]
    after = [each for each in asked if order.index(each) > place]
    return before[-1] if before else "", after[0] if after else ""


def first_wrong(step: str, answers: Mapping[str, Any], *, on: date) -> str:
    """The question of a step to which an answer is missing or wrong; the first where there is none."""
    form = page(step, answers, on=on, typed=as_typed(answers))
    return str(next(iter([*form.errors, *form.fields])))


def place_of(step: str, name: str, answers: Mapping[str, Any], *, on: date) -> tuple[int | None, int]:
    """Which question it is, and about how many there are: what is answered may bring others or spare some.

    No place has what stands beside the journey, and what is only there to be put right.
    """
    listed = [(each, one) for each in STEPS for one in questions(each, answers, on=on)]
    return listed.index((step, name)) + 1 if (step, name) in listed else None, len(listed)


def as_typed(answers: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """Kept answers in the shape in which a browser sends them."""
    return MultiValueDict({name: [value] for name, value in answers.items() if isinstance(value, str)})


def taken(form: Page, answers: Mapping[str, Any], typed: Mapping[str, Any], *, sent: bool) -> dict[str, Any]:
    """The answers with what was typed on this page, right or wrong; ``sent`` when the page was not merely left."""
    fresh = {name: typed[name] for name in form.fields if len(typed.get(name, "")) <= KEPT_LENGTH and name in typed}
    kept = {**answers, **fresh}
    if sent and isinstance(form, KindPage) and _is_person(kept) is not _is_person(answers):
        kept = {name: value for name, value in kept.items() if name not in IDENTITY}
    return kept


def first_open(answers: Mapping[str, Any], *, on: date) -> str | None:
    """The first page that still lacks something, or ``None`` when the application is ready to be sent."""
    return next((step for step in ALL if not page(step, answers, on=on, typed=as_typed(answers)).is_valid()), None)


def cleaned(answers: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """All answers as they go into the application; only what some page asks for."""
    result: dict[str, Any] = {}
    for step in ALL:
        result |= _valid(page(step, answers, on=on, typed=as_typed(answers)))
    return lodged(result, on=on)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the check page."""

    step: str
    field: str
    label: str
    answer: str
    choice: bool


def rows(answers: Mapping[str, Any], *, on: date) -> list[Row]:
    """What is about to be sent, in the order in which it was asked; each thing once."""
    listed: dict[str, Row] = {}
    for step in ALL:
        form = page(step, answers, on=on, typed=as_typed(answers))
        valid = _valid(form)
        if step in ASIDES and not valid:
            continue
        for bound in form:
            listed.setdefault(bound.name, _row(step, bound, valid.get(bound.name, "")))
    return list(listed.values())


def _row(step: str, bound: BoundField, value: str) -> Row:
    label = str(getattr(bound.field, "heading", "") or bound.label)
    if isinstance(bound.field, Choice):
        return Row(step, bound.name, label, dict(bound.field.words()).get(value, ""), choice=True)
    return Row(step, bound.name, label, value, choice=False)


def _valid(form: Page) -> dict[str, Any]:
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def _is_person(answers: Mapping[str, Any]) -> bool:
    return answers.get("applicant_kind") in (None, "", ApplicantKind.NATURAL_PERSON)
