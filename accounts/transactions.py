"""Where a request's one transaction begins: before its page, or where the page says so.

A wrong password, a wrong PIN and a call of the API count whatever the answer will be, also when it
is a refusal that is raised or a crash. Their pages write that first, each in a transaction of its
own, and begin the request's transaction after it.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest

from trail.scope import kept_apart


def begins_late(view: Callable[..., Any]) -> Callable[..., Any]:
    """The page calls `begin` itself, or each of its operations stands alone."""
    view.begins_late = True  # type: ignore[attr-defined]
    return view


def is_late(view: object) -> bool:
    """Whether the page begins the transaction itself; of a door of the API its class says so."""
    return getattr(getattr(view, "cls", view), "begins_late", False)


def keep_open_in(request: HttpRequest, stack: ExitStack) -> None:
    """What begins is ended with `stack`."""
    request.transaction = stack  # type: ignore[attr-defined]


def begin(request: HttpRequest) -> None:
    """From here on all of the request's work or none of it; once."""
    if has_begun(request):
        return
    stack: ExitStack = request.transaction  # type: ignore[attr-defined]
    stack.enter_context(kept_apart())
    request.has_begun = True  # type: ignore[attr-defined]


def has_begun(request: HttpRequest) -> bool:
    """Whether there is a transaction to end."""
    return getattr(request, "has_begun", False)
