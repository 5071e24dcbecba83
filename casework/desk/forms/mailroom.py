"""The log of the mail room: a line for each piece, filled in several times a day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.desk.forms.acts import DeskForm, date_field
from casework.fields import Line, Lines
from casework.law.receipt import Channel as LawChannel
from casework.models import Agency, Channel, Staff


class LogForm(DeskForm):
    """One piece as it came in."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("收件机关"),
        empty_label=None,
        error_messages={"required": _("请选择收件机关。"), "invalid_choice": _("没有这个机关，请重新选择。")},
    )
    arrived_on = date_field(_("收到日期"))
    channel = forms.ChoiceField(
        label=_("渠道"),
        choices=[choice for choice in Channel.choices if choice[0] != LawChannel.ONLINE.value],
        error_messages={"required": _("请选择渠道。"), "invalid_choice": _("请选择渠道。")},
    )
    sender = Line(label=_("寄件人"), help_text=_("照信封上写的。"), limit=200, required=False)
    postal_number = Line(
        label=_("邮件号码"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off", "spellcheck": "false"}),
    )
    received_by = Line(label=_("签收人"), missing=_("请填写签收人。"), limit=80)
    forwarded_by = Line(label=_("转送机关"), limit=200, required=False)
    forwarded_on = date_field(_("转送日期"), required=False)
    note = Line(label=_("备注"), limit=2000, required=False)

    def __init__(self, *args: Any, by: Staff, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = access.agencies_for(by, access.AgencyAct.LOG_MAIL)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.initial = {
            "arrived_on": on.isoformat(),
            "channel": LawChannel.SIGNED_MAIL.value,
            "received_by": by.get_full_name(),
            **self.initial,
        }
        if len(only := agencies[:2]) == 1:
            self.initial["agency"] = only[0]
            self.fields["agency"].disabled = True

    def facts(self) -> dict[str, Any]:
        """The arguments of ``log_arrival``."""
        return self.cleaned_data | {"channel": LawChannel(self.cleaned_data["channel"])}


class HandOverForm(DeskForm):
    """Who gave it to the office; whoever sends the form has taken it."""

    from_whom = Line(label=_("交件人"), missing=_("请填写交件人。"), limit=80)


class CloseForm(DeskForm):
    """Why it is not registered."""

    reason = Lines(
        label=_("不作为申请登记的理由"),
        help_text=_("例如：是信访件，已转信访科；是广告；重复登记的收件。"),
        missing=_("请写明不作为申请登记的理由。"),
        limit=500,
        rows=3,
    )
