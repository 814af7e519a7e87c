"""A housing subsidy that falls with income and with space already owned.

The household pays a fixed share of its income, the burden ratio, and the subsidy pays the rest of
a standard home: its rent, or the instalment of its mortgage. Incomes are money per year, subsidies
money per month, areas m2. Area standards and burden ratios by class come from a `Policy`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing import mortgage
from housing._arguments import (
    Floats,
    codes,
    elementwise,
    numbers,
    require,
    share,
    whole_numbers,
)
from housing._limits import difference, exceeds, reaches, remainder
from housing.policy import Policy, known_policy

__all__ = [
    "area_standard",
    "burden_ratio",
    "purchase_income_limit",
    "purchase_subsidy",
    "rental_income_limit",
    "rental_subsidy",
    "reversal_income",
]

MONTHS = 12


def area_standard(
    household_size: ArrayLike, income_class: ArrayLike, policy: Policy | None = None
) -> Any:
    """Area that a policy assures to a household.

    Parameters
    ----------
    household_size : array_like
        Persons, whole numbers from 1. Beyond the policy's table each further person adds its
        ``extra_person_area``, which is 0 in the example: the last area holds.
    income_class : str or array_like of str
        Names of classes of the policy.
    policy : Policy, optional
        The example of `load_policy` where none is given.

    Returns
    -------
    float, ndarray or Series
        Construction area, m2.

    Raises
    ------
    ValueError
        If a class is unknown, or a size is no whole number from 1.

    References
    ----------
    Computes: Guo and Wang, Table 2.

    Examples
    --------
    >>> area_standard(3, "lowest")
    45.0
    >>> area_standard([1, 2, 3, 4], "low")
    array([25., 35., 55., 70.])
    """
    rules = known_policy(policy)

    def assured(household_size: Any, income_class: Any) -> Floats:
        size = whole_numbers("household_size", household_size, at_least=1)
        return rules.area_of(*np.broadcast_arrays(np.asarray(income_class, dtype=int), size))

    return elementwise(assured)(
        household_size, codes("income_class", income_class, rules.class_names)
    )


def burden_ratio(income_class: ArrayLike, policy: Policy | None = None) -> Any:
    """Share of income that a household of a class pays for housing itself.

    Parameters
    ----------
    income_class : str or array_like of str
        Names of classes of the policy.
    policy : Policy, optional
        The example of `load_policy` where none is given.

    Returns
    -------
    float, ndarray or Series
        A decimal.

    Raises
    ------
    ValueError
        If a class is unknown.

    References
    ----------
    Guo and Wang, Table 2, last line.

    Computes: Guo and Wang, Table 2.

    Examples
    --------
    >>> burden_ratio(["lowest", "lower middle"])
    array([0.2, 0.3])
    """
    rules = known_policy(policy)

    def ratio(income_class: Any) -> Any:
        return rules.burden_ratios[np.asarray(income_class, dtype=int)]

    return elementwise(ratio)(codes("income_class", income_class, rules.class_names))


@elementwise
def rental_subsidy(
    standard_area: ArrayLike,
    standard_rent: ArrayLike,
    burden_ratio: ArrayLike,
    annual_income: ArrayLike,
    owned_area: ArrayLike = 0.0,
) -> Any:
    """Monthly subsidy that lets a household rent up to its area standard.

    ``W = (S - S*) T - G R / 12``, and nothing where that is below 0, as it is wherever the
    household owns the standard or more. Without a home ``S*`` is 0, without an income ``R`` is.

    Parameters
    ----------
    standard_area : array_like
        Area standard S, m2, at least 0.
    standard_rent : array_like
        Standard rent T, money per m2 and month, at least 0.
    burden_ratio : array_like
        Share G of income that the household pays itself, from 0 to 1.
    annual_income : array_like
        Household income R, money per year, at least 0.
    owned_area : array_like, optional
        Area S* of the household's present home, m2, at least 0. Once all public housing is sold
        it is left out.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per month, at least 0. It is paid whatever the household really rents.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: Guo and Wang, equation (1); equation (2); equation (3); equation (4); conditions after
    equation (4).

    Examples
    --------
    Three persons of the lowest-income class with Y 24,000 a year, without a home and with 15 m2:

    >>> rental_subsidy(45, 18, 0.20, 24_000, [0, 15])
    array([410., 140.])
    """
    home = numbers("standard_area", standard_area, at_least=0)
    each = numbers("standard_rent", standard_rent, at_least=0)
    rent = (home - numbers("owned_area", owned_area, at_least=0)) * each
    return remainder(rent - _own_payment(annual_income, burden_ratio), home * each)


@elementwise
def purchase_subsidy(
    standard_area: ArrayLike,
    standard_price: ArrayLike,
    annual_income: ArrayLike,
    annual_rate: ArrayLike,
    *,
    owned_area: ArrayLike = 0.0,
    owned_price: ArrayLike = 0.0,
    burden_ratio: ArrayLike = 0.30,
    down_payment: ArrayLike = 0.20,
    years: ArrayLike = 30,
) -> Any:
    """Monthly subsidy that lets a household pay the mortgage of a home of its area standard.

    ``W = [(1 - d) S T - S* T*] f - G R / 12`` with ``f`` the monthly payment per unit of loan,
    and nothing where that is below 0 or where the household owns the standard or more. The worth
    of the present home lowers the loan; it does not replace the down payment.

    Parameters
    ----------
    standard_area : array_like
        Area standard S, m2, at least 0.
    standard_price : array_like
        Standard price T, money per m2, at least 0.
    annual_income : array_like
        Household income R, money per year, at least 0.
    annual_rate, years : array_like
        As in `mortgage.payment`: a nominal rate per year, twelve payments a year.
    owned_area, owned_price : array_like, optional
        Area S* of the present home, m2, and its price T*, money per m2, both at least 0.
    burden_ratio : array_like, optional
        Share G of income that the household pays itself, from 0 to 1.
    down_payment : array_like, optional
        Share d of the price that the household pays down, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per month, at least 0.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: Guo and Wang, loan, no house; repayment, no house; equation (5); loan, with house;
    repayment, with house; equation (6); conditions after equation (6).

    Examples
    --------
    >>> round(purchase_subsidy(60, 5_400, 50_000, 0.06), 2)
    304.03
    >>> round(purchase_subsidy(60, 5_400, 50_000, 0.06, owned_area=20, owned_price=1_500), 2)
    124.17
    """
    home = numbers("standard_area", standard_area, at_least=0)
    owned = numbers("owned_area", owned_area, at_least=0)
    loan = _loan(home, standard_price, owned, owned_price, down_payment)
    due = mortgage.payment(loan, annual_rate, years)
    subsidy = remainder(due - _own_payment(annual_income, burden_ratio), due)
    return np.where(reaches(owned, home), 0.0, subsidy)


@elementwise(finite=False)
def rental_income_limit(
    standard_area: ArrayLike,
    standard_rent: ArrayLike,
    burden_ratio: ArrayLike,
    owned_area: ArrayLike = 0.0,
) -> Any:
    """Income at which the rental subsidy ends.

    Parameters
    ----------
    standard_area, standard_rent, owned_area : array_like
        As in `rental_subsidy`.
    burden_ratio : array_like
        Share of income that the household pays itself, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year: 0 where no income is small enough, infinite where the household pays
        nothing itself and so always gets a subsidy.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Guo and Wang, equation (4) set to zero.

    Computes: Guo and Wang, equation (3); equation (4).

    Examples
    --------
    >>> round(rental_income_limit(45, 18, 0.20))
    48600
    """
    full = rental_subsidy(standard_area, standard_rent, 0.0, 0.0, owned_area)
    return _income_that_pays(full, burden_ratio)


@elementwise(finite=False)
def purchase_income_limit(
    standard_area: ArrayLike,
    standard_price: ArrayLike,
    annual_rate: ArrayLike,
    *,
    owned_area: ArrayLike = 0.0,
    owned_price: ArrayLike = 0.0,
    burden_ratio: ArrayLike = 0.30,
    down_payment: ArrayLike = 0.20,
    years: ArrayLike = 30,
) -> Any:
    """Income at which the purchase subsidy ends.

    Parameters
    ----------
    standard_area, standard_price, owned_area, owned_price, burden_ratio, down_payment : array_like
        As in `purchase_subsidy`.
    annual_rate, years : array_like
        As in `mortgage.payment`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year: 0 where no income is small enough, infinite where the household pays
        nothing itself and so always gets a subsidy.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Guo and Wang, equation (6) set to zero.

    Computes: Guo and Wang, equation (6).

    Examples
    --------
    >>> round(purchase_income_limit(60, 5_400, 0.06))
    62161
    """
    full = purchase_subsidy(
        standard_area,
        standard_price,
        0.0,
        annual_rate,
        owned_area=owned_area,
        owned_price=owned_price,
        down_payment=down_payment,
        years=years,
    )
    return _income_that_pays(full, burden_ratio)


@elementwise
def reversal_income(
    standard_rent: ArrayLike,
    area_below: ArrayLike,
    area_above: ArrayLike,
    burden_below: ArrayLike,
    burden_above: ArrayLike,
) -> Any:
    """Income at which two classes get the same rental subsidy.

    If the border between the classes lies below it, a household that crosses the border upwards
    gets more: the richer class's larger standard outweighs its larger burden ratio. The condition
    leaves out that neither subsidy can be below 0.

    Parameters
    ----------
    standard_rent : array_like
        Money per m2 and month, at least 0.
    area_below, area_above : array_like
        Area standards of the poorer and the richer class, m2, at least 0.
    burden_below, burden_above : array_like
        Their burden ratios, from 0 to 1; the richer class's must be the larger one.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per year; below 0 where the richer class's standard is the smaller one.

    Raises
    ------
    ValueError
        If an argument leaves its range or the ratio does not rise.

    References
    ----------
    Guo and Wang, equation (4) for two classes of Table 2.

    Computes: Guo and Wang, equation (4).

    Examples
    --------
    Three persons, at the border between the "lowest" and the "low" class:

    >>> round(reversal_income(18, 45, 55, 0.20, 0.25))
    43200
    """
    wider = difference(
        numbers("area_above", area_above, at_least=0),
        numbers("area_below", area_below, at_least=0),
    )
    heavier, lighter = share("burden_above", burden_above), share("burden_below", burden_below)
    rise = np.asarray(heavier - lighter)
    require("burden_above - burden_below", rise, exceeds(heavier, lighter), "above 0")
    return MONTHS * numbers("standard_rent", standard_rent, at_least=0) * wider / rise


def _own_payment(annual_income: Any, burden_ratio: Any) -> Floats:
    """Return what the household pays itself, money per month."""
    income = numbers("annual_income", annual_income, at_least=0)
    return np.asarray(income * share("burden_ratio", burden_ratio) / MONTHS)


def _loan(home: Floats, price: Any, owned: Floats, owned_price: Any, down_payment: Any) -> Floats:
    """Return what is borrowed for the standard home beyond down payment and present home."""
    borrowed = home * numbers("standard_price", price, at_least=0)
    borrowed = borrowed * (1.0 - share("down_payment", down_payment))
    worth = owned * numbers("owned_price", owned_price, at_least=0)
    return remainder(borrowed - worth, borrowed)


def _income_that_pays(monthly: Any, burden_ratio: Any) -> Floats:
    """Return the annual income whose burden share is an amount per month."""
    ratio = share("burden_ratio", burden_ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        income = MONTHS * np.asarray(monthly) / ratio
    # An amount of nothing is paid by no income, whatever the share.
    return np.where(np.asarray(monthly) > 0, income, 0.0)
