"""Keeping beside a sealed notice which household each of its rows is."""

from notices import queries as notices
from notices.models import Notice
from scoring.models import NoticedHouseholds
from scoring.queries.notices import household_ids


def keep_households(*, notice: Notice) -> None:
    """Note the households of the notice's rows, once; in the transaction that sealed it.

    Not of an earlier notice: its rows may be called otherwise by now.
    """
    known = household_ids(village_id=notice.village_id)
    rows = notices.body_of(notice).content["rows"]
    NoticedHouseholds.objects.get_or_create(
        notice=notice,
        defaults={
            "village_id": notice.village_id,
            "subject_ids": [known.get((row["group"], row["number"]), 0) for row in rows],
        },
    )
