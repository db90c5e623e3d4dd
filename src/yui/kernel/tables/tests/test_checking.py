import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.tables.public import (
    Column,
    ColumnType,
    Mark,
    TableError,
    check_table,
    parse_column_map,
    read_cell,
    read_table,
    write_rejects,
    write_table,
)

MAP = parse_column_map("""
id: places
title: 施設一覧
columns:
  - {id: code, label: コード, type: code, fill: 4, pattern: "[0-9]{4}", mandatory: true}
  - {id: name, label: 名称, mandatory: true, length: 6}
  - {id: kind, label: 種別, type: code, codes: {"1": 公立, "2": 私立}}
  - {id: fee, label: 料金, type: yen}
  - {id: opened, label: 開設日, type: date}
  - {id: open_at, label: 開始時間, type: time}
""")


def one(kind: ColumnType, text: str, **more: object) -> object:
    reading = read_cell(Column("x", "項目", type=kind, **more), text)
    return reading.problem.code if reading.problem else reading.value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ColumnType.TEXT, "　神\U000e0101田　", "神\U000e0101田"),
        (ColumnType.TEXT, "福(U+FA1B)", "福(U+FA1B)"),
        (ColumnType.TEXT, "\ufa1b\ufa19", "\ufa1b\ufa19"),  # NFC and NFKC would change these names
        (ColumnType.TEXT, "a\ufffdb", "unreadable_character"),
        (ColumnType.CODE, "３７２０１３ ", "372013"),
        (ColumnType.INTEGER, "１，０７５", 1075),
        (ColumnType.INTEGER, "-", None),
        (ColumnType.INTEGER, "約10", "number_unreadable"),
        (ColumnType.YEN, "¥32,500 ", 32500),
        (ColumnType.YEN, "無料", "number_unreadable"),
        (ColumnType.DATE, "昭和５２年４月１日", date(1977, 4, 1)),
        (ColumnType.DATE, "1947/4/1", date(1947, 4, 1)),
        (ColumnType.DATE, "3/1/2023", "date_order"),
        (ColumnType.DATE, "2023-02-29", "date_impossible"),
        (ColumnType.DATE, "1948-03-00", "inexact_date"),
        (ColumnType.PARTIAL_DATE, "1948-03-00", "1948-03-00"),
        (ColumnType.PARTIAL_DATE, "昭和23年3月日不詳", "1948-03-00"),
        (ColumnType.BOOLEAN, "○", Mark.YES),
        (ColumnType.BOOLEAN, "〇", Mark.YES),
        (ColumnType.BOOLEAN, "無", Mark.NO),
        (ColumnType.BOOLEAN, "△", Mark.PARTLY),
        (ColumnType.BOOLEAN, "", None),
        (ColumnType.BOOLEAN, "たぶん", "not_a_mark"),
        (ColumnType.TIME, "8：30", "08:30"),
        (ColumnType.TIME, "24:00", "24:00"),
        (ColumnType.TIME, "24:01", "not_a_time"),
        (ColumnType.TIME, "08:30（受付）", "not_a_time"),
        (ColumnType.PHONE, "(054)626-1139", "054-626-1139"),
        (ColumnType.PHONE, "03－3293－1711", "03-3293-1711"),
        (ColumnType.PHONE, "042－523‐3131", "042-523-3131"),
        (ColumnType.PHONE, "0287-35-3420 0287-35-4401", "not_a_phone"),
        (ColumnType.PHONE, "+81-3-1234-5678", "03-1234-5678"),
        (ColumnType.LATITUDE, " 33.090 ", 33.09),
        (ColumnType.LATITUDE, "134.05", "out_of_range"),
        (ColumnType.LONGITUDE, "北緯34度", "not_degrees"),
        (ColumnType.URL, "www.minamiaso-vc.go.jp", "https://www.minamiaso-vc.go.jp"),
        (ColumnType.URL, "なし", "not_a_url"),
    ],
)
def test_a_cell_is_read_as_its_column_declares(kind: ColumnType, text: str, value: object) -> None:
    assert one(kind, text) == value


def test_a_variation_selector_takes_no_place_of_its_own() -> None:
    assert one(ColumnType.TEXT, "葛\U000e0102城", length=2) == "葛\U000e0102城"
    assert one(ColumnType.TEXT, "葛城市", length=2) == "too_long"


