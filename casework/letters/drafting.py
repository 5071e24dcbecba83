"""From a case to a letter: facts, template, page; and the refusal of a letter that lacks what the law wants in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from casework.law.letters import ELEMENT_WORDS, LETTERS, Element, LetterKind, Reader
from casework.law.refusals import Refused
from casework.law.replies import Situation
from casework.law.words import Text
from casework.models import Agency, Case, Decision, LetterTemplate, Way

from .anonymity import check_anonymous, telling
from .blocks import blocks_of
from .facts import facts_of
from .language import check, render
from .paper import LetterData, undrawable
from .templates import template_for


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter that has no number and no signature yet, and what its writer should know."""

    page: LetterData
    template: LetterTemplate
    warnings: tuple[Text, ...] = ()


def draft(
    case: Case,
    kind: LetterKind,
    *,
    on: date,
    decision: Decision | None = None,
    given: Mapping[Element, str | list[str]] | None = None,
    to: str = "",
    template: LetterTemplate | None = None,
) -> LetterDraft:
    """The letter as it would be signed on that day.

    ``given``: what the file does not say, such as the summary for a third party. ``to``: the addressee, by default the
    applicant. Raises ``Refused`` naming what the law wants in the document and nobody has said.
    """
    row = LETTERS[kind]
    outcome, ground = (decision.outcome, decision.ground) if decision else ("", "")
    template = template or template_for(kind, agency=case.agency, outcome=outcome, ground=ground, on=on)
    values = facts_of(case, kind, decision, on=on) | dict(given or {})
    _check_said(kind, decision, values)
    known = set(row.vocabulary)
    named = {element.value: value for element, value in values.items() if element in known}
    page = LetterData(
        kind=kind,
        title=row.title.zh,
        organ=case.agency.name,
        number="",
        addressee=to or (case.applicant.addressee if row.reader is Reader.APPLICANT else ""),
        dated=on,
        body=render(template.source, kind, named),
        attachments=_attachments(case, decision),
        values=named,
    )
    if row.reader is not Reader.APPLICANT:
        check_anonymous(case, page.text)
    return LetterDraft(page, template, tuple(_warnings(case, page)))


def draft_reply(case: Case, decision: Decision, *, on: date) -> LetterDraft:
    """The document that carries a decision."""
    return draft(case, decision.row.document_on(decision.ground), on=on, decision=decision)


def preview(
    source: str,
    kind: LetterKind,
    case: Case,
    *,
    on: date,
    within: Sequence[Situation] | None = None,
    anonymous: bool = False,
) -> LetterDraft:
    """How a template that is still being written would read on a real case; refused like one that is to be stored.

    What the file does not say stands in brackets, and a warning names it. ``anonymous``: for somebody who may not read
    the case, without the applicant's name and contacts.
    """
    check(source, kind, within)
    decision = case.current_decision
    if decision is not None and decision.row.document_on(decision.ground) is not kind:
        decision = None
    situation = _situation(decision)
    known = facts_of(case, kind, decision, on=on)
    unsaid = [element for element in situation.must(kind) if not known.get(element)]
    drafted = draft(
        case,
        kind,
        on=on,
        decision=decision,
        given={element: _bracketed(element) for element in unsaid},
        to="" if LETTERS[kind].reader is Reader.APPLICANT else _bracketed(Element.ADDRESSEE),
        template=LetterTemplate(kind=kind.value, source=source, version=0),
    )
    warnings = drafted.warnings
    if unsaid:
        warnings += (_UNSAID.format(what=_listed(unsaid)),)
    return LetterDraft(_masked(case, drafted.page) if anonymous else drafted.page, drafted.template, warnings)


def _bracketed(element: Element) -> str:
    return f"〔{ELEMENT_WORDS[element].zh}〕"


def _masked(case: Case, page: LetterData) -> LetterData:
    """The same page without the words that say who applied."""
    addressee, body = page.addressee, page.body
    for one in telling(case):
        addressee, body = addressee.replace(one, _MASK), body.replace(one, _MASK)
    return replace(page, addressee=addressee, body=body, values={}, attachments=())


_MASK: Final = "×××"
_UNSAID: Final = Text(
    "本件没有以下内容，以方括号代替：{what}。",
    "The file of this case does not say the following, which stands in brackets: {what}.",
)


def _check_said(kind: LetterKind, decision: Decision | None, values: Mapping[Element, str | list[str]]) -> None:
    missing = [element for element in _situation(decision).must(kind) if not values.get(element)]
    if missing:
        raise Refused(
            Text("{title}缺少应当载明的内容：{what}。", "The letter “{title}” lacks: {what}.").format(
                title=LETTERS[kind].title, what=_listed(missing)
            ),
            law=LETTERS[kind].law,
        )


def _situation(decision: Decision | None) -> Situation:
    return Situation(decision.row, decision.ground_row) if decision else Situation()


def _listed(elements: Iterable[Element]) -> Text:
    texts = [ELEMENT_WORDS[element] for element in elements]
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))


def _attachments(case: Case, decision: Decision | None) -> tuple[str, ...]:
    if decision is None or decision.pk is None:
        return ()
    return tuple(document.name for document in decision.attachments.all())


def _warnings(case: Case, page: LetterData) -> list[Text]:
    found: list[Text] = []
    if missing := undrawable(page):
        found.append(
            Text(
                "本机没有字体能印出这些字：{signs}。文书中以“□”和编码代替；安装 Noto Serif CJK 字体后即可印出。",
                "No font on this machine can draw {signs}; the letter shows “□” and the code instead. "
                "Install Noto Serif CJK.",
            ).format(signs=" ".join(f"{one}（U+{ord(one):04X}）" for one in missing))
        )
    agency: Agency = case.agency
    row = LETTERS[page.kind]
    if row.series and not agency.document_prefix:
        found.append(Text("本机关没有设置机关代字，文号将不带机关代字。", "The agency has no prefix for its numbers."))
    online = case.wanted_way in {Way.ONLINE, Way.EMAIL}
    if row.remedies and online and not agency.review_online_at:
        found.append(
            Text(
                "通过互联网渠道送达的，应当同时提供申请行政复议的互联网渠道（行政复议法 22(2)）；本机关还没有设置。",
                "A decision served online must name an online way to reconsideration (Administrative Reconsideration "
                "Law, art. 22(2)); the agency has none set.",
            )
        )
    if not blocks_of(page.body):
        found.append(Text("文书没有正文。", "The letter has no text."))
    return found
