"""Photos in pieces; hostile files are refused in words and never break anything (T-45)."""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from files.models import Attachment
from files.operations.attachments import LARGEST_PHOTO, LARGEST_PIECE
from files.storage import COPY, ORIGINAL, place
from tests.factories import NOON
from tests.households.collection_stage import BASE, Field, open_field, photo, sha_of


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def field(db) -> Field:
    return open_field()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return file.getvalue()


def _png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with hardly a byte in it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _animated(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 90, 200)]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


HOSTILE = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html": b"<html><script>alert(1)</script></html>",
    "gif with script": b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)",
    "pdf": b"%PDF-1.4\n%%EOF",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "zip": _zip(),
    "jpeg and zip": photo() + _zip(),
    "png and html": photo(kind="PNG") + b"<script>alert(1)</script>",
    "truncated jpeg": photo(size=(600, 600))[:-400],
    "truncated inside": photo(size=(600, 600))[:300] + b"\xff\xd9",
    "truncated png": photo(kind="PNG")[:-20],
    "magic only": b"\xff\xd8\xff\xd9",
    "webp of nothing": b"RIFF\x04\0\0\0WEBP",
    "pixel flood": _png_of(50_000, 50_000),
    "wide flood": _png_of(2_000_000_000, 2_000_000_000),
    "animated webp": _animated("WEBP"),
    "animated png": _animated("PNG"),
    "one byte": b"\xff",
    "nul bytes": b"\0" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_t_45_what_is_no_photo_is_refused_in_words(field, name):
    answer = field.upload("hong", HOSTILE[name])
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "refused"
    assert "照片" in answer.json()["reason"]
    again = field.upload("hong", HOSTILE[name])
    assert again.json() == answer.json()
    kept = Attachment.objects.get()
    for what in (ORIGINAL, COPY, "part"):
        assert not place(kept.village_id, kept.sha256, what).exists()


@pytest.mark.parametrize(
    ("offset", "length", "code"),
    [(0, 0, "photo_is_empty"), (0, LARGEST_PHOTO + 1, "photo_is_too_big")],
)
def test_t_45_nothing_and_too_much_are_refused_in_words(field, offset, length, code):
    content = b"" if length == 0 else b"x"
    answer = field.upload("hong", content, offset=offset, length=length)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert Attachment.objects.count() == 0


def test_t_45_a_piece_that_is_too_large_and_headers_that_are_none_are_refused(field):
    assert field.upload("hong", b"x" * (LARGEST_PIECE + 1)).status_code == 413
    client = field.as_("hong")
    for headers in ({}, {"Upload-Offset": "-1", "Upload-Length": "９"}):
        answer = client.put(
            f"{BASE}attachments/{'a' * 64}/",
            b"x",
            content_type="application/octet-stream",
            headers=headers,
        )
        assert answer.status_code == 400
    for sha in ("..%2f..%2fx", "A" * 64, "a" * 63, "con", "a" * 300):
        assert client.get(f"{BASE}attachments/{sha}/").status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_copy_has_no_exif_and_stands_upright_the_original_is_kept(field, kind):
    content = photo(size=(2_000, 1_000), kind=kind)
    assert field.upload("hong", content).json()["state"] == "stored"
    kept = Attachment.objects.get()
    original = place(kept.village_id, kept.sha256, ORIGINAL)
    assert original.read_bytes() == content
    with Image.open(place(kept.village_id, kept.sha256, COPY)) as copy:
        assert (copy.format, copy.size) == ("JPEG", (800, 1_600))
        assert not copy.getexif()
        assert "icc_profile" not in copy.info
    assert stat.S_IMODE(original.stat().st_mode) == 0o600
    for folder in (original.parent, original.parents[1], Path(settings.ATTACHMENTS_DIR)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_pieces_go_on_where_the_last_try_ended(field):
    content = photo(size=(900, 900), quality=100)
    sha, half = sha_of(content), len(content) // 2
    address = f"{BASE}attachments/{sha}/"
    assert field.as_("hong").get(address).json()["offset"] == 0
    first = field.upload("hong", content[:half], sha=sha, length=len(content))
    assert (first.json()["offset"], first.json()["state"]) == (half, "partial")
    wrong = field.upload("hong", content[:10], sha=sha, length=len(content))
    assert (wrong.status_code, wrong.json()["offset"]) == (409, half)
    assert field.as_("hong").get(address).json()["offset"] == half
    last = field.upload("hong", content[half:], sha=sha, offset=half, length=len(content))
    assert (last.status_code, last.json()["state"]) == (200, "stored")
    again = field.upload("hong", content[half:], sha=sha, offset=half, length=len(content))
    assert (again.status_code, again.json()["state"]) == (200, "stored")


def test_bytes_of_another_digest_begin_anew(field):
    content = photo()
    spoiled = content[:-1] + b"\0"
    answer = field.upload("hong", spoiled, sha=sha_of(content))
    assert (answer.status_code, answer.json()["offset"]) == (409, 0)
    assert field.upload("hong", content).json()["state"] == "stored"
