"""The table of roles as a clerk reads it, made of the table that the code asks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages import StaffRequest, staff_page
from accounts.roles import ACTION_WORDS, OF_A_TOWNSHIP, OF_BOTH, ROLES, Action


@require_safe
@staff_page
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do, in sentences, the same for everybody who logs in."""
    lines = [
        {
            "name": name,
            "in_township": role in OF_A_TOWNSHIP | OF_BOTH,
            "in_village": role not in OF_A_TOWNSHIP,
            "may": [ACTION_WORDS[action] for action in Action if action in actions],
        }
        for role, (name, actions) in ROLES.items()
    ]
    return render(request, "staff/roles.html", {"lines": lines})
