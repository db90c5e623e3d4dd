"""SQL that guards the tables of facts; the first migration runs it.

A resident registry is loaded by the hundred thousand. What PostgreSQL checks row by row (three composite foreign
keys and a GiST exclusion constraint cost four times the insertion itself, measured with 200,000 rows) is checked
here once per statement over all its rows, with the same error codes.

Why the absence of overlaps is proven: the trigger locks the person of every new row before it looks for an
overlap, and at READ COMMITTED its look sees everything committed before the lock was granted. So of two
transactions that add rows for one person, the second looks after the first has ended. Other isolation levels
would look into the past and are refused. A person made by this very transaction, or by one of its savepoints,
needs no lock: nobody else can see it. References cannot dangle: persons, households and events are never deleted,
nor do their ids change.
"""

from django.db.migrations import RunSQL

from yui.config.database import role_name

_REFERENCES = ("person", "household", "event")

_DROP_REFERENCES = "ALTER TABLE people_residentrecord " + ", ".join(
    f"DROP CONSTRAINT people_residentrecord_{name}_id_same_body" for name in _REFERENCES
)
_ADD_REFERENCES = ";".join(
    f"ALTER TABLE people_residentrecord ADD CONSTRAINT people_residentrecord_{name}_id_same_body "
    f"FOREIGN KEY (body_id, {name}_id) REFERENCES people_{table} (body_id, id) DEFERRABLE INITIALLY DEFERRED"
    for name, table in zip(_REFERENCES, ("person", "household", "residentevent"), strict=True)
)

_GUARD_RECORDS = """
CREATE FUNCTION people_guard_records() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rows bigint;
    wrong bigint;
    missing bigint;
    older bigint;
    loops text;
    -- This transaction's number, and how far ahead of it the number of its newest savepoint is. Rows bear only the
    -- last 32 bits of such numbers.
    began bigint := pg_current_xact_id()::text::bigint;
    reach bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Resident records are written at READ COMMITTED only.' USING ERRCODE = '25001';
    END IF;
    -- Planned anew each time (EXECUTE), for one row as for a million; many rows are joined by hashing, whatever
    -- the statistics of a table that was empty a moment ago say.
    EXECUTE 'SELECT count(*) FROM added' INTO rows;
    IF rows = 0 THEN
        RETURN NULL;
    END IF;
    EXECUTE 'SELECT ((SELECT xmin FROM people_residentrecord r WHERE r.body_id = a.body_id
                      AND r.person_id = a.person_id AND r.id = a.id)::text::bigint - $1) & 4294967295
             FROM added a LIMIT 1' INTO reach USING began;
    loops := current_setting('enable_nestloop');
    IF rows > 500 THEN
        PERFORM set_config('enable_nestloop', 'off', true);
    END IF;
    -- Persons of this transaction bear its number or that of one of its savepoints, which are in progress for it.
    EXECUTE 'SELECT sum(wrong), count(*) FILTER (WHERE number IS NULL),
                    count(*) FILTER (WHERE CASE WHEN ahead <= $2
                        THEN pg_xact_status(($1 + ahead)::text::xid8) <> ''in progress'' ELSE true END)
             FROM (SELECT p.xmin AS number, (p.xmin::text::bigint - $1) & 4294967295 AS ahead,
                          count(*) FILTER (WHERE NOT upper_inf(a.recorded) OR lower_inf(a.recorded)
                                           OR isempty(a.valid) OR lower_inf(a.valid)) AS wrong
                   FROM added a LEFT JOIN people_person p ON p.body_id = a.body_id AND p.id = a.person_id
                   GROUP BY p.xmin) AS transactions'
        INTO wrong, missing, older USING began, reach;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'A new record is what we know from now on, for at least one day.' USING ERRCODE = '23514';
    END IF;
    IF missing = 0 THEN
        EXECUTE 'SELECT count(*) FROM added a
                 LEFT JOIN people_household h ON h.body_id = a.body_id AND h.id = a.household_id
                 LEFT JOIN people_residentevent e ON e.body_id = a.body_id AND e.id = a.event_id
                 WHERE h.id IS NULL OR e.id IS NULL' INTO missing;
    END IF;
    IF missing > 0 THEN
        RAISE EXCEPTION 'A record names a person, household or event that this body does not have.'
            USING ERRCODE = '23503';
    END IF;
    IF older > 0 THEN
        EXECUTE 'SELECT count(*) FROM (
            SELECT FROM people_person p
            WHERE (p.body_id, p.id) IN (SELECT body_id, person_id FROM added)
            ORDER BY p.id FOR NO KEY UPDATE) AS locked' INTO older;
    END IF;
    EXECUTE 'SELECT count(*) FROM added a JOIN people_residentrecord r
        ON r.body_id = a.body_id AND r.person_id = a.person_id AND r.id <> a.id
        WHERE upper_inf(r.recorded) AND r.valid && a.valid' INTO wrong;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'Two records of one person hold on the same day.' USING ERRCODE = '23P01';
    END IF;
    PERFORM set_config('enable_nestloop', loops, true);
    RETURN NULL;
END $$;
CREATE TRIGGER people_guard_records AFTER INSERT ON people_residentrecord
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_guard_records();
"""


def guard_records() -> list[RunSQL]:
    """References and overlaps of resident records, checked per statement."""
    return [
        RunSQL(_DROP_REFERENCES, _ADD_REFERENCES),
        RunSQL(
            _GUARD_RECORDS,
            "DROP TRIGGER people_guard_records ON people_residentrecord; DROP FUNCTION people_guard_records()",
        ),
    ]


def exclude_overlaps(table: str) -> RunSQL:
    """For small tables: PostgreSQL's own exclusion constraint (btree_gist)."""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap "
        "EXCLUDE USING gist (body_id WITH =, person_id WITH =, valid WITH &&) WHERE (upper_inf(recorded))",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap",
    )


def grant_ids(table: str) -> RunSQL:
    """Let the run-time role take ids beforehand, for rows that arrive by the hundred thousand."""
    return RunSQL(
        f'GRANT USAGE ON SEQUENCE {table}_id_seq TO "{role_name("app")}"',
        f'REVOKE USAGE ON SEQUENCE {table}_id_seq FROM "{role_name("app")}"',
    )
