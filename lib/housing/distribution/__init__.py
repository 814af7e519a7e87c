"""Who has how much: quantiles, Lorenz curves, Gini coefficients, poverty, housing burdens.

One amount a household, along the last axis: a list or a Series is one group of households, and a
table has a group in each row. A household counts as often as its weight says.

Two kinds of sums serve where households come in parts, such as the partitions of a register:

* What is a mean over households adds up by itself: a rate of poverty is the `Mean` of
  `poverty_gap`, a rate of overburden that of `overburdened`. Nothing is rounded on the way, so that
  the answer is the same to the last bit however the households are cut up, and for arrays too.
* What hangs on the order of the households does not. `Histogram` keeps it between bounds in one
  pass, and a second pass over the few bins that matter makes it exact.
"""

from housing.distribution.hardship import (
    overburden_rate,
    overburdened,
    poverty,
    poverty_gap,
    residual_gap,
    residual_poverty,
)
from housing.distribution.inequality import gini, lorenz, quantile, shares
from housing.distribution.sums import Bounds, Histogram, Mean

__all__ = [
    "Bounds",
    "Histogram",
    "Mean",
    "gini",
    "lorenz",
    "overburden_rate",
    "overburdened",
    "poverty",
    "poverty_gap",
    "quantile",
    "residual_gap",
    "residual_poverty",
    "shares",
]
