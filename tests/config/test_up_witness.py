"""T-21: `up` does not open the site on ledgers that end before the newest witness."""

import hashlib
import socket

import pytest

from scoring.engine.witness import Head, first_lines, what_is_signed
from tests.services import local_environ, manage
from trail.keys import ensure_keys
from trail.signing import public_key, sign

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("up")]
OF_A_LOST_LEDGER = f"village 340602101001\nentry 1 {'5a' * 32}\nseal 1 1 1 {'5a' * 32}\n"


@pytest.fixture
def up(tmp_path, settings):
    """Run `up --once` on an empty database against a witness that holds these lines."""
    settings.KEYS_DIR = tmp_path / "keys"
    ensure_keys(settings.KEYS_DIR)

    def run(lines):
        text = first_lines(Head(made="2026-11-01T03:00:00Z", key=public_key())) + lines
        signed = sign(what_is_signed(hashlib.sha256(text.encode()).digest()))
        path = tmp_path / "witness.txt"
        path.write_text(f"{text}signature {signed.hex()}\n")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        environ = local_environ(
            tmp_path / "var", KEYS_DIR=str(settings.KEYS_DIR), WITNESS_FILE=str(path)
        )
        return manage("up", "--once", "--no-main-job", "--port", port, environ=environ)

    return run


def test_t21_up_refuses_a_ledger_that_ends_before_the_witness(up):
    opened = up("")
    assert opened.returncode == 0, opened.stderr
    assert "网站地址" in opened.stdout
    refused = up(OF_A_LOST_LEDGER)
    assert refused.returncode == 1
    assert "village 340602101001 entry 1: ledger ends before the witness" in refused.stderr
    assert "the site stays closed" in refused.stderr
    assert "网站地址" not in refused.stdout
