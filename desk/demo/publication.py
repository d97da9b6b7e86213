"""How the demo's households chose to be shown: most by a masked name, some by code alone."""

from collections.abc import Sequence
from datetime import datetime

from households.models import Subject
from households.operations.subjects import record_publish_choice
from trail.actor import Actor
from villages.models import Village

# Every eighth household keeps to its code.
CODE_ONLY_EVERY = 8


def choose_how_to_be_shown(
    *, village: Village, subject_ids: Sequence[int], by: Actor, at: datetime
) -> None:
    """Record the demo choices of a village's households."""
    masked = [pk for place, pk in enumerate(subject_ids, start=1) if place % CODE_ONLY_EVERY]
    record_publish_choice(
        village=village,
        subject_ids=masked,
        choice=Subject.PublishChoice.MASKED,
        by=by,
        at=at,
    )
