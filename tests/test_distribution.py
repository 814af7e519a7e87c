"""Quantiles, Lorenz curves, Gini, poverty, burdens: by definition, by others, and in parts."""

from __future__ import annotations

import pickle
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm

from housing import affordability
from housing.distribution import (
    Histogram,
    Mean,
    gini,
    lorenz,
    overburden_rate,
    overburdened,
    poverty,
    poverty_gap,
    quantile,
    residual_gap,
    residual_poverty,
    shares,
)
from housing.distribution.sums import exact_sum

reproducible = settings(deadline=None, derandomize=True)
RANDOM = np.random.default_rng(1984)
INCOMES = RANDOM.lognormal(10, 0.7, 5000).round(-1)
COUNTS = RANDOM.integers(0, 9, 5000).astype(float)
TENTHS = np.arange(1, 10) / 10

amounts = st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any)
groups = st.tuples(amounts, st.integers(0, 1000)).map(
    lambda drawn: (
        np.array(drawn[0], dtype=float),
        np.random.default_rng(drawn[1]).integers(1, 5, len(drawn[0])),
    )
)


def cut(count, *arrays):
    """Cut households into parts, in another order than theirs; the last part has none."""
    order = np.random.default_rng(count).permutation(len(arrays[0]))
    parts = [*np.array_split(order, count), order[:0]]
    return [tuple(array[part] for array in arrays) for part in parts]


# Against other programs and definitions ----------------------------------------------------------


@reproducible
@given(groups, st.lists(st.integers(0, 24), min_size=1, max_size=4))
def test_quantiles_are_those_of_numpy(group, wanted):
    values, weights = group
    q = np.array(wanted) / 24
    upto = np.cumsum(np.sort(weights)) / weights.sum()
    near = np.abs(q[:, None] - np.r_[upto, 1e9]).min() < 1e-12  # decided by a last bit there
    expected = np.quantile(values, q, weights=weights, method="inverted_cdf")
    assert near or (quantile(values, q, weights) == expected).all()
    repeated = np.repeat(values, weights)
    assert_array_equal(
        quantile(values, q, weights),
        np.sort(repeated)[np.maximum(np.ceil(q * len(repeated) - 1e-9).astype(int) - 1, 0)],
    )


@reproducible
@given(groups)
def test_gini_is_half_the_mean_difference_over_the_mean(group):
    values, weights = group
    apart = np.abs(values[:, None] - values) * weights[:, None] * weights
    mean = np.average(values, weights=weights)
    expected = apart.sum() / weights.sum() ** 2 / (2 * mean)
    assert gini(values, weights) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    # A weight is so many households alike.
    assert gini(np.repeat(values, weights)) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@reproducible
@given(groups)
def test_gini_is_twice_the_area_over_the_lorenz_curve(group):
    curve = lorenz(*group)
    area = np.trapezoid(curve["amount"], curve["households"])
    assert gini(*group) == pytest.approx(1 - 2 * area, abs=1e-12)
    # It rises and bends upwards, from 0 to 1.
    assert (curve.iloc[0] == 0).all()
    assert (curve.iloc[-1] == 1).all()
    slope = np.diff(curve["amount"]) / np.diff(curve["households"])
    assert (np.diff(slope) > -1e-9).all()


def test_gini_is_that_of_the_package_inequality():
    """Of PySAL, version 1.1.2, for these numbers."""
    random = np.random.default_rng(5)
    incomes, homes = random.lognormal(10, 0.7, 500), random.integers(0, 9, 400)
    assert gini(incomes) == pytest.approx(0.3664466409344571, rel=1e-12)
    assert gini(homes) == pytest.approx(0.37382241813602013, rel=1e-12)


