"""THE table of outcomes: the 21 rows of table 三, item 3, of the annual report (国办公开办函〔2021〕30号).

Form, validation, letter, ledger, matrix, filters and glossary are generated from it; no code is spelled anywhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .citation import numbered
from .letters import LETTERS, LetterKind
from .states import State
from .words import Text


class ApplicantKind(StrEnum):
    """The six columns of table 三; the category is the applicant's, not the agent's (law.md 6.5)."""

    NATURAL_PERSON = "natural_person"
    BUSINESS = "business"
    RESEARCH = "research"
    PUBLIC_BENEFIT = "public_benefit"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindRow:
    """A column of table 三: its printed heading, its name on its own, and an explanation for the applicant."""

    kind: ApplicantKind
    printed: str
    words: Text
    explained: Text


KINDS: Final[dict[ApplicantKind, KindRow]] = {
    row.kind: row
    for row in (
        KindRow(
            ApplicantKind.NATURAL_PERSON,
            "自然人",
            Text("自然人", "Natural person"),
            Text(
                "您以个人名义申请。律师代理个人申请的，也选这一项。",
                "You apply in your own name. A lawyer who applies for a person chooses this too.",
            ),
        ),
        KindRow(
            ApplicantKind.BUSINESS,
            "商业企业",
            Text("商业企业", "Business"),
            Text("公司、合伙企业、个人独资企业等。", "A company, partnership or sole proprietorship."),
        ),
        KindRow(
            ApplicantKind.RESEARCH,
            "科研机构",
            Text("科研机构", "Research institution"),
            Text("高等学校、研究院所等。", "A university, research institute or the like."),
        ),
        KindRow(
            ApplicantKind.PUBLIC_BENEFIT,
            "社会公益组织",
            Text("社会公益组织", "Public benefit organisation"),
            Text("基金会、慈善组织、公益性社会团体等。", "A foundation, charity or public benefit association."),
        ),
        KindRow(
            ApplicantKind.LEGAL_SERVICE,
            "法律服务机构",
            Text("法律服务机构", "Legal service organisation"),
            Text(
                "律师事务所、公证机构等以自己名义申请。",
                "A law firm, notary office or the like that applies in its own name.",
            ),
        ),
        KindRow(
            ApplicantKind.OTHER,
            "其他",
            Text("法人或其他组织—其他", "Other organisation"),
            Text(
                "以上各类之外的法人或者其他组织，如村民委员会、业主委员会。",
                "Any other organisation, such as a village or owners' committee.",
            ),
        ),
    )
}


class Outcome(StrEnum):
    """How a case ended; every closed case carries exactly one (law.md 6.2)."""

    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED_1 = "refused_1"
    REFUSED_2 = "refused_2"
    REFUSED_3 = "refused_3"
    REFUSED_4 = "refused_4"
    REFUSED_5 = "refused_5"
    REFUSED_6 = "refused_6"
    REFUSED_7 = "refused_7"
    REFUSED_8 = "refused_8"
    UNAVAILABLE_1 = "unavailable_1"
    UNAVAILABLE_2 = "unavailable_2"
    UNAVAILABLE_3 = "unavailable_3"
    NOT_PROCESSED_1 = "not_processed_1"
    NOT_PROCESSED_2 = "not_processed_2"
    NOT_PROCESSED_3 = "not_processed_3"
    NOT_PROCESSED_4 = "not_processed_4"
    NOT_PROCESSED_5 = "not_processed_5"
    OTHER_1 = "other_1"
    OTHER_2 = "other_2"
    OTHER_3 = "other_3"


class Group(StrEnum):
    """The six classes (一) to (六) of table 三, item 3."""

    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    NOT_PROCESSED = "not_processed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A class of outcomes as printed, and the state in which it closes a case."""

    group: Group
    ordinal: str
    printed: str
    words: Text
    closes_as: State

    @property
    def heading(self) -> Text:
        """With its place among the six: （一）予以公开, (1) Granted."""
        return Text("{place}{words}", "{place} {words}").format(place=numbered(f"（{self.ordinal}）"), words=self.words)


