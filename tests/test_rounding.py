"""Rounding rules are exact to the decimal, blind to float noise and never to arithmetic."""

from __future__ import annotations

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import rounding
from rounding import DOWN, EITHER, HALF_DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP, Rule, rule

RULES = {
    NEAREST: ROUND_HALF_UP,
    HALF_EVEN: ROUND_HALF_EVEN,
    HALF_DOWN: ROUND_HALF_DOWN,
    UP: ROUND_UP,
    DOWN: ROUND_DOWN,
}

each_rule = pytest.mark.parametrize("how", RULES, ids=str)
each_step = pytest.mark.parametrize("step", ["0.001", "0.01", "0.1", "1", "50"])


def drawn(least: int, most: int, seed: int = 1991) -> list[int]:
    """Draw whole numbers of every size from the least to the most, and the two ends."""
    chance = np.random.default_rng(seed)
    sizes = [10**power for power in range(1, 12) if 10**power < most] + [most]
    parts = [chance.integers(max(least, -size), size, 40, endpoint=True) for size in sizes]
    return [least, 0, most, *np.concatenate(parts).tolist()]


def floats(numbers: list[Decimal]) -> np.ndarray:
    return np.array([float(number) for number in numbers])


def table(cases: dict[Rule, list[float]], values: list[float]) -> list[tuple[Rule, float, float]]:
    return [
        (how, value, rounded)
        for how, results in cases.items()
        for value, rounded in zip(values, results, strict=True)
    ]


# Rounding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "value", "rounded"),
    table(
        {
            NEAREST: [3, 3, 2, 1, 0, 0],
            HALF_EVEN: [3, 2, 2, 0, 0, 0],
            HALF_DOWN: [3, 2, 2, 0, 0, 0],
            UP: [3, 3, 3, 1, 1, 0],
            DOWN: [2, 2, 2, 0, 0, 0],
        },
        [2.6, 2.5, 2.4, 0.5, 0.1, 0.0],
    ),
)
@pytest.mark.parametrize("sign", [1, -1])
def test_rules_act_on_the_size_and_keep_the_sign(how, value, rounded, sign):
    assert how.round(sign * value, 1) == sign * rounded


@each_rule
@each_step
def test_rounding_is_that_of_decimal_arithmetic(how, step):
    # Five places and seven digits are as near to a tie as the snap of float noise lets them be.
    near = Decimal(1).scaleb(-5)
    values = [number * near for number in drawn(-(10**11), 10**11)]
    halves = [number * Decimal(step) / 2 for number in drawn(-(10**4), 10**4)]
    values += [half + away for half in halves for away in (-near, Decimal(0), near)]
    whole = [(value / Decimal(step)).quantize(Decimal(1), rounding=RULES[how]) for value in values]
    assert_array_equal(how.steps(floats(values), float(step)), floats(whole))
    # And the result is the float that the decimal literal gives: 0.35, not 0.35000000000000003.
    literals = floats([number * Decimal(step) for number in whole])
    assert_array_equal(how.round(floats(values), float(step)), literals)


@pytest.mark.parametrize(
    ("how", "value", "step", "rounded"),
    [
        (NEAREST, 2.675, 0.01, 2.68),  # the float is 2.67499999999999982
        (NEAREST, 1.005, 0.01, 1.01),  # 1.00499999999999989
        (NEAREST, -2.675, 0.01, -2.68),
        (UP, 0.1 + 0.2, 0.1, 0.3),  # 0.30000000000000004
        (UP, 0.07 * 100, 1, 7),  # 7.000000000000001
        (UP, -0.07 * 100, 1, -7),
        (DOWN, 0.285 * 100, 0.1, 28.5),  # 28.499999999999996
        (DOWN, 0.57 * 100, 1, 57),  # 56.99999999999999
        (DOWN, 0.7 + 0.1, 0.1, 0.8),  # 0.7999999999999999
        (HALF_EVEN, 2.675, 0.01, 2.68),  # the float is 2.67499999999999982
        (HALF_EVEN, 2.665, 0.01, 2.66),  # 2.66500000000000004
        (HALF_DOWN, 2.665, 0.01, 2.66),  # 2.66500000000000004
        (TWO_STEPS, 1.0045, 0.01, 1.01),  # 1.00449999999999995
    ],
)
def test_float_noise_is_no_arithmetic(how, value, step, rounded):
    assert how.round(value, step) == rounded


