"""Which villages an actor may touch, per action. Explicit on every query; nothing by default."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.transaction import TransactionManagementError
from psycopg2.extensions import (  # type: ignore[import-untyped]
    TRANSACTION_STATUS_INERROR,
)

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """Villages and townships per action. An action that is absent reaches nothing."""

    villages: Mapping[str, frozenset[int]] = field(default_factory=dict)
    townships: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def for_villages(cls, village_ids: Iterable[int], *actions: str) -> Self:
        """The same villages for each of `actions`; for jobs and commands that act on named ones."""
        ids = frozenset(village_ids)
        return cls(villages=dict.fromkeys(actions, ids))

    def village_ids(self, action: str) -> frozenset[int]:
        """Ids of the villages in which `action` is allowed."""
        return self.villages.get(action, frozenset())

    def township_ids(self, action: str) -> frozenset[int]:
        """Ids of the townships as a whole in which `action` is allowed."""
        return self.townships.get(action, frozenset())

    def allows(self, action: str) -> bool:
        """Whether the action is allowed anywhere at all."""
        return bool(self.village_ids(action) or self.township_ids(action))


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that reaches rows only through `within`.

    A model says its way home: `scope_path = "village"` (or `"subject__village"`; `""` when the
    model is the village), or `scope_path = None` with `township_path = "township"`.
    """

    def within(self, scope: Scope, action: str) -> Self:
        """Rows of the villages (or townships) in which `scope` allows `action`."""
        path: str | None = getattr(self.model, "scope_path", None)
        if path is not None:
            return self.filter(**self._lookup(path, scope.village_ids(action)))
        township_path: str = self.model.township_path  # type: ignore[attr-defined]
        return self.filter(**self._lookup(township_path, scope.township_ids(action)))

    @staticmethod
    def _lookup(path: str, ids: frozenset[int]) -> dict[str, Any]:
        return {f"{path}_id__in" if path else "pk__in": ids}


# The database's own copy of the reach, read by the policies of row-level security.
_GIVE = "SELECT set_config('app.villages', %s, true)"
_HELD = "SELECT coalesce(current_setting('app.villages', true), '')"


def reach(village_ids: Iterable[int], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """From here to the end of the transaction, personal data of these villages and of no other.

    The second wall: what is outside does not exist for the database, whatever a query forgets.
    Raises TransactionManagementError outside a transaction, where it would be forgotten at once.
    """
    _give(",".join(str(int(village_id)) for village_id in sorted(set(village_ids))), using)


@contextmanager
def reaching(village_ids: Iterable[int], *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """One transaction that reaches these villages; for jobs, commands and data migrations.

    Inside another transaction that one's reach is put back at the end.
    """
    with kept_apart(using=using):
        reach(village_ids, using=using)
        yield


@contextmanager
def kept_apart(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """One transaction that begins without any reach, also when it is only part of another."""
    outer = connections[using].in_atomic_block
    held = _held(using) if outer else ""
    with transaction.atomic(using=using):
        if outer:
            _give("", using)
        yield
    if outer:
        _give(held, using)


def in_error(*, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the transaction can only be rolled back, however well the page looks."""
    connection = connections[using]
    if connection.connection is None:
        return False
    return bool(
        connection.needs_rollback
        or connection.connection.info.transaction_status == TRANSACTION_STATUS_INERROR
    )


def _give(villages: str, using: str) -> None:
    if not connections[using].in_atomic_block:
        raise TransactionManagementError("a reach is given to a transaction; there is none")
    with connections[using].cursor() as cursor:
        cursor.execute(_GIVE, [villages])


def _held(using: str) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute(_HELD)
        return str(cursor.fetchone()[0])
