"""Adoption of a rule book: minutes written down by one person, agreed to by another, in force."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import operations as approvals
from accounts.models import Proposal
from scoring.engine.quorum import DEFAULT_RULES, Figures, QuorumReason, QuorumRule, judge
from scoring.models import Adoption, RuleBook
from scoring.operations import rulebooks
from scoring.operations.rulebooks import WorksBackwards
from scoring.queries import rules
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError


class QuorumNotMet(DomainError):
    """The meeting's figures do not adopt the rules under the quorum rule."""

    code = "quorum_not_met"


class NotSubmitted(DomainError):
    """Only a book that was put before the meeting is adopted, and only once."""

    code = "not_submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What a meeting's minutes say; `bases` maps members, adults or households to their number."""

    body: str
    adopted_on: date
    bases: Mapping[str, int]
    yes: int
    no: int
    abstain: int
    number: str = ""

    @property
    def present(self) -> int:
        """Everybody who voted for, against or abstained."""
        return self.yes + self.no + self.abstain

    def as_content(self) -> dict[str, object]:
        """What two persons agree on, in one order."""
        return {
            "body": self.body,
            "adopted_on": self.adopted_on.isoformat(),
            "bases": dict(sorted(self.bases.items())),
            "yes": self.yes,
            "no": self.no,
            "abstain": self.abstain,
            "number": self.number,
        }


def content_to_adopt(book: RuleBook, minutes: Minutes, effective_from: date) -> str:
    """The book by its number and the digest of its lines, the minutes, the first day."""
    facts = {
        "book": book.pk,
        "rules": rules.digest_of(book),
        "minutes": minutes.as_content(),
        "from": effective_from.isoformat(),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def as_agreed(proposal: Proposal) -> tuple[Minutes, date]:
    """Minutes and first day as the proposal keeps them."""
    facts = json.loads(proposal.content)
    kept = facts["minutes"]
    minutes = Minutes(**{**kept, "adopted_on": date.fromisoformat(kept["adopted_on"])})
    return minutes, date.fromisoformat(facts["from"])


@transaction.atomic
def propose(
    *,
    book: RuleBook,
    minutes: Minutes,
    effective_from: date,
    because: str,
    by: Actor,
    at: datetime,
) -> Proposal:
    """Ask a second person to confirm the minutes; the book is not in force yet.

    Raises NotSubmitted, QuorumNotMet, WorksBackwards, or what `approvals.propose` raises.
    """
    found = rulebooks.locked(book)
    village_id = rulebooks.own_village(found)
    _refuse(found, minutes, effective_from, at=at)
    return approvals.propose(
        kind=Proposal.Kind.ADOPTION,
        about=rules.reference(found),
        village_id=village_id,
        content=content_to_adopt(found, minutes, effective_from),
        summary=_("《%(title)s》第%(version)d版从%(day)s起生效")
        % {"title": found.title, "version": found.version, "day": effective_from.isoformat()},
        because=because,
        by=by,
        at=at,
    )


@transaction.atomic
def carry_out(*, proposal: Proposal, by: Actor, at: datetime) -> RuleBook:
    """As the second person, agree and put the book in force: both or neither, in one event.

    Raises what `approvals.agree` and `adopt` refuse.
    """
    minutes, effective_from = as_agreed(proposal)
    book = rules.book_of(proposal)
    approvals.agree(proposal=proposal, by=by, at=at)
    return adopt(book=book, minutes=minutes, effective_from=effective_from, by=by, at=at)


@transaction.atomic
def adopt(
    *, book: RuleBook, minutes: Minutes, effective_from: date, by: Actor, at: datetime
) -> RuleBook:
    """Record the meeting on which two persons agreed, and put the rules in force from a day on.

    Raises NoApproval when they did not agree on exactly this, NotSubmitted, QuorumNotMet with
    every figure that falls short, and WorksBackwards when the first day lies before the meeting,
    before today, or on a day that was scored by the rules in force.
    """
    found = rulebooks.locked(book)
    village_id = rulebooks.own_village(found)
    met = _refuse(found, minutes, effective_from, at=at)
    rule = DEFAULT_RULES[minutes.body]
    threshold = next(one for one in rule.presence if one.base == met.base)
    approval = approvals.consume(
        kind=Proposal.Kind.ADOPTION,
        about=rules.reference(found),
        village_id=village_id,
        content=content_to_adopt(found, minutes, effective_from),
        at=at,
    )
    Adoption.objects.create(
        village_id=village_id,
        rulebook=found,
        proposal=approval,
        minutes_number=minutes.number,
        body=minutes.body,
        base=met.base,
        adopted_on=minutes.adopted_on,
        members=met.of,
        present=minutes.present,
        yes=minutes.yes,
        no=minutes.no,
        abstain=minutes.abstain,
        quorum_numerator=threshold.share.numerator,
        quorum_denominator=threshold.share.denominator,
        quorum_is_exceeded=threshold.strict,
        law=rule.source,
        recorded_at=at,
        recorded_by_id=approval.proposed_by_id,
    )
    told = approvals.facts_of(approval)
    return rulebooks.put_in_force(
        book=found, effective_from=effective_from, by=by, at=at, told=told
    )


def _refuse(
    book: RuleBook, minutes: Minutes, effective_from: date, *, at: datetime
) -> QuorumReason:
    """Whatever stands against the adoption; answers with the threshold that was met."""
    if book.state != RuleBook.State.SUBMITTED:
        raise NotSubmitted(_("这版细则没有提交表决，或者已经生效过了。"))
    if effective_from < max(minutes.adopted_on, business_date(at)):
        raise WorksBackwards(_("生效日期不能早于开会那天，也不能早于今天。"))
    return _met_threshold(DEFAULT_RULES[minutes.body], minutes)


def _met_threshold(rule: QuorumRule, minutes: Minutes) -> QuorumReason:
    figures = Figures(present=minutes.present, yes=minutes.yes, bases=minutes.bases)
    verdict = judge(rule, figures)
    if not verdict.adopted:
        short = [reason for reason in verdict.reasons if not reason.met]
        raise QuorumNotMet(
            "；".join(
                _("%(what)s要%(needed)s，实际%(had)s")
                % {"what": _NAMES[reason.code], "needed": reason.needed, "had": reason.had}
                for reason in short
            ),
            reasons=[(reason.code, reason.base, reason.needed, reason.had) for reason in short],
        )
    return next(reason for reason in verdict.reasons if reason.code == "presence" and reason.met)


_NAMES = {
    "presence": gettext_lazy("到会人数"),
    "majority": gettext_lazy("同意人数"),
    "base_given": gettext_lazy("应到人数"),
    "present_within_base": gettext_lazy("到会人数不超过应到人数，应到"),
    "yes_within_present": gettext_lazy("同意人数不超过到会人数，到会"),
}
