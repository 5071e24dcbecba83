"""The draft of an application for reconsideration (行政复议申请书) with the facts of the file (复议法 20, 22, 23).

What only the applicant can say is left as a blank that says what belongs there. The draft is a paper for a Chinese
authority and so in Chinese alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.law.outcomes import Ground, Group, OutcomeRow
from casework.law.receipt import Channel
from casework.law.words import said

TITLE: Final = "行政复议申请书"


@dataclass(frozen=True, slots=True)
class Item:
    """One place of a file that came with the reply and was withheld; it alone is contested.

    ``across`` and ``down``: the middle of the place, in per cent of the page.
    """

    file: str
    page: int
    number: int
    words: str
    law: str
    whole: bool = False
    across: float = 50
    down: float = 50

    @property
    def place(self) -> str:
        """Where it is, so that somebody with the paper in hand finds it."""
        if self.whole:
            return f"“{self.file}”第{self.page}页（整页，编号{self.number}）"
        high = "上部" if self.down < 100 / 3 else "下部" if self.down > 200 / 3 else "中部"
        side = "左侧" if self.across < 100 / 3 else "右侧" if self.across > 200 / 3 else ""
        return f"“{self.file}”第{self.page}页{high}{side}编号{self.number}的一处"

    @property
    def ground(self) -> str:
        return f"“{self.words}”" + (f"（{self.law}）" if self.law else "")


@dataclass(frozen=True, slots=True)
class Attacked:
    """The reply that is attacked, as it was given; with ``items``, these alone and nothing else of it."""

    row: OutcomeRow
    ground: Ground | None
    title: str
    number: str
    sent_on: date
    received_on: date | None
    reasons: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The facts of a case that the draft states. ``reply`` is ``None`` after silence, and ``due_on`` then is past."""

    applicant: str
    phone: str
    address: str
    agent: str
    organ: str
    office: str
    number: str
    channel: Channel
    received_on: date
    asked_for: str
    due_on: date | None
    digest: str = ""
    supplement_asked_on: date | None = None
    supplemented_on: date | None = None
    extended_by: int | None = None
    reply: Attacked | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Petition:
    """The draft, ready to be printed, completed and signed."""

    sections: tuple[Section, ...]
    addressed_to: str
    title: str = TITLE


def drafted(file: File) -> Petition:
    """The draft for this file."""
    return Petition(
        (
            Section("申请人", tuple(_applicant(file))),
            Section(
                "被申请人", (f"名称：{file.office}", "住所：＿＿＿＿＿＿＿＿", "法定代表人或者主要负责人：＿＿＿＿＿")
            ),
            Section("行政复议请求", tuple(_requests(file))),
            Section("事实", tuple(_facts(file))),
            Section("理由", tuple(_reasons(file))),
            Section("证据和材料", tuple(f"{n}．{each}" for n, each in enumerate(_evidence(file), start=1))),
        ),
        file.organ or "（有管辖权的行政复议机关）",
    )


def _applicant(file: File) -> Iterator[str]:
    yield f"姓名或者名称：{file.applicant}"
    yield "证件号码：＿＿＿＿＿＿＿＿＿＿＿＿（请自己填写）"
    yield f"联系电话：{file.phone or '＿＿＿＿＿＿＿＿'}"
    yield f"住址或者住所：{file.address or '＿＿＿＿＿＿＿＿＿＿＿＿'}"
    if file.agent:
        yield f"委托代理人：{file.agent}"


def _requests(file: File) -> Iterator[str]:
    reply = file.reply
    if reply is None:
        yield "1．确认被申请人没有在法定期限内答复申请人的政府信息公开申请违法。"
        yield "2．责令被申请人限期答复。"
        return
    what = f"被申请人于{said(reply.sent_on).zh}作出的{_named(reply)}"
    if reply.items:
        yield f"1．撤销{what}中对下列内容不予公开的部分："
        for n, item in enumerate(reply.items, start=1):
            yield f"（{n}）{item.place}，注明的理由是{item.ground}。"
        yield "2．责令被申请人在一定期限内向申请人公开上述内容，或者对上述内容重新作出答复。"
        return
    part = "中不予公开的部分" if reply.row.group is Group.PARTIAL else ""
    yield f"1．撤销{what}{part}。"
    yield "2．责令被申请人在一定期限内重新作出答复。"


