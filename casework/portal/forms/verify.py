"""The code of a receipt, and a text or digest to be compared with it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.fields import Line
from casework.law.sent import as_sent, digest_of
from casework.models.acknowledgement import is_token
from casework.models.querycode import compact, grouped

LONGEST_TEXT = 200_000


class VerifyForm(forms.Form):
    """The twenty characters printed on the receipt; a slip of the pen is told before anything is looked up."""

    use_required_attribute = False

    token = Line(
        label=_("核验码"),
        help_text=_("印在回执上，20 位字母和数字。大小写、空格和横线都不要紧。"),
        missing=_("请填写核验码。"),
        limit=60,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not is_token(token):
            raise ValidationError(gettext("核验码写错了：其中有一位不对，或者多写、少写了。请对照回执逐位检查。"))
        return grouped(compact(token))


class CompareForm(forms.Form):
    """A digest as printed, or the whole text that was sent; it is reckoned with here and kept nowhere."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("摘要或者提交内容的全文"),
        help_text=_("粘贴回执上的 64 位摘要，或者下载的提交内容全文。只在这里计算比对，不保存。"),
        strip=False,
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("请粘贴摘要或者全文。"),
            "max_length": _("文字太长，请核对粘贴的是不是提交内容的全文。"),
        },
        widget=forms.Textarea(attrs={"rows": 6, "class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )

    def digest(self) -> str:
        """What is to be compared: the digest that was pasted, or that of the text."""
        pasted: str = self.cleaned_data["text"]
        bare = re.sub(r"\s", "", pasted).lower()
        return bare if re.fullmatch("[0-9a-f]{64}", bare) else digest_of(as_sent(pasted))
