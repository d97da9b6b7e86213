"""`manage.py with_services -- COMMAND …`: run any command with both servers up."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from argparse import REMAINDER
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.local_data import prepare_local
from config.services.bootstrap import current_session
from config.services.process import launched

# As a shell tells it.
NOT_FOUND = 127


class Command(BaseCommand):
    help = "Run a command with PostgreSQL and the broker up, and stop them after it."
    # The checks of the apps may ask the database, which is prepared below.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="a temporary, fast database")
        parser.add_argument("--bare", action="store_true", help="leave the database as it is")
        parser.add_argument("command", nargs=REMAINDER, metavar="-- COMMAND …")

    def handle(self, *args: Any, **options: Any) -> None:
        command = options["command"][options["command"][:1] == ["--"] :]
        if not command:
            raise CommandError("用法 (usage): manage.py with_services -- COMMAND …")
        session = current_session()
        if not options["bare"] and not session.joined:
            prepare_local(lambda line: None)
        code = _run(command)
        session.wait_for_joined()
        session.stop()
        sys.exit(code)


def _run(command: list[str]) -> int:
    """The exit code of `command`, as a shell would tell it."""
    # `python` means the one that runs us, as in an activated environment.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    if shutil.which(command[0], path=path) is None:
        sys.stderr.write(f"没有这个命令 (command not found): {command[0]}\n")
        return NOT_FOUND
    process = subprocess.Popen(
        launched(command, death_signal=signal.SIGTERM), env={**os.environ, "PATH": path}
    )
    with _signals_passed_on(process):
        code = process.wait()
    return 128 - code if code < 0 else code


@contextlib.contextmanager
def _signals_passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Give the signals we get to the command; a terminal's Ctrl-C reaches it by itself."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT or not _from_terminal():
            process.send_signal(number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [(number, signal.signal(number, pass_on)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _from_terminal() -> bool:
    with contextlib.suppress(OSError):
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return False