def test_the_result_is_the_float_nearest_to_the_decimal():
    assert 35 * 0.01 != 0.35
    assert NEAREST.round(0.35, 0.01) == 0.35


@pytest.mark.parametrize(
    ("how", "value", "whole"),
    [
        (NEAREST, 10**12 + 0.49, 10**12),
        (NEAREST, 10**12 + 0.5, 10**12 + 1),
        (NEAREST, 300_883.4999, 300_883),
        (UP, 10**12 + 0.01, 10**12 + 1),
        (UP, 10**12, 10**12),
        (UP, 116_845.00004, 116_846),
        (DOWN, 10**12 - 0.01, 10**12 - 1),
        (DOWN, 116_845.99996, 116_845),
    ],
)
def test_a_fraction_well_above_float_noise_is_arithmetic(how, value, whole):
    assert how.steps(value, 1) == whole


# Cents by the million million: in units, a float holds these to about a thousandth of a cent.
CENTS = np.arange(10**12, 10**13, 10**9 + 7)


@each_rule
def test_an_amount_of_billions_in_whole_cents_is_left_alone(how):
    assert (how.steps(CENTS / 100, 0.01) == CENTS).all()


def test_half_a_cent_on_billions_is_rounded_up():
    assert (NEAREST.steps((2 * CENTS + 1) / 200, 0.01) == CENTS + 1).all()


def test_a_multiple_of_its_own_goes_before_the_step():
    fifty = NEAREST.to_multiple(50)
    assert fifty.round(19_827, 1) == 19_850
    assert fifty.interval(19_850, 1) == (19_825, 19_875)
    assert fifty.agrees(19_827, 19_850, 1)
    assert not fifty.agrees(19_827, 19_827, 1)


def test_scalars_give_floats_and_lists_give_arrays():
    assert type(NEAREST.round(1, 0.01)) is float
    assert type(NEAREST.agrees(1, 1, 0.01)) is bool
    assert [type(end) for end in NEAREST.interval(1, 0.01)] == [float, float]
    assert NEAREST.round([0.25, 1.25], [0.1, 1]).tolist() == [0.3, 1.0]
    assert NEAREST.agrees([0.25, 1.25], [0.3, 1.3], 0.1).tolist() == [True, True]
    low, high = NEAREST.interval([1, 2], 1)
    assert (low.tolist(), high.tolist()) == ([0.5, 1.5], [1.5, 2.5])


# Agreement and intervals -------------------------------------------------------------------------


@each_rule
@each_step
def test_exactly_the_numbers_in_the_interval_agree(how, step):
    pairs = zip(drawn(-(10**5), 10**5), drawn(-1499, 1499, 7) * 2, strict=False)
    cases = [
        (count * Decimal(step), count * Decimal(step) + thousandths * Decimal(step) / 1000)
        for count, thousandths in pairs
    ]
    printed, values = map(floats, zip(*cases, strict=True))
    low, high = how.interval(printed, float(step))
    # Which end agrees is the rule's affair, and another test's.
    no_end = (values != low) & (values != high)
    inside = (low < values) & (values < high)
    assert_array_equal(how.agrees(values, printed, float(step))[no_end], inside[no_end])


@each_rule
@each_step
def test_the_ends_of_an_interval_are_the_floats_nearest_to_them(how, step):
    reach = {UP: ("1", "0"), DOWN: ("0", "1")}.get(how, ("0.5", "0.5"))
    below, above = (Decimal(part) * Decimal(step) for part in reach)
    printed = [count * Decimal(step) for count in drawn(-(10**5), 10**5)]
    low = [n - below if n > 0 else n - above for n in printed]
    high = [n + below if n < 0 else n + above for n in printed]
    found = how.interval(floats(printed), float(step))
    assert_array_equal(found, (floats(low), floats(high)))


