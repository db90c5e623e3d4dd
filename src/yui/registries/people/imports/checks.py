"""Checking rows by the column: whole columns at once, with the kinds of bad rows of ``Reason``."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from yui.kernel.calendar.public import DateProblem, parse_japanese_date
from yui.kernel.tables.public import Column, ColumnMap, ColumnType
from yui.kernel.text.public import fold_width, search_key
from yui.registries.people.contracts import Relationship
from yui.registries.people.imports.reasons import Reason
from yui.registries.people.layout import resident_record_layout

Problem = tuple[str, Reason]
Mask = tuple[str, Reason, pl.Expr]

_SPECIAL = {"postal_code": Reason.BAD_POSTAL_CODE, "town_code": Reason.BAD_TOWN_CODE}
_CONTROL = r"[\x00-\x1f\x7f-\x9f]"
_PRIVATE = r"[\x{e000}-\x{f8ff}\x{f0000}-\x{10ffff}]"
_ISO = r"^\d{4}-\d{2}-\d{2}$"
# Weights of the first eleven digits, left to right.
_MY_NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def check_incoming(
    text: pl.DataFrame,
    rows: pl.DataFrame,
    column_map: ColumnMap,
    *,
    body_code: str,
    today: dt.date,
    known_heads: Iterable[tuple[str, str]] = (),
    allow_private_use: bool = False,
) -> dict[int, list[Problem]]:
    """Check every row alone, then rows against one another: position in the file's frame → what is wrong.

    Args:
        text: from ``tidy_incoming``.
        rows: from ``type_incoming``; more columns do no harm.
        column_map: what the items may hold.
        body_code: whose records they must be.
        today: nothing may have happened later.
        known_heads: heads the registry knows for the file's households, as (household, person) numbers.
        allow_private_use: take private-use characters in as they are.
    """
    problems: dict[int, list[Problem]] = defaultdict(list)
    _collect(text, _character_masks(text, column_map, allow_private_use), problems)
    _collect(text, list(_column_masks(text, column_map)), problems)
    _check_dates(rows, problems)
    _collect(rows, [*_row_masks(body_code, today), *_duplicate_masks()], problems)
    _check_my_numbers(rows, problems)
    _check_heads(rows, known_heads, problems)
    return dict(problems)


# Tidying: what stands beyond doubt for the same value


def tidy_incoming(frame: pl.DataFrame, column_map: ColumnMap) -> pl.DataFrame:
    """The text columns from ``read_incoming``, one for each item."""
    # Another system's map may lack items that we keep; for us they are empty.
    lacking = [column.id for column in resident_record_layout().columns if column.id not in frame.columns]
    frame = frame.with_columns(pl.lit("").alias(item) for item in lacking)
    coded = [column for column in column_map.columns if column.type is not ColumnType.TEXT]
    frame = frame.with_columns(pl.col([column.id for column in coded]).str.strip_chars(" \u3000"))
    wide = frame.select(
        (pl.col(column.id).str.len_bytes() != pl.col(column.id).str.len_chars()).any() for column in coded
    ).row(0)
    for column, has_wide in zip(coded, wide, strict=True):
        if has_wide:
            frame = _by_value(frame, column.id, fold_width)
    changes = []
    for column in coded:
        if column.codes and not frame[column.id].is_in(["", *column.codes]).all():
            meanings = {meaning: code for code, meaning in column.codes.items()}
            changes.append(pl.col(column.id).replace(meanings))
        if column.fill:
            value = pl.col(column.id)
            changes.append(pl.when(value == "").then(value).otherwise(value.str.zfill(column.fill)))
    changes.append(pl.col("postal_code").str.replace("^〒?([0-9]{3})-([0-9]{4})$", "$1$2"))
    changes.append(pl.col("nationality").str.to_uppercase())
    return frame.with_columns(changes)


def _by_value(frame: pl.DataFrame, item: str, function: Callable[[str], str]) -> pl.DataFrame:
    """Apply a function to each different value of a column once."""
    values = frame[item].unique()
    mapped = pl.Series([function(value) for value in values], dtype=pl.String)
    return frame.with_columns(pl.col(item).replace_strict(values, mapped, return_dtype=pl.String))


# One cell alone


def _collect(frame: pl.DataFrame, masks: list[Mask], problems: dict[int, list[Problem]]) -> None:
    """Evaluate all masks in one pass and note the rows of those that hit."""
    if not masks:
        return
    hits = frame.select(mask.fill_null(False).alias(str(n)) for n, (_, _, mask) in enumerate(masks))
    any_hit = hits.select(pl.all().any()).row(0)
    for n, (item, reason, _) in enumerate(masks):
        if any_hit[n]:
            for row in hits[str(n)].arg_true():
                problems[row].append((item, reason))


def _character_masks(frame: pl.DataFrame, column_map: ColumnMap, allow_private_use: bool) -> list[Mask]:
    """Only the columns that hold such characters at all get a mask: most files have none."""
    kinds = [(_CONTROL, Reason.CONTROL_CHARACTER), ("\ufffd", Reason.LOST_CHARACTER)]
    if not allow_private_use:
        kinds.append((_PRIVATE, Reason.PRIVATE_USE_CHARACTER))
    masks: list[Mask] = []
    whole = "|".join(pattern for pattern, _ in kinds)
    found = frame.select(pl.col(item).str.contains(whole).any() for item in column_map.ids).row(0)
    for item, hit in zip(column_map.ids, found, strict=True):
        if hit:
            masks += [(item, reason, pl.col(item).str.contains(pattern)) for pattern, reason in kinds]
    return masks


def _column_masks(frame: pl.DataFrame, column_map: ColumnMap) -> Iterable[Mask]:
    longest = frame.select(pl.col(item).str.len_bytes().max() for item in column_map.ids).row(0)
    for column, bytes_needed in zip(column_map.columns, longest, strict=True):
        value = pl.col(column.id)
        if column.mandatory:
            yield column.id, Reason.MISSING, value == ""
        if not bytes_needed:
            continue
        if column.codes:
            reason = Reason.UNKNOWN_RELATIONSHIP if column.id == "relationship" else Reason.BAD_CODE
            yield column.id, reason, (value != "") & ~value.is_in(list(column.codes))
        elif column.pattern:
            yield _pattern_mask(column)
        elif column.length is not None and bytes_needed > column.length:
            yield column.id, Reason.TOO_LONG, value.str.len_chars() > column.length
    yield "family_name", Reason.MISSING, _blank("family_name") & _blank("given_name")


def _pattern_mask(column: Column) -> Mask:
    value = pl.col(column.id)
    reason = _SPECIAL.get(column.id, Reason.BAD_CODE if column.id == "nationality" else Reason.NOT_A_NUMBER)
    return column.id, reason, (value != "") & ~value.str.contains(f"^(?:{column.pattern})$")


def _blank(item: str) -> pl.Expr:
    return pl.col(item).str.strip_chars() == ""


# What the text means


def type_incoming(text: pl.DataFrame) -> pl.DataFrame:
    """Rows as what they mean, before anything is known of their rightness.

    Returns:
        One column for each item, dates as dates (nothing where one cannot be read, the text beside it as
        ``…_as_written``), ``born_precision``, the keys that searching compares, and ``_row``, the position in the
        file's frame.
    """
    return _with_keys(_with_dates(text)).with_row_index("_row")


def _dates() -> list[str]:
    return [column.id for column in resident_record_layout().columns if column.type is ColumnType.DATE]


def _with_dates(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as dates; ``born_on`` with its precision."""
    dates = _dates()
    frame = _lenient(frame, "born_on", partial=True)
    for item in dates:
        if frame[item].str.len_bytes().max():
            frame = _lenient(frame, item, partial=False)
    born = pl.col("born_on")
    precision = (
        pl.when(born == "0000-00-00")
        .then(pl.lit("n"))
        .when(born.str.ends_with("-00-00"))
        .then(pl.lit("y"))
        .when(born.str.ends_with("-00"))
        .then(pl.lit("m"))
        .otherwise(pl.lit("d"))
    )
    earliest = born.str.replace("-00-00$", "-01-01").str.replace("-00$", "-01")
    frame = frame.with_columns(
        precision.alias("born_precision"), pl.col("born_on", *dates).name.suffix("_as_written")
    )
    frame = frame.with_columns(earliest).with_columns(
        pl.col("born_on", *dates).str.to_date("%Y-%m-%d", strict=False)
    )
    # Other years are none, neither here nor in the database.
    return frame.with_columns(
        pl.when(pl.col(item).dt.year().is_between(1, 9999)).then(pl.col(item)) for item in ("born_on", *dates)
    )


