"""Which villages an actor may touch, per action. Explicit on every query; nothing by default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from django.db import models

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
