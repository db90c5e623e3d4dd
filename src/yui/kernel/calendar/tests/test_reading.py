"""Dates as people and files write them, and eras as we write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.calendar.public import (
    DateOrder,
    DateProblem,
    EraStyle,
    PartialDate,
    format_era,
    parse_exact_date,
    parse_japanese_date,
)

SOLAR_DAYS = st.dates(date(1873, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("R7.3.31", "2025-03-31"),
        ("r7/3/31", "2025-03-31"),
        ("R070331", "2025-03-31"),
        ("令7・3・31", "2025-03-31"),
        ("令和7年3月31日", "2025-03-31"),
        ("令和７年　３月３１日", "2025-03-31"),
        ("令和七年三月三十一日", "2025-03-31"),
        ("令和元年5月1日", "2019-05-01"),
        ("㋿元年5月1日", "2019-05-01"),
        ("H元.1.8", "1989-01-08"),
        ("㍻31.4.30", "2019-04-30"),
        ("昭和六十四年一月七日", "1989-01-07"),
        ("大正元年7月30日", "1912-07-30"),
        ("明治45年7月29日", "1912-07-29"),
        ("明治6年1月1日", "1873-01-01"),
        ("2023/3/1", "2023-03-01"),
        ("２０２３／３／１", "2023-03-01"),
        ("2023-03-01", "2023-03-01"),
        ("2023―3―1", "2023-03-01"),
        ("2023.3.1", "2023-03-01"),
        ("20230301", "2023-03-01"),
        ("二〇二三年三月一日", "2023-03-01"),
        ("西暦2023年3月1日", "2023-03-01"),
        ("令和5年（2023年）3月1日", "2023-03-01"),
        ("2023(令和5)年3月1日", "2023-03-01"),
        ("2023年3月1日（水）", "2023-03-01"),
        ("2023年3月21日(火・祝)", "2023-03-21"),
        ("2023年3月1日水曜日", "2023-03-01"),
        ("2023-03-01 00:00:00", "2023-03-01"),
        ("2023-03-01T00:00", "2023-03-01"),
        ("昭和23年3月1日生", "1948-03-01"),
        ("大正十五年十二月廿四日", "1926-12-24"),
        ("令和5年3月", "2023-03-00"),
        ("S23.3", "1948-03-00"),
        ("昭和23年", "1948-00-00"),
        ("昭和23年3月日不詳", "1948-03-00"),
        ("昭和23年月日不詳", "1948-00-00"),
        ("1948-03-00", "1948-03-00"),
        ("1948-00-00", "1948-00-00"),
        ("19480300", "1948-03-00"),
        ("不詳", "0000-00-00"),
        ("生年月日不詳", "0000-00-00"),
        ("0000-00-00", "0000-00-00"),
    ],
)
def test_read_without_warning(text: str, iso: str) -> None:
    found, warnings = parse_japanese_date(text)
    assert (found.isoformat(), warnings) == (iso, ())


@pytest.mark.parametrize(
    ("text", "iso", "code"),
    [
        # On real documents: the era went on in print after it had ended.
        ("平成31年5月1日", "2019-05-01", "date_era_ended"),
        ("昭和64年1月8日", "1989-01-08", "date_era_ended"),
        ("大正15年12月25日", "1926-12-25", "date_era_ended"),
        ("平成36年3月31日", "2024-03-31", "date_era_ended"),
        ("平成32年", "2020-00-00", "date_era_ended"),
        ("令和元年4月1日", "2019-04-01", "date_era_not_begun"),
        ("明治5年3月1日", "1872-00-00", "date_old_calendar"),
        ("2023/3/1 13:05", "2023-03-01", "date_time_dropped"),
        ("昭和23年頃", "1948-00-00", "date_approximate"),
    ],
)
def test_read_with_a_warning(text: str, iso: str, code: str) -> None:
    found, warnings = parse_japanese_date(text)
    assert (found.isoformat(), [w.code for w in warnings]) == (iso, [code])
    assert not any(ch.isdecimal() for w in warnings for ch in str(w) if "1873" not in str(w))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_empty"),
        (" 　", "date_empty"),
        ("3/1/2023", "date_order"),
        ("25/12/2023", "date_order"),
        ("5/3/1", "date_short_year"),
        ("230301", "date_short_year"),
        ("8月5日", "date_without_year"),
        ("3/1", "date_without_year"),
        ("8月5日（水）～8月16日（日）\n※10日は休み", "date_range"),
        ("2023/3/1～2023/3/5", "date_range"),
        ("13：00", "date_unreadable"),
        ("22：00\n※日曜を除く", "date_unreadable"),
        ("2023/3/1 10:00 から", "date_range"),
        ("令和5年度", "date_fiscal_year"),
        ("2023-02-29", "date_impossible"),
        ("令和5年13月1日", "date_impossible"),
        ("令和0年1月1日", "date_impossible"),
        ("0000-03-01", "date_impossible"),
        ("2023-00-05", "date_impossible"),
        ("令和5年（2022年）3月1日", "date_contradiction"),
        ("2023(令和4)年3月1日", "date_contradiction"),
        ("5050301", "date_unreadable"),
        ("三月吉日", "date_unreadable"),
        ("2023/3/1/5", "date_unreadable"),
        ("45000.5", "date_unreadable"),
    ],
)
def test_refused_rather_than_guessed(text: str, code: str) -> None:
    with pytest.raises(DateProblem) as refusal:
        parse_japanese_date(text)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_the_order_of_a_column_can_be_declared() -> None:
    assert parse_exact_date("3/1/2023", order=DateOrder.MONTH_FIRST) == date(2023, 3, 1)
    assert parse_exact_date("3/1/2023", order=DateOrder.DAY_FIRST) == date(2023, 1, 3)
    with pytest.raises(DateProblem) as refusal:
        parse_exact_date("3/25/2023", order=DateOrder.DAY_FIRST)
    assert refusal.value.code == "date_impossible"


def test_a_complete_date_can_be_demanded() -> None:
    assert parse_exact_date("平成31年5月1日") == date(2019, 5, 1)
    with pytest.raises(DateProblem) as refusal:
        parse_exact_date("令和5年3月")
    assert refusal.value.code == "date_incomplete"


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("明治45年7月29日", "大正元年7月30日"),
        ("大正15年12月24日", "昭和元年12月25日"),
        ("昭和64年1月7日", "平成元年1月8日"),
        ("平成31年4月30日", "令和元年5月1日"),
    ],
)
def test_era_edges(last: str, first: str) -> None:
    before, after = parse_exact_date(last), parse_exact_date(first)
    assert after - before == timedelta(1)
    assert (format_era(before), format_era(after)) == (last, first)


def test_styles() -> None:
    day = date(2019, 5, 1)
    assert format_era(day) == "令和元年5月1日"
    assert format_era(day, EraStyle.KANJI) == "令和元年五月一日"
    assert format_era(day, EraStyle.SHORT) == "R1.5.1"
    assert format_era(date(1989, 1, 7), EraStyle.KANJI) == "昭和六十四年一月七日"
    assert format_era(date(2012, 12, 10), EraStyle.KANJI) == "平成二十四年十二月十日"
    assert format_era(PartialDate(2023, 3), EraStyle.KANJI) == "令和五年三月日不詳"
    assert format_era(PartialDate(2023, 3), EraStyle.SHORT) == "R5.3.-"


def test_a_partial_date_across_an_era_names_both() -> None:
    assert PartialDate(1989).text == "昭和64年・平成元年月日不詳"
    assert PartialDate(1989, 1).text == "昭和64年・平成元年1月日不詳"
    assert PartialDate(2019, 4).text == "平成31年4月日不詳"
    assert PartialDate.unknown().text == "不詳"


def test_before_the_solar_calendar() -> None:
    for day in (date(1872, 12, 31), PartialDate(1872, 12), PartialDate(1867)):
        with pytest.raises(DateProblem) as refusal:
            format_era(day)
        assert refusal.value.code == "date_before_solar_calendar"
    assert PartialDate(1872).text == "明治5年月日不詳"
    assert PartialDate(1868).text == "明治元年月日不詳"
    assert PartialDate(1867).text == "1867-00-00"


def test_bounds_of_partial_dates() -> None:
    assert PartialDate(1948, 2).earliest() == date(1948, 2, 1)
    assert PartialDate(1948, 2).latest() == date(1948, 2, 29)
    assert PartialDate(1948).latest() == date(1948, 12, 31)
    assert PartialDate.unknown().earliest() == date.min
    assert PartialDate.unknown().latest() == date.max
    assert PartialDate(1948, 2, 29).exact() == date(1948, 2, 29)
    for parts in ((2023, None, 1), (None, 3, None), (2023, 2, 29), (2023, 0, None), (0, None, None)):
        with pytest.raises(ValueError, match=r"date|day|month"):
            PartialDate(*parts)
    with pytest.raises(ValueError, match="unknown"):
        PartialDate(2023, 2).exact()
    for text in ("2023-2-1", "2023-02", "２０２３-01-01", "20230201", "2023-13-00", "2023-00-01"):
        with pytest.raises(ValueError, match=r"date|month"):
            PartialDate.fromisoformat(text)


@given(SOLAR_DAYS, st.sampled_from(EraStyle))
def test_what_we_write_we_read_back(day: date, style: EraStyle) -> None:
    assert parse_japanese_date(format_era(day, style)) == (PartialDate.of(day), ())


@given(SOLAR_DAYS, st.integers(0, 2))
def test_partial_dates_survive_their_texts(day: date, known: int) -> None:
    partial = PartialDate(*(day.year, day.month, day.day)[: known + 1])
    assert PartialDate.fromisoformat(partial.isoformat()) == partial
    assert parse_japanese_date(partial.isoformat())[0] == partial
    assert partial.earliest() <= day <= partial.latest()
    if "・" not in partial.text:
        assert parse_japanese_date(partial.text) == (partial, ())


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found, _ = parse_japanese_date(text)
    except DateProblem:
        return
    assert PartialDate.fromisoformat(found.isoformat()) == found
