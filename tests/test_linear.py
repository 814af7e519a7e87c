"""Linear functions of one rent or several: their values, their sums, how they are shown."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from min_xin import BUILDER, RENT
from numpy.testing import assert_array_equal

from housing.pricing.linear import LinearFunction


def test_linear_functions_are_shown_as_formulas():
    assert str(BUILDER) == "871.72 P - 9411.32"
    assert str(LinearFunction([-1, 2.5], 0)) == "- 1 P1 + 2.5 P2"


def test_linear_functions_take_one_rent_or_many():
    line, plane = LinearFunction(2, 1), LinearFunction([1, 10], 0)
    assert isinstance(line.at(3), float)
    assert_array_equal(line.at([1, 2]), [3, 5])
    assert_array_equal(plane.at([[1, 2], [3, 4]]), [21, 43])
    assert (line + 3 * line).at(1) == 12
    assert line.at(Decimal("0.5")) == 2


def test_values_come_in_the_kind_of_the_rents():
    line, plane = LinearFunction(2, 1), LinearFunction([1, 10], 0)
    rents = pd.Series({"a": 1.0, "b": 2.0})
    pd.testing.assert_series_equal(line.at(rents), pd.Series({"a": 3.0, "b": 5.0}))
    many = pd.DataFrame({"large": [1.0, 3.0], "small": [2.0, 4.0]}, index=["x", "y"])
    pd.testing.assert_frame_equal(line.at(many), 2 * many + 1)
    pd.testing.assert_series_equal(plane.at(many), pd.Series({"x": 21.0, "y": 43.0}))


def test_slopes_with_labels_take_rents_with_the_same_or_none():
    slopes = pd.Series({"large": 1.0, "small": 10.0})
    plane = 2 * LinearFunction(slopes, 0) + LinearFunction([0, 0], 1)
    assert plane.at([1, 2]) == plane.at(pd.Series({"large": 1, "small": 2})) == 43
    for rents in (pd.Series({"small": 2, "large": 1}), pd.DataFrame([[1, 2]], columns=["a", "b"])):
        with pytest.raises(ValueError, match="rents must have the labels of slopes"):
            plane.at(rents)
    with pytest.raises(ValueError, match="slopes of both functions must have the labels"):
        plane + LinearFunction(slopes[::-1], 0)


def test_values_are_added_up_from_the_first_to_the_last():
    """As Python adds, whatever the processor: not as the routines of linear algebra do."""
    slopes, rents = np.random.default_rng(0).normal(size=(2, 100, 3))
    for row, point in zip(slopes, rents, strict=True):
        value = row[0] * point[0] + row[1] * point[1] + row[2] * point[2] + 0.1
        assert LinearFunction(row, 0.1).at(point) == value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearFunction([1, 2], 0).root(), "slopes must be one number that is not 0"),
        (lambda: LinearFunction([1, 2], 0).at([1, 2, 3]), "rents must be 2 in the last axis"),
        (lambda: LinearFunction([1, 2], 0) + RENT, "slopes must be as many as 2, got 1"),
        (lambda: LinearFunction("steep", 0), "slopes must be a number"),
        (lambda: LinearFunction([1, 2], 0).at(5), "rents must be 2 in the last axis, got ()"),
        (lambda: LinearFunction(1, 10**400), "constant must be finite as a float, got 1.000e+400"),
        (lambda: LinearFunction(np.ma.array([1, 2], mask=[0, 1]), 0), "slopes must have no masked"),
        (lambda: LinearFunction(1e308, 0).at(1e9), "rents must be small enough for finite"),
        (lambda: LinearFunction(1e308, 0) * 1e9, "factor must be small enough for finite"),
        (lambda: LinearFunction(1, 0) * "2", "factor must be a number"),
        (lambda: LinearFunction(1e-300, 1e300).root(), "slopes must be large enough for a finite"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_a_function_stays_as_it_was_written():
    line = LinearFunction(2, 1)
    with pytest.raises(FrozenInstanceError):
        line.constant = 3.0
