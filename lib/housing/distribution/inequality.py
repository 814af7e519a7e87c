"""Inequality: how unequal amounts are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    share,
    within_floats,
)
from housing._limits import exceeds
from housing.distribution._groups import (
    cumulated,
    curve_table,
    ends_of_parts,
    gini_of,
    groups,
    of_each_group,
    places,
    products,
)

__all__ = [
    "gini",
    "lorenz",
    "quantile",
    "shares",
]


@within_floats
def quantile(values: ArrayLike, q: ArrayLike, weights: ArrayLike | None = None) -> Any:
    """Amount that a share of the households does not exceed: their smallest such amount.

    ``Q(q) = min {x : F(x) >= q}``, with ``F(x)`` the share of the households, by weight, that have
    x or less. It is always the amount of some household; nothing is interpolated.

    Parameters
    ----------
    values : array_like
        One amount a household along the last axis, in any unit.
    q : array_like
        Shares of the households, from 0 to 1: one, or a list of them. 0.5 is the median; 0 is the
        least amount of a household whose weight is not 0.
    weights : array_like, optional
        How many households each stands for, at least 0 and not all 0; 1 each where none are given.

    Returns
    -------
    float, ndarray, Series or DataFrame
        In the unit of `values`. Of a table, one row a group, with the labels of its rows; a list of
        shares adds an axis at the end.

    Raises
    ------
    ValueError
        If an argument leaves its range, shapes do not fit or labels differ.

    Notes
    -----
    A share that is reached but for noise is reached: seven tenths of ten households are seven of
    them, whatever the last bit of a sum says.

    References
    ----------
    Hyndman and Fan (1996), *Sample quantiles in statistical packages*, definition 1, which is
    ``inverted_cdf`` of ``numpy.quantile``.

    Examples
    --------
    >>> quantile([9_000, 24_000, 30_000, 52_000], 0.5)
    24000.0
    >>> quantile([9_000, 24_000, 30_000, 52_000], [0.1, 0.9], weights=[1, 1, 1, 7])
    array([ 9000., 52000.])
    """
    wanted = share("q", q)
    if wanted.ndim > 1:
        raise ValueError(f"q must be one share or a list of shares, got the shape {wanted.shape}")

    def of_one(amounts: Floats, weight: Floats) -> Floats:
        order = np.argsort(amounts, kind="stable")
        return amounts[order][places(np.cumsum(weight[order]), wanted)]

    return of_each_group(of_one, values, weights, columns=wanted if wanted.ndim else None)


@within_floats
def lorenz(
    values: ArrayLike, weights: ArrayLike | None = None, *, by: ArrayLike | None = None
) -> pd.DataFrame:
    """Lorenz curve: the share of all money that the poorest share of the households has.

    Parameters
    ----------
    values : array_like
        One amount a household, at least 0 and not all 0, of one group: a list or a Series.
    weights : array_like, optional
        As in `quantile`.
    by : array_like, optional
        Amounts by which the households stand in order, such as their income where `values` are
        subsidies: a concentration curve. Without it they stand by `values`.

    Returns
    -------
    DataFrame
        ``households`` and ``amount``, shares from 0 to 1: a row for 0 and one for each different
        amount, ascending. Between two rows the curve is straight, so households with the same
        amount share alike.

    Raises
    ------
    ValueError
        As in `quantile`, and if an amount is below 0 or all are 0.

    References
    ----------
    Lorenz (1905), *Methods of measuring the concentration of wealth*.

    Examples
    --------
    >>> lorenz([1, 1, 2, 4])
       households  amount
    0        0.00    0.00
    1        0.50    0.25
    2        0.75    0.50
    3        1.00    1.00
    """
    amounts, order, weight, _ = groups(values, weights, by, of_a_whole=True)
    if amounts.ndim != 1:
        raise ValueError(f"values must be of one group, got the shape {amounts.shape}")
    return curve_table(*_curve(amounts, order, weight))


@within_floats
def gini(values: ArrayLike, weights: ArrayLike | None = None) -> Any:
    """Gini coefficient: how unequal amounts are, from 0 (all the same) to 1 (one has all).

    Half the mean difference between two households over the mean amount, and twice the area between
    the Lorenz curve and the diagonal. It is worked out as the sum of ``F (1 - F)`` over the steps
    from one amount to the next, over the mean: no term is below 0 and none cancels another.

    Parameters
    ----------
    values, weights : array_like
        As in `shares`.

    Returns
    -------
    float, ndarray or Series
        From 0 to 1, one a group. The n households are all that there are: where one of them has
        all it is ``1 - 1 / n``, with no correction for a sample.

    Raises
    ------
    ValueError
        As in `shares`: with amounts below 0 it could exceed 1, and where all are 0 it has no value.

    References
    ----------
    Gini (1914), *Sulla misura della concentrazione e della variabilità dei caratteri*; Dorfman
    (1979), *A formula for the Gini coefficient*.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
    (0.0, 0.75)
    >>> round(gini([1, 2, 3, 4, 5]), 4)
    0.2667
    """

    def of_one(amounts: Floats, weight: Floats) -> Floats:
        order = np.argsort(amounts, kind="stable")
        return gini_of(amounts[order], weight[order])

    return of_each_group(of_one, values, weights, of_a_whole=True)


@within_floats
def shares(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    parts: int = 10,
    by: ArrayLike | None = None,
) -> Any:
    """Share of all money that each tenth of the households has, from the poorest.

    Differences of the Lorenz curve: a household that a tenth ends in belongs to both in proportion.

    Parameters
    ----------
    values : array_like
        One amount a household along the last axis, at least 0 and not all 0.
    weights : array_like, optional
        As in `quantile`.
    parts : int, optional
        How many equal parts the households are cut into: 10 for tenths, 5 for fifths.
    by : array_like, optional
        As in `lorenz`.

    Returns
    -------
    ndarray or DataFrame
        Shares that add up to 1, the poorest part first; one row a group of a table.

    Raises
    ------
    ValueError
        As in `lorenz`.

    Examples
    --------
    >>> shares([10, 20, 30, 40], parts=2)
    array([0.3, 0.7])
    >>> shares([140, 60, 0, 0], by=[24_000, 30_000, 40_000, 52_000], parts=2)
    array([1., 0.])
    """
    ends = ends_of_parts(parts)

    def of_one(amounts: Floats, weight: Floats, order: Floats) -> Floats:
        return np.diff(np.interp(ends, *_curve(amounts, order, weight)))

    columns = np.arange(1, len(ends))
    return of_each_group(of_one, values, weights, by, columns=columns, of_a_whole=True)


def _curve(amounts: Floats, by: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the Lorenz curve of amounts in the order of others; those that tie share alike."""
    counts = weight > 0
    amounts, by, weight = amounts[counts], by[counts], weight[counts]
    order = np.argsort(by, kind="stable")
    last = np.append(exceeds(by[order][1:], by[order][:-1]), True)
    starts = np.r_[0, np.flatnonzero(last)[:-1] + 1]
    return cumulated(
        *(np.add.reduceat(x[order], starts) for x in (weight, products(amounts, weight)))
    )
