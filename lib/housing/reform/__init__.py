"""Rent reform: who gains, who loses and who pays when rents and wages rise together.

* `redistribution`: what a rise of rents and what is paid for it do to households that differ;
* `phases`: rents raised step by step, and who bears each step.

Wages, gains and allowances are money per year, a rise of rent is money per m2 and year; only
`phased_reform` counts in months, as rents are quoted.
"""

from housing.reform.phases import BurdenShares, burden_shares, phased_reform
from housing.reform.redistribution import (
    Averages,
    Redistribution,
    averages,
    break_even_space,
    gains,
    in_kind_subsidy,
    neutral_allowance,
    neutral_wage_rise,
    winners_and_losers,
)

__all__ = [
    "Averages",
    "BurdenShares",
    "Redistribution",
    "averages",
    "break_even_space",
    "burden_shares",
    "gains",
    "in_kind_subsidy",
    "neutral_allowance",
    "neutral_wage_rise",
    "phased_reform",
    "winners_and_losers",
]
