"""Cost-based rents: what a landlord must charge to keep, run and pay for a home.

The five-point "standard rent" of China's 1988 reform plan, its eight-point extension, and what a
rent weighs in a household's income.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from housing._arguments import annual_rate as valid_rate
from housing._arguments import elementwise, numbers, share
from housing._limits import difference

__all__ = [
    "EightPointRent",
    "StandardRent",
    "eight_point_rent",
    "rent_burden",
    "standard_rent",
    "standard_rent_gross_management",
]

MONTHS = 12


class StandardRent(NamedTuple):
    """The five-point rent, each in money per m2 of rentable space and month."""

    depreciation: Any
    maintenance: Any
    investment_return: Any
    management: Any
    tax: Any
    total: Any


class EightPointRent(NamedTuple):
    """The eight-point rent, each in money per m2 of rentable space and month."""

    depreciation: Any
    maintenance: Any
    investment_return: Any
    management: Any
    insurance: Any
    land_fee: Any
    profit: Any
    tax: Any
    total: Any


def standard_rent(
    asset_value: ArrayLike,
    return_rate: ArrayLike,
    *,
    usable_share: ArrayLike = 0.75,
    depreciation_rate: ArrayLike = 0.02,
    maintenance_share: ArrayLike = 0.80,
    management_share: ArrayLike = 0.10,
    tax_share: ArrayLike = 0.12,
) -> StandardRent:
    """Five-point standard rent.

    The management fee is a share of depreciation, maintenance and return on investment; the tax
    is a share of the whole rent, itself included.

    Parameters
    ----------
    asset_value : array_like
        Money per m2 of constructed space, at least 0.
    return_rate : array_like
        Return on investment, a decimal per year, above -1 and at most 1.
    usable_share : array_like, optional
        Rentable space as a share of constructed space, above 0 and at most 1.
    depreciation_rate : array_like, optional
        Share of the asset's value written off a year: 0.02 is a life of 50 years, straight line.
    maintenance_share : array_like, optional
        Maintenance as a share of depreciation, from 0 to 5: 0.80 for 80 per cent.
    management_share : array_like, optional
        Management fee as a share of depreciation, maintenance and return.
    tax_share : array_like, optional
        Real estate tax as a share of the total rent, below 1.

    Returns
    -------
    StandardRent
        The five components and their total, each per m2 of rentable space and month and of the
        broadcast shape.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    standard_rent_gross_management : the rival definition of the management fee.

    References
    ----------
    World Bank (1991), para. 2.17 and Table 2.1.

    Computes: World Bank (1991), para. 2.17.

    Examples
    --------
    >>> rent = standard_rent(200, 0.03)
    >>> round(rent.depreciation, 2), round(rent.management, 2), round(rent.total, 2)
    (0.44, 0.15, 1.83)
    """
    eight = eight_point_rent(
        asset_value,
        return_rate,
        usable_share=usable_share,
        depreciation_rate=depreciation_rate,
        maintenance_share=maintenance_share,
        management_share=management_share,
        tax_share=tax_share,
    )
    return StandardRent(*(getattr(eight, field) for field in StandardRent._fields))


@elementwise
def standard_rent_gross_management(
    asset_value: ArrayLike,
    return_rate: ArrayLike,
    *,
    usable_share: ArrayLike = 0.75,
    depreciation_rate: ArrayLike = 0.02,
    maintenance_share: ArrayLike = 0.80,
    management_share: ArrayLike = 0.10,
    tax_share: ArrayLike = 0.12,
) -> Any:
    """Five-point standard rent with the management fee, too, a share of the whole rent.

    Parameters
    ----------
    asset_value, return_rate : array_like
        As in `standard_rent`.
    usable_share, depreciation_rate, maintenance_share : array_like, optional
        As in `standard_rent`.
    management_share, tax_share : array_like, optional
        Both as shares of the total rent; together below 1.

    Returns
    -------
    StandardRent
        As in `standard_rent`.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), Table 2.1, notes d and e: the wording there, not the numbers.

    Computes: World Bank (1991), Table 2.1, notes a to e.

    Examples
    --------
    >>> round(standard_rent_gross_management(200, 0.03).management, 2)
    0.19
    """
    depreciation, maintenance, investment_return = _capital_charges(
        asset_value, return_rate, usable_share, depreciation_rate, maintenance_share
    )
    fee, tax = share("management_share", management_share), share("tax_share", tax_share)
    net = numbers("1 - management_share - tax_share", difference(1.0, fee + tax), above=0)
    total = (depreciation + maintenance + investment_return) / net
    return StandardRent(
        depreciation, maintenance, investment_return, fee * total, tax * total, total
    )


@elementwise
def eight_point_rent(
    asset_value: ArrayLike,
    return_rate: ArrayLike,
    *,
    insurance_share: ArrayLike = 0.0,
    land_fee: ArrayLike = 0.0,
    profit_share: ArrayLike = 0.0,
    usable_share: ArrayLike = 0.75,
    depreciation_rate: ArrayLike = 0.02,
    maintenance_share: ArrayLike = 0.80,
    management_share: ArrayLike = 0.10,
    tax_share: ArrayLike = 0.12,
) -> Any:
    """Eight-point rent: the standard rent with insurance, land fee and profit.

    Parameters
    ----------
    asset_value, return_rate : array_like
        As in `standard_rent`.
    insurance_share : array_like, optional
        Insurance as a share of depreciation, maintenance and return: the base of the management
        fee, to which the source expects insurance to be linked.
    land_fee : array_like, optional
        Money per m2 of rentable space and month, at least 0: a charge of its own, by location.
    profit_share : array_like, optional
        Profit as a share of depreciation, maintenance and management fee.
    usable_share, depreciation_rate, maintenance_share, management_share, tax_share : array_like
        As in `standard_rent`.

    Returns
    -------
    EightPointRent
        The eight components and their total, each per m2 of rentable space and month. With the
        three additions at zero the total is that of `standard_rent`.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    The report names the three additions and how each is tied to the others, but prints no rates
    for them; the bases of insurance and profit are its words, the rates are the caller's.

    References
    ----------
    Computes: World Bank (1991), para. 2.16 (c) and footnote 10 of chapter II.

    Examples
    --------
    >>> rent = eight_point_rent(400, 0.10, insurance_share=0.01, land_fee=0.5, profit_share=0.05)
    >>> round(rent.total - standard_rent(400, 0.10).total, 2)
    0.76
    """
    depreciation, maintenance, investment_return = _capital_charges(
        asset_value, return_rate, usable_share, depreciation_rate, maintenance_share
    )
    charges = depreciation + maintenance + investment_return
    management = share("management_share", management_share) * charges
    insurance = share("insurance_share", insurance_share) * charges
    land = numbers("land_fee", land_fee, at_least=0)
    profit = share("profit_share", profit_share) * (depreciation + maintenance + management)
    tax_rate = share("tax_share", tax_share)
    total = (charges + management + insurance + land + profit) / numbers(
        "1 - tax_share", difference(1.0, tax_rate), above=0
    )
    return EightPointRent(
        depreciation,
        maintenance,
        investment_return,
        management,
        insurance,
        land,
        profit,
        tax_rate * total,
        total,
    )


@elementwise
def rent_burden(rent: ArrayLike, area: ArrayLike, income: ArrayLike) -> Any:
    """Share of a household's income that its rent takes.

    Parameters
    ----------
    rent : array_like
        Money per m2 of rentable space and month, at least 0.
    area : array_like
        Rented space in m2, at least 0.
    income : array_like
        The household's income, money per month, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal: 0.25 is a quarter of income.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 1.19 and 2.26.

    Computes: World Bank (1991), para. 1.19.

    Examples
    --------
    >>> rent_burden(7, 40, 400)
    0.7
    """
    due = numbers("rent", rent, at_least=0) * numbers("area", area, at_least=0)
    return due / numbers("income", income, above=0)


def _capital_charges(
    asset_value: ArrayLike,
    return_rate: ArrayLike,
    usable_share: ArrayLike,
    depreciation_rate: ArrayLike,
    maintenance_share: ArrayLike,
) -> tuple[Any, Any, Any]:
    """Depreciation, maintenance and return on investment, per m2 of rentable space and month."""
    monthly_value = numbers("asset_value", asset_value, at_least=0) / (
        share("usable_share", usable_share, positive=True) * MONTHS
    )
    depreciation = share("depreciation_rate", depreciation_rate) * monthly_value
    # It may exceed depreciation, where buildings last long; more than five times that is a slip.
    maintenance = depreciation * numbers(
        "maintenance_share",
        maintenance_share,
        at_least=0,
        at_most=5.0,
        hint=". Shares are decimals: for 80% give 0.80",
    )
    return depreciation, maintenance, valid_rate(return_rate, "return_rate") * monthly_value
