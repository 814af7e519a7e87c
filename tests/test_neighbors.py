"""What is one place, and who is a neighbour: the last bit of a number decides neither."""

from __future__ import annotations

import math
import warnings
from itertools import combinations

import mpmath
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from housing.interpolation import EARTH_RADIUS, InverseDistance, _neighbors, haversine, idw

ULP = 2.0**-52
THREE_TENTHS = 0.1 + 0.2  # which is not 0.3


# One place ---------------------------------------------------------------------------------------


def test_coincident_points_give_their_mean_there_and_a_warning():
    points, values = [[0, 0], [0, 0], [1, 0]], [10.0, 20.0, 90.0]
    with pytest.warns(UserWarning, match="points 0 and 1 lie in one place with values 10 and 20"):
        model = InverseDistance(neighbors=3).fit(points, values)
    assert model.predict([[0, 0]]) == 15
    # Away from them both count: weights of 1, 1 and 1 at equal distances.
    assert model.predict([[0.5, 0.0]]) == pytest.approx(40, rel=4 * ULP)


def test_coincident_points_of_one_value_are_no_matter():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = InverseDistance(neighbors=2, coincident="error").fit([[0, 0]] * 3, [0.1, 0.1, 0.1])
        assert model.predict([[3, 4]]) == 0.1
        InverseDistance(neighbors=2, coincident="error").fit([[0, 0]] * 2, [0.3, THREE_TENTHS])


@pytest.mark.parametrize("neighbors", [1, 2, 3, 7])
def test_all_points_of_a_place_count_there_however_few_neighbours_do(neighbors):
    points = [[5, 5], [0, 0], [0, 0], [0, 0], [9, 9], [8, 9], [9, 8]]
    values = [70.0, 10.0, 20.0, 60.0, 1.0, 2.0, 3.0]
    with pytest.warns(UserWarning, match="points 1 and 3 lie in one place with values 10 and 60"):
        model = InverseDistance(neighbors=neighbors).fit(points, values)
    assert model.predict([[0, 0]]) == pytest.approx(30, rel=4 * ULP)


@pytest.mark.parametrize(
    ("first", "second", "metric"),
    [
        ([0, 0], [0, 0], "planar"),
        ([0.3, 7], [THREE_TENTHS, 7], "planar"),
        ([3e5, THREE_TENTHS - 0.3], [3e5, 0], "planar"),
        ([-1.1, 2.2, 3.3], [-1.1, 2.2, 1.1 * 3], "planar"),
        ([5, 90], [154, 90], "haversine"),
        ([0, -90], [-31.5, -90], "haversine"),
        ([180, 12], [-180, 12], "haversine"),
        ([THREE_TENTHS, 50], [0.3, 50], "haversine"),
        ([77, math.degrees(math.pi / 2)], [-3, 90 - 1e-12], "haversine"),
    ],
)
def test_what_is_one_place_can_be_refused_and_has_one_mean(first, second, metric):
    said = "points 0 and 2 lie in one place with values 44.5 and 50"
    points, values = [first, [9.0] * len(first), second], [44.5, 80, 50]
    with pytest.raises(ValueError, match=said):
        InverseDistance(neighbors=2, metric=metric, coincident="error").fit(points, values)
    for neighbors in (1, 2, 3):
        with pytest.warns(UserWarning, match=said):
            model = InverseDistance(neighbors=neighbors, metric=metric).fit(points, values)
        assert_array_equal(model.predict([first, second]), [47.25, 47.25])
        assert_array_equal(model.leave_one_out()[[0, 2]], [50, 44.5])


def test_places_far_apart_for_the_same_digits_are_two():
    points = [[0.3, 0], [0.3 + 1e-7, 0]]
    model = InverseDistance(neighbors=2, coincident="error").fit(points, [10, 20])
    assert_array_equal(model.predict(points), [10, 20])


def test_values_differ_in_one_place_also_among_many_that_do_not():
    grid = np.stack(np.meshgrid(np.arange(9.0), np.arange(9.0)), axis=-1).reshape(-1, 2)
    points = np.vstack([grid, grid * 3 / 3, [[4.0 + 1e-12, 4.0]]])
    values = np.tile(np.arange(81.0), 2)
    InverseDistance(coincident="error").fit(points, np.append(values, 40.0))
    with pytest.raises(ValueError, match="points 40 and 162 lie in one place with values 40 and 7"):
        InverseDistance(coincident="error").fit(points, np.append(values, 7.0))


