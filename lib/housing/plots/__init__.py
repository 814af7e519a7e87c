"""Pictures of what the models return: a function draws one thing.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.
"""

from housing.plots.claims import tipping_points, tornado
from housing.plots.conversion import break_even, residual_income
from housing.plots.levels import level_lines
from housing.plots.oversight import (
    arrears_phase,
    arrears_tipping,
    deterrence,
    qualification,
    subsidy_leakage,
)
from housing.plots.people import gainers_and_losers, lorenz
from housing.plots.prices import intervals, prediction_error, price_map
from housing.plots.programmes import cash_flows, objectives, weight_triangle
from housing.plots.shares import stacked_shares
from housing.plots.subsidies import budget_lines, subsidy_by_income, who_gets_what

__all__ = [
    "arrears_phase",
    "arrears_tipping",
    "break_even",
    "budget_lines",
    "cash_flows",
    "deterrence",
    "gainers_and_losers",
    "intervals",
    "level_lines",
    "lorenz",
    "objectives",
    "prediction_error",
    "price_map",
    "qualification",
    "residual_income",
    "stacked_shares",
    "subsidy_by_income",
    "subsidy_leakage",
    "tipping_points",
    "tornado",
    "weight_triangle",
    "who_gets_what",
]
