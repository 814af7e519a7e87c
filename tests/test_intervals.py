"""Intervals of interpolated prices cover what they say, on sales in Baltimore; and their limits."""

from __future__ import annotations

import runpy

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from compendium.project import Project
from housing.interpolation import InverseDistance

SCRIPT = runpy.run_path(str(Project().root / "evidence" / "xuan_cross_validation.py"))
PLACES, PRICES = SCRIPT["sales"]()
MODEL = InverseDistance(neighbors=12).fit(PLACES, PRICES)
LEVELS = (0.5, 0.8, 0.9, 0.95)


def covered(folds, level, neighbors=12):
    """Tell which prices lie in the intervals that the sales of the other folds give."""
    found = []
    for test in folds:
        train = np.setdiff1d(np.arange(len(PRICES)), test)
        model = InverseDistance(neighbors=neighbors).fit(PLACES[train], PRICES[train])
        _, low, high = model.predict(PLACES[test], interval=level)
        found.append((low <= PRICES[test]) & (PRICES[test] <= high))
    return np.concatenate(found)


@pytest.mark.parametrize("level", LEVELS)
def test_sales_left_out_at_random_are_covered_as_often_as_is_said(level):
    shuffled = (SCRIPT["ten_folds"](len(PRICES), seed) for seed in range(3))
    told = np.mean([covered(folds, level) for folds in shuffled])
    assert told == pytest.approx(level, abs=0.015)


def test_sales_left_out_by_district_are_covered_less_often():
    """That is what the documentation says of places without sales, with these numbers."""
    west, south = (np.searchsorted(np.quantile(axis, [1 / 3, 2 / 3]), axis) for axis in PLACES.T)
    districts = [np.flatnonzero(3 * west + south == k) for k in range(9)]
    assert np.mean(covered(districts, 0.9)) == pytest.approx(0.87, abs=0.005)


def test_cheap_homes_are_covered_more_often_than_dear_ones():
    told, low, high = MODEL.leave_one_out(), *MODEL.predict(PLACES, interval=0.9)[1:]
    apart = (high - low) / 2
    inside = np.abs(PRICES - told) <= apart
    dear = told > np.median(told)
    assert inside[dear].mean() == pytest.approx(0.83, abs=0.005)
    assert inside[~dear].mean() == pytest.approx(0.98, abs=0.005)


def test_the_bounds_are_a_quantile_of_what_leaving_one_out_gets_wrong():
    error = np.sort(np.abs(MODEL.leave_one_out() - PRICES))
    for level in LEVELS:
        value, low, high = MODEL.predict(PLACES + 0.1, interval=level)
        assert_array_equal(value, MODEL.predict(PLACES + 0.1))
        assert_allclose(high - value, error[int(np.ceil(level * 212)) - 1], rtol=1e-12)
        assert_allclose(value - low, high - value, rtol=1e-12)


def test_they_hold_those_of_the_jackknife_plus_but_for_as_many_ranks_as_neighbours():
    """The guarantee that the documentation gives rests on it."""
    places, prices = PLACES[:80], PRICES[:80]
    targets = np.random.default_rng(8).uniform(places.min(axis=0), places.max(axis=0), (40, 2))
    neighbors, rank = 4, 60
    model = InverseDistance(neighbors=neighbors).fit(places, prices)
    _, low, high = model.predict(targets, interval=rank / 81)
    error = np.abs(model.leave_one_out() - prices)
    others = [
        InverseDistance(neighbors=neighbors)
        .fit(np.delete(places, k, axis=0), np.delete(prices, k))
        .predict(targets)
        for k in range(len(prices))
    ]
    upper = np.sort(np.array(others) + error[:, None], axis=0)[rank - neighbors - 1]
    lower = -np.sort(error[:, None] - np.array(others), axis=0)[rank - neighbors - 1]
    assert (upper <= high + 1e-9).all()
    assert (lower >= low - 1e-9).all()


def test_bounds_have_the_index_of_the_targets():
    frame = pd.DataFrame(PLACES[:3] + 0.1, index=["a", "b", "c"])
    found = MODEL.predict(frame, interval=0.9)
    for bound, plain in zip(found, MODEL.predict(frame.to_numpy(), interval=0.9), strict=True):
        pd.testing.assert_series_equal(bound, pd.Series(plain, frame.index))


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (0, "interval must be above 0 and at most 0.8, which 4 points can vouch for, got 0"),
        (80, "and at most 0.8, which 4 points can vouch for, got 80. Shares are decimals: for 80%"),
        (1e308, "and at most 0.8, which 4 points can vouch for, got 1e"),
        ([0.5, 0.9], "interval must be one number"),
        (0.9, "and at most 0.8, which 4 points can vouch for, got 0.9"),
        (1, "and at most 0.8, which 4 points can vouch for, got 1"),
    ],
)
def test_what_so_few_points_cannot_vouch_for_is_refused(interval, words):
    few = InverseDistance(neighbors=2).fit([[0], [1], [2], [3]], [10, 12, 13, 18])
    assert few.predict([[1.5]], interval=0.1 * 8).high == 12.5 + 5.2
    with pytest.raises(ValueError, match=words):
        few.predict([[1.5]], interval=interval)
    with pytest.raises(ValueError, match="call fit first"):
        InverseDistance().predict([[1.5]], interval=0.9)
