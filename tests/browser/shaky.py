"""The site behind a bad connection: requests that never arrive, and replies that get lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from threading import Event, Lock, Thread

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

BEFORE, AFTER, HELD = "before", "after", "held"
HELD_AT_MOST = 100
Fate = Callable[[str, str], str]


def nothing_happens(method: str, path: str) -> str:
    """A good connection."""
    return ""


@dataclass
class Shaky:
    """`fate(method, path)` says what befalls a call of the API; `told` what befell."""

    site: str = ""
    fate: Fate = nothing_happens
    told: list[tuple[str, str, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    may_go: Event = field(default_factory=Event)

    def befalls(self, method: str, path: str) -> str:
        """One at a time, so that a seeded fate is the same each time."""
        if "/api/v1/collection/" not in path:
            return ""
        with self.lock:
            fate = self.fate(method, path)
            self.told.append((method, path, fate))
            return fate


class _Handler(WSGIRequestHandler):
    """`before`: the connection is closed and nobody is asked. `after`: the answer goes nowhere.

    `held`: nothing happens until `may_go`, then as `before`.
    """

    shaky: Shaky

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        fate = self.shaky.befalls(self.command, self.path)
        if fate:
            self.close_connection = True
        if fate == HELD:
            self.shaky.may_go.wait(HELD_AT_MOST)
        if fate == AFTER:
            self.wfile = BytesIO()
        return fate not in (BEFORE, HELD)


@contextmanager
def shaky_site() -> Iterator[Shaky]:
    """The whole site on the test's own database, with a connection to be spoilt."""
    shaky = Shaky()
    handler = type("Handler", (_Handler,), {"shaky": shaky})
    server = ThreadedWSGIServer(("127.0.0.1", 0), handler)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    shaky.site = f"http://127.0.0.1:{server.server_port}"
    yield shaky
    shaky.may_go.set()
    server.shutdown()
    server.server_close()
    thread.join()
