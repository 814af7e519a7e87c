"""What earning more leaves: against subsidies on a fine grid of incomes, and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from tests.registers import BY_RATIO, CITY, POLICY, RICHER

from housing.policy import IncomeClass, PriceIncomeTest
from housing.register import assess, borders, marginal

#: Of which one border takes more than the next class ever gives back.
CLIFFS = replace(
    POLICY,
    classes=(
        IncomeClass("poor", (40, 60), 0.10, income_limit=20_000),
        IncomeClass("near", (10, 15), 0.10, income_limit=22_000),
        IncomeClass("middle", (45, 50), 0.30, may_buy=True, income_limit=40_000),
    ),
)
GRID = 10.0


def net_of(policy, incomes, size, wish):
    """What households have in a year, that own nothing."""
    frame = pd.DataFrame(
        {"size": size, "income": incomes, "owned_area": 0, "owned_price": 0, "wish": wish}
    )
    return incomes + 12 * assess(frame, policy).households["subsidy"].to_numpy()


@pytest.mark.parametrize(
    "policy", [POLICY, RICHER, BY_RATIO, CLIFFS], ids=["example", "richer", "ratio", "cliffs"]
)
def test_borders_are_crossed_without_loss_where_a_grid_says(policy):
    found = borders(policy)
    assert (found["loss"] > 0).any()
    for line in found.itertuples():
        grid = line.income + GRID * np.arange(1, 6_000)
        just = line.income * (1 - 1e-8), line.income * (1 + 1e-8)
        size = found.loc[line.Index, "size"]
        before, after = net_of(policy, np.array(just), size, line.wish)
        assert line.loss == pytest.approx(max(before - after, 0), abs=0.01)
        has = net_of(policy, grid, size, line.wish)
        first = grid[np.argmax(has >= before - 1e-3)]
        if line.loss:
            assert first - GRID - 0.01 <= line.without_loss_from <= first + 0.01
        else:
            assert line.without_loss_from == line.income


def test_a_loss_can_reach_beyond_the_next_border():
    line = borders(CLIFFS).query("border == 'poor' and size == 2 and wish == 'rent'").iloc[0]
    # 60 m2 at 18 less 1/120 of 20,000 is 913.33; 15 m2 give 103.33 less.
    assert line["below"] == pytest.approx(60 * 18 - 20_000 / 120)
    assert line["above"] == pytest.approx(15 * 18 - 20_000 / 120)
    had = 20_000 + 12 * line["below"]
    # In the class above the next one: 12 * 900 and 0.7 of the income.
    assert line["without_loss_from"] == pytest.approx((had - 12 * 50 * 18) / 0.7)
    assert line["without_loss_from"] > 22_000


def test_borders_that_coincide_are_crossed_at_once():
    price = POLICY.average_price * 60
    both = replace(BY_RATIO, price_income=PriceIncomeTest(60, price / 47_000, price / 60_000))
    found = borders(both).query("size == 3 and wish == 'rent'").set_index("border")
    alone = borders(POLICY).query("size == 3 and wish == 'rent'").set_index("border")
    for name in ("low", "rent_at_least"):
        assert found.loc[name, "income"] == pytest.approx(47_000)
        assert found.loc[name, "without_loss_from"] == pytest.approx(
            alone.loc["low", "without_loss_from"]
        )


def test_rates_are_differences_of_assessments_and_losers_lose():
    found = marginal(CITY, CLIFFS, step=2_000.0)
    now = assess(CITY, CLIFFS).households["subsidy"]
    then = assess(CITY.assign(income=CITY["income"] + 2_000), CLIFFS).households["subsidy"]
    np.testing.assert_allclose(found.rates, 12 * (now - then) / 2_000, atol=2e-9)
    weight = CITY["weight"]
    assert found.losing_by_step == pytest.approx(weight[found.rates > 1].sum())
    assert found.by_class["losing_by_step"].sum() == pytest.approx(found.losing_by_step)
    mean = np.average(found.rates, weights=weight)
    by_class = found.by_class
    whole = (by_class["mean_rate"] * by_class["households"]).sum() / by_class["households"].sum()
    assert whole == pytest.approx(mean)
    assert found.by_band["households"].sum() == pytest.approx(weight.sum())
    zero = weight[found.rates == 0].sum()
    assert found.by_band.loc["0", "households"] == pytest.approx(zero)
    assert found.by_band.loc["to 0.1", "households"] == pytest.approx(
        weight[(found.rates > 0) & (found.rates <= 0.1)].sum()
    )


def test_who_loses_by_earning_more_has_less_on_a_grid_of_incomes():
    city = CITY.head(300)
    lost = np.zeros(len(city), bool)
    now = city["income"] + 12 * assess(city, CLIFFS).households["subsidy"]
    for more in (20_000.001, 22_000.001, 40_000.001):
        income = np.maximum(city["income"], more)
        then = income + 12 * assess(city.assign(income=income), CLIFFS).households["subsidy"]
        lost |= (now > then + 0.01).to_numpy()
    found = marginal(city, CLIFFS)
    assert 0 < lost.sum() < len(city)
    assert found.losing_by_more == pytest.approx(city["weight"][lost].sum(), rel=1e-9)


def test_parts_come_to_the_same_as_one_frame_and_invalid_rows_have_no_rate(tmp_path):
    city = CITY.copy()
    city.loc[5, "size"] = 0
    for number, rows in enumerate(np.array_split(np.arange(len(city)), 2)):
        city.iloc[rows].to_parquet(tmp_path / f"{number}.parquet")
    whole, parts = marginal(city), marginal(tmp_path, progress=False)
    assert whole.rates.isna().to_numpy().nonzero()[0].tolist() == [5]
    assert parts.rates is None
    assert_frame_equal(whole.by_class, parts.by_class)
    assert_frame_equal(whole.by_band, parts.by_band)
    assert parts.losing_by_more == pytest.approx(whole.losing_by_more)
    assert (parts.rows, parts.invalid_rows) == (3_000, 1)


def test_a_given_class_is_kept_whatever_is_earned():
    given = assess(CITY).households.drop(columns=["eligible", "subsidy", "reason"])
    given.attrs.clear()
    found = marginal(given)
    assert found.losing_by_step == 0
    assert found.rates.max() == 0.3


def test_a_policy_without_limits_has_the_borders_of_its_ratios_for_each_class():
    classes = [replace(each, income_limit=None) for each in BY_RATIO.classes]
    found = borders(replace(BY_RATIO, classes=classes))
    assert set(found["border"]) == {"rent_at_least", "buy_above"}
    assert set(found["class"]) == set(BY_RATIO.class_names)
    assert borders(replace(POLICY, classes=classes)).empty


@pytest.mark.parametrize("step", [0, -1, np.nan, "1", [1, 2]])
def test_a_step_that_is_none_is_named(step):
    with pytest.raises(ValueError, match="step must be"):
        marginal(CITY, step=step)


def test_a_total_tells_no_cell_that_is_hidden():
    """Two lose by a step: their band is hidden, and so is how many lose. Of seven it is told."""
    some = {"size": 3, "owned_area": 0, "owned_price": 0, "wish": "rent"}
    for losing, hidden in ((2, ["0", "to 0.2", "above 1"]), (7, ["0", "to 0.2"])):
        incomes = [47_000] * losing + [33_000] * 3 + [90_000] * 40
        found = marginal(pd.DataFrame({"income": incomes}).assign(**some))
        band = found.by_band["households"]
        assert np.isnan(found.losing_by_step) == np.isnan(found.losing_by_more) == (losing < 5)
        assert set(band.index[band.isna()]) <= set(hidden)
        assert found.households - band.sum() >= 5
        assert found.note
