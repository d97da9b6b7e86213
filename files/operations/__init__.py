"""Exports kept for a week, and photos that arrive in pieces."""

from files.operations.attachments import (
    LARGEST_PIECE,
    PhotoIsEmpty,
    PhotoIsTooBig,
    Piece,
    hand_out_original,
    hold,
    receive_piece,
)
from files.operations.exports import FileIsChanged, FileIsGone, hand_out, keep, wipe_expired

__all__ = [
    "LARGEST_PIECE",
    "FileIsChanged",
    "FileIsGone",
    "PhotoIsEmpty",
    "PhotoIsTooBig",
    "Piece",
    "hand_out",
    "hand_out_original",
    "hold",
    "keep",
    "receive_piece",
    "wipe_expired",
]
