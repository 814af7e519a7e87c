"""Rent for three parties: the paper's rent, linprog and exact arithmetic, ties, what is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from min_xin import BUILDER, GOVERNMENT, RENT, TENANT, WEIGHTS, min_xin, tripartite
from numpy.testing import assert_allclose, assert_array_equal
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


def test_one_rent_at_one_point_is_feasible():
    point = tripartite(limit=BUILDER.root())
    assert point.solve([0, 1, 0]).rents[0] == pytest.approx(BUILDER.root(), rel=1e-9)
    assert len(point.corners) == 1


# Ties of rounded numbers --------------------------------------------------------------------------

#: A tie but for the last bits, and one that is none.
NOISE, CLEAR = 1e-12, 1e-7
#: Units of money, units of rent, and a constant in units of money.
UNITS = [(1, 1, 0), (1e-7, 1, 1e3), (1e9, 1, 1e9), (1, 1e5, 1e12), (1, 1e-7, 1), (1e-7, 1e5, 1e9)]
in_units = pytest.mark.parametrize(("money", "rent", "constant"), UNITS)


def line(tenant=1.0, builder=1.0, government=1.0, money=1.0, rent=1.0, constant=0.0) -> Programme:
    """Return a programme of one rent from 1 to 20, in any units."""
    slopes = np.array([tenant, builder, government]) * money / rent
    parties = [LinearFunction(slope, constant * money) for slope in slopes]
    return Programme(*parties, [Constraint("rent", RENT, at_least=rent, at_most=20 * rent)])


def ends(*limits, least=0.0) -> list[Constraint]:
    """Return the bounds of several rents."""
    units = np.eye(len(limits))
    return [
        Constraint(f"rent {place}", LinearFunction(unit, 0), least, limit)
        for place, (unit, limit) in enumerate(zip(units, limits, strict=True), start=1)
    ]


def chosen(programme: Programme, weights) -> np.ndarray:
    """Return the rents that all ways to the optimum agree on."""
    rents = programme.evaluate(weights).rents[0]
    ways = [programme.solve(weights).rents, programme.best_corners(weights)[0]]
    if programme.types == 1:
        ways.append(programme.closed_form(weights).rents)
    for other in ways:
        assert_array_equal(other, rents)
    return rents


@in_units
@pytest.mark.parametrize(
    ("builder", "best", "count"),
    [(1, 1, 2), (1 + NOISE, 1, 2), (1 - NOISE, 1, 2), (1 + CLEAR, 20, 1), (1 - CLEAR, 1, 1)],
)
def test_a_tie_gives_the_lower_end_in_any_units(money, rent, constant, builder, best, count):
    # 0.5 = 0.45 + 0.05, but not in floats.
    programme = line(builder=builder, money=money, rent=rent, constant=constant)
    assert_allclose(chosen(programme, [0.5, 0.45, 0.05]), [best * rent], rtol=1e-15)
    assert len(programme.best_corners([0.5, 0.45, 0.05])) == count


@pytest.mark.parametrize("builder", [1, 3, 0.7])
def test_all_ties_on_a_map_fall_alike(builder):
    mapped = line(builder=builder).normalised().weight_map(446)
    tied = mapped.weights[:, 0] == 0.5
    assert tied.sum() == 224
    assert set(mapped.rents[tied, 0]) == {1}
    assert set(mapped.rents[mapped.weights[:, 0] < 0.5, 0]) == {20}


@in_units
@pytest.mark.parametrize(
    ("second", "best"),
    [
        (1, [[0, 8], [8, 0]]),
        (1 + NOISE, [[0, 8], [8, 0]]),
        (1 + CLEAR, [[8, 0]]),
        (1 - CLEAR, [[0, 8]]),
    ],
)
def test_a_tie_of_corners_gives_the_first_in_any_units(money, rent, constant, second, best):
    both = LinearFunction(np.array([1, second]) * money / rent, constant * money)
    total = Constraint("sum", LinearFunction([1 / rent, 1 / rent], 0), at_least=8)
    programme = Programme(both, 3 * both, -1 * both, [total, *ends(10 * rent, 10 * rent)])
    assert_allclose(programme.best_corners(WEIGHTS), np.array(best) * rent, atol=1e-9 * rent)
    assert_allclose(chosen(programme, WEIGHTS), np.array(best[0]) * rent, atol=1e-9 * rent)


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e9])
def test_small_slopes_decide_as_large_ones_do(unit):
    """The corner [20, 20] brings 35 units, [10, 30] 32.5."""
    programme = Programme(
        LinearFunction([unit, unit], 0),
        LinearFunction([3 * unit, 2.5 * unit], 0),
        LinearFunction([0, 0], 0),
        [*ends(20, 30, least=1), Constraint("sum", LinearFunction([1, 1], 0), at_most=40)],
    )
    assert_array_equal(chosen(programme, [0.5, 0.5, 0]), [20, 20])


@pytest.mark.parametrize("constant", [0, 1e9, -1e15])
def test_a_constant_makes_no_tie(constant):
    programme = Programme(
        LinearFunction(-1, 0), LinearFunction(1.5, constant), LinearFunction(0, 0), ends(20)
    )
    assert_array_equal(programme.best_corners([0.5, 0.5, 0]), [[20]])


def test_a_party_that_counts_in_thousandths_decides_where_the_others_are_level():
    programme = Programme(
        LinearFunction([0, 1e-7], 0), LinearFunction([1e9, 0], 0), LinearFunction([1e9, 0], 0),
        ends(1, 1),
    )  # fmt: skip
    assert_array_equal(programme.best_corners([0.4, 0.3, 0.3]), [[1, 0]])


@pytest.mark.parametrize("size", [1e-7, 1.0, 1e5, 1e7])
@pytest.mark.parametrize(("nudge", "count"), [(0, 1), (NOISE, 1), (CLEAR, 2)])
def test_corners_are_told_apart_by_their_size(size, nudge, count):
    """A cut through the corner of both limits, or past it."""
    cut = Constraint("cut", LinearFunction([1, 2], 0), at_most=30 * size * (1 - nudge))
    programme = Programme(*(LinearFunction([1, 1], 0),) * 3, [cut, *ends(10 * size, 10 * size)])
    assert len(programme.corners) == 3 + count
    assert_array_equal(programme.corners[:2], [[0, 0], [0, 10 * size]])


@pytest.mark.parametrize("seed", range(5))
def test_a_corner_of_large_rents_is_listed_once(seed):
    """Constraints of random slopes all pass through one point, to the last bits."""
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(5, 3))
    point = 10 ** rng.uniform(5, 8) * rng.uniform(0.2, 1, 3)
    through = [
        Constraint(f"cut {place}", LinearFunction(row, 0), at_most=row @ point)
        for place, row in enumerate(slopes)
    ]
    corners = Programme(*(LinearFunction([1, 1, 1], 0),) * 3, [*through, *ends(*2 * point)]).corners
    near = np.abs(corners - point).max(axis=1) < 1e-6 * point.max()
    assert near.sum() == 1


def test_corners_have_the_same_bits_everywhere():
    surplus = LinearFunction([0.7, 1.1], 0.3)
    slope = Constraint("slope", LinearFunction([3, 1], 0), at_least=3)
    programme = Programme(
        *(surplus,) * 3, [Constraint("surplus", surplus, 3, 9), *ends(8.1, 7.3), slope]
    )
    assert programme.corners.tolist() == [
        [0.0, 3.0],
        [0.0, 7.3],
        [0.23076923076923084, 2.3076923076923075],
        [0.9571428571428555, 7.3],
        [3.8571428571428577, 0.0],
        [8.1, 0.0],
        [8.1, 2.7545454545454544],
    ]


@pytest.mark.parametrize(
    ("nudge", "held"),
    [(0, ("rent, at most 20", "twin")), (NOISE, ("rent, at most 20", "twin")), (CLEAR, ("twin",))],
)
@in_units
def test_what_holds_a_rent_is_told_by_its_size(money, rent, constant, nudge, held):
    twin = LinearFunction(money / rent, constant * money)
    bound = Constraint("twin", twin, at_most=20 * money * (1 - nudge) + constant * money)
    programme = Programme(twin, twin, twin, [*line(rent=rent).constraints, bound])
    # Where the constant swallows the difference, it cannot tell.
    lost = nudge == CLEAR and constant * np.finfo(float).eps > CLEAR
    best = programme.solve([0, 1, 0])
    names = tuple(name.partition(", at most ")[0] for name in best.binding)
    assert names == ("rent", "twin") if lost else tuple(n.partition(",")[0] for n in held)


@in_units
@pytest.mark.parametrize(("nudge", "feasible"), [(0, True), (NOISE, True), (CLEAR, False)])
def test_bounds_that_meet_but_for_noise_leave_one_rent(money, rent, constant, nudge, feasible):
    del constant
    least = Constraint("least", LinearFunction(money / rent, 0), at_least=20 * money * (1 + nudge))
    programme = Programme(RENT, RENT, RENT, [*line(rent=rent).constraints, least])
    if feasible:
        assert_allclose(programme.corners, [[20 * rent]], rtol=1e-9)
        assert len(programme.efficient_corners()) == 1
    else:
        with pytest.raises(InfeasibleError) as error:
            programme.solve(WEIGHTS)
        assert error.value.conflict[0].startswith("rent, at most")
        assert error.value.gap == pytest.approx(20 * rent * CLEAR, rel=1e-6)


@pytest.mark.parametrize(("nudge", "count"), [(0, 2), (NOISE, 2), (CLEAR, 1)])
@pytest.mark.parametrize("unit", [1e-7, 1, 1e9])
def test_a_gain_of_noise_is_no_gain(nudge, count, unit):
    """All want the second rent up; along the edge the builder gains its nudge, if at all."""
    edge = Constraint("edge", LinearFunction([1, -1], 0), at_least=0, at_most=0)
    programme = Programme(
        LinearFunction([0, 0], 0),
        LinearFunction(unit * np.array([1 + nudge, -1]), 0),
        LinearFunction([0, 0], 0),
        [edge, *ends(5, 5)],
    )
    assert len(programme.efficient_corners()) == count
    assert bool(programme.normalised().builder.slopes.any()) == (nudge == CLEAR)


def test_weights_that_leave_nothing_but_noise_are_0():
    rest = 1 - 0.9 - 0.1
    assert rest < 0
    assert_array_equal(line().solve([0.9, 0.1, rest]).rents, [1])
    with pytest.raises(ValueError, match="weights must be at least 0, got -1e-07 at position 2"):
        line().solve([0.9, 0.1 + CLEAR, -CLEAR])


# Exact arithmetic ---------------------------------------------------------------------------------


def determinant(rows: list[list[Fraction]]) -> Fraction:
    if not rows:
        return Fraction(1)
    return sum(
        (-1) ** place * value * determinant([row[:place] + row[place + 1 :] for row in rows[1:]])
        for place, value in enumerate(rows[0])
    )


def exact_corners(matrix, limits) -> list[list[Fraction]]:
    """Return the corners of a set of rents, in order, by Cramer's rule."""
    types, found = len(matrix[0]), set()
    for pick in combinations(range(len(limits)), types):
        rows, sides = [matrix[k] for k in pick], [limits[k] for k in pick]
        base = determinant(rows)
        if not base:
            continue
        point = tuple(
            determinant([[*r[:k], side, *r[k + 1 :]] for r, side in zip(rows, sides, strict=True)])
            / base
            for k in range(types)
        )
        if all(dot(row, point) <= most for row, most in zip(matrix, limits, strict=True)):
            found.add(point)
    return sorted(found)


