"""The language of templates: text, the words of the table, conditions over them, and walks over lists. Nothing else.

What a template may not hold is refused when it is checked: attributes, calls, filters, arithmetic, constants, imports.
Whether a mandatory element can get lost is not guessed: conditions are over words alone, so every combination of
present and absent words is tried.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from casework.law.letters import ELEMENT_WORDS, LETTERS, LISTS, Element, LetterKind
from casework.law.refusals import Refused
from casework.law.replies import Situation, situations
from casework.law.words import Text

LONGEST: Final = 20_000
MOST_CONDITIONS: Final = 10
_DEEPEST: Final = 10

Values = Mapping[str, str | list[str]]

_JINJA: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
)
# No filter, test or global is within reach even of a template that went round the check.
_JINJA.filters.clear()
_JINJA.tests.clear()
_JINJA.globals.clear()

#: Stand for line ends and bars inside values, so that what an applicant typed can't make a paragraph or a table of its
#: own; no stored text holds them (``clean``).
LINE: Final = "\x01"
BAR: Final = "\x02"


def check(source: str, kind: LetterKind, within: Iterable[Situation] | None = None) -> None:
    """Refuse a template that holds code, names a word that the document does not know, or can lose an element.

    ``within``: the situations in which the template is used; by default all of the document.
    """
    tested = _check_language(source, kind)
    for situation in situations(kind) if within is None else within:
        lost = _lost(source, kind, situation, tested)
        if lost:
            raise Refused(
                Text(
                    "模板缺少应当载明的内容：{what}。",
                    "The template lacks what the document must contain: {what}.",
                ).format(what=_listed(lost)),
                law=LETTERS[kind].law,
                field="source",
            )


def render(source: str, kind: LetterKind, values: Values) -> str:
    """The body of a document. A word without a value is empty; values are never read as template or layout."""
    given = {element.value: _sealed(values.get(element.value, "")) for element in LETTERS[kind].vocabulary}
    given |= {e.value: [] for e in LISTS if e in LETTERS[kind].vocabulary and not given[e.value]}
    return _compiled(source).render(given)


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return _JINJA.from_string(source)


def _check_language(source: str, kind: LetterKind) -> list[str]:
    """The words that stand in conditions, after everything that is not of the language has been refused."""
    if len(source) > LONGEST:
        raise _refused("模板超过{n}个字。", "The template is longer than {n} characters.", n=LONGEST)
    if any(mark in source for mark in (LINE, BAR, "\0")):
        raise _refused("模板中有不可见的控制字符。", "The template holds an invisible control character.")
    try:
        tree = _JINJA.parse(source)
        known = {element.value for element in LETTERS[kind].vocabulary}
        tested: list[str] = []
        _check_body(tree.body, known, tested, depth=0)
        _compiled(source)
    except TemplateSyntaxError as wrong:
        raise _refused(
            "模板第{line}行的写法不对，请检查大括号和 if、for、endif、endfor 是否配对。",
            "The template is not well formed in line {line}.",
            line=wrong.lineno,
        ) from wrong
    except RecursionError as wrong:
        raise _refused("模板嵌套过深。", "The template is nested too deeply.") from wrong
    tested = sorted(set(tested))
    if len(tested) > MOST_CONDITIONS:
        raise _refused(
            "模板中的条件超过{n}个，无法逐一核对。", "The template has more than {n} conditions.", n=MOST_CONDITIONS
        )
    return tested


def _check_body(body: Iterable[nodes.Node], known: set[str], tested: list[str], *, depth: int) -> None:
    if depth > _DEEPEST:
        raise _refused("模板嵌套过深。", "The template is nested too deeply.")
    for node in body:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        _check_word(part, known)
            case nodes.If():
                _check_condition(node.test, known, tested)
                _check_body([*node.body, *node.elif_, *node.else_], known, tested, depth=depth + 1)
            case nodes.For():
                _check_walk(node, known, tested, depth=depth)
            case _:
                raise _code(node)


def _check_walk(node: nodes.For, known: set[str], tested: list[str], *, depth: int) -> None:
    """``{% for one in list %}`` over a list of the table; an empty list is one more condition."""
    over, one = node.iter, node.target
    if node.else_ or node.test or node.recursive or not isinstance(over, nodes.Name) or not isinstance(one, nodes.Name):
        raise _code(node)
    if over.name not in known & _LIST_NAMES or one.name in known or one.name == "loop":
        raise _code(node)
    tested.append(over.name)
    # A list is not walked inside a walk: two words for it would let a template grow without bounds.
    _check_body(node.body, known - _LIST_NAMES | {one.name}, tested, depth=depth + 1)


def _check_condition(test: nodes.Node, known: set[str], tested: list[str]) -> None:
    match test:
        case nodes.Name():
            _check_word(test, known)
            tested.append(test.name)
        case nodes.Not():
            _check_condition(test.node, known, tested)
        case nodes.And() | nodes.Or():
            _check_condition(test.left, known, tested)
            _check_condition(test.right, known, tested)
        case _:
            raise _code(test)


def _check_word(node: nodes.Node, known: set[str]) -> None:
    if not isinstance(node, nodes.Name):
        raise _code(node)
    if node.name not in known:
        raise _refused(
            "第{line}行：这种文书的模板里没有“{name}”这个词。",
            "Line {line}: templates of this document do not know the word “{name}”.",
            line=node.lineno,
            name=node.name,
        )


def _lost(source: str, kind: LetterKind, situation: Situation, tested: list[str]) -> list[Element]:
    """The mandatory elements that some combination of conditions leaves out."""
    must = situation.must(kind)
    always = {element.value for element in must}
    free = [name for name in tested if name not in always]
    words = {element.value for element in LETTERS[kind].vocabulary}
    lost: dict[Element, None] = {}
    for present in product((False, True), repeat=len(free)):
        absent = {name for name, there in zip(free, present, strict=True) if not there}
        text = render(source, kind, {name: _probe(name) for name in words - absent})
        lost |= {element: None for element in must if _mark(element.value) not in text}
    return list(lost)


def _probe(name: str) -> str | list[str]:
    return [_mark(name)] if name in _LIST_NAMES else _mark(name)


def _mark(name: str) -> str:
    return f"⟦{name}⟧"


def _sealed(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [_sealed_text(one) for one in value]
    return _sealed_text(value)


def _sealed_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", LINE).replace("|", BAR)


def _listed(elements: Iterable[Element]) -> Text:
    texts = [ELEMENT_WORDS[element] for element in elements]
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))


def _code(node: nodes.Node) -> Refused:
    return _refused(
        "第{line}行：模板里只能有文字、词、条件和列表，不能有代码。",
        "Line {line}: a template holds text, words, conditions and lists only, no code.",
        line=node.lineno,
    )


def _refused(zh: str, en: str, **values: object) -> Refused:
    return Refused(Text(zh, en).format(**values), field="source")


_LIST_NAMES: Final = frozenset(element.value for element in LISTS)


def words_of(kind: LetterKind) -> Iterator[tuple[str, Text]]:
    """The words that a template of this document knows, for the page on which it is edited."""
    return ((element.value, ELEMENT_WORDS[element]) for element in LETTERS[kind].vocabulary)
