"""Arguments that the three models share, and how they find where something passes zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from housing._arguments import Floats, annual_rate, numbers, share, whole_number

#: Halvings of a bracket: more than a float has bits.
HALVINGS = 80
#: Random numbers that a simulation may draw, and steps that it may go: they take seconds.
MOST_DRAWS = 50_000_000
MOST_STEPS = 20_000


def amount(name: str, value: Any) -> Floats:
    """Return money or time, which is not below 0."""
    return numbers(name, value, at_least=0)


def probability(name: str, value: Any, *, positive: bool = False) -> Floats:
    """Return a probability; above 0 where it divides."""
    return share(name, value, positive=positive, kind="Probabilities")


def interest(value: Any) -> Floats:
    """Return a discount rate per year, at least 0 and at most 1."""
    return numbers("discount_rate", annual_rate(value, "discount_rate"), at_least=0)


def generator(seed: Any) -> np.random.Generator:
    """Return the random numbers of a seed, a whole number of at least 0."""
    return np.random.default_rng(whole_number("seed", seed, at_least=0))


def bisect(function: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """Return where a function that rises from low to high passes zero, element by element.

    Where there is no sign to follow the result is an end of the bracket; callers discard it.
    """
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        above = function(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2.0
