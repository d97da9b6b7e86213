"""Photos in pieces (docs/collection-api.md)."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoints.refusals import TooMuch
from files.operations import LARGEST_PIECE, Piece, receive_piece
from files.queries import attachment_in
from households.api.collection import Collecting
from households.operations.record_saying import PhotoOfNoVillage
from households.operations.records import photo_is_there
from households.queries import collecting
from households.serializers.collection import PieceSerializer
from trail import clock

_LONGEST_NUMBER = 9


class Bytes(BaseParser):
    """A piece of a photo, as it is."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The bytes; raises TooMuch."""
        raw = stream.read(LARGEST_PIECE + 1)
        if len(raw) > LARGEST_PIECE:
            raise TooMuch
        return raw


def _header(name: str, text: object) -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 0, "maximum": 10**_LONGEST_NUMBER - 1}
    return OpenApiParameter(
        name, schema, OpenApiParameter.HEADER, required=True, description=str(text)
    )


class AttachmentPiece(Collecting):
    """A photo under its SHA-256."""

    parser_classes = (Bytes,)

    @extend_schema(
        summary=_("照片传了多少"), operation_id="collection_attachment", responses=PieceSerializer
    )
    def get(self, request: Request, sha256: str) -> Response:
        """How many bytes have arrived; of an unknown photo none."""
        village_id = self._village(sha256)
        found = attachment_in(village_id=village_id, sha256=sha256) if village_id else None
        if found is None:
            return Response({"offset": 0, "length": 0, "state": "partial", "reason": ""})
        return Response(_told(found))

    @extend_schema(
        summary=_("传照片的一段"),
        operation_id="collection_attachment_put",
        parameters=[
            _header("Upload-Offset", _("这一段从第几个字节起")),
            _header("Upload-Length", _("整张照片多少字节")),
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: PieceSerializer, 409: OpenApiTypes.OBJECT},
    )
    def put(self, request: Request, sha256: str) -> Response:
        """The next piece; one at a wrong offset is answered 409 with the right one."""
        offset, length = (_number(request, name) for name in ("Upload-Offset", "Upload-Length"))
        content = request.data if isinstance(request.data, bytes) else b""
        village_id = self._village(sha256)
        if village_id is None:
            raise PhotoOfNoVillage(str(_("请先发送这张照片所在的那份记录，再传照片")))
        by, at = self.signed(village_id), clock.now()
        kept, taken = receive_piece(
            village_id=village_id,
            sha256=sha256,
            piece=Piece(offset, length, content),
            by=by,
            at=at,
        )
        if kept.state == "stored":
            photo_is_there(village_id=village_id, sha256=sha256, by=by, at=at)
        return Response(_told(kept), status=200 if taken else 409)

    def _village(self, sha256: str) -> int | None:
        """The village it belongs to: of the record that names it, or the only one there is."""
        return collecting.village_of_photo(
            self.scope, self.ACTIONS, person_id=self.person_id, sha256=sha256
        )


def _told(attachment: Any) -> dict[str, Any]:
    return {
        "offset": attachment.got,
        "length": attachment.size,
        "state": attachment.state,
        "reason": attachment.reason,
    }


def _number(request: Request, name: str) -> int:
    written = request.headers.get(name, "")
    if not (written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER):
        raise ValidationError({name: [_("请填整数。")]})
    return int(written)
