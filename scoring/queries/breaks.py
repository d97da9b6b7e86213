"""Reading which ledgers are stopped, and what was found in them."""

import hashlib
import json
from dataclasses import dataclass

from households.models import Subject
from scoring.break_texts import sentence, subjects_in
from scoring.models import LedgerState
from trail.scope import Scope
from villages.queries import names_of

# A ledger that was rewritten breaks everywhere; a page names the first so many.
SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What stands of a village's ledger: the break last found, and what was signed before."""

    state: LedgerState
    seen: str
    problems: list[str]
    more: int
    signed_before: list[str]
    signed_by: str


def is_stopped(*, village_id: int) -> bool:
    """Whether the ledger was found broken and supervision has not signed yet."""
    return LedgerState.objects.filter(
        village_id=village_id, broken_at__isnull=False, signed_at=None
    ).exists()


def stopped_within(scope: Scope, action: str) -> list[LedgerState]:
    """The stopped ledgers of the villages in which `scope` allows `action`, the oldest first."""
    states = LedgerState.objects.within(scope, action).filter(
        broken_at__isnull=False, signed_at=None
    )
    return list(states.select_related("village").defer("accepted").order_by("broken_at", "pk"))


def standing_of(state: LedgerState) -> str:
    """A digest of what a signature would be about; another one when something was found since."""
    facts = [state.broken_at and state.broken_at.isoformat(), state.problems]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def found_in(*, village_id: int) -> Found | None:
    """What was found in the village's ledger, in sentences; None when nothing ever was."""
    state = LedgerState.objects.filter(village_id=village_id, broken_at__isnull=False).first()
    if state is None:
        return None
    shown = state.problems[:SHOWN_AT_MOST]
    current = set(state.problems)
    before = [text for text in state.accepted if text not in current][-SHOWN_AT_MOST:]
    households = _places(subjects_in([*shown, *before]))
    signer = state.signed_by_id
    return Found(
        state=state,
        seen=standing_of(state),
        problems=[sentence(text, households=households) for text in shown],
        more=len(state.problems) - len(shown),
        signed_before=[sentence(text, households=households) for text in before],
        signed_by=names_of({signer}).get(signer, "") if signer else "",
    )


def _places(subject_ids: set[int]) -> dict[int, str]:
    rows = Subject.objects.filter(pk__in=subject_ids).select_related("unit")
    return {row.pk: f"{row.unit.name}·{row.number}" if row.unit else row.number for row in rows}
