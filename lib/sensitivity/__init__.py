"""How far a claim holds: where a margin tips as its inputs move, in which part of their ranges.

A claim is a *margin*: a function of named inputs that is above 0 where the claim holds. Each input
that may be another has a `Range`, with the reason for it. Together the ranges are a *box*.

>>> def margin(price, income):
...     return 4.0 - price / income
>>> given = {"price": 36_000.0, "income": 10_000.0}
>>> ranges = {
...     "price": Range(30_000, 50_000, because="paragraphs 5.12 and 5.17"),
...     "income": Range(8_000, 12_000, because="Table 5.4"),
... }
>>> for tips in tipping_points(margin, given, ranges):
...     print(tips)
price: holds below 40000
income: holds above 9000
>>> round(share(margin, given, ranges), 2)
0.5

Nothing here knows what a margin is about, so both the models and the audit use this module. A
margin that takes arrays is called with arrays, any other one value at a time. It is above 0 where
it is by more than a part of 1e-9 of its terms: what is nearer to 0 is *on the border*, whatever its
last bit says.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from sensitivity._box import BORDER, PAIR_POINTS, POINTS, SAMPLE, SEED, Box, Margin, grid, turns
from sensitivity._kinds import (
    LARGEST,
    MOST,
    Crossing,
    Effect,
    Estimate,
    Influence,
    Pair,
    Range,
    Spread,
    Tipping,
    count,
    plain,
    power_of_two,
)
from sensitivity._nets import sobol_indices, spread

__all__ = [
    "BORDER",
    "SAMPLE",
    "Crossing",
    "Effect",
    "Estimate",
    "Influence",
    "Pair",
    "Range",
    "Spread",
    "Tipping",
    "border",
    "lowest",
    "plain",
    "share",
    "sobol_indices",
    "spread",
    "tipping_pairs",
    "tipping_points",
    "tornado",
]


def border(
    margin: Margin, given: Mapping[str, Any], ranges: Mapping[str, Range] | None = None
) -> float:
    """Return the size up to which a margin is on the border, neither above 0 nor below.

    Parameters
    ----------
    margin : callable
        Takes the inputs by name; above 0 where the claim holds.
    given : mapping of str to float
        The inputs.
    ranges : mapping of str to Range, optional
        Which of them are whole numbers.

    Returns
    -------
    float
        `BORDER` times the size of the margin's terms. That is the size of the margin or, if larger,
        the sum of what the inputs make of it: the size of each times the slope of the margin in it.

    Raises
    ------
    ValueError
        If an input is not as its range says, or the margin is no number.

    Examples
    --------
    Floats have 5.6e-17 for 0.1 + 0.2 - 0.3, which is 0:

    >>> def lacks(a, b, c):
    ...     return a + b - c
    >>> given = {"a": 0.1, "b": 0.2, "c": 0.3}
    >>> 0 < lacks(**given) < border(lacks, given)
    True
    """
    return Box(margin, given, {} if ranges is None else ranges).border


def tipping_points(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    points: int = POINTS,
) -> list[Tipping]:
    """Find all values at which each input alone tips a claim.

    Parameters
    ----------
    margin : callable
        Takes the inputs by name; above 0 where the claim holds.
    given : mapping of str to float
        The inputs of the claim.
    ranges : mapping of str to Range
        The inputs to move, and how far.
    points : int, optional
        How many evenly spaced values of a range are tried. Two crossings between neighbours of this
        grid are not seen.

    Returns
    -------
    list of Tipping
        In the order of the ranges. A crossing between two values of the grid is refined by Brent's
        method, or halved down to neighbours where the input is a whole number.

    Raises
    ------
    ValueError
        If an input is not given, lies outside its range or is not whole as it says, `points` is
        below 2, or the margin is no number somewhere.

    Examples
    --------
    >>> years = {"years": Range(5, 30, whole=True, because="the terms of the table")}
    >>> print(*tipping_points(lambda years: 12.5 - years, {"years": 10}, years))
    years: holds up to 12, not at 13
    """
    points = count("points", points, 2, MOST)
    box = Box(margin, given, ranges)
    found = []
    for position, (name, own) in enumerate(ranges.items()):
        values = grid(own, points)
        signs = box.signs(box.along(position, values))
        crossings, border = turns(values, signs)
        found.append(
            Tipping(
                name,
                float(box.middle[position]),
                own,
                tuple(box.refined(position, turn) for turn in crossings),
                tuple(box.widened(position, stretch, values) for stretch in border),
                len(values),
                bool((signs[signs != 0][:1] > 0).any()),
            )
        )
    return found


def tipping_pairs(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    points: int = PAIR_POINTS,
) -> list[Pair]:
    """Find the pairs of inputs that tip a claim together where neither does alone.

    Parameters
    ----------
    margin, given, ranges
        As for `tipping_points`.
    points : int, optional
        How many values of each of the two are tried.

    Returns
    -------
    list of Pair
        The nearest first; none where the claim does not hold as given.

    Raises
    ------
    ValueError
        As `tipping_points`.

    Examples
    --------
    >>> box = {name: Range(0, 4, because="an example") for name in "ab"}
    >>> pairs = tipping_pairs(lambda a, b: 4.5 - a - b, {"a": 0, "b": 0}, box)
    >>> print(*pairs)
    a 2.25 with b 2.25
    """
    points = count("points", points, 2, MOST)
    box = Box(margin, given, ranges)
    if box.signs(box.middle[None])[0] <= 0:
        return []
    alone = {
        position
        for position, own in enumerate(ranges.values())
        if (box.signs(box.along(position, grid(own))) <= 0).any()
    }
    positions = [position for position in range(len(ranges)) if position not in alone]
    found = [box.pair(two, points) for two in combinations(positions, 2)]
    # Of two as near as each other, the last bit must not tell which is first.
    return sorted(filter(None, found), key=lambda pair: round(pair.distance, 9))


def share(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    sample: int = SAMPLE,
    seed: int = SEED,
) -> float:
    """Return the share of the box in which a claim holds.

    It says how much of the box there is, and nothing about how likely any of it is.

    Parameters
    ----------
    margin, given, ranges
        As for `tipping_points`.
    sample : int, optional
        How many points of the box are tried, a power of two: of a scrambled Sobol sequence.
    seed : int, optional
        What the scrambling begins with.

    Returns
    -------
    float
        From 0 to 1, of which two digits hold. A point on the border is none at which it holds.

    Raises
    ------
    ValueError
        As `tipping_points`, if there is no range, or `sample` is no power of two.

    Examples
    --------
    >>> unit = {"a": Range(0, 1, because="an example"), "b": Range(0, 1, because="an example")}
    >>> round(share(lambda a, b: a - b, {"a": 0.5, "b": 0.5}, unit), 2)
    0.5
    """
    sample, seed = power_of_two("sample", sample), count("seed", seed, 0, LARGEST)
    box = Box(margin, given, ranges)
    box.require_ranges()
    return float((box.signs(box.sample(sample, seed)) > 0).mean())


def lowest(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    sample: int = SAMPLE,
    seed: int = SEED,
) -> tuple[float, dict[str, float]]:
    """Return the lowest margin that was found in the box, and where.

    Tried are what is given, the grids of each input alone and of each two, the corners (up to
    twelve inputs) and the points of `share`. Where the margin is above 0 at all of them, Powell's
    method goes on from the lowest, whole numbers held. No such search proves that nothing is lower.

    Parameters
    ----------
    margin, given, ranges
        As for `tipping_points`.
    sample, seed : int, optional
        As for `share`.

    Returns
    -------
    float, dict of str to float
        The margin, 0 where it is on the border, and the inputs that were moved.

    Raises
    ------
    ValueError
        As `tipping_points`.

    Examples
    --------
    >>> box = {name: Range(0, 1, because="an example") for name in "ab"}
    >>> lowest(lambda a, b: 3.0 - a - b, {"a": 0.5, "b": 0.5}, box)
    (1.0, {'a': 1.0, 'b': 1.0})
    """
    sample, seed = power_of_two("sample", sample), count("seed", seed, 0, LARGEST)
    box = Box(margin, given, ranges)
    found = np.vstack([*box.trials(sample, seed)])
    values = box.margins(found)
    best = int(np.argmin(values))
    point, value = found[best], float(values[best])
    if value > box.border:
        point, value = box.descend(point, value)
    value = 0.0 if abs(value) <= box.border else value
    return value, dict(zip(box.names, point.tolist(), strict=True))


def tornado(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    points: int = POINTS,
) -> list[Effect]:
    """Return what each input alone does to the margin over its range, the largest effect first.

    Parameters
    ----------
    margin, given, ranges, points
        As for `tipping_points`.

    Returns
    -------
    list of Effect
        Effects of the same size are in the order of the ranges.

    Raises
    ------
    ValueError
        As `tipping_points`.

    Examples
    --------
    >>> def cost(price, years):
    ...     return price / years
    >>> ranges = {
    ...     "price": Range(50, 100, because="an example"),
    ...     "years": Range(1, 10, whole=True, because="an example"),
    ... }
    >>> for effect in tornado(cost, {"price": 100, "years": 5}, ranges):
    ...     print(effect.name, effect.at_low, effect.at_high)
    years 100.0 10.0
    price 10.0 20.0
    """
    points = count("points", points, 2, MOST)
    box = Box(margin, given, ranges)
    effects = []
    for position, (name, own) in enumerate(ranges.items()):
        values = box.margins(box.along(position, grid(own, points))).tolist()
        effects.append(Effect(name, own, values[0], values[-1], min(values), max(values)))
    return sorted(effects, key=lambda effect: -effect.span)
