"""Ownership conversion: the source's tables, loops beside closed forms, break-even as a zero."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.conversion import (
    ACCOUNTS,
    break_even_price,
    cost_benefit,
    deposit,
    net_present_value,
    sale_price,
    stepped_rent,
    total_rent,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)
ULP = 2.0**-52

YEARS = np.arange(5, 11)
RENT, COST = 2264.42, 56_862
SOURCE = {"area": 120, "price_year": 5, "rent_years": YEARS + 1, "rent_is": "cost"}

steps = st.floats(-0.2, 0.5)
rates = st.one_of(st.just(0.0), st.floats(-0.1, 0.5))
spans = st.integers(0, 60)
lengths = st.integers(1, 7)
accounts = st.sampled_from(sorted(ACCOUNTS))


# The printed tables ------------------------------------------------------------------------------


def whole(values):
    return NEAREST.round(values, 1).astype(int).tolist()


def test_rents_deposits_and_prices_round_to_those_of_table_7():
    assert whole(total_rent(RENT, YEARS + 1)) == [14277, 16899, 19520, 22272, 25025, 27915]
    assert whole(deposit(RENT, YEARS)) == [624, 655, 655, 688, 688, 723]
    assert whole(sale_price(464, YEARS, area=120, price_year=5)) == [
        *(55680, 58464, 61387, 64457, 67679, 71063)
    ]


def test_net_benefits_round_to_those_of_table_8():
    net = cost_benefit(676, YEARS, RENT, COST, **SOURCE).net
    assert whole(net) == [9357, 10760, 12398, 14084, 16027, 18033]


def test_the_source_s_price_breaks_even_in_no_year():
    assert (cost_benefit(557, YEARS, RENT, COST, **SOURCE).net < 0).all()
    price = break_even_price(YEARS, RENT, COST, **SOURCE)
    assert NEAREST.round(price[[0, -1]], 0.01).tolist() == [598.03, 558.26]
    assert (np.diff(price) < 0).all()


# Identities --------------------------------------------------------------------------------------


@reproducible
@given(spans, steps, lengths, rates)
def test_the_sum_of_rents_is_the_sum_of_rents(years, step, every, rate):
    each = [100 * (1 + step) ** (t // every) / (1 + rate) ** t for t in range(years)]
    told = total_rent(100, years, step=step, every=every, discount_rate=rate)
    # Powers of up to 60 in one and a sum of as many terms in the other.
    assert told == pytest.approx(sum(each), rel=1e-12)


@pytest.mark.parametrize("step", [0.0, 1e-17, 1e-12, -1e-12, 1e-6])
def test_a_step_of_next_to_nothing_loses_no_digits(step):
    # To first order: step k adds k steps to the rent of its two years.
    expected = 20 + step * 2 * sum(range(10))
    assert total_rent(1, 20, step=step) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("years", "step", "every", "rate"),
    [(10, 0.05, 9999, 0.1), (20, -0.05, 1e6, 0.1), (7, 1, 1e300, -0.1)],
)
def test_a_rent_that_does_not_rise_within_its_years_is_level(years, step, every, rate):
    terms = {"step": step, "discount_rate": rate}
    expected = 1000 * sum((1 + rate) ** -t for t in range(years))
    assert total_rent(1000, years, every=every, **terms) == pytest.approx(expected, rel=1e-12)
    account = [cost_benefit(464, years, 1000, COST, every=n, **terms) for n in (every, years + 1)]
    assert account[0] == pytest.approx(account[1], rel=1e-12)
    assert account[0].rent == pytest.approx(expected, rel=1e-12)


def test_rents_of_ten_years_at_the_first_level_to_the_cent():
    assert round(total_rent(1000, 10, every=9999, discount_rate=0.1), 2) == 6759.02


def test_rent_that_rises_as_fast_as_it_fades_is_counted_in_full():
    told = total_rent(100, 12, step=0.05, every=1, discount_rate=0.05)
    assert told == pytest.approx(1200, rel=64 * ULP)


@reproducible
@given(accounts, st.integers(0, 40), rates, rates, steps, lengths, st.floats(1, 500))
def test_the_break_even_price_breaks_even(rent_is, year, rate, growth, step, every, area):
    terms = {
        "rent_is": rent_is,
        "growth": growth,
        "step": step,
        "every": every,
        "area": area,
        "discount_rate": rate,
    }
    price = break_even_price(year, 2000, 60_000, **terms)
    if price < 0:
        # Rents alone exceed the cost: no price is needed, and none can be negative.
        assert cost_benefit(0, year, 2000, 60_000, **terms).net > 0
        return
    result = cost_benefit(price, year, 2000, 60_000, **terms)
    # What is left is rounding of the terms that cancel.
    size = result.sale + result.rent + result.deposit + result.cost
    assert abs(result.net) <= 1e-12 * size


@pytest.mark.parametrize("kind", [list, np.array, tuple, pd.Index, "category", "string", object])
def test_each_home_may_have_an_account_of_its_own(kind):
    ways = ["cost", "benefit", "credited", "cost"]
    names = pd.Index(list("abcd"))
    given = kind(ways) if callable(kind) and kind is not object else pd.Series(ways, names, kind)
    found = cost_benefit(676, 5, RENT, COST, rent_is=given, area=120).net
    price = break_even_price(5, RENT, COST, rent_is=given, area=120)
    for way, own, even in zip(ways, found, price, strict=True):
        assert own == cost_benefit(676, 5, RENT, COST, rent_is=way, area=120).net
        assert even == break_even_price(5, RENT, COST, rent_is=way, area=120)
    if isinstance(given, pd.Series):
        assert found.index.equals(names)
        assert price.index.equals(names)


def test_accounts_meet_years_as_other_arguments_do():
    ways = np.array([["cost"], ["benefit"]])
    assert cost_benefit(676, YEARS, RENT, COST, rent_is=ways).net.shape == (2, len(YEARS))
    with pytest.raises(ValueError, match=r"shapes do not match: year \(6,\), rent_is \(2,\)"):
        cost_benefit(676, YEARS, RENT, COST, rent_is=ways[:, 0])


@reproducible
@given(st.integers(0, 30), rates, st.floats(0, 1000))
def test_a_landlord_who_counts_rent_is_better_off_than_one_who_credits_it(year, rate, price):
    nets = [
        cost_benefit(price, year, 2000, 60_000, rent_is=rent_is, discount_rate=rate).net
        for rent_is in ("cost", "credited", "benefit")
    ]
    assert nets == sorted(nets)


@reproducible
@given(st.integers(1, 20), rates)
def test_the_account_is_the_net_present_value_of_its_flows(year, rate):
    when = np.arange(year + 1)
    rents = np.where(when < year, stepped_rent(2000, when), 0.0)
    benefits = np.where(when == year, sale_price(500, year, area=60), 0.0) + rents
    costs = np.where(when == 0, 40_000.0, 0.0)
    told = cost_benefit(500, year, 2000, 40_000, area=60, discount_rate=rate).net
    size = (benefits + costs).sum() * max(1.0, (1 + rate) ** -float(year))
    assert told == pytest.approx(net_present_value(benefits, costs, rate), abs=1e-12 * size)


def test_the_size_of_the_home_does_not_matter_when_all_is_per_m2():
    small, large = (break_even_price(YEARS, 19 * m2, 470 * m2, area=m2) for m2 in (40.0, 120.0))
    assert_allclose(small, large, rtol=64 * ULP)


def test_a_deposit_is_months_of_the_rent_in_force():
    assert deposit(1200, 4, months=2) == pytest.approx(200 * 1.05**2, rel=4 * ULP)
    assert deposit(1200, 3, months=0) == 0


# Net present value -------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.049, 0.3])
def test_it_is_that_of_numpy_financial(rate):
    flow = np.array([-1000.0, 200, 300, 0, 900])
    told = net_present_value(np.maximum(flow, 0), np.maximum(-flow, 0), rate)
    assert told == pytest.approx(npf.npv(rate, flow), abs=1e-12 * np.abs(flow).sum())


def test_one_rate_a_row_or_one_for_all():
    benefits = np.array([[0.0, 110], [0, 121]])
    assert_allclose(net_present_value(benefits, 0.0, [0.10, 0.21]), [100, 100], rtol=4 * ULP)
    assert_allclose(net_present_value(benefits, [1.0, 0], 0.10), [99, 109], rtol=4 * ULP)
    assert net_present_value([1, 2, 3], [1, 1, 1]) == 3


# In kind -----------------------------------------------------------------------------------------


def test_scalars_stay_scalars_and_series_keep_their_labels():
    assert isinstance(break_even_price(5, RENT, COST), float)
    assert isinstance(cost_benefit(500, 5, RENT, COST).net, float)
    years = pd.Series([5, 10], index=["early", "late"])
    account = cost_benefit(500, years, RENT, COST)
    for part in account:
        assert_array_equal(part.index, years.index)
    assert break_even_price(years, RENT, COST)["late"] == break_even_price(10, RENT, COST)


def test_many_years_and_terms_at_once():
    price = break_even_price(YEARS[:, None], RENT, COST, area=[60, 120], rent_is="cost")
    assert price.shape == (6, 2)
    assert price[3, 1] == break_even_price(8, RENT, COST, area=120, rent_is="cost")


EARLY_LATE = pd.Series({"early": 1.0, "late": 2.0})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sale_price(500, 5, area=0), "area must be above 0, got 0"),
        (lambda: sale_price(-1, 5), "price must be at least 0, got -1"),
        (lambda: sale_price(500, 5.5), "year must be a whole number of at least 0, got 5.5"),
        (lambda: sale_price(500, 5, growth=5), "growth must be above -1 and at most 1, got 5"),
        (lambda: total_rent(100, -1), "years must be a whole number of at least 0, got -1"),
        (
            lambda: total_rent(100, [1, 2.5]),
            "years must be a whole number of at least 0, got 2.5 at position 1",
        ),
        (
            lambda: stepped_rent(100, 1, every=0),
            "every must be a whole number of at least 1",
        ),
        (lambda: stepped_rent(100, 1, step=5), "step must be above -1 and at most 1, got 5"),
        (lambda: stepped_rent(np.nan, 1), "first_rent must be finite, got nan"),
        (lambda: deposit(100, 1, months=-3), "months must be at least 0, got -3"),
        (
            lambda: cost_benefit(1, 5, 1, 1, deposit_months="x"),
            "^deposit_months must be a number or an array of numbers, got 'x'",
        ),
        (
            lambda: cost_benefit(1, 5, 1, 1, rent_years=-1),
            "^rent_years must be a whole number of at least 0, got -1",
        ),
        (
            lambda: break_even_price(5, 1, 1, deposit_months=[1, np.nan]),
            "^deposit_months must be finite, got nan at position 1",
        ),
        (
            lambda: net_present_value(EARLY_LATE, EARLY_LATE[::-1]),
            "benefits and costs must have the same labels: align them first",
        ),
        (
            lambda: net_present_value(pd.DataFrame([EARLY_LATE]), EARLY_LATE[::-1]),
            "benefits and costs must have the same labels",
        ),
        (
            lambda: net_present_value(EARLY_LATE, pd.Series([1, 2])),
            "benefits and costs must have the same labels",
        ),
        (lambda: cost_benefit(1, 5, 1, -1), "cost must be at least 0, got -1"),
        (lambda: cost_benefit(1, 5, 1, 1, rent_is="gift"), "rent_is must be one of cost, cred"),
        (lambda: cost_benefit(1, 5, 1, 1, rent_is=["cost", "gift"]), "benefit, got 'gift'"),
        (
            lambda: break_even_price(5, 1, 1, rent_is=pd.Series(["cost", None])),
            "benefit, got (nan|None)",
        ),
        (lambda: cost_benefit(1, 5, 1, 1, rent_is=[0, 1]), "rent_is must be one of .*, got 0"),
        (lambda: cost_benefit(1, 5, 1, 1, rent_is=[]), "rent_is is empty"),
        (lambda: cost_benefit(pd.Series(["cost"]), 5, 1, 1), "price must be a number or an array"),
        (lambda: cost_benefit(1, [5, 6], [1, 2, 3], 1), "shapes do not match"),
        (lambda: break_even_price(5, 1, 1, discount_rate=4.9), "discount_rate must be above -1"),
        (lambda: net_present_value(1, 1, 0.1), "must be a list with one number a year"),
        (lambda: net_present_value([1, 2], [1, 2, 3], 0.1), "shapes do not match"),
        (lambda: net_present_value([1, np.nan], [1, 2]), "benefits must be finite"),
        (lambda: net_present_value([1, 2], [1, 2], 10), "annual_rate must be above -1 and at"),
        (lambda: net_present_value([[1, 2]] * 3, 0, [0.1, 0.2]), "shapes do not match"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
