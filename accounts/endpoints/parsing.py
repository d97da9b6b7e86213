"""JSON as strict as it is written down: an object, each key once, numbers that are numbers."""

import json
from collections.abc import Iterable, Mapping
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

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object that was sent; raises ParseError or TooMuch."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooMuch
        if raw.count(b"{") + raw.count(b"[") > MOST_OPENINGS:
            raise ParseError
        try:
            sent = json.loads(
                raw.decode(),
                object_pairs_hook=_each_key_once,
                parse_int=_whole,
                parse_float=_none_such,
                parse_constant=_none_such,
            )
        except ValueError as error:
            raise ParseError from error
        if not isinstance(sent, dict):
            raise ParseError
        _refuse_unwritable(sent)
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
    """No request of ours holds a fraction, an exponent, NaN or Infinity."""
    raise ParseError


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
