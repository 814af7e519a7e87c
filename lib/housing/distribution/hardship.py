"""Hardship: who is poor, by how much, and whose home costs too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

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
from housing.distribution._groups import (
    of_each_group,
)
from housing.distribution.sums import Mean

__all__ = [
    "overburden_rate",
    "overburdened",
    "poverty",
    "poverty_gap",
    "residual_gap",
    "residual_poverty",
]

#: Exponents of the measures of Foster, Greer and Thorbecke.
_ALPHAS = (0, 1, 2)


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
    allowed = affordable_payment(numbers("income", income, at_least=0), share("limit", limit))
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


def _mean_of(
    gap: Callable[..., Any], arguments: dict[str, Any], weights: Any, **settings: Any
) -> Any:
    """Return the mean of what each household adds, one a group."""
    counts = np.float64(1) if weights is None else weights
    rows = same_last_axis(**arguments, weights=weights)
    arguments = {name: numbers(name, value) for name, value in arguments.items()}
    *values, weight = broadcast(**arguments, weights=numbers("weights", counts, at_least=0))
    each = gap(*map(np.atleast_1d, values), **settings)
    found = of_each_group(lambda *one: np.float64(Mean.of(*one).value), each, weight)
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
