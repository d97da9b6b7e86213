"""Looks through an .xlsx package before anything opens it.

The reader lays every sheet out as one dense block, so a single far cell or a bomb would take the
machine's memory. Everything is measured here first, in one pass that keeps a megabyte at a time.
"""

import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from households.importing.errors import FileNotReadable

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 256

_SMALL = 1024 * 1024
_CHUNK = 1024 * 1024
_OVERLAP = 512
_FAR_ROW = re.compile(rb"r\s*=\s*[\"'][A-Z]{0,3}(?:[2-9][0-9]{5}|[1-9][0-9]{6,})[\"']")
_FAR_COLUMN_WITH_CONTENT = re.compile(
    rb"r\s*=\s*[\"'](?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])[0-9]+[\"'][^<>]*[^<>/]>\s*<[^/]"
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_DATE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
_WORKBOOK = "xl/workbook.xml"
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


def inspect_package(path: Path) -> bool:
    """Refuse a package that is dangerous or no .xlsx; tell whether its dates count from 1904."""
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            _refuse_strange_members(members)
            _refuse_declared_bomb(members, packed=path.stat().st_size)
            _measure_members(package, members)
            with package.open(_WORKBOOK) as workbook:
                return _DATE_1904.search(workbook.read(_CHUNK)) is not None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise damaged() from error


def _refuse_strange_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS:
        raise unpacks_too_big()
    if len(set(names)) != len(names) or any(map(_is_trick, members)):
        raise FileNotReadable(
            _("文件的内部结构不正常（路径或链接可疑），没有打开。请另存为新的 .xlsx 后再导入。")
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise is_locked()
    if _WORKBOOK not in names:
        raise FileNotReadable(
            _("这不是 Excel 工作簿（.xlsx）。请在 Excel 或 WPS 里另存为 .xlsx 后再导入。")
        )
    if any(name.endswith("vbaProject.bin") for name in names):
        raise has_macros()


def _is_trick(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename
    parts = name.replace("\\", "/").split("/")
    return (
        name.startswith(("/", "\\"))
        or ".." in parts
        or ":" in parts[0]
        or "\0" in name
        or stat.S_ISLNK(member.external_attr >> 16)
    )


def _refuse_declared_bomb(members: list[zipfile.ZipInfo], *, packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * packed):
        raise unpacks_too_big()
    for member in members:
        if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
            raise unpacks_too_big()


def _measure_members(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        declared = member.file_size
        # A lying header would hide the rest: one byte more than declared is asked for.
        member.file_size = declared + 1
        with package.open(member) as part:
            inside = _inspect_part(part, named_xml=member.filename.endswith((".xml", ".rels")))
        member.file_size = declared
        if inside != declared:
            raise unpacks_too_big()


def _inspect_part(part: IO[bytes], *, named_xml: bool) -> int:
    size, tail, far_row_seen, is_xml = 0, b"", False, named_xml
    while chunk := part.read(_CHUNK):
        # A sheet may go by any name; what starts like one is looked through like one.
        is_xml = is_xml or (size == 0 and chunk.lstrip(_BEFORE_XML).startswith(b"<"))
        size += len(chunk)
        if is_xml:
            text = tail + chunk
            _refuse_foreign_xml(text, starts=size == len(chunk))
            far_row_seen = _refuse_far_cells(text, far_row_seen=far_row_seen)
            tail = text[-_OVERLAP:]
    return size


def _refuse_foreign_xml(text: bytes, *, starts: bool) -> None:
    if _DOCUMENT_TYPE.search(text) or (starts and text.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise FileNotReadable(_("文件里有不该有的声明，没有打开。请另存为新的 .xlsx 后再导入。"))


def _refuse_far_cells(text: bytes, *, far_row_seen: bool) -> bool:
    """Refuse a value outside the size limits; formatted empty cells out there do no harm."""
    far = None if far_row_seen else _FAR_ROW.search(text)
    if far or far_row_seen:
        if _VALUE.search(text, far.end() if far else 0):
            raise FileNotReadable(
                _("表太长：最多读 %(rows)s 行。请分成几个文件导入，或删掉远处多余的单元格。")
                % {"rows": MAX_ROWS}
            )
        far_row_seen = True
    if _FAR_COLUMN_WITH_CONTENT.search(text):
        raise FileNotReadable(
            _("表太宽：最多读 %(columns)s 列。请删掉右边多余的列后再导入。")
            % {"columns": MAX_COLUMNS}
        )
    return far_row_seen


def is_locked() -> FileNotReadable:
    """The file has a password."""
    return FileNotReadable(_("文件加了密码。请去掉密码，另存为 .xlsx 后再导入。"))


def has_macros() -> FileNotReadable:
    """The file carries programs."""
    return FileNotReadable(_("文件带有宏。请另存为不带宏的 .xlsx 后再导入。"))


def damaged() -> FileNotReadable:
    """Nothing can be made of the file."""
    return FileNotReadable(
        _("文件已损坏，打不开。请在 Excel 或 WPS 里打开它，另存为 .xlsx 后再导入。")
    )


def unpacks_too_big() -> FileNotReadable:
    """Laid out, the file would take the machine's memory."""
    return FileNotReadable(
        _("文件解开后太大（超过 %(megabytes)s MB 或压缩得不正常），没有打开。请分成几个文件导入。")
        % {"megabytes": MAX_UNPACKED // 1024 // 1024}
    )
