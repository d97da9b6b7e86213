"""An embedded Valkey on a unix socket, the broker of a local run."""

import contextlib
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.services.binaries import valkey_server
from config.services.errors import ServerUnavailable
from config.services.process import Child, last_lines, wait_until

START_PATIENCE = 30.0
STOP_PATIENCE = 10.0


@dataclass
class Valkey:
    """One broker; what it holds survives a kill unless `durable` is off."""

    data: Path
    sockets: Path
    log: Path
    durable: bool = True
    program: Path = field(default_factory=valkey_server)
    _child: Child | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    def start(self) -> None:
        """Start it; a socket file left by a killed one is replaced."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        deadline = time.monotonic() + START_PATIENCE
        while self._answers():
            # A killed run's broker may take a moment to go; two must never share one log.
            self._ask_to_leave()
            if not wait_until(deadline):
                raise ServerUnavailable(f"旧的 Valkey 还在运行：{self.socket} (still running)")
        self.socket.unlink(missing_ok=True)
        self._child = Child(self._command(), log=self.log, death_signal=signal.SIGTERM)
        while not self._answers():
            if not self._child.alive or not wait_until(deadline):
                self.stop()
                said = last_lines(self.log)
                raise ServerUnavailable(f"Valkey 没有起来 (did not start)：{self.log}\n{said}")

    def stop(self) -> None:
        if self._child:
            self._child.stop(signal.SIGTERM, patience=STOP_PATIENCE)
            self._child = None

    def url(self, database: int = 0) -> str:
        """The address as Celery writes it."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def _command(self) -> list[str]:
        return [
            *(str(self.program), "--port", "0", "--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700", "--dir", str(self.data), "--databases", "64"),
            *("--maxmemory-policy", "noeviction", "--save", ""),
            *("--appendonly", "yes" if self.durable else "no"),
        ]

    def _client(self) -> redis.Redis:
        at_once = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=at_once)

    def _answers(self) -> bool:
        try:
            with contextlib.closing(self._client()) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def _ask_to_leave(self) -> None:
        with contextlib.suppress(redis.ConnectionError), contextlib.closing(self._client()) as old:
            old.shutdown()
