"""What is told about a window, in Japanese, English and plain Japanese, with its article."""

from collections.abc import Iterable
from dataclasses import dataclass

from yui.engines.rules.schedules.card import Dose, Series
from yui.engines.rules.schedules.windows import Missing, Span, Wait, Window, WindowState
from yui.engines.rules.texts import Language, Text, write_value

PART = {
    "初回": Text("初回{n}回目", "primary dose {n}", "はじめの {n}回目（かいめ）"),
    "追加": Text("追加", "booster", "追加（ついか）"),
    "": Text("{n}回目", "dose {n}", "{n}回目（かいめ）"),
}
BORN_ON = Text(
    "生年月日を教えてください。",
    "What is the date of birth?",
    "生（う）まれた 日（ひ）を 教（おし）えて ください。",
)
PRODUCT = Text(
    "{name}の1回目に受けたのは、どのワクチンですか（{choices}）。",
    "Which product was given as dose 1 of {name} ({choices})?",
    "{name}の 1回目（かいめ）は どの ワクチンですか（{choices}）。",
)
DOSE_DAY = Text(
    "{name}の{n}回目を受けた日はいつですか。",
    "On which day was dose {n} of {name} given?",
    "{name}の {n}回目（かいめ）は いつ 受（う）けましたか。",
)
STATES = {
    WindowState.OPEN: Text(
        "{label}を受けられます（{first}から{last}まで）。",
        "{label} can be given now ({first} to {last}).",
        "{label}を 受（う）けることが できます。{first}から {last}までです。",
    ),
    WindowState.WAITING: Text(
        "{label}は、{first}から受けられます（{last}まで）。",
        "{label} can be given from {first} (until {last}).",
        "{label}は {first}から 受（う）けることが できます。{last}までです。",
    ),
    WindowState.DONE: Text(
        "{name}は、必要な回数を受け終わっています。",
        "{name} is complete.",
        "{name}は 全部（ぜんぶ） 終（お）わりました。",
    ),
    WindowState.QUESTION: Text(
        "{name}は、次のことが分かれば決まります。",
        "{name} depends on what is asked here.",
        "{name}は、次（つぎ）の ことを 教（おし）えて ください。",
    ),
}
OVER = Text(
    "{name}を受けられる期間は、{last}で終わりました。",
    "The time for {name} ended on {last}.",
    "{name}を 受（う）ける 期間（きかん）は {last}で 終（お）わりました。",
)
TOO_LATE = Text(
    "{label}は、間隔をおくと、受けられる期間（{last}まで）に間に合いません。",
    "{label} cannot be given in time: the interval ends after {last}.",
    "{label}は、間（あいだ）を あけると {last}までに 間（ま）に 合（あ）いません。",
)
IRREGULAR = Text(
    "{label}を受けた{day}は、定められた期間に入っていません。"
    "1回として数えるかどうかを、市区町村と医師に確認してください。",
    "{label} was given on {day}, outside its time. Ask the municipality and the doctor whether it counts.",
    "{label}を 受（う）けた {day}は、決（き）まった 期間（きかん）では ありません。 "
    "市役所（しやくしょ）や 医者（いしゃ）に 聞（き）いて ください。",
)
ITS_TIME = Text(
    "定められた期間は{first}から{last}までです。",
    "Its time is {first} to {last}.",
    "決（き）まった 期間（きかん）は {first}から {last}までです。",
)
IF_CONCERNED = Text(
    "対象の場合、受けられるのは{first}から{last}までです。",
    "If concerned, the time is {first} to {last}.",
    "受（う）けることが できる ときは、{first}から {last}までです。",
)
MIXED = Text(
    "{name}のほかに{others}を受けているため、残りの回数を市区町村と医師に確認してください。",
    "{others} was given beside {name}; ask the municipality and the doctor which doses remain.",
    "{name}と {others}を 受（う）けています。 市役所（しやくしょ）や 医者（いしゃ）に 聞（き）いて ください。",
)
REPLACED = Text(
    "{name}の代わりに、{others}を受けます。",
    "{others} is given instead of {name}.",
    "{name}の かわりに {others}を 受（う）けます。",
)
NO_COURSE = Text(
    "{name}は、この表では決められません。市区町村に確認してください。",
    "This schedule does not decide about {name}; ask the municipality.",
    "{name}は、市役所（しやくしょ）に 聞（き）いて ください。",
)
STANDARD = Text(
    "標準的な時期は{first}から{last}までです。",
    "The recommended time is {first} to {last}.",
    "すすめる 時期（じき）は {first}から {last}までです。",
)
WAIT_AGE = Text(
    "この日に、受けられる年齢になります。",
    "On that day the age is reached.",
    "この 日（ひ）に、受（う）けられる 年（とし）に なります。",
)
WAIT_DOSE = Text(
    "{name}を受けた{day}から、{least}以上の間隔をおきます。",
    "At least {least} lie between it and {name} of {day}.",
    "{name}を 受（う）けた {day}から {least}以上（いじょう） 間（あいだ）を あけます。",
)
WAIT_DAY = Text(
    "{name}を受けた{day}より後に受けます。",
    "It follows after {name} of {day}.",
    "{name}を 受（う）けた {day}より 後（あと）です。",
)


