"""What a local run finds in its database: this version's tables, keys and the five places."""

from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command, get_commands

from accounts.models import User
from config.database import prepare
from villages.models import Township


def prepare_local(say: Callable[[str], None]) -> None:
    """Bring the database up to date and load the five places where there are none."""
    prepare(say)
    call_command("make_keys", verbosity=0, stdout=StringIO())
    if "load_divisions" in get_commands() and not Township.objects.exists():
        call_command("load_divisions", verbosity=0)
        say("五个试点地方已载入")


def load_demo_if_empty(say: Callable[[str], None]) -> None:
    """Load the demo where it is wanted (DEMO=1) and nobody has an account yet."""
    if settings.DEMO and "load_demo" in get_commands() and not User.objects.exists():
        say("正在载入演示数据")
        call_command("load_demo")
