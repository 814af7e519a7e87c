"""Rent for three parties: the paper's rent, linprog, kinds of weights, what is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from min_xin import BUILDER, GOVERNMENT, RENT, TENANT, WEIGHTS, min_xin, tripartite
from numpy.testing import assert_allclose, assert_array_equal
from programmes import chosen, ends, line
from scipy.optimize import linprog

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


def by_linprog(programme: Programme, weights) -> float:
    """Return the best weighted value that SciPy's solver finds."""
    goal = programme.objective(weights)
    rows, limits = [], []
    for constraint in programme.constraints:
        slopes, constant = constraint.function.slopes, constraint.function.constant
        for sign, bound in ((-1.0, constraint.at_least), (1.0, constraint.at_most)):
            if np.isfinite(bound):
                rows.append(sign * slopes)
                limits.append(sign * (bound - constant))
    return goal.constant - linprog(-goal.slopes, rows, limits, bounds=(None, None)).fun


@reproducible
@given(programmes(most_types=1), votes)
def test_the_closed_form_agrees_with_linprog(programme, vote):
    weights = np.array(vote) / sum(vote)
    solved, closed = programme.solve(weights), programme.closed_form(weights)
    assert (solved.rents, solved.value, solved.binding) == (
        closed.rents,
        closed.value,
        closed.binding,
    )
    # HiGHS keeps constraints to 1e-7.
    scale = 1 + float(np.abs(programme.objective(weights).slopes).max())
    value = by_linprog(programme, weights)
    assert closed.value == pytest.approx(value, abs=1e-6 * scale, rel=1e-9)


def test_constraints_that_meet_in_no_point_leave_the_corners_of_the_others():
    units = [LinearFunction(unit, 0) for unit in np.eye(3)]
    box = [Constraint(f"rent {n}", unit, 0, 1) for n, unit in enumerate(units)]
    # With the first two rents it does not say where the third is.
    both = Constraint("both", LinearFunction([1, 1, 0], 0), at_most=1)
    found = Programme(*units, [*box, both]).corners
    assert found.tolist() == [
        [a, b, c] for a in (0, 1) for b in (0, 1 - a)[: 2 - a] for c in (0, 1)
    ]


@reproducible
@given(programmes(), st.lists(votes, min_size=1, max_size=4))
def test_corners_agree_with_linprog(programme, table):
    weights = np.array(table) / np.sum(table, axis=1, keepdims=True)
    at_once = programme.evaluate(weights)
    for row, value, rents in zip(weights, at_once.value, at_once.rents, strict=True):
        goal = programme.objective(row)
        scale = 1 + float(np.abs(goal.slopes).sum())
        assert by_linprog(programme, row) == pytest.approx(value, abs=1e-6 * scale, rel=1e-9)
        assert goal.at(rents) == pytest.approx(value, abs=1e-9 * scale, rel=1e-9)
        assert_array_equal(programme.solve(row).rents, rents)
        assert_array_equal(programme.best_corners(row)[0], rents)


def test_the_map_agrees_with_linprog_on_a_random_sample():
    mapped = tripartite().weight_map(446)
    assert len(mapped.weights) == 100_128
    for row in np.random.default_rng(2014).choice(len(mapped.weights), 40, replace=False):
        value = by_linprog(tripartite(), mapped.weights[row])
        assert value == pytest.approx(mapped.value[row], abs=1e-3)  # 1e-6 x slopes


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


@pytest.mark.parametrize("slope", [-1e20, -1e29, -1e32, -1e300])
def test_a_limit_that_is_next_to_nothing_excludes_others_as_nothing_does(slope):
    """The surplus is above 0 at rents below 0 alone, if only by dust; the rent is at least 1."""
    with pytest.raises(InfeasibleError) as error:
        tripartite(builder=LinearFunction(slope, -9400)).solve(WEIGHTS)
    assert error.value.conflict == ("surplus, at least 0", "market, at least 1")
    assert error.value.gap == pytest.approx(1, rel=1e-9)


