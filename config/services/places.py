"""Where a local run keeps its data, sockets, logs and keys; and who holds it."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from config.services.errors import ServerUnavailable
from config.services.process import server_user

BASE_DIR = Path(__file__).resolve().parents[2]
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the last one a zero.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
SHORT_PLACES = (tempfile.gettempdir(), "/tmp")  # noqa: S108


class Places:
    """The folder of one local run, `var/` unless VAR_DIR names another."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = (root or Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")).absolute()
        self._lock: IO[str] | None = None
        self._guest: IO[str] | None = None

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def _running(self) -> Path:
        return self.root / "running.json"

    def make(self) -> None:
        """Create the folders; the keys are for our eyes only."""
        for folder in (self.root, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)

    def wipe(self) -> None:
        """Forget everything of an earlier run; the caller holds the place."""
        for folder in (self.postgres, self.valkey, self.keys, self.logs, self.root / "static"):
            shutil.rmtree(folder, ignore_errors=True)

    def hold(self) -> bool:
        """Become the one who runs servers here; False when somebody is already. Ends with us."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = (self.root / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        self._running.unlink(missing_ok=True)
        return True

    def let_go(self) -> None:
        """Nobody runs servers here any more."""
        if self._lock:
            self._running.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def join(self) -> None:
        """Use the servers of another command, which waits for us before it stops them."""
        self._guest = (self.root / "guests").open("a")
        fcntl.flock(self._guest, fcntl.LOCK_SH)

    def wait_for_joined(self) -> None:
        """Return when every command that joined has ended."""
        with (self.root / "guests").open("a") as guests:
            fcntl.flock(guests, fcntl.LOCK_EX)

    def announce(self, environ: Mapping[str, str]) -> None:
        """Tell other commands how to reach the servers that run here."""
        fresh = self._running.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(dict(environ)))
        fresh.rename(self._running)

    def announced(self) -> dict[str, str] | None:
        """How to reach the servers that run here; None when none do."""
        if not self._held_by_another():
            return None
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(self._running.read_text()))
        return None

    def _held_by_another(self) -> bool:
        with contextlib.suppress(FileNotFoundError), (self.root / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def secret_key(self) -> str:
        """A random key of this machine, made once and kept where only we can read it."""
        path = self.keys / "secret_key"
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text()

    def sockets(self) -> Path:
        """A private folder whose sockets have names short enough for the system."""
        name = f"vp-{os.geteuid()}-{hashlib.sha256(str(self.root).encode()).hexdigest()[:10]}"
        candidates = [self.root / "run"]
        if server_user() == "nobody":
            candidates = []
        if runtime := os.environ.get("XDG_RUNTIME_DIR"):
            candidates.append(Path(runtime) / name)
        candidates += [Path(place) / name for place in SHORT_PLACES]
        for folder in candidates:
            if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT and _own(folder):
                return folder
        raise ServerUnavailable(
            f"套接字路径太长（最多 {SOCKET_PATH_LIMIT} 字节）：{candidates[0]}；"
            "请把 XDG_RUNTIME_DIR 设为一个短的、只有自己能进的目录。"
            " (Socket path too long: set XDG_RUNTIME_DIR to a short private folder.)"
        )


def _own(folder: Path) -> bool:
    """Make the folder ours alone; False when it cannot be, or somebody else put it there."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    if found.st_uid == os.geteuid():
        folder.chmod(0o700)
        return True
    # Root's PostgreSQL may have to run as another account, which then owns the sockets' folder.
    return os.geteuid() == 0 and server_user() == "nobody" and stat.S_IMODE(found.st_mode) == 0o700
