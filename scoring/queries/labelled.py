"""Which rows of published notices are a household's, whatever it is called now."""

from notices.models import Notice
from scoring.models import NoticedHouseholds


def rows_of(*, village_id: int, subject_id: int) -> list[tuple[Notice, str]]:
    """Each published notice that has the household, with the key of its row."""
    kept = NoticedHouseholds.objects.filter(
        village_id=village_id,
        subject_ids__contains=[subject_id],
        notice__state=Notice.State.PUBLISHED,
    ).select_related("notice__body")
    found = []
    for one in kept.order_by("pk"):
        rows = one.notice.body.content["rows"]
        row = rows[one.subject_ids.index(subject_id)]
        found.append((one.notice, f"{row['group']}/{row['number']}"))
    return found
