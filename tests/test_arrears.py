"""Fee arrears: states against the circle itself, against paths and households; refusals."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.oversight import (
    collection_path,
    collection_rate,
    collection_states,
    service_quality,
    tipping_efforts,
    tipping_subsidies,
)

reproducible = settings(deadline=None, derandomize=True)


@st.composite
def estates(draw):
    return {
        "fee": draw(st.floats(5, 100)),
        "cost": draw(st.floats(20, 100)),
        "tolerance": draw(st.floats(0, 1.5)),
        "spread": draw(st.floats(0.02, 0.4)),
    }


ESTATE = {"fee": 50, "cost": 50, "tolerance": 0.6, "spread": 0.1}


def next_collection(collection, estate, subsidy, effort):
    """What collection would be if services and households followed at once."""
    quality = service_quality(collection, estate["fee"], estate["cost"], subsidy)
    return collection_rate(quality, estate["tolerance"], estate["spread"], effort)


@reproducible
@given(estates(), st.floats(0, 40), st.floats(0, 0.9))
def test_states_are_where_collection_and_quality_keep_each_other(estate, subsidy, effort):
    states = collection_states(**estate, subsidy=subsidy, effort=effort)
    for state in states:
        if not math.isnan(state):
            # A threshold magnifies what is off by the slope there, at most 1/(4 spread) or so.
            assert next_collection(state, estate, subsidy, effort) == pytest.approx(state, abs=1e-9)
    if math.isnan(states.threshold):
        assert states.low == states.high
    else:
        assert states.low < states.threshold < states.high


@reproducible
@given(estates(), st.floats(0, 40), st.floats(0, 0.9))
def test_all_states_are_found(estate, subsidy, effort):
    """Count the sign changes on a fine grid: as many as states, unless two nearly coincide."""
    states = collection_states(**estate, subsidy=subsidy, effort=effort)
    grid = np.linspace(0, 1, 20_001)
    changes = np.diff(next_collection(grid, estate, subsidy, effort) > grid).sum()
    three = not math.isnan(states.threshold)
    gaps = np.diff([states.low, states.threshold, states.high]) if three else [1.0]
    assume(min(gaps) > 2e-4)
    assert changes == (3 if three else 1)


@reproducible
@given(estates(), st.floats(0, 40), st.floats(0, 0.9))
def test_there_are_two_stable_states_between_the_tipping_points_and_only_there(
    estate, subsidy, effort
):
    two = not math.isnan(collection_states(**estate, subsidy=subsidy, effort=effort).threshold)
    by_subsidy = tipping_subsidies(**estate, effort=effort)
    by_effort = tipping_efforts(**estate, subsidy=subsidy)
    for points, at in ((by_subsidy, subsidy), (by_effort, effort)):
        # Within a billionth of a tipping point either answer will do.
        assume(all(not abs(point - at) < 1e-9 * (1 + at) for point in points))
        assert two == (points.collapse < at < points.recovery)


def test_a_push_across_the_tipping_point_leaves_one_state():
    recovery = tipping_subsidies(**ESTATE).recovery
    before, after = (collection_states(**ESTATE, subsidy=recovery + step) for step in (-1e-6, 1e-6))
    assert before.low < 0.2 < 0.9 < before.high
    assert after.low == after.high > 0.9
    effort = tipping_efforts(**ESTATE).recovery
    before, after = (collection_states(**ESTATE, effort=effort + step) for step in (-1e-8, 1e-8))
    assert before.low < 0.6 < 0.9 < before.high
    assert after.low == after.high > 0.9


def test_alike_households_make_two_states_and_various_ones_a_single_one():
    """Fee 50 of cost 50: two states need a spread below a quarter."""
    points = tipping_subsidies(50, 50, 0.6, [0.249, 0.25, 0.251])
    assert (points.collapse[:2] <= points.recovery[:2]).all()
    assert points.collapse[1] == pytest.approx(points.recovery[1], abs=1e-6)
    assert np.isnan([points.collapse[2], points.recovery[2]]).all()
    assert math.isnan(collection_states(50, 50, 0.6, 0.3).threshold)


def test_no_fee_makes_no_circle_and_full_effort_makes_all_pay():
    assert math.isnan(collection_states(0, 50, 0.6, 0.1, subsidy=30).threshold)
    assert collection_states(0, 50, 0.6, 0.1, subsidy=30).low == pytest.approx(0.5)
    assert collection_states(50, 50, 0.6, 0.1, effort=1.0).high == 1.0


def test_estates_on_either_side_of_the_threshold_part():
    threshold = collection_states(**ESTATE).threshold
    starts = threshold + np.array([-1e-3, 1e-3])
    path = collection_path(starts, service_quality(starts, 50, 50), 200, **ESTATE)
    assert path.collection.shape == (201, 2)
    states = collection_states(**ESTATE)
    assert_allclose(path.collection[-1], [states.low, states.high], atol=1e-6)
    assert_allclose(path.quality[-1], [states.low, states.high], atol=1e-6)


def test_a_subsidy_for_a_time_tips_an_estate_back_for_good_if_it_lasts_long_enough():
    low, _, high = collection_states(**ESTATE)
    subsidy = np.where(np.arange(150)[:, None] < [4, 12], 25.0, 0.0)
    path = collection_path(low, service_quality(low, 50, 50), 150, **ESTATE, subsidy=subsidy)
    assert_allclose(path.collection[-1], [low, high], atol=1e-6)
    alone = collection_path(low, service_quality(low, 50, 50), 150, **ESTATE, subsidy=subsidy[:, 1])
    assert_array_equal(alone.collection, path.collection[:, 1])


def test_a_thousand_households_with_standards_of_their_own_pay_as_the_curve_says():
    """Standards drawn from a logistic distribution: within four standard errors."""
    standards = np.random.default_rng(5).logistic(0.6, 0.1, size=100_000)
    for quality in (0.3, 0.6, 0.8):
        share = (standards <= quality).mean()
        exact = collection_rate(quality, 0.6, 0.1)
        assert abs(share - exact) < 4 * math.sqrt(exact * (1 - exact) / standards.size)


@pytest.mark.parametrize("subsidy", [0, 2, 100])
def test_where_the_fee_is_a_hundredfold_of_the_cost_no_lack_of_effort_brings_collapse(subsidy):
    points = tipping_efforts(50, 0.5, 0.6, 0.1, subsidy)
    assert points.collapse == -np.inf
    assert -3 < points.recovery < 0


def test_labels_return():
    fee = pd.Series([50, 50], index=["north", "south"])
    assert list(collection_states(fee, 50, 0.6, 0.1).threshold.index) == ["north", "south"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: service_quality(90, 50, 50),
            "collection must be at least 0 and at most 1, got 90",
        ),
        (lambda: service_quality(0.9, 50, 0), "cost must be above 0, got 0"),
        (lambda: collection_rate(0.5, 0.6, 0), "spread must be above 0, got 0"),
        (lambda: collection_rate(-0.5, 0.6, 0.1), "quality must be at least 0, got -0.5"),
        (
            lambda: collection_states(50, 50, 0.6, 0.1, effort=30),
            "effort must be at least 0 and at",
        ),
        (lambda: collection_states([], 50, 0.6, 0.1), "fee is empty"),
        (lambda: tipping_efforts(0, 50, 0.6, 0.1), "fee must be above 0, got 0"),
        (
            lambda: collection_path(0.5, 0.5, 0, **ESTATE),
            "steps must be a whole number of at least 1",
        ),
        (
            lambda: collection_path(0.5, 0.5, 1e9, **ESTATE),
            "steps must ask for at most 20,000 steps, got 1000000000",
        ),
        (
            lambda: collection_path(0.5, 0.5, 3, **ESTATE, subsidy=[1, 2]),
            "subsidy must be one number",
        ),
        (
            lambda: collection_path(0.5, 0.5, 3, **ESTATE, household_speed=0),
            "household_speed must be above 0 and at most 1, got 0",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
