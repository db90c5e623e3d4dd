"""Surnames and given names with readings, as common as they are among people of that age.

Surnames come weighted by the number of bearers, given names from a list by year of birth
(`data/given_names.csv`) plus a tail of rarer names whose kanji are usual in names. Choosing is
one table look-up: every table holds each name as often as it is borne.
"""

from collections import Counter
from functools import cache
from random import Random

from japanese_personal_name_dataset import load_dataset

from yui.shell.sample.figures import read_table

Name = tuple[str, str]
"""Writing and katakana reading."""

FIRST_COHORT = 1915
LAST_COHORT = 2030
_COHORT_YEARS = 5
_GIVEN_SLOTS = 4096
_SURNAME_SLOTS = 16384
# Lists of the most frequent names cover less and less: parents of today choose from thousands.
_TAIL_SHARE_BY_BIRTH_YEAR = ((1925, 0.15), (1950, 0.15), (1977, 0.22), (1990, 0.28), (2019, 0.34))
_TAIL_NAMES = 900

_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

# Last characters that date a name; all others are taken for the decades around 1975.
_OLD_ENDINGS = {1: "夫男雄郎吉蔵治三次二一", 2: "子江枝代"}
_NEW_ENDINGS = {1: "太斗翔大樹真輝人介平馬空海陽希音", 2: "奈菜花愛衣音羽月莉乃咲希葉彩夏帆"}


def katakana(hiragana: str) -> str:
    """Return the reading in katakana."""
    return hiragana.translate(_KATAKANA)


def _slots(weights: list[tuple[Name, float]], slots: int, rng: Random) -> list[Name]:
    """Return a list of exactly `slots` names in which each stands in proportion to its weight.

    What falls between whole slots is drawn, so rare names appear in some tables and not in others.
    """
    scale = slots / sum(weight for _, weight in weights)
    table: list[Name] = []
    due = rng.random()
    for name, weight in weights:
        due += weight * scale
        whole = int(due)
        due -= whole
        table += [name] * whole
    while len(table) < slots:
        table.append(weights[len(table) % len(weights)][0])
    return table[:slots]


def _between(points: tuple[tuple[int, float], ...], year: int) -> float:
    before = points[0]
    for point in points:
        if point[0] >= year:
            span = point[0] - before[0]
            return before[1] if not span else before[1] + (point[1] - before[1]) * (year - before[0]) / span
        before = point
    return points[-1][1]


@cache
def _listed_names() -> dict[int, dict[int, list[tuple[Name, float]]]]:
    """Return sex → year of birth → names with weight (the first about twice the tenth)."""
    listed: dict[int, dict[int, list[tuple[Name, float]]]] = {1: {}, 2: {}}
    for row in read_table("given_names.csv"):
        name = (row["kanji"], katakana(row["kana"]))
        by_year = listed[int(row["sex"])].setdefault(int(row["born_around"]), [])
        by_year.append((name, 1 / (int(row["rank"]) + 8)))
    return listed


@cache
def _tail_names(sex: int) -> list[tuple[Name, int]]:
    """Return rarer names and the character each ends in, best known kanji first."""
    popular = load_dataset("opti")[sex - 1]
    pairs = [(kanji, reading) for reading, entry in popular.items() for kanji in entry["kanji"]]
    common = Counter(character for kanji, _ in pairs for character in kanji)
    # One reading per writing, the one shared with most other writings: the others are seldom meant.
    pairs.sort(key=lambda pair: (len(popular[pair[1]]["kanji"]), pair[1]))
    readings = {kanji: reading for kanji, reading in pairs if 1 < len(kanji) <= 3 and kanji[0] != kanji[1]}
    ranked = sorted(readings, key=lambda kanji: (-min(common[character] for character in kanji), kanji))
    return [((kanji, katakana(readings[kanji])), ord(kanji[-1])) for kanji in ranked[:_TAIL_NAMES]]


def _fits(sex: int, ending: int, year: int) -> float:
    character = chr(ending)
    if character in _OLD_ENDINGS[sex]:
        return _between(((1950, 1.0), (1975, 0.45), (1990, 0.08), (2010, 0.03)), year)
    if character in _NEW_ENDINGS[sex]:
        return _between(((1930, 0.01), (1960, 0.05), (1980, 0.4), (1995, 1.0)), year)
    return _between(((1930, 0.2), (1955, 0.8), (1980, 1.0), (2000, 0.25), (2015, 0.06)), year)


class Names:
    """The name tables of one sample."""

    def __init__(self, seed: int) -> None:
        """Build the tables; takes about a third of a second."""
        rng = Random(f"{seed}/names")  # noqa: S311 (reproducible, nothing secret)
        self.surnames = self._surname_table(rng)
        self._given = {
            sex: [
                self._given_table(sex, year, rng)
                for year in range(FIRST_COHORT, LAST_COHORT + 1, _COHORT_YEARS)
            ]
            for sex in (1, 2)
        }

    @staticmethod
    def _surname_table(rng: Random) -> list[Name]:
        variants: dict[str, list[tuple[str, int]]] = {}
        for row in read_table("surname_variants.csv"):
            variants.setdefault(row["surname"], []).append((row["variant"], int(row["per_mille"])))
        weights: list[tuple[Name, float]] = []
        surnames = load_dataset("org", include_last_names=True)[2]
        written = {variant for pairs in variants.values() for variant, _ in pairs}
        for kanji, entry in surnames.items():
            if kanji in written:
                continue
            kana, count = katakana(entry["reading"]), entry["count"]
            own = 1000
            for variant, per_mille in variants.get(kanji, ()):
                weights.append(((variant, kana), count * per_mille / 1000))
                own -= per_mille
            weights.append(((kanji, kana), count * own / 1000))
        return _slots(weights, _SURNAME_SLOTS, rng)

    @staticmethod
    def _given_table(sex: int, year: int, rng: Random) -> list[Name]:
        listed = _listed_names()[sex]
        years = sorted(listed)
        near: dict[Name, float] = {}
        for centre in years:
            # Fashions of neighbouring years overlap; the weight falls to nothing at the next list.
            position = years.index(centre)
            left = years[position - 1] if position else centre - 50
            right = years[position + 1] if position + 1 < len(years) else centre + 50
            closeness = _between(
                ((left, 0.0), (centre, 1.0), (right, 0.0)), min(max(year, years[0]), years[-1])
            )
            if closeness <= 0:
                continue
            total = sum(weight for _, weight in listed[centre])
            for name, weight in listed[centre]:
                near[name] = near.get(name, 0.0) + closeness * weight / total
        tail = [(name, _fits(sex, ending, year)) for name, ending in _tail_names(sex) if name not in near]
        tail_share = _between(_TAIL_SHARE_BY_BIRTH_YEAR, year)
        tail_total, near_total = sum(weight for _, weight in tail), sum(near.values())
        weights = [(name, weight / near_total * (1 - tail_share)) for name, weight in near.items()]
        weights += [(name, weight / tail_total * tail_share) for name, weight in tail]
        return _slots(weights, _GIVEN_SLOTS, rng)

    def given_table(self, sex: int, birth_year: int) -> list[Name]:
        """Return the table to draw a given name of that sex and year of birth from."""
        cohort = (min(max(birth_year, FIRST_COHORT), LAST_COHORT) - FIRST_COHORT) // _COHORT_YEARS
        return self._given[sex][cohort]
