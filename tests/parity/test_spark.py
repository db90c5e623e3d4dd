"""Every card on Spark: its SQL decides as the Python back end does.

One session for all cards, and one query for each: starting Spark takes longer than the rest. It is left out where
Spark or Java is missing; ``uv sync --group cluster`` installs the first. ``SPARK_MASTER`` names the cluster, for
example ``local-cluster[2,1,1024]`` (two workers in processes of their own); the default is two threads.
"""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from yui.engines.rules.bulk.sql import compile_sql
from yui.engines.rules.bulk.tests.drawing import draw_groups, months_of
from yui.engines.rules.bulk.tests.parity import SOURCES, decided, read, same, tables
from yui.engines.rules.public import load_card

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = os.environ.get("SPARK_MASTER", "local[2]")


@pytest.fixture(scope="module")
def spark() -> Iterator["SparkSession"]:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: uv sync --group cluster")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none.")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        # For a few hundred groups, compiling a plan to byte code takes longer than running it as it is.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.session.timeZone": "Asia/Tokyo",
    }
    session = sql.SparkSession.builder.master(MASTER).config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("source", SOURCES)
def test_spark_decides_as_the_python_back_end(spark: "SparkSession", source: str) -> None:
    card = load_card(SOURCES[source])
    groups = draw_groups(card, seed=3, count=400)
    for name, columns, rows in tables(card, groups):
        schema = ", ".join(f"`{key}` {'string' if kind == 'text' else kind}" for key, kind in columns.items())
        spark.createDataFrame(rows, schema).createOrReplaceTempView(name)
    month = months_of(card)[-1]
    found = spark.sql(compile_sql(card, month, "spark", with_values=True))
    same(read(card, found.columns, found.collect()), decided(card, month, groups))
