"""The production checks: each fault is named, a sound production passes."""

import pytest
from django.core.checks import run_checks
from django.db import connections

from config import checks


@pytest.fixture
def sound_keys(tmp_path, settings):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    settings.KEYS_DIR = folder
    return folder


@pytest.fixture(autouse=True)
def door_of_production(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def ids(found) -> list[str]:
    return [message.id for message in found]


def test_sound_production_passes(sound_keys, settings):
    settings.DEMO = False
    found = ids(run_checks(include_deployment_checks=True))
    assert [name for name in found if name.startswith("config.")] == []


def test_log_in_by_password_alone_is_an_error(settings):
    settings.DEMO = settings.SECOND_FACTOR_REQUIRED = False
    assert ids(checks.check_settings(None)) == ["config.E014"]


def test_debug_moved_clock_demo_and_failpoints_are_errors(settings):
    settings.DEBUG = settings.DEMO = True
    settings.CLOCK_SHIFT = settings.CLOCK_SHIFT.resolution
    settings.FAILPOINTS = {"close:sealed": "kill9:/tmp/flag"}
    assert ids(checks.check_settings(None)) == [
        *("config.E001", "config.E002", "config.E013", "config.E008")
    ]


def test_b24_a_trail_kept_for_less_than_183_days_is_an_error(settings):
    settings.DEMO, settings.AUDIT_KEEP_DAYS = False, 182
    assert ids(checks.check_settings(None)) == ["config.E012"]
    settings.AUDIT_KEEP_DAYS = 183
    assert ids(checks.check_settings(None)) == []


@pytest.mark.parametrize("options", ["-c role=villages_app", "-crole=villages_app"])
def test_role_changed_by_the_address_is_an_error(settings, monkeypatch, options):
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"options": options})
    assert ids(checks.check_roles(None)) == ["config.E003"]


def test_one_login_for_site_and_owner_is_an_error(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "villages_owner")
    assert ids(checks.check_roles(None)) == ["config.E004"]


def test_missing_keys_are_an_error(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "none"
    assert ids(checks.check_keys(None)) == ["config.E005"]


def test_keys_open_to_others_are_an_error(sound_keys):
    (sound_keys / "lookup.key").write_text("x")
    (sound_keys / "lookup.key").chmod(0o640)
    assert ids(checks.check_keys(None)) == ["config.E006"]


def test_application_role_passes_the_database_check(db):
    assert checks.check_application_role(None, databases=["default"]) == []


def test_owner_as_application_role_is_an_error(committed_db, settings):
    connections["default"].close()
    before = connections.settings["default"]["USER"]
    connections.settings["default"]["USER"] = "villages_owner"
    try:
        assert ids(checks.check_application_role(None, databases=["default"])) == ["config.E007"]
    finally:
        connections["default"].close()
        connections.settings["default"]["USER"] = before
