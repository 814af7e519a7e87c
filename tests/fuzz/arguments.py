"""Arguments that each public function, class and method of `housing` takes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from housing import (
    conversion,
    distribution,
    instruments,
    interpolation,
    maintenance,
    market,
    mortgage,
    oversight,
    policy,
    pricing,
    project,
    reform,
    register,
    sensitivity,
    stock,
    subsidy,
    tenure,
)


def left_over(price: Any, years: Any, income: Any) -> Any:
    """What a household has left of its income; a margin."""
    return income - price / years


CLAIM = {
    "margin": left_over,
    "given": {"price": 30.0, "years": 10, "income": 4.0},
    "ranges": {
        "price": sensitivity.Range(20.0, 60.0, because="an example"),
        "years": sensitivity.Range(5, 30, whole=True, because="an example"),
    },
}
RENT = pricing.LinearFunction(1, 0)
POINTS, VALUES = [[0.0, 0.0], [0.0, 2.0], [9.0, 9.0], [3.0, 1.0]], [100.0, 200.0, 900.0, 400.0]
EXAMPLE = policy.load_policy()
CLASS = {
    "name": "low",
    "areas": [25.0, 35.0],
    "burden_ratio": 0.25,
    "may_buy": False,
    "income_limit": 34_000.0,
    "extra_person_area": 5.0,
}
REGISTER = pd.DataFrame(
    {
        "size": [3, 2, 4],
        "income": [24_000, 30_000, 52_000],
        "owned_area": [15, 0, 0],
        "owned_price": [0, 0, 0],
        "wish": ["rent", "rent", "buy"],
    }
)

SCHEDULE = {"principal": 1000.0, "annual_rate": 0.10, "years": 2.0}
ESTATE = {"fee": 50.0, "cost": 50.0, "tolerance": 0.6, "spread": 0.1}
ARREARS = {**ESTATE, "subsidy": 1.0, "effort": 0.1}
SUBLET = {
    "gain": 6000.0,
    "penalty": 10_000.0,
    "detection": 0.1,
    "years": 5,
    "discount_rate": 0.05,
    "delay": 1.0,
    "benefit": 100.0,
    "exclusion": 3,
}
AUDITS = {
    "rise_rate": 0.06,
    "return_rate": 0.04,
    "audit_interval": 3.0,
    "detection": 0.9,
    "visible": 0.6,
    "transition": 0.5,
}
LET = {"step": 0.05, "every": 2}
TERMS = {
    "year": 5,
    "first_rent": 2264.42,
    "cost": 56_862.0,
    "rent_is": "benefit",
    "area": 120.0,
    "growth": 0.05,
    "price_year": 5,
    "rent_years": 6,
    **LET,
    "deposit_months": 3.0,
    "discount_rate": 0.03,
}
FUND = {
    "expenditure": [10.0, 0.0, 30.0],
    "deposit": 20.0,
    "income": 5.0,
    "interest": 0.10,
    "price_growth": 0.05,
    "income_growth": 0.03,
    "management": 0.2,
    "when": "end",
}
OWNING = {"interest": 0.10, "depreciation": 0.02, "upkeep": 8.88, "tenant_option": 6.0}
HOUSEHOLDS = {
    "weights": [[0.4, 0.1], [0.2, 0.3]],
    "wages": [1500.0, 3000.0],
    "spaces": [16.0, 61.0],
}
RISES = {"rent_rise": 41.2, "wage_rise": 0.62, "allowance": 10.0}
OWNED = {"owned_area": 10.0, "owned_price": 900.0}
PURCHASE = {"burden_ratio": 0.3, "down_payment": 0.2, "years": 30.0}
AMOUNTS, COUNTS = [9.0, 24.0, 5.0, 24.0], [1.0, 2.0, 3.0, 1.0]
LEVELS = {"rate": 0.05, "rent_index": [1.0, 1.0, 1.05]}
WEIGHTS = {"weights": [0.6, 0.1, 0.3]}
PLACES = {
    "longitude": 106.55,
    "latitude": 29.56,
    "other_longitude": 116.40,
    "other_latitude": 39.90,
}


def without(arguments: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return arguments but for some."""
    return {name: value for name, value in arguments.items() if name not in names}


