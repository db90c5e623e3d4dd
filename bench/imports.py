"""Promise: 200,000 residents with 1,000 bad rows go in, explained, in at most five times the time of a plain COPY.

The peer is COPY of the same rows, with all columns that the registry keeps of them (persons, households and records
with two dates), into one plain logged table without index, key, policy, trigger or journal. COPY of the file as it
came, with fewer columns, stands beside it. The floor is INSERT ... SELECT of the four tables into copies that have
neither index nor trigger: COPY into a table under row-level security is refused, so every row passes through one.

All are measured in the same run, in seconds of the clock and, where the database runs on this machine, of the
processor. The import is the product's own, called as the command line calls it, into a database made for this run and
dropped after it.

Usage: ./yui bench import [--quick] [--residents N] [--runs N] [--my-numbers]
"""

import argparse
import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")

import django

DATABASE = "bench_yui_imports"
BODY = "999016"
TARGET = 5.0
BAD = 1000
FAMILIES = {
    "佐藤": "サトウ", "鈴木": "スズキ", "高橋": "タカハシ", "田中": "タナカ", "渡邉": "ワタナベ",
    "伊藤": "イトウ", "山本": "ヤマモト", "中村": "ナカムラ", "髙野": "タカノ", "齋藤": "サイトウ",
}  # fmt: skip
GIVEN = {
    "陽菜": "ヒナ", "蓮": "レン", "結衣": "ユイ", "湊": "ミナト", "葵": "アオイ", "樹": "イツキ",
    "花子": "ハナコ", "太郎": "タロウ", "一郎": "イチロウ", "美咲": "ミサキ", "健": "ケン", "翔": "ショウ",
}  # fmt: skip
Row = dict[str, str]
Spoiler = Callable[[Row], None]
PairSpoiler = Callable[[list[Row], int, int], None]
DATES = ("born_on", "became_resident_on", "address_since_on", "notified_on", "residence_until", "ended_on")