def _with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    items = ("family_name", "given_name", "family_kana", "given_kana")
    keyed = frame.select(items)
    for item in items:
        keyed = _by_value(keyed, item, search_key)
    return frame.with_columns(
        name_key=keyed["family_name"] + keyed["given_name"],
        kana_key=keyed["family_kana"] + keyed["given_kana"],
    )


def _check_dates(rows: pl.DataFrame, problems: dict[int, list[Problem]]) -> None:
    """Nothing was read where something is written."""
    for item in ("born_on", *_dates()):
        written = pl.col(f"{item}_as_written")
        meant = ["", "0000-00-00"] if item == "born_on" else [""]
        failed = rows.select("_row", item, written).filter(pl.col(item).is_null() & ~written.is_in(meant))
        failed = failed.select("_row", written.str.contains(_ISO))
        for row, is_day in failed.iter_rows():
            problems[row].append((item, Reason.IMPOSSIBLE_DATE if is_day else Reason.UNREADABLE_DATE))


def _lenient(frame: pl.DataFrame, item: str, *, partial: bool) -> pl.DataFrame:
    """Write other spellings of a date (eras, slashes) as YYYY-MM-DD; leave alone what cannot be read."""
    written = frame[item]
    odd = written.filter((written != "") & ~written.str.contains(_ISO)).unique()
    readings: dict[str, str] = {}
    for value in odd:
        try:
            date, _ = parse_japanese_date(value)
        except DateProblem:
            continue
        if partial or date.is_exact:
            readings[value] = date.isoformat()
    return frame.with_columns(pl.col(item).replace(readings)) if readings else frame


