"""The housing stock: the report's tables, closed forms, balances, limits and refusals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.stock import (
    average_age,
    average_growth_rate,
    demolition_rate,
    doubling_time,
    growth_rates,
    incorporated_space,
    projection,
    required_additions,
    space_per_head,
    surviving_stock,
    total_growth,
    trend_growth_rate,
    vintage_shares,
)
from rounding import NEAREST

ULP = 2.0**-52
reproducible = settings(deadline=None, derandomize=True)

# Table 1.9, thousand m2: what was built and incorporated from 1986 to 2000, the construction of
# 1999 as its neighbours have it, and the demolitions, with the two wrong digits set right.
CONSTRUCTION = [148_420, 145_120, 149_356, 113_000, 140_279, 162_688, 182_688, 193_500, 201_920]
CONSTRUCTION += [210_720, 219_896, 229_470, 239_464, 249_892, 260_774]
OTHER = [15_520, 67_683, 71_484, 57_569, 60_333, 81_859, 86_729, 92_122, 89_982, 112_023]
OTHER += [110_166, 116_723, 123_608, 130_794, 138_310]
DEMOLITION = [38_002, 39_891, 42_485, 45_160, 47_041, 49_345, 52_273, 55_530, 58_981, 62_475]
DEMOLITION += [66_379, 70_335, 74_472, 78_801, 83_330]
ADDITIONS = np.add(CONSTRUCTION, OTHER).astype(float)

paths = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)
rates = st.floats(0, 1)
positive = st.floats(1e-3, 1e9)


# The printed tables ------------------------------------------------------------------------------


def test_projection_prints_every_demolition_of_table_1_9():
    path = projection(2_533_475, ADDITIONS, 0.015)
    assert_array_equal(NEAREST.round(path.demolition, 1), DEMOLITION)
    assert_array_equal(NEAREST.round(path.stock[-1] / 1e3, 1), 5871)


def test_demolitions_of_table_1_9_pin_the_stock_of_1985_to_a_few_thousand_m2():
    """Exact fractions, so that no float decides which stock still prints all fifteen."""

    def prints_all(start: int) -> bool:
        stock, half = Fraction(start), Fraction(1, 2)
        for added, demolished in zip(ADDITIONS, DEMOLITION, strict=True):
            leaves = stock * 15 / 1000
            if not demolished - half <= leaves < demolished + half:
                return False
            stock += int(added) - leaves
        return True

    fitting = [start for start in range(2_532_500, 2_534_500) if prints_all(start)]
    assert (fitting[0], fitting[-1]) == (2_533_473, 2_533_477)


@pytest.mark.parametrize(
    ("stock", "rate", "printed"),
    [(239.08, 0.010, 231.98), (229.93, 0.008, 224.46)],
    ids=["to 1949", "1950s"],
)
def test_survivors_round_to_those_of_table_1_4(stock, rate, printed):
    assert NEAREST.round(surviving_stock(stock, rate, 3), 0.01) == printed


def test_shares_round_to_those_of_table_1_4():
    shares = 100 * vintage_shares([239.08, 229.93, 326.20, 816.91, 921.35])
    assert NEAREST.round(shares, 0.01).tolist() == [9.44, 9.08, 12.88, 32.24, 36.37]


# A second way ------------------------------------------------------------------------------------


@reproducible
@given(positive, paths, rates)
def test_projection_is_the_sum_of_its_surviving_vintages(initial, additions, rate):
    """Closed form: what was there, and each year's additions, thinned by the years since."""
    years = np.arange(1, len(additions) + 1)
    age = np.subtract.outer(years, years)
    survivors = np.where(age >= 0, (1 - rate) ** np.maximum(age, 0), 0.0) @ np.array(additions)
    expected = initial * (1 - rate) ** years + survivors
    # Each year adds a rounding or two to the recurrence, each power a few to the closed form; at a
    # rate of nearly one, what is left is the rounding of what there was.
    whole = initial + np.sum(additions)
    assert_allclose(
        projection(initial, additions, rate).stock, expected, rtol=200 * ULP, atol=ULP * whole
    )


@reproducible
@given(positive, paths, rates)
def test_nothing_is_lost_between_stock_additions_and_demolition(initial, additions, rate):
    path = projection(initial, additions, rate)
    balance = initial + np.sum(additions) - path.demolition.sum()
    whole = initial + np.sum(additions)
    assert abs(path.stock[-1] - balance) <= 200 * ULP * whole


