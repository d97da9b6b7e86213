"""Forms are drafted, changed while they are drafts, put in use, and retired; a version stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from households.engine.canonical import digest
from households.engine.forms import Fault, FormIsFaulty, read
from households.models import CollectionForm, CollectionRound, RoundForm, Subject
from households.packs import packs
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record
from villages.models import Township
from villages.slugs import pinyin_of

EMPTY: Mapping[str, Any] = {"sections": []}
LONGEST_TITLE, LONGEST_CODE = 60, 40


class FormHasFaults(DomainError):
    """The content is no form; `facts["faults"]` says everything that is wrong."""

    code = "form_has_faults"


class FormNeedsATitle(DomainError):
    """A form without a name, or with too long a one."""

    code = "form_needs_a_title"


class FormIsNoDraft(DomainError):
    """A version in use is never changed."""

    code = "form_is_no_draft"


class FormIsNotInUse(DomainError):
    """Only what is in use can be retired."""

    code = "form_is_not_in_use"


class FormIsBeingDrafted(DomainError):
    """There is a draft of this form already: `facts["form_id"]`."""

    code = "form_is_being_drafted"


class FormIsInARound(DomainError):
    """A round that is being collected asks it."""

    code = "form_is_in_a_round"


@dataclass(frozen=True, slots=True)
class NewForm:
    """What a draft starts with; without a code it gets one from its title."""

    title: str
    purpose: str
    subject_kind: str
    code: str = ""
    content: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


def from_pack(code: str) -> NewForm:
    """A form that comes with the product; raises KeyError for a code that none has."""
    return NewForm(**packs()[code])


def next_version_of(form: CollectionForm) -> NewForm:
    """The version in use, to be changed and put in use after it."""
    return NewForm(form.title, form.purpose, form.subject_kind, form.code, form.content)


@transaction.atomic
def draft_form(*, township: Township, start: NewForm, by: Actor, at: datetime) -> CollectionForm:
    """Begin a form, or the next version of one; raises FormIsBeingDrafted beside a draft."""
    Township.objects.select_for_update(no_key=True).get(pk=township.pk)
    _refuse_faults(start.content, unfinished_too=False)
    mine = CollectionForm.objects.filter(township=township)
    code = start.code or _free_code(start.title, set(mine.values_list("code", flat=True)))
    draft = mine.filter(code=code, state=CollectionForm.State.DRAFT).first()
    if draft is not None:
        raise FormIsBeingDrafted(_("这张表已经有一份草稿，请接着改那一份。"), form_id=draft.pk)
    last = mine.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    made = CollectionForm.objects.create(
        township=township,
        code=code,
        version=last + 1,
        title=_title(start.title),
        purpose=CollectionForm.Purpose(start.purpose),
        subject_kind=Subject.Kind(start.subject_kind),
        content=dict(start.content),
        created_at=at,
    )
    _record(made, "form.drafted", by=by, at=at)
    return made


@transaction.atomic
def change_draft(
    *, form: CollectionForm, title: str, content: Mapping[str, Any], by: Actor, at: datetime
) -> CollectionForm:
    """Give a draft this title and content; raises FormHasFaults with everything that is wrong.

    What a draft still lacks is not wrong; it is asked for when the form is put in use.
    """
    draft = _locked_draft(form)
    _refuse_faults(content, unfinished_too=False)
    draft.title, draft.content = _title(title), dict(content)
    draft.save(update_fields=["title", "content"])
    _record(draft, "form.changed", by=by, at=at)
    return draft


@transaction.atomic
def put_in_use(*, form: CollectionForm, by: Actor, at: datetime) -> CollectionForm:
    """From now on this version is asked; the one before it is retired. Raises FormHasFaults."""
    Township.objects.select_for_update(no_key=True).get(pk=form.township_id)
    draft = _locked_draft(form)
    _refuse_faults(draft.content, unfinished_too=True)
    CollectionForm.objects.filter(
        township_id=draft.township_id, code=draft.code, state=CollectionForm.State.IN_USE
    ).update(state=CollectionForm.State.RETIRED)
    draft.state, draft.used_from = CollectionForm.State.IN_USE, at
    draft.sha256 = digest(draft.content)
    draft.save(update_fields=["state", "used_from", "sha256"])
    _record(draft, "form.in_use", by=by, at=at)
    return draft


@transaction.atomic
def retire(*, form: CollectionForm, by: Actor, at: datetime) -> CollectionForm:
    """No new round asks it; records keep their version. Raises FormIsInARound while one does."""
    locked = CollectionForm.objects.select_for_update().get(pk=form.pk)
    if locked.state != CollectionForm.State.IN_USE:
        raise FormIsNotInUse(_("这张表没有在用，不用停。"))
    asked = RoundForm.objects.filter(form=locked, round__state=CollectionRound.State.OPEN)
    if asked.exists():
        raise FormIsInARound(_("还有采集轮次在用这张表，请先结束那个轮次。"))
    locked.state = CollectionForm.State.RETIRED
    locked.save(update_fields=["state"])
    _record(locked, "form.retired", by=by, at=at)
    return locked


def _locked_draft(form: CollectionForm) -> CollectionForm:
    locked = CollectionForm.objects.select_for_update().get(pk=form.pk)
    if locked.state != CollectionForm.State.DRAFT:
        raise FormIsNoDraft(_("这一版已经用过，不能再改。请先从它起草新的一版。"))
    return locked


def _refuse_faults(content: Mapping[str, Any], *, unfinished_too: bool) -> None:
    try:
        read(content)
    except FormIsFaulty as faulty:
        told = [one for one in faulty.faults if unfinished_too or not one.unfinished]
        if told:
            raise FormHasFaults(_in_words(told), faults=told) from faulty


def _in_words(faults: Sequence[Fault]) -> str:
    words = [f"{fault.where}：{fault.words}" if fault.where else fault.words for fault in faults]
    return _("表里有%(count)s处要改：%(words)s") % {
        "count": len(words),
        "words": "；".join(words),
    }


def _title(typed: str) -> str:
    title = typed.replace("\x00", "").strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise FormNeedsATitle(_("请填表的名称，不超过60个字。"))
    return title


def _free_code(title: str, taken: set[str]) -> str:
    stem = f"f-{pinyin_of(title)[: LONGEST_CODE - 8]}".rstrip("-")
    tries = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in tries if code not in taken)


def _record(form: CollectionForm, what: str, *, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"households.collectionform:{form.pk}",
        detail={
            "code": form.code,
            "version": form.version,
            "sha256": digest(form.content).hex(),
        },
    )
