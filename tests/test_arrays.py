"""Every model takes scalars, arrays and pandas objects, answers in kind and refuses nonsense."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from housing import affordability, instruments, market, mortgage, rent

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
}
ARGUMENTS = [(model, name) for model, arguments in MODELS.items() for name in arguments]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
each_argument = pytest.mark.parametrize(
    ("model", "name"), ARGUMENTS, ids=[f"{model.__name__}-{name}" for model, name in ARGUMENTS]
)


def fields(result: object) -> tuple:
    """Return the results of a model of several numbers as of one."""
    return tuple(result) if isinstance(result, tuple) else (result,)


def near(value: float) -> list[float]:
    """Three valid values for an argument whose valid value is given."""
    return [value, 0.98 * value, 0.96 * value] if value != 12 else [12.0, 13.0, 14.0]


def test_the_tests_know_every_model():
    public = {
        getattr(module, name)
        for module in (mortgage, instruments, market, rent, affordability)
        for name in module.__all__
    }
    schedules = {
        mortgage.schedule,
        instruments.adjustable,
        instruments.graduated,
        instruments.dual_indexed,
        instruments.years_to_clear,
    }
    of_lists = {market.concentration_ratio, market.herfindahl_index}
    others = {*schedules, *of_lists, rent.StandardRent, rent.EightPointRent}
    assert set(MODELS) == public - others


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


@each_model
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
    values = pd.Series([0, 1] if RANGES[first][0] == RATE else [400, 500])
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


@each_model
def test_series_of_other_labels_are_refused(model):
    said = clash(model, pd.Series, lambda values: pd.Series(values, index=[1, 2, 3]))
    assert "must have the same labels: align them first" in said


@each_model
def test_frames_of_other_labels_are_refused(model):
    said = clash(
        model,
        lambda values: pd.DataFrame([values], columns=["x", "y", "z"]),
        lambda values: pd.DataFrame([values], columns=["z", "y", "x"]),
    )
    assert "must have the same labels: align them first" in said


@each_model
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
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None, "a tenth", []], ids=repr)
def test_what_is_no_number_is_refused_by_name(model, name, value):
    with pytest.raises(ValueError, match=rf"^{name} "):
        model(**{**MODELS[model], name: value})


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
#: What each argument allows, and numbers outside that.
RANGES = {
    "adjustments": ("at least -1 and at most 1", [-1.5, 1.5, 12]),
    "annual_income": (POSITIVE, [0, -1]),
    "annual_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "area": (POSITIVE, [0, -1]),
    "asset_value": (MONEY, [-1]),
    "available": (MONEY, [-1]),
    "average": (POSITIVE, [0, -1]),
    "base": (POSITIVE, [0, -1]),
    "depreciation_rate": (SHARE, [-0.1, 1.5]),
    "first": (POSITIVE, [0, -1]),
    "household_size": (POSITIVE, [0, -1]),
    "housing_cost": (MONEY, [-1]),
    "housing_share": (SHARE, [-0.1, 1.5]),
    "income": (POSITIVE, [0, -1]),
    "income_cap": (SHARE, [-0.1, 1.5]),
    "inflation": (RATE, [-1, -1.5, 1.5, 10]),
    "insurance_share": (SHARE, [-0.1, 1.5]),
    "land_fee": (MONEY, [-0.5]),
    "last": (POSITIVE, [0, -1]),
    "loan_to_value": (DIVISOR, [0, -0.1, 1.5]),
    "maintenance_share": (MONEY, [-0.1]),
    "management_share": (SHARE, [-0.1, 1.5]),
    "monthly_income": (MONEY, [-1]),
    "nominal_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "nonhousing": (MONEY, [-1]),
    "payment": (MONEY, [-1]),
    "per": (MONEY, [-1]),
    "periods_paid": (MONEY, [-1]),
    "periods_per_year": ("at least 1", [0, 0.5, -12]),
    "price": (MONEY, [-1]),
    "principal": (MONEY, [-1]),
    "profit_share": (SHARE, [-0.1, 1.5]),
    "real_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "rent": (MONEY, [-1]),
    "repayment": (MONEY, [-1]),
    "residual": ("a finite number", []),
    "required": (POSITIVE, [0, -1]),
    "return_rate": (RATE, [-1, -1.5, 1.5, 10]),
    "tax_share": (SHARE, [-0.1, 1.5]),
    "usable_share": (DIVISOR, [0, -0.1, 1.5]),
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
}
OUTSIDE = [
    pytest.param(model, name, allowed, value, id=f"{model.__name__}-{name}-{value}")
    for model, name in ARGUMENTS
    for allowed, values in [IN_SOME.get((model, name), RANGES[name])]
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
    ends = {SHARE: [0.0], MONEY: [0.0], RATE: [-0.99, 1.0], DIVISOR: [1.0]}
    for name in MODELS[model]:
        allowed, _ = IN_SOME.get((model, name), RANGES[name])
        for end in ends.get(allowed, []):
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


def values_of(name: str, value: float) -> st.SearchStrategy[float]:
    """Draw valid values; zero rates too, for which the models have a branch of their own."""
    nearby = st.floats(value, 1.05 * value)
    return st.one_of(st.just(0.0), nearby) if name.endswith("_rate") else nearby


@each_model
@settings(deadline=None, derandomize=True, max_examples=30)
@given(data=st.data())
def test_arguments_are_never_modified(model, data):
    arguments = {
        name: np.array([data.draw(values_of(name, value)) for _ in range(2)])
        for name, value in MODELS[model].items()
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
