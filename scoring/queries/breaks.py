"""Reading which ledgers are stopped."""

from scoring.models import LedgerState


def is_stopped(*, village_id: int) -> bool:
    """Whether the ledger was found broken and supervision has not signed yet."""
    return LedgerState.objects.filter(
        village_id=village_id, broken_at__isnull=False, signed_at=None
    ).exists()
