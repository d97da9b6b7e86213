"""The files a phone keeps, and the version they make together."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

STYLES = ("css/tokens.css", "css/public.css", "css/collect.css")
PICTURES = ("img/star.svg", "img/collect-192.png", "img/collect-512.png")
SCRIPTS = "collect"


def modules() -> list[str]:
    """Addresses of the scripts, by the names in which they import each other."""
    names = sorted(path.name for path in _folder().glob("*.js"))
    return [f"{settings.STATIC_URL}{SCRIPTS}/{name}" for name in names]


def files() -> list[str]:
    """Every address the page needs without a network, apart from the page."""
    return [*map(static, (*STYLES, *PICTURES)), *modules()]


def version(*pages: str) -> str:
    """Another one as soon as any file, or one of the rendered `pages`, is another."""
    found = hashlib.sha256()
    for path in (*(_root() / name for name in STYLES), *sorted(_folder().glob("*.js"))):
        found.update(path.read_bytes())
    for page in pages:
        found.update(page.encode())
    return found.hexdigest()[:16]


def _root() -> Path:
    return Path(settings.BASE_DIR) / "static"


def _folder() -> Path:
    return _root() / SCRIPTS
