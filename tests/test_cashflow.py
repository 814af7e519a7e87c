"""Money over years: the paper's composite rate, closed forms, the constant index."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
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


def test_loans_and_rates_with_labels_meet_in_the_same_order_alone():
    loans = pd.Series({"bank": 300, "bond": 700})
    assert blended_rate(loans, pd.Series({"bank": 0.04, "bond": 0.06})) == pytest.approx(0.054)
    assert blended_rate(loans, [0.04, 0.06]) == blended_rate((300, 700), np.array([0.04, 0.06]))
    for rates in ({"bond": 0.06, "bank": 0.04}, {"bank": 0.04, "fund": 0.06}, {"bank": 0.04}):
        with pytest.raises(ValueError, match="loans and rates must have the same labels"):
            blended_rate(loans, pd.Series(rates))


@pytest.mark.parametrize(
    ("rate", "right"),
    [(0.6, [0.63, 0.39, 0.24]), (1.0, [0.5, 0.25, 0.13]), (0.25, [0.8, 0.64, 0.51])],
)
def test_factors_are_rounded_half_up_whatever_their_last_bit(rate, right):
    # 1 / 1.6 is 0.625 and 1 / 2**3 is 0.125: halves.
    assert discount_factors(rate, 3, decimals=2).tolist() == right


def test_a_level_is_a_mean_at_any_rate():
    assert levelised(np.full(400, 2.0), -0.999) == pytest.approx(2, rel=1e-12)
    assert levelised([1, 3], -1 + 1e-9) == pytest.approx(3, rel=1e-8)
    assert levelised([3.5], -0.5) == levelised([3.5], 0.5) == 3.5
    assert levelised([1e308, 1e308], 0.05) == pytest.approx(1e308, rel=1e-15)


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
        (
            lambda: blended_rate([1e308, 1e308], 0.05),
            "rates must be 2, one for each of loans, got 1",
        ),
        (lambda: blended_rate([1e308, 1e308], [0, 0]), "the sum of loans must be finite, got inf"),
        (lambda: discount_factors(0.05, 0), "years must be a whole number of at least 1, got 0"),
        (
            lambda: discount_factors(0.05, 1e9),
            "years must ask for at most 50,000,000 numbers, got",
        ),
        (lambda: stepped_index(1e308, 0.05), "years must ask for at most 50,000,000 numbers, got"),
        (lambda: discount_factors(0.05, 3, decimals=400), "decimals must be at most 15, got 400"),
        (lambda: discount_factors(-0.99, 400), "factors of rate and years must be finite, got inf"),
        (lambda: stepped_index(2000, 1.0), "to reckon with in floats: years 2000, step 1"),
        (
            lambda: blended_rate({"bank": 300}, 0.05),
            "loans must be a number or an array of numbers",
        ),
        (
            lambda: blended_rate([300, 10**400], [0.04, 0.06]),
            "loans must be finite as a float, got",
        ),
        (
            lambda: blended_rate(np.ma.array([1, 2], mask=[0, 1]), [0, 0]),
            "loans must have no masked",
        ),
        (lambda: levelised(["a"], 0.05), "index must be a number or an array of numbers"),
        (lambda: levelised([1, np.inf], 0.05), "index must be finite, got inf at position 1"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
