"""Selling a rented home to its tenant in year T: what comes in, what goes out, what breaks even.

A home is let from year 0 on. Its rent rises in steps, its deposit is some months of the rent in
force, its price grows year by year, and it is sold in year T. Money is in any unit; rates and
steps are decimals. The module is one account, of which each function is a line or a result.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    codes,
    elementwise,
    numbers,
    power,
    same_last_axis,
    whole_numbers,
    with_rows,
    within_floats,
)
from housing._arguments import annual_rate as valid_rate
from housing._limits import difference

__all__ = [
    "CostBenefit",
    "break_even_price",
    "cost_benefit",
    "deposit",
    "net_present_value",
    "sale_price",
    "stepped_rent",
    "total_rent",
]

#: What the sum of rents is to the account, and the deposit: taken off, already counted, added.
ACCOUNTS = {"cost": (-1.0, -1.0), "credited": (0.0, 0.0), "benefit": (1.0, 0.0)}


class CostBenefit(NamedTuple):
    """The account of a conversion; money for the whole home."""

    sale: Any
    deposit: Any
    rent: Any
    cost: Any
    net: Any


@elementwise
def stepped_rent(
    first_rent: ArrayLike, year: ArrayLike, *, step: ArrayLike = 0.05, every: ArrayLike = 2
) -> Any:
    """Rent in force in a year.

    Parameters
    ----------
    first_rent : array_like
        Rent of year 0, at least 0.
    year : array_like
        Whole years since the letting began, at least 0.
    step : array_like, optional
        Rise at each step, a decimal above -1 and at most 1.
    every : array_like, optional
        Whole years between steps, at least 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        In the unit of `first_rent`.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), section 3.4: leases are renewed every 2 years, at most 5
    percent dearer.

    Computes: Xuan, Yazdanpanah and Kim (2020), increases, in words.

    Examples
    --------
    >>> stepped_rent(1000, [0, 1, 2, 3, 4]).round(1)
    array([1000. , 1000. , 1050. , 1050. , 1102.5])
    """
    rise = 1.0 + valid_rate(step, "step")
    steps = whole_numbers("year", year) // whole_numbers("every", every, at_least=1)
    return numbers("first_rent", first_rent, at_least=0) * power(rise, steps)


@elementwise
def total_rent(
    first_rent: ArrayLike,
    years: ArrayLike,
    *,
    step: ArrayLike = 0.05,
    every: ArrayLike = 2,
    discount_rate: ArrayLike = 0.0,
) -> Any:
    """Sum of the rents of a number of years, the first of them year 0.

    Parameters
    ----------
    first_rent : array_like
        Rent of year 0, money per year, at least 0.
    years : array_like
        How many years of rent, whole, at least 0.
    step, every : array_like, optional
        As in `stepped_rent`.
    discount_rate : array_like, optional
        Per year, above -1 and at most 1; the rent of year t counts ``(1 + discount_rate)**-t``.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), Tables 7 and 8, row B.

    Examples
    --------
    >>> total_rent(1000, [1, 2, 3])
    array([1000., 2000., 3050.])
    """
    rent, count = numbers("first_rent", first_rent, at_least=0), whole_numbers("years", years)
    length = whole_numbers("every", every, at_least=1)
    rise = np.log1p(valid_rate(step, "step"))
    fade = -np.log1p(valid_rate(discount_rate, "discount_rate"))
    steps, rest = np.divmod(count, length)
    # A first step that is never reached may be longer than any power that a float holds.
    length = np.where(steps > 0, length, 0.0)
    per_step = rise + length * fade
    whole_steps = _powers(per_step, steps) * _powers(fade, length)
    return rent * (whole_steps + np.exp(steps * per_step) * _powers(fade, rest))


@elementwise
def deposit(
    first_rent: ArrayLike,
    year: ArrayLike,
    *,
    months: ArrayLike = 3,
    step: ArrayLike = 0.05,
    every: ArrayLike = 2,
) -> Any:
    """Deposit of a number of months of the rent in force.

    Parameters
    ----------
    first_rent : array_like
        Rent of year 0, money per year, at least 0.
    year : array_like
        Whole years since the letting began, at least 0.
    months : array_like, optional
        Months of rent, at least 0.
    step, every : array_like, optional
        As in `stepped_rent`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), Tables 7 and 8, row A.

    Examples
    --------
    >>> deposit(1200, [0, 2])
    array([300., 315.])
    """
    rent = stepped_rent(first_rent, year, step=step, every=every)
    return rent * numbers("months", months, at_least=0) / 12.0


@elementwise
def sale_price(
    price: ArrayLike,
    year: ArrayLike,
    *,
    area: ArrayLike = 1.0,
    growth: ArrayLike = 0.05,
    price_year: ArrayLike = 0,
) -> Any:
    """Price of the whole home in the year of its sale.

    Parameters
    ----------
    price : array_like
        Money per m2 in the year `price_year`, at least 0.
    year : array_like
        Year of the sale, whole, at least 0.
    area : array_like, optional
        Size of the home in m2, above 0.
    growth : array_like, optional
        Growth of the price, a decimal per year, above -1 and at most 1.
    price_year : array_like, optional
        Year that `price` belongs to, whole, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), Tables 7 and 8, rows D and E.

    Examples
    --------
    >>> sale_price(464, [5, 6], area=120, price_year=5)
    array([55680., 58464.])
    """
    home = numbers("price", price, at_least=0) * numbers("area", area, above=0)
    return home * _growth(year, growth, price_year)


@elementwise
def cost_benefit(
    price: ArrayLike,
    year: ArrayLike,
    first_rent: ArrayLike,
    cost: ArrayLike,
    *,
    rent_is: ArrayLike = "benefit",
    area: ArrayLike = 1.0,
    growth: ArrayLike = 0.05,
    price_year: ArrayLike = 0,
    rent_years: ArrayLike | None = None,
    step: ArrayLike = 0.05,
    every: ArrayLike = 2,
    deposit_months: ArrayLike = 3,
    discount_rate: ArrayLike = 0.0,
) -> CostBenefit:
    """Account of letting a home and selling it to the tenant in a given year.

    Parameters
    ----------
    price, area, growth, price_year : array_like
        As in `sale_price`.
    year : array_like
        Year of the sale, whole, at least 0.
    first_rent : array_like
        Rent of year 0, money per year, at least 0.
    cost : array_like
        What the home cost its landlord in year 0, money, at least 0.
    rent_is : {"benefit", "credited", "cost"} or array_like of them, optional
        What the rents are to the account. A landlord earns them on top of the price and gives the
        deposit back with what it earned ("benefit"); or rents and deposit, with interest at the
        discount rate, count as paid towards the price, so that the price is all he ever gets
        ("credited"); or both are taken off the price ("cost"), as the source does.
    rent_years : array_like, optional
        How many annual rents are counted; as many as years until the sale if not given.
    step, every : array_like, optional
        As in `stepped_rent`.
    deposit_months : array_like, optional
        As in `deposit`.
    discount_rate : array_like, optional
        Per year, above -1 and at most 1. Discounted to year 0.

    Returns
    -------
    CostBenefit
        Sale price, deposit, sum of rents, cost and net benefit, each discounted.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), section 3.4, Tables 7 to 9: net benefit F = E - A - B - C.

    Computes: Xuan, Yazdanpanah and Kim (2020), Tables 7 and 8, head.

    Examples
    --------
    >>> terms = {"area": 120, "price_year": 5, "rent_years": 6}
    >>> round(cost_benefit(676, 5, 2264.42, 56_862, rent_is="cost", **terms).net)
    9357
    >>> round(cost_benefit(676, 5, 2264.42, 56_862, **terms).net)
    38535
    """
    months = numbers("deposit_months", deposit_months, at_least=0)
    rents = year if rent_years is None else whole_numbers("rent_years", rent_years)
    fade = _fade(year, discount_rate)
    sale = fade * sale_price(price, year, area=area, growth=growth, price_year=price_year)
    held = fade * deposit(first_rent, year, months=months, step=step, every=every)
    paid = total_rent(first_rent, rents, step=step, every=every, discount_rate=discount_rate)
    spent = numbers("cost", cost, at_least=0)
    of_rent, of_deposit = np.array([*ACCOUNTS.values()]).T[:, codes("rent_is", rent_is, ACCOUNTS)]
    # At the price that breaks even nothing is left, and not a last bit of the price.
    net = difference(sale + of_rent * paid + of_deposit * held, spent)
    return CostBenefit(sale, held, paid, spent, net)


@elementwise
def break_even_price(
    year: ArrayLike,
    first_rent: ArrayLike,
    cost: ArrayLike,
    *,
    rent_is: ArrayLike = "benefit",
    area: ArrayLike = 1.0,
    growth: ArrayLike = 0.05,
    price_year: ArrayLike = 0,
    rent_years: ArrayLike | None = None,
    step: ArrayLike = 0.05,
    every: ArrayLike = 2,
    deposit_months: ArrayLike = 3,
    discount_rate: ArrayLike = 0.0,
) -> Any:
    """Price per m2 at which the account of a conversion comes out even.

    The net benefit is a straight line in the price, so the price is solved for.

    Parameters
    ----------
    year, first_rent, cost, rent_is, area, growth, price_year, rent_years, step, every : array_like
        As in `cost_benefit`.
    deposit_months, discount_rate : array_like, optional
        As in `cost_benefit`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per m2 in the year `price_year`; below zero where rents alone exceed the cost.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), section 3.3: the price found there by repeated trial.

    Computes: Xuan, Yazdanpanah and Kim (2020), repeated judgment, in words.

    Examples
    --------
    >>> terms = {"area": 120, "price_year": 5, "rent_is": "cost"}
    >>> break_even_price([5, 10], 2264.42, 56_862, rent_years=[6, 11], **terms).round(2)
    array([598.03, 558.26])
    """
    without_sale = cost_benefit(
        0.0,
        year,
        first_rent,
        cost,
        rent_is=rent_is,
        rent_years=rent_years,
        step=step,
        every=every,
        deposit_months=deposit_months,
        discount_rate=discount_rate,
    ).net
    per_price = sale_price(1.0, year, area=area, growth=growth, price_year=price_year)
    return -without_sale / (_fade(year, discount_rate) * per_price)


@within_floats
def net_present_value(benefits: ArrayLike, costs: ArrayLike, annual_rate: ArrayLike = 0.0) -> Any:
    """Net present value of benefits and costs year by year, the first of them year 0.

    ``sum_t (B_t - C_t) / (1 + i)**t``.

    Parameters
    ----------
    benefits, costs : array_like
        Money, along the last axis one number a year from year 0 on; they broadcast.
    annual_rate : array_like, optional
        Discount rate, a decimal per year above -1 and at most 1; one, or one for each row.

    Returns
    -------
    float, ndarray or Series
        Money of year 0. A DataFrame, with one row a flow, gives a Series with its index.

    Raises
    ------
    ValueError
        If an argument leaves its range, or shapes do not match or labels differ.

    References
    ----------
    Computes: Xuan, Yazdanpanah and Kim (2020), equation (8).

    Examples
    --------
    >>> round(net_present_value([0, 0, 242], [100, 0, 0], 0.10), 2)
    100.0
    """
    rows = _rows(benefits, costs, annual_rate)
    gain, loss = (numbers(n, v) for n, v in (("benefits", benefits), ("costs", costs)))
    rate = valid_rate(annual_rate)
    if max(gain.ndim, loss.ndim) == 0:
        raise ValueError("benefits or costs must be a list with one number a year")
    shapes = f"benefits {gain.shape}, costs {loss.shape}, annual_rate {rate.shape}"
    try:
        flow = gain - loss
        worth = power(1.0 + rate[..., None], -np.arange(flow.shape[-1]))
        result = (flow * worth).sum(axis=-1)
    except ValueError:
        raise ValueError(f"shapes do not match: {shapes}") from None
    if rows is not None and result.shape != rows.shape:
        raise ValueError(f"shapes do not match: {shapes}")
    return with_rows(result, rows)


def _rows(benefits: Any, costs: Any, annual_rate: Any) -> pd.Index | None:
    """Return the labels of the rows, of which each may have a rate of its own."""
    rows = same_last_axis(benefits=benefits, costs=costs)
    if not isinstance(annual_rate, pd.Series):
        return rows
    if rows is not None and not rows.equals(annual_rate.index):
        raise ValueError(
            "annual_rate must have the labels of the rows of benefits and costs: align them first"
        )
    return annual_rate.index


def _growth(year: ArrayLike, growth: ArrayLike, price_year: ArrayLike) -> Floats:
    elapsed = whole_numbers("year", year) - whole_numbers("price_year", price_year)
    return power(1.0 + valid_rate(growth, "growth"), elapsed)


def _fade(year: ArrayLike, discount_rate: ArrayLike) -> Floats:
    return power(1.0 + valid_rate(discount_rate, "discount_rate"), -whole_numbers("year", year))


def _powers(log_ratio: ArrayLike, count: Floats) -> Floats:
    """Return ``1 + q + ... + q**(count - 1)`` by the logarithm of q, without loss next to one."""
    log, n = np.broadcast_arrays(log_ratio, count)
    log = np.where(n > 1, log, 0.0)  # of one power or none the ratio makes no difference
    with np.errstate(invalid="ignore"):
        total = np.expm1(n * log) / np.expm1(log)
    return np.where(log == 0.0, n, total)
