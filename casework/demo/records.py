"""Records of the demo: one on an open case, looked at and partly black, and those given in part with a reply."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casework.actions import materials, redact
from casework.actions.files import Upload
from casework.actions.outgoing import releases_of
from casework.law.states import State
from casework.models import Audience, Case, Material, Release, Staff

from .office import Team


@dataclass(frozen=True, slots=True)
class Record:
    """A record, and what of it is withheld as private."""

    name: str
    text: str
    withheld: tuple[str, ...]


CONTRACT: Final = Record(
    "采购合同摘要.txt",
    """政府采购合同（摘要）

项目：东山区社区养老服务站设备采购
采购人：东山区民政局
供应商：东山安康医疗器械有限公司
合同金额：人民币 486,000 元
供应商联系人：周建国
联系电话：13800001234
开户银行账号：6222 0212 0800 1234 567

一、设备清单：护理床 40 张，轮椅 60 辆，制氧机 20 台。
二、交货期限：合同签订之日起 45 日。
三、质保期：三年。质保期内的联系人：周建国，13800001234。
""",
    ("13800001234", "周建国"),
)
PROJECTS: Final = Record(
    "老旧小区改造项目清单.txt",
    """东山区老旧小区改造项目清单

一、锦绣家园小区：楼体保温、屋面防水，计划投资 368.5 万元。
    业主代表：吕春生，13800004321
二、矿工新村：供热管网、道路硬化，计划投资 291.2 万元。
    业主代表：叶红梅，13800005432
三、育才社区 1 至 9 号楼：电梯加装、无障碍坡道，计划投资 540.0 万元。
""",
    ("吕春生，13800004321", "叶红梅，13800005432"),
)
#: 条例 15.
_GROUND: Final = "refused_4.privacy"


def laid(case: Case, record: Record, *, by: Staff, at: datetime) -> tuple[Release, ...]:
    """Lay a record on a case and black out what is withheld; the file for the applicant, which passed the gate."""
    kept = _marked(case, record, by=by, at=at)
    redact.make_file(redact.ask_release(kept, Audience.APPLICANT, by=by, at=at).pk, at=at)
    return tuple(releases_of(case))


def lay_records(teams: dict[str, Team], *, at: datetime) -> None:
    """A contract on the last open case: a private person's name and telephone are withheld, the rest is given."""
    team = teams["office"]
    waiting = Case.objects.filter(agency=team.agency, state=State.RECEIVED, clerk__in=team.clerks)
    case = waiting.select_related("agency", "clerk").order_by("pk").last()
    if case is None or case.clerk is None:
        return
    by, name = case.clerk, CONTRACT.withheld[-1]
    kept = _marked(case, CONTRACT, by=by, at=at)
    redact.lift(kept, kept.standing()[-1].number, by=by, at=at)
    spots, _around, _silent = redact.hits_of(kept, name)
    redact.mark(kept, spots[-1:], ground=_GROUND, by=by, at=at)
    for audience in Audience:
        redact.make_file(redact.ask_release(kept, audience, by=by, at=at).pk, at=at)


def _marked(case: Case, record: Record, *, by: Staff, at: datetime) -> Material:
    """Its original has been read, as whoever blackens it must."""
    materials.add_materials(case, (Upload(record.name, record.text.encode()),), by=by, at=at)
    kept = Material.objects.select_related("document__case__agency").get(document__case=case)
    materials.read_original(kept, by=by, at=at)
    for wanted in record.withheld:
        spots, _around, _silent = redact.hits_of(kept, wanted)
        redact.mark(kept, spots, ground=_GROUND, remark="自然人的联系方式", by=by, at=at)
    return kept
