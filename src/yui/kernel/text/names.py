"""Names of people and places: kept as received, compared by a separate key, degraded only for display.

Normalising a name destroys it: NFC, not only NFKC, turns U+FA19 into U+795E (神 in its old form into the
common one), as it does with 45 two-byte codes of CP932. So what is stored is what came; only the values
made here are folded.
"""

import unicodedata
from functools import lru_cache

from .contracts import Message, TextProblem, gettext_noop
from .kana import to_katakana

GETA = "〓"
"""Stands for a character that cannot be shown, as in Japanese printing."""

_SMALL_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_DASHES = frozenset("ー-‐‑‒–—―−─━〜~")

# Pairs the MJ reduction map keeps apart although registers use one for the other. First the forms
# exchanged between JIS C 6226-1978 and JIS X 0208-1983 with those that joined them; then the simplified
# forms of JIS X 0208 whose printed standard forms came with JIS X 0213:2000.
_ALSO_ONE = (
    "鯵鰺 鴬鶯 蛎蠣 撹攪 竃竈 潅灌 諌諫 頚頸 砿礦 賎賤 砺礪 梼檮 涛濤 蝿蠅 桧檜 侭儘 薮藪 篭籠 遥遙 凛凜 "
    "噛嚙 躯軀 鹸鹼 麹麴 掻搔 騨驒 嚢囊 溌潑 醗醱 麺麵"
)


class NameProblem(TextProblem):
    """A name that cannot be stored: empty, too long, or with characters no name has."""


def search_key(name: str) -> str:
    """Return the key two spellings of one name share; for finding and comparing, never for showing.

    Variation selectors, width, case, spaces, middle dots, hiragana or katakana, small or large kana and
    kind of dash make no difference, nor do variants of a kanji (髙 and 高, 邉 and 辺, 檮 and 梼). Different
    names may share a key; the person searching decides.

    Source:
        Variants: the first candidate of MJ縮退マップ (文字情報技術促進協議会, CC BY-SA 2.1 JP) in every
        scheme, followed to its end; JIS X 0208:1983 and JIS X 0213:2000 for the pairs it lacks.

    Example:
        >>> search_key("渡邉　はな子") == search_key("渡辺ハナ子")
        True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = "".join(c for c in folded if not (_is_variation_selector(c) or c.isspace() or c == "・"))
    # Composed again, since what was taken out may have parted a letter from its mark.
    kana = to_katakana(unicodedata.normalize("NFKC", plain)).translate(_SMALL_KANA)
    key: list[str] = []
    for character in unicodedata.normalize("NFKC", kana):
        if character == "々" and key and key[-1] >= "㐀":
            key.append(key[-1])
        elif character in _DASHES:
            key.append("ー")
        else:
            key.append(_variant_root(character))
    return "".join(key)


def degrade_name(name: str) -> str:
    """Return a name in characters of JIS X 0213, for screens and systems that know no others.

    Variation selectors go; a character outside JIS X 0213 becomes its first reduced form inside it (𠮷
    becomes 吉), or 〓 where there is none, as for private-use characters. Never store the result in place
    of the name.

    Source:
        MJ縮退マップ (文字情報技術促進協議会, CC BY-SA 2.1 JP), JIS包摂規準・UCS統合規則 first.
    """
    return "".join(_degraded(c) for c in name if not _is_variation_selector(c))


def graphemes(text: str) -> list[str]:
    """Split a name into what a reader sees as single characters.

    A kanji keeps its variation selector, a kana its combining or half-width voicing mark.

    Example:
        >>> [len(g) for g in graphemes("葛\U000e0102城")]
        [2, 1]
    """
    parts: list[str] = []
    for character in text:
        extends = (
            unicodedata.category(character) in ("Mn", "Mc", "Me")
            or _is_variation_selector(character)
            or character in "ﾞﾟ"
        )
        if extends and parts:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def has_private_use(text: str) -> bool:
    """Tell whether a text holds private-use characters (外字).

    They mean nothing outside the system that assigned them; warn before they leave.
    """
    return any(unicodedata.category(c) == "Co" for c in text)


def validate_name(text: str, *, max_length: int = 100) -> str:
    """Return a name unchanged when it can be stored.

    Args:
        text: The name as received.
        max_length: Longest name in graphemes: a kanji with its variation selector is one.

    Raises:
        NameProblem: It is empty or blank, begins or ends with a space, is too long, or holds control or
            invisible characters, a replacement character or a variation selector with nothing to vary.
    """
    if not text.strip():
        raise NameProblem(Message("name_empty", gettext_noop("The name is empty.")))
    if text != text.strip():
        raise NameProblem(Message("name_outer_space", gettext_noop("The name begins or ends with a space.")))
    refused = dict.fromkeys(c for c in text if not _may_stand_in_name(c))
    if _is_variation_selector(text[0]):
        refused[text[0]] = None
    if refused:
        raise NameProblem(
            Message(
                "name_characters",
                gettext_noop("The name holds characters that no name has: %(characters)s."),
                {"characters": " ".join(f"U+{ord(c):04X}" for c in refused)},
            )
        )
    length = len(graphemes(text))
    if length > max_length:
        raise NameProblem(
            Message(
                "name_too_long",
                gettext_noop("The name has %(length)d characters; there is room for %(width)d."),
                {"length": length, "width": max_length},
            )
        )
    return text


def _may_stand_in_name(character: str) -> bool:
    # U+FFFD says that somebody already lost the character. Unassigned characters are let through: a
    # newer Unicode than ours may have them.
    category = unicodedata.category(character)
    return category not in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\ufffd"


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@lru_cache(maxsize=1)
def _one_root() -> dict[str, str]:
    return {_mj_root(pair[0]): _mj_root(pair[1]) for pair in _ALSO_ONE.split()}


@lru_cache(maxsize=65536)
def _variant_root(character: str) -> str:
    if character < "㐀":
        return character
    root = _mj_root(character)
    return _one_root().get(root, root)


def _mj_root(character: str) -> str:
    """Follow first candidates to their end; where they run in a circle (真 and 眞) take its first member."""
    path = [character]
    while True:
        following = _candidates(path[-1], every_scheme=True)[0]
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)


@lru_cache(maxsize=65536)
def _degraded(character: str) -> str:
    if _in_jis_x_0213(character):
        return character
    candidates = [
        *_candidates(character, every_scheme=False),
        *_candidates(character, every_scheme=True),
        unicodedata.normalize("NFKC", character),
    ]
    return next((c for c in candidates if _in_jis_x_0213(c)), GETA)


def _in_jis_x_0213(text: str) -> bool:
    try:
        text.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


def _candidates(character: str, *, every_scheme: bool) -> list[str]:
    # Imported here: the tables are 80 MB, and most callers fold no names.
    from jntajis import MJShrinkSchemeCombo, mj_shrink_candidates

    schemes = MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE
    if every_scheme:
        for scheme in MJShrinkSchemeCombo:
            schemes |= scheme
    found: list[str] = mj_shrink_candidates(character, schemes)
    return found or [character]
