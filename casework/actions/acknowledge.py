"""The acknowledgement of a new case: what was sent is written down once, and its digest goes on the receipt."""

import secrets
from datetime import datetime

from casework.law.calendar import day_of
from casework.law.sent import Sent, SentFile, digest_of
from casework.models import Acknowledgement, Case, IdentityKind
from casework.models.acknowledgement import PURPOSE
from casework.models.applicant import Identified
from casework.models.document import OF_THE_APPLICANT
from casework.models.sealing import seal


def acknowledge(case: Case, *, at: datetime) -> Acknowledgement:
    """Give the receipt for a case that has just been stored with its papers; only inside a transaction."""
    text = sent(case, salt=secrets.token_hex(16)).text()
    given = Acknowledgement(
        case=case,
        number=case.number,
        office=case.agency.name,
        at=at,
        channel=case.channel,
        forwarded=bool(case.forwarded_by),
        received_on=case.received_on,
        due_on=case.due_on,
        due_is_provisional=case.due_is_provisional,
        digest=digest_of(text),
        sealed=seal(text, PURPOSE),
    )
    given.save()
    return given


def sent(case: Case, *, salt: str) -> Sent:
    """The application as it stands now; identity numbers masked, as the applicant sees them."""
    applicant = case.applicant
    people = [("共同申请人", "\n".join(_person(each) for each in applicant.others.all()))]
    agent = applicant.acting
    until = f" {agent.until.isoformat()}" if agent and agent.until else ""
    acts = f"{_person(agent)} {agent.phone} {agent.scope}{until}".rstrip() if agent else ""
    fields = (
        ("受理机关", f"{case.agency.code} {case.agency.name}"),
        ("渠道", case.channel),
        ("到达日期", case.arrived_on.isoformat()),
        ("登记日期", day_of(case.registered_at).isoformat()),
        ("申请人类型", case.applicant_kind),
        ("申请人", _person(applicant)),
        ("联系人", applicant.contact_person),
        ("电话", applicant.phone),
        ("电子邮箱", applicant.email),
        ("通信地址", applicant.address),
        ("其他联系方式", applicant.contact),
        *people,
        ("代理人", acts),
        ("信息名称、文号或者其他特征", case.subject),
        ("申请内容", case.content),
        ("提供形式", case.wanted_form),
        ("获取方式", case.wanted_way),
    )
    documents = case.documents.filter(kind__in=OF_THE_APPLICANT).order_by("id")
    return Sent(fields, tuple(SentFile(d.name, d.size, d.sha256) for d in documents), salt)


def _person(person: Identified) -> str:
    kind = IdentityKind(person.identity_kind).value if person.identity_kind else ""
    return " ".join(part for part in (person.name, kind, person.identity_masked) if part)
