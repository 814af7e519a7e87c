"""The annuity that every loan rests on, and its checked arguments."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import Floats, fitting, numbers, require
from housing._arguments import annual_rate as valid_rate
from housing._limits import ROUNDING, exceeds

#: Numbers of a schedule for each period.
COLUMNS = 10

#: Years of the longest loan: a longer term is one in months.
MOST_YEARS = 100.0

#: A rate so low makes no difference in any term, and has few digits left to reckon with.
NO_RATE = 1e-290


def per_period(
    annual_rate: ArrayLike, years: ArrayLike, periods_per_year: ArrayLike, *, loan: bool = True
) -> tuple[Floats, Floats]:
    """Return the rate per period and the number of periods, checked; of a loan, they end."""
    per_year = numbers("periods_per_year", periods_per_year, at_least=1)
    term = loan_term(years, per_year) if loan else numbers("years", years, above=0)
    return valid_rate(annual_rate) / per_year, term * per_year


def loan_term(years: ArrayLike, per_year: ArrayLike, name: str = "years") -> Floats:
    """Return the term of a loan in years, above 0 and at most 100.

    With one payment a year any term will do: whoever has a rate for each period counts periods.
    """
    term = numbers(name, years, above=0)
    if term.max() > MOST_YEARS:
        fine = ~exceeds(term, MOST_YEARS) | (np.asarray(per_year) <= 1)
        said, hint = f"at most {MOST_YEARS:g}", ". Terms are in years: 360 months are 30"
        require(name, np.broadcast_to(term, fine.shape), fine, said, hint)
    return term


def whole_periods(years: float, periods_per_year: float, name: str = "years") -> int:
    """Return a term as a whole number of periods, or say that it is none or has too many."""
    periods = years * periods_per_year
    fitting(name, years, periods * COLUMNS)
    loan_term(years, periods_per_year, name)
    count = round(periods)
    # A term in years need not be a whole number of periods to the last bit.
    if count < 1 or abs(periods - count) > ROUNDING * count:
        raise ValueError(
            f"{name} must be a whole number of periods, got {years:g} years of {periods_per_year:g}"
        )
    return count


def annuity(rate: Floats, periods: Floats) -> Floats:
    """Present value of one unit a period; in place, for arrays of millions."""
    discount = np.asarray(np.log1p(rate))
    fits = discount.shape == np.broadcast_shapes(discount.shape, np.shape(periods))
    discount = np.asarray(np.multiply(discount, periods, out=discount if fits else None))
    np.negative(discount, out=discount)
    with np.errstate(over="ignore"):
        np.expm1(discount, out=discount)
    np.negative(discount, out=discount)
    with np.errstate(invalid="ignore"):
        np.divide(discount, rate, out=discount)
    if np.min(rate) < NO_RATE and np.max(rate) > -NO_RATE:
        discount = np.where(np.abs(rate) < NO_RATE, periods, discount)
    return discount
