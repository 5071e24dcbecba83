"""What administrators fill in: an agency, its doors, a person, a role, an organisation chart."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access import FROM_ABOVE, ROLE_WORDS
from casework.actions.renumber import Series
from casework.desk.forms.acts import DeskForm, date_field, read_lazily, sure, whole_number
from casework.fields import Choice, Email, ExplainedChecks, Line, Lines, Phone
from casework.law.officetexts import PlaceRow
from casework.models import Agency, Level, Role
from casework.models.numbering import NumberForm

_MIDDLE = {"class": "middle", "autocomplete": "off"}
_READS = {
    Role.CLERK: _("办理申请，拟写答复"),
    Role.REVIEWER: _("审核拟写的答复"),
    Role.SECRECY_REVIEWER: _("公开前的保密审查"),
    Role.HEAD: _("签发答复，批准延期"),
    Role.REPORT_EDITOR: _("编写年度报告，只看数字"),
    Role.AUDITOR: _("查看全部，不能改动"),
    Role.AGENCY_ADMINISTRATOR: _("本机关的账户、设置、模板，看不到申请"),
    Role.REGION_SUPERVISOR: _("汇总下级的数字，看不到下级的申请"),
    Role.SYSTEM_ADMINISTRATOR: _("全部机关的账户和放假安排，看不到申请"),
}


def roles_field(*, from_above: bool, label: Any, required: bool = True) -> forms.MultipleChoiceField:
    """Boxes for the roles that this administrator may give."""
    offered = [role for role in Role if from_above or role.value not in FROM_ABOVE]
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        choices=[(role.value, read_lazily(ROLE_WORDS[role.value])) for role in offered],
        widget=ExplainedChecks({role.value: _READS[role] for role in offered}),
        error_messages={"required": _("请至少选择一个角色。"), "invalid_choice": _("没有这个角色。")},
    )


class AgencyForm(DeskForm):
    """A new agency, or what one is; its code never changes, because numbers of cases begin with it."""

    code = Line(
        label=_("代码"),
        help_text=_("例如行政区划代码加简称：230406-MZ。以后不能改变，登记编号以它开头。"),
        missing=_("请填写代码。"),
        limit=32,
        widget=forms.TextInput(attrs=_MIDDLE | {"autocapitalize": "none", "spellcheck": "false"}),
    )
    name = Line(label=_("名称"), help_text=_("机关的全称。"), missing=_("请填写名称。"), limit=120)
    parent = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("上级机关"),
        required=False,
        empty_label=_("（没有，是最上一级）"),
        error_messages={"invalid_choice": _("没有这个机关。")},
    )
    level = Choice(label=_("层级"), choices=Level.choices, missing=_("请选择层级。"))

    def __init__(self, *args: Any, agency: Agency | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Agency.objects.filter(closed_on=None).order_by("path")
        if agency is not None:
            del self.fields["code"]
            above = above.exclude(path__startswith=agency.path)
            self.initial.update(name=agency.name, parent=agency.parent_id, level=agency.level)
        self.fields["parent"].queryset = above  # type: ignore[attr-defined]


class CloseAgencyForm(DeskForm):
    """From when it takes no new applications."""

    on = date_field(_("停用之日"))
    sure = sure(_("确认停用：不再接收新的申请，已有的记录不变。"))


class DoorForm(DeskForm):
    """From where the roles of the agency are used, and which need a second factor."""

    networks = Lines(
        label=_("可以登录的网段"),
        help_text=_("每行一个，例如 10.20.0.0/16。空着的，不限制。只限制本机关的角色，公众页面不受影响。"),
        required=False,
        limit=4000,
        rows=5,
    )
    second_factor_roles = roles_field(from_above=True, label=_("必须使用双因素登录的角色"), required=False)
    sure = forms.BooleanField(label=_("我现在的地址不在网段里，确认保存。"), required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(networks="\n".join(agency.networks), second_factor_roles=agency.second_factor_roles)

    def facts(self) -> dict[str, Any]:
        """The arguments of ``guard_door``."""
        given = self.cleaned_data
        lines = given["networks"].replace(",", "\n").replace("，", "\n").split("\n")
        return given | {"networks": [line.strip() for line in lines if line.strip()]}


class PersonForm(DeskForm):
    """Who somebody is and how they are reached."""

    name = Line(label=_("姓名"), missing=_("请填写姓名。"), limit=80, widget=forms.TextInput(attrs=_MIDDLE))
    email = Email(label=_("电子邮箱"), required=False, help_text=_("统一身份认证第一次登录时凭它对应到账户。"))
    phone = Phone(label=_("手机号码"), required=False, limit=20, widget=forms.TextInput(attrs=_MIDDLE))


class NewPersonForm(PersonForm):
    """A new account with its first roles."""

    username = Line(
        label=_("用户名"),
        help_text=_("登录时填写，例如姓名的拼音。字母、数字和 @ . + - _。"),
        missing=_("请填写用户名。"),
        limit=150,
        widget=forms.TextInput(attrs=_MIDDLE | {"autocapitalize": "none", "spellcheck": "false"}),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("机关"),
        empty_label=None,
        error_messages={"required": _("请选择机关。"), "invalid_choice": _("没有这个机关。")},
    )
    field_order = ("username", "name", "agency", "roles", "email", "phone", "way")

    def __init__(self, *args: Any, agencies: QuerySet[Agency], from_above: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies.filter(closed_on=None)  # type: ignore[attr-defined]
        self.fields["roles"] = roles_field(from_above=from_above, label=_("角色"))
        self.fields["way"] = Choice(label=_("怎样取得密码"), choices=WAYS, missing=_("请选择怎样取得密码。"))
        self.initial.setdefault("way", "mail")
        self.order_fields(self.field_order)


class AppointForm(DeskForm):
    """One more role for somebody."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("机关"),
        empty_label=None,
        error_messages={"required": _("请选择机关。"), "invalid_choice": _("没有这个机关。")},
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], from_above: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies.filter(closed_on=None)  # type: ignore[attr-defined]
        offered = [role for role in Role if from_above or role.value not in FROM_ABOVE]
        self.fields["role"] = forms.ChoiceField(
            label=_("角色"),
            choices=[("", _("请选择")), *((role.value, read_lazily(ROLE_WORDS[role.value])) for role in offered)],
            error_messages={"required": _("请选择角色。"), "invalid_choice": _("没有这个角色。")},
        )


