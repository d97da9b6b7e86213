"""The two ways between the workspace and the records: a record's acts, a page's record."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Proposal, User
from accounts.queries import proposals_within
from accounts.roles import Action
from households.models import (
    Assignment,
    CollectionForm,
    CollectionRound,
    Member,
    ReportLink,
    Subject,
)
from jobs.models import Job
from notices.models import Notice
from scoring.models import Correction, Entry, LedgerState, Month, Rating, RuleBook, Seal
from scoring.queries.months import kept_within
from trail.desk import Act, ScopedReadOnlyAdmin
from trail.models import AuditEvent
from trail.scope import Scope
from villages.models import Person, Posting, Township, Unit, Village

SHOWN = (Month.State.PUBLISHED, Month.State.FINAL)


def record_of(scope: Scope, row: Model) -> str:
    """The address of the row at the records desk; '' where the scope does not show it there."""
    page = admin.site.get_model_admin(type(row))
    if not isinstance(page, ScopedReadOnlyAdmin) or not _reaches(scope, page.needs, row):
        return ""
    options = page.opts
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])


def acts_of(scope: Scope, row: Model) -> list[Act]:
    """What can be done about the row, by whom the scope lets; each leads to a page that opens."""
    acts = _ACTS.get(type(row))
    return list(acts(_Reader(scope, row), row)) if acts else []


def _reaches(scope: Scope, action: str, row: Any) -> bool:
    if isinstance(row, Person):
        return scope.allows(action)
    village = row.pk if isinstance(row, Village) else getattr(row, "village_id", None)
    if village is not None:
        return village in scope.village_ids(action)
    township = row.pk if isinstance(row, Township) else getattr(row, "township_id", None)
    return township in scope.township_ids(action)


class _Reader(NamedTuple):
    scope: Scope
    row: Model

    def may(self, action: Action) -> bool:
        """Whether the action is allowed where the row belongs."""
        return _reaches(self.scope, action, self.row)

    def month(self, village: Village, month: str | None) -> Month | None:
        """The month of the workspace by this name, if there is one."""
        action = Action.VIEW_LEDGER
        return kept_within(self.scope, action, slug=village.slug, month=month or "")


def _act(words: str, route: str, *args: object, query: str = "") -> Act:
    return Act(words, f"{reverse(route, args=args)}{query}")


def _village(who: _Reader, row: Village) -> Iterator[Act]:
    if who.may(Action.VIEW_POSTINGS):
        yield _act(_("去办事页"), "staff:village", row.slug)
    if who.may(Action.VIEW_LEDGER):
        yield _act(_("看月份"), "staff:months", query=f"?village={row.slug}")
        yield _act(_("核对账本"), "staff:ledger", row.slug)
    if who.may(Action.VIEW_REGISTER):
        yield _act(_("看农户"), "staff:households", query=f"?village={row.pk}")
    if who.may(Action.VIEW_NOTICES):
        yield _act(_("看公示"), "staff:notices", query=f"?village={row.slug}")
    if who.may(Action.ISSUE_CARDS):
        yield _act(_("印户卡"), "staff:cards", row.slug)
    if who.may(Action.IMPORT_REGISTER):
        yield _act(_("导入农户表"), "staff:imports")


def _unit(who: _Reader, row: Unit) -> Iterator[Act]:
    if who.may(Action.VIEW_POSTINGS):
        yield _act(_("去办事页"), "staff:village", row.village.slug)


def _township(who: _Reader, row: Township) -> Iterator[Act]:
    if who.may(Action.VIEW_POSTINGS):
        yield _act(_("去办事页"), "staff:township", row.code)
    if who.may(Action.IMPORT_REGISTER):
        yield _act(_("导入农户表"), "staff:imports")


def _person(who: _Reader, row: Person) -> Iterator[Act]:
    yield _act(_("去办事页"), "staff:person", row.pk)
    if who.may(Action.MANAGE_ACCOUNTS):
        yield _act(_("发邀请、管账号"), "staff:person", row.pk, query="#log-ins")


def _of_person(who: _Reader, row: Posting | User) -> Iterator[Act]:
    yield _act(_("去办事页"), "staff:person", row.person_id)


def _subject(who: _Reader, row: Subject) -> Iterator[Act]:
    yield _act(_("打开农户页"), "staff:household", row.pk)
    if row.kind == Subject.Kind.HOUSEHOLD and who.may(Action.ISSUE_CARDS):
        yield _act(_("印户卡"), "staff:cards", row.village.slug, query=f"?number={row.number}")


def _member(who: _Reader, row: Member) -> Iterator[Act]:
    yield _act(_("打开农户页"), "staff:household", row.subject_id)


def _link(who: _Reader, row: ReportLink) -> Iterator[Act]:
    yield _act(_("看这一户的填表链接"), "staff:links", query=f"?file={row.subject_id}")


def _form(who: _Reader, row: CollectionForm) -> Iterator[Act]:
    if who.may(Action.MANAGE_COLLECTION):
        yield _act(_("去办事页"), "staff:form", row.pk)


def _round(who: _Reader, row: CollectionRound) -> Iterator[Act]:
    yield _act(_("去办事页"), "staff:round", row.pk)


def _assignment(who: _Reader, row: Assignment) -> Iterator[Act]:
    yield _act(_("看进度"), "staff:progress", row.round_id)


def _month(who: _Reader, row: Month) -> Iterator[Act]:
    if row.origin != Month.Origin.KEPT:
        return
    place = (row.month, row.village.slug)
    is_open = row.state == Month.State.OPEN
    yield _act(_("去关账") if is_open else _("去办事页"), "staff:month", *place)
    if not is_open:
        words = _("看公示") if row.state in SHOWN else _("生成公示")
        yield _act(words, "staff:notice", *place)
    if who.may(Action.PROPOSE_LOCK):
        yield _act(_("重算星级"), "staff:rate", *place)
    yield _act(_("核对账本"), "staff:ledger", row.village.slug)


def _entry(who: _Reader, row: Entry) -> Iterator[Act]:
    month = who.month(row.village, row.month)
    if month is None:
        return
    place = (row.month, row.village.slug)
    yield _act(_("去办事页"), "staff:month", *place)
    if month.state == Month.State.OPEN and who.may(Action.PROPOSE_REVERSAL):
        yield _act(_("申请冲正"), "staff:reverse_entry", *place, row.pk)


def _rating(who: _Reader, row: Rating) -> Iterator[Act]:
    if who.may(Action.PROPOSE_LOCK) and who.month(row.village, row.period):
        yield _act(_("重算星级"), "staff:rate", row.period, row.village.slug)


def _ledger(who: _Reader, row: LedgerState | Seal) -> Iterator[Act]:
    yield _act(_("核对账本"), "staff:ledger", row.village.slug)


def _correction(who: _Reader, row: Correction) -> Iterator[Act]:
    if who.month(row.village, row.month.month):
        yield _act(_("去办事页"), "staff:month", row.month.month, row.village.slug)


def _book(who: _Reader, row: RuleBook) -> Iterator[Act]:
    asks = row.state == RuleBook.State.SUBMITTED and who.may(Action.PROPOSE_ADOPTION)
    if asks and row.village is not None:
        yield _act(_("记下表决结果"), "staff:adopt", row.village.slug, row.version)


def _notice(who: _Reader, row: Notice) -> Iterator[Act]:
    if row.state == Notice.State.PUBLISHED:
        yield _act(_("看公示"), "notices:notice", row.village.slug, row.number)
        yield _act(_("打印公示"), "notices:print", row.village.slug, row.number)
    if row.kind == Notice.Kind.POINTS and row.month and who.month(row.village, row.month):
        route = "staff:correct_notice" if row.corrects_id else "staff:notice"
        yield _act(_("去办事页"), route, row.month, row.village.slug)


def _proposal(who: _Reader, row: Proposal) -> Iterator[Act]:
    if proposals_within(who.scope).filter(pk=row.pk).exists():
        yield _act(_("看两人审批"), "staff:proposal", row.pk)


def _job(who: _Reader, row: Job) -> Iterator[Act]:
    yield _act(_("去办事页"), "staff:job", row.pk)


def _event(who: _Reader, row: AuditEvent) -> Iterator[Act]:
    yield _act(_("去办事页"), "staff:audit_event", row.pk)


_ACTS: Mapping[type[Model], Callable[[_Reader, Any], Iterator[Act]]] = {
    Village: _village,
    Unit: _unit,
    Township: _township,
    Person: _person,
    Posting: _of_person,
    User: _of_person,
    Subject: _subject,
    Member: _member,
    ReportLink: _link,
    CollectionForm: _form,
    CollectionRound: _round,
    Assignment: _assignment,
    Month: _month,
    Entry: _entry,
    Rating: _rating,
    LedgerState: _ledger,
    Seal: _ledger,
    Correction: _correction,
    RuleBook: _book,
    Notice: _notice,
    Proposal: _proposal,
    Job: _job,
    AuditEvent: _event,
}
