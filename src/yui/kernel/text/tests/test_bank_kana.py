"""Kana for bank files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.text.public import BankField, BankKanaProblem, bank_kana, encode_bank, fit_bank_kana

PARTY, BANK, PAYROLL, EDI = (
    BankField.PARTY_NAME,
    BankField.BANK_NAME,
    BankField.PAYROLL_NAME,
    BankField.EDI,
)


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        # What jaconv and mojimoji give for these (ｷｬﾉﾝ, ﾖｰｺ), a bank refuses.
        ("キャノン", PARTY, "ｷﾔﾉﾝ"),
        ("ヨーコ", PARTY, "ﾖ-ｺ"),
        ("ﾖｰｺ", BANK, "ﾖ-ｺ"),
        ("ヨ―コ", PARTY, "ﾖ-ｺ"),  # U+2015
        ("ｷｬｯｼｭ", PARTY, "ｷﾔﾂｼﾕ"),
        ("クヮヵヶ", PARTY, "ｸﾜｶｹ"),
        ("ァィゥェォッャュョ", PARTY, "ｱｲｳｴｵﾂﾔﾕﾖ"),
        ("ヲノ", PARTY, "ｵﾉ"),
        ("ｦﾉ", PAYROLL, "ｵﾉ"),
        ("ヲノ", EDI, "ｦﾉ"),
        ("やまだ　はなこ", PAYROLL, "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("か\u3099き゛ハ\u309a", PARTY, "ｶﾞｷﾞﾊﾟ"),
        ("ヴァン", PARTY, "ｳﾞｱﾝ"),
        ("ａｂｃ１２", PARTY, "ABC12"),
        ("カ）ヤマダ．", PARTY, "ｶ)ﾔﾏﾀﾞ."),
        ("ﾐﾂﾋﾞｼUFJ", BANK, "ﾐﾂﾋﾞｼUFJ"),
        ("「１／２」￥", EDI, "｢1/2｣\\"),
        ("", PARTY, ""),
    ],
)
def test_conversion(text: str, field: BankField, expected: str) -> None:
    assert bank_kana(text, field) == expected
    assert bank_kana(expected, field) == expected


@pytest.mark.parametrize(
    ("text", "field", "characters"),
    [
        ("山田太郎", PARTY, ("山", "田", "太", "郎")),
        ("ヨーコ", PAYROLL, ("ー",)),
        ("ヤマダA", PAYROLL, ("A",)),
        ("ヤマダ.", BANK, (".",)),
        ("(ヤマダ", BANK, ("(",)),
        ("ヤマダ,ハナコ", PARTY, (",",)),
        ("ヤマダ,ハナコ", EDI, (",",)),
        ("ｱ･ｲ・ウ", PARTY, ("･", "・")),
        ("ヰヱヷヺ", EDI, ("ヰ", "ヱ", "ヷ", "ヺ")),
        ("「ア」", PARTY, ("「", "」")),
        ("ア゛", PARTY, ("゛",)),  # No kana to carry the mark: the far side of a cut.
        ("ﾞﾔﾏ", PARTY, ("ﾞ",)),
        ("ｶﾟ", PARTY, ("ﾟ",)),
        ("ﾜﾞ", PARTY, ("ﾞ",)),
        ("ｶﾞﾞ", PARTY, ("ﾞ",)),
        ("①㌔㈱", EDI, ("①", "㌔", "㈱")),
        ("ß", PARTY, ("ß",)),
        ("ア\tイ\n", PARTY, ("\t", "\n")),
        ("𠮷", PARTY, ("𠮷",)),
    ],
)
def test_refusal_names_the_characters_given(text: str, field: BankField, characters: tuple[str, ...]) -> None:
    with pytest.raises(BankKanaProblem) as refusal:
        bank_kana(text, field)
    assert refusal.value.characters == characters
    assert refusal.value.code == "bank_characters"
    assert str(refusal.value).isprintable()


def test_a_voiced_kana_takes_two_places() -> None:
    assert len(bank_kana("ヤマダ")) == 4
    assert fit_bank_kana("ヤマダ", 4) == "ﾔﾏﾀﾞ"
    assert fit_bank_kana("ヤマダ", 6) == "ﾔﾏﾀﾞ  "


def test_too_long_is_refused_not_cut() -> None:
    with pytest.raises(BankKanaProblem) as refusal:
        fit_bank_kana("ヤマダ", 3)
    assert refusal.value.code == "bank_too_long"
    assert refusal.value.characters == ()


def test_shortening_on_request_never_parts_a_kana_from_its_mark() -> None:
    # ｶﾞｸﾌﾞﾁ cut at four bytes would read ガクフ, another name.
    assert fit_bank_kana("ガクブチ", 4, shorten=True) == "ｶﾞｸ "
    assert fit_bank_kana("ガクブチ", 5, shorten=True) == "ｶﾞｸﾌﾞ"


def test_bytes() -> None:
    assert encode_bank("ﾔﾏﾀﾞ ABC-") == b"\xd4\xcf\xc0\xde ABC-"
    assert encode_bank(bank_kana("￥「」", EDI)) == b"\\\xa2\xa3"
    for text in ("ヤマダ", "ｰ", "ｬ", "a", ",", "é"):
        with pytest.raises(BankKanaProblem):
            encode_bank(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFEF)), st.sampled_from(BankField))
def test_what_comes_out_is_one_permitted_byte_a_character(text: str, field: BankField) -> None:
    try:
        converted = bank_kana(text, field)
    except BankKanaProblem:
        return
    data = encode_bank(converted)
    assert len(data) == len(converted)
    assert not any(0xA7 <= byte <= 0xB0 for byte in data)
    assert bank_kana(converted, field) == converted


KANA = st.text(alphabet=[chr(c) for c in range(0x30A1, 0x30EE)] + ["ー", "ン", " "], max_size=40)


@given(KANA, st.integers(1, 40))
def test_a_fitted_field_has_its_width_and_no_stray_mark(text: str, width: int) -> None:
    fitted = fit_bank_kana(text, width, shorten=True)
    assert len(encode_bank(fitted)) == width
    whole = bank_kana(text)
    kept = fitted.rstrip()
    assert whole.startswith(kept)
    assert not whole[len(kept) :].startswith(("ﾞ", "ﾟ"))
