"""Linear functions of one rent or several: their values, their sums, how they are shown."""

from __future__ import annotations

import re

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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearFunction([1, 2], 0).root(), "slopes must be one number that is not 0"),
        (lambda: LinearFunction([1, 2], 0).at([1, 2, 3]), "rents must be 2 in the last axis"),
        (lambda: LinearFunction([1, 2], 0) + RENT, "slopes must be as many as 2, got 1"),
        (lambda: LinearFunction("steep", 0), "slopes must be a number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
