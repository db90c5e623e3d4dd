from collections import Counter

import pytest

from yui.registries.areas.bundled import bundled_areas, find_postal_code
from yui.registries.areas.contracts import AreaKind
from yui.registries.areas.rules import is_area_code


def test_the_package_holds_every_prefecture_municipality_and_ward() -> None:
    kinds = Counter(area.kind for area in bundled_areas())
    assert kinds[AreaKind.PREFECTURE] == 47
    assert sum(count for kind, count in kinds.items() if kind.is_municipality) == 1741
    assert kinds[AreaKind.WARD] == 171
    assert all(is_area_code(area.code) for area in bundled_areas())


def test_names_counties_and_readings_are_taken_apart() -> None:
    areas = {area.code: area for area in bundled_areas()}
    assert areas["394050"].name == "檮原町"  # U+6AAE as in the registry, not 梼
    assert (areas["103446"].county, areas["103446"].name, areas["103446"].kana) == (
        "北群馬郡",
        "榛東村",
        "シントウムラ",
    )
    assert areas["133817"].full_name == "東京都三宅村"
    assert (areas["401005"].kana, areas["401013"].kana) == ("キタキュウシュウシ", "モジク")
    assert areas["221309"].kind is AreaKind.CITY


def test_the_twenty_designated_cities_have_their_own_code_and_their_wards() -> None:
    areas = {area.code: area for area in bundled_areas()}
    wards = [area for area in areas.values() if area.kind is AreaKind.WARD]
    cities = {ward.parent_code for ward in wards}
    assert len(cities) == 20
    assert all(areas[ward.parent_code].name == ward.city for ward in wards)
    assert [ward.name for ward in wards if ward.city == "浜松市"] == ["中央区", "浜名区", "天竜区"]


def test_a_postal_code_can_stand_for_two_prefectures() -> None:
    assert [place.prefecture for place in find_postal_code("〒498－0000")] == ["愛知県", "三重県"]
    assert find_postal_code("100-8926")[0].office == "総務省"
    assert find_postal_code("999-9999") == ()


@pytest.mark.parametrize("text", ["", "123", "12345678", "abcdefg"])
def test_what_is_no_postal_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        find_postal_code(text)
