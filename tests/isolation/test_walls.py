"""Every tenant table, found in the database itself, is attacked: read, written, referenced, unscoped, by a job,
through a connection that served another body before, and through the history that corrections leave behind.
"""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, ProgrammingError, connection, connections, transaction

from tests.isolation.rows import insert_row
from yui.config.database import role_name
from yui.kernel.jobs.public import job, perform
from yui.kernel.tenancy.public import (
    BodyRef,
    NoActiveBody,
    TenantForeignKey,
    TenantModel,
    WrongRole,
    body_scope,
    check_role,
)

# Tables that belong to no body; a new one must be argued for here.
SHARED = {
    "tenancy_body": "who exists; only the owner writes",
    "identity_account": "people who sign in; staff of several bodies have one account",
    "django_session": "sessions, opaque",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
    "auth_": "Django's own; not used for rights",
    "identity_account_groups": "Django's own; not used for rights",
    "procrastinate_": "the queue: names, ids and codes of jobs, never personal data",
    "areas_": "official codes of areas, public",
    "organisations_": "corporate numbers, public",
    "evidence_publication": "published figures for everybody; a policy lets a body add only its own",
}


# Tables whose references are checked by a trigger, once a statement, instead of by constraints, row by row. The
# attack further down is the same for them.
GUARDED = {"people.residentrecord": "people_guard_records"}
seen: list[int] = []


@job("tests.count_rows")
def count_rows(*, table: str) -> None:
    """Count what the job can see."""
    seen.append(int(_rows(f'SELECT count(*) FROM "{table}"')[0][0]))


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel)]


def _ids(models: list[type[TenantModel]]) -> list[str]:
    return [model._meta.label_lower for model in models]


def _rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def test_every_table_is_walled_or_argued_for(db: None) -> None:
    walled = {
        row[0]
        for row in _rows(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity"
        )
    }
    tables = {row[0] for row in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    open_tables = {table for table in tables - walled if not table.startswith(tuple(SHARED))}
    assert open_tables == set()
    with_body = {
        row[0]
        for row in _rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'body_id'"
        )
    }
    assert with_body <= walled
    assert {model._meta.db_table for model in tenant_models()} == walled


def test_no_view_reads_past_the_wall(db: None) -> None:
    views = _rows(
        "SELECT c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
    )
    assert [name for name, options in views if "security_invoker=true" not in (options or [])] == []