def main() -> int:
    """Make the file, measure peers and import in turns, print the table and the promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run of 4,000 residents; promises no speed"
    )
    parser.add_argument("--residents", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--my-numbers", action="store_true", help="every row carries a My Number")
    parser.add_argument("--data", help="not needed: the rows are made up")
    options = parser.parse_args()
    residents, runs = (4_000, 1) if options.quick else (options.residents, options.runs)
    bad = min(BAD, residents // 40)
    from yui.shell.cli.database import start_if_embedded

    start_if_embedded()
    django.setup()
    data, kinds = make_file(residents, bad, my_numbers=options.my_numbers)
    print(f"{residents:,} residents, {bad:,} bad rows of {len(kinds)} kinds, {len(data) / 1e6:.0f} MB")
    results = [measure(data) for _ in range(runs)]
    return report(results, residents, bad, kinds, quick=options.quick)


# The file


def make_file(residents: int, bad: int, *, my_numbers: bool) -> tuple[bytes, Counter[str]]:
    """Rows of our own layout: households of one to four, and bad ones spread over the file."""
    from yui.registries.people.public import resident_record_layout

    chance = random.Random(20261125)
    layout = resident_record_layout()
    rows = [cells(n, chance, my_numbers=my_numbers) for n in range(residents)]
    kinds: Counter[str] = Counter()
    spoilers = list(SPOILERS.items())
    singles = [n for n in range(residents) if n % 10 == 9]
    # Two spoiled rows for each pair; the rest one by one, so that exactly ``bad`` rows are bad.
    places = iter(singles[:: max(len(singles) // (bad + 100), 1)])
    for kind, pair in PAIR_SPOILERS.items():
        for _ in range(max(bad // 100, 1)):
            pair(rows, next(places), next(places))
            kinds[kind] += 2
    for turn in range(bad - kinds.total()):
        kind, apply = spoilers[turn % len(spoilers)]
        apply(rows[next(places)])
        kinds[kind] += 1
    lines = [",".join(layout.labels)]
    lines += [row.get("_raw") or ",".join(row[item] for item in layout.ids) for row in rows]
    text = "\r\n".join(lines) + "\r\n"
    return text.encode().replace(UNDECODABLE.encode(), b"\xff\xfe"), kinds


UNDECODABLE = "<<undecodable>>"
# Ten people make four households: 4 + 3 + 2 + 1.
SIZES = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3)
RELATIONSHIPS = ("head", "spouse", "child", "child", "head", "spouse", "child", "head", "spouse", "head")


def cells(n: int, chance: random.Random, *, my_numbers: bool) -> dict[str, str]:
    """One good row."""
    place, household = n % 10, n // 10 * 4 + SIZES[n % 10]
    family, family_kana = list(FAMILIES.items())[household % len(FAMILIES)]
    given, given_kana = chance.choice(list(GIVEN.items()))
    year = chance.randint(1930, 2005)
    row = {
        "person_number": str(1_000_000_000 + n),
        "household_number": str(500_000_000 + household),
        "family_name": family,
        "given_name": given,
        "family_kana": family_kana,
        "given_kana": given_kana,
        "former_family_name": "",
        "former_family_kana": "",
        "born_on": f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "born_text": "",
        "sex": "12"[n % 2],
        "relationship": RELATIONSHIPS[place],
        "relationship_text": {"head": "世帯主", "spouse": "妻", "child": "子"}[RELATIONSHIPS[place]],
        "lg_code": BODY,
        "town_code": f"{household % 90 + 1:07d}",
        "town": f"本町{household % 9 + 1}丁目",
        "block": f"{household % 300 + 1}番地{household % 20 + 1}",
        "building": f"結見ハイツ{household % 8 + 1}0{household % 6 + 1}号" if household % 3 == 0 else "",
        "postal_code": f"999{household % 90:04d}",
        "became_resident_on": f"{year + 1}-04-01",
        "became_resident_by": "move_in",
        "address_since_on": f"{max(year + 1, 2008)}-0{household % 9 + 1}-15",
        "notified_on": f"{max(year + 1, 2008)}-0{household % 9 + 1}-20",
        "previous_address": "東京都千代田区霞が関一丁目2番3号",
        "domicile": f"結県結見市本町{household % 9 + 1}丁目{household % 300 + 1}番",
        "domicile_head": f"{family}　{given}",
        "nationality": "JPN",
        "residence_status": "",
        "residence_until": "",
        "resident_code": f"{10_000_000_000 + n}",
        "my_number": "",
        "ended_on": "",
        "ended_by": "",
    }
    if my_numbers:
        row["my_number"] = with_check_digit(10_000_000_000 + n)
    return row


def with_check_digit(number: int) -> str:
    """A My Number."""
    from stdnum.jp import in_

    return f"{number}{in_.calc_check_digit(str(number))}"


def spoil(item: str, value: str):
    """A spoiler that sets one item of a row."""

    def apply(row: dict[str, str]) -> None:
        row[item] = value

    return apply


def break_check_digit(row: dict[str, str]) -> None:
    """Give the row a My Number whose last digit is one too high."""
    number = with_check_digit(20_000_000_000 + int(row["person_number"]))
    row["my_number"] = number[:-1] + str((int(number[-1]) + 1) % 10)


def repeat(item: str) -> PairSpoiler:
    """A spoiler of two rows that gives the second the first one's value."""

    def apply(rows: list[dict[str, str]], first: int, second: int) -> None:
        if item == "my_number":
            rows[first][item] = with_check_digit(30_000_000_000 + first)
        rows[second][item] = rows[first][item]

    return apply


def two_heads(rows: list[dict[str, str]], first: int, second: int) -> None:
    """Both rows of the household of two that stands before the first place claim to be its head."""
    rows[first - 1]["relationship"] = "head"


