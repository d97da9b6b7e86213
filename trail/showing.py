"""How the records desk shows what is not plain text: personal data, digests, JSON."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from trail.fields import EncryptedTextField

DIGEST_DIGITS = 12
HIDDEN = "*"

Shown = str | Callable[[models.Model], str]


def masked(value: str, *, head: int = 0, tail: int = 0) -> str:
    """`value` with stars between its first `head` and last `tail` characters; never all of it."""
    if len(value) <= head + tail:
        return HIDDEN * len(value)
    return value[:head] + HIDDEN * (len(value) - head - tail) + value[len(value) - tail :]


def short_digest(value: bytes | None) -> str:
    """The first digits of a digest, enough to compare it with a paper or a report."""
    digits = bytes(value or b"").hex()
    return f"{digits[:DIGEST_DIGITS]}…" if len(digits) > DIGEST_DIGITS else digits


def readable_json(value: Any) -> str:
    """JSON over several lines, Chinese as it is; '' for nothing."""
    if value in (None, {}, []):
        return ""
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2))


def readable_dates(value: Any) -> str:
    """From the first day to the last, which belongs to it; '' for none."""
    if value is None:
        return ""
    first = date_format(value.lower) if value.lower else ""
    if value.upper is None:
        return _("%(first)s起") % {"first": first}
    last = date_format(value.upper - timedelta(days=1))
    return _("%(first)s至%(last)s") % {"first": first, "last": last}


def yes_or_no(value: bool | None) -> str:
    """In a word, where the admin draws a mark; '' for not known."""
    return "" if value is None else _("是") if value else _("否")


def readable_lines(lines: Iterable[str]) -> str:
    """One line below the other; '' for none."""
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def shown(field: "models.Field[Any, Any]", *, mask: tuple[int, int] = (0, 0)) -> Shown:
    """What Django's admin is given for a field: its name, or how to show its value."""
    if isinstance(field, EncryptedTextField):
        head, tail = mask
        return _column(field, lambda value: masked(value or "", head=head, tail=tail))
    if isinstance(field, models.BooleanField):
        return _column(field, yes_or_no, sorted_by=field.name)
    if isinstance(field, models.BinaryField):
        return _column(field, short_digest)
    if isinstance(field, models.JSONField):
        return _column(field, readable_json)
    if isinstance(field, DateRangeField):
        return _column(field, readable_dates)
    if isinstance(field, ArrayField):
        return _column(field, lambda values: "、".join(map(str, values)))
    return field.name


def _column(
    field: "models.Field[Any, Any]", show: Callable[[Any], str], *, sorted_by: str | None = None
) -> Shown:
    return column_of(field, lambda row: show(getattr(row, field.attname)), sorted_by=sorted_by)


def column_of(
    field: "models.Field[Any, Any]", say: Callable[[Any], str], *, sorted_by: str | None = None
) -> Shown:
    """A column under the field's name that shows what `say` makes of the row."""

    def column(row: models.Model) -> str:
        return say(row)

    # The admin makes CSS classes and help texts of it.
    column.__name__ = field.name
    name = str(field.verbose_name)
    return admin.display(description=name, empty_value="-", ordering=sorted_by)(column)
