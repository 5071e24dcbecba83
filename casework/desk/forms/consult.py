"""Forms of consultation: whom to ask, what they say, what the office makes of it (条例 15, 32, 33(3), 34)."""

from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.actions.consultation_letters import Addressee
from casework.desk.forms.acts import ActForm, Note, date_field, files, read_lazily
from casework.desk.forms.sending import MADE
from casework.fields import Choice, Email, Line, Lines, Words
from casework.law.consultation import CONSULTED, Consulted, Judgement, Position
from casework.models import Consultation, DispatchMode
from casework.templatetags.words import day, read

#: Who can be asked in one go; more are asked in the next.
MOST_AT_ONCE: Final = 5


class ConsultForm(ActForm):
    """Whom to ask, about what, and by what way the letters go (条例 32, 33(3), 34)."""

    summary = Lines(
        label=_("所涉信息概要"),
        help_text=_(
            "写明文件或者信息的名称、内容，让对方知道问的是什么。对方看到的就是这段文字："
            "不要抄申请人的原话，不得出现申请人的姓名、联系方式和登记编号。"
        ),
        missing=_("请写明所涉信息的概要。"),
        limit=5000,
        rows=5,
    )
    mode = Choice(
        label=_("怎样送达"),
        missing=_("请选择怎样送达。"),
        choices=[
            (DispatchMode.EMAIL.value, _("电子邮件，附网上答复的一次性链接")),
            (DispatchMode.IN_PERSON.value, _("当面送达，今天已经收到")),
            (DispatchMode.POST.value, _("邮寄")),
        ],
        explained={
            DispatchMode.EMAIL.value: _("今天发出。对方在网页上阅读文书、答复、上传材料。"),
            DispatchMode.POST.value: _("先制作文书，交邮后再登记邮件号码和交邮日期，自交邮次日起扣除期限。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        summary, mode = self.fields.pop("summary"), self.fields.pop("mode")
        self.fields = {"summary": summary}
        for number in range(1, MOST_AT_ONCE + 1):
            self.fields |= _addressee(number, required=number == 1)
        self.fields["mode"] = mode

    def groups(self) -> list[list[forms.BoundField]]:
        """The fields of each addressee, for the page."""
        names = ("party", "name", "email", "address")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, MOST_AT_ONCE + 1)]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for number in range(1, MOST_AT_ONCE + 1):
            party, name = answers.get(f"party_{number}"), answers.get(f"name_{number}")
            if party and name == "" and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", gettext("请填写第三方或者机关的名称。"))
            if (name or answers.get(f"email_{number}")) and party == "" and f"party_{number}" not in self.errors:
                self.add_error(f"party_{number}", gettext("请选择征求谁的意见。"))
            by_mail = answers.get("mode") == DispatchMode.EMAIL
            if by_mail and name and not answers.get(f"email_{number}") and f"email_{number}" not in self.errors:
                self.add_error(f"email_{number}", gettext("用电子邮件送达的，请填写对方的电子邮箱。"))
        return answers

    def facts(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {
            "summary": answers["summary"],
            "mode": DispatchMode(answers["mode"]),
            "addressees": tuple(
                Addressee(
                    Consulted(answers[f"party_{number}"]),
                    answers[f"name_{number}"],
                    answers[f"email_{number}"],
                    answers[f"address_{number}"],
                )
                for number in range(1, MOST_AT_ONCE + 1)
                if answers[f"name_{number}"]
            ),
        }

    def done(self) -> StrOrPromise:
        return MADE if self.cleaned_data["mode"] == DispatchMode.POST else ""

    def notes(self) -> list[Note]:
        return [
            Note(gettext("征求意见所需时间不计入答复期限，几份同时征求的不重复扣除（条例 33）。")),
            Note(gettext("每一方各得一份文书、各有文号。系统同时制作告知申请人的文书，不告知对象。")),
        ]


def _addressee(number: int, *, required: bool) -> dict[str, forms.Field]:
    """The four questions about one of those asked."""
    return {
        f"party_{number}": Choice(
            label=_("征求谁的意见"),
            missing=_("请选择征求谁的意见。"),
            required=required,
            asked=True,
            choices=[(kind.value, capfirst(read_lazily(row.words))) for kind, row in CONSULTED.items()],
            explained=_EXPLAINED if required else None,
        ),
        f"name_{number}": Line(
            label=_("名称或者姓名"),
            help_text=_("本机关的内设科室不填在这里。"),
            missing=_("请填写第三方或者机关的名称。") if required else "",
            required=required,
            asked=True,
            limit=200,
        ),
        f"email_{number}": Email(label=_("电子邮箱"), required=False),
        f"address_{number}": Line(label=_("通信地址"), required=False, limit=300),
    }


_EXPLAINED: Final[dict[str, Words]] = {
    Consulted.THIRD_PARTY.value: _(
        "公开会损害其合法权益的第三方，15个工作日内答复。逾期不答复的，由本机关依法决定（条例 32）。"
    ),
    Consulted.JOINT_ORGAN.value: _(
        "与本机关共同制作该信息的机关，15个工作日内答复。逾期不答复的，视为同意公开（条例 34）。"
    ),
    Consulted.OTHER_AGENCY.value: _(
        "其他需要征求意见的机关，包括确定是否属于国家秘密的主管部门（条例 17、33）。法律没有规定答复期限，"
        "不答复不产生后果，最多扣除15个工作日。"
    ),
}


class AboutOneForm(ActForm):
    """An act on one of the consultations of the case."""

    consultation = Choice(label=_("哪一份征求意见"), missing=_("请选择是哪一份征求意见。"))

    def among(self, asked: Consultation) -> bool:
        """Whether the act makes sense for this one."""
        return True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open = {str(c.pk): c for c in self.case.consultations.all() if self.among(c)}
        field = self.fields["consultation"]
        field.choices = [  # type: ignore[attr-defined]
            (key, gettext("%(name)s（%(date)s发出）") % {"name": c.name, "date": day(c.sent_on)})
            for key, c in self.open.items()
        ]
        if len(self.open) == 1:
            self.initial.setdefault("consultation", next(iter(self.open)))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"consultation": self.open[facts["consultation"]]}


class RecordServiceForm(AboutOneForm):
    """The day on which they received the letter."""

    on = date_field(_("对方收到日期"), hint=_("对方收到文书的次日起，15个工作日内答复。"))

    def among(self, asked: Consultation) -> bool:
        return asked.delivered_on is None

    def notes(self) -> list[Note]:
        return [Note(gettext("没有登记对方收到日期的，不能认定其逾期未答复。"))]


class RecordOpinionForm(AboutOneForm):
    """The answer of somebody who was consulted, on paper or by telephone with a note."""

    consents = Choice(
        label=_("对方的意见"),
        missing=_("请选择对方的意见。"),
        choices=[
            ("yes", read_lazily(Position.CONSENTS.words)),
            ("partly", read_lazily(Position.PARTLY.words)),
            ("no", read_lazily(Position.REFUSES.words)),
            ("neither", read_lazily(Position.NONE.words)),
        ],
    )
    parts = Lines(
        label=_("同意公开的部分"),
        help_text=_("只同意公开部分内容的填写。"),
        required=False,
        asked=True,
        limit=5000,
        rows=3,
    )
    opinion = Lines(
        label=_("意见和理由"),
        help_text=_("不同意公开的，按原意写明其理由（条例 32：合理理由）。"),
        required=False,
        limit=20_000,
        rows=6,
    )
    delivered_on = date_field(_("征求意见书送达日期"), hint=_("以前没有登记的，在这里补填。"), required=False)
    answered_on = date_field(_("收到意见日期"), hint=_("自下一个工作日起恢复计算期限。"))
    uploads = files(_("答复原件、证明材料"))

    def among(self, asked: Consultation) -> bool:
        return asked.answered_on is None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("answered_on", self.today.isoformat())

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("consents") == "partly" and answers.get("parts") == "":
            self.add_error("parts", gettext("请写明同意公开哪些部分。"))
        return answers

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        if facts["consultation"].delivered_on is not None:
            del facts["delivered_on"]
        said = facts["consents"]
        return facts | {
            "consents": {"yes": True, "partly": True, "no": False, "neither": None}[said],
            "parts": facts["parts"] if said == "partly" else "",
        }


class RevokeLinkForm(AboutOneForm):
    """Which link opens nothing any more."""

    def among(self, asked: Consultation) -> bool:
        return asked.has_link and asked.answered_on is None

    def notes(self) -> list[Note]:
        return [Note(gettext("撤销以后，对方不能再用这个链接答复，仍然可以书面答复，也可以重新生成链接。"))]


class OfferLinkForm(AboutOneForm):
    """For whom to make a link, and whether to mail it."""

    mail = forms.BooleanField(label=_("同时发到对方的电子邮箱"), required=False)

    def among(self, asked: Consultation) -> bool:
        return asked.answered_on is None

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext("链接只显示一次，系统不保存原文。重新生成的，以前的链接随即失效。请只交给对方本人。"), "warning"
            )
        ]


