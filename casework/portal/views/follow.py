"""Number and code open an application to its applicant; leaving closes it on this computer."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from casework import access, audit
from casework.entries import where
from casework.models import AccessKind, Case
from casework.portal import attempts
from casework.portal.forms.follow import FollowForm
from casework.portal.opened import WANTED, remember
from casework.portal.views.correction import remember as remember_correction


@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for number and code. A wrong code and an unknown number get the same answer."""
    if request.method != "POST":
        form = FollowForm(initial={"number": request.GET.get("number", "")[:80]})
        return render(request, "portal/follow/find.html", {"section": "follow", "form": form})
    at = timezone.now()
    form = FollowForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if wait := attempts.seconds_to_wait(request, number, at=at):
            form.add_error(
                None, gettext("连续输错多次，请等 %(seconds)s 秒再试。您的申请不受影响。") % {"seconds": wait}
            )
        elif case := access.follow(number, form.cleaned_data["code"]):
            attempts.forget(request, number)
            request.session.cycle_key()
            _note(request, AccessKind.FOLLOWED, case, at=at)
            remember(request, case.pk, at=at)
            page = reverse("portal:case", args=[case.pk])
            wanted = str(request.session.pop(WANTED, ""))
            return redirect(wanted if wanted.startswith(page) else page)
        elif correction := access.follow_correction(number, form.cleaned_data["code"]):
            attempts.forget(request, number)
            request.session.cycle_key()
            remember_correction(request, correction.pk, at=at)
            return redirect("portal:correction_case", correction.pk)
        else:
            attempts.failed(request, number, at=at)
            tried = list(Case.objects.filter(number=number)[:2])
            _note(request, AccessKind.WRONG_CODE, tried[0] if len(tried) == 1 else None, at=at)
            form.add_error(
                None, gettext("登记编号和查询码对不上。请对照回执检查这两项；确实找不到的，请联系受理机关。")
            )
    return render(request, "portal/follow/find.html", {"section": "follow", "form": form})


def _note(request: HttpRequest, kind: AccessKind, case: Case | None, *, at: datetime) -> None:
    """On record: who opened an application, or tried a code; the code is not kept, nor a number that is none."""
    audit.record(
        kind,
        at=at,
        case=case,
        agency=case.agency_id if case else None,
        page="follow",
        **where(request),
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this computer which cases were opened."""
    request.session.flush()
    messages.success(request, gettext("已经退出。这台电脑上不再保留您的申请。"))
    return redirect("portal:follow")
