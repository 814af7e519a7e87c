"""What a housing project costs, per square metre of what, and at which price it pays its way.

Money is in the currency and the prices of the caller, areas in m2. A project's floor is either
marketable or not: returned to the households that lived on the site before, or given over to
community use. Only the marketable floor earns.
Charges (fees, taxes, profits) are shares of what stands before them in the account.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import (
    by_name,
    elementwise,
    numbers,
    require,
    share,
    with_rows,
    within_floats,
)
from housing._limits import difference, exceeds

__all__ = [
    "GrossMargin",
    "charges",
    "gross_margin",
    "implied_rates",
    "replacement_cost",
    "required_price",
    "site_cost",
    "unit_costs",
]


class GrossMargin(NamedTuple):
    """What is left of a project's receipts after its costs."""

    amount: Any
    share: Any


@within_floats
def unit_costs(costs: ArrayLike, areas: ArrayLike) -> Any:
    """Costs per square metre of each of several areas: the account of a project.

    Parameters
    ----------
    costs : array_like
        Money, of any shape: one number an item of the account, at least 0.
    areas : array_like
        m2, above 0, one axis: site, total floor, residential floor, marketable floor ...

    Returns
    -------
    ndarray, Series or DataFrame
        Money per m2; the areas are the last axis. A row of costs, where it or the areas are a
        Series, gives a DataFrame with the labels of the costs as index and of the areas as
        columns; one cost over a Series of areas gives a Series.

    Raises
    ------
    ValueError
        If a cost is below 0, an area is not above 0 or areas have more than one axis, or a number
        is missing.

    References
    ----------
    Computes: World Bank (1991), Annex 2, Tables 2 to 5.

    Examples
    --------
    >>> areas = pd.Series({"site": 13_500, "marketable": 17_154})
    >>> unit_costs(pd.Series({"roads": 1_369_746, "total": 11_002_948}), areas).round(2)
             site  marketable
    roads  101.46       79.85
    total  815.03      641.42
    """
    amounts = numbers("costs", costs, at_least=0)
    square_metres = numbers("areas", areas, above=0)
    if square_metres.ndim != 1:
        raise ValueError(f"areas must have one axis, got the shape {square_metres.shape}")
    result = amounts[..., None] / square_metres
    index, columns = (a.index if isinstance(a, pd.Series) else None for a in (costs, areas))
    if result.ndim == 1 and columns is not None:
        return pd.Series(result, index=columns)
    if result.ndim == 2 and (index is not None or columns is not None):
        return pd.DataFrame(result, index=index, columns=columns)
    return result


@elementwise
def required_price(
    cost: ArrayLike,
    floor_area: ArrayLike,
    returned_area: ArrayLike = 0.0,
    *,
    subsidy: ArrayLike = 0.0,
    markup: ArrayLike = 0.0,
) -> Any:
    """Price of the marketable floor that pays for a whole project.

    Parameters
    ----------
    cost : array_like
        Money for the whole project, at least 0.
    floor_area : array_like
        All floor that could be sold, m2, above 0.
    returned_area : array_like, optional
        The part of it that earns nothing, m2, at least 0 and less than `floor_area`.
    subsidy : array_like, optional
        Money from others, at least 0 and at most `cost`.
    markup : array_like, optional
        For overhead, taxes and profit, a decimal of what is left of the cost, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per m2 of marketable floor.

    Raises
    ------
    ValueError
        If an argument leaves its range: nothing is left to sell, or the subsidy exceeds the cost.

    References
    ----------
    World Bank (1991), Annex 2, paras. 26, 29-30 and 41.

    Computes: World Bank (1991), Annex 2, paras. 26 and 30; Annex 3, para. 37.

    Examples
    --------
    >>> round(required_price(11_002_948, 31_967, 31_967 - 17_154), 2)
    641.42
    >>> round(required_price(11_002_948, 31_967), 2)  # nobody comes back
    344.2
    """
    total = numbers("cost", cost, at_least=0)
    floor = numbers("floor_area", floor_area, above=0)
    unsold = numbers("returned_area", returned_area, at_least=0)
    aid = numbers("subsidy", subsidy, at_least=0)
    hint = ". Markups are decimals: for 10% give 0.10"
    added = numbers("markup", markup, at_least=0, at_most=1, hint=hint)
    marketable = np.asarray(floor - unsold)
    require("floor_area less returned_area", marketable, exceeds(floor, unsold), "above 0")
    to_recover = numbers("cost less subsidy", difference(total, aid), at_least=0)
    return to_recover * (1.0 + added) / marketable


