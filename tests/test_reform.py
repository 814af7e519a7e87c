"""Rent reform: the report's tables, the identities of a neutral policy, simulation, programmes."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import linprog

from housing.reform import (
    averages,
    break_even_space,
    burden_shares,
    gains,
    in_kind_subsidy,
    neutral_allowance,
    neutral_wage_rise,
    phased_reform,
    winners_and_losers,
)
from rounding import NEAREST

ULP = 2.0**-52
reproducible = settings(deadline=None, derandomize=True)

WEIGHTS = np.array([[0.20, 0.05, 0.05], [0.15, 0.20, 0.05], [0.05, 0.10, 0.15]])
WAGES = np.array([1500.0, 2100.0, 3000.0])
SPACES = np.array([16.0, 32.0, 61.0])
COMMERCIAL = np.array([[271, -388, -1583], [643, -16, -1211], [1201, 542, -653]])
PREFERENTIAL = np.array([[90, -120, -500], [210, 0, -380], [390, 180, -200]])
RENTS = [0.13, 0.55, 1.00, 2.00, 3.00, 4.00]
ANNEX = {"area": 2.0e9, "unit": 40, "first_wage": 400, "growth": 0.10}
PHASES = {**ANNEX, "household_share": [1, 0.25, 0.25, 0.25, 0.25]}


@st.composite
def societies(draw):
    """Draw a joint distribution of any shape with its wages and spaces."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    counts = draw(npst.arrays(float, (rows, columns), elements=st.integers(0, 50)))
    counts[0, 0] += 1
    # With `rent_rises` these leave every neutral rise of wages below the 5 that is the most.
    wages = draw(st.lists(st.floats(2000, 1e5), min_size=rows, max_size=rows))
    spaces = draw(st.lists(st.floats(5, 200), min_size=columns, max_size=columns))
    return counts / counts.sum(), np.array(wages), np.array(spaces)


rent_rises = st.floats(0.01, 49)


def noise(weights, wages, spaces, rent):
    """Return how far sums of so many products of such sizes may be off: a few roundings each."""
    largest = rent * spaces.max() + neutral_wage_rise(weights, wages, spaces, rent) * wages.max()
    return 8 * weights.size * ULP * largest


# The printed tables ------------------------------------------------------------------------------


def test_averages_are_those_of_the_margins():
    wage, space = averages(WEIGHTS, WAGES, SPACES)
    assert wage == pytest.approx(2190, rel=1e-14)
    assert space == pytest.approx(32.85, rel=1e-14)


@pytest.mark.parametrize(
    ("rent", "existing", "printed"), [(1380, 26, 62), (457.27, 26, 20)], ids=["3.50", "1.16"]
)
def test_wage_rises_round_to_those_of_paragraphs_2_39_and_2_40(rent, existing, printed):
    rise = neutral_wage_rise(WEIGHTS, WAGES, SPACES, (rent - existing) / 32.85)
    assert NEAREST.round(100 * rise, 1) == printed


@pytest.mark.parametrize(
    ("rent", "wage_rise", "printed"),
    [(42 - 0.80, 0.62, COMMERCIAL), (13.92 - 0.80, 0.20, PREFERENTIAL)],
    ids=["commercial", "preferential"],
)
def test_gains_round_to_those_of_table_2_7(rent, wage_rise, printed):
    assert_array_equal(NEAREST.round(gains(WAGES, SPACES, rent, wage_rise), 1), printed)


def test_many_policies_at_once_are_each_of_them():
    both = gains(WAGES, SPACES, [41.20, 13.12], [0.62, 0.20])
    assert_array_equal(NEAREST.round(both, 1), [COMMERCIAL, PREFERENTIAL])
    outcome = winners_and_losers(WEIGHTS, [COMMERCIAL, PREFERENTIAL])
    assert_allclose(outcome.total_gain, [264.9, 87.0], rtol=1e-14)
    assert_allclose(outcome.total_loss, [260.25, 80.0], rtol=1e-14)
    assert_allclose(outcome.unchanged, [0.0, 0.20], rtol=1e-14)