@reproducible
@given(positive, paths, rates)
def test_required_additions_lead_back_to_the_additions(initial, additions, rate):
    stock = projection(initial, additions, rate).stock
    back = required_additions(initial, stock, rate)
    # A small addition is what is left of the difference of two large stocks.
    assert_allclose(back, additions, rtol=0, atol=8 * ULP * (initial + np.sum(additions)))


@reproducible
@given(positive, st.floats(0, 1e6), st.lists(rates, min_size=1, max_size=10))
def test_required_additions_take_the_years_of_the_rates_as_a_projection_does(initial, added, rate):
    stock = projection(initial, added, rate).stock
    assert stock.shape == (len(rate),)
    back = required_additions(initial, stock, rate)
    assert_allclose(back, added, rtol=0, atol=8 * ULP * (initial + len(rate) * added))


@pytest.mark.parametrize(
    ("initial", "yearly", "rate", "shape"),
    [
        (100.0, 105.0, 0.1, ()),
        ([100.0], 105.0, 0.1, (1,)),
        (100.0, 105.0, [0.1, 0.2], (2,)),
        (100.0, [105.0], [0.1, 0.2], (2,)),
        ([[100.0], [50.0]], 105.0, 0.1, (2, 1)),
        ([[100.0], [50.0]], 105.0, [0.1, 0.2, 0.3], (2, 3)),
        (100.0, [105.0, 110.0], [[0.1, 0.2], [0.3, 0.4]], (2, 2)),
        ([[100.0], [50.0]], [[105.0], [95.0]], [0.1, 0.2], (2, 2)),
    ],
)
def test_both_ways_have_one_shape_and_lead_back(initial, yearly, rate, shape):
    stock = projection(initial, yearly, rate).stock
    assert np.shape(stock) == np.shape(required_additions(initial, yearly, rate)) == shape
    # A few roundings of stocks of some hundreds.
    back = required_additions(initial, stock, rate)
    assert_allclose(back, np.broadcast_to(yearly, shape), rtol=1e-13)
    # The other way round: stocks that never fall, from the additions that they require.
    wanted = np.maximum(yearly, 100.0)
    again = projection(initial, required_additions(initial, wanted, rate), rate).stock
    assert_allclose(again, np.broadcast_to(wanted, shape), rtol=1e-13)


def test_one_stock_wanted_at_two_rates_is_wanted_for_two_years():
    # 1 percent of 100 and 5 more, then 2 percent of the 105.
    assert_allclose(required_additions(100, 105, [0.01, 0.02]), [6.0, 2.1], rtol=1e-14)


@reproducible
@given(positive, st.floats(1e-4, 0.9), st.floats(0.5, 20))
def test_demolition_rate_is_the_inverse_of_survival(stock, rate, years):
    left = surviving_stock(stock, rate, years)
    # A rate is found as 1 less what is left, so its error is one of 1 and not of the rate.
    assert demolition_rate(stock, left, years) == pytest.approx(
        rate, abs=16 * ULP * (1 + 1 / years)
    )


@reproducible
@given(positive, st.floats(-0.5, 1), st.floats(0.5, 30))
def test_average_growth_leads_from_the_first_to_the_last(first, rate, years):
    last = first * (1 + total_growth(rate, years))
    found = average_growth_rate(first, last, years)
    # A fall by years of -50 percent leaves few digits of 1 + growth: they bound what comes back.
    assert found == pytest.approx(rate, abs=1e-6)


@reproducible
@given(st.floats(1e-6, 1), st.floats(1, 100))
def test_growth_over_the_doubling_time_reaches_the_factor(rate, factor):
    years = doubling_time(rate, factor)
    assert 1 + total_growth(rate, years) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "last", "years", "rate"),
    [
        (1e-300, 1e300, 10, 1e60),
        (1e-300, 1e300, 600, 9),
        (1e300, 1e-300, 300, -0.99),
        (5e-324, 5e-323, 1, 9),
    ],
)
def test_growth_over_more_than_a_float_can_hold(first, last, years, rate):
    assert average_growth_rate(first, last, years) == pytest.approx(rate, rel=1e-12)


