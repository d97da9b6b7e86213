"""Star schemes: so many required stars plus one's own, and bands by the number earned."""

from dataclasses import dataclass

from scoring.engine.bands import Band, ladder_reasons, reached
from scoring.engine.criteria import Criterion
from scoring.engine.facts import Facts
from scoring.engine.results import Rating, Reason
from scoring.engine.vetoes import VetoRule, veto_reasons


@dataclass(frozen=True, slots=True)
class Star:
    """One star: what it is called, whether it is required, what it takes."""

    code: str
    name: str
    required: bool
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class StarScheme:
    """A version of a star scheme; `bands` run from the highest to the lowest."""

    code: str
    version: int
    base_points: int
    stars: tuple[Star, ...]
    bands: tuple[Band, ...]
    vetoes: tuple[VetoRule, ...]
    minus_months: int


def rate_stars(scheme: StarScheme, facts: Facts) -> Rating:
    """Give each star its verdict; a missing required star or a veto means no star grade."""
    reasons = [_star_reason(star, facts) for star in scheme.stars]
    earned = tuple([reason.about[0] for reason in reasons if reason.met])
    missing = tuple([reason.about[0] for reason in reasons if not reason.met])
    required = _required_reason(reasons)
    vetoes = veto_reasons(scheme.vetoes, facts)
    band = reached(scheme.bands, len(earned)) if required.met and not vetoes else None
    return Rating(
        subject_id=facts.subject_id,
        scheme=scheme.code,
        rule_version=scheme.version,
        period=facts.period.code,
        stars=earned,
        grade=band.name if band else None,
        score=scheme.base_points + facts.earned(),
        missing=missing,
        reasons=(
            *reasons,
            required,
            *vetoes,
            *ladder_reasons("band", scheme.bands, len(earned)),
        ),
    )


def _star_reason(star: Star, facts: Facts) -> Reason:
    because = star.criterion.check(facts)
    code = "required_star" if star.required else "star"
    return Reason(code, (star.code,), 1, int(because.met), because.met, star.name, parts=(because,))


def _required_reason(stars: list[Reason]) -> Reason:
    required = [reason for reason in stars if reason.code == "required_star"]
    missing = tuple([reason.about[0] for reason in required if not reason.met])
    had = len(required) - len(missing)
    return Reason("required_stars", missing, len(required), had, met=not missing)
