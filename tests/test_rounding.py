"""Rounding rules are exact to the decimal, blind to float noise and never to arithmetic."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rounding import DOWN, NEAREST, UP, Rule, rule

RULES = {NEAREST: ROUND_HALF_UP, UP: ROUND_UP, DOWN: ROUND_DOWN}

reproducible = settings(deadline=None, derandomize=True)
each_rule = pytest.mark.parametrize("how", RULES, ids=str)
steps = st.sampled_from(["0.001", "0.01", "0.1", "1", "50"])


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
        {NEAREST: [3, 3, 2, 1, 0, 0], UP: [3, 3, 3, 1, 1, 0], DOWN: [2, 2, 2, 0, 0, 0]},
        [2.6, 2.5, 2.4, 0.5, 0.1, 0.0],
    ),
)
@pytest.mark.parametrize("sign", [1, -1])
def test_rules_act_on_the_size_and_keep_the_sign(how, value, rounded, sign):
    assert how.round(sign * value, 1) == sign * rounded


@each_rule
@reproducible
# Five places and seven digits are as near to a tie as the snap of float noise lets them be.
@given(st.decimals(-(10**6), 10**6, places=5), steps)
def test_rounding_is_that_of_decimal_arithmetic(how, value, step):
    whole = (value / Decimal(step)).quantize(Decimal(1), rounding=RULES[how])
    assert how.steps(float(value), float(step)) == float(whole)
    # And the result is the float that the decimal literal gives: 0.35, not 0.35000000000000003.
    assert how.round(float(value), float(step)) == float(whole * Decimal(step))


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
@reproducible
@given(st.integers(-(10**5), 10**5), st.integers(-1499, 1499), steps)
def test_exactly_the_numbers_in_the_interval_agree(how, count, thousandths, step):
    printed = count * Decimal(step)
    value = printed + thousandths * Decimal(step) / 1000
    low, high = how.interval(float(printed), float(step))
    # Which end agrees is the rule's affair, and another test's.
    if float(value) not in (low, high):
        inside = low < float(value) < high
        assert how.agrees(float(value), float(printed), float(step)) == inside


@each_rule
@reproducible
@given(st.integers(-(10**5), 10**5), steps)
def test_the_ends_of_an_interval_are_the_floats_nearest_to_them(how, count, step):
    reach = {NEAREST: ("0.5", "0.5"), UP: ("1", "0"), DOWN: ("0", "1")}[how]
    below, above = (Decimal(part) * Decimal(step) for part in reach)
    printed = count * Decimal(step)
    low, high = how.interval(float(printed), float(step))
    if count == 0:
        assert (low, high) == (-float(above), float(above))
    elif count > 0:
        assert (low, high) == (float(printed - below), float(printed + above))
    else:
        assert (low, high) == (float(printed - above), float(printed + below))


@pytest.mark.parametrize(
    ("how", "low", "high"),
    [(NEAREST, True, False), (UP, False, True), (DOWN, True, False)],
    ids=["nearest", "up", "down"],
)
def test_one_end_of_an_interval_agrees(how, low, high):
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


# Rules by name -----------------------------------------------------------------------------------


def test_a_name_gives_the_rule_of_that_name():
    assert rule("nearest") is NEAREST
    assert rule("up") is UP
    assert rule("down") is DOWN


def test_a_rule_stays_as_it_is():
    fifty = UP.to_multiple(50)
    assert rule(fifty) is fifty


@pytest.mark.parametrize("name", ["sideways", "", "UP", None])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match="must be one of nearest, up, down, got " + repr(name)):
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
    ],
)
def test_a_rule_says_what_it_does(how, said):
    assert str(how) == said
