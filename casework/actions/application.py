"""What was lodged, as typed, and as it may be stored: the applicant, those who join, the agent, the words (条例 29)."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from casework.law import identity
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agent, Applicant, Case, CoApplicant, Form, IdentityKind, ToldBy, Way

from .files import Upload
from .record import clean

LONGEST_CONTENT: Final = 20_000
#: More sign a list, which is a document.
MOST_FELLOWS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Fellow:
    """One who applies together with the applicant."""

    name: str
    identity_kind: str = ""
    identity_number: str = ""
    contact: str = ""

    def checked(self, *, on: date) -> "Fellow":
        return replace(
            self,
            name=clean(self.name, "fellows", longest=200, lines=False),
            contact=clean(self.contact, "fellows", longest=300, required=False, lines=False),
            identity_number=checked_identity(self.identity_kind, self.identity_number, on=on, field="fellows"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attorney:
    """Whoever acts for the applicant, and how far the power of attorney goes (law.md 1.5)."""

    name: str
    identity_kind: str = ""
    identity_number: str = ""
    phone: str = ""
    scope: str = ""
    until: date | None = None

    def checked(self, *, on: date) -> "Attorney":
        number = checked_identity(self.identity_kind, self.identity_number, on=on, field="agent_identity_number")
        return replace(
            self,
            name=clean(self.name, "agent_name", longest=200, lines=False),
            identity_number=number,
            phone=clean(self.phone, "agent_phone", longest=40, required=False, lines=False),
            scope=clean(self.scope, "agent_scope", longest=300, required=False, lines=False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What an applicant lodged, as typed; ``checked`` gives it cleaned or raises ``Refused`` with the field."""

    applicant_kind: ApplicantKind
    name: str
    content: str
    subject: str = ""
    contact_person: str = ""
    identity_kind: str = ""
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    contact: str = ""
    wanted_form: str = ""
    wanted_way: str = ""
    told_by: str = ToldBy.EMAIL.value
    note: str = ""
    language: str = "zh-hans"
    fellows: tuple[Fellow, ...] = ()
    agent: Attorney | None = None
    is_oral: bool = False
    read_back: bool = False
    uploads: tuple[Upload, ...] = field(default=())
    authority: tuple[Upload, ...] = field(default=())

    def checked(self, *, on: date) -> "Application":
        """Names, texts and numbers as they may be stored (条例 29(2))."""
        if self.applicant_kind not in list(ApplicantKind):
            raise Refused(Text("请选择申请人类型。", "Choose the kind of applicant."), field="applicant_kind")
        email = clean(self.email, "email", longest=254, required=False)
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise Refused(
                    Text(
                        "电子邮箱地址的格式不对，例如 name@example.com。",
                        "Give an e-mail address such as name@example.com.",
                    ),
                    field="email",
                ) from None
        chosen: tuple[tuple[type[TextChoices], str, str], ...] = (
            (IdentityKind, "identity_kind", self.identity_kind),
            (Form, "wanted_form", self.wanted_form),
            (Way, "wanted_way", self.wanted_way),
            (ToldBy, "told_by", self.told_by),
        )
        for choices, name, value in chosen:
            if value and value not in choices.values:
                raise Refused(Text("没有这个选项，请重新选择。", "There is no such choice; choose again."), field=name)
        return replace(
            self,
            applicant_kind=ApplicantKind(self.applicant_kind),
            name=clean(self.name, "name", longest=200, lines=False),
            content=clean(self.content, "content", longest=LONGEST_CONTENT),
            subject=clean(self.subject, "subject", longest=300, required=False, lines=False),
            contact_person=clean(self.contact_person, "contact_person", longest=80, required=False, lines=False),
            identity_number=checked_identity(self.identity_kind, self.identity_number, on=on),
            phone=clean(self.phone, "phone", longest=40, required=False, lines=False),
            email=email,
            address=clean(self.address, "address", longest=300, required=False, lines=False),
            contact=clean(self.contact, "contact", longest=300, required=False, lines=False),
            note=clean(self.note, "note", longest=LONGEST_CONTENT, required=False),
            fellows=self._fellows(on=on),
            agent=self.agent.checked(on=on) if self.agent else None,
        )

    def _fellows(self, *, on: date) -> tuple[Fellow, ...]:
        if len(self.fellows) > MOST_FELLOWS:
            raise Refused(
                Text(
                    "共同申请人最多登记{most}人，其余的请附名单。",
                    "At most {most} joint applicants can be registered; attach a list of the others.",
                ).format(most=MOST_FELLOWS),
                field="fellows",
            )
        return tuple(fellow.checked(on=on) for fellow in self.fellows)

    def applicant(self) -> Applicant:
        applicant = Applicant(
            name=self.name,
            contact_person=self.contact_person,
            identity_kind=self.identity_kind,
            phone=self.phone,
            email=self.email,
            address=self.address,
            contact=self.contact,
            told_by=self.told_by,
        )
        applicant.identity_number = self.identity_number
        return applicant

    def people(self, applicant: Applicant) -> list[CoApplicant | Agent]:
        """Those around an applicant who has been stored, not stored yet."""
        found: list[CoApplicant | Agent] = []
        for fellow in self.fellows:
            joint = CoApplicant(
                applicant=applicant, name=fellow.name, identity_kind=fellow.identity_kind, contact=fellow.contact
            )
            joint.identity_number = fellow.identity_number
            found.append(joint)
        if (given := self.agent) is not None:
            agent = Agent(
                applicant=applicant,
                name=given.name,
                identity_kind=given.identity_kind,
                phone=given.phone,
                scope=given.scope,
                until=given.until,
            )
            agent.identity_number = given.identity_number
            found.append(agent)
        return found


