"""Adoption arithmetic: who must be there and how many must say yes, as data with its source.

The organic law on villagers' committees was amended at the end of 2025 and may be again, so the
shares are values of `QuorumRule`, never conditions in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import NamedTuple

REPRESENTATIVES = "representatives"
ASSEMBLY = "assembly"
PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a base; `strict` means more than the share, otherwise at least the share."""

    base: str
    share: Fraction
    strict: bool

    def needed(self, of: int) -> int:
        """The smallest whole number of people that meets the share."""
        exact = self.share * of
        return floor(exact) + 1 if self.strict else ceil(exact)


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """One body's rule: any one of the presence thresholds makes a quorum, `majority` decides."""

    body: str
    presence: tuple[Threshold, ...]
    majority: Threshold
    source: str


class Figures(NamedTuple):
    """What the minutes say: people present, yes votes, and the size of each base that is known."""

    present: int
    yes: int
    bases: Mapping[str, int]


class QuorumReason(NamedTuple):
    """One comparison: `had` against `needed` out of `of`.

    Codes: presence, majority; and, for figures that cannot be right, base_given,
    present_within_base, yes_within_present.
    """

    code: str
    base: str
    of: int
    needed: int
    had: int
    met: bool


class QuorumVerdict(NamedTuple):
    """Whether the meeting adopted, with every comparison made and the rule's legal source."""

    body: str
    adopted: bool
    reasons: tuple[QuorumReason, ...]
    source: str


_HALF = Fraction(1, 2)
_TWO_THIRDS = Fraction(2, 3)
_MORE_THAN_HALF_OF_THE_PRESENT = Threshold(PRESENT, _HALF, strict=True)

DEFAULT_RULES: Mapping[str, QuorumRule] = MappingProxyType(
    {
        REPRESENTATIVES: QuorumRule(
            body=REPRESENTATIVES,
            presence=(Threshold("members", _TWO_THIRDS, strict=False),),
            majority=_MORE_THAN_HALF_OF_THE_PRESENT,
            source="《村民委员会组织法》（2018年修正）第二十六条",
        ),
        ASSEMBLY: QuorumRule(
            body=ASSEMBLY,
            presence=(
                Threshold("adults", _HALF, strict=True),
                Threshold("households", _TWO_THIRDS, strict=False),
            ),
            majority=_MORE_THAN_HALF_OF_THE_PRESENT,
            source="《村民委员会组织法》（2018年修正）第二十二条",
        ),
    }
)


def judge(rule: QuorumRule, figures: Figures) -> QuorumVerdict:
    """Say whether these figures adopt under this rule, and show every comparison made."""
    presence = tuple(_presence(threshold, figures) for threshold in rule.presence)
    majority = _majority(rule.majority, figures)
    adopted = majority.met and any(reason.met for reason in presence)
    return QuorumVerdict(rule.body, adopted, (*presence, majority), rule.source)


def _presence(threshold: Threshold, figures: Figures) -> QuorumReason:
    base, had = threshold.base, figures.present
    of = figures.bases.get(base, 0)
    if of <= 0:
        return QuorumReason("base_given", base, of, 1, of, met=False)
    if had > of:
        # More people than the base holds: the minutes counted somebody else, for instance
        # adults where one person per household was to be counted.
        return QuorumReason("present_within_base", base, of, of, had, met=False)
    needed = threshold.needed(of)
    return QuorumReason("presence", base, of, needed, had, met=had >= needed)


def _majority(threshold: Threshold, figures: Figures) -> QuorumReason:
    present, yes = figures.present, figures.yes
    if yes > present:
        return QuorumReason("yes_within_present", PRESENT, present, present, yes, met=False)
    base = threshold.base
    of = present if base == PRESENT else figures.bases.get(base, 0)
    if of <= 0:
        return QuorumReason("base_given", base, of, 1, of, met=False)
    needed = threshold.needed(of)
    return QuorumReason("majority", base, of, needed, yes, met=yes >= needed)
