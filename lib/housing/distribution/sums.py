"""Sums over some households that those over others can be added to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._arguments import (
    Floats,
    share,
    whole_number,
    with_rows,
)
from housing._limits import equals
from housing.distribution._groups import (
    cumulated,
    curve_table,
    ends_of_parts,
    gini_of,
    groups,
    places,
    products,
    require_shares,
)

__all__ = [
    "Bounds",
    "Histogram",
    "Mean",
]

#: Amounts up to here have bins whose ends are floats.
_LARGEST = 1e300
#: Bits of a float behind its first one.
_MANTISSA = 52
#: Numbers that are added up at once, as a power of two: they stay in the processor's cache.
_BITS_AT_ONCE = 14
_AT_ONCE = 1 << _BITS_AT_ONCE
#: From here on up the power of two that cuts may be no float.
_HUGE = 2.0**1000


@dataclass(frozen=True)
class Mean:
    """A weighted mean that adds up over parts of the households, without any rounding.

    Parameters
    ----------
    total : Fraction
        Sum of weights times values: each product is a float, their sum is exact.
    weight : Fraction
        Sum of the weights.

    Examples
    --------
    >>> from housing.distribution import poverty_gap
    >>> north = Mean.of(poverty_gap([100, 110], 125, alpha=1))
    >>> south = Mean.of(poverty_gap([150, 160], 125, alpha=1))
    >>> round((north + south).value, 4)
    0.08
    """

    total: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)

    @classmethod
    def of(cls, values: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Return the sums over some households.

        Parameters
        ----------
        values : array_like
            One number a household; there may be none.
        weights : array_like, optional
            How many households each stands for, at least 0; 1 each where none are given.

        Raises
        ------
        ValueError
            If a number is not finite, a weight is below 0, or shapes or labels differ.
        """
        if np.size(values) == 0:
            return cls()
        amounts, _, weight, _ = groups(values, weights, any_weight=True)
        return cls(exact_sum(products(amounts, weight)), exact_sum(weight))

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.total + other.total, self.weight + other.weight)

    @property
    def value(self) -> float:
        """The mean, rounded once; NaN where there is no household."""
        return float(self.total / self.weight) if self.weight else np.nan


class Bounds(NamedTuple):
    """What a number is at least, and what it is at most: the same where it is known exactly."""

    low: Any
    high: Any


