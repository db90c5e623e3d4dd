"""Bytes of unknown origin."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.text.public import (
    ExcelFileProblem,
    NotTextProblem,
    UndecodableProblem,
    decode_bytes,
)

TABLE = "全国地方公共団体コード,名称,備考\r\n222127,焼津市役所,本町二丁目\r\n"


@pytest.mark.parametrize(
    ("encoding", "found", "bom"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", True),
        ("cp932", "cp932", False),
        ("euc-jp", "euc-jp", False),
        ("utf-16", "utf-16-le", True),
        ("iso-2022-jp", "iso-2022-jp", False),
    ],
)
def test_encodings(encoding: str, found: str, bom: bool) -> None:
    decoded = decode_bytes(TABLE.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.had_bom) == (TABLE, found, bom)


def test_big_endian_and_empty() -> None:
    assert decode_bytes(b"\xfe\xff" + TABLE.encode("utf-16-be")).text == TABLE
    assert (decode_bytes(b"").text, decode_bytes(b"\xef\xbb\xbf").had_bom) == ("", True)


@pytest.mark.parametrize(
    "text",
    [
        "山田太郎",
        "焼津市",
        "テスト",
        "あ",
        "梼原町,高知県",
        "住所\nさくら町１−２".replace("−", "－"),
        "①㈱山田商店、東京都",
    ],
)
@pytest.mark.parametrize("encoding", ["cp932", "euc-jp"])
def test_short_texts_valid_as_both(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.encode("euc_jis_2004")
    assert decode_bytes(data).text == text


@pytest.mark.parametrize("text", ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｶﾌﾞｼｷｶﾞｲｼﾔ", "ﾃｽﾄ", "ﾅｺﾞﾔ", "ｶﾅ,ｶﾝｼﾞ\nｱｵｷ,青木", "ﾓｼﾞ ｼﾖｳ"])
def test_half_width_kana_is_cp932(text: str) -> None:
    # Each of these bytes also makes valid, if odd, EUC-JP.
    decoded = decode_bytes(text.encode("cp932"))
    assert (decoded.text, decoded.encoding) == (text, "cp932")


def test_a_contest_of_readings_is_reported() -> None:
    codes = [w.code for w in decode_bytes("山田太郎".encode("euc-jp")).warnings]
    assert codes == ["decode_ambiguous"]
    assert decode_bytes(TABLE.encode("cp932")).warnings == ()


def test_cp932_reads_what_shift_jis_cannot() -> None:
    text = "髙﨑①㈱～－"
    assert decode_bytes(text.encode("cp932") + "です".encode("cp932")).text == text + "です"
    with pytest.raises(UnicodeEncodeError):
        text.encode("shift_jis")
    # 0x8160 is the full-width tilde here and the wave dash in shift_jis; 0x817C likewise.
    assert decode_bytes("あ".encode("cp932") + b"\x81\x60\x81\x7c").text == "あ\uff5e\uff0d"


def test_cp932_does_not_come_back_byte_for_byte() -> None:
    # The reason to keep the received file: NEC-selected and IBM extensions share characters.
    lost = 0
    for lead in [*range(0x81, 0xA0), *range(0xE0, 0xFD)]:
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]:
            pair = bytes([lead, trail])
            try:
                lost += pair.decode("cp932").encode("cp932") != pair
            except UnicodeDecodeError:
                continue
    assert lost == 398


@pytest.mark.parametrize("character", ["㋿", "𠮷", "—"])
def test_characters_cp932_lacks(character: str) -> None:
    assert decode_bytes(character.encode()).text == character
    with pytest.raises(UnicodeEncodeError):
        character.encode("cp932")


def workbook(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [(workbook("xl/workbook.xml"), "xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls")],
)
def test_an_excel_file_that_calls_itself_csv(data: bytes, kind: str) -> None:
    with pytest.raises(ExcelFileProblem) as refusal:
        decode_bytes(data)
    assert (refusal.value.kind, refusal.value.code) == (kind, "excel_file")
    assert kind in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (workbook("feed/stops.txt"), "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"a,b\0c", "binary"),
        (b"\xff\xfe" + "a\0".encode("utf-16-le"), "binary"),
    ],
)
def test_other_files(data: bytes, kind: str) -> None:
    with pytest.raises(NotTextProblem) as refusal:
        decode_bytes(data)
    assert refusal.value.kind == kind
    assert not isinstance(refusal.value, ExcelFileProblem)


def test_damage_names_its_line() -> None:
    with pytest.raises(UndecodableProblem) as refusal:
        decode_bytes("名称\n住所\n".encode() + b"\xff\xff\n")
    assert "3" in str(refusal.value)
    with pytest.raises(UndecodableProblem):
        decode_bytes(b"\xef\xbb\xbf\x93\xfa")
    with pytest.raises(UndecodableProblem):
        decode_bytes(b"\xff\xfea")


def test_losses_before_us_are_reported() -> None:
    assert [w.code for w in decode_bytes("山\ufffd".encode()).warnings] == ["decode_already_damaged"]
    assert [w.code for w in decode_bytes("\ue000".encode()).warnings] == ["decode_private_use"]


JAPANESE = st.text(
    alphabet=st.sampled_from(
        "日本語東京都市町村氏名住所番号山田太郎花子のをはがあいうアイウ、。１２３abc,\n"
    ),
    min_size=12,
)


@given(JAPANESE, st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc-jp"]))
def test_japanese_sentences_come_back(text: str, encoding: str) -> None:
    sentence = text + "この行はかなと漢字を含みます。"
    assert decode_bytes(sentence.encode(encoding)).text == sentence


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decoded = decode_bytes(data)
    except (NotTextProblem, UndecodableProblem):
        return
    assert "\0" not in decoded.text
