import io
import zipfile
from pathlib import Path

import pytest

from yui.kernel.tables.public import RemarkKind, Table, TableError, read_table

PLAIN = "番号,名称,住所,定員\r\n1,東公園,本町１－２,10\r\n2,西公園,港町3-4,20\r\n"


def codes(table: Table, kind: RemarkKind | None = None) -> dict[str, int]:
    return {remark.code: remark.count for remark in table.remarks if kind in (None, remark.kind)}


def names(table: Table) -> list[str]:
    return [row.cells[1] for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc-jp", "utf-16"])
def test_every_usual_encoding_gives_the_same_table(encoding: str) -> None:
    table = read_table(PLAIN.replace("－", "の").encode(encoding))
    assert table.header == ("番号", "名称", "住所", "定員")
    assert names(table) == ["東公園", "西公園"]
    assert [row.number for row in table.rows] == [2, 3]
    assert ("byte_order_mark" in codes(table)) == (encoding in ("utf-8-sig", "utf-16"))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert names(read_table(PLAIN.replace(",", delimiter).encode())) == ["東公園", "西公園"]


def workbook(rows: list[list[object]]) -> bytes:
    """The smallest workbook a spreadsheet program would accept, with inline strings and numbers."""
    kinds = {True: '<c t="inlineStr"><is><t>{}</t></is></c>', False: "<c><v>{}</v></c>"}
    body = "".join(
        "<row>" + "".join(kinds[isinstance(cell, str)].format(cell) for cell in row) + "</row>"
        for row in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="一覧" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return stream.getvalue()


def test_a_workbook_that_calls_itself_csv_is_read_as_a_workbook() -> None:
    table = read_table(
        workbook([["番号", "名称", "緯度"], [1, "東公園", 34.5], [2, "西公園", 35]]), name="park.csv"
    )
    assert table.form == "xlsx"
    assert [row.cells for row in table.rows] == [("1", "東公園", "34.5"), ("2", "西公園", "35")]
    assert "workbook_called_csv" in codes(table, RemarkKind.MENDED)


def test_a_zip_of_one_csv_is_unpacked_and_one_of_two_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", PLAIN)
    assert names(read_table(stream.getvalue())) == ["東公園", "西公園"]
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("b.csv", PLAIN)
    with pytest.raises(TableError, match="2"):
        read_table(stream.getvalue())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n \n", "empty_file"),
        (b",,,\n,,,\n", "no_rows"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"<!DOCTYPE html><html></html>", "not_a_table"),
        (b'{"a": 1}', "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken_workbook"),
        (b"PK\x03\x04 broken", "broken_workbook"),
        ("番号,名称\n1,公園".encode() + b"\xff\xfe\xfa", "encoding"),
        ('番号,名称\n1,"東公園\n2,西公園\n'.encode(), "open_quote"),
        ("番号,名称,住所\n,,\n".encode(), "header_only"),
        (b"1,2,3\n4,5,6\n", "no_header"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(TableError) as refusal:
        read_table(data, name="x.csv")
    assert refusal.value.code == code
    assert refusal.value.text


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refusal:
        read_table(tmp_path / "nowhere.csv")
    assert refusal.value.code == "missing_file"


def test_titles_and_comments_above_the_headings_are_kept_aside() -> None:
    table = read_table(("災害拠点病院一覧,,,\n,,,令和4年1月1日現在\n" + PLAIN).encode())
    assert table.preamble == ("災害拠点病院一覧", "令和4年1月1日現在")
    assert [row.number for row in table.rows] == [4, 5]
    assert read_table(("# 公園一覧\n" + PLAIN).encode()).preamble == ("# 公園一覧",)


def test_a_linkdata_file_has_its_headings_on_the_property_line() -> None:
    text = (
        "#LINK,,,\n#lang,ja,,\n#property,name,address,location\n#object_type_xsd,string,string,string\n"
        '#property_context,Assertion,Assertion,Assertion\n1,東公園,本町1,"34.1,134.2"\n2,西公園,港町3,"34.3,134.4"\n'
    )
    table = read_table(text.encode())
    assert table.header == ("#property", "name", "address", "location")
    assert [row.cells[3] for row in table.rows] == ["34.1,134.2", "34.3,134.4"]
    assert "linkdata" in codes(table)


def test_headings_over_several_rows_are_joined_and_merged_ones_repeated() -> None:
    text = (
        ",人口,（再掲）,,自　然,死産数,,\n,,乳児死亡数,新生児,増減数,総数,自然死産,人工死産\n,,,死亡数,,,,\n"
        "全　国,123,15,7,-53,17,8,9\n01 北海道,5,5,2,-3,7,3,4\n"
    )
    table = read_table(text.encode())
    assert table.header == (
        "", "人口", "（再掲）_乳児死亡数", "（再掲）_新生児_死亡数", "自　然_増減数", "死産数_総数", "死産数_自然死産",
        "死産数_人工死産",
    )  # fmt: skip
    assert [row.number for row in table.rows] == [4, 5]
    assert codes(table)["joined_header"] == 3


def test_a_gap_in_the_headings_alone_does_not_swallow_the_first_row() -> None:
    table = read_table("名称,,住所\n東公園,町立,本町\n西公園,町立,港町\n".encode())
    assert len(table.rows) == 2
    assert codes(table, RemarkKind.DOUBTED) == {"unnamed_columns": 1}


def test_line_breaks_in_headings_go_and_in_cells_stay() -> None:
    table = read_table('番号,"三次\n救急",備考\n1,○,"平日のみ\r\n要予約"\n2,,なし\n'.encode())
    assert table.header == ("番号", "三次救急", "備考")
    assert table.rows[0].cells[2] == "平日のみ\n要予約"
    assert [row.number for row in table.rows] == [2, 3], (
        "a record with line breaks counts once, as in a spreadsheet"
    )


def test_ragged_rows_are_padded_trimmed_or_doubted() -> None:
    text = "番号,名称,住所,定員,,\n1,東公園\n2,西公園,港町,20,,\n3,南公園,浜町,30,余り\n"
    table = read_table(text.encode())
    assert table.header == ("番号", "名称", "住所", "定員")
    assert [len(row.cells) for row in table.rows] == [4, 4, 5]
    assert codes(table, RemarkKind.MENDED)["short_rows"] == 1
    assert codes(table, RemarkKind.DOUBTED) == {"surplus_cells": 1}


def test_a_heading_row_wider_than_every_data_row_is_cut() -> None:
    table = read_table(("番号,名称,住所" + "," * 1021 + "\n1,東公園,本町,\n2,西公園,港町,\n").encode())
    assert table.header == ("番号", "名称", "住所")
    wide = next(remark for remark in table.remarks if remark.code == "wide_header")
    assert wide.params["count"] == 1020


def test_blank_rows_repeated_headings_and_notes_below_are_left_out() -> None:
    text = (
        PLAIN + "\r\n,,,\r\n番号,名称,住所,定員\r\n3,南公園,浜町,30\r\n合計,,3施設,60\r\n※印は休止中,,,\r\n"
    )
    table = read_table(text.encode())
    assert names(table) == ["東公園", "西公園", "南公園"]
    assert [row.number for row in table.footer] == [8, 9]
    assert {"blank_rows": 2, "repeated_header": 1, "footer": 2}.items() <= codes(table).items()


def test_loose_quotation_marks_are_read_as_written() -> None:
    table = read_table('番号,名称,住所\n1,"東"公園,本町\n2,西公園,港町\n'.encode())
    assert names(table) == ["東公園", "西公園"]
    assert codes(table)["loose_quotes"] == 1


def test_a_second_block_with_its_own_headings_is_pointed_at() -> None:
    text = "市,人口,世帯\n甲市,10,4\n乙市,20,8\n丙市,30,9\n丁市,31,9\n\n町,出生,死亡\n戊町,1,2\n己町,3,4\n"
    table = read_table(text.encode())
    assert next(remark.rows for remark in table.remarks if remark.code == "second_block") == (7,)


def test_known_headings_find_a_heading_row_that_looks_like_data() -> None:
    text = "一覧表,2024年度\nNo.,経度\n1,129.02\n2,129.03\n"
    assert read_table(text.encode(), known={"経度", "No."}).header == ("No.", "経度")


def test_every_remark_has_a_sentence() -> None:
    table = read_table(("題,,,\n" + PLAIN + "\r\n合計,,2,30\r\n").encode("cp932", "replace"))
    assert all(remark.text and "%(" not in remark.text for remark in table.remarks)


def test_a_file_without_headings_by_agreement_is_given_them() -> None:
    table = read_table("1,東公園\n2,西公園\n".encode(), headings=("番号", "名称"))
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("1", "東公園")), (2, ("2", "西公園"))]
    with pytest.raises(TableError, match="3"):
        read_table("1,東公園\n2,西公園\n".encode(), headings=("番号", "名称", "住所"))
