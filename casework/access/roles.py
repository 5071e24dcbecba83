"""Roles: their words, what each reads, and in which agencies a person holds them."""

from typing import Final

from django.contrib.auth.models import AnonymousUser

from casework.law.words import Text
from casework.models import Role, Staff

CLERK: Final = frozenset({Role.CLERK.value})
HEAD: Final = frozenset({Role.HEAD.value})
DESK: Final = CLERK | HEAD
ADMINISTRATOR: Final = frozenset({Role.AGENCY_ADMINISTRATOR.value})
SYSTEM: Final = frozenset({Role.SYSTEM_ADMINISTRATOR.value})
REPORT_EDITOR: Final = frozenset({Role.REPORT_EDITOR.value})
REGION_SUPERVISOR: Final = frozenset({Role.REGION_SUPERVISOR.value})

ROLE_WORDS: Final[dict[str, Text]] = {
    Role.CLERK.value: Text("承办人", "clerk"),
    Role.REVIEWER.value: Text("审核人", "reviewer"),
    Role.SECRECY_REVIEWER.value: Text("保密审查人", "secrecy reviewer"),
    Role.HEAD.value: Text("公开工作机构负责人", "head"),
    Role.REPORT_EDITOR.value: Text("年报编辑", "report editor"),
    Role.AUDITOR.value: Text("审计人员", "auditor"),
    Role.AGENCY_ADMINISTRATOR.value: Text("机关管理员", "agency administrator"),
    Role.REGION_SUPERVISOR.value: Text("区域主管部门", "region supervisor"),
    Role.SYSTEM_ADMINISTRATOR.value: Text("系统管理员", "system administrator"),
}


def role_words(roles: frozenset[str]) -> Text:
    """Roles in a sentence, in the order of the table."""
    texts = [text for role, text in ROLE_WORDS.items() if role in roles]
    return Text("、".join(t.zh for t in texts), " or ".join(t.en for t in texts))


READS_CASES: Final = frozenset(
    {
        Role.CLERK.value,
        Role.REVIEWER.value,
        Role.SECRECY_REVIEWER.value,
        Role.HEAD.value,
        Role.AUDITOR.value,
    }
)
READS_FIGURES: Final = READS_CASES | {
    Role.REPORT_EDITOR.value,
    Role.REGION_SUPERVISOR.value,
    Role.AGENCY_ADMINISTRATOR.value,
}


def agencies_where(user: Staff | AnonymousUser, roles: frozenset[str]) -> list[int]:
    """Ids of the agencies in which the person has any of the roles; none for anybody who is not active staff."""
    if not isinstance(user, Staff) or not user.is_active:
        return []
    return [agency_id for agency_id, held in user.roles.items() if held & roles]
