"""A register assessed: row by row by a second hand, in pieces, and of any kind of column."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal, assert_series_equal
from registers import BY_RATIO, CITY, GROWING, POLICY, SOLD, made_up

from housing.policy import Policy
from housing.register import REASONS, _rows, assess
from housing.register._columns import Naming
from housing.register.tally import BINS, Tally, income_bins

# A second hand ------------------------------------------------------------------------------------


def by_hand(household, policy: Policy) -> tuple[str, float, str, bool]:
    """Class, subsidy, reason and poverty of one household, in plain Python."""
    group = next((c for c in policy.classes if household.income <= c.income_limit), None)
    if household.wish == "none":
        reason = "did not apply"
    elif group is None:
        reason = "above the classes"
    else:
        reason = ""
    if group is None:
        return "market", 0.0, reason, False
    beyond = max(household.size - 4, 0)
    area = group.areas[min(household.size, 4) - 1] + beyond * group.extra_person_area
    own = group.burden_ratio * household.income / 12
    lacking = (area - household.owned_area) * policy.standard_rent - own
    buys = household.wish == "buy"
    owned = household.owned_area if buys or not policy.public_housing_sold else 0
    if buys:
        i = policy.annual_rate / 12
        factor = i / (1 - (1 + i) ** (-12 * policy.years))
        loan = (1 - policy.down_payment) * area * policy.standard_price
        loan -= household.owned_area * household.owned_price
        amount = loan * factor - own
    else:
        amount = (area - owned) * policy.standard_rent - own
    test = policy.price_income
    price = policy.average_price * (test.home_area if test else 0)
    if test and not reason and price <= test.buy_above * household.income:
        reason = "price-income ratio too low"
    if not reason and buys:
        barred = not group.may_buy if not test else price >= test.rent_at_least * household.income
        reason = "may not buy with a subsidy" if barred else ""
    if not reason and owned >= area:
        reason = "owns the standard area"
    if not reason:
        reason = "granted" if amount > 0 else "can pay for the standard itself"
    return group.name, amount if reason == "granted" else 0.0, reason, lacking > 0


@pytest.mark.parametrize(
    "policy", [POLICY, SOLD, BY_RATIO, GROWING], ids=["example", "sold", "ratio", "growing"]
)
def test_every_row_is_what_a_second_hand_works_out(policy):
    expected = pd.DataFrame(
        [by_hand(household, policy) for household in CITY.itertuples()],
        columns=["class", "subsidy", "reason", "poor"],
    )
    found = assess(CITY, policy)
    for name in ("class", "reason"):
        assert found.households[name].tolist() == expected[name].tolist()
    # Two ways to write the annuity: a few units in the last place of a loan of 400,000.
    np.testing.assert_allclose(
        found.households["subsidy"], expected["subsidy"], rtol=1e-9, atol=1e-9
    )
    granted = expected["reason"] == "granted"
    assert (found.households["eligible"] == granted).all()
    weight, total = CITY["weight"], found.summary
    assert total.cost_per_month == pytest.approx((weight * expected["subsidy"]).sum(), rel=1e-9)
    assert total.households == pytest.approx(weight.sum(), rel=1e-12)
    assert total.recipients == pytest.approx(weight[granted].sum(), rel=1e-12)
    assert total.coverage == pytest.approx(weight[granted].sum() / weight.sum(), rel=1e-12)
    assert total.poor_before == pytest.approx(weight[expected["poor"]].sum(), rel=1e-12)
    still = expected["poor"] & ~granted
    assert total.poor_after == pytest.approx(weight[still].sum(), rel=1e-12)


def test_the_made_up_city_has_every_reason():
    seen = set(assess(CITY, POLICY).households["reason"])
    seen |= set(assess(CITY, BY_RATIO).households["reason"])
    assert seen == set(REASONS) - {"invalid"}


def test_sums_by_class_are_those_of_the_rows():
    found = assess(CITY, POLICY)
    rows = found.households.assign(paid=lambda t: t["weight"] * t["subsidy"])
    for name, own in found.summary.by_class.iterrows():
        mine = rows[rows["class"] == name]
        helped = mine[mine["eligible"]]
        assert own["households"] == pytest.approx(mine["weight"].sum(), rel=1e-12)
        assert own["recipients"] == pytest.approx(helped["weight"].sum(), rel=1e-12)
        assert own["cost_per_month"] == pytest.approx(mine["paid"].sum(), rel=1e-12)
        if len(helped):
            mean = np.average(helped["subsidy"], weights=helped["weight"])
            assert own["mean_subsidy"] == pytest.approx(mean, rel=1e-12)
    assert found.summary.by_class["recipients"].gt(0).tolist() == [True] * 5 + [False]


def test_deciles_are_those_of_the_sorted_households():
    plain = CITY.drop(columns="weight")
    found = assess(plain, POLICY)
    ranked = found.households.sort_values("income", kind="stable")["subsidy"].to_numpy()
    tenths = ranked.reshape(10, -1).sum(axis=1) / ranked.sum()
    # A bin of 0.4 percent of income holds a few of 3,000 households; each end of a tenth cuts one.
    np.testing.assert_allclose(found.summary.by_decile, tenths, atol=0.01)
    assert found.summary.by_decile.sum() == pytest.approx(1, rel=1e-12)
    assert found.summary.by_decile[10] == 0


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.floats(0, 2**39), min_size=2, max_size=30))
def test_bins_of_income_rise_with_income_and_are_narrow(incomes):
    incomes = np.sort(np.array(incomes))
    bins = income_bins(incomes)
    assert (np.diff(bins) >= 0).all()
    assert bins.min() >= 0
    assert bins.max() < BINS
    same = np.diff(bins) == 0
    assert (np.diff(incomes)[same] <= (incomes[1:][same] + 1) / 256).all()


# Pieces, orders, kinds ----------------------------------------------------------------------------


def test_pieces_make_no_difference(monkeypatch):
    """More rows than are worked on at once, against rows few enough for one piece."""
    sizes, faults = [], _rows.faults
    monkeypatch.setattr(_rows, "ROWS", 4_000)
    monkeypatch.setattr(
        _rows, "faults", lambda piece: sizes.append(len(piece.income)) or faults(piece)
    )
    big = made_up(8_017, seed=1)
    whole = assess(big, POLICY)
    assert sizes == [4_000, 4_000, 17]
    parts = [assess(big.iloc[start : start + 999], POLICY) for start in range(0, len(big), 999)]
    assert_frame_equal(whole.households, pd.concat(part.households for part in parts))
    cost = sum(part.summary.cost_per_month for part in parts)
    assert whole.summary.cost_per_month == pytest.approx(cost, rel=1e-12)


def test_order_and_labels_of_rows_make_no_difference():
    shuffled = CITY.sample(frac=1, random_state=3)
    found = assess(shuffled, POLICY)
    assert_frame_equal(found.households.sort_index(), assess(CITY, POLICY).households)
    assert found.households.index.equals(shuffled.index)


def test_the_register_itself_is_left_as_it_was():
    before = CITY.copy()
    rows = assess(CITY, POLICY).households
    rows.loc[0, "income"] = -1
    assert_frame_equal(CITY, before)


@pytest.mark.parametrize(
    "kinds",
    [
        {"size": "int8", "wish": "category"},
        {"size": "uint8", "weight": "float32"},
        {"size": "float64", "wish": "string"},
        {"size": "Int16", "income": "Float64", "owned_area": "Float64"},
        {"income": "double[pyarrow]", "wish": "string[pyarrow]"},
    ],
    ids=str,
)
def test_kinds_of_columns_make_no_difference(kinds):
    whole = CITY.assign(weight=1.0)
    expected, found = assess(whole, GROWING), assess(whole.astype(kinds), GROWING)
    assert found.problems.empty
    assert_series_equal(found.households["subsidy"], expected.households["subsidy"])
    assert_series_equal(found.summary.table(), expected.summary.table())


def test_incomes_may_be_whole_numbers_or_short_floats():
    whole = CITY.assign(income=CITY["income"].round())
    expected = assess(whole, POLICY).summary
    for kind in ("int64", "float32"):
        found = assess(whole.astype({"income": kind}), POLICY).summary
        assert_series_equal(found.by_decile, expected.by_decile)


def test_a_named_class_goes_before_the_income_limits():
    named = CITY.assign(**{"class": "lowest"})
    found = assess(named, POLICY).households
    assert (found["class"] == "lowest").all()
    rich = named.iloc[[0]].assign(income=1e6, wish="rent", **{"class": "market"})
    assert assess(rich, POLICY).households["reason"].tolist() == ["above the classes"]


def test_weights_count_as_households():
    twice = assess(pd.concat([CITY, CITY]), POLICY).summary
    heavy = assess(CITY.assign(weight=2 * CITY["weight"]), POLICY).summary
    assert heavy.cost_per_month == pytest.approx(twice.cost_per_month, rel=1e-12)
    assert heavy.households == pytest.approx(twice.households, rel=1e-12)
    assert heavy.rows == len(CITY)


def test_incomes_beyond_all_bins_have_their_share_of_the_cost():
    sums = Tally.empty(POLICY)
    sums.by_income[:, -1] = 20.0, 500.0
    assert_allclose(sums.summary(POLICY).by_decile, 0.1)


def test_no_households_no_cost():
    summary = assess(CITY.iloc[:0], POLICY).summary
    assert (summary.rows, summary.households, summary.cost_per_month) == (0, 0, 0)
    assert np.isnan(summary.coverage)
    assert (summary.by_decile == 0).all()


def test_what_a_register_calls_its_columns_stays_as_it_was_said():
    naming = Naming(id="household")
    with pytest.raises(FrozenInstanceError):
        naming.id = "size"
