"""A small made-up card that the tests of the engine change line by line."""

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
  人数: {of: group, key: members, type: integer, ask: {ja: 人数は, en: How many?, easy: なんにん}}
  住まい: {of: group, key: tenure, type: enum, choices: {持家: owned, 借家: rented}, ask: {ja: 住まいは, en: Tenure?, easy: いえ}}
  転入月: {of: group, key: moved_in, type: month, ask: {ja: 転入は, en: Moved when?, easy: いつ}}
tables:
  月額: {type: yen, cite: 条例第4条, values: [{from: 2023-04, value: 3000, by: 制定}, {from: 2024-04, value: 4000, by: 改正}]}
  3人目額: {type: yen, cite: 条例第4条, values: [{from: 2023-04, value: 9000, by: 制定}]}
  一人当たり限度: {type: yen, cite: 条例第5条, values: [{from: 2023-04, value: 1000000, by: 制定}]}
values:
  限度額: {is: 一人当たり限度 * 人数, cite: 条例第5条}
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


def changed(old: str, new: str) -> str:
    """The card with one passage replaced; the passage must be there exactly once."""
    assert CARD.count(old) == 1, old
    return CARD.replace(old, new)