@dataclass(frozen=True, slots=True)
class WindowExplanation:
    """What is told about a window.

    Attributes:
        reason: The sentences.
        cite: The articles they rest on: of the series, of the course where there is one.
        questions: The facts to ask for, by key.
    """

    reason: Text
    cite: str
    questions: tuple[tuple[str, Text], ...]


def explain_window(window: Window) -> WindowExplanation:
    """The reason of a window in all languages, with its articles and questions."""
    cites = [window.series.cite, window.course.cite if window.course else ""]
    kind = window.series.kind
    if any(wait.series not in ("", window.series.key) for wait in window.waits):
        cites.append(window.card.between[kind].cite)
    questions = tuple((missing.key, _question(window, missing)) for missing in window.missing)
    reason = Text(*(_reason(window, language) for language in Language))
    return WindowExplanation(reason, "、".join(dict.fromkeys(cite for cite in cites if cite)), questions)


def _reason(window: Window, language: Language) -> str:
    sentences = [_main(window, language)]
    days = _days(window.lawful, language) if window.lawful else {}
    if window.irregular is not None and window.lawful and window.lawful.first <= window.lawful.last:
        sentences.append(_write(ITS_TIME, language, **days))
    if window.state is WindowState.QUESTION and window.lawful:
        sentences.append(_write(IF_CONCERNED, language, **days))
    if window.state is WindowState.WAITING:
        sentences += [_wait(window, wait, language) for wait in window.waits]
    if window.state in (WindowState.OPEN, WindowState.WAITING, WindowState.QUESTION):
        if window.standard is not None and window.on <= window.standard.last:
            sentences.append(_write(STANDARD, language, **_days(window.standard, language)))
        if window.series.note is not None:
            sentences.append(window.series.note.spoken(language))
    return ("" if language is Language.JA else " ").join(sentences)


def _main(window: Window, language: Language) -> str:
    if window.no is not None:
        return window.no.spoken(language)
    words = {"name": _name(window.series, window.product, language), "label": label(window, language)}
    words["others"] = (", " if language is Language.EN else "と").join(
        window.card.series[key].name.spoken(language) for key in window.instead
    )
    words |= _days(window.lawful, language) if window.lawful else {}
    match window.state:
        case WindowState.OVER:
            in_time = window.lawful is not None and window.on <= window.lawful.last
            return _write(TOO_LATE if in_time else OVER, language, **words)
        case WindowState.NOT_CONCERNED:
            return _write(REPLACED, language, **words)
        case WindowState.REFERRED if window.irregular is not None:
            return _write(IRREGULAR, language, day=write_value(window.irregular, language), **words)
        case WindowState.REFERRED:
            return _write(MIXED if window.instead else NO_COURSE, language, **words)
        case _:
            return _write(STATES[window.state], language, **words)


def label(window: Window, language: Language | str) -> str:
    """The dose a window is about: its series, and its number where there is more than one."""
    name = _name(window.series, window.product, Language(language))
    if window.dose is None or window.course is None or window.total == 1:
        return name
    dose = _write(PART[window.dose.part], Language(language), n=place_of(window.dose, window.course.doses))
    return {Language.JA: f"{name}の{dose}", Language.EN: f"{name}, {dose},"}.get(
        Language(language), f"{name}の {dose}"
    )


def place_of(dose: Dose, doses: Iterable[Dose]) -> int:
    """The place of a dose among those of its part."""
    return sum(other.part == dose.part and other.number <= dose.number for other in doses)


def _wait(window: Window, wait: Wait, language: Language) -> str:
    if wait.dose_on is None:
        return _write(WAIT_AGE, language)
    name = window.card.series[wait.series].name.spoken(language)
    day = write_value(wait.dose_on, language)
    if wait.least is None:
        return _write(WAIT_DAY, language, name=name, day=day)
    ja, en = wait.least.words()
    least = en if language is Language.EN else ja
    return _write(WAIT_DOSE, language, name=name, day=day, least=least)


def _question(window: Window, missing: Missing) -> Text:
    if missing.ask is not None:
        return missing.ask
    if missing.key == "born_on":
        return BORN_ON
    key, part = missing.key.split(".")
    series = window.card.series[key]
    form = PRODUCT if part == "product" else DOSE_DAY
    sentences = []
    for language in Language:
        choices = (", " if language is Language.EN else "・").join(
            name.spoken(language) for name in series.products.values()
        )
        sentences.append(_write(form, language, name=series.name.spoken(language), n=part, choices=choices))
    return Text(*sentences)


def _name(series: Series, product: str, language: Language) -> str:
    name = series.name.spoken(language)
    if not product:
        return name
    kind = series.products[product].spoken(language)
    forms = {Language.JA: f"{name}（{kind}）", Language.EN: f"{name} ({kind})"}
    return forms.get(language, f"{name} {kind}")


def _days(span: Span, language: Language) -> dict[str, str]:
    return {"first": write_value(span.first, language), "last": write_value(span.last, language)}


def _write(text: Text, language: Language, **words: object) -> str:
    return text.spoken(language).format(**words)
