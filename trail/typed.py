"""What came in an address or a form, before it is believed."""

# More digits than the number of any row has.
_TOO_LONG = 19


def row_number(typed: str) -> int | None:
    """The number of a row; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _TOO_LONG else None