@dataclass(frozen=True, eq=False)
class Histogram:
    """Households and their money by bins of the amount, which add up over parts of the households.

    A bin is a range of floats that begin with the same bits, so that all parts have the same bins
    and none has to be agreed on. With 8 bits a bin is at most 0.4 percent wide, at any size, and as
    many are kept as hold a household: some thousands.

    Parameters
    ----------
    low, high : ndarray
        Ends of the bins, ascending: `high` is in none but where it is `low`, a single amount. Below
        0 it is `low` that is in none.
    weight, total : ndarray
        Households and money in each, by weight.

    Notes
    -----
    What it says lies between bounds that no choice of amounts within the bins can leave; the sums
    themselves are floats, and good to 12 digits. Households in the bins that hold a border can be
    looked at again, one by one, to make borders and what they part exact: see `at`.

    References
    ----------
    Gastwirth (1972), *The estimation of the Lorenz curve and Gini index*, for the bounds.

    Examples
    --------
    >>> parts = [9_000, 24_000], [30_000, 52_000]
    >>> first = Histogram.of(parts[0]) + Histogram.of(parts[1])
    >>> first.quantile(0.5)
    Bounds(low=24000.0, high=24064.0)
    >>> at = first.at([0.5])
    >>> second = Histogram.of(parts[0], bits=52, within=at) + Histogram.of(
    ...     parts[1], bits=52, within=at
    ... )
    >>> first.refined(second).quantile(0.5)
    Bounds(low=24000.0, high=24000.0)
    """

    low: Floats
    high: Floats
    weight: Floats
    total: Floats

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        bits: int = 8,
        within: Histogram | None = None,
    ) -> Self:
        """Return the histogram of some households.

        Parameters
        ----------
        values : array_like
            One amount a household, up to 1e300 in size; there may be none.
        weights : array_like, optional
            As in `Mean.of`.
        bits : int, optional
            How finely an octave of amounts is cut, from 1 to 52: into ``2**bits`` bins. With 52
            every different amount is kept by itself.
        within : Histogram, optional
            Households outside of its bins are left out.

        Raises
        ------
        ValueError
            As in `Mean.of`, or if `bits` leaves its range.
        """
        dropped = _MANTISSA - _bits(bits)
        none = np.empty(0)
        if np.size(values) == 0:
            return cls(none, none, none, none)
        amounts, _, weight, _ = groups(values, weights, any_weight=True, at_most=_LARGEST)
        amounts, weight = amounts.ravel(), weight.ravel()
        counts = weight > 0
        if within is not None:
            counts &= within._bin_of(amounts) >= 0
        amounts, weight = amounts[counts], weight[counts]
        size = np.abs(amounts).view(np.int64) >> dropped
        key, place = np.unique(np.where(amounts < 0, ~size, size), return_inverse=True)
        money = products(amounts, weight)
        sums = (np.bincount(place, x, len(key)).astype(float) for x in (weight, money))
        size = np.where(key < 0, ~key, key)
        near = (size << dropped).view(float)
        far = ((size + 1) << dropped).view(float) if dropped else near
        return cls(np.where(key < 0, -far, near), np.where(key < 0, -near, far), *sums)

    def __add__(self, other: Histogram) -> Histogram:
        low, high, weight, total = (
            np.concatenate([own, others])
            for own, others in zip(self._parts, other._parts, strict=True)
        )
        order = np.lexsort((high, low))
        low, high = low[order], high[order]
        first = np.ones(len(low), dtype=bool)
        first[1:] = (np.diff(low) > 0) | (np.diff(high) > 0)
        starts = np.flatnonzero(first)
        low, high = low[first], high[first]
        if (high[:-1] > low[1:]).any():
            raise ValueError("histograms that are added up must have the same bits")
        if not len(low):
            return self
        return Histogram(low, high, *(np.add.reduceat(x[order], starts) for x in (weight, total)))

    @property
    def households(self) -> float:
        """All households, by weight."""
        return float(self.weight.sum())

    def quantile(self, q: ArrayLike) -> Bounds:
        """Bounds of the amount that a share of the households does not exceed.

        Parameters
        ----------
        q : array_like
            As in `quantile`, the function.

        Returns
        -------
        Bounds
            The ends of the bin that it is in: floats, or arrays of the shape of `q`.
        """
        bins = self._at(q)
        return Bounds(*(with_rows(ends[bins], None) for ends in (self.low, self.high)))

    def at(self, q: ArrayLike) -> Histogram:
        """Return the bins that quantiles are in: those to look at again.

        Parameters
        ----------
        q : array_like
            As in `quantile`, the function. For the shares of tenths: 0.1, 0.2 and on to 0.9.

        Returns
        -------
        Histogram
            For `of` as `within`, with 52 bits: in a second pass over the same households it keeps
            their different amounts, which are few where amounts are in whole units.
        """
        bins = np.unique(self._at(q))
        return Histogram(*(part[bins] for part in self._parts))

    def refined(self, finer: Histogram) -> Histogram:
        """Return this histogram with finer bins in the place of some of its own.

        Parameters
        ----------
        finer : Histogram
            Of the same households, within some bins of this one.

        Raises
        ------
        ValueError
            If it holds other households than those bins do.
        """
        place = self._bin_of(np.where(finer.low < 0, finer.high, finer.low))
        again = np.bincount(place[place >= 0], finer.weight[place >= 0], len(self.low))
        replaced = again > 0
        if (place < 0).any() or not equals(again, self.weight)[replaced].all():
            raise ValueError("finer must be of the same households, all of those in some bins")
        kept = (part[~replaced] for part in self._parts)
        return Histogram(*kept) + finer

    def gini(self) -> Bounds:
        """Bounds of the Gini coefficient: households in a bin alike, or at its two ends.

        Raises
        ------
        ValueError
            As in `gini`, the function.
        """
        mean = self._means()
        least = float(gini_of(mean, self.weight))
        width = self.high - self.low
        # All of a bin's households at its two ends: s at the high one, with s from their mean.
        upper = np.divide(mean - self.low, width, out=np.zeros_like(mean), where=width > 0)
        part = (self.weight / self.households) ** 2
        within = (part * upper * (1.0 - upper) * width).sum() * self.households / self.total.sum()
        return Bounds(least, least + float(within))

    def shares(self, parts: int = 10) -> Bounds:
        """Bounds of the share of all money that each tenth of the households has.

        Parameters
        ----------
        parts : int, optional
            As in `shares`, the function.

        Returns
        -------
        Bounds
            Of arrays, the poorest part first.

        Raises
        ------
        ValueError
            As in `shares`, the function.
        """
        mean, ends = self._means(), ends_of_parts(parts)
        upto = np.cumsum(self.weight)
        bins = places(upto, ends)
        weight, low, high = self.weight[bins], self.low[bins], self.high[bins]
        part = np.clip((ends * upto[-1] - (upto[bins] - weight)) / weight, 0.0, 1.0)
        before = np.cumsum(self.total)[bins] - self.total[bins]
        # The poorest part of a bin has no more than its mean, no less than its low end, and leaves
        # no more than the high end to the others.
        most = part * mean[bins]
        least = np.clip(np.maximum(part * low, mean[bins] - (1.0 - part) * high), 0.0, most)
        whole = self.total.sum()
        least, most = (before + weight * least) / whole, (before + weight * most) / whole
        return Bounds(
            np.maximum(least[1:] - most[:-1], 0.0), np.minimum(most[1:] - least[:-1], 1.0)
        )

    def lorenz(self) -> pd.DataFrame:
        """Points of the Lorenz curve, at the ends of the bins: as exact as the sums.

        Returns
        -------
        DataFrame
            As of `lorenz`, the function.

        Raises
        ------
        ValueError
            As in `lorenz`, the function.
        """
        self._means()
        return curve_table(*cumulated(self.weight, self.total))

    @property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.low, self.high, self.weight, self.total

    def _at(self, q: ArrayLike) -> NDArray[np.intp]:
        wanted = share("q", q)
        if not len(self.low):
            raise ValueError("q is asked of a histogram without households")
        return places(np.cumsum(self.weight), wanted)

    def _bin_of(self, amounts: Floats) -> NDArray[np.intp]:
        """Return the bin that each amount is in, or -1."""
        if not len(self.low):
            return np.full(amounts.shape, -1)
        above = np.searchsorted(self.low, amounts, side="right") - 1
        below = np.searchsorted(self.high, amounts, side="left")
        single = self.low[above] == amounts
        inside = (above >= 0) & ((amounts < self.high[above]) | single)
        next_one = np.minimum(below, len(self.low) - 1)
        single = self.high[next_one] == amounts
        under = (below < len(self.low)) & ((amounts > self.low[next_one]) | single)
        return np.where(amounts < 0, np.where(under, below, -1), np.where(inside, above, -1))

    def _means(self) -> Floats:
        """Return the mean amount in each bin, or say that they have no shares."""
        require_shares(self.low, self.total.sum() > 0)
        return np.clip(self.total / self.weight, self.low, self.high)


