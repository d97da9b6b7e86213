"""The one spelling of a form or a record, so that same content has the same digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(content: Mapping[str, Any]) -> bytes:
    """SHA-256 over the content's JSON with sorted keys; lists keep their order."""
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).digest()
