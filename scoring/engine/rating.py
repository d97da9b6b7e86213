"""The rating engine: a scheme and facts in, ratings with reasons out.

No clock, no order and no redemption enters: the same facts give the same rating for ever.
"""

from collections.abc import Iterable, Iterator

from scoring.engine.facts import Facts
from scoring.engine.grades import GradeScheme, rate_credit
from scoring.engine.results import Rating
from scoring.engine.stars import StarScheme, rate_stars

Scheme = StarScheme | GradeScheme


def rate(scheme: Scheme, facts: Facts) -> Rating:
    """Rate one subject under either kind of scheme."""
    if isinstance(scheme, StarScheme):
        return rate_stars(scheme, facts)
    return rate_credit(scheme, facts)


def rate_all(scheme: Scheme, all_facts: Iterable[Facts]) -> Iterator[Rating]:
    """Rate many subjects one after the other, holding none of them in memory.

    Write them out in batches as they come: a list of fifty thousand costs more in garbage
    collection than the ratings themselves.
    """
    for facts in all_facts:
        yield rate(scheme, facts)
