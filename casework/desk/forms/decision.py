"""The form of a decision, generated from the outcome table: which codes are open, and what each wants said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.actions import guards
from casework.actions.likereplies import prepared, taken_by
from casework.actions.outgoing import releases_of
from casework.desk.forms.acts import ActForm, Note, date_field, files
from casework.fields import Choice, Line, Lines
from casework.law.outcomes import (
    GROUPS,
    REQUIREMENTS,
    Group,
    GroupRow,
    Outcome,
    OutcomeRow,
    Requirement,
    in_force,
)
from casework.law.refusals import Refused
from casework.models import Case, Document, Release
from casework.templatetags.words import cited, read


@dataclass(frozen=True, slots=True)
class Code:
    """One of the codes, and why it can't be chosen now."""

    row: OutcomeRow
    refusal: Refused | None


def codes(case: Case, *, on: date) -> Iterator[tuple[GroupRow, list[Code]]]:
    """The codes in force in the groups of the printed form; those whose prerequisite is missing say which."""
    rows = list(in_force(on))
    for group in Group:
        yield GROUPS[group], [Code(row, _refusal(case, row.code, on)) for row in rows if row.group is group]


def _refusal(case: Case, outcome: Outcome, on: date) -> Refused | None:
    try:
        guards.check_awaited(case, outcome)
        guards.check_facts(case, outcome, "", on=on)
    except Refused as refused:
        return refused
    return None


