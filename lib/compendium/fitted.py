"""Fitted numbers: the interval that printed digits leave a number that a source never prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from compendium.numerals import fixed

__all__ = ["intervals"]

#: A side of an interval that is no larger a part of the whole is no side.
NOISE = 1e-9


def intervals(fitted: Mapping[str, float], holds: Callable[..., bool]) -> list[str]:
    """Say how far each fitted number can go, the others as they are, while all still holds.

    Parameters
    ----------
    fitted : mapping of str to float
        The numbers, by name.
    holds : callable
        Takes them in order and tells whether every printed number is met.

    Returns
    -------
    list of str
        One for each: its name, its value, its interval.

    Examples
    --------
    >>> intervals({"half of 13": 6.5}, lambda half: round(2 * half) == 13)
    ['half of 13 = 6.5 (6.25 to 6.75)']
    """
    words = []
    for position, (name, best) in enumerate(fitted.items()):

        def fits(candidate: float, position: int = position) -> bool:
            arguments = list(fitted.values())
            arguments[position] = candidate
            return holds(*arguments)

        ends = [_edge(fits, best, direction) for direction in (-1.0, 1.0)]
        words.append(f"{name} = {best:g} ({_interval(best, *ends)})")
    return words


def _edge(fits: Callable[[float], bool], best: float, direction: float) -> float:
    """Return how far a fitted number can go one way before a printed number is lost."""
    scale = abs(best) or 1.0
    inside, stride = best, 1e-9 * scale
    while fits(outside := best + direction * stride):
        inside, stride = outside, stride * 2.0
        if stride > 1e6 * scale:
            return direction * np.inf
    for _ in range(40):
        middle = (inside + outside) / 2.0
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside


def _interval(best: float, low: float, high: float) -> str:
    """Return an interval to as many digits as show where it ends.

    An end that is as good as at the number itself, where rounding takes it for a tie, shows no
    digits of that; of an interval that is open on a side, the other side counts.
    """
    sides = [side for end in (low, high) if np.isfinite(side := abs(end - best))]
    width = min((side for side in sides if side > NOISE * sum(sides)), default=NOISE)
    decimals = int(np.clip(1 - np.floor(np.log10(width)), 0, 12))
    return f"{fixed(low, decimals)} to {fixed(high, decimals)}"
