"""How long a page waits for the database; jobs, commands and migrations take the time they need."""

from django.db import connections

from config.env import with_setting

WAITING = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
}


def limit_waiting() -> None:
    """From now on this process's connections give up in time: the site's answer is then 503."""
    database = connections.settings["default"]
    for name, value in WAITING.items():
        database["OPTIONS"] = with_setting(database["OPTIONS"], f"{name}={value}")
