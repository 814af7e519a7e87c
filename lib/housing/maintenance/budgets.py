"""Budgets: yearly spending on maintenance as a rent, and as a share of replacement value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    elementwise,
    numbers,
    share,
    within_floats,
)

__all__ = [
    "funding_level",
    "rent_equivalent",
    "rent_income",
    "replacement_value",
]

MONTHS = 12


@elementwise
def rent_income(rent: ArrayLike, *, usable_share: ArrayLike = 0.75) -> Any:
    """Rent of a year per m2 of constructed space, from a monthly rent per m2 of usable space.

    Parameters
    ----------
    rent : array_like
        Money per m2 of usable space and month, at least 0.
    usable_share : array_like, optional
        Usable as a share of constructed space, above 0 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per m2 of constructed space and year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    rent_equivalent : the way back.

    References
    ----------
    World Bank (1991), Table 4.2: UA and CA.

    Computes: World Bank (1991), Table 4.2.

    Examples
    --------
    >>> round(rent_income(0.55), 2)
    4.95
    """
    usable = share("usable_share", usable_share, positive=True)
    return numbers("rent", rent, at_least=0) * MONTHS * usable


@elementwise
def rent_equivalent(
    annual_funding: ArrayLike, area: ArrayLike, *, usable_share: ArrayLike = 0.75
) -> Any:
    """Monthly rent per m2 of usable space that a yearly budget amounts to.

    Parameters
    ----------
    annual_funding : array_like
        Money per year, at least 0.
    area : array_like
        Constructed space that it maintains, m2, above 0.
    usable_share : array_like, optional
        As in `rent_income`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per m2 of usable space and month.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), footnotes 1 and 3 of chapter IV.

    Examples
    --------
    >>> round(rent_equivalent(46.85e6, 17.3e6, usable_share=0.86), 2)
    0.26
    """
    budget = numbers("annual_funding", annual_funding, at_least=0)
    usable = share("usable_share", usable_share, positive=True)
    return budget / (numbers("area", area, above=0) * usable * MONTHS)


@within_floats
def replacement_value(areas: ArrayLike, unit_costs: ArrayLike) -> float:
    """Cost of building a stock anew.

    Parameters
    ----------
    areas : array_like
        Constructed space of each kind of building, m2, at least 0.
    unit_costs : array_like
        What a m2 of each kind costs today, at least 0; one cost serves for all kinds.

    Returns
    -------
    float
        Money.

    Raises
    ------
    ValueError
        If an argument leaves its range, or shapes do not match.

    References
    ----------
    World Bank (1991), paras. 4.6 and 4.15.

    Computes: World Bank (1991), footnote 10 of chapter I; para. 4.6.

    Examples
    --------
    >>> replacement_value([22.5e6, 2.5e6], [650, 300]) / 1e6
    15375.0
    """
    value = float(np.sum(_value(areas, unit_costs)))
    kinds, prices = np.shape(areas), np.shape(unit_costs)
    # One area at many costs would broadcast too, and count the area as often.
    if np.size(unit_costs) > 1 and kinds != prices:
        raise ValueError(
            f"shapes do not match: areas {kinds}, unit_costs {prices}; "
            "give one cost, or one for each area"
        )
    return value


@elementwise
def _value(areas: ArrayLike, unit_costs: ArrayLike) -> Any:
    return numbers("areas", areas, at_least=0) * numbers("unit_costs", unit_costs, at_least=0)


@elementwise
def funding_level(annual_funding: ArrayLike, replacement_value: ArrayLike) -> Any:
    """Yearly spending on maintenance as a share of replacement value.

    Parameters
    ----------
    annual_funding : array_like
        Money per year, at least 0.
    replacement_value : array_like
        Cost of building the same space anew, above 0; both for the whole stock or both per m2.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal: 0.011 is 1.1 percent of replacement value a year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 4.9, 4.20 and 4.31, Table 4.3.

    Computes: World Bank (1991), para. 4.9.

    Examples
    --------
    >>> round(100 * funding_level(77e6, 15_375e6), 2)
    0.5
    """
    budget = numbers("annual_funding", annual_funding, at_least=0)
    return budget / numbers("replacement_value", replacement_value, above=0)
