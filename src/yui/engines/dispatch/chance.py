"""Chance that is the same on every machine: a seed of one number (splitmix64)."""

import numpy as np
from numba import uint64

from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.problem import Ints


def seed_of(number: int) -> Ints:
    """A seed; drawing from it changes it."""
    return np.array([number], dtype=np.int64)


@compiled
def draw(seed: Ints) -> int:
    """A number of 63 bits.

    Source:
        Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
    """
    state = uint64(seed[0]) + uint64(0x9E3779B97F4A7C15)
    seed[0] = np.int64(state)
    mixed = (state ^ (state >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> uint64(27))) * uint64(0x94D049BB133111EB)
    drawn: int = np.int64((mixed ^ (mixed >> uint64(31))) >> uint64(1))  # type: ignore[assignment]
    return drawn


@compiled
def chance(seed: Ints) -> int:
    """A number from 0 to 2**20 - 1."""
    return draw(seed) & 0xFFFFF


@compiled
def below(seed: Ints, bound: int) -> int:
    """A number from 0 to ``bound`` - 1."""
    return draw(seed) % bound


@compiled
def share(seed: Ints) -> float:
    """A number from 0 to below 1."""
    return (draw(seed) >> 10) / 9007199254740992.0
