"""Words for what the payload of an event holds as a key: fields of the record, persons, ties between cases."""

from typing import Any, Final

from casework.law.withholding import WITHHOLDINGS
from casework.law.words import Text

#: The fields that a correction names, by the keys of the record and of the ledger (docs/formats).
FIELDS: Final[dict[str, Text]] = {
    "number": Text("登记编号", "number"),
    "received_on": Text("收到日期", "day of receipt"),
    "arrived_on": Text("到达日期", "day of arrival"),
    "confirmed_on": Text("与申请人确认的日期", "day of confirmation"),
    "channel": Text("申请渠道", "channel"),
    "applicant_kind": Text("申请人类型", "kind of applicant"),
    "applicant_name": Text("申请人", "applicant"),
    "name": Text("姓名或者名称", "name"),
    "contact_person": Text("联系人", "contact person"),
    "identity_kind": Text("证件类型", "kind of document"),
    "identity_number": Text("证件号码", "identity number"),
    "phone": Text("电话", "telephone"),
    "email": Text("电子邮箱", "e-mail"),
    "address": Text("通信地址", "address"),
    "contact": Text("联系方式", "contact"),
    "subject": Text("信息的名称、文号或者其他特征", "name or number of the information"),
    "content": Text("申请内容", "request"),
    "wanted_form": Text("提供形式", "form wanted"),
    "wanted_way": Text("获取方式", "way wanted"),
    "supplement_requested_on": Text("补正告知日期", "day the supplement was asked for"),
    "supplement_received_on": Text("补正收到日期", "day the supplement was received"),
    "extension_days": Text("延期天数", "days of extension"),
    "outcome": Text("办理结果", "outcome"),
    "closed_on": Text("答复日期", "day of reply"),
    "document_number": Text("答复文号", "document number"),
    "note": Text("备注", "note"),
}
#: Who typed for the applicant, and how the applicant then read it and sent it.
HELPERS: Final[dict[str, Text]] = {
    "family": Text("家人、朋友", "Family or a friend"),
    "community": Text("社区工作人员或者社会工作者", "A community or social worker"),
    "window": Text("窗口工作人员", "A clerk at the window"),
    "other": Text("他人", "Somebody else"),
}
SENT_BY: Final[dict[str, Text]] = {
    "phone": Text("在自己的设备上阅读全文", "read all of it on a device of their own"),
    "screen": Text("当面阅读全文或者听读全文", "read it, or had it read out, on the spot"),
}
WHOSE: Final[dict[str, Text]] = {
    "applicant": Text("申请人", "the applicant"),
    "coapplicant": Text("共同申请人", "a joint applicant"),
    "agent": Text("代理人", "the agent"),
}
LINKS: Final[dict[str, Text]] = {
    "duplicate_of": Text("先收到的同一申请", "the same application, which came first"),
    "repeats": Text("已经答复过的同一申请", "the same application, answered already"),
}


def field_words(fields: Any) -> Text:
    """The names of fields in a list; an event of an earlier release holds them in Chinese alone."""
    if isinstance(fields, str):
        return Text(fields, fields)
    found = [FIELDS[name] for name in fields]
    return Text("、".join(text.zh for text in found), ", ".join(text.en for text in found))


def in_a_row(numbers: list[str]) -> Text:
    """Numbers of cases in a row."""
    return Text("、".join(numbers), ", ".join(numbers))


#: For whom a file is made.
AUDIENCES: Final[dict[str, Text]] = {
    "applicant": Text("申请人", "the applicant"),
    "public": Text("公众", "the public"),
}


def withheld_because(key: str | list[str]) -> Text:
    """The ground of an area by its key; of a file that was stopped, what was found in it, in both languages."""
    if isinstance(key, list):
        return Text(*key)
    return WITHHOLDINGS[key].words if key in WITHHOLDINGS else Text("—", "—")