GROUPS: Final[dict[Group, GroupRow]] = {
    row.group: row
    for row in (
        GroupRow(Group.GRANTED, "一", "（一）予以公开", Text("予以公开", "Granted"), State.DISCLOSED),
        GroupRow(
            Group.PARTIAL,
            "二",
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            Text("部分公开", "Granted in part"),
            State.PARTIALLY_DISCLOSED,
        ),
        GroupRow(Group.REFUSED, "三", "（三）不予公开", Text("不予公开", "Refused"), State.REFUSED),
        GroupRow(Group.UNAVAILABLE, "四", "（四）无法提供", Text("无法提供", "Unavailable"), State.UNAVAILABLE),
        GroupRow(Group.NOT_PROCESSED, "五", "（五）不予处理", Text("不予处理", "Not processed"), State.NOT_PROCESSED),
        GroupRow(Group.OTHER, "六", "（六）其他处理", Text("其他处理", "Ended otherwise"), State.TERMINATED),
    )
}


class Requirement(StrEnum):
    """What the law wants on file before a decision of some code may be signed (design section 4, guards)."""

    REASONS = "reasons"
    LEGAL_BASIS = "legal_basis"
    CLASSIFIED_BY = "classified_by"
    SEPARABILITY = "separability"
    SEARCH_RECORD = "search_record"
    ROUTE = "route"
    COMPETENT_BODY = "competent_body"
    EARLIER_REPLY = "earlier_reply"
    CONSULTATION = "consultation"
    SUPPLEMENT_RECEIVED = "supplement_received"
    SUPPLEMENT_LAPSED = "supplement_lapsed"
    REASONS_ASKED = "reasons_asked"
    FEE_LAPSED = "fee_lapsed"


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A prerequisite: typed with the decision (``statement``), or a fact that must be on the file already."""

    requirement: Requirement
    statement: bool
    words: Text
    hint: Text
    law: str


REQUIREMENTS: Final[dict[Requirement, RequirementRow]] = {
    row.requirement: row
    for row in (
        RequirementRow(
            Requirement.REASONS,
            True,
            Text("理由", "Reasons"),
            Text("写明事实和理由，将告知申请人。", "State the facts and the reasons; the applicant will be told."),
            "条例 36",
        ),
        RequirementRow(
            Requirement.LEGAL_BASIS,
            True,
            Text("法律依据", "Legal basis"),
            Text(
                "写明法律、行政法规的名称和条款；规章不能作为依据。",
                "Name the law or administrative regulation and its article; departmental rules are not enough.",
            ),
            "条例 14",
        ),
        RequirementRow(
            Requirement.CLASSIFIED_BY,
            True,
            Text("定密机关", "The organ that classified it"),
            Text(
                "只写由哪个机关依法确定为国家秘密，不写秘密的内容。",
                "Only which organ classified it by law; nothing of the secret itself.",
            ),
            "保密法 35",
        ),
        RequirementRow(
            Requirement.SEPARABILITY,
            True,
            Text("是否可以区分处理", "Whether parts can be separated"),
            Text(
                "说明为什么不能作区分处理、公开其中一部分。",
                "Say why no part can be separated and disclosed.",
            ),
            "条例 37",
        ),
        RequirementRow(
            Requirement.SEARCH_RECORD,
            True,
            Text("检索记录", "Search record"),
            Text(
                "写明何人、何时、在哪些系统和档案中、用哪些关键词检索。",
                "Who searched, when, in which systems and files, with which keywords.",
            ),
            "条例 36(4)",
        ),
        RequirementRow(
            Requirement.ROUTE,
            True,
            Text("获取的方式、途径", "Way and route to the information"),
            Text(
                "已主动公开的写明网址或者查阅地点；提供的写明方式和时间。",
                "If already published, where; if provided, how and when.",
            ),
            "条例 36(1)(2)",
        ),
        RequirementRow(
            Requirement.COMPETENT_BODY,
            True,
            Text("负责公开的机关", "The body responsible"),
            Text(
                "能够确定的，写明机关名称和联系方式；不能确定的，写“不能确定”并说明。",
                "Its name and contact if it can be determined; otherwise say that it cannot, and why.",
            ),
            "条例 36(5)",
        ),
        RequirementRow(
            Requirement.EARLIER_REPLY,
            True,
            Text("此前答复的文号", "Number of the earlier reply"),
            Text(
                "同一申请人就同一信息此前得到的答复。",
                "The earlier reply to the same applicant on the same information.",
            ),
            "条例 36(6)",
        ),
        RequirementRow(
            Requirement.CONSULTATION,
            False,
            Text("征求第三方意见的记录", "Consultation of the third party on file"),
            Text(
                "先书面征求第三方意见，等第三方答复，或者15个工作日届满。",
                "Consult the third party in writing first, and wait for its answer or the end of its 15 working days.",
            ),
            "条例 15、32",
        ),
        RequirementRow(
            Requirement.SUPPLEMENT_RECEIVED,
            False,
            Text("已经补正一次", "One supplement on file"),
            Text("先告知补正，收到补正后仍不明确的才能选这一项。", "Ask for the one supplement first."),
            "条例 30",
        ),
        RequirementRow(
            Requirement.SUPPLEMENT_LAPSED,
            False,
            Text("补正期限已经届满", "The period to supplement has run out"),
            Text("告知补正且期限届满后才能选这一项。", "Only after the period to supplement has run out."),
            "条例 30",
        ),
        RequirementRow(
            Requirement.REASONS_ASKED,
            False,
            Text("要求说明理由并认定理由不合理", "Reasons were asked for and judged unreasonable"),
            Text("先要求申请人说明理由，再认定是否合理。", "Ask the applicant for reasons first, then judge them."),
            "条例 35",
        ),
        RequirementRow(
            Requirement.FEE_LAPSED,
            False,
            Text("缴费期限已经届满", "The period to pay has run out"),
            Text(
                "通知缴费、登记送达，并且期限届满以后才能选这一项。",
                "Only after the notice was delivered, which is on file, and the period to pay has run out.",
            ),
            "国办函〔2020〕109号 6",
        ),
    )
}


class Remedy(StrEnum):
    """Which way is open against a decision of some code (law.md 8.5)."""

    REVIEW_FIRST = "review_first"
    EITHER = "either"
    COMBINED = "combined"


@dataclass(frozen=True, slots=True)
class Ground:
    """One of the statutory situations that share a code.

    ``needs`` adds to the code's own requirements; ``document`` takes the place of the code's own.
    """

    key: str
    words: Text
    law: str
    needs: tuple[Requirement, ...] = ()
    document: LetterKind | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One of the 21 codes. ``remedy`` holds for decisions from 2024-01-01 (复议法 23); before, either way was open."""

    code: Outcome
    group: Group
    item: int
    printed: str
    words: Text
    plain: Text
    law: str
    document: LetterKind
    remedy: Remedy
    needs: tuple[Requirement, ...]
    grounds: tuple[Ground, ...] = ()
    valid_from: date = date(2019, 5, 15)
    until: date | None = None

    @property
    def number(self) -> str:
        """The place in the printed form: ``三(三)5``; the first two classes have no items."""
        ordinal = GROUPS[self.group].ordinal
        return f"三({ordinal}){self.item}" if self.item else f"三({ordinal})"

    @property
    def letter(self) -> Text:
        """The title of the document that carries the decision."""
        return LETTERS[self.document].title

    def document_on(self, ground_key: str) -> LetterKind:
        """The document that carries the decision on this ground."""
        ground = self.ground(ground_key)
        return (ground and ground.document) or self.document

    @property
    def closes_as(self) -> State:
        return GROUPS[self.group].closes_as

    def ground(self, key: str) -> Ground | None:
        """The ground with this key, or ``None`` where the code knows no such ground."""
        return next((g for g in self.grounds if g.key == key), None)

    def requirements(self, ground_key: str) -> tuple[Requirement, ...]:
        """All prerequisites of this code on this ground."""
        ground = self.ground(ground_key)
        return self.needs + (ground.needs if ground else ())