def test_the_report_s_rounded_wage_rise_is_not_quite_neutral():
    exact = neutral_wage_rise(WEIGHTS, WAGES, SPACES, 41.20)
    gain = [gains(WAGES, SPACES, 41.20, rise) for rise in (0.62, exact)]
    balance = winners_and_losers(WEIGHTS, gain).balance
    assert balance[0] == pytest.approx(0.62 * 2190 - 41.20 * 32.85, rel=1e-9)
    assert abs(balance[1]) < noise(WEIGHTS, WAGES, SPACES, 41.20)


def test_annex_1_wages_adjustments_and_burden():
    plan = phased_reform(RENTS, **PHASES)
    assert NEAREST.round(plan["wage"], 0.1).tolist() == [400.0, 440.0, 484.0, 532.4, 585.6]
    assert_allclose(plan["adjustment"], [0, 13.5, 30, 30, 30], atol=1e-12)
    assert NEAREST.round(plan["burden"] / 1e9, 0.1).tolist() == [10.1, 10.8, 24.0, 24.0, 24.0]
    earlier = plan["wage"] + plan["adjustments"].shift(fill_value=0.0)
    own = 100 * plan["own_payment"] / earlier
    assert NEAREST.round(own, 0.1).tolist() == [5.5, 6.0, 7.3, 8.1, 8.6]
    new = 100 * plan["revised_rent"] * 40 / (plan["wage"] + plan["adjustments"])
    assert NEAREST.round(new, 0.1).tolist() == [5.5, 8.8, 15.2, 19.8, 23.2]


def test_annex_1_shares_of_government_are_80_to_20_of_what_enterprises_leave():
    _, enterprise, local, central = burden_shares(19, 0, 0.33, 0.20)
    assert NEAREST.round(enterprise, 0.01) == 6.27
    assert NEAREST.round([local / 19, central / 19], 0.01).tolist() == [0.54, 0.13]


def test_annex_1_s_household_share_and_what_it_leaves_to_others():
    """A quarter of 24 is 6; the table prints 5, and goes on from there."""
    plan = phased_reform(RENTS, **PHASES)
    assert NEAREST.round(plan["household"] / 1e9, 0.1).tolist() == [10.1, 2.7, 6.0, 6.0, 6.0]
    # Household by household: 2.0 billion m2 are 50 million units, and what wages add is what
    # the plan compensates; what a unit then pays more is what households bear.
    units = ANNEX["area"] / ANNEX["unit"]
    assert_allclose(plan["compensated"], 12 * units * plan["adjustment"], rtol=1e-14)
    own = np.diff(plan["own_payment"], prepend=RENTS[0] * ANNEX["unit"])
    assert_allclose(plan["household"], 12 * units * own, rtol=1e-14)


def test_subsidies_in_kind_round_to_those_of_table_2_2():
    """Rents that grew by 15 per cent to 3.15555; space from persons per worker in hundredths."""
    since = np.array([4, 6, 7, 9, 10])
    capita = np.array([5.61, 6.32, 7.46, 8.47, 8.80])
    persons = np.array([1.73, 1.71, 1.81, 1.79, 1.79])
    subsidy = in_kind_subsidy(3.15555 / 1.15 ** (10 - since), 0.13, 0.75 * persons * capita)
    assert NEAREST.round(subsidy, 0.01).tolist() == [107.81, 162.84, 236.34, 356.68, 428.93]


def test_a_subsidy_in_kind_is_what_a_move_to_the_cost_rent_takes_from_an_uncompensated_tenant():
    loss = gains([0.0], [40.0], 12 * (3.16 - 0.13))
    assert in_kind_subsidy(3.16, 0.13, 40) == pytest.approx(-loss.item(), rel=1e-15)
    assert in_kind_subsidy(0.10, 0.13, 40) < 0
    assert in_kind_subsidy(3.16, 0.13, 0) == 0


