"""Photos that arrive in pieces: kept by offset, compared, looked through, stored or refused."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from files.models import Attachment
from files.pictures import NotAPhoto, looked_through
from files.storage import COPY, ORIGINAL, PART, forget, place, write_at, write_whole
from trail.actor import Actor
from trail.errors import DomainError
from trail.operations import record

LARGEST_PIECE = 256 * 1024
LARGEST_PHOTO = 12 * 1024 * 1024


class PhotoIsEmpty(DomainError):
    """A photo of no bytes, or a piece of none."""

    code = "photo_is_empty"


class PhotoIsTooBig(DomainError):
    """A photo, or a piece of it, larger than any that is taken."""

    code = "photo_is_too_big"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes from `offset` on of a photo of `length` bytes."""

    offset: int
    length: int
    content: bytes


def hold(shas: Collection[str]) -> None:
    """Until the transaction ends nobody else handles these photos; always before any row."""
    with connection.cursor() as cursor:
        for key in sorted(int(sha[:15], 16) for sha in shas):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


@transaction.atomic
def receive_piece(
    *, village_id: int, sha256: str, piece: Piece, by: Actor, at: datetime
) -> tuple[Attachment, bool]:
    """The photo after the piece, and whether the piece was taken; one of a wrong offset is not.

    Raises PhotoIsEmpty or PhotoIsTooBig. The last piece decides: a photo with another digest
    begins anew, and what is no photo is refused for good.
    """
    _refuse_sizes(piece)
    hold([sha256])
    found, _new = Attachment.objects.select_for_update().get_or_create(
        village_id=village_id,
        sha256=sha256,
        defaults={"size": piece.length, "begun_at": at, "sent_by_id": by.user_id},
    )
    if found.state != Attachment.State.PARTIAL:
        return found, True
    if piece.offset == 0 and found.got == 0:
        found.size = piece.length
    end = piece.offset + len(piece.content)
    if piece.offset != found.got or piece.length != found.size or end > found.size:
        return found, False
    write_at(place(village_id, sha256, PART), piece.offset, piece.content)
    found.got = end
    taken = found.got < found.size or _finish(found, by=by, at=at)
    found.save(update_fields=["size", "got", "media_type", "state", "reason", "stored_at"])
    return found, taken


def _refuse_sizes(piece: Piece) -> None:
    if piece.length < 1 or not piece.content:
        raise PhotoIsEmpty(_("照片是空的，请重拍一张"))
    if piece.length > LARGEST_PHOTO or len(piece.content) > LARGEST_PIECE:
        most = {"most": LARGEST_PHOTO // 1024**2, "piece": LARGEST_PIECE // 1024}
        raise PhotoIsTooBig(
            _("照片最大%(most)sMB，一次最多传%(piece)sKB，请让手机把照片缩小再传") % most
        )


def _finish(found: Attachment, *, by: Actor, at: datetime) -> bool:
    """Whether the bytes are those of the digest; then the photo is stored or refused."""
    part = place(found.village_id, found.sha256, PART)
    content = part.read_bytes()
    if hashlib.sha256(content).hexdigest() != found.sha256:
        forget(part)
        found.got = 0
        return False
    try:
        found.media_type, copy = looked_through(content)
    except NotAPhoto as why:
        forget(part)
        found.state, found.reason = Attachment.State.REFUSED, str(why)
    else:
        write_whole(place(found.village_id, found.sha256, COPY), copy)
        part.replace(place(found.village_id, found.sha256, ORIGINAL))
        found.state, found.stored_at = Attachment.State.STORED, at
    _record(found, what=f"attachment.{found.state}", by=by, at=at)
    return True


@transaction.atomic
def hand_out_original(*, attachment: Attachment, by: Actor, at: datetime) -> bytes:
    """The photo as it was taken, with whatever it carries; each reading is on the trail.

    The caller has seen to it that `by` may have it. Raises FileNotFoundError when it is lost.
    """
    content = place(attachment.village_id, attachment.sha256, ORIGINAL).read_bytes()
    _record(attachment, what="attachment.original_read", by=by, at=at)
    return content


def _record(attachment: Attachment, *, what: str, by: Actor, at: datetime) -> None:
    record(
        by=by,
        at=at,
        what=what,
        about=f"files.attachment:{attachment.pk}",
        village_id=attachment.village_id,
        detail={"sha256": attachment.sha256, "size": attachment.size},
    )
