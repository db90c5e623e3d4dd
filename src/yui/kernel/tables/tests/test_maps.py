from pathlib import Path

import pytest

from yui.kernel.tables.public import (
    ColumnMapError,
    ColumnType,
    fold_heading,
    load_column_map,
    match_headings,
    parse_column_map,
)

MAP = """
id: toilets
title: 公衆トイレ一覧
english: Public toilets
columns:
  - id: lg_code
    label: 都道府県コード又は市区町村コード
    aliases: [市区町村コード, 全国地方公共団体コード]
    type: code
    pattern: "[0-9]{6}"
  - {id: number, label: "NO", aliases: ["№"], type: code}
  - {id: name, label: 名称, mandatory: true, length: 100}
  - {id: sex, label: 性別, type: code, codes: {"1": 男, "2": 女}}
"""


def test_a_map_is_read_with_its_types_lists_and_limits() -> None:
    columns = parse_column_map(MAP)
    assert columns.ids == ("lg_code", "number", "name", "sex")
    assert columns.by_id["lg_code"].type is ColumnType.CODE
    assert columns.by_id["name"].mandatory
    assert columns.by_id["name"].length == 100
    assert columns.by_id["sex"].codes == {"1": "男", "2": "女"}


def test_headings_match_after_folding_and_by_alternative_spelling() -> None:
    # U+2015 in コ―ド stands in a published file; № and full-width ＮＯ in others.
    found = match_headings(
        ["都道府県コ\u2015ド又は市区町村コ\u2015ド", "ＮＯ", "名 称", "備考"], parse_column_map(MAP)
    )
    assert found == {"lg_code": 0, "number": 1, "name": 2}
    assert match_headings(["№", "市区町村コード"], parse_column_map(MAP)) == {"lg_code": 1, "number": 0}


def test_the_label_wins_over_an_alternative_and_the_leftmost_over_its_repetition() -> None:
    columns = parse_column_map(MAP)
    assert match_headings(["市区町村コード", "都道府県コード又は市区町村コード"], columns)["lg_code"] == 1
    assert match_headings(["名称", "名称"], columns)["name"] == 0


def test_dashes_brackets_and_width_do_not_make_another_heading() -> None:
    assert fold_heading("料金（基本）") == fold_heading("料金(基本)")
    assert fold_heading("メータ－") == fold_heading("メーター")
    assert fold_heading("") == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id: a\ntitle: b\ncolumns: []", "at least one column"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, typ: text}]", "unknown key typ"),
        ("id: a\ntitle: b\ncolumns: [{id: x}]", "label is missing"),
        ("id: a\ntitle: b\ncolumns: [{id: X, label: y}]", "lower snake case"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, type: money}]", "type must be one of"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, codes: {1: 男}}]", "in quotes"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, pattern: '['}]", "regular expression"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y}, {id: x, label: z}]", "stands twice"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: ＮＯ}, {id: z, label: 'NO'}]", "same label"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, mandatory: 1}]", "true or false"),
        ("id: a\ntitle: b\ncolumns: [{id: x, label: y, length: -1}]", "whole number"),
        ("a: [", "not valid YAML"),
    ],
)
def test_a_wrong_map_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(ColumnMapError, match=complaint):
        parse_column_map(text)


def test_a_map_takes_columns_over_from_its_base(tmp_path: Path) -> None:
    (tmp_path / "place.yaml").write_text(
        "id: place\ntitle: 場所\ncolumns:\n  - {id: name, label: 名称, mandatory: true}\n  - {id: note, label: 備考}\n",
        encoding="utf-8",
    )
    (tmp_path / "park.yaml").write_text(
        "id: park\ntitle: 公園\nbase: place.yaml\n"
        "columns: [name, {id: area, label: 面積}, {id: note, label: 特記事項}]\n",
        encoding="utf-8",
    )
    park = load_column_map(tmp_path / "park.yaml")
    assert park.labels == ("名称", "面積", "特記事項")
    assert park.by_id["name"].mandatory
    (tmp_path / "same.yaml").write_text("id: same\ntitle: 同\nbase: park.yaml\n", encoding="utf-8")
    assert load_column_map(tmp_path / "same.yaml").ids == park.ids
    (tmp_path / "lost.yaml").write_text(
        "id: lost\ntitle: 無\nbase: place.yaml\ncolumns: [kana]\n", encoding="utf-8"
    )
    with pytest.raises(ColumnMapError, match="no column kana"):
        load_column_map(tmp_path / "lost.yaml")
