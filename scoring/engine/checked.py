"""Reading plain JSON data with every mistake collected, none thrown one at a time."""

from collections.abc import Mapping, Sequence
from typing import Literal

from scoring.engine.errors import Problem

POINTS_BOUND = 10**9
_LONGEST = 200

Data = Mapping[str, object]


class Checked:
    """Hands out typed values; what is wrong becomes a `Problem` and a harmless stand-in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, where: str, what: str, value: object = "") -> None:
        """Note one problem."""
        self.problems.append(Problem(where, what, str(value)))

    def table(self, value: object, where: str, keys: frozenset[str]) -> Data:
        """An object with no other keys than these."""
        if not isinstance(value, Mapping):
            self.refuse(where, "not_an_object")
            return {}
        for key in sorted(str(key) for key in value.keys() - keys):
            self.refuse(inside(where, key), "unknown_key", key)
        return value

    def text(self, data: Data, key: str, where: str) -> str:
        """A text that is there, says something and has no blanks round it."""
        if key in data:
            return self._text(data[key], inside(where, key))
        self.refuse(inside(where, key), "missing")
        return ""

    def whole(
        self,
        data: Data,
        key: str,
        where: str,
        *,
        lowest: int,
        otherwise: int | None = None,
    ) -> int:
        """A whole number from `lowest` to the ledger's bound; `otherwise` when it is absent."""
        value = data.get(key, otherwise)
        if value is None and key not in data:
            self.refuse(inside(where, key), "missing")
        elif not isinstance(value, int) or isinstance(value, bool):
            self.refuse(inside(where, key), "not_a_whole_number", value)
        elif not lowest <= value < POINTS_BOUND:
            self.refuse(inside(where, key), "out_of_range", value)
        else:
            return value
        return lowest

    def flag(self, data: Data, key: str, where: str) -> bool:
        """True or false; false when it is absent."""
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.refuse(inside(where, key), "not_true_or_false", value)
        return value is True

    def rows(
        self, data: Data, key: str, where: str, *, may: Literal["be empty", "not be empty"]
    ) -> list[tuple[str, object]]:
        """The list's members, each with its path; only a list that may be empty may be absent."""
        path = inside(where, key)
        value = data.get(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self.refuse(path, "not_a_list")
            return []
        if not value and may == "not be empty":
            self.refuse(path, "empty")
        return [(f"{path}[{place}]", row) for place, row in enumerate(value)]

    def texts(self, data: Data, key: str, where: str) -> tuple[str, ...]:
        """A list of different texts, at least one; sorted, because their order says nothing."""
        rows = self.rows(data, key, where, may="not be empty")
        found = [self._text(row, path) for path, row in rows]
        self.once([path for path, _ in rows], "", found)
        return tuple(sorted(found))

    def once(self, paths: Sequence[str], key: str, values: Sequence[object]) -> None:
        """Refuse each value that was there before, unless it was refused already."""
        refused = {problem.where for problem in self.problems}
        seen: set[object] = set()
        for path, value in zip(paths, values, strict=True):
            where = inside(path, key)
            if where in refused:
                continue
            if value in seen:
                self.refuse(where, "duplicate", value)
            seen.add(value)

    def _text(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not value or value != value.strip():
            self.refuse(where, "not_a_text", value)
            return ""
        if len(value) > _LONGEST:
            self.refuse(where, "too_long", len(value))
        return value


def inside(where: str, key: str) -> str:
    """The path of a key; the empty path is the whole data, the empty key the place itself."""
    return f"{where}.{key}" if where and key else where or key
