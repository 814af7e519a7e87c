"""Money over years: what it is worth today, how it rises, and which level amount it equals.

Years are counted 1, 2, ... and every payment falls at the end of its year. Rates are decimals per
year.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from housing._arrays import Floats, annual_rate, number, row, whole_number
from housing.conversion import stepped_rent

__all__ = ["blended_rate", "discount_factors", "levelised", "stepped_index"]


def discount_factors(rate: float, years: int, *, decimals: int | None = None) -> Floats:
    """Present value of one unit of money at the end of each year.

    Parameters
    ----------
    rate : float
        Cost of capital, a decimal per year.
    years : int
        How many, at least 1.
    decimals : int, optional
        Round each factor to so many decimals, as tables of factors do.

    Returns
    -------
    ndarray
        One factor a year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

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
    cost = float(annual_rate(number("rate", rate), "rate"))
    factors = (1.0 + cost) ** -np.arange(1.0, whole_number("years", years) + 1)
    return factors if decimals is None else np.round(factors, decimals)


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
        If an argument leaves its range.

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
    elapsed = np.maximum(np.arange(1, whole_number("years", years) + 1) - first, 0)
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
    level = row("index", index)
    factors = discount_factors(rate, level.size)
    return float(level @ factors / factors.sum())


def blended_rate(loans: ArrayLike, rates: ArrayLike) -> float:
    """Interest on several loans as a share of their sum.

    Parameters
    ----------
    loans : array_like
        Principals, money, at least 0 and not all 0.
    rates : array_like
        Rate of each, a decimal per year.

    Returns
    -------
    float
        A decimal per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or there is not one rate for each loan.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), composite rate, in words.

    Examples
    --------
    >>> round(blended_rate([300, 700], [0.04, 0.06]), 4)
    0.054
    """
    principal = row("loans", loans, at_least=0)
    charged = row("rates", annual_rate(rates, "rates"))
    if principal.size != charged.size:
        raise ValueError(
            f"rates must be {principal.size}, one for each of loans, got {charged.size}"
        )
    number("the sum of loans", principal.sum(), above=0)
    return float(principal @ charged / principal.sum())