class DecisionForm(ActForm):
    """Ground and statements of one code, with the document's number and its attachments."""

    earlier_on = date_field(
        _("此前答复的日期"),
        hint=_("只有本系统启用以前的答复才填写；在本系统中的，按文号查找，不填写日期。"),
        required=False,
    )
    document_number = Line(
        label=_("答复文号"),
        help_text=_("例如：东政公开告〔2026〕1号。不填写的，签发时自动编号。"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle"}),
    )
    kept = forms.MultipleChoiceField(
        label=_("沿用退回拟稿的附件"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("附件已经有变化，请重新选择。")},
    )
    released = forms.MultipleChoiceField(
        label=_("提供的案卷材料"),
        help_text=_("已经生成、通过放行检查的文件。涂去的地方变动以后须重新生成。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("文件已经有变化，请重新选择。")},
    )
    uploads = files(_("答复附件"))

    def __init__(self, *args: Any, row: OutcomeRow, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        self.stated = list(self._statements())
        given: dict[str, forms.Field] = {}
        if row.grounds:
            given["ground"] = Choice(
                label=_("具体情形"),
                missing=_("请选择具体情形。"),
                choices=[(ground.key, read(ground.words)) for ground in row.grounds],
                explained={ground.key: cited(ground.law) for ground in row.grounds},
            )
        given |= {requirement.value: field for requirement, field in self.stated}
        self.fields = given | self.fields
        self.returned = self._attachments_that_came_back()
        self.ready = list(releases_of(self.case))
        self._leave_out_what_has_no_place()
        self._begin_with_what_was_returned()

    def _leave_out_what_has_no_place(self) -> None:
        """Fields that only some codes and some cases have."""
        if Requirement.EARLIER_REPLY not in self.row.needs:
            del self.fields["earlier_on"]
        if self.row.code is Outcome.REFUSED_1:
            del self.fields["uploads"]
        if self.row.code is Outcome.REFUSED_1 or not self.ready:
            del self.fields["released"]
        else:
            offered = [(str(each.pk), _file_words(each)) for each in self.ready]
            self.fields["released"].choices = offered  # type: ignore[attr-defined]
        if self.row.code is Outcome.REFUSED_1 or not self.returned:
            del self.fields["kept"]
        else:
            choices = [(str(document.pk), document.name) for document in self.returned]
            self.fields["kept"].choices = choices  # type: ignore[attr-defined]

    def _attachments_that_came_back(self) -> list[Document]:
        """Each file once, in the draft that had it last."""
        files = self.case.documents.filter(decision__returned_at__isnull=False, release=None)
        return list({file.sha256: file for file in files}.values())

    def notes(self) -> list[Note]:
        if self.row.code is not Outcome.REFUSED_1:
            return []
        warning = gettext("本系统不得存储、处理国家秘密。只写定密的依据和机关，不要写秘密的内容，也不能上传附件。")
        return [Note(warning, "grave")]

    def _statements(self) -> Iterator[tuple[Requirement, Lines]]:
        """A field for each statement that the code or one of its grounds wants."""
        for requirement in self.row.needs:
            if REQUIREMENTS[requirement].statement:
                yield requirement, _field(requirement, required=True)
        for ground in self.row.grounds:
            for requirement in ground.needs:
                if REQUIREMENTS[requirement].statement:
                    only = gettext("情形为“%(ground)s”的填写。") % {"ground": read(ground.words)}
                    yield requirement, _field(requirement, required=False, only=only)

    def _begin_with_what_was_returned(self) -> None:
        """A draft that came back is mended, not typed again."""
        returned = next((d for d in self.case.decisions.all() if d.returned_at), None)
        if returned is None or returned.outcome != self.row.code:
            self._begin_with_what_was_taken()
            return
        draft = {"ground": returned.ground, "document_number": returned.document_number, **returned.statements}
        draft |= {"earlier_on": returned.earlier_on.isoformat() if returned.earlier_on else ""}
        draft |= {"released": [str(pk) for pk in returned.attachments.values_list("release", flat=True) if pk]}
        draft |= {"kept": [str(file.pk) for file in self.returned if file.decision_id == returned.pk]}
        self.initial = {**draft, **self.initial}

    def _begin_with_what_was_taken(self) -> None:
        """The applicant says that a published reply answers them: told where it is, which the clerk judges."""
        if self.row.code is Outcome.GRANTED and (taken := taken_by(self.case, on=self.today)) is not None:
            self.initial = {**prepared(taken), **self.initial}

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for requirement in self._wanted(answers.get("ground", "")):
            if requirement.value in answers and not answers[requirement.value]:
                self.add_error(requirement.value, _missing(requirement))
        return answers

    def _wanted(self, ground: str) -> list[Requirement]:
        return [r for r in self.row.requirements(ground) if REQUIREMENTS[r].statement]

    def facts(self) -> dict[str, Any]:
        answers = self.cleaned_data
        ground = answers.get("ground", "")
        return {
            "outcome": self.row.code,
            "ground": ground,
            "statements": {r.value: answers[r.value] for r in self._wanted(ground)},
            "document_number": answers["document_number"],
            "uploads": answers.get("uploads", ()),
            "released": tuple(each for each in self.ready if str(each.pk) in answers.get("released", ())),
            "kept": tuple(document for document in self.returned if str(document.pk) in answers.get("kept", ())),
            "earlier_on": answers.get("earlier_on"),
        }


def _field(requirement: Requirement, *, required: bool, only: str = "") -> Lines:
    row = REQUIREMENTS[requirement]
    hint = gettext("%(hint)s（%(law)s）") % {"hint": read(row.hint), "law": cited(row.law)}
    return Lines(
        label=read(row.words),
        help_text=f"{only}{hint}",
        required=required,
        asked=not required,
        missing=_missing(requirement) if required else "",
        limit=10_000,
        rows=4,
    )


def _file_words(release: Release) -> str:
    count = len(release.map)
    if not count:
        return release.name
    return ngettext("%(name)s：%(count)s 处不提供", "%(name)s：%(count)s 处不提供", count) % {
        "name": release.name,
        "count": count,
    }


def _missing(requirement: Requirement) -> str:
    return gettext("请填写“%(what)s”。") % {"what": read(REQUIREMENTS[requirement].words)}


def code_row(value: str, *, on: date) -> OutcomeRow | None:
    """The row of a code in force, or ``None`` for anything else that stands in an address."""
    return next((row for row in in_force(on) if row.code.value == value), None)
