"""What an act changed, as the audit trail keeps it: from what to what, personal data as digests."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models

from trail.sealing import lookup_digest

DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record, before and after. `personal` ones are never kept in clear.

    `field` names the column (`households.member.phone`), which gives it its words on a page.
    """

    field: str
    before: str | int | None
    after: str | int | None
    personal: bool = False

    def kept(self) -> dict[str, object]:
        """As it stands in the event; a keyed digest tells same from other, and nothing else."""
        if not self.personal:
            return {"field": self.field, "before": self.before, "after": self.after}
        return {
            "field": self.field,
            "before": self._digest(self.before),
            "after": self._digest(self.after),
            "personal": True,
        }

    def _digest(self, value: str | int | None) -> str | None:
        if value in (None, ""):
            return None
        digest = lookup_digest(str(value), purpose=f"audit:{self.field}")
        return digest.hex()[:DIGEST_DIGITS]


def differences(
    row: models.Model, before: Mapping[str, object], *, personal: Iterable[str] = ()
) -> list[Change]:
    """The fields of `before` that the row no longer has as they were, days and times in ISO."""
    hidden = set(personal)
    return [
        Change(f"{row._meta.label_lower}.{name}", _plain(old), _plain(new), name in hidden)
        for name, old in before.items()
        if (new := getattr(row, name)) != old
    ]


def as_it_is(row: models.Model, *names: str) -> dict[str, object]:
    """These fields of the row, to compare with later."""
    return {name: getattr(row, name) for name in names}


def _plain(value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def batch_digest(keys: Iterable[str | int]) -> dict[str, object]:
    """The count of a batch and the digest of its keys in order, for the detail of one event."""
    digest, count = hashlib.sha256(), 0
    for key in keys:
        digest.update(f"{key}\n".encode())
        count += 1
    return {"count": count, "sha256": digest.hexdigest()}
