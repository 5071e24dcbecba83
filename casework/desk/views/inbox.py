"""What a person was told, and in the embedded mode the mails that would have been sent."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from casework import access
from casework.desk.pages import DeskRequest, desk, page
from notifications.channels import message_id
from notifications.mailbox import file_of, newest
from notifications.models import Message
from notifications.outbox import inbox_of, mark_read
from notifications.wording import Wording, worded

PAGE: Final = 30
MAILS: Final = 200


@require_safe
@desk
def inbox(request: DeskRequest) -> HttpResponseBase:
    """Newest first; one page at a time."""
    messages = inbox_of(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        messages = messages.filter(pk__lt=int(before))
    rows = list(messages[: PAGE + 1])
    context = {
        "lines": [(message, _said(message)) for message in rows[:PAGE]],
        "next": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "begun": bool(before),
    }
    return page(request, "desk/inbox.html", context, section="inbox")


def _said(message: Message) -> Wording:
    """The words of a message; one of an older release whose template is gone must not hide the others."""
    try:
        return worded(message, language=get_language() or "")
    except TemplateDoesNotExist:
        return Wording(gettext("一条旧消息"), gettext("这条消息的文字已经不在，请打开办件查看。"), "")


@require_POST
@desk
def read(request: DeskRequest) -> HttpResponseBase:
    """Mark messages as read: one and go to its page, or all that the page showed."""
    ids = [int(value) for value in request.POST.getlist("message") if value.isdecimal() and len(value) <= 18]
    mark_read(request.user, ids, at=timezone.now())
    opened = inbox_of(request.user).filter(pk__in=ids[:1]).first() if "open" in request.POST else None
    return redirect(opened.path if opened and opened.path.startswith("/desk/") else reverse("desk:inbox"))


@require_safe
@desk
def mailbox(request: DeskRequest) -> HttpResponseBase:
    """The mails and text messages in the folder of the embedded mode that concern cases which this person may read."""
    if not getattr(settings, "EMAIL_FILE_PATH", None):
        raise Http404
    mine = _files_of_visible_cases(request)
    context = {"mails": [mail for mail in newest(MAILS) if mail.name in mine]}
    return page(request, "desk/mailbox.html", context, section="mailbox")


def _files_of_visible_cases(request: DeskRequest) -> set[str]:
    """The names under which the folder keeps the newest messages about these cases."""
    kept = (Message.Channel.EMAIL, Message.Channel.SMS)
    sent = Message.objects.filter(channel__in=kept, status=Message.Status.SENT)
    rows = list(sent.filter(subject_ref__startswith="case:").order_by("-pk")[: 5 * MAILS])
    keys = {int(row.subject_ref.removeprefix("case:")) for row in rows}
    visible = set(access.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        file_of(row.name if row.channel == Message.Channel.SMS else message_id(row))
        for row in rows
        if int(row.subject_ref.removeprefix("case:")) in visible
    }
