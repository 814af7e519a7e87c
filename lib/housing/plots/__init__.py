"""Pictures of what the models return: a function draws one thing.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.
"""

from housing.plots.claims import tipping_points, tornado
from housing.plots.levels import level_lines
from housing.plots.people import gainers_and_losers, lorenz
from housing.plots.programmes import cash_flows, objectives, weight_triangle
from housing.plots.subsidies import budget_lines, subsidy_by_income, who_gets_what

__all__ = [
    "budget_lines",
    "cash_flows",
    "gainers_and_losers",
    "level_lines",
    "lorenz",
    "objectives",
    "subsidy_by_income",
    "tipping_points",
    "tornado",
    "weight_triangle",
    "who_gets_what",
]
