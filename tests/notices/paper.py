"""Reading PDFs as a stranger would: with the tools of poppler and a scanner of codes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = ("pdfinfo", "pdftotext", "pdftoppm", "zbarimg")


def need_tools() -> None:
    """Skips where the tools are missing; continuous integration must have them."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        assert "CI" not in os.environ, f"CI must have {missing}"
        pytest.skip(f"not on this machine: {missing} (apt install poppler-utils zbar-tools)")


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


class Paper:
    """One PDF on disk."""

    def __init__(self, pdf: bytes, folder: Path) -> None:
        self.path = folder / "sheet.pdf"
        self.path.write_bytes(pdf)

    @property
    def facts(self) -> dict[str, str]:
        lines = (line.split(":", 1) for line in _run("pdfinfo", self.path).splitlines())
        return {name.strip(): value.strip() for name, value in lines}

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        width, height = re.findall(r"[\d.]+", self.facts["Page size"])[:2]
        return float(width), float(height)

    @property
    def spaced_pages(self) -> list[str]:
        """The text of each page as it stands."""
        return _run("pdftotext", "-layout", self.path, "-").split("\f")[:-1]

    @property
    def pages(self) -> list[str]:
        """The text of each page, without spaces."""
        return [re.sub(r"[^\S\n]+", "", page) for page in self.spaced_pages]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    def codes(self, page: int) -> list[str]:
        """What a scanner reads from the printed page at 200 dots an inch."""
        picture = self.path.with_name("page")
        _run("pdftoppm", "-r", "200", "-f", str(page), "-l", str(page), "-png", "-singlefile",
             self.path, picture)  # fmt: skip
        return _run("zbarimg", "--quiet", "--raw", picture.with_suffix(".png")).split()