@pytest.mark.parametrize(
    ("how", "low", "high"),
    [
        (NEAREST, True, False),
        (UP, False, True),
        (DOWN, True, False),
        (HALF_EVEN, True, True),
        (HALF_DOWN, False, True),
        (EITHER, True, True),
        (TWO_STEPS, True, False),
    ],
    ids=str,
)
def test_which_ends_of_an_interval_agree(how, low, high):
    ends = how.interval(13.22, 0.01)
    assert [how.agrees(end, 13.22, 0.01) for end in ends] == [low, high]


@each_rule
@pytest.mark.parametrize(("value", "printed"), [(np.nan, 1), (1, np.nan), (np.nan, np.nan)])
def test_what_is_missing_never_agrees(how, value, printed):
    assert how.agrees(value, printed, 0.01) is False
    assert how.agrees([value, 1], [printed, 1], 0.01).tolist() == [False, True]


@each_rule
def test_what_is_missing_stays_missing(how):
    assert np.isnan(how.round(np.nan, 0.01))
    assert np.isnan(how.interval(np.nan, 0.01)).all()


@each_rule
def test_a_term_without_end_stays_without_end(how):
    assert how.round([np.inf, -np.inf], 0.01).tolist() == [np.inf, -np.inf]
    assert not how.agrees(np.inf, 17.4, 0.1)


@each_rule
def test_a_printed_number_between_the_steps_never_agrees(how):
    assert not how.agrees(1.005, 1.005, 0.01)


# Ties either way ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
def test_a_free_tie_agrees_with_both_neighbours_and_nothing_else_does(sign):
    values = sign * np.array([2.4, 2.5, 2.6])
    assert EITHER.agrees(values, sign * 2, 1).tolist() == [True, True, False]
    assert EITHER.agrees(values, sign * 3, 1).tolist() == [False, True, True]
    assert not EITHER.agrees(values, -sign * 2, 1).any()
    assert EITHER.round(values[[0, 2]], 1).tolist() == [sign * 2, sign * 3]


def test_a_free_tie_has_no_one_rounding():
    with pytest.raises(ValueError, match=r"values must be no tie where they are .*, got 2\.5"):
        EITHER.round([2.4, 2.5], 1)


def test_a_tie_that_a_program_sees_in_the_binary_number_is_free():
    # Python rounds what the float is: just below the tie, just above it, and on it.
    for value in (2.675, 2.665, 0.125, 0.375):
        assert EITHER.agrees(value, round(value, 2), 0.01)
    assert not NEAREST.agrees(2.675, round(2.675, 2), 0.01)
    assert not HALF_DOWN.agrees(2.665, round(2.665, 2), 0.01)


# Significant digits ------------------------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("digits", range(1, 6))
def test_significant_digits_are_those_of_decimal_arithmetic(how, digits):
    own = how.to_digits(digits)
    counts = drawn(-(10**6), 10**6)
    values = [Decimal(n).scaleb(place % 17 - 8) for place, n in enumerate(counts)]
    # Rounding as the rule does it acts on the size, and so do contexts.
    context = Context(prec=digits, rounding=RULES[how])
    rounded = [context.plus(value) for value in values]
    assert_array_equal(own.round(floats(values), 1), floats(rounded))
    assert own.agrees(floats(values), floats(rounded), 1).all()
    # Zero has no last digit that could be another.
    others = [
        n + Decimal(1).scaleb(n.adjusted() + 1 - digits) if n else Decimal(5) for n in rounded
    ]
    assert not own.agrees(floats(values), floats(others), 1).any()


def test_more_digits_than_are_kept_never_agree():
    three = NEAREST.to_digits(3)
    assert three.agrees(12_345, 12_300, 1)
    assert not three.agrees(12_345, 12_345, 1)
    assert three.agrees(9.996, 10.0, 0.1)
    assert not three.agrees(9.996, 9.996, 0.001)
    assert three.agrees(0, 0, 1)
    assert not three.agrees([0, 1e-9, -5], [5, 0, 5], 1).any()


