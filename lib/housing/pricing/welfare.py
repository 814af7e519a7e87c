"""What a rent means to a tenant and to society: cost of living and social benefit.

Both are linear functions of the rent, as the builder's surplus is. Rents are money per m2 and
month, everything else is money per year. Years are counted 1, 2, ... and every payment falls at the
end of its year.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    number,
    numbers,
    row,
    same_labels,
    share,
)
from housing._limits import ROUNDING
from housing.pricing.cashflow import levelled
from housing.pricing.letting import MONTHS
from housing.pricing.linear import (
    LinearFunction,
    finite_function,
    labels_of,
    linear,
)

__all__ = [
    "living_cost",
    "social_benefit",
]


def living_cost(
    area: ArrayLike,
    other_costs: float,
    *,
    rate: float,
    rent_index: ArrayLike,
    cost_index: ArrayLike,
    households: ArrayLike | None = None,
) -> LinearFunction:
    """Yearly cost of living of a tenant household, levelised over its tenancy: U(P).

    Parameters
    ----------
    area : array_like
        Area of a flat of each type, m2, above 0. The labels of a Series name the types.
    other_costs : float
        Fees, transport, water and power in the first year, money per month.
    rate : float
        Cost of capital, a decimal per year.
    rent_index, cost_index : array_like
        Levels of rent and of other costs, one a year.
    households : array_like, optional
        Share of households in each type; they add up to 1. Equal shares by default.

    Returns
    -------
    LinearFunction
        Money per year of the average household.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the shares or their labels do not fit.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), equation (3); U(P).

    Examples
    --------
    >>> cost = living_cost(60, 430, rate=0.05, rent_index=[1, 1, 1.05], cost_index=[1, 1.05, 1.1])
    >>> cost.slopes.round(2), round(cost.constant, 2)
    (array([731.42]), 5409.61)
    """
    same_labels(area=area, households=households)
    same_labels(rent_index=rent_index, cost_index=cost_index)
    size = row("area", numbers("area", area, above=0))
    mix = np.full(size.size, 1.0 / size.size) if households is None else _shares(households)
    if mix.size != size.size:
        raise ValueError(f"households must be {size.size}, one for each of area, got {mix.size}")
    other = number("other_costs", other_costs, at_least=0)
    with np.errstate(over="ignore"):
        slopes = MONTHS * size * mix * levelled("rent_index", rent_index, rate)
        constant = MONTHS * other * levelled("cost_index", cost_index, rate)
    names = "area, other_costs, rent_index and cost_index"
    return finite_function(names, slopes, constant, labels_of(area))


def social_benefit(
    market_rent: ArrayLike,
    flats: ArrayLike,
    surplus: LinearFunction,
    *,
    rate: float,
    market_index: ArrayLike,
    rent_index: ArrayLike | None = None,
    externality: float = 0.0,
) -> LinearFunction:
    """Consumer and producer surplus of a year, levelised, less external cost: S(P).

    Parameters
    ----------
    market_rent : array_like
        Rent of like flats on the market, for each type, at least 0.
    flats : array_like
        Area of each type of flat, m2, at least 0.
    surplus : LinearFunction
        The builder's yearly surplus, V(P).
    rate : float
        Cost of capital, a decimal per year.
    market_index : array_like
        Level of market rents, one a year.
    rent_index : array_like, optional
        Level of the rent to be set, one a year; as the market's by default.
    externality : float, optional
        External cost, money per year.

    Returns
    -------
    LinearFunction
        Money per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the types are not as many as those of the surplus or
        not labelled alike.

    References
    ----------
    Computes: Shan, Teng, Li and Chen (2014), surplus, in words; equation (9); S(P).

    Examples
    --------
    >>> benefit = social_benefit(
    ...     20, 1000, LinearFunction(9000, -90_000), rate=0.05, market_index=[1, 1, 1]
    ... )
    >>> benefit.slopes, round(benefit.constant)
    (array([-3000.]), 150000)
    """
    same_labels(market_rent=market_rent, flats=flats)
    same_labels(market_index=market_index, rent_index=rent_index)
    area, market = row("flats", flats, at_least=0), row("market_rent", market_rent, at_least=0)
    types = linear("surplus", surplus).slopes.size
    for name, given, sizes in (("flats", area, {types}), ("market_rent", market, {1, types})):
        if given.size not in sizes:
            raise ValueError(f"{name} must be {types}, one a rent of surplus, got {given.size}")
    level = levelled("market_index", market_index, rate)
    ours = level if rent_index is None else levelled("rent_index", rent_index, rate)
    with np.errstate(over="ignore"):
        slopes, worth = -MONTHS * area * ours, (MONTHS * area * market * level).sum()
    gap = finite_function(
        "market_rent, flats, market_index, rent_index and externality",
        slopes,
        worth - number("externality", externality),
        labels_of(flats),
    )
    return gap + surplus


def _shares(households: ArrayLike) -> Floats:
    mix = row("households", share("households", households))
    if abs(mix.sum() - 1.0) > ROUNDING:
        raise ValueError(f"households must add up to 1, got {mix.sum():.12g}")
    return mix
