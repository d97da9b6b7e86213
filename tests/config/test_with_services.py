"""`manage.py with_services`: the servers are there, the command decides the exit code."""

import os
import signal
import sys
from pathlib import Path

import pytest

from config.services import places
from config.services.errors import ServerUnavailable
from config.services.places import Places
from tests.services import local_environ, manage, running, wait_for

pytestmark = pytest.mark.services
ASK_BOTH = """
import os, psycopg2, redis
for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
    with psycopg2.connect(os.environ[name]).cursor() as cursor:
        cursor.execute("SELECT current_user, cardinality(show_trgm('石台村')) > 0")
        print(*cursor.fetchone())
path = os.environ["REDIS_URL"].removeprefix("redis+socket://").split("?")[0]
print(redis.Redis(unix_socket_path=path).ping())
"""


@pytest.mark.parametrize("user", ["same", "mapped"])
def test_both_servers_are_up_for_root_and_ordinary_users(tmp_path, user):
    environ = local_environ(tmp_path)
    command = (sys.executable, "-c", ASK_BOTH)
    ended = manage("with_services", "--bare", "--", *command, environ=environ, user=user)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["villages_app True", "villages_owner True", "True"]


def test_exit_code_is_that_of_the_command(tmp_path):
    words = ("with_services", "--fresh", "--bare", "--", "sh", "-c", "exit 7")
    assert manage(*words, environ=local_environ(tmp_path)).returncode == 7


def test_fresh_leaves_nothing(tmp_path):
    words = ("with_services", "--fresh", "--bare", "--", "sh", "-c", "dirname $KEYS_DIR")
    ended = manage(*words, environ=local_environ(tmp_path))
    assert not Path(ended.stdout.strip()).exists()
    assert list(tmp_path.iterdir()) == []


def test_signal_reaches_the_command_and_nothing_is_left(tmp_path):
    words = ("with_services", "--fresh", "--bare", "--", "sh", "-c", "echo ready; exec sleep 600")
    environ, log = local_environ(tmp_path), tmp_path / "out"
    with running(*words, environ=environ, log=log) as site:
        wait_for(lambda: site.says("ready"))
        site.below()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(30) == 128 + signal.SIGTERM
        assert site.left() == set()


def test_servers_stay_until_the_last_command_that_joined_has_ended(tmp_path):
    environ = local_environ(tmp_path)
    first_words = ("with_services", "--bare", "--", "sh", "-c", "echo ready; sleep 2")
    code = (
        "import os, time, psycopg2; print('ready', flush=True); time.sleep(4);"
        "psycopg2.connect(os.environ['DATABASE_URL']).close(); print('still there')"
    )
    second_words = ("with_services", "--bare", "--", sys.executable, "-c", code)
    with running(*first_words, environ=environ, log=tmp_path / "first") as first:
        wait_for(lambda: first.says("ready"))
        with running(*second_words, environ=environ, log=tmp_path / "second") as second:
            wait_for(lambda: second.says("ready"))
            assert first.process.wait(30) == second.process.wait(30) == 0
            assert second.says("still there")


def test_killed_it_leaves_nothing_running(tmp_path):
    words = ("with_services", "--fresh", "--bare", "--", "sh", "-c", "echo ready; exec sleep 600")
    environ, log = local_environ(tmp_path), tmp_path / "out"
    with running(*words, environ=environ, log=log) as site:
        wait_for(lambda: site.says("ready"))
        site.below()
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait()
        wait_for(lambda: not site.left(), patience=20)


def test_deep_folder_gets_its_sockets_elsewhere(tmp_path):
    deep = tmp_path / ("deep" * 20) / ("deeper" * 20)
    deep.mkdir(parents=True)
    ended = manage("with_services", "--bare", "--", "true", environ=local_environ(deep))
    assert ended.returncode == 0, ended.stderr


def test_nowhere_for_a_socket_is_said_clearly(tmp_path, monkeypatch):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    monkeypatch.setattr(places, "SHORT_PLACES", ())
    with pytest.raises(ServerUnavailable, match="套接字路径太长.*XDG_RUNTIME_DIR"):
        Places(deep).sockets()


def test_sockets_never_go_where_another_could_put_them(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(places, "SHORT_PLACES", ())
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(ServerUnavailable):
        Places(tmp_path).sockets()


def test_other_commands_are_told_how_to_run(tmp_path):
    ended = manage("migrate", environ=local_environ(tmp_path))
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "with_services -- python manage.py migrate" in ended.stderr


@pytest.mark.parametrize("command", ["up", "with_services", "migrate"])
def test_help_takes_no_server(tmp_path, command):
    ended = manage(command, "--help", environ=local_environ(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_unknown_command_is_named_in_one_line(tmp_path):
    done = manage("with_services", "--bare", "--", "nosuch", environ=local_environ(tmp_path))
    assert done.returncode == 127
    assert done.stderr.splitlines() == ["没有这个命令 (command not found): nosuch"]
