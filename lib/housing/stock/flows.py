"""Stocks and flows: what is added and demolished, what is left, and how old it is.

Stocks and flows share a unit (m2, or dwellings). The stock of a year stands at its end: what was
there a year before, less what was demolished of it, plus what was added in the year. Paths have
time along their last axis, one column a year.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    elementwise,
    numbers,
    power,
    same_last_axis,
    share,
    with_rows,
    within_floats,
)

__all__ = [
    "Projection",
    "average_age",
    "demolition_rate",
    "incorporated_space",
    "projection",
    "required_additions",
    "space_per_head",
    "surviving_stock",
    "vintage_shares",
]


class Projection(NamedTuple):
    """A projected stock and what was demolished on the way, year by year."""

    stock: Any
    demolition: Any


@elementwise
def projection(
    initial_stock: ArrayLike, additions: ArrayLike, demolition_rate: ArrayLike = 0.0
) -> Any:
    r"""Project a stock from what is added and a rate of demolition.

    .. math:: S_t = (1 - \delta_t) \, S_{t-1} + A_t

    Parameters
    ----------
    initial_stock : array_like
        Stock before the first year, at least 0: one number, or a column with one for each row.
    additions : array_like
        Added in each year, at least 0; time along the last axis. One number is that of every year
        that the rates have.
    demolition_rate : array_like, optional
        Share of the stock of the year before, 0 to 1: one number, or one a year.

    Returns
    -------
    Projection
        Stock at the end of each year and demolition during it, each of the broadcast shape.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the initial stock itself runs over time.

    See Also
    --------
    required_additions : the other way round, from the stock to what must be added.

    References
    ----------
    Computes: World Bank (1991), Table 1.9.

    Examples
    --------
    >>> path = projection(2533.5, [163.9, 212.8, 220.8], 0.015)
    >>> path.stock.round(1).tolist(), path.demolition.round(1).tolist()
    ([2659.4, 2832.3, 3010.6], [38.0, 39.9, 42.5])
    """
    added = numbers("additions", additions, at_least=0)
    shape, start, added, rate = _paths(initial_stock, added, demolition_rate)
    before = start[..., 0]
    stock, demolition = np.empty(added.shape), np.empty(added.shape)
    for year in range(added.shape[-1]):
        demolition[..., year] = rate[..., year] * before
        before = before - demolition[..., year] + added[..., year]
        stock[..., year] = before
    return Projection(stock.reshape(shape), demolition.reshape(shape))


@elementwise
def required_additions(
    initial_stock: ArrayLike, stock: ArrayLike, demolition_rate: ArrayLike = 0.0
) -> Any:
    """Additions that a path of the stock needs, demolition made good: inverse of `projection`.

    Parameters
    ----------
    initial_stock : array_like
        Stock before the first year, at least 0: one number, or a column with one for each row.
    stock : array_like
        Stock wanted at the end of each year, at least 0; time along the last axis. One number is
        that of every year that the rates have.
    demolition_rate : array_like, optional
        Share of the stock of the year before, 0 to 1: one number, or one a year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Of the broadcast shape; below 0 where the wanted stock is less than what survives.

    Raises
    ------
    ValueError
        If an argument leaves its range, or the initial stock itself runs over time.

    See Also
    --------
    projection : the other way round, from what is added to the stock.

    References
    ----------
    Computes: World Bank (1991), Table 1.9.

    Examples
    --------
    A constant 1,000 needs what is demolished; a rise to 1,100 needs 100 more.

    >>> required_additions(1000, [1000, 1100], 0.015).round(1).tolist()
    [15.0, 115.0]
    """
    wanted = numbers("stock", stock, at_least=0)
    shape, start, wanted, rate = _paths(initial_stock, wanted, demolition_rate)
    before = np.concatenate([start, wanted[..., :-1]], axis=-1)
    return (wanted - (1.0 - rate) * before).reshape(shape)


@elementwise
def space_per_head(stock: ArrayLike, population: ArrayLike) -> Any:
    """Space per person.

    Parameters
    ----------
    stock : array_like
        m2, at least 0.
    population : array_like
        Persons, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2 per person.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> round(space_per_head(2533.48e6, 179_708e3), 2)
    14.1
    """
    return numbers("stock", stock, at_least=0) / numbers("population", population, above=0)


@elementwise
def incorporated_space(
    new_population: ArrayLike, space_per_head: ArrayLike, housed_share: ArrayLike = 0.5
) -> Any:
    """Space that joins the urban stock because new townspeople bring their houses with them.

    Parameters
    ----------
    new_population : array_like
        Persons by whom the urban population grows, at least 0.
    space_per_head : array_like
        m2 per person that they are taken to have, at least 0.
    housed_share : array_like, optional
        Share of them in places newly incorporated, 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        m2.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), Table 1.9, notes.

    Examples
    --------
    >>> round(incorporated_space(9_647e3, 14.82) / 1e3)
    71484
    """
    return (
        share("housed_share", housed_share)
        * numbers("new_population", new_population, at_least=0)
        * numbers("space_per_head", space_per_head, at_least=0)
    )


@elementwise
def surviving_stock(stock: ArrayLike, demolition_rate: ArrayLike, years: ArrayLike) -> Any:
    """Return what is left of a stock after years of demolition at a constant rate.

    Parameters
    ----------
    stock : array_like
        At least 0.
    demolition_rate : array_like
        Share of what still stands, per year, 0 to 1.
    years : array_like
        At least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        In the unit of the stock.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), Table 1.4, notes.

    Examples
    --------
    >>> round(surviving_stock(239.08, 0.01, 3), 2)
    231.98
    """
    kept = 1.0 - share("demolition_rate", demolition_rate)
    lasting = power(kept, numbers("years", years, at_least=0))
    return numbers("stock", stock, at_least=0) * lasting


@elementwise
def demolition_rate(before: ArrayLike, after: ArrayLike, years: ArrayLike) -> Any:
    """Constant rate of demolition that leaves one stock of another: inverse of `surviving_stock`.

    Parameters
    ----------
    before : array_like
        Stock at first, above 0.
    after : array_like
        What is left of it, at least 0 and at most what was there before.
    years : array_like
        Above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Share per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or more is left than was there.

    References
    ----------
    Computes: World Bank (1991), Table 1.4, notes.

    Examples
    --------
    >>> round(demolition_rate(229.93, 224.46, 3), 4)
    0.008
    """
    left = numbers("after", after, at_least=0) / numbers("before", before, above=0)
    hint = ". A stock cannot grow by being demolished"
    left = numbers("after / before", left, at_most=1.0, hint=hint)
    # One less the power, of which rates that are tiny would leave nothing.
    with np.errstate(divide="ignore"):  # of a stock that is all gone the logarithm has no end
        return -np.expm1(np.log(left) / numbers("years", years, above=0))


@elementwise
def vintage_shares(stocks: ArrayLike) -> Any:
    """Share of each vintage in the whole stock.

    Parameters
    ----------
    stocks : array_like
        Stock of each vintage, at least 0, along the last axis; not all 0.

    Returns
    -------
    ndarray, Series or DataFrame
        Decimals that add up to 1 along the last axis.

    Raises
    ------
    ValueError
        If a stock is below 0, or there is no stock at all.

    References
    ----------
    World Bank (1991), Table 1.4.

    Examples
    --------
    >>> vintage_shares([239.08, 229.93, 326.20, 816.91, 921.35]).round(4).tolist()
    [0.0944, 0.0908, 0.1288, 0.3224, 0.3637]
    """
    parts = _vintages("stocks", stocks)
    return parts / parts.sum(axis=-1, keepdims=True)


@within_floats
def average_age(stocks: ArrayLike, ages: ArrayLike) -> Any:
    """Average age of a stock, by the space of its vintages.

    Parameters
    ----------
    stocks : array_like
        Stock of each vintage, at least 0, along the last axis; not all 0.
    ages : array_like
        Age of each vintage, years, at least 0, along the last axis: one row for all stocks, or one
        for each.

    Returns
    -------
    float, ndarray or Series
        Years; one number for each stock. A DataFrame, with one row a stock, gives a Series with
        its index.

    Raises
    ------
    ValueError
        If an argument leaves its range, there is no stock at all, or shapes or labels differ.

    Examples
    --------
    >>> round(average_age([239.08, 229.93, 326.20, 816.91, 921.35], [45, 31, 21, 11, 3]), 1)
    14.4
    """
    rows = same_last_axis(stocks=stocks, ages=ages)
    parts, old = _vintages("stocks", stocks), np.atleast_1d(numbers("ages", ages, at_least=0))
    mismatch = f"shapes do not match: stocks {parts.shape}, ages {old.shape}"
    if old.shape[-1] != parts.shape[-1]:
        raise ValueError(mismatch)
    try:
        result = np.asarray((parts * old).sum(axis=-1) / parts.sum(axis=-1))
    except ValueError:
        raise ValueError(mismatch) from None
    if rows is not None and result.shape != rows.shape:
        raise ValueError(mismatch)
    return with_rows(result, rows)


def _paths(
    initial_stock: ArrayLike, yearly: Floats, demolition_rate: ArrayLike
) -> tuple[tuple[int, ...], Floats, Floats, Floats]:
    """Return the shape of the result, the stock before as a column, and the two over the years."""
    start = numbers("initial_stock", initial_stock, at_least=0)
    if start.ndim and start.shape[-1] != 1:
        raise ValueError(
            "initial_stock must be one number, or a column with one for each row of the path, "
            f"got shape {start.shape}"
        )
    rate = share("demolition_rate", demolition_rate)
    shape = np.broadcast_shapes(start.shape, yearly.shape, rate.shape)
    paths = shape or (1,)
    column = np.broadcast_to(start, (*paths[:-1], 1))
    return shape, column, np.broadcast_to(yearly, paths), np.broadcast_to(rate, paths)


def _vintages(name: str, stocks: ArrayLike) -> Floats:
    parts = np.atleast_1d(numbers(name, stocks, at_least=0))
    numbers(f"the sum of {name}", parts.sum(axis=-1), above=0)
    return parts
