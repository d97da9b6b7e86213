"""A drafted notice before its publication: the preview, checked against the register."""

from dataclasses import dataclass

from households.queries.private_texts import private_texts
from notices.leaks import Leak, leaks_in
from notices.models import Notice
from notices.previews import Preview, preview


@dataclass(frozen=True, slots=True)
class CheckedPreview:
    """What will be shown, and what of it must not be."""

    preview: Preview
    leaks: list[Leak]


def checked_preview(notice: Notice) -> CheckedPreview:
    """Render the notice and look for each full name, ID number and phone of the village."""
    shown = preview(notice)
    private = private_texts(village_id=notice.village_id)
    leaks = leaks_in(shown.lines, names=private.names, numbers=private.numbers)
    return CheckedPreview(preview=shown, leaks=list(leaks))
