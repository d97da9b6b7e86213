"""Migrations run as the owning role; everything else as the application's role."""


class OneDatabase:
    """`default` and `owner` are two log-ins to the same database, never two databases."""

    def db_for_read(self, model: object, **hints: object) -> str:
        return "default"

    def db_for_write(self, model: object, **hints: object) -> str:
        return "default"

    def allow_relation(self, obj1: object, obj2: object, **hints: object) -> bool:
        return True
