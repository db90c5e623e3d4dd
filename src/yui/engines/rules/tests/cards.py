"""Small made-up cards that the tests of the engine change line by line."""

from yui.engines.rules.legal_dates import DATE_FUNCTIONS

# A card keeps each entry on one line, so that a test can name the line a mistake is on.
# ruff: noqa: E501
CARD = """\
card: heating_aid
programme: {ja: 暖房手当, en: Heating aid, easy: だんぼうの お金}
law: {id: X, title: 暖房手当条例, amended_by: 令和5年条例第1号, address: "https://example.jp"}
in_force: {from: 2023-04, until: 2026-04}
known_from: 2023-01-10
confidence: primary
unit: {ja: 人, en: person, easy: 人}
group: {ja: 世帯, en: household, easy: 家}
payment: {cite: 条例第9条, months: [1, 7]}
claim: {cite: 条例第8条, days: 10}
facts:
  生年月日: {of: unit, key: born_on, type: date, ask: {ja: 生年月日は, en: Born when?, easy: いつ}}
  障害: {of: unit, key: disabled, type: bool, ask: {ja: 障害は, en: Disabled?, easy: しょうがい}}
  収入: {of: group, key: income_yen, type: yen, ask: {ja: 収入は, en: Income?, easy: いくら}}
  世帯人数: {of: group, key: members, type: integer, ask: {ja: 人数は, en: How many?, easy: なんにん}}
  住まい: {of: group, key: tenure, type: enum, choices: {持家: owned, 借家: rented}, ask: {ja: 住まいは, en: Tenure?, easy: いえ}}
  転入月: {of: group, key: moved_in, type: month, ask: {ja: 転入は, en: Moved when?, easy: いつ}}
tables:
  月額: {type: yen, cite: 条例第4条, values: [{from: 2023-04, value: 3000, by: 制定}, {from: 2024-04, value: 4000, by: 改正}]}
  3人目額: {type: yen, cite: 条例第4条, values: [{from: 2023-04, value: 9000, by: 制定}]}
  一人当たり限度: {type: yen, cite: 条例第5条, values: [{from: 2023-04, value: 1000000, by: 制定}]}
values:
  限度額: {is: 一人当たり限度 * 世帯人数, cite: 条例第5条}
conditions:
  高齢: {is: "到達日(生年月日, 65) <= 月末", cite: 条例第3条, yes: {ja: 65歳以上, en: Is 65, easy: はい}, no: {ja: 65歳未満, en: Under 65, easy: いいえ}}
  対象: {is: 高齢 or 障害, cite: 条例第3条, yes: {ja: 対象, en: Counts, easy: はい}, no: {ja: 対象外, en: No, easy: いいえ}}
  限度以下: {is: 収入 <= 限度額, cite: 条例第5条, yes: {ja: "{限度額}以下", en: "at most {限度額}", easy: はい}, no: {ja: "{限度額}超", en: "over {限度額}", easy: いいえ}}
  借りている: {is: 住まい = 借家 and 転入月 < 月, cite: 条例第3条, yes: {ja: 借家, en: Rents, easy: はい}, no: {ja: 借家でない, en: Does not rent, easy: いいえ}}
  三人目以降: {is: 順番 >= 3, cite: 条例第4条, yes: {ja: "{順番}人目", en: "number {順番}", easy: はい}, no: {ja: 二人目まで, en: first two, easy: いいえ}}
ranks:
  順番: {among: 対象, by: [生年月日], ties: {by: 番号, because: 合計は同じ}, cite: 条例第4条}
decide:
  - {if: not 対象, pay: nothing, cite: 条例第3条}
  - {if: not 限度以下 or not 借りている, pay: nothing, cite: 条例第5条}
  - {if: 三人目以降, pay: 3人目額, cite: 条例第4条}
  - {if: otherwise, pay: 月額 + 500, cite: 条例第4条}
"""


