"""Every row, and every two rows, that could be the header of a sheet, as it would be read."""

from collections.abc import Iterator, Sequence
from itertools import islice

from households.importing.columns import (
    LOOK_AT_ROWS,
    Choice,
    Layout,
    header_of_one_row,
    header_of_two_rows,
)
from households.importing.sheets import Sheet

_NOTHING_KNOWN = Choice(complete=True)


def possible_headers(sheets: Sequence[Sheet]) -> Iterator[Layout]:
    """Yield each as a layout without columns: of each sheet the single rows first.

    A title above a header reads like the upper half of it.
    """
    for sheet in sheets:
        top = list(islice(sheet.rows(), LOOK_AT_ROWS))
        found = [header_of_one_row(top, at, _NOTHING_KNOWN) for at in range(len(top))]
        found += [header_of_two_rows(top, at, _NOTHING_KNOWN) for at in range(len(top) - 1)]
        for one in found:
            yield Layout(sheet, one.first_row, one.last_row, one.headings, {}, {})
