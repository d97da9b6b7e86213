"""Files of households, collectives and operators, and what is collected for them."""

from households.models.channels import Channel, SpokenBy
from households.models.collection import (
    Assignment,
    CollectionForm,
    CollectionRound,
    CollectorPhone,
    RoundForm,
)
from households.models.consents import Consent
from households.models.histories import FileChange, SubjectSearch
from households.models.imports import ImportBatch, ImportPage, SavedColumns
from households.models.links import ReportLink
from households.models.members import Member, Relation
from households.models.records import CollectionRecord
from households.models.subjects import CardTry, Placement, Subject, new_token
from households.models.visits import Visit, VisitDuty

__all__ = [
    "Assignment",
    "CardTry",
    "Channel",
    "CollectionForm",
    "CollectionRecord",
    "CollectionRound",
    "CollectorPhone",
    "Consent",
    "FileChange",
    "ImportBatch",
    "ImportPage",
    "Member",
    "Placement",
    "Relation",
    "ReportLink",
    "RoundForm",
    "SavedColumns",
    "SpokenBy",
    "Subject",
    "SubjectSearch",
    "Visit",
    "VisitDuty",
    "new_token",
]
