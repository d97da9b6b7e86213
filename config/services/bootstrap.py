"""What `manage.py` does before the settings load: start or find the servers, name them.

`up` and `with_services` start what no environment variable names; every other command is pointed
at a running `up`, or told in one line how to be run.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.services.errors import ServerUnavailable
from config.services.places import Places
from config.services.postgres import APPLICATION, OWNER, SUPERUSER, Postgres
from config.services.valkey import Valkey

DEFAULT_PORT = 8000
STARTING = ("up", "with_services")
SERVER_VARIABLES = ("DATABASE_URL", "REDIS_URL")
NEEDED = ("SECRET_KEY", *SERVER_VARIABLES)


@dataclass
class Session:
    """The servers of this process: its own, those of a running `up`, or ordinary ones."""

    places: Places
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    joined: bool = False
    temporary: Path | None = None

    @property
    def embedded(self) -> bool:
        """Whether the database is one that this process started."""
        return self.postgres is not None

    def wait_for_joined(self) -> None:
        """Return when no other command uses these servers any more."""
        if not self.joined:
            self.places.wait_for_joined()

    def stop(self) -> None:
        """Stop what was started here, in order; called twice it does nothing more."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        self.places.let_go()
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)


class _Current:
    session: Session | None = None


def current_session() -> Session:
    """The session of this `up` or `with_services`."""
    if _Current.session is None:
        raise ServerUnavailable("请用 manage.py 运行 (run it through manage.py)")
    return _Current.session


def prepare_environment(argv: list[str]) -> None:
    """Set what the settings need, or leave with one clear line and exit code 2."""
    command = argv[1] if len(argv) > 1 else "help"
    try:
        if {"--help", "-h"} & set(_own_options(argv)):
            # Explaining a command takes no server.
            os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.typing"
        elif command in STARTING:
            _Current.session = _start(argv)
        elif os.environ.get("DJANGO_SETTINGS_MODULE") == "config.settings.base":
            _point_at_running(command)
    except ServerUnavailable as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _own_options(argv: list[str]) -> list[str]:
    """Our options, without those of the command after `--`."""
    return argv[2 : argv.index("--")] if "--" in argv else argv[2:]


def _start(argv: list[str]) -> Session:
    options = _own_options(argv)
    given = all(os.environ.get(name) for name in SERVER_VARIABLES)
    if "--reset" in options and any(os.environ.get(name) for name in SERVER_VARIABLES):
        raise ServerUnavailable(
            "--reset 只清空自带的数据库；已设置 DATABASE_URL 或 REDIS_URL，不会动那里的数据。"
            " (--reset never touches servers given by URL.)"
        )
    session = Session(Places())
    if "--fresh" in options and argv[1] == "with_services":
        session.temporary = Path(tempfile.mkdtemp(prefix="vp-"))
        session.places = Places(session.temporary)
    elif not given and argv[1] == "with_services" and (running := session.places.announced()):
        session.joined = True
        session.places.join()
        os.environ.update({**running, **_given()})
        return session
    # Before anything starts: a signal must stop what was started, in order.
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _leave)
    # A script that starts us in the background hands down an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit.register(session.stop)
    _hold(session.places)
    if "--reset" in options and argv[1] == "up":
        session.places.wipe()
    _start_servers(session, argv)
    return session


def _given() -> dict[str, str]:
    return {name: value for name in SERVER_VARIABLES if (value := os.environ.get(name))}


def _leave(number: int, _frame: object) -> None:
    sys.exit(0 if number == signal.SIGTERM else 128 + number)


def _hold(places: Places) -> None:
    if not places.hold():
        raise ServerUnavailable(
            f"{places.root} 已经有一个在运行；请先停掉它。 (Already running there; stop it first.)"
        )


def _start_servers(session: Session, argv: list[str]) -> None:
    places = session.places
    places.make()
    durable = session.temporary is None
    environ = _local_environment(places, argv)
    if not os.environ.get("DATABASE_URL"):
        log = places.logs / "postgres.log"
        session.postgres = Postgres(places.postgres, places.sockets(), log, durable)
        session.postgres.start()
        environ["DATABASE_URL"] = session.postgres.url(APPLICATION)
        environ["DATABASE_OWNER_URL"] = session.postgres.url(OWNER)
        environ["DATABASE_SUPERUSER_URL"] = session.postgres.url(SUPERUSER)
    if not os.environ.get("REDIS_URL"):
        log = places.logs / "valkey.log"
        session.valkey = Valkey(places.valkey, places.sockets(), log, durable)
        session.valkey.start()
        environ["REDIS_URL"] = session.valkey.url()
    for name, value in environ.items():
        os.environ.setdefault(name, value)
    places.announce({name: os.environ[name] for name in environ})


def _local_environment(places: Places, argv: list[str]) -> dict[str, str]:
    """The settings of a run on one's own machine: plain HTTP on the loopback address."""
    return {
        "SECRET_KEY": places.secret_key(),
        "KEYS_DIR": str(places.keys),
        "ATTACHMENTS_DIR": str(places.root / "attachments"),
        "STATIC_ROOT": str(places.root / "static"),
        "SECURE_TRANSPORT": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "SITE_ADDRESS": f"http://127.0.0.1:{_port(argv)}",
        "DEMO": "1",
    }


def _port(argv: list[str]) -> str:
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--port":
            return following
        if word.startswith("--port="):
            return word.removeprefix("--port=")
    return str(DEFAULT_PORT)


def _point_at_running(command: str) -> None:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if not missing or command in ("help", "--help", "--version", "version"):
        return
    running = Places().announced()
    if running is None:
        raise ServerUnavailable(
            f"缺少 {'、'.join(missing)}：先 make run，或用"
            f" manage.py with_services -- python manage.py {command} …"
            f" (Not set: {', '.join(missing)}; start `make run` first, or use with_services.)"
        )
    for name, value in running.items():
        os.environ.setdefault(name, value)
