"""What a household can pay for a home: ratios, loans and prices from income.

Incomes and payments are money per month unless a name says otherwise; shares are decimals. The
module is one question, asked from either end: of an income, or of a price.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing import mortgage
from housing._arguments import elementwise, numbers, share
from housing._limits import difference, equals

__all__ = [
    "affordability_ratio",
    "affordable_payment",
    "affordable_price",
    "maximum_loan",
    "maximum_price",
    "price_to_income",
    "required_income",
    "residual_income",
    "residual_repayment",
    "shelter_poverty_gap",
]


@elementwise
def price_to_income(price: ArrayLike, annual_income: ArrayLike) -> Any:
    """Price of a home in years of income.

    Parameters
    ----------
    price : array_like
        Money for the whole home, at least 0.
    annual_income : array_like
        The household's income, money per year, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Years.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 5.6 and 5.12.

    Computes: World Bank (1991), para. 1.18; para. 5.6; Guo and Wang, classes, in words.

    Examples
    --------
    >>> price_to_income(36_000, 4_500)
    8.0
    """
    home = numbers("price", price, at_least=0)
    return home / numbers("annual_income", annual_income, above=0)


@elementwise
def affordable_payment(monthly_income: ArrayLike, housing_share: ArrayLike = 0.20) -> Any:
    """Monthly payment that an income allows.

    Parameters
    ----------
    monthly_income : array_like
        Money per month, at least 0.
    housing_share : array_like, optional
        Share of income that may go to housing, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per month.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 5.9 and 5.17, Table 5.4.

    Computes: World Bank (1991), para. 5.17; Table 5.4; Shan, Teng, Li and Chen (2014), equation
    (10); constraints in numbers.

    Examples
    --------
    >>> affordable_payment(468, 0.25)
    117.0
    """
    income = numbers("monthly_income", monthly_income, at_least=0)
    return income * share("housing_share", housing_share)


@elementwise
def affordability_ratio(available: ArrayLike, required: ArrayLike) -> Any:
    """Share of the required payment that the household can make.

    Parameters
    ----------
    available : array_like
        Income available for housing payments, money per month, at least 0.
    required : array_like
        Payment that the home requires, money per month, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal: 1 and above is affordable. Exactly 1 where the two differ by noise alone.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 5.6 (the definition) and 5.18.

    Computes: World Bank (1991), para. 5.6.

    Examples
    --------
    >>> round(affordability_ratio(117, 286), 2)
    0.41
    """
    can = numbers("available", available, at_least=0)
    due = numbers("required", required, above=0)
    return np.where(equals(can, due), 1.0, can / due)


@elementwise
def maximum_loan(
    monthly_income: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    housing_share: ArrayLike = 0.20,
) -> Any:
    """Largest loan that an income repays.

    Parameters
    ----------
    monthly_income : array_like
        Money per month, at least 0.
    annual_rate, years : array_like
        As in `mortgage.payment`.
    housing_share : array_like, optional
        Share of income that may go to the payment, from 0 to 1.

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
    Computes: World Bank (1991), Table 5.4.

    Examples
    --------
    >>> round(maximum_loan(500, 0.10, 25))
    11005
    """
    repayment = affordable_payment(monthly_income, housing_share)
    return mortgage.affordable_loan(repayment, annual_rate, years)


@elementwise
def affordable_price(
    repayment: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    loan_to_value: ArrayLike = 1.0,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Price of the home whose loan a level repayment carries.

    Parameters
    ----------
    repayment : array_like
        Money per period, at its end, at least 0.
    annual_rate, years : array_like
        As in `mortgage.payment`.
    loan_to_value : array_like, optional
        Loan as a share of the price, above 0 and at most 1; the rest is paid down.
    periods_per_year : array_like, optional
        Repayments a year, at least 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money for the whole home.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), Table 5.5 and paras. 5.17 and 5.21.

    Computes: World Bank (1991), para. 5.17; Xuan, Yazdanpanah and Kim (2020), equation (4).

    Examples
    --------
    >>> round(affordable_price(117, 0.10, 10, 0.60))
    14756
    """
    paid = numbers("repayment", repayment, at_least=0)
    loan = mortgage.affordable_loan(paid, annual_rate, years, periods_per_year=periods_per_year)
    return loan / share("loan_to_value", loan_to_value, positive=True)


