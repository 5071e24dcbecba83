"""The table of documents (law.md 9.2): what each is called, by which article it is made, and what it must contain.

Which document carries a decision stands in the table of outcomes; the words of the documents are templates, and a
template that loses an element of this table is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class LetterKind(StrEnum):
    """One document each of law.md 9.2."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REASONS = "reasons"
    EXTENSION = "extension"
    DELAY = "delay"
    THIRD_PARTY = "third_party"
    CONSULTING = "consulting"
    JOINT_ORGAN = "joint_organ"
    OTHER_ORGAN = "other_organ"
    OVERRIDE = "override"
    FEE = "fee"
    PUBLISHED = "published"
    PROVIDED = "provided"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    INQUIRY = "inquiry"
    NOT_EXISTING = "not_existing"
    OTHER_BODY = "other_body"
    NOT_READY_MADE = "not_ready_made"
    STILL_UNCLEAR = "still_unclear"
    NOT_PROCESSED = "not_processed"
    NO_LONGER = "no_longer"
    TERMINATED = "terminated"
    SERVICE = "service"


class Element(StrEnum):
    """What a document may have to contain; the value is the word by which a template names it.

    A statement of a decision (``Requirement``) and its element bear the same word.
    """

    # Placed by the layout: no template can lose them.
    ORGAN_HEADING = "organ_heading"
    TITLE = "title"
    NUMBER = "number"
    ADDRESSEE = "addressee"
    ATTACHMENTS = "attachments"
    ORGAN = "organ"
    DATE = "date"

    CASE_NUMBER = "case_number"
    RECEIVED_ON = "received_on"
    CHANNEL = "channel"
    REQUEST = "request"
    ARTICLE = "article"
    RESULT = "result"
    REMEDIES = "remedies"

    REASONS = "reasons"
    LEGAL_BASIS = "legal_basis"
    CLASSIFIED_BY = "classified_by"
    SEPARABILITY = "separability"
    SEARCH_RECORD = "search_record"
    ROUTE = "route"
    COMPETENT_BODY = "competent_body"
    EARLIER_REPLY = "earlier_reply"

    DUE_ON = "due_on"
    CONTENT_LIST = "content_list"
    UNCLEAR = "unclear"
    PERIOD_ENDS_ON = "period_ends_on"
    CONSEQUENCE = "consequence"
    WHY_EXCESSIVE = "why_excessive"
    REASONS_ASKED = "reasons_asked"
    EXTENSION_REASON = "extension_reason"
    APPROVAL = "approval"
    EXTENSION_DAYS = "extension_days"
    NEW_DUE_ON = "new_due_on"
    SUMMARY = "summary"
    REPLY_PERIOD = "reply_period"
    SILENCE = "silence"
    EXCLUDED = "excluded"
    DECIDED_CONTENT = "decided_content"
    PUBLIC_INTEREST = "public_interest"
    BASIS = "basis"
    STANDARD = "standard"
    AMOUNT = "amount"
    WAY_OF_PAYMENT = "way_of_payment"
    THIRD_PARTY_REPLY = "third_party_reply"
    SUPPLEMENTED_ON = "supplemented_on"
    ASKED_ON = "asked_on"
    NOTICE = "notice"
    LAPSED_ON = "lapsed_on"
    WITHDRAWN_ON = "withdrawn_on"
    WITHDRAWAL = "withdrawal"
    SERVED_DOCUMENT = "served_document"
    MODE = "mode"
    SIGNATURE = "signature"
    SERVED_ON = "served_on"

    # Never mandatory.
    YOU = "you"
    CONTACT = "contact"
    REASONS_ANSWER = "reasons_answer"
    POSTAL_NUMBER = "postal_number"


E = Element

#: What every page of every document carries, drawn by the layout and not by the template.
FRAME: Final = (E.ORGAN_HEADING, E.TITLE, E.NUMBER, E.ADDRESSEE, E.ATTACHMENTS, E.ORGAN, E.DATE)
#: The elements of which there are several; a template may walk over them.
LISTS: Final = frozenset({E.STANDARD, E.CONTENT_LIST})
#: What a template may always say.
_ALWAYS: Final = (E.YOU, E.CONTACT, E.CASE_NUMBER)

