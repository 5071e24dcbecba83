"""Beside the applications of the demo: requests to correct one's own record, and proposals for publication."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from casework.actions import correction, proposals
from casework.actions.files import Upload
from casework.law.calendar import day_of
from casework.law.receipt import Channel, Receipt
from casework.models import Agency, Case, Proposal
from casework.models.querycode import new_code

from .applicants import resident_number
from .office import Team
from .plans import moment

_REQUESTS = (
    (
        "林晓",
        "区住房保障轮候公示名单第12号",
        "家庭人口写成2人。",
        "家庭人口3人。",
        "户口簿、出生医学证明，证明2025年起家庭人口为3人。",
    ),
    (
        "周建国",
        "东政罚决〔2025〕3号行政处罚决定公示",
        "当事人姓名写成“周建园”。",
        "姓名为周建国。",
        "居民身份证，处罚决定书原件。",
    ),
    (
        "何秀英",
        "耕地地力保护补贴发放明细（2025年）",
        "面积写成1.2亩。",
        "面积2.1亩。",
        "土地承包经营权证，村委会证明。",
    ),
    ("罗平", "企业简易注销公告", "注册地址有误。", "地址为东山区新华路18号。", "营业执照。"),
)


def ask_to_correct(teams: dict[str, Team], *, at: datetime) -> None:
    """One new, one that waits for more, one put right, one that was passed on to a department, one on paper."""
    team, today = teams["office"], day_of(at)
    made = []
    evidence = (Upload("户口簿复印件.txt", "户主：林晓。户内共3人，2025年2月登记出生1人。\n".encode()),)
    dice = Random(41)  # noqa: S311 - nobody's numbers
    for place, (name, record, wrong, right, grounds) in enumerate(_REQUESTS):
        on = today - timedelta(days=3 + 9 * place)
        request = correction.Request(
            name=name,
            identity_kind="resident",
            identity_number=resident_number(dice),
            phone=f"1380000{place:04d}",
            record=record,
            wrong=wrong,
            right=right,
            grounds=grounds,
            evidence=evidence if place == 0 else (),
        )
        made.append(correction.file_request(team.agency, request, query_code=new_code(), at=moment(on, 9)))
    clerk = team.clerks[0]
    on = today - timedelta(days=2)
    by_hand = correction.Request(
        name="梁玉兰",
        identity_kind="resident",
        identity_number=resident_number(dice),
        address="鹤鸣市东山区育才路12号",
        record="公共租赁住房轮候登记表",
        wrong="登记的家庭年收入为6.2万元。",
        right="2.6万元。",
        grounds="单位收入证明，证明数字写反了。",
    )
    receipt = Receipt(Channel.IN_PERSON, on)
    correction.register_request(team.agency, by_hand, receipt, query_code=new_code(), by=clerk, at=moment(on, 15))
    _new, asked, right_now, passed = made
    correction.take(asked, by=clerk, at=moment(today - timedelta(days=10), 10))
    text = "请补充处罚决定书原件的扫描件。"
    correction.ask(asked, text=text, by=clerk, at=moment(today - timedelta(days=9), 10))
    reply = "经核对土地承包经营权证，已将面积更正为2.1亩，更正后的明细已经重新公示。"
    correction.put_right(right_now, reply=reply, by=clerk, at=moment(today - timedelta(days=5), 15))
    other = Agency.objects.open_to_applications().filter(parent=team.agency).order_by("path").first()
    if other is not None:
        reply = "该公告由贵机关制作，现转送处理。"
        correction.pass_on(passed, reply=reply, agency=other, by=clerk, at=moment(today - timedelta(days=20), 11))


def propose(teams: dict[str, Team], *, at: datetime) -> None:
    """Three topics: one accepted, one declined, one that waits under the office's own title."""
    team, today = teams["office"], day_of(at)
    cases = Case.objects.filter(agency=team.agency).exclude(closed_on=None).select_related("applicant", "agency")
    for case in cases.order_by("-closed_on", "pk")[:40]:
        if Proposal.objects.count() == 3:
            break
        if proposals.may_propose(case):
            proposals.propose_by_applicant(case, at=moment(today - timedelta(days=6), 9))
    found = list(Proposal.objects.order_by("pk"))
    done: dict[str, Any] = {"by": team.head, "at": moment(today - timedelta(days=2), 10)}
    for proposal, number in zip(found, range(3), strict=False):
        title = proposal.topic.split("\\n")[0][:60]
        if number == 0:
            where = "https://www.example.gov.cn/zwgk/"
            proposals.accept(proposal, title=title, where=where, public_on=today, **done)
        elif number == 1:
            proposals.decline(proposal, reason="内容只涉及个别申请人，不宜主动公开。", **done)
        else:
            proposals.word(proposal, title=title, **done)
