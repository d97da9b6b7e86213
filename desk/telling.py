"""Audit events as sentences that people read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import ROLES, role_name
from desk.page_words import tried_in_words
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
    "choice": gettext_lazy("选了什么"),
    "correction": gettext_lazy("更正编号"),
    "count": gettext_lazy("多少条"),
    "entries": gettext_lazy("多少笔"),
    "field": gettext_lazy("哪一项"),
    "first_id": gettext_lazy("第一条编号"),
    "from": gettext_lazy("从哪天起"),
    "invitation": gettext_lazy("链接编号"),
    "job": gettext_lazy("任务编号"),
    "keep_days": gettext_lazy("保留多少天"),
    "last_id": gettext_lazy("最后一条编号"),
    "method": gettext_lazy("方式"),
    "note": gettext_lazy("说明"),
    "notice": gettext_lazy("公示编号"),
    "notice_sha256": gettext_lazy("公示指纹"),
    "number": gettext_lazy("编号"),
    "opens": gettext_lazy("是不是新账号"),
    "person": gettext_lazy("人员编号"),
    "persons": gettext_lazy("多少人"),
    "postings": gettext_lazy("任职编号"),
    "proposal": gettext_lazy("审批编号"),
    "purpose": gettext_lazy("用途"),
    "rated": gettext_lazy("评了多少户"),
    "reason": gettext_lazy("理由"),
    "renewed": gettext_lazy("其中换卡"),
    "root": gettext_lazy("封账指纹"),
    "rows": gettext_lazy("多少行"),
    "seal": gettext_lazy("封账编号"),
    "sessions": gettext_lazy("退出了多少处"),
    "sha256": gettext_lazy("指纹"),
    "status": gettext_lazy("结果码"),
    "subjects": gettext_lazy("农户编号"),
    "superseded": gettext_lazy("停用的细则版本"),
    "why": gettext_lazy("原因"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: when, in a sentence who did what to what, and in words which fields changed."""

    event: AuditEvent
    sentence: str
    changed: str = ""

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
    return [
        Told(event, _sentence(event, names, called), changes_in_words(event)) for event in events
    ]


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
    if event.about in called:
        kind = referenced(event.about.partition(":")[0])
        return f"{kind} {called[event.about]}"
    if event.what.partition(".")[0] in ATTEMPTS:
        return referenced(tried_in_words(event.about))
    return " ".join(filter(None, (referenced(event.about), _post(event.about))))


def _post(about: str) -> str:
    """Of `villages.person:7:collector` the post."""
    code = (*about.split(":"), "", "")[2]
    return role_name(code) if code in ROLES else ""


def changes_in_words(event: AuditEvent) -> str:
    """From what to what, in one sentence; of personal fields only that they changed."""
    return "；".join(_change(line) for line in lines_of(event))


def _change(line: Line) -> str:
    facts = {"field": line.name, "before": line.before, "after": line.after}
    if line.personal:
        return _("%(field)s已改") % facts
    if not line.before:
        return _("%(field)s填为“%(after)s”") % facts
    if not line.after:
        return _("%(field)s“%(before)s”去掉了") % facts
    return _("%(field)s从“%(before)s”改为“%(after)s”") % facts


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
    """A choice by its label, a time as it is in Shanghai, everything else as it is."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    column = column_named(field)
    if isinstance(column, models.DateTimeField) and (time := parse_datetime(str(value))):
        return date_format(localtime(time), "Y-m-d H:i")
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
