"""How unequal amounts are, who is poor, and whose home costs too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from housing._arguments import (
    Floats,
    broadcast,
    elementwise,
    number,
    numbers,
    same_last_axis,
    share,
    with_rows,
    within_floats,
)
from housing._limits import difference, exceeds
from housing.affordability import affordable_payment, residual_income, shelter_poverty_gap
from housing.distribution.sums import (
    Mean,
    cumulated,
    curve_table,
    ends_of_parts,
    gini_of,
    groups,
    places,
    products,
)

__all__ = [
    "gini",
    "lorenz",
    "overburden_rate",
    "overburdened",
    "poverty",
    "poverty_gap",
    "quantile",
    "residual_gap",
    "residual_poverty",
    "shares",
]

#: Exponents of the measures of Foster, Greer and Thorbecke.
_ALPHAS = (0, 1, 2)


# Order and shares ---------------------------------------------------------------------------------


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

    return _of_each_group(of_one, values, weights, columns=wanted if wanted.ndim else None)


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

    return _of_each_group(of_one, values, weights, of_a_whole=True)


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
    return _of_each_group(of_one, values, weights, by, columns=columns, of_a_whole=True)


# Poverty ------------------------------------------------------------------------------------------


@elementwise
def poverty_gap(income: ArrayLike, line: ArrayLike, alpha: float = 0) -> Any:
    """Gap of a household to the poverty line, to a power: its part in a measure of poverty.

    ``((z - y) / z)**alpha`` for an income y below the line z, and 0 for others.

    Parameters
    ----------
    income : array_like
        Of the household, money per period. Below 0, the gap is larger than the line.
    line : array_like
        Poverty line, money per period, above 0: one for all, or one a household by its size.
    alpha : {0, 1, 2}, optional
        0 counts the poor, 1 their gaps, and 2 squares them, so that the poorest weigh most.

    Returns
    -------
    float, ndarray, Series or DataFrame
        At least 0. A household on the line is not poor, whatever the last bit of its income says.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Foster, Greer and Thorbecke (1984), *A class of decomposable poverty measures*.

    Examples
    --------
    >>> poverty_gap([100, 110, 150, 160], 125, alpha=1)
    array([0.2 , 0.12, 0.  , 0.  ])
    """
    limit = numbers("line", line, above=0)
    return _to_power(difference(limit, numbers("income", income)) / limit, alpha)


@within_floats
def poverty(
    income: ArrayLike, line: ArrayLike, alpha: float = 0, weights: ArrayLike | None = None
) -> Any:
    """Poverty by the measures of Foster, Greer and Thorbecke: mean of `poverty_gap`.

    Parameters
    ----------
    income, line, alpha
        As in `poverty_gap`, one household after the other along the last axis.
    weights : array_like, optional
        As in `quantile`; households times persons where poor persons are to be counted.

    Returns
    -------
    float, ndarray or Series
        One a group: the share of the households that is poor (0), their gap as a share of the line,
        spread over all households (1), or the mean of its square (2).

    Raises
    ------
    ValueError
        If an argument leaves its range, shapes do not fit or labels differ.

    Examples
    --------
    >>> [round(poverty([100, 110, 150, 160], 125, alpha), 4) for alpha in (0, 1, 2)]
    [0.5, 0.08, 0.0136]
    """
    return _mean_of(poverty_gap, {"income": income, "line": line}, weights, alpha=alpha)


@elementwise
def residual_gap(income: ArrayLike, cost: ArrayLike, needs: ArrayLike, alpha: float = 0) -> Any:
    """Gap between other needs and what the home leaves, to a power: poverty after housing.

    Its `affordability.shelter_poverty_gap` over its other needs, to a power. That is `poverty_gap`
    of what the home leaves of the income, with the other needs as the line.

    Parameters
    ----------
    income : array_like
        Of the household, money per period, at least 0.
    cost : array_like
        What its home costs, money per period, at least 0.
    needs : array_like
        What all but housing costs at the least standard, money per household and period, above 0.
    alpha : {0, 1, 2}, optional
        As in `poverty_gap`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        At least 0; above 1 where the home costs more than the income.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Stone (2006), *What is housing affordability? The case for the residual income approach*;
    Foster, Greer and Thorbecke (1984).

    Examples
    --------
    >>> residual_gap([1_500, 1_500], [300, 600], 1_000, alpha=1)
    array([0. , 0.1])
    """
    limit = numbers("needs", needs, above=0)
    paid = numbers("cost", cost, at_least=0)
    return _to_power(shelter_poverty_gap(residual_income(income, limit), paid) / limit, alpha)


@within_floats
def residual_poverty(
    income: ArrayLike,
    cost: ArrayLike,
    needs: ArrayLike,
    alpha: float = 0,
    weights: ArrayLike | None = None,
) -> Any:
    """Poverty by residual income: mean of `residual_gap`.

    Parameters
    ----------
    income, cost, needs, alpha
        As in `residual_gap`, one household after the other along the last axis.
    weights : array_like, optional
        As in `quantile`.

    Returns
    -------
    float, ndarray or Series
        One a group: with `alpha` 0 the share of the households that is shelter poor.

    Raises
    ------
    ValueError
        If an argument leaves its range, shapes do not fit or labels differ.

    Examples
    --------
    >>> residual_poverty([1_500, 1_500, 900], [300, 600, 0], 1_000, weights=[2, 1, 1])
    0.5
    """
    arguments = {"income": income, "cost": cost, "needs": needs}
    return _mean_of(residual_gap, arguments, weights, alpha=alpha)


@elementwise
def overburdened(cost: ArrayLike, income: ArrayLike, limit: ArrayLike) -> Any:
    """Tell which households pay more for their home than a share of their income.

    Parameters
    ----------
    cost : array_like
        What the home costs, money per period, at least 0.
    income : array_like
        Of the household, money per period, at least 0. At 0, any cost is too much.
    limit : array_like
        Share of the income that a home may take, as a decimal from 0 to 1; 0.3 and 0.4 are usual.

    Returns
    -------
    float, ndarray, Series or DataFrame
        1 for those that pay more, else 0: also for those on the limit.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> overburdened([300, 301, 1], [1_000, 1_000, 0], 0.3)
    array([0., 1., 1.])
    """
    allowed = affordable_payment(
        numbers("income", income, at_least=0), numbers("limit", limit, at_least=0, at_most=1)
    )
    return np.asarray(exceeds(numbers("cost", cost, at_least=0), allowed), dtype=float)


@within_floats
def overburden_rate(
    cost: ArrayLike, income: ArrayLike, limit: ArrayLike, weights: ArrayLike | None = None
) -> Any:
    """Share of the households that pay more for their home than a share of their income.

    Parameters
    ----------
    cost, income, limit
        As in `overburdened`, one household after the other along the last axis.
    weights : array_like, optional
        As in `quantile`.

    Returns
    -------
    float, ndarray or Series
        From 0 to 1, one a group.

    Raises
    ------
    ValueError
        If an argument leaves its range, shapes do not fit or labels differ.

    References
    ----------
    Eurostat, *Glossary: Housing cost overburden rate*, where the limit is 40 percent, and cost and
    income are net of housing allowances and counted by persons: give them as such.

    Examples
    --------
    >>> overburden_rate([500, 300], [1_000, 1_000], 0.4, weights=[1, 3])
    0.25
    """
    return _mean_of(overburdened, {"cost": cost, "income": income, "limit": limit}, weights)


# Inner parts --------------------------------------------------------------------------------------


def _of_each_group(
    of_one: Callable[..., Floats | np.float64],
    values: Any,
    weights: Any,
    *by: Any,
    columns: NDArray[Any] | None = None,
    of_a_whole: bool = False,
) -> Any:
    """Apply a function of one group's amounts and weights to each, and answer in kind."""
    amounts, order, weight, rows = groups(values, weights, *by, of_a_whole=of_a_whole)
    arrays = (amounts, weight, order)[: 2 + len(by)]
    each = zip(*(x.reshape(-1, x.shape[-1]) for x in arrays), strict=True)
    found = np.array([of_one(*(x[one[1] > 0] for x in one)) for one in each])
    result = found.reshape(amounts.shape[:-1] + found.shape[1:])
    if rows is not None and columns is not None:
        return pd.DataFrame(result, rows, columns)
    return with_rows(result, rows)


def _mean_of(
    gap: Callable[..., Any], arguments: dict[str, Any], weights: Any, **settings: Any
) -> Any:
    """Return the mean of what each household adds, one a group."""
    counts = np.float64(1) if weights is None else weights
    rows = same_last_axis(**arguments, weights=weights)
    arguments = {name: numbers(name, value) for name, value in arguments.items()}
    *values, weight = broadcast(**arguments, weights=numbers("weights", counts, at_least=0))
    each = gap(*map(np.atleast_1d, values), **settings)
    found = _of_each_group(lambda *one: np.float64(Mean.of(*one).value), each, weight)
    return with_rows(found, rows)


def _to_power(gap: Floats, alpha: Any) -> Floats:
    """Return gaps to a power, 0 where there is none."""
    exponent = number("alpha", alpha)
    if exponent not in _ALPHAS:
        raise ValueError(f"alpha must be one of 0, 1, 2, got {exponent:g}")
    own = np.maximum(gap, 0.0)
    if exponent == 0:
        return np.asarray(own > 0, dtype=float)
    return own if exponent == 1 else own * own


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