@pytest.mark.parametrize("spread", [0.2, 0.7, 1.5])
def test_a_lognormal_distribution_has_the_gini_and_the_lorenz_curve_of_the_books(spread):
    middle = (np.arange(200_000) + 0.5) / 200_000
    values = np.exp(spread * norm.ppf(middle))
    assert gini(values) == pytest.approx(2 * norm.cdf(spread / 2**0.5) - 1, rel=1e-3)
    expected = norm.cdf(norm.ppf(TENTHS) - spread)
    assert_allclose(np.cumsum(shares(values))[:-1], expected, rtol=2e-3)


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_gini_of_those_who_have_all_or_alike_or_one_more_each(size):
    assert gini(np.full(size, 0.1)) == 0
    assert gini(np.eye(size)[0]) == pytest.approx(1 - 1 / size, abs=1e-15)
    assert gini(np.arange(1.0, size + 1)) == pytest.approx((size - 1) / (3 * size), abs=1e-15)


# Order and shares ---------------------------------------------------------------------------------


def test_a_share_that_is_reached_but_for_noise_is_reached():
    values = np.arange(1.0, 11)
    assert_array_equal(quantile(values, TENTHS, np.full(10, 0.1)), values[:9])
    assert quantile(values, 0.1 * 3) == 3
    assert quantile(values, 0.3 + 1e-7) == 4


def test_the_ends_are_the_least_and_the_largest_amount_that_counts():
    assert_array_equal(quantile([-5, 1, 2, 9], [0, 1], [0, 2, 1, 0]), [1, 2])
    assert quantile(-7, 0.5) == -7


def test_tenths_add_up_and_cut_a_household_in_two():
    assert_allclose(shares([1, 3], parts=4), [1 / 8, 1 / 8, 3 / 8, 3 / 8])
    told = shares(INCOMES, COUNTS)
    assert told.sum() == pytest.approx(1, rel=1e-12)
    assert (np.diff(told) > 0).all()
    assert_allclose(told, shares(np.repeat(INCOMES, COUNTS.astype(int))), rtol=1e-12)


def test_by_another_amount_those_that_tie_share_alike():
    # Two in the middle tie, so that each fourth there gets half of what both have.
    cost, income = [9, 4, 0, 3], [5, 7, 7 * (1 + 1e-12), 8]
    assert_allclose(shares(cost, by=income, parts=4), np.array([9, 2, 2, 3]) / 16)
    curve = lorenz(cost, by=income)
    assert_allclose(curve["households"], [0, 0.25, 0.75, 1])
    assert_allclose(curve["amount"], np.array([0, 9, 13, 16]) / 16)


def test_households_without_weight_are_none():
    values, weights = [9, 1, 500, 4], [1, 2, 0, 1]
    assert gini(values, weights) == gini([9, 1, 4], [1, 2, 1])
    assert len(lorenz(values, weights)) == 4
    assert poverty(values, 5, weights=weights) == 0.75


# Poverty ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("incomes", "expected"),
    [
        ([100, 110, 150, 160], (0.5, 0.08, 0.0136)),
        ([124, 124, 150, 150], (0.5, 0.004, 3.2e-5)),
        ([125, 126, 150, 160], (0, 0, 0)),
        ([0, 0], (1, 1, 1)),
        ([-25], (1, 1.2, 1.44)),
    ],
)
def test_poverty_by_hand(incomes, expected):
    told = [poverty(incomes, 125, alpha) for alpha in (0, 1, 2)]
    assert told == pytest.approx(expected, rel=1e-12)


def test_poverty_is_the_weighted_mean_over_groups():
    """It can be decomposed, as its authors ask."""
    first, second = slice(0, 2000), slice(2000, None)
    for alpha in (0, 1, 2):
        parts = [poverty(INCOMES[k], 2e4, alpha, COUNTS[k]) for k in (first, second)]
        heads = [COUNTS[k].sum() for k in (first, second)]
        whole = poverty(INCOMES, 2e4, alpha, COUNTS)
        assert whole == pytest.approx(np.average(parts, weights=heads), rel=1e-12)


