"""The level-payment loan: payment, loan, term, rate and schedule, each from the others.

Payments fall at the end of each period. An annual rate is nominal and compounded
`periods_per_year` times: 0.10 with twelve periods is 0.10/12 a month. Money is in any unit. The
module is one formula, solved for each of its terms, and the schedule that follows from it.

The loans whose payments change (adjustable, graduated, dual-indexed) are those of
`housing.instruments`, within reach from here too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import elementwise as solvers

from housing._annuity import annuity as _annuity
from housing._annuity import loan_term, whole_periods
from housing._annuity import per_period as _per_period
from housing._arguments import annual_rate as valid_rate
from housing._arguments import elementwise, fitting, number, numbers, within_floats
from housing._limits import difference, reaches
from housing.instruments import adjustable, dual_indexed, graduated, years_to_clear
from rounding import NEAREST, Rule, rule

__all__ = [
    "adjustable",
    "affordable_loan",
    "annuity_factor",
    "dual_indexed",
    "graduated",
    "implied_rate",
    "payment",
    "payment_factor",
    "present_value",
    "remaining_balance",
    "schedule",
    "years_to_clear",
    "years_to_repay",
]

#: Payments of a schedule in whole coins: it takes a second.
MOST_ROUNDED = 50_000


@elementwise(finite=False)
def annuity_factor(
    annual_rate: ArrayLike, years: ArrayLike, *, periods_per_year: ArrayLike = 12
) -> Any:
    """Present value of one unit of money paid at the end of each period.

    ``(1 - (1 + i)**-n) / i`` with ``i = annual_rate / periods_per_year`` and
    ``n = years * periods_per_year``; ``n`` at a rate of zero.

    Parameters
    ----------
    annual_rate : array_like
        Nominal rate, a decimal per year, above -1 and at most 1.
    years : array_like
        Term in years, above 0; a fraction is allowed.
    periods_per_year : array_like, optional
        Payments a year, at least 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        A pure number, of the broadcast shape.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    Computed with `numpy.expm1` and `numpy.log1p`, so that it holds to a few units in the last
    place at any rate from 0 to 1; the power above loses every digit as the rate nears zero. Where
    the factor is too large for a float, at rates far below zero, it is infinite.

    References
    ----------
    World Bank (1991), para. 5.25 (the bracket).

    Computes: World Bank (1991), para. 5.25; para. 5.28.

    Examples
    --------
    >>> round(annuity_factor(0.10, 30), 4)
    113.9508
    >>> annuity_factor(0.0, 30)
    360.0
    """
    rate, periods = _per_period(annual_rate, years, periods_per_year, loan=False)
    return _annuity(rate, periods)


@elementwise
def present_value(
    payment: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Present value of a level stream of payments.

    Parameters
    ----------
    payment : array_like
        Money per period, at its end, at least 0.
    annual_rate, years, periods_per_year : array_like
        As in `annuity_factor`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money today.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 5.25 and 5.28: ``PV = AS*[(1-1/(1+IR)**LF)/IR]``.

    Computes: World Bank (1991), para. 5.25; para. 5.28.

    Examples
    --------
    Y 174 a month for 30 years at 10 percent:

    >>> round(present_value(174, 0.10, 30), 2)
    19827.44
    """
    stream = numbers("payment", payment, at_least=0)
    rate, periods = _per_period(annual_rate, years, periods_per_year, loan=False)
    return stream * _annuity(rate, periods)


