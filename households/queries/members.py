"""Finding members by what is encrypted."""

from django.db.models import Q, QuerySet

from households import digests
from households.models import Member
from trail.scope import Scope


def members_with_number(*, scope: Scope, action: str, number: str) -> QuerySet[Member]:
    """Members with this ID or phone; four characters are the tail of either.

    Nobody who waits for a consent or was erased.
    """
    wanted = number.strip().upper()
    if len(wanted) == digests.TAIL:
        found = Q(id_tail_hmac=digests.of_id_tail(wanted)) | Q(
            phone_tail_hmac=digests.of_phone_tail(wanted)
        )
    else:
        found = Q(id_hmac=digests.of_id(wanted)) | Q(phone_hmac=digests.of_phone(wanted))
    return Member.objects.within(scope, action).filter(found).exclude(state__in=Member.HIDDEN)
