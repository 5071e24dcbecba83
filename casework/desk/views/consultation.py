"""The link by which somebody consulted answers: made on this page and shown on it once."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.access import VERBS, Verb
from casework.actions import consult
from casework.desk.forms.consult import OfferLinkForm
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.desk.views.act import not_now, overtaken, posted, version
from casework.law.refusals import Refused
from casework.models import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def offer_link(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Make a link; the page that answers shows it, and nothing does after that."""
    at = timezone.now()
    found = case_or_404(request, pk)
    if answer := not_now(request, found, Verb.OFFER_LINK):
        return answer
    form = OfferLinkForm(*posted(request), case=found, by=request.user, on=timezone.localdate(at))
    context = {"case": found, "back": reverse("desk:case", args=[pk]), "words": VERBS[Verb.OFFER_LINK].words}
    if form.is_valid():
        facts = form.facts()
        asked = facts["consultation"]
        asked.case = found
        try:
            found.expect(version(request))
            token, _event = consult.offer_link(asked, mail=facts["mail"], by=request.user, at=at)
        except Conflict as conflict:
            return overtaken(request, pk, form, conflict)
        except Refused as refused:
            form.refuse(refused)
            context["case"] = found = case_or_404(request, pk)
        else:
            # The portal is named by its address: the faces of the product do not import each other.
            context["link"] = request.build_absolute_uri(reverse("portal:consultation", args=[token]))
            return page(
                request,
                "desk/link.html",
                context | {"asked": asked, "mailed": facts["mail"]},
                section="queue",
            )
    context |= {"form": form, "notes": form.notes()}
    return page(request, "desk/offer_link.html", context, section="queue")
