"""What the inputs together do to a margin over the box: its spread, and the part of each in it.

Each number is the mean over several nets of points, each scrambled on its own. How far these are
apart says how well the number is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sensitivity._box import SEED, Box, Margin, at_parts
from sensitivity._kinds import (
    LARGEST,
    Estimate,
    Influence,
    Range,
    Spread,
    Vector,
    count,
    number,
    power_of_two,
)

__all__ = ["NETS", "NET_POINTS", "sobol_indices", "spread"]

#: Nets, and points of each.
NETS, NET_POINTS = 8, 1024
MOST_NETS = 1024
#: Quantiles that are told where none are named.
LEVELS = (0.05, 0.5, 0.95)


def spread(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    levels: Sequence[float] = LEVELS,
    sample: int = NET_POINTS,
    nets: int = NETS,
    seed: int = SEED,
) -> Spread:
    """Return how a margin is spread where all inputs may be anywhere in their ranges.

    Every value of a range counts as much as another, and each input is independent of the others.
    That is how the box is gone through; it says nothing about how likely any of it is.

    Parameters
    ----------
    margin, given, ranges
        As for `tipping_points`. Any function of the inputs: its sign does not matter here.
    levels : sequence of float, optional
        Which quantiles are told, each from 0 to 1.
    sample : int, optional
        Points of each net, a power of two: of a scrambled Sobol sequence.
    nets : int, optional
        How many of them, each scrambled anew, at least 2.
    seed : int, optional
        What the scrambling begins with.

    Returns
    -------
    Spread
        Mean, standard deviation and quantiles, each with its standard error.

    Raises
    ------
    ValueError
        As `tipping_points`, if there is no range, a level or a count leaves its limits, or the
        margin is infinite somewhere.

    Examples
    --------
    >>> unit = {name: Range(0, 1, because="an example") for name in "ab"}
    >>> found = spread(lambda a, b: a + b, {"a": 0, "b": 0}, unit)
    >>> [round(each.value, 2) for each in (found.mean, found.deviation, found.quantiles[0.05])]
    [1.0, 0.41, 0.32]
    """
    box, sample, nets, seed = _asked(margin, given, ranges, sample, nets, seed)
    try:
        wanted = [number("levels", level) for level in levels]
    except TypeError:
        raise ValueError(f"levels must be a sequence of numbers, got {levels!r}") from None
    for level in wanted:
        if not 0 <= level <= 1:
            raise ValueError(f"levels must be from 0 to 1, got {level!r}")
    points = (box.sample(sample, own) for own in _seeds(seed, nets))
    values = np.stack([_finite(box, each) for each in points])
    quantiles = np.quantile(values, wanted, axis=1)
    return Spread(
        Estimate.of(values.mean(axis=1)),
        Estimate.of(values.std(axis=1)),
        dict(zip(wanted, map(Estimate.of, quantiles), strict=True)),
        values.size,
    )


def sobol_indices(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    *,
    sample: int = NET_POINTS,
    nets: int = NETS,
    seed: int = SEED,
) -> list[Influence]:
    """Return each input's share in the variance of a margin over the box, the largest first.

    Parameters
    ----------
    margin, given, ranges, sample, nets, seed
        As for `spread`. With d ranges the margin is worked out at ``nets * sample * (d + 2)``
        points.

    Returns
    -------
    list of Influence
        Of each input the index of first order, what it does alone, and of total order, what it
        does alone and with others. Those of the same total are in the order of the ranges.

    Raises
    ------
    ValueError
        As `spread`, or if the margin is the same all over the box, so that there is no variance.

    Notes
    -----
    The estimators are those of `scipy.stats.sobol_indices`. An index that is 0 may come out below
    it by noise, which its standard error tells.

    Examples
    --------
    >>> unit = {name: Range(0, 1, because="an example") for name in "ab"}
    >>> for each in sobol_indices(lambda a, b: a + 2 * b, {"a": 0, "b": 0}, unit):
    ...     print(each.name, round(each.first.value, 2), round(each.total.value, 2))
    b 0.8 0.8
    a 0.2 0.2
    """
    box, sample, nets, seed = _asked(margin, given, ranges, sample, nets, seed)
    if len(box.ranges) == 1:
        _varying(box, box.sample(sample, seed))
        whole = Estimate(1.0, 0.0)  # of one input, by definition; SciPy takes two or more
        return [Influence(box.names[0], box.ranges[0], whole, whole)]
    # As long to import as all else together, and not always used.
    from scipy.stats import sobol_indices as of_scipy

    first, total = [], []
    for own in _seeds(seed, nets):
        found = of_scipy(
            func=lambda columns: _varying(box, columns.T)[None],
            n=sample,
            dists=[_Evenly(each) for each in box.ranges],
            rng=np.random.default_rng(own),
        )
        first.append(found.first_order)
        total.append(found.total_order)
    estimates = zip(np.transpose(first), np.transpose(total), strict=True)
    shares = [
        Influence(name, own, Estimate.of(one), Estimate.of(all_))
        for (name, own), (one, all_) in zip(ranges.items(), estimates, strict=True)
    ]
    return sorted(shares, key=lambda share: -round(share.total.value, 9))


class _Evenly:
    """A range as a distribution, of which every value counts as much as another."""

    def __init__(self, own: Range) -> None:
        self.own = own

    def ppf(self, parts: Vector) -> Vector:
        return at_parts(self.own, parts)


def _asked(
    margin: Margin,
    given: Mapping[str, Any],
    ranges: Mapping[str, Range],
    sample: Any,
    nets: Any,
    seed: Any,
) -> tuple[Box, int, int, int]:
    """Check the arguments of a call; return the box and the counts."""
    counts = (
        power_of_two("sample", sample),
        count("nets", nets, 2, MOST_NETS),
        count("seed", seed, 0, LARGEST),
    )
    box = Box(margin, given, ranges)
    box.require_ranges()
    return box, *counts


def _seeds(seed: int, nets: int) -> list[np.random.SeedSequence]:
    """Return what the scrambling of each net begins with: of another seed, all are others."""
    return np.random.SeedSequence(seed).spawn(nets)


def _finite(box: Box, points: Vector) -> Vector:
    values = box.margins(points)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        place = ", ".join(
            f"{name} {value!r}"
            for name, value in zip(box.names, points[bad[0]].tolist(), strict=True)
        )
        raise ValueError(f"margin must be finite, got {values[bad[0]]} at {place}")
    return values


def _varying(box: Box, points: Vector) -> Vector:
    values = _finite(box, points)
    if np.ptp(values) <= box.border:
        raise ValueError(
            f"margin must vary over the box, got {float(values[0]):.10g} at {len(values):,} points "
            "of it: no input has a share in that"
        )
    return values
