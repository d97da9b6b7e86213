"""All that a database says of the villages' business, as a hash a table.

Left out is what must differ between two attempts at the same work: their hour, and numbers drawn
from sequences (an attempt that was rolled back uses numbers up), with the short code that is
computed from one of them.
"""

import hashlib
import json
import re

from django.db import connection

# The work a job does is compared by what it leaves behind; sessions and caches are no business.
NOT_BUSINESS = (
    "account_",
    "accounts_logintry",
    "accounts_session",
    "auth_",
    "cache_entry",
    "django_",
    "mfa_",
)
OF_THE_ATTEMPT = {
    "accounts_proposal": ["consumed_at"],
    "jobs_job": ["asked_at", "fence", "lease_until", "ended_at", "due_at", "failures"],
    "notices_notice": ["id", "created_at"],
    "notices_noticebody": ["id", "notice_id", "short_code"],
    "scoring_month": ["closed_at", "seal_id"],
    "scoring_noticedhouseholds": ["id", "notice_id"],
    "scoring_rating": ["id"],
    "scoring_seal": ["id", "at"],
    "trail_auditevent": ["id", "at"],
}
NUMBERED = re.compile(r"((?:notices\.notice|scoring\.seal):|\"notice\": )\d+")


def business_tables() -> dict[str, str]:
    """A hash of each business table of the database in use, without what is of the attempt."""
    hashes = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        names = [name for (name,) in cursor.fetchall() if not name.startswith(NOT_BUSINESS)]
        for name in names:
            drawn = OF_THE_ATTEMPT.get(name, [])
            cursor.execute(
                f"SELECT (to_jsonb(t) - %s::text[])::text FROM public.{name} t ORDER BY id", [drawn]
            )
            rows = [NUMBERED.sub(r"\1#", row) for (row,) in cursor.fetchall()]
            hashes[name] = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return hashes