@elementwise
def affordable_loan(
    payment: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Largest loan that a payment repays: the present value of the payments.

    Parameters
    ----------
    payment : array_like
        Money per period that the borrower can pay, at least 0.
    annual_rate, years, periods_per_year : array_like
        As in `annuity_factor`; a term of more than 100 years needs one payment a year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money borrowed.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    payment : the payment that a loan needs.

    References
    ----------
    Computes: World Bank (1991), Table 5.4.

    Examples
    --------
    >>> round(affordable_loan(40, 0.10, [10, 15, 20, 25])[0])
    3027
    """
    loan_term(years, periods_per_year)
    return present_value(payment, annual_rate, years, periods_per_year=periods_per_year)


@elementwise
def payment(
    principal: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Level payment that repays a loan with interest.

    Parameters
    ----------
    principal : array_like
        Money borrowed, at least 0.
    annual_rate, years, periods_per_year : array_like
        As in `annuity_factor`; a term of more than 100 years needs one payment a year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per period, positive, due at the end of each.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), paras. 5.17 and 5.22, Table 5.3.

    Computes: World Bank (1991), para. 5.17; Guo and Wang, repayment, no house; repayment, with
    house; Xuan, Yazdanpanah and Kim (2020), equation (4).

    Examples
    --------
    Y 1,000 at 10 percent over 10 years:

    >>> round(payment(1000, 0.10, 10), 2)
    13.22
    >>> payment(1200, 0.0, 10)
    10.0
    """
    loan = numbers("principal", principal, at_least=0)
    rate, periods = _per_period(annual_rate, years, periods_per_year)
    return loan / _annuity(rate, periods)


@elementwise
def payment_factor(
    annual_rate: ArrayLike,
    years: ArrayLike,
    *,
    per: ArrayLike = 1000,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Level payment on each `per` units of money borrowed.

    Parameters
    ----------
    annual_rate, years, periods_per_year : array_like
        As in `annuity_factor`; a term of more than 100 years needs one payment a year.
    per : array_like, optional
        The loan that the factor is quoted for.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money per period.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Computes: World Bank (1991), Table 5.3.

    Examples
    --------
    >>> payment_factor([0.04, 0.10], 10).round(2).tolist()
    [10.12, 13.22]
    """
    quoted = numbers("per", per, at_least=0)
    rate, periods = _per_period(annual_rate, years, periods_per_year)
    return quoted / _annuity(rate, periods)


@elementwise(finite=False)
def years_to_repay(
    principal: ArrayLike,
    annual_rate: ArrayLike,
    payment: ArrayLike,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Term in which a payment repays a loan.

    Parameters
    ----------
    principal : array_like
        Money borrowed, at least 0.
    annual_rate : array_like
        As in `annuity_factor`.
    payment : array_like
        Money per period, above 0.
    periods_per_year : array_like, optional
        Payments a year, at least 1.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Years, seldom a whole number of periods; ``inf`` where the payment does not exceed the
        interest but for noise, so that the loan is never repaid.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    World Bank (1991), para. 5.22: 17 years and 5 months.

    Computes: World Bank (1991), para. 5.22.

    Examples
    --------
    >>> round(years_to_repay(1000, 0.10, 10.12) * 12)
    209
    >>> years_to_repay(1000, 0.10, 8)
    inf
    """
    loan = numbers("principal", principal, at_least=0)
    paid = numbers("payment", payment, above=0)
    per_year = numbers("periods_per_year", periods_per_year, at_least=1)
    rate = valid_rate(annual_rate) / per_year
    # ln(1 - iP/A) / -ln(1 + i); both logarithms vanish with the rate, their quotient does not.
    # Where the interest eats the payment the first one is -inf: the loan is never repaid.
    eaten = np.where(reaches(rate * loan, paid), -1.0, -rate * loan / paid)
    with np.errstate(divide="ignore", invalid="ignore"):
        periods = -np.log1p(eaten) / np.log1p(rate)
    return np.where(rate == 0, loan / paid, periods) / per_year


@elementwise
def implied_rate(
    principal: ArrayLike, payment: ArrayLike, years: ArrayLike, *, periods_per_year: ArrayLike = 12
) -> Any:
    """Annual rate at which a payment repays a loan in a given term.

    Parameters
    ----------
    principal, payment : array_like
        Money borrowed and money per period, both above 0.
    years, periods_per_year : array_like
        As in `annuity_factor`; a term of more than 100 years needs one payment a year.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Nominal rate, a decimal per year.

    Raises
    ------
    ValueError
        If an argument leaves its range, or if no rate above -1 and at most 1 fits.

    Examples
    --------
    >>> round(implied_rate(1000, 13.22, 10), 4)
    0.1001
    >>> implied_rate(1200, 10, 10)
    0.0
    """
    loan = numbers("principal", principal, above=0)
    paid = numbers("payment", payment, above=0)
    per_year = numbers("periods_per_year", periods_per_year, at_least=1)
    periods = loan_term(years, per_year) * per_year
    target, periods, per_year = np.broadcast_arrays(loan / paid, periods, per_year)
    # At a rate of -1 a yearly loan is worth nothing back, its factor infinite: stop short of it,
    # by as little as leaves the solver a finite end. No rate is taken for another by that.
    lowest, highest = -1.0 / per_year * (1.0 - 1e-12), 1.0 / per_year
    least, most = _annuity(highest, periods), _annuity(lowest, periods)
    reachable = reaches(target, least) & reaches(most, target)
    if not reachable.all():
        bad = float(target.flat[int(np.argmax(~reachable))])
        raise ValueError(
            "payment must imply a rate above -1 and at most 1 a year, "
            f"got a loan of {bad:g} payments, which no such rate repays in the term"
        )
    with np.errstate(invalid="ignore"):
        found = solvers.find_root(
            lambda rate, periods, target: _annuity(rate, periods) - target,
            (lowest, highest),
            args=(periods, np.clip(target, least, most)),
            tolerances={"xatol": 1e-18},
        )
    # A loan of exactly n payments bears no interest; the solver would come within 1e-18 of that.
    return np.where(target == periods, 0.0, found.x * per_year)


@elementwise
def remaining_balance(
    principal: ArrayLike,
    annual_rate: ArrayLike,
    years: ArrayLike,
    periods_paid: ArrayLike,
    *,
    periods_per_year: ArrayLike = 12,
) -> Any:
    """Balance of a level-payment loan after a number of payments.

    Parameters
    ----------
    principal : array_like
        Money borrowed, at least 0.
    annual_rate, years, periods_per_year : array_like
        As in `annuity_factor`; a term of more than 100 years needs one payment a year.
    periods_paid : array_like
        Payments made, from 0 to the number of periods in the term.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money still owed: the present value of the payments to come. Exactly 0 at the end.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> remaining_balance(1000, 0.10, 10, [0, 60, 120]).round(2).tolist()
    [1000.0, 621.97, 0.0]
    """
    loan = numbers("principal", principal, at_least=0)
    rate, periods = _per_period(annual_rate, years, periods_per_year)
    paid = numbers("periods_paid", periods_paid, at_least=0)
    paid, periods = np.broadcast_arrays(paid, periods)
    # A term in years need not be a whole number of periods to the last bit.
    left = difference(periods, paid)
    if (left < 0).any():
        first = int(np.argmax(left < 0))
        raise ValueError(
            f"periods_paid must be at most the {periods.flat[first]:.12g} periods of the term, "
            f"got {paid.flat[first]:.12g}"
        )
    return loan * (_annuity(rate, left) / _annuity(rate, periods))


@within_floats
def schedule(
    principal: float,
    annual_rate: float,
    years: float,
    *,
    periods_per_year: int = 12,
    round_to: float | None = None,
    rounding: str | Rule = "nearest",
) -> pd.DataFrame:
    """Amortisation schedule of one level-payment loan.

    Parameters
    ----------
    principal : float
        Money borrowed, above 0.
    annual_rate : float
        Nominal rate, a decimal per year, above -1 and at most 1.
    years : float
        Term, a whole number of periods; more than 100 years need one payment a year.
    periods_per_year : int, optional
        Payments a year, at least 1.
    round_to : float, optional
        The smallest coin, 0.01 for cents. Payment, interest and balance are then rounded each
        period as a bank rounds them, interest half up, and the last payment clears the balance:
        it is no more than two of the others.
    rounding : {"nearest", "up"} or Rule, optional
        How the payment is rounded. Rounded up, a loan may be repaid before its term; the schedule
        then ends with the payment that repays it.

    Returns
    -------
    DataFrame
        One row a period, with columns ``period`` (from 1), ``payment``, ``interest``,
        ``principal`` (the part of the payment that repays) and ``balance`` (after the payment).

    Raises
    ------
    ValueError
        If an argument leaves its range, the term is no whole number of periods or has too many,
        the principal is no multiple of `round_to`, or the rounded payment does not repay it.

    Examples
    --------
    >>> schedule(1000, 0.12, 0.25, round_to=0.01)
       period  payment  interest  principal  balance
    0       1   340.02     10.00     330.02   669.98
    1       2   340.02      6.70     333.32   336.66
    2       3   340.03      3.37     336.66     0.00
    """
    loan = number("principal", principal, above=0)
    per_year = number("periods_per_year", periods_per_year)
    time = number("years", years)
    rates, _ = _per_period(number("annual_rate", annual_rate), time, per_year)
    rate, count = float(rates), whole_periods(time, per_year)
    term = np.asarray(float(count))
    level = loan / float(_annuity(rates, term))
    payment_rule = rule(rounding)
    if round_to is not None:
        coin = number("round_to", round_to, above=0)
        fitting("years", time, count, most=MOST_ROUNDED, things="rounded payments")
        return _rounded_schedule(loan, rate, count, level, coin, payment_rule)
    period = np.arange(1, count + 1)
    remaining = loan * _annuity(rates, term - np.arange(count + 1.0)) / _annuity(rates, term)
    return pd.DataFrame(
        {
            "period": period,
            "payment": level,
            "interest": rate * remaining[:-1],
            "principal": -np.diff(remaining),
            "balance": remaining[1:],
        }
    )


def _rounded_schedule(
    loan: float, rate: float, count: int, level: float, coin: float, payment_rule: Rule
) -> pd.DataFrame:
    """Run the loan in whole coins, so that no sum carries float noise."""
    if not NEAREST.agrees(loan, loan, coin):
        raise ValueError(f"principal must be a multiple of round_to {coin:g}, got {loan:.12g}")
    balance = float(NEAREST.steps(loan, coin))
    # A rule may round to a step of its own, fifty say; either way the payment is whole coins.
    regular = float(NEAREST.steps(payment_rule.round(level, coin), coin))
    rows = []
    for period in range(1, count + 1):
        interest = float(NEAREST.steps(rate * balance, 1.0))
        paid = balance + interest if period == count else min(regular, balance + interest)
        balance += interest - paid
        rows.append((period, paid, interest, paid - interest, balance))
        if balance == 0:
            break
    _, last, *_ = rows[-1]
    _, _, first_interest, *_ = rows[0]
    if last > 2.0 * regular or (len(rows) > 1 and regular <= first_interest):
        raise ValueError(
            f"round_to and rounding must leave a payment that repays the loan, got "
            f"{regular * coin:.12g} for {level:.12g}, with interest of {rate * loan:.12g} at "
            f"first: {last * coin:.12g} would fall due at the end"
        )
    frame = pd.DataFrame(rows, columns=["period", "payment", "interest", "principal", "balance"])
    money = frame.columns[1:]
    frame[money] = NEAREST.round(frame[money].to_numpy() * coin, coin)
    return frame
