"""Places at which a fault test kills the process, to prove that nothing is left half done.

`failpoint("close:sealed")` does nothing unless FAILPOINTS names it, and the production check
refuses FAILPOINTS. The action is `kill9` (end the process at once) or `sleep:SECONDS`.
"""

import os
import signal
import time
from pathlib import Path

from django.conf import settings


def failpoint(name: str) -> None:
    """Do what FAILPOINTS says for `name`, once per flag file; normally nothing."""
    action = settings.FAILPOINTS.get(name)
    if action is None:
        return
    if action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))
        return
    flag = Path(action.removeprefix("kill9:"))
    # Taking the flag away first makes the second attempt go through.
    if flag.exists():
        flag.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
