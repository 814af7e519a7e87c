"""Maintenance of buildings: what it costs year by year, and how long a fund pays for it.

* `funds`: works and the years that they fall in, and the fund that is to pay for them;
* `budgets`: what a yearly budget is as a rent, and as a share of what the buildings are worth.

Costs and funds are in one unit, whichever the caller likes: shares of a building's replacement
value, or money per m2 of constructed space.
"""

from housing.maintenance.budgets import (
    funding_level,
    rent_equivalent,
    rent_income,
    replacement_value,
)
from housing.maintenance.funds import (
    exhausted_in,
    expenditure_schedule,
    fund,
    left_after,
    required_deposit,
)

__all__ = [
    "exhausted_in",
    "expenditure_schedule",
    "fund",
    "funding_level",
    "left_after",
    "rent_equivalent",
    "rent_income",
    "replacement_value",
    "required_deposit",
]
