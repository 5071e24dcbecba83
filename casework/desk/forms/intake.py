"""Acts on what was registered: confirming, splitting, linking, forwarding and correcting it."""

import contextlib
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access, annual
from casework.actions.application import LONGEST_CONTENT
from casework.actions.receipt import correctable, recorded, would_count
from casework.actions.related import Matter
from casework.desk.forms.acts import ActForm, Note, date_field, read_lazily
from casework.desk.likeness import likely_same
from casework.fields import Choice, Email, Line, Lines, Name, Phone
from casework.law.outcomes import KINDS
from casework.law.receipt import Channel as LawChannel
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, Channel, Form, IdentityKind, Way
from casework.models.eventwords import FIELDS
from casework.templatetags.words import day, read

#: Besides the one that stays; more are split in a second go.
OTHERS: Final = 4


class RecordAttemptForm(ActForm):
    """The applicant could not be reached (207号 一.2)."""

    on = date_field(_("联系日期"))
    how = Line(
        label=_("怎样联系的"),
        help_text=_("例如：拨打申请书上的电话，无人接听。"),
        missing=_("请写明怎样联系的。"),
        limit=200,
    )
    note = Line(label=_("情况"), limit=500, required=False)

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext(
                    "联系上以前，暂以到达之日%(date)s为收到之日。"
                    "恢复联系后请办理“登记双方确认”，收到之日改为确认之日（207号 一.2）。"
                )
                % {"date": day(self.case.arrived_on)}
            )
        ]


class ConfirmReceiptForm(ActForm):
    """Both sides agree that it was received (条例 31)."""

    on = date_field(_("双方确认日期"))
    how = Line(
        label=_("怎样确认的"),
        help_text=_("由谁、以什么方式与申请人确认，例如：王敏电话确认。"),
        missing=_("请写明怎样确认的。"),
        limit=200,
    )
    reason = Lines(
        label=_("没有在到达当日确认的理由"),
        help_text=_("到达当日联系过、没有联系上并且已经登记的，不用再写。"),
        limit=500,
        required=False,
        rows=3,
    )

    def notes(self) -> list[Note]:
        told = {"date": day(self.case.arrived_on)}
        notes = [Note(gettext("%(date)s到达。确认之日为收到申请之日，期限随之重新计算（条例 31）。") % told)]
        if self.today > self.case.arrived_on:
            late = gettext("条例第三十一条要求收到当日确认。确认晚于到达的，理由存卷备查。")
            notes.append(Note(late, "warning"))
        return notes


class SplitForm(ActForm):
    """Several matters in one application (国办函〔2020〕109号 4: 一事一申请)."""

    reason = Line(label=_("拆分的理由"), limit=500, missing=_("请写明拆分的理由。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(OTHERS + 1):
            required = place <= 1
            label = _("本件保留的一项") if place == 0 else format_lazy(_("另立的第{place}项"), place=place)
            self.fields[f"content_{place}"] = Lines(
                label=label,
                limit=LONGEST_CONTENT,
                required=required,
                missing=_("请填写这一项申请的内容。"),
                rows=4,
                initial=self.case.content if place == 0 else "",
            )
        self.order_fields([*(f"content_{place}" for place in range(OTHERS + 1)), "reason"])

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext(
                    "每一项照申请书原文录入。另立的各件收到日期、答复期限与本件相同，各有登记编号，用同一个查询码查询；"
                    "年度报告每件都计入新收。"
                )
            ),
        ]

    def facts(self) -> dict[str, Any]:
        written = self.cleaned_data
        kept, *others = [written[f"content_{place}"] for place in range(OTHERS + 1)]
        return {
            "kept": Matter(content=kept, subject=self.case.subject if kept == self.case.content else ""),
            "others": [Matter(content=content) for content in others if content],
            "reason": written["reason"],
        }


