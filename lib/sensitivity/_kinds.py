"""What is asked and what is found: ranges, crossings, tipping values, pairs, effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import floor, inf, isfinite, log10
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LARGEST",
    "MOST",
    "Crossing",
    "Effect",
    "Estimate",
    "Influence",
    "Pair",
    "Range",
    "Spread",
    "Tipping",
    "Vector",
    "count",
    "number",
    "plain",
    "power_of_two",
]

Vector = NDArray[np.float64]
NUMBERS: tuple[Any, ...] = (Real, Decimal)
#: Points that are tried at most.
MOST = 2**20
#: Of a seed.
LARGEST = 2**63 - 1
#: What counts as numbers for Python or NumPy, and is none.
NO_NUMBERS: tuple[Any, ...] = (bool, np.timedelta64)


@dataclass(frozen=True)
class Range:
    """What an input may be, and why.

    Parameters
    ----------
    low, high : float
        Its ends.
    whole : bool, optional
        Whether it is a whole number, as a count of years is.
    because : str
        Where the ends come from: another source, another paragraph, the rounding of the digits.
    unit : str, optional
        Of the ends: it stands behind them wherever they are shown.

    Raises
    ------
    ValueError
        If an end is no finite number, `whole` is not True or False, `high` is not above `low`, an
        end of a whole number is none, there is no reason, or `unit` is no string.

    Examples
    --------
    >>> Range(5, 30, whole=True, because="the terms of Table 5.3", unit="years")
    Range(low=5, high=30, whole=True, because='the terms of Table 5.3', unit='years')
    >>> print(_)
    5 to 30 years (whole)
    >>> Range(5, 30)
    Traceback (most recent call last):
    ValueError: because must give the reason for the range from 5 to 30, got ''
    """

    low: float
    high: float
    whole: bool = False
    because: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.whole, bool):
            raise ValueError(f"whole must be True or False, got {self.whole!r}")
        for name in ("low", "high"):
            object.__setattr__(self, name, number(name, getattr(self, name)))
        if not self.low < self.high:
            raise ValueError(f"high must be above low, {plain(self.low)}, got {plain(self.high)}")
        for name, end in (("low", self.low), ("high", self.high)):
            if self.whole and end != round(end):
                raise ValueError(f"{name} must be whole as the input is, got {end!r}")
        if not isinstance(self.because, str) or not self.because.strip():
            raise ValueError(
                f"because must give the reason for the range from {plain(self.low)} to "
                f"{plain(self.high)}, got {self.because!r}"
            )
        if not isinstance(self.unit, str):
            raise ValueError(f"unit must be a string, got {self.unit!r}")

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"{plain(self.low)} to {plain(self.high)}{unit}{' (whole)' if self.whole else ''}"

    @property
    def width(self) -> float:
        """How far its ends are apart."""
        return float(self.high) - float(self.low)


class Crossing(NamedTuple):
    """Where a margin changes its sign.

    Parameters
    ----------
    below, above : float
        The value at which it does, twice; of whole numbers, the neighbours between which it does.
    holds_above : bool
        Whether the margin is above 0 on the side of the larger values.
    """

    below: float
    above: float
    holds_above: bool

    @property
    def words(self) -> str:
        """On which side of it the claim holds."""
        if self.below == self.above:
            return f"holds {'above' if self.holds_above else 'below'} {self}"
        if self.holds_above:
            return f"holds from {plain(self.above)}, not at {plain(self.below)}"
        return f"holds up to {plain(self.below)}, not at {plain(self.above)}"

    def __str__(self) -> str:
        if self.below == self.above:
            return plain(self.below)
        return f"between {plain(self.below)} and {plain(self.above)}"


@dataclass(frozen=True)
class Tipping:
    """Where an input alone tips a claim, all others as given.

    Parameters
    ----------
    name : str
        The input.
    given : float
        Its value in the claim.
    range : Range
        Where it was looked.
    crossings : tuple of Crossing
        In the order of the values.
    border : tuple of pair of float
        From where to where the margin is on the border and does not change its sign; twice the
        same value where it only touches 0 there, which is seen at values of the grid alone.
    points : int
        How many values the grid has.
    holds_first : bool
        Whether the claim holds below the first crossing, but for where it is on the border.
    """

    name: str
    given: float
    range: Range
    crossings: tuple[Crossing, ...]
    border: tuple[tuple[float, float], ...]
    points: int
    holds_first: bool

    @property
    def parts(self) -> list[tuple[float, float, bool]]:
        """The parts of the range, one after the other, and whether the claim holds in each.

        Of whole numbers a part ends half-way between the neighbours.
        """
        turns = [((each.below + each.above) / 2, each.holds_above) for each in self.crossings]
        flat = [stretch for stretch in self.border if stretch[0] < stretch[1]]
        cuts = {self.range.low, self.range.high, *(at for at, _ in turns)}
        ends = sorted(map(float, cuts.union(*flat)))
        found = []
        for low, high in pairwise(ends):
            middle = (low + high) / 2
            side = [holds for at, holds in turns if at < middle][-1:] or [self.holds_first]
            on_border = any(start < middle < end for start, end in flat)
            found.append((low, high, side[0] and not on_border))
        return found

    @property
    def tips(self) -> bool:
        """Whether the input alone tips the claim or brings it to the border."""
        return bool(self.crossings or self.border)

    @property
    def nearest(self) -> float:
        """The nearest value at which it tips; NaN where none was found.

        Of whole numbers it is the neighbour on the other side.
        """
        values = [
            crossing.above if crossing.above > self.given else crossing.below
            for crossing in self.crossings
        ]
        values += [end for stretch in self.border for end in stretch]
        return min(values, key=lambda value: abs(value - self.given), default=float("nan"))

    @property
    def distance(self) -> float:
        """How far the nearest is from what is given, in widths of the range; infinite if none."""
        if not self.tips:
            return float("inf")
        return abs(self.nearest - self.given) / self.range.width

    def __str__(self) -> str:
        words = []
        if len(self.crossings) == 1:
            words.append(self.crossings[0].words)
        elif self.crossings:
            side = "not below" if self.crossings[0].holds_above else "below"
            words.append(f"tips at {_listed(map(str, self.crossings))}, holds {side} the first")
        if self.border:
            words.append(f"on the border {_listed(map(_stretch, self.border))}")
        if not words:
            ends = f"from {plain(self.range.low)} to {plain(self.range.high)}"
            words.append(f"none found at {self.points} values {ends}")
        return f"{self.name}: {', '.join(words)}"


@dataclass(frozen=True)
class Pair:
    """Two inputs that tip a claim together, and neither of them alone.

    Parameters
    ----------
    names : pair of str
        The inputs.
    values : pair of float
        The nearest values found at which the margin is 0 or, of whole numbers, no longer above it.
    distance : float
        How far these are from what is given, in widths of the ranges.
    points : int
        How many pairs of values were tried.
    """

    names: tuple[str, str]
    values: tuple[float, float]
    distance: float
    points: int

    def __str__(self) -> str:
        return " with ".join(
            f"{name} {plain(value)}" for name, value in zip(self.names, self.values, strict=True)
        )


class Effect(NamedTuple):
    """What an input alone does to a margin over its range.

    Parameters
    ----------
    name : str
        The input.
    range : Range
        Where it was moved.
    at_low, at_high : float
        The margin at the ends of the range.
    lowest, highest : float
        The least and the most of it on the grid: the same where it only rises or falls.
    """

    name: str
    range: Range
    at_low: float
    at_high: float
    lowest: float
    highest: float

    @property
    def span(self) -> float:
        """By how much the input can move the margin."""
        return self.highest - self.lowest


class Estimate(NamedTuple):
    """A number that points of the box tell, and how well they do.

    Parameters
    ----------
    value : float
        Its mean over the nets.
    error : float
        The standard error of that mean: how far the nets are apart, over the root of their number.

    Examples
    --------
    Told to the last digit that holds:

    >>> print(Estimate.of(np.array([0.31, 0.32])), Estimate.of(np.array([52_000, 58_000])))
    0.315 ± 0.005 55000 ± 3000
    """

    value: float
    error: float

    @classmethod
    def of(cls, found: Vector) -> Estimate:
        """Return what one value of each net comes to."""
        return cls(float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found))))

    def __str__(self) -> str:
        if not 0 < self.error < inf:
            return f"{plain(self.value)} ± {plain(self.error)}"
        digits = -floor(log10(self.error))
        told = (f"{round(each, digits) + 0.0:.{max(digits, 0)}f}" for each in self)
        return " ± ".join(told)


class Influence(NamedTuple):
    """An input's share in the variance of a margin over the box: its Sobol indices.

    Parameters
    ----------
    name : str
        The input.
    range : Range
        Where it was moved.
    first : Estimate
        Of first order: the share that goes with the input alone.
    total : Estimate
        Of total order: what is left of the variance where all other inputs are known. It exceeds
        the first by what the input does together with others.
    """

    name: str
    range: Range
    first: Estimate
    total: Estimate

    def __str__(self) -> str:
        return f"{self.name}: alone {self.first}, with others {self.total}"


@dataclass(frozen=True)
class Spread:
    """How a margin is spread over the box.

    Parameters
    ----------
    mean, deviation : Estimate
        Mean and standard deviation.
    quantiles : dict of float to Estimate
        By their level.
    points : int
        How many points were tried, of all nets together.
    """

    mean: Estimate
    deviation: Estimate
    quantiles: dict[float, Estimate]
    points: int

    def __str__(self) -> str:
        words = [f"mean {self.mean}", f"deviation {self.deviation}"]
        words += [f"{plain(100 * level)} %: {own}" for level, own in self.quantiles.items()]
        return ", ".join(words)


def number(name: str, value: Any) -> float:
    """Return a finite number as Python has it: an int or a float as it is, others as a float.

    Raises
    ------
    ValueError
        If it is none, with the name of its argument.
    """
    # What is masked stands for nothing, whatever lies under the mask.
    is_alone = isinstance(value, np.ndarray) and value.ndim == 0 and not np.ma.is_masked(value)
    plain: Any = value.item() if is_alone else value
    try:
        if not isinstance(plain, NUMBERS) or isinstance(plain, NO_NUMBERS) or not isfinite(plain):
            raise ValueError
        found: float = plain if isinstance(plain, int | float) else float(plain)
        return found
    except (OverflowError, ValueError):
        raise ValueError(f"{name} must be a finite number, got {value!r}") from None


def count(name: str, value: Any, least: int, most: int) -> int:
    """Return a whole number within limits.

    Raises
    ------
    ValueError
        If it is none, with the name of its argument.
    """
    try:
        found = number(name, value)
    except ValueError:
        found = 0.5
    if found != round(found) or not least <= found <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, got {value!r}")
    return int(found)


def power_of_two(name: str, value: Any) -> int:
    """Return a number of points, a power of two, as Sobol's sequence asks.

    Raises
    ------
    ValueError
        If it is none, with the name of its argument.
    """
    found = count(name, value, 2, MOST)
    if found & (found - 1):
        raise ValueError(f"{name} must be a power of two, got {value!r}")
    return found


def plain(value: float) -> str:
    """Return a number to four digits, or with all that are before the point; no powers of ten.

    Examples
    --------
    >>> plain(0.0682249), plain(23_627.51), plain(12.0), plain(-1 / 3)
    ('0.06822', '23628', '12', '-0.3333')
    """
    value = float(value)
    if not isfinite(value):
        return str(value)
    if value == round(value) and abs(value) < 1e15:
        return f"{value:.0f}"
    digits = max(4, len(f"{abs(value):.0f}"))
    return np.format_float_positional(value, digits, unique=False, fractional=False, trim="-")


def _stretch(ends: tuple[float, float]) -> str:
    low, high = map(plain, ends)
    return f"at {low}" if low == high else f"from {low} to {high}"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