@pytest.mark.parametrize(
    ("how", "printed", "ends"),
    [
        (NEAREST.to_digits(3), 12_300, (12_250, 12_350)),
        (NEAREST.to_digits(3), -0.123, (-0.1235, -0.1225)),
        # Just below a power of ten a step is a tenth of what it is above.
        (NEAREST.to_digits(3), 1000, (999.5, 1005)),
        (NEAREST.to_digits(3), -1000, (-1005, -999.5)),
        (UP.to_digits(2), 100, (99, 100)),
        (DOWN.to_digits(2), 100, (100, 110)),
        (NEAREST.to_digits(1), 10, (9.5, 15)),
        (NEAREST.to_digits(3), 0, (0, 0)),
    ],
)
def test_the_interval_of_significant_digits(how, printed, ends):
    assert how.interval(printed, 1) == ends
    low, high = ends
    for value in np.linspace(low, high, 102)[1:-1]:
        assert how.agrees(value, printed, 1) == (low <= value <= high)
    gap = 1e-6 * max(abs(printed), 1)
    assert not how.agrees([low - gap, high + gap], printed, 1).any()


def test_a_power_of_ten_is_told_from_what_is_just_below():
    powers = 10.0 ** np.arange(-20, 20)
    assert (NEAREST.to_digits(4).steps(powers, 1) == 1000).all()
    assert (DOWN.to_digits(4).round(0.99999 * powers, 1) < powers).all()


# Two steps ---------------------------------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("step", ["0.01", "0.1", "1"])
@pytest.mark.parametrize("more", [1, 2, 3])
def test_two_steps_are_two_roundings_of_decimal_arithmetic(how, step, more):
    values = [Decimal(number).scaleb(-5) for number in drawn(-(10**9), 10**9)]
    # Just below the ties of the second rounding, and on those of both.
    halves = [number * Decimal(step) / 2 for number in drawn(-(10**3), 10**3)]
    last = Decimal(step).scaleb(-more) / 2
    values += [half + away for half in halves for away in (-last, Decimal(0), last)]
    finer = [
        (value / Decimal(step)).quantize(Decimal(1).scaleb(-more), rounding=RULES[how])
        for value in values
    ]
    whole = floats([number.quantize(Decimal(1), rounding=RULES[how]) for number in finer])
    assert_array_equal(how.in_two_steps(more).steps(floats(values), float(step)), whole)


def test_the_finer_digit_decides_where_two_steps_lead_away():
    assert NEAREST.round(0.1346, 0.01) == 0.13
    assert TWO_STEPS.round(0.1346, 0.01) == 0.14
    assert NEAREST.in_two_steps(2).round(0.1346, 0.01) == 0.13
    assert NEAREST.in_two_steps(2).round(0.13496, 0.01) == 0.14
    assert NEAREST.to_multiple(50).in_two_steps().round(73.0, 1) == 100
    assert NEAREST.to_digits(2).in_two_steps().round(1345, 1) == 1400


@pytest.mark.parametrize("how", [*RULES, EITHER], ids=str)
@pytest.mark.parametrize("more", [0, 1, 2])
def test_the_interval_of_every_rule_holds_exactly_what_agrees(how, more):
    how = how.in_two_steps(more)
    printed = np.arange(-20.0, 21.0)[:, np.newaxis]
    low, high = how.interval(printed, 1.0)
    places = np.array(drawn(-12_000, 12_000))
    # By a prime: no tie, and no end but where it divides.
    values = printed + places[places % 9973 != 0] / 9973
    assert_array_equal(how.agrees(values, printed, 1.0), (low < values) & (values < high))


# How many printed numbers ------------------------------------------------------------------------


