"""Reading seals."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from scoring.models import Entry, Seal
from villages.models import Village


def newest(*, village_id: int) -> Seal | None:
    """The village's last seal without its leaves, if there is one."""
    return Seal.objects.filter(village_id=village_id).defer("leaf_ids", "leaves").first()


def in_order(*, village_id: int) -> list[int]:
    """The ids of the village's seals from the first to the last."""
    return list(
        Seal.objects.filter(village_id=village_id).order_by("number").values_list("pk", flat=True)
    )


def by_id(seal_id: int) -> Seal:
    """One seal with its leaves."""
    return Seal.objects.get(pk=seal_id)


def by_number(*, village_id: int, number: int) -> Seal | None:
    """The village's seal of this number without its leaves, if there is one."""
    found = Seal.objects.filter(village_id=village_id, number=number)
    return found.defer("leaf_ids", "leaves").first()


def villages_with_seals() -> list[Village]:
    """Villages whose ledger was ever sealed, in the order of their codes."""
    return list(Village.objects.filter(seals__number=1).order_by("code"))


def villages_with_new_entries() -> list[int]:
    """Villages whose ledger has grown since their last seal."""
    mine = {"village_id": OuterRef("pk")}
    last_entry = Entry.objects.filter(**mine).order_by("-pk").values("pk")[:1]
    sealed = Seal.objects.filter(**mine).order_by("-number").values("upto_id")[:1]
    grown = Village.objects.annotate(last=Subquery(last_entry), sealed=Subquery(sealed)).filter(
        last__gt=Coalesce("sealed", 0)
    )
    return list(grown.order_by("pk").values_list("pk", flat=True))