@pytest.mark.parametrize("line", [0.3, 1e-300, 1e300, 4000.07])
def test_a_household_on_the_line_is_not_poor(line):
    on_it = [line, line * 1.1 / 1.1, line * (1 - 1e-12), line / 49 * 49]
    for alpha in (0, 1, 2):
        assert poverty(on_it, line, alpha) == 0
    assert poverty([line * (1 - 1e-7)], line) == 1


def test_a_line_for_each_household():
    assert poverty([100, 300], [99, 400], 1) == 0.125


def test_residual_poverty_is_poverty_after_the_home_is_paid_for():
    income, cost = INCOMES, RANDOM.uniform(0, 1, 5000) * 9000
    needs = RANDOM.uniform(5000, 9000, 5000)
    for alpha in (0, 1, 2):
        told = residual_poverty(income, cost, needs, alpha, COUNTS)
        assert told == pytest.approx(poverty(income - cost, needs, alpha, COUNTS), rel=1e-9)
    poor = affordability.shelter_poverty_gap(affordability.residual_income(income, needs), cost)
    assert_array_equal(residual_gap(income, cost, needs), poor > 0)


def test_a_household_is_overburdened_above_the_limit_alone():
    assert_array_equal(overburdened([0.3, 0.1 * 3, 0.3 + 1e-7, 0], [1, 1, 1, 0], 0.3), [0, 0, 1, 0])
    assert overburden_rate([500, 300, 1], [1000, 1000, 0], 0.4, [1, 3, 4]) == 0.625


# Kinds of array -----------------------------------------------------------------------------------

TABLE = pd.DataFrame([[1, 3, 4], [5, 5, 5]], index=["north", "south"], columns=["a", "b", "c"])
HEADS = pd.Series([1, 2, 1], index=["a", "b", "c"])


