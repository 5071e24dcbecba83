"""The webhooks of an agency: added, tried, given a new secret, disabled."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework import webhooks as hooks
from casework.access import AgencyAct
from casework.actions import webhooks as verbs
from casework.desk.forms.channels import WebhookForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import WebhookEndpoint
from casework.templatetags.words import read
from casework.webhooks import TOPICS, Topic


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def webhooks(request: DeskRequest) -> HttpResponseBase:
    """The endpoints of the agencies that this person administers; a POST adds one and shows its secret once."""
    agencies = _agencies(request)
    form = WebhookForm(
        request.POST if request.method == "POST" else None,
        agencies=agencies,
        initial={"topics": list(TOPICS), "agency": agencies[0]},
    )
    if form.is_valid():
        try:
            endpoint, secret = verbs.add(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return _page(request, WebhookForm(agencies=agencies), fresh=endpoint, secret=secret)
    return _page(request, form)


@require_POST
@desk
def change(request: DeskRequest, pk: int, deed: str) -> HttpResponseBase:
    """Try it, give it a new secret, or disable it."""
    agencies = _agencies(request)
    endpoint = get_object_or_404(WebhookEndpoint.objects.select_related("agency"), pk=pk, agency__in=agencies)
    at = timezone.now()
    try:
        if deed == "rotate":
            secret = verbs.rotate(endpoint, by=request.user, at=at)
            return _page(request, WebhookForm(agencies=agencies), fresh=endpoint, secret=secret)
        if deed == "ping":
            verbs.ping(endpoint, by=request.user, at=at)
            messages.success(request, gettext("测试消息已经放入发送队列。没有送到的，会列在“没有送到的消息”里。"))
        else:
            verbs.disable(endpoint, by=request.user, at=at)
            messages.success(request, gettext("已经停用。"))
    except Refused as refused:
        messages.error(request, read(refused.sentence))
    return redirect("desk:webhooks")


@require_http_methods(["GET", "HEAD"])
@desk
def log(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What was sent to an endpoint lately, how often it was tried, and what it answered."""
    endpoints = WebhookEndpoint.objects.select_related("agency")
    endpoint = get_object_or_404(endpoints, pk=pk, agency__in=_agencies(request))
    context = {"endpoint": endpoint, "rows": hooks.lately(endpoint), "back": reverse("desk:webhooks")}
    return page(request, "desk/webhook_log.html", context, section="webhooks")


def _agencies(request: DeskRequest) -> list[int]:
    agencies = [agency.pk for agency in access.agencies_for(request.user, AgencyAct.SET_WEBHOOKS)]
    if not agencies:
        raise Http404
    return agencies


def _page(request: DeskRequest, form: WebhookForm, **more: Any) -> HttpResponseBase:
    endpoints = WebhookEndpoint.objects.filter(agency__in=_agencies(request)).select_related("agency")
    rows = [
        (endpoint, [TOPICS[Topic(topic)][0] for topic in endpoint.topics])
        for endpoint in endpoints.order_by("disabled_at", "-pk")
    ]
    return page(request, "desk/webhooks.html", {"form": form, "rows": rows, **more}, section="webhooks")