# Items against one another


def _row_masks(body_code: str, today: dt.date) -> list[Mask]:
    became, since, ended = pl.col("became_resident_on"), pl.col("address_since_on"), pl.col("ended_on")
    japanese = pl.col("nationality") == "JPN"
    has_residence = (pl.col("residence_status") != "") | pl.col("residence_until").is_not_null()
    ended_by = pl.col("ended_by")
    return [
        *((item, Reason.FUTURE_DATE, pl.col(item) > today)
          for item in ("born_on", "became_resident_on", "address_since_on", "notified_on")),
        ("born_on", Reason.BORN_AFTER_BECAME, pl.col("born_on") > became),
        ("address_since_on", Reason.DATE_ORDER, since < became),
        ("ended_on", Reason.DATE_ORDER, (ended < became) | (ended < since)),
        ("ended_by", Reason.ENDED_INCOMPLETE, ended.is_not_null() & (ended_by == "")),
        ("ended_on", Reason.ENDED_INCOMPLETE, ended.is_null() & (ended_by != "")),
        ("lg_code", Reason.OTHER_BODY, (pl.col("lg_code") != body_code) & pl.col("lg_code").str.contains("^[0-9]{6}$")),
        ("residence_status", Reason.RESIDENCE_OF_JAPANESE, japanese & has_residence),
        ("residence_status", Reason.RESIDENCE_MISSING,
         (pl.col("nationality") != "") & ~japanese & (pl.col("residence_status") == "")),
    ]  # fmt: skip


