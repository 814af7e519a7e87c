"""Rent for three parties: the paper's rent, solver against closed form, what holds the rent."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from min_xin import BUILDER, GOVERNMENT, RENT, TENANT, WEIGHTS, min_xin, tripartite
from numpy.testing import assert_allclose, assert_array_equal

from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, InfeasibleError, Programme
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)
slopes = st.floats(-1000, 1000).filter(lambda slope: abs(slope) > 1e-3)
votes = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any)


@st.composite
def programmes(draw, most_types: int = 3) -> Programme:
    """Draw a programme of several rents in a box, cut by halfplanes that keep its middle."""
    types = draw(st.integers(1, most_types))
    rows = st.lists(slopes, min_size=types, max_size=types)
    parties = [LinearFunction(draw(rows), draw(st.floats(-100, 100))) for _ in range(3)]
    constraints = [
        Constraint(f"rent {place}", LinearFunction(unit, 0), at_least=1, at_most=20)
        for place, unit in enumerate(np.eye(types))
    ]
    for place in range(draw(st.integers(0, 3))):
        cut = LinearFunction(draw(rows), 0.0)
        least = cut.at(np.full(types, 10.0)) - draw(st.floats(0, 50)) * np.linalg.norm(cut.slopes)
        constraints.append(Constraint(f"cut {place}", cut, at_least=least))
    return Programme(*parties, constraints)


def test_the_rent_is_the_printed_one_and_the_builder_holds_it():
    best = tripartite().solve(WEIGHTS)
    assert NEAREST.round(best.rents[0], 0.001) == 10.796
    assert best.binding == ("surplus, at least 0",)
    assert best.living_cost == pytest.approx(TENANT.at(best.rents[0]), rel=1e-12)
    goal = tripartite().objective(WEIGHTS)
    assert goal.slopes[0] == pytest.approx(-330.044, rel=1e-12)
    assert NEAREST.round(goal.constant, 0.01) == 702.38


def test_the_share_stated_leaves_no_rent_and_the_error_says_why():
    sold = min_xin(sold=0.4432).annual_surplus()
    with pytest.raises(InfeasibleError, match=r"surplus, at least 0 \(\d+\.\d+ P - \d+") as error:
        tripartite(builder=sold).solve(WEIGHTS)
    assert error.value.conflict == ("affordability, at most 11.9752", "surplus, at least 0")
    assert error.value.gap == pytest.approx(sold.root() - 11.9752, abs=1e-7)  # HiGHS


def test_best_corners_tell_whether_the_rents_are_the_only_best_ones():
    """Three parties that see only the sum of two rents leave their difference open."""
    both = LinearFunction([1, 1], 0)
    ends = [
        Constraint(name, LinearFunction(unit, 0), at_least=0, at_most=10)
        for name, unit in (("large", [1, 0]), ("small", [0, 1]))
    ]
    level = Programme(both, 3 * both, -1 * both, [Constraint("sum", both, at_least=8), *ends])
    assert_allclose(level.best_corners(WEIGHTS), [[0, 8], [8, 0]], atol=1e-12)
    assert level.solve(WEIGHTS).rents.sum() == pytest.approx(8)
    tilted = Programme(LinearFunction([1, 2], 0), 0 * both, 0 * both, level.constraints)
    assert_allclose(tilted.best_corners(WEIGHTS), [[8, 0]], atol=1e-12)


@reproducible
@given(programmes(most_types=1), votes)
def test_the_closed_form_and_the_solver_agree(programme, vote):
    weights = np.array(vote) / sum(vote)
    solved, closed = programme.solve(weights), programme.closed_form(weights)
    # HiGHS keeps constraints to 1e-7 of a row of length 1.
    slope = abs(programme.objective(weights).slopes[0])
    assert solved.value == pytest.approx(closed.value, abs=1e-6 * (1 + slope), rel=1e-9)


@reproducible
@given(programmes(), st.lists(votes, min_size=1, max_size=20))
def test_corners_and_the_solver_agree(programme, table):
    weights = np.array(table) / np.sum(table, axis=1, keepdims=True)
    at_once = programme.evaluate(weights)
    for row, value, rents in zip(weights, at_once.value, at_once.rents, strict=True):
        goal = programme.objective(row)
        scale = 1 + float(np.abs(goal.slopes).sum())
        assert programme.solve(row).value == pytest.approx(value, abs=1e-6 * scale, rel=1e-9)
        assert goal.at(rents) == pytest.approx(value, abs=1e-9 * scale, rel=1e-9)


def test_the_map_agrees_with_the_solver_on_a_random_sample():
    mapped = tripartite().weight_map(446)
    assert len(mapped.weights) == 100_128
    for row in np.random.default_rng(2014).choice(len(mapped.weights), 40, replace=False):
        solved = tripartite().solve(mapped.weights[row])
        assert solved.rents[0] == pytest.approx(mapped.rents[row, 0], abs=1e-6)
        assert solved.value == pytest.approx(mapped.value[row], abs=1e-3)  # 1e-6 x slopes


def test_the_optimum_jumps_where_the_weighted_slope_is_zero():
    mapped = tripartite().weight_map(200)
    slope = mapped.weights @ [-780.21, 871.72, 169.7]
    low, high = tripartite().rent_interval()[:2]
    clear = np.abs(slope) > 1e-9
    assert_allclose(mapped.rents[clear, 0], np.where(slope > 0, high, low)[clear], rtol=1e-12)


@reproducible
@given(programmes(), st.integers(0, 10_000))
def test_no_mixture_of_corners_is_better_for_all_than_an_efficient_one(programme, seed):
    scaled = programme.normalised()
    efficient = programme.efficient_corners()
    assert len(efficient) >= 1
    worth = scaled.payoffs(programme.corners)
    mixtures = np.random.default_rng(seed).dirichlet(np.full(len(worth), 0.3), 300) @ worth
    for own in scaled.payoffs(efficient):
        gains = mixtures - own
        # Weights of at least 1e-7 speak for the corner: gains of 1e-3 would outweigh noise.
        assert not ((gains >= -1e-12).all(axis=1) & (gains.sum(axis=1) > 1e-3)).any()


def test_a_corner_at_which_all_could_gain_is_not_efficient():
    ends = [
        Constraint(f"rent {place}", LinearFunction(unit, 0), at_least=0, at_most=1)
        for place, unit in enumerate(np.eye(2))
    ]
    # Tenants mind the first rent only; builder and government want the second high.
    programme = Programme(
        LinearFunction([1, 0], 0), LinearFunction([1, 1], 0), LinearFunction([0, 1], 0), ends
    )
    assert_array_equal(programme.corners, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert_array_equal(programme.efficient_corners(), [[0, 1], [1, 1]])


def test_scaled_objectives_run_from_0_to_1():
    scaled = tripartite().normalised()
    for party in (scaled.tenant, scaled.builder, scaled.government):
        assert_allclose(np.sort(party.at(scaled.corners)), [0, 1], atol=1e-12)
    assert scaled.solve(WEIGHTS).rents == pytest.approx(tripartite().solve(WEIGHTS).rents)


def test_an_objective_that_no_rent_moves_is_scaled_to_nothing():
    flat = tripartite(government=LinearFunction(0, 5)).normalised()
    assert (flat.government.slopes[0], flat.government.constant) == (0, 0)


def test_several_rents_are_each_held_by_their_own_constraint():
    surplus = LinearFunction([600, 400], -9_000)
    ends = [
        Constraint(name, LinearFunction(unit, 0), at_least=1, at_most=limit)
        for name, unit, limit in zip(("large", "small"), np.eye(2), (12, 8), strict=True)
    ]
    programme = Programme(
        LinearFunction([500, 300], 6_000),
        surplus,
        LinearFunction([-10, -10], 0),
        [Constraint("surplus", surplus, at_least=0), *ends],
    )
    best = programme.solve([0.8, 0.1, 0.1])
    # Small flats raise the surplus at less cost of living, so they pay all that they may.
    assert_allclose(best.rents, [(9_000 - 8 * 400) / 600, 8], rtol=1e-9)
    assert best.binding == ("surplus, at least 0", "small, at most 8")
    assert_allclose(programme.corners, [[29 / 3, 8], [12, 4.5], [12, 8]], rtol=1e-12)


def test_only_the_constraints_that_exclude_each_other_are_named():
    both = LinearFunction([1, 1], 0)
    ends = [
        Constraint(f"rent {k}", LinearFunction(unit, 0), at_least=0, at_most=5)
        for k, unit in enumerate(np.eye(2))
    ]
    crowded = Programme(
        both,
        both,
        both,
        [Constraint("loose", both, at_most=50), *ends, Constraint("sum", both, at_least=12)],
    )
    with pytest.raises(InfeasibleError) as error:
        crowded.weight_map(4)
    assert error.value.conflict == ("rent 0, at most 5", "rent 1, at most 5", "sum, at least 12")
    # Missing the sum alone by 2 is a distance of 2 / sqrt(2) in rents.
    assert error.value.gap == pytest.approx(2**0.5, rel=1e-6)


def test_one_rent_at_one_point_is_feasible():
    point = tripartite(limit=BUILDER.root())
    assert point.solve([0, 1, 0]).rents[0] == pytest.approx(BUILDER.root(), rel=1e-9)
    assert len(point.corners) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: tripartite().solve([0.7, 0.2, 0.3]),
            "weights must add up to 1, got 0.7 + 0.2 + 0.3 = 1.2",
        ),
        (
            lambda: tripartite().solve([1.1, -0.1, 0]),
            "weights must be at least 0, got -0.1 at posi",
        ),
        (
            lambda: tripartite().solve([60, 10, 30]),
            "weights must add up to 1, got 60 + 10 + 30 = 100",
        ),
        (lambda: tripartite().solve([0.5, 0.5]), "weights must be three, of tenant, builder, gov"),
        (
            lambda: tripartite().evaluate([[1, 0, 0], [1, 1, 0]]),
            "add up to 1, got 1 + 1 + 0 = 2 in row 1",
        ),
        (lambda: tripartite().solve([np.nan, 0, 1]), "weights must be finite, got nan"),
        (lambda: tripartite(limit=0.5).solve(WEIGHTS), "exclude each other, by"),
        (lambda: Programme(TENANT, BUILDER, GOVERNMENT, []), "constraints is empty"),
        (
            lambda: Programme(
                TENANT, BUILDER, GOVERNMENT, [Constraint("low", RENT, at_least=1)]
            ).solve(WEIGHTS),
            "constraints must give every rent a lowest and a highest value",
        ),
        (
            lambda: Programme(
                LinearFunction([1, 2], 0), BUILDER, GOVERNMENT, [Constraint("low", RENT, 1)]
            ),
            "all functions must have the 2 rents of tenant, got one of 1",
        ),
        (lambda: Constraint("rent", RENT), "rent: at_least or at_most must be given"),
        (lambda: Constraint("rent", RENT, 3, 2), "rent: at_least 3 is above at_most 2"),
        (lambda: Constraint("rent", RENT, np.nan), "rent: bounds must be numbers, got nan"),
        (
            lambda: tripartite(builder=LinearFunction(0, 5)).solve(WEIGHTS),
            "surplus does not depend on any rent",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
