"""What a local run finds in its database: this version's tables, keys and the five places."""

from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from accounts.queries import anybody
from config.database import prepare
from desk.demo import accounts as demo_accounts
from villages.models import Township


def prepare_local(say: Callable[[str], None]) -> None:
    """Bring the database up to date and load the five places where there are none."""
    prepare(say)
    call_command("make_keys", verbosity=0, stdout=StringIO())
    if not Township.objects.exists():
        call_command("load_divisions", verbosity=0)
        say("五个试点地方已载入")


def load_demo_if_empty(say: Callable[[str], None]) -> None:
    """Load the demo where it is wanted (DEMO=1) and nobody has an account; name its accounts."""
    if not settings.DEMO:
        return
    if not anybody():
        say("正在载入演示数据，约半分钟")
    elif not demo_accounts.actor(prefix="shitai", role="township_clerk"):
        return
    call_command("load_demo")