def test_the_ends_of_an_interval_are_set_by_what_is_met_first():
    rent = LinearFunction([1.0], 0.0)
    cuts = [
        Constraint(f"{name} {kind}", rent, **{f"at_{kind}": value})
        for name, kind, value in (
            ("loose", "most", 90),
            ("loose", "least", 1),
            ("tight", "least", 7),
            ("tight", "most", 20),
        )
    ]
    found = Programme(rent, rent, rent, cuts).rent_interval()
    assert (found.low, found.high) == pytest.approx((7, 20))
    assert (found.low_by, found.high_by) == ("tight least, at least 7", "tight most, at most 20")


def test_one_rent_at_one_point_is_feasible():
    point = tripartite(limit=BUILDER.root())
    assert point.solve([0, 1, 0]).rents[0] == pytest.approx(BUILDER.root(), rel=1e-9)
    assert len(point.corners) == 1


# Kinds of weights ---------------------------------------------------------------------------------

THREE = line(builder=3, government=-2)
LABELLED = {"government": 0.1, "tenant": 0.3, "builder": 0.6}


@pytest.mark.parametrize(
    "weights",
    [
        LABELLED,
        pd.Series(LABELLED),
        pd.DataFrame([LABELLED]),
        pd.Series([0.3, 0.6, 0.1]),
        (0.3, 0.6, 0.1),
        [Decimal("0.3"), Decimal("0.6"), Decimal("0.1")],
        pd.Series({party: Fraction(weight) for party, weight in LABELLED.items()}),
        np.array([[0.3, 0.6, 0.1]]),
    ],
    ids=lambda weights: type(weights).__name__,
)
def test_weights_go_by_their_labels_or_else_by_their_place(weights):
    # By place, the labelled ones would give 1.
    assert_array_equal(chosen(THREE, weights), [20])
    assert THREE.objective(weights).slopes[0] == pytest.approx(1.3)