# Everything the first card leaves out: a decision about the household, ratios, keyed tables, rounding, gathering.
HOUSEHOLD = """\
card: water_charge
programme: {ja: 水の負担金, en: Water charge, easy: 水（みず）の お金}
law: {id: Y, title: 水道条例, amended_by: 令和5年条例第2号, address: "https://example.jp"}
in_force: {from: 2023-04}
confidence: primary
decides: group
sense: charge
period: fiscal_year
unit: {ja: 人, en: person, easy: 人}
group: {ja: 世帯, en: household, easy: 家}
facts:
  生年月日: {of: unit, key: born_on, type: date, ask: {ja: 生年月日は, en: Born when?, easy: いつ}}
  所得: {of: unit, key: income_yen, type: yen, least: -5000000, most: 10000000000, ask: {ja: 所得は, en: Income?, easy: いくら}}
  学生: {of: unit, key: student, type: bool, ask: {ja: 学生は, en: Student?, easy: がくせい}}
  住まい: {of: group, key: tenure, type: enum, choices: {持家: owned, 借家: rented}, ask: {ja: 住まいは, en: Tenure?, easy: いえ}}
  床面積: {of: group, key: floor_m2, type: integer, ask: {ja: 床面積は, en: Floor?, easy: ひろさ}}
  敷地面積: {of: group, key: plot_m2, type: integer, ask: {ja: 敷地面積は, en: Plot?, easy: ひろさ}}
  届出日: {of: group, key: notified_on, type: date, ask: {ja: 届出日は, en: Notified when?, easy: いつ}}
tables:
  料率: {type: ratio, cite: 条例第4条, values: [{from: 2023-04, value: 7.64%, by: 制定}, {from: 2025-04, value: 1/6, by: 改正}]}
  控除額: {type: yen, keys: [integer], cite: 条例第5条, values: [{from: 2023-04, by: 制定, rows: [[0, 430000], [2, 530000], [3, 700000]]}]}
  均等割: {type: yen, keys: [yen, 住まい], cite: 条例第6条, values: [{from: 2023-04, by: 制定, rows: [[0, 持家, 100], [0, 借家, 50], [1000000, 持家, 900], [1000000, 借家, 700]]}]}
  限度額: {type: yen, cite: 条例第7条, values: [{from: 2023-04, value: 650000, by: 制定}]}
values:
  年齢: {is: "満年齢(生年月日, 年度初)", cite: 条例第3条}
  大人の人数: {is: 人数(大人である), cite: 条例第3条}
  世帯の所得: {is: "大きい方(0, 合計(大きい方(0, 所得)) - 控除額(大人の人数))", cite: 条例第5条}
  正確な所得割: {is: 世帯の所得 * 料率, cite: 条例第4条}
  所得割: {is: "切捨て(正確な所得割, 100)", cite: 条例第4条}
  敷地の割合: {is: "四捨五入(床面積 * 100 / 敷地面積)", cite: 条例第8条}
  月の割: {is: "切上げ(所得割 / 12)", cite: 条例第9条}
  賦課額: {is: "小さい方(限度額, 場合(広い家である, 所得割, 月の割) + 均等割(世帯の所得, 住まい))", cite: 条例第7条}
conditions:
  大人である: {is: 年齢 >= 18 and not 学生, cite: 条例第3条, yes: {ja: "大人（{年齢}）", en: "adult ({年齢})", easy: はい}, no: {ja: 大人でない, en: no adult, easy: いいえ}}
  広い家である: {is: 敷地の割合 >= 50, cite: 条例第8条, yes: {ja: "広い（{敷地の割合}）", en: large, easy: はい}, no: {ja: 狭い, en: small, easy: いいえ}}
  大人がいる: {is: いずれか(大人である), cite: 条例第3条, yes: {ja: いる, en: An adult, easy: はい}, no: {ja: いない, en: No adult, easy: いいえ}}
  皆が若い: {is: 全員(年齢 < 30) and 大人の人数 <= 2, cite: 条例第3条, yes: {ja: 若い, en: Young, easy: はい}, no: {ja: 若くない, en: Not young, easy: いいえ}}
  間に合った: {is: "届出日 <= 日後(年度初, 14) and 月後(届出日, 6) > 賦課期日", cite: 条例第9条, yes: {ja: "届出は{限度額}", en: In time, easy: はい}, no: {ja: 遅れた, en: Late, easy: いいえ}}
decide:
  - {if: not 大人がいる, pay: nothing, cite: 条例第3条}
  - {if: 皆が若い and 間に合った, pay: 月の割, as: {ja: 若者, en: young, easy: わかい}, cite: 条例第9条}
  - {if: otherwise, pay: 賦課額, cite: 条例第7条}
"""


def vocabulary() -> str:
    """A card that uses every function there is on a date nobody can foresee, so that no back end can do without it."""
    numbers = {"年数": ", 18", "月数": ", 6", "日数": ", 20", "": ""}
    calls = [f"{name}(届出日{numbers[function.counts]})" for name, function in DATE_FUNCTIONS.items()]
    told = "{ja: そう, en: So, easy: はい}"
    values = "\n".join(
        f'  日{number}: {{is: "{call}", cite: 条例第2条}}' for number, call in enumerate(calls)
    )
    conditions = "\n".join(
        f"  比較{number}: {{is: 日{number} <= 期日, cite: 条例第2条, yes: {told}, no: {told}}}"
        for number in range(len(calls))
    )
    return f"""\
card: vocabulary
programme: {told}
law: {{id: Z, title: 期日条例, amended_by: 令和5年条例第3号, address: "https://example.jp"}}
in_force: {{from: 2023-04}}
confidence: primary
decides: group
unit: {told}
group: {told}
facts:
  届出日: {{of: group, key: notified_on, type: date, ask: {told}}}
  期日: {{of: group, key: due_on, type: date, ask: {told}}}
values:
{values}
conditions:
{conditions}
decide:
  - {{if: {" and ".join(f"比較{number}" for number in range(len(calls)))}, pay: 1, cite: 条例第2条}}
  - {{if: otherwise, pay: nothing, cite: 条例第2条}}
"""


def changed(old: str, new: str, card: str = CARD) -> str:
    """The card with one passage replaced; the passage must be there exactly once."""
    assert card.count(old) == 1, old
    return card.replace(old, new)


RECURRING = {
    "between two words": "月後(年度初, 7) <= 月初",
    "between a named date and a word": "冬の初め <= 月初",
    "with a fact": "小さい方(日後(生年月日, 20000), 月後(年度初, 7)) <= 月初",
    "a fact and a named date": "生年月日 <= 月前(六か月前, 300)",
    "an age some time from now": "満年齢(生年月日, 六か月前) >= 30",
}
"""Conditions that turn with the calendar, or on a day that a name stands for."""


def recurring(condition: str) -> str:
    """The card without an end, with a further condition on renting."""
    dates = {"冬の初め": "月後(年度初, 7)", "六か月前": "月前(月初, 6)"}
    named = "".join(
        f'  {name}: {{is: "{value}", cite: 条例第5条}}\n'
        for name, value in dates.items()
        if name in condition
    )
    card = changed("from: 2023-04, until: 2026-04", "from: 2023-04")
    card = changed("conditions:\n", f"{named}conditions:\n", card)
    return changed("住まい = 借家 and 転入月 < 月", f'"住まい = 借家 and 転入月 < 月 and {condition}"', card)