def _facts(file: File) -> Iterator[str]:
    how = file.channel.words.zh
    yield (
        f"申请人以“{how}”方式向被申请人申请公开政府信息，被申请人于{said(file.received_on).zh}收到，"
        f"登记编号为{file.number}。申请的内容是：{file.asked_for}"
    )
    if file.supplement_asked_on is not None:
        yield f"被申请人于{said(file.supplement_asked_on).zh}要求补正。"
    if file.supplemented_on is not None:
        yield f"申请人于{said(file.supplemented_on).zh}补正，答复期限自该日起重新计算。"
    if file.extended_by is not None:
        yield f"被申请人告知延长答复期限{file.extended_by}个工作日。"
    reply = file.reply
    if reply is None:
        if file.due_on is not None:
            yield f"答复期限于{said(file.due_on).zh}届满，被申请人至今没有答复。"
        return
    yield f"被申请人于{said(reply.sent_on).zh}送出{_named(reply)}，结果为“{_result(reply)}”。"
    if reply.items:
        yield f"随答复提供的文件中有不予公开的内容，申请人对其中{len(reply.items)}处不服，即请求中列明的内容。"
    if file.due_on is not None and reply.sent_on > file.due_on:
        yield f"答复期限于{said(file.due_on).zh}届满，答复逾期。"
    if reply.received_on is not None:
        yield f"申请人于{said(reply.received_on).zh}收到。"


def _reasons(file: File) -> Iterator[str]:
    reply = file.reply
    if reply is None:
        yield "《中华人民共和国政府信息公开条例》第三十三条规定了答复的期限。被申请人逾期没有答复。"
        yield "（还想说明的情况，请写在这里。）"
        return
    if reply.items:
        yield from _reasons_for(reply.items)
        return
    law = (reply.ground.law if reply.ground else "") or reply.row.law
    yield f"被申请人答复的依据是{law}。"
    if reply.reasons:
        yield f"被申请人说明的理由是：{reply.reasons}"
    yield (
        "申请人认为上述答复（请选择并说明：主要事实不清、证据不足／适用的依据不正确／违反法定程序／内容不适当），因为："
    )
    yield "（请写在这里。可以说明：为什么申请的信息应当公开，哪些部分可以区分处理，被申请人没有检索哪里。）"


def _reasons_for(items: tuple[Item, ...]) -> Iterator[str]:
    yield (
        "《中华人民共和国政府信息公开条例》第三十七条规定，申请公开的信息中含有不应当公开的内容，但是能够作区分处理的，"
        "应当提供可以公开的内容，并对不予公开的内容说明理由。"
    )
    for n, item in enumerate(items, start=1):
        yield f"（{n}）对{item.place}，被申请人注明的理由是{item.ground}。申请人认为这一处应当公开，因为："
        yield (
            "（请写在这里。可以说明：这一处是什么内容；为什么不属于被申请人所说的情形；遮住其中哪些字以后就可以公开；"
            "不公开会对公共利益有什么影响。）"
        )


def _evidence(file: File) -> Iterator[str]:
    digest = f"（提交内容的数字摘要 SHA-256：{file.digest}）" if file.digest else ""
    yield f"政府信息公开申请及回执，登记编号{file.number}{digest}"
    if file.supplement_asked_on is not None:
        yield "补正告知书" + ("和补正的内容" if file.supplemented_on is not None else "")
    if file.extended_by is not None:
        yield "延期答复告知书"
    if file.reply is not None:
        yield _named(file.reply)
        for name in dict.fromkeys(item.file for item in file.reply.items):
            yield f"随答复提供的“{name}”，标出有争议的各处"
    yield "申请人的身份证明"


def _named(reply: Attacked) -> str:
    return f"《{reply.title}》" + (f"（{reply.number}）" if reply.number else "")


def _result(reply: Attacked) -> str:
    words = reply.row.words.zh
    return f"{words}·{reply.ground.words.zh}" if reply.ground else words
