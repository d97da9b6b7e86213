"""A site that was told nothing but its addresses is a safe one."""

import ast
import json
import os
import subprocess
import sys

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from accounts.sessions import SessionStore
from tests.guards.tree import ROOT, faults, python_files

BROKER = "redis://broker.invalid:6379/0"
LEAST = {
    "SECRET_KEY": "only for this test",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": BROKER,
}
SHOW = """
import json
from config.settings import base
print(json.dumps({name: getattr(base, name) for name in dir(base) if name.isupper()}, default=str))
"""
BROKER_CLIENTS = {"redis", "valkey", "kombu", "django_redis", "amqp"}
# They start the server, or ask a bare one whether it is up.
NEAR_THE_BROKER = "config/services"


def _loaded(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def told_nothing() -> dict[str, object]:
    """The settings of a site whose environment holds only what it must."""
    return json.loads(_loaded(**LEAST).stdout)


def _loose_sources(policy: dict[str, list[str]]) -> list[str]:
    """Sources of a content policy that let in other hosts, inline code or evaluated text."""
    return [
        f"{directive} {source}"
        for directive, sources in policy.items()
        for source in sources
        if source not in {"'self'", "'none'"} and (directive, source) != ("img-src", "data:")
    ]


def _holding(settings: dict[str, object], text: str) -> set[str]:
    return {name for name, value in settings.items() if text in json.dumps(value)}


def _broker_clients(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found += [
            f"line {node.lineno}: {name}" for name in names if name.split(".")[0] in BROKER_CLIENTS
        ]
    return found


@pytest.mark.parametrize("source", ["'unsafe-inline'", "'unsafe-eval'", "https:", "*", "data:"])
def test_guard_sees_a_loose_source(source):
    assert _loose_sources({"script-src": ["'self'", source]}) == [f"script-src {source}"]


def test_guard_sees_settings_and_code_that_use_the_broker():
    assert _holding({"CACHES": {"default": {"LOCATION": BROKER}}}, BROKER) == {"CACHES"}
    assert len(_broker_clients(ast.parse("from redis.client import Redis\nimport kombu"))) == 2


@pytest.mark.parametrize("missing", sorted(LEAST))
def test_site_does_not_start_without(missing):
    answer = _loaded(**{name: value for name, value in LEAST.items() if name != missing})
    assert answer.returncode != 0
    assert f"{missing} is not set" in answer.stderr


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_site_refuses_what_is_neither_yes_nor_no_for(name):
    answer = _loaded(**LEAST, **{name: "maybe"})
    assert answer.returncode != 0
    assert f"{name} must be 1 or 0" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", False),
        ("DEMO", False),
        ("ALLOWED_HOSTS", []),
        ("FAILPOINTS", {}),
        ("CLOCK_SHIFT", "0:00:00"),
        ("SESSION_COOKIE_SECURE", True),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("CSRF_COOKIE_SECURE", True),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_PROXY_SSL_HEADER", None),
        ("X_FRAME_OPTIONS", "DENY"),
        ("CELERY_ACCEPT_CONTENT", ["json"]),
        ("CELERY_TASK_SERIALIZER", "json"),
        ("CELERY_TASK_ACKS_LATE", True),
        ("CELERY_TASK_REJECT_ON_WORKER_LOST", True),
        ("CELERY_WORKER_PREFETCH_MULTIPLIER", 1),
    ],
)
def test_default_is_safe_for(told_nothing, name, value):
    assert told_nothing[name] == value


def test_default_transport_is_long_and_strict(told_nothing):
    assert told_nothing["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert told_nothing["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told_nothing["CSRF_COOKIE_NAME"].startswith("__Host-")


def test_broker_outlives_its_longest_task(told_nothing):
    transport = told_nothing["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert transport["visibility_timeout"] > told_nothing["CELERY_TASK_TIME_LIMIT"]


def test_pages_load_nothing_inline_or_from_elsewhere(told_nothing):
    policy = told_nothing["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert _loose_sources(policy) == []
    wanted = {"default-src", "script-src", "style-src", "object-src", "base-uri", "form-action"}
    assert wanted | {"frame-ancestors"} <= set(policy)


def test_broker_is_for_celery_only(told_nothing):
    assert _holding(told_nothing, "broker.invalid") == {"CELERY_BROKER_URL"}
    (cache,) = told_nothing["CACHES"].values()
    assert cache["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert told_nothing["SESSION_ENGINE"] == "accounts.sessions"
    assert issubclass(SessionStore, DatabaseSessions)


def test_no_code_talks_to_the_broker_itself():
    others = [path for path in python_files() if NEAR_THE_BROKER not in path.as_posix()]
    assert faults(others, _broker_clients) == []
