"""Every route of the site, from the URL resolver itself, with addresses that can be asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

CONVERTED = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>")
BY_KIND = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver, with its parents' put in front."""

    pattern: str
    name: str

    def address(self, values: Mapping[str, str]) -> str:
        """An address of this route; what `values` does not name gets something harmless."""

        def converted(found: re.Match[str]) -> str:
            return values.get(found["name"]) or BY_KIND.get(found["kind"] or "", "x")

        return "/" + CONVERTED.sub(converted, self.pattern)


def routes() -> list[Route]:
    """All of them, in the resolver's order."""
    return list(_below(get_resolver().url_patterns, ""))


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = before + plain(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _below(entry.url_patterns, pattern)
        else:
            yield Route(pattern, entry.name or "")


def plain(pattern: str) -> str:
    """As `Route.pattern` has it: of a regular expression the named groups as `<name>`."""
    while found := GROUP.search(pattern):
        depth, end = 1, found.end()
        while depth:
            if pattern[end] != "\\":
                depth += {"(": 1, ")": -1}.get(pattern[end], 0)
                end += 1
            else:
                end += 2
        pattern = f"{pattern[: found.start()]}<{found['name']}>{pattern[end:]}"
    return pattern.removeprefix("^").removesuffix("$").removesuffix(r"\Z")
