"""Log-in by password; permissions come from the role table alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class PostingBackend(ModelBackend):
    """Django's password check without Django's permission tables."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False
