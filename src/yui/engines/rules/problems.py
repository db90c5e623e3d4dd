"""What can be wrong with a card, said in Japanese and English, with line and column."""

from dataclasses import dataclass

# One entry per kind of mistake. Japanese first: the reader is a legal officer.
MESSAGES: dict[str, tuple[str, str]] = {
    "yaml": ("YAMLとして読めません。{detail}", "This is not valid YAML: {detail}"),
    "not_a_card": (
        "カードの最上位は「項目: 内容」の形で書いてください。",
        "The top of a card must be a list of “item: content”.",
    ),
    "missing_item": ("「{where}」に「{item}」がありません。", "“{item}” is missing from “{where}”."),
    "unknown_item": (
        "「{where}」に「{item}」という項目はありません。使えるのは {allowed} です。",
        "“{where}” has no item “{item}”. Allowed: {allowed}.",
    ),
    "duplicate_item": ("「{item}」が二度書かれています。", "“{item}” is written twice."),
    "duplicate_name": (
        "「{name}」という名前は既に使われています。別の名前にしてください。",
        "The name “{name}” is already taken. Choose another.",
    ),
    "bad_name": (
        "「{name}」は名前に使えません。文字・数字・下線だけで書き、予約語を避けてください。",
        "“{name}” cannot be a name. Use letters, digits and underscores, and no reserved word.",
    ),
    "wrong_form": ("「{where}」は{wanted_ja}で書いてください。", "“{where}” must be {wanted_en}."),
    "not_whole": (
        "「{value}」は整数ではありません。金額・人数は小数を使わず整数で書いてください。",
        "“{value}” is not a whole number. Amounts and counts are written without decimals.",
    ),
    "bad_month": (
        "「{value}」は年月として読めません。2024-10 のように書いてください。",
        "“{value}” is not a month. Write it like 2024-10.",
    ),
    "bad_date": (
        "「{value}」は日付として読めません。2024-06-12 のように書いてください。",
        "“{value}” is not a date. Write it like 2024-06-12.",
    ),
    "missing_citation": (
        "「{where}」に根拠条文（cite）がありません。第何条か書いてください。",
        "“{where}” has no citation (cite). Say which article it rests on.",
    ),
    "bad_citation": (
        "「{where}」の根拠「{value}」に条・附則・告示・通知などの指定がありません。",
        "The citation “{value}” of “{where}” names no article, notice or circular.",
    ),
    "missing_sentence": (
        "「{where}」に{language}の文がありません。ja・en・easy の三つが要ります。",
        "“{where}” has no sentence in {language}. All of ja, en and easy are needed.",
    ),
    "unknown_placeholder": (
        "「{where}」の文の {{{name}}} が分かりません。表・値・順位の名前だけが使えます。",
        "{{{name}}} in a sentence of “{where}” is unknown. Only tables, values and ranks can be shown.",
    ),
    "bad_expression": (
        "式「{text}」のここが読めません。使える記号は and or not = != < <= > >= + - * ( ) です（半角）。",
        "The expression “{text}” cannot be read here. Allowed: and or not = != < <= > >= + - * ( ).",
    ),
    "undefined_name": (
        "「{name}」はどこにも定義されていません。{hint}",
        "“{name}” is not defined anywhere. {hint_en}",
    ),
    "type_mismatch": (
        "{left}と{right}は「{operator}」で組み合わせられません。",
        "{left_en} and {right_en} cannot be combined with “{operator}”.",
    ),
    "wrong_type": (
        "「{where}」は{wanted}でなければなりませんが、{found}になっています。",
        "“{where}” must be {wanted_en} but is {found_en}.",
    ),
    "wrong_arguments": (
        "「{name}」は {form} の形で使います。",
        "“{name}” is used in the form {form}.",
    ),
    "circular": (
        "定義が循環しています：{names}。",
        "These definitions go round in a circle: {names}.",
    ),
    "empty_table": ("表「{name}」に値がありません。", "The table “{name}” has no values."),
    "table_order": (
        "表「{name}」の {month} からの値が、前の行より後になっていません（重複または逆順）。",
        "In the table “{name}” the value from {month} does not come after the one before (overlap or wrong order).",
    ),
    "table_gap": (
        "表「{name}」には {start} から {until} の前までの値がありません。",
        "The table “{name}” has no value from {start} until {until}.",
    ),
    "bad_ratio": (
        "「{value}」は割合として読めません。0.0764、7.64%、1/6 のように書いてください。",
        "“{value}” is not a ratio. Write it like 0.0764, 7.64% or 1/6.",
    ),
    "bad_key": (
        "表「{name}」の keys の「{key}」は使えません。integer、yen、または区分（enum）の項目の名前を書いてください。",
        "“{key}” cannot be a key of the table “{name}”. Use integer, yen or the name of a fact of type enum.",
    ),
    "bad_row": (
        "表「{name}」の行は [{form}] の形で書いてください。",
        "A row of the table “{name}” is written [{form}].",
    ),
    "bad_step": (
        "表「{name}」の「{value}」は「{fact}」の選択肢にありません。",
        "“{value}” in the table “{name}” is no choice of “{fact}”.",
    ),
    "incomplete_table": (
        "表「{name}」の行に、抜けまたは重複があります：{missing}。",
        "Rows of the table “{name}” are missing or doubled: {missing}.",
    ),
    "below_table": (
        "表「{name}」の最初の行より小さい値になることがあります。最初の行を 0 からにするか、"
        "大きい方(0, …) を使ってください。",
        "The table “{name}” can be read below its first row. Begin it at 0, or use 大きい方(0, …).",
    ),
    "division": (
        "「/」で割れるのは、書かれた正の整数か、切捨て・切上げ・四捨五入の中だけです。",
        "Divide by a positive whole number that is written out, or inside a rounding (切捨て, 切上げ, 四捨五入).",
    ),
    "not_rounded": (
        "「{where}」は円未満（整数未満）の端数を持ちます。切捨て・切上げ・四捨五入のどれかで整数にしてください。",
        "“{where}” is not whole. Make it so by 切捨て, 切上げ or 四捨五入, as the law says.",
    ),
    "too_large": (
        "「{where}」の計算は大きすぎて正確に扱えないことがあります。項目の most を実際の上限にするか、"
        "先に端数処理をしてください。",
        "“{where}” can become too large to be exact. State the real limit of its facts (most), or round earlier.",
    ),
    "gathers_nothing": (
        "「{name}」の中には、一人ごとに違うものを書いてください。",
        "“{name}” needs something that differs from unit to unit.",
    ),
    "row_level": (
        "世帯などを一つとして決めるカード（decides: group）の決定表で、一人ごとの値は使えません。"
        "いずれか・全員・合計などでまとめてください。",
        "A card that decides about the group (decides: group) cannot use a unit's own value in a row; gather it first.",
    ),
    "placeholder_level": (
        "「{where}」の文の {{{name}}} は一人ごとに違うため、世帯などについての文では示せません。",
        "{{{name}}} in a sentence of “{where}” differs from unit to unit and cannot be shown for the group.",
    ),
    "rank_key": (
        "順位「{name}」の by には、並べる基準を一つだけ書いてください。",
        "“by” of the rank “{name}” takes exactly one key.",
    ),
    "rank_compared": (
        "順位「{name}」は、数との比較（>= 3 など）にだけ使えます。",
        "The rank “{name}” may only be compared with a number (as in >= 3).",
    ),
    "bounds": (
        "「{where}」の least が most より大きくなっています。",
        "“{where}” has a least above its most.",
    ),
    "negative": ("「{where}」が負の数になっています。", "“{where}” is negative."),
    "rank_ties": (
        "順位「{name}」は同順位になり得ます。ties に、同じときの並べ方とそれでよい理由を書いてください。",
        "The rank “{name}” can have ties. Say under “ties” how equals are ordered and why that does no harm.",
    ),
    "rank_among": (
        "順位「{name}」の among には、一人ごとの条件の名前を書いてください。",
        "“among” of the rank “{name}” must name a condition of the unit.",
    ),
    "row_not_conditions": (
        "決定表の if には名前の付いた条件だけを and・or・not でつないで書きます。「{text}」は条件ではありません。",
        "In a decision row “if” joins named conditions with and, or, not. “{text}” is not a condition.",
    ),
    "no_otherwise": (
        "決定表の最後の行は if: otherwise にしてください。どの行にも当たらない場合が残ります。",
        "The last row must be “if: otherwise”; some cases match no row.",
    ),
    "unreachable_row": (
        "この行には決して到達しません。前の行で全て決まります。",
        "This row is never reached: the rows above decide every case.",
    ),
    "unused": (
        "「{name}」はどこからも使われていません。消すか、使ってください。",
        "“{name}” is not used anywhere. Remove it or use it.",
    ),
    "period_order": (
        "施行期間の終わりが始まりより前です。",
        "The period in force ends before it begins.",
    ),
    "confidence": (
        "出典の確かさ（confidence）は primary・secondary・general のいずれかです。",
        "confidence must be primary, secondary or general.",
    ),
    "missing_check": (
        "confidence が primary でないカードには、何を確認すべきか（check）を書いてください。",
        "A card whose confidence is not primary must say what to check (check).",
    ),
    "bad_age": (
        "「{value}」は年齢として読めません。生後2月・出生6週0日後・11歳・12歳の年度初 のように書いてください"
        "（後ろに「の翌日」を付けられます）。",
        "“{value}” is not an age. Write it like 生後2月, 出生6週0日後, 11歳 or 12歳の年度初 (の翌日 may follow).",
    ),
    "bad_interval": (
        "「{value}」は間隔として読めません。27日・6月 のように書いてください。",
        "“{value}” is not an interval. Write it like 27日 or 6月.",
    ),
    "window_order": (
        "「{where}」の終わりが始まりより前になることがあります。",
        "“{where}” can end before it begins.",
    ),
    "not_earlier": (
        "「{name}」は{number}回目より前の回ではありません。前の回の番号か、前回 を書いてください。",
        "“{name}” is no dose before dose {number}. Write the number of an earlier dose, or 前回.",
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a card.

    Attributes:
        line: Line, counted from 1.
        column: Column, counted from 1.
        code: The kind of mistake, a key of :data:`MESSAGES`.
    """

    line: int
    column: int
    code: str
    ja: str
    en: str

    def __str__(self) -> str:
        place = f"{self.line}行{self.column}桁 line {self.line}, column {self.column} [{self.code}]"
        return f"{place}\n  {self.ja}\n  {self.en}"


def problem(code: str, line: int, column: int, **details: object) -> Problem:
    """Writes out a mistake in both languages."""
    ja, en = MESSAGES[code]
    return Problem(line, column, code, ja.format(**details), en.format(**details))


class CardError(ValueError):
    """A card cannot be used; says everything that is wrong with it at once.

    Attributes:
        problems: The mistakes in the order of the text.
    """

    def __init__(self, problems: list[Problem], source: str = "") -> None:
        self.problems = tuple(sorted(problems))
        self.source = source
        super().__init__("\n".join([source, *map(str, self.problems)] if source else map(str, self.problems)))
