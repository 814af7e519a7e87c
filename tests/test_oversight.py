"""Oversight: closed forms against sums, simulations, agents and matrices; limits; refusals."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.linalg import expm

from housing.oversight import (
    budget_leakage,
    collection_path,
    collection_rate,
    collection_states,
    deterrent_detection,
    deterrent_penalty,
    inclusion_error,
    inclusion_error_after,
    inclusion_error_floor,
    move_outs,
    service_quality,
    simulate_inclusion_error,
    simulate_subletting,
    subletting_value,
    tipping_efforts,
    tipping_subsidies,
    visible_share,
)

reproducible = settings(deadline=None, derandomize=True)
#: Sums of some thirty terms, each a few roundings off.
CLOSE = {"rel": 1e-11, "abs": 1e-9}


# Deterrence --------------------------------------------------------------------------------------


@st.composite
def cases(draw):
    """Draw a tenant: what he gains and risks, and for how long."""
    return {
        "detection": draw(st.floats(0.01, 1)),
        "years": draw(st.integers(1, 20)),
        "discount_rate": draw(st.floats(0, 0.5)),
        "delay": draw(st.floats(0, 5)),
        "benefit": draw(st.floats(0, 20)),
        "exclusion": draw(st.integers(0, 25)),
    }


def summed(gain, penalty, *, detection, years, discount_rate, delay, benefit, exclusion):
    """Add up year by year what the year brings and what being caught in it costs."""
    total = 0.0
    for year in range(1, years + 1):
        barred = range(year + 1, min(year + exclusion, years) + 1)
        lost = sum(benefit / (1 + discount_rate) ** later for later in barred)
        fine = penalty / (1 + discount_rate) ** (year + delay)
        still = (1 - detection) ** (year - 1)
        total += still * (gain / (1 + discount_rate) ** year - detection * (fine + lost))
    return total


@reproducible
@given(st.floats(0, 50), st.floats(0, 500), cases())
def test_the_value_is_the_sum_over_the_years(gain, penalty, case):
    assert subletting_value(gain, penalty, **case) == pytest.approx(
        summed(gain, penalty, **case), **CLOSE
    )


@reproducible
@given(st.floats(0, 50), cases())
def test_at_the_deterrent_penalty_subletting_neither_pays_nor_costs(gain, case):
    penalty = deterrent_penalty(gain, **case)
    # A late fine is large, and what it is worth now a difference of such sizes.
    assert summed(gain, penalty, **case) == pytest.approx(0, abs=1e-12 * (1 + abs(penalty)) * 30)


@reproducible
@given(st.floats(0.1, 50), st.floats(0, 500), cases())
@example(1.0, 0.0, {"years": 5, "discount_rate": 0.0, "delay": 0, "benefit": 0.0, "exclusion": 9})
def test_the_deterrent_detection_is_where_the_value_changes_its_sign(gain, penalty, case):
    case.pop("detection", None)
    needed = deterrent_detection(gain, penalty, **case)
    if needed == np.inf:
        assert summed(gain, penalty, detection=1.0, **case) > 0
        return
    for factor, sign in ((1 - 1e-6, 1), (1 + 1e-6, -1)):
        at = min(needed * factor, 1.0)
        assume(at < 1.0)
        assert sign * summed(gain, penalty, detection=at, **case) > 0


def test_a_fine_alone_must_be_the_gain_over_the_probability_whatever_the_duration():
    for years in (1, 2, 30, 1000):
        assert deterrent_penalty(6000, 0.1, years, 0.05) == pytest.approx(60_000, rel=1e-12)
    assert deterrent_penalty(6000, 0.1, 9, 0.05, delay=2) == pytest.approx(60_000 * 1.05**2)
    assert deterrent_detection(6000, 60_000, 9, 0.05) == pytest.approx(0.1, rel=1e-12)


def test_a_flat_lost_for_good_is_worth_its_perpetuity():
    """Fine (g/p - b/r): the formula of the docstring, in the limit of a long time."""
    long = deterrent_penalty(6000, 0.1, 4000, 0.05, benefit=2000)
    assert long == pytest.approx(6000 / 0.1 - 2000 / 0.05, rel=1e-9)


def test_a_flat_that_is_worth_more_than_renting_it_out_needs_no_fine():
    assert deterrent_penalty(1000, 0.1, 20, 0.05, benefit=2000) < 0
    assert subletting_value(1000, 0, 0.1, 20, 0.05, benefit=2000) < 0


def test_certain_detection_leaves_one_year():
    assert subletting_value(6000, 1000, 1.0, 20, 0.25) == pytest.approx(5000 / 1.25)


def test_no_detection_leaves_an_annuity():
    assert subletting_value(100, 10**6, 0.0, 12, 0.0) == 1200
    assert subletting_value(100, 10**6, 0.0, 2, 0.25) == pytest.approx(100 / 1.25 + 100 / 1.25**2)


def test_simulated_tenants_meet_the_closed_form():
    """The mean of 200,000 tenants must lie within four standard errors."""
    case = {"delay": 1.5, "benefit": 4.0, "exclusion": 3}
    values = simulate_subletting(6, 40, 0.1, 8, 0.05, **case, tenants=200_000, seed=2016)
    expected = subletting_value(6, 40, 0.1, 8, 0.05, **case)
    assert abs(values.mean() - expected) < 4 * values.std() / math.sqrt(values.size)


def test_a_simulated_tenant_who_is_never_or_always_caught_has_one_value():
    never = simulate_subletting(100, 500, 0.0, 3, tenants=50)
    assert_array_equal(never, 300.0)
    always = simulate_subletting(100, 500, 1.0, 3, benefit=10, exclusion=1, tenants=50)
    assert_array_equal(always, 100 - 500 - 10)


# Fee arrears -------------------------------------------------------------------------------------


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


# Dynamic qualification ---------------------------------------------------------------------------


@st.composite
def regimes(draw):
    return {
        "rise_rate": draw(st.floats(0.001, 1)),
        "return_rate": draw(st.floats(0.02, 1)),
        "audit_interval": draw(st.floats(0.1, 8)),
        "detection": draw(st.floats(0, 1)),
        "visible": draw(st.floats(0, 1)),
        "transition": draw(st.one_of(st.just(0.0), st.floats(0, 12))),
    }


def settled(*, rise_rate, return_rate, audit_interval, detection, visible, transition):
    """Share unqualified at each audit, by linear algebra over the months of notice.

    The state is the share qualified, seen, unseen and one under notice for each audit whose
    deadline is still to come. A cycle is a matrix; the settled stock is its eigenvector.
    """
    passed = int(transition // audit_interval)
    left = transition - passed * audit_interval
    size = 3 + passed + 1
    rates = np.zeros((size, size))
    rates[0, :3] = -rise_rate, rise_rate * visible, rise_rate * (1 - visible)
    for state in range(1, size):
        rates[state, 0], rates[state, state] = return_rate, -return_rate
    audit = np.eye(size)
    audit[1, 1], audit[1, 3] = 1 - detection, detection
    leave = np.eye(size)
    leave[3 + passed, 3 + passed], leave[3 + passed, 0] = 0, 1
    older = np.eye(size)
    for state in range(3, size - 1):
        older[state, state], older[state, state + 1] = 0, 1
    before, after = expm(rates * left), expm(rates * (audit_interval - left))
    cycle = audit @ before @ leave @ older @ after
    vector = np.linalg.lstsq(
        np.vstack([cycle.T - np.eye(size), np.ones(size)]), np.eye(size + 1)[-1], rcond=None
    )[0]
    leaving = (vector @ audit @ before)[3 + passed]
    return 1 - vector[0], leaving / audit_interval


@reproducible
@given(regimes())
def test_closed_form_is_the_settled_state_of_the_chain(regime):
    before, leaving = settled(**regime)
    almost = regime["audit_interval"] * (1 - 1e-12)
    # Deadlines a hair from an audit fall on its other side in one of the two.
    beyond = regime["transition"] / regime["audit_interval"] % 1
    assume(beyond == 0 or 1e-6 < beyond < 1 - 1e-6)
    # The linear system is solved to about 1e-9 where audits follow each other fast.
    assert inclusion_error_after(almost, **regime) == pytest.approx(before, abs=1e-8)
    assert move_outs(**regime) == pytest.approx(leaving, abs=1e-8)


@reproducible
@given(regimes())
def test_the_average_is_that_of_the_cycle(regime):
    interval = regime["audit_interval"]
    jump = regime["transition"] % interval
    total, _ = quad(lambda t: inclusion_error_after(t, **regime), 0, interval, points=[jump])
    # quad's own tolerance is 1.5e-8.
    assert inclusion_error(**regime) == pytest.approx(total / interval, abs=1e-7)


@reproducible
@given(regimes())
def test_audits_help_and_never_below_the_floor(regime):
    never = regime["rise_rate"] / (regime["rise_rate"] + regime["return_rate"])
    error = inclusion_error(**regime)
    floor = inclusion_error_floor(regime["rise_rate"], regime["return_rate"], regime["visible"])
    assert floor - 1e-12 <= error <= never + 1e-12


@reproducible
@given(regimes(), st.floats(1.1, 5))
def test_a_longer_transition_costs(regime, factor):
    later = {**regime, "transition": factor * regime["transition"] + 0.1}
    assert inclusion_error(**later) >= inclusion_error(**regime) - 1e-12


def test_limits_of_the_audit_interval():
    base = {"rise_rate": 0.06, "return_rate": 0.04, "visible": 0.6}
    assert inclusion_error(**base, audit_interval=1e-6) == pytest.approx(0.375, abs=1e-6)
    assert inclusion_error(**base, audit_interval=1e6) == pytest.approx(0.6, abs=1e-5)
    assert inclusion_error_floor(0.06, 0.04, 0.6) == pytest.approx(0.375, rel=1e-12)
    assert inclusion_error_floor(0.06, 0.04, 1.0) == 0.0


@pytest.mark.parametrize("blind", [{"detection": 0.0}, {"visible": 0.0}])
def test_audits_that_see_nothing_change_nothing(blind):
    assert inclusion_error(0.06, 0.04, 1.0, **blind) == pytest.approx(0.6, rel=1e-12)
    assert move_outs(0.06, 0.04, 1.0, **blind) == 0


def test_one_perfect_yearly_audit_in_plain_arithmetic():
    """All are qualified after the audit; a year later so many have risen: the mean in between."""
    share_at_end = 0.6 * (1 - math.exp(-0.1))
    assert inclusion_error_after(0, 0.06, 0.04, 1) == pytest.approx(0, abs=1e-15)
    assert move_outs(0.06, 0.04, 1) == pytest.approx(share_at_end, rel=1e-12)


def test_nobody_rises_so_nobody_is_found():
    assert inclusion_error(0.0, 0.04, 1.0) == 0
    assert (simulate_inclusion_error([0.5], 0.0, 0.5, 1.0, dwellings=100) == 0).all()


@pytest.mark.parametrize(
    "regime",
    [
        (0.06, 0.10, 3, 0.8, 0.6, 1.0),
        (0.30, 0.20, 1, 0.7, 0.8, 2.3),
        (0.10, 0.10, 2, 1.0, 1.0, 0.0),
        (0.10, 0.10, 2, 0.7, 0.8, 4.0),
    ],
    ids=["short notice", "notice over two audits", "at once", "notice of two intervals"],
)
def test_simulated_households_meet_the_closed_form(regime):
    """Each dwelling is independent of the others: within four binomial standard errors."""
    times = [0.0, 0.25, 0.9]
    shares = simulate_inclusion_error(times, *regime, dwellings=20_000, seed=2016)
    exact = inclusion_error_after(times, *regime)
    error = np.sqrt(exact * (1 - exact) / 20_000)
    # What is left of the start, exp(-8), comes on top.
    assert (abs(shares - exact) <= 4 * error + math.exp(-8)).all()


def test_departments_that_see_the_same_add_nothing_and_others_do():
    assert visible_share([0.3, 0.0, 0.0]) == pytest.approx(0.3)
    assert visible_share([0.3, 1.0]) == 1.0
    assert visible_share(0.3) == pytest.approx(0.3)
    assert_allclose(visible_share([[0.5, 0.5], [0.2, 0.0]]), [0.75, 0.2])


def test_equal_subsidies_leak_by_the_share_of_households_and_unequal_ones_do_not():
    assert budget_leakage([5, 5], [0.1, 0.3], [3, 1]) == pytest.approx(0.15)
    assert budget_leakage([9, 1], [0.1, 0.3]) == pytest.approx((0.9 + 0.3) / 10)
    assert budget_leakage(7, 0.25) == 0.25


# In kind -----------------------------------------------------------------------------------------


def test_scalars_stay_scalars_arrays_broadcast_and_labels_return():
    assert isinstance(subletting_value(6, 40, 0.1, 5), float)
    assert subletting_value([[6.0], [7.0]], 40, [0.1, 0.2, 0.3], 5).shape == (2, 3)
    detection = pd.Series([0.05, 0.10], index=["north", "south"])
    assert deterrent_penalty(6000, detection)["north"] == pytest.approx(120_000)
    states = collection_states(detection * 0 + 50, 50, 0.6, 0.1)
    assert list(states.threshold.index) == ["north", "south"]
    error = inclusion_error(detection, 0.04, 3)
    assert error["south"] == inclusion_error(0.10, 0.04, 3)
    assert deterrent_detection([6.0, 7.0], [[40.0], [80.0]]).shape == (2, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: subletting_value(6, 40, 10, 5),
            "detection must be at least 0 and at most 1, got 10",
        ),
        (lambda: subletting_value(-6, 40, 0.1, 5), "gain must be at least 0, got -6"),
        (
            lambda: subletting_value(6, 40, 0.1, 0),
            "years must be a whole number of",
        ),
        (
            lambda: subletting_value(6, 40, 0.1, 2.5),
            "years must be a whole number of at least 1, got 2.5",
        ),
        (
            lambda: subletting_value(6, 40, 0.1, 5, 10),
            "discount_rate must be above -1 and at most 1",
        ),
        (
            lambda: subletting_value(6, 40, 0.1, 5, -0.1),
            "discount_rate must be at least 0, got -0.1",
        ),
        (lambda: subletting_value(6, 40, 0.1, 5, delay=-1), "delay must be at least 0, got -1"),
        (
            lambda: subletting_value(6, 40, 0.1, 5, exclusion=-1),
            "whole number of at least 0, got -1",
        ),
        (
            lambda: subletting_value(6, [1, 2], [0.1] * 3, 5),
            "shapes do not match: penalty (2,), dete",
        ),
        (lambda: deterrent_penalty(6, 0), "detection must be above 0 and at most 1, got 0"),
        (lambda: deterrent_detection(6, np.nan), "penalty must be at least 0, got nan"),
        (
            lambda: simulate_subletting(6, 40, 0.1, 5, tenants=0),
            "tenants must be a whole number of at",
        ),
        (lambda: simulate_subletting(6, 40, [0.1], 5), "detection must be one number"),
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
            lambda: collection_path(0.5, 0.5, 3, **ESTATE, subsidy=[1, 2]),
            "subsidy must be one number",
        ),
        (
            lambda: collection_path(0.5, 0.5, 3, **ESTATE, household_speed=0),
            "household_speed must be above 0 and at most 1, got 0",
        ),
        (lambda: visible_share([0.3, 30]), "shares must be at least 0 and at most 1, got 30"),
        (lambda: inclusion_error(-0.1, 0.04, 3), "rise_rate must be at least 0, got -0.1"),
        (lambda: inclusion_error(0.1, 0, 3), "return_rate must be above 0, got 0"),
        (lambda: inclusion_error(0.1, 0.04, 0), "audit_interval must be above 0, got 0"),
        (
            lambda: inclusion_error(0.1, 0.04, 3, visible=60),
            "visible must be at least 0 and at most 1",
        ),
        (
            lambda: inclusion_error(0.1, 0.04, 3, transition=-1),
            "transition must be at least 0, got -1",
        ),
        (lambda: inclusion_error_after(-1, 0.1, 0.04, 3), "time must be at least 0, got -1"),
        (lambda: simulate_inclusion_error([0, 3], 0.1, 0.04, 3), "stay below the audit interval 3"),
        (lambda: simulate_inclusion_error([1, 0], 0.1, 0.04, 3), "times must rise and stay below"),
        (
            lambda: simulate_inclusion_error(0, 0.1, 0.04, 3, cycles=0),
            "cycles must be a whole number",
        ),
        (
            lambda: budget_leakage([1, 2], [0.1] * 3),
            "shapes of subsidy, error and households do not",
        ),
        (lambda: budget_leakage([0, 0], [0.1, 0.2]), "the budget must be above 0, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
