"""Whoever holds a receipt verifies it here: number, office, moment and digest, and nothing of the application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework import access
from casework.law.sent import spelled
from casework.models.acknowledgement import is_token
from casework.portal import attempts
from casework.portal.forms.verify import CompareForm, VerifyForm

#: Stands for the number of a case where wrong tries are counted: all tokens together.
ANY = "receipts"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Type the code that stands on the receipt."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("portal:verify_token", form.cleaned_data["token"])
    return _ask(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """What the receipt with this code says; and whether a pasted text or digest is the one that was sent."""
    at = timezone.now()
    if wait := attempts.seconds_to_wait(request, ANY, at=at):
        return _refused(request, token, gettext("连续输错多次，请等 %(seconds)s 秒再试。") % {"seconds": wait}, 429)
    given = access.acknowledged(token)
    if given is None:
        if is_token(token):  # a slip of the pen is told, and not counted
            attempts.failed(request, ANY, at=at)
        return _refused(request, token, gettext("没有核验码是这个的回执。请对照回执逐位检查。"), 404)
    form = CompareForm(request.POST if request.method == "POST" else None)
    same = form.is_valid() and form.digest() == given.digest if request.method == "POST" else None
    context = {
        "receipt": given,
        "digest": spelled(given.digest).split(" "),
        "form": form,
        "same": same if form.is_bound and not form.errors else None,
        "intact": given.intact,
    }
    return render(request, "portal/verify/receipt.html", context)


def _refused(request: HttpRequest, token: str, sentence: str, status: int) -> HttpResponse:
    form = VerifyForm({"token": token[:60]})
    form.errors.clear()
    form.add_error("token", sentence)
    return _ask(request, form, status=status)


def _ask(request: HttpRequest, form: VerifyForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/verify/ask.html", {"form": form}, status=status)
