"""What the nightly task of log-ins does."""

from accounts.operations import access, lockout
from trail import clock
from trail.actor import Actor


def look_after_log_ins() -> None:
    """Switch off what nobody uses; forget ended sessions and tries that no longer count."""
    at = clock.now()
    access.suspend_dormant(by=Actor.system("accounts.look_after_log_ins"), at=at)
    access.forget_ended_sessions(at=at)
    lockout.forget_old_tries(at=at)
