"""Rents to the last digit: ties of rounded numbers, and corners by exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import settings
from min_xin import RENT, WEIGHTS
from numpy.testing import assert_allclose, assert_array_equal
from programmes import chosen, ends, line

from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, InfeasibleError, Programme

reproducible = settings(deadline=None, derandomize=True)

# Ties of rounded numbers --------------------------------------------------------------------------

#: A tie but for the last bits, and one that is none.
NOISE, CLEAR = 1e-12, 1e-7
#: Units of money, units of rent, and a constant in units of money.
UNITS = [(1, 1, 0), (1e-7, 1, 1e3), (1e9, 1, 1e9), (1, 1e5, 1e12), (1, 1e-7, 1), (1e-7, 1e5, 1e9)]
in_units = pytest.mark.parametrize(("money", "rent", "constant"), UNITS)


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
