"""An act on a file: what is asked, what was typed to be read once more, and done."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.attempts import refused
from accounts.pages import StaffRequest, staff_page
from accounts.roles import Action
from desk.staff.file_acts import FileAct, offered_on, offered_to
from desk.staff.file_forms import OpenFile, WhenForm
from households.models import Member, Subject
from households.queries import files
from scoring.queries.household_ledger import own_figures
from trail import clock
from trail.errors import DomainError
from villages.queries import units_of

LONGEST_PLACE = 40
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


def file_to_change(request: StaffRequest, number: int) -> Subject:
    """The file; outside the scope there is none."""
    found = files.file_within(request.visitor.scope, Action.MANAGE_FILES, number=number)
    if found is None:
        raise Http404
    return found


@read_or_act
@sensitive_variables()
@sensitive_post_parameters()
@staff_page
def on_file(request: StaffRequest, number: int, act: str) -> HttpResponse:
    """An act on the whole file."""
    subject = file_to_change(request, number)
    chosen = dict(offered_on(subject)).get(act)
    if chosen is None:
        return _no_more(request, subject)
    return _act(request, chosen, _opened(subject, None))


@read_or_act
@sensitive_variables()
@sensitive_post_parameters()
@staff_page
def on_person(request: StaffRequest, number: int, person: int, act: str) -> HttpResponse:
    """An act on one person of the file."""
    subject = file_to_change(request, number)
    member = files.person_of(subject, number=person)
    if member is None:
        raise Http404
    chosen = dict(offered_to(subject, member)).get(act)
    if chosen is None:
        return _no_more(request, subject)
    return _act(request, chosen, _opened(subject, member))


def _opened(subject: Subject, member: Member | None) -> OpenFile:
    living = [one for one in files.members_of(subject) if one.state not in Member.GONE]
    figures = own_figures(village_id=subject.village_id, subject_id=subject.pk)
    groups = [one for one in units_of(village_id=subject.village_id) if one.kind == "group"]
    standing = [one for one in files.consents_of(subject) if one.withdrawn_on is None]
    return OpenFile(subject, living, groups, figures, standing, member)


def _no_more(request: StaffRequest, subject: Subject) -> HttpResponse:
    messages.error(request, _("这件事现在不能办，请看这一户现在的情况。"))
    return redirect("staff:household", number=subject.pk)


def _act(request: StaffRequest, act: FileAct, file: OpenFile) -> HttpResponse:
    """Asked by GET; typed, then checked by rehearsing it; with `sure` done."""
    posted = request.POST if request.method == "POST" else None
    form = act.form(posted, file)
    if "place" in form.fields:
        form.initial["place"] = request.GET.get("place", "")[:LONGEST_PLACE]
    if posted is None or not form.is_valid() or "change" in request.POST:
        return _page(request, "act", act, file, form)
    try:
        if posted.get("sure") == "1":
            done = _do(request, act, file, form)
            messages.success(request, _("%(act)s：已经办好。") % {"act": act.words})
            return redirect("staff:household", number=done.pk)
        _rehearse(request, act, file, form)
    except DomainError as refusal:
        refused(request, refusal)
        return _page(request, "act", act, file, form, problem=refusal.message)
    return _page(request, "act_check", act, file, form)


def _do(request: StaffRequest, act: FileAct, file: OpenFile, form: WhenForm) -> Subject:
    by = request.visitor.signing(Action.MANAGE_FILES, file.subject.village_id)
    return act.do(form, file, by, clock.now())


def _rehearse(request: StaffRequest, act: FileAct, file: OpenFile, form: WhenForm) -> None:
    """Done and taken back at once: what would be refused is told before anything is confirmed."""
    with transaction.atomic():
        _do(request, act, file, form)
        transaction.set_rollback(True)


def _page(
    request: StaffRequest,
    name: str,
    act: FileAct,
    file: OpenFile,
    form: WhenForm,
    *,
    problem: str = "",
) -> HttpResponse:
    other = getattr(form, "other", None)
    return render(
        request,
        f"staff/files/{name}.html",
        {
            "act": act,
            "file": file,
            "subject": file.subject,
            "member": file.member,
            "form": form,
            "typed": [pair for pair in request.POST.lists() if pair[0] not in _OWN],
            "other": other,
            "others": files.members_of(other) if other else (),
            "problem": problem,
        },
        status=409 if problem else 200,
    )


_OWN = ("csrfmiddlewaretoken", "sure", "change")