@elementwise
def maximum_price(
    monthly_income: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    area: ArrayLike = 1.0,
    housing_share: ArrayLike = 0.20,
    loan_to_value: ArrayLike = 1.0,
) -> Any:
    """Highest price per m2 that an income can buy at.

    Parameters
    ----------
    monthly_income : array_like
        Money per month, at least 0.
    annual_rate, years : array_like
        As in `mortgage.payment`.
    area : array_like, optional
        Size of the home in m2, above 0.
    housing_share : array_like, optional
        Share of income that may go to the payment, from 0 to 1.
    loan_to_value : array_like, optional
        Loan as a share of the price, above 0 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per m2.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), Table 5.5.

    Examples
    --------
    >>> round(maximum_price(500, 0.10, 25, area=50))
    220
    """
    loan = maximum_loan(monthly_income, annual_rate, years, housing_share=housing_share)
    price = loan / share("loan_to_value", loan_to_value, positive=True)
    return price / numbers("area", area, above=0)


@elementwise
def required_income(
    price: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    loan_to_value: ArrayLike = 1.0,
    housing_share: ArrayLike = 0.20,
) -> Any:
    """Monthly income that a home needs.

    Parameters
    ----------
    price : array_like
        Money for the whole home, at least 0.
    annual_rate, years : array_like
        As in `mortgage.payment`.
    loan_to_value : array_like, optional
        Loan as a share of the price, above 0 and at most 1.
    housing_share : array_like, optional
        Share of income that may go to the payment, above 0 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per month.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), para. 5.18.

    Examples
    --------
    >>> round(required_income(36_000, 0.10, 10, loan_to_value=0.6, housing_share=0.25))
    1142
    """
    home = numbers("price", price, at_least=0)
    loan = home * share("loan_to_value", loan_to_value, positive=True)
    due = mortgage.payment(loan, annual_rate, years)
    return due / share("housing_share", housing_share, positive=True)


@elementwise
def residual_income(
    income: ArrayLike, nonhousing: ArrayLike, household_size: ArrayLike = 1.0
) -> Any:
    """Income that is left for housing once everything else is paid.

    The ratio method (`affordable_payment`) allows every household the same share of its income;
    this one asks what its other needs leave.

    Parameters
    ----------
    income : array_like
        Money per person and period, at least 0; or per household with `household_size` 1.
    nonhousing : array_like
        Expenditure on all but housing, money per person and period, at least 0.
    household_size : array_like, optional
        Persons, above 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per household and period; below zero where other needs exceed the income.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), equations (1) and (2); Stone (2006), *What is housing
    affordability? The case for the residual income approach*.

    Computes: Xuan, Yazdanpanah and Kim (2020), equation (1); equation (2).

    Examples
    --------
    >>> residual_income(1811, 1299)
    512.0
    >>> residual_income(978, 960, household_size=3)
    54.0
    """
    left = difference(
        numbers("income", income, at_least=0), numbers("nonhousing", nonhousing, at_least=0)
    )
    return left * numbers("household_size", household_size, above=0)


@elementwise
def residual_repayment(
    residual: ArrayLike, income: ArrayLike, *, income_cap: ArrayLike = 0.5
) -> Any:
    """Repayment that residual income allows and the bank does too.

    The smaller of residual income and a share of income; nothing where the residual income is
    below zero, since such a household can repay nothing.

    Parameters
    ----------
    residual : array_like
        Residual income, money per period.
    income : array_like
        Income of the household, money per period, at least 0.
    income_cap : array_like, optional
        Share of income that repayments may take, from 0 to 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per period, at least 0. From annual amounts it is annual: divide it by 12.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Xuan, Yazdanpanah and Kim (2020), section 3.1.3 and Table 4.

    Computes: Xuan, Yazdanpanah and Kim (2020), half of income, in words.

    Examples
    --------
    >>> round(residual_repayment(512, 1811) / 12, 2)
    42.67
    """
    most = numbers("income", income, at_least=0) * share("income_cap", income_cap)
    return np.maximum(np.minimum(numbers("residual", residual), most), 0.0)


@elementwise
def shelter_poverty_gap(residual: ArrayLike, housing_cost: ArrayLike) -> Any:
    """Money that a household lacks for its other needs after paying for its home.

    A household is *shelter poor* where this is above zero. With a residual income below zero it
    would be so in a free home.

    Parameters
    ----------
    residual : array_like
        Residual income at the standard of other needs that counts as the least, money per period.
    housing_cost : array_like
        What the home costs, money per period, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per period, at least 0.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Stone (2006), *What is housing affordability? The case for the residual income approach*.

    Examples
    --------
    >>> shelter_poverty_gap([512, 18], 202)
    array([  0., 184.])
    """
    cost = numbers("housing_cost", housing_cost, at_least=0)
    return np.maximum(difference(cost, numbers("residual", residual)), 0.0)
