"""JSON as strict as it is written down: an object, each key once, numbers that are numbers."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from accounts.endpoints.refusals import TooMuch

MOST_BYTES = 64 * 1024
# Fewer openings than Python nests calls: what is deep is refused before it is read.
MOST_OPENINGS = 400
MOST_DIGITS = 18
_SURROGATES = range(0xD800, 0xE000)


class StrictJSON(BaseParser):
    """Refuses what JSON libraries let pass and a database or a person would trip over."""

    media_type = "application/json"
    most_bytes, most_openings = MOST_BYTES, MOST_OPENINGS
    # No request of ours holds a fraction, an exponent, NaN or Infinity, unless its reader says so.
    fraction: Callable[[str], float] = staticmethod(lambda text: _none_such(text))

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object that was sent; raises ParseError or TooMuch."""
        raw = stream.read(self.most_bytes + 1)
        if len(raw) > self.most_bytes:
            raise TooMuch
        if raw.count(b"{") + raw.count(b"[") > self.most_openings:
            raise ParseError
        try:
            sent = json.loads(
                raw.decode(),
                object_pairs_hook=_each_key_once,
                parse_int=_whole,
                parse_float=self.fraction,
                parse_constant=_none_such,
            )
            if not isinstance(sent, dict):
                raise ParseError
            _refuse_unwritable(sent)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        return sent


def _each_key_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ParseError
        found[key] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ParseError
    return int(digits)


def _none_such(_text: str) -> float:
    raise ParseError


def finite(text: str) -> float:
    """A fraction, as a place on the map has it; raises ParseError for one that is no number."""
    number = float(text)
    if not math.isfinite(number):
        raise ParseError
    return number


def _refuse_unwritable(sent: Any) -> None:
    if isinstance(sent, str):
        if any(sign == "\x00" or ord(sign) in _SURROGATES for sign in sent):
            raise ParseError
    elif isinstance(sent, Mapping):
        for key, value in sent.items():
            _refuse_unwritable(key)
            _refuse_unwritable(value)
    elif isinstance(sent, list):
        for value in sent:
            _refuse_unwritable(value)
