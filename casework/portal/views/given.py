"""Pictures of the pages that a reply gave, always of the file that left and never of the record."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.portal.opened import ask_again, opened
from casework.redaction import previews

#: Dots an inch: enough to find the place, not to read it.
DOTS: Final = 50


@require_safe
@never_cache
def page(request: HttpRequest, pk: int, document_pk: int, number: int) -> HttpResponse:
    """A page of a file that came with the reply, small."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    sent = found.documents.filter(decision__dispatched_on__isnull=False).exclude(release=None)
    document = get_object_or_404(sent.select_related("release__material"), pk=document_pk)
    if document.release is None or not 1 <= number <= len(document.release.material.pages):
        raise Http404

    def read() -> bytes:
        with document.file.open("rb") as stored:
            content: bytes = stored.read()
        return content

    try:
        drawn = previews.page_picture(document.sha256, number, dots=DOTS, read=read)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = HttpResponse(drawn, content_type="image/png")
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
