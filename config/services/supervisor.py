"""Keeps the programs of `up` running: a dead one is started again, all are stopped in order."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.services.bootstrap import Session
from config.services.places import BASE_DIR
from config.services.process import Child

# The site must not hold the keys to its own walls.
OWNERS_VARIABLES = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")
# A program that dies at once is given ever longer pauses, so that a mistake burns no processor.
FIRST_PAUSE, LONGEST_PAUSE, SETTLED_AFTER = 0.5, 20.0, 60.0


@dataclass
class Service:
    """One program of the site and how to ask it to end."""

    name: str
    command: list[str]
    log: Path
    patience: float
    child: Child | None = None
    started: float = 0.0
    pause: float = 0.0

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.alive

    def start(self, environ: Mapping[str, str]) -> None:
        self.started = time.monotonic()
        self.child = Child(self.command, log=self.log, environ=environ, cwd=BASE_DIR)

    def stop(self) -> None:
        if self.child:
            self.child.stop(signal.SIGTERM, patience=self.patience)
            self.child = None


@dataclass
class Supervisor:
    """The services in the order of their start; the servers below them are watched too."""

    session: Session
    services: list[Service]
    say: Callable[[str], None]
    environ: dict[str, str] = field(
        default_factory=lambda: {k: v for k, v in os.environ.items() if k not in OWNERS_VARIABLES}
    )

    def start(self) -> None:
        for service in self.services:
            service.start(self.environ)

    def watch_until(self, over: Callable[[], bool], *, every: float = 0.2) -> None:
        """Return once `over()`; until then whatever died is started again."""
        while not over():
            for server in (self.session.postgres, self.session.valkey):
                if server and not server.alive:
                    self.say(f"{type(server).__name__} 已退出，正在重启")
                    server.start()
            for service in self.services:
                if not service.alive:
                    self._restart(service)
            time.sleep(every)

    def stop(self) -> None:
        """End in reverse order of the start; a second Ctrl-C does not disturb it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for service in reversed(self.services):
            service.stop()

    def _restart(self, service: Service) -> None:
        now = time.monotonic()
        if now - service.started > SETTLED_AFTER:
            service.pause = 0.0
        if now - service.started < service.pause:
            return
        self.say(f"{service.name} 已退出，正在重启（日志 {service.log}）")
        service.stop()
        service.start(self.environ)
        service.pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, service.pause * 2))


def site_services(*, port: int, logs: Path, root: Path) -> list[Service]:
    """The web server, the worker and the beat of a local run."""
    web = [
        *("gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--graceful-timeout", "10", "--no-control-socket"),
    ]
    worker = ["celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"]
    beat = ["celery", "-A", "config", "beat", "--schedule", str(root / "beat"), "--pidfile="]
    return [
        _python("web", web, logs, patience=15),
        _python("worker", [*worker, "--without-gossip", "--without-mingle"], logs, patience=40),
        _python("beat", beat, logs, patience=5),
    ]


def _python(name: str, module: list[str], logs: Path, *, patience: float) -> Service:
    command = [sys.executable, "-m", *module]
    return Service(name=name, command=command, log=logs / f"{name}.log", patience=patience)
