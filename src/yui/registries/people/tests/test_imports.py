import csv
import datetime as dt
import io

import pytest
from django.db import connection
from psycopg import DataError
from stdnum.jp import in_

from yui.kernel.journal.public import count_entries
from yui.registries.people.imports import loading, run, staging
from yui.registries.people.imports.checks import my_number_check_digit
from yui.registries.people.imports.reasons import ImportRefused, Reason
from yui.registries.people.imports.run import import_residents
from yui.registries.people.layout import resident_record_layout
from yui.registries.people.models import Household, MyNumber, Person, ResidentEvent, ResidentRecord
from yui.registries.people.public import (
    find_household_by_number,
    household_as_of,
    search_residents,
)

WHY = {"reason": "test"}
LAYOUT = resident_record_layout()
ROW = {
    "person_number": "1001",
    "household_number": "501",
    "family_name": "渡邉",
    "given_name": "花",
    "family_kana": "ワタナベ",
    "given_kana": "ハナ",
    "born_on": "1990-05-05",
    "sex": "2",
    "relationship": "head",
    "relationship_text": "世帯主",
    "lg_code": "999016",
    "town": "本町一丁目",
    "block": "1番地",
    "postal_code": "9990001",
    "became_resident_on": "2010-04-01",
    "became_resident_by": "move_in",
    "address_since_on": "2015-06-01",
    "nationality": "JPN",
    "resident_code": "12345678901",
}


def row(number: int, **changes: str) -> dict[str, str]:
    return {
        **ROW,
        "person_number": str(number),
        "household_number": str(number),
        "resident_code": f"{number:011d}",
        **changes,
    }


def file_of(*rows: dict[str, str]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(LAYOUT.labels)
    writer.writerows([one.get(item, "") for item in LAYOUT.ids] for one in rows)
    return buffer.getvalue().encode()


def my_number(first: int) -> str:
    digits = f"{first:011d}"
    return digits + in_.calc_check_digit(digits)


@pytest.fixture
def importer(body, staff):
    return staff


def rejects_of(path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_first_import(importer):
    report = import_residents(file_of(row(1), row(2, household_number="1", relationship="spouse")))
    assert (report.rows, report.new, report.rejected) == (2, 2, 0)
    home = household_as_of(find_household_by_number("1"), **WHY)
    assert [member.person_number for member in home.members] == ["1", "2"]
    head = home.members[0]
    assert head.name.family_name == "渡邉"
    assert head.valid_from == dt.date(2015, 6, 1)
    assert head.address.postal_code == "9990001"
    (found,) = search_residents(name="渡辺 花", born_on=dt.date(1990, 5, 5), limit=1, **WHY)
    assert found.resident.person_number in ("1", "2")
    assert count_entries() >= 3


def test_second_run_does_nothing(importer):
    data = file_of(row(1), row(2))
    import_residents(data)
    before = ResidentRecord.objects.count()
    report = import_residents(data)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
    assert ResidentRecord.objects.count() == before


def test_changed_rows_become_new_facts(importer):
    import_residents(file_of(row(1), row(2), row(3), row(4)))
    report = import_residents(
        file_of(
            row(1, family_name="佐藤"),
            row(2, town="港町", address_since_on="2026-05-01"),
            row(3, ended_on="2026-05-20", ended_by="death"),
            row(4),
        ),
        effective_on=dt.date(2026, 5, 10),
    )
    assert (report.changed, report.unchanged) == (3, 1)

    def spans(number):
        rows = ResidentRecord.objects.filter(person__person_number=number, recorded__upper_inf=True)
        return [(r.valid.lower, r.family_name, r.town, r.ended_by) for r in rows.order_by("valid")]

    start = dt.date(2015, 6, 1)
    assert spans("1") == [
        (start, "渡邉", "本町一丁目", ""),
        (dt.date(2026, 5, 10), "佐藤", "本町一丁目", ""),
    ]
    assert [span[0::2] for span in spans("2")] == [
        (start, "本町一丁目"),
        (dt.date(2026, 5, 1), "港町"),
    ]
    assert [span[0::3] for span in spans("3")] == [(start, ""), (dt.date(2026, 5, 20), "death")]
    assert Person.objects.get(person_number="1").version == 1
    # As a correction it had always been so.
    import_residents(file_of(row(1, family_name="鈴木")), as_correction=True)
    assert [span[1] for span in spans("1")] == ["渡邉", "鈴木"]


def test_ended_rows(importer):
    import_residents(
        file_of(
            row(1, ended_on="2020-01-01", ended_by="move_out"),
            row(2, ended_on="2015-06-01", ended_by="death"),
        )
    )
    rows = ResidentRecord.objects.order_by("person_id", "valid")
    assert [(r.person.person_number, r.ended_by) for r in rows] == [
        ("1", ""),
        ("1", "move_out"),
        ("2", "death"),
    ]


BAD = {
    Reason.MISSING: row(1, born_on=""),
    Reason.TOO_LONG: row(1, town="長" * 121),
    Reason.CONTROL_CHARACTER: row(1, given_name="花\x07"),
    Reason.PRIVATE_USE_CHARACTER: row(1, family_name="\ue001邉"),
    Reason.LOST_CHARACTER: row(1, family_name="渡\ufffd"),
    Reason.NOT_A_NUMBER: row(1, resident_code="1234567890123"),
    Reason.BAD_CODE: row(1, sex="3"),
    Reason.UNKNOWN_RELATIONSHIP: row(1, relationship="neighbour"),
    Reason.IMPOSSIBLE_DATE: row(1, became_resident_on="2010-02-30"),
    Reason.UNREADABLE_DATE: row(1, became_resident_on="sometime"),
    Reason.FUTURE_DATE: row(1, address_since_on="2026-06-02"),
    Reason.BORN_AFTER_BECAME: row(1, born_on="2010-04-02"),
    Reason.DATE_ORDER: row(1, address_since_on="2009-01-01"),
    Reason.ENDED_INCOMPLETE: row(1, ended_on="2020-01-01"),
    Reason.OTHER_BODY: row(1, lg_code="999024"),
    Reason.BAD_POSTAL_CODE: row(1, postal_code="999000"),
    Reason.BAD_TOWN_CODE: row(1, town_code="00x"),
    Reason.CHECK_DIGIT: row(1, my_number="123456789012"),
    Reason.RESIDENCE_OF_JAPANESE: row(1, residence_status="永住者"),
    Reason.RESIDENCE_MISSING: row(1, nationality="BRA"),
    Reason.NO_HEAD: row(1, relationship="child"),
}


@pytest.mark.parametrize("reason", BAD, ids=str)
def test_bad_row(importer, tmp_path, reason):
    bad = BAD[reason]
    path = tmp_path / "rejects.csv"
    report = import_residents(file_of(row(7), bad, row(8)), rejects=path)
    assert (report.new, report.rejected) == (2, 1)
    assert report.reasons == {reason.value: 1}
    (rejected,) = rejects_of(path)
    assert reason.value in rejected["理由"]
    assert rejected["行"] == "3"
    assert {item: rejected[LAYOUT.by_id[item].label] for item in bad} == bad


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        ((row(1), row(1, household_number="2", resident_code="")), Reason.DUPLICATE_PERSON),
        ((row(1), row(2, resident_code="00000000001")), Reason.DUPLICATE_RESIDENT_CODE),
        (
            (row(1, my_number=my_number(5)), row(2, my_number=my_number(5))),
            Reason.DUPLICATE_MY_NUMBER,
        ),
        ((row(1), row(2, household_number="1")), Reason.TWO_HEADS),
    ],
)
def test_bad_pair(importer, pair, reason):
    report = import_residents(file_of(*pair, row(9)))
    assert (report.new, report.rejected, report.reasons) == (1, 2, {reason.value: 2})


