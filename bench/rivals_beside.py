"""The process in which the other designs run, asked one thing at a time."""

import json
import os
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"
DATABASE = "bench_rivals"


class Rivals:
    """Starts on first use; its database is on the same server as the site's."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def seconds(self, work: str, **arguments: object) -> float:
        """Have the work done there and tell how long it took."""
        if self._process is None:
            self._process = _started()
            self._ask({"work": "prepare"})
        return self._ask({"work": work, **arguments})

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()

    def _ask(self, asked: dict[str, object]) -> float:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("not started")
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError("the other designs' process has ended")
        return float(json.loads(answer)["seconds"])


def _started() -> subprocess.Popen[str]:
    url = os.environ["DATABASE_SUPERUSER_URL"]
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    rivals = url.replace("/villages?", f"/{DATABASE}?")
    return subprocess.Popen(  # noqa: S603
        [PYTHON, HERE / "rivals" / "serve.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "RIVALS_DATABASE_URL": rivals},
    )
