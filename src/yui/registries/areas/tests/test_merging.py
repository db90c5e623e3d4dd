from dataclasses import replace
from datetime import date

from yui.registries.areas.contracts import AreaKind, AreaRef
from yui.registries.areas.merging import lay_over
from yui.registries.areas.sources import SOURCE_ABR

POST = AreaRef("403440", AreaKind.TOWN, "須惠町", "スエマチ", prefecture="福岡県", source="日本郵便")


def test_the_registry_is_believed_before_the_post() -> None:
    told = replace(POST, name="須恵町", romaji="Sue-machi", source=SOURCE_ABR)
    plan = lay_over([POST], [told])
    assert plan.versions["403440"] == [told]
    assert (plan.added, plan.changed) == (0, 1)
    assert lay_over([told], [POST]).versions == {}, "and the post does not take it back"


def test_told_twice_nothing_changes() -> None:
    plan = lay_over([POST], [POST])
    assert (plan.added, plan.changed, plan.unchanged, plan.versions) == (0, 0, 1, {})


def test_history_dates_the_area_in_force_and_adds_what_was_before() -> None:
    day = date(2010, 4, 1)
    old = replace(POST, name="旧町", valid_until=day, source="総務省")
    now = replace(POST, valid_from=day, source="総務省")
    plan = lay_over([POST], [old, now], past=True)
    assert [(area.name, area.valid_from, area.valid_until) for area in plan.versions["403440"]] == [
        ("旧町", None, day),
        ("須惠町", day, None),
    ]
    assert plan.versions["403440"][1].kana == "スエマチ"
    assert lay_over(plan.versions["403440"], [old, now], past=True).versions == {}


def test_news_of_another_name_end_the_version_before() -> None:
    day = date(2027, 4, 1)
    plan = lay_over([POST], [replace(POST, name="新町", valid_from=day, source=SOURCE_ABR)])
    assert [(area.name, area.valid_from, area.valid_until) for area in plan.versions["403440"]] == [
        ("須惠町", None, day),
        ("新町", day, None),
    ]


def test_news_of_an_end_close_the_version_in_force() -> None:
    day = date(2027, 4, 1)
    [area] = lay_over([POST], [replace(POST, valid_until=day, source=SOURCE_ABR)]).versions["403440"]
    assert area.valid_until == day


def test_an_old_list_does_not_revive_what_ended() -> None:
    ended = replace(POST, valid_until=date(2024, 1, 1))
    plan = lay_over([ended], [POST])
    assert plan.contradictions == ["403440"]
    assert plan.versions == {}