def test_rows_that_cannot_be_cut(importer, tmp_path):
    good, ragged, broken = file_of(row(1)).split(b"\r\n")[1], b"1,2,3", b"5," + b"\xff\xfe" + b"," * 31
    data = b"\r\n".join([file_of().strip(), good, ragged, broken, file_of(row(2)).split(b"\r\n")[1]])
    path = tmp_path / "rejects.csv"
    report = import_residents(data, rejects=path)
    assert (report.rows, report.new) == (4, 2)
    assert report.reasons == {"column_count": 1, "unencodable": 1}
    first, second = rejects_of(path)
    assert (first["行"], first["受け取った行"]) == ("3", "1,2,3")
    assert r"\xff\xfe" in second["受け取った行"]


def test_rejects_can_be_mended_and_imported(importer, tmp_path):
    path = tmp_path / "rejects.csv"
    import_residents(file_of(row(1), row(2, sex="3")), rejects=path)
    path.write_bytes(path.read_bytes().replace(b",3,head", b",1,head"))
    report = import_residents(path)
    assert (report.rows, report.new) == (1, 1)


def test_heads_known_to_the_registry_count(importer):
    import_residents(file_of(row(1)))
    assert import_residents(file_of(row(2, household_number="1", relationship="child"))).new == 1
    report = import_residents(file_of(row(3, household_number="1")))
    assert report.reasons == {"two_heads": 1}


def test_dry_run_changes_nothing(importer):
    report = import_residents(file_of(row(1)), dry_run=True)
    assert (report.new, report.event, report.dry_run) == (1, None, True)
    assert not Person.objects.exists()


def test_other_spellings(importer):
    report = import_residents(
        file_of(
            row(
                1,
                born_on="昭和60年4月1日",
                became_resident_on="H22.4.1",
                sex="女",
                postal_code="９９９-0001",
                lg_code="９９９０１６",
            ),
            row(2, born_on="1948-03-00", born_text="昭和23年3月日不詳"),
            row(3, born_on="0000-00-00", born_text="不詳"),
        )
    )
    assert report.reasons == {}
    assert report.new == 3
    rows = ResidentRecord.objects.order_by("person_id")
    assert [(r.born_on, r.born_precision) for r in rows] == [
        (dt.date(1985, 4, 1), "d"),
        (dt.date(1948, 3, 1), "m"),
        (None, "n"),
    ]