def test_the_rows_of_a_table_are_groups():
    for measure in (
        gini,
        lambda *x: quantile(x[0], 0.5, x[1]),
        lambda *x: poverty(x[0], 4, 1, x[1]),
    ):
        told = measure(TABLE, HEADS)
        expected = [measure(TABLE.loc[name], HEADS) for name in TABLE.index]
        pd.testing.assert_series_equal(told, pd.Series(expected, TABLE.index))
        assert_array_equal(measure(TABLE.to_numpy(), HEADS.to_numpy()), expected)
        assert all(type(one) is float for one in expected)
    told = quantile(TABLE, [0.25, 0.5], HEADS)
    pd.testing.assert_frame_equal(
        told, pd.DataFrame([[1.0, 3.0], [5.0, 5.0]], TABLE.index, [0.25, 0.5])
    )
    told = shares(TABLE, HEADS, parts=2)
    assert_array_equal(told.columns, [1, 2])
    assert_allclose(told, [[4 / 11, 7 / 11], [0.5, 0.5]])
    assert_allclose(shares(TABLE.to_numpy(), HEADS.to_numpy(), parts=2), told)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gini([1, np.nan]), "values must be finite, got nan at position 1"),
        (lambda: gini([[1, 2], [3, np.inf]]), "values must be finite, got inf at row 1, column 1"),
        (lambda: gini([]), "values is empty"),
        (lambda: gini([3, -1]), "values must be at least 0, got -1 at position 1. Below 0 it"),
        (lambda: gini([0, 0]), "values must not all be 0: a share of nothing has no value"),
        (lambda: gini([0, 5], [1, 0]), "values must not all be 0"),
        (lambda: gini([[0, 0], [1, 2]]), "values must not all be 0"),
        (lambda: shares([1, -1]), "values must be at least 0, got -1"),
        (lambda: shares([1, 2], parts=0), "parts must be a whole number of at least 1, got 0"),
        (lambda: shares([1, 2], parts=1e9), "parts must be at least 1 and at most 1,000,000"),
        (lambda: lorenz([[1, 2]]), r"values must be of one group, got the shape \(1, 2\)"),
        (lambda: lorenz([1, 2], by=[1, np.nan]), "by must be finite, got nan at position 1"),
        (lambda: quantile([1, 2], 1.5), "q must be at least 0 and at most 1, got 1.5"),
        (lambda: quantile([1, 2], [[0.5]]), "q must be one share or a list of shares"),
        (lambda: quantile([1, 2], 0.5, [1, -1]), "weights must be at least 0, got -1 at pos"),
        (lambda: quantile([1, 2], 0.5, [0, 0]), "weights must not all be 0"),
        (lambda: quantile([1, 2], 0.5, [1, 2, 3]), r"values \(2,\), .*weights \(3,\)"),
        (lambda: quantile([1, 2], 0.5, [1e308, 1e308]), "too large, .* weights 1e.308"),
        (lambda: quantile(np.ma.array([1, 2], mask=[0, 1]), 0.5), "values must have no masked"),
        (lambda: quantile(HEADS, 0.5, HEADS[::-1]), "values and weights must have the same labels"),
        (lambda: poverty([1, 2], 0), "line must be above 0, got 0"),
        (lambda: poverty([1, 2], 1, 3), "alpha must be one of 0, 1, 2, got 3"),
        (lambda: poverty([1, 2], 1, [0, 1]), "alpha must be one number"),
        (lambda: poverty([1, 2], 1, weights=[0, 0]), "weights must not all be 0"),
        (lambda: poverty([1, 2], 1, weights=[1, 2, 3]), r"income \(2,\), weights \(3,\)"),
        (lambda: poverty(HEADS, HEADS[::-1]), "income and line must have the same labels"),
        (lambda: poverty(HEADS, 1, 0, HEADS[::-1]), "income and weights must have the same labels"),
        (lambda: residual_poverty([-1], 1, 1), "income must be at least 0, got -1"),
        (lambda: residual_poverty([1], -1, 1), "cost must be at least 0, got -1"),
        (lambda: residual_poverty([1], 1, 0), "needs must be above 0, got 0"),
        (lambda: overburden_rate([1], [1], 30), "limit must be at least 0 and at most 1, got 30"),
        (lambda: Mean.of([1, np.nan]), "values must be finite, got nan at position 1"),
        (lambda: Mean.of([1, 2], [1, -2]), "weights must be at least 0, got -2"),
        (lambda: Histogram.of([1, 1e301]), "values must be at least -1e.300 and at most 1e.300"),
        (lambda: Histogram.of([1], bits=53), "bits must be at least 1 and at most 52, got 53"),
        (lambda: Histogram.of([-1, 2]).gini(), "values must be at least 0, got .* Below 0"),
        (lambda: Histogram.of([0, 0]).shares(), "values must not all be 0"),
        (lambda: Histogram.of([]).quantile(0.5), "q is asked of a histogram without households"),
        (lambda: Histogram.of([1.6]) + Histogram.of([1.5], bits=1), "must have the same bits"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# Sums over parts ----------------------------------------------------------------------------------


@reproducible
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_a_sum_is_exact(values):
    assert exact_sum(np.array(values)) == sum(map(Fraction, values))


def test_a_sum_of_many_is_exact_and_of_the_largest_in_one_place():
    values = RANDOM.normal(size=40_000) * 10.0 ** RANDOM.uniform(-20, 20, 40_000)
    assert exact_sum(values) == sum(map(Fraction, values.tolist()))
    values = np.full(1 << 14, np.nextafter(2.0**30, 0))
    assert exact_sum(values) == len(values) * Fraction(values[0])


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_a_mean_is_the_same_to_the_last_bit_however_the_households_are_cut(parts):
    for alpha in (0, 1, 2):
        sums = (Mean.of(poverty_gap(x, 2e4, alpha), w) for x, w in cut(parts, INCOMES, COUNTS)[:-1])
        assert reduce(add, sums).value == poverty(INCOMES, 2e4, alpha, COUNTS)
    assert np.isnan(Mean.of([]).value)
    assert np.isnan(Mean.of([3.0, 5.0], [0, 0]).value)
    assert (Mean.of([]) + Mean.of([5.0, 7.0], [3, 1])).value == 5.5


def histogram(parts=3, values=INCOMES, **settings):
    return reduce(add, (Histogram.of(x, w, **settings) for x, w in cut(parts, values, COUNTS)))


def test_a_histogram_keeps_what_is_asked_between_bounds_that_are_near():
    found = histogram()
    for bounds, exact, apart in (
        (found.quantile(TENTHS), quantile(INCOMES, TENTHS, COUNTS), 60_000 / 2**8),
        (found.gini(), gini(INCOMES, COUNTS), 2e-6),
        (found.shares(), shares(INCOMES, COUNTS), 1e-4),
    ):
        assert np.all(bounds.low <= exact + 1e-12)
        assert np.all(bounds.high >= exact - 1e-12)
        assert np.max(bounds.high - bounds.low) < apart
    curve = lorenz(INCOMES, COUNTS)
    told = found.lorenz()
    expected = np.interp(told["households"], *curve.to_numpy().T)
    assert_allclose(told["amount"], expected, atol=1e-12)


@reproducible
@given(groups, st.integers(1, 4))
def test_no_bound_is_left_however_coarse_the_bins_are(group, bits):
    found = Histogram.of(*group, bits=bits)
    low, high = found.gini()
    assert low - 1e-12 <= gini(*group) <= high + 1e-12
    low, high = found.shares(3)
    told = shares(*group, parts=3)
    assert (low - 1e-12 <= told).all()
    assert (told <= high + 1e-12).all()


@pytest.mark.parametrize("shift", [0, 20_000])
def test_a_second_pass_makes_quantiles_and_the_shares_between_them_exact(shift):
    values = INCOMES - shift
    first = histogram(3, values)
    second = histogram(5, values, bits=52, within=first.at(TENTHS))
    assert len(second.low) < 500
    found = first.refined(second)
    assert found.households == COUNTS.sum()
    low, high = found.quantile(TENTHS)
    assert_array_equal(low, high)
    assert_array_equal(low, quantile(values, TENTHS, COUNTS))
    if not shift:
        low, high = found.shares()
        assert_allclose(low, high, rtol=1e-12)
        assert_allclose(low, shares(INCOMES, COUNTS), rtol=1e-12)


def test_a_second_pass_over_other_households_is_refused():
    first = histogram()
    for other in (Histogram.of(INCOMES[:99], bits=52), Histogram.of([1.0, 5e5], bits=52)):
        with pytest.raises(ValueError, match="finer must be of the same households"):
            first.refined(other)


def test_parts_without_households_add_nothing_and_sums_can_be_sent():
    found = histogram()
    for other in (
        found + Histogram.of([]),
        Histogram.of([]) + found,
        Histogram.of(INCOMES, COUNTS),
    ):
        assert_array_equal(other.low, found.low)
        assert_allclose(other.total, found.total, rtol=1e-12)
    assert (Histogram.of([]) + Histogram.of([])).households == 0
    again = pickle.loads(pickle.dumps(found))
    assert again.gini() == found.gini()


def test_all_different_amounts_by_themselves_leave_nothing_open():
    found = histogram(bits=52)
    assert_array_equal(found.low, found.high)
    assert_array_equal(found.low, np.unique(INCOMES[COUNTS > 0]))
    assert found.gini() == pytest.approx((gini(INCOMES, COUNTS),) * 2, rel=1e-12)


def test_a_bin_holds_the_same_amounts_below_zero_as_above():
    found = Histogram.of([-4.0, -3.99, 0.0, 3.99, 4.0], bits=1)
    assert_array_equal(found.low[[0, 1, -2, -1]], [-6, -4, 3, 4])
    assert_array_equal(found.high[[0, 1, -2, -1]], [-4, -3, 4, 6])
    assert_array_equal(found.weight, 1)
    assert found.quantile(0.2) == (-6, -4)


def test_a_limit_in_per_cent_is_met_with_a_hint():
    with pytest.raises(ValueError, match=r"limit must be .* at most 1, got 30 .*Shares are"):
        overburden_rate([1, 2], [3, 4], 30)