def test_a_frame_or_a_mapping_of_many_weights_goes_by_labels_too():
    many = {"builder": [0.6, 0.1], "government": 0.1, "tenant": [0.3, 0.8]}
    assert THREE.evaluate(many).rents[:, 0].tolist() == [20, 1]
    assert THREE.evaluate(pd.DataFrame(many)).rents[:, 0].tolist() == [20, 1]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (pd.Series({"a": 0.3, "b": 0.6, "c": 0.1}), "must be labelled tenant, builder, governm"),
        (pd.Series({2: 0.3, 0: 0.6, 1: 0.1}), "must be labelled tenant, builder, government, got"),
        (pd.Series([0.3, 0.6, 0.1], index=["tenant", "builder", "builder"]), "must be labelled"),
        ({"tenant": 0.4, "builder": 0.6}, "must be labelled tenant, builder, government, got"),
        (np.ma.array([0.3, 0.6, 0.1], mask=[0, 0, 1]), "must have no masked entries"),
        ([date(2020, 1, 1), 0, 1], "must be a number or an array of numbers"),
        ([1j, 0, 1], "must be a number or an array of numbers"),
        ([10**400, 0, 0], "must be finite as a float, got 1.000e+400 at position 0"),
        (1.0, "must be three, of tenant, builder, government, got ()"),
        ([1e308, 1e308, 1e308], "must add up to 1"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_weights_that_are_none_are_refused(weights, said):
    with pytest.raises(ValueError, match=re.escape(f"weights {said}")):
        THREE.solve(weights)


# Many constraints ---------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [1e-7, 1, 1e5])
@pytest.mark.parametrize("slope", [1e-7, 1, 1e9])
def test_a_programme_with_many_constraints_is_solved_without_its_corners(unit, slope):
    """A disc of tangents; the best point is where the objective points to."""
    angles = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    tangents = [
        Constraint(f"{place}", LinearFunction([np.cos(angle), np.sin(angle)], 0), at_most=unit)
        for place, angle in enumerate(angles)
    ]
    wish = slope * np.array([np.cos(angles[7] + 0.001), np.sin(angles[7] + 0.001)])
    parties = [LinearFunction(sign * wish, 1e3 * slope) for sign in (-1, 1, 1)]
    best = Programme(*parties, tangents).solve([0.2, 0.5, 0.3])
    assert best.binding == (f"7, at most {unit:g}", f"8, at most {unit:g}")
    middle = (angles[7] + angles[8]) / 2
    corner = np.array([np.cos(middle), np.sin(middle)]) * unit / np.cos(angles[1] / 2)
    assert_allclose(best.rents, corner, rtol=1e-9)


def test_many_constraints_are_refused_where_they_exclude_each_other_or_leave_no_end():
    parties = [LinearFunction(np.ones(5), 0)] * 3
    loose = [Constraint(f"sum {k}", LinearFunction(np.arange(5) + k, 0), 1, 99) for k in range(12)]
    with pytest.raises(ValueError, match="constraints must give every rent a lowest and a high"):
        Programme(*parties, loose).solve(WEIGHTS)
    much = Constraint("much", LinearFunction(np.ones(5), 0), at_least=27)
    with pytest.raises(InfeasibleError, match="exclude each other") as error:
        Programme(*parties, [*loose[:6], *ends(*[5] * 5), much]).solve(WEIGHTS)
    limits = [f"rent {place}, at most 5" for place in range(1, 6)]
    assert error.value.conflict == (*limits, "much, at least 27")
    assert error.value.gap == pytest.approx(2 / 5**0.5, rel=1e-9)
    with pytest.raises(ValueError, match="constraints must leave at most 1,000,000 choices"):
        Programme(*parties, loose * 3).weight_map(2)


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
        (lambda: Constraint("rent", RENT, np.inf), "rent: at_least must be finite, got inf"),
        (lambda: Constraint("rent", RENT, at_most=-np.inf), "rent: at_most must be finite"),
        (lambda: Constraint("rent", RENT, at_most="2"), "rent: at_most must be a number"),
        (lambda: Constraint("rent", RENT, [1, 2]), "rent: at_least must be one number"),
        (lambda: Constraint("rent", 5, 1), "function must be a LinearFunction, got 5"),
        (lambda: tripartite(tenant=3), "tenant must be a LinearFunction, got 3"),
        (lambda: Programme(TENANT, BUILDER, GOVERNMENT, RENT), "constraints must be a sequence of"),
        (lambda: tripartite().solve([[1, 0, 0], [0, 1, 0]]), "weights must be one vector, got 2"),
        (lambda: tripartite().evaluate(np.ones((1, 1, 3))), "weights must be three, of tenant"),
        (lambda: tripartite().weight_map(1e9), "divisions must ask for at most 50,000,000"),
        (lambda: tripartite().weight_map(1e300), "divisions must ask for at most 50,000,000"),
        *(
            (call, "tenant, builder, government must be small enough for finite results at rents")
            for call in (
                lambda: line(government=1e308).solve(WEIGHTS),
                lambda: line(government=1e308).closed_form(WEIGHTS),
                lambda: line(government=-1e308).weight_map(2),
            )
        ),
        (
            lambda: (
                Programme(
                    *[LinearFunction([1, 1], 0)] * 3,
                    [*ends(20, 20), Constraint("far", LinearFunction([-1e150, 1e-150], 0), 1e150)],
                ).corners
            ),
            "constraints must not be too far apart in size to reckon with in floats",
        ),
        (lambda: line(rent=1e200).corners, "rent: bounds must be on rents of at most 1e+150"),
        (
            lambda: tripartite(builder=LinearFunction(0, 5)).solve(WEIGHTS),
            "surplus does not depend on any rent",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
