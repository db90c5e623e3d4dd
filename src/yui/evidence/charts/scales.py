"""From values to places on paper, and the round values that are written beside an axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Values from ``least`` to ``most`` laid out from ``begin`` to ``end``; by their logarithm when ``log``."""

    least: float
    most: float
    begin: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value."""
        if self.log:
            share = math.log(value / self.least) / math.log(self.most / self.least)
        else:
            share = (value - self.least) / (self.most - self.least)
        return self.begin + share * (self.end - self.begin)


def spread(values: Sequence[float], *, zero: bool = False, log: bool = False) -> tuple[float, float]:
    """Round bounds that hold all values, and nought where ``zero``.

    Raises:
        ValueError: there is none, or a logarithm of what is not above nought was asked for.
    """
    if not values:
        raise ValueError("A chart needs at least one value.")
    least, most = min(values), max(values)
    if log:
        if least <= 0:
            raise ValueError("A logarithmic axis holds values above nought only.")
        return 10 ** math.floor(math.log10(least)), 10 ** math.ceil(math.log10(most * 1.000001))
    if zero:
        least, most = min(0.0, least), max(0.0, most)
    closest = 1e-6 * max(1.0, abs(least), abs(most))
    if most - least < closest:
        least, most = least - closest, most + closest
    for _ in range(3):
        # The wider range may have a larger step, whose multiples the bounds have to be.
        step = step_for(least, most, 5)
        least, most = math.floor(least / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step
    return least, most


def step_for(least: float, most: float, about: int) -> float:
    """A round step that divides a range into about so many parts."""
    rough = (most - least) / about
    power = 10 ** math.floor(math.log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999999)


def ticks(scale: Scale, about: int = 5) -> list[float]:
    """Round values along a scale."""
    if scale.log:
        low, high = math.log10(scale.least), math.log10(scale.most)
        powers = [10.0**power for power in range(round(low), round(high) + 1)]
        times = (1,) if len(powers) > about else (1, 2, 5)
        found = [power * by for power in powers for by in times]
        return [value for value in found if scale.least <= value <= scale.most]
    step = step_for(scale.least, scale.most, about)
    first = math.ceil(scale.least / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(scale.most / step + 1e-9) + 1)]


def text_of(value: float, digits: int | None = None) -> str:
    """A number as it is written: thousands apart, a true minus, no more digits than it has."""
    if digits is None:
        value = round(value, 8)
        digits = next(n for n in range(9) if round(value, n) == value)
    return f"{value:,.{digits}f}".replace("-", "−")


def width_of(text: str, size: float) -> float:
    """About how wide a text is: a Japanese character is as wide as it is high."""
    return size * sum(0.56 if character < "\u2000" else 1.0 for character in text)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """A text in lines of at most a width; broken at spaces where there are any."""
    lines, line = [], ""
    parts = text.split(" ") if " " in text else list(text)
    between = " " if " " in text else ""
    for part in parts:
        longer = f"{line}{between}{part}" if line else part
        if line and width_of(longer, size) > width:
            lines.append(line)
            line = part
        else:
            line = longer
    return [*lines, line]
