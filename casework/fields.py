"""Fields that take what people type and answer with a sentence when it can't be taken."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.actions.application import checked_number
from casework.actions.files import LARGEST, Upload
from casework.actions.materials import scanned
from casework.actions.record import composed
from casework.law.refusals import Refused
from casework.redaction.door import examined

Words = str | Promise

#: Stripped from both ends: they are what phones and copied tables leave behind.
INVISIBLE_ENDS = "\ufeff\u200b\u2060\u00ad" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())
#: They turn the order of what stands around them, so that a reader sees another text than the one stored.
TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str) -> str:
    """Line ends as ``\\n``, no blank or invisible characters at the ends."""
    try:
        return composed(text.replace("\r\n", "\n").replace("\r", "\n").strip(INVISIBLE_ENDS), "")
    except Refused as refused:
        raise ValidationError(refused.sentence.read_in(get_language()), code="pile") from refused


def check_visible(text: str, *, label: Words, lines: bool) -> None:
    """Refuse control characters, saying which and where; emoji and rare Han characters pass."""
    for place, character in enumerate(text, start=1):
        if character == "\t" or (lines and character == "\n"):
            continue
        if unicodedata.category(character) == "Cc" or character in TURNING or "\ud800" <= character <= "\udfff":
            raise ValidationError(
                gettext("“%(label)s”的第 %(place)s 个字是看不见的控制字符（%(code)s）。请删去这个字符。"),
                code="control",
                params={"label": label, "place": place, "code": f"U+{ord(character):04X}"},
            )


class Line(forms.CharField):
    """One line of text."""

    lines = False

    def __init__(
        self, *, missing: Words = "", limit: int = 200, asked: bool = False, heading: Words = "", **kwargs: Any
    ) -> None:
        self.limit = limit
        #: The label in a list of answers, where the label proper is a question.
        self.heading = heading
        #: Asked for together with others: not marked optional, and judged by the form.
        self.asked = asked
        if missing:
            kwargs.setdefault("error_messages", {})["required"] = missing
        super().__init__(strip=False, **kwargs)
        # NUL is refused below with its place in the text
        self.validators = [v for v in self.validators if type(v).__name__ != "ProhibitNullCharactersValidator"]

    def to_python(self, value: Any) -> str:
        text = tidy(str(value)) if value not in self.empty_values else ""
        return text if self.lines else text.replace("\n", " ")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                gettext("“%(label)s”最多 %(limit)s 个字，现在有 %(length)s 个字。请缩短。"),
                code="long",
                params={"label": self.label, "limit": f"{self.limit:,}", "length": f"{len(value):,}"},
            )
        check_visible(value, label=self.label or "", lines=self.lines)


class Lines(Line):
    """Text of several lines, with the characters left said while one types."""

    lines = True

    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "data-limit": self.limit,
            "data-left": gettext_lazy("还可以写 {n} 个字"),
            "data-over": gettext_lazy("超出 {n} 个字"),
        }


class Name(Line):
    """The name of a person or an organisation: letters of any script, at least one."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        # private use: characters of names that reached Unicode late
        if value and not any(unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Co" for c in value):
            raise ValidationError(
                gettext("“%(name)s”里没有文字。请填写证件上的名字。"), code="name", params={"name": value}
            )


class Phone(Line):
    """A telephone number as people write it."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = sum(c.isdigit() for c in value)
        if value and (not re.fullmatch(r"[0-9+()\- ,;/转分机]+", value) or not 5 <= digits <= 30):
            raise ValidationError(gettext("电话号码应当由数字组成，例如 13800138000 或者 0469-8223344。"), code="phone")

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value))


class Email(Line):
    """An e-mail address; full-width letters and stray spaces are forgiven."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}))
        super().__init__(limit=254, **kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value)).replace(" ", "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            try:
                forms.EmailField().clean(value)
            except ValidationError as error:
                raise ValidationError(
                    gettext("电子邮箱“%(email)s”的写法不对，应当像 name@example.com。"),
                    code="email",
                    params={"email": value},
                ) from error


class Day(forms.Field):
    """A date, written 2026-11-18, 2026/11/18, 2026.11.18, 20261118 or 2026年11月18日."""

    widget = forms.TextInput
    WRITTEN = re.compile(r"(\d{4})(?:年|[-/. ])(\d{1,2})(?:月|[-/. ])(\d{1,2})日?")
    COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")

    def __init__(self, *, missing: Words = "", asked: bool = False, **kwargs: Any) -> None:
        self.asked = asked
        if missing:
            kwargs.setdefault("error_messages", {})["required"] = missing
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "middle", "autocomplete": "off", "spellcheck": "false"}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = unicodedata.normalize("NFKC", tidy(str(value))).strip()
        if not text:
            return None
        parts = self.WRITTEN.fullmatch(text) or self.COMPACT.fullmatch(text)
        shown = text if len(text) <= 30 else text[:30] + "…"
        if parts is None:
            raise ValidationError(
                gettext("“%(text)s”不是日期。请写成 2026-11-18 的样子。"), code="date", params={"text": shown}
            )
        try:
            return date(*(int(part) for part in parts.groups()))
        except ValueError as error:
            raise ValidationError(
                gettext("日历上没有“%(text)s”这一天。"), code="date", params={"text": shown}
            ) from error