def test_leading_zeros_come_back_and_meanings_become_codes() -> None:
    assert one(ColumnType.CODE, "11", fill=4) == "0011"
    assert one(ColumnType.CODE, "公立", codes={"1": "公立"}) == "1"
    assert one(ColumnType.CODE, "3", codes={"1": "公立"}) == "not_in_list"


@given(st.text())
def test_no_text_makes_a_reader_fall_over(text: str) -> None:
    for kind in ColumnType:
        reading = read_cell(Column("x", "項目", type=kind), text)
        assert reading.problem is None or reading.value is None


TEXT = """コード,名称,種別,料金,開設日,開始時間,担当
0001,東公園,公立,無料,S52.4.1,9:00,山田
2,西公園,1,"¥1,200",1999-04-01,,
x,,3,,令和5年,,
0004,とても長い名前の公園,2,,,,
"""


def test_a_row_is_refused_with_every_reason_or_taken_over_whole() -> None:
    checked = check_table(read_table(TEXT.encode()), MAP)
    assert [row.number for row in checked.rows] == [3]
    assert checked.rows[0].values == {
        "code": "0002", "name": "西公園", "kind": "1", "fee": 1200, "opened": date(1999, 4, 1), "open_at": None,
    }  # fmt: skip
    reasons = {item.row.number: [(p.column, p.code) for p in item.problems] for item in checked.refused}
    assert reasons[2] == [("fee", "number_unreadable")]
    assert reasons[4] == [
        ("code", "pattern"), ("name", "empty"), ("kind", "not_in_list"), ("opened", "inexact_date"),
    ]  # fmt: skip
    assert reasons[5] == [("name", "too_long")]


def test_doubtful_optional_cells_are_kept_aside_when_asked() -> None:
    checked = check_table(read_table(TEXT.encode()), MAP, doubtful="keep")
    first = checked.rows[0]
    assert first.values["fee"] is None
    assert first.doubtful == {"fee": "無料"}
    assert first.extra == {"担当": "山田"}
    assert {remark.code for remark in checked.remarks} >= {
        "kept_as_text",
        "unknown_columns",
        "era_date",
        "thousands",
    }
    assert all("無料" not in remark.text for remark in checked.remarks), "a report tells no values"


def test_a_row_with_too_many_cells_is_refused() -> None:
    checked = check_table(read_table("コード,名称\n0001,東,余\n0002,西\n0003,南\n".encode()), MAP)
    assert [item.problems[0].code for item in checked.refused] == ["surplus_cells"]


def test_a_missing_mandatory_column_refuses_the_file() -> None:
    with pytest.raises(TableError, match="コード"):
        check_table(read_table("名称,種別\n東,1\n西,2\n".encode()), MAP)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    rows = [
        {
            "code": "0001",
            "name": "=1+1",
            "kind": "2",
            "fee": 0,
            "opened": date(2024, 2, 29),
            "open_at": "24:00",
        },
        {"code": "0002", "name": '東"公,園'},
    ]
    path = tmp_path / "out.csv"
    assert write_table(path, MAP, rows) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    checked = check_table(read_table(path), MAP)
    assert not checked.refused
    assert [{k: v for k, v in row.values.items() if v is not None} for row in checked.rows] == rows


def test_a_rejects_file_keeps_the_row_whole_and_can_be_imported_again(tmp_path: Path) -> None:
    table = read_table(TEXT.encode())
    checked = check_table(table, MAP)
    path = tmp_path / "rejects.csv"
    assert write_rejects(path, table.header, checked.refused) == 3
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert [row[0] for row in written[1:]] == ["2", "4", "5"]
    assert written[1][3:] == list(table.rows[0].cells)
    assert written[2][1] == "コード；名称；種別；開設日"
    again = check_table(read_table(path), MAP)
    assert len(again.refused) == 3


def test_nothing_is_left_when_writing_breaks_off(tmp_path: Path) -> None:
    def broken():
        yield {"code": "0001"}
        raise RuntimeError("stop")

    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        write_table(path, MAP, broken())
    assert [item.name for item in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text() == "old"