def exact_sum(values: Floats) -> Fraction:
    """Return the sum of floats without any rounding, so that their order does not matter.

    Adding a large power of two and taking it away again cuts off what lies below its last bit: of
    what is left the sum is exact, and what was cut off is summed up next.

    Parameters
    ----------
    values : ndarray of float
        Finite.

    References
    ----------
    Rump, Ogita and Oishi (2008), *Accurate floating-point summation part I: faithful rounding*:
    the extraction of a vector.

    Examples
    --------
    >>> float(exact_sum(np.array([1e16, 1.0, -1e16])))
    1.0
    """
    total = Fraction(0)
    flat = values.ravel()
    for start in range(0, flat.size, _AT_ONCE):
        rest = flat[start : start + _AT_ONCE].copy()
        huge = np.abs(rest) > _HUGE
        if huge.any():
            total += sum(map(Fraction, rest[huge].tolist()))
            rest[huge] = 0.0
        while largest := np.abs(rest).max():
            cut = np.ldexp(1.0, np.frexp(largest)[1] + _BITS_AT_ONCE)
            upper = (rest + cut) - cut
            total += Fraction(float(upper.sum()))
            rest -= upper
    return total


def _bits(bits: Any) -> int:
    wanted = whole_number("bits", bits)
    if wanted > _MANTISSA:
        raise ValueError(f"bits must be at least 1 and at most {_MANTISSA}, got {wanted}")
    return wanted
