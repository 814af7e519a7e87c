"""The reverse-declining subsidy: worked cases, its claim inside and across classes, its edges."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from compendium.page.printed import Source
from housing import mortgage
from housing.policy import load_policy
from housing.subsidy import (
    area_standard,
    burden_ratio,
    purchase_income_limit,
    purchase_subsidy,
    rental_income_limit,
    rental_subsidy,
    reversal_income,
)
from rounding import DOWN, NEAREST, UP

reproducible = settings(derandomize=True, deadline=None)
money = st.floats(0, 1e6)
space = st.floats(0, 300)
ratio = st.floats(0, 1)

POLICY = load_policy()
CLASSES = POLICY.class_names
TABLE = Source("guo_wang").table("2")
SIZES = ["1", "2", "3", "4"]
T, P, RATE = 18.0, 5_400.0, 0.06


# The paper's own numbers ------------------------------------------------------------------------


def test_the_example_policy_holds_the_printed_table():
    assert_allclose(POLICY.areas[:-1], TABLE.loc[SIZES].to_numpy().T, rtol=0)
    assert_allclose(100 * POLICY.burden_ratios[:-1], TABLE.loc["spending ratio"], rtol=1e-15)


def test_the_example_policy_holds_the_printed_shares_and_term():
    source = Source("guo_wang")
    stated = {cell.place[:2]: float(cell.printed.rstrip("%")) for cell in source.text.values()}
    assert 100 * POLICY.standard_share == stated["Rental standard", "of_average_rent"]
    assert 100 * POLICY.standard_share == stated["Purchase standard", "of_average_price"]
    assert 100 * POLICY.down_payment == stated["Purchase standard", "down_payment"]
    assert POLICY.years == stated["Purchase standard", "years"]


def test_even_steps_of_at_least_five_give_all_twenty_areas():
    """10 m2 a person for the poorest; each class adds 2.5 m2 a person, but at least 5 m2."""
    persons, steps = np.array(SIZES, dtype=float)[:, None], np.arange(5)
    areas = TABLE.loc[SIZES].to_numpy()
    fives = NEAREST.to_multiple(5)
    assert fives.agrees(10 * persons + np.maximum(2.5 * persons, 5) * steps, areas, 5).all()
    # Without the least step three areas of single persons are missed.
    met = fives.agrees((10 + 2.5 * steps) * persons, areas, 5)
    assert met[1:].all()
    assert met[0].tolist() == [True, True, False, False, False]


def test_one_factor_of_the_use_area_gives_no_more_than_seventeen():
    persons = np.array(SIZES, dtype=float)[:, None]
    use = TABLE.loc["per capita use area"].to_numpy()
    areas = TABLE.loc[SIZES].to_numpy()
    trials = np.arange(1000, 2000)[:, None, None] / 1000 * persons * use
    most = [
        rule.to_multiple(5).agrees(trials, areas, 5).sum(axis=(1, 2)).max()
        for rule in (NEAREST, UP, DOWN)
    ]
    assert most == [15, 17, 14]


# Worked cases, by hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "persons", "income", "owned", "by_hand"),
    [
        ("double-stranded", 1, 0, 0, 10 * 18),
        ("difficult", 4, 0, 20, 30 * 18),
        ("lowest", 3, 24_000, 0, 810 - 400),
        ("lowest", 3, 24_000, 15, 540 - 400),
        ("low", 2, 0, 35, 0),
        ("low", 3, 48_000, 0, 0),
        ("low", 2, 20_000, 10, 450 - Fraction(5_000, 12)),
        ("lower middle", 3, 30_000, 0, 1_080 - 750),
    ],
)
def test_a_renter_gets_what_an_officer_works_out(group, persons, income, owned, by_hand):
    standard = area_standard(persons, group)
    assert rental_subsidy(standard, T, burden_ratio(group), income, owned) == pytest.approx(
        float(by_hand), rel=1e-14
    )


def test_the_four_equations_are_one():
    area, income, owned = 45, 24_000, 15
    assert rental_subsidy(area, T, 0.20, 0, 0) == area * T  # (1)
    assert rental_subsidy(area, T, 0.20, 0, owned) == (area - owned) * T  # (2)
    assert rental_subsidy(area, T, 0.20, income, 0) == area * T - 0.20 * income / 12  # (3)
    assert rental_subsidy(area, T, 0.20, income, owned) == 30 * T - 0.20 * income / 12  # (4)


@pytest.mark.parametrize(("owned", "worth"), [(0, 0), (20, 1_500), (59, 0), (40, 2_000)])
def test_subsidy_and_own_share_repay_the_loan_of_a_buyer(owned, worth):
    """Paid month by month, the printed formula's instalment leaves nothing after 360 months."""
    income = 30_000
    subsidy = purchase_subsidy(60, P, income, RATE, owned_area=owned, owned_price=worth)
    assert subsidy > 0
    balance = 0.8 * 60 * P - owned * worth
    for _ in range(360):
        balance = balance * (1 + RATE / 12) - (subsidy + 0.30 * income / 12)
    # 360 roundings of a few hundred thousand, each grown by interest.
    assert balance == pytest.approx(0, abs=1e-6)