# Ties --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("neighbors", "expected"),
    [
        (1, (1 + 2) / 2),
        (2, (1 + 2) / 2),
        (3, (4 * (1 + 2) + (3 + 4 + 8) / 3) / 9),
        (4, (4 * (1 + 2) + (3 + 4 + 8) * 2 / 3) / 10),
        (5, (4 * (1 + 2) + (3 + 4 + 8)) / 11),
    ],
)
def test_the_tied_share_what_is_left_of_the_places(neighbors, expected):
    points, values = [[1, 0], [-1, 0], [0, 2], [0, -2], [2, 0], [8, 8]], [1, 2, 3, 4, 8, 99]
    model = InverseDistance(neighbors=neighbors, ties="share").fit(points, values)
    assert model.predict([[0, 0]]) == pytest.approx(expected, rel=8 * ULP)


@pytest.mark.parametrize("neighbors", range(1, 9))
def test_a_share_is_the_mean_over_all_choices_between_the_tied(neighbors):
    grid = np.stack(np.meshgrid(np.arange(7.0), np.arange(7.0)), axis=-1).reshape(-1, 2)
    values = np.random.default_rng(4).uniform(1, 9, 49)
    target = np.array([3.0, 2.5])
    distance = np.hypot(*(grid - target).T)
    rounded = distance.round(9)
    limit = np.sort(rounded)[neighbors - 1]
    nearer, tied = np.flatnonzero(rounded < limit), np.flatnonzero(rounded == limit)
    choices = [[*nearer, *some] for some in combinations(tied.tolist(), neighbors - len(nearer))]
    expected = np.mean([idw(values[some], distance[some]) for some in choices])
    model = InverseDistance(neighbors=neighbors, ties="share").fit(grid, values)
    assert model.predict([target]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("ties", ["first", "share"])
def test_the_last_bits_decide_no_tie_nor_the_order_of_the_points_where_they_share(ties):
    grid = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), axis=-1).reshape(-1, 2)
    random = np.random.default_rng(8)
    values, targets = random.uniform(1, 9, 144), grid + 0.5
    expected = InverseDistance(neighbors=3, ties=ties).fit(grid, values).predict(targets)
    for origin, step in ((0.1, 0.1), (3e6, 30.0), (-7.7, 1 / 3)):
        order = random.permutation(144) if ties == "share" else np.arange(144)
        model = InverseDistance(neighbors=3, ties=ties).fit(
            origin + step * grid[order], values[order]
        )
        assert_allclose(model.predict(origin + step * targets), expected, rtol=1e-7)


@pytest.mark.parametrize("nudge", [-1e-12, 0, 1e-12])
def test_distances_that_noise_sets_apart_tie(nudge):
    points, values = [[-1, 0], [1 + nudge, 0]], [10, 20]
    for ties, told in (("share", 15), ("first", 10)):
        model = InverseDistance(neighbors=1, ties=ties).fit(points, values)
        assert model.predict([[0, 0]]) == pytest.approx(told, rel=1e-12)


@pytest.mark.parametrize(("nudge", "told"), [(-1e-7, 20), (1e-7, 10)])
def test_distances_that_differ_do_not_tie(nudge, told):
    model = InverseDistance(neighbors=1).fit([[-1, 0], [1 + nudge, 0]], [10, 20])
    assert model.predict([[0, 0]]) == told


