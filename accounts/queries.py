"""Reading accounts."""

from django.db.models import QuerySet

from accounts.models import User
from trail.scope import Scope
from villages import queries as village_queries


def users_within(scope: Scope, action: str) -> QuerySet[User]:
    """Accounts of the persons whose postings `scope` reaches with `action`."""
    return User.objects.filter(person__in=village_queries.people_within(scope, action))


def user_by_name(username: str) -> User | None:
    """The log-in of this name with its person, or None."""
    return User.objects.select_related("person").filter(username=username).first()


def anybody() -> bool:
    """Whether the site has any account yet."""
    return User.objects.exists()
