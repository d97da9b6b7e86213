"""Finding full names, ID numbers and phones in a page that is about to be published. Pure."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from html.parser import HTMLParser

LABEL_CLASS = "who"
LINES = frozenset({"h1", "h2", "h3", "p", "tr", "li", "caption"})
# In a label digits have no business; elsewhere four digits in a row are a year or a sum.
_LEAST_DIGITS_IN_LABEL = 4
_LEAST_DIGITS = 7
# Two characters may be the name of a group or a category; in a label they are a person's.
_LEAST_NAME_ELSEWHERE = 3
_DIGITS = re.compile(r"[0-9]+[Xx]?")
_LOOKS_LIKE_ID = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
_LOOKS_LIKE_PHONE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page as it is read, and the part of it that stands for a person."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Leak:
    """In which line something was found that must not be published; `what` is name or number."""

    what: str
    where: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._label: list[str] = []
        self._in_label = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LINES:
            self.end_line()
        self._in_label = LABEL_CLASS in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._in_label = False
        if tag in LINES:
            self.end_line()

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        if self._in_label:
            self._label.append(data)

    def end_line(self) -> None:
        text = " ".join(" ".join(self._text).split())
        if text:
            self.lines.append(Line(text=text, label="".join("".join(self._label).split())))
        self._text, self._label = [], []


def lines_of(html: str) -> list[Line]:
    """The lines of a rendered page, as a reader sees them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.lines


def leaks_in(lines: Iterable[Line], *, names: Set[str], numbers: Set[str]) -> Iterator[Leak]:
    """Each line that shows a full name, or digits of an ID number or a phone."""
    lengths = sorted({len(name) for name in names})
    for line in lines:
        elsewhere = [n for n in lengths if n >= _LEAST_NAME_ELSEWHERE]
        if _holds(line.label, names, lengths) or _holds(line.text, names, elsewhere):
            yield Leak(what="name", where=line.text)
        elif _shows_digits(line, numbers):
            yield Leak(what="number", where=line.text)


def _holds(text: str, names: Set[str], lengths: list[int]) -> bool:
    return any(
        text[start : start + length] in names
        for length in lengths
        for start in range(len(text) - length + 1)
    )


def _shows_digits(line: Line, numbers: Set[str]) -> bool:
    if _LOOKS_LIKE_ID.search(line.text) or _LOOKS_LIKE_PHONE.search(line.text):
        return True
    runs = [run for run in _DIGITS.findall(line.text) if len(run) >= _LEAST_DIGITS]
    runs += [run for run in _DIGITS.findall(line.label) if len(run) >= _LEAST_DIGITS_IN_LABEL]
    return any(run in number for run in runs for number in numbers)