def test_growth_too_large_for_a_float_is_refused_by_name():
    with pytest.raises(ValueError, match=r"to reckon with in floats: first .*, last .*, years 1"):
        average_growth_rate(1e-300, 1e300, 1)


@pytest.mark.parametrize(
    ("before", "after"), [(816.91, 816.91), (0.3, 0.1 + 0.2), ([2, 3], [2, 3])]
)
def test_a_stock_of_which_nothing_went_has_a_rate_of_zero_without_a_sign(before, after):
    rates = np.asarray(demolition_rate(before, after, 3))
    assert not rates.any()
    assert not np.signbit(rates).any()


def test_growth_at_five_percent_is_that_of_decimal_arithmetic():
    assert total_growth(0.05, 10) == pytest.approx(float(Decimal("1.05") ** 10 - 1), rel=8 * ULP)


@reproducible
@given(st.floats(-0.3, 0.5), st.integers(2, 40), positive)
def test_trend_of_steady_growth_is_that_growth(rate, years, first):
    values = first * (1 + rate) ** np.arange(years)
    assert trend_growth_rate(values) == pytest.approx(rate, abs=1e-9)
    assert_allclose(growth_rates(values)[1:], rate, atol=1e-9)


def test_trend_is_the_slope_that_polyfit_finds():
    values = np.array([1.67, 2.12, 6.61, 7.98, 9.26, 9.53])
    slope = np.polyfit(np.arange(6), np.log(values), 1)[0]
    assert trend_growth_rate(values) == pytest.approx(np.expm1(slope), rel=1e-12)


@reproducible
@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=10))
def test_vintage_shares_add_up_and_keep_their_order(stocks):
    shares = vintage_shares(stocks)
    assert shares.sum() == pytest.approx(1, rel=16 * ULP)
    # Two stocks that differ in their last digit may have one share.
    assert (np.diff(shares[np.argsort(stocks)]) >= 0).all()


def test_average_age_is_that_of_every_m2_counted_by_itself():
    stocks, ages = [3, 1, 2], [40.0, 20.0, 1.0]
    assert average_age(stocks, ages) == pytest.approx(np.repeat(ages, stocks).mean(), rel=4 * ULP)


# Limits ------------------------------------------------------------------------------------------


def test_without_demolition_a_stock_adds_up():
    assert_array_equal(projection(100, [1, 2, 3]).stock, [101, 103, 106])


def test_with_full_demolition_only_the_last_year_stands():
    assert_array_equal(projection(100, [1, 2, 3], 1).stock, [1, 2, 3])


def test_one_year_of_scalars_gives_scalars():
    path = projection(100, 5, 0.1)
    assert (path.stock, path.demolition) == (95.0, 10.0)
    assert isinstance(path.stock, float)
    assert required_additions(100, 95, 0.1) == 5.0


def test_no_years_change_nothing():
    assert surviving_stock(7, 0.3, 0) == 7
    assert total_growth(0.3, 0) == 0
    assert doubling_time(0.3, 1) == 0


def test_incorporated_space_of_nobody_is_none():
    assert incorporated_space(0, 15) == 0
    assert incorporated_space(1000, 15, 0) == 0


# Shapes and labels -------------------------------------------------------------------------------


def test_a_series_keeps_its_years():
    years = pd.Index([1986, 1987, 1988])
    path = projection(100.0, pd.Series([1.0, 2.0, 3.0], index=years), 0.01)
    assert path.stock.index.equals(years)
    assert path.demolition.index.equals(years)
    assert growth_rates(path.stock).index.equals(years)


def test_rows_of_a_frame_are_cities_with_stocks_of_their_own():
    cities = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], index=["a", "b"], columns=[1986, 1987])
    path = projection(np.array([[10.0], [20.0]]), cities, 0.5)
    assert path.stock.loc["a"].tolist() == [6.0, 5.0]
    assert path.stock.loc["b"].tolist() == [13.0, 10.5]
    back = required_additions(np.array([[10.0], [20.0]]), path.stock, 0.5)
    pd.testing.assert_frame_equal(back, cities)


def test_a_rate_may_change_from_year_to_year():
    assert_allclose(projection(100, [0, 0], [0.1, 0.5]).stock, [90, 45], rtol=4 * ULP)


def test_space_per_head_broadcasts():
    assert space_per_head(np.array([[10.0], [20.0]]), [1.0, 2.0]).tolist() == [[10, 5], [20, 10]]


