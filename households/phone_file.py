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
from households.models import CollectionRecord, Subject, Visit
from households.operations.records import photo_is_there, receive
from households.operations.visiting import NewVisit, record_visit
from households.queries import collecting
from households.queries.visiting import duty_to_visit, visit_of
from households.serializers.collection import RecordSerializer, VisitSerializer, said_of
from trail.actor import Actor
from trail.clock import business_date
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
    """What became of one record or one visit of the file."""

    subject: Subject | None
    record: CollectionRecord | None
    words: str
    visit: Visit | None = None


def bring_in(*, content: bytes, scope: Scope, sign: Sign, at: datetime) -> list[BroughtIn]:
    """Each record and visit of the file as if its phone had sent it now, with its own answer.

    `sign` gives the clerk's actor for a village. Raises NotAPhoneFile, when nothing can be read.
    """
    read = _read(content)
    owner = read["person"]["id"]
    found = [_one(row, owner, scope, sign, at) for row in read["records"]]
    found += [_visit(row, owner, scope, sign, at) for row in read["visits"]]
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
    person = read.get("person")
    is_whole = (
        read.get("format") == FORMAT
        and isinstance(person, dict)
        and type(person.get("id")) is int
        and all(_are_rows(read.get(name)) for name in ("records", "visits"))
    )
    if not is_whole:
        raise wrong
    return read


def _are_rows(found: object) -> bool:
    return (
        isinstance(found, list)
        and len(found) <= MOST_RECORDS
        and all(isinstance(row, dict) for row in found)
    )


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


def _visit(row: Mapping[str, Any], owner: int, scope: Scope, sign: Sign, at: datetime) -> BroughtIn:
    """As `_one`; of a household that was its owner's to visit, today or on the day of the visit."""
    told = {name: value for name, value in row.items() if name not in ("uuid", "state")}
    serializer = VisitSerializer(data=told)
    try:
        uuid = UUID(str(row.get("uuid")))
        serializer.is_valid(raise_exception=True)
    except (ValueError, ValidationError):
        return BroughtIn(None, None, _("这一次走访读不懂，没有收"))
    given = dict(serializer.validated_data)
    number = given.pop("subject")
    subject = collecting.file_for(scope, Action.CHECK_COLLECTION, number=number)
    if subject is None:
        return BroughtIn(None, None, _("不是您管的村里的户，没有收"))
    if row.get("state") in NOT_FINISHED:
        return BroughtIn(subject, None, _("采集员作废了，没有收"))
    duty = duty_to_visit(
        scope, Action.CHECK_COLLECTION, person_id=owner, subject_id=number,
        kind=given["kind"], on=given["visited_on"], today=business_date(at),
    )  # fmt: skip
    if duty is None:
        return BroughtIn(subject, None, _("这户不归他走访，没有收"))
    known = visit_of(village_id=subject.village_id, uuid=uuid) is not None
    try:
        with transaction.atomic():
            visit = record_visit(
                subject=duty.subject,
                person=duty.person,
                visit=NewVisit(uuid=uuid, **given),
                by=sign(subject.village_id),
                at=at,
            )
    except DomainError as refusal:
        return BroughtIn(subject, None, refusal.message)
    return BroughtIn(subject, None, _("以前已经收到") if known else _("走访记下了"), visit)


def _wrong(refusal: DomainError) -> str:
    answers = refusal.facts.get("answers")
    details = "；".join(answers.values()) if isinstance(answers, dict) else ""
    return f"{refusal.message}（{details}）" if details else refusal.message


def _photos(photos: Mapping[str, Any], found: list[BroughtIn], sign: Sign, at: datetime) -> None:
    """Every photo that a record or a visit of the file waits for."""
    for one in found:
        naming = one.record or one.visit
        if naming is None:
            continue
        for sha in collecting.missing_photos(naming):
            try:
                content = base64.b64decode(str(photos.get(sha, "")), validate=True)
                with transaction.atomic():
                    _photo(naming.village_id, sha, content, sign(naming.village_id), at)
            except (binascii.Error, ValueError, DomainError):
                continue


def _photo(village_id: int, sha: str, content: bytes, by: Actor, at: datetime) -> None:
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
