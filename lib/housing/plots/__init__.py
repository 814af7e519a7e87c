"""Pictures of what the models return: a function draws one thing.

Each function draws on the axes that it is given, or on new ones, and returns them; what else it is
given goes to Matplotlib. Colours can be told apart by the colour-blind and in grey, and a second
sign says what they say. Nothing that other pictures share is set or changed.

Labels in Chinese need a font that has them, which Matplotlib's own has not: before you draw, set
``matplotlib.rcParams["font.family"] = ["DejaVu Sans", "Noto Sans CJK SC"]``, with a font that your
machine has in the second place, such as Microsoft YaHei or PingFang SC.
"""

from housing.plots.arrears import arrears_phase, arrears_tipping
from housing.plots.audits import qualification, subsidy_leakage
from housing.plots.claims import tipping_points, tornado
from housing.plots.conversion import break_even, residual_income
from housing.plots.funds import fund_paths, fund_region
from housing.plots.land import block_plan, density_and_floor, floor_area_ratios, land_use
from housing.plots.levels import level_lines
from housing.plots.loans import affordable_terms, instruments
from housing.plots.parts import project_costs, stacked
from housing.plots.people import gainers_and_losers, lorenz
from housing.plots.prices import intervals, prediction_error, price_map
from housing.plots.programmes import cash_flows, objectives, weight_triangle
from housing.plots.reforms import gains_over_wage_and_space, winners_and_losers
from housing.plots.rents import rent_components, rents_on_demand
from housing.plots.shares import stacked_shares
from housing.plots.stock import stock_by_age, stock_projection
from housing.plots.subletting import deterrence
from housing.plots.subsidies import budget_lines, subsidy_by_income, who_gets_what
from housing.plots.tenure import bid_prices

__all__ = [
    "affordable_terms",
    "arrears_phase",
    "arrears_tipping",
    "bid_prices",
    "block_plan",
    "break_even",
    "budget_lines",
    "cash_flows",
    "density_and_floor",
    "deterrence",
    "floor_area_ratios",
    "fund_paths",
    "fund_region",
    "gainers_and_losers",
    "gains_over_wage_and_space",
    "instruments",
    "intervals",
    "land_use",
    "level_lines",
    "lorenz",
    "objectives",
    "prediction_error",
    "price_map",
    "project_costs",
    "qualification",
    "rent_components",
    "rents_on_demand",
    "residual_income",
    "stacked",
    "stacked_shares",
    "stock_by_age",
    "stock_projection",
    "subsidy_by_income",
    "subsidy_leakage",
    "tipping_points",
    "tornado",
    "weight_triangle",
    "who_gets_what",
    "winners_and_losers",
]
