"""Photos looked into: what is none is refused in words, what is one is drawn anew without EXIF."""

import io
import struct
import zlib

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LONGEST_SIDE = 1_600
# A picture of more is no photo of a phone; it would fill the memory when it is drawn.
MOST_PIXELS = 50_000_000
QUALITY = 82
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_WHITE = (255, 255, 255)
_PNG_END = b"IEND\xaeB`\x82"
# What Pillow raises of files that are none; each of them was seen with hostile ones.
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, AttributeError,
    OverflowError, MemoryError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip


class NotAPhoto(Exception):
    """The bytes cannot be kept; the text says why, for whoever sent them."""


def looked_through(content: bytes) -> tuple[str, bytes]:
    """The media type, and the copy for whoever may look: JPEG, upright, without EXIF and ICC.

    Raises NotAPhoto.
    """
    kind = _kind_of(content)
    if not _ends_where_it_should(kind, content):
        raise NotAPhoto(_("照片不完整，或者后面夹了别的东西，请重拍一张"))
    try:
        return MEDIA_TYPES[kind], _drawn_anew(kind, content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPhoto(_("照片的像素太多，请用手机相机重拍一张")) from error
    except _BROKEN as error:
        raise NotAPhoto(_("照片坏了，打不开，请重拍一张")) from error


def _kind_of(content: bytes) -> str:
    """By the first bytes; what a name or a sender says of a file counts for nothing."""
    if content[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    raise NotAPhoto(_("这不是照片。只收JPG、PNG、WebP照片，请用手机相机拍"))


def _ends_where_it_should(kind: str, content: bytes) -> bool:
    """A picture with a second file behind it is two files."""
    if kind == "JPEG":
        return content.rstrip(b"\x00").endswith(b"\xff\xd9")
    if kind == "PNG":
        return content.endswith(_PNG_END)
    return int.from_bytes(content[4:8], "little") + 8 == len(content)


def _drawn_anew(kind: str, content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise NotAPhoto(_("照片的像素太多，请用手机相机重拍一张"))
        if getattr(picture, "n_frames", 1) > 1:
            raise NotAPhoto(_("这是会动的图。请用手机相机拍一张照片"))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = Image.new("RGB", upright.size, _WHITE)
        shown = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
        plain.paste(shown, mask=shown if shown.mode == "RGBA" else None)
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
