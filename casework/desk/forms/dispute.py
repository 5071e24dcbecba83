"""The forms of reconsideration and suits."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.access import AgencyAct
from casework.desk.forms.acts import DeskForm, Note, date_field, sure
from casework.fields import Choice, Line, Lines
from casework.law.disputes import CORRECTED, FARED, RESULTS, STAGES, DisputeKind, Stage
from casework.models import Agency, Area, Case, Dispute, DisputeStep, Staff
from casework.models import DisputeKind as Kinds
from casework.templatetags.words import day, read

_MIDDLE = {"class": "middle"}


def _docket() -> Line:
    widget = forms.TextInput(attrs=_MIDDLE)
    return Line(label=_("案号"), help_text=_("还没有案号的，以后补登。"), limit=80, required=False, widget=widget)


def _order_by() -> forms.Field:
    hint = _("决定、裁判写明的重新答复期限的最后一天；没有写明的不填。")
    return date_field(_("限期重新作出答复"), hint=hint, required=False)


class RecordDisputeForm(DeskForm):
    """A notice has come: about a case, or about something that is no case of this system."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("机关"),
        error_messages={"required": _("请选择机关。"), "invalid_choice": _("没有这个机关，请重新选择。")},
        empty_label=None,
    )
    kind = Choice(
        label=_("类别"),
        choices=Kinds.choices,
        missing=_("请选择是行政复议、直接起诉还是复议后起诉。"),
    )
    on = date_field(_("收到日期"), hint=_("收到复议答复通知书、应诉通知书（含副本）之日，本机关的答复期限由此起算。"))
    organ = Line(
        label=_("复议机关、法院"),
        missing=_("请填写复议机关或者法院。"),
        limit=200,
        widget=forms.TextInput(attrs=_MIDDLE),
    )
    docket_number = _docket()
    complainant = Line(
        label=_("申请人、原告"),
        missing=_("请填写复议申请人或者原告。"),
        limit=200,
        widget=forms.TextInput(attrs=_MIDDLE),
    )
    simplified = forms.BooleanField(
        label=_("行政复议适用简易程序（答复期限为5个工作日，行政复议法 54）"), required=False
    )
    after = forms.ModelChoiceField(
        Dispute.objects.none(),
        label=_("经过的复议"),
        required=False,
        empty_label=_("不在本系统，或者不是复议后起诉"),
        help_text=_("复议后起诉的，选择经过的复议。"),
        error_messages={"invalid_choice": _("没有这件复议，请重新选择。")},
    )
    about = Lines(label=_("争议事项"), limit=5000, rows=3, required=False)

    def __init__(self, *args: Any, by: Staff, on: date, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        mine = access.agencies_for(by, AgencyAct.RECORD_DISPUTES)
        reviews = access.disputes_visible_to(by).filter(kind=Kinds.RECONSIDERATION.value).prefetch_related("steps")
        if case is not None:
            del self.fields["agency"]
            reviews = reviews.filter(case=case)
            self.fields["about"].help_text = _("对答复以外的事项有争议的，写明。")
            known = {"organ": case.agency.review_organ or "—", "court": case.agency.court or "—"}
            self.fields["organ"].help_text = gettext("本机关设置的复议机关是%(organ)s，管辖法院是%(court)s。") % known
            self.initial.setdefault("complainant", case.applicant.names[:200])
        else:
            self.fields["agency"].queryset = mine  # type: ignore[attr-defined]
            reviews = reviews.filter(case=None, agency__in=mine)
            self.fields["about"].required = True
            self.fields["about"].help_text = _(
                "不在本系统的申请，写明收到和答复的日期、文号；主动公开方面的争议，写明是什么。"
            )
            self.fields["about"].error_messages["required"] = _("请写明争议的是什么。")
        self.fields["after"].queryset = reviews  # type: ignore[attr-defined]
        self.initial.setdefault("on", on.isoformat())

    def notes(self) -> list[Note]:
        """What to look at before it is recorded."""
        if self.case is None:
            return []
        standing = [each for each in self.case.disputes.prefetch_related("steps") if each.is_pending]
        if not standing:
            return []
        many = gettext("本件已有没有审结的复议或者诉讼，同一件的进展请在那里登记，不要再登记一次。")
        return [Note(many, "warning")]

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        facts = dict(self.cleaned_data)
        return facts if self.case is None else {"agency": self.case.agency, "case": self.case, **facts}


class _StepForm(DeskForm):
    """What is said of one step."""

    on = date_field(_("日期"))
    result = forms.ChoiceField(
        label=_("结果"), required=False, error_messages={"invalid_choice": _("没有这种结果，请重新选择。")}
    )
    order_by = _order_by()
    organ = Line(
        label=_("复议机关、法院"),
        help_text=_("二审、再审的，填写上级法院；没有变化的不填。"),
        limit=200,
        required=False,
        widget=forms.TextInput(attrs=_MIDDLE),
    )
    docket_number = _docket()
    words = Lines(label=_("说明"), limit=5000, rows=3, required=False)

    def __init__(self, *args: Any, dispute: Dispute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispute = dispute
        kind = DisputeKind(dispute.kind)
        results = [(row.result.value, read(row.words)) for row in RESULTS.values() if kind in row.kinds]
        self.fields["result"].choices = [("", _("没有结果")), *results]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return dict(self.cleaned_data)


class StageForm(_StepForm):
    """What happened next."""

    stage = Choice(label=_("环节"), missing=_("请选择环节。"))
    field_order = ("stage", "on", "result", "order_by", "organ", "docket_number", "words")

    def __init__(self, *args: Any, dispute: Dispute, on: date, **kwargs: Any) -> None:
        super().__init__(*args, dispute=dispute, **kwargs)
        kind = DisputeKind(dispute.kind)
        rows = [row for row in STAGES.values() if row.typed and kind in row.kinds]
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            (row.stage.value, read(row.words)) for row in rows if row.stage is not Stage.CONVERTED or dispute.simplified
        ]
        self.fields["result"].help_text = _("作出决定、裁判的，选择结果。")
        self.initial.setdefault("on", on.isoformat())


class PlacesForm(DeskForm):
    """Each withheld place of the reply: whether it is contested, and after a correction how it fared."""

    def __init__(self, *args: Any, dispute: Dispute, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas
        now = dispute.standing
        choices: list[tuple[str, Any]] = [("no", _("没有争议")), ("", _("有争议"))]
        if now is not None and now.row is not None and now.row.column == CORRECTED:
            choices += [(fared.value, read(words)) for fared, words in FARED.items()]
        kept = {item.area_id: item.fared for item in dispute.items.all()}
        for area in areas:
            whole = gettext("（整页）") if area.whole else ""
            told = {"page": area.page, "number": area.number, "whole": whole, "why": read(area.why.words)}
            self.fields[f"area_{area.pk}"] = Choice(
                label=gettext("第%(page)s页%(whole)s编号%(number)s：%(why)s") % told,
                help_text=area.material.document.name,
                choices=choices,
                required=False,
                asked=True,
                initial=kept.get(area.pk, "no"),
            )

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = {area.pk: self.cleaned_data[f"area_{area.pk}"] for area in self.areas}
        return {"items": {pk: fared for pk, fared in said.items() if fared != "no"}}


class CorrectStepForm(_StepForm):
    """One step as it should have been recorded."""

    reason = Lines(label=_("更正的理由"), missing=_("请写明更正的理由。"), limit=5000, rows=3)

    def __init__(self, *args: Any, step: DisputeStep, **kwargs: Any) -> None:
        super().__init__(*args, dispute=step.dispute, **kwargs)
        if step.stage != Stage.DECIDED:
            del self.fields["result"], self.fields["order_by"]
        if step.stage == Stage.RECEIVED:
            self.fields["organ"].help_text = ""
        self.initial = {
            **self.initial,
            "on": step.on.isoformat(),
            "result": step.result,
            "order_by": step.order_by.isoformat() if step.order_by else "",
            "organ": step.organ,
            "docket_number": step.docket_number,
            "words": step.words,
        }


class StrikeOutForm(DeskForm):
    """A step never happened."""

    reason = Lines(label=_("作废的理由"), missing=_("请写明作废的理由。"), limit=5000, rows=3)
    sure = sure(_("确认作废。作废的登记留在记录里，不再计入表四，不能恢复。"))

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return {"reason": self.cleaned_data["reason"]}


class ReopenForm(DeskForm):
    """A linked file is opened, under which the application is decided again."""

    received_on = date_field(_("收到决定、裁判之日"), hint=_("重新答复的期限从这一天起算，为20个工作日（条例 33）。"))
    sure = sure(_("确认另立案卷。申请人会收到通知；新案卷不计入表三，原来的办理结果和年度数字不变。"))

    def __init__(self, *args: Any, dispute: Dispute, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispute = dispute
        self.initial.setdefault("received_on", on.isoformat())

    def notes(self) -> list[Note]:
        """The day that the decision itself sets comes first."""
        if self.dispute.order_by is None:
            return []
        ordered = gettext("决定、裁判限定在%(date)s以前重新作出答复，早于法定期限的，以它为准。")
        return [Note(ordered % {"date": day(self.dispute.order_by)}, "warning")]

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return {"received_on": self.cleaned_data["received_on"]}
