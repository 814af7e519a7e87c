"""Loans whose payments change: adjustable rate, graduated payment, dual-indexed.

Each function returns a schedule of months with the columns of `housing.mortgage.schedule`, and two
more: ``rate``, the contract rate of the month as a nominal rate per year, and ``shortfall``, the
interest that the payment does not cover and that is added to the balance (negative amortisation;
the ``principal`` of that month is below zero). Payments fall at the end of each month. Discounted
at the contract rates, the payments and the last balance are worth the principal. The module is one
schedule, in three forms, with the rates behind it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from housing._annuity import annuity, whole_periods
from housing._arguments import (
    Floats,
    elementwise,
    fitting,
    number,
    numbers,
    same_labels,
    share,
    whole_number,
    within_floats,
)
from housing._arguments import annual_rate as valid_rate
from housing._limits import ROUNDING, difference, reaches

__all__ = [
    "adjustable",
    "dual_indexed",
    "graduated",
    "nominal_rate",
    "real_rate",
    "years_to_clear",
]

MONTHS = 12
#: Resets of an adjustable loan: they take seconds.
MOST_RESETS = 20_000


@within_floats
def adjustable(
    principal: float,
    rates: ArrayLike,
    years: float,
    *,
    reset_every: int = 12,
    payment_cap: float | None = None,
) -> pd.DataFrame:
    """Schedule of an adjustable rate mortgage (ARM).

    At each reset the payment becomes the level payment that repays the balance over what is left
    of the term at the new rate.

    Parameters
    ----------
    principal : float
        Money borrowed, above 0.
    rates : float or sequence of float
        Nominal rates, decimals per year, above -1 and at most 1: one for the whole term, or one
        for each stretch between resets, the first included.
    years : float
        Term, a whole number of months, at most 100 years.
    reset_every : int, optional
        Months between resets, at least 1.
    payment_cap : float, optional
        Largest rise of the payment at a reset, as a share of the payment before (0.075 for 7.5
        per cent). Interest that a capped payment does not cover is added to the balance, and what
        the capped payments leave unpaid falls due with the last one.

    Returns
    -------
    DataFrame
        One row a month: ``period`` (from 1), ``payment``, ``interest``, ``principal``,
        ``balance`` (after the payment), ``rate`` and ``shortfall``.

    Raises
    ------
    ValueError
        If an argument leaves its range, the term is no whole number of months, or there are
        neither one rate nor as many as stretches.

    References
    ----------
    Computes: World Bank (1991), Annex 4, para. 2.

    Examples
    --------
    The rate rises from 10 to 14 percent after the first of two years:

    >>> loan = adjustable(1000, [0.10, 0.14], 2)
    >>> loan["payment"].iloc[[0, -1]].round(2).tolist()
    [46.14, 47.13]

    Capped at the first payment, it leaves something for the last month:

    >>> capped = adjustable(1000, [0.10, 0.14], 2, payment_cap=0.0)
    >>> capped["payment"].iloc[[0, -2, -1]].round(2).tolist()
    [46.14, 46.14, 58.72]
    """
    loan = number("principal", principal, above=0)
    count = whole_periods(number("years", years, above=0), MONTHS)
    stretch = whole_number("reset_every", reset_every)
    resets = -(-count // stretch)
    fitting("reset_every", stretch, resets, most=MOST_RESETS, things="resets")
    path = _path("rates", rates, resets, "stretch between resets") / MONTHS
    rate = np.repeat(path, stretch)[:count]
    limit = np.inf if payment_cap is None else 1.0 + _share("payment_cap", payment_cap)
    payment = np.empty(count)
    balance, ceiling = loan, np.inf
    for start in range(0, count, stretch):
        lasting, left = rate[start : start + stretch], count - start
        level = min(balance / _level(lasting[0], left), ceiling)
        payment[start : start + stretch] = level
        unpaid = balance - level * _level(lasting[0], lasting.size)
        balance, ceiling = unpaid * (1.0 + lasting[0]) ** lasting.size, level * limit
    payment[-1] += balance
    return _schedule(loan, rate, payment)


@within_floats
def graduated(
    principal: float,
    annual_rate: float,
    years: float,
    *,
    growth: float | None = None,
    step: float | None = None,
    rising_years: int,
) -> pd.DataFrame:
    """Schedule of a graduated payment mortgage (GPM).

    The payment is level within each year, rises at the start of each of the `rising_years` that
    follow the first, by a constant share (GPM I) or a constant amount (GPM II), and then stays on
    a plateau that repays what is left by the end of the term.

    Parameters
    ----------
    principal : float
        Money borrowed, above 0.
    annual_rate : float
        Nominal rate, a decimal per year, above -1 and at most 1.
    years : float
        Term, a whole number of months, at most 100 years.
    growth : float, optional
        Rise of the payment each year, as a share of the payment before, from 0 to 1.
    step : float, optional
        Rise of the payment each year, in money, at least 0. Give this or `growth`.
    rising_years : int
        Number of yearly rises, from 0 and fewer than the years of the term.

    Returns
    -------
    DataFrame
        The columns of `adjustable`. Early payments may not cover the interest.

    Raises
    ------
    ValueError
        If an argument leaves its range, both or neither of `growth` and `step` are given, or the
        step is so large that nothing would be paid at first.

    Notes
    -----
    A constant amount is a falling share of a rising payment. So the second form suits incomes
    that rise faster at first, the first form those that rise steadily for long.

    References
    ----------
    Computes: World Bank (1991), Annex 4, para. 3.

    Examples
    --------
    >>> loan = graduated(21_600, 0.10, 20, growth=0.05, rising_years=10)
    >>> loan["payment"].iloc[[0, 12, -1]].round(2).tolist()
    [157.66, 165.54, 256.81]
    >>> float(loan["balance"].max().round(2))
    22254.28
    """
    loan = number("principal", principal, above=0)
    count = whole_periods(number("years", years, above=0), MONTHS)
    rate = np.full(count, float(valid_rate(number("annual_rate", annual_rate))) / MONTHS)
    rises = whole_number("rising_years", rising_years, at_least=0)
    if rises * MONTHS >= count:
        raise ValueError(f"rising_years must be below the {years:g} years of the term, got {rises}")
    if (growth is None) == (step is None):
        raise ValueError(f"give either growth or step, got growth={growth} and step={step}")
    risen = np.minimum(np.arange(count) // MONTHS, rises)
    worth = 1.0 / np.cumprod(1.0 + rate)
    if growth is not None:
        ladder = (1.0 + _share("growth", growth)) ** risen
        return _schedule(loan, rate, loan / (ladder @ worth) * ladder)
    climb = number("step", step, at_least=0) * risen
    if reaches(climb @ worth, loan):
        most = loan / (risen @ worth)
        raise ValueError(
            f"step must be below {most:.12g}, where nothing is paid at first, got {step:g}"
        )
    return _schedule(loan, rate, (loan - climb @ worth) / worth.sum() + climb)


@within_floats
def dual_indexed(
    principal: float,
    real_rate: float,
    years: float,
    *,
    inflation: ArrayLike,
    wage_growth: ArrayLike,
    first_payment: float | None = None,
    max_years: float = 50,
) -> pd.DataFrame:
    """Schedule of a dual-indexed mortgage (DIM).

    The balance follows prices and bears the real rate; the payment follows wages. What the
    payment does not cover is added to the balance, so the term is an outcome: the loan runs until
    it is repaid, or to `max_years` if it is not.

    Parameters
    ----------
    principal : float
        Money borrowed, above 0.
    real_rate : float
        Rate on the indexed balance, a decimal per year, above -1 and at most 1; a twelfth of it
        is charged each month.
    years : float
        Term that the first payment is set for, a whole number of months; it is the outcome too
        if wages keep step with prices.
    inflation, wage_growth : float or sequence of float
        Growth of prices and wages, decimals per year, above -1 and at most 1: one number, or one
        for each of `max_years`. Both work month by month, so that twelve months make the year.
    first_payment : float, optional
        The payment of the first month, above 0. By default the level payment at the real rate
        over `years`, indexed for the one month.
    max_years : float, optional
        Where the schedule ends if the loan is not repaid before; a whole number of months.

    Returns
    -------
    DataFrame
        The columns of `adjustable`, where ``rate`` and ``interest`` include the indexation, and
        ``real_balance``, the balance in money of the day of the loan. If the last balance is
        above 0, the loan has not been repaid (see `years_to_clear`).

    Raises
    ------
    ValueError
        If an argument leaves its range, a term is no whole number of months, or a path has
        neither one number nor one a year.

    References
    ----------
    Computes: World Bank (1991), Annex 4, para. 4.

    Examples
    --------
    Wages that keep step with prices repay the loan in its 20 years; wages that lag two points
    behind need eight more:

    >>> steady = dual_indexed(21_600, 0.04, 20, inflation=0.10, wage_growth=0.10)
    >>> years_to_clear(steady)
    20.0
    >>> lagging = dual_indexed(21_600, 0.04, 20, inflation=0.10, wage_growth=0.08)
    >>> round(years_to_clear(lagging), 1)
    27.9
    """
    same_labels(inflation=inflation, wage_growth=wage_growth)
    loan = number("principal", principal, above=0)
    real = float(valid_rate(number("real_rate", real_rate), "real_rate")) / MONTHS
    term = whole_periods(number("years", years, above=0), MONTHS)
    longest = whole_periods(number("max_years", max_years, above=0), MONTHS, "max_years")
    prices = _monthly_growth("inflation", inflation, longest)
    wages = np.cumprod(_monthly_growth("wage_growth", wage_growth, longest))
    first = loan / _level(real, term) * wages[0]
    if first_payment is not None:
        first = number("first_payment", first_payment, above=0)
    payment: Floats = first * (wages / wages[0])
    rate: Floats = (1.0 + real) * prices - 1.0
    growth = np.cumprod(1.0 + rate)
    worth = payment / growth
    paid = np.cumsum(worth)
    due = growth * (loan - (paid - worth))
    # What noise leaves of the loan, grown with its interest, is not another month.
    clears = reaches(paid, loan)
    repaid = bool(clears.any())
    last = int(np.argmax(clears)) + 1 if repaid else longest
    if repaid:
        payment[last - 1] = due[last - 1]
    table = _schedule(loan, rate[:last], payment[:last], repaid=repaid)
    return table.assign(real_balance=table["balance"] / np.cumprod(prices)[:last])


@within_floats(finite=False)
def years_to_clear(schedule: pd.DataFrame, *, periods_per_year: int = 12) -> float:
    """Term in which a schedule repays its loan.

    Parameters
    ----------
    schedule : DataFrame
        With columns ``period`` and ``balance``, from any function that makes schedules.
    periods_per_year : int, optional
        Payments a year, at least 1.

    Returns
    -------
    float
        Years; ``inf`` where the schedule ends with something still owed.

    Raises
    ------
    ValueError
        If the schedule is empty or lacks a column, a balance is no number, or the payments a year
        leave their range.

    References
    ----------
    Computes: World Bank (1991), Annex 4, para. 4.

    Examples
    --------
    >>> years_to_clear(graduated(1000, 0.10, 10, step=1, rising_years=5))
    10.0
    >>> years_to_clear(dual_indexed(1000, 0.06, 20, inflation=0.15, wage_growth=0.05))
    inf
    """
    if not isinstance(schedule, pd.DataFrame):
        raise ValueError(f"schedule must be a DataFrame, got {schedule!r}")
    missing = [name for name in ("period", "balance") if name not in schedule]
    if missing or schedule.empty:
        raise ValueError(
            f"schedule must have rows, a period and a balance, lacks {missing or 'rows'}"
        )
    per_year = number("periods_per_year", periods_per_year, at_least=1)
    period, balance = (
        number(f"the last {name} of schedule", schedule[name].iloc[-1], at_least=0)
        for name in ("period", "balance")
    )
    largest = numbers("the balance of schedule", schedule["balance"]).max()
    # A balance that sums have brought to nothing may be noise beside the one that there was.
    return np.inf if balance > ROUNDING * largest else period / per_year


@elementwise
def nominal_rate(real_rate: ArrayLike, inflation: ArrayLike) -> Any:
    """Nominal rate that leaves a real rate after inflation (Fisher's equation).

    ``(1 + real_rate) (1 + inflation) - 1``.

    Parameters
    ----------
    real_rate, inflation : array_like
        Decimals per year (or both per month), above -1 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal per year (or per month).

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> nominal_rate(0.06, [0.04, 0.10]).round(4).tolist()
    [0.1024, 0.166]
    """
    real = valid_rate(real_rate, "real_rate")
    rise = valid_rate(inflation, "inflation")
    # The product less one, of which rates that are tiny would leave nothing.
    return real + rise + real * rise


@elementwise
def real_rate(nominal_rate: ArrayLike, inflation: ArrayLike) -> Any:
    """Real rate that a nominal rate leaves after inflation (Fisher's equation).

    ``(1 + nominal_rate) / (1 + inflation) - 1``.

    Parameters
    ----------
    nominal_rate, inflation : array_like
        Decimals per year (or both per month), above -1 and at most 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A decimal per year (or per month).

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> round(real_rate(0.10, 0.04), 4)
    0.0577
    """
    nominal = valid_rate(nominal_rate, "nominal_rate")
    rise = valid_rate(inflation, "inflation")
    return (nominal - rise) / (1.0 + rise)


def _schedule(loan: float, rate: Floats, payment: Floats, *, repaid: bool = True) -> pd.DataFrame:
    """Lay out a loan from its monthly rates and payments.

    A balance is the present value of the payments to come, and of what is owed at the end. Summed
    backwards it has no cancellation, so that it holds to the last payment and ends at exactly 0.
    """
    growth = np.cumprod(1.0 + rate)
    worth = payment / growth
    owed_at_end = 0.0 if repaid else loan - worth.sum()
    to_come = np.append(np.cumsum(worth[:0:-1])[::-1], 0.0)
    balance = growth * (owed_at_end + to_come)
    interest = rate * np.append(loan, balance[:-1])
    return pd.DataFrame(
        {
            "period": np.arange(1, rate.size + 1),
            "payment": payment,
            "interest": interest,
            "principal": payment - interest,
            "balance": balance,
            "rate": MONTHS * rate,
            "shortfall": np.maximum(difference(interest, payment), 0.0),
        }
    )


def _level(rate: float, periods: int) -> float:
    return float(annuity(np.asarray(rate), np.asarray(float(periods))))


def _monthly_growth(name: str, yearly: ArrayLike, months: int) -> Floats:
    """Return growth factors month by month, of which twelve make each year's."""
    path = _path(name, yearly, -(-months // MONTHS), "year of max_years")
    return np.repeat((1.0 + path) ** (1.0 / MONTHS), MONTHS)[:months]


def _path(name: str, value: ArrayLike, count: int, each: str) -> Floats:
    """Return a path of yearly rates, checked; a single number stands for all."""
    path = valid_rate(value, name)
    if path.ndim == 0:
        return np.full(count, float(path))
    if path.shape != (count,):
        raise ValueError(
            f"{name} must be one number, or one for each {each}, {count} in all; "
            f"got shape {path.shape}"
        )
    return path


def _share(name: str, value: Any) -> float:
    return float(share(name, number(name, value)))
