"""`manage.py up` from the outside: what it leaves behind, what it survives, what it refuses."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from tests.services import Running, local_environ, manage, running, wait_for

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("up")]
SERVING = "按 Ctrl-C 停止"


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Path:
    """One folder for the module: later starts find the data of the earlier ones."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _up(var: Path, port: int, *words: str, user: str = "same"):
    return running(
        *("up", "--no-main-job", "--port", str(port), *words),
        environ=local_environ(var),
        log=var / "up.out",
        user=user,
    )


def _serving(site: Running) -> None:
    wait_for(lambda: site.says(SERVING) or site.process.poll() is not None)
    assert site.says(SERVING), site.log.read_text()
    # Two gunicorn workers, two pool processes, two servers, three masters, at the least.
    wait_for(lambda: len(site.below()) >= 9)


@pytest.mark.parametrize("user", ["same", "mapped"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_up_ends_with_zero_and_leaves_no_process(var, port, sign, user):
    with _up(var, port, user=user) as site:
        _serving(site)
        site.process.send_signal(sign)
        assert site.process.wait(60) == 0
        assert site.left() == set()


def test_up_started_with_sigint_ignored_still_ends_on_it(var, port):
    """A shell script that puts it in the background ignores SIGINT for it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with _up(var, port) as site:
            signal.signal(signal.SIGINT, before)
            _serving(site)
            site.process.send_signal(signal.SIGINT)
            assert site.process.wait(60) == 0
            assert site.left() == set()
    finally:
        signal.signal(signal.SIGINT, before)


def test_up_killed_leaves_no_process_and_starts_again_at_once(var, port):
    with _up(var, port) as site:
        _serving(site)
        site.process.kill()
        site.process.wait()
        with _up(var, port) as again:
            _serving(again)
        wait_for(lambda: not site.left(), patience=20)


def test_up_restarts_whatever_dies(var, port):
    with _up(var, port) as site:
        _serving(site)
        for words in ("celery -A config worker", "celery -A config beat", "gunicorn"):
            (before,) = site.named(words)
            os.kill(before, signal.SIGKILL)
            wait_for(lambda w=words, b=before: site.named(w) not in ([], [b]))
        for words in ("postgres -D", "valkey-server"):
            (before,) = site.named(words)
            os.kill(before, signal.SIGKILL)
            wait_for(lambda w=words, b=before: site.named(w) not in ([], [b]))
        wait_for(lambda: _answers(port))
        site.below()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(60) == 0
        assert site.left() == set()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def test_up_names_the_port_in_use(var, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        ended = manage("up", "--port", str(port), environ=local_environ(var))
    assert ended.returncode == 2
    assert f"端口 {port} 已被占用" in ended.stderr
    assert f"--port {port + 1}" in ended.stderr


def test_up_refuses_a_second_one_in_the_same_place(var, port):
    with _up(var, port) as site:
        _serving(site)
        second = manage("up", "--port", str(port + 1), environ=local_environ(var))
        assert second.returncode == 2
        assert "已经有一个在运行" in second.stderr
        joined = manage("migrate", "--check", environ=local_environ(var))
        assert joined.returncode == 0, joined.stderr


def test_up_reset_forgets_the_data(var, port):
    keys = var / "keys" / "secret_key"
    manage("with_services", "--bare", "--", "true", environ=local_environ(var))
    before = keys.read_text()
    words = ("up", "--once", "--reset", "--no-main-job", "--port", str(port))
    ended = manage(*words, environ=local_environ(var))
    assert ended.returncode == 0, ended.stderr
    assert keys.read_text() != before


def test_up_reset_never_touches_servers_given_by_url(var):
    environ = local_environ(var, DATABASE_URL="postgresql://a@/b?host=/nowhere")
    ended = manage("up", "--reset", environ=environ)
    assert ended.returncode == 2
    assert "--reset" in ended.stderr
