"""`manage.py up`: the whole site on one machine, with the main job done once."""

import errno
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.local_data import load_demo_if_empty, prepare_local
from config.services.bootstrap import DEFAULT_PORT, Session, current_session
from config.services.errors import ServerUnavailable
from config.services.supervisor import Supervisor, site_services

WEB_PATIENCE = 60.0
PORT_PATIENCE = 3.0


class Command(BaseCommand):
    help = "Start servers, site, worker and beat; do the main job once; serve until Ctrl-C."
    # The checks of the apps may ask the database, which is prepared below.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end after the main job")
        parser.add_argument("--reset", action="store_true", help="forget the data of var/ first")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
        parser.add_argument(
            "--main-job", action=BooleanOptionalAction, default=True, help="close and publish once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        session = current_session()
        _refuse_taken_port(options["port"])
        supervisor = Supervisor(session, _services(session, options["port"]), self._say)
        try:
            code = self._run(supervisor, options)
        except KeyboardInterrupt:
            code = 0
        except ServerUnavailable as trouble:
            raise CommandError(str(trouble)) from trouble
        finally:
            supervisor.stop()
            session.stop()
        sys.exit(code)

    def _say(self, line: str) -> None:
        # At once, also into a file: somebody may be waiting for this line.
        self.stdout.write(line)
        self.stdout.flush()

    def _run(self, supervisor: Supervisor, options: dict[str, Any]) -> int:
        say = supervisor.say
        prepare_local(say)
        if settings.WITNESS_FILE:
            call_command("check_witness")
        load_demo_if_empty(say)
        call_command("collectstatic", interactive=False, verbosity=0)
        supervisor.start()
        address = f"http://127.0.0.1:{options['port']}/"
        _wait_for(address, supervisor)
        # Its approvals are those of demo persons; where there is no demo, people do it themselves.
        code = _main_job(supervisor) if options["main_job"] and settings.DEMO else 0
        say(f"网站地址 {address}")
        if options["once"]:
            return code
        say("按 Ctrl-C 停止")
        supervisor.watch_until(lambda: False)
        return 0


def _services(session: Session, port: int) -> list[Any]:
    return site_services(port=port, logs=session.places.logs, root=session.places.root)


def _refuse_taken_port(port: int) -> None:
    # The web processes of an `up` killed a moment ago may still be leaving.
    deadline = time.monotonic() + PORT_PATIENCE
    while trouble := _port_trouble(port):
        if trouble.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            used = trouble.errno == errno.EADDRINUSE
            reason = "已被占用 (in use)" if used else f"不能用 ({trouble.strerror})"
            raise CommandError(
                f"端口 {port} {reason}；请换一个：manage.py up --port {port + 1}", returncode=2
            )
        time.sleep(0.2)


def _port_trouble(port: int) -> OSError | None:
    with socket.socket() as probe:
        # As gunicorn does it, so that connections still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as trouble:
            return trouble
    return None


def _wait_for(address: str, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + WEB_PATIENCE
    supervisor.watch_until(lambda: _answers(address) or time.monotonic() > deadline)
    if not _answers(address):
        raise CommandError(f"网站没有起来，请看 (no answer, see) {supervisor.services[0].log}")


def _answers(address: str) -> bool:
    """Whether the site answers at all; an error page is an answer too."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _main_job(supervisor: Supervisor) -> int:
    """Run it beside the worker, which is watched meanwhile; its exit code."""
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    job = subprocess.Popen([sys.executable, manage, "main_job"], env=supervisor.environ)
    supervisor.watch_until(lambda: job.poll() is not None)
    return job.returncode