_R = Requirement
_WITHHELD = (_R.REASONS, _R.SEPARABILITY)


def _rows() -> Iterator[OutcomeRow]:
    yield OutcomeRow(
        Outcome.GRANTED,
        Group.GRANTED,
        0,
        "（一）予以公开",
        Text("予以公开", "Granted"),
        Text("您申请的信息可以公开。", "The information you asked for can be disclosed."),
        "条例 36(1)(2)",
        LetterKind.PROVIDED,
        Remedy.EITHER,
        (_R.ROUTE,),
        (
            Ground("provided", Text("提供该信息", "Information provided"), "条例 36(2)"),
            Ground(
                "already_public",
                Text("已经主动公开，告知获取途径", "Already published"),
                "条例 36(1)",
                document=LetterKind.PUBLISHED,
            ),
        ),
    )
    yield OutcomeRow(
        Outcome.PARTIAL,
        Group.PARTIAL,
        0,
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        Text("部分公开", "Granted in part"),
        Text(
            "信息中能够公开的部分提供给您，其余部分不予公开。",
            "The part that can be disclosed is given to you; the rest is withheld.",
        ),
        "条例 37",
        LetterKind.PARTIAL,
        Remedy.COMBINED,
        (_R.ROUTE, _R.REASONS),
    )
    refused = (
        (
            Outcome.REFUSED_1,
            "属于国家秘密",
            "State secret",
            "条例 14",
            (_R.LEGAL_BASIS, _R.CLASSIFIED_BY),
            (),
            Text("该信息依法确定为国家秘密。", "The information is classified by law as a state secret."),
        ),
        (
            Outcome.REFUSED_2,
            "其他法律行政法规禁止公开",
            "Disclosure forbidden by another law or administrative regulation",
            "条例 14",
            (_R.LEGAL_BASIS,),
            (),
            Text(
                "其他法律或者行政法规禁止公开该信息。",
                "Another law or administrative regulation forbids disclosure.",
            ),
        ),
        (
            Outcome.REFUSED_3,
            "危及“三安全一稳定”",
            "Danger to national, public or economic security or social stability",
            "条例 14",
            (),
            (
                Ground("national_security", Text("国家安全", "National security"), "条例 14"),
                Ground("public_security", Text("公共安全", "Public security"), "条例 14"),
                Ground("economic_security", Text("经济安全", "Economic security"), "条例 14"),
                Ground("social_stability", Text("社会稳定", "Social stability"), "条例 14"),
            ),
            Text(
                "公开后可能危及国家安全、公共安全、经济安全、社会稳定。",
                "Disclosure could endanger national, public or economic security or social stability.",
            ),
        ),
        (
            Outcome.REFUSED_4,
            "保护第三方合法权益",
            "Protection of a third party's lawful rights",
            "条例 15、32",
            (_R.CONSULTATION,),
            (
                Ground("trade_secret", Text("商业秘密", "Trade secret"), "条例 15"),
                Ground("privacy", Text("个人隐私", "Personal privacy"), "条例 15"),
            ),
            Text(
                "该信息涉及他人的商业秘密、个人隐私，公开会损害其合法权益。",
                "The information concerns another's trade secrets or privacy, which disclosure would harm.",
            ),
        ),
        (
            Outcome.REFUSED_5,
            "属于三类内部事务信息",
            "Internal affairs (three kinds)",
            "条例 16(1)",
            (),
            (
                Ground("personnel", Text("人事管理", "Personnel"), "条例 16(1)"),
                Ground("logistics", Text("后勤管理", "Logistics"), "条例 16(1)"),
                Ground("workflow", Text("内部工作流程", "Internal workflow"), "条例 16(1)"),
            ),
            Text(
                "该信息属于行政机关人事管理、后勤管理、内部工作流程方面的内部事务信息。",
                "The information concerns the office's own personnel, logistics or workflow.",
            ),
        ),
        (
            Outcome.REFUSED_6,
            "属于四类过程性信息",
            "Deliberative information (four kinds)",
            "条例 16(2)",
            (),
            (
                Ground("discussion", Text("讨论记录", "Record of discussion"), "条例 16(2)"),
                Ground("draft", Text("过程稿", "Draft"), "条例 16(2)"),
                Ground("consultation_letter", Text("磋商信函", "Consultation correspondence"), "条例 16(2)"),
                Ground("request_report", Text("请示报告", "Report asking for instructions"), "条例 16(2)"),
            ),
            Text(
                "该信息是行政机关履职过程中形成的讨论记录、过程稿、磋商信函、请示报告。",
                "The information is a record of discussion, a draft, consultation correspondence or a report "
                "asking for instructions.",
            ),
        ),
        (
            Outcome.REFUSED_7,
            "属于行政执法案卷",
            "Law enforcement file",
            "条例 16(2)",
            (),
            (),
            Text("该信息属于行政执法案卷信息。", "The information belongs to a law enforcement file."),
        ),
        (
            Outcome.REFUSED_8,
            "属于行政查询事项",
            "Matter with its own inquiry procedure",
            "条例 36(7)",
            (_R.ROUTE,),
            (),
            Text(
                "法律、行政法规对查询该信息另有规定，例如工商、不动产登记资料。",
                "Another law has its own procedure for this information, such as business or land registers.",
            ),
        ),
    )
    for item, (code, zh, en, law, needs, grounds, plain) in enumerate(refused, start=1):
        # 36(7) sends the applicant to another procedure: nothing of it is withheld, so nothing is separable.
        base = (_R.REASONS,) if code is Outcome.REFUSED_8 else _WITHHELD
        letter = LetterKind.INQUIRY if code is Outcome.REFUSED_8 else LetterKind.REFUSAL
        remedy = Remedy.EITHER if code is Outcome.REFUSED_8 else Remedy.REVIEW_FIRST
        yield OutcomeRow(
            code, Group.REFUSED, item, f"{item}.{zh}", Text(zh, en), plain, law, letter, remedy, base + needs, grounds
        )
    yield OutcomeRow(
        Outcome.UNAVAILABLE_1,
        Group.UNAVAILABLE,
        1,
        "1.本机关不掌握相关政府信息",
        Text("本机关不掌握相关政府信息", "Information not held by this office"),
        Text("本机关没有您申请的信息。", "This office does not hold the information you asked for."),
        "条例 36(4)(5)",
        LetterKind.NOT_EXISTING,
        Remedy.EITHER,
        (_R.REASONS,),
        (
            Ground("not_existing", Text("该信息不存在", "It does not exist"), "条例 36(4)", (_R.SEARCH_RECORD,)),
            Ground(
                "other_body",
                Text("不属于本机关负责公开", "Another body is responsible"),
                "条例 36(5)",
                (_R.COMPETENT_BODY,),
                LetterKind.OTHER_BODY,
            ),
        ),
    )
    yield OutcomeRow(
        Outcome.UNAVAILABLE_2,
        Group.UNAVAILABLE,
        2,
        "2.没有现成信息需要另行制作",
        Text("没有现成信息需要另行制作", "Would have to be created"),
        Text(
            "没有现成的信息，需要对现有信息加工、分析才能形成。",
            "No such information exists ready-made; existing information would have to be processed or analysed.",
        ),
        "条例 38",
        LetterKind.NOT_READY_MADE,
        Remedy.EITHER,
        (_R.REASONS,),
    )
    yield OutcomeRow(
        Outcome.UNAVAILABLE_3,
        Group.UNAVAILABLE,
        3,
        "3.补正后申请内容仍不明确",
        Text("补正后申请内容仍不明确", "Still unclear after the supplement"),
        Text(
            "补正之后仍然无法确定您申请的是什么信息。",
            "Even with your supplement the office cannot tell what information is meant.",
        ),
        "条例 30",
        LetterKind.STILL_UNCLEAR,
        Remedy.EITHER,
        (_R.REASONS, _R.SUPPLEMENT_RECEIVED),
    )
    not_processed = (
        (
            Outcome.NOT_PROCESSED_1,
            "信访举报投诉类申请",
            "Petition, report or complaint",
            "条例 39(1)",
            (_R.ROUTE,),
            Text(
                "您的申请实际上是信访、投诉、举报，请通过相应渠道提出。",
                "What you sent is in substance a petition, complaint or report, for which there are other channels.",
            ),
        ),
        (
            Outcome.NOT_PROCESSED_2,
            "重复申请",
            "Repeated application",
            "条例 36(6)",
            (_R.EARLIER_REPLY,),
            Text(
                "您此前申请过同一信息，行政机关已经答复。",
                "You asked for the same information before and have had a reply.",
            ),
        ),
        (
            Outcome.NOT_PROCESSED_3,
            "要求提供公开出版物",
            "Published works asked for",
            "条例 39(2)",
            (_R.ROUTE,),
            Text(
                "您申请的是政府公报、报刊、书籍等公开出版物，可以按告知的途径获取。",
                "You asked for gazettes, newspapers, books or other published works; the reply says where to get them.",
            ),
        ),
        (
            Outcome.NOT_PROCESSED_4,
            "无正当理由大量反复申请",
            "Excessive applications without good reason",
            "条例 35",
            (_R.REASONS_ASKED,),
            Text(
                "申请的数量、频次明显超过合理范围，说明的理由不合理。",
                "The number and frequency of applications are clearly beyond reason and the reasons given do not hold.",
            ),
        ),
        (
            Outcome.NOT_PROCESSED_5,
            "要求行政机关确认或重新出具已获取信息",
            "Confirmation or re-issue of information already obtained",
            "条例 36",
            (_R.EARLIER_REPLY,),
            Text(
                "您要求确认或者重新出具已经获取的信息。",
                "You asked to have information that you already hold confirmed or issued again.",
            ),
        ),
    )
    for item, (code, zh, en, law, needs, plain) in enumerate(not_processed, start=1):
        yield OutcomeRow(
            code,
            Group.NOT_PROCESSED,
            item,
            f"{item}.{zh}",
            Text(zh, en),
            plain,
            law,
            LetterKind.NOT_PROCESSED,
            Remedy.EITHER,
            (_R.REASONS, *needs),
        )
    yield OutcomeRow(
        Outcome.OTHER_1,
        Group.OTHER,
        1,
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        Text("逾期不补正", "Not supplemented in time"),
        Text(
            "您没有在期限内补正，也没有正当理由，视为放弃申请。",
            "You did not supplement in time and without good reason; the application counts as given up.",
        ),
        "条例 30",
        LetterKind.NO_LONGER,
        Remedy.EITHER,
        (_R.REASONS, _R.SUPPLEMENT_LAPSED),
    )
    yield OutcomeRow(
        Outcome.OTHER_2,
        Group.OTHER,
        2,
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        Text("逾期不缴费", "Not paid for in time"),
        Text(
            "您没有在期限内缴纳信息处理费，视为放弃申请。",
            "You did not pay the processing fee in time; the application counts as given up.",
        ),
        "国办函〔2020〕109号 6",
        LetterKind.NO_LONGER,
        Remedy.EITHER,
        (_R.REASONS, _R.FEE_LAPSED),
    )
    yield OutcomeRow(
        Outcome.OTHER_3,
        Group.OTHER,
        3,
        "3.其他",
        Text("其他", "Other"),
        Text("申请已撤回，或者因其他原因终止办理。", "The application was withdrawn or ended for another reason."),
        "国办公开办函〔2021〕30号",
        LetterKind.TERMINATED,
        Remedy.EITHER,
        (_R.REASONS,),
    )


OUTCOMES: Final[dict[Outcome, OutcomeRow]] = {row.code: row for row in _rows()}


def in_force(on: date) -> Iterator[OutcomeRow]:
    """The rows that a decision dispatched on that day may carry, in printed order."""
    return (row for row in OUTCOMES.values() if row.valid_from <= on and (row.until is None or on <= row.until))