AGES = pd.Series({"old": 40.0, "young": 10.0})
CITIES = pd.DataFrame(
    {"old": [1.0, 3.0, 0.0], "young": [1.0, 1.0, 5.0]}, index=["Beijing", "Tianjin", "Yantai"]
)


@pytest.mark.parametrize(
    "ages",
    [AGES, AGES.to_numpy(), [40, 10], pd.DataFrame([AGES] * 3, index=CITIES.index)],
    ids=["series", "array", "list", "frame"],
)
def test_average_ages_of_the_rows_of_a_frame_keep_their_labels(ages):
    expected = pd.Series({"Beijing": 25.0, "Tianjin": 32.5, "Yantai": 10.0})
    pd.testing.assert_series_equal(average_age(CITIES, ages), expected)


def test_the_rows_of_an_average_age_may_be_those_of_the_ages():
    found = average_age([1, 3], pd.DataFrame([[4, 8], [8, 4]], index=["then", "now"]))
    pd.testing.assert_series_equal(found, pd.Series({"then": 7.0, "now": 5.0}))


def test_an_average_age_of_one_stock_is_a_number():
    assert average_age(CITIES.loc["Tianjin"], AGES) == 32.5
    assert isinstance(average_age(CITIES.loc["Tianjin"], AGES), float)
    assert average_age(7, 12) == 12
    assert average_age([[1, 1], [3, 1]], [40, 10]).tolist() == [25.0, 32.5]


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: projection(-1, [1]), "initial_stock must be at least 0, got -1"),
        (lambda: projection(1, [1, -2]), "additions must be at least 0, got -2 at position 1"),
        (lambda: projection(1, [1], 1.5), "demolition_rate must be .* got 1.5"),
        (lambda: projection([1, 2], [3, 4]), "initial_stock must be one number, or a column"),
        (lambda: projection(1, []), "additions is empty"),
        (lambda: projection(1, [np.nan]), "additions must be .* got nan"),
        (lambda: projection(1, [1, 2], [0.1, 0.2, 0.3]), "shapes do not match: additions"),
        (lambda: required_additions(1, [-1]), "stock must be at least 0, got -1"),
        (lambda: space_per_head(1, 0), "population must be above 0, got 0"),
        (lambda: incorporated_space(-5, 15), "new_population must be at least 0, got -5"),
        (lambda: incorporated_space(5, 15, 50), "housed_share must be .* got 50"),
        (lambda: surviving_stock(1, 0.1, -1), "years must be at least 0, got -1"),
        (lambda: demolition_rate(1, 2, 3), "after / before must be at most 1, got 2"),
        (lambda: demolition_rate(1, 1, 0), "years must be above 0, got 0"),
        (lambda: vintage_shares([0, 0]), "the sum of stocks must be above 0, got 0"),
        (lambda: average_age([1, 2], [1, 2, 3]), r"stocks \(2,\), ages \(3,\)"),
        (lambda: average_age([1, 2], 5), r"shapes do not match: stocks \(2,\), ages \(1,\)"),
        (lambda: average_age(np.ones((3, 2)), np.ones((2, 2))), r"stocks \(3, 2\), ages \(2, 2\)"),
        (lambda: average_age(CITIES, np.ones((4, 1, 2))), r"stocks \(3, 2\), ages \(4, 1, 2\)"),
        (lambda: average_age(CITIES, AGES[::-1]), "stocks and ages must have the same labels"),
        (lambda: average_age(CITIES.iloc[0], AGES[::-1]), "stocks and ages must have the same lab"),
        (lambda: average_age(CITIES, CITIES[::-1]), "stocks and ages must have the same labels"),
        (lambda: average_age(pd.Series([1, pd.NA], dtype="Float64"), [1, 2]), "stocks must .* nan"),
        (lambda: total_growth(10, 5), "growth_rate must be .* got 10"),
        (lambda: average_growth_rate(0, 1, 1), "first must be above 0, got 0"),
        (lambda: trend_growth_rate([5]), "values must be one series of at least two"),
        (lambda: growth_rates([[1, 2], [3, 4]]), "values must be one series"),
        (lambda: doubling_time(0), "growth_rate must be above 0"),
        (lambda: doubling_time(0.05, 0.5), "factor must be at least 1, got 0.5"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