def test_references_between_tenant_rows_are_composite(db: None) -> None:
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in tenant_models()
        for field in model._meta.local_fields
        if field.is_relation
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantForeignKey)
    ]
    assert plain == []
    constraints = {row[0] for row in _rows("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    triggers = {row[0] for row in _rows("SELECT tgname FROM pg_trigger")}
    assert set(GUARDED.values()) <= triggers
    for model in tenant_models():
        if model._meta.label_lower in GUARDED:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                assert f"{model._meta.db_table}_{field.column}_same_body"[:63] in constraints


def test_no_many_to_many_table_is_made_behind_our_back() -> None:
    hidden = [
        field
        for model in tenant_models()
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]
    assert hidden == []


@pytest.fixture(params=tenant_models(), ids=_ids(tenant_models()))
def model(request: pytest.FixtureRequest) -> type[TenantModel]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def row(db: None, model: type[TenantModel], staff: object) -> int:
    """A row of the body 999016 in the table under attack; its scope is closed again."""
    with body_scope("999016"):
        made = insert_row(model)
        assert _count(model) >= 1
    return made


def _count(model: type[TenantModel]) -> int:
    return int(_rows(f'SELECT count(*) FROM "{model._meta.db_table}"')[0][0])


def test_another_body_sees_nothing(row: int, model: type[TenantModel], other_body: BodyRef) -> None:
    with body_scope(other_body):
        assert _count(model) == 0
        assert model._base_manager.filter(pk=row).first() is None


def test_without_a_body_nothing_is_seen(row: int, model: type[TenantModel]) -> None:
    assert _count(model) == 0
    with pytest.raises(NoActiveBody):
        model.objects.count()


def test_another_body_cannot_write(row: int, model: type[TenantModel], other_body: BodyRef) -> None:
    table = model._meta.db_table
    home = _rows("SELECT id FROM tenancy_body WHERE code = '999016'")[0][0]
    with body_scope(other_body):
        for statement in (
            f'UPDATE "{table}" SET body_id = body_id',
            f'DELETE FROM "{table}"',
        ):
            assert _written(statement) == 0
        with (
            pytest.raises((ProgrammingError, IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
            marks = ", ".join("NULL" if c != "body_id" else str(home) for c in columns)
            names = ", ".join(f'"{c}"' for c in columns)
            cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})')
    with body_scope("999016"):
        assert model._base_manager.filter(pk=row).exists()


def _written(statement: str) -> int:
    """How many rows a statement writes; none when the run-time role may not use the verb on this table at all."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount
    except ProgrammingError as refused:
        if "permission denied" not in str(refused):
            raise
        return 0


def test_a_foreign_row_cannot_be_inserted_even_complete(
    row: int, model: type[TenantModel], other_body: BodyRef
) -> None:
    """The same row, complete and valid, offered under the other body's scope with the first body's id."""
    with body_scope("999016"):
        home = model._base_manager.get(pk=row)
    with (
        body_scope(other_body),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        insert_row(model, body_id=home.body_id)


def test_a_reference_into_another_body_is_refused(
    row: int, model: type[TenantModel], other_body: BodyRef, staff: object
) -> None:
    references = [f for f in model._meta.local_fields if isinstance(f, TenantForeignKey)]
    if not references:
        assert not references  # nothing to refer to, nothing to attack
        return
    with body_scope("999016"):
        home = model._base_manager.get(pk=row)
        targets = {field.attname: getattr(home, field.attname) for field in references}
    for name, target in targets.items():
        if target is None:
            continue
        with pytest.raises(IntegrityError), transaction.atomic(), body_scope(other_body):
            insert_row(model, **{name: target})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _own_connection() -> psycopg.Connection:
    settings = connections["default"].settings_dict
    return psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
    )


def test_a_pooled_connection_forgets_the_body_it_served(db: None) -> None:
    with _own_connection() as pooled:
        pooled.execute("SELECT set_config('yui.body_id', '1', true)")
        pooled.commit()
        left = pooled.execute("SELECT nullif(current_setting('yui.body_id', true), '')").fetchone()
        assert left == (None,)


def test_the_run_time_role_cannot_step_out(db: None) -> None:
    with _own_connection() as attacker:
        for statement in (
            f"SET ROLE {role_name('owner')}",
            f"SET ROLE {role_name('auditor')}",
            "ALTER TABLE journal_entry DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE journal_entry NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY journal_entry_body ON journal_entry",
            "TRUNCATE journal_entry",
            "CREATE TABLE public.loot AS SELECT 1",
            "INSERT INTO tenancy_body (code, name, name_kana, kind, valid_from)"
            " VALUES ('999999', 'x', '', 'municipality', '2000-01-01')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(statement)
            attacker.rollback()


def test_row_security_cannot_be_switched_off(db: None) -> None:
    with _own_connection() as attacker:
        attacker.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attacker.execute("SELECT * FROM journal_entry")


@pytest.mark.django_db(databases=["default", "owner"])
def test_start_up_refuses_the_owner() -> None:
    with pytest.raises(WrongRole, match="owns tables"):
        check_role(connections["owner"])


def test_a_job_works_only_for_its_body(row: int, model: type[TenantModel]) -> None:
    seen.clear()
    for code in ("999024", "999016"):
        perform("tests.count_rows", body_code=code, key="", arguments={"table": model._meta.db_table})
    assert seen[0] == 0
    assert seen[1] >= 1
