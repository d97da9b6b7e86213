"""One line of the log for each event, with its reference number and without personal data."""

import logging
import re
from collections.abc import Callable

from trail.requests import current_reference

MASK = "***"
# Telephones, ID numbers, bank cards: eleven digits or more, also in groups.
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){10,}[Xx]?")
# The official code of a village says nothing of a person, and an alarm must name the village.
VILLAGE_CODE = re.compile(r"[1-8]\d{11}")
# What follows the name of a field that is encrypted, secret or a name.
FIELD = re.compile(
    r"(?i)\b(id_number|phone|name|holder|pin|password|token|secret|code|csrfmiddlewaretoken)"
    r"(['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,&;)}]+)"
)
# The code of a household's card and one-time links are keys; a query may hold a search.
CARD = re.compile(r"(/h/|/staff/invite/|/invite/|/join/)[^/\s]+")
QUERY = re.compile(r"\?[^\s\"']+")
# What PostgreSQL quotes in its errors is data.
DETAIL = re.compile(r"(?s)\b(DETAIL|CONTEXT|QUERY|HINT):.*")
# Line ends, terminal codes and marks that turn the direction of the text.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """The text without what may be personal, on one line and without terminal codes."""
    steps: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
        (DETAIL, rf"\1: {MASK}"),
        (CARD, rf"\1{MASK}"),
        (QUERY, f"?{MASK}"),
        (FIELD, rf"\1\2{MASK}"),
        (LONG_NUMBER, lambda found: found[0] if VILLAGE_CODE.fullmatch(found[0]) else MASK),
        (CONTROL, lambda found: f"\\x{ord(found[0]):02x}"),
    )
    for pattern, instead in steps:
        text = pattern.sub(instead, text)
    return text


class OneLine(logging.Formatter):
    """Time, level, logger, reference, event; of an exception its kind and where it was."""

    def format(self, record: logging.LogRecord) -> str:
        event = masked(record.getMessage())
        if record.exc_info and record.exc_info[0]:
            event += f" | {_trouble(record.exc_info[1])}"
        # Django logs a refusal after the middleware: the request itself knows its number then.
        request = getattr(record, "request", None)
        number = getattr(request, "reference", None) or current_reference()
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        return f"{when} {record.levelname} {record.name} [{number}] {event}"


def _trouble(error: BaseException | None) -> str:
    """The kind of error, its SQLSTATE and its places; its text may quote what somebody typed."""
    code = getattr(error.__cause__, "pgcode", None) if error else None
    places, trace = [], error.__traceback__ if error else None
    while trace:
        frame = trace.tb_frame.f_code
        places.append(f"{frame.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join([type(error).__name__, *([code] if code else []), "<", *places[-12:]])
