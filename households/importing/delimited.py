"""Reads comma, semicolon or tab separated text in the encodings office programs write."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from households.importing.errors import FileNotReadable

MAX_TEXT_BYTES = 64 * 1024 * 1024

_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",;\t"
_SAMPLE_LINES = 20
_UTF_8_HAN = re.compile(r"[\u3400-\u9fff]{2}")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|table|meta|\?xml|div)", re.IGNORECASE)


def read_text(path: Path) -> str:
    """Return the file's text; refuse what is no text, or text in two encodings at once."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise FileNotReadable(
            _("文件超过 %(megabytes)s MB。请分成几个文件导入。")
            % {"megabytes": MAX_TEXT_BYTES // 1024 // 1024}
        )
    text = _decode(path.read_bytes())
    if "\0" in text or not text.strip():
        raise _not_a_sheet()
    if _MARKUP.match(text):
        raise FileNotReadable(
            _("这是网页格式的文件，不是表格。请在 Excel 或 WPS 里打开，另存为 .xlsx 后再导入。")
        )
    return text


def rows_of(text: str) -> Iterator[list[str]]:
    """Yield the records as Excel numbers them: a line break inside quotes is no new row."""
    delimiter = _delimiter_of(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise FileNotReadable(
            _("CSV 文件的格式有误（引号没有成对，或一格太长）。请另存为 .xlsx 后再导入。")
        ) from error


def _decode(raw: bytes) -> str:
    try:
        if raw.startswith(_UTF_16_MARKS):
            return raw.decode("utf-16")
        if len(raw) > 1 and b"\0" in raw[:200]:
            return raw.decode("utf-16-le" if raw[1] == 0 else "utf-16-be")
    except UnicodeDecodeError as error:
        raise _not_a_sheet() from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_gb18030(raw)


def _decode_gb18030(raw: bytes) -> str:
    # gb18030, not gbk: 𠮷, 㛃 and the dots of longer names have no place in gbk.
    for number, line in enumerate(raw.split(b"\n"), 1):
        if _is_utf_8(line):
            raise _mixed(number)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _mixed(raw.count(b"\n", 0, error.start) + 1) from error


def _is_utf_8(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        return _UTF_8_HAN.search(line.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _delimiter_of(text: str) -> str:
    """Choose the delimiter most lines of the beginning agree on."""
    lines = text[:20_000].splitlines()[:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))


def _mixed(line: int) -> FileNotReadable:
    return FileNotReadable(
        _("第 %(line)s 行的文字编码与别处不同，读出来会是乱码。请另存为 .xlsx 后再导入。")
        % {"line": line}
    )


def _not_a_sheet() -> FileNotReadable:
    return FileNotReadable(
        _("这不是表格文件。能导入 .xlsx、.xls 和 .csv；请在 Excel 或 WPS 里另存为 .xlsx 后再导入。")
    )