def dot(left, right) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def exact_case(seed: int):
    """Draw a programme of small whole numbers, in a unit of its own for whatever counts.

    All parties may see the rents through one and the same sum, so that there are ties.
    """
    rng = np.random.default_rng(seed)
    types, spread = rng.integers(1, 4), int(rng.integers(0, 4))

    def ten() -> Fraction:
        return Fraction(10) ** int(rng.integers(-spread, spread + 1))

    def whole(low: int, high: int, size: int) -> list[Fraction]:
        return [Fraction(int(value)) for value in rng.integers(low, high + 1, size)]

    units = [ten() for _ in range(types)]
    functions = [[Fraction(int(k == place)) for k in range(types)] for place in range(types)]
    functions += [whole(-3, 3, types) for _ in range(rng.integers(0, 4))]
    rows = []
    for place, function in enumerate(filter(any, functions)):
        own = ten()
        constant, low = whole(-5, 5, 2)
        high = low + int(rng.integers(1, 9)) if place < types else None
        bounds = [None if end is None else own * (end + constant) for end in (low, high)]
        slopes = [own * slope / unit for slope, unit in zip(function, units, strict=True)]
        rows.append((slopes, own * constant, *bounds))
    seen, same = whole(-3, 3, types), rng.random() < 0.4
    parties = []
    for _ in range(3):
        own, wish = ten(), seen if same else whole(-3, 3, types)
        slopes = [own * slope / unit for slope, unit in zip(wish, units, strict=True)]
        parties.append((slopes, own * whole(-9, 9, 1)[0] * 1000))
    vote = whole(0, 4, 3)
    weights = [one / sum(vote) for one in vote] if any(vote) else [Fraction(1, 3)] * 3
    return rows, parties, weights, np.array(units, dtype=float)


