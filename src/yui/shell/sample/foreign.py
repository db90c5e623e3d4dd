"""Foreign residents: which households are, what they are called, on what status they stay."""

from datetime import date
from random import Random

from yui.shell.sample.figures import read_table
from yui.shell.sample.geography import Municipality
from yui.shell.sample.naming import Name
from yui.shell.sample.structures import Household

_UNLIMITED = "永住者"
_WORKERS = (
    "技能実習",
    "技能実習",
    "特定技能１号",
    "特定技能１号",
    "技術・人文知識・国際業務",
    "留学",
    _UNLIMITED,
)
_ADULTS_OF_FAMILY = (_UNLIMITED, _UNLIMITED, "定住者")
_CHILDREN_OF_FAMILY = (_UNLIMITED, "定住者", "家族滞在")
_MARRIED_TO_JAPANESE = ("日本人の配偶者等", _UNLIMITED)
_IN_DORMITORIES = ("技能実習", "特定技能１号")


class ForeignResidents:
    """Turns some households of a municipality into foreign ones."""

    def __init__(self, place: Municipality, today: int) -> None:
        """Read the names; `today` is the ordinal of the day of the sample."""
        # Only some kinds of households are eligible, so that each is asked more often.
        self.chance = place.foreign_share * 5
        self._today = today
        self._nationalities: list[str] = []
        self._parts: dict[tuple[str, str, int], list[Name]] = {}
        for row in read_table("foreign_names.csv"):
            key = (row["nationality"], row["part"], int(row["sex"]))
            if row["nationality"] not in self._nationalities:
                self._nationalities += [row["nationality"]] * int(row["weight"])
            self._parts.setdefault(key, []).append((row["latin"], row["kana"]))

    def settle(self, household: Household, rng: Random) -> None:
        """Make the household, or the spouse in it, foreign where that is plausible."""
        members = household.members
        head = members[0]
        random = rng.random
        spouse_only = False
        if household.kind == "single":
            if head.age > 62 or random() < (0.2 if head.age < 40 else 0.7):
                return
        elif household.kind in ("couple", "family", "lone_parent"):
            if head.age > 60 or random() < 0.35:
                return
            spouse_only = members[-1] is not head and members[1].role == "spouse" and random() < 0.4
        else:
            return
        nationality = rng.choice(self._nationalities)
        family = rng.choice(self._parts[nationality, "family", 0])
        taken: list[Name] = []
        for person in members[1:2] if spouse_only else members:
            person.family, person.family_kana = family
            names = self._parts[nationality, "given", person.sex]
            given = rng.choice([name for name in names if name not in taken] or names)
            taken.append(given)
            person.given, person.given_kana = given
            person.nationality = nationality
            if spouse_only:
                person.status = rng.choice(_MARRIED_TO_JAPANESE)
            elif household.kind == "single":
                person.status = rng.choice(_WORKERS if person.age <= 32 else _WORKERS[:5])
            else:
                adult = person.role in ("head", "spouse")
                person.status = rng.choice(_ADULTS_OF_FAMILY if adult else _CHILDREN_OF_FAMILY)
            if person.status != _UNLIMITED:
                person.status_until = date.fromordinal(self._today + rng.randrange(60, 1095)).isoformat()
        if household.kind == "single" and head.status in _IN_DORMITORIES and random() < 0.7:
            household.kind = "dormitory"
