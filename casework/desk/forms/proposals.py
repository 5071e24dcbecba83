"""What a head says of a proposal for publication, and what a clerk calls it for everybody."""

from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, date_field
from casework.fields import Line, Lines


def _title() -> Line:
    return Line(
        label=_("对外的名称"),
        help_text=_("用本机关自己的话概括这项信息，不写申请人的姓名和其他个人信息。写好以后公众页面上可以看到。"),
        missing=_("请填写对外的名称。"),
        limit=200,
    )


class WordForm(DeskForm):
    """The title under which the public sees it."""

    title = _title()


class AcceptForm(DeskForm):
    """Where it is to be found, and from when."""

    title = _title()
    where = Line(
        label=_("公开的位置"),
        help_text=_("网页地址，或者栏目、公报的名称。"),
        missing=_("请写明公开的位置。"),
        limit=300,
    )
    public_on = date_field(_("公开日期"), hint=_("从哪一天起可以查到；可以是将来的日期。"))


class DeclineForm(DeskForm):
    """Why it is not published."""

    reason = Lines(
        label=_("不采纳的理由"),
        help_text=_("例如：属于不予公开的信息，只对申请人有意义。提出建议的人会看到。"),
        missing=_("请写明不采纳的理由。"),
        limit=2000,
        rows=4,
    )