@pytest.mark.parametrize("seed", range(40))
def test_corners_and_the_best_of_them_are_those_of_exact_arithmetic(seed):
    rows, parties, weights, units = exact_case(seed)
    programme = Programme(
        *(LinearFunction([float(v) for v in slopes], float(c)) for slopes, c in parties),
        [
            Constraint(
                f"row {place}",
                LinearFunction([float(value) for value in slopes], float(constant)),
                float(low),
                np.inf if high is None else float(high),
            )
            for place, (slopes, constant, low, high) in enumerate(rows)
        ],
    )
    lower = [([-v for v in slopes], c - low) for slopes, c, low, _ in rows]
    upper = [(slopes, high - c) for slopes, c, _, high in rows if high is not None]
    corners = exact_corners(*zip(*lower, *upper, strict=True))
    if not corners:
        with pytest.raises(InfeasibleError) as error:
            programme.solve([float(weight) for weight in weights])
        assert error.value.gap > 0
        return
    right = np.array(corners, dtype=float)
    assert programme.corners.shape == right.shape
    apart = np.abs(programme.corners - right).max(axis=0)
    assert (apart <= 1e-12 * np.maximum(np.abs(right).max(axis=0), units)).all()
    wants = [[-value for value in parties[0][0]], parties[1][0], parties[2][0]]
    worth = [
        sum(weight * dot(want, corner) for weight, want in zip(weights, wants, strict=True))
        for corner in corners
    ]
    best = [place for place, value in enumerate(worth) if value == max(worth)]
    floats = [float(weight) for weight in weights]
    assert_array_equal(programme.best_corners(floats), programme.corners[best])
    assert_array_equal(chosen(programme, floats), programme.corners[best[0]])


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