# Rows against one another


def _duplicate_masks() -> list[Mask]:
    return [
        (item, reason, (pl.col(item) != "") & pl.col(item).is_duplicated())
        for item, reason in (
            ("person_number", Reason.DUPLICATE_PERSON),
            ("resident_code", Reason.DUPLICATE_RESIDENT_CODE),
            ("my_number", Reason.DUPLICATE_MY_NUMBER),
        )
    ]


def _check_my_numbers(frame: pl.DataFrame, problems: dict[int, list[Problem]]) -> None:
    whole = frame.select("_row", "my_number").filter(pl.col("my_number").str.contains("^[0-9]{12}$"))
    for row in whole.filter(~my_number_check_digit(pl.col("my_number")))["_row"]:
        problems[row].append(("my_number", Reason.CHECK_DIGIT))


def my_number_check_digit(number: pl.Expr) -> pl.Expr:
    """Whether the last of twelve digits is the check digit of the others.

    The kept library checks one number at a time, which for a whole town takes longer than all other checks
    together; a test compares the two.

    Source:
        行政手続における特定の個人を識別するための番号、個人番号カード、特定個人情報の提供等に関する省令
        (平成26年総務省令第85号) article 5: 11 − (Σ Pₙ·Qₙ mod 11), 0 when the remainder is 0 or 1.
    """
    remainder = (
        pl.sum_horizontal(
            number.str.slice(place, 1).cast(pl.Int32) * weight
            for place, weight in enumerate(_MY_NUMBER_WEIGHTS)
        )
        % 11
    )
    expected = pl.when(remainder <= 1).then(0).otherwise(11 - remainder)
    return expected == number.str.slice(11, 1).cast(pl.Int32)


def _check_heads(
    frame: pl.DataFrame, known_heads: Iterable[tuple[str, str]], problems: dict[int, list[Problem]]
) -> None:
    """Every household of the file has one head, counting heads that the registry knows and the file leaves out."""
    living = frame.filter(pl.col("ended_on").is_null() & (pl.col("household_number") != ""))
    code = pl.col("relationship")
    living = living.select(
        *("_row", "household_number", "person_number"),
        (code == "head").alias("is_head"),
        # Whoever has an unknown code may be the head; the code is what has to be mended.
        (~code.is_in(list(Relationship))).alias("may_be_head"),
    )
    known = pl.DataFrame(
        list(known_heads),
        schema={"household_number": pl.String, "person_number": pl.String},
        orient="row",
    )
    elsewhere = known.filter(~pl.col("person_number").is_in(frame["person_number"].implode()))
    counts = living.group_by("household_number").agg(
        pl.col("is_head").sum().alias("heads"), pl.col("may_be_head").any()
    )
    if elsewhere.height:
        more = elsewhere.group_by("household_number").len("known")
        counts = counts.join(more, on="household_number", how="left").with_columns(
            pl.col("heads") + pl.col("known").fill_null(0)
        )
    headless = counts.filter((pl.col("heads") == 0) & ~pl.col("may_be_head"))["household_number"]
    for row in living.filter(pl.col("household_number").is_in(headless.implode()))["_row"]:
        problems[row].append(("relationship", Reason.NO_HEAD))
    double = counts.filter(pl.col("heads") > 1)["household_number"]
    for row in living.filter(pl.col("household_number").is_in(double.implode()) & pl.col("is_head"))["_row"]:
        problems[row].append(("relationship", Reason.TWO_HEADS))


def reasons_count(problems: Iterable[Iterable[Problem]]) -> Mapping[str, int]:
    """How many rows have each reason."""
    counts: dict[str, int] = defaultdict(int)
    for found in problems:
        for reason in {reason for _, reason in found}:
            counts[reason.value] += 1
    return dict(sorted(counts.items()))


__all__ = [
    "check_incoming",
    "my_number_check_digit",
    "reasons_count",
    "tidy_incoming",
    "type_incoming",
]
