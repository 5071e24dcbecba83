"""The paper form of a draft: its answers in the layout of the office's form, in Chinese for every reader."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation

from casework.law.outcomes import KINDS, ApplicantKind
from casework.letters.twin import Box, Part, render_form
from casework.models import Draft, Form, IdentityKind, Way


def paper_form(draft: Draft, reference: str, *, on: date) -> bytes:
    """The form as PDF, with what has been answered so far, right or wrong."""
    with translation.override("zh-hans"):
        organ = draft.agency.name if draft.agency else ""
        return render_form(organ, _parts(draft.answers), reference=reference, printed_on=on)


def _parts(answers: Mapping[str, Any]) -> list[Part]:
    def said(name: str) -> str:
        return str(answers.get(name, "")).replace("\r\n", "\n").strip()

    kind = answers.get("applicant_kind") or ""
    person = kind in ("", ApplicantKind.NATURAL_PERSON)
    kinds = tuple(row.words.zh for row in KINDS.values())
    of_kind = KINDS[ApplicantKind(kind)].words.zh if kind in list(ApplicantKind) else ""
    applicant = [
        Box("申请人类型", of_kind, kinds),
        Box("姓名" if person else "单位名称", said("name")),
        Box("证件或者证照名称", _label(IdentityKind, said("identity_kind"))),
        Box("证件或者证照号码", said("identity_number")),
        *([] if person else [Box("联系人", said("contact_person"))]),
        Box("联系电话", said("phone")),
        Box("电子邮箱", said("email")),
        Box("通信地址", said("address")),
    ]
    parts = [Part("一、申请人（条例第二十九条第二款第一项）", tuple(applicant))]
    beside = []
    if said("fellows"):
        beside.append(Box("共同申请人", said("fellows")))
    if said("agent_name"):
        agent = (said("agent_name"), said("agent_identity_number"), said("agent_phone"), said("agent_scope"))
        beside.append(Box("代理人", "　".join(filter(None, agent))))
    if beside:
        parts.append(Part("共同申请人、代理人", tuple(beside)))
    parts += [
        Part(
            "二、申请公开的政府信息（第二项：名称、文号或者便于行政机关查询的其他特征性描述）",
            (Box("名称或者文号", said("subject")), Box("特征性描述", said("content"), tall=True)),
        ),
        Part(
            "三、形式要求（第三项：包括获取信息的方式、途径）",
            (
                Box("信息的形式", _label(Form, said("wanted_form")), tuple(map(str, Form.labels))),
                Box("获取方式", _label(Way, said("wanted_way")), tuple(map(str, Way.labels))),
            ),
        ),
    ]
    return parts


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""
