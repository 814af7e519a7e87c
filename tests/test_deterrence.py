"""Deterrence: closed forms against sums and simulated tenants; limits; refusals."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from housing.oversight import (
    deterrent_detection,
    deterrent_penalty,
    simulate_subletting,
    subletting_value,
)

reproducible = settings(deadline=None, derandomize=True)
#: Sums of some thirty terms, each a few roundings off.
CLOSE = {"rel": 1e-11, "abs": 1e-9}


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


def test_scalars_stay_scalars_arrays_broadcast_and_labels_return():
    assert isinstance(subletting_value(6, 40, 0.1, 5), float)
    assert subletting_value([[6.0], [7.0]], 40, [0.1, 0.2, 0.3], 5).shape == (2, 3)
    detection = pd.Series([0.05, 0.10], index=["north", "south"])
    assert deterrent_penalty(6000, detection)["north"] == pytest.approx(120_000)
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
        (lambda: deterrent_detection(6, np.nan), "penalty must be finite, got nan"),
        (
            lambda: simulate_subletting(6, 40, 0.1, 5, tenants=0),
            "tenants must be a whole number of at",
        ),
        (
            lambda: simulate_subletting(6, 40, 0.1, 1e308),
            "years must ask for at most 20,000 years, got 1e+308",
        ),
        (
            lambda: simulate_subletting(6, 40, 0.1, 20_001),
            "years must ask for at most 20,000 years, got 20001",
        ),
        (
            lambda: simulate_subletting(6, 40, 0.1, 5, tenants=1e300),
            "tenants must ask for at most 50,000,000 random draws, got 1e+300",
        ),
        (lambda: simulate_subletting(6, 40, [0.1], 5), "detection must be one number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
