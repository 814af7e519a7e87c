"""Where a margin tips, how far it holds, and that both are right to the last neighbour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housing import mortgage, sensitivity
from sensitivity import Range, border, lowest, share, tipping_pairs, tipping_points, tornado

SO = {"because": "an example"}


def unit(*names: str) -> dict[str, Range]:
    return {name: Range(0.0, 1.0, **SO) for name in names}


def crossings(margin, given, ranges, **more):
    (found,) = tipping_points(margin, given, ranges, **more)
    return found


# Crossings ---------------------------------------------------------------------------------------


@given(
    roots=st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True),
    upward=st.booleans(),
)
@settings(deadline=None)
def test_every_crossing_of_a_polynomial_is_found_where_it_is(roots, upward):
    """Roots a hundredth apart, on a grid of two hundredths of the range: several at a time."""
    places = np.sort(np.array(roots) / 100 + 0.0013)
    sign = 1 if upward else -1

    def margin(x):
        return sign * np.prod([x - place for place in places], axis=0)

    found = crossings(margin, {"x": 0.0}, {"x": Range(0, 1, **SO)})
    assert [each.below for each in found.crossings] == pytest.approx(places, abs=1e-12)
    sides = [margin(place + 1e-6) > 0 for place in places]
    assert [each.holds_above for each in found.crossings] == sides
    assert found.nearest == pytest.approx(places[0])


@given(tips=st.integers(6, 2_999), points=st.sampled_from([2, 7, 201]))
@settings(deadline=None)
def test_a_whole_number_tips_between_neighbours_however_coarse_the_grid(tips, points):
    ranges = {"n": Range(5, 3_000, whole=True, **SO)}
    found = crossings(lambda n: tips - 0.5 - n, {"n": 5}, ranges, points=points)
    assert [(each.below, each.above) for each in found.crossings] == [(tips - 1, tips)]
    assert found.nearest == tips


def test_years_of_a_loan_tip_where_the_solved_term_says():
    able = mortgage.payment(36_000, 0.06, 12.3)
    ranges = {"years": Range(5, 30, whole=True, **SO), "rate": Range(0.0, 0.15, **SO)}
    years, rate = tipping_points(
        lambda years, rate: able - mortgage.payment(36_000, rate, years),
        {"years": 15, "rate": 0.06},
        ranges,
    )
    assert str(years) == "years: holds from 13, not at 12"
    assert rate.crossings[0].below == pytest.approx(mortgage.implied_rate(36_000, able, 15))


def test_what_touches_0_is_on_the_border_and_tips_nothing():
    found = crossings(lambda x: (x - 0.5) ** 2, {"x": 0.0}, {"x": Range(0, 1, **SO)})
    assert found.crossings == ()
    assert found.border == ((0.5, 0.5),)
    assert str(found) == "x: on the border at 0.5"
    flat = crossings(lambda x: np.maximum(0.4 - x, 0.0), {"x": 0.0}, {"x": Range(0, 1, **SO)})
    assert flat.border == (pytest.approx((0.4, 1.0)),)
    assert str(flat) == "x: on the border from 0.4 to 1"
    flat = crossings(
        lambda x: np.maximum(abs(x - 1 / 2) - 1 / 7, 0.0), {"x": 0.0}, {"x": Range(0, 1, **SO)}
    )
    assert flat.border == (pytest.approx((1 / 2 - 1 / 7, 1 / 2 + 1 / 7), abs=1e-9),)
    assert flat.nearest == pytest.approx(1 / 2 - 1 / 7)
    assert [holds for *_, holds in flat.parts] == [True, False, True]


def test_where_it_lies_on_the_border_for_a_while_both_ends_are_crossings():
    def margin(x):
        return np.maximum(x - 0.7, 0.0) - np.maximum(0.3 - x, 0.0)

    found = crossings(margin, {"x": 1.0}, {"x": Range(0, 1, **SO)})
    assert [each.below for each in found.crossings] == pytest.approx([0.3, 0.7])
    assert found.border == ()


@pytest.mark.parametrize(("sign", "side"), [(1, "below"), (-1, "not below")])
def test_of_several_crossings_is_said_on_which_side_of_the_first_it_holds(sign, side):
    given = {"x": 0.0 if sign > 0 else 0.5}
    found = crossings(lambda x: sign * (x - 0.3) * (x - 0.7), given, unit("x"))
    assert str(found) == f"x: tips at 0.3 and 0.7, holds {side} the first"


@pytest.mark.parametrize("width", [1e-9, 1.0, 1e9])
def test_where_a_border_ends_is_measured_in_widths_of_the_range(width):
    def margin(x):
        return np.maximum(x / width - 0.7123, 0.0) + np.maximum(0.3123 - x / width, 0.0)

    found = crossings(margin, {"x": 0.0}, {"x": Range(0, width, **SO)})
    ((low, high),) = found.border
    assert (low / width, high / width) == pytest.approx((0.3123, 0.7123), abs=1e-8)


def test_none_found_says_where_it_was_looked():
    found = crossings(lambda x: 2.0 - x, {"x": 0.5}, {"x": Range(0, 1, **SO)}, points=11)
    assert str(found) == "x: none found at 11 values from 0 to 1"
    assert not found.tips
    assert found.distance == float("inf")


def test_a_step_and_an_infinite_margin_tip_as_well():
    step = crossings(lambda x: 1.0 if x < 1 / 3 else -1.0, {"x": 0}, {"x": Range(0, 1, **SO)})
    assert step.crossings[0].below == pytest.approx(1 / 3)
    endless = crossings(
        lambda x: np.where(x < 1 / 3, 1.0, -np.inf), {"x": 0}, {"x": Range(0, 1, **SO)}
    )
    assert endless.crossings[0].below == pytest.approx(1 / 3)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_border_is_measured_by_the_terms_and_not_by_the_margin(scale):
    def margin(a, b, c):
        return a + b - c

    given = {"a": 0.1 * scale, "b": 0.2 * scale, "c": 0.3 * scale}
    assert border(margin, given) == pytest.approx(0.6e-9 * scale, rel=1e-4)
    whole = {"c": Range(0.0, scale, **SO)}
    assert lowest(margin, given | {"a": 0.2 * scale}, whole)[0] < 0
    below, above = tipping_points(margin, given | {"c": 0.25 * scale}, whole)[0].parts
    assert (below[2], above[2]) == (True, False)
    assert below[1] == pytest.approx(0.3 * scale)


# Several inputs ----------------------------------------------------------------------------------


def test_a_pair_tips_what_neither_does_alone():
    ranges = unit("a", "b", "c")
    margin = lambda a, b, c: 1.5 - a - b - 0.1 * c  # noqa: E731
    given = dict.fromkeys("abc", 0.0)
    assert not any(each.tips for each in tipping_points(margin, given, ranges))
    (pair,) = tipping_pairs(margin, given, ranges)
    assert pair.names == ("a", "b")
    assert sum(pair.values) == pytest.approx(1.5)
    # The nearest is in the middle: 0.75 each, found on a grid of 33.
    assert pair.distance == pytest.approx(0.75 * 2**0.5, abs=0.01)


def test_a_pair_with_whole_numbers_is_one_of_whole_numbers():
    ranges = {"n": Range(1, 5, whole=True, **SO), "x": Range(0.0, 1.0, **SO)}
    (pair,) = tipping_pairs(lambda n, x: 4.25 - n * x, {"n": 1, "x": 0.0}, ranges)
    assert pair.values == (5.0, pytest.approx(0.85))
    both = {"n": Range(1, 5, whole=True, **SO), "m": Range(1, 5, whole=True, **SO)}
    (pair,) = tipping_pairs(lambda n, m: 15.5 - n * m, {"n": 1, "m": 1}, both)
    assert pair.values == (4.0, 4.0)


@pytest.mark.parametrize(
    ("margin", "part"),
    [
        (lambda a, b, c: a - 0.25, 0.75),
        (lambda a, b, c: a + b + c - 1.0, 5 / 6),
        (lambda a, b, c: 1.0 - a**2 - b**2, np.pi / 4),
    ],
)
def test_the_share_is_the_volume_to_two_digits(margin, part):
    given = {"a": 0.5, "b": 0.5, "c": 0.5}
    assert share(margin, given, unit("a", "b", "c")) == pytest.approx(part, abs=0.005)


def test_each_whole_number_counts_as_much_as_another():
    ranges = {"n": Range(1, 10, whole=True, **SO)}
    assert share(lambda n: n - 8.5, {"n": 5}, ranges) == pytest.approx(0.2, abs=0.001)


def test_the_lowest_margin_is_found_inside_the_box_too():
    def margin(a, b):
        return (a - 0.3141) ** 2 + (b - 0.2718) ** 2 - 1e-7

    assert share(margin, {"a": 1.0, "b": 1.0}, unit("a", "b")) == 1.0
    value, place = lowest(margin, {"a": 1.0, "b": 1.0}, unit("a", "b"))
    assert value == pytest.approx(-1e-7)
    assert place == pytest.approx({"a": 0.3141, "b": 0.2718}, abs=1e-4)


def test_a_tornado_is_widest_on_top_and_sees_what_lies_between():
    effects = tornado(lambda a, b: a + 8.0 * b * (1.0 - b), {"a": 0.0, "b": 0.0}, unit("a", "b"))
    assert [effect.name for effect in effects] == ["b", "a"]
    assert (effects[0].at_low, effects[0].at_high, effects[0].highest) == (0.0, 0.0, 2.0)
    assert effects[0].span == 2.0


def test_a_margin_that_takes_no_arrays_answers_the_same():
    ranges = {"a": Range(0.0, 1.0, **SO), "n": Range(0, 4, whole=True, **SO)}
    given = {"a": 0.4, "n": 2}

    def alone(a, n):
        return sum(a for _ in range(n)) - (0.5 if a < 0.7 else 1.1)

    def of_arrays(a, n):
        return a * n - np.where(a < 0.7, 0.5, 1.1)

    assert list(map(str, tipping_points(alone, given, ranges))) == list(
        map(str, tipping_points(of_arrays, given, ranges))
    )
    assert share(alone, given, ranges, sample=256) == share(of_arrays, given, ranges, sample=256)


def test_a_function_that_folds_an_array_is_not_taken_for_one_of_arrays():
    found = crossings(lambda x: 0.3 - np.max(x), {"x": 0.0}, {"x": Range(0, 1, **SO)})
    assert found.crossings[0].below == pytest.approx(0.3)


def test_an_array_of_no_axes_is_the_number_in_it():
    of_array = crossings(lambda x: x - 0.25, {"x": np.array(0.5)}, unit("x"))
    assert of_array == crossings(lambda x: x - 0.25, {"x": 0.5}, unit("x"))


def test_what_is_given_is_not_changed_and_the_face_is_the_leaf():
    given, ranges = {"x": 0.5}, {"x": Range(0, 1, **SO)}
    share(lambda x: x - 0.1, given, ranges)
    assert given == {"x": 0.5}
    assert all(getattr(sensitivity, name) for name in sensitivity.__all__)
    assert sensitivity.Range is Range


# All inputs at once ------------------------------------------------------------------------------


def ishigami(a, b, c):
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


CIRCLE = {name: Range(-np.pi, np.pi, **SO) for name in "abc"}
NOWHERE = dict.fromkeys("abc", 0.0)


def within(estimate, known, errors=4.0, *, at_most):
    """Demand what is known as near as the error says, and no error that is not worth the name."""
    assert abs(estimate.value - known) <= errors * max(estimate.error, 1e-12)
    assert estimate.error <= at_most


@pytest.mark.parametrize("seed", [1, 1991])
def test_sobol_indices_of_ishigami_s_function_are_the_known_ones(seed):
    """Ishigami and Homma (1990), with 7 and 0.1: from the variances of its parts."""
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
    alone = {"a": 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, "b": 7**2 / 8, "c": 0.0}
    together = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    found = sensitivity.sobol_indices(ishigami, NOWHERE, CIRCLE, sample=2048, seed=seed)
    assert [each.name for each in found] == ["a", "b", "c"]
    for each in found:
        within(each.first, alone[each.name] / variance, at_most=0.01)
        more = together if each.name in "ac" else 0.0
        within(each.total, (alone[each.name] + more) / variance, at_most=0.01)


def test_sobol_indices_of_a_sum_are_the_shares_of_its_parts_in_the_variance():
    """Of whole numbers too: from 1 to 5 they have the variance (5 ** 2 - 1) / 12."""
    ranges = {"a": Range(0, 6, **SO), "b": Range(-1, 1, **SO), "n": Range(1, 5, whole=True, **SO)}
    found = sensitivity.sobol_indices(
        lambda a, b, n: 10 + a - 3 * b + 2 * n, {"a": 1, "b": 0, "n": 2}, ranges
    )
    variances = {"n": 4 * 2.0, "a": 36 / 12, "b": 9 * 4 / 12}
    whole = sum(variances.values())
    assert found[0].name == "n"
    for each in found:
        within(each.first, variances[each.name] / whole, at_most=0.004)
        within(each.total, variances[each.name] / whole, at_most=0.004)


def test_one_input_has_all_of_the_variance():
    (found,) = sensitivity.sobol_indices(lambda x: x**2, {"x": 0.5}, unit("x"))
    assert str(found) == "x: alone 1 ± 0, with others 1 ± 0"


@pytest.mark.parametrize("seed", [1, 1991])
def test_the_spread_of_a_function_is_the_known_one(seed):
    found = sensitivity.spread(ishigami, NOWHERE, CIRCLE, seed=seed)
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
    within(found.mean, 3.5, at_most=0.01)
    within(found.deviation, variance**0.5, at_most=0.02)
    even = sensitivity.spread(lambda x: x, {"x": 0.5}, unit("x"), levels=[0, 0.25, 0.9, 1])
    assert even.points == 8 * 1024
    for level, quantile in even.quantiles.items():
        assert quantile.value == pytest.approx(level, abs=1e-3)


def test_errors_fall_with_points_and_a_seed_gives_the_same_again():
    few, many = (
        sensitivity.spread(ishigami, NOWHERE, CIRCLE, sample=sample) for sample in (64, 4096)
    )
    assert many.deviation.error < few.deviation.error / 4
    assert many == sensitivity.spread(ishigami, NOWHERE, CIRCLE, sample=4096)
    assert many != sensitivity.spread(ishigami, NOWHERE, CIRCLE, sample=4096, seed=3)


def test_a_model_of_the_library_has_a_spread_and_indices():
    given = {"principal": 36_000, "annual_rate": 0.06, "years": 15}
    ranges = {
        "annual_rate": Range(0.03, 0.12, **SO),
        "years": Range(5, 30, whole=True, **SO),
    }
    found = sensitivity.spread(mortgage.payment, given, ranges)
    assert found.quantiles[0.05].value < 36_000 * 0.0085 < found.quantiles[0.95].value
    years, rate = sensitivity.sobol_indices(mortgage.payment, given, ranges)
    assert (years.name, rate.name) == ("years", "annual_rate")
    assert 0.9 < years.first.value + rate.first.value < 1.0


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"low": 1, "high": 2}, r"because must give the reason for the range from 1 to 2, got ''"),
        ({"low": 1, "high": 2, "because": "  "}, "because must give the reason"),
        ({"low": 2, "high": 2, **SO}, "high must be above low, 2, got 2"),
        ({"low": float("nan"), "high": 2, **SO}, "low must be a finite number, got nan"),
        ({"low": 0.5, "high": 2, "whole": True, **SO}, "low must be whole as the input is"),
        ({"low": 0, "high": 2, "whole": "yes", **SO}, "whole must be True or False"),
        ({"low": 0, "high": 2, "unit": 3, **SO}, "unit must be a string, got 3"),
    ],
)
def test_a_range_without_sense_or_reason_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        Range(**arguments)


@pytest.mark.parametrize(
    ("given", "ranges", "said"),
    [
        ({"x": 2.0}, unit("x"), "given x must lie in its range from 0 to 1, got 2.0"),
        ({"x": "1"}, unit("x"), "given x must be a finite number, got '1'"),
        ({"x": np.array([0.5])}, unit("x"), r"given x must be a finite number, got array"),
        ({"x": np.ma.masked}, unit("x"), "given x must be a finite number, got masked"),
        ({"x": 0.5}, unit("y"), r"ranges must name inputs that are given, \['x'\], got 'y'"),
        ({"x": 0.5}, {"x": (0, 1)}, r"ranges x must be a Range, got \(0, 1\)"),
        ({"x": 0.5}, {"x": Range(0, 1, whole=True, **SO)}, "given x must be whole"),
        ({"x": -0.0}, unit("x"), "margin must be a number, got nan at x -?0.0"),
        ({"x": 0.9}, unit("x"), "margin has no value at x 0.9: too much"),
    ],
)
def test_inputs_are_refused_by_their_names(given, ranges, said):
    def margin(x):
        if x > 0.8:
            raise ValueError("too much")
        return np.float64(0.0) / x

    with pytest.raises(ValueError, match=said):
        tipping_points(margin, given, ranges)


def test_a_hole_in_the_middle_of_a_range_is_named():
    with pytest.raises(ValueError, match=r"margin must be a number, got nan at x 0\.5"):
        tipping_points(lambda x: np.where(x == 0.5, np.nan, 1.0), {"x": 0.2}, unit("x"))


@pytest.mark.parametrize(
    ("function", "more", "said"),
    [
        (share, {"sample": 100}, "sample must be a power of two, got 100"),
        (share, {"seed": -1}, "seed must be a whole number from 0"),
        (tipping_points, {"points": 1}, "points must be a whole number from 2 to"),
        (tornado, {"points": 2.5}, "points must be a whole number from 2 to .*, got 2.5"),
        (sensitivity.spread, {"sample": 3}, "sample must be a power of two, got 3"),
        (sensitivity.spread, {"nets": 1}, "nets must be a whole number from 2 to 1024, got 1"),
        (sensitivity.spread, {"levels": 0.5}, "levels must be a sequence of numbers, got 0.5"),
        (sensitivity.spread, {"levels": [0.5, 1.5]}, "levels must be from 0 to 1, got 1.5"),
        (sensitivity.sobol_indices, {"seed": 2**63}, "seed must be a whole number from 0"),
    ],
)
def test_counts_are_refused_by_their_names(function, more, said):
    with pytest.raises(ValueError, match=said):
        function(lambda x: x, {"x": 0.5}, unit("x"), **more)
    with pytest.raises(ValueError, match="ranges must name an input at least"):
        share(lambda x: x, {"x": 0.5}, {})


def test_what_has_no_variance_or_no_end_has_no_indices():
    with pytest.raises(ValueError, match="margin must vary over the box, got 3 at 1,024 points"):
        sensitivity.sobol_indices(lambda x, y: 3.0, {"x": 0.5, "y": 0.5}, unit("x", "y"))
    with pytest.raises(ValueError, match="margin must be finite, got inf at x 0"):
        sensitivity.spread(
            lambda x: np.where(x < 0.5, 1.0, np.inf), {"x": 0.25}, unit("x"), sample=4
        )
    with pytest.raises(ValueError, match="ranges must name an input at least"):
        sensitivity.spread(lambda x: x, {"x": 0.5}, {})
