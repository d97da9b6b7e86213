"""What a scope reaches among rows of villages and of townships as a whole."""

from django.db.models import Q

from trail.scope import Scope


def reached(scope: Scope, action: str) -> Q:
    """Rows of the villages, or of the townships as a whole, where `scope` allows `action`."""
    return Q(township_id__in=scope.township_ids(action)) | Q(
        village_id__in=scope.village_ids(action)
    )