ELEMENT_WORDS: Final[dict[Element, Text]] = {
    E.ORGAN_HEADING: Text("发文机关标志", "Heading of the organ"),
    E.TITLE: Text("标题", "Title"),
    E.NUMBER: Text("文号", "Number"),
    E.ADDRESSEE: Text("受文人", "Addressee"),
    E.ATTACHMENTS: Text("附件说明", "Attachments"),
    E.ORGAN: Text("机关署名", "Name of the organ"),
    E.DATE: Text("成文日期", "Date"),
    E.CASE_NUMBER: Text("登记编号", "Number of the case"),
    E.RECEIVED_ON: Text("收到申请的日期", "Day of receipt"),
    E.CHANNEL: Text("申请的方式", "Channel of the application"),
    E.REQUEST: Text("所申请的内容", "The request, quoted"),
    E.ARTICLE: Text("法律条款", "Article of the law"),
    E.RESULT: Text("处理结果", "Result"),
    E.REMEDIES: Text("救济途径", "Remedies"),
    E.REASONS: Text("理由", "Reasons"),
    E.LEGAL_BASIS: Text("法律依据", "Legal basis"),
    E.CLASSIFIED_BY: Text("定密机关", "The organ that classified it"),
    E.SEPARABILITY: Text("能否区分处理", "Whether parts can be separated"),
    E.SEARCH_RECORD: Text("检索情况", "Search record"),
    E.ROUTE: Text("获取的方式和途径", "Way and route to the information"),
    E.COMPETENT_BODY: Text("负责公开的机关及联系方式", "The body responsible and its contact"),
    E.EARLIER_REPLY: Text("此前答复的文号", "Number of the earlier reply"),
    E.DUE_ON: Text("答复期限", "Due date"),
    E.CONTENT_LIST: Text("材料清单", "List of what was handed in"),
    E.UNCLEAR: Text("需要补正的事项", "What has to be supplemented"),
    E.PERIOD_ENDS_ON: Text("期限届满日", "Last day of the period"),
    E.CONSEQUENCE: Text("逾期的后果", "Consequence of letting the period pass"),
    E.WHY_EXCESSIVE: Text("申请明显超过合理范围的情况", "Why the applications are excessive"),
    E.REASONS_ASKED: Text("要求说明的内容", "The reasons asked for"),
    E.EXTENSION_REASON: Text("延期理由", "Reason for the extension"),
    E.APPROVAL: Text("负责人同意", "Consent of the head"),
    E.EXTENSION_DAYS: Text("延长的工作日数", "Working days added"),
    E.NEW_DUE_ON: Text("延长后的答复期限", "New due date"),
    E.SUMMARY: Text("所涉信息概要", "Summary of the request"),
    E.REPLY_PERIOD: Text("提出意见的期限", "Period for the opinion"),
    E.SILENCE: Text("逾期不答复的后果", "Effect of silence"),
    E.EXCLUDED: Text("征求意见时间不计入期限", "That the time is not counted"),
    E.DECIDED_CONTENT: Text("决定公开的内容", "What will be disclosed"),
    E.PUBLIC_INTEREST: Text("公共利益方面的考虑", "Public interest"),
    E.BASIS: Text("收费依据", "Basis of the fee"),
    E.STANDARD: Text("收费标准", "Tariff"),
    E.AMOUNT: Text("金额", "Amount"),
    E.WAY_OF_PAYMENT: Text("缴费方式", "Way of payment"),
    E.THIRD_PARTY_REPLY: Text("第三方的意见", "The third party's reply"),
    E.SUPPLEMENTED_ON: Text("收到补正的日期", "Day on which the supplement arrived"),
    E.ASKED_ON: Text("要求说明理由的日期", "Day on which reasons were asked for"),
    E.NOTICE: Text("通知及其送达", "The notice and its service"),
    E.LAPSED_ON: Text("逾期日期", "Day on which the period had passed"),
    E.WITHDRAWN_ON: Text("撤回日期", "Day of withdrawal"),
    E.WITHDRAWAL: Text("撤回的表示", "Act of withdrawal"),
    E.SERVED_DOCUMENT: Text("送达文书名称和文号", "Document served"),
    E.MODE: Text("送达方式", "Way of service"),
    E.SIGNATURE: Text("受送达人签名", "Signature of the addressee"),
    E.SERVED_ON: Text("送达日期", "Day of service"),
    E.YOU: Text("对受文人的称谓", "How the addressee is addressed"),
    E.CONTACT: Text("机关联系方式", "Contact of the organ"),
    E.REASONS_ANSWER: Text("申请人说明的理由", "Reasons that the applicant gave"),
    E.POSTAL_NUMBER: Text("邮件号码", "Postal number"),
}


