"""The demo's villages adopted that the first ten places are shown on the red list."""

from datetime import datetime

from trail.actor import Actor
from villages.models import Township
from villages.operations import show_first_places
from villages.queries import villages_of

PLACES = 10


def show_first_ten(*, township: Township, by: Actor, at: datetime) -> None:
    """Let every village of the township show its first ten places."""
    for village in villages_of(township_id=township.pk):
        show_first_places(village=village, places=PLACES, by=by, at=at)
