"""Migration operations that put rules into the database itself."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

GUARD_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS vc_guard;
CREATE OR REPLACE FUNCTION vc_guard.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: rows are only ever added',
    TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'VC001';
END $$;
CREATE OR REPLACE FUNCTION vc_guard.business_now() RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT now() + make_interval(days => coalesce(
    nullif(current_setting('villages.clock_shift_days', true), '')::int, 0))
$$;
CREATE OR REPLACE FUNCTION vc_guard.business_today() RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (vc_guard.business_now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
"""

# The villages whose personal data the running transaction may touch; none when nobody said so.
VILLAGES_IN_REACH = """
CREATE OR REPLACE FUNCTION vc_guard.villages_in_reach() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_to_array(nullif(current_setting('app.villages', true), ''), ',')::bigint[]
$$;
"""


class _TableOperation(Operation):
    """An operation on one table of the app that leaves the model state as it is."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def forwards(self, model: type[Model]) -> str:
        raise NotImplementedError

    def backwards(self, model: type[Model]) -> str:
        raise NotImplementedError

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(self.forwards(to_state.apps.get_model(app_label, self.model_name)))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(self.backwards(from_state.apps.get_model(app_label, self.model_name)))


class AppendOnly(_TableOperation):
    """UPDATE, DELETE and TRUNCATE of the model's table are refused for every role.

    Statement level, so that a change of zero rows is refused too; ENABLE ALWAYS, so that
    `session_replication_role = replica` does not switch it off.
    """

    def forwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON public.{table} FOR EACH STATEMENT EXECUTE FUNCTION vc_guard.refuse_change();"
            f"ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER {table}_append_only"
        )

    def backwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return f"DROP TRIGGER {table}_append_only ON public.{table}"

    def describe(self) -> str:
        return f"Refuse every change of {self.model_name} but new rows"


class TenantParent(_TableOperation):
    """UNIQUE (village_id, id), the target of the composite references of `TenantReference`."""

    def forwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return (
            f"ALTER TABLE public.{table} "
            f"ADD CONSTRAINT {table}_known_by_village UNIQUE (village_id, id)"
        )

    def backwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return f"ALTER TABLE public.{table} DROP CONSTRAINT {table}_known_by_village"

    def describe(self) -> str:
        return f"Let rows be referred to by {self.model_name}'s village and id"


class TenantReference(_TableOperation):
    """(village_id, x_id) refers to the parent's (village_id, id): I-05 in the database."""

    def __init__(self, model_name: str, field_name: str) -> None:
        super().__init__(model_name)
        self.field_name = field_name

    def _name(self, model: type[Model]) -> str:
        return f"{model._meta.db_table}_{self.field_name}_same_village"

    def forwards(self, model: type[Model]) -> str:
        parent = model._meta.get_field(self.field_name).related_model
        if parent is None:
            raise TypeError(f"{self.model_name}.{self.field_name} is no reference")
        return (
            f"ALTER TABLE public.{model._meta.db_table} ADD CONSTRAINT {self._name(model)} "
            f"FOREIGN KEY (village_id, {self.field_name}_id) "
            f"REFERENCES public.{parent._meta.db_table} (village_id, id)"
        )

    def backwards(self, model: type[Model]) -> str:
        return f"ALTER TABLE public.{model._meta.db_table} DROP CONSTRAINT {self._name(model)}"

    def describe(self) -> str:
        return f"Keep {self.model_name}.{self.field_name} inside its village"


class RowSecurity(_TableOperation):
    """Rows of villages in reach only, to read and to write; without a reach there are none.

    FORCE: the owner, who migrates, is under it too. The function stands in a subquery, so that it
    is asked once a statement and the index on the village is used.
    """

    def forwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        in_reach = "village_id = ANY ((SELECT vc_guard.villages_in_reach())::bigint[])"
        return (
            f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY {table}_in_reach ON public.{table} "
            f"USING ({in_reach}) WITH CHECK ({in_reach})"
        )

    def backwards(self, model: type[Model]) -> str:
        table = model._meta.db_table
        return (
            f"DROP POLICY {table}_in_reach ON public.{table};"
            f"ALTER TABLE public.{table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY"
        )

    def describe(self) -> str:
        return f"Hide {self.model_name} of villages out of reach"