class Reader(StrEnum):
    """To whom a document speaks."""

    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"
    ORGAN = "organ"


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One document. ``series`` is the word of its number behind the organ's own; where empty, it has no number."""

    kind: LetterKind
    title: Text
    series: str
    law: str
    must: tuple[Element, ...]
    may: tuple[Element, ...] = ()
    reader: Reader = Reader.APPLICANT
    remedies: bool = False

    @property
    def mandatory(self) -> tuple[Element, ...]:
        """What the body has to say, whatever the decision."""
        return (*self.must, E.REMEDIES) if self.remedies else self.must

    @property
    def vocabulary(self) -> tuple[Element, ...]:
        """Every word that a template of this document knows."""
        seen = dict.fromkeys((*self.mandatory, *self.may, *_ALWAYS))
        return tuple(e for e in seen if self.reader is Reader.APPLICANT or e not in _OF_THE_APPLICANT)


#: Those who are consulted do not learn who applied (law.md 4.6); the words of an application can betray it.
_OF_THE_APPLICANT: Final = frozenset({E.CASE_NUMBER, E.REQUEST, E.YOU, E.CHANNEL})

_ASKED: Final = (E.RECEIVED_ON, E.CHANNEL, E.REQUEST, E.ARTICLE)
_REPLY: Final = (*_ASKED, E.RESULT)
K = LetterKind


def _reply(kind: LetterKind, title: Text, law: str, *must: Element, may: tuple[Element, ...] = ()) -> LetterRow:
    return LetterRow(kind, title, "告", law, (*_REPLY, *must), may, remedies=True)


