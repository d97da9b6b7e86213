"""Reads settings from the environment and refuses what is missing or malformed at boot."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """The value of `name`; raises ImproperlyConfigured when it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def optional(name: str, default: str = "") -> str:
    """The value of `name`, or `default` when it is missing or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no setting: 1/true/yes/on or 0/false/no/off, nothing else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def integer(name: str, default: int) -> int:
    """A whole number, or `default` when the variable is missing."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def listed(name: str) -> list[str]:
    """A comma separated list without empty items."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def database(name: str) -> dict[str, object]:
    """Django's database settings from a postgresql:// URL; `?host=/dir` names a socket folder."""
    url = urlsplit(required(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(query.pop("port", url.port or "")),
        "CONN_MAX_AGE": integer("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def with_setting(options: object, setting: str) -> dict[str, object]:
    """A database's options with one more server setting for every connection."""
    given = dict(options) if isinstance(options, dict) else {}
    given["options"] = f"{given.get('options', '')} -c {setting}".strip()
    return given
