"""How upper apps supply the content of notices: each registers one builder per kind.

An app has a module `notice_builders` beside its views, found when the site starts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SealedContent:
    """What a notice states for good: facts without a name, and the root of the ledger's seal."""

    content: Mapping[str, Any]
    seal_root: bytes = b""


class Build(Protocol):
    """Reads the content of a village's month, inside the transaction that drafts the notice."""

    def __call__(self, *, village_id: int, month: str) -> SealedContent: ...


class Labels(Protocol):
    """The label of each household of `keys` ("3组/027"): masked name, or '' for code only."""

    def __call__(self, *, village_id: int, keys: Iterable[str]) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class NoticeBuilder:
    """One kind of notice: its title from the village's name and the month, its content, labels."""

    kind: str
    title: Callable[[str, str], str]
    build: Build
    labels: Labels


class UnknownKind(LookupError):
    """No app has registered a builder of this kind."""


_builders: dict[str, NoticeBuilder] = {}


def register(builder: NoticeBuilder) -> None:
    """Make `builder` the one of its kind; another one of the same kind is a mistake in the code."""
    known = _builders.setdefault(builder.kind, builder)
    if known is not builder:
        raise ValueError(f"two notice builders of kind {builder.kind}")


def builder_for(kind: str) -> NoticeBuilder:
    """The builder of this kind; raises UnknownKind."""
    if kind not in _builders:
        raise UnknownKind(kind)
    return _builders[kind]
