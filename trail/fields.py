"""Model fields for personal data."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from trail.sealing import seal, unseal


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text encrypted at rest; '' is stored as an empty value. Found only by its look-up digest."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def _column(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        sealed = seal(value, column=self._column()) if value else b""
        return connection.Database.Binary(sealed)

    def from_db_value(self, value: Any, *args: Any) -> str | None:
        if value is None:
            return None
        return unseal(bytes(value), column=self._column()) if len(value) else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self._column()} is encrypted: look it up by its digest")

    def value_to_string(self, obj: models.Model) -> str:
        return "<encrypted>"


class SameVillageKey(models.ForeignKey):  # type: ignore[type-arg]
    """A reference to a row of the same village.

    It has no constraint of its own: `trail.guards.TenantReference` refers to (village_id, id), so
    that each reference is checked once and none leaves its village (I-05).
    """

    def __init__(self, to: Any, verbose_name: Any = None, **more: Any) -> None:
        more.setdefault("on_delete", models.PROTECT)
        more.setdefault("related_name", "+")
        super().__init__(to, verbose_name=verbose_name, **{**more, "db_constraint": False})

    def deconstruct(self) -> Any:
        """As a plain foreign key, which is what it is in the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
