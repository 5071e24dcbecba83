"""Facts of a case in plain fields, and the due date that follows from them. Nothing is stored."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.fields import Day
from casework.law import clock
from casework.law.calendar import Calendar
from casework.law.citation import cited
from casework.law.due import Due
from casework.law.periods import PERIODS, PeriodKind, period_due
from casework.law.receipt import CHANNEL_WORDS, Channel, Receipt
from casework.law.refusals import Refused
from casework.law.words import Text

CONSULTATIONS: Final = 3


def _read(text: Text) -> str:
    return text.read_in(get_language())


_read_lazily = lazy(_read, str)


def _day(label: Any) -> Day:
    return Day(label=label, required=False, asked=True)


class DeadlineForm(forms.Form):
    """Receipt, and whatever happened after it."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=_("申请怎样到达"),
        choices=[(channel.value, _read_lazily(words)) for channel, words in CHANNEL_WORDS.items()],
        initial=Channel.ONLINE.value,
        error_messages={
            "required": _("请选择申请怎样到达。"),
            "invalid_choice": _("请从列出的方式中选择申请怎样到达。"),
        },
    )
    on = Day(label=_("到达行政机关的日期"), help_text=_("例如 2026-11-18。"), missing=_("请填写申请到达的日期。"))
    confirmed_on = _day(_("双方确认收到的日期"))

    supplement_requested = _day(_("告知补正"))
    supplement_received = _day(_("收到补正"))
    extended = _day(_("告知延期"))
    working_days = forms.IntegerField(
        label=_("延长几个工作日"),
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("延长的天数应当是整数，例如 20。")},
    )
    fee_notified = _day(_("通知缴费"))
    fee_paid = _day(_("完成缴费"))

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        #: The answer, once the form is valid.
        self.due: Due | None = None
        for name in ("working_days",):
            self.fields[name].asked = True  # type: ignore[attr-defined]  # not marked optional: it goes with a date
        for index in range(1, CONSULTATIONS + 1):
            self.fields |= {
                f"with_{index}": forms.ChoiceField(
                    label=_("征求谁的意见"),
                    required=False,
                    choices=[(party.value, capfirst(_read_lazily(party.words))) for party in clock.Party],
                    error_messages={"invalid_choice": _("请选择征求谁的意见。")},
                ),
                f"sent_{index}": _day(_("发出征求意见书")),
                f"delivered_{index}": _day(_("对方收到")),
                f"answered_{index}": _day(_("收到意见")),
            }
            self.fields[f"with_{index}"].asked = True  # type: ignore[attr-defined]

    def consultation_groups(self) -> list[list[forms.BoundField]]:
        """The fields of each consultation, for the page."""
        return [
            [self[f"{name}_{index}"] for name in ("with", "sent", "delivered", "answered")]
            for index in range(1, CONSULTATIONS + 1)
        ]

    def has_events(self) -> bool:
        """Whether anything but the receipt was filled in, so that the page keeps the rest open."""
        return any(self[name].data for name in self.fields if name not in ("channel", "on") and "with_" not in name)

    def consulted_again(self) -> bool:
        """Whether anything was filled in for more than one consultation."""
        names = [f"{name}_{n}" for name in ("sent", "delivered", "answered") for n in range(2, CONSULTATIONS + 1)]
        return any(self[name].data for name in names)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self._check_pairs(answers)
        if self.errors:
            return answers
        receipt = Receipt(Channel(answers["channel"]), answers["on"], answers.get("confirmed_on"))
        try:
            self.due = clock.replay(receipt, calendar=self.calendar)
        except Refused as refused:
            self._refuse(refused, "confirmed_on" if refused.field == "confirmed_on" else "on")
            return answers
        facts = sorted(self._facts(answers), key=lambda named: named[1].on)
        for count, (name, _fact) in enumerate(facts, start=1):
            try:
                self.due = clock.replay(receipt, [fact for _name, fact in facts[:count]], calendar=self.calendar)
            except Refused as refused:
                self._refuse(refused, self._field(name, refused))
                break
        return answers

    def _check_pairs(self, answers: dict[str, Any]) -> None:
        if answers.get("extended") and answers.get("working_days") is None and "working_days" not in self.errors:
            self.add_error("working_days", gettext("填写了告知延期的日期，还要填写延长几个工作日。"))
        if answers.get("working_days") is not None and not answers.get("extended") and "extended" not in self.errors:
            self.add_error("extended", gettext("填写了延长的天数，还要填写告知延期的日期。"))
        for index in range(1, CONSULTATIONS + 1):
            later = answers.get(f"delivered_{index}") or answers.get(f"answered_{index}")
            if later and not answers.get(f"sent_{index}") and f"sent_{index}" not in self.errors:
                self.add_error(f"sent_{index}", gettext("还要填写发出征求意见书的日期。"))

    def _facts(self, answers: dict[str, Any]) -> Iterator[tuple[str, clock.Fact]]:
        """The facts that were filled in, in the order of the law where they fall on one day."""
        if on := answers.get("supplement_requested"):
            yield "supplement_requested", clock.SupplementRequested(on)
        if on := answers.get("supplement_received"):
            yield "supplement_received", clock.SupplementReceived(on)
        for index in range(1, CONSULTATIONS + 1):
            sent: date | None = answers.get(f"sent_{index}")
            if sent:
                party = clock.Party(answers.get(f"with_{index}") or clock.Party.THIRD_PARTY)
                days = answers.get(f"delivered_{index}"), answers.get(f"answered_{index}")
                yield f"sent_{index}", clock.Consultation(party, sent, *days)
        if on := answers.get("extended"):
            yield "extended", clock.Extended(on, answers["working_days"])
        if on := answers.get("fee_notified"):
            yield "fee_notified", clock.FeeNotified(on)
        if on := answers.get("fee_paid"):
            yield "fee_paid", clock.FeePaid(on)

    def _field(self, name: str, refused: Refused) -> str:
        if refused.field == "working_days":
            return "working_days"
        if refused.field in ("delivered_on", "answered_on"):
            return name.replace("sent", refused.field.removesuffix("_on"))
        return name

    def _refuse(self, refused: Refused, field: str) -> None:
        self.due = None
        sentence = _read(refused.sentence)
        if refused.law:
            sentence = gettext("%(sentence)s（%(law)s）") % {"sentence": sentence, "law": _read(cited(refused.law))}
        self.add_error(field, ValidationError(sentence, code="refused"))


class PeriodForm(forms.Form):
    """One of the simple periods, from the day that triggers it."""

    use_required_attribute = False

    period = forms.ChoiceField(
        label=_("哪一种期限"),
        choices=[(kind.value, _read_lazily(rows[-1].name)) for kind, rows in PERIODS.items()],
        error_messages={"required": _("请选择期限。"), "invalid_choice": _("请从列出的期限中选择。")},
    )
    from_day = Day(label=_("从哪一天起"), help_text=_("收到、送达或者知道的那一天。"), missing=_("请填写起始的日期。"))

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.due: Due | None = None

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("period") and answers.get("from_day"):
            try:
                self.due = period_due(PeriodKind(answers["period"]), answers["from_day"], self.calendar)
            except Refused as refused:
                self.add_error("from_day", _read(refused.sentence))
        return answers
