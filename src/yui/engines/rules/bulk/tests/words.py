"""A made-up card that uses what other cards leave out, with more conditions than fit into one vector."""

from yui.engines.rules.tests.cards import CARD

DATES = {
    "到達": "到達日(生年月日, 18)",
    "年度末の日": "最初の年度末(生年月日, 6)",
    "誕生月": "誕生月末(生年月日, 3)",
    "翌月": "翌月初(生年月日)",
    "半年後": "月後(生年月日, 6)",
    "一月前": "月前(生年月日, 1)",
    "二週間後": "日後(生年月日, 14)",
    "九十日前": "日前(到達, 90)",
    "遅い方": "大きい方(届出日, 半年後)",
    "早い方": "小さい方(届出日, 到達)",
    "選んだ日": "場合(障害, 届出日, 翌月)",
}
NUMBERS = {
    "差": "収入 - 資産",
    "差の差": "100 - (差 - (資産 - 収入))",
    "下へ": "切捨て(差 / 世帯人数, 100)",
    "上へ": "切上げ(差 * 2/3 / 世帯人数, 10)",
    "近くへ": "四捨五入(差 * 1/6)",
    "人数の差": "世帯人数 - 3",
    "負で割る": "切捨て(差 / 人数の差)",
    "負で割って上へ": "切上げ(差 / 人数の差)",
    "負で割って近くへ": "四捨五入(差 / 人数の差)",
    "多い方": "大きい方(差, 資産)",
    "皆の分": "合計(場合(障害, 分, 分 * 2 - 合計(分)))",
    "選んだ数": "場合(障害, 収入, 資産)",
    "年": "満年齢(生年月日, 日後(年度初, 14))",
}
CONDITIONS = {
    **{f"{name}が過ぎた": f"{name} < 届出日" for name in DATES},
    **{f"{name}の日である": f"{name} = 届出日" for name in DATES},
    "大人": "年 >= 18",
    "対象": "(障害 or 大人) and not 差 < 下へ",
    "皆が対象": "全員(対象)",
    "誰かが対象": "いずれか(対象 = 障害)",
    "対象が二人": "人数(対象) = 2",
    "先頭": "順番 = 1",
    "先頭でない": "順番 != 1",
    "人数まで": "順番 <= 世帯人数",
    "人数より前": "順番 < 世帯人数",
    "人数より後": "順番 > 世帯人数",
    "並びが違う": "順番 > 分の順番",
    "並びが同じ": "区分の順番 = 分の順番",
    "持家でない": "住まい != 持家",
    "どちらか": "(皆が対象 != 誰かが対象) = (対象が二人 or not (大人 and not 障害))",
    "月が違う": "転入月 != 月",
}
RANKS = {"順番": "生年月日", "分の順番": "分", "区分の順番": "種類"}


def _words() -> str:
    """Every value and rank is shown in a sentence, so that none is unused."""
    start = CARD[: CARD.index("facts:")].replace("heating_aid", "every_word")
    ask = "ask: {ja: 何ですか, en: What?, easy: なに}"
    facts = [
        ("生年月日", "unit", "born_on", "date"),
        ("障害", "unit", "disabled", "bool"),
        ("分", "unit", "share", "integer, least: -20, most: 20"),
        ("種類", "unit", "kind", "enum, choices: {甲: B, 乙: a, 丙: あ}"),
        ("届出日", "group", "notified_on", "date"),
        ("収入", "group", "income_yen", "yen, most: 1000"),
        ("資産", "group", "assets_yen", "yen, most: 1000"),
        ("世帯人数", "group", "members", "integer, most: 6"),
        ("住まい", "group", "tenure", "enum, choices: {持家: owned, 借家: rented}"),
        ("転入月", "group", "moved_in", "month"),
    ]
    shown = " ".join(f"{{{name}}}" for name in (*DATES, *NUMBERS, *RANKS))
    said = f"{{ja: '{shown}', en: '{shown}', easy: '{shown}'}}"
    lines = [start, "facts:"]
    lines += [f"  {name}: {{of: {of}, key: {key}, type: {kind}, {ask}}}" for name, of, key, kind in facts]
    lines.append("values:")
    lines += [f"  {name}: {{is: '{text}', cite: 第1条}}" for name, text in {**DATES, **NUMBERS}.items()]
    lines.append("conditions:")
    lines += [
        f"  {name}: {{is: '{text}', cite: 第1条, yes: {said}, no: {said}}}"
        for name, text in CONDITIONS.items()
    ]
    lines.append("ranks:")
    ties = "ties: {by: 番号, because: 同じ}"
    lines += [f"  {name}: {{among: 対象, by: [{key}], {ties}, cite: 第1条}}" for name, key in RANKS.items()]
    lines.append("decide:")
    names = list(CONDITIONS)
    for place in range(0, len(names), 3):
        condition = " and ".join(names[place : place + 3])
        pay = ("nothing", "選んだ数", "3000", "多い方")[place // 3 % 4]
        lines.append(f"  - {{if: {condition}, pay: {pay}, cite: 第2条}}")
    lines.append("  - {if: otherwise, pay: 負で割る + 差の差, cite: 第2条}")
    return "\n".join(lines) + "\n"


WORDS = _words()