class JudgeObjectionForm(AboutOneForm):
    """What the office makes of a third party's objection (条例 15, 32)."""

    judgement = Choice(
        label=_("判断"),
        missing=_("请选择怎样判断。"),
        choices=[(judgement.value, read_lazily(judgement.words)) for judgement in Judgement],
        explained={
            Judgement.WITHHELD.value: _("不同意公开且有合理理由的，不予公开（条例 32）。"),
            Judgement.UNFOUNDED.value: _("所涉内容不属于商业秘密、个人隐私，公开不会损害其合法权益。"),
            Judgement.OVERRIDDEN.value: _("应当将决定公开的内容和理由书面告知第三方，然后才能送出答复（条例 32）。"),
        },
    )
    reasons = Lines(
        label=_("判断的理由"),
        help_text=_("因公共利益决定公开的，这段文字将告知第三方。"),
        missing=_("请写明判断的理由。"),
        limit=5000,
        rows=4,
    )
    public_interest = Lines(
        label=_("公共利益方面的考虑"),
        help_text=_("因公共利益决定公开的填写：不公开会对公共利益造成什么重大影响。将告知第三方。"),
        required=False,
        asked=True,
        limit=5000,
        rows=4,
    )
    decided_content = Lines(
        label=_("决定公开的内容"),
        help_text=_("因公共利益决定公开的填写。将告知第三方。"),
        required=False,
        asked=True,
        limit=5000,
        rows=3,
    )

    def among(self, asked: Consultation) -> bool:
        return asked.objects_to_disclosure

    def notes(self) -> list[Note]:
        said = [c for c in self.open.values() if c.opinion]
        return [Note(gettext("%(name)s的理由：%(said)s") % {"name": c.name, "said": c.opinion}) for c in said]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("judgement") == Judgement.OVERRIDDEN:
            for name in ("public_interest", "decided_content"):
                if answers.get(name) == "":
                    label = str(self.fields[name].label)
                    self.add_error(name, gettext("请填写“%(what)s”。") % {"what": label})
        return answers

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"judgement": Judgement(facts["judgement"])}


