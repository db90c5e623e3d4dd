"""What the generator hands from room to room: a person and a household.

Both are mutable on purpose: a million of them are filled in by three passes (who lives with
whom, who they are, how the register writes them down), each adding its own fields.
"""

from typing import Any


class Person:
    """One invented resident.

    `age` is in completed years on the day of the sample; `born`, `became`, `since` and
    `notified` are proleptic ordinals (`date.toordinal`), which are cheaper than dates.
    """

    __slots__ = (
        "age",
        "became",
        "became_by",
        "born",
        "born_text",
        "domicile",
        "domicile_head",
        "family",
        "family_kana",
        "former",
        "former_kana",
        "given",
        "given_kana",
        "nationality",
        "notified",
        "number",
        "previous",
        "relationship",
        "role",
        "sex",
        "since",
        "status",
        "status_until",
    )

    def __init__(self, sex: int, age: int, role: str) -> None:
        self.sex = sex
        self.age = age
        self.role = role
        self.born = 0
        self.born_text = ""
        self.family = ""
        self.family_kana = ""
        self.given = ""
        self.given_kana = ""
        self.former = ""
        self.former_kana = ""
        self.relationship = ""
        self.became = 0
        self.became_by = ""
        self.since = 0
        self.notified = 0
        self.previous = ""
        self.domicile = ""
        self.domicile_head = ""
        self.nationality = "JPN"
        self.status = ""
        self.status_until = ""
        self.number = 0


class Household:
    """People with one entry in the register; the head comes first.

    `kind` says how the household came about (single, couple, family, lone_parent, three_generations,
    grown_children, siblings, cohabiting, grandparents, institution, dormitory); `story` is the slug
    of a hand-written household.
    """

    __slots__ = (
        "accounts",
        "block",
        "building",
        "claimant",
        "kind",
        "members",
        "number",
        "protected",
        "story",
        "town",
    )

    def __init__(self, kind: str, members: list[Person]) -> None:
        self.kind = kind
        self.members = members
        self.town: Any = None
        self.block = ""
        self.building = ""
        self.number = 0
        self.claimant: Person | None = None
        self.accounts: list[Person] = []
        self.protected = ""
        self.story = ""
