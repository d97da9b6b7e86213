"""Credit grades: base points plus what was earned, read off a ladder."""

from dataclasses import dataclass

from scoring.engine.bands import Band, ladder_reasons, reached
from scoring.engine.facts import Facts
from scoring.engine.results import Rating
from scoring.engine.vetoes import VetoRule, veto_reasons


@dataclass(frozen=True, slots=True)
class GradeScheme:
    """A version of a credit scheme; `grades` run from the highest to the lowest.

    Below the last floor the grade is `lowest`. While a veto binds, the grade is `vetoed`, or
    none at all where the scheme names none.
    """

    code: str
    version: int
    base_points: int
    grades: tuple[Band, ...]
    lowest: str
    vetoed: str | None
    vetoes: tuple[VetoRule, ...]
    minus_months: int


def rate_credit(scheme: GradeScheme, facts: Facts) -> Rating:
    """Give the grade of the score; the reasons name the next grade and any veto in force."""
    score = scheme.base_points + facts.earned()
    vetoes = veto_reasons(scheme.vetoes, facts)
    step = reached(scheme.grades, score)
    grade = step.name if step else scheme.lowest
    return Rating(
        subject_id=facts.subject_id,
        scheme=scheme.code,
        rule_version=scheme.version,
        period=facts.period.code,
        stars=(),
        grade=scheme.vetoed if vetoes else grade,
        score=score,
        missing=(),
        reasons=(*vetoes, *ladder_reasons("grade", scheme.grades, score)),
    )
