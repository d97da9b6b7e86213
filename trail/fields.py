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
