"""Which final documents bar an honour under a scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.engine.facts import Facts
from scoring.engine.results import Reason


@dataclass(frozen=True, slots=True)
class VetoRule:
    """A kind of veto this scheme knows; a veto of any other kind has no effect on it."""

    code: str
    name: str


def veto_reasons(rules: Sequence[VetoRule], facts: Facts) -> tuple[Reason, ...]:
    """One unmet reason for each veto in force, with its document and the day it lapses."""
    if not facts.vetoes:
        return ()
    names = {rule.code: rule.name for rule in rules}
    return tuple(
        Reason(
            "veto",
            (veto.code,),
            needed=0,
            had=1,
            met=False,
            name=names[veto.code],
            note=veto.document,
            until=veto.lapses_on.isoformat(),
        )
        for veto in sorted(set(facts.vetoes))
        if veto.code in names and veto.binds(facts.period)
    )
