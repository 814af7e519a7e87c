"""Project costs: the accounts of Annex 2 and Table 3.2, closed forms, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from housing.project import (
    charges,
    gross_margin,
    implied_rates,
    replacement_cost,
    required_price,
    site_cost,
    unit_costs,
)
from rounding import DOWN, NEAREST

reproducible = settings(deadline=None, derandomize=True)
money = st.floats(1.0, 1e9)
area = st.floats(1.0, 1e6)
part = st.floats(0.0, 0.95)

WUJIAYAO = np.array([33_500.0, 61_319.0, 59_319.0, 19_622.0])


def test_ratios_round_to_those_of_table_3():
    printed = [[521.04, 284.66, 294.25, 889.55], [708.74, 387.20, 400.26, 1_210.01]]
    assert_array_equal(NEAREST.round(unit_costs([17_454_800, 23_742_829], WUJIAYAO), 0.01), printed)


@pytest.mark.parametrize(
    ("cost", "floor", "marketable", "printed"),
    [(11_002_948, 31_967, 17_154, 641), (23_742_829, 59_319, 19_622, 1_210)],
    ids=["Pingshan Road", "Wujiayao"],
)
def test_needed_prices_round_to_those_of_paragraph_26(cost, floor, marketable, printed):
    assert NEAREST.round(required_price(cost, floor, floor - marketable), 1) == printed


@pytest.mark.parametrize(
    ("building", "floor", "returned", "printed"),
    [
        (8_760_258, 33_987, 31_967 - 17_154, 3_818_098),
        (17_755_630, 59_319, 59_319 - 19_622, 11_882_284),
        (22_972_742, 83_000, 83_000 - 79_200, 1_051_764),
    ],
    ids=["Pingshan Road", "Wujiayao", "Changzhou Road"],
)
def test_replacement_housing_cut_off_is_that_of_tables_8_and_9(building, floor, returned, printed):
    assert DOWN.round(replacement_cost(building, floor, returned), 1) == printed


def test_site_costs_are_those_of_tables_8_and_9():
    components = pd.DataFrame(
        {
            "Wujiayao": [474_973, 105_089, 628_927, 129_619, 1_302, 670_000, 3_650_411, 11_882_284],
            "Changzhou": [962_699, 1_412_268, 470_157, 602_848, 3_036_604, 2_560_846, 1_051_764, 0],
        }
    )
    per_m2 = site_cost(components, [33_500, 54_000])
    assert list(per_m2.index) == ["Wujiayao", "Changzhou"]
    assert NEAREST.round(per_m2["Wujiayao"], 0.01) == 523.66
    assert NEAREST.round(per_m2["Changzhou"], 1) == 187


def test_margins_are_those_of_paragraph_42():
    margin = gross_margin([53_032_000, 52_048_891], [29_208_387, 40_735_259])
    assert_array_equal(margin.amount, [23_823_613, 11_313_632])
    assert_allclose(margin.share, [23_823_613 / 53_032_000, 11_313_632 / 52_048_891], rtol=1e-15)


# Identities --------------------------------------------------------------------------------------


@reproducible
@given(money, area, part, part, part)
def test_the_needed_price_recovers_the_cost(cost, floor, back, aid, markup):
    price = required_price(cost, floor, back * floor, subsidy=aid * cost, markup=markup)
    # A few roundings, and the cancellation in the floor that is left, at least a twentieth.
    receipts = price * (floor - back * floor)
    assert receipts == pytest.approx((cost - aid * cost) * (1 + markup), rel=1e-12)


@reproducible
@given(money, area, part)
def test_floor_returned_and_paid_for_by_others_leaves_the_price(cost, floor, back):
    others = replacement_cost(cost, floor, back * floor)
    price = required_price(cost, floor, back * floor, subsidy=others)
    assert price == pytest.approx(required_price(cost, floor), rel=1e-12)


@reproducible
@given(st.lists(money, min_size=1, max_size=6), st.lists(area, min_size=1, max_size=4))
def test_unit_costs_add_up_as_costs_do(costs, areas):
    ratios = unit_costs(costs, areas)
    assert ratios.shape == (len(costs), len(areas))
    assert_allclose(ratios.sum(axis=0), unit_costs([sum(costs)], areas)[0], rtol=1e-12)


def test_limits():
    assert required_price(1000, 50) == 20
    assert required_price(1000, 50, subsidy=1000) == 0
    assert replacement_cost(1000, 50, 0) == 0
    assert replacement_cost(1000, 50, 50) == 1000
    assert gross_margin(100, 150) == (-50.0, -0.5)
    assert site_cost(1000, 50) == 20.0


# In kind -----------------------------------------------------------------------------------------


def test_scalars_stay_scalars_and_arrays_broadcast():
    assert isinstance(required_price(1000, 50, 10), float)
    assert isinstance(site_cost([1000, 200], 50), float)
    assert required_price([[1000.0], [2000.0]], 50, [0.0, 10.0]).shape == (2, 2)
    assert unit_costs(np.ones((2, 3)), [1.0, 2.0]).shape == (2, 3, 2)
    assert_array_equal(site_cost([[1000, 200], [0, 300]], [50, 100]), [20.0, 5.0])


def test_labels_are_kept():
    costs = pd.Series({"a": 10.0, "b": 30.0})
    table = unit_costs(costs, pd.Series({"site": 10.0, "floor": 20.0}))
    assert table.loc["b", "floor"] == 1.5
    assert list(unit_costs(costs, [10.0, 20.0]).columns) == [0, 1]
    prices = required_price(costs, 10.0)
    assert list(prices.index) == ["a", "b"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: required_price(1000, 50, 50), "floor_area less returned_area must be above 0"),
        (lambda: required_price(1000, 50, 60), "floor_area less returned_area must be above 0"),
        (lambda: required_price(1000, 0), "floor_area must be above 0, got 0"),
        (lambda: required_price(-1, 50), "cost must be at least 0, got -1"),
        (lambda: required_price(1000, 50, -1), "returned_area must be at least 0, got -1"),
        (lambda: required_price(1000, 50, subsidy=1001), "cost less subsidy must be at least 0"),
        (lambda: required_price(1000, 50, markup=-0.1), "for 10% give 0.10"),
        (
            lambda: required_price(100, 10, markup=10),
            "markup must be at least 0 and at most 1, got",
        ),
        (lambda: required_price(float("nan"), 50), "cost must be finite, got nan"),
        (lambda: required_price([1, 2], [1, 2, 3]), "shapes do not match"),
        (lambda: replacement_cost(1000, 50, 51), "floor_area less returned_area must be at least"),
        (lambda: replacement_cost(1000, 0, 0), "floor_area must be above 0"),
        (lambda: unit_costs([1.0], [0.0]), "areas must be above 0, got 0"),
        (lambda: unit_costs([1.0], [[1.0]]), "areas must have one axis"),
        (lambda: unit_costs([], [1.0]), "costs is empty"),
        (lambda: unit_costs(["x"], [1.0]), "costs must be a number"),
        (lambda: unit_costs([[1.0], [1.0, 2.0]], [1.0]), "costs must be a number"),
        (
            lambda: unit_costs(pd.Series([pd.NA, 1.0], dtype="Float64"), [1.0]),
            "costs must be finite, got nan",
        ),
        (lambda: unit_costs([1.0, -2.0], [1.0]), "costs must be at least 0, got -2 at position 1"),
        (lambda: site_cost([1.0, -2.0], 1), "components must be at least 0, got -2 at position 1"),
        (lambda: site_cost([1.0], 0), "site_area must be above 0"),
        (lambda: site_cost([[1.0, 2.0]], [1.0, 2.0, 3.0]), "shapes do not match"),
        (lambda: gross_margin(0, 1), "receipts must be above 0"),
        (lambda: gross_margin(1, -1), "cost must be at least 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match="^.*" + message.replace("(", r"\(")):
        call()


# Charges -----------------------------------------------------------------------------------------

#: World Bank (1991), Table 3.2, notes e to g, in thousands of yuan.
RATES = {"tax": 0.10, "fee": 0.025, "profit": 0.08}
EXCLUDING = {"fee": ["tax"], "profit": ["tax", "fee"]}
PRECEDING = 209_100 + 127_970 + 1_020 + 22_700 + 14_070 + 1_000

rates = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), min_size=1)
costs = st.floats(0.01, 1e9)


def test_table_3_2_under_its_own_notes():
    amounts = charges(PRECEDING, RATES, excluding=EXCLUDING)
    # The table's amounts stand in tens of thousands of yuan.
    rounded = {name: NEAREST.round(amount, 10) for name, amount in amounts.items()}
    assert rounded == {"tax": 37_590, "fee": 9_400, "profit": 30_070}


def test_charged_on_each_other_they_would_not_be_those_of_table_3_2():
    amounts = charges(PRECEDING, RATES)
    rounded = {name: NEAREST.round(amount, 10) for name, amount in amounts.items()}
    assert rounded == {"tax": 37_590, "fee": 10_340, "profit": 33_900}


def test_rates_behind_the_printed_amounts():
    printed = {"tax": 37_590, "fee": 9_400, "profit": 30_070}
    implied = implied_rates(PRECEDING, printed, excluding=EXCLUDING)
    # Half a rounding step of 10 over the base is 1.3e-5.
    assert_allclose(list(implied.values()), list(RATES.values()), rtol=0, atol=1.4e-5)


@reproducible
@given(costs, rates)
def test_charges_on_charges_compound_and_charges_on_cost_add(cost, rate_of):
    compounded = cost + sum(charges(cost, rate_of).values())
    assert compounded == pytest.approx(cost * math.prod(1 + r for r in rate_of.values()), rel=1e-12)
    names = list(rate_of)
    apart = {name: names[:place] for place, name in enumerate(names)}
    added = cost + sum(charges(cost, rate_of, excluding=apart).values())
    assert added == pytest.approx(cost * (1 + sum(rate_of.values())), rel=1e-12)
    assert added <= compounded * (1 + 1e-12)


@reproducible
@given(costs, rates, st.data())
def test_implied_rates_lead_back(cost, rate_of, data):
    names = list(rate_of)
    excluding = {
        name: data.draw(st.sets(st.sampled_from(names[:place])))
        for place, name in enumerate(names)
        if place
    }
    amounts = charges(cost, rate_of, excluding=excluding)
    back = implied_rates(cost, amounts, excluding=excluding)
    # Rates so small that their amounts leave the normal range of floats are lost to it.
    assert_allclose(list(back.values()), list(rate_of.values()), rtol=1e-12, atol=1e-300)


def test_no_charge_and_no_cost():
    assert charges(1_000, {}) == {}
    assert charges(0, RATES) == {"tax": 0, "fee": 0, "profit": 0}


def test_costs_and_rates_of_any_kind_broadcast():
    projects = pd.Series({"a": 100.0, "b": 200.0})
    amounts = charges(projects, {"tax": 0.10, "fee": pd.Series({"a": 0.0, "b": 0.5})})
    pd.testing.assert_series_equal(amounts["fee"], pd.Series({"a": 0.0, "b": 110.0}))
    grid = charges([[100.0], [200.0]], {"tax": [0.0, 0.1, 0.2], "fee": 0.5})
    assert grid["fee"].shape == (2, 3)
    assert grid["fee"][1].tolist() == [100.0, 110.0, 120.0]
    assert type(charges(100, {"tax": 0.1})["tax"]) is float


def test_a_single_name_may_be_excluded_as_it_is():
    assert charges(100, {"value tax": 0.1, "fee": 0.5}, excluding={"fee": "value tax"})["fee"] == 50


@pytest.mark.parametrize("function", [charges, implied_rates])
@pytest.mark.parametrize(
    ("excluding", "said"),
    [
        ({"duty": ["tax"]}, "excluding names 'duty', which is no charge of"),
        ({"tax": ["fee"]}, "leaves 'fee' out of the base of 'tax', but before it stand only"),
        ({"fee": ["fee"]}, "leaves 'fee' out of the base of 'fee'"),
        ({"fee": ["stamp"]}, "leaves 'stamp' out"),
    ],
)
def test_an_exclusion_must_name_an_earlier_charge(function, excluding, said):
    with pytest.raises(ValueError, match=said):
        function(100, RATES, excluding=excluding)


@pytest.mark.parametrize(
    ("cost", "rate", "said"),
    [
        (-1, 0.1, "cost must be at least 0, got -1"),
        (np.nan, 0.1, "cost must be .* got nan"),
        ("x", 0.1, "cost must be a number"),
        (100, 10, "the rate of 'tax' must be .* got 10.* for ten per cent give 0.10"),
        (100, -0.1, "the rate of 'tax' must be at least 0"),
        (100, [], "the rate of 'tax' is empty"),
    ],
)
def test_bad_charges_are_named(cost, rate, said):
    with pytest.raises(ValueError, match=said):
        charges(cost, {"tax": rate, "fee": 0.1})


@pytest.mark.parametrize(("function", "name"), [(charges, "rates"), (implied_rates, "amounts")])
@pytest.mark.parametrize(
    "unnamed", [[0.1, 0.02], 0.1, np.array([0.1]), {0.1}, pd.Series([1, 2], index=["a", "a"]), None]
)
def test_charges_without_a_name_for_each_are_refused(function, name, unnamed):
    with pytest.raises(ValueError, match=f"^{name} must have a name for each entry, as a dict or"):
        function(1000, unnamed)
    with pytest.raises(ValueError, match=r"^excluding must have a name for each entry"):
        function(1000, RATES, excluding=unnamed if unnamed is not None else [])


def test_charges_may_come_as_a_series_or_as_the_columns_of_a_frame():
    amounts = charges(1000, pd.Series({"tax": 0.1, "fee": 0.02}))
    assert amounts == pytest.approx({"tax": 100, "fee": 22})
    assert implied_rates(1000, pd.Series(amounts)) == pytest.approx({"tax": 0.1, "fee": 0.02})
    skipping = charges(1000, {"tax": 0.1, "fee": 0.02}, excluding=pd.Series({"fee": "tax"}))
    assert skipping["fee"] == 20
    many = charges(1000, pd.DataFrame({"tax": [0.1, 0.2], "fee": 0.5}, index=["a", "b"]))
    assert many["fee"].to_dict() == {"a": 550, "b": 600}


def test_bad_amounts_are_named():
    with pytest.raises(ValueError, match="cost must be above 0, got 0"):
        implied_rates(0, {"tax": 1})
    with pytest.raises(ValueError, match="the amount of 'tax' must be at least 0, got -1"):
        implied_rates(100, {"tax": -1})