# Identities --------------------------------------------------------------------------------------


@reproducible
@given(societies(), rent_rises)
def test_a_neutral_rise_of_wages_is_a_zero_sum(society, rent):
    weights, wages, spaces = society
    rise = neutral_wage_rise(weights, wages, spaces, rent)
    outcome = winners_and_losers(weights, gains(wages, spaces, rent, rise))
    off = noise(weights, wages, spaces, rent)
    assert abs(outcome.balance) <= off
    assert outcome.total_gain == pytest.approx(outcome.total_loss, abs=off)
    assert outcome.winners + outcome.losers + outcome.unchanged == pytest.approx(1, rel=1e-12)


@reproducible
@given(societies(), rent_rises)
def test_a_neutral_lump_sum_is_one_too_and_only_space_decides(society, rent):
    weights, wages, spaces = society
    lump = neutral_allowance(weights, wages, spaces, rent)
    gain = gains(wages, spaces, rent, allowance=lump)
    off = noise(weights, wages, spaces, rent)
    assert abs(winners_and_losers(weights, gain).balance) <= off
    assert_allclose(gain, np.broadcast_to(gain[0], gain.shape), atol=off)
    mean = averages(weights, wages, spaces).space
    assert ((gain < -off) <= (spaces > mean)).all()


@reproducible
@given(societies(), rent_rises, rent_rises)
def test_gains_and_losses_grow_with_the_rent_and_winners_stay_winners(society, rent, other):
    weights, wages, spaces = society
    once, more = (
        gains(wages, spaces, r, neutral_wage_rise(weights, wages, spaces, r)) for r in (rent, other)
    )
    factor = other / rent
    off = noise(weights, wages, spaces, rent)
    assert_allclose(more, factor * once, atol=2 * factor * off)


@reproducible
@given(societies(), rent_rises)
def test_a_household_loses_beyond_its_break_even_space(society, rent):
    weights, wages, spaces = society
    rise = neutral_wage_rise(weights, wages, spaces, rent)
    gain = gains(wages, spaces, rent, rise)
    beyond = spaces[None, :] - break_even_space(wages, rent, rise)[:, None]
    assert_allclose(gain, -rent * beyond, atol=noise(weights, wages, spaces, rent))


@reproducible
@given(societies(), rent_rises)
def test_the_average_household_comes_out_even(society, rent):
    weights, wages, spaces = society
    mean = averages(weights, wages, spaces)
    rise = neutral_wage_rise(weights, wages, spaces, rent)
    even = gains([mean.wage], [mean.space], rent, rise)
    assert_allclose(even, 0, atol=noise(weights, wages, spaces, rent))


@reproducible
@given(societies(), rent_rises)
def test_classes_may_be_split_and_reordered(society, rent):
    weights, wages, spaces = society
    split = np.vstack([weights[::-1] / 2, weights / 2])[:, ::-1]
    twice = np.concatenate([wages[::-1], wages])
    assert neutral_wage_rise(split, twice, spaces[::-1], rent) == pytest.approx(
        neutral_wage_rise(weights, wages, spaces, rent), rel=1e-12
    )


