"""Migration operations: walls around a tenant table, and grants on a shared one."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from yui.config.database import role_name
from yui.kernel.tenancy.models import TenantForeignKey
from yui.kernel.tenancy.scope import SETTING

# The sub-select makes PostgreSQL read the setting once per statement instead of once per row.
_ACTIVE = f"(SELECT nullif(current_setting('{SETTING}', true), '')::bigint)"


class _ModelOperation(Operation):
    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The database changes, the models do not."""

    def _table(self, app_label: str, state: ProjectState) -> Any:
        return state.apps.get_model(app_label, self.model_name)


class EnableTenancy(_ModelOperation):
    """Enable and force row-level security, make references composite, and grant the run-time role its verbs.

    Args:
        model_name: a TenantModel of the same app.
        writes: what the run-time role may do besides SELECT; an append-only table gives ``("INSERT",)``.
    """

    def __init__(self, model_name: str, writes: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")) -> None:
        super().__init__(model_name)
        self.writes = tuple(writes)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Build the wall."""
        model = self._table(app_label, to_state)
        table = model._meta.db_table
        rule = f"body_id = {_ACTIVE}"
        statements = [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY "{table}_body" ON "{table}" FOR ALL USING ({rule}) WITH CHECK ({rule})',
            f'CREATE POLICY "{table}_audit" ON "{table}" FOR SELECT TO "{role_name("auditor")}" USING (true)',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_body_row" UNIQUE (body_id, {model._meta.pk.column})',
            f'GRANT {", ".join(("SELECT", *self.writes))} ON "{table}" TO "{role_name("app")}"',
            f'GRANT SELECT ON "{table}" TO "{role_name("auditor")}"',
        ]
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                statements.append(_reference(table, field))
        for statement in statements:
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the wall down again."""
        model = self._table(app_label, from_state)
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{_constraint(table, field)}"')
        for statement in (
            f'REVOKE ALL ON "{table}" FROM "{role_name("app")}", "{role_name("auditor")}"',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_body_row"',
            f'DROP POLICY "{table}_audit" ON "{table}"',
            f'DROP POLICY "{table}_body" ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ):
            schema_editor.execute(statement)

    def describe(self) -> str:
        """For ``migrate --plan``."""
        return f"Hide rows of {self.model_name} from other bodies"


class AddTenantReference(_ModelOperation):
    """Make the composite constraint of a TenantForeignKey that a later migration adds."""

    def __init__(self, model_name: str, field_name: str) -> None:
        super().__init__(model_name)
        self.field_name = field_name

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the constraint."""
        model = self._table(app_label, to_state)
        schema_editor.execute(_reference(model._meta.db_table, model._meta.get_field(self.field_name)))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the constraint."""
        model = self._table(app_label, from_state)
        table = model._meta.db_table
        field = model._meta.get_field(self.field_name)
        schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{_constraint(table, field)}"')

    def describe(self) -> str:
        """For ``migrate --plan``."""
        return f"Keep {self.model_name}.{self.field_name} inside one body"


class GrantRead(_ModelOperation):
    """Let the run-time role read a shared (non-tenant) table, and write it when ``write`` is true."""

    def __init__(self, model_name: str, write: bool = False) -> None:
        super().__init__(model_name)
        self.write = write

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Grant."""
        table = self._table(app_label, to_state)._meta.db_table
        verbs = "SELECT, INSERT, UPDATE, DELETE" if self.write else "SELECT"
        schema_editor.execute(f'GRANT {verbs} ON "{table}" TO "{role_name("app")}"')
        schema_editor.execute(f'GRANT SELECT ON "{table}" TO "{role_name("auditor")}"')

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Revoke."""
        table = self._table(app_label, from_state)._meta.db_table
        schema_editor.execute(f'REVOKE ALL ON "{table}" FROM "{role_name("app")}", "{role_name("auditor")}"')

    def describe(self) -> str:
        """For ``migrate --plan``."""
        return f"Grant {'write' if self.write else 'read'} on {self.model_name}"


def lean_table(table: str, key: str = "id") -> RunSQL:
    """After EnableTenancy: one key ``(body_id, …)`` instead of two, for tables that grow by the hundred thousand.

    Row-level security adds ``body_id`` to every query anyway.
    """
    return RunSQL(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, DROP CONSTRAINT {table}_body_row,"
        f" ADD PRIMARY KEY (body_id, {key})",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (id),"
        f" ADD CONSTRAINT {table}_body_row UNIQUE (body_id, id)",
    )


def _constraint(table: str, field: Any) -> str:
    return f"{table}_{field.column}_same_body"[:63]


def _reference(table: str, field: Any) -> str:
    target = field.related_model._meta
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{_constraint(table, field)}" '
        f'FOREIGN KEY (body_id, "{field.column}") REFERENCES "{target.db_table}" (body_id, "{target.pk.column}") '
        "DEFERRABLE INITIALLY DEFERRED"
    )
