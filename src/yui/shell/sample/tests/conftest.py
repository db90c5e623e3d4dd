import pytest

from yui.shell.sample.generator import Roll, generate
from yui.shell.sample.structures import Household

RESIDENTS = 20_000


@pytest.fixture(scope="session")
def rolls() -> list[Roll]:
    return generate(seed=7, residents=RESIDENTS)


@pytest.fixture(scope="session")
def households(rolls: list[Roll]) -> dict[str, list[Household]]:
    """Every household of a middling sample, by municipality."""
    return {
        roll.place.slug: [home for district in roll.all_districts() for home in district.households]
        for roll in rolls
    }