class LinkDuplicateForm(ActForm):
    """The application that came first, by its number."""

    earlier = Line(
        label=_("先收到的那一件的登记编号"),
        missing=_("请填写登记编号。"),
        limit=80,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )
    reason = Line(
        label=_("怎样看出是同一申请"),
        help_text=_("例如：同一份申请书，先以邮件发来，后又寄来原件。"),
        missing=_("请写明怎样看出是同一申请。"),
        limit=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.likely = [same for same in likely_same(self.case) if same.received_on <= self.case.received_on]
        if self.likely:
            self.initial.setdefault("earlier", self.likely[0].number)

    def notes(self) -> list[Note]:
        notes = [
            Note(
                gettext(
                    "关联不办结任何一件。先收到的还没有答复的，后收到的一件以“其他”办结或者由申请人撤回；"
                    "已经答复的，可以答复“重复申请”（条例 36）。"
                )
            )
        ]
        if self.likely:
            listed = gettext("、").join(same.number for same in self.likely)
            notes.append(Note(gettext("可能是同一申请的：%(numbers)s") % {"numbers": listed}))
        return notes

    def clean_earlier(self) -> Case:
        number = self.cleaned_data["earlier"]
        cases = access.visible_to(self.by).filter(agency=self.case.agency_id, number=number)
        found: Case | None = cases.select_related("applicant", "agency").order_by("-received_on").first()
        if found is None:
            raise ValidationError(gettext("没有找到这件申请。"))
        return found


class TransferForm(ActForm):
    """Another agency of this deployment, and the applicant's consent."""

    to = Line(
        label=_("转送哪个机关"),
        help_text=_("填写机关的全称或者代码，限于使用本系统的机关。"),
        missing=_("请填写机关。"),
        limit=120,
    )
    consent = Lines(
        label=_("申请人的同意"),
        help_text=_("何时、以什么方式同意的。没有同意的不转送，只告知申请人。"),
        missing=_("请写明申请人何时、怎样同意的。"),
        limit=500,
        rows=3,
    )

    def notes(self) -> list[Note]:
        decision = self.case.current_decision
        notes = [
            Note(
                gettext(
                    "告知以后没有转送的义务，这是便民。本件在本机关仍计入“本机关不掌握相关政府信息”，"
                    "对方登记后计入对方的新收，以转到之日为收到之日。对方只看到申请本身，看不到本件的办理情况。"
                )
            )
        ]
        if decision is not None and (told := decision.statements.get("competent_body")):
            notes.append(Note(gettext("答复中告知的机关：%(body)s") % {"body": told}))
        return notes

    def clean_to(self) -> Agency:
        typed = self.cleaned_data["to"]
        agencies = Agency.objects.open_to_applications()
        found = agencies.filter(code=typed).first() or agencies.filter(name=typed).first()
        if found is None:
            raise ValidationError(gettext("本系统没有这个机关，请核对全称。"))
        return found


def _words(name: str) -> Any:
    return read_lazily(FIELDS[name])


class CorrectForm(ActForm):
    """Everything that a clerk can have typed wrong; what is left as it is is not touched."""

    channel = Choice(label=_words("channel"), choices=[c for c in Channel.choices if c[0] != LawChannel.ONLINE.value])
    arrived_on = date_field(_words("arrived_on"))
    confirmed_on = date_field(_words("confirmed_on"), required=False)
    applicant_kind = Choice(
        label=_words("applicant_kind"),
        help_text=_("按申请人本人，不按代理人：律师代理个人的，是自然人。"),
        choices=[(kind.value, read_lazily(row.words)) for kind, row in KINDS.items()],
    )
    name = Name(label=_words("name"), missing=_("请填写申请人的姓名或者名称。"), limit=200)
    contact_person = Line(label=_words("contact_person"), limit=80, required=False)
    identity_kind = Choice(
        label=_words("identity_kind"), choices=[("", _("没有提供")), *IdentityKind.choices], required=False, asked=True
    )
    identity_number = Line(
        label=_words("identity_number"),
        help_text=_("不更正的不填。原来的号码不在这里显示。"),
        limit=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off", "spellcheck": "false"}),
    )
    phone = Phone(label=_words("phone"), limit=40, required=False)
    email = Email(label=_words("email"), required=False)
    address = Line(label=_words("address"), limit=300, required=False)
    contact = Line(label=_words("contact"), limit=1000, required=False)
    subject = Line(label=_words("subject"), limit=300, required=False)
    content = Lines(label=_words("content"), missing=_("请填写申请内容。"), limit=LONGEST_CONTENT)
    wanted_form = Choice(
        label=_words("wanted_form"), choices=[("", _("没有写明")), *Form.choices], required=False, asked=True
    )
    wanted_way = Choice(
        label=_words("wanted_way"), choices=[("", _("没有写明")), *Way.choices], required=False, asked=True
    )
    reason = Line(label=_("更正的理由"), missing=_("请写明更正的理由。"), limit=500)
    #: Asked only once it is known that a year's table moves.
    sure = forms.BooleanField(label=_("已经核对以上变动，确认更正。"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moves: list[Text] = []
        allowed = correctable(self.case)
        for name in list(self.fields):
            if name not in ("reason", "sure") and name not in allowed:
                del self.fields[name]
            elif name not in ("reason", "sure", "identity_number"):
                self.initial[name] = recorded(self.case, name)
        if not self.is_bound:
            del self.fields["sure"]

    def clean(self) -> dict[str, Any]:
        """What moves in the tables of which years is shown before it is done."""
        typed = super().clean() or self.cleaned_data
        with contextlib.suppress(Refused):  # the verb says what is wrong with a receipt
            self.moves = annual.moves_of(self.case, would_count(self.case, typed), on=self.today)
        if not self.moves:
            del self.fields["sure"]
        elif not typed.get("sure"):
            self.add_error("sure", gettext("更正会改变年度报告的数字，请核对上面列出的变动，确认无误的，请勾选。"))
        return typed

    def notes(self) -> list[Note]:
        return [
            Note(gettext("只更正录入的差错，前后内容都存入办理经过。日期、渠道更正后，期限重新计算。")),
            Note(gettext("申请人类型更正后，年度报告随之改变；已经报送的年度另行说明。")),
            *(Note(read(move), "warning") for move in self.moves),
        ]

    def facts(self) -> dict[str, Any]:
        changes = {name: self.cleaned_data[name] for name in self.fields if name not in ("reason", "sure")}
        if not changes.get("identity_number"):
            changes.pop("identity_number", None)
        return {"changes": changes, "reason": self.cleaned_data["reason"]}