def test_equation_6_as_printed():
    r, grown = RATE / 12, (1 + RATE / 12) ** 360
    expected = (60 * P * 0.8 - 20 * 1_500) * r * grown / (grown - 1) - 50_000 * 0.30 / 12
    found = purchase_subsidy(60, P, 50_000, RATE, owned_area=20, owned_price=1_500)
    assert found == pytest.approx(expected, rel=1e-12)


# Limits -----------------------------------------------------------------------------------------


def test_without_interest_the_loan_is_paid_in_equal_parts():
    assert purchase_subsidy(60, P, 0, 0.0) == pytest.approx(0.8 * 60 * P / 360, rel=1e-15)


def test_nothing_is_borrowed_with_all_paid_down_or_a_home_that_pays_for_it():
    assert purchase_subsidy(60, P, 0, RATE, down_payment=1) == 0
    assert purchase_subsidy(60, P, 0, RATE, owned_area=50, owned_price=10_000) == 0


def test_no_standard_no_subsidy():
    assert rental_subsidy(0, T, 0.2, 0) == 0
    assert purchase_subsidy(0, P, 0, RATE) == 0


@reproducible
@given(st.floats(1, 300), st.floats(0.01, 1), st.floats(0, 0.99), st.floats(0.1, 200))
def test_the_rental_subsidy_ends_at_its_income_limit(area, burden, part, rent):
    owned = part * area
    limit = rental_income_limit(area, rent, burden, owned)
    assert rental_subsidy(area, rent, burden, limit, owned) == pytest.approx(
        0, abs=1e-12 * area * rent
    )
    assert rental_subsidy(area, rent, burden, 0.999 * limit, owned) > 0
    assert rental_subsidy(area, rent, burden, 1.001 * limit, owned) == 0


@reproducible
@given(st.floats(1, 300), st.floats(0.01, 1), st.floats(0, 0.2), st.floats(0, 0.5))
def test_the_purchase_subsidy_ends_at_its_income_limit(area, burden, rate, part):
    home = {"owned_area": part * area, "owned_price": P / 2, "burden_ratio": burden}
    limit = purchase_income_limit(area, P, rate, **home)
    assert purchase_subsidy(area, P, 0.999 * limit, rate, **home) > 0
    assert purchase_subsidy(area, P, 1.001 * limit, rate, **home) == 0


def test_who_pays_nothing_always_gets_a_subsidy_and_who_lacks_nothing_never():
    assert rental_income_limit(45, T, 0.0) == np.inf
    assert rental_income_limit(45, T, [0.0, 0.2], 45).tolist() == [0, 0]
    assert purchase_income_limit(60, P, RATE, burden_ratio=0.0) == np.inf
    assert purchase_income_limit(60, P, RATE, owned_area=60) == 0


# The claim: less income and less space, more subsidy ---------------------------------------------


@reproducible
@given(space, st.floats(0, 200), ratio, money, money, space)
def test_within_a_class_more_income_never_means_more_for_renters(area, rent, burden, a, b, owned):
    low, high = sorted([a, b])
    more = rental_subsidy(area, rent, burden, [low, high], owned)
    assert more[0] >= more[1]


@reproducible
@given(space, st.floats(0, 200), ratio, money, space, space)
def test_within_a_class_more_space_never_means_more_for_renters(area, rent, burden, income, a, b):
    low, high = sorted([a, b])
    more = rental_subsidy(area, rent, burden, income, [low, high])
    assert more[0] >= more[1]


@reproducible
@given(space, ratio, money, money, space, space, st.floats(0, 2e4))
def test_within_a_class_buyers_never_gain_by_income_or_space(area, burden, a, b, s, t, worth):
    (low, high), (little, much) = sorted([a, b]), sorted([s, t])
    of_income = purchase_subsidy(
        area, P, [low, high], RATE, owned_area=s, owned_price=worth, burden_ratio=burden
    )
    of_space = purchase_subsidy(
        area, P, a, RATE, owned_area=[little, much], owned_price=worth, burden_ratio=burden
    )
    assert of_income[0] >= of_income[1]
    assert of_space[0] >= of_space[1]


def test_a_household_loses_its_burden_ratio_of_each_yuan_earned():
    before, after = rental_subsidy(45, T, 0.20, [24_000, 24_001])
    assert 12 * (before - after) == pytest.approx(0.20, abs=1e-9)


@pytest.mark.parametrize(
    ("below", "above", "border", "rises"),
    [
        ("double-stranded", "difficult", 16_000, True),
        ("difficult", "lowest", 22_000, False),
        ("lowest", "low", 34_000, True),
        ("low", "lower middle", 47_000, False),
    ],
)
def test_known_violations_of_the_claim_across_classes(below, above, border, rises):
    """Three persons: one yuan more of income, and more subsidy, at two of the four borders."""
    poorer = rental_subsidy(area_standard(3, below), T, burden_ratio(below), border)
    richer = rental_subsidy(area_standard(3, above), T, burden_ratio(above), border + 1)
    assert (richer > poorer) == rises


