"""What belongs to the account itself: name, addresses, where one is signed in, and its end."""

from typing import Final

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework.actions import applicants
from casework.law.refusals import Refused
from casework.models import CodeWay, Draft, KeptCase
from casework.portal.forms.account import AddressForm, CloseForm, NameForm, takes_phones
from casework.portal.own import OwnRequest, fresh, own
from casework.portal.views.sign_in import ADDRESS, send

_ASKED: Final = require_http_methods(["GET", "HEAD", "POST"])


@_ASKED
@own
def settings(request: OwnRequest) -> HttpResponseBase:
    """Everything on one page; posted, the name is kept."""
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if form.is_valid():
        applicants.rename(request.user, name=form.cleaned_data["name"])
        messages.success(request, gettext("已经保存。"))
        return redirect("portal:settings")
    provinces = SocialAccount.objects.filter(user=request.user)
    context = {
        "section": "account",
        "form": form,
        "phones": takes_phones(),
        "has_second_factor": access.has_second_factor(request.user),
        "elsewhere": _elsewhere(request),
        "both": bool(request.user.email and request.user.phone) or provinces.exists(),
        "provinces": provinces,
        "back": reverse("portal:account"),
    }
    return render(request, "portal/account/settings.html", context)


def _elsewhere(request: OwnRequest) -> int:
    open_ones = UserSession.objects.purge_and_list(request.user)
    return sum(each.session_key != request.session.session_key for each in open_ones)


@_ASKED
@fresh
def address(request: OwnRequest, way: str) -> HttpResponseBase:
    """Another address, or the first of its kind; it is the account's once its code has been typed."""
    if way == CodeWay.PHONE and not takes_phones():
        raise Http404
    form = AddressForm(request.POST if request.method == "POST" else None, ways=(CodeWay(way),))
    if form.is_valid() and send(request, form, form.cleaned_data["address"], ADDRESS):
        return redirect("portal:code")
    context = {"section": "account", "form": form, "way": way, "now": getattr(request.user, way)}
    return render(request, "portal/account/address.html", context | {"back": reverse("portal:settings")})


@require_POST
@fresh
def drop_address(request: OwnRequest, way: str) -> HttpResponseBase:
    """One address less, while another way in is left."""
    try:
        applicants.drop_address(request.user, CodeWay(way), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence.read_in(request.LANGUAGE_CODE))
    else:
        messages.success(request, gettext("已经去掉。以后不能再用它登录。"))
    return redirect("portal:settings")


@require_POST
@own
def sign_out_elsewhere(request: OwnRequest) -> HttpResponseBase:
    """A telephone that was lost, a computer of the library."""
    applicants.sign_out_elsewhere(request.user, keep=request.session.session_key or "")
    messages.success(request, gettext("在别处的登录已经全部退出。"))
    return redirect("portal:settings")


@_ASKED
@fresh
def close(request: OwnRequest) -> HttpResponseBase:
    """What goes and what stays, then the box, then nothing of the account is left."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        applicants.close(request.user, at=timezone.now())
        logout(request)
        messages.success(request, gettext("账户已经删除。已经提交的申请照常办理，凭登记编号和查询码可以查看。"))
        return redirect("portal:home")
    context = {
        "section": "account",
        "form": form,
        "cases": KeptCase.objects.filter(account=request.user).count(),
        "drafts": Draft.objects.filter(account=request.user, case=None).count(),
        "back": reverse("portal:settings"),
    }
    return render(request, "portal/account/close.html", context)