LETTERS: Final[dict[LetterKind, LetterRow]] = {
    row.kind: row
    for row in (
        LetterRow(
            K.RECEIPT,
            Text("政府信息公开申请登记回执", "Receipt of registration"),
            "",
            "条例 31",
            (E.CASE_NUMBER, E.RECEIVED_ON, E.CHANNEL, E.REQUEST, E.CONTENT_LIST, E.DUE_ON),
        ),
        LetterRow(
            K.SUPPLEMENT,
            Text("政府信息公开申请补正告知书", "Notice to supplement"),
            "补告",
            "条例 30",
            (*_ASKED, E.UNCLEAR, E.PERIOD_ENDS_ON, E.CONSEQUENCE),
        ),
        LetterRow(
            K.REASONS,
            Text("政府信息公开申请说明理由告知书", "Notice to give reasons"),
            "理告",
            "条例 35",
            (*_ASKED, E.WHY_EXCESSIVE, E.REASONS_ASKED, E.PERIOD_ENDS_ON),
        ),
        LetterRow(
            K.EXTENSION,
            Text("政府信息公开申请延期答复告知书", "Notice of extension"),
            "延告",
            "条例 33(2)",
            (*_ASKED, E.EXTENSION_REASON, E.APPROVAL, E.EXTENSION_DAYS, E.NEW_DUE_ON),
        ),
        LetterRow(
            K.DELAY,
            Text("政府信息公开申请延迟答复告知书", "Notice of a reasonable delay"),
            "迟告",
            "条例 35",
            (*_ASKED, E.REASONS, E.APPROVAL, E.PERIOD_ENDS_ON),
        ),
        LetterRow(
            K.THIRD_PARTY,
            Text("政府信息公开第三方意见征询书", "Consultation of a third party"),
            "征询",
            "条例 32",
            (E.RECEIVED_ON, E.SUMMARY, E.ARTICLE, E.REPLY_PERIOD, E.SILENCE),
            reader=Reader.THIRD_PARTY,
        ),
        LetterRow(
            K.CONSULTING,
            Text("政府信息公开申请征求意见告知书", "Notice that others are consulted"),
            "征告",
            "条例 33(3)",
            (*_ASKED, E.EXCLUDED),
        ),
        LetterRow(
            K.JOINT_ORGAN,
            Text("共同制作政府信息征求意见书", "Consultation of a joint organ"),
            "征函",
            "条例 34",
            (E.RECEIVED_ON, E.SUMMARY, E.ARTICLE, E.REPLY_PERIOD, E.SILENCE),
            reader=Reader.ORGAN,
        ),
        LetterRow(
            K.OTHER_ORGAN,
            Text("政府信息公开征求意见函", "Consultation of another organ"),
            "询函",
            "条例 33(3)",
            (E.RECEIVED_ON, E.SUMMARY, E.ARTICLE, E.REPLY_PERIOD, E.SILENCE),
            reader=Reader.ORGAN,
        ),
        LetterRow(
            K.OVERRIDE,
            Text("政府信息公开第三方告知书", "Notice of disclosure to a third party"),
            "三告",
            "条例 32",
            (E.SUMMARY, E.ARTICLE, E.THIRD_PARTY_REPLY, E.DECIDED_CONTENT, E.REASONS, E.PUBLIC_INTEREST),
            reader=Reader.THIRD_PARTY,
        ),
        LetterRow(
            K.FEE,
            Text("政府信息公开信息处理费收费通知书", "Notice of the processing fee"),
            "费通",
            "条例 42",
            (*_ASKED, E.BASIS, E.STANDARD, E.AMOUNT, E.WAY_OF_PAYMENT, E.PERIOD_ENDS_ON, E.CONSEQUENCE),
        ),
        _reply(K.PUBLISHED, Text("政府信息公开告知书", "Notice of disclosure"), "条例 36(1)", E.ROUTE),
        _reply(K.PROVIDED, Text("政府信息公开告知书", "Notice of disclosure"), "条例 36(2)、40", E.ROUTE),
        _reply(
            K.PARTIAL,
            Text("政府信息部分公开告知书", "Notice of partial disclosure"),
            "条例 37",
            E.ROUTE,
            E.REASONS,
            may=(E.LEGAL_BASIS, E.THIRD_PARTY_REPLY),
        ),
        _reply(
            K.REFUSAL,
            Text("政府信息不予公开告知书", "Notice of refusal"),
            "条例 36(3)",
            E.REASONS,
            E.SEPARABILITY,
            may=(E.LEGAL_BASIS, E.CLASSIFIED_BY, E.THIRD_PARTY_REPLY),
        ),
        _reply(K.INQUIRY, Text("行政查询事项告知书", "Notice of inquiry procedure"), "条例 36(7)", E.REASONS, E.ROUTE),
        _reply(
            K.NOT_EXISTING,
            Text("政府信息不存在告知书", "Notice that the information does not exist"),
            "条例 36(4)",
            E.REASONS,
            E.SEARCH_RECORD,
        ),
        _reply(
            K.OTHER_BODY,
            Text("非本机关政府信息告知书", "Notice that another body is responsible"),
            "条例 36(5)",
            E.REASONS,
            E.COMPETENT_BODY,
        ),
        _reply(
            K.NOT_READY_MADE,
            Text("无现成信息告知书", "Notice that the information would have to be created"),
            "条例 38",
            E.REASONS,
        ),
        _reply(
            K.STILL_UNCLEAR,
            Text("补正后仍不明确告知书", "Notice that the application is still unclear"),
            "条例 30",
            E.SUPPLEMENTED_ON,
            E.REASONS,
        ),
        _reply(
            K.NOT_PROCESSED,
            Text("不予处理告知书", "Notice of not processing"),
            "条例 35、36(6)、39",
            E.REASONS,
            may=(E.ROUTE, E.EARLIER_REPLY, E.ASKED_ON, E.REASONS_ANSWER),
        ),
        _reply(
            K.NO_LONGER,
            Text("不再处理告知书", "Notice of ending the case"),
            "条例 30",
            E.NOTICE,
            E.LAPSED_ON,
            E.REASONS,
        ),
        LetterRow(
            K.TERMINATED,
            Text("终止办理告知书", "Notice of termination"),
            "告",
            "",
            (E.RECEIVED_ON, E.CHANNEL, E.REQUEST, E.RESULT, E.REASONS),
            (E.WITHDRAWN_ON, E.WITHDRAWAL),
        ),
        LetterRow(
            K.SERVICE,
            Text("送达回证", "Proof of service"),
            "",
            "",
            (E.SERVED_DOCUMENT, E.MODE, E.SIGNATURE, E.SERVED_ON),
            (E.POSTAL_NUMBER,),
        ),
    )
}


