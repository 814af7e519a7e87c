"""What every model does with odd numbers: kinds, sizes, places, ends of ranges, limits."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from housing import affordability, mortgage
from housing._arguments import fitting, numbers, same_labels, share, whole_numbers
from housing._limits import ROUNDING, difference, equals, exceeds, reaches, remainder, to_whole

# Kinds of number ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        np.ma.masked,
        np.ma.array([1000.0, -9999.0], mask=[False, True]),
        np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[True, False], [False, False]]),
        [np.ma.array([1.0, 2.0], mask=[True, False])],
        [1.0, np.ma.masked],
        np.ma.masked_invalid([1.0, np.nan]),
    ],
    ids=repr,
)
def test_masked_entries_are_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^principal must have no masked entries"):
        mortgage.payment(value, 0.10, 10)


def test_a_list_that_holds_itself_is_refused_by_name():
    endless = [1000.0]
    endless.append(endless)
    with pytest.raises(ValueError, match=r"^principal must not hold itself"):
        mortgage.payment(endless, 0.10, 10)


def test_a_masked_array_without_masked_entries_is_an_array():
    due = mortgage.payment(np.ma.array([1000.0, 2000.0], mask=False), 0.10, 10)
    assert type(due) is np.ndarray
    assert due.tolist() == mortgage.payment([1000, 2000], 0.10, 10).tolist()


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1000"),
        Fraction(1000),
        np.float16(1000),
        np.longdouble(1000),
        np.array(1000, dtype=np.int16),
    ],
    ids=repr,
)
def test_one_number_of_any_kind_gives_the_same_float(value):
    due = mortgage.payment(value, 0.10, 10)
    assert type(due) is float
    assert due == mortgage.payment(1000.0, 0.10, 10)


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([Decimal("1000"), Decimal("2000.5")]),
        pd.Series([1000, 2000.5], dtype="Float64"),
        pd.Series([Fraction(1000), Fraction(4001, 2)]),
        pd.Series([1000, 2000.5]).astype("category"),
    ],
    ids=lambda values: str(values.iloc[0].__class__.__name__),
)
def test_a_series_of_any_kind_gives_the_same_series(values):
    pd.testing.assert_series_equal(
        mortgage.payment(values, 0.10, 10),
        mortgage.payment(pd.Series([1000.0, 2000.5]), 0.10, 10),
        check_exact=True,
    )


@pytest.mark.parametrize(
    "value",
    [
        pd.Series(pd.period_range("1991-01", periods=2, freq="M")),
        pd.Series(pd.to_timedelta([1, 2], unit="D")),
        pd.Timestamp("1991-06-26"),
        np.timedelta64(1, "D"),
        pd.Series([1 + 0j, 2j]),
        np.array([1 + 0j], dtype=object),
        {1000},
        b"1000",
    ],
    ids=repr,
)
def test_dates_times_and_complex_numbers_are_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^principal must be a number"):
        mortgage.payment(value, 0.10, 10)


# Sizes and places --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (10**400, "principal must be finite as a float, got 1.000e+400"),
        ([1, -(10**400)], "principal must be finite as a float, got -1.000e+400 at position 1"),
        (Fraction(10**400, 3), "principal must be finite as a float, got 3.333e+399"),
        (Decimal("1e400"), "principal must be finite, got inf"),
        (np.inf, "principal must be finite, got inf"),
        ([[1.0, 2.0], [3.0, -np.inf]], "principal must be finite, got -inf at row 1, column 1"),
        (pd.DataFrame({"a": [1, 2], "b": [3, np.nan]}), "got nan at row 1, column 1"),
        (np.full((2, 1, 2), np.nan), "principal must be finite, got nan at index (0, 0, 0)"),
        ([1.0, np.nan], "principal must be finite, got nan at position 1"),
    ],
)
def test_what_is_not_finite_is_told_with_its_place(value, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        mortgage.payment(value, 0.10, 10)


def test_what_leaves_its_range_is_told_with_row_and_column():
    said = "principal must be at least 0, got -5 at row 2, column 1"
    with pytest.raises(ValueError, match=re.escape(said)):
        mortgage.payment([[1, 2], [3, 4], [5, -5]], 0.10, 10)


def test_a_size_that_does_not_fit_is_refused_with_what_it_would_take():
    fitting("divisions", 100, 5151)
    said = "got 1000000000, which asks for 1e+18 (8e+09 GB)"
    with pytest.raises(ValueError, match=re.escape(said)):
        fitting("divisions", 1e9, 1e18)
    with pytest.raises(ValueError, match="divisions"):
        fitting("divisions", np.nan, np.nan)


# The last bit ------------------------------------------------------------------------------------


def off(value, by):
    """Return a value and those that are off it by a part of its size."""
    return np.array([value * (1 - by), value, value * (1 + by)])


@pytest.mark.parametrize("limit", [6.0, 1e-7, 1e9, -6.0])
def test_what_is_off_a_limit_by_noise_stands_on_it(limit):
    near, far = off(limit, 1e-12), off(limit, 1e-7)
    assert not exceeds(near, limit).any()
    assert reaches(near, limit).all()
    assert exceeds(far, limit).tolist() == (far > limit).tolist()
    assert reaches(far, limit).tolist() == (far >= limit).tolist()
    assert 1e-12 < ROUNDING < 1e-7


def test_the_largest_floats_are_limits_too():
    most = np.finfo(float).max
    assert exceeds([-most, most], [-most, most]).tolist() == [False, False]
    assert reaches([-most, most], [-most, most]).tolist() == [True, True]
    assert exceeds(most, most / 2)
    assert not reaches(-most, most)


def test_limits_without_end_and_values_that_are_none():
    assert exceeds(1e308, -np.inf)
    assert not exceeds(1e308, np.inf)
    assert reaches([np.inf, 1.0], np.inf).tolist() == [True, False]
    assert not exceeds(np.nan, 1.0)
    assert not reaches(np.nan, 1.0)


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float32, np.float64])
def test_a_limit_is_compared_in_double_precision_whatever_the_values(kind):
    # As a float32, 2**24 + 1 is 2**24.
    assert reaches(np.array([2**24, 2**24 + 2], dtype=kind), 2**24 + 1).tolist() == [False, True]
    assert exceeds(np.array([3, 4], dtype=kind), 3.5).tolist() == [False, True]


@pytest.mark.parametrize("number", [6.0, 1e-7, 1e9, -6.0])
def test_of_two_numbers_that_differ_by_noise_nothing_is_left(number):
    near, far = off(number, 1e-12), off(number, 1e-7)
    assert equals(near, number).all()
    assert equals(far, number).tolist() == [False, True, False]
    assert difference(near, number).tolist() == [0, 0, 0]
    assert difference(far, number).tolist() == (far - number).tolist()
    rest = np.array([-1.0, 0.0, 1e-12, 1e-7]) * abs(number)
    assert remainder(rest, abs(number)).tolist() == [0, 0, 0, rest[-1]]


def test_a_number_that_is_none_or_has_no_end_keeps_what_it_is():
    assert equals([np.inf, -np.inf, np.nan], [np.inf, np.inf, np.nan]).tolist() == [1, 0, 0]
    ends = difference([np.inf, np.inf, -np.inf, 1.0], [np.inf, 1.0, 1.0, np.inf])
    assert ends.tolist() == [0, np.inf, -np.inf, -np.inf]
    assert np.isnan(difference(np.nan, 1.0))
    assert remainder(np.array([np.inf, -np.inf]), np.inf).tolist() == [np.inf, 0]
    np.testing.assert_array_equal(
        to_whole([np.inf, np.nan, 0.3 / 0.1, 1e-12, -0.6 / 0.2]), [np.inf, np.nan, 3, 1e-12, -3]
    )


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (0.33 + 0.56 + 0.11, 1.0),
        (1 + 1e-12, 1.0),
        (0.3 - 0.1 - 0.2, 0.0),
        ([0.5, -1e-12], [0.5, 0.0]),
    ],
)
def test_a_share_that_is_off_an_end_by_noise_is_that_end(given, taken):
    np.testing.assert_array_equal(share("housing_share", given), taken)


@pytest.mark.parametrize("given", [1 + 1e-7, -1e-7, [0.5, 1.01]])
def test_a_share_that_is_off_an_end_by_more_is_refused(given):
    with pytest.raises(ValueError, match=r"^housing_share must be at least 0 and at most 1, got "):
        share("housing_share", given)


def test_what_is_given_is_not_changed_where_an_end_is_taken():
    given = np.array([1 + 1e-12, 0.5])
    assert numbers("share", given, at_most=1).tolist() == [1.0, 0.5]
    assert given.tolist() == [1 + 1e-12, 0.5]


def test_a_sum_of_shares_is_taken_for_one():
    whole = affordability.affordable_price(100, 0.1, 10, 1.0)
    assert affordability.affordable_price(100, 0.1, 10, 0.33 + 0.56 + 0.11) == whole


@pytest.mark.parametrize("given", [0.3 / 0.1, 3 - 1e-12, [3 + 1e-12]])
def test_a_whole_number_that_is_off_by_noise_is_that_number(given):
    np.testing.assert_array_equal(whole_numbers("years", given), np.full(np.shape(given), 3.0))


@pytest.mark.parametrize("given", [3 + 1e-7, 2.5, [[1, 2], [1, 2.5]], -1])
def test_what_is_no_whole_number_is_refused(given):
    with pytest.raises(ValueError, match=r"^years must be a whole number of at least 0, got "):
        whole_numbers("years", given)


# Labels ------------------------------------------------------------------------------------------


def test_labels_in_another_order_are_refused_by_name():
    ab, ba = (pd.Series([1.0, 2.0], index=list(order)) for order in ("ab", "ba"))
    same_labels(principal=ab, amounts=[1, 2], others=ab * 2)
    same_labels(points=pd.DataFrame({"x": ab}), values=ab)
    with pytest.raises(ValueError, match=r"^principal and rates must have the same labels: align"):
        same_labels(principal=ab, amounts=[1, 2], rates=ba)
    with pytest.raises(ValueError, match=r"^points and values must have the same labels: align"):
        same_labels(points=pd.DataFrame({"x": ab}), values=ba)
