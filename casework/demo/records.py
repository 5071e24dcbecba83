"""Records on the file of one open case of the demo: looked at, partly black, and the files made of them."""

from datetime import datetime
from typing import Final

from casework.actions import materials, redact
from casework.actions.files import Upload
from casework.law.states import State
from casework.models import Audience, Case, Material

from .office import Team

_CONTRACT: Final = """政府采购合同（摘要）

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
"""
_PHONE: Final = "13800001234"
_NAME: Final = "周建国"
#: 条例 15.
_GROUND: Final = "refused_4.privacy"


def lay_records(teams: dict[str, Team], *, at: datetime) -> None:
    """A contract on the first open case: a private person's name and telephone are withheld, the rest is given."""
    team = teams["office"]
    waiting = Case.objects.filter(agency=team.agency, state=State.RECEIVED, clerk__in=team.clerks)
    case = waiting.select_related("agency", "clerk").order_by("pk").last()
    if case is None or case.clerk is None:
        return
    by = case.clerk
    materials.add_materials(case, (Upload("采购合同摘要.txt", _CONTRACT.encode()),), by=by, at=at)
    record = Material.objects.select_related("document__case__agency").get(document__case=case)
    materials.read_original(record, by=by, at=at)
    for wanted in (_PHONE, _NAME):
        spots, _around, _silent = redact.hits_of(record, wanted)
        redact.mark(record, spots, ground=_GROUND, remark="自然人的联系方式", by=by, at=at)
    redact.lift(record, record.standing()[-1].number, by=by, at=at)
    spots, _around, _silent = redact.hits_of(record, _NAME)
    redact.mark(record, spots[-1:], ground=_GROUND, by=by, at=at)
    for audience in Audience:
        redact.make_file(redact.ask_release(record, audience, by=by, at=at).pk, at=at)
