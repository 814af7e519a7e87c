"""Mortgage models against 60-digit arithmetic, against each other and against decimal books."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import mpmath as mp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.mortgage import (
    affordable_loan,
    annuity_factor,
    implied_rate,
    payment,
    payment_factor,
    present_value,
    remaining_balance,
    schedule,
    years_to_repay,
)
from rounding import DOWN, NEAREST, UP

ULP = 2.0**-52
RATES = [0.0, *np.geomspace(1e-18, 1.0, 37).tolist()]
PERIODS = [1, 2, 7, 12, 60, 119, 240, 359, 720]
COLUMNS = ["period", "payment", "interest", "principal", "balance"]

reproducible = settings(deadline=None, derandomize=True)
principals = st.floats(1.0, 1e9)
# Terms are count / 12 years, of which 12 times is exactly count again, for every count up to 720.
months = st.integers(1, 720)
rates = st.one_of(st.just(0.0), st.floats(1e-12, 1.0))


def exact_annuity(rate: float, periods: float) -> mp.mpf:
    """Take the power formula that the library must avoid, with digits to spare."""
    i, n = mp.mpf(rate), mp.mpf(periods)
    return n if i == 0 else (1 - (1 + i) ** -n) / i


def ulps(value: float, exact: mp.mpf) -> float:
    """Return the relative error of a value in units in the last place."""
    return float(abs(mp.mpf(value) / exact - 1) / ULP)


@pytest.fixture(autouse=True, scope="module")
def sixty_digits():
    with mp.workdps(60):
        yield


# Accuracy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_year", [1, 12])
@pytest.mark.parametrize("rate", RATES)
def test_annuities_and_payments_are_within_four_units_in_the_last_place(rate, per_year):
    for periods in PERIODS:
        # The exact value is that of the float quotient: the division is not what is tested.
        exact = exact_annuity(rate / per_year, periods)
        term = {"years": periods / per_year, "periods_per_year": per_year}
        assert ulps(annuity_factor(rate, **term), exact) <= 4
        assert ulps(present_value(174.0, rate, **term), 174 * exact) <= 4
        assert ulps(payment(1000.0, rate, **term), 1000 / exact) <= 4


@pytest.mark.parametrize("per_year", [1, 12])
@pytest.mark.parametrize("rate", RATES)
def test_years_to_repay_are_within_four_units_in_the_last_place(rate, per_year):
    i = mp.mpf(rate / per_year)
    for periods in PERIODS:
        # At least twice the interest: below that the term magnifies the rounding of its inputs.
        paid = max(2 * rate / per_year * 1000, 1000 / periods)
        exact = 1000 / mp.mpf(paid) if i == 0 else -mp.log(1 - i * 1000 / paid) / mp.log(1 + i)
        years = years_to_repay(1000, rate, paid, periods_per_year=per_year)
        assert ulps(years, exact / per_year) <= 4


def test_the_power_formula_loses_the_digits_that_the_library_keeps():
    rate, periods = 1e-12 / 12, 120.0
    exact = exact_annuity(rate, periods)
    assert ulps((1 - (1 + rate) ** -periods) / rate, exact) > 2.0**32
    assert ulps(annuity_factor(1e-12, 10), exact) <= 4


def test_a_rate_of_zero_divides_the_loan_by_its_periods():
    assert payment(1200, 0.0, 10) == 10.0
    assert annuity_factor(0.0, 30) == 360.0
    assert years_to_repay(1200, 0.0, 10) == 10.0


# Relations between the models --------------------------------------------------------------------


@reproducible
@given(principals, rates, months)
def test_a_payment_affords_the_loan_it_was_computed_for(principal, rate, count):
    repaid = affordable_loan(payment(principal, rate, count / 12), rate, count / 12)
    # One division and one multiplication by the same factor.
    assert repaid == pytest.approx(principal, rel=ULP, abs=0)


@reproducible
@given(principals, rates, months)
def test_a_payment_factor_is_the_payment_on_so_much_money(per, rate, count):
    assert payment_factor(rate, count / 12, per=per) == payment(per, rate, count / 12)
    assert payment_factor(rate, count / 12) == payment(1000, rate, count / 12)


@reproducible
@given(principals, st.one_of(st.just(0.0), st.floats(1e-12, 0.15)), st.integers(1, 480))
def test_the_payment_for_a_term_repays_in_that_term(principal, rate, count):
    years = count / 12
    # The last rounding of a payment weighs up to (1 + i)**n / (n i) times as much in the term,
    # here at most 67 times.
    found = years_to_repay(principal, rate, payment(principal, rate, years))
    assert found == pytest.approx(years, rel=1e-12, abs=0)


@pytest.mark.parametrize("paid", [9.99, 10.0])
def test_a_payment_within_the_interest_never_repays(paid):
    assert years_to_repay(1000, 0.12, paid) == math.inf


@reproducible
@given(principals, rates, months)
def test_the_balance_falls_from_the_principal_to_exactly_zero(principal, rate, count):
    years, paid = count / 12, np.arange(count + 1.0)
    balance = remaining_balance(principal, rate, years, paid)
    assert balance[0] == principal
    assert balance[-1] == 0.0
    due = payment(principal, rate, years)
    # Each side is a few roundings of numbers no larger than the first balance with its interest.
    after = balance[:-1] * (1 + rate / 12) - due
    assert_allclose(balance[1:], after, rtol=0, atol=16 * ULP * principal)


@pytest.mark.parametrize("per_year", [1, 2, 4, 12, 24, 26, 52, 365])
def test_the_last_payment_counts_as_within_the_term_whatever_its_fraction_of_a_year(per_year):
    count = np.arange(1.0, min(720, 100 * per_year) + 1.0)
    left = remaining_balance(1000, 0.10, count / per_year, count, periods_per_year=per_year)
    assert_array_equal(left, 0.0)


@pytest.mark.parametrize(
    ("years", "paid", "message"),
    [
        (1, 13, "periods_paid must be at most the 12 periods of the term, got 13"),
        # The first loan is within its term; the message is about the second.
        ([1, 10], [5, 130], "periods_paid must be at most the 120 periods of the term, got 130"),
    ],
)
def test_more_payments_than_the_term_holds_are_refused(years, paid, message):
    with pytest.raises(ValueError, match=message):
        remaining_balance(1000, 0.10, years, paid)


# The implied rate --------------------------------------------------------------------------------


@pytest.mark.parametrize("per_year", [1, 4, 12])
@pytest.mark.parametrize("rate", [-0.99, -0.5, -1e-6, 0.0, 1e-12, 0.03, 0.10, 0.5, 0.99])
def test_the_implied_rate_is_the_rate_of_the_payment(rate, per_year):
    years = np.array([1.0, 5.0, 10.0, 25.0, 30.0, 60.0])
    due = payment(1000, rate, years, periods_per_year=per_year)
    found = implied_rate(1000, due, years, periods_per_year=per_year)
    # The rounding of a payment, 1e-16 of it, moves the rate of the shortest term most.
    assert_allclose(found, rate, rtol=0, atol=1e-12)


@reproducible
@given(principals, st.floats(-0.99, 0.99), st.integers(1, 240))
def test_the_implied_rate_is_the_rate_of_the_payment_for_any_loan(principal, rate, count):
    found = implied_rate(principal, payment(principal, rate, count / 12), count / 12)
    assert found == pytest.approx(rate, rel=0, abs=1e-12)


@pytest.mark.parametrize("principal", [7, 1000, 1234.5, 99_999.99])
def test_the_highest_rate_that_a_payment_takes_is_found_again(principal):
    years = np.arange(1, 721) / 12
    found = implied_rate(principal, payment(principal, 1.0, years), years)
    assert_allclose(found, 1.0, rtol=0, atol=1e-12)


@reproducible
@given(st.integers(1, 10**6), months)
def test_payments_that_add_up_to_the_loan_imply_exactly_no_interest(due, count):
    assert implied_rate(due * count, due, count / 12) == 0.0


# Over a year a loan of 1,200 takes payments from 54.32, at a rate of -1, to 161.99, at a rate of 1.
@pytest.mark.parametrize("due", [54, 162, [100, 162]])
def test_a_payment_that_no_rate_explains_is_refused(due):
    with pytest.raises(ValueError, match="payment must imply a rate above -1 and at most 1"):
        implied_rate(1200, due, 1)


# The schedule ------------------------------------------------------------------------------------


@reproducible
@given(principals, rates, months)
def test_a_schedule_is_the_run_of_its_loan(principal, rate, count):
    years = count / 12
    frame = schedule(principal, rate, years)
    assert frame.columns.tolist() == COLUMNS
    assert frame.period.tolist() == list(range(1, count + 1))
    assert (frame.payment == payment(principal, rate, years)).all()
    before = np.concatenate([[principal], frame.balance[:-1]])
    # Every number is a few roundings away from one no larger than the first balance.
    close = {"rtol": 0, "atol": 16 * ULP * principal}
    assert_allclose(frame.interest, before * (rate / 12), **close)
    assert_allclose(frame.interest + frame.principal, frame.payment, **close)
    assert_allclose(frame.balance, before - frame.principal, **close)
    assert frame.balance.iloc[-1] == 0.0
    # Each part that is repaid carries a rounding of the balances it is the difference of.
    assert math.fsum(frame.principal) == pytest.approx(principal, rel=count * ULP, abs=0)


@reproducible
@given(principals, rates, months)
def test_the_payments_of_a_schedule_are_worth_the_loan_at_its_rate(principal, rate, count):
    frame = schedule(principal, rate, count / 12)
    worth = math.fsum(frame.payment / (1 + rate / 12) ** frame.period)
    # Compounding the float 1 + i up to 720 times costs up to 720 units in the last place.
    assert worth == pytest.approx(principal, rel=1e-12, abs=0)


def in_coins(principal: int, rate: Decimal, count: int, rounding: str) -> list[tuple[Decimal, ...]]:
    """Run a loan as an accountant would: in whole coins, with decimal arithmetic throughout."""

    def whole(amount: Decimal, way: str = ROUND_HALF_UP) -> Decimal:
        return amount.quantize(Decimal(1), rounding=way)

    with localcontext(prec=60):
        i, balance, rows = rate / 12, Decimal(principal), []
        level = balance / count if i == 0 else balance * i / (1 - (1 + i) ** -count)
        regular = whole(level, rounding)
        while balance:
            # The twelfth last: of a rate it has no end, and half a coin would be lost.
            interest = whole(balance * rate / 12)
            owed = balance + interest
            paid = owed if len(rows) == count - 1 else min(regular, owed)
            balance = owed - paid
            rows.append((paid, interest, paid - interest, balance))
        return rows


@pytest.mark.parametrize(
    ("rounding", "way"), [("nearest", ROUND_HALF_UP), ("up", ROUND_CEILING)], ids=["nearest", "up"]
)
@reproducible
@given(
    st.integers(1, 10**9),
    st.sampled_from(["0.01", "0.05", "1", "10"]),
    st.integers(-200, 3000),
    st.integers(1, 360),
)
def test_a_rounded_schedule_is_the_decimal_run_coin_by_coin(
    rounding, way, coins, coin, basis_points, count
):
    terms = {
        "principal": float(coins * Decimal(coin)),
        "annual_rate": basis_points / 10_000,
        "years": count / 12,
        "round_to": float(coin),
        "rounding": rounding,
    }
    rows = in_coins(coins, Decimal(basis_points) / 10_000, count, way)
    (regular, interest, *_), (last, *_) = rows[0], rows[-1]
    if last > 2 * regular or (len(rows) > 1 and regular <= interest):
        with pytest.raises(ValueError, match="a payment that repays the loan"):
            schedule(**terms)
        return
    frame = schedule(**terms)
    expected = pd.DataFrame(
        [[float(number * Decimal(coin)) for number in row] for row in rows], columns=COLUMNS[1:]
    )
    assert frame.columns.tolist() == COLUMNS
    assert frame.period.tolist() == list(range(1, len(rows) + 1))
    assert_array_equal(frame[COLUMNS[1:]], expected)
    # The decimal run ends only when nothing is owed and repays what was borrowed.
    assert sum(row[2] for row in rows) == coins


def test_a_rounded_schedule_repays_the_loan_to_the_cent():
    frame = schedule(1000, 0.10, 10, round_to=0.01)
    cents = (100 * frame[COLUMNS[1:]]).round().astype(int)
    assert_array_equal(frame[COLUMNS[1:]], cents / 100)
    assert (cents.payment == cents.interest + cents.principal).all()
    assert cents.principal.sum() == 100_000
    assert cents.payment[:-1].eq(1322).all()
    assert cents.payment.iloc[-1] == cents.balance.iloc[-2] + cents.interest.iloc[-1]
    assert frame.balance.iloc[-1] == 0.0


def test_interest_just_below_half_a_cent_is_rounded_down():
    # 9,012.01 at 11.99% bears 90.0449999 a month: less than half a cent, if only just.
    assert schedule(9012.01, 0.1199, 1 / 12, round_to=0.01).interest.tolist() == [90.04]


def test_interest_of_half_a_cent_is_rounded_up_though_its_float_falls_short():
    assert 0.0045 / 12 * 4000 < 1.5
    assert schedule(40, 0.0045, 1 / 12, round_to=0.01).interest.tolist() == [0.02]


def test_a_payment_rounded_up_covers_the_level_payment():
    # The level payment is 1,168.4500004.
    frame = schedule(136_000, 0.0975, 30, round_to=0.01, rounding="up")
    assert frame.payment[0] == 1168.46


def test_a_payment_may_be_rounded_to_a_step_of_its_own():
    frame = schedule(1000, 0.10, 1, round_to=0.01, rounding=UP.to_multiple(50))
    assert frame.payment[:-1].eq(100).all()
    assert frame.interest[0] == 8.33
    assert frame.balance.iloc[-1] == 0.0


def test_rounding_up_may_repay_a_loan_before_its_term():
    frame = schedule(1, 0.0, 2, round_to=0.01, rounding="up")
    assert frame.payment.tolist() == [0.05] * 20
    assert frame.balance.iloc[-1] == 0.0


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (
            (14_000, 0.12, 30, 0.01, NEAREST.to_multiple(100)),
            "got 100 for 144.00576357, with interest of 140 at first: 153896.74 would fall due",
        ),
        ((100, 0.12, 30, 1, "nearest"), "got 1 for 1.02861259693, with interest of 1 at first"),
        ((0.01, 0.0, 0.25, 0.01, "nearest"), "got 0 for 0.00333333333333, with interest of 0"),
        # The interest is covered, and yet the last payment would be that of three years.
        ((5_000, 0.12, 30, 1, DOWN), "with interest of 50 at first: 1831 would fall due"),
        ((1_000, 0.10, 1, 0.01, DOWN.to_multiple(50)), "got 50 for 87.91588723, with interest"),
    ],
)
def test_a_rounded_payment_that_does_not_repay_the_loan_is_refused(terms, said):
    *loan, round_to, rounding = terms
    with pytest.raises(ValueError, match=re.escape(said)) as refusal:
        schedule(*loan, round_to=round_to, rounding=rounding)
    assert str(refusal.value).startswith("round_to and rounding must leave a payment that repays")


@pytest.mark.parametrize(
    "terms", [(20_000, 0.12, 30, 0.01, DOWN), (1_000, 0.12, 1, 1, "nearest"), (12, 0.0, 1, 1, DOWN)]
)
def test_the_last_payment_of_a_rounded_schedule_is_no_more_than_two(terms):
    *loan, round_to, rounding = terms
    paid = schedule(*loan, round_to=round_to, rounding=rounding).payment
    assert 0 < paid.iloc[-1] <= 2 * paid.iloc[0]


@pytest.mark.parametrize("round_to", [None, 0.01])
def test_a_loan_of_one_period_is_repaid_with_its_interest(round_to):
    frame = schedule(1000, 0.12, 1 / 12, round_to=round_to)
    # Without rounding the payment is 1,000 over the present value of 1, a few roundings off.
    assert_allclose(frame.to_numpy(), [[1, 1010, 10, 1000, 0]], rtol=0, atol=1000 * 4 * ULP)


@pytest.mark.parametrize("round_to", [None, 0.01])
def test_a_loan_without_interest_is_repaid_in_equal_parts(round_to):
    frame = schedule(1200, 0.0, 1, round_to=round_to)
    assert frame.payment.tolist() == [100.0] * 12
    assert frame.interest.tolist() == [0.0] * 12
    assert_allclose(frame.balance, np.arange(1100, -1, -100), rtol=2 * ULP)


@pytest.mark.parametrize(
    "coin", [Decimal("0.01"), Fraction(1, 100), np.float64(0.01)], ids=lambda coin: repr(coin)
)
def test_a_coin_may_be_a_number_of_any_kind(coin):
    frame = schedule(Decimal("1000"), Decimal("0.1"), 1, round_to=coin)
    pd.testing.assert_frame_equal(frame, schedule(1000, 0.1, 1, round_to=0.01))


@pytest.mark.parametrize(
    ("per_year", "asked"),
    [(1e9, "5e+11 (4e+03 GB)"), (1e298, "5e+300"), (5e5, "2.5e+08 (2 GB)")],
)
def test_a_term_that_fits_no_memory_is_refused_with_what_it_would_take(per_year, asked):
    said = f"years must ask for at most 50,000,000 numbers, got 50, which asks for {asked}"
    with pytest.raises(ValueError, match=re.escape(said)):
        schedule(14_000, 0.12, 50, periods_per_year=per_year)


@pytest.mark.parametrize(
    "loan",
    [
        lambda: payment(588_000, 0.05, 360),
        lambda: payment(588_000, 0.05, [30, 360]),
        lambda: affordable_loan(3_000, 0.05, pd.Series([30, 360])),
        lambda: payment(588_000, 0.05, 360, periods_per_year=[1, 12]),
        lambda: implied_rate(588_000, 3_156, 360),
        lambda: schedule(588_000, 0.05, 360),
    ],
)
def test_a_term_in_months_is_met_with_a_hint(loan):
    said = "years must be at most 100, got 360.*Terms are in years: 360 months are 30"
    with pytest.raises(ValueError, match=said):
        loan()


def test_with_one_payment_a_year_a_term_may_count_periods():
    by_period = payment(588_000, 0.05 / 12, 360, periods_per_year=1)
    assert by_period == pytest.approx(payment(588_000, 0.05, 30), rel=1e-12)
    assert payment(1_000, 0.05, 100) > 0
    paid = payment(588_000, 0.05, [360, 30], periods_per_year=[1, 12])
    assert paid[1] == payment(588_000, 0.05, 30)


@pytest.mark.parametrize("years", [1.03, 0.05, 1e-9])
def test_a_term_of_no_whole_number_of_periods_is_refused(years):
    said = re.escape(f"years must be a whole number of periods, got {years:g}")
    with pytest.raises(ValueError, match=said):
        schedule(1000, 0.10, years)


@pytest.mark.parametrize(("principal", "coin"), [(100.005, 0.01), (1010, 50)])
def test_a_principal_of_no_whole_number_of_coins_is_refused(principal, coin):
    said = re.escape(f"principal must be a multiple of round_to {coin}, got {principal}")
    with pytest.raises(ValueError, match=said):
        schedule(principal, 0.10, 1, round_to=coin)


def test_a_principal_of_billions_is_a_whole_number_of_cents():
    frame = schedule(59_166_688_876.34, 0.0, 1 / 6, round_to=0.01)
    assert frame.payment.tolist() == [29_583_344_438.17] * 2


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"round_to": 0}, "round_to must be above 0, got 0"),
        ({"round_to": "cent"}, "round_to must be a number"),
        ({"round_to": 0.01, "rounding": "sideways"}, "rounding must be one of .*'sideways'"),
        # Without a coin there is nothing to round, but a mistyped rule is still a mistake.
        ({"rounding": "sideways"}, "rounding must be one of .*'sideways'"),
    ],
)
def test_a_way_of_rounding_that_makes_no_sense_is_refused(option, message):
    with pytest.raises(ValueError, match=message):
        schedule(1000, 0.10, 1, **option)
