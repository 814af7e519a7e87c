"""Inverse distance weighting: its identities, its rules for awkward points, brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.testing import assert_allclose, assert_array_equal

from housing.interpolation import (
    InverseDistance,
    idw,
    idw_weights,
    modification_factor,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)
ULP = 2.0**-52
#: Weights are a dozen quotients and their sum; a power may lose a few units more.
CLOSE = {"rtol": 64 * ULP, "atol": 0}

lists = st.integers(1, 8).flatmap(
    lambda size: npst.arrays(float, size, elements=st.floats(1e-3, 1e6))
)
powers = st.floats(0.1, 8)


def brute_force(points, values, targets, power, neighbors):
    """Weigh the nearest points by the definition, one target at a time."""
    result = []
    for target in np.asarray(targets, dtype=float):
        distance = np.sqrt(((np.asarray(points) - target) ** 2).sum(axis=1))
        near = np.argsort(distance, kind="stable")[:neighbors]
        weight = distance[near] ** -float(power)
        result.append((weight * np.asarray(values)[near]).sum() / weight.sum())
    return np.array(result)


@pytest.fixture
def cloud():
    random = np.random.default_rng(12)
    return (
        random.uniform(0, 10, (300, 2)),
        random.normal(5000, 900, 300),
        random.uniform(-1, 11, (500, 2)),
    )


# Weights -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("distances", "printed"),
    [
        ([0.58, 0.85, 0.85, 1.9], [0.49, 0.23, 0.23, 0.05]),
        ([1.9, 3.2, 3.2, 3.8], [0.51, 0.18, 0.18, 0.13]),
        ([0.51, 1.3, 1.3, 1.9], [0.72, 0.11, 0.11, 0.05]),
    ],
)
def test_weights_round_to_those_of_table_6(distances, printed):
    assert_array_equal(NEAREST.round(idw_weights(distances), 0.01), printed)


@reproducible
@given(lists, powers)
def test_weights_add_up_to_one_and_fall_with_distance(distances, power):
    weight = idw_weights(distances, power)
    assert weight.sum() == pytest.approx(1, rel=64 * ULP)
    nearer_first = weight[np.argsort(distances, kind="stable")]
    assert (np.diff(nearer_first) <= 0).all()


@reproducible
@given(lists, powers, st.floats(1e-6, 1e6))
def test_the_unit_of_distance_does_not_matter(distances, power, unit):
    # A quotient of rounded distances, raised to a power of up to 8.
    assert_allclose(
        idw_weights(distances * unit, power), idw_weights(distances, power), rtol=1e-13, atol=1e-300
    )


@reproducible
@given(lists, powers)
def test_equal_values_come_back_and_others_stay_in_range(distances, power):
    assert idw(np.full(distances.shape, 7.0), distances, power) == pytest.approx(7, rel=64 * ULP)
    values = np.arange(1.0, len(distances) + 1)
    low, high = 1 - 64 * ULP, len(distances) * (1 + 64 * ULP)
    assert low <= idw(values, distances, power) <= high


def test_a_distance_of_zero_takes_all_and_shares_it_with_its_like():
    assert_array_equal(idw_weights([[0, 1, 2], [3, 0, 0]]), [[1, 0, 0], [0, 0.5, 0.5]])
    assert idw([10, 20, 60], [3, 0, 0]) == 40


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e200, 4e307])
@pytest.mark.parametrize("power", [2, 7.5])
def test_no_distance_is_too_small_or_too_large(scale, power):
    expected = idw_weights([1.0, 2.0, 4.0], power)
    assert_allclose(idw_weights(np.array([1.0, 2.0, 4.0]) * scale, power), expected, **CLOSE)


def test_the_largest_and_the_smallest_power():
    assert_array_equal(idw_weights([1.0, 2.0, 1e300], 5e-324), np.full(3, 1 / 3))
    assert_array_equal(idw_weights([3e-300, 1e300, 3e-300], 1e6), [0.5, 0, 0.5])


def test_the_smallest_float_is_a_distance():
    assert_array_equal(idw_weights([5e-324, 1e-323, 1.0]), [0.8, 0.2, 0])


@pytest.mark.parametrize("value", [1.7976931348623157e308, 0.1, 5e-324])
def test_values_keep_to_their_range_to_the_last_bit(value):
    assert idw([value] * 3, [1.0, 3.0, 7.0]) == value


def test_one_neighbour_is_copied():
    assert idw([42.0], [3.0]) == 42.0


def test_labels_come_back():
    frame = pd.DataFrame([[1.0, 2.0], [2.0, 2.0]], index=["a", "b"], columns=["x", "y"])
    weight = idw_weights(frame)
    assert_array_equal(weight.index, frame.index)
    assert_array_equal(weight.to_numpy(), [[0.8, 0.2], [0.5, 0.5]])
    assert isinstance(idw_weights(frame["x"]), pd.Series)


def test_many_places_at_once():
    distances = [[1.0, 2.0], [2.0, 1.0]]
    assert_allclose(idw([10, 20], distances), [12, 18], **CLOSE)
    assert_allclose(idw([[10, 20], [30, 40]], distances), [12, 38], **CLOSE)


MASKED = np.ma.array([1000, -9999, 1200], mask=[0, 1, 0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: idw_weights([1.0, -2.0]), "distances must be at least 0, got -2 at position 1"),
        (lambda: idw_weights([1.0, np.nan]), "distances must be finite, got nan"),
        (lambda: idw_weights([]), "distances is empty"),
        (lambda: idw_weights(3.0), "distances must be a list"),
        (lambda: idw_weights([1.0], 0), "power must be above 0, got 0"),
        (lambda: idw_weights([1.0], -1), "power must be above 0, got -1"),
        (lambda: idw_weights([1.0, 2.0], [1, 2]), "power must be one number"),
        (lambda: idw([1, 2, 3], [1, 2]), "must have the same length"),
        (lambda: idw(1.0, [1.0]), "must have the same length"),
        (lambda: idw([[1, 2]] * 3, [[1, 2]] * 2), "shapes do not match"),
        (lambda: idw([1, np.nan], [1, 2]), "values must be finite, got nan"),
        (lambda: idw(MASKED, [1, 1, 1]), "values must have no masked entries"),
        (lambda: idw([1, 1, 1], MASKED), "distances must have no masked entries"),
        (
            lambda: modification_factor(MASKED[0], MASKED, [1, 1, 1]),
            "other_prices must have no mask",
        ),
        (lambda: idw_weights([1.0, [2.0]]), "distances must be a number or an array of numbers"),
        (lambda: idw([1, 2], [[1], [1, 2]]), "distances must be a number or an array of numbers"),
        (lambda: modification_factor(1, [1], [[1], 2]), "distances must be a number or an array"),
        (lambda: idw_weights([1.0, np.ma.masked]), "distances must have no masked entries"),
        (lambda: idw([1, 2], np.array(["1991", "1992"], "M8[Y]")), "distances must be a number"),
        (lambda: modification_factor(-1, [1, 2], [1, 2]), "price must be at least 0, got -1"),
        (lambda: modification_factor(1, [1, -2], [1, 2]), "other_prices must be at least 0"),
        (lambda: modification_factor(1, [1, 2], [1]), r"other_prices \(2,\) and distances \(1,\)"),
        (
            lambda: modification_factor([1, 2], [1], [[1]] * 3),
            r"one an estate: \(2,\) for distances",
        ),
        (lambda: idw_weights([1.0], 2e6), "power must be at most 1e\\+06, got 2e\\+06"),
        (lambda: idw_weights([1.0], 1e308), "power must be at most 1e\\+06, got 1e\\+308"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# Equations (5) to (7) ----------------------------------------------------------------------------


def test_the_factor_is_the_weighted_excess_of_the_others():
    assert modification_factor(1000, [1100, 1300], [1, 1]) == 200
    assert modification_factor(1000, [1100, 1300], [0, 1]) == 100
    assert_array_equal(modification_factor([1000, 900], [1100, 1300], [1, 1]), [200, 300])


# Labels ------------------------------------------------------------------------------------------

SALES = pd.Series({"near": 100.0, "far": 500.0})
AWAY = pd.Series({"near": 1.0, "far": 3.0})
FROM_TWO = pd.DataFrame({"near": [1.0, 3.0], "far": [3.0, 1.0]}, index=["here", "there"])


def test_places_keep_their_labels():
    expected = pd.Series({"here": 140.0, "there": 460.0})
    for told in (idw(SALES, FROM_TWO), idw(SALES.to_numpy(), FROM_TWO)):
        pd.testing.assert_series_equal(told, expected)
    each = pd.DataFrame([SALES, SALES], index=["here", "there"])
    pd.testing.assert_series_equal(idw(each, FROM_TWO), expected)
    pd.testing.assert_series_equal(idw(each, [[1, 3], [3, 1]]), expected)
    assert idw(SALES, AWAY) == pytest.approx(140, rel=4 * ULP)


def test_estates_keep_their_labels():
    own = pd.Series({"here": 100.0, "there": 60.0})
    expected = pd.Series({"here": 40.0, "there": 400.0})
    pd.testing.assert_series_equal(modification_factor(own, SALES, FROM_TWO), expected)
    pd.testing.assert_series_equal(modification_factor(own, SALES, FROM_TWO.to_numpy()), expected)
    pd.testing.assert_series_equal(modification_factor(own, [140, 140], AWAY), 140 - own)
    assert modification_factor(100, SALES, AWAY) == pytest.approx(40, rel=4 * ULP)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: idw(SALES[::-1], AWAY), "values and distances"),
        (lambda: idw(SALES[::-1], FROM_TWO), "values and distances"),
        (lambda: idw(SALES, FROM_TWO[["far", "near"]]), "values and distances"),
        (lambda: idw(FROM_TWO[::-1], FROM_TWO), "values and distances"),
        (lambda: modification_factor(1, SALES, AWAY[::-1]), "other_prices and distances"),
        (lambda: modification_factor(SALES, [1, 2], FROM_TWO), "price and distances"),
    ],
)
def test_labels_in_another_order_are_refused(call, names):
    with pytest.raises(ValueError, match=f"{names} must have the same labels: align them first"):
        call()


# The model ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [1, 2, 3.5])
@pytest.mark.parametrize("neighbors", [1, 4, 12])
def test_predictions_are_those_of_brute_force(cloud, power, neighbors):
    points, values, targets = cloud
    told = InverseDistance(power, neighbors).fit(points, values).predict(targets)
    assert_allclose(told, brute_force(points, values, targets, power, neighbors), rtol=1e-12)


@pytest.mark.parametrize("chunk", [1, 7, 499, 500, 65_536])
def test_the_size_of_a_chunk_does_not_matter(cloud, chunk):
    points, values, targets = cloud
    one = InverseDistance().fit(points, values).predict(targets)
    assert_array_equal(InverseDistance(chunk=chunk).fit(points, values).predict(targets), one)


def test_the_number_of_threads_does_not_matter(cloud):
    points, values, targets = cloud
    one = InverseDistance().fit(points, values).predict(targets)
    assert_array_equal(InverseDistance(workers=-1).fit(points, values).predict(targets), one)


@pytest.mark.parametrize("axes", [1, 3])
def test_any_number_of_axes(axes):
    random = np.random.default_rng(3)
    points, targets = random.uniform(size=(40, axes)), random.uniform(size=(20, axes))
    values = random.uniform(1, 2, 40)
    told = InverseDistance(2, 5).fit(points, values).predict(targets)
    assert_allclose(told, brute_force(points, values, targets, 2, 5), rtol=1e-12)


def test_known_points_are_returned_as_they_are(cloud):
    points, values, _ = cloud
    assert_array_equal(InverseDistance().fit(points, values).predict(points), values)


def test_targets_in_one_line_are_predicted():
    points = [[0, 0], [0, 1], [0, 2]]
    model = InverseDistance(neighbors=2).fit(points, [1, 2, 3])
    assert_array_equal(model.predict([[0, 0.5], [0, 1.5]]), [1.5, 2.5])


def test_too_few_points_are_all_used_and_it_says_so():
    with pytest.warns(UserWarning, match="2 points for 12 neighbors: all points are used"):
        model = InverseDistance().fit([[0, 0], [0, 3]], [10, 40])
    assert model.predict([[0, 1]]) == pytest.approx((10 * 4 + 40) / 5, rel=4 * ULP)


# Leave one out -----------------------------------------------------------------------------------


def test_leaving_one_out_is_fitting_without_it(cloud):
    points, values, _ = cloud
    left_out = InverseDistance(2, 6).fit(points, values).leave_one_out()
    for k in range(0, len(points), 17):
        others = np.delete(np.arange(len(points)), k)
        model = InverseDistance(2, 6).fit(points[others], values[others])
        assert left_out[k] == pytest.approx(model.predict(points[[k]])[0], rel=1e-12)


def test_it_leaves_out_by_number_and_not_by_distance():
    points, values = [[0, 0], [0, 0], [5, 5]], [10.0, 20.0, 90.0]
    with pytest.warns(UserWarning, match="lie in one place"):
        model = InverseDistance(neighbors=2).fit(points, values)
    assert_array_equal(model.leave_one_out(), [20, 10, 15])


@pytest.mark.parametrize("copies", [4, 9])
def test_it_holds_among_more_coincident_points_than_neighbours(copies):
    points, values = np.zeros((copies, 2)), np.full(copies, 3.0)
    values_apart = np.append(values, 8.0)
    model = InverseDistance(neighbors=2).fit(np.vstack([points, [[1, 1]]]), values_apart)
    assert_array_equal(model.leave_one_out(), np.full(copies + 1, 3.0))


def test_the_error_is_that_of_what_was_left_out():
    model = InverseDistance(neighbors=1).fit([[0, 0], [0, 1], [0, 5]], [1, 3, 7])
    assert_array_equal(model.leave_one_out(), [3, 1, 3])
    assert model.leave_one_out_error() == pytest.approx(np.sqrt((4 + 4 + 16) / 3), rel=4 * ULP)


# What it refuses ---------------------------------------------------------------------------------

SQUARE, PRICES = [[0, 0], [0, 1], [1, 0], [1, 1]], [1.0, 2.0, 3.0, 4.0]
BLANK = [[0, 0], [0, 0], [1, 0], [0, 0]]
FITTED = InverseDistance(neighbors=1).fit(SQUARE, PRICES)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: InverseDistance(power=0).fit(SQUARE, PRICES), "power must be above 0, got 0"),
        (lambda: InverseDistance(neighbors=0).fit(SQUARE, PRICES), "neighbors must be a whole"),
        (lambda: InverseDistance(neighbors=2.5).fit(SQUARE, PRICES), "got 2.5"),
        (lambda: InverseDistance(chunk=0).fit(SQUARE, PRICES), "chunk must be a whole number"),
        (lambda: InverseDistance(chunk=1e-300).fit(SQUARE, PRICES), "chunk must be a whole number"),
        (lambda: InverseDistance(power=1e308).fit(SQUARE, PRICES), "power must be at most 1e\\+06"),
        (lambda: InverseDistance(workers=0).fit(SQUARE, PRICES), "workers must be -1 or at least"),
        (lambda: InverseDistance(workers=257).fit(SQUARE, PRICES), "and at most 256, got 257"),
        (lambda: InverseDistance(workers=-2).fit(SQUARE, PRICES), "workers must be a whole number"),
        (lambda: InverseDistance(metric="taxi").fit(SQUARE, PRICES), "metric must be one of"),
        (lambda: InverseDistance(coincident="x").fit(SQUARE, PRICES), "coincident must be one of"),
        (lambda: InverseDistance(ties="last").fit(SQUARE, PRICES), "ties must be one of"),
        (lambda: InverseDistance().fit(SQUARE, PRICES[:3]), "values must be one a point"),
        (lambda: InverseDistance().fit([[0, np.nan]], [1]), "points must be finite"),
        (lambda: InverseDistance().fit(SQUARE, [1, 2, 3, np.inf]), "values must be finite"),
        (lambda: InverseDistance().fit([1, 2], [1, 2]), "one row a point"),
        (lambda: InverseDistance().fit([[1, 2j]], [1]), "points must be a number or an array"),
        (lambda: InverseDistance().fit([[1, 1e101]], [1]), "points must be .* at most 1e\\+100"),
        (lambda: InverseDistance().fit([[0, 1e-200]], [1]), "points must reach 1e-100"),
        (lambda: InverseDistance().fit([[1, 2]], [-1e300]), "values must be at least -1e\\+100"),
        (
            lambda: InverseDistance().fit([[1, 2], [3, np.inf]], [1, 2]),
            "points must be finite, got inf at row 1, column 1",
        ),
        (
            lambda: InverseDistance().fit(np.ma.array(SQUARE, mask=BLANK), PRICES),
            "points must .* mask",
        ),
        (
            lambda: InverseDistance().fit(SQUARE, np.ma.array(PRICES, mask=[0, 1, 0, 0])),
            "values must have no masked entries",
        ),
        (lambda: FITTED.predict(np.ma.array(SQUARE, mask=BLANK)), "targets must have no masked"),
        (lambda: FITTED.predict(np.empty((0, 2))), "targets is empty"),
        (lambda: FITTED.predict([[1e101, 0]]), "targets must be .* at row 0, column 0"),
        (lambda: FITTED.predict([1, 2]), "targets must be one row a point, .* \\[\\[x, y\\]\\]"),
        (lambda: FITTED.score([1, 2], [1, 2]), "points must be one row a point"),
        (
            lambda: FITTED.score(SQUARE, np.ma.array(PRICES, mask=[1, 0, 0, 0])),
            "values must have no",
        ),
        (lambda: InverseDistance().predict(SQUARE), "call fit first"),
        (lambda: InverseDistance().leave_one_out(), "call fit first"),
        (
            lambda: InverseDistance(neighbors=1).fit([[0, 0]], [1]).leave_one_out(),
            "at least 2 points",
        ),
        (
            lambda: InverseDistance(neighbors=1).fit(SQUARE, PRICES).predict([[1, 2, 3]]),
            "targets must have 2 columns, got 3",
        ),
        (
            lambda: InverseDistance(metric="haversine").fit([[200, 0]], [1]),
            "points: longitude must be at least -180",
        ),
        (
            lambda: InverseDistance(metric="haversine").fit([[1, 2, 3]], [1]),
            "points must have 2 columns, got 3",
        ),
    ],
)
def test_what_the_model_refuses_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_every_choice_of_neighbours_is_within_the_values():
    points, values = np.array(SQUARE, dtype=float), np.array(PRICES)
    for some in combinations(range(4), 3):
        chosen = list(some)
        model = InverseDistance(neighbors=3).fit(points[chosen], values[chosen])
        told = model.predict([[0.3, 0.7]])[0]
        assert values[chosen].min() < told < values[chosen].max()


def test_a_word_in_a_table_of_points_is_named_by_row_and_column():
    points = pd.DataFrame({"x": [1.0, 2.0], "district": [3, "west"]}, index=["a", "b"])
    with pytest.raises(ValueError, match=r"numbers, got 'west' in row 'b', column 'district'$"):
        InverseDistance().fit(points, [1.0, 2.0])