#: Calls that are elementwise in all arguments but words, beside those of `MODELS`.
ELEMENTWISE: dict[Callable[..., Any], dict[str, Any]] = {
    distribution.overburdened: {"cost": 10.0, "income": 30.0, "limit": 0.3},
    conversion.stepped_rent: {"first_rent": 1000.0, "year": 3, **LET},
    conversion.total_rent: {"first_rent": 1000.0, "years": 3, **LET, "discount_rate": 0.03},
    conversion.deposit: {"first_rent": 1200.0, "year": 2, "months": 3.0, **LET},
    conversion.sale_price: {
        "price": 464.0,
        "year": 6,
        "area": 120.0,
        "growth": 0.05,
        "price_year": 5,
    },
    conversion.cost_benefit: {"price": 676.0, **TERMS},
    conversion.break_even_price: TERMS,
    oversight.service_quality: {"collection": 0.5, "fee": 50.0, "cost": 50.0, "subsidy": 1.0},
    oversight.collection_rate: {"quality": 0.6, "tolerance": 0.6, "spread": 0.1, "effort": 0.5},
    oversight.collection_states: ARREARS,
    oversight.tipping_subsidies: without(ARREARS, "subsidy"),
    oversight.tipping_efforts: without(ARREARS, "effort"),
    oversight.subletting_value: SUBLET,
    oversight.deterrent_penalty: without(SUBLET, "penalty"),
    oversight.deterrent_detection: without(SUBLET, "detection"),
    oversight.move_outs: AUDITS,
    oversight.inclusion_error: AUDITS,
    oversight.inclusion_error_after: {"time": 1.0, **AUDITS},
    oversight.inclusion_error_floor: {"rise_rate": 0.06, "return_rate": 0.04, "visible": 0.6},
    subsidy.rental_subsidy: {
        "standard_area": 45.0,
        "standard_rent": 18.0,
        "burden_ratio": 0.2,
        "annual_income": 24_000.0,
        "owned_area": 15.0,
    },
    subsidy.purchase_subsidy: {
        "standard_area": 60.0,
        "standard_price": 5_400.0,
        "annual_income": 50_000.0,
        "annual_rate": 0.06,
        **OWNED,
        **PURCHASE,
    },
    subsidy.rental_income_limit: {
        "standard_area": 45.0,
        "standard_rent": 18.0,
        "burden_ratio": 0.2,
        "owned_area": 15.0,
    },
    subsidy.purchase_income_limit: {
        "standard_area": 60.0,
        "standard_price": 5_400.0,
        "annual_rate": 0.06,
        **OWNED,
        **PURCHASE,
    },
    subsidy.reversal_income: {
        "standard_rent": 18.0,
        "area_below": 45.0,
        "area_above": 55.0,
        "burden_below": 0.2,
        "burden_above": 0.25,
    },
}
#: Calls of which only these arguments are elementwise, or none.
OTHERS: dict[Callable[..., Any], tuple[dict[str, Any], tuple[str, ...]]] = {
    sensitivity.Range: (
        {"low": 0.0, "high": 1.0, "whole": False, "because": "an example", "unit": "yuan"},
        (),
    ),
    sensitivity.border: (CLAIM, ()),
    sensitivity.lowest: ({**CLAIM, "sample": 64, "seed": 1}, ()),
    sensitivity.share: ({**CLAIM, "sample": 64, "seed": 1}, ()),
    sensitivity.sobol_indices: ({**CLAIM, "sample": 64, "nets": 2, "seed": 1}, ()),
    sensitivity.spread: ({**CLAIM, "levels": [0.5], "sample": 64, "nets": 2, "seed": 1}, ()),
    sensitivity.tipping_pairs: ({**CLAIM, "points": 9}, ()),
    sensitivity.tipping_points: ({**CLAIM, "points": 9}, ()),
    sensitivity.tornado: ({**CLAIM, "points": 9}, ()),
    conversion.net_present_value: (
        {"benefits": [0.0, 0.0, 242.0], "costs": [100.0, 0.0, 0.0], "annual_rate": 0.10},
        (),
    ),
    distribution.gini: ({"values": AMOUNTS, "weights": COUNTS}, ()),
    distribution.lorenz: ({"values": AMOUNTS, "weights": COUNTS, "by": AMOUNTS}, ()),
    distribution.overburden_rate: (
        {"cost": AMOUNTS, "income": 30.0, "limit": 0.3, "weights": COUNTS},
        (),
    ),
    distribution.poverty: ({"income": AMOUNTS, "line": 15.0, "alpha": 2, "weights": COUNTS}, ()),
    distribution.poverty_gap: ({"income": 9.0, "line": 15.0, "alpha": 2}, ("income", "line")),
    distribution.quantile: ({"values": AMOUNTS, "q": [0.1, 0.5], "weights": COUNTS}, ()),
    distribution.residual_gap: (
        {"income": 30.0, "cost": 20.0, "needs": 15.0, "alpha": 1},
        ("income", "cost", "needs"),
    ),
    distribution.residual_poverty: (
        {"income": 30.0, "cost": AMOUNTS, "needs": 15.0, "alpha": 1, "weights": COUNTS},
        (),
    ),
    distribution.shares: (
        {"values": AMOUNTS, "weights": COUNTS, "parts": 5, "by": AMOUNTS},
        (),
    ),
    instruments.adjustable: (
        {
            "principal": 1000.0,
            "rates": [0.10, 0.14],
            "years": 2.0,
            "reset_every": 12,
            "payment_cap": 0.1,
        },
        (),
    ),
    instruments.graduated: ({**SCHEDULE, "growth": 0.05, "step": None, "rising_years": 1}, ()),
    instruments.dual_indexed: (
        {
            "principal": 1000.0,
            "real_rate": 0.04,
            "years": 2.0,
            "inflation": 0.10,
            "wage_growth": [0.08, 0.1, 0.1],
            "first_payment": 46.0,
            "max_years": 3.0,
        },
        (),
    ),
    instruments.years_to_clear: (
        {"schedule": mortgage.schedule(**SCHEDULE), "periods_per_year": 12},
        (),
    ),
    interpolation.haversine: ({**PLACES, "radius": 6371.0}, tuple(PLACES)),
    interpolation.idw: (
        {"values": [1006.0, 1158.0, 926.0], "distances": [0.58, 0.85, 0.85], "power": 2.0},
        (),
    ),
    interpolation.idw_weights: ({"distances": [0.58, 0.85, 0.85], "power": 2.0}, ()),
    interpolation.modification_factor: (
        {
            "price": 1033.0,
            "other_prices": [1279.0, 1116.0],
            "distances": [1.0, 1.946],
            "power": 2.0,
        },
        (),
    ),
    interpolation.InverseDistance: (
        {
            "power": 2.0,
            "neighbors": 2,
            "metric": "planar",
            "coincident": "mean",
            "ties": "share",
            "workers": 1,
            "chunk": 3,
        },
        (),
    ),
    interpolation.InverseDistance.fit: ({"points": POINTS, "values": VALUES}, ()),
    interpolation.InverseDistance.predict: (
        {"targets": [[0.0, 1.0], [0.0, 2.0]], "interval": 0.5},
        (),
    ),
    interpolation.InverseDistance.score: ({"points": POINTS, "values": VALUES}, ()),
    interpolation.InverseDistance.leave_one_out: ({}, ()),
    interpolation.InverseDistance.leave_one_out_error: ({}, ()),
    interpolation.InverseDistance.get_params: ({"deep": True}, ()),
    maintenance.expenditure_schedule: (
        {
            "repairs": [0.12, 0.12, 0.40],
            "works": {"redecoration": (1.80, 2, 5), "roof": (3, 1, None)},
        },
        (),
    ),
    maintenance.fund: (FUND, ()),
    maintenance.exhausted_in: (FUND, tuple(without(FUND, "expenditure", "when"))),
    maintenance.left_after: (FUND, tuple(without(FUND, "expenditure", "when"))),
    maintenance.required_deposit: (
        without(FUND, "deposit"),
        tuple(without(FUND, "expenditure", "when", "deposit")),
    ),
    maintenance.replacement_value: ({"areas": [22.5, 2.5], "unit_costs": [650.0, 300.0]}, ()),
    market.concentration_ratio: (
        {"outputs": [30.0, 20.0, 10.0, 10.0, 5.0], "total": 100.0, "largest": 4},
        (),
    ),
    market.herfindahl_index: ({"outputs": [50.0, 25.0, 25.0]}, ()),
    mortgage.schedule: (
        {**SCHEDULE, "periods_per_year": 12, "round_to": 0.01, "rounding": "nearest"},
        (),
    ),
    oversight.collection_path: (
        {
            "collection": [0.65, 0.8],
            "quality": 0.65,
            "steps": 5,
            **ARREARS,
            "household_speed": 0.5,
            "service_speed": 0.5,
        },
        (),
    ),
    oversight.simulate_subletting: ({**SUBLET, "tenants": 50, "seed": 1}, ()),
    oversight.simulate_inclusion_error: (
        {"times": [0.0, 1.5], **AUDITS, "dwellings": 50, "cycles": 5, "seed": 1},
        (),
    ),
    oversight.visible_share: ({"shares": [0.3, 0.25, 0.4]}, ()),
    oversight.budget_leakage: (
        {"subsidy": [900.0, 300.0], "error": [0.1, 0.4], "households": [1.0, 2.0]},
        (),
    ),
    policy.IncomeClass: (CLASS, ()),
    policy.PriceIncomeTest: ({"home_area": 60.0, "rent_at_least": 9.0, "buy_above": 6.0}, ()),
    policy.Policy: (
        {
            "name": "a city's",
            "classes": [policy.IncomeClass(**CLASS)],
            "average_rent": 20.0,
            "average_price": 6000.0,
            "annual_rate": 0.06,
            "standard_share": 0.9,
            "down_payment": 0.2,
            "years": 30.0,
            "public_housing_sold": False,
            "price_income": policy.PriceIncomeTest(60, 9, 6),
        },
        (),
    ),
    policy.Policy.area_of: ({"codes": [0, 1, 2], "sizes": [1, 2, 9]}, ()),
    policy.Policy.class_of: ({"income": [9000.0, 30_000.0]}, ()),
    policy.Policy.table: ({}, ()),
    policy.Policy.terms: ({}, ()),
    policy.load_policy: ({"path": None}, ()),
    pricing.blended_rate: ({"loans": [300.0, 700.0], "rates": [0.04, 0.06]}, ()),
    pricing.discount_factors: ({"rate": 0.05, "years": 3, "decimals": 3}, ()),
    pricing.stepped_index: ({"years": 5, "step": 0.05, "every": 2, "start": 1}, ()),
    pricing.levelised: ({"index": [1.0, 1.05, 1.1], "rate": 0.05}, ()),
    pricing.RentalProject: (
        {
            **LEVELS,
            "flats": [1000.0, 500.0],
            "occupancy": [0.5, 1.0, 1.0],
            "commercial": 10.0,
            "interest": 9e4,
            "outlay": [1.0, 2.0, 3.0],
            "sale": pricing.Sale(2, 0.3),
        },
        (),
    ),
    pricing.RentalProject.annual_cost: ({}, ()),
    pricing.RentalProject.annual_surplus: ({}, ()),
    pricing.RentalProject.annual_surpluses: (
        {
            "rate": [0.03, 0.07],
            "occupancy": [0.5, 0.9, 1.0],
            "sold": [[0.1], [0.3]],
            "interest": [0.0, 9e4, 9e4],
        },
        (),
    ),
    pricing.RentalProject.cash_flows: ({}, ()),
    pricing.RentalProject.present_cost: ({"first": 1, "last": 2}, ()),
    pricing.RentalProject.present_value: ({"first": 1, "last": 2, "decimals": 3}, ()),
    pricing.Sale: ({"year": 7, "flats": 0.3, "commercial": 0.9, "proceeds": 10.0}, ()),
    pricing.living_cost: (
        {
            **LEVELS,
            "area": [60.0, 70.0],
            "other_costs": 430.0,
            "cost_index": [1.0, 1.05, 1.1],
            "households": [0.25, 0.75],
        },
        (),
    ),
    pricing.share_to_sell: (
        {"debt": 500.0, "flats": 100.0, "price": 8.0, "other_proceeds": 260.0},
        (),
    ),
    pricing.social_benefit: (
        {
            **LEVELS,
            "market_rent": [20.0, 21.0],
            "flats": [1000.0, 500.0],
            "surplus": pricing.LinearFunction([9000.0, 10.0], -90_000.0),
            "market_index": [1.0, 1.0, 1.1],
            "externality": 5.0,
        },
        (),
    ),
    pricing.LinearFunction: ({"slopes": [870.0, 3.0], "constant": -9400.0}, ()),
    pricing.LinearFunction.at: ({"rents": [11.0]}, ()),
    pricing.LinearFunction.root: ({}, ()),
    pricing.Constraint: (
        {"name": "rent", "function": RENT, "at_least": 1.0, "at_most": 20.0},
        (),
    ),
    pricing.Programme: (
        {
            "tenant": RENT,
            "builder": RENT,
            "government": RENT,
            "constraints": [pricing.Constraint("rent", RENT, at_least=1, at_most=20)],
        },
        (),
    ),
    pricing.Programme.best_corners: (WEIGHTS, ()),
    pricing.Programme.closed_form: (WEIGHTS, ()),
    pricing.Programme.efficient_corners: ({}, ()),
    pricing.Programme.evaluate: ({"weights": [[0.6, 0.1, 0.3], [0.2, 0.2, 0.6]]}, ()),
    pricing.Programme.normalised: ({}, ()),
    pricing.Programme.objective: (WEIGHTS, ()),
    pricing.Programme.payoffs: ({"rents": [11.0]}, ()),
    pricing.Programme.rent_interval: ({}, ()),
    pricing.Programme.solve: (WEIGHTS, ()),
    pricing.Programme.weight_map: ({"divisions": 4}, ()),
    pricing.expert_weights: ({"scores": [[6.0, 1.0, 3.0], [5.0, 2.0, 3.0]]}, ()),
    pricing.simplex_grid: ({"divisions": 4}, ()),
    project.charges: (
        {
            "cost": 1000.0,
            "rates": {"tax": 0.10, "fee": 0.025},
            "excluding": {"fee": ["tax"]},
        },
        ("cost",),
    ),
    project.implied_rates: (
        {"cost": 1000.0, "amounts": {"tax": 100.0, "fee": 27.5}, "excluding": {"fee": ["tax"]}},
        ("cost",),
    ),
    project.site_cost: ({"components": [962.0, 1412.0, 470.0], "site_area": 54.0}, ()),
    project.unit_costs: ({"costs": [1369.0, 11_002.0], "areas": [13.5, 17.0]}, ()),
    reform.averages: (HOUSEHOLDS, ()),
    reform.gains: (without({**HOUSEHOLDS, **RISES}, "weights"), ()),
    reform.neutral_allowance: ({**HOUSEHOLDS, "rent_rise": 41.2}, ("rent_rise",)),
    reform.neutral_wage_rise: ({**HOUSEHOLDS, "rent_rise": 41.2}, ("rent_rise",)),
    reform.winners_and_losers: (
        {"weights": HOUSEHOLDS["weights"], "gain": [[271.0, -388.0], [643.0, -16.0]], "dust": 1.0},
        (),
    ),
    reform.phased_reform: (
        {
            "rents": [0.13, 0.55, 1.0],
            "area": 2e9,
            "unit": 40.0,
            "first_wage": 400.0,
            "growth": 0.1,
            "household_share": [1.0, 0.25],
        },
        (),
    ),
    register.assess: (
        {
            "households": REGISTER.assign(household=["a", "b", "c"]),
            "policy": EXAMPLE,
            "columns": {"size": "size"},
            "id": "household",
            "progress": False,
        },
        (),
    ),
    register.borders: ({"policy": EXAMPLE}, ()),
    register.marginal: (
        {
            "households": REGISTER.assign(household=["a", "b", "c"]),
            "policy": EXAMPLE,
            "step": 1.0,
            "columns": {"size": "size"},
            "id": "household",
            "progress": False,
        },
        (),
    ),
    register.compare: (
        {
            "households": REGISTER.assign(household=["a", "b", "c"]),
            "policies": {"today": EXAMPLE, "reform": EXAMPLE},
            "columns": {"size": "size"},
            "id": "household",
            "poverty_line": 9_000.0,
            "unit": "person",
            "equivalence": 0.5,
            "by": "wish",
            "progress": False,
        },
        (),
    ),
    stock.projection: (
        {"initial_stock": 2533.5, "additions": [163.9, 212.8], "demolition_rate": 0.015},
        (),
    ),
    stock.required_additions: (
        {"initial_stock": 1000.0, "stock": [1000.0, 1100.0], "demolition_rate": 0.015},
        (),
    ),
    stock.average_age: ({"stocks": [239.0, 229.0, 326.0], "ages": [45.0, 31.0, 21.0]}, ()),
    stock.growth_rates: ({"values": [100.0, 110.0, 99.0]}, ()),
    stock.trend_growth_rate: ({"values": [100.0, 110.0, 121.0]}, ()),
    stock.vintage_shares: ({"stocks": [239.0, 229.0, 326.0]}, ()),
    subsidy.area_standard: (
        {"household_size": 3, "income_class": "low", "policy": EXAMPLE},
        ("household_size",),
    ),
    subsidy.burden_ratio: ({"income_class": ["low", "lowest"], "policy": EXAMPLE}, ()),
    tenure.iso_tenure_price: (
        {
            "rent": 42.0,
            "ownership_rate": 0.5,
            "owner_options": [-3.0, -1.0, 1.0, 3.0],
            **OWNING,
        },
        ("rent", "ownership_rate", *OWNING),
    ),
    tenure.homeownership_rate: (
        {"rent": 42.0, "price": 230.0, "owner_options": [-3.0, -1.0, 1.0, 3.0], **OWNING},
        ("rent", "price", *OWNING),
    ),
}


