"""Log-ins of a person: a one-time link to open one, shown once."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.operations import invitations
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.people import log_ins_managed, person_context, person_of, show, signed_for
from desk.staff.staffing_forms import InviteForm
from notices.printing.codes import qr_svg, svg_image
from trail import clock
from trail.errors import DomainError


@sensitive_variables("token", "address")
@require_POST
@staff_page
def invite(request: StaffRequest, person_id: str) -> HttpResponse:
    """Make the link and show it, with its square code; a page that is left is not found again."""
    found = person_of(request, person_id, action=Action.MANAGE_ACCOUNTS)
    if not log_ins_managed(request, found):
        raise Http404
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show(request, "people/person", 422, **person_context(request, found) | _told(form))
    by = signed_for(request, Action.MANAGE_ACCOUNTS, found)
    try:
        invitation, token = invitations.invite(
            person=found, username=form.cleaned_data["username"], by=by, at=clock.now()
        )
    except DomainError as refusal:
        form.add_error("username", refusal.message)
        return show(request, "people/person", 422, **person_context(request, found) | _told(form))
    address = settings.SITE_ADDRESS.rstrip("/") + reverse("invited", args=[token])
    code = svg_image(qr_svg(address))
    return show(
        request, "people/invite", person=found, invitation=invitation, address=address, code=code
    )


def _told(form: InviteForm) -> dict[str, InviteForm]:
    return {"invite": form}
