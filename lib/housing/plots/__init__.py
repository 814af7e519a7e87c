"""Pictures of what the models return: a function draws one thing.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.
"""

from housing.plots.claims import tipping_points, tornado
from housing.plots.conversion import break_even, residual_income
from housing.plots.oversight import (
    arrears_phase,
    arrears_tipping,
    deterrence,
    qualification,
    subsidy_leakage,
)
from housing.plots.people import gainers_and_losers, lorenz
from housing.plots.prices import intervals, prediction_error, price_map
from housing.plots.shares import stacked_shares

__all__ = [
    "arrears_phase",
    "arrears_tipping",
    "break_even",
    "deterrence",
    "gainers_and_losers",
    "intervals",
    "lorenz",
    "prediction_error",
    "price_map",
    "qualification",
    "residual_income",
    "stacked_shares",
    "subsidy_leakage",
    "tipping_points",
    "tornado",
]
