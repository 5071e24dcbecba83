"""The forms of the approval: what each step says, and why a draft goes back."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.desk.forms.acts import ActForm, Note, sure
from casework.fields import Line, Lines


def remark_field(label: StrOrPromise) -> Lines:
    return Lines(label=label, help_text=_("可以不填。只在内部留存。"), required=False, limit=2000, rows=3)


class ReviewForm(ActForm):
    """The reviewer's consent."""

    remark = remark_field(_("审核意见"))


class ClearSecrecyForm(ActForm):
    """The result of secrecy review: nothing secret (条例 17, 保密法 35)."""

    remark = remark_field(_("保密审查意见"))
    sure = sure(_("我已经审查答复的文字和全部附件，其中没有国家秘密，可以公开。"))

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext(
                    "公开前应当依照保密法律法规审查；不能确定的，先退回，"
                    "报有关主管部门或者保密行政管理部门确定（条例 17）。"
                )
            )
        ]


class FindClassifiedForm(ActForm):
    """The draft holds a state secret. The form asks for three facts, and for nothing of the content."""

    basis = Lines(
        label=_("定密依据"),
        help_text=_("只写法律依据或者保密事项范围的名称和条款，不写秘密的内容。"),
        missing=_("请写明定密依据。"),
        limit=2000,
        rows=3,
    )
    decided_by = Line(label=_("定密机关、定密责任人"), missing=_("请写明由哪个机关或者哪位定密责任人确定。"), limit=200)
    sure = sure(_("拟写的答复涉及国家秘密。确认后，它的文字和附件将从本系统永久删除，不能恢复。"))

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext(
                    "本系统不得处理国家秘密。不要在这里填写秘密的内容；"
                    "已经进入备份的附件，请立即告知系统管理员和本机关保密工作机构处理。"
                ),
                "grave",
            )
        ]


class SendBackForm(ActForm):
    """Why the draft goes back."""

    remark = Lines(
        label=_("退回意见"),
        help_text=_("写明要修改什么；不要写涉密内容。"),
        missing=_("请写明要修改什么。"),
        limit=2000,
        rows=4,
    )


class TakeBackForm(ActForm):
    """Why the signature is taken back."""

    remark = Lines(
        label=_("撤回的理由"),
        help_text=_("写明要修改什么；不要写涉密内容。文书作废，文号不再使用。"),
        missing=_("请写明为什么撤回。"),
        limit=2000,
        rows=4,
    )


class SignForm(ActForm):
    """The signature. The draft stands above the form as the applicant will read it."""

    sure = sure(_("我已经核对上面的答复，同意签发。送出以前，只有负责人可以撤回签发。"))