_HANDED_ON: Final = (
    *("name", "contact_person", "identity_kind", "identity_number", "phone", "email", "address", "contact"),
)
_OF_THE_CASE: Final = ("applicant_kind", "subject", "content", "wanted_form", "wanted_way", "language")


def handed_on(case: Case) -> dict[str, Any]:
    """The application of a case as another agency gets it: nothing of the office, its clerks or its file."""
    applicant = case.applicant
    given = {name: getattr(applicant, name) for name in _HANDED_ON}
    given |= {name: getattr(case, name) for name in _OF_THE_CASE}
    for supplement in case.supplements.filter(received_on__isnull=False):
        given["content"] += f"\n\n（申请人补正）{supplement.answer}"
    given["fellows"] = [
        asdict(
            Fellow(
                name=other.name,
                identity_kind=other.identity_kind,
                identity_number=other.identity_number,
                contact=other.contact,
            )
        )
        for other in applicant.others.all()
    ]
    if (agent := applicant.acting) is not None:
        given["agent"] = {
            "name": agent.name,
            "identity_kind": agent.identity_kind,
            "identity_number": agent.identity_number,
            "phone": agent.phone,
            "scope": agent.scope,
            "until": agent.until.isoformat() if agent.until else None,
        }
    return given


def completed(application: Application, given: Mapping[str, Any]) -> Application:
    """With what another agency handed on and a form does not show: numbers of identity, those who join, the agent.

    Where the clerk typed something else, what was typed holds.
    """
    if not given:
        return application
    if not application.identity_number and application.name == given["name"]:
        application = replace(
            application, identity_kind=given["identity_kind"], identity_number=given["identity_number"]
        )
    if not application.fellows:
        application = replace(application, fellows=tuple(Fellow(**fellow) for fellow in given["fellows"]))
    if application.agent is None and (agent := given.get("agent")):
        until = date.fromisoformat(agent["until"]) if agent["until"] else None
        application = replace(application, agent=Attorney(**agent | {"until": until}))
    return application


_BETWEEN: Final = re.compile(r"[,，;；\t]")


def fellows_of(typed: str, *, on: date) -> tuple[Fellow, ...]:
    """Joint applicants typed one a line: name, number, contact, with commas between. Raises ``Refused`` with the line.

    ``on``: the day on which a date of birth must have been.
    """
    found = []
    for place, line in enumerate(typed.splitlines(), start=1):
        if not line.strip():
            continue
        name, number, contact, *more = [part.strip() for part in _BETWEEN.split(line)] + ["", ""]
        if not any(character.isalpha() for character in name) or any(more):
            raise Refused(
                Text(
                    "第{place}行应当写成“姓名，证件号码，联系方式”。",
                    "Line {place} should read “name, number, contact”.",
                ).format(place=place),
                field="fellows",
            )
        try:
            kind, number = _known_by_form(number, on=on)
        except Refused as refused:
            raise Refused(
                Text("第{place}行：{sentence}", "Line {place}: {sentence}").format(
                    place=place, sentence=refused.sentence
                ),
                law=refused.law,
                field="fellows",
            ) from refused
        found.append(Fellow(name=name, identity_kind=kind, identity_number=number, contact=contact))
    return tuple(found)


def _known_by_form(number: str, *, on: date) -> tuple[str, str]:
    """What kind of number it is: a passport has letters, an identity number of the mainland hardly any."""
    number = identity.compact(number)
    if not number:
        return "", ""
    if sum(character.isdigit() for character in number) >= 14 or len(number) == 18:
        number = identity.check_by_form(number, on=on)
        resident = identity.is_resident_number(number, on=on)
        return (IdentityKind.RESIDENT if resident else IdentityKind.CREDIT_CODE).value, number
    return IdentityKind.OTHER.value, identity.check_other_number(number)


def checked_number(kind: str, number: str, *, on: date) -> str:
    """A number that has to be there, judged by the kind of its paper (GB 11643, GB 32100)."""
    if kind == IdentityKind.RESIDENT:
        return identity.check_resident_number(number, on=on)
    if kind == IdentityKind.CREDIT_CODE:
        return identity.check_credit_code(number)
    return identity.check_other_number(number)


def checked_identity(kind: str, number: str, *, on: date, field: str = "identity_number") -> str:
    """The number with its check digit verified by kind (GB 11643, GB 32100); another paper is only cleaned."""
    number = clean(number, field, longest=60, required=False, lines=False)
    if not number:
        return ""
    if kind not in IdentityKind.values:
        raise Refused(Text("请选择证件类型。", "Choose the kind of document."), field=field.replace("number", "kind"))
    try:
        if kind == IdentityKind.RESIDENT:
            return identity.check_resident_number(number, on=on)
        if kind == IdentityKind.CREDIT_CODE:
            return identity.check_credit_code(number)
    except Refused as refused:
        raise Refused(refused.sentence, law=refused.law, field=field) from refused
    return number