def test_the_nine_printed_cells_pin_rent_and_wage_rise():
    """Which pairs round to a panel of Table 2.7: a programme over its 18 half-open edges."""
    panels = ((COMMERCIAL, 41.20, 0.62, 1354), (PREFERENTIAL, 13.12, 0.20, 431))
    for panel, rent, rise, rent_paid in panels:
        wage, space = (axis.ravel() for axis in np.meshgrid(WAGES, SPACES, indexing="ij"))
        edge = np.column_stack([space, -wage])
        box = {
            "A_ub": np.vstack([edge, -edge]),
            "b_ub": [*(0.5 - panel.ravel()), *(0.5 + panel.ravel())],
        }
        ends = [
            linprog(way, **box, bounds=[(None, None)] * 2).x
            for way in ([1, 0], [-1, 0], [0, 1], [0, -1])
        ]
        assert ends[0][0] < rent < ends[1][0] < ends[0][0] + 0.03
        assert ends[2][1] < rise < ends[3][1] < ends[2][1] + 0.0005
        # 1,354/2,190 and 431/2,190, which the text rounds to 62 and 20 per cent, lie outside.
        assert not ends[2][1] <= rent_paid / 2190 <= ends[3][1]


# Limits ------------------------------------------------------------------------------------------


def test_equal_wages_make_both_policies_one():
    flat = np.full(3, 2000.0)
    rise = neutral_wage_rise(WEIGHTS, flat, SPACES, 10)
    lump = neutral_allowance(WEIGHTS, flat, SPACES, 10)
    assert_allclose(
        gains(flat, SPACES, 10, rise), gains(flat, SPACES, 10, allowance=lump), rtol=1e-12
    )


def test_space_in_proportion_to_wages_leaves_everybody_as_he_was():
    weights = np.diag([0.2, 0.3, 0.5])
    spaces = WAGES / 75
    rise = neutral_wage_rise(weights, WAGES, spaces, 12)
    assert winners_and_losers(weights, gains(WAGES, spaces, 12, rise), dust=1e-9).unchanged == 1


def test_no_rise_of_rents_needs_no_rise_of_wages():
    assert neutral_wage_rise(WEIGHTS, WAGES, SPACES, 0) == 0
    assert neutral_allowance(WEIGHTS, WAGES, SPACES, 0) == 0
    assert_array_equal(gains(WAGES, SPACES, 0), 0)


def test_labels_of_wages_and_spaces_come_back_and_must_fit_the_weights():
    wages = pd.Series(WAGES, index=["low", "middle", "high"])
    spaces = pd.Series(SPACES, index=["small", "medium", "large"])
    weights = pd.DataFrame(WEIGHTS, index=wages.index, columns=spaces.index)
    gain = gains(wages, spaces, 41.2, 0.62)
    assert gain.loc["high", "small"] == pytest.approx(1200.8)
    assert_array_equal(gain.index, wages.index)
    assert_array_equal(gains(wages, SPACES, 41.2, 0.62).columns, range(3))
    assert averages(weights, wages, spaces) == averages(WEIGHTS, WAGES, SPACES)
    for shuffled in ((wages.iloc[::-1], spaces), (wages, spaces.iloc[::-1])):
        with pytest.raises(ValueError, match="must have the same labels: align them first"):
            averages(weights, *shuffled)


def test_frames_of_weights_and_gains_must_have_the_same_labels():
    wages = pd.Series(WAGES, index=["low", "middle", "high"])
    spaces = pd.Series(SPACES, index=["small", "medium", "large"])
    weights = pd.DataFrame(WEIGHTS, index=wages.index, columns=spaces.index)
    gain = gains(wages, spaces, 41.2, 0.62)
    expected = winners_and_losers(WEIGHTS, gain.to_numpy())
    # Nine products, added up in the order in which a frame or an array keeps them.
    assert_allclose(winners_and_losers(weights, gain), expected, rtol=1e-12)
    counted = pd.DataFrame(WEIGHTS)
    for turned, other in (
        (weights, gain.iloc[::-1]),
        (weights, gain.iloc[:, ::-1]),
        (weights.iloc[::-1], gain),
        (counted, pd.DataFrame(gain.to_numpy()).iloc[::-1]),
        (counted.iloc[::-1], pd.DataFrame(gain.to_numpy())),
    ):
        with pytest.raises(ValueError, match="weights and gain must have the same labels: align"):
            winners_and_losers(turned, other)


