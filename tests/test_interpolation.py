"""Inverse distance weighting: its identities, its rules for awkward points, brute force."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.testing import assert_allclose, assert_array_equal

from housing.interpolation import (
    EARTH_RADIUS,
    InverseDistance,
    haversine,
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


@pytest.mark.parametrize("scale", [1e-200, 1e200])
@pytest.mark.parametrize("power", [2, 7.5])
def test_no_distance_is_too_small_or_too_large(scale, power):
    expected = idw_weights([1.0, 2.0, 4.0], power)
    assert_allclose(idw_weights(np.array([1.0, 2.0, 4.0]) * scale, power), expected, **CLOSE)


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
        (lambda: modification_factor(-1, [1, 2], [1, 2]), "price must be at least 0, got -1"),
        (lambda: modification_factor(1, [1, -2], [1, 2]), "other_prices must be at least 0"),
        (lambda: haversine(181, 0, 0, 0), "longitude must be at least -180 and at most 180"),
        (lambda: haversine(0, 0, 0, -91), "other_latitude must be at least -90 and at most 90"),
        (lambda: haversine(0, 0, 0, 0, radius=0), "radius must be above 0, got 0"),
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


# Distances on the Earth --------------------------------------------------------------------------


def test_a_quarter_of_the_equator_and_from_pole_to_pole():
    quarter = np.pi / 2 * EARTH_RADIUS
    assert haversine(0, 0, 90, 0) == pytest.approx(quarter, rel=4 * ULP)
    assert haversine(12, 90, -77, -90) == pytest.approx(2 * quarter, rel=4 * ULP)
    assert haversine(179.5, 0, -179.5, 0) == pytest.approx(quarter / 90, rel=1e-12)


def test_short_distances_keep_their_digits():
    # A millionth of a degree of latitude: a law of cosines would have lost it.
    assert haversine(0, 50, 0, 50.000001, radius=1.0) == pytest.approx(np.radians(1e-6), rel=1e-8)


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


def test_coincident_points_give_their_mean_there_and_a_warning():
    points, values = [[0, 0], [0, 0], [1, 0]], [10.0, 20.0, 90.0]
    with pytest.warns(UserWarning, match="points 0 and 1 lie in one place with values 10 and 20"):
        model = InverseDistance(neighbors=3).fit(points, values)
    assert model.predict([[0, 0]]) == 15
    # Away from them both count: weights of 1, 1 and 1 at equal distances.
    assert model.predict([[0.5, 0.0]]) == pytest.approx(40, rel=4 * ULP)


def test_coincident_points_can_be_refused():
    model = InverseDistance(coincident="error")
    with pytest.raises(ValueError, match="points 1 and 2 lie in one place with values 5 and 6"):
        model.fit([[1, 1], [0, 0], [0, 0]], [4, 5, 6])


def test_coincident_points_of_one_value_are_no_matter():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = InverseDistance(neighbors=2, coincident="error").fit([[0, 0], [0, 0]], [5, 5])
    assert model.predict([[3, 4]]) == 5


def test_too_few_points_are_all_used_and_it_says_so():
    with pytest.warns(UserWarning, match="2 points for 12 neighbors: all points are used"):
        model = InverseDistance().fit([[0, 0], [0, 3]], [10, 40])
    assert model.predict([[0, 1]]) == pytest.approx((10 * 4 + 40) / 5, rel=4 * ULP)


def test_a_tie_for_the_last_place_goes_to_one_of_the_tied():
    points, values = [[1, 0], [-1, 0], [0, 2], [0, -2]], np.array([1.0, 2.0, 4.0, 8.0])
    told = InverseDistance(neighbors=3).fit(points, values).predict([[0, 0]])[0]
    weight = np.array([4, 4, 1]) / 9
    allowed = [weight @ np.array([1.0, 2.0, last]) for last in (4.0, 8.0)]
    assert min(abs(told - value) for value in allowed) < 1e-14


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


# On the Earth ------------------------------------------------------------------------------------


def test_arcs_find_the_neighbours_and_the_weights_of_haversine():
    random = np.random.default_rng(7)
    points = np.column_stack([random.uniform(-180, 180, 200), random.uniform(-90, 90, 200)])
    targets = np.column_stack([random.uniform(-180, 180, 50), random.uniform(-90, 90, 50)])
    values = random.uniform(1, 9, 200)
    told = InverseDistance(2, 5, metric="haversine").fit(points, values).predict(targets)
    arcs = haversine(*(c[:, None] for c in targets.T), *(c[None, :] for c in points.T))
    near = np.argsort(arcs, axis=1)[:, :5]
    expected = idw(values[near], np.take_along_axis(arcs, near, axis=1))
    assert_allclose(told, expected, rtol=1e-11)


def test_the_date_line_does_not_part_neighbours():
    model = InverseDistance(neighbors=1, metric="haversine")
    model.fit([[179.9, 10], [100, 10]], [1, 2])
    assert model.predict([[-179.9, 10]]) == 1


# As a regressor ----------------------------------------------------------------------------------


def test_parameters_go_in_and_out():
    model = InverseDistance(3, 5, metric="haversine")
    assert InverseDistance(**model.get_params()).get_params() == model.get_params()
    assert model.set_params(power=1, neighbors=2).get_params()["neighbors"] == 2
    with pytest.raises(ValueError, match="no parameter 'radius'"):
        model.set_params(radius=1)


def test_the_score_is_the_share_of_variance_explained(cloud):
    points, values, _ = cloud
    model = InverseDistance().fit(points, values)
    assert model.score(points, values) == 1
    constant = InverseDistance(neighbors=1).fit(points, np.full(300, 2.0))
    spread = np.array([1.0, 3.0])
    assert constant.score(points[:2], spread) == 0
    with pytest.raises(ValueError, match="values must differ"):
        model.score(points[:2], [1.0, 1.0])
    with pytest.raises(ValueError, match="one a point"):
        model.score(points[:2], [1.0, 2.0, 3.0])


SQUARE, PRICES = [[0, 0], [0, 1], [1, 0], [1, 1]], [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: InverseDistance(power=0).fit(SQUARE, PRICES), "power must be above 0, got 0"),
        (lambda: InverseDistance(neighbors=0).fit(SQUARE, PRICES), "neighbors must be a whole"),
        (lambda: InverseDistance(neighbors=2.5).fit(SQUARE, PRICES), "got 2.5"),
        (lambda: InverseDistance(chunk=0).fit(SQUARE, PRICES), "chunk must be a whole number"),
        (lambda: InverseDistance(workers=0).fit(SQUARE, PRICES), "workers must be -1 or at least"),
        (lambda: InverseDistance(metric="taxi").fit(SQUARE, PRICES), "metric must be one of"),
        (lambda: InverseDistance(coincident="x").fit(SQUARE, PRICES), "coincident must be one of"),
        (lambda: InverseDistance().fit(SQUARE, PRICES[:3]), "values must be one a point"),
        (lambda: InverseDistance().fit([[0, np.nan]], [1]), "points must be finite"),
        (lambda: InverseDistance().fit(SQUARE, [1, 2, 3, np.inf]), "values must be finite"),
        (lambda: InverseDistance().fit([1, 2], [1, 2]), "one row a point"),
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