class CancelConsultationForm(AboutOneForm):
    """Why somebody should not have been asked."""

    reason = Lines(label=_("撤销的理由"), missing=_("请写明撤销的理由。"), limit=2000, rows=4)

    def notes(self) -> list[Note]:
        return [
            Note(gettext("只用于误发、误登记的。撤销以后，期限按没有征求过计算，最迟答复日提前；记录保留。"), "warning")
        ]


class InformThirdPartyForm(AboutOneForm):
    """The written notice that something is disclosed for the public interest (条例 32)."""

    mode = Choice(
        label=_("怎样送达"),
        missing=_("请选择怎样送达。"),
        choices=[
            (DispatchMode.IN_PERSON.value, _("当面送达，今天已经收到")),
            (DispatchMode.POST.value, _("邮寄")),
        ],
        explained={DispatchMode.POST.value: _("先制作文书，交邮后再登记邮件号码和交邮日期。")},
    )

    def among(self, asked: Consultation) -> bool:
        return asked.to_be_informed

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {"consultation": facts["consultation"], "mode": DispatchMode(facts["mode"])}

    def done(self) -> StrOrPromise:
        return MADE if self.cleaned_data["mode"] == DispatchMode.POST else ""

    def notes(self) -> list[Note]:
        return [
            Note(gettext("%(name)s：%(words)s") % {"name": c.name, "words": read(Judgement(c.judgement).words)})
            for c in self.open.values()
        ]
