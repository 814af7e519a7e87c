"""Tenure choice: the price that a rent is worth to a household that may rent or own.

A household is indifferent between the two where renting costs as much a year as owning. Rent,
upkeep and options are money per year, price and cost money, all for the same home or the same m2.
Two rival accounts of wear share their signatures: it falls on the price that was paid, so that
the home is used up with it, or on the replacement cost, so that a reserve keeps the home whole.
The module is one equation, that renting costs what owning does, solved for each of its terms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats, annual_rate, elementwise, numbers, share
from housing._limits import ROUNDING, difference, to_whole

__all__ = [
    "bid_price",
    "bid_price_with_reserve",
    "capitalised_in_kind_rent",
    "homeownership_rate",
    "iso_tenure_price",
    "iso_tenure_slope",
    "property_rights_ratio",
    "rent_from_price",
    "user_cost",
    "user_cost_with_reserve",
]


@elementwise
def user_cost(
    price: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    cost: ArrayLike | None = None,
    *,
    owner_option: ArrayLike = 0.0,
    probability: ArrayLike = 1.0,
) -> Any:
    """Yearly cost of owning a home, with wear on the price that was paid.

    It is interest and depreciation on the price, and upkeep, less what ownership is worth beyond
    a place to live.

    Parameters
    ----------
    price : array_like
        Money, at least 0.
    interest : array_like
        What the money would earn elsewhere, a decimal per year, above -1 and at most 1.
    depreciation : array_like
        Share of the price that wears off a year, from 0 to 1.
    upkeep : array_like, optional
        Operating expenses, money per year, at least 0.
    cost : array_like, optional
        Replacement cost, money, at least 0. It makes no difference: the rival formula needs it in
        the same place.
    owner_option : array_like, optional
        What the rights to sell and to let are worth, money per year; below 0 where they burden.
    probability : array_like, optional
        That the owner can exercise these rights, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    user_cost_with_reserve : the rival, with wear on the replacement cost.

    References
    ----------
    Computes: World Bank (1991), equation (a); para. 2.50; equation (c).

    Examples
    --------
    >>> round(user_cost(276, 0.10, 0.02, 8.88), 2)
    42.0
    """
    if cost is not None:
        _cost(cost)
    paid = numbers("price", price, at_least=0)
    carrying = (annual_rate(interest, "interest") + share("depreciation", depreciation)) * paid
    return carrying + _upkeep_less_option(upkeep, owner_option, probability)


@elementwise
def user_cost_with_reserve(
    price: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    cost: ArrayLike | None = None,
    *,
    owner_option: ArrayLike = 0.0,
    probability: ArrayLike = 1.0,
) -> Any:
    """Yearly cost of owning a home that a reserve keeps whole, with wear on its replacement cost.

    Parameters
    ----------
    price, interest, upkeep, owner_option, probability : array_like
        As in `user_cost`.
    depreciation : array_like
        Share of the replacement cost that is set aside a year, from 0 to 1.
    cost : array_like
        Replacement cost, money, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the replacement cost is missing.

    See Also
    --------
    user_cost : the rival, with wear on the price that was paid. Both agree where price is cost.

    References
    ----------
    Computes: World Bank (1991), para. 2.68.

    Examples
    --------
    >>> round(user_cost_with_reserve(100, 0.10, 0.02, 8.88, cost=276), 2)
    24.4
    """
    paid = numbers("price", price, at_least=0)
    carrying = annual_rate(interest, "interest") * paid + _reserve(depreciation, cost)
    return carrying + _upkeep_less_option(upkeep, owner_option, probability)


@elementwise
def rent_from_price(
    price: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    *,
    tenant_option: ArrayLike = 0.0,
    owner_option: ArrayLike = 0.0,
    probability: ArrayLike = 1.0,
) -> Any:
    """Rent at which a household would as soon rent as buy at a price.

    At the replacement cost, and without options, it is the rent that recovers all costs.

    Parameters
    ----------
    price, interest, depreciation, upkeep, owner_option, probability : array_like
        As in `user_cost`.
    tenant_option : array_like, optional
        What the tenant's right to stay is worth, money per year, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    bid_price : its inverse.

    References
    ----------
    Computes: World Bank (1991), equation (a); equation (c).

    Examples
    --------
    >>> round(rent_from_price(276, 0.10, 0.02, 8.88, tenant_option=5), 2)
    47.0
    """
    options = {"owner_option": owner_option, "probability": probability}
    owning = user_cost(price, interest, depreciation, upkeep, **options)
    return owning + numbers("tenant_option", tenant_option, at_least=0)


@elementwise
def bid_price(
    rent: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    cost: ArrayLike | None = None,
    *,
    tenant_option: ArrayLike = 0.0,
    owner_option: ArrayLike = 0.0,
    probability: ArrayLike = 1.0,
) -> Any:
    """Price that a household would pay for a home that it can rent, with wear on that price.

    Parameters
    ----------
    rent : array_like
        Rent that buying saves, money per year, at least 0.
    interest, depreciation, upkeep, owner_option, probability : array_like
        As in `user_cost`; interest and depreciation together above 0.
    cost : array_like, optional
        As in `user_cost`: it makes no difference.
    tenant_option : array_like, optional
        What the tenant's right to stay is worth, money per year, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money; below 0 where the household would have to be paid to take the home.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    bid_price_with_reserve : the rival, with wear on the replacement cost.
    rent_from_price : its inverse.

    Notes
    -----
    It is the present value of net rents that decline each year by the depreciation.

    References
    ----------
    Computes: World Bank (1991), equation (b); para. 2.50; equation (c).

    Examples
    --------
    >>> round(bid_price(42, 0.10, 0.02, 8.88), 2)
    276.0
    >>> bid_price([42, 14.04], 0.10, 0.02, 8.88).round(2)
    array([276.,  43.])
    """
    if cost is not None:
        _cost(cost)
    saved = _saved(rent, upkeep, tenant_option, owner_option, probability)
    return saved / _carrying_rate(interest, depreciation)


@elementwise
def bid_price_with_reserve(
    rent: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    cost: ArrayLike | None = None,
    *,
    tenant_option: ArrayLike = 0.0,
    owner_option: ArrayLike = 0.0,
    probability: ArrayLike = 1.0,
) -> Any:
    """Price that a household would pay for a home that a reserve keeps whole.

    Parameters
    ----------
    rent, tenant_option, upkeep, owner_option, probability : array_like
        As in `bid_price`.
    interest : array_like
        A decimal per year, above 0 and at most 1.
    depreciation : array_like
        Share of the replacement cost that is set aside a year, from 0 to 1.
    cost : array_like
        Replacement cost, money, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money; below 0 where the household would have to be paid to take the home.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the replacement cost is missing.

    See Also
    --------
    bid_price : the rival, with wear on the price that was paid. Both agree at the rent that
        recovers all costs; below it this one is the lower.

    Notes
    -----
    It is the present value of net rents that go on for ever.

    References
    ----------
    Computes: World Bank (1991), equation (d); equation (e).

    Examples
    --------
    >>> bid_price_with_reserve([42, 14.04], 0.10, 0.02, 8.88, cost=276).round(2)
    array([276. ,  -3.6])
    """
    saved = _saved(rent, upkeep, tenant_option, owner_option, probability)
    rate = numbers("interest", annual_rate(interest, "interest"), above=0)
    return (saved - _reserve(depreciation, cost)) / rate


@elementwise
def capitalised_in_kind_rent(
    rent: ArrayLike,
    cost_rent: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike = 0.0,
) -> Any:
    """Capital value of the rent that a tenant does not pay: the discount that makes him buy.

    Parameters
    ----------
    rent : array_like
        Rent that is charged, money per year, at least 0.
    cost_rent : array_like
        Rent that would recover all costs, money per year, at least 0.
    interest : array_like
        A decimal per year, above -1 and at most 1; together with depreciation above 0.
    depreciation : array_like, optional
        Share of the price that wears off a year, if prices are `bid_price`; 0 for a home that a
        reserve keeps whole, as in `bid_price_with_reserve`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money; below 0 where the rent is above the one that recovers costs.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), equation (f).

    Examples
    --------
    >>> round(capitalised_in_kind_rent(14.04, 42, 0.10), 2)
    279.6
    >>> round(capitalised_in_kind_rent(14.04, 42, 0.10, 0.02), 2)
    233.0
    """
    gap = difference(numbers("cost_rent", cost_rent, at_least=0), numbers("rent", rent, at_least=0))
    return gap / _carrying_rate(interest, depreciation)


@elementwise
def property_rights_ratio(
    tenant_share: ArrayLike, owner_share: ArrayLike, probability: ArrayLike
) -> Any:
    """Bid price under weak rights of owners and strong ones of tenants, as a share of the market's.

    Parameters
    ----------
    tenant_share : array_like
        Value of the tenant's right to stay as a share of rent net of upkeep, from 0 to 1.
    owner_share : array_like
        Value of the owner's rights in a market as a share of interest and depreciation on the
        market price, from 0 to 1.
    probability : array_like
        That the owner can exercise these rights, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal: 0.58 is a price of 58 per cent of the market's.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    With net rent ``N``, options ``T`` and ``G`` and probability ``q`` it is
    ``(N - T + q G) / (N + G)``; in the shares ``t = T / N`` and ``g = G / (N + G)`` that is
    ``(1 - t)(1 - g) + q g``: the average of what a tenant leaves of rent and what the law leaves
    of ownership.

    References
    ----------
    World Bank (1991), para. 2.50, which names the three arguments and prints no formula.

    Computes: World Bank (1991), para. 2.50.

    Examples
    --------
    >>> round(property_rights_ratio(0.3, 0.3, 0.3), 2)
    0.58
    """
    tenants, owners = share("tenant_share", tenant_share), share("owner_share", owner_share)
    return (1.0 - tenants) * (1.0 - owners) + share("probability", probability) * owners


@elementwise
def iso_tenure_slope(interest: ArrayLike, depreciation: ArrayLike) -> Any:
    """Fall of the price that keeps the share of owners when the yearly rent falls by one.

    Parameters
    ----------
    interest, depreciation : array_like
        As in `bid_price`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Years: money of price for money of rent per year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), para. 2.59; para. 2.60.

    Examples
    --------
    >>> round(iso_tenure_slope(0.10, 0.02), 2)
    8.33
    """
    return bid_price(1.0, interest, depreciation)


@elementwise(but="owner_options")
def iso_tenure_price(
    rent: ArrayLike,
    ownership_rate: ArrayLike,
    owner_options: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    *,
    tenant_option: ArrayLike = 0.0,
) -> Any:
    """Price at which a share of families chooses to own, along an iso-tenure schedule.

    Families differ in what ownership is worth to them; the price is the bid of the last one that
    the share takes in.

    Parameters
    ----------
    rent, interest, depreciation, upkeep, tenant_option : array_like
        As in `bid_price`.
    ownership_rate : array_like
        Share of families that choose to own, above 0 and at most 1.
    owner_options : array_like
        What ownership is worth to each family beyond a place to live, money per year: any number
        of families, and no axis of the result.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    homeownership_rate : its inverse.

    References
    ----------
    World Bank (1991), para. 2.59 and Figure 2.2.

    Computes: World Bank (1991), para. 2.59.

    Examples
    --------
    >>> iso_tenure_price(42, [0.25, 0.75], [-3, -1, 1, 3], 0.10, 0.02, 8.88).round(1)
    array([301. , 267.7])
    """
    option = _last_one_in(ownership_rate, _families(owner_options))
    terms = {"tenant_option": tenant_option, "owner_option": option}
    return bid_price(rent, interest, depreciation, upkeep, **terms)


@elementwise(but="owner_options")
def homeownership_rate(
    rent: ArrayLike,
    price: ArrayLike,
    owner_options: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike = 0.0,
    *,
    tenant_option: ArrayLike = 0.0,
) -> Any:
    """Share of families that choose to own at a rent and a price.

    Parameters
    ----------
    rent, interest, depreciation, upkeep, tenant_option : array_like
        As in `bid_price`.
    price : array_like
        Money, at least 0.
    owner_options : array_like
        As in `iso_tenure_price`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal. A family to which both cost the same owns.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    iso_tenure_price : its inverse.

    References
    ----------
    World Bank (1991), paras. 2.58-2.59.

    Computes: World Bank (1991), para. 2.59.

    Examples
    --------
    >>> homeownership_rate(42, [250, 280, 320], [-3, -1, 1, 3], 0.10, 0.02, 8.88)
    array([1. , 0.5, 0. ])
    """
    ascending = _families(owner_options)
    needed = _needed_option(rent, price, interest, depreciation, upkeep, tenant_option)
    return 1.0 - np.searchsorted(ascending, needed) / ascending.size


def _needed_option(
    rent: ArrayLike,
    price: ArrayLike,
    interest: ArrayLike,
    depreciation: ArrayLike,
    upkeep: ArrayLike,
    tenant_option: ArrayLike,
) -> Any:
    """Return what ownership must be worth to a family that owns, money per year."""
    owning = user_cost(price, interest, depreciation, upkeep)
    renting = _saved(rent, 0.0, tenant_option, 0.0, 1.0)
    # A difference in the last digits is noise, and no reason to rent.
    return owning - renting - ROUNDING * np.maximum(np.abs(owning), np.abs(renting))


def _saved(
    rent: ArrayLike,
    upkeep: ArrayLike,
    tenant_option: ArrayLike,
    owner_option: ArrayLike,
    probability: ArrayLike,
) -> Any:
    """Return what buying saves a year before interest and wear: rent, options, less upkeep."""
    renting = numbers("rent", rent, at_least=0) - numbers(
        "tenant_option", tenant_option, at_least=0
    )
    return renting - _upkeep_less_option(upkeep, owner_option, probability)


def _carrying_rate(interest: ArrayLike, depreciation: ArrayLike) -> Floats:
    """Return interest and wear as one rate on the price, above 0."""
    rate = difference(share("depreciation", depreciation), -annual_rate(interest, "interest"))
    return numbers("interest + depreciation", rate, above=0)


def _upkeep_less_option(upkeep: ArrayLike, owner_option: ArrayLike, probability: ArrayLike) -> Any:
    """Return upkeep less what the owner's rights are worth if they may fail, money per year."""
    expected = share("probability", probability) * numbers("owner_option", owner_option)
    return numbers("upkeep", upkeep, at_least=0) - expected


def _reserve(depreciation: ArrayLike, cost: ArrayLike | None) -> Any:
    """Return what is set aside a year to replace the home."""
    if cost is None:
        raise ValueError("cost must be given: the reserve is a share of the replacement cost")
    return share("depreciation", depreciation) * _cost(cost)


def _cost(cost: ArrayLike) -> Floats:
    return numbers("cost", cost, at_least=0)


def _last_one_in(ownership_rate: ArrayLike, ascending: Floats) -> Floats:
    """Return what ownership is worth to the last family that a share of owners takes in."""
    wanted = share("ownership_rate", ownership_rate, positive=True)
    # A share takes in whole families, one at least.
    taken = np.maximum(np.ceil(to_whole(wanted * ascending.size)), 1.0).astype(int)
    option: Floats = ascending[ascending.size - taken]
    return option


def _families(owner_options: ArrayLike) -> Floats:
    """Return the options of all families, the least first."""
    return np.sort(numbers("owner_options", owner_options), axis=None)
