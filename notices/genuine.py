"""Whether the code on paper belongs to what is stored."""

from notices import proof
from notices.models import Notice


def is_genuine(notice: Notice, *, code: str) -> bool:
    """Compares with digest and code computed anew from the stored content."""
    body = notice.body
    return proof.holds(
        canonical=body.canonical,
        content_sha256=bytes(body.content_sha256),
        seal_root=bytes(body.seal_root),
        notice_id=notice.pk,
        code=code,
    )
