"""A made-up population of the size of Japan's, as Parquet files of about a million people each.

Households have Japan's distribution of sizes (2.34 persons on average); who lives in them, ages and incomes are shaped
roughly like a country and are nobody's. Everything follows from the seed. A file holds whole households, one row for
each person, in narrow columns:

=============  ==========================================================================================
``household``  number of the household within the file, ascending from 1,000,000
``born_on``    date of birth
``role``       0 head, 1 spouse, 2 eldest child, 3 other child, 4 parent of the head
``income``     income of the year in units of 10,000 yen
``grade``      grade of disability 1 to 4; 0 none
``household_kind``  bits: 1 lives in rented housing, 2 is insured by the municipality, 4 has one parent
``mix``        sixteen random bits, from which facts without a column are drawn
=============  ==========================================================================================
"""

from datetime import date
from pathlib import Path

import polars as pl

DAY = date(2026, 11, 1)
FIRST_NUMBER = 1_000_000
PER_FILE = 1_000_000
MEAN_SIZE = 2.34
# Up to which of 1000 households have at most 1, 2 … persons.
SIZES = (340, 620, 790, 935, 980, 995)
HEAD, SPOUSE, ELDEST, CHILD, PARENT = range(5)
RENTED, INSURED, ONE_PARENT = 1, 2, 4


def make(folder: Path, people: int, seed: int = 20261101) -> list[Path]:
    """The files of a population, made where they are missing.

    Returns:
        The files; together they hold about so many people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, start in enumerate(range(0, people, PER_FILE)):
        size = min(PER_FILE, people - start)
        path = folder / f"{number:03}-{size}-{seed}.parquet"
        if not path.exists():
            part = path.with_suffix(".part")
            persons(round(size / MEAN_SIZE), seed + number).write_parquet(
                part, compression="zstd", compression_level=3, statistics=False
            )
            part.rename(path)
        files.append(path)
    return files


def persons(households: int, seed: int) -> pl.DataFrame:
    """The people of so many households."""
    frame = pl.select(household=pl.int_range(households, dtype=pl.Int32) + FIRST_NUMBER).lazy()

    def chance(salt: int, of: str = "household") -> pl.Expr:
        """A number from 0 below 1000, the same for the same household or person."""
        return pl.col(of).hash(seed * 1000 + salt) % 1000

    drawn = chance(1)
    size = pl.lit(len(SIZES) + 1)
    for persons_, limit in reversed(list(enumerate(SIZES, start=1))):
        size = pl.when(drawn < limit).then(persons_).otherwise(size)
    couple = pl.when(pl.col("size") == 2).then(chance(3) < 780).otherwise(chance(3) < 880)
    frame = (
        frame.with_columns(size=size.cast(pl.Int8))
        .with_columns(
            couple=(pl.col("size") > 1) & couple,
            elder=(pl.col("size") > 2) & (chance(4) < 180),
            # Alone or in couples people grow old; with children the head is between 25 and 60.
            head_age=pl.when(pl.col("size") <= 2)
            .then(20 + chance(5) * 72 // 1000)
            .otherwise(25 + chance(5) * 35 // 1000),
        )
        .with_columns(
            household_kind=(
                (chance(6) < 390).cast(pl.UInt8) * RENTED
                + ((chance(7) < 250) | (pl.col("head_age") > 66)).cast(pl.UInt8) * INSURED
                + (~pl.col("couple") & (pl.col("size") > 1)).cast(pl.UInt8) * ONE_PARENT
            )
        )
    )
    frame = frame.with_columns(place=pl.int_ranges(0, pl.col("size"), dtype=pl.Int8)).explode("place")
    frame = frame.with_row_index("person")
    place, adults = pl.col("place"), 1 + pl.col("couple").cast(pl.Int8)
    role = (
        pl.when(place == 0).then(HEAD)
        .when(pl.col("couple") & (place == 1)).then(SPOUSE)
        .when(pl.col("elder") & (place == pl.col("size") - 1)).then(PARENT)
        .when(place == adults).then(ELDEST)
        .otherwise(CHILD)
    )  # fmt: skip
    some, head_age = chance(11, "person"), pl.col("head_age").cast(pl.Int64)
    age = (
        pl.when(pl.col("role") == HEAD).then(head_age)
        .when(pl.col("role") == SPOUSE).then(head_age - 4 + some * 8 // 1000)
        .when(pl.col("role") == PARENT).then(head_age + 22 + some * 12 // 1000)
        .otherwise(head_age - 24 - (place - adults) * 3 - some * 9 // 1000)
    )  # fmt: skip
    earner = pl.col("age").is_between(20, 69)
    drawn = chance(13, "person")
    income = (
        pl.when(earner & (drawn > 200))
        .then((drawn - 200) ** 2 // 700)
        .when(pl.col("age") >= 65)
        .then(drawn // 4)
    )
    return (
        frame.with_columns(role=role.cast(pl.UInt8))
        .with_columns(age=age.clip(0, 105))
        .select(
            "household",
            born_on=pl.lit(DAY)
            - pl.duration(days=pl.col("age") * 365 + pl.col("age") // 4 + chance(12, "person") * 365 // 1000),
            role="role",
            income=income.fill_null(0).cast(pl.UInt16),
            grade=pl.when(chance(14, "person") < 60)
            .then(1 + chance(15, "person") % 4)
            .otherwise(0)
            .cast(pl.UInt8),
            household_kind="household_kind",
            mix=(pl.col("person").hash(seed * 1000 + 16) % 65536).cast(pl.UInt16),
        )
        .collect()
    )
