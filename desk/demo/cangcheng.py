"""苍城镇: two pilot villages and their points book of a year."""

from datetime import datetime
from pathlib import Path

from desk.demo.publication import choose_how_to_be_shown
from households.queries.subjects import household_ids
from scoring.importing.reading import read_book
from scoring.operations.points_import import import_points
from trail.actor import Actor
from trail.clock import business_date
from villages.models import Township
from villages.queries import villages_of


def load(*, township: Township, book: Path, by: Actor, at: datetime) -> None:
    """The points book, month by month; its last month is left to the ordinary close."""
    read = read_book(book, on=business_date(at))
    import_points(book=read, township=township, by=by, at=at)
    for village in villages_of(township_id=township.pk):
        subject_ids = household_ids(village_id=village.pk)
        if subject_ids:
            choose_how_to_be_shown(village=village, subject_ids=subject_ids, by=by, at=at)