def test_positions_are_no_labels_to_hold_against_others():
    wages = pd.Series(WAGES, index=["low", "middle", "high"])
    spaces = pd.Series(SPACES, index=["small", "medium", "large"])
    weights = pd.DataFrame(WEIGHTS, index=wages.index, columns=spaces.index)
    expected = winners_and_losers(WEIGHTS, gains(WAGES, SPACES, 41.2, 0.62))
    for given_weights, gain in (
        (weights, gains(wages, SPACES, 41.2, 0.62)),
        (weights, gains(WAGES, SPACES, 41.2, 0.62)),
        (pd.DataFrame(WEIGHTS), gains(wages, spaces, 41.2, 0.62)),
        (WEIGHTS, gains(wages, spaces, 41.2, 0.62)),
    ):
        assert_allclose(winners_and_losers(given_weights, gain), expected, rtol=1e-12)


def test_labels_that_read_alike_are_the_same():
    labels = {"index": [1500, 2100, 3000], "columns": [16, 32, 61]}
    gain = pd.DataFrame(COMMERCIAL, **labels)
    expected = winners_and_losers(WEIGHTS, COMMERCIAL)
    for kind in (int, float, str):
        weights = pd.DataFrame(WEIGHTS, **{axis: [*map(kind, of)] for axis, of in labels.items()})
        assert_allclose(winners_and_losers(weights, gain), expected, rtol=1e-12)
        with pytest.raises(ValueError, match="weights and gain must have the same labels"):
            winners_and_losers(weights, gain.iloc[::-1])


def test_rises_of_rent_keep_their_kind():
    assert isinstance(neutral_wage_rise(WEIGHTS, WAGES, SPACES, 41.2), float)
    rents = pd.Series([10.0, 20.0], index=["a", "b"])
    rises = neutral_wage_rise(WEIGHTS, WAGES, SPACES, rents)
    assert list(rises.index) == ["a", "b"]
    assert rises["b"] == pytest.approx(2 * rises["a"], rel=1e-15)
    assert isinstance(winners_and_losers(WEIGHTS, COMMERCIAL).winners, float)


def test_frames_serve_as_distributions():
    frame = pd.DataFrame(WEIGHTS, index=WAGES, columns=SPACES)
    assert averages(frame, frame.index, frame.columns) == averages(WEIGHTS, WAGES, SPACES)


def test_gains_up_to_the_dust_count_as_none():
    outcome = winners_and_losers([[0.5, 0.5]], [[1e-13, -1e-13]], dust=1e-9)
    assert (outcome.winners, outcome.losers, outcome.unchanged) == (0, 0, 1)


@pytest.mark.parametrize(("part", "place"), [((1, 0, 0), 0), ((0, 1, 0), 1), ((0, 0, 0), 2)])
def test_a_burden_may_fall_on_one_party(part, place):
    paid = burden_shares(100, *part)
    assert paid[place] == 100
    assert sum(paid) == 100