def test_more_may_tie_than_were_looked_for():
    turn = np.linspace(0, 2 * np.pi, 501)[:-1]
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    values = np.random.default_rng(6).uniform(1, 9, 500)
    for ties, expected in (("share", values.mean()), ("first", values[:3].mean())):
        model = InverseDistance(neighbors=3, ties=ties).fit(circle, values)
        assert model.predict([[0, 0]]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("neighbors", [1, 2, 3, 5, 8, 13])
@pytest.mark.parametrize("times", [1, 3])
def test_neighbours_are_chosen_by_distance_and_then_by_position(neighbors, times):
    grid = np.stack(np.meshgrid(np.arange(9.0), np.arange(9.0)), axis=-1).reshape(-1, 2)
    random = np.random.default_rng(3)
    # Tenths and thirds: what ties is set apart by noise. Points may be in one place, of one value.
    order = random.permutation(np.repeat(np.arange(81), times))
    points, values = grid[order] * 0.1, random.uniform(1, 9, 81)[order]
    targets = random.permutation(np.vstack([grid, grid + 0.5, grid + np.array([0.5, 0])])) * 0.1
    model = InverseDistance(neighbors=neighbors).fit(points, values)
    expected = []
    for target in targets:
        distance = np.hypot(*(points - target).T).round(9)
        near = np.lexsort((np.arange(len(points)), distance))[:neighbors]
        expected.append(idw(values[near], distance[near]))
    assert_allclose(model.predict(targets), expected, rtol=1e-7)
    assert_array_equal(model.predict(targets[::-1])[::-1], model.predict(targets))


def test_of_tied_places_with_many_points_each_point_has_its_turn_and_the_mean_of_its_place():
    points, values = [[0, 2], [2, 0], [0, 2], [-2, 0], [1, 0]], [10.0, 30.0, 20.0, 90.0, 50.0]
    for neighbors, tied in ((1, []), (2, [15]), (3, [15, 30]), (4, [15, 30, 15])):
        expected = (4 * 50 + sum(tied)) / (4 + len(tied))
        with pytest.warns(UserWarning, match="lie in one place"):
            model = InverseDistance(neighbors=neighbors).fit(points, values)
        assert model.predict([[0, 0]]) == pytest.approx(expected, rel=8 * ULP)


def test_a_place_of_many_points_is_as_many_neighbours():
    points, values = [[1, 0]] * 3 + [[-2, 0], [0, 2], [5, 5]], [3.0, 6.0, 9.0, 10.0, 30.0, 99.0]
    with pytest.warns(UserWarning, match="lie in one place"):
        model = InverseDistance(1, 4, ties="share").fit(points, values)
    # Three at a distance of 1 with their mean of 6, half of each of the two at 2.
    expected = (3 * 6 + (10 + 30) / 2 / 2) / (3 + 1 / 2)
    assert model.predict([[0, 0]]) == pytest.approx(expected, rel=8 * ULP)
    # Without the first, two at a distance of 0; without that at 2, four of another five.
    assert_allclose(model.leave_one_out()[[0, 1]], [7.5, 6], rtol=8 * ULP)


@pytest.mark.parametrize("ties", ["first", "share"])
def test_leaving_one_out_is_fitting_without_it_among_ties_and_places_too(ties):
    random = np.random.default_rng(5)
    points = random.integers(0, 5, (60, 2)).astype(float)
    values = random.uniform(1, 9, 60)
    with pytest.warns(UserWarning, match="lie in one place"):
        left_out = InverseDistance(neighbors=4, ties=ties).fit(points, values).leave_one_out()
    for k in range(60):
        others = np.delete(np.arange(60), k)
        with pytest.warns(UserWarning, match="lie in one place"):
            model = InverseDistance(neighbors=4, ties=ties).fit(points[others], values[others])
        assert left_out[k] == pytest.approx(model.predict(points[[k]])[0], rel=1e-12)


def test_the_size_of_a_piece_does_not_matter(monkeypatch):
    random = np.random.default_rng(9)
    points, targets = random.integers(0, 9, (2, 300, 2))
    values = random.uniform(1, 9, 300)
    with pytest.warns(UserWarning, match="lie in one place"):
        model = InverseDistance().fit(points, values)
    told, left_out = model.predict(targets), model.leave_one_out()
    monkeypatch.setattr(_neighbors, "_CELLS", 100)
    assert_array_equal(model.predict(targets), told)
    assert_array_equal(model.leave_one_out(), left_out)


# Limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-98, 1e-30, 1e30, 1e98])
def test_no_map_is_too_small_or_too_large(scale):
    random = np.random.default_rng(2)
    points, targets = random.uniform(-1, 1, (2, 40, 2))
    values = random.uniform(1, 9, 40)
    expected = InverseDistance(neighbors=5).fit(points, values).predict(targets)
    told = InverseDistance(neighbors=5).fit(scale * points, values).predict(scale * targets)
    assert_allclose(told, expected, rtol=1e-12)


def test_so_far_away_that_all_points_are_as_near_they_share():
    model = InverseDistance(neighbors=1, ties="share").fit([[0, 0], [1, 1], [2, 0]], [10, 20, 60])
    assert_allclose(model.predict([[1e100, 0], [0, -1e100]]), [30, 30], rtol=4 * ULP)


@pytest.mark.parametrize(
    "settings", [{"power": 5e-324}, {"power": 1e6}, {"chunk": 1e300}, {"workers": 256}]
)
def test_the_ends_of_the_settings_give_numbers_within_the_values(settings):
    model = InverseDistance(neighbors=10**300, **settings)
    with pytest.warns(UserWarning, match="all points are used"):
        model.fit([[0, 0], [1, 1], [2, 0]], [10, 20, 60])
    told = model.predict([[0.1, 0.2], [7, 7]])
    assert ((told >= 10) & (told <= 60)).all()


def test_the_smallest_distances_are_one_place_and_all_points_may_be_at_the_origin():
    model = InverseDistance(neighbors=1).fit([[0, 0], [1, 1]], [10, 20])
    assert_array_equal(model.predict([[5e-324, 0], [1, 1 + 2**-52]]), [10, 20])
    with pytest.warns(UserWarning, match="lie in one place"):
        model = InverseDistance(neighbors=1).fit([[0, 0], [0, 0]], [10, 20])
    assert_array_equal(model.predict([[0, 0], [5e-324, 1e100]]), [15, 15])


def test_errors_of_the_largest_and_the_smallest_values_are_numbers():
    for size in (1e100, 1e-150):
        model = InverseDistance(neighbors=1).fit([[0, 0], [0, 1], [0, 5]], [size, -size, size])
        assert model.leave_one_out_error() == pytest.approx(2 * size, rel=1e-12)
        assert model.score([[0, 0], [0, 1]], [size, -size]) == 1


# On the Earth ------------------------------------------------------------------------------------


def test_a_quarter_of_the_equator_and_from_pole_to_pole():
    quarter = np.pi / 2 * EARTH_RADIUS
    assert haversine(0, 0, 90, 0) == pytest.approx(quarter, rel=4 * ULP)
    assert haversine(12, 90, -77, -90) == 2 * quarter
    assert haversine(12, 34, -168, -34) == 2 * quarter
    assert haversine(179.5, 0, -179.5, 0) == pytest.approx(quarter / 90, rel=4 * ULP)


@pytest.mark.parametrize(
    "places", [(5, 90, 154, 90), (0, -90, 180, -90), (180, 12, -180, 12), (-180, 0, 180, 0)]
)
def test_one_place_by_two_names_is_no_distance_from_itself(places):
    assert haversine(*places) == 0
    assert haversine(*places, radius=1e100) == 0


def test_arcs_are_exact_between_neighbours_antipodes_poles_and_across_the_date_line():
    random = np.random.default_rng(1)
    places = []
    for east, north in (
        (116.4, 39.9),
        (0, 0),
        (180, -33.3),
        (-77.7, 90),
        (12.5, -89.999999),
        (90, 0),
    ):
        for size in (1e-9, 1e-3, 1, 60):
            step, side = random.uniform(-size, size, 2)
            there = (east + step + 180) % 360 - 180, np.clip(north + side, -90, 90)
            places.append((east, north, *there))
            places.append(
                (east, north, there[0] - 180 if there[0] > 0 else there[0] + 180, -there[1])
            )
    told = haversine(*np.array(places).T, radius=1)
    with mpmath.workdps(50):
        for arc, place in zip(told, places, strict=True):
            east, north, other_east, other_north = (mpmath.radians(mpmath.mpf(x)) for x in place)
            square = (
                mpmath.sin((other_north - north) / 2) ** 2
                + mpmath.cos(north)
                * mpmath.cos(other_north)
                * mpmath.sin((other_east - east) / 2) ** 2
            )
            exact = 2 * mpmath.asin(mpmath.sqrt(square))
            assert arc == pytest.approx(float(exact), rel=8 * ULP, abs=1e-40)


def test_arcs_keep_their_labels_and_their_arguments_names():
    east = pd.Series({"a": 0.0, "b": 90.0})
    told = haversine(east, 0, 0, 0, radius=1)
    pd.testing.assert_series_equal(told, pd.Series({"a": 0.0, "b": np.pi / 2}))
    with pytest.raises(ValueError, match="longitude and latitude must have the same labels"):
        haversine(east, east[::-1], 0, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((181, 0, 0, 0), "longitude must be at least -180 and at most 180, got 181"),
        ((0, 0, 0, -91), "other_latitude must be at least -90 and at most 90, got -91"),
        ((0, [0, np.inf], 0, 0), "latitude must be finite, got inf at position 1"),
        ((0, 0, np.ma.array([1, 2], mask=[0, 1]), 0), "other_longitude must have no masked"),
    ],
)
def test_what_is_no_place_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        haversine(*arguments)


@pytest.mark.parametrize(("radius", "allowed"), [(0, "above 0"), (1e308, "at most 1e\\+100")])
def test_what_is_no_radius_is_refused(radius, allowed):
    with pytest.raises(
        ValueError, match=f"radius must be {allowed}, got {radius:g}".replace("e+", "e.")
    ):
        haversine(0, 0, 1, 1, radius=radius)


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


def test_meridians_are_as_far_apart_as_they_are_and_a_pole_is_as_far_from_each():
    points = [[0, 80], [120, 80], [-120, 80], [60, 10]]
    model = InverseDistance(neighbors=1, metric="haversine", ties="share")
    model.fit(points, [10, 20, 60, 99])
    assert_allclose(model.predict([[0, 90], [77, 90]]), [30, 30], rtol=4 * ULP)
