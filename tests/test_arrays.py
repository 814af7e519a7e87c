"""Every model takes scalars, arrays and pandas objects, answers in kind and refuses nonsense."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import partial, update_wrapper

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import housing
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
    affordability.affordable_price: {"repayment": 117.0, **LOAN, "loan_to_value": 0.6},
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
ARGUMENTS = [(model, name) for model, arguments in MODELS.items() for name in arguments]

#: Their rivals need a cost in the same place; without one they are the same.
NEED_NO_COST = {tenure.bid_price, tenure.user_cost}
PAIRS = [model for model, arguments in MODELS.items() if len(arguments) > 1]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
each_model_of_two = pytest.mark.parametrize("model", PAIRS, ids=lambda model: model.__name__)
each_argument = pytest.mark.parametrize(
    ("model", "name"), ARGUMENTS, ids=[f"{model.__name__}-{name}" for model, name in ARGUMENTS]
)


def fields(result: object) -> tuple:
    """Return the results of a model of several numbers as of one."""
    return tuple(result) if isinstance(result, tuple) else (result,)


def near(value: float) -> list[float]:
    """Three valid values for an argument whose valid value is given."""
    return [value, 0.98 * value, 0.96 * value] if value != 12 else [12.0, 13.0, 14.0]


#: Modules of classes, registers and paths, whose arguments are put to the test in their own files.
IN_THEIR_OWN = {
    "conversion",
    "interpolation",
    "oversight",
    "policy",
    "pricing",
    "register",
    "subsidy",
}


def test_the_tests_know_every_model():
    modules = [
        importlib.import_module(f"housing.{found.name}")
        for found in pkgutil.iter_modules(housing.__path__)
        if not found.name.startswith("_") and found.name not in IN_THEIR_OWN
    ]
    public = {getattr(module, name) for module in modules for name in module.__all__}
    # Those of a path, a list, a matrix or an account are each tested with their own module.
    paths = {stock.projection, stock.required_additions, stock.growth_rates}
    schedules = {
        mortgage.schedule,
        instruments.adjustable,
        instruments.graduated,
        instruments.dual_indexed,
        instruments.years_to_clear,
        maintenance.expenditure_schedule,
        maintenance.fund,
        reform.phased_reform,
    }
    of_lists = {
        maintenance.replacement_value,
        market.concentration_ratio,
        market.herfindahl_index,
        stock.average_age,
        stock.trend_growth_rate,
        stock.vintage_shares,
    }
    of_matrices = {reform.averages, reform.gains, reform.winners_and_losers}
    accounts = {project.charges, project.implied_rates, project.site_cost, project.unit_costs}
    elsewhere = paths | schedules | of_lists | of_matrices | accounts
    known = {getattr(model, "func", model) for model in MODELS}
    assert known == set(filter(inspect.isfunction, public)) - elsewhere


# Answers in kind ---------------------------------------------------------------------------------


@each_model
@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.array])
def test_scalars_give_a_builtin_float(model, kind):
    result = model(**{name: kind(value) for name, value in MODELS[model].items()})
    assert {type(field) for field in fields(result)} == {float}


@each_argument
@pytest.mark.parametrize("kind", [list, np.array])
def test_a_sequence_gives_an_array_of_what_its_numbers_give(model, name, kind):
    values = near(MODELS[model][name])
    one_by_one = [fields(model(**{**MODELS[model], name: value})) for value in values]
    results = fields(model(**{**MODELS[model], name: kind(values)}))
    for field, expected in zip(results, zip(*one_by_one, strict=True), strict=True):
        assert type(field) is np.ndarray
        assert_array_equal(field, expected)


@each_model_of_two
def test_arrays_broadcast(model):
    first, second = list(MODELS[model])[:2]
    column = np.array(near(MODELS[model][first]))[:, np.newaxis]
    row = np.array(near(MODELS[model][second]))
    for field in fields(model(**{**MODELS[model], first: column, second: row})):
        assert field.shape == (3, 3)


@each_argument
def test_a_series_gives_a_series_with_its_index(model, name):
    values = pd.Series(near(MODELS[model][name]), index=["x", "y", "z"], name="given")
    arrays = fields(model(**{**MODELS[model], name: values.to_numpy()}))
    for field, array in zip(fields(model(**{**MODELS[model], name: values})), arrays, strict=True):
        pd.testing.assert_series_equal(
            field, pd.Series(np.broadcast_to(array, 3), index=values.index), check_exact=True
        )


@each_argument
def test_a_data_frame_gives_a_data_frame_with_its_labels(model, name):
    values = pd.DataFrame([near(MODELS[model][name])] * 2, index=["x", "y"], columns=[1, 2, 3])
    arrays = fields(model(**{**MODELS[model], name: values.to_numpy()}))
    for field, array in zip(fields(model(**{**MODELS[model], name: values})), arrays, strict=True):
        expected = pd.DataFrame(
            np.broadcast_to(array, (2, 3)), index=values.index, columns=values.columns
        )
        pd.testing.assert_frame_equal(field, expected, check_exact=True)


@each_model
@pytest.mark.parametrize("dtype", ["Float64", "float32", "int64", "Int64", object])
def test_the_type_of_the_numbers_in_a_series_does_not_matter(model, dtype):
    first = next(iter(MODELS[model]))
    whole = {RATE: [0, 1], SHARE: [0, 1], DIVISOR: [1, 1]}
    values = pd.Series(whole.get(range_of(model, first)[0], [400, 500]))
    for field, expected in zip(
        fields(model(**{**MODELS[model], first: values.astype(dtype)})),
        fields(model(**{**MODELS[model], first: values.astype(float)})),
        strict=True,
    ):
        pd.testing.assert_series_equal(field, expected, check_exact=True)


# Arguments that do not fit together --------------------------------------------------------------


def clash(model, kind, other) -> str:
    """Call a model with two arguments that do not fit, and return what it says."""
    first, second = list(MODELS[model])[:2]
    values = {
        first: kind(near(MODELS[model][first])),
        second: other(near(MODELS[model][second])),
    }
    with pytest.raises(ValueError, match=f"^{first} and {second} must ") as info:
        model(**{**MODELS[model], **values})
    return str(info.value)


@each_model_of_two
def test_series_of_other_labels_are_refused(model):
    said = clash(model, pd.Series, lambda values: pd.Series(values, index=[1, 2, 3]))
    assert "must have the same labels: align them first" in said


@each_model_of_two
def test_frames_of_other_labels_are_refused(model):
    said = clash(
        model,
        lambda values: pd.DataFrame([values], columns=["x", "y", "z"]),
        lambda values: pd.DataFrame([values], columns=["z", "y", "x"]),
    )
    assert "must have the same labels: align them first" in said


@each_model_of_two
def test_a_series_with_a_frame_is_refused(model):
    said = clash(model, pd.Series, lambda values: pd.DataFrame([values]))
    assert "must both be Series or both be DataFrames" in said


@pytest.mark.parametrize(
    ("model", "first", "second"),
    [
        (model, next(iter(arguments)), name)
        for model, arguments in MODELS.items()
        for name in list(arguments)[1:]
    ],
)
def test_shapes_that_do_not_broadcast_are_refused_by_name(model, first, second):
    values = {first: [MODELS[model][first]] * 2, second: [MODELS[model][second]] * 3}
    said = re.escape(f"shapes do not match: {first} (2,), {second} (3,)")
    with pytest.raises(ValueError, match=said):
        model(**{**MODELS[model], **values})


def test_an_array_larger_than_the_labels_is_refused():
    with pytest.raises(ValueError, match=re.escape("a result (3, 2) for labels (2,)")):
        mortgage.payment(pd.Series([1, 2]), np.full((3, 2), 0.10), 10)


# Numbers that are none ---------------------------------------------------------------------------


@each_argument
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, "a tenth", []], ids=repr)
def test_what_is_no_number_is_refused_by_name(model, name, value):
    with pytest.raises(ValueError, match=rf"^{name} "):
        model(**{**MODELS[model], name: value})


@each_argument
def test_none_is_refused_by_name_where_it_is_no_default(model, name):
    if inspect.signature(model).parameters[name].default is None and model in NEED_NO_COST:
        assert model(**{**MODELS[model], name: None}) == model(**MODELS[model])
    else:
        with pytest.raises(ValueError, match=rf"^{name} "):
            model(**{**MODELS[model], name: None})


@pytest.mark.parametrize(
    "value",
    [
        "1000",
        1000j,
        np.array([1000j]),
        {},
        np.datetime64("1991-01-01"),
        ["a thousand"],
        ["1000"],
        [[1], [1, 2]],
        [1.0, None],
        np.empty((2, 0)),
        pd.Series([], dtype=float),
        pd.Series(["a thousand"]),
        pd.Series(["1000"]),
        pd.Series(pd.to_datetime(["1991-01-01"])),
        pd.Series([None, 1.0]),
        pd.Series([pd.NA, 1.0], dtype="Float64"),
        pd.DataFrame({"x": [np.nan]}),
        pd.DataFrame({"x": ["a thousand"]}),
    ],
    ids=lambda value: " ".join(repr(value).split()),
)
def test_what_is_no_number_is_refused_whatever_holds_it(value):
    with pytest.raises(ValueError, match=r"^principal "):
        mortgage.payment(value, 0.10, 10)


MONEY, POSITIVE = "at least 0", "above 0"
SHARE, DIVISOR = "at least 0 and at most 1", "above 0 and at most 1"
RATE = "above -1 and at most 1"
TIMES = "at least 0 and at most 10"
ANY = "a finite number"
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
    "maintenance_share": (TIMES, [-0.1, 10.5, 80]),
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
    "residual": ("a finite number", []),
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
    "wage_rise": (TIMES, [-0.1, 10.5, 62]),
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
ENDS = {SHARE: [0.0], MONEY: [0.0], RATE: [-0.99, 1.0], DIVISOR: [1.0], TIMES: [0.0, 10.0]}
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


OUTSIDE = [
    pytest.param(model, name, allowed, value, id=f"{model.__name__}-{name}-{value}")
    for model, name in ARGUMENTS
    for allowed, values in [range_of(model, name)]
    for value in values
]


@pytest.mark.parametrize(("model", "name", "allowed", "value"), OUTSIDE)
def test_a_number_outside_its_range_is_refused_with_the_range(model, name, allowed, value):
    said = re.escape(f"{name} must be {allowed}, got {value:g}")
    with pytest.raises(ValueError, match=rf"^{said}(\.|$)"):
        model(**{**MODELS[model], name: value})


@pytest.mark.parametrize(("model", "name", "allowed", "value"), OUTSIDE)
def test_in_an_array_its_position_is_told(model, name, allowed, value):
    said = re.escape(f"{name} must be {allowed}, got {value:g} at position 1")
    with pytest.raises(ValueError, match=rf"^{said}(\.|$)"):
        model(**{**MODELS[model], name: [MODELS[model][name], value]})


@pytest.mark.parametrize("rate", [10, 1.5, 1.0000001])
def test_a_rate_in_per_cent_is_met_with_a_hint(rate):
    # In full: "at most 1, got 1" would help nobody.
    said = re.escape(
        f"at most 1, got {rate}. Rates are decimals per year: for ten per cent give 0.10"
    )
    with pytest.raises(ValueError, match=said):
        mortgage.payment(1000, rate, 10)


def test_a_share_in_per_cent_is_met_with_a_hint():
    with pytest.raises(
        ValueError, match=re.escape("Shares are decimals: for ten per cent give 0.10")
    ):
        rent.standard_rent(200, 0.03, tax_share=12)


@each_model
def test_the_ends_that_belong_to_a_range_are_accepted(model):
    for name in MODELS[model]:
        allowed, _ = range_of(model, name)
        for end in ENDS_IN_SOME.get((model, name), ENDS.get(allowed, [])):
            assert not np.isnan(fields(model(**{**MODELS[model], name: end}))).any()


SCHEDULE = {"principal": 1000, **LOAN, "periods_per_year": 12, "round_to": 0.01}


@pytest.mark.parametrize("name", SCHEDULE)
@pytest.mark.parametrize("value", [[1, 1], pd.Series([1, 1])], ids=["list", "series"])
def test_a_schedule_is_of_one_loan(name, value):
    with pytest.raises(ValueError, match=rf"\b{name}\b"):
        mortgage.schedule(**{**SCHEDULE, name: value})


@pytest.mark.parametrize(
    ("name", "allowed", "value"),
    [
        ("principal", POSITIVE, 0),
        ("principal", POSITIVE, np.nan),
        ("annual_rate", RATE, 10),
        ("years", POSITIVE, -1),
        ("periods_per_year", "at least 1", 0),
        ("round_to", POSITIVE, -0.01),
    ],
)
def test_a_schedule_refuses_what_leaves_its_range(name, allowed, value):
    with pytest.raises(ValueError, match=re.escape(f"{name} must be {allowed}, got {value:g}")):
        mortgage.schedule(**{**SCHEDULE, name: value})


# Nothing given is changed ------------------------------------------------------------------------


def values_of(model, name: str) -> st.SearchStrategy[float]:
    """Draw valid values; zero rates too, for which the models have a branch of their own."""
    value = MODELS[model][name]
    nearby = st.floats(*sorted([value, 1.05 * value]))
    zero = name.endswith("_rate") and range_of(model, name)[0] in (RATE, SHARE)
    return st.one_of(st.just(0.0), nearby) if zero else nearby


@each_model
@settings(deadline=None, derandomize=True, max_examples=30)
@given(data=st.data())
def test_arguments_are_never_modified(model, data):
    arguments = {
        name: np.array([data.draw(values_of(model, name)) for _ in range(2)])
        for name in MODELS[model]
    }
    before = {name: values.copy() for name, values in arguments.items()}
    model(**arguments)
    for name, values in arguments.items():
        assert_array_equal(values, before[name])


@each_model
def test_results_share_no_memory_with_arguments(model):
    arguments = {name: np.array([value, value]) for name, value in MODELS[model].items()}
    for field in fields(model(**arguments)):
        for values in arguments.values():
            assert not np.shares_memory(field, values)
