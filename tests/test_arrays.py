"""Every model takes scalars, arrays and pandas objects, answers in kind and changes nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from models import (
    DIVISOR,
    MODELS,
    NEED_NO_COST,
    RATE,
    SHARE,
    case,
    each_model,
    each_model_of_two,
    fields,
    near,
    range_of,
)
from numpy.testing import assert_array_equal

import housing
from housing import (
    instruments,
    maintenance,
    market,
    mortgage,
    project,
    reform,
    stock,
)

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


def home(function):
    """Return the module that offers a function, which may be the package around its own."""
    return ".".join(function.__module__.split(".")[:2])


def test_the_tests_know_every_model():
    modules = [
        importlib.import_module(f"housing.{found.name}")
        for found in pkgutil.iter_modules(housing.__path__)
        if not found.name.startswith("_") and found.name not in IN_THEIR_OWN
    ]
    # A module that a later source brings is called by the fuzz, as its own examples call it.
    mine = {home(getattr(model, "func", model)) for model in MODELS}
    modules = [module for module in modules if module.__name__ in mine]
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
def test_scalars_give_a_builtin_float(model):
    for kind in (float, np.float64, np.float32, np.array):
        with case(kind):
            result = model(**{name: kind(value) for name, value in MODELS[model].items()})
            assert {type(field) for field in fields(result)} == {float}


@each_model
def test_a_sequence_gives_an_array_of_what_its_numbers_give(model):
    for name, value in MODELS[model].items():
        values = near(value)
        one_by_one = [fields(model(**{**MODELS[model], name: number})) for number in values]
        for kind in (list, np.array):
            with case(name, kind):
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


@each_model
def test_a_series_gives_a_series_with_its_index(model):
    for name, value in MODELS[model].items():
        values = pd.Series(near(value), index=["x", "y", "z"], name="given")
        with case(name):
            arrays = fields(model(**{**MODELS[model], name: values.to_numpy()}))
            results = fields(model(**{**MODELS[model], name: values}))
            for field, array in zip(results, arrays, strict=True):
                expected = pd.Series(np.broadcast_to(array, 3), index=values.index)
                pd.testing.assert_series_equal(field, expected, check_exact=True)


@each_model
def test_a_data_frame_gives_a_data_frame_with_its_labels(model):
    for name, value in MODELS[model].items():
        values = pd.DataFrame([near(value)] * 2, index=["x", "y"], columns=[1, 2, 3])
        with case(name):
            arrays = fields(model(**{**MODELS[model], name: values.to_numpy()}))
            results = fields(model(**{**MODELS[model], name: values}))
            for field, array in zip(results, arrays, strict=True):
                expected = pd.DataFrame(
                    np.broadcast_to(array, (2, 3)), index=values.index, columns=values.columns
                )
                pd.testing.assert_frame_equal(field, expected, check_exact=True)


@each_model
def test_the_type_of_the_numbers_in_a_series_does_not_matter(model):
    first = next(iter(MODELS[model]))
    whole = {RATE: [0, 1], SHARE: [0, 1], DIVISOR: [1, 1]}
    values = pd.Series(whole.get(range_of(model, first)[0], [400, 500]))
    as_floats = fields(model(**{**MODELS[model], first: values.astype(float)}))
    for dtype in ("Float64", "float32", "int64", "Int64", object):
        with case(dtype):
            results = fields(model(**{**MODELS[model], first: values.astype(dtype)}))
            for field, expected in zip(results, as_floats, strict=True):
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


@each_model_of_two
def test_shapes_that_do_not_broadcast_are_refused_by_name(model):
    first, *others = MODELS[model]
    for second in others:
        values = {first: [MODELS[model][first]] * 2, second: [MODELS[model][second]] * 3}
        said = re.escape(f"shapes do not match: {first} (2,), {second} (3,)")
        with case(second), pytest.raises(ValueError, match=said):
            model(**{**MODELS[model], **values})


def test_an_array_larger_than_the_labels_is_refused():
    with pytest.raises(ValueError, match=re.escape("a result (3, 2) for labels (2,)")):
        mortgage.payment(pd.Series([1, 2]), np.full((3, 2), 0.10), 10)


# Numbers that are none ---------------------------------------------------------------------------


@each_model
def test_what_is_no_number_is_refused_by_name(model):
    for name, value in product(MODELS[model], [np.nan, np.inf, -np.inf, "a tenth", []]):
        with case(name, value), pytest.raises(ValueError, match=rf"^{name} "):
            model(**{**MODELS[model], name: value})


@each_model
def test_none_is_refused_by_name_where_it_is_no_default(model):
    parameters = inspect.signature(model).parameters
    for name in MODELS[model]:
        with case(name):
            if parameters[name].default is None and model in NEED_NO_COST:
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


# Nothing given is changed ------------------------------------------------------------------------


def values_of(model, name: str, chance: np.random.Generator) -> np.ndarray:
    """Draw valid values; zero rates too, for which the models have a branch of their own."""
    value = MODELS[model][name]
    nearby = chance.uniform(*sorted([value, 1.05 * value]), 2)
    zero = name.endswith("_rate") and range_of(model, name)[0] in (RATE, SHARE)
    return np.where(chance.random(2) < 0.5, 0.0, nearby) if zero else nearby


@each_model
def test_arguments_are_never_modified(model):
    chance = np.random.default_rng(1991)
    for _ in range(30):
        arguments = {name: values_of(model, name, chance) for name in MODELS[model]}
        before = {name: values.copy() for name, values in arguments.items()}
        model(**arguments)
        for name, values in arguments.items():
            with case(name, before):
                assert_array_equal(values, before[name])


@each_model
def test_no_zero_has_a_sign(model):
    for name, value in MODELS[model].items():
        try:
            found = fields(model(**{**MODELS[model], name: np.array([-0.0, value])}))
        except ValueError:
            found = fields(model(**{**MODELS[model], name: np.array([value, value])}))
        for field in found:
            with case(name):
                assert not np.signbit(field[field == 0]).any()


@each_model
def test_results_share_no_memory_with_arguments(model):
    arguments = {name: np.array([value, value]) for name, value in MODELS[model].items()}
    for field in fields(model(**arguments)):
        for values in arguments.values():
            assert not np.shares_memory(field, values)