#: What is handed out or signed on the spot: nobody has to see to it that these leave.
STAYS: Final = frozenset({K.RECEIPT, K.SERVICE})

#: What the law makes of silence and delay, in the words in which it is told. Templates place them, nobody retypes them.
FIXED: Final[dict[tuple[LetterKind, Element], str]] = {
    (K.SUPPLEMENT, E.CONSEQUENCE): "无正当理由逾期不补正的，视为放弃申请，本机关不再处理该政府信息公开申请。",
    (
        K.REASONS,
        E.REASONS_ASKED,
    ): "请说明在上述期间内提出上述数量和频次的政府信息公开申请的理由，并可以附相关证明材料。",
    (K.EXTENSION, E.APPROVAL): "经本机关政府信息公开工作机构负责人同意",
    (K.DELAY, E.APPROVAL): "经本机关政府信息公开工作机构负责人同意",
    (K.THIRD_PARTY, E.REPLY_PERIOD): "自收到本征询书之日起15个工作日内",
    (K.THIRD_PARTY, E.SILENCE): "逾期未提出意见的，由本机关依照《中华人民共和国政府信息公开条例》的规定决定是否公开。",
    (K.CONSULTING, E.EXCLUDED): "征求第三方和其他机关意见所需时间不计算在答复期限内。",
    (K.JOINT_ORGAN, E.REPLY_PERIOD): "自收到本征求意见书之日起15个工作日内",
    (K.JOINT_ORGAN, E.SILENCE): "逾期未提出意见的，视为同意公开。",
    # The law sets other organs no period: one is asked for, and nothing follows from silence.
    (K.OTHER_ORGAN, E.REPLY_PERIOD): "于收到本函之日起15个工作日内",
    (
        K.OTHER_ORGAN,
        E.SILENCE,
    ): "未收到贵机关意见的，由本机关依照《中华人民共和国政府信息公开条例》的规定决定是否公开。",
    (K.FEE, E.BASIS): (
        "《中华人民共和国政府信息公开条例》第四十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"
    ),
    (K.FEE, E.CONSEQUENCE): "逾期未缴纳的，视为放弃申请，本机关不再处理该政府信息公开申请。",
}


def formal(law: str) -> str:
    """A citation of the tables as a document prints it: ``条例 36(3)`` is 第三十六条第（三）项 of the full title."""
    source, _, places = law.partition(" ")
    title = _TITLES.get(source)
    if title is None or not places:
        return law
    return title + "、".join(_place(place) for place in places.split("、"))


def _place(place: str) -> str:
    article, *parts = place.replace(")", "").split("(")
    name = f"第{_figure(int(article))}条"
    if not parts:
        return name
    # Article 36 is a list of items; what the other articles number are their paragraphs.
    form = "第（{}）项" if int(article) in _OF_ITEMS else "第{}款"
    return name + "、".join(form.format(_figure(int(part))) for part in parts)


def _figure(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


_DIGITS: Final = "〇一二三四五六七八九"
_OF_ITEMS: Final = frozenset({36})
_TITLES: Final = {
    "条例": "《中华人民共和国政府信息公开条例》",
    "国办函〔2020〕109号": "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
}
