"""Age groups: their bounds, and sums over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yui.engines.projection.errors import ProjectionError

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Ages:
    """Age groups of equal width, the last one open.

    Attributes:
        width: Years in a group, and in a step of time.
        open_from: Where the open group begins.
        bearing: From and until which age women are counted for the ratio of children to women.
    """

    width: int = 5
    open_from: int = 95
    bearing: tuple[int, int] = (15, 50)

    @property
    def bounds(self) -> tuple[int, ...]:
        """Lower bounds of the groups."""
        return tuple(range(0, self.open_from + 1, self.width))

    def __len__(self) -> int:
        return self.open_from // self.width + 1

    @property
    def mothers(self) -> slice:
        """The groups of :attr:`bearing`."""
        return self.between(*self.bearing)

    def between(self, low: int, high: int | None = None) -> slice:
        """The groups from ``low`` up to but without ``high``; ``None`` for no upper bound.

        Raises:
            ProjectionError: a bound lies inside a group.
        """
        for age in (low, *(() if high is None else (high,))):
            if age not in self.bounds:
                raise ProjectionError("not_on_grid", age=age, bounds=self.bounds)
        return slice(low // self.width, None if high is None else high // self.width)

    def total(self, people: Floats, low: int = 0, high: int | None = None) -> Floats:
        """People of these ages.

        Shape:
            ``(..., ages)`` becomes ``(...)``.
        """
        if people.shape[-1] != len(self):
            raise ProjectionError("wrong_shape", what="people", shape=people.shape, expected=(len(self),))
        return people[..., self.between(low, high)].sum(axis=-1)


FIVE_YEAR_AGES = Ages()
"""0–4, 5–9 … 95 and over, as in the regional projections."""