@reproducible
@given(st.floats(0, 1e12), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_shares_of_a_burden_add_up_and_none_is_negative(burden, household, enterprise, central):
    paid = burden_shares(burden, household, enterprise, central)
    assert sum(paid) == pytest.approx(burden, rel=4 * ULP)
    assert min(paid) >= 0


@reproducible
@given(st.lists(st.floats(0.01, 5), min_size=1, max_size=8), st.floats(0, 1), st.floats(-0.2, 0.5))
def test_phases_add_up_and_what_wages_compensate_households_receive(steps, borne, growth):
    rents = np.concatenate([[0.13], 0.13 + np.cumsum(steps)])
    plan = phased_reform(rents, **{**ANNEX, "growth": growth}, household_share=borne)
    households = ANNEX["area"] / ANNEX["unit"]
    assert_allclose(plan["household"] + plan["compensated"], plan["burden"], rtol=1e-12)
    assert_allclose(plan["compensated"], 12 * households * plan["adjustment"], rtol=1e-12)
    paid_before = 40 * rents[0]
    raised = 40 * (rents[-1] - rents[0])
    assert plan["own_payment"].iloc[-1] == pytest.approx(paid_before + borne * raised, rel=1e-9)
    assert_allclose(plan["wage"].pct_change().dropna(), growth, atol=1e-12)


def test_households_that_bear_all_get_nothing():
    plan = phased_reform(RENTS, **ANNEX, household_share=1)
    assert (plan["adjustment"] == 0).all()
    assert (plan["compensated"] == 0).all()


# Second derivations ------------------------------------------------------------------------------


def test_twenty_households_counted_one_by_one():
    """Weights of twentieths are twenty households; fractions leave no rounding at all."""
    people = [
        (Fraction(int(wage)), Fraction(int(space)))
        for row, wage in zip(WEIGHTS, WAGES, strict=True)
        for weight, space in zip(row, SPACES, strict=True)
        for _ in range(round(20 * weight))
    ]
    assert len(people) == 20
    rent = Fraction(206, 5)
    rise = rent * sum(s for _, s in people) / sum(w for w, _ in people)
    gain = [rise * w - rent * s for w, s in people]
    assert sum(gain) == 0
    ours = neutral_wage_rise(WEIGHTS, WAGES, SPACES, float(rent))
    outcome = winners_and_losers(WEIGHTS, gains(WAGES, SPACES, float(rent), ours))
    assert ours == pytest.approx(float(rise), rel=1e-14)
    assert outcome.total_gain == pytest.approx(float(sum(g for g in gain if g > 0) / 20), rel=1e-12)
    assert outcome.winners == pytest.approx(sum(g > 0 for g in gain) / 20, rel=1e-14)
    assert outcome.losers == pytest.approx(sum(g < 0 for g in gain) / 20, rel=1e-14)


def test_simulated_households_meet_the_closed_form():
    """Each drawn household pays its own rent; means must meet within five standard errors."""
    draws = 400_000
    kind = np.random.default_rng(1991).choice(9, size=draws, p=WEIGHTS.ravel())
    wage, space = WAGES[kind // 3], SPACES[kind % 3]
    rise = neutral_wage_rise(WEIGHTS, WAGES, SPACES, 41.2)
    outcome = winners_and_losers(WEIGHTS, gains(WAGES, SPACES, 41.2, rise))
    gain = rise * wage - 41.2 * space
    for simulated, exact in (
        (gain, 0.0),
        (np.maximum(gain, 0), outcome.total_gain),
        (np.maximum(-gain, 0), outcome.total_loss),
        ((gain > 0).astype(float), outcome.winners),
        (wage, 2190.0),
        (space, 32.85),
    ):
        error = simulated.std() / math.sqrt(draws)
        assert abs(simulated.mean() - exact) < 5 * error
    # What the drawn households themselves need is the same ratio of their own averages.
    own = 41.2 * space.mean() / wage.mean()
    assert own == pytest.approx(rise, rel=0.01)


def test_the_least_money_that_undoes_the_policy_is_what_winners_win():
    """A transport programme: winners pay losers back, every yuan moved once."""
    rise = neutral_wage_rise(WEIGHTS, WAGES, SPACES, 41.2)
    gain = gains(WAGES, SPACES, 41.2, rise)
    due = (WEIGHTS * gain).ravel()
    cells = due.size
    # Variable (i, j) moves money from cell i to cell j.
    out_of = np.kron(np.eye(cells), np.ones(cells))
    into = np.kron(np.ones(cells), np.eye(cells))
    least = linprog(np.ones(cells**2), A_eq=out_of - into, b_eq=due, method="highs")
    assert least.status == 0
    # The solver keeps equations to 1e-7 a row.
    assert least.fun == pytest.approx(
        winners_and_losers(WEIGHTS, gain).total_gain, abs=cells * 1e-7
    )


def test_the_least_wage_rise_that_covers_all_rents_is_the_neutral_one():
    rent = 41.2
    needs = rent * (WEIGHTS * SPACES).sum()
    pays = (WEIGHTS.T * WAGES).sum()
    least = linprog([1.0], A_ub=[[-pays]], b_ub=[-needs], method="highs")
    assert neutral_wage_rise(WEIGHTS, WAGES, SPACES, rent) == pytest.approx(least.fun, rel=1e-9)


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: averages(WEIGHTS * 100, WAGES, SPACES), "weights must add up to 1, got 100"),
        (lambda: averages(WEIGHTS * 0.9, WAGES, SPACES), "weights must add up to 1, got 0.9"),
        (lambda: averages(WEIGHTS - 0.06, WAGES, SPACES), "weights must be at least 0, got -0.01"),
        (lambda: averages(WEIGHTS, WAGES[:2], SPACES), "shape (2, 3) of wages and spaces, got (3"),
        (lambda: averages(WEIGHTS[0], WAGES, SPACES), "one row a wage and one column a space"),
        (lambda: averages(WEIGHTS, -WAGES, SPACES), "wages must be at least 0, got -1500"),
        (lambda: averages(WEIGHTS, WAGES, [SPACES]), "spaces must be a row of numbers"),
        (lambda: averages(WEIGHTS * np.nan, WAGES, SPACES), "weights must be finite, got nan"),
        (lambda: neutral_wage_rise(WEIGHTS, WAGES * 0, SPACES, 1), "average of wages must be abov"),
        (
            lambda: gains(WAGES, SPACES, [1, 2], [0.1, 0.2, 0.3]),
            "match: rent_rise (2,), wage_rise (3",
        ),
        (lambda: gains(WAGES, SPACES, 1, -62), "and at most 5, got -62. Rises are decimals: for"),
        (
            lambda: gains(WAGES, SPACES, 1, 62),
            "wage_rise must be at least -1 and at most 5, got 62",
        ),
        (lambda: gains(WAGES, SPACES, 1, 62), "got 62. Rises are decimals: for 62% give 0.62"),
        (lambda: gains(100, 20, 1, wage_rise=10), "and at most 5, got 10. Rises are decimals"),
        (lambda: break_even_space(2190, 40, 62), "5, got 62. Rises are decimals: for 62% give 0."),
        (lambda: gains(WAGES, SPACES, "41"), "rent_rise must be a number"),
        (lambda: winners_and_losers(WEIGHTS * 2, COMMERCIAL), "weights must add up to 1, got 2"),
        (lambda: winners_and_losers(WEIGHTS, COMMERCIAL[0]), "shape of weights (3, 3) in its last"),
        (lambda: winners_and_losers(WEIGHTS, COMMERCIAL, dust=-1), "dust must be at least 0"),
        (lambda: break_even_space(2190, 0, 0.6), "rent_rise must be above 0, got 0"),
        (lambda: in_kind_subsidy(3.16, 0.13, -1), "space must be at least 0, got -1"),
        (lambda: in_kind_subsidy(-3.16, 0.13, 1), "cost_rent must be at least 0, got -3.16"),
        (lambda: burden_shares(24, 20.8, 0.33, 0.2), "household_share must be at least 0 and at m"),
        (lambda: phased_reform([1.0], **PHASES), "rents must be the one before the reform and on"),
        (lambda: phased_reform([2, 1], **PHASES), "rents must not fall, got 1 after 2"),
        (lambda: phased_reform([1, 2, 3], **PHASES), "one number or 2, one a phase"),
        (lambda: phased_reform(RENTS, **{**PHASES, "growth": 10}), "growth must be above -1 and"),
        (lambda: phased_reform(RENTS, **{**PHASES, "unit": 0}), "unit must be above 0, got 0"),
        (lambda: phased_reform(RENTS, **{**PHASES, "area": [1, 2]}), "area must be one number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
