"""What the records desk asks beside the rows themselves."""

from scoring.models import Month
from trail.scope import Scope


def months_within(scope: Scope, action: str) -> list[str]:
    """The months of the villages in which `scope` allows `action`, newest first."""
    months = Month.objects.within(scope, action).order_by("-month")
    return list(months.values_list("month", flat=True).distinct())
