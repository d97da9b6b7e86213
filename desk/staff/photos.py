"""Photos of records: the copy for whoever checks, the original for few, each reading asked for."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from files.models import Attachment
from files.operations import hand_out_original
from files.queries import attachment_within, copy_of
from trail import clock


def _stored(request: StaffRequest, action: Action, number: int) -> Attachment:
    found = attachment_within(request.visitor.scope, action, number=number)
    if found is None or found.state != Attachment.State.STORED:
        raise Http404
    return found


def _file(content: bytes, media_type: str, name: str, *, shown: bool) -> HttpResponse:
    """Never run as a page, whatever the bytes say."""
    answer = HttpResponse(content, content_type=media_type)
    how = "inline" if shown else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_safe
@staff_page
def photo(request: StaffRequest, number: int) -> HttpResponse:
    """The copy without EXIF."""
    found = _stored(request, Action.CHECK_COLLECTION, number)
    try:
        content = copy_of(found)
    except FileNotFoundError as error:
        raise Http404 from error
    return _file(content, "image/jpeg", f"photo-{found.pk}.jpg", shown=True)


@require_POST
@staff_page
def original(request: StaffRequest, number: int) -> HttpResponse:
    """The photo as it was taken, as a file; the trail keeps who took it."""
    found = _stored(request, Action.MANAGE_FILES, number)
    by = request.visitor.signing(Action.MANAGE_FILES, found.village_id)
    try:
        content = hand_out_original(attachment=found, by=by, at=clock.now())
    except FileNotFoundError as error:
        raise Http404 from error
    return _file(content, "application/octet-stream", f"original-{found.pk}.bin", shown=False)
