"""Where personal data lies: model and column → kind; and why every other text holds none."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from casework.law.words import Text


class DataKind(StrEnum):
    """What is kept for its own time (个人信息保护法 19) and erased together."""

    IDENTITY = "identity"
    CONTACT = "contact"
    NAME = "name"
    TEXT = "text"


KINDS: Final[dict[DataKind, Text]] = {
    DataKind.IDENTITY: Text("证件号码", "identity numbers"),
    DataKind.CONTACT: Text("联系方式和发出的消息", "ways of contact, and messages sent"),
    DataKind.NAME: Text("姓名、名称和记录中的姓名", "names, also those in the record of events"),
    DataKind.TEXT: Text("申请内容、材料、文书和附件", "texts, records, letters and attachments"),
}
ID, C, N, T = DataKind.IDENTITY, DataKind.CONTACT, DataKind.NAME, DataKind.TEXT


@dataclass(frozen=True, slots=True)
class Place:
    """One table: how its rows are found from a case, and the kind of each personal column.

    ``rows``: with which kind the whole row goes, where nothing of it is worth keeping.
    """

    case: str
    columns: dict[str, DataKind] = field(default_factory=dict)
    rows: DataKind | None = None


_IDENTITY: Final = {"identity_sealed": ID, "identity_index": ID, "identity_kind": ID, "name": N}
PERSONAL: Final[dict[str, Place]] = {
    "casework.Applicant": Place(
        "case",
        {**_IDENTITY, "contact_person": C, "phone": C, "email": C, "address": C, "contact": C},
    ),
    "casework.CoApplicant": Place("applicant__case", {**_IDENTITY, "contact": C}),
    "casework.Agent": Place("applicant__case", {**_IDENTITY, "phone": C, "scope": T}),
    "casework.Case": Place(
        "pk",
        {"query_code_hash": ID, "ledger_mark": ID, "registration_key": ID, "subject": T, "content": T, "note": T},
    ),
    "casework.Acknowledgement": Place("case", {"sealed": N}),
    "casework.Decision": Place("case", {"statements": T, "remark": T}),
    "casework.Clearance": Place("decision__case", {"remark": T}),
    "casework.ClassifiedFinding": Place("decision__case", {"basis": T}),
    "casework.Arrival": Place("case", {"sender": N, "note": T, "sealed": N}),
    "casework.Consultation": Place(
        "case",
        {"name": N, "email": C, "address": C, "summary": T, "parts": T, "opinion": T, "judgement_reasons": T}
        | {"public_interest": T, "decided_content": T, "cancel_reason": T},
    ),
    "casework.Document": Place("case", {"name": T, "file": T}),
    "casework.Assistance": Place("case", {"question": T, "answer": T, "reason": T}),
    "casework.CaseLink": Place("later", {"reason": T}),
    "casework.Supplement": Place("case", {"lacks": T, "excerpts": T, "unclear": T, "answer": T}),
    "casework.Extension": Place("case", {"reason": T}),
    "casework.ExtensionRequest": Place("case", {"reason": T, "remark": T}),
    "casework.Delay": Place("case", {"reason": T}),
    "casework.FeeNotice": Place("case", {"cancel_reason": T}),
    "casework.ReasonsRequest": Place("case", {"why": T, "answer": T, "grounds": T}),
    "casework.Letter": Place("case", {"facts": T, "content": T, "pdf": T, "docx": T, "void_reason": T}),
    "casework.Delivery": Place("case", {"postal_number": C, "witness": N, "return_reason": T}),
    "casework.Dispute": Place("case", {"about": T, "complainant": N}),
    "casework.Draft": Place("case", rows=N),
    "casework.Material": Place("document__case", {"working": T}),
    "casework.Area": Place("material__document__case", {"remark": T}),
    "casework.Release": Place("material__document__case", {"name": T, "file": T, "findings": T}),
    "casework.CaseNote": Place("case", {"text": T, "strike_reason": T}),
    "casework.Rating": Place("decision__case", {"comment": T}),
    "casework.LikeReply": Place("case", {"statement": T}),
    "casework.KeptCase": Place("case", rows=C),
    # By the chain's own door, whole rows at a time: see ``erasing``.
    "casework.Event": Place("case", {"payload": N}),
    "casework.DisputeStep": Place("dispute__case", {"words": N, "reason": N}),
    # The keyed hash of an identity number, by which the same applicant proposes a topic once.
    "casework.Voice": Place("case", {"applicant": ID}),
    # By their reference to the case: the outbox knows nothing of cases.
    "notifications.Message": Place("", rows=C),
}
#: 更正请求 (条例 41), a file of its own beside the cases: its time runs from the day on which it was closed.
OF_CORRECTIONS: Final[dict[str, Place]] = {
    "casework.RecordCorrection": Place(
        "pk",
        {**_IDENTITY, "query_code_hash": ID, "form_key": ID, "phone": C, "email": C, "address": C}
        | {"record": T, "wrong": T, "right": T, "grounds": T, "asked": T, "reply": T},
    ),
    "casework.Evidence": Place("correction", {"name": T, "file": T}),
    "casework.CorrectionEvent": Place("correction", {"payload": N}),
    "notifications.Message": Place("", rows=C),
}
#: 主动公开建议 (条例 44): its time runs from the day of the decision. The topic is what an applicant had typed; title
#: and reason are the office's own words, shown to everybody.
OF_PROPOSALS: Final[dict[str, Place]] = {
    "casework.Proposal": Place("pk", {"topic": T}),
    "casework.Voice": Place("proposal", {"applicant": ID, "visitor": ID}),
    "notifications.Message": Place("", rows=C),
}

#: Texts of these columns can't hold an applicant's data, or are kept for another duty; why.
_CODE: Final = "a code, a number or a digest"
_OFFICE: Final = "of an office or a member of staff in office; kept as its own record"
_PUBLIC: Final = "public already"
_FORGOTTEN: Final = "forgotten by itself within days (Django's sessions, axes, drafts)"
_WATCH: Final = "the record of accesses: kept to show who read what (个人信息保护法 51, 54)"
_INDEX: Final = "an index: whoever erases has it made anew from what is left"
IMPERSONAL: Final[dict[str, str]] = {
    "casework.CalendarEdition": _PUBLIC,
    "casework.Agency": _OFFICE,
    "casework.NumberSeries": _CODE,
    "casework.Applicant.told_by": _CODE,
    "casework.Staff": _OFFICE,
    "casework.Appointment": _OFFICE,
    "casework.FormerPassword": _OFFICE,
    "casework.Case": "numbers, codes and the words of offices; what the figures are counted from",
    "casework.Acknowledgement": "what proves a receipt given: number, office, digest",
    "casework.Decision": _CODE,
    "casework.Clearance": _CODE,
    "casework.ClassifiedFinding": _OFFICE,
    "casework.Delegation": _OFFICE,
    "casework.Arrival": _OFFICE,
    "casework.Consultation": _CODE,
    "casework.Document": _CODE,
    "casework.Assistance": _OFFICE,
    "casework.CaseLink": _CODE,
    "casework.Supplement": _CODE,
    "casework.FeeNotice": _CODE,
    "casework.CountChange": _CODE,
    "casework.LetterTemplate": _OFFICE,
    "casework.Letter": _CODE,
    "casework.Delivery": _CODE,
    "casework.Dispute": _CODE,
    "casework.DisputeStep": _CODE,
    "casework.Draft": _FORGOTTEN,
    "casework.Pairing": _FORGOTTEN,
    "casework.Event": _CODE,
    "casework.Material": _CODE,
    "casework.Area": _CODE,
    "casework.Release": _CODE,
    "casework.Preference": _OFFICE,
    "casework.Choice": _OFFICE,
    "casework.ReceivedReport": _PUBLIC,
    "casework.ChannelAccount": _PUBLIC,
    "casework.Publication": _PUBLIC,
    "casework.RuleDocument": _PUBLIC,
    "casework.StockCount": _PUBLIC,
    "casework.AnnualFigure": _PUBLIC,
    "casework.Explanation": _PUBLIC,
    "casework.AnnualReport": _PUBLIC,
    "casework.ReportStep": _OFFICE,
    "casework.ReportEdition": "figures and case numbers; what was filed stays filed",
    "casework.SavedFilter": _OFFICE,
    "casework.Searchable": _PUBLIC,
    "casework.SettingChange": _OFFICE,
    "casework.Spared": _PUBLIC,
    "casework.StaffChange": _OFFICE,
    "casework.TakenOut": _WATCH,
    "casework.AccessRecord": _WATCH,
    "casework.Salt": _CODE,
    "casework.Seal": _CODE,
    "casework.SealHead": _CODE,
    "casework.LastRun": _CODE,
    "casework.WebhookEndpoint": _OFFICE,
    "casework.WrongCode": _FORGOTTEN,
    "casework.SignInCode": _FORGOTTEN,
    "casework.Remembered": _FORGOTTEN,
    "casework.ApiToken": _OFFICE,
    "casework.ApiAnswer": _FORGOTTEN,
    "casework.Lodgement": _CODE,
    "casework.RecordCorrection": "numbers, codes and the name of the organ to which it was passed on",
    "casework.Evidence": _CODE,
    "casework.CorrectionEvent": _CODE,
    "casework.Proposal": "the office's own words, shown to everybody",
    "casework.Voice": _CODE,
    "casework.DisputedItem": _CODE,
    "casework.Invitation": _OFFICE,
    "casework.Numbering": _OFFICE,
    "casework.OfficeText": _PUBLIC,
    "casework.PublishedReply": _OFFICE,
    "casework.PublishedVersion": _PUBLIC,
    "casework.LikeReply": _CODE,
    "casework.KeptCase": _CODE,
    "casework.TextMark": _INDEX,
    "casework.CaseText": _INDEX,
    "notifications.Message": "the rows go as a whole",
    "auth.Permission": _CODE,
    "auth.Group": _CODE,
    "contenttypes.ContentType": _CODE,
    "sessions.Session": _FORGOTTEN,
    "account.EmailAddress": _OFFICE,
    "account.EmailConfirmation": _OFFICE,
    "mfa.Authenticator": _OFFICE,
    "usersessions.UserSession": _OFFICE,
    "socialaccount.SocialApp": _OFFICE,
    "socialaccount.SocialAccount": _OFFICE,
    "socialaccount.SocialToken": _OFFICE,
    "axes.AccessFailureLog": _FORGOTTEN,
    "axes.AccessAttempt": _FORGOTTEN,
    "axes.AccessLog": _FORGOTTEN,
}