PAIR_SPOILERS = {
    "duplicate_person": repeat("person_number"),
    "duplicate_resident_code": repeat("resident_code"),
    "duplicate_my_number": repeat("my_number"),
    "two_heads": two_heads,
}
SPOILERS = {
    "missing": spoil("born_on", ""),
    "too_long": spoil("town", "長" * 121),
    "control_character": spoil("given_name", "花\x07"),
    "private_use_character": spoil("family_name", "\ue001田"),
    "lost_character": spoil("family_name", "\ufffd田"),
    "not_a_number": lambda row: row.update(resident_code="X" + row["resident_code"][1:]),
    "bad_code": spoil("sex", "3"),
    "unknown_relationship": spoil("relationship", "neighbour"),
    "impossible_date": spoil("became_resident_on", "2010-02-30"),
    "unreadable_date": spoil("address_since_on", "いつか"),
    "future_date": spoil("notified_on", "2099-01-01"),
    "born_after_became": spoil("born_on", "2007-12-31"),
    "date_order": spoil("address_since_on", "1901-01-01"),
    "ended_incomplete": spoil("ended_on", "2020-01-01"),
    "other_body": spoil("lg_code", "999024"),
    "bad_postal_code": spoil("postal_code", "99900"),
    "bad_town_code": spoil("town_code", "00X0000"),
    "check_digit": break_check_digit,
    "residence_of_japanese": spoil("residence_status", "永住者"),
    "residence_missing": spoil("nationality", "BRA"),
    "no_head": spoil("relationship", "child"),
    "column_count": spoil("_raw", "1,2,3"),
    "unencodable": spoil("_raw", "9" + UNDECODABLE + "," * 32),
}


# Measuring


def measure(data: bytes) -> dict[str, object]:
    """One turn in a fresh database: the peers, the import, and the import again."""
    from django.db import connections

    from yui.kernel.access.public import acting_as, system_actor
    from yui.kernel.tenancy.provision import drop_database, make_roles_and_database, migrate
    from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
    from yui.registries.people.public import import_residents

    make_roles_and_database(DATABASE, replace=True)
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
    try:
        migrate()
        open_body(code=BODY, name="結見市", kind=BodyKind.MUNICIPALITY, valid_from=dt.date(2000, 4, 1))
        file_copy = plain_copy(data)
        actor = system_actor("bench", ["people.record.import"])
        with tempfile.TemporaryDirectory() as folder, acting_as(actor):
            rejects = Path(folder) / "rejects.csv"
            with clock("default") as imported, body_scope(BODY):
                first = import_residents(data, name="bench.csv", rejects=rejects)
            explained = rejects.read_bytes().count(b"\r\n") - 1
            copy, floor = rows_copy(), bare_inserts()
            with clock("default") as again, body_scope(BODY):
                second = import_residents(data, name="bench.csv")
        return {
            "file_copy": file_copy,
            "copy": copy,
            "floor": floor,
            "import": imported,
            "again": again,
            "first": first,
            "second": second,
            "explained": explained,
        }
    finally:
        for connection in connections.all():
            connection.close()
        drop_database(DATABASE)


@dataclass
class Timing:
    """Seconds of the clock, and of the processor for us and the connection's server process; -1 when unknown."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def clock(alias: str) -> Iterator[Timing]:
    """Time what is done through one connection, without what connecting takes."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    timing = Timing()
    before, start = processor_seconds(server), time.perf_counter()
    yield timing
    timing.seconds = time.perf_counter() - start
    after = processor_seconds(server)
    timing.processor = after - before if before is not None and after is not None else -1


def processor_seconds(server: int) -> float | None:
    """What we and a process of the server have used; None when the server runs on another machine."""
    import psutil

    try:
        process = psutil.Process(server)
        if "postgres" not in process.name():
            return None
        return sum(sum(one.cpu_times()[:2]) for one in (process, psutil.Process()))
    except psutil.Error:
        return None


