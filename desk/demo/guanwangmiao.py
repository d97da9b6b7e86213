"""关王庙乡: three demonstration villages with stars, decided for the three required ones."""

from collections.abc import Sequence
from datetime import datetime

from desk.demo import rules, schemes
from desk.demo.accounts import SINCE
from desk.demo.invented import Invention
from desk.demo.places import MONTHS
from desk.demo.publication import choose_how_to_be_shown
from desk.demo.year import keep_year
from households.models import Subject
from households.operations.subjects import NewSubject, add_subjects
from scoring.operations import rulebooks
from scoring.operations.decisions import NewDecision, record_decisions
from scoring.operations.schemes import put_scheme_in_force
from trail.actor import Actor
from villages.models import Township, Village
from villages.operations import ensure_units
from villages.queries import villages_of

# The first three of the register stand for the article's three demonstration villages, which it
# does not name.
VILLAGES, HOUSEHOLDS, GROUPS, ENTRIES = 3, 48, 4, 900


def load(*, township: Township, seed: int, by: Actor, at: datetime) -> None:
    """Households, rules, the ten-star scheme, a year of points, decisions on required stars."""
    for village in villages_of(township_id=township.pk)[:VILLAGES]:
        invention = Invention(f"guanwangmiao {village.code}", seed=seed)
        subject_ids = _open_files(village, invention, by=by, at=at)
        choose_how_to_be_shown(village=village, subject_ids=subject_ids, by=by, at=at)
        book = rulebooks.transcribe(
            village=village,
            paper=rulebooks.PaperBook(
                title=f"{village.name}星级文明户积分细则",
                effective_from=SINCE,
                source=rules.EVIDENCE,
            ),
            lines=rules.LINES,
            by=by,
            at=at,
        )
        put_scheme_in_force(
            village=village, data=schemes.TEN_STARS, name="十星级文明户", by=by, at=at
        )
        _decide_required_stars(village, subject_ids, invention, by=by, at=at)
        keep_year(book=book, subject_ids=subject_ids, count=ENTRIES, seed=seed, by=by, at=at)


def _open_files(village: Village, invention: Invention, *, by: Actor, at: datetime) -> list[int]:
    names = [f"{number}组" for number in range(1, GROUPS + 1)]
    units = ensure_units(village=village, names=names)
    subjects = [
        NewSubject(
            number=f"{number + 1:03d}",
            name=invention.name(),
            unit=units[names[number * GROUPS // HOUSEHOLDS]],
        )
        for number in range(HOUSEHOLDS)
    ]
    added = add_subjects(
        village=village, kind=Subject.Kind.HOUSEHOLD, subjects=subjects, by=by, at=at
    )
    return [subject.pk for subject in added]


def _decide_required_stars(
    village: Village, subject_ids: Sequence[int], invention: Invention, *, by: Actor, at: datetime
) -> None:
    record_decisions(
        village=village,
        scheme="ten-stars",
        period=MONTHS[-1][:4],
        decisions=[
            NewDecision(
                subject_id=subject_id,
                about=star,
                granted=invention.draw.random() < 0.9,
                source="demo",
            )
            for subject_id in subject_ids
            for star in schemes.REQUIRED_STARS
        ],
        by=by,
        at=at,
    )
