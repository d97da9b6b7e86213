"""`python -m bench.memory WORK ARGUMENT`: does one thing in a process of its own, tells its peak.

Prints the peak resident megabytes of this process alone; PostgreSQL's are not in it.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from bench.ground import BY
from desk.demo.places import SHITAI
from households.importing.reading import read_file
from households.operations.importing import ImportMode, import_households
from scoring.queries import verifying
from trail import clock
from trail.scope import reaching
from villages.queries import township_by_code, villages_of


def peak_of(work: str, argument: object) -> int:
    """Megabytes that the work takes in a fresh process."""
    command = [sys.executable, "-m", "bench.memory", work, str(argument)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return int(done.stdout)


def nothing(_argument: str) -> None:
    """What the program itself takes."""


def verify(village_id: str) -> None:
    """Check a village's whole ledger."""
    verdict = verifying.verify(village_id=int(village_id), village="bench")
    if verdict.problems:
        raise RuntimeError(verdict.problems[0].what)


def import_file(path: str) -> None:
    """Import a register for the first time, and take it back."""
    township = township_by_code(SHITAI)
    with reaching(village.pk for village in villages_of(township_id=township.pk)):
        import_households(
            read=read_file(Path(path), on=clock.today()),
            file_sha256="",
            township=township,
            mode=ImportMode.SKIP_BAD_ROWS,
            by=BY,
            at=clock.now(),
        )
        transaction.set_rollback(True)


WORK: dict[str, Callable[[str], None]] = {
    "nothing": nothing,
    "verify": verify,
    "import_file": import_file,
}


def main() -> None:
    """Do what the command line names, then look at this process's own high-water mark."""
    WORK[sys.argv[1]](sys.argv[2])
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    sys.stdout.write(f"{int(found[1]) // 1024 if found else 0}\n")


if __name__ == "__main__":
    main()
