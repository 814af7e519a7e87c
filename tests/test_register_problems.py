"""Registers as they are: what is read, what is listed, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal
from registers import CITY, POLICY, made_up

from housing.policy import IncomeClass, Policy
from housing.register import assess
from housing.register.columns import REQUIRED
from housing.register.rows import ROWS

# Bad rows -----------------------------------------------------------------------------------------

BAD = [
    ("size", 0, "must be a whole number from 1 on"),
    ("size", 2.5, "must be a whole number from 1 on"),
    ("size", np.inf, "must be a whole number from 1 on"),
    ("size", None, "must be a whole number from 1 on"),
    ("income", -1, "must be a number from 0 on"),
    ("income", np.nan, "must be a number from 0 on"),
    ("income", "much", "must be a number from 0 on"),
    ("owned_area", -0.1, "must be a number from 0 on"),
    ("owned_price", np.inf, "must be a number from 0 on"),
    ("weight", -1, "must be a number from 0 on"),
    ("wish", "lease", "must be one of rent, buy, none"),
    ("wish", None, "must be one of rent, buy, none"),
    ("class", "rich", "must be a class of the policy or 'market'"),
    ("class", np.nan, "must be a class of the policy or 'market'"),
]


@pytest.mark.parametrize(("column", "value", "message"), BAD, ids=str)
def test_one_bad_row_is_named_and_never_loses_the_rest(column, value, message):
    named = CITY.assign(**{"class": assess(CITY, POLICY).households["class"].astype(object)})
    damaged = named.astype({column: object})
    damaged.loc[5, column] = value
    found, rest = assess(damaged, POLICY), assess(named.drop(index=5), POLICY)
    row, name, told, because = found.problems.iloc[0]
    assert (len(found.problems), row, name, because) == (1, 5, column, message)
    assert told == value or (pd.isna(told) and pd.isna(value))
    assert found.households.loc[5, "reason"] == "invalid"
    assert not found.households.loc[5, "eligible"]
    assert np.isnan(found.households.loc[5, "subsidy"])
    assert pd.isna(found.households.loc[5, "class"])
    others = ["class", "eligible", "subsidy", "reason"]
    assert_frame_equal(found.households.drop(index=5)[others], rest.households[others])
    totals = found.summary.table().drop(["rows", "invalid rows"])
    assert_series_equal(totals, rest.summary.table()[totals.index], rtol=1e-12)
    assert (found.summary.rows, found.summary.invalid_rows) == (len(CITY), 1)
    assert found.summary.by_decile.tolist() == pytest.approx(rest.summary.by_decile, rel=1e-9)


def test_every_wrong_entry_is_listed_in_the_order_of_rows():
    damaged = made_up(ROWS + 10)
    damaged.loc[ROWS + 3, ["income", "owned_area"]] = -1
    damaged.loc[2, "wish"] = "lease"
    found = assess(damaged, POLICY)
    listed = found.problems[["row", "column"]].to_numpy().tolist()
    assert listed == [[2, "wish"], [ROWS + 3, "income"], [ROWS + 3, "owned_area"]]
    assert found.summary.invalid_rows == 2


def test_a_register_of_bad_rows_alone_costs_nothing():
    with pytest.warns(UserWarning, match=r"3,000 of 3,000 rows \(100.0%\) are left out"):
        summary = assess(CITY.assign(income=-1), POLICY).summary
    assert summary.invalid_rows == summary.rows == len(CITY)
    assert summary.cost_per_month == summary.households == summary.poor_before == 0


@pytest.mark.parametrize("column", REQUIRED)
def test_a_missing_column_is_named(column):
    with pytest.raises(ValueError, match=f"missing column {column}; there are "):
        assess(CITY.drop(columns=column), POLICY)


def test_without_class_and_limits_nobody_can_be_placed():
    no_limits = Policy("city", (IncomeClass("all", (10,), 0.2),), 20, 6_000, 0.05)
    with pytest.raises(ValueError, match="missing column class: the policy has no income_limit"):
        assess(CITY, no_limits)
    found = assess(CITY.assign(**{"class": "all"}), no_limits)
    assert found.problems.empty
