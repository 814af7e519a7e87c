"""Money over years: what it is worth today, how it rises, and which level amount it equals.

Years are counted 1, 2, ... and every payment falls at the end of its year. Rates are decimals per
year.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    annual_rate,
    fitting,
    number,
    require,
    row,
    same_labels,
    whole_number,
    within_floats,
)
from housing.conversion import stepped_rent
from rounding import NEAREST

__all__ = ["blended_rate", "discount_factors", "levelised", "stepped_index"]

MOST_DECIMALS = 15


def discount_factors(rate: float, years: int, *, decimals: int | None = None) -> Floats:
    """Present value of one unit of money at the end of each year.

    Parameters
    ----------
    rate : float
        Cost of capital, a decimal per year.
    years : int
        How many, at least 1.
    decimals : int, optional
        Round each factor to so many decimals, from 0 to 15, halves up, as tables of factors do.

    Returns
    -------
    ndarray
        One factor a year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or a factor is larger than a float can be.

    References
    ----------
    Shan, Teng, Li and Chen (2014), equation (8); the paper's factors have three decimals in its
    first two stages.

    Computes: Shan, Teng, Li and Chen (2014), equation (8).

    Examples
    --------
    >>> discount_factors(0.05, 3, decimals=3)
    array([0.952, 0.907, 0.864])
    """
    cost, count = _rate(rate), _years(years)
    with np.errstate(over="ignore"):
        factors = (1.0 + cost) ** -np.arange(1.0, count + 1)
    require("factors of rate and years", factors, np.isfinite(factors), "finite")
    if decimals is None:
        return factors
    digits = whole_number("decimals", decimals, at_least=0)
    if digits > MOST_DECIMALS:
        raise ValueError(f"decimals must be at most {MOST_DECIMALS}, got {digits}")
    rounded: Floats = NEAREST.round(factors, 10.0**-digits)
    return rounded


@within_floats
def stepped_index(years: int, step: float, *, every: int = 1, start: int = 1) -> Floats:
    """Level of a price that rises by one percentage every so many years.

    Parameters
    ----------
    years : int
        How many, at least 1.
    step : float
        Rise at each step, a decimal, above -1.
    every : int, optional
        Years from one step to the next, at least 1.
    start : int, optional
        First year of the first level, at least 1; before it the level is 1 too.

    Returns
    -------
    ndarray
        One level a year; 1 in the year `start`.

    Raises
    ------
    ValueError
        If an argument leaves its range, or a level is larger than a float can be.

    References
    ----------
    Shan, Teng, Li and Chen (2014): rents are adjusted every two years by 5 per cent.

    Computes: Shan, Teng, Li and Chen (2014), rent steps, in words.

    Examples
    --------
    >>> stepped_index(5, 0.05, every=2)
    array([1.    , 1.    , 1.05  , 1.05  , 1.1025])
    """
    first, gap = whole_number("start", start), whole_number("every", every)
    elapsed = np.maximum(np.arange(1.0, _years(years) + 1) - first, 0.0)
    index: Floats = stepped_rent(1.0, elapsed, step=number("step", step), every=gap)
    return index


def levelised(index: ArrayLike, rate: float) -> float:
    """Constant level with the same present value as a changing one.

    Parameters
    ----------
    index : array_like
        One level a year.
    rate : float
        Cost of capital, a decimal per year.

    Returns
    -------
    float
        The mean of the levels, weighted by their discount factors.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Shan, Teng, Li and Chen (2014), the factors Z of equations (3) and (9).

    Computes: Shan, Teng, Li and Chen (2014), equation (3); equation (9).

    Examples
    --------
    >>> round(levelised(stepped_index(9, 0.05, every=2), 0.0536755), 5)
    1.08363
    >>> levelised([1, 1, 1], 0.08)
    1.0
    """
    return levelled("index", index, rate)


def levelled(name: str, index: Any, rate: float) -> float:
    """Levelise a row that the caller knows by another name."""
    level, cost = row(name, index), _rate(rate)
    years = np.arange(1.0, level.size + 1)
    # Counted from the year that weighs most, no factor is larger than 1.
    factors = (1.0 + cost) ** ((years[-1] if cost < 0 else 1.0) - years)
    return float((level * (factors / factors.sum())).sum())


def blended_rate(loans: ArrayLike, rates: ArrayLike) -> float:
    """Interest on several loans as a share of their sum.

    Parameters
    ----------
    loans : array_like
        Principals, money, at least 0 and not all 0.
    rates : array_like
        Rate of each, a decimal per year. Two Series must have the same labels.

    Returns
    -------
    float
        A decimal per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, there is not one rate for each loan, or labels differ.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), composite rate, in words.

    Examples
    --------
    >>> round(blended_rate([300, 700], [0.04, 0.06]), 4)
    0.054
    """
    same_labels(loans=loans, rates=rates)
    principal = row("loans", loans, at_least=0)
    charged = row("rates", annual_rate(rates, "rates"))
    if principal.size != charged.size:
        raise ValueError(
            f"rates must be {principal.size}, one for each of loans, got {charged.size}"
        )
    with np.errstate(over="ignore"):  # an infinite sum is refused by name
        total = number("the sum of loans", principal.sum(), above=0)
    return float((principal / total * charged).sum())


def _rate(rate: Any) -> float:
    return float(annual_rate(number("rate", rate), "rate"))


def _years(years: Any) -> int:
    count = whole_number("years", years)
    fitting("years", float(count), float(count))
    return count
