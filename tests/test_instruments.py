"""Loans whose payments change: worth their principal, repaid, and level when nothing moves."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing import mortgage
from housing.instruments import (
    adjustable,
    dual_indexed,
    graduated,
    nominal_rate,
    real_rate,
    years_to_clear,
)

ULP = 2.0**-52
SMALLEST = np.finfo(float).smallest_normal
reproducible = settings(deadline=None, derandomize=True)

principals = st.floats(100.0, 1e7)
rates = st.floats(0.0, 0.30)
terms = st.integers(1, 40)
COLUMNS = ["period", "payment", "interest", "principal", "balance", "rate", "shortfall"]


def noise(schedule: pd.DataFrame) -> float:
    """Return how far sums over a schedule may be off, relatively: some roundings a month."""
    return 16 * len(schedule) * ULP


def present_value(schedule: pd.DataFrame) -> float:
    """Discount the payments, and what is owed at the end, at the contract rates, month by month."""
    worth = 0.0
    flows = schedule["payment"].to_numpy(copy=True)
    flows[-1] += schedule["balance"].iloc[-1]
    for rate, flow in zip(schedule["rate"][::-1], flows[::-1], strict=True):
        worth = (worth + flow) / (1 + rate / 12)
    return worth


def require_sound(schedule: pd.DataFrame, principal: float) -> None:
    """Hold a schedule to what is true of every loan."""
    assert list(schedule.columns[:7]) == COLUMNS
    assert_array_equal(schedule["period"], np.arange(1, len(schedule) + 1))
    assert present_value(schedule) == pytest.approx(principal, rel=noise(schedule))
    before = np.append(principal, schedule["balance"][:-1])
    scale = noise(schedule) * max(principal, schedule["balance"].max())
    # Below the smallest normal number, a rate of next to nothing leaves fewer digits.
    assert_allclose(
        schedule["interest"], before * schedule["rate"] / 12, rtol=4 * ULP, atol=SMALLEST
    )
    assert_allclose(schedule["principal"], schedule["payment"] - schedule["interest"], atol=scale)
    assert_allclose(schedule["balance"], before - schedule["principal"], atol=scale)
    assert_array_equal(
        schedule["shortfall"], np.maximum(schedule["interest"] - schedule["payment"], 0)
    )


def grown_noise(level: pd.DataFrame) -> pd.Series:
    """Return how far a balance may be off: a rounding of the first grows with interest."""
    first = (level["balance"] + level["principal"]).iloc[0]
    return noise(level) * first * (1 + level["interest"].iloc[0] / first) ** level["period"]


def require_level(schedule: pd.DataFrame, level: pd.DataFrame) -> None:
    """Hold a schedule to that of the level-payment loan."""
    assert len(schedule) == len(level)
    apart = (schedule[level.columns] - level).abs()
    assert apart.le(grown_noise(level), axis=0).all(axis=None)


# What is true of every loan ----------------------------------------------------------------------


@reproducible
@given(principals, st.lists(rates, min_size=1, max_size=40), st.sampled_from([None, 0.0, 0.05]))
def test_an_adjustable_loan_is_worth_its_principal_and_repaid(principal, path, cap):
    loan = adjustable(principal, path, len(path), payment_cap=cap)
    require_sound(loan, principal)
    assert loan["balance"].iloc[-1] == 0


@reproducible
@given(principals, rates, st.integers(2, 40), st.floats(0, 0.10), st.floats(0, 1), st.booleans())
def test_a_graduated_loan_is_worth_its_principal_and_repaid(principal, rate, years, rise, at, form):
    rises = {"growth": rise} if form else {"step": rise * principal / (12 * years**2)}
    loan = graduated(principal, rate, years, **rises, rising_years=int(at * (years - 1)))
    require_sound(loan, principal)
    assert loan["balance"].iloc[-1] == 0


@reproducible
@given(
    principals,
    rates,
    terms,
    st.lists(st.tuples(st.floats(-0.05, 0.30), st.floats(-0.05, 0.30)), min_size=5, max_size=40),
)
def test_a_dual_indexed_loan_is_worth_its_principal_repaid_or_not(principal, rate, years, paths):
    inflation, wages = np.transpose(paths)
    loan = dual_indexed(
        principal, rate, years, inflation=inflation, wage_growth=wages, max_years=len(paths)
    )
    require_sound(loan, principal)
    cleared = np.isfinite(years_to_clear(loan))
    assert cleared == (loan["balance"].iloc[-1] == 0)
    assert cleared or len(loan) == 12 * len(paths)


# When nothing moves ------------------------------------------------------------------------------


@reproducible
@given(principals, rates, terms, st.sampled_from([1, 6, 12, 36, 1000]))
def test_rates_that_stay_are_the_level_loan(principal, rate, years, stretch):
    level = mortgage.schedule(principal, rate, years)
    stretches = -(-12 * years // stretch)
    require_level(adjustable(principal, rate, years, reset_every=stretch), level)
    require_level(
        adjustable(principal, [rate] * stretches, years, reset_every=stretch, payment_cap=0.0),
        level,
    )


@reproducible
@given(principals, rates, terms)
def test_payments_that_do_not_rise_are_the_level_loan(principal, rate, years):
    level = mortgage.schedule(principal, rate, years)
    require_level(graduated(principal, rate, years, growth=0.5, rising_years=0), level)
    require_level(graduated(principal, rate, years, growth=0.0, rising_years=years - 1), level)
    require_level(graduated(principal, rate, years, step=0.0, rising_years=years - 1), level)


@reproducible
@given(principals, rates, terms)
def test_prices_and_wages_that_stand_still_are_the_level_loan(principal, rate, years):
    loan = dual_indexed(principal, rate, years, inflation=0.0, wage_growth=0.0)
    require_level(loan, mortgage.schedule(principal, rate, years))
    assert_array_equal(loan["real_balance"], loan["balance"])


@reproducible
@given(principals, rates, terms, st.lists(st.floats(-0.05, 0.5), min_size=50, max_size=50))
def test_wages_in_step_with_prices_repay_in_the_term_whatever_inflation(
    principal, rate, years, path
):
    loan = dual_indexed(principal, rate, years, inflation=path, wage_growth=path)
    level = mortgage.schedule(principal, rate, years)
    assert years_to_clear(loan) == years
    assert ((loan["real_balance"] - level["balance"]).abs() <= grown_noise(level)).all()


def test_the_three_are_within_reach_of_the_mortgage_module():
    assert mortgage.adjustable is adjustable
    assert mortgage.graduated is graduated
    assert mortgage.dual_indexed is dual_indexed


# The adjustable rate mortgage --------------------------------------------------------------------


def test_each_reset_repays_the_balance_over_what_is_left_of_the_term():
    loan = adjustable(10_000, [0.08, 0.12, 0.10], 3)
    for year, rate in enumerate([0.08, 0.12, 0.10]):
        before = 10_000 if year == 0 else loan["balance"][12 * year - 1]
        due = mortgage.payment(before, rate, 3 - year)
        assert_allclose(loan["payment"][12 * year : 12 * year + 12], due, rtol=64 * ULP)
        assert_allclose(loan["rate"][12 * year : 12 * year + 12], rate, rtol=2 * ULP)


def test_the_last_stretch_may_be_shorter_than_the_others():
    loan = adjustable(10_000, [0.08, 0.12], 1.5)
    assert_allclose(loan["rate"], [0.08] * 12 + [0.12] * 6, rtol=2 * ULP)
    assert loan["balance"].iloc[-1] == 0


def test_a_cap_holds_the_payment_and_reports_what_it_adds_to_the_balance():
    path = [0.08, 0.20, 0.20, 0.20]
    free, capped = (adjustable(10_000, path, 4, payment_cap=cap) for cap in (None, 0.05))
    yearly = capped["payment"].iloc[[0, 12, 24, 36]].to_numpy()
    assert_allclose(yearly[1:] / yearly[:-1], 1.05, rtol=4 * ULP)
    assert (capped["balance"][12:-1] > free["balance"][12:-1]).all()
    balloon = capped["payment"].iloc[-1] - capped["payment"].iloc[-2]
    assert balloon > 0
    assert capped["balance"].iloc[-1] == 0
    assert (free["shortfall"] == 0).all()


def test_a_cap_that_leaves_interest_unpaid_makes_the_balance_grow():
    loan = adjustable(10_000, [0.05, 0.30, 0.30, 0.30, 0.30, *[0.05] * 15], 20, payment_cap=0.05)
    owing = loan["shortfall"] > 0
    assert owing.iloc[12]
    assert not owing.iloc[0]
    assert_array_equal(owing, loan["balance"].diff().fillna(-1) > 0)
    assert loan["balance"].max() > 10_000


def test_a_cap_does_not_hinder_a_fall():
    path = [0.12, 0.04]
    capped = adjustable(10_000, path, 2, payment_cap=0.0)
    pd.testing.assert_frame_equal(capped, adjustable(10_000, path, 2), check_exact=True)


# The graduated payment mortgage ------------------------------------------------------------------


def test_payments_rise_by_a_share_each_year_and_then_stay():
    yearly = graduated(10_000, 0.10, 20, growth=0.07, rising_years=5)["payment"][::12].to_numpy()
    assert_allclose(yearly[1:6] / yearly[:5], 1.07, rtol=4 * ULP)
    assert_array_equal(yearly[5:], yearly[5])


def test_payments_rise_by_an_amount_each_year_and_then_stay():
    yearly = graduated(10_000, 0.10, 20, step=6, rising_years=5)["payment"][::12].to_numpy()
    # Exact but for the rounding of each payment.
    assert_allclose(np.diff(yearly[:6]), 6, atol=yearly.max() * ULP)
    assert_array_equal(yearly[5:], yearly[5])


def test_the_plateau_is_the_level_payment_of_what_is_left():
    for form in ({"growth": 0.07}, {"step": 6}):
        loan = graduated(10_000, 0.10, 20, **form, rising_years=5)
        due = mortgage.payment(loan["balance"][59], 0.10, 15)
        assert_allclose(loan["payment"][60:], due, rtol=noise(loan))


def test_payments_that_start_below_the_interest_are_reported():
    loan = graduated(10_000, 0.12, 30, growth=0.075, rising_years=10)
    first = loan.iloc[0]
    assert first["payment"] < 100
    assert first["shortfall"] == pytest.approx(100 - first["payment"], rel=4 * ULP)
    assert first["principal"] == -first["shortfall"]
    assert loan["balance"].max() > 10_000


def test_without_interest_the_rises_only_shift_the_payments():
    loan = graduated(12_000, 0.0, 2, step=100, rising_years=1)
    assert_array_equal(loan["payment"], [450.0] * 12 + [550.0] * 12)


# The dual-indexed mortgage -----------------------------------------------------------------------


def test_payments_follow_wages_and_the_balance_prices():
    loan = dual_indexed(10_000, 0.0, 10, inflation=0.21, wage_growth=0.10, max_years=2)
    assert_allclose(loan["payment"][12] / loan["payment"][0], 1.10, rtol=1e-14)
    unpaid = dual_indexed(
        10_000, 0.0, 10, inflation=0.21, wage_growth=0.10, max_years=2, first_payment=1e-9
    )
    # Nearly nothing is paid, so that after two years the balance is what prices make of the loan.
    assert unpaid["balance"].iloc[-1] == pytest.approx(10_000 * 1.21**2, rel=1e-9)
    assert unpaid["real_balance"].iloc[-1] == pytest.approx(10_000, rel=1e-9)


def test_the_first_payment_is_the_one_asked_for():
    loan = dual_indexed(10_000, 0.06, 20, inflation=0.1, wage_growth=0.1, first_payment=123.0)
    assert loan["payment"][0] == 123.0
    assert years_to_clear(loan) < 20


def test_the_term_shortens_as_wages_run_ahead_and_lengthens_as_they_lag():
    terms = [
        years_to_clear(dual_indexed(10_000, 0.06, 20, inflation=0.10, wage_growth=wages))
        for wages in (0.13, 0.11, 0.10, 0.09, 0.08, 0.05)
    ]
    assert terms == sorted(terms)
    assert terms[2] == 20
    assert terms[-1] == np.inf


def test_a_loan_that_never_clears_runs_to_the_limit_with_what_is_owed():
    loan = dual_indexed(10_000, 0.06, 20, inflation=0.10, wage_growth=0.05, max_years=30)
    assert len(loan) == 360
    assert loan["balance"].iloc[-1] > 0
    assert years_to_clear(loan) == np.inf
    longer = dual_indexed(10_000, 0.06, 20, inflation=0.10, wage_growth=0.05, max_years=50)
    scale = noise(longer) * longer["balance"].max()
    pd.testing.assert_frame_equal(loan, longer[:360], check_exact=False, rtol=1e-9, atol=scale)


def test_the_last_payment_is_no_more_than_what_is_due():
    loan = dual_indexed(10_000, 0.06, 20, inflation=0.10, wage_growth=0.12)
    assert 0 < loan["payment"].iloc[-1] <= loan["payment"].iloc[-2] * 1.12 ** (1 / 12)


def test_the_limit_may_fall_on_the_very_month_that_clears():
    term = {"inflation": 0.10, "wage_growth": 0.10, "max_years": 20}
    assert years_to_clear(dual_indexed(10_000, 0.06, 20, **term)) == 20


# Real and nominal rates --------------------------------------------------------------------------


@reproducible
@given(st.floats(-0.5, 0.4), st.floats(-0.3, 0.4))
def test_the_real_rate_of_a_nominal_rate_is_where_it_came_from(rate, inflation):
    # Both are differences from one, so their error is counted in units of one.
    assert real_rate(nominal_rate(rate, inflation), inflation) == pytest.approx(rate, abs=8 * ULP)


@pytest.mark.parametrize(
    ("real", "inflation", "nominal"),
    [
        (1e-16, 1e-16, 2e-16),
        (-1e-16, 3e-17, -7e-17),
        (1e-300, 0, 1e-300),
        (1e-9, 1e-9, 2.000000001e-9),
    ],
)
def test_rates_of_next_to_nothing_lose_no_digits(real, inflation, nominal):
    assert nominal_rate(real, inflation) == pytest.approx(nominal, rel=1e-12, abs=0)
    assert real_rate(nominal, inflation) == pytest.approx(real, rel=1e-6, abs=0)


def test_years_to_clear_counts_periods_of_any_length():
    assert years_to_clear(mortgage.schedule(1000, 0.1, 7)) == 7
    yearly = mortgage.schedule(1000, 0.1, 7, periods_per_year=1)
    assert years_to_clear(yearly, periods_per_year=1) == 7


# Bad input ---------------------------------------------------------------------------------------

RATE, SHARE = "above -1 and at most 1", "at least 0 and at most 1"
GRADUATED = {"annual_rate": 0.1, "years": 20, "growth": 0.05, "rising_years": 5}
INDEXED = {"real_rate": 0.06, "years": 20, "inflation": 0.1, "wage_growth": 0.1}


@pytest.mark.parametrize(
    ("instrument", "valid", "bad", "said"),
    [
        (adjustable, {"rates": 0.1, "years": 2}, {"principal": 0}, "principal must be above 0"),
        (adjustable, {"years": 2}, {"rates": 10}, f"rates must be {RATE}, got 10"),
        (adjustable, {"years": 2}, {"rates": [0.1, 1.5]}, f"rates must be {RATE}, got 1.5"),
        (adjustable, {"years": 2}, {"rates": [0.1, np.nan]}, "rates must be finite, got nan"),
        (adjustable, {"years": 2}, {"rates": []}, "rates is empty"),
        (adjustable, {"years": 2}, {"rates": [0.1] * 3}, "rates must be one number, or one for"),
        (adjustable, {"years": 2}, {"rates": [[0.1, 0.1]]}, "got shape (1, 2)"),
        (adjustable, {"rates": 0.1}, {"years": 0}, "years must be above 0, got 0"),
        (adjustable, {"rates": 0.1}, {"years": 1.01}, "years must be a whole number of periods"),
        (
            adjustable,
            {"rates": 0.1, "years": 2},
            {"reset_every": 0},
            "reset_every must be a whole number of at least",
        ),
        (adjustable, {"rates": 0.1, "years": 2}, {"reset_every": 1.5}, "must be a whole number"),
        (
            adjustable,
            {"rates": 0.1, "years": 2},
            {"payment_cap": 7.5},
            f"payment_cap must be {SHARE}",
        ),
        (graduated, GRADUATED, {"principal": [1, 2]}, "principal must be one number"),
        (graduated, GRADUATED, {"annual_rate": 10}, f"annual_rate must be {RATE}, got 10"),
        (graduated, GRADUATED, {"growth": 5}, f"growth must be {SHARE}, got 5"),
        (graduated, GRADUATED, {"growth": -0.1}, f"growth must be {SHARE}, got -0.1"),
        (graduated, GRADUATED, {"step": 1}, "give either growth or step, got growth=0.05 and"),
        (graduated, GRADUATED, {"growth": None}, "give either growth or step, got growth=None"),
        (graduated, GRADUATED, {"growth": None, "step": -1}, "step must be at least 0, got -1"),
        (graduated, GRADUATED, {"growth": None, "step": 1e4}, "where nothing is paid at first"),
        (graduated, GRADUATED, {"rising_years": 20}, "rising_years must be below the 20 years"),
        (
            graduated,
            GRADUATED,
            {"rising_years": -1},
            "whole number of at least 0, got -1",
        ),
        (graduated, GRADUATED, {"rising_years": 2.5}, "rising_years must be a whole number"),
        (dual_indexed, INDEXED, {"real_rate": 6}, f"real_rate must be {RATE}, got 6"),
        (dual_indexed, INDEXED, {"inflation": 10}, f"inflation must be {RATE}, got 10"),
        (dual_indexed, INDEXED, {"wage_growth": np.inf}, "wage_growth must be finite, got inf"),
        (dual_indexed, INDEXED, {"inflation": [0.1] * 20}, "for each year of max_years, 50 in all"),
        (dual_indexed, INDEXED, {"first_payment": 0}, "first_payment must be above 0, got 0"),
        (dual_indexed, INDEXED, {"max_years": 0}, "max_years must be above 0, got 0"),
        (adjustable, {"rates": 0.1}, {"years": 1e9}, "years must ask for at most 50,000,000 numb"),
        (graduated, GRADUATED, {"years": 1e300}, "years must ask for at most 50,000,000 numbers"),
        (dual_indexed, INDEXED, {"max_years": 1e8}, "max_years must ask for at most 50,000,000 nu"),
        (dual_indexed, INDEXED, {"max_years": 0.01}, "max_years must be a whole number of periods"),
    ],
)
def test_bad_input_is_refused_by_name(instrument, valid, bad, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        instrument(**{"principal": 10_000, **valid, **bad})


def test_only_a_schedule_has_a_term():
    with pytest.raises(ValueError, match=re.escape("lacks ['balance']")):
        years_to_clear(pd.DataFrame({"period": [1]}))
    with pytest.raises(ValueError, match="lacks rows"):
        years_to_clear(pd.DataFrame({"period": [], "balance": []}))
    with pytest.raises(ValueError, match="periods_per_year must be at least 1, got 0"):
        years_to_clear(mortgage.schedule(1000, 0.1, 1), periods_per_year=0)


@pytest.mark.parametrize("kind", [Decimal, "category", "Float64", "float32"])
def test_a_schedule_of_numbers_of_any_kind_has_a_term(kind):
    paid = mortgage.schedule(1000, 0.1, 2)
    balance = paid["balance"]
    balance = balance.map(Decimal) if kind is Decimal else balance.astype(kind)
    assert years_to_clear(paid.assign(balance=balance)) == 2.0


@pytest.mark.parametrize("balance", [["x", 0], [None, 0], [True, 0], [np.inf, 0]])
def test_a_balance_that_is_no_number_is_refused(balance):
    with pytest.raises(ValueError, match=r"^the balance of schedule must be "):
        years_to_clear(
            pd.DataFrame({"period": [1, 2], "balance": pd.Series(balance, dtype=object)})
        )
