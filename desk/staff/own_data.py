"""What is kept of a person, handed to that person by the clerk: on paper or as a file."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.exporting.tables import plain_csv
from desk.staff.file_pages import file_to_change, read_or_act
from households.models import Member, Subject
from households.operations.files.copies import copy_own_data
from households.queries import files
from households.queries.own_data import Line
from trail import clock

FORMS = ("print", "csv", "json")


@read_or_act
@sensitive_variables()
@staff_page
def copy(request: StaffRequest, number: int, person: int) -> HttpResponse:
    """Asked by GET; the POST answers with the sheet or the file, and is one event."""
    subject = file_to_change(request, number)
    member = files.person_of(subject, number=person)
    form = request.POST.get("form", "")
    if member is None or (request.method == "POST" and form not in FORMS):
        raise Http404
    if request.method != "POST":
        return render(request, "staff/files/copy.html", {"subject": subject, "member": member})
    by = request.visitor.signing(Action.MANAGE_FILES, subject.village_id)
    lines = copy_own_data(member=_whole(member, subject), form=form, by=by, at=clock.now())
    if form == "print":
        return render(
            request,
            "staff/files/copy_sheet.html",
            {"subject": subject, "member": member, "lines": lines, "day": clock.today()},
        )
    return _file(lines, form, number=member.pk)


def _whole(member: Member, subject: Subject) -> Member:
    """The person with the file that was read already."""
    member.subject = subject
    return member


def _file(lines: list[Line], form: str, *, number: int) -> HttpResponse:
    """The name of the file says nobody's name."""
    if form == "csv":
        body, kind = plain_csv([(_("项目"), _("内容")), *lines]), "text/csv; charset=utf-8"
    else:
        text = json.dumps([{"item": item, "value": value} for item, value in lines], indent=1,
                          ensure_ascii=False)  # fmt: skip
        body, kind = text.encode(), "application/json"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="own-data-{number}.{form}"'
    return response
