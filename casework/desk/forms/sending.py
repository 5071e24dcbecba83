"""How documents leave and arrive (国办公开办函〔2016〕235号)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.desk.forms.acts import ActForm, Note, date_field, dated, files, sure
from casework.fields import Choice, Line, Lines
from casework.law.letters import Reader
from casework.models import Case, Delivery, DispatchMode, Letter
from casework.templatetags.words import day, read

#: What goes by post has not left yet.
MADE: Final = _("文书已经制作，现在还没有生效。请打印交邮，然后在“登记送出文书”中填写邮件号码和日期。")
_WANTED: Final = {"online": DispatchMode.ONLINE, "email": DispatchMode.EMAIL, "post": DispatchMode.POST}


def titled(letter: Letter) -> str:
    """A letter by its title and number."""
    named = {"title": read(letter.row.title), "number": letter.number}
    return gettext("《%(title)s》%(number)s") % named


def wanted_mode(case: Case) -> str:
    """The way by which the applicant wants to be written to (条例 29(2)(三)); empty where they did not say."""
    return _WANTED.get(case.wanted_way, "")


def mode_field(in_person: StrOrPromise, *, post: StrOrPromise = "") -> Choice:
    """The four ways, each with what the law says about it."""
    return Choice(
        label=_("怎样送出"),
        missing=_("请选择怎样送出。"),
        choices=DispatchMode.choices,
        explained={
            DispatchMode.ONLINE.value: _("申请人凭登记编号和查询码在本网站查看、下载。"),
            DispatchMode.EMAIL.value: _("发到申请人的电子邮箱。"),
            DispatchMode.POST.value: post
            or _("只能由邮政企业寄送，不得使用快递，以交邮之日为答复之日（235号 二、四）。"),
            DispatchMode.IN_PERSON.value: in_person,
        },
    )


def postal_number_field() -> Line:
    return Line(
        label=_("邮件号码"),
        help_text=_("邮寄的必须填写。"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )


def witness_field() -> Lines:
    return Lines(
        label=_("拒绝签收、留置送达的情况"),
        help_text=_("申请人拒绝签收的，写明时间、地点、拒收事由和见证人，或者拍照、录像的情况（参照民事诉讼法 89）。"),
        limit=2000,
        rows=3,
        required=False,
    )


class LeavingForm(ActForm):
    """An act that is carried out by a letter: at once, or, when it goes by post, on the day on which it is posted."""

    mode = mode_field(
        _("文书现在制作，今天当面交给对方。"),
        post=_("文书现在制作；打印交邮以后再登记送出，以交邮之日为准。只能由邮政企业寄送（235号 二、四）。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "mode"])
        self.initial.setdefault("mode", wanted_mode(self.case))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"mode": DispatchMode(facts["mode"])}

    def done(self) -> StrOrPromise:
        if self.cleaned_data["mode"] == DispatchMode.POST:
            return MADE
        return ""


class SendForm(ActForm):
    """A letter that lay ready has left: its act takes effect on that day."""

    letter = Choice(label=_("送出的文书"), missing=_("请选择送出了哪一份文书。"))
    mode = mode_field(_("当面交给对方，由对方签收。"), post=_("以交邮之日为准，只能由邮政企业寄送（235号 二、四）。"))
    on = date_field(_("送出日期"), hint=_("交邮、签收或者发出的当天。文书所告知的事项自这一天起生效。"))
    postal_number = postal_number_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {str(letter.pk): letter for letter in self.case.letters.not_sent().filter(decision=None)}
        field = self.fields["letter"]
        field.choices = [  # type: ignore[attr-defined]
            (key, titled(letter)) for key, letter in self.ready.items()
        ]
        self.initial.setdefault("mode", DispatchMode.POST)
        if len(self.ready) == 1:
            self.initial.setdefault("letter", next(iter(self.ready)))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        chosen: Letter = self.ready[facts["letter"]]
        return facts | {"letter": chosen, "mode": DispatchMode(facts["mode"])}


class DispatchForm(ActForm):
    """How and when the reply left, which closes the case (国办公开办函〔2016〕235号)."""

    mode = mode_field(_("以申请人签收之日为答复之日（235号 四）。"))
    on = date_field(_("送出日期"), hint=_("交邮、签收或者发出的当天。本件在这一天办结。"))
    postal_number = postal_number_field()
    witness = witness_field()
    document_number = Line(
        label=_("答复文号"), limit=80, required=False, widget=forms.TextInput(attrs={"class": "middle"})
    )
    sure = sure(_("答复已经送出，或者现在就从网上发出。送出以后本件办结，不能撤销。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision = self.case.current_decision
        self.initial.setdefault("document_number", decision.document_number if decision else "")
        self.initial.setdefault("mode", wanted_mode(self.case))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"mode": DispatchMode(facts["mode"])}

    def notes(self) -> list[Note]:
        due = self.case.due()
        if due.due_on and self.today > due.due_on:
            late = gettext("最迟答复日%(date)s已经过了。今天送出的是逾期答复，送出日期应当如实填写。")
            return [Note(late % {"date": dated(due)}, "grave")]
        return []


class _AttemptForm(ActForm):
    """Something about an attempt to serve a document; which one is asked only where there are several."""

    delivery = Choice(label=_("哪一份文书"), missing=_("请选择是哪一份文书。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = self.case.deliveries.latest_of_each().select_related("letter", "decision")
        self.attempts = {str(sent.pk): sent for sent in latest if self.fits(sent)}
        if len(self.attempts) == 1:
            del self.fields["delivery"]
        else:
            self.fields["delivery"].choices = [  # type: ignore[attr-defined]
                (key, _named(sent)) for key, sent in self.attempts.items()
            ]

    def fits(self, sent: Delivery) -> bool:
        """Whether the act makes sense for this attempt."""
        return True

    @property
    def only(self) -> Delivery | None:
        """The attempt that is meant, where there is no choice."""
        return next(iter(self.attempts.values())) if len(self.attempts) == 1 else None

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"delivery": self.only or self.attempts[facts["delivery"]]}

    def notes(self) -> list[Note]:
        return [Note(_named(self.only))] if self.only else []


class RecordDeliveryForm(_AttemptForm):
    """The day on which the applicant received a document; recorded a second time it is a correction."""

    on = date_field(_("送达日期"), hint=_("申请人收到的日期。复议、诉讼的期限自知道答复之日起算。"))
    reason = Lines(
        label=_("更正的理由"),
        help_text=_("已经登记过送达日期、现在更正的，必须填写。"),
        limit=2000,
        rows=3,
        required=False,
    )
    uploads = files(_("送达凭证"))

    def fits(self, sent: Delivery) -> bool:
        # What others received starts their own time to answer and has a verb of its own.
        theirs = sent.letter is None or sent.letter.row.reader is Reader.APPLICANT
        return theirs and not sent.came_back


class RecordReturnForm(_AttemptForm):
    """A document came back."""

    on = date_field(_("退回日期"), hint=_("邮件退回本机关的日期。"))
    reason = Lines(
        label=_("退回原因"),
        help_text=_("照抄退回单上写的原因，例如“查无此人”“拒收”“逾期未领”。"),
        missing=_("请写明退回原因。"),
        limit=2000,
        rows=3,
    )

    def fits(self, sent: Delivery) -> bool:
        return sent.can_come_back

    def notes(self) -> list[Note]:
        return [
            *super().notes(),
            Note(gettext("退回不影响办结：送出日期和是否按时答复都不变（235号 四），但要重新送达。")),
        ]


class RedispatchForm(_AttemptForm):
    """What came back leaves again."""

    mode = mode_field(_("由申请人签收。拒绝签收的，可以留置。"))
    on = date_field(_("送出日期"))
    postal_number = postal_number_field()
    witness = witness_field()

    def fits(self, sent: Delivery) -> bool:
        return sent.came_back

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"mode": DispatchMode(facts["mode"])}

    def notes(self) -> list[Note]:
        sent = self.only
        if sent is None:
            return []
        told = {"date": day(sent.returned_on), "reason": sent.return_reason}
        return [*super().notes(), Note(gettext("%(date)s退回：%(reason)s") % told, "warning")]


class FileProofForm(_AttemptForm):
    """The signed proof of service, scanned, or the carrier's."""

    uploads = files(_("送达凭证"))


def _named(sent: Delivery) -> str:
    """The document, the day and the way of an attempt."""
    told = {
        "letter": titled(sent.letter) if sent.letter else gettext("答复"),
        "date": day(sent.sent_on),
        "mode": sent.get_mode_display(),
    }
    return gettext("%(letter)s，%(date)s送出（%(mode)s）") % told
