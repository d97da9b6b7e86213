"""Running `manage.py` from the outside, as a person would, and seeing what is left of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.services.process import launched

ROOT = Path(__file__).resolve().parents[1]
OURS = ("DATABASE_", "REDIS_URL", "SECRET_KEY", "KEYS_DIR", "STATIC_ROOT", "SITE_ADDRESS")
PATIENCE = 90.0


def local_environ(var: Path, **more: str) -> dict[str, str]:
    """The environment of somebody at home: no servers, no keys, no demo unless asked for."""
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(OURS) and name != "DJANGO_SETTINGS_MODULE"
    }
    return {**bare, "VAR_DIR": str(var), "DEMO": "0", **more}


def manage(
    *words: str,
    environ: dict[str, str],
    user: str = "same",
    cwd: Path = ROOT,
    patience: float = PATIENCE * 2,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `user="mapped"` makes root an ordinary user for it."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(
        launched(command, user=user, death_signal=signal.SIGKILL),
        env=environ,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
    )


@dataclass
class Running:
    """A command that is running, and every process below it."""

    process: subprocess.Popen[bytes]
    log: Path
    seen: set[int] = field(default_factory=set)

    def says(self, words: str) -> bool:
        return words in self.log.read_text()

    def below(self) -> set[int]:
        """The processes below it now; all ever seen are remembered."""
        children = _children()
        found, todo = set(), [self.process.pid]
        while todo:
            for pid in children.get(todo.pop(), []):
                found.add(pid)
                todo.append(pid)
        self.seen |= found
        return found

    def named(self, words: str) -> list[int]:
        """The direct children whose command line holds these words."""
        return [pid for pid in _children().get(self.process.pid, []) if words in _command(pid)]

    def left(self) -> set[int]:
        return {pid for pid in self.seen if _alive(pid)}


@contextmanager
def running(
    *words: str, environ: dict[str, str], log: Path, user: str = "same"
) -> Iterator[Running]:
    """Start a command and kill it at the end, with everything below it."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    with log.open("wb") as output:
        process = subprocess.Popen(
            launched(command, user=user, death_signal=signal.SIGKILL),
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    started = Running(process, log)
    try:
        yield started
    finally:
        started.below()
        process.kill()
        process.wait()
        wait_for(lambda: not started.left())


def wait_for(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return once it holds; an assertion error after too long."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.read_text().split(" (", 1)
        except OSError:
            continue
        parent = int(rest.rpartition(") ")[2].split()[1])
        children.setdefault(parent, []).append(int(pid))
    return children


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    """A process nobody has collected yet is no longer alive."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(") ")[2][0] != "Z"
