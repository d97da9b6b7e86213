"""What programs ask of households: the register, and what phones send and fetch."""

from households.api.attachments import AttachmentPiece
from households.api.collection import (
    Bundle,
    Phone,
    Practice,
    Recall,
    RecordAddress,
    Records,
)
from households.api.links import LinkRevoked, Links
from households.api.subjects import Subjects
from households.api.visits import Visits

__all__ = [
    "AttachmentPiece",
    "Bundle",
    "LinkRevoked",
    "Links",
    "Phone",
    "Practice",
    "Recall",
    "RecordAddress",
    "Records",
    "Subjects",
    "Visits",
]