@elementwise
def replacement_cost(
    building_cost: ArrayLike, floor_area: ArrayLike, returned_area: ArrayLike
) -> Any:
    """Cost of the floor that goes back to former residents, at the average cost of building.

    Parameters
    ----------
    building_cost : array_like
        Money for the whole floor, at least 0.
    floor_area : array_like
        The floor that it builds, m2, above 0.
    returned_area : array_like
        The part that goes back, m2, at least 0 and at most `floor_area`.

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
    World Bank (1991), Annex 2, Tables 8 and 9.

    Computes: World Bank (1991), Annex 2, para. 27.

    Examples
    --------
    >>> round(replacement_cost(17_755_630, 59_319, 59_319 - 19_622), 1)
    11882284.7
    """
    total = numbers("building_cost", building_cost, at_least=0)
    floor = numbers("floor_area", floor_area, above=0)
    back = numbers("returned_area", returned_area, at_least=0)
    numbers("floor_area less returned_area", difference(floor, back), at_least=0)
    return total * back / floor


@within_floats
def site_cost(components: ArrayLike, site_area: ArrayLike) -> Any:
    """Cost of a finished site per square metre: everything that precedes a house to sell.

    Parameters
    ----------
    components : array_like
        Money, at least 0, one number a component along the first axis: compensation, clearing,
        infrastructure, community facilities, replacement housing. The other axes are projects.
    site_area : array_like
        m2, above 0: one number, or one a project.

    Returns
    -------
    float, ndarray or Series
        Money per m2 of site; a DataFrame of components gives a Series with its columns as labels,
        as does a Series of areas with its own.

    Raises
    ------
    ValueError
        If a component is below 0, an area is not above 0, a number is missing, or the shapes do
        not match or the labels of projects differ.

    References
    ----------
    World Bank (1991), Annex 2, paras. 27-28 and Tables 8 and 9.

    Computes: World Bank (1991), Annex 2, para. 27.

    Examples
    --------
    >>> round(site_cost([962_699, 1_412_268, 470_157, 602_848], 54_000), 2)
    63.85
    """
    parts = numbers("components", components, at_least=0)
    area = numbers("site_area", site_area, above=0)
    totals = np.atleast_1d(parts).sum(axis=0)
    projects = _projects(components, site_area)
    try:
        result = totals / area
    except ValueError:
        raise ValueError(
            f"shapes do not match: components {parts.shape}, site_area {area.shape}"
        ) from None
    if projects is not None and result.shape != projects.shape:
        raise ValueError(
            f"site_area must be one number or one a project, got the shape {area.shape}"
        )
    return with_rows(result, projects)


def _projects(components: Any, site_area: Any) -> pd.Index | None:
    """Return the labels of projects: a frame has them as columns, a Series of areas as its own."""
    own = [components.columns] if isinstance(components, pd.DataFrame) else []
    own += [site_area.index] if isinstance(site_area, pd.Series) else []
    if len(own) == 2 and not own[0].equals(own[1]):
        raise ValueError("site_area must have the labels of the columns of components")
    return own[0] if own else None


@elementwise
def gross_margin(receipts: ArrayLike, cost: ArrayLike) -> Any:
    """Receipts less costs, before the developer's own overhead and taxes.

    Parameters
    ----------
    receipts : array_like
        Money, above 0.
    cost : array_like
        Money, at least 0.

    Returns
    -------
    GrossMargin
        The amount, below 0 for a loss, and the amount as a decimal of the receipts.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), Annex 2, para. 42.

    Examples
    --------
    >>> gross_margin(53_032_000, 29_208_387).amount
    23823613.0
    """
    income = numbers("receipts", receipts, above=0)
    left = difference(income, numbers("cost", cost, at_least=0))
    return GrossMargin(left, left / income)