class _Explained(forms.RadioSelect):
    """Options, each with a line of explanation under its label."""

    def __init__(self, explained: dict[str, Words] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.explained = explained or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.explained.get(str(value), "")
        return option


class ExplainedSelect(_Explained):
    """Radio buttons: one of them."""


class ExplainedChecks(_Explained, forms.CheckboxSelectMultiple):
    """Boxes to tick: any number of them."""

    input_type = "checkbox"
    allow_multiple_selected = True


class Choice(forms.ChoiceField):
    """One of a few, as radio buttons."""

    def __init__(
        self,
        *,
        missing: Words = "",
        explained: dict[str, Words] | None = None,
        asked: bool = False,
        heading: Words = "",
        **kwargs: Any,
    ) -> None:
        self.asked = asked
        self.heading = heading
        kwargs.setdefault("widget", ExplainedSelect(explained))
        messages = kwargs.setdefault("error_messages", {})
        if missing:
            messages["required"] = missing
            messages["invalid_choice"] = missing
        super().__init__(**kwargs)

    def words(self) -> list[tuple[str, str]]:
        """Each value with its label in the language of the page."""
        return [(str(value), str(label)) for value, label in self.widget.choices]


class FileList(forms.ClearableFileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


def let_in(upload: Upload) -> Upload:
    """The file with what the scanner said of it; raises ``ValidationError`` for one that lies, hides or harms."""
    try:
        examined(upload.name, upload.content)
        return Upload(upload.name, upload.content, scanned(upload))
    except Refused as refused:
        raise ValidationError(refused.sentence.read_in(get_language()), code="turned away") from refused


class Files(forms.FileField):
    """Any number of files, as ``Upload``; the size is judged before the bytes are read."""

    widget = FileList

    def __init__(self, *, asked: bool = False, **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(**kwargs)

    @property
    def largest(self) -> int:
        """Bytes of one file."""
        return LARGEST

    def let_in(self, upload: Upload) -> Upload:
        return let_in(upload)

    def clean(self, data: Any, initial: Any = None) -> tuple[Upload, ...]:
        given = data if isinstance(data, list | tuple) else [data]
        found = []
        for file in given:
            if not file and not self.required:
                continue
            if file and file.size > self.largest:
                raise ValidationError(
                    gettext("文件“%(name)s”超过%(largest)s MB。请压缩，或者分成几个文件。"),
                    code="large",
                    params={"name": file.name, "largest": self.largest // 2**20},
                )
            checked = super().clean(file, initial)
            found.append(self.let_in(Upload(str(checked.name), checked.read())))
        return tuple(found)


class Records(Files):
    """Records at the desk, larger than what citizens send; the verb that takes them judges them."""

    @property
    def largest(self) -> int:
        return int(settings.MATERIAL_LARGEST_MB) * 2**20

    def let_in(self, upload: Upload) -> Upload:
        return upload


# Who somebody is, and how to reach them ------------------------------------------------------------------------------


def number_input(attrs: dict[str, str] | None = None) -> forms.TextInput:
    """For a number that is typed from a document."""
    return forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false", **(attrs or {})})


def phone_field() -> Phone:
    return Phone(
        label=_("电话"),
        limit=40,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle", "inputmode": "tel", "autocomplete": "tel"}),
    )


def address_field(help_text: Words = "") -> Line:
    return Line(
        label=_("通信地址"),
        help_text=help_text,
        limit=300,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class PersonalForm(forms.Form):
    """Somebody with proof of identity, which is judged as of the day ``on``, and with a way of being reached."""

    CONTACTS = ("phone", "email", "address")
    on: date

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self._check_identity(answers)
        if not any(answers.get(name) or name in self.errors for name in self.CONTACTS):
            self.add_error("phone", ValidationError(no_contact(), code="no_contact"))
        return answers

    def _check_identity(self, answers: dict[str, Any]) -> None:
        number, kind = answers.get("identity_number"), answers.get("identity_kind")
        if not number or not kind:
            return
        try:
            answers["identity_number"] = checked_number(kind, number, on=self.on)
        except Refused as refused:
            self.add_error("identity_number", ValidationError(refused.sentence.read_in(get_language())))


def no_contact() -> str:
    return gettext("请至少填写电话、电子邮箱、通信地址中的一项，以便联系您。")
