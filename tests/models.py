"""Every model of numbers, with a valid value and the allowed range of every argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper

import pytest

from housing import (
    affordability,
    instruments,
    land,
    maintenance,
    market,
    mortgage,
    project,
    reform,
    rent,
    stock,
    tenure,
)


def of(model, **given):
    """Return a model of numbers and of one thing more, such as a schedule, with that given."""
    return update_wrapper(partial(model, **given), model)


LOAN = {"annual_rate": 0.10, "years": 10.0}
MONTHLY = {"periods_per_year": 12.0}
RENT = {
    "asset_value": 200.0,
    "return_rate": 0.03,
    "usable_share": 0.75,
    "depreciation_rate": 0.02,
    "maintenance_share": 0.80,
    "management_share": 0.10,
    "tax_share": 0.12,
}
OWNING = {"interest": 0.10, "depreciation": 0.02}
OPTIONS = {"owner_option": 5.0, "probability": 0.5}
LAYOUT = {
    "primary_street": 16.0,
    "secondary_street": 8.0,
    "persons_per_dwelling": 3.0,
    "facilities_per_person": 2.5,
}
FUND = {
    "income": 5.0,
    "interest": 0.10,
    "price_growth": 0.05,
    "income_growth": 0.03,
    "management": 0.2,
}
SCHEDULED = {"expenditure": [10.0, 0.0, 30.0, 10.0]}
FAMILIES = {"owner_options": [-3.0, -1.0, 1.0, 3.0]}
HOUSEHOLDS = {"weights": [[0.4, 0.1], [0.2, 0.3]], "wages": [1500, 3000], "spaces": [16, 61]}
exhausted_in = of(maintenance.exhausted_in, **SCHEDULED)
left_after = of(maintenance.left_after, **SCHEDULED)
required_deposit = of(maintenance.required_deposit, **SCHEDULED)
iso_tenure_price = of(tenure.iso_tenure_price, **FAMILIES)
homeownership_rate = of(tenure.homeownership_rate, **FAMILIES)
neutral_allowance = of(reform.neutral_allowance, **HOUSEHOLDS)
neutral_wage_rise = of(reform.neutral_wage_rise, **HOUSEHOLDS)
#: Every model of numbers, with a valid value for every argument.
MODELS = {
    instruments.nominal_rate: {"real_rate": 0.06, "inflation": 0.04},
    instruments.real_rate: {"nominal_rate": 0.10, "inflation": 0.04},
    market.storey_prices: {"average": 1650.0, "adjustments": 0.12, "base": 1634.0},
    mortgage.affordable_loan: {"payment": 13.0, **LOAN, **MONTHLY},
    mortgage.annuity_factor: {**LOAN, **MONTHLY},
    mortgage.implied_rate: {"principal": 1000.0, "payment": 13.0, "years": 10.0, **MONTHLY},
    mortgage.payment: {"principal": 1000.0, **LOAN, **MONTHLY},
    mortgage.payment_factor: {**LOAN, "per": 1000.0, **MONTHLY},
    mortgage.present_value: {"payment": 13.0, **LOAN, **MONTHLY},
    mortgage.remaining_balance: {"principal": 1000.0, **LOAN, "periods_paid": 60.0, **MONTHLY},
    mortgage.years_to_repay: {
        "principal": 1000.0,
        "annual_rate": 0.10,
        "payment": 13.0,
        **MONTHLY,
    },
    rent.eight_point_rent: {
        **RENT,
        "insurance_share": 0.01,
        "land_fee": 0.5,
        "profit_share": 0.05,
    },
    rent.rent_burden: {"rent": 7.0, "area": 40.0, "income": 400.0},
    rent.standard_rent: RENT,
    rent.standard_rent_gross_management: RENT,
    affordability.affordability_ratio: {"available": 117.0, "required": 286.0},
    affordability.affordable_payment: {"monthly_income": 468.0, "housing_share": 0.25},
    affordability.affordable_price: {
        "repayment": 117.0,
        **LOAN,
        "loan_to_value": 0.6,
        **MONTHLY,
    },
    affordability.maximum_loan: {"monthly_income": 468.0, **LOAN, "housing_share": 0.25},
    affordability.maximum_price: {
        "monthly_income": 468.0,
        **LOAN,
        "area": 60.0,
        "housing_share": 0.25,
        "loan_to_value": 0.6,
    },
    affordability.price_to_income: {"price": 36_000.0, "annual_income": 4_500.0},
    affordability.required_income: {
        "price": 36_000.0,
        **LOAN,
        "loan_to_value": 0.6,
        "housing_share": 0.25,
    },
    affordability.residual_income: {
        "income": 1811.0,
        "nonhousing": 1299.0,
        "household_size": 2.69,
    },
    affordability.residual_repayment: {"residual": 512.0, "income": 1811.0, "income_cap": 0.5},
    affordability.shelter_poverty_gap: {"residual": 18.0, "housing_cost": 202.0},
    stock.average_growth_rate: {"first": 865.0, "last": 1853.0, "years": 5.0},
    stock.demolition_rate: {"before": 1000.0, "after": 300.0, "years": 3.0},
    stock.doubling_time: {"growth_rate": 0.05, "factor": 2.0},
    stock.incorporated_space: {
        "new_population": 9647.0,
        "space_per_head": 14.82,
        "housed_share": 0.5,
    },
    stock.space_per_head: {"stock": 2533.48, "population": 179.708},
    stock.surviving_stock: {"stock": 239.08, "demolition_rate": 0.01, "years": 3.0},
    stock.total_growth: {"growth_rate": 0.05, "years": 10.0},
    tenure.bid_price: {
        "rent": 42.0,
        **OWNING,
        "upkeep": 8.88,
        "cost": 300.0,
        "tenant_option": 6.0,
        **OPTIONS,
    },
    tenure.bid_price_with_reserve: {
        "rent": 42.0,
        **OWNING,
        "upkeep": 8.88,
        "cost": 300.0,
        "tenant_option": 6.0,
        **OPTIONS,
    },
    tenure.capitalised_in_kind_rent: {"rent": 14.04, "cost_rent": 42.0, **OWNING},
    tenure.iso_tenure_slope: OWNING,
    tenure.property_rights_ratio: {"tenant_share": 0.3, "owner_share": 0.3, "probability": 0.3},
    tenure.rent_from_price: {
        "price": 276.0,
        **OWNING,
        "upkeep": 8.88,
        "tenant_option": 6.0,
        **OPTIONS,
    },
    tenure.user_cost: {"price": 276.0, **OWNING, "upkeep": 8.88, "cost": 300.0, **OPTIONS},
    tenure.user_cost_with_reserve: {
        "price": 276.0,
        **OWNING,
        "upkeep": 8.88,
        "cost": 300.0,
        **OPTIONS,
    },
    iso_tenure_price: {
        "rent": 42.0,
        "ownership_rate": 0.5,
        **OWNING,
        "upkeep": 8.88,
        "tenant_option": 6.0,
    },
    homeownership_rate: {
        "rent": 42.0,
        "price": 230.0,
        **OWNING,
        "upkeep": 8.88,
        "tenant_option": 6.0,
    },
    reform.break_even_space: {
        "wage": 2190.0,
        "rent_rise": 40.0,
        "wage_rise": 0.6,
        "allowance": 100.0,
    },
    reform.burden_shares: {
        "burden": 24.0,
        "household_share": 0.2,
        "enterprise_share": 0.33,
        "central_share": 0.2,
    },
    reform.in_kind_subsidy: {"cost_rent": 3.16, "rent": 0.13, "space": 11.81},
    neutral_allowance: {"rent_rise": 41.2},
    neutral_wage_rise: {"rent_rise": 41.2},
    land.density: {"count": 720.0, "land_area": 9768.0},
    land.floor_area_ratio: {"floor_area": 180.0, "land_area": 100.0},
    land.floor_per_person: {"ratio": 1.5, "density": 750.0, "usable_share": 0.75},
    land.land_per_floor_area: {"ratio": 1.8},
    land.land_per_unit: {"density": 200.0},
    land.land_saving: {"before": 0.8, "after": 1.54, "land_share": 0.4},
    land.residential_density: {"gross_density": 200.0, "residential_share": 0.4},
    land.row_house_estate: {
        "width": 5.0,
        "depth": 13.0,
        "floors": 3.0,
        "front_setback": 2.0,
        "back_setback": 6.0,
        "plots_per_row": 30.0,
        "rows": 2.0,
        "dwellings_per_plot": 4.0,
        **LAYOUT,
    },
    land.sunlight_spacing: {
        "height": 16.8,
        "latitude": 39.1,
        "hours": 1.0,
        "declination": -20.0,
    },
    land.walk_up_estate: {
        "length": 50.0,
        "depth": 10.0,
        "floors": 6.0,
        "spacing": 30.0,
        "end_gap": 10.0,
        "slabs_per_row": 3.0,
        "rows": 4.0,
        "dwellings_per_slab": 54.0,
        **LAYOUT,
    },
    maintenance.funding_level: {"annual_funding": 77.0, "replacement_value": 15_375.0},
    maintenance.rent_equivalent: {"annual_funding": 46.85, "area": 17.3, "usable_share": 0.86},
    maintenance.rent_income: {"rent": 0.55, "usable_share": 0.75},
    exhausted_in: {"deposit": 20.0, **FUND},
    left_after: {"deposit": 20.0, **FUND},
    required_deposit: FUND,
    project.gross_margin: {"receipts": 530.0, "cost": 290.0},
    project.replacement_cost: {"building_cost": 1000.0, "floor_area": 50.0, "returned_area": 10.0},
    project.required_price: {
        "cost": 1000.0,
        "floor_area": 50.0,
        "returned_area": 10.0,
        "subsidy": 100.0,
        "markup": 0.1,
    },
}

#: Their rivals need a cost in the same place; without one they are the same.
NEED_NO_COST = {tenure.bid_price, tenure.user_cost}
PAIRS = [model for model, arguments in MODELS.items() if len(arguments) > 1]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
each_model_of_two = pytest.mark.parametrize("model", PAIRS, ids=lambda model: model.__name__)


@contextmanager
def case(*named: object) -> Iterator[None]:
    """Name the argument, and what it was given, in a test of all the arguments of a model."""
    try:
        yield
    except BaseException as failure:  # What pytest raises where nothing is raised is no Exception.
        failure.add_note(f"with {', '.join(map(repr, named))}")
        raise


def fields(result: object) -> tuple:
    """Return the results of a model of several numbers as of one."""
    return tuple(result) if isinstance(result, tuple) else (result,)


def near(value: float) -> list[float]:
    """Three valid values for an argument whose valid value is given."""
    return [value, 0.98 * value, 0.96 * value] if value != 12 else [12.0, 13.0, 14.0]


MONEY, POSITIVE = "at least 0", "above 0"
SHARE, DIVISOR = "at least 0 and at most 1", "above 0 and at most 1"
RATE = "above -1 and at most 1"
TIMES = "at least 0 and at most 5"
ANY = "finite"
#: What each argument allows, and numbers outside that.
RANGES = {
    "adjustments": ("at least -1 and at most 1", [-1.5, 1.5, 12]),
    "after": (POSITIVE, [0, -1]),
    "allowance": (MONEY, [-1]),
    "annual_funding": (MONEY, [-1]),
    "annual_income": (POSITIVE, [0, -1]),
    "annual_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "area": (POSITIVE, [0, -1]),
    "asset_value": (MONEY, [-1]),
    "available": (MONEY, [-1]),
    "average": (POSITIVE, [0, -1]),
    "back_setback": (MONEY, [-1]),
    "base": (POSITIVE, [0, -1]),
    "before": (POSITIVE, [0, -1]),
    "building_cost": (MONEY, [-1]),
    "burden": (MONEY, [-1]),
    "central_share": (SHARE, [-0.1, 1.5]),
    "cost": (MONEY, [-5]),
    "cost_rent": (MONEY, [-1]),
    "count": (MONEY, [-1]),
    "declination": ("at least -90 and at most 0", [-91, 1, 23.4]),
    "demolition_rate": (SHARE, [-0.1, 1.5]),
    "density": (POSITIVE, [0, -1]),
    "deposit": (MONEY, [-1]),
    "depreciation": (SHARE, [-0.1, 1.5]),
    "depreciation_rate": (SHARE, [-0.1, 1.5]),
    "depth": (POSITIVE, [0, -1]),
    "dwellings_per_plot": (MONEY, [-1]),
    "dwellings_per_slab": (MONEY, [-1]),
    "end_gap": (MONEY, [-1]),
    "enterprise_share": (SHARE, [-0.1, 1.5]),
    "facilities_per_person": (MONEY, [-1]),
    "factor": ("at least 1", [0.5, 0, -2]),
    "first": (POSITIVE, [0, -1]),
    "household_size": (POSITIVE, [0, -1]),
    "housing_cost": (MONEY, [-1]),
    "housing_share": (SHARE, [-0.1, 1.5]),
    "income": (POSITIVE, [0, -1]),
    "income_cap": (SHARE, [-0.1, 1.5]),
    "floor_area": (POSITIVE, [0, -1]),
    "floors": (POSITIVE, [0, -1]),
    "front_setback": (MONEY, [-1]),
    "gross_density": (MONEY, [-1]),
    "growth_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "height": (MONEY, [-1]),
    "hours": ("at least 0 and at most 24", [-1, 25]),
    "housed_share": (SHARE, [-0.1, 1.5]),
    "household_share": (SHARE, [-0.1, 1.5]),
    "income_growth": (RATE, [-1, -1.5, 1.5, 10]),
    "inflation": (RATE, [-1, -1.5, 1.5, 10]),
    "insurance_share": (SHARE, [-0.1, 1.5]),
    "interest": (RATE, [-1, -1.5, 1.5, 10]),
    "land_area": (POSITIVE, [0, -1]),
    "land_fee": (MONEY, [-0.5]),
    "land_share": (SHARE, [-0.1, 1.5]),
    "last": (POSITIVE, [0, -1]),
    "latitude": ("at least 0 and at most 90", [-1, 91]),
    "length": (POSITIVE, [0, -1]),
    "loan_to_value": (DIVISOR, [0, -0.1, 1.5]),
    "maintenance_share": (TIMES, [-0.1, 5.5, 80]),
    "management": (MONEY, [-1]),
    "management_share": (SHARE, [-0.1, 1.5]),
    "markup": (SHARE, [-0.1, 1.5]),
    "monthly_income": (MONEY, [-1]),
    "new_population": (MONEY, [-1]),
    "nominal_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "nonhousing": (MONEY, [-1]),
    "owner_option": (ANY, []),
    "owner_share": (SHARE, [-0.1, 1.5]),
    "ownership_rate": (DIVISOR, [0, -0.1, 1.5]),
    "payment": (MONEY, [-1]),
    "per": (MONEY, [-1]),
    "periods_paid": (MONEY, [-1]),
    "periods_per_year": ("at least 1", [0, 0.5, -12]),
    "persons_per_dwelling": (MONEY, [-1]),
    "plots_per_row": ("at least 1", [0.5, 0, -1]),
    "population": (POSITIVE, [0, -1]),
    "price": (MONEY, [-1]),
    "price_growth": (RATE, [-1, -1.5, 1.5, 10]),
    "primary_street": (MONEY, [-1]),
    "principal": (MONEY, [-1]),
    "probability": (SHARE, [-0.1, 1.5]),
    "profit_share": (SHARE, [-0.1, 1.5]),
    "ratio": (MONEY, [-1]),
    "real_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "receipts": (POSITIVE, [0, -1]),
    "rent": (MONEY, [-1]),
    "rent_rise": (ANY, []),
    "repayment": (MONEY, [-1]),
    "residual": ("finite", []),
    "replacement_value": (POSITIVE, [0, -1]),
    "required": (POSITIVE, [0, -1]),
    "residential_share": (DIVISOR, [0, -0.1, 1.5]),
    "return_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "returned_area": (MONEY, [-1]),
    "rows": ("at least 1", [0.5, 0, -1]),
    "secondary_street": (MONEY, [-1]),
    "slabs_per_row": ("at least 1", [0.5, 0, -1]),
    "space": (MONEY, [-1]),
    "space_per_head": (MONEY, [-1]),
    "spacing": (MONEY, [-1]),
    "stock": (MONEY, [-1]),
    "subsidy": (MONEY, [-1]),
    "tax_share": (SHARE, [-0.1, 1.5]),
    "tenant_option": (MONEY, [-1]),
    "tenant_share": (SHARE, [-0.1, 1.5]),
    "upkeep": (MONEY, [-1]),
    "usable_share": (DIVISOR, [0, -0.1, 1.5]),
    "wage": (MONEY, [-1]),
    "wage_rise": (TIMES, [-0.1, 5.5, 62]),
    "width": (POSITIVE, [0, -1]),
    "years": (POSITIVE, [0, -1]),
}
#: Where the range depends on the model: zero is refused only where a model divides by it.
IN_SOME = {
    (mortgage.implied_rate, "principal"): (POSITIVE, [0, -1]),
    (mortgage.implied_rate, "payment"): (POSITIVE, [0, -1]),
    (mortgage.years_to_repay, "payment"): (POSITIVE, [0, -1]),
    (rent.rent_burden, "area"): (MONEY, [-1]),
    (affordability.required_income, "housing_share"): (DIVISOR, [0, -0.1, 1.5]),
    (affordability.residual_income, "income"): (MONEY, [-1]),
    (affordability.residual_repayment, "income"): (MONEY, [-1]),
    (exhausted_in, "income"): (MONEY, [-1]),
    (land.floor_area_ratio, "floor_area"): (MONEY, [-1]),
    (land.floor_per_person, "usable_share"): (SHARE, [-0.1, 1.5]),
    (land.land_per_floor_area, "ratio"): (POSITIVE, [0, -1]),
    (left_after, "income"): (MONEY, [-1]),
    (reform.break_even_space, "rent_rise"): (POSITIVE, [0, -1]),
    (required_deposit, "income"): (MONEY, [-1]),
    (stock.demolition_rate, "after"): (MONEY, [-1]),
    (stock.doubling_time, "growth_rate"): (DIVISOR, [0, -0.1, 1.5]),
    (stock.surviving_stock, "years"): (MONEY, [-1]),
    (stock.total_growth, "years"): (MONEY, [-1]),
}
ENDS = {
    SHARE: [0.0],
    MONEY: [0.0],
    RATE: [-0.99, 1.0],
    DIVISOR: [1.0],
    TIMES: [0.0, 5.0],
}
#: Where two arguments share a range, one ends before its own: interest and depreciation add up to
#: more than 0, a subsidy is no more than the cost.
ENDS_IN_SOME = {
    (iso_tenure_price, "interest"): [0.0, 1.0],
    (project.required_price, "cost"): [MODELS[project.required_price]["subsidy"]],
    (tenure.bid_price, "interest"): [0.0, 1.0],
    (tenure.bid_price_with_reserve, "interest"): [1.0],
    (tenure.capitalised_in_kind_rent, "interest"): [0.0, 1.0],
    (tenure.iso_tenure_slope, "interest"): [0.0, 1.0],
}


def range_of(model, name) -> tuple[str, list[float]]:
    """Return what an argument of a model allows, and numbers outside that."""
    return IN_SOME.get((model, name), RANGES[name])