@within_floats
def charges(
    cost: ArrayLike,
    rates: Mapping[str, ArrayLike],
    *,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Fees, taxes and profits, each a share of the cost and of the charges before it.

    Parameters
    ----------
    cost : array_like
        What the charges are put on: land, construction, fees that are fixed sums; at least 0.
    rates : mapping of str to array_like
        The share that each charge takes of its base, a decimal from 0 to 1, in the order of the
        account: a dict, or a Series by their names.
    excluding : mapping of str to collection of str, optional
        For a charge, the charges before it that its base leaves out. Without it every charge is a
        share of all that precedes it, so that charges are charged on charges.

    Returns
    -------
    dict of str to float, ndarray, Series or DataFrame
        Each charge, in the unit of the cost and in the order of `rates`.

    Raises
    ------
    ValueError
        If the cost or a rate leaves its range, or a charge excludes what does not precede it.

    See Also
    --------
    implied_rates : the inverse.

    References
    ----------
    Computes: World Bank (1991), Table 3.2, notes e to g.

    Examples
    --------
    >>> rates = {"tax": 0.10, "fee": 0.025, "profit": 0.08}
    >>> charges(1_000, rates, excluding={"fee": ["tax"], "profit": ["tax", "fee"]})
    {'tax': 100.0, 'fee': 25.0, 'profit': 80.0}
    >>> {name: round(amount, 2) for name, amount in charges(1_000, rates).items()}
    {'tax': 100.0, 'fee': 27.5, 'profit': 90.2}
    """
    shares = by_name("rates", rates)
    left_out = _exclusions(shares, excluding)
    amounts: dict[str, Any] = {}
    for name, rate in shares.items():
        amounts[name] = _charge(_base(cost, amounts, left_out[name]), rate, name)
    return amounts


@within_floats
def implied_rates(
    cost: ArrayLike,
    amounts: Mapping[str, ArrayLike],
    *,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Share of its base that each charge of an account takes.

    Parameters
    ----------
    cost : array_like
        What the charges are put on, above 0.
    amounts : mapping of str to array_like
        The charges, at least 0, in the unit of the cost and the order of the account: a dict, or a
        Series by their names.
    excluding : mapping of str to collection of str, optional
        As in `charges`.

    Returns
    -------
    dict of str to float, ndarray, Series or DataFrame
        A decimal for each charge.

    Raises
    ------
    ValueError
        If the cost or an amount leaves its range, or a charge excludes what does not precede it.

    References
    ----------
    Computes: World Bank (1991), Table 3.2, notes e to g.

    Examples
    --------
    >>> implied_rates(1_000, {"tax": 100, "fee": 27.5})
    {'tax': 0.1, 'fee': 0.025}
    """
    paid = by_name("amounts", amounts)
    left_out = _exclusions(paid, excluding)
    earlier: dict[str, Any] = {}
    rates = {}
    for name, amount in paid.items():
        rates[name] = _rate(_base(cost, earlier, left_out[name]), amount, name)
        earlier[name] = amount
    return rates


def _base(cost: Any, earlier: Mapping[str, Any], left_out: Collection[str]) -> Any:
    """Return the cost and the earlier charges that a charge is a share of."""
    kept = (amount for name, amount in earlier.items() if name not in left_out)
    return reduce(_sum, kept, cost)


def _exclusions(
    names: Iterable[str], excluding: Mapping[str, Collection[str]] | None
) -> dict[str, set[str]]:
    """Return what each charge's base leaves out, having checked that it stands before it."""
    excluded = by_name("excluding", {} if excluding is None else excluding)
    order = list(names)
    unknown = [name for name in excluded if name not in order]
    if unknown:
        raise ValueError(f"excluding names {unknown[0]!r}, which is no charge of {order}")
    result = {}
    for place, name in enumerate(order):
        given = excluded.get(name, ())
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, Collection):
            raise ValueError(f"excluding must list charges for {name!r}, got {given!r}")
        before = order[:place]
        if stray := [one for one in listed if not isinstance(one, Hashable) or one not in before]:
            raise ValueError(
                f"excluding leaves {stray[0]!r} out of the base of {name!r}, "
                f"but before it stand only {before}"
            )
        result[name] = set(listed)
    return result


# Their arguments have the names that a caller of the account knows.


@elementwise
def _sum(cost: ArrayLike, amounts: ArrayLike) -> Any:
    return numbers("cost", cost) + numbers("amounts: a charge", amounts, at_least=0)


@elementwise
def _charge(cost: ArrayLike, rates: ArrayLike, name: Any) -> Any:
    return numbers("cost", cost, at_least=0) * share(f"rates: the rate of {name!r}", rates)


@elementwise
def _rate(cost: ArrayLike, amounts: ArrayLike, name: Any) -> Any:
    paid = numbers(f"amounts: the amount of {name!r}", amounts, at_least=0)
    return paid / numbers("cost", cost, above=0)