def plain_copy(data: bytes) -> Timing:
    """COPY of the file into a plain table; what COPY itself refuses is taken out before."""
    from django.db import connections

    from yui.registries.people.public import resident_record_layout

    refused = (b"\xff", b"02-30", "いつか".encode())
    good = [
        line
        for line in data.split(b"\r\n")
        if line.count(b",") == 32 and not any(word in line for word in refused)
    ]
    body = b"\r\n".join(good) + b"\r\n"
    columns = ", ".join(
        f"{item} {'date' if item in DATES else 'text'}" for item in resident_record_layout().ids
    )
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_rows ({columns})")
        with clock("owner") as timing, cursor.copy("COPY plain_rows FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(body)
        cursor.execute("DROP TABLE plain_rows")
    return timing


KEPT = """
SELECT p.person_number, p.public_id AS person, h.household_number, h.public_id AS household, r.*
FROM people_residentrecord r
JOIN people_person p ON p.body_id = r.body_id AND p.id = r.person_id
JOIN people_household h ON h.body_id = r.body_id AND h.id = r.household_id
ORDER BY r.id
"""


def rows_copy() -> Timing:
    """COPY of what the registry keeps now into a plain table."""
    from django.db import connections

    from yui.kernel.tenancy.public import body_scope

    query = f"COPY ({KEPT}) TO STDOUT (FORMAT csv)"
    with body_scope(BODY), connections["default"].cursor() as cursor, cursor.copy(query) as copy:
        rows = b"".join(bytes(part) for part in copy)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_rows AS {KEPT} WITH NO DATA")
        with clock("owner") as timing, cursor.copy("COPY plain_rows FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows)
        cursor.execute("DROP TABLE plain_rows")
    return timing


def bare_inserts() -> Timing:
    """INSERT ... SELECT of the four tables into copies that have neither index nor trigger."""
    from django.db import connections, transaction

    from yui.kernel.tenancy.public import get_body

    tables = ("people_person", "people_household", "people_residentrecord", "journal_entry")
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        # The owner is under row-level security as well.
        cursor.execute("SELECT set_config('yui.body_id', %s, true)", [str(get_body(BODY).id)])
        for table in tables:
            cursor.execute(f"CREATE TEMPORARY TABLE source_{table} AS SELECT * FROM {table}")
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING DEFAULTS)")
        with clock("owner") as timing:
            for table in tables:
                cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM source_{table}")
        transaction.set_rollback(True, "owner")
    return timing


def report(
    results: list[dict[str, object]], residents: int, bad: int, kinds: Counter[str], *, quick: bool
) -> int:
    """Print medians and promises; 0 when all are met."""
    rows = {
        "copy": "COPY of the rows kept",
        "file_copy": "COPY of the file",
        "floor": "INSERT SELECT, no index",
        "import": "import, two dates and journal",
        "again": "the same file again",
    }
    seconds = {name: statistics.median(result[name].seconds for result in results) for name in rows}  # type: ignore[attr-defined]
    processor = {name: statistics.median(result[name].processor for result in results) for name in rows}  # type: ignore[attr-defined]
    print(f"\n{'':32}{'seconds':>9}{'processor':>11}{'rows/s':>12}{'× COPY':>9}{'× file':>9}")
    for name, label in rows.items():
        used = f"{processor[name]:.2f}" if processor[name] >= 0 else "?"
        print(
            f"{label:32}{seconds[name]:>9.2f}{used:>11}{residents / seconds[name]:>12,.0f}"
            f"{seconds[name] / seconds['copy']:>9.1f}{seconds[name] / seconds['file_copy']:>9.1f}"
        )
    first, second = results[0]["first"], results[0]["second"]
    steps = ", ".join(
        f"{step} {statistics.median(result['first'].seconds[step] for result in results):.2f}"  # type: ignore[attr-defined]
        for step in first.seconds  # type: ignore[attr-defined]
    )
    print(f"\nsteps of the import (s): {steps}; runs: {len(results)}, medians\n")
    if first.reasons != dict(sorted(kinds.items())):
        print("reasons differ:", first.reasons, dict(sorted(kinds.items())))
    right = first.reasons == dict(sorted(kinds.items()))  # type: ignore[attr-defined]
    promises = [
        ("import_accepted", first.new, "rows", residents - bad, first.new == residents - bad),  # type: ignore[attr-defined]
        ("import_explained", results[0]["explained"], "rows", bad, right and results[0]["explained"] == bad),
        ("import_kinds", len(first.reasons), "kinds", 20, len(first.reasons) >= 20),  # type: ignore[attr-defined]
        ("import_twice", second.new + second.changed, "rows", 0, second.unchanged == first.new),  # type: ignore[attr-defined]
    ]
    if not quick:
        ratio = seconds["import"] / seconds["copy"]
        promises.append(("import_times_copy", f"{ratio:.1f}", "times", TARGET, ratio <= TARGET))
    for name, value, unit, target, met in promises:
        print(f"promise {name} {value} {unit} target {target} {'met' if met else 'short'}")
    return 0 if all(met for *_, met in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
