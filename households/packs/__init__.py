"""Forms that come with the product, as data; a township starts from them and changes them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def packs() -> Mapping[str, Mapping[str, Any]]:
    """Every pack by its code, as written in its file: code, title, purpose, kind, content."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return {pack["code"]: pack for pack in found}