@pytest.mark.parametrize("encoding", ["cp932", "euc-jp", "utf-8-sig"])
def test_encodings(importer, encoding):
    data = file_of(row(1, family_name="田中")).decode().encode(encoding)
    assert import_residents(data).new == 1


def test_quoted_and_tab_separated(importer):
    data = file_of(row(1, building='コーポ "A", 101'), row(2, building="二行\nある")).decode()
    report = import_residents(data.encode())
    assert (report.new, report.reasons) == (1, {"control_character": 1})
    tabs = "\r\n".join(line.replace(",", "\t") for line in file_of(row(3)).decode().splitlines())
    assert import_residents(tabs.encode()).new == 1


def test_other_headings_by_the_map(importer):
    data = file_of(row(1)).decode().replace("氏,名", "姓,名_漢字", 1).encode()
    assert import_residents(data).new == 1


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"%PDF-1.4 \xff"])
def test_refused_files(importer, data):
    with pytest.raises(ImportRefused):
        import_residents(data)


def test_my_numbers_are_sealed_and_kept_apart(importer):
    data = file_of(row(1, my_number=my_number(11)), row(2))
    import_residents(data)
    import_residents(data)
    (kept,) = MyNumber.objects.all()
    assert my_number(11).encode() not in bytes(kept.sealed)
    report = import_residents(file_of(row(2, my_number=my_number(11))))
    assert report.reasons == {"my_number_taken": 1}


def test_check_digit_agrees_with_the_library():
    import polars as pl

    numbers = [f"{n * 7919 % 10**12:012d}" for n in range(2000)]
    frame = pl.DataFrame({"n": numbers}).select(ok=my_number_check_digit(pl.col("n")))
    assert frame["ok"].to_list() == [in_.is_valid(number) for number in numbers]


def test_needs_permission(body, clerk):
    from yui.kernel.access.public import PermissionRefused

    with pytest.raises(PermissionRefused):
        import_residents(file_of(row(1)))


# Rows travel to the database while they are checked


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"given_name": "花\0"}, Reason.CONTROL_CHARACTER),
        ({"building": "一行\r二行"}, Reason.CONTROL_CHARACTER),
        ({"born_on": "0000-05-05"}, Reason.IMPOSSIBLE_DATE),
        ({"notified_on": "0000-05-05"}, Reason.IMPOSSIBLE_DATE),
        ({"notified_on": "-001-05-05"}, Reason.UNREADABLE_DATE),
        ({"notified_on": "12345-05-05"}, Reason.UNREADABLE_DATE),
        ({"person_number": ""}, Reason.MISSING),
        ({"household_number": ""}, Reason.MISSING),
    ],
)
def test_rejected_rows_leave_nothing_behind(importer, changes, reason):
    report = import_residents(file_of(row(7), row(1) | changes, row(8)))
    assert (report.new, report.reasons) == (2, {reason.value: 1})
    assert set(Person.objects.values_list("person_number", flat=True)) == {"7", "8"}
    assert set(Household.objects.values_list("household_number", flat=True)) == {"7", "8"}


def test_nothing_accepted(importer):
    assert import_residents(file_of(row(1, sex="3"))).event is None
    assert not Household.objects.exists()
    assert import_residents(file_of(row(1))).new == 1


def test_values_that_look_like_marks_of_copy(importer):
    values = {"building": "\\N", "block": "\\.", "domicile": '"', "town": "a,b\\"}
    import_residents(file_of(row(1, **values)))
    kept = ResidentRecord.objects.get()
    assert {item: getattr(kept, item) for item in values} == values
    assert import_residents(file_of(row(1, **values))).unchanged == 1


class Interrupted(BaseException):
    """Somebody has pressed Ctrl-C."""


def fail_while_checking(monkeypatch):
    def check(*_, **__):
        raise Interrupted

    monkeypatch.setattr(run, "check_incoming", check)
    return Interrupted


def fail_in_the_database(monkeypatch):
    monkeypatch.setitem(staging._TYPES, "town", "integer")
    return DataError


def fail_half_loaded(monkeypatch):
    def record(*_, **__):
        raise Interrupted

    monkeypatch.setattr(loading, "record_for_each", record)
    return Interrupted


@pytest.mark.parametrize("fail", [fail_while_checking, fail_in_the_database, fail_half_loaded])
def test_a_failure_on_the_way_leaves_nothing_behind(importer, fail):
    # More than one slice, so that some are with the database when it happens.
    data = file_of(*(row(n) for n in range(1, 12_000)))
    import_residents(file_of(row(20_000)))
    with pytest.MonkeyPatch.context() as patched:
        error = fail(patched)
        with pytest.raises(error):
            import_residents(data)
    assert [model.objects.count() for model in (Person, Household, ResidentRecord, ResidentEvent)] == [1] * 4
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
        )
        assert cursor.fetchone() == (0,)
    assert import_residents(file_of(row(1), row(20_000))).new == 1
