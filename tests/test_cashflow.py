"""Money over years: the paper's composite rate, closed forms, the constant index."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from min_xin import INTEREST, LOANS
from numpy.testing import assert_array_equal

from housing.mortgage import annuity_factor
from housing.pricing.cashflow import blended_rate, discount_factors, levelised, stepped_index
from rounding import NEAREST


def test_the_composite_rate_is_that_of_a_round_loan():
    rate = blended_rate([81_000, LOANS - 81_000], [0.04257, 0.0594])
    assert NEAREST.round(rate * LOANS, 0.01) == INTEREST
    assert NEAREST.round(100 * rate, 0.01) == 5.37


def test_a_constant_index_is_its_own_level_and_steps_are_repeated():
    assert levelised(np.full(30, 2.5), 0.07) == pytest.approx(2.5, rel=1e-14)
    assert_array_equal(stepped_index(6, 0.5, every=3, start=2), [1, 1, 1, 1, 1.5, 1.5])


@settings(deadline=None, derandomize=True)
@given(st.floats(0, 0.2), st.floats(0, 0.2), st.integers(1, 40))
def test_growth_levelled_over_years_has_the_closed_form_of_a_growing_annuity(rate, growth, years):
    assume(abs(rate - growth) > 1e-4)
    growing = (1 - ((1 + growth) / (1 + rate)) ** years) / (rate - growth)
    even = annuity_factor(rate, years, periods_per_year=1)
    # The closed form divides by a difference of rates, down to 1e-4: it loses four digits.
    assert levelised(stepped_index(years, growth), rate) == pytest.approx(growing / even, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blended_rate([1, 2], [0.05]), "rates must be 2, one for each of loans, got 1"),
        (lambda: blended_rate([0, 0], [0.05, 0.06]), "the sum of loans must be above 0, got 0"),
        (lambda: discount_factors(0.05, 0), "years must be a whole number of at least 1, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
