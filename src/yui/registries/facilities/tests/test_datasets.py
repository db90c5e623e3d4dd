from pathlib import Path

import pytest

from yui.registries.facilities.contracts import FacilityKind
from yui.registries.facilities.datasets import (
    KIND_OF_LAYOUT,
    NOT_FACILITIES,
    get_layout,
    layout_ids,
    layout_of_kind,
    recognise,
)

RECOMMENDED = (
    "aed", "care_service", "cultural_property", "evacuation_space", "event", "fire_hydrant", "food_business_all",
    "food_business_new", "hospital", "open_data_list", "population", "preschool", "public_facility",
    "public_toilet", "public_wireless_lan", "tourism",
)  # fmt: skip


def test_every_recommended_list_has_a_layout_and_says_whether_it_names_facilities() -> None:
    assert set(RECOMMENDED) <= set(layout_ids())
    assert set(layout_ids()) == set(KIND_OF_LAYOUT) | set(NOT_FACILITIES)
    assert all(layout_of_kind(kind) for kind in FacilityKind)


@pytest.mark.parametrize("layout_id", layout_ids())
def test_a_list_is_recognised_by_its_own_headings(layout_id: str) -> None:
    told = recognise(get_layout(layout_id).labels, path=Path("lists") / f"{layout_id}.csv")
    assert told.layout.id == layout_id
    assert told.kind is KIND_OF_LAYOUT.get(layout_id)
    assert told.told_by == "headings"


BARE = ("名称", "住所", "緯度", "経度")


@pytest.mark.parametrize(
    ("path", "titles", "kind", "told_by"),
    [
        ("tourism/res_012.csv", (), FacilityKind.TOURISM, "folder"),
        ("x/222127_junior_high_school.csv", (), FacilityKind.SCHOOL, "file_name"),
        ("x/preschool.csv", (), FacilityKind.PRESCHOOL, "file_name"),
        (
            "x/0012.csv",
            ("#download_from https://example.jp/dataset/kindergarten",),
            FacilityKind.PRESCHOOL,
            "title",
        ),
        ("x/0013.csv", ("市立公園一覧",), FacilityKind.PARK, "title"),
        ("x/parking.csv", (), FacilityKind.OTHER, "nothing"),
        ("x/sandbag.csv", (), FacilityKind.OTHER, "nothing"),
    ],
)
def test_bare_headings_leave_it_to_title_and_name(
    path: str, titles: tuple[str, ...], kind: FacilityKind, told_by: str
) -> None:
    told = recognise(BARE, titles=titles, path=Path(path))
    assert (told.kind, told.told_by) == (kind, told_by)


def test_the_caller_is_believed() -> None:
    told = recognise(BARE, path=Path("tourism/x.csv"), kind=FacilityKind.PARK)
    assert (told.kind, told.told_by) == (FacilityKind.PARK, "caller")
