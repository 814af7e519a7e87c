"""Growth, storey prices and concentration: the report's numbers, limits and bad input."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from housing.market import concentration_ratio, herfindahl_index, storey_prices
from rounding import NEAREST

ULP = 2.0**-52
reproducible = settings(deadline=None, derandomize=True)
outputs = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30)

#: Table 4 of Annex 3 by storey; the rule gives all but the last price of the first column.
PRINTED = np.array(
    [
        [1372, 1617, 1846, 1846, 1846, 1748, 1552, 1373],
        [1352, 1593, 1818, 1818, 1818, 1721, 1529, 1352],
        [1366, 1612, 1842, 1842, 1842, 1744, 1546, 1366],
    ]
)
ADJUSTMENTS = np.array([-17, -2, 12, 12, 12, 6, -6, -17]) / 100


def test_storey_prices_of_the_report_follow_from_one_list_of_adjustments():
    average = np.array([1650, 1625, 1645])[:, np.newaxis]
    base = np.array([1635, 1606, 1643])[:, np.newaxis]
    differs = NEAREST.round(storey_prices(average, ADJUSTMENTS, base), 1) != PRINTED
    assert_array_equal(np.argwhere(differs), [[0, 7]])


@reproducible
@given(st.floats(10, 1e5), st.floats(0.1, 1.9), st.lists(st.floats(-0.5, 0.5), min_size=1))
def test_adjustments_that_add_up_to_zero_keep_the_average(average, ratio, adjustments):
    # No adjustment exceeds a half, so that a base of less than two averages leaves prices above 0.
    base = ratio * average
    balanced = np.array(adjustments) - np.mean(adjustments)
    prices = storey_prices(average, balanced / 2, base)
    assert prices.mean() == pytest.approx(average, abs=8 * ULP * len(prices) * (average + base))


def test_concentration_of_the_report():
    firms = np.array([300, 150, 100, 100, 50, 50])
    assert NEAREST.round(100 * concentration_ratio(firms, 1520), 1) == 43
    assert concentration_ratio(firms[::-1], 1520) == concentration_ratio(firms, 1520)


@reproducible
@given(outputs)
def test_all_producers_hold_the_whole_market(each):
    total = float(np.sort(each)[::-1].sum())
    assert concentration_ratio(each, total, largest=len(each)) == pytest.approx(1, rel=8 * ULP)


@reproducible
@given(outputs)
def test_the_index_lies_between_equal_producers_and_a_monopoly(each):
    index = herfindahl_index(each)
    assert 1 / len(each) <= index * (1 + len(each) * ULP)
    assert index <= 1 + len(each) * ULP


def test_equal_producers_and_a_monopoly():
    assert herfindahl_index([5, 5, 5, 5]) == 0.25
    assert herfindahl_index([7, 0, 0]) == 1.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: storey_prices(100, [0.5, -1], 200),
            "average + adjustments * base must be at least 0, got -100 at position 1",
        ),
        (lambda: storey_prices(100, -12, 100), "adjustments must be at least -1 and at most 1"),
        (lambda: concentration_ratio([3, -1], 9, largest=1), "outputs must be at least 0, got -1"),
        (lambda: concentration_ratio([], 9), "outputs is empty"),
        (lambda: concentration_ratio(3, 9, largest=1), "outputs must be a list, one a producer"),
        (lambda: concentration_ratio([3, 4], 0, largest=1), "total must be above 0, got 0"),
        (lambda: concentration_ratio([3, 4], 6, largest=1), "total must be at least the 7 of all"),
        (lambda: concentration_ratio([3, 4], 9), "largest must be from 1 to 2, got 4"),
        (lambda: concentration_ratio([3, 4], 9, largest=0), "largest must be from 1 to 2, got 0"),
        (lambda: concentration_ratio([3, 4], 9, largest=1.5), "largest must be a whole number"),
        (lambda: concentration_ratio([3, 4], 7 * (1 - 1e-7), largest=1), "total must be at least"),
        (
            lambda: concentration_ratio([1e308, 1e308], 1e308, largest=1),
            "the sum of outputs must be",
        ),
        (lambda: herfindahl_index([1e308, 1e308]), "the sum of outputs must be finite, got inf"),
        (lambda: herfindahl_index(np.ma.array([1, 2], mask=[0, 1])), "outputs must have no masked"),
        (lambda: storey_prices(0.3, -0.1 - 1e-8, 3), "average + adjustments * base must be at lea"),
        (lambda: herfindahl_index([0, 0]), "outputs must not all be 0"),
        (lambda: herfindahl_index([[1, 2]]), "outputs must be a list, one a producer, got shape"),
        (lambda: herfindahl_index([1, np.nan]), "outputs must be finite, got nan"),
    ],
)
def test_bad_input_is_refused_by_name(call, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        call()


def test_the_noise_of_a_sum_does_not_exceed_the_total():
    assert concentration_ratio([0.1, 0.2], 0.3, largest=2) == 1
    assert concentration_ratio([1, 2], 3 * (1 - 1e-12), largest=2.0) == 1


@pytest.mark.parametrize(("average", "base"), [(0.3, 3), (0.3e9, 3e9), (0.7, 7 * (1 + 1e-12))])
def test_a_deduction_of_the_whole_average_leaves_nothing(average, base):
    assert storey_prices(average, [-0.1, 0.1], base)[0] == 0
