"""Figures: what is kept, what the database itself refuses, what was known then, whose release a projection is of."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from yui.evidence.models import DefinitionVersion, HandEntry, Observation, Snapshot
from yui.evidence.public import (
    Absence,
    EntryState,
    EvidenceRefused,
    Feed,
    Period,
    PeriodKind,
    confirm_entry,
    enter_figure,
    import_figures,
    list_corrections,
    list_entries,
    list_figures,
    publish_definition,
    record_figures,
    refuse_entry,
    register_indicator,
    register_vintage,
    take_figures,
)
from yui.evidence.tests.examples import (
    CHIYODA,
    CHUO,
    H29,
    MINATO,
    PEOPLE,
    POPULATION,
    QUERY,
    R5,
    SHARE,
    TOKYO,
    projected,
    row,
)
from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import BodyRef, body_scope

pytestmark = pytest.mark.usefixtures("body", "staff")
SECOND = Actor(ActorKind.STAFF, "second", "", frozenset(all_permissions()))
REFUSALS = (IntegrityError, InternalError, ProgrammingError)


def record(*rows: object, code: str = SHARE.code) -> int:
    return record_figures(code, rows, query=QUERY).added  # type: ignore[arg-type]


@pytest.fixture
def share() -> None:
    publish_definition(SHARE)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("FY2024", PeriodKind.FISCAL_YEAR, "2024-04-01", "2025-03-31"),
        ("2024", PeriodKind.CALENDAR_YEAR, "2024-01-01", "2024-12-31"),
        ("2024-02", PeriodKind.MONTH, "2024-02-01", "2024-02-29"),
        ("2024-12-30..2025-01-05", PeriodKind.DAYS, "2024-12-30", "2025-01-05"),
    ],
)
def test_periods(text: str, kind: PeriodKind, first: str, last: str) -> None:
    period = Period.read(text)
    assert (period.kind, str(period.from_on), str(period.last_on), period.code) == (kind, first, last, text)


def test_a_definition_never_changes(share: None) -> None:
    assert not publish_definition(SHARE)
    with pytest.raises(EvidenceRefused, match="new version"):
        publish_definition(replace(SHARE, formula="done"))
    assert publish_definition(replace(SHARE, version=2, formula="done"))
    for change in (lambda rows: rows.update(formula="1"), lambda rows: rows.delete()):
        with pytest.raises(REFUSALS), transaction.atomic():
            change(DefinitionVersion.objects.all())


def test_a_figure_comes_of_its_rule_with_all_it_needs(share: None) -> None:
    assert record(row(), row(CHUO, done=0, schools=9)) == 2
    first, second = list_figures(SHARE.code)
    assert (first.value, second.value) == (Decimal("37.5"), Decimal("0.0"))
    assert (first.area, first.period.code, first.query, first.version) == (CHIYODA, "FY2024", QUERY, 1)
    assert first.snapshot == second.snapshot == Snapshot.objects.get().sha256
    assert record(row(), row(CHUO, done=0, schools=9)) == 0


def test_not_published_is_not_nought_is_not_missing(share: None) -> None:
    reasons = [Absence.NOT_PUBLISHED, Absence.MISSING, Absence.SUPPRESSED]
    none = [
        replace(row(area), inputs={}, absence=why)
        for area, why in zip((CHIYODA, CHUO, MINATO), reasons, strict=True)
    ]
    record(*none, row(TOKYO, done=0, schools=5))
    told = {one.area: (one.value, one.absence) for one in list_figures(SHARE.code)}
    assert told[TOKYO] == (Decimal("0.0"), None)
    assert [told[area] for area in (CHIYODA, CHUO, MINATO)] == [(None, why) for why in reasons]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"area": "999999"}, "No area"),
        ({"period": Period.read("FY2019")}, "no time before"),
        ({"source": " "}, "where the figure is from"),
        ({"inputs": {"done": 1}}, "Give a value in each"),
        ({"inputs": {"done": 1, "schools": 2, "more": 3}}, "Give a value in each"),
        ({"absence": Absence.MISSING}, "not both"),
        ({"vintage": "ipss-2023"}, "names its release"),
    ],
)
def test_a_row_that_lacks_something_is_refused(share: None, change: dict[str, object], why: str) -> None:
    with pytest.raises(EvidenceRefused, match=why):
        record(row(CHUO), replace(row(), **change))  # type: ignore[arg-type]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "lacking",
    ["value = NULL", "absence = 'missing'", "source = ''", "query_name = ''", "recorded_by = ''", "area_code = 'x'",
     "status = 'projection'", "status = 'guess'", "retrieved_on = NULL", "snapshot_id = NULL", "definition_id = NULL",
     "period_until = period_from", "period_kind = 'month'", "period_from = period_from + 1"],
)  # fmt: skip
def test_the_database_itself_refuses_a_figure_that_lacks_something(share: None, lacking: str) -> None:
    record(row())
    columns = [field.column for field in Observation._meta.local_concrete_fields if not field.primary_key]
    name, value = lacking.split(" = ")
    chosen = ", ".join(value if column == name else column for column in columns)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO evidence_observation ({', '.join(columns)}) SELECT {chosen} FROM evidence_observation"
        )


def test_the_database_compares_a_snapshot_with_its_hash() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(sha256="0" * 64, content=b"other")


def test_a_correction_is_added_and_what_was_known_then_stays(share: None) -> None:
    record(row())
    before = timezone.now()
    record(row(done=4, schools=8))
    assert [one.value for one in list_figures(SHARE.code)] == [Decimal("50.0")]
    assert [one.value for one in list_figures(SHARE.code, known_at=before)] == [Decimal("37.5")]
    key = list_figures(SHARE.code)[0].key
    assert [one.value for one in list_corrections(SHARE.code, 1, key)] == [Decimal("37.5"), Decimal("50.0")]
    for change in (lambda rows: rows.update(value=1), lambda rows: rows.delete()):
        with pytest.raises(REFUSALS), transaction.atomic():
            change(Observation.objects.all())


@pytest.fixture
def releases() -> None:
    publish_definition(POPULATION)
    for vintage in (R5, H29):
        assert register_vintage(vintage)
        assert not register_vintage(vintage)


def test_a_value_of_one_release_under_the_name_of_another_is_refused(releases: None) -> None:
    with pytest.raises(EvidenceRefused, match="平成29年推計"):
        record(projected(11092, "ipss-2023"), code="population")
    with pytest.raises(EvidenceRefused, match="not what"):
        record(projected(11285, "ipss-2023"), code="population")
    assert record(projected(11284, "ipss-2023"), projected(11092, "ipss-2017"), code="population") == 2
    assert {one.vintage: one.value for one in list_figures("population")} == {
        "ipss-2017": 11092,
        "ipss-2023": 11284,
    }


def test_a_release_says_one_thing_even_where_its_table_is_not_known(releases: None) -> None:
    record(projected(66, "ipss-2023", area=CHIYODA), code="population")
    with pytest.raises(EvidenceRefused, match="does not change"):
        record(projected(67, "ipss-2023", area=CHIYODA), code="population")
    with pytest.raises(EvidenceRefused, match="register it first"):
        record(projected(67, "ipss-2030", area=CHIYODA), code="population")
    with pytest.raises(EvidenceRefused, match="another release"):
        register_vintage(replace(R5, variant="高位"))


def test_small_counts_and_what_gives_them_away_never_reach_the_database() -> None:
    publish_definition(PEOPLE)
    recorded = record_figures(
        PEOPLE.code,
        [row(TOKYO, people=253), row(CHIYODA, people=3), row(CHUO, people=50), row(MINATO, people=200)],
        query=QUERY,
    )
    assert recorded.withheld == 2
    told = {one.area: one.value if one.absence is None else one.absence for one in list_figures(PEOPLE.code)}
    assert told == {TOKYO: 253, CHIYODA: Absence.SUPPRESSED, CHUO: Absence.SUPPRESSED, MINATO: 200}
    content = bytes(Snapshot.objects.get().content).decode()
    assert ",3\r" not in content
    assert ",50\r" not in content
    assert ",200\r" in content
    with pytest.raises(EvidenceRefused, match="whole numbers"):
        record(replace(row(people=3), inputs={"people": Decimal("2.5")}), code=PEOPLE.code)


def test_nobody_confirms_their_own_entry(share: None) -> None:
    entry = enter_figure(SHARE.code, row())
    assert list_figures(SHARE.code) == []
    with pytest.raises(EvidenceRefused, match="second person"):
        confirm_entry(entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandEntry.objects.update(
            state="confirmed", looked_by=HandEntry.objects.get().entered_by, looked_at=timezone.now()
        )
    with acting_as(SECOND):
        assert [one.public_id for one in list_entries()] == [str(entry)]
        assert confirm_entry(entry).added == 1
        with pytest.raises(EvidenceRefused, match="already"):
            confirm_entry(entry)
    (figure,) = list_figures(SHARE.code)
    assert (figure.value, figure.query.name) == (Decimal("37.5"), "by_hand")


def test_a_refused_entry_never_counts(share: None) -> None:
    entry = enter_figure(SHARE.code, row())
    with acting_as(SECOND):
        refuse_entry(entry)
        assert [one.public_id for one in list_entries(EntryState.REFUSED)] == [str(entry)]
    assert list_figures(SHARE.code) == []
    for change in ({"state": "entered", "looked_by": "", "looked_at": None}, {"row": {}}):
        with pytest.raises(REFUSALS), transaction.atomic():
            HandEntry.objects.update(**change)


def test_who_may_not_is_refused(share: None) -> None:
    with acting_as(Actor(ActorKind.STAFF, "third")):
        for attempt in (
            lambda: publish_definition(SHARE),
            lambda: register_vintage(R5),
            lambda: record(row()),
            lambda: enter_figure(SHARE.code, row()),
            lambda: confirm_entry(UUID(int=0)),
            lambda: import_figures(SHARE.code, Path("none")),
            list_entries,
        ):
            with pytest.raises(PermissionRefused):
                attempt()


def test_another_body_has_figures_of_its_own(share: None, other_body: BodyRef) -> None:
    record(row())
    assert Observation.objects.count() == 1
    # A scope cannot be left for another; the walls themselves are attacked in tests/isolation.
    with pytest.raises(Exception, match="at work"), body_scope(other_body):
        pass


def test_a_service_computes_its_own() -> None:
    feed = Feed(replace(SHARE, code="of_a_service"), QUERY, lambda period: [row(CHIYODA, period.code)])
    register_indicator(feed)
    register_indicator(feed)
    assert take_figures("of_a_service", Period.read("FY2025")).added == 1
    assert take_figures("of_a_service", Period.read("FY2025")).added == 0
    with pytest.raises(ValueError, match="Two services"):
        register_indicator(replace(feed, query=replace(QUERY, version="2")))
    with pytest.raises(EvidenceRefused, match="No service"):
        take_figures("of_nobody", Period.read("FY2025"))


HEAD = "団体コード,期間,種別,推計の版,値がない理由,出典,取得日,done,schools\n"
GOOD = "131016,FY2024,actual,,,学校調査,2026-11-25,3,8\n131024,FY2024,actual,,not_published,学校調査,2026-11-25,,\n"
BAD = (
    "000001,FY2024,actual,,,学校調査,2026-11-25,3,8\n"
    "131032,FY2024,guess,,,学校調査,2026-11-25,3,8\n"
    "131041,soon,actual,,,学校調査,2026-11-25,3,8\n"
    "131059,FY2024,actual,,,,2026-11-25,3,8\n"
    "131067,FY2024,actual,,,学校調査,2026-11-25,3,many\n"
    "131075,FY2024,actual,,,学校調査,2026-11-25,,\n"
)


def test_a_file_is_taken_over_and_bad_rows_are_kept_aside(share: None, tmp_path: Path) -> None:
    file, rejects = tmp_path / "figures.csv", tmp_path / "rejects.csv"
    file.write_text(HEAD + GOOD + BAD, encoding="utf-8")
    recorded, refused = import_figures(SHARE.code, file, dry_run=True)
    assert recorded is not None
    assert (recorded.added, len(refused), Observation.objects.count()) == (2, 6, 0)
    recorded, refused = import_figures(SHARE.code, file, rejects=rejects)
    assert (Observation.objects.count(), len(refused)) == (2, 6)
    assert len(rejects.read_text(encoding="utf-8-sig").splitlines()) == 7
    again, _refused = import_figures(SHARE.code, file)
    assert again is not None
    assert (again.added, again.unchanged) == (0, 2)
    values = {one.area: (one.value, one.absence) for one in list_figures(SHARE.code)}
    assert values == {CHIYODA: (Decimal("37.5"), None), CHUO: (None, Absence.NOT_PUBLISHED)}
    assert {one.retrieved_on for one in list_figures(SHARE.code)} == {dt.date(2026, 11, 25)}


def test_people_come_as_whole_tables_so_that_no_later_total_gives_a_part_away() -> None:
    publish_definition(PEOPLE)
    parts = [row(CHIYODA, people=3), row(CHUO, people=50)]
    record_figures(PEOPLE.code, parts, query=QUERY)
    with pytest.raises(EvidenceRefused, match="same areas as before"):
        record_figures(PEOPLE.code, [row(TOKYO, people=53)], query=QUERY)
    with pytest.raises(EvidenceRefused, match="same areas as before"):
        record_figures(PEOPLE.code, [*parts, row(TOKYO, people=53)], query=QUERY)
    assert record_figures(PEOPLE.code, [row(TOKYO, "FY2025", people=53)], query=QUERY).added == 1
    with pytest.raises(EvidenceRefused, match="import a file"):
        enter_figure(PEOPLE.code, row(people=3))
    assert not HandEntry.objects.exists()


@pytest.mark.parametrize("change", [{"digits": 10}, {"version": 0}, {"title": replace(SHARE.title, en=" ")}])
def test_a_definition_that_is_not_whole_is_refused_with_a_sentence(change: dict[str, object]) -> None:
    with pytest.raises(EvidenceRefused, match="definition"):
        publish_definition(replace(SHARE, **change))  # type: ignore[arg-type]
