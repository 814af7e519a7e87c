"""Charges on a project's cost: the report's account, closed forms, and the way back."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from housing.project import charges, implied_rates
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)

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


def test_bad_amounts_are_named():
    with pytest.raises(ValueError, match="cost must be above 0, got 0"):
        implied_rates(0, {"tax": 1})
    with pytest.raises(ValueError, match="the amount of 'tax' must be at least 0, got -1"):
        implied_rates(100, {"tax": -1})


@pytest.mark.parametrize("function", [charges, implied_rates])
def test_documented(function):
    for part in ("Parameters\n", "Returns\n", "Raises\n", "References\n", "Examples\n"):
        assert part in inspect.getdoc(function)