WAYS: Final = (
    ("mail", _("发邀请邮件，由本人设置密码")),
    ("password", _("发给初始密码，当面或者打电话告诉本人")),
)


class NumberingForm(DeskForm):
    """How the numbers of one kind are written, and from when."""

    before = Line(
        label=_("年份前面"), limit=24, required=False, widget=forms.TextInput(attrs={**_MIDDLE, "lang": "zh-hans"})
    )
    between = Line(
        label=_("年份和顺序号之间"),
        missing=_("请填写年份和顺序号之间的符号。"),
        limit=6,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    width = whole_number(_("顺序号的位数"), least=4, most=8, hint=_("不足的在前面补0。"))
    after = Line(
        label=_("顺序号后面"),
        limit=6,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    when = Choice(
        label=_("从什么时候起"),
        choices=[("now", _("从下一个编号起")), ("year", _("从明年的第一个编号起"))],
        missing=_("请选择从什么时候起。"),
    )
    elsewhere = whole_number(
        _("本年度在别处已经编到第几号"),
        least=0,
        most=99_999,
        hint=_("例如年中启用本系统，此前用纸质登记簿编到57号，就填57，下一号是58。没有的填0。"),
    )

    def __init__(self, *args: Any, series: Series, begun: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = series.form
        self.initial.update(
            before=form.before, between=form.between, after=form.after, width=form.width, when="now", elsewhere=0
        )
        if series.is_of_letters:
            self.fields["before"].label = _("机关代字和文种字")
            self.fields["before"].help_text = _("年份、括号、顺序号的写法由公文格式国家标准规定（GB/T 9704）。")
            self.initial["before"] = form.before.removesuffix("〔")
            for name in ("between", "width", "after"):
                del self.fields[name]
        if begun:
            del self.fields["elsewhere"]

    def facts(self) -> dict[str, Any]:
        """The arguments of ``renumber``."""
        given = self.cleaned_data
        form = NumberForm(given["before"], given.get("between", "〕"), given.get("after", "号"), given.get("width", 1))
        return {
            "form": form,
            "next_year": given["when"] == "year",
            "elsewhere": 0 if given["when"] == "year" else given.get("elsewhere", 0),
        }


class OfficeTextForm(DeskForm):
    """What an office tells the public in one place; ``seen`` is the last version known."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, row: PlaceRow, zh: str, en: str, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = {"rows": 7, "spellcheck": "false"}
        self.fields["zh"] = Lines(
            label=_("中文"),
            help_text=_("只写文字，空行分段。不写的，公众看不到这一项。"),
            required=False,
            limit=row.longest,
            widget=forms.Textarea(attrs=plain | {"lang": "zh-hans"}),
        )
        self.fields["en"] = Lines(
            label=_("英文"),
            help_text=_("不写的，看英文页面的人看到中文。"),
            required=False,
            limit=row.longest,
            widget=forms.Textarea(attrs=plain | {"lang": "en"}),
        )
        self.initial.update(seen=seen, zh=zh, en=en)


class SureForm(DeskForm):
    """What can't be undone is said twice."""

    sure = sure(_("确认"))


class ChartForm(DeskForm):
    """An organisation chart as a file."""

    file = forms.FileField(
        label=_("组织机构表"),
        help_text=_("CSV（UTF-8）或者 XLSX，列的顺序不限，已有的机关不会改变。"),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的。")},
    )
    dry_run = forms.BooleanField(label=_("先核对，不保存"), required=False, initial=True)
