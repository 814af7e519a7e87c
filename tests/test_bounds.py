"""What printed inputs leave a formula: found inside the box as at its corners, and said."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.special import stdtr

from compendium.page.numerals import Number
from compendium.verdict.bounds import FEW, reach
from rounding import NEAREST


def two_sided(t, degrees=28):
    """The p of a t-test."""
    return 2 * stdtr(degrees, -abs(t))


@pytest.mark.parametrize("size", [2, 5, 12])
def test_a_monotone_formula_has_its_ends_at_corners(size):
    printed = [Number(f"{3 + k}.{k}") for k in range(size)]

    def shares(*parts):
        return np.array(parts) / np.sum(parts)

    found = reach(shares, printed)
    # A share is least with its own part low and all others high.
    for k in range(size):
        others_high = sum(number.high for j, number in enumerate(printed) if j != k)
        others_low = sum(number.low for j, number in enumerate(printed) if j != k)
        least = printed[k].low / (printed[k].low + others_high)
        most = printed[k].high / (printed[k].high + others_low)
        assert found.low[k] == pytest.approx(least, rel=1e-12)
        assert found.high[k] == pytest.approx(most, rel=1e-12)
    assert "no corner" not in found.searched


@pytest.mark.parametrize(
    ("formula", "printed", "low", "high"),
    [
        (two_sided, ["0.0"], two_sided(0.05), 1.0),
        (lambda m: np.sqrt(m * (1 - m)), ["0.5"], np.sqrt(0.45 * 0.55), 0.5),
        (lambda x: (x - 0.013) ** 2, ["0.0"], 0.0, 0.063**2),
        # The best place lies between the end and the first point of the grid.
        (lambda x: (x - 0.0485) ** 2, ["0.0"], 0.0, 0.0985**2),
        (lambda x: -abs(x - 0.013), ["0.0"], -0.063, 0.0),
        (lambda x, y: x * y, ["0.0", "0.0"], -0.0025, 0.0025),
        (lambda x, y: -((x - 0.01) ** 2) - (y + x) ** 2, ["0.0", "0.0"], -0.0136, 0.0),
        (lambda x, y, z: x * np.exp(-(y**2) - (z - 0.01) ** 2), ["1.0", "0.0", "0.0"], None, 1.05),
        (lambda *x: sum((v - 0.01) ** 2 for v in x), ["0.0"] * 5, 0.0, 5 * 0.0036),
        (lambda *x: sum((v - 0.01) ** 2 for v in x), ["0.0"] * 9, 0.0, 9 * 0.0036),
    ],
)
def test_an_extreme_inside_the_box_is_found_and_said(formula, printed, low, high):
    found = reach(formula, [Number(text) for text in printed])
    assert found.high == pytest.approx(high, abs=1e-9)
    if low is not None:
        assert found.low == pytest.approx(low, abs=1e-9)
    inner = "no corner" in found.searched
    assert inner == (len(printed) != 2 or formula(2.0, 3.0) != 6.0)


@pytest.mark.parametrize("count", range(1, 12))
def test_no_point_of_a_fine_grid_or_of_chance_goes_beyond(count):
    printed = [Number(f"{k % 3}.{k}") for k in range(count)]

    def waves(*x):
        x = np.array(x)
        phases = np.arange(1, count + 1)
        return np.array([np.sum(np.cos(3 * x + phases)), np.prod(x - 0.3), np.sum(x * phases)])

    found = reach(waves, printed)
    chance = np.random.default_rng(count)
    low, high = (np.array([getattr(number, end) for number in printed]) for end in ("low", "high"))
    others = np.array([waves(*chance.uniform(low, high)) for _ in range(2000)])
    assert (others >= found.low - 1e-9).all()
    assert (others <= found.high + 1e-9).all()


@pytest.mark.parametrize("count", [FEW + 1, FEW + 4])
def test_directions_that_turn_within_the_box_are_followed(count):
    """Each factor is -0.7 to 0.3: the rest gives its direction, and changes its sign."""
    wide = [Number("0", NEAREST.to_multiple(1))] * count
    found = reach(lambda *x: np.prod(np.array(x) - 0.2), wide)
    ends = sorted([(-0.7) ** count, 0.3 * (-0.7) ** (count - 1)])
    assert (found.low, found.high) == pytest.approx(tuple(ends), rel=1e-12)


@pytest.mark.parametrize("seed", [12, 15, 24])
def test_the_way_up_from_a_corner_leads_to_low_ends_as_to_high_ones(seed):
    """A sum of products of two numbers each has its ends at corners, and turns everywhere."""
    count = FEW + 4
    chance = np.random.default_rng(seed)
    products, alone = np.triu(chance.normal(size=(count, count)), 1), chance.normal(size=count)

    def formula(*x):
        return x @ products @ np.array(x) + 0.05 * alone @ x

    found = reach(formula, [Number("0.0")] * count)
    known = [formula(*corner) for corner in product((-0.05, 0.05), repeat=count)]
    assert (found.low, found.high) == pytest.approx((min(known), max(known)))


@pytest.mark.parametrize("count", [FEW, FEW + 1])
def test_that_corners_were_left_out_is_said(count):
    """A dip at one lone corner is found where all are tried; beyond, the words leave it open."""
    lone = np.arange(count) % 3 == 0

    def dip(*x):
        return np.sum(x) - 9.0 * np.all((np.array(x) > 1) == lone)

    found = reach(dip, [Number("1.0")] * count)
    if count <= FEW:
        assert found.low < 0
    assert ("not all corners" in found.searched) == (count > FEW)


def test_numbers_that_matter_together_alone_are_not_left():
    """In the middle neither of the first two moves the result, and a third is no part of it."""
    printed = [Number("0.0") for _ in range(FEW + 4)]
    found = reach(lambda a, b, c, *rest: max(a - b, 0.06) + sum(rest[:5]), printed)
    assert found.high == pytest.approx(0.1 + 5 * 0.05)
    assert found.low == pytest.approx(0.06 - 5 * 0.05)
    cancelling = reach(lambda a, b, *rest: a - b, printed)
    assert (cancelling.low, cancelling.high) == pytest.approx((-0.1, 0.1))


def test_a_number_that_matters_only_at_a_corner_is_moved_there():
    """Below 1.02 the second takes over, but in the middle it is out of sight."""
    first, second = Number("1.0"), Number("1.04", NEAREST.to_multiple(0.08))
    rest = [Number("2.0") for _ in range(FEW)]
    found = reach(lambda a, b, *others: min(a - max(1.03 - b, 0.0) * 9, *others), [
        first, second, *rest,
    ])  # fmt: skip
    assert found.low == pytest.approx(0.95 - 9 * (1.03 - second.low))


def test_where_the_formula_has_no_value_is_said():
    found = reach(lambda x: np.sqrt(x - 0.08), [Number("0.1")])
    assert (found.low, found.high) == pytest.approx((0.0, 0.07**0.5), abs=1e-4)
    assert found.searched == (
        "17 points of their box tried, no value at 5 of them, the lowest is no corner"
    )

    def model(share):
        if share < 0:
            raise ValueError(f"share must not be below 0, got {share}")
        return 2 * share

    found = reach(model, [Number("0.0")])
    assert (found.low, found.high) == pytest.approx((0.0, 0.1))
    assert "no value at 8 of them" in found.searched
    assert "no value at 1 of them" in reach(lambda x: 1 / x, [Number("0.5", NEAREST.to_multiple(1))]
        ).searched  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 5, FEW + 3])
def test_corners_without_a_value_do_not_end_the_search(count):
    def dome(*x):
        return np.sqrt(0.04**2 - np.sum(np.square(x)))

    found = reach(dome, [Number("0.0")] * count)
    assert (found.low, found.high) == pytest.approx((0.0, 0.04), abs=1e-3)
    assert "no value at" in found.searched
    assert found.searched.endswith("lowest and highest are no corners")


def test_a_result_without_any_value_is_nan():
    inputs = [Number("0.0")] * (FEW + 3)
    for numbers in (inputs, inputs[:2]):
        found = reach(lambda *x: [np.nan, np.sum(x)], numbers)
        assert np.isnan([found.low[0], found.high[0]]).all()
        assert found.high[1] == pytest.approx(0.05 * len(numbers))


def test_what_the_formula_raises_for_the_printed_numbers_is_raised():
    with pytest.raises(ZeroDivisionError):
        reach(lambda x: 1 / x, [Number("0.0")])


def test_exact_inputs_leave_one_value():
    found = reach(lambda a, b: a + b, [1.0, np.array([2.0, 3.0])])
    assert found.low.tolist() == found.high.tolist() == [3.0, 4.0]
    assert found.searched == "1 point of their box tried"


def test_two_searches_go_the_same_way():
    def formula(*x):
        return np.sin(40 * np.array(x)).sum()

    for count in (1, 4, 9):
        inputs = [Number(f"0.{k}") for k in range(count)]
        first, second = reach(formula, inputs), reach(formula, inputs)
        assert first == second


def test_a_search_in_vain_is_cheap():
    """The audit of a long notebook searches hundreds of boxes."""
    calls = 0

    def formula(*parts):
        nonlocal calls
        calls += 1
        return sum(parts)

    for count, most in ((1, 25), (2, 40), (3, 45), (4, 50), (6, 110), (40, 420)):
        calls = 0
        reach(formula, [Number("1.0")] * count)
        assert calls <= most, count
        # What falls is searched as what rises: nowhere does it turn.
        rising, calls = calls, 0
        reach(lambda *parts: -formula(*parts), [Number("1.0")] * count)
        assert calls == rising
