"""The session engine: Django's rows in the database, each knowing its log-in and its device."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import Session
from trail import clock

STARTED, SEEN, DEVICE, NETWORK = "started", "seen", "device", "network"
OF_A_TOWNSHIP = "of a township"


class SessionStore(db.SessionStore):
    """Repeats beside the data who logged in, when, and on what."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        if SESSION_KEY in data:
            now = clock.now().timestamp()
            data.setdefault(STARTED, now)
            data.setdefault(SEEN, now)
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.started_at = _moment(data.get(STARTED))
        row.seen_at = _moment(data.get(SEEN))
        row.device = data.get(DEVICE, "")
        row.network = data.get(NETWORK, "")
        return row


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, tz=clock.SHANGHAI)
