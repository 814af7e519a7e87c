"""What a household can pay: relations that hold for any household, and the report's own one."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housing import mortgage
from housing.affordability import (
    affordability_ratio,
    affordable_payment,
    affordable_price,
    maximum_loan,
    maximum_price,
    price_to_income,
    required_income,
    residual_income,
    residual_repayment,
    shelter_poverty_gap,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)
incomes = st.floats(1, 1e6)
prices = st.floats(1, 1e9)
rates = st.one_of(st.just(0.0), st.floats(1e-12, 1.0))
terms = st.integers(1, 720).map(lambda months: months / 12)
areas = st.floats(10, 500)
shares = st.floats(0.01, 1)

# Each relation takes a handful of multiplications and divisions by the same numbers.
ROUNDINGS = {"rel": 8 * 2.0**-52, "abs": 0}


# Relations ---------------------------------------------------------------------------------------


@reproducible
@given(incomes, rates, terms, shares)
def test_the_largest_loan_takes_the_affordable_payment(income, rate, years, share):
    loan = maximum_loan(income, rate, years, housing_share=share)
    due = mortgage.payment(loan, rate, years)
    assert due == pytest.approx(share * income, **ROUNDINGS)
    assert due == pytest.approx(affordable_payment(income, share), **ROUNDINGS)


@reproducible
@given(incomes, rates, terms, areas, shares, shares)
def test_the_lent_part_of_the_highest_price_is_the_largest_loan(
    income, rate, years, area, share, lent
):
    price = maximum_price(income, rate, years, area=area, housing_share=share, loan_to_value=lent)
    loan = maximum_loan(income, rate, years, housing_share=share)
    assert price * area * lent == pytest.approx(loan, **ROUNDINGS)


@reproducible
@given(incomes, rates, terms, areas, shares, shares)
def test_the_required_income_is_the_inverse_of_the_highest_price(
    income, rate, years, area, share, lent
):
    terms = {"housing_share": share, "loan_to_value": lent}
    price = maximum_price(income, rate, years, area=area, **terms)
    assert required_income(price * area, rate, years, **terms) == pytest.approx(income, **ROUNDINGS)


@reproducible
@given(prices, rates, terms, shares)
def test_an_affordable_price_takes_its_repayment(price, rate, years, lent):
    repayment = mortgage.payment(price * lent, rate, years)
    assert affordable_price(repayment, rate, years, lent) == pytest.approx(price, **ROUNDINGS)


@reproducible
@given(incomes, rates, terms, shares, shares)
def test_an_affordable_price_is_that_of_a_home_of_one_square_metre(
    income, rate, years, share, lent
):
    price = affordable_price(affordable_payment(income, share), rate, years, lent)
    assert price == maximum_price(income, rate, years, housing_share=share, loan_to_value=lent)


@reproducible
@given(prices, incomes, rates, terms, shares, shares)
def test_a_payment_is_covered_as_far_as_the_income_it_requires(
    price, income, rate, years, share, lent
):
    needed = required_income(price, rate, years, loan_to_value=lent, housing_share=share)
    due = mortgage.payment(price * lent, rate, years)
    covered = affordability_ratio(affordable_payment(income, share), due)
    # Of income and need as well, since both are 1 where what is compared differs by noise.
    assert covered == pytest.approx(affordability_ratio(income, needed), **ROUNDINGS)


def test_unless_told_otherwise_a_fifth_of_income_goes_to_a_home_all_on_credit():
    usual = {"housing_share": 0.20, "loan_to_value": 1.0}
    assert affordable_payment(500) == 100.0
    assert maximum_loan(500, 0.10, 25) == maximum_loan(500, 0.10, 25, housing_share=0.20)
    assert maximum_price(500, 0.10, 25) == maximum_price(500, 0.10, 25, area=1.0, **usual)
    assert required_income(36_000, 0.10, 25) == required_income(36_000, 0.10, 25, **usual)
    assert affordable_price(117, 0.10, 25) == affordable_price(117, 0.10, 25, 1.0)
    # Of two payments, after a year and after two.
    two = affordable_price(605, 0.10, 2, 0.5, periods_per_year=1)
    assert two == pytest.approx(2 * (550 + 500))


def test_a_home_of_no_price_needs_no_income():
    assert required_income(0, 0.10, 10) == 0.0
    assert price_to_income(0, 4_500) == 0.0
    assert maximum_price(0, 0.10, 10, area=60) == 0.0


# The household of the World Bank's report (1991) ------------------------------------------------


def test_para_5_12_a_home_costs_eight_years_of_income():
    assert price_to_income(600 * 60, 4_500) == 8.0


def test_para_5_17_the_payment_is_over_twice_what_the_household_can_pay():
    loan = 0.6 * 600 * 60
    # The report multiplies the factor that its Table 5.3 prints.
    factor = NEAREST.round(mortgage.payment_factor(0.10, 10), 0.01)
    assert NEAREST.round(factor * loan / 1000, 1) == 286
    assert NEAREST.round(mortgage.payment(loan, 0.10, 10), 1) == 285
    assert affordable_payment(468, 0.25) == 117.0


def test_para_5_18_the_household_covers_41_per_cent_of_the_payment():
    assert NEAREST.round(affordability_ratio(affordable_payment(468, 0.25), 286), 0.01) == 0.41
    needed = required_income(36_000, 0.10, 10, loan_to_value=0.6, housing_share=0.25)
    # The report takes four times its rounded payment: 4 x 286.
    assert 4 * 286 == 1_144
    assert NEAREST.round(needed, 1) == 1_142


# Residual income ---------------------------------------------------------------------------------

needs = st.floats(0, 1e6)
sizes = st.floats(0.5, 12)


@reproducible
@given(incomes, needs, sizes)
def test_residual_income_is_that_of_one_person_times_the_household(income, need, size):
    one = residual_income(income, need)
    assert residual_income(income, need, size) == pytest.approx(size * one, **ROUNDINGS)


@reproducible
@given(incomes, needs, shares)
def test_the_repayment_breaks_neither_bound_and_meets_one(income, need, cap):
    left = residual_income(income, need)
    repayment = residual_repayment(left, income, income_cap=cap)
    assert 0 <= repayment <= max(left, 0)
    assert repayment <= cap * income
    assert repayment in (max(left, 0.0), cap * income)


@reproducible
@given(incomes, needs, st.floats(0, 1e6))
def test_a_household_is_shelter_poor_when_its_home_costs_more_than_is_left(income, need, cost):
    left = residual_income(income, need)
    gap = shelter_poverty_gap(left, cost)
    # By more than noise: money that is off by a part in a thousand million is not lacking.
    assert (gap > 0) == (cost - left > 1e-9 * abs(left))
    # What it lacks for its needs is what the needs exceed the rest of its income by.
    noise = 1e-9 * (1 + income + need + cost)
    assert gap == pytest.approx(max(need - (income - cost), 0), rel=1e-9, abs=noise)


def test_the_brackets_of_chongqing():
    income, spent, housing = [978, 1811, 6866], [1162, 1572, 4571], [202, 273, 830]
    other = [e - h for e, h in zip(spent, housing, strict=True)]
    left = residual_income(income, other)
    assert left.tolist() == [18, 512, 3125]
    assert shelter_poverty_gap(left, housing).tolist() == [184, 0, 0]
    assert residual_repayment(left, income).tolist() == [18, 512, 3125]
    assert NEAREST.round(512 / 12, 1) == 43


def test_a_household_that_cannot_meet_its_needs_repays_nothing_and_is_poor_in_a_free_home():
    left = residual_income(800, 1000)
    assert left == -200
    assert residual_repayment(left, 800) == 0
    assert shelter_poverty_gap(left, 0) == 200


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: residual_income(-1, 0), "income must be at least 0, got -1"),
        (lambda: residual_income(1, -2), "nonhousing must be at least 0, got -2"),
        (lambda: residual_income(1, 1, 0), "household_size must be above 0, got 0"),
        (lambda: residual_income(float("nan"), 1), "income must be finite, got nan"),
        (lambda: residual_repayment(1, 1, income_cap=50), "income_cap must be at least 0 and at"),
        (lambda: residual_repayment([1, 2], [1, 2, 3]), "shapes do not match"),
        (lambda: shelter_poverty_gap(1, -1), "housing_cost must be at least 0, got -1"),
        (lambda: affordable_price(43, 0.049, 30, 1.2), "loan_to_value must be above 0 and at most"),
        (lambda: affordable_price(43, 0.049, 30, 0), "loan_to_value must be above 0 and at most"),
        (lambda: maximum_price(500, 0.1, 25, area=0), "area must be above 0, got 0"),
    ],
)
def test_what_residual_income_refuses_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_incomes_over_rates_are_told_how_to_make_a_table():
    incomes, rates = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0]), [0.03, 0.04, 0.05]
    said = "annual_rate (3,); for a table, give np.asarray(monthly_income)[:, None]"
    with pytest.raises(ValueError, match=re.escape(said)):
        maximum_loan(incomes, rates, 30)
    assert maximum_loan(incomes.to_numpy()[:, None], rates, 30).shape == (5, 3)
    with pytest.raises(ValueError, match=re.escape("for a table without labels, give what has")):
        maximum_loan(incomes, np.reshape(rates, (3, 1)), 30)
