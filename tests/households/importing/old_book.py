"""Writes a workbook as office programs of before 2007 did: BIFF8 records in an OLE container."""

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# Streams below 4096 bytes lie elsewhere in such a container.
LEAST_STREAM = 4096
DATE_FORMAT = 14
Value = str | float | None


def record(kind: int, body: bytes = b"") -> bytes:
    """One record: its kind, its length, and what it says."""
    return struct.pack("<HH", kind, len(body)) + body


def text(words: str, *, length: str = "<H") -> bytes:
    """A string: how many characters, that they are two bytes wide, and they."""
    wide = words.encode("utf-16-le")
    return struct.pack(length, len(wide) // 2) + b"\x01" + wide


def cell(row: int, column: int, value: float | str, *, style: int = 0) -> bytes:
    """A cell with a number or a word."""
    place = struct.pack("<HHH", row, column, style)
    if isinstance(value, str):
        return record(0x0204, place + text(value))
    return record(0x0203, place + struct.pack("<d", value))


def sheet(rows: Sequence[Sequence[Value]], *, more: bytes = b"") -> bytes:
    """The records of one sheet; `more` stands behind its cells."""
    cells = b"".join(
        cell(number, column, value)
        for number, line in enumerate(rows)
        for column, value in enumerate(line)
        if value is not None
    )
    return _begin(0x0010) + cells + more + record(0x000A)


def old_book(
    sheets: dict[str, bytes], *, hidden: str = "", locked: bool = False, words: bytes = b""
) -> bytes:
    """The whole file; with `locked` it says that it has a password; `words` are shared by cells."""
    styles = record(0x00E0, bytes(20)) + record(
        0x00E0, struct.pack("<HH", 0, DATE_FORMAT) + bytes(16)
    )
    head = _begin(0x0005) + (record(0x002F, struct.pack("<HHH", 1, 1, 1)) if locked else b"")
    head += record(0x0042, struct.pack("<H", 1200)) + styles + words
    length = len(head) + sum(len(_named(0, name, False)) for name in sheets) + 4
    places, at = b"", length
    for name, body in sheets.items():
        places += _named(at, name, name == hidden)
        at += len(body)
    return _container(head + places + record(0x000A) + b"".join(sheets.values()))


def _begin(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _named(at: int, name: str, is_hidden: bool) -> bytes:
    return record(0x0085, struct.pack("<IBB", at, is_hidden, 0) + text(name, length="<B"))


def _container(stream: bytes) -> bytes:
    """An OLE file with the one stream that a workbook is."""
    stream = stream.ljust(LEAST_STREAM, b"\0")
    stream += bytes(-len(stream) % SECTOR)
    data = len(stream) // SECTOR
    fats = -(-(data + 2) // 127)
    chain = [OF_FAT] * fats + [END] + [*range(fats + 2, fats + 1 + data), END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fats * SECTOR, b"\xff")
    folder = _entry("Root Entry", 5, END, 0, child=1)
    folder += _entry("Workbook", 2, fats + 1, len(stream)) + _entry("", 0, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, fats, 0,
                          LEAST_STREAM, END, 0, END, 0)  # fmt: skip
    header += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    return header + fat + folder + stream


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    wide = (name + "\0").encode("utf-16-le") if name else b""
    fixed = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, FREE, FREE, child)
    return fixed + bytes(16) + struct.pack("<I16xIII", 0, start, size, 0)
