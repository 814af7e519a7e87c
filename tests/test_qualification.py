"""Who still qualifies: closed forms against a chain and simulated households; refusals."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.linalg import expm

from housing.oversight import (
    budget_leakage,
    inclusion_error,
    inclusion_error_after,
    inclusion_error_floor,
    move_outs,
    simulate_inclusion_error,
    visible_share,
)

reproducible = settings(deadline=None, derandomize=True)


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
    # Just before an audit, by a little more than what is taken for its day.
    almost = regime["audit_interval"] * (1 - 2e-9)
    # Deadlines a hair from an audit fall on its other side in one of the two.
    beyond = regime["transition"] / regime["audit_interval"] % 1
    assume(beyond == 0 or 1e-6 < beyond < 1 - 1e-6)
    # The linear system is solved to about 1e-9 where audits follow each other fast; 8 years at
    # rates of up to 2 move by 3.2e-8 in the little that is missing.
    assert inclusion_error_after(almost, **regime) == pytest.approx(before, abs=4e-8)
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


@pytest.mark.parametrize("interval", [1e-300, 1e-12, 1e-6])
def test_under_audits_without_pause_all_who_rise_move_out(interval):
    assert move_outs(0.06, 0.04, interval) == pytest.approx(0.06, rel=1e-6)


def test_labels_return():
    rise = pd.Series([0.05, 0.10], index=["north", "south"])
    error = inclusion_error(rise, 0.04, 3)
    assert error["south"] == inclusion_error(0.10, 0.04, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
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
            lambda: simulate_inclusion_error(0, 0.1, 0.04, 1e8),
            "audit_interval must ask for at most 20,000 rounds of moves, got 100000000",
        ),
        (
            lambda: simulate_inclusion_error(0, 0.1, 0.04, 3, cycles=1e9),
            "cycles must ask for at most 20,000 audits, got 1000000000",
        ),
        (
            lambda: simulate_inclusion_error(0, 0.1, 0.04, 3, dwellings=1e12),
            "dwellings must ask for at most 50,000,000 random draws, got 1e+12",
        ),
        (
            lambda: move_outs(0.06, 0.04, 5e-324),
            "floats: rise_rate 0.06, return_rate 0.04, audit_i",
        ),
        (lambda: move_outs(0.06, 5e-324, 1), "floats: rise_rate 0.06, return_rate 4.94066e-324, "),
        (lambda: move_outs(0.06, 0.04, [1, 1e-308]), "audit_interval from 1e-308 to 1"),
        (
            lambda: budget_leakage([1, 2], [0.1] * 3),
            "shapes do not match: subsidy (2,), error (3,)",
        ),
        (lambda: budget_leakage([0, 0], [0.1, 0.2]), "the budget must be above 0, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
