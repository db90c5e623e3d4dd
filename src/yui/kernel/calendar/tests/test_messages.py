"""What is wrong with a date is said in the reader's language."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from yui.kernel.calendar.public import DateProblem, parse_japanese_date


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_sentences_are_whole() -> None:
    with pytest.raises(DateProblem, match="Write the year first"):
        parse_japanese_date("3/1/2023")
    (warning,) = parse_japanese_date("平成31年5月1日")[1]
    assert str(warning).endswith("in 令和.")
