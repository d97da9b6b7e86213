"""The household itself fills in a form: after its PIN, or through a one-time link; no scripts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.transactions import begins_late
from desk.household_pages import guarded, household_page, kept_nowhere, visitor
from households.engine.forms import read
from households.forms import AnswersForm
from households.models import (
    Channel,
    CollectionForm,
    CollectionRecord,
    CollectionRound,
    SpokenBy,
    Subject,
)
from households.operations import links, records
from households.operations.record_saying import Said
from households.queries import collecting, reporting
from trail import clock
from trail.errors import DomainError
from trail.scope import reaching

Send = Callable[[Said], CollectionRecord]
read_or_act = require_http_methods(["GET", "HEAD", "POST"])


class WhoForm(forms.Form):
    """Who fills it in, and that it may be kept."""

    spoken_by = forms.ChoiceField(
        label=_("谁在填"),
        widget=forms.RadioSelect,
        choices=[(SpokenBy.SELF, _("户主本人")), (SpokenBy.FAMILY, _("家里人"))],
        error_messages={"required": _("请选谁在填")},
    )
    consent = forms.BooleanField(
        label=_("我知道这些内容用来给我家建档和评星，同意村里登记"),
        error_messages={"required": _("同意登记才能发送；不同意就不用填，关掉这一页")},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The form put before the household, and what the page starts with."""

    subject: Subject
    form: CollectionForm
    round: CollectionRound | None
    current: CollectionRecord | None
    people: Sequence[tuple[int, str]]

    def answers_form(self, data: Any) -> AnswersForm:
        """The questions, with what stands in the file already."""
        answers = self.current.answers if self.current is not None else None
        return AnswersForm(data, asks=read(self.form.content), answers=answers, people=self.people)

    def said(self, number: UUID, who: WhoForm, answers: dict[str, Any]) -> Said:
        """What was typed, as a record."""
        base = (self.current.uuid, self.current.revision) if self.current is not None else None
        return Said(
            uuid=number,
            revision=1,
            form_id=self.form.pk,
            round_id=self.round.pk if self.round else None,
            base=base,
            channel=Channel.SELF,
            spoken_by=who.cleaned_data["spoken_by"],
            filled_at=clock.now(),
            answers=answers,
            consent=True,
        )


def _number(request: HttpRequest) -> UUID:
    """The record's number: of the form that was sent, so that twice is once."""
    try:
        return UUID(request.POST.get("number", ""))
    except ValueError:
        return uuid4()


@read_or_act
@household_page
def report(request: HttpRequest, subject: Subject, opened: bool) -> HttpResponse:
    """After the PIN: the forms that are asked now, one of them to fill in, and its receipt."""
    if not opened:
        return redirect("household_verify", token=subject.qr_token)
    with reaching([subject.village_id]):
        return _report(request, subject)


def _report(request: HttpRequest, subject: Subject) -> HttpResponse:
    context = {"village": subject.village, "token": subject.qr_token, "subject": subject}
    offered = reporting.forms_asked(subject)
    wanted = request.POST.get("form") or request.GET.get("form", "")
    chosen = [pair for pair in offered if str(pair[0].pk) == wanted or len(offered) == 1]
    kept = _received(request, subject)
    if kept is not None or not chosen:
        return render(
            request, "household/report.html", {**context, "offered": offered, "kept": kept}
        )
    form, round_ = chosen[0]
    asked = Asked(
        subject,
        form,
        round_,
        collecting.current_of(subject=subject, form_code=form.code),
        reporting.people_of(subject),
    )

    def send(said: Said) -> CollectionRecord:
        known = _own(subject, said.uuid)
        if known is not None and known.answers == said.answers:
            return known
        fresh = replace(said, uuid=uuid4()) if known is not None else said
        return records.receive(subject=subject, said=fresh, by=visitor(request), at=clock.now())[0]

    answer = _asked(request, asked, _number(request), send, context)
    if isinstance(answer, CollectionRecord):
        return redirect(f"{request.path}?received={answer.uuid}")
    return answer


def _received(request: HttpRequest, subject: Subject) -> CollectionRecord | None:
    """The household's own record named in the address, after it was sent."""
    try:
        number = UUID(request.GET.get("received", ""))
    except ValueError:
        return None
    return _own(subject, number)


def _own(subject: Subject, number: UUID) -> CollectionRecord | None:
    """What the household has sent under this number."""
    found = collecting.record_of(village_id=subject.village_id, uuid=number, revision=1)
    if found is None or (found.subject_id, found.channel) != (subject.pk, Channel.SELF):
        return None
    return found


def _asked(
    request: HttpRequest, asked: Asked, number: UUID, send: Send, context: dict[str, Any]
) -> HttpResponse | CollectionRecord:
    """The record that was sent, or the page that asks, with what has to be put right."""
    data = request.POST if request.method == "POST" else None
    form, who = asked.answers_form(data), WhoForm(data)
    problem = ""
    if data is not None and form.is_valid() & who.is_valid():
        try:
            return send(asked.said(number, who, form.answers))
        except DomainError as refusal:
            problem = refusal.message
    wrong = bool(problem or form.errors or who.errors)
    more = {"asked": asked, "form": form, "who": who, "number": number, "problem": problem}
    return render(
        request, "household/report_form.html", {**context, **more}, status=400 if wrong else 200
    )


@read_or_act
@begins_late
def once(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody away fills in one form of one household, once; nothing of the file is shown."""
    link = reporting.link_of(secret)
    return kept_nowhere(guarded(request, link is not None) or _once(request, secret))


def _once(request: HttpRequest, secret: str) -> HttpResponse:
    link = reporting.link_of(secret)
    if link is None:
        return render(request, "household/unknown.html", {"here": "/"}, status=404)
    context = {"village": link.subject.village, "subject": link.subject, "once": True}
    with reaching([link.village_id]):
        number = links.number_of(link)
        kept = collecting.record_of(village_id=link.village_id, uuid=number, revision=1)
        if not reporting.is_open(link, at=clock.now()):
            context |= {"kept": kept, "spent": kept is None}
            return render(request, "household/report.html", context)
        people = reporting.people_of(link.subject)
        asked = Asked(link.subject, link.form, link.round, None, people)

        def send(said: Said) -> CollectionRecord:
            return links.report_through(link=link, said=said, by=visitor(request), at=clock.now())

        answer = _asked(request, asked, number, send, context)
    if isinstance(answer, CollectionRecord):
        return redirect(request.path)
    return answer
