"""The forms of published replies: what is to be read by everybody, and each step until it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.publish import Publishable
from casework.desk.forms.acts import DeskForm, sure
from casework.fields import Day, Line, Lines
from casework.law.topics import TOPICS, Topic
from casework.models import Release
from casework.models.publishedreply import LONGEST_REASON, LONGEST_SUMMARY, LONGEST_TITLE
from casework.templatetags.words import day, read


class ProposalForm(DeskForm):
    """Title, summary, subject and files; ``correcting``: there is a version before it."""

    title = Line(
        label=_("标题"),
        help_text=_("说明是什么信息，例如：东山区2025年老旧小区改造项目清单。"),
        missing=_("请填写标题。"),
        limit=LONGEST_TITLE,
    )
    summary = Lines(
        label=_("内容摘要"),
        help_text=_("申请要什么、提供了什么、不提供的是什么和依据。不写申请人，也不写其他个人。"),
        missing=_("请填写内容摘要。"),
        limit=LONGEST_SUMMARY,
        rows=6,
    )
    topic = forms.ChoiceField(
        label=_("主题"), error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择主题。"))
    )
    releases = forms.MultipleChoiceField(
        label=_("公开的文件"),
        help_text=_("给公众的文件：已经生成、通过放行检查的才能选。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("文件已经有变化，请重新选择。")},
    )
    reason = Line(
        label=_("更正的理由"),
        help_text=_("公开之后更正的，理由写在公开的页面上。"),
        missing=_("请写明更正的理由。"),
        limit=LONGEST_REASON,
    )
    looked = forms.BooleanField(
        label=_("我逐页看过要公开的文件和文字：看不出申请人是谁，没有他人的隐私和商业秘密。"),
        error_messages={"required": _("请逐页看过以后勾选。扫描的页面系统认不出文字，只能由人看。")},
    )

    def __init__(self, *args: Any, files: Sequence[Publishable], correcting: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = [each.public for each in files if each.ready and each.public]
        self.offered: dict[str, Release] = {str(release.pk): release for release in made}
        topics = [(topic.value, read(words)) for topic, words in TOPICS.items()]
        self.fields["topic"].choices = [("", gettext("请选择")), *topics]  # type: ignore[attr-defined]
        if self.offered:
            names = [(key, release.name) for key, release in self.offered.items()]
            self.fields["releases"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["releases"]
        if not correcting:
            del self.fields["reason"]

    def facts(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {
            "title": answers["title"],
            "summary": answers["summary"],
            "topic": Topic(answers["topic"]),
            "releases": [self.offered[key] for key in answers.get("releases", ())],
            "reason": answers.get("reason", ""),
        }


class StepForm(DeskForm):
    """One step of a version. ``seen``: the version that the page showed; another is not approved by it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, first: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "sure")}


class ClearForm(StepForm):
    """No secret."""

    sure = sure(_("标题、摘要和文件都已审查，不涉及国家秘密，可以公开。"))


class DecideForm(StepForm):
    """From which day; a correction has its day already."""

    public_from = Day(label=_("公开之日"), missing=_("请填写公开之日。"))
    sure = sure(_("我决定向社会公开，任何人都可以查阅和下载。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.first is None:
            del self.fields["public_from"]
        else:
            self.initial.setdefault("public_from", self.first.isoformat())
            self.fields["public_from"].help_text = format_lazy(_("最早{date}。"), date=day(self.first))


class ReturnForm(StepForm):
    """What is to be mended."""

    remark = Line(label=_("意见"), missing=_("请写明退回的意见。"), limit=LONGEST_REASON)


class RevokeForm(StepForm):
    """Why it is withdrawn; only the house reads it."""

    reason = Line(
        label=_("撤下的理由"),
        help_text=_("只在机关内部看得到。公开的页面只写撤下的日期。"),
        missing=_("请写明撤下的理由。"),
        limit=LONGEST_REASON,
    )
    sure = sure(_("立即撤下：页面、文件、订阅和检索里都不再有。"))
