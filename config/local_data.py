"""What a local run finds in its database: this version's tables, keys and the five places."""

from collections.abc import Callable
from io import StringIO

from django.core.management import call_command, get_commands

from config.database import prepare
from villages.models import Township


def prepare_local(say: Callable[[str], None]) -> None:
    """Bring the database up to date and load the five places where there are none."""
    prepare(say)
    call_command("make_keys", verbosity=0, stdout=StringIO())
    if "load_divisions" in get_commands() and not Township.objects.exists():
        call_command("load_divisions", verbosity=0)
        say("五个试点地方已载入")