def _programme(
    slopes: Sequence[float], constant: Sequence[float], at_least: float, at_most: float
) -> pricing.Programme:
    tenant, builder, government = map(pricing.LinearFunction, slopes, constant)
    return pricing.Programme(
        tenant=tenant,
        builder=builder,
        government=government,
        constraints=[
            pricing.Constraint("balance", builder, at_least=0),
            pricing.Constraint("rent", RENT, at_least=at_least, at_most=at_most),
        ],
    )


def _fitted(
    points: Any, values: Any, power: float, neighbors: float
) -> interpolation.InverseDistance:
    with warnings.catch_warnings(action="ignore"):
        return interpolation.InverseDistance(power, neighbors).fit(points, values)


#: What methods are called on: how it is made, and of which numbers.
RECEIVERS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "InverseDistance": (
        _fitted,
        {"points": POINTS, "values": VALUES, "power": 2.0, "neighbors": 2.0},
    ),
    "Policy": (lambda: EXAMPLE, {}),
    "RentalProject": (
        partial(pricing.RentalProject, sale=pricing.Sale(2, 0.3)),
        {
            "rate": 0.05,
            "flats": [1000.0, 500.0],
            "occupancy": [0.5, 1.0, 1.0],
            "rent_index": [1.0, 1.0, 1.05],
            "interest": 9e4,
            "outlay": [5e4, 0.0, 0.0],
        },
    ),
    "LinearFunction": (pricing.LinearFunction, {"slopes": 870.0, "constant": -9400.0}),
    "Programme": (
        _programme,
        {
            "slopes": [780.0, 870.0, -460.0],
            "constant": [6200.0, -9400.0, 18_000.0],
            "at_least": 1.0,
            "at_most": 20.0,
        },
    ),
}
