"""Audit events as sentences that people read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import ROLES, role_name
from trail.models import AuditEvent
from trail.naming import ATTEMPTS, act_in_words, column_named, field_in_words, referenced
from trail.queries import titles
from trail.revealing import REASONS
from villages.queries import village_names

SYSTEM = "system"
# Parts of an event's detail; one without words is shown by its code.
FACTS: Mapping[str, object] = {
    "address": gettext_lazy("网址"),
    "content_sha256": gettext_lazy("内容指纹"),
    "count": gettext_lazy("多少条"),
    "entries": gettext_lazy("多少笔"),
    "field": gettext_lazy("哪一项"),
    "first_id": gettext_lazy("第一条编号"),
    "job": gettext_lazy("任务编号"),
    "keep_days": gettext_lazy("保留多少天"),
    "last_id": gettext_lazy("最后一条编号"),
    "method": gettext_lazy("方式"),
    "note": gettext_lazy("说明"),
    "persons": gettext_lazy("多少人"),
    "proposal": gettext_lazy("审批编号"),
    "purpose": gettext_lazy("用途"),
    "reason": gettext_lazy("理由"),
    "rows": gettext_lazy("多少行"),
    "sha256": gettext_lazy("指纹"),
    "status": gettext_lazy("结果码"),
    "why": gettext_lazy("原因"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: when, and in a sentence who did what to what."""

    event: AuditEvent
    sentence: str

    @property
    def refused(self) -> bool:
        """Whether it was an attempt that was not let through, or came to nothing."""
        return self.event.what.partition(".")[0] in ATTEMPTS


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record before and after."""

    name: str
    before: str
    after: str
    personal: bool


def told(events: Sequence[AuditEvent]) -> list[Told]:
    """The events in sentences: one query for the villages and one for each kind of record."""
    names = village_names({event.village_id for event in events if event.village_id})
    called = titles({event.about for event in events})
    return [Told(event, _sentence(event, names, called)) for event in events]


def _sentence(event: AuditEvent, names: Mapping[int, str], called: Mapping[str, str]) -> str:
    about = _object(event, called)
    village = names.get(event.village_id or 0, "")
    facts = {
        "who": event.actor,
        "role": role_name(event.role),
        "act": act_in_words(event.what),
        "about": about if about.startswith(village) else f"{village} {about}".strip(),
    }
    if event.role == SYSTEM:
        return _("系统：%(act)s，%(about)s") % facts
    # A log-in about its own account acts in no role.
    if event.role not in ROLES:
        return _("%(who)s%(act)s：%(about)s") % facts
    return _("%(who)s以%(role)s身份%(act)s：%(about)s") % facts


def _object(event: AuditEvent, called: Mapping[str, str]) -> str:
    if event.about not in called:
        return referenced(event.about)
    kind = referenced(event.about.partition(":")[0])
    return f"{kind} {called[event.about]}"


def lines_of(event: AuditEvent) -> list[Line]:
    """What the act changed, field by field."""
    return [
        Line(
            field_in_words(change["field"]),
            _value(change["field"], change["before"]),
            _value(change["field"], change["after"]),
            bool(change.get("personal")),
        )
        for change in event.detail.get("changes", ())
    ]


def _value(field: str, value: object) -> str:
    """A choice by its label, everything else as it is."""
    if value in (None, ""):
        return ""
    column = column_named(field)
    labels = dict(column.flatchoices) if column is not None else {}
    return str(labels.get(value, value))


def facts_of(event: AuditEvent) -> list[tuple[str, str]]:
    """What else was kept of the act: counts, ids, digests."""
    return [
        (str(FACTS.get(name, name)), str(REASONS.get(str(value), "")) or _fact(value))
        for name, value in event.detail.items()
        if name != "changes"
    ]


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