def stretches(how, values, grid, reach) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last of ascending values that agree with each number of a grid.

    Those further than the reach are not asked; numbers that none agrees with are left out.
    """
    ends = []
    for number in grid:
        near = values[abs(values - number) <= reach]
        agreeing = near[how.agrees(near, number, STEP)]
        ends += [(agreeing[0], agreeing[-1])] if agreeing.size else []
    first, last = np.transpose(ends)
    return first, last


#: Of what is counted: a rule of its own step goes before it.
STEP = 1.0


@pytest.mark.parametrize("how", [*RULES, EITHER, TWO_STEPS, NEAREST.to_multiple(50)], ids=str)
def test_the_count_is_that_of_the_numbers_that_agree_with_some(how):
    unit = how.multiple or STEP
    # What agrees with a number is a stretch of the values: the count is that of those it meets.
    first, last = stretches(
        how, np.arange(-1300, 1701) / 4, unit * np.arange(-330 // unit, 430 // unit + 1), unit
    )
    chance = np.random.default_rng(1991)
    for low, width in chance.integers([-300, 0], [301, 101], (200, 2)):
        met = np.count_nonzero((first <= low + width) & (last >= low))
        assert how.count(low, low + width, STEP) == met, (low, width)


@pytest.mark.parametrize("how", [*RULES, EITHER, TWO_STEPS], ids=str)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_count_of_significant_digits_crosses_powers_of_ten(how, sign):
    how = how.to_digits(2)
    grid = np.concatenate([np.arange(10, 100) / 10, np.arange(10, 100), np.arange(100, 401, 10)])
    # The ties and ends of two digits are at twentieths at the least, and two steps' at a quarter.
    values = np.arange(80, 80 * 330 + 1) / 80
    first, last = stretches(how, np.sort(sign * values), np.sort(sign * grid), 10.0)
    assert len(first) > 200
    chance = np.random.default_rng(1991)
    for near, width in chance.integers([1, 0], [300, 31], (200, 2)):
        low, high = sorted([sign * near, sign * (near + width)])
        met = np.count_nonzero((first <= high) & (last >= low))
        assert how.count(low, high, STEP) == met, (low, high)


def test_numbers_of_significant_digits_have_no_end_around_zero():
    assert NEAREST.to_digits(2).count(-1, 3, 1) == np.inf
    assert NEAREST.to_digits(2).count(0, 0, 1) == 1


def test_the_rules_are_all_of_the_module():
    named = {name for name in rounding.__all__ if isinstance(getattr(rounding, name), Rule)}
    assert {getattr(rounding, name) for name in named} == set(rounding.RULES)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: NEAREST.to_digits(0), "digits must be a whole number from 1 to 15, got 0"),
        (lambda: NEAREST.to_digits(2.5), "digits must be a whole number from 1 to 15, got 2.5"),
        (lambda: NEAREST.in_two_steps(-1), "first must be a whole number from 0 to 15, got -1"),
        (lambda: Rule("up", 50, 3), "multiple and digits exclude each other, got 50 and 3"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(made, message):
    with pytest.raises(ValueError, match=message):
        made()


# Rules by name -----------------------------------------------------------------------------------


def test_a_name_gives_the_rule_of_that_name():
    assert rule("nearest") is NEAREST
    assert rule("up") is UP
    assert rule("down") is DOWN
    assert rule("half even") is HALF_EVEN
    assert rule("half down") is HALF_DOWN
    assert rule("either") is EITHER


def test_a_rule_stays_as_it_is():
    fifty = UP.to_multiple(50)
    assert rule(fifty) is fifty


@pytest.mark.parametrize("name", ["sideways", "", "UP", None])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=f"must be one of nearest, half even, .*, got {name!r}"):
        rule(name)


@pytest.mark.parametrize("width", [0, -0.01, np.nan])
def test_a_step_that_is_none_is_refused(width):
    with pytest.raises(ValueError, match=f"step must be above 0, got {width}"):
        NEAREST.round(1, width)
    with pytest.raises(ValueError, match=f"multiple must be above 0, got {width}"):
        NEAREST.to_multiple(width)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (NEAREST, "rounded to nearest"),
        (UP, "rounded up"),
        (DOWN.to_multiple(50), "rounded down to a multiple of 50"),
        (HALF_EVEN, "rounded to nearest, halves to even"),
        (EITHER.to_digits(3), "rounded to nearest, halves either way to 3 significant digits"),
        (TWO_STEPS, "rounded to nearest in two steps, first to 1 digit more"),
    ],
)
def test_a_rule_says_what_it_does(how, said):
    assert str(how) == said
