"""The file a phone exported when nothing went out any more, read in by a clerk."""

import base64
import binascii
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError

from accounts.endpoints.parsing import StrictJSON, finite
from accounts.roles import Action
from files.operations import LARGEST_PIECE, Piece, receive_piece
from households.models import CollectionRecord, Subject
from households.operations.records import photo_is_there, receive
from households.queries import collecting
from households.serializers.collection import RecordSerializer, said_of
from trail.actor import Actor
from trail.errors import DomainError
from trail.scope import Scope

FORMAT = 1
MOST_RECORDS = 500
MOST_BYTES = 64 * 1024**2
# Not finished, or thrown away by its collector: nobody has said that it is right.
NOT_FINISHED = ("draft", "voided")
Sign = Callable[[int], Actor]


class NotAPhoneFile(DomainError):
    """The file is none that the collector's page exports."""

    code = "not_a_phone_file"


class _FileJSON(StrictJSON):
    most_bytes, most_openings = MOST_BYTES, 500_000
    fraction = staticmethod(finite)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of one record of the file."""

    subject: Subject | None
    record: CollectionRecord | None
    words: str


def bring_in(*, content: bytes, scope: Scope, sign: Sign, at: datetime) -> list[BroughtIn]:
    """Each record of the file as if its phone had sent it now; each has its own answer.

    `sign` gives the clerk's actor for a village. Raises NotAPhoneFile, when nothing can be read.
    """
    read = _read(content)
    owner = read["person"]["id"]
    found = [_one(row, owner, scope, sign, at) for row in read["records"]]
    photos = read.get("photos")
    _photos(photos if isinstance(photos, dict) else {}, found, sign, at)
    for one in found:
        if one.record is not None:
            one.record.refresh_from_db(fields=["state", "receipt", "is_current"])
    return found


def _read(content: bytes) -> dict[str, Any]:
    wrong = NotAPhoneFile(_("这不是手机导出的采集文件。请选采集页“导出备份文件”存下的文件"))
    try:
        read: dict[str, Any] = _FileJSON().parse(io.BytesIO(content))
    except APIException as error:
        raise wrong from error
    person, records = read.get("person"), read.get("records")
    is_whole = (
        read.get("format") == FORMAT
        and isinstance(person, dict)
        and type(person.get("id")) is int
        and isinstance(records, list)
        and len(records) <= MOST_RECORDS
        and all(isinstance(row, dict) for row in records)
    )
    if not is_whole:
        raise wrong
    return read


def _one(row: Mapping[str, Any], owner: int, scope: Scope, sign: Sign, at: datetime) -> BroughtIn:
    said = {name: value for name, value in row.items() if name not in ("uuid", "state")}
    serializer = RecordSerializer(data=said)
    try:
        uuid = UUID(str(row.get("uuid")))
        serializer.is_valid(raise_exception=True)
    except (ValueError, ValidationError):
        return BroughtIn(None, None, _("这一份读不懂，没有收"))
    given = serializer.validated_data
    subject = collecting.file_for(scope, Action.CHECK_COLLECTION, number=given["subject"])
    if subject is None:
        return BroughtIn(None, None, _("不是您管的村里的户，没有收"))
    if row.get("state") in NOT_FINISHED:
        return BroughtIn(subject, None, _("还是草稿，没有收。请采集员填完再导出"))
    try:
        with transaction.atomic():
            record, is_new = receive(
                subject=subject,
                said=said_of(uuid, given),
                by=sign(subject.village_id),
                at=at,
                collector_id=owner,
            )
    except DomainError as refusal:
        return BroughtIn(subject, None, _wrong(refusal))
    return BroughtIn(subject, record, _("收到了") if is_new else _("以前已经收到"))


def _wrong(refusal: DomainError) -> str:
    answers = refusal.facts.get("answers")
    details = "；".join(answers.values()) if isinstance(answers, dict) else ""
    return f"{refusal.message}（{details}）" if details else refusal.message


def _photos(photos: Mapping[str, Any], found: list[BroughtIn], sign: Sign, at: datetime) -> None:
    """Every photo that a record of the file waits for."""
    for one in found:
        missing = collecting.missing_photos(one.record) if one.record is not None else []
        for sha in missing:
            try:
                content = base64.b64decode(str(photos.get(sha, "")), validate=True)
                with transaction.atomic():
                    _photo(one.record, sha, content, sign, at)
            except (binascii.Error, ValueError, DomainError):
                continue


def _photo(
    record: CollectionRecord | None, sha: str, content: bytes, sign: Sign, at: datetime
) -> None:
    if record is None:
        return
    by, village_id = sign(record.village_id), record.village_id
    offset = 0
    while offset < len(content):
        piece = Piece(offset, len(content), content[offset : offset + LARGEST_PIECE])
        kept, taken = receive_piece(village_id=village_id, sha256=sha, piece=piece, by=by, at=at)
        if kept.got <= offset:
            return
        offset = kept.got
        if kept.state == "stored":
            photo_is_there(village_id=village_id, sha256=sha, by=by, at=at)
        if kept.state != "partial" or not taken and kept.got >= kept.size:
            return
