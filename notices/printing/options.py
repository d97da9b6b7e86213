"""What a reader may choose for a printed sheet: the paper, and how close the rows stand."""

from collections.abc import Mapping
from dataclasses import dataclass

PAPERS = ("a4", "a3")
DENSITIES = ("normal", "compact")


@dataclass(frozen=True, slots=True)
class Options:
    """A4 or A3; one household a line, or two columns of them."""

    paper: str = PAPERS[0]
    density: str = DENSITIES[0]

    @property
    def query(self) -> str:
        """The options as they stand in an address."""
        return f"paper={self.paper}&density={self.density}"


def asked_options(query: Mapping[str, str]) -> Options:
    """The options of an address; anything unknown is the first of its kind."""
    paper, density = query.get("paper", ""), query.get("density", "")
    return Options(
        paper=paper if paper in PAPERS else PAPERS[0],
        density=density if density in DENSITIES else DENSITIES[0],
    )
