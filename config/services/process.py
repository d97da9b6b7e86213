"""One child process: started so that it cannot outlive us, stopped in order."""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LAUNCHER = Path(__file__).with_name("child.py")


class Child:
    """A running program with its own log file, in a process group of its own."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        user: str = "same",
        death_signal: signal.Signals = signal.SIGKILL,
        environ: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
    ) -> None:
        with log.open("ab") as output:
            # A session of its own: Ctrl-C in the terminal reaches only us, and we stop in order.
            self.process = subprocess.Popen(
                launched(command, user=user, death_signal=death_signal),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environ,
                cwd=cwd,
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, sign: signal.Signals, *, patience: float) -> None:
        """Ask with `sign`, wait, then kill the whole group."""
        if self.alive:
            self.process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def launched(
    command: Sequence[str | Path], *, user: str = "same", death_signal: signal.Signals
) -> list[str]:
    """The command line that runs `command` as a child that dies with this process."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())]
    return [*launcher, str(int(death_signal)), user, *map(str, command)]


@cache
def server_user() -> str:
    """As whom PostgreSQL can run here: `same`, or for root `mapped` or `nobody`."""
    if os.geteuid() != 0:
        return "same"
    trial = subprocess.run(
        launched(["true"], user="mapped", death_signal=signal.SIGKILL),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return "mapped" if trial.returncode == 0 else "nobody"


def hand_over(*folders: Path) -> None:
    """Give the folders to the account the server runs as, where it is not ours."""
    if server_user() == "nobody":
        nobody = pwd.getpwnam("nobody")
        for folder in folders:
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a log, for an error message."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""


def wait_until(deadline: float) -> bool:
    """Sleep a moment; False once the deadline has passed."""
    time.sleep(0.05)
    return time.monotonic() < deadline
