"""Growth: its rate by the ends of a series, by its trend or year by year, and what it comes to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    annual_rate,
    elementwise,
    numbers,
    within_floats,
)

__all__ = [
    "average_growth_rate",
    "doubling_time",
    "growth_rates",
    "total_growth",
    "trend_growth_rate",
]


@elementwise
def total_growth(growth_rate: ArrayLike, years: ArrayLike) -> Any:
    """Growth over years at a constant rate: 25 per cent a decade is 2.3 per cent a year.

    Parameters
    ----------
    growth_rate : array_like
        Per year, above -1 and at most 1.
    years : array_like
        At least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal: 0.25 for growth by a quarter.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 1.22 and Box 1.2.

    Examples
    --------
    >>> round(total_growth(0.05, 10), 3)
    0.629
    """
    rate = annual_rate(growth_rate, "growth_rate")
    return np.expm1(numbers("years", years, at_least=0) * np.log1p(rate))


@elementwise
def average_growth_rate(first: ArrayLike, last: ArrayLike, years: ArrayLike) -> Any:
    """Constant rate of growth that leads from a first to a last value (geometric mean).

    Parameters
    ----------
    first, last : array_like
        Above 0.
    years : array_like
        Between the two, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Per year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    trend_growth_rate : by all values of a series and not by its ends alone.

    Examples
    --------
    >>> round(average_growth_rate(865, 1853, 5), 4)
    0.1646
    """
    growth = _log_ratio(numbers("last", last, above=0), numbers("first", first, above=0))
    return np.expm1(growth / numbers("years", years, above=0))


@within_floats
def trend_growth_rate(values: ArrayLike) -> float:
    """Rate of growth by least squares: a straight line through the logarithms of all values.

    The ends of a series decide its average growth rate alone; here every year has a voice.

    Parameters
    ----------
    values : array_like
        Yearly values above 0, at least two; one series.

    Returns
    -------
    float
        Per year.

    Raises
    ------
    ValueError
        If a value is not above 0, or there are fewer than two.

    See Also
    --------
    average_growth_rate : by the ends alone.

    Examples
    --------
    >>> round(trend_growth_rate([100, 110, 121]), 6)
    0.1
    """
    path = _series(values)
    time = np.arange(path.size) - (path.size - 1) / 2.0
    return float(np.expm1((time @ np.log(path)) / (time @ time)))


@elementwise(finite=False)
def growth_rates(values: ArrayLike) -> Any:
    """Growth from each year to the next.

    Parameters
    ----------
    values : array_like
        Yearly values above 0, at least two; one series.

    Returns
    -------
    ndarray or Series
        Per year, under the label of the later year; the first is NaN.

    Raises
    ------
    ValueError
        If a value is not above 0, or there are fewer than two.

    Examples
    --------
    >>> growth_rates([100, 110, 99]).round(3).tolist()
    [nan, 0.1, -0.1]
    """
    path = _series(values)
    return np.concatenate([[np.nan], np.diff(path) / path[:-1]])


@elementwise
def doubling_time(growth_rate: ArrayLike, factor: ArrayLike = 2.0) -> Any:
    """Years until something that grows at a constant rate has doubled.

    Parameters
    ----------
    growth_rate : array_like
        Per year, above 0 and at most 1.
    factor : array_like, optional
        Another multiple to reach, at least 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Years.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> round(doubling_time(0.05), 1), round(doubling_time(0.05, 3), 1)
    (14.2, 22.5)
    """
    rate = numbers(
        "growth_rate",
        growth_rate,
        above=0.0,
        at_most=1.0,
        hint=". Rates are decimals per year: for ten per cent give 0.10",
    )
    return np.log(numbers("factor", factor, at_least=1)) / np.log1p(rate)


def _log_ratio(last: Floats, first: Floats) -> Floats:
    """Return the logarithm of a ratio, of numbers next to each other and of any size."""
    near = np.abs(last - first) < first / 2.0
    change = np.where(near, last - first, 0.0) / first
    return np.where(near, np.log1p(change), np.log(last) - np.log(first))


def _series(values: ArrayLike) -> Floats:
    path = numbers("values", values, above=0)
    if path.ndim != 1 or path.size < 2:
        raise ValueError(f"values must be one series of at least two, got shape {path.shape}")
    return path
