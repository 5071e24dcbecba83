"""English is complete: every sentence of the sources is in the catalogue, translated, and compiled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "casework" / "locale" / "en" / "LC_MESSAGES" / "django.po"

#: Function → position of the msgid among its arguments, and whether a plural follows it.
CALLS = {
    "_": (0, False),
    "gettext": (0, False),
    "gettext_lazy": (0, False),
    "gettext_noop": (0, False),
    "ngettext": (0, True),
    "ngettext_lazy": (0, True),
    "pgettext": (1, False),
    "pgettext_lazy": (1, False),
    "npgettext": (1, True),
    "npgettext_lazy": (1, True),
}
QUOTED = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"\b(?:gettext|ngettext|_)\(\s*{QUOTED}|\bn?pgettext\(\s*{QUOTED},\s*{QUOTED}", re.DOTALL)


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    assert CATALOGUE.exists(), "run make messages"
    return polib.pofile(str(CATALOGUE))


def said_in_python() -> Iterator[tuple[str, str]]:
    """Each translatable string of the code, with the file that says it."""
    for folder in ("casework", "notifications", "config"):
        for file in (ROOT / folder).rglob("*.py"):
            if "migrations" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                place, _ = CALLS.get(name, (None, False))
                if place is not None and len(node.args) > place:
                    argument = node.args[place]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value, str(file.relative_to(ROOT))


def said_in_templates() -> Iterator[tuple[str, str]]:
    for folder in ("templates", "casework", "notifications"):
        for file in (path for path in (ROOT / folder).rglob("*") if path.suffix in (".html", ".txt", ".xml")):
            if "locale" in file.parts:
                continue
            for found in TEMPLATE_CALL.finditer(templatize(file.read_text(encoding="utf-8"))):
                plain, _context, msgid = found.groups()
                yield ast.literal_eval(plain or msgid), str(file.relative_to(ROOT))


def test_the_reader_of_templates_finds_what_django_would_translate() -> None:
    source = """{% translate "甲" %} {% translate '乙' as x %} {% translate "丙" context "丁" %}
        {% blocktranslate trimmed with n=n %}
          戊 {{ n }} 己
        {% endblocktranslate %} {{ _("庚") }}
        {% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}"""
    found = [ast.literal_eval(m[0] or m[2]) for m in TEMPLATE_CALL.findall(templatize(source))]
    assert found == ["甲", "乙", "丙", "戊 %(n)s 己", "庚", "%(n)s 件"]


def test_the_catalogue_holds_exactly_what_the_sources_say(catalogue: polib.POFile) -> None:
    said = {msgid: file for msgid, file in (*said_in_python(), *said_in_templates()) if msgid}
    listed = {entry.msgid for entry in catalogue if not entry.obsolete}
    missing = [f"{file}: {msgid}" for msgid, file in said.items() if msgid not in listed]
    assert not missing, "run make messages, then translate:\n" + "\n".join(missing)
    assert not listed - set(said), "run make messages; no longer said:\n" + "\n".join(listed - set(said))


def test_every_sentence_has_its_english(catalogue: polib.POFile) -> None:
    waiting = [
        f"{entry.linenum}: {entry.msgid}" for entry in catalogue if not entry.obsolete and not entry.translated()
    ]
    assert not waiting, "not translated:\n" + "\n".join(waiting)
    assert not [entry.msgid for entry in catalogue if entry.fuzzy]


def test_the_english_fills_the_same_blanks(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        english = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for text in english:
            assert blanks(text) <= blanks(entry.msgid + entry.msgid_plural), f"{entry.linenum}: {entry.msgid}"
            assert "%(" not in text or blanks(entry.msgid) <= blanks(text) | {"%(n)s"}, f"{entry.linenum}: {text}"


def blanks(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|%[sd]", text))


def test_the_compiled_catalogue_is_that_of_the_source(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in catalogue.translated_entries()
    }, "run make messages"