def test_the_better_off_who_buys_gets_more_than_the_poorer_who_rents():
    renter = rental_subsidy(55, T, 0.25, 47_000)
    buyer = purchase_subsidy(60, P, 47_001, RATE)
    assert renter == pytest.approx(990 - 47_000 / 48, rel=1e-12)
    assert buyer > 30 * renter


@pytest.mark.parametrize("persons", [1, 2, 3, 4])
@pytest.mark.parametrize(("below", "above"), list(pairwise(CLASSES)))
def test_classes_agree_at_the_reversal_income_and_swap_there(persons, below, above):
    areas = area_standard(persons, [below, above])
    burdens = burden_ratio([below, above])
    income = reversal_income(T, *areas, *burdens)
    gap = areas * T - burdens * income / 12  # before the maximum with nothing
    assert gap[0] == pytest.approx(gap[1], rel=1e-12, abs=1e-9)
    poorer, richer = areas * T - burdens * (income - 100) / 12
    assert richer > poorer


def test_the_cliff_of_a_buyer_and_the_price_at_which_it_goes():
    edge = [60 - 1e-6, 60]
    with_a_cheap_home = purchase_subsidy(60, P, 0, RATE, owned_area=edge, owned_price=0.4 * P)
    lost = 60 * 0.4 * P * mortgage.payment_factor(RATE, 30) / 1000
    assert with_a_cheap_home[0] == pytest.approx(lost, rel=1e-6)
    assert with_a_cheap_home[1] == 0
    without = purchase_subsidy(60, P, 0, RATE, owned_area=edge, owned_price=0.8 * P)
    assert without[0] == pytest.approx(0, abs=1e-4)
    # Renting, the subsidy runs out before the edge.
    assert rental_subsidy(60, T, 0.3, 0, edge[0]) == pytest.approx(0, abs=1e-4)


# Arrays, labels, refusals -------------------------------------------------------------------------


def test_a_series_keeps_its_labels():
    people = pd.DataFrame({"n": [1, 3], "group": ["low", "lowest"]}, index=["a", "b"])
    standard = area_standard(people["n"], people["group"])
    assert standard.to_dict() == {"a": 25, "b": 45}
    assert burden_ratio(people["group"]).to_dict() == {"a": 0.25, "b": 0.20}
    found = rental_subsidy(standard, T, burden_ratio(people["group"]), 0)
    assert found.to_dict() == {"a": 450, "b": 810}


def test_shapes_broadcast_and_scalars_stay_scalars():
    table = area_standard([[1], [2], [3], [4]], CLASSES)
    assert_allclose(table, TABLE.loc[SIZES], rtol=0)
    assert isinstance(area_standard(3, "low"), float)
    assert isinstance(burden_ratio("low"), float)
    assert isinstance(purchase_subsidy(60, P, 50_000, RATE), float)
    grid = purchase_subsidy(60, P, [[0], [50_000]], [0.04, 0.05, 0.06])
    assert grid.shape == (2, 3)
    assert (np.diff(grid, axis=1) > 0).all()


def test_a_large_household_is_assured_the_last_area():
    assert area_standard([4, 5, 9], "lowest").tolist() == [60, 60, 60]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: area_standard(0, "low"), "household_size must be a whole number of at least 1"),
        (lambda: area_standard([2, 2.5], "low"), "a whole number of at least 1, got 2.5"),
        (lambda: area_standard(3, "rich"), "income_class must be one of double-stranded, diffi"),
        (lambda: burden_ratio(["low", "lwo"]), "lower middle, got 'lwo'"),
        (lambda: area_standard([1, 2], ["low"] * 3), "shapes do not match: household_size (2,)"),
        (lambda: rental_subsidy(45, T, 20, 0), "burden_ratio must be at least 0 and at most 1, g"),
        (lambda: rental_subsidy(45, T, 0.2, -1), "annual_income must be at least 0, got -1"),
        (lambda: rental_subsidy(45, T, 0.2, np.nan), "annual_income must be finite, got nan"),
        (lambda: rental_subsidy(45, -T, 0.2, 1), "standard_rent must be at least 0, got -18"),
        (lambda: rental_subsidy(-45, T, 0.2, 1), "standard_area must be at least 0, got -45"),
        (lambda: rental_subsidy(45, T, 0.2, 1, -5), "owned_area must be at least 0, got -5"),
        (lambda: purchase_subsidy(60, P, 1, 6), "annual_rate must be above -1 and at most 1, got"),
        (lambda: purchase_subsidy(60, -P, 1, RATE), "standard_price must be at least 0"),
        (
            lambda: purchase_subsidy(60, P, 1, RATE, years=0),
            "years must be above 0, got 0",
        ),
        (lambda: purchase_subsidy(60, P, 1, RATE, down_payment=20), "down_payment must be at le"),
        (lambda: purchase_subsidy(60, P, 1, RATE, owned_price=-1), "owned_price must be at least"),
        (lambda: rental_income_limit(45, T, 2), "burden_ratio must be at least 0 and at most 1"),
        (lambda: reversal_income(T, 45, 55, 0.25, 0.25), "burden_above - burden_below must be ab"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
