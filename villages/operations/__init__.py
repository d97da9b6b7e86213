"""Writing the territory and who serves in it."""

from villages.operations.divisions import DivisionsLoaded, load_divisions
from villages.operations.people import add_people, add_person, change_person
from villages.operations.places import (
    add_unit,
    add_work_group,
    add_work_groups,
    close_village,
    ensure_unit,
    ensure_units,
    put_unit_in,
    recode_village,
    rename_unit,
    set_up_unit,
    show_first_places,
    shut_unit,
)
from villages.operations.postings import (
    NewPosting,
    end_posting,
    open_posting,
    open_postings,
    put_on_posts,
)

__all__ = [
    "DivisionsLoaded",
    "NewPosting",
    "add_people",
    "add_person",
    "add_unit",
    "add_work_group",
    "add_work_groups",
    "change_person",
    "close_village",
    "end_posting",
    "ensure_unit",
    "ensure_units",
    "load_divisions",
    "open_posting",
    "open_postings",
    "put_on_posts",
    "put_unit_in",
    "recode_village",
    "rename_unit",
    "set_up_unit",
    "show_first_places",
    "shut_unit",
]
