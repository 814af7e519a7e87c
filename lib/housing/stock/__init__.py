"""The housing stock: how it grows, ages and is projected.

* `flows`: a stock from year to year, by what is added and demolished, and how old it is;
* `growth`: rates of growth, of a stock or of anything else.

Rates are decimals per year.
"""

from housing.stock.flows import (
    Projection,
    average_age,
    demolition_rate,
    incorporated_space,
    projection,
    required_additions,
    space_per_head,
    surviving_stock,
    vintage_shares,
)
from housing.stock.growth import (
    average_growth_rate,
    doubling_time,
    growth_rates,
    total_growth,
    trend_growth_rate,
)

__all__ = [
    "Projection",
    "average_age",
    "average_growth_rate",
    "demolition_rate",
    "doubling_time",
    "growth_rates",
    "incorporated_space",
    "projection",
    "required_additions",
    "space_per_head",
    "surviving_stock",
    "total_growth",
    "trend_growth_rate",
    "vintage_shares",
]
