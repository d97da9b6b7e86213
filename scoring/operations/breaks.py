"""A ledger found broken takes nothing until supervision has signed. No entry is ever mended."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Action, actions_of
from scoring.models import LedgerState
from scoring.operations import ledger
from scoring.operations.checking import check
from scoring.queries.breaks import standing_of
from scoring.queries.verifying import Problem, Verdict, verify
from trail.actor import Actor
from trail.clock import business_date
from trail.errors import DomainError
from trail.operations import record
from villages.models import Village
from villages.queries import find_village, postings_held

LONGEST = 300
# In the audit trail; the state itself keeps them all.
NAMED_AT_MOST = 20


class LedgerIsNotStopped(DomainError):
    """There is no break to be signed."""

    code = "ledger_is_not_stopped"


class OnlySupervisionSigns(DomainError):
    """A break is signed by a person of the village's supervision and by nobody else."""

    code = "only_supervision_signs"


class FoundSince(DomainError):
    """More was found after the page was shown: a signature is about what was seen."""

    code = "found_since"


class ReasonMissing(DomainError):
    """Who signs says what was found and what was done about it."""

    code = "reason_missing"


def examine(*, village: Village, by: Actor, at: datetime) -> Verdict:
    """Verify the village's ledger and stop it where it is broken.

    What looks broken is looked at once more with the ledger to ourselves, so that a post in
    between stops nobody.
    """
    verdict = check(village_id=village.pk, village=village.code)
    if not verdict.problems:
        return verdict
    with transaction.atomic():
        ledger.enter(village_id=village.pk, alone=True)
        verdict = verify(village_id=village.pk, village=village.code)
        if verdict.problems:
            stop(village=village, problems=verdict.problems, by=by, at=at)
    return verdict


@transaction.atomic
def stop(*, village: Village, problems: Sequence[Problem], by: Actor, at: datetime) -> bool:
    """Let the village's ledger take nothing more; whether it is stopped now.

    Problems that supervision has signed stop nothing again. Stopping twice is stopping once.
    """
    ledger.enter(village_id=village.pk, alone=True)
    state = _locked(village)
    known = {*state.accepted, *(state.problems if state.stopped else ())}
    fresh = [text for text in dict.fromkeys(map(str, problems)) if text not in known]
    if not fresh:
        return state.stopped
    if state.stopped:
        state.problems = [*state.problems, *fresh]
    else:
        state.broken_at, state.problems, state.problem = at, fresh, fresh[0][:LONGEST]
        state.signed_at, state.signed_by_id, state.reason = None, None, ""
    state.save()
    _record(state, what="ledger.stopped", texts=fresh, by=by, at=at)
    return True


def stop_all(*, problems: Sequence[Problem], by: Actor, at: datetime) -> None:
    """Stop each village that is named; one that the site no longer knows has nothing to stop."""
    for code in dict.fromkeys(problem.village for problem in problems):
        village = find_village(code)
        if village is not None:
            of_village = [problem for problem in problems if problem.village == code]
            stop(village=village, problems=of_village, by=by, at=at)


@transaction.atomic
def sign(*, village: Village, seen: str, reason: str, by: Actor, at: datetime) -> LedgerState:
    """Let the ledger take entries again, with what was found in it standing as it is.

    `seen` is `queries.breaks.standing_of` what the signer was shown. Raises OnlySupervisionSigns,
    ReasonMissing, LedgerIsNotStopped or FoundSince.
    """
    if not _may_sign(village, by=by, at=at):
        raise OnlySupervisionSigns(_("账本核对出了问题，要由这个村的监督小组成员签字。"))
    if not reason.strip() or len(reason) > LONGEST:
        raise ReasonMissing(_("请写明查到了什么、怎么处理的，不超过300字。"))
    ledger.enter(village_id=village.pk, alone=True)
    state = _locked(village)
    if not state.stopped:
        raise LedgerIsNotStopped(_("这个村的账本没有停，不用签字。"))
    if standing_of(state) != seen:
        raise FoundSince(_("您看的时候又查出了新的问题，请再看一遍。"))
    state.accepted = [*state.accepted, *state.problems]
    state.signed_at, state.signed_by_id, state.reason = at, by.person_id, reason.strip()
    state.save()
    _record(state, what="ledger.break_signed", texts=state.problems, by=by, at=at)
    return state


def _may_sign(village: Village, *, by: Actor, at: datetime) -> bool:
    """By a posting in force that reaches the village; the actor's own word is not asked."""
    if by.person_id is None:
        return False
    return any(
        Action.SIGN_BREAK in actions_of(held.role) and village.pk in held.village_ids
        for held in postings_held(person_id=by.person_id, on=business_date(at))
    )


def _locked(village: Village) -> LedgerState:
    found, _created = LedgerState.objects.select_for_update().get_or_create(village=village)
    return found


def _record(
    state: LedgerState, *, what: str, texts: Sequence[str], by: Actor, at: datetime
) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"scoring.ledgerstate:{state.pk}",
        village_id=state.village_id,
        detail={"count": len(texts), "problems": list(texts[:NAMED_AT_MOST])},
    )
