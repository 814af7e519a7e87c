"""Tenure choice: the report's prices, identities, discounted cash flows, simulated families."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.mortgage import present_value
from housing.tenure import (
    bid_price,
    bid_price_with_reserve,
    capitalised_in_kind_rent,
    homeownership_rate,
    iso_tenure_price,
    iso_tenure_slope,
    property_rights_ratio,
    rent_from_price,
    user_cost,
    user_cost_with_reserve,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)

#: The report's case: yearly rent, cost and upkeep per m2, interest and depreciation.
RENT, COST, UPKEEP = 42.0, 276.0, 8.88
RATES = {"interest": 0.10, "depreciation": 0.02}

money = st.floats(0, 1e6)
interests = st.floats(0.001, 1)
wear = st.floats(0, 1)
options = st.floats(-1e4, 1e4)


def close(value, *sizes):
    """Return a tolerance for a sum of terms of these sizes: a few roundings of the largest."""
    return pytest.approx(value, abs=1e-14 * max(1.0, *map(abs, sizes)) * 16)


# The printed numbers -----------------------------------------------------------------------------


def test_the_commercial_rent_gives_back_the_capital_value():
    assert bid_price(RENT, **RATES, upkeep=UPKEEP) == pytest.approx(COST, rel=1e-14)
    assert rent_from_price(COST, **RATES, upkeep=UPKEEP) == pytest.approx(RENT, rel=1e-14)


@pytest.mark.parametrize(("rent", "price"), [(14.04, 43.0), (13.92, 42.0)], ids=["1.17", "1.16"])
def test_the_price_at_the_low_rent_is_not_the_printed_41_5(rent, price):
    assert NEAREST.round(bid_price(rent, **RATES, upkeep=UPKEEP), 0.1) == price


def test_with_a_reserve_the_low_rent_pays_for_no_price_at_all():
    low = bid_price_with_reserve(14.04, **RATES, upkeep=UPKEEP, cost=COST)
    assert low == pytest.approx(-3.6, rel=1e-12)
    # Interest on nothing, a reserve of 5.52 and upkeep of 8.88 make the rent that leaves nothing.
    nothing = user_cost_with_reserve(0, **RATES, upkeep=UPKEEP, cost=COST)
    assert nothing == pytest.approx(14.40, rel=1e-14)


def test_the_slope_rounds_to_the_printed_8():
    assert NEAREST.round(iso_tenure_slope(**RATES), 1) == 8


@pytest.mark.parametrize("shares", [(0.3, 0.3, 0.3), (0.4, 0.2, 0.5), (0.4, 0.1, 0.4)])
def test_many_round_arguments_give_the_58_percent(shares):
    assert property_rights_ratio(*shares) == pytest.approx(0.58, rel=1e-14)


# Identities --------------------------------------------------------------------------------------


@reproducible
@given(money, interests, wear, money, money, options, st.floats(0, 1))
def test_from_rent_to_price_to_rent(price, interest, depreciation, upkeep, tenant, owner, chance):
    terms = {
        "interest": interest,
        "depreciation": depreciation,
        "upkeep": upkeep,
        "tenant_option": tenant,
        "owner_option": owner,
        "probability": chance,
    }
    rent = rent_from_price(price, **terms)
    if rent >= 0:
        # The difference is divided by a rate of at least 0.001.
        assert bid_price(rent, **terms) == close(price, 1e3 * rent, 1e3 * upkeep, 1e3 * tenant)


@reproducible
@given(money, money, interests, wear, money)
def test_from_rent_to_price_to_rent_with_a_reserve(price, cost, interest, depreciation, upkeep):
    terms = {
        "interest": interest,
        "depreciation": depreciation,
        "upkeep": upkeep,
        "cost": cost,
    }
    rent = user_cost_with_reserve(price, **terms)
    found = bid_price_with_reserve(rent, **terms)
    assert found == close(price, 1e3 * rent, 1e3 * upkeep, 1e3 * cost)


@reproducible
@given(money, interests, wear, money)
def test_both_rivals_agree_at_the_rent_that_recovers_all_costs(
    cost, interest, depreciation, upkeep
):
    terms = {"interest": interest, "depreciation": depreciation, "upkeep": upkeep, "cost": cost}
    rent = user_cost(cost, **terms)
    assert user_cost_with_reserve(cost, **terms) == close(rent, cost, upkeep)
    for price in (bid_price, bid_price_with_reserve):
        assert price(rent, **terms) == close(cost, 1e3 * rent, 1e3 * upkeep)


@reproducible
@given(st.floats(0, 1), st.floats(1, 1e4), interests, st.floats(0.001, 1), money)
def test_below_that_rent_the_reserve_bids_less(part, cost, interest, depreciation, upkeep):
    terms = {"interest": interest, "depreciation": depreciation, "upkeep": upkeep, "cost": cost}
    rent = part * user_cost(cost, **terms)
    off = 1e-10 * (cost + 1e3 * upkeep)
    assert bid_price_with_reserve(rent, **terms) <= bid_price(rent, **terms) + off


@reproducible
@given(money, st.floats(1, 1e4), interests, wear, money)
def test_the_discount_on_the_price_is_the_capitalised_in_kind_rent(
    rent, cost, interest, depreciation, upkeep
):
    """Equation (f) is (d) less (e); under (b) the same rent is capitalised at a higher rate."""
    terms = {"interest": interest, "depreciation": depreciation, "upkeep": upkeep, "cost": cost}
    full = user_cost(cost, **terms)
    sizes = (1e3 * rent, 1e3 * upkeep, 1e3 * cost)
    kept_whole = cost - bid_price_with_reserve(rent, **terms)
    assert capitalised_in_kind_rent(rent, full, interest) == close(kept_whole, *sizes)
    worn = cost - bid_price(rent, **terms)
    assert capitalised_in_kind_rent(rent, full, interest, depreciation) == close(worn, *sizes)


@reproducible
@given(st.floats(1, 1e4), money, interests, wear)
def test_the_slope_is_the_change_of_the_price_by_one_of_rent(rent, upkeep, interest, depreciation):
    higher, lower = bid_price([rent + 1, rent], interest, depreciation, upkeep)
    assert iso_tenure_slope(interest, depreciation) == close(
        higher - lower, 1e3 * rent, 1e3 * upkeep
    )


@reproducible
@given(
    st.floats(1, 1e4),
    st.floats(0, 1),
    st.floats(0, 0.99),
    st.floats(0, 1),
    st.floats(0, 1e4),
)
def test_the_property_rights_ratio_is_one_of_two_bid_prices(net, tenant, owner, chance, upkeep):
    """In amounts: N the net rent, T = t N, G = g / (1 - g) N."""
    option = owner / (1 - owner) * net
    terms = {**RATES, "upkeep": upkeep, "owner_option": option}
    market = bid_price(net + upkeep, **terms)
    china = bid_price(net + upkeep, **terms, tenant_option=tenant * net, probability=chance)
    # The net rent comes back from the sum with the upkeep, as many digits short as it is larger.
    assert china / market == pytest.approx(
        property_rights_ratio(tenant, owner, chance), abs=1e-14 * (16 + 4 * upkeep / net)
    )


@reproducible
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_weak_rights_never_raise_the_price(tenant, owner, chance):
    assert -1e-15 <= property_rights_ratio(tenant, owner, chance) <= 1 + 1e-15


# Second derivations ------------------------------------------------------------------------------


def test_the_bid_price_discounts_net_rents_that_decline_as_the_home_wears():
    """A thousand years, one by one: what is left of them is below 1e-50."""
    year = np.arange(1, 1001)
    for rent in (RENT, 14.04):
        net = (rent - UPKEEP) * (1 - RATES["depreciation"]) ** (year - 1)
        discounted = net / (1 + RATES["interest"]) ** year
        assert bid_price(rent, **RATES, upkeep=UPKEEP) == pytest.approx(discounted.sum(), rel=1e-12)


def test_the_bid_price_leaves_nothing_after_resale_at_any_time():
    """Buy, save the rent, sell at what wear has left, upkeep and rent falling with it."""
    price = bid_price(RENT, **RATES, upkeep=UPKEEP)
    for years in (1, 7, 40):
        year = np.arange(1, years + 1)
        left = (1 - RATES["depreciation"]) ** np.arange(years + 1)
        flows = (RENT - UPKEEP) * left[:-1] / (1 + RATES["interest"]) ** year
        resale = price * left[-1] / (1 + RATES["interest"]) ** years
        assert flows.sum() + resale == pytest.approx(price, rel=1e-12)


def test_the_rival_discounts_net_rents_that_go_on_because_a_reserve_replaces_the_home():
    yearly = RENT - UPKEEP - RATES["depreciation"] * COST
    assert bid_price_with_reserve(RENT, **RATES, upkeep=UPKEEP, cost=COST) == pytest.approx(
        present_value(yearly, RATES["interest"], 1000, periods_per_year=1), rel=1e-12
    )
    # Year by year: the reserve pays for what wears off, so the home is sold whole after 50 years.
    year = np.arange(1, 51)
    flows = yearly / (1 + RATES["interest"]) ** year
    resale = COST / (1 + RATES["interest"]) ** 50
    assert flows.sum() + resale == pytest.approx(COST, rel=1e-12)


def test_what_the_work_unit_saves_in_rent_is_what_it_loses_on_the_sale():
    """Paragraph 2.69, year by year for a thousand years."""
    year = np.arange(1, 1001)
    saved = ((RENT - 14.04) / (1 + RATES["interest"]) ** year).sum()
    lost = COST - bid_price_with_reserve(14.04, **RATES, upkeep=UPKEEP, cost=COST)
    assert lost == pytest.approx(saved, rel=1e-12)


def test_homes_that_fall_at_random_are_worth_the_bid_price():
    """A home lasts one more year with probability 1 - s; means meet within five standard errors."""
    draws = 200_000
    last = np.random.default_rng(1991).geometric(RATES["depreciation"], size=draws)
    growth = 1 + RATES["interest"]
    annuity = (1 - growth ** -last.astype(float)) / RATES["interest"]
    for rent in (RENT, 14.04):
        worth = (rent - UPKEEP) * annuity
        error = worth.std() / math.sqrt(draws)
        exact = bid_price(rent, **RATES, upkeep=UPKEEP)
        assert abs(worth.mean() - exact) < 5 * error


def test_families_that_choose_one_by_one_make_the_schedule():
    """Each compares its own two yearly costs; no formula for prices or shares is used."""
    families = np.random.default_rng(2).normal(0, 6, size=997)
    for rent, price, right in [(42, 276, 0), (30, 200, 4), (14.04, 60, 2)]:
        own = sum(0.12 * price + UPKEEP - worth <= rent - right for worth in map(float, families))
        found = homeownership_rate(
            rent, price, families, **RATES, upkeep=UPKEEP, tenant_option=right
        )
        assert found == pytest.approx(own / 997, abs=1e-15)


@reproducible
@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=30, unique=True),
    st.floats(0.01, 1),
    st.floats(200, 1e4),
)
def test_a_schedule_parts_the_families_that_it_takes_in_from_the_others(families, rate, rent):
    """Options are whole yuan, so a hundredth of one to either side of the price is decisive."""
    taken = math.ceil(rate * len(families) - 1e-9)
    price = iso_tenure_price(rent, rate, families, **RATES)
    cheaper, dearer = homeownership_rate(rent, price + np.array([-0.01, 0.01]), families, **RATES)
    assert cheaper == pytest.approx(taken / len(families), abs=1e-12)
    assert dearer == pytest.approx((taken - 1) / len(families), abs=1e-12)


def test_the_schedule_and_the_rate_are_inverse_where_families_are_few():
    families = [-3, -1, 1, 3]
    prices = iso_tenure_price(RENT, [0.25, 0.5, 0.75, 1], families, **RATES, upkeep=UPKEEP)
    rates = homeownership_rate(RENT, prices, families, **RATES, upkeep=UPKEEP)
    assert_array_equal(rates, [0.25, 0.5, 0.75, 1])
    dearer = homeownership_rate(RENT, prices + 0.01, families, **RATES, upkeep=UPKEEP)
    assert_array_equal(dearer, [0, 0.25, 0.5, 0.75])


@pytest.mark.parametrize(
    ("rate", "last"), [(5e-324, 3), (1e-300, 3), (0.25, 3), (1 - 1e-16, -3), (1.0, -3)]
)
def test_the_first_and_the_last_of_the_families(rate, last):
    price = iso_tenure_price(42, rate, [-3, -1, 1, 3], 0.1, 0.02)
    assert price == bid_price(42, 0.1, 0.02, owner_option=last)


def test_schedules_of_more_owners_lie_lower_and_all_have_one_slope():
    families = np.linspace(-6, 6, 101)
    rents = np.linspace(10, 60, 6)
    lines = iso_tenure_price(rents, np.array([[0.25], [0.5], [0.75]]), families, **RATES)
    assert (np.diff(lines, axis=0) < 0).all()
    assert_allclose(np.diff(lines, axis=1) / 10, iso_tenure_slope(**RATES), rtol=1e-12)


def test_a_tenant_s_right_lowers_and_an_owner_s_right_lifts_the_bid():
    plain, tenant, owner, unlikely = (
        bid_price(RENT, **RATES, upkeep=UPKEEP, **right)
        for right in (
            {},
            {"tenant_option": 6},
            {"owner_option": 6},
            {"owner_option": 6, "probability": 0},
        )
    )
    assert plain - tenant == pytest.approx(50, rel=1e-12)
    assert owner - plain == pytest.approx(50, rel=1e-12)
    assert unlikely == plain


# Limits ------------------------------------------------------------------------------------------


def test_without_interest_a_home_is_worth_the_rents_of_its_life():
    assert bid_price(10, 0, 0.02) == pytest.approx(500, rel=1e-14)


def test_without_wear_both_rivals_are_one():
    terms = {"interest": 0.1, "depreciation": 0, "upkeep": 3, "cost": 276}
    assert bid_price(20, **terms) == bid_price_with_reserve(20, **terms)
    assert user_cost(200, **terms) == user_cost_with_reserve(200, **terms)


def test_full_rights_for_owners_and_none_for_tenants_are_the_market():
    assert property_rights_ratio(0, 0.4, 1) == 1
    assert property_rights_ratio(1, 0.4, 0) == 0


def test_scalars_arrays_and_series_answer_in_kind():
    assert isinstance(bid_price(RENT, **RATES), float)
    assert bid_price([[RENT], [14.04]], [0.05, 0.10, 0.15], 0.02).shape == (2, 3)
    rents = pd.Series({"Yantai": 14.04, "commercial": 42.0})
    prices = iso_tenure_price(rents, 0.5, [0.0], **RATES, upkeep=UPKEEP)
    assert list(prices.index) == ["Yantai", "commercial"]
    assert prices["commercial"] == pytest.approx(COST, rel=1e-14)
    assert isinstance(homeownership_rate(42, 276, [0, 1], **RATES), float)


def test_a_cost_that_makes_no_difference_still_has_its_place_in_the_result():
    costs = pd.Series({"old": 200.0, "new": 400.0})
    for worn, kept_whole in (
        (user_cost, user_cost_with_reserve),
        (bid_price, bid_price_with_reserve),
    ):
        result = worn(RENT, **RATES, cost=costs)
        assert list(result.index) == list(kept_whole(RENT, **RATES, cost=costs).index)
        assert_array_equal(result, worn(RENT, **RATES))
        assert worn(RENT, **RATES, cost=[200, 400]).shape == (2,)
        assert isinstance(worn(RENT, **RATES, cost=200), float)


def test_a_schedule_names_its_own_arguments_only():
    with pytest.raises(ValueError, match=re.escape("rent (2,), ownership_rate (3,)")):
        iso_tenure_price([42, 43], [0.25, 0.5, 0.75], [-1, 1], **RATES)
    rents, rates = pd.Series({"a": 42.0, "b": 43.0}), pd.Series({"b": 0.5, "a": 0.75})
    with pytest.raises(ValueError, match=r"^rent and ownership_rate must have the same labels"):
        iso_tenure_price(rents, rates, [-1, 1], **RATES)


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bid_price(-1, 0.1, 0.02), "rent must be at least 0, got -1"),
        (lambda: bid_price(42, 10, 0.02), "interest must be above -1 and at most 1, got 10. Rates"),
        (
            lambda: bid_price(42, 0.1, 2),
            "depreciation must be at least 0 and at most 1, got 2. Sha",
        ),
        (lambda: bid_price(42, 0, 0), "interest + depreciation must be above 0, got 0"),
        (lambda: bid_price(math.nan, 0.1, 0), "rent must be finite, got nan"),
        (lambda: bid_price([], 0.1, 0), "rent is empty"),
        (lambda: bid_price("42", 0.1, 0), "rent must be a number"),
        (lambda: bid_price([1, 2], [0.1, 0.2, 0.3], 0), "shapes do not match: rent (2,), interest"),
        (lambda: bid_price(42, 0.1, 0, -1), "upkeep must be at least 0, got -1"),
        (lambda: bid_price(42, 0.1, 0, tenant_option=-1), "tenant_option must be at least 0"),
        (lambda: bid_price(42, 0.1, 0, probability=58), "probability must be at least 0 and at m"),
        (lambda: bid_price_with_reserve(42, 0.1, 0.02), "cost must be given: the reserve is a sh"),
        (lambda: bid_price_with_reserve(42, 0, 0.02, cost=1), "interest must be above 0, got 0"),
        (lambda: bid_price_with_reserve(42, 0.1, 0.02, cost=-1), "cost must be at least 0, got -1"),
        (lambda: bid_price(42, 0.1, 0.02, cost=-5), "cost must be at least 0, got -5"),
        (lambda: bid_price(42, 0.1, 0.02, cost="nonsense"), "cost must be a number or an array of"),
        (lambda: user_cost(42, 0.1, 0.02, cost=-5), "cost must be at least 0, got -5"),
        (lambda: user_cost(42, 0.1, 0.02, cost="nonsense"), "cost must be a number or an array of"),
        (lambda: user_cost(-1, 0.1, 0.02), "price must be at least 0, got -1"),
        (lambda: user_cost_with_reserve(1, 0.1, 0.02), "cost must be given"),
        (lambda: rent_from_price(1, 0.1, 0, tenant_option=-1), "tenant_option must be at least 0"),
        (lambda: capitalised_in_kind_rent(14, -1, 0.1), "cost_rent must be at least 0, got -1"),
        (lambda: capitalised_in_kind_rent(14, 42, 0), "interest + depreciation must be above 0"),
        (
            lambda: property_rights_ratio(30, 0.3, 0.3),
            "tenant_share must be at least 0 and at most",
        ),
        (
            lambda: property_rights_ratio(0.3, 0.3, 1.5),
            "probability must be at least 0 and at most",
        ),
        (
            lambda: iso_tenure_price(42, 0, [0], 0.1, 0),
            "ownership_rate must be above 0 and at most 1",
        ),
        (
            lambda: iso_tenure_price(42, 50, [0], 0.1, 0),
            "ownership_rate must be above 0 and at most",
        ),
        (lambda: iso_tenure_price(42, 0.5, [], 0.1, 0), "owner_options is empty"),
        (lambda: homeownership_rate(42, 1, [math.nan], 0.1, 0), "owner_options must be finite"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
