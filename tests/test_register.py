"""A register assessed: row by row by a second hand, in pieces, from files, and with bad rows."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from housing import register
from housing.policy import IncomeClass, Policy, PriceIncomeTest, load_policy
from housing.register import REASONS, ROWS, WISHES, assess

POLICY = load_policy()
SOLD = replace(POLICY, public_housing_sold=True)
BY_RATIO = replace(POLICY, price_income=PriceIncomeTest(60, rent_at_least=9, buy_above=6))
GROWING = replace(
    POLICY, classes=[replace(entry, extra_person_area=10) for entry in POLICY.classes]
)


def made_up(rows: int, seed: int = 0) -> pd.DataFrame:
    """Households of every kind, some of them at a border or with just the standard area."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": random.integers(1, 7, rows),
            "income": random.lognormal(10.4, 0.7, rows),
            "owned_area": random.choice([0.0, 0.0, 12.5, 30.0, 45.0, 90.0], rows),
            "owned_price": random.uniform(0, 6_000, rows),
            "wish": random.choice(WISHES, rows),
            "weight": random.uniform(0.5, 2, rows),
        }
    )
    at_border = random.random(rows) < 0.1
    frame.loc[at_border, "income"] = random.choice([0.0, *POLICY.income_limits], at_border.sum())
    return frame


CITY = made_up(3_000)


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
    bins = register._income_bins(incomes)
    assert (np.diff(bins) >= 0).all()
    assert bins.min() >= 0
    assert bins.max() < register.BINS
    same = np.diff(bins) == 0
    assert (np.diff(incomes)[same] <= (incomes[1:][same] + 1) / 256).all()


# Pieces, orders, kinds ----------------------------------------------------------------------------


def test_pieces_make_no_difference():
    """More rows than are worked on at once, against rows few enough for one piece."""
    big = made_up(2 * ROWS + 17, seed=1)
    whole = assess(big, POLICY)
    parts = [assess(big.iloc[start : start + 9_999], POLICY) for start in range(0, len(big), 9_999)]
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


def test_no_households_no_cost():
    summary = assess(CITY.iloc[:0], POLICY).summary
    assert (summary.rows, summary.households, summary.cost_per_month) == (0, 0, 0)
    assert np.isnan(summary.coverage)
    assert (summary.by_decile == 0).all()


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
    summary = assess(CITY.assign(income=-1), POLICY).summary
    assert summary.invalid_rows == summary.rows == len(CITY)
    assert summary.cost_per_month == summary.households == summary.poor_before == 0


@pytest.mark.parametrize("column", register.REQUIRED)
def test_a_missing_column_is_named(column):
    with pytest.raises(ValueError, match=f"missing column {column}; there are "):
        assess(CITY.drop(columns=column), POLICY)


def test_without_class_and_limits_nobody_can_be_placed():
    no_limits = Policy("city", (IncomeClass("all", (10,), 0.2),), 20, 6_000, 0.05)
    with pytest.raises(ValueError, match="missing column class: the policy has no income_limit"):
        assess(CITY, no_limits)
    found = assess(CITY.assign(**{"class": "all"}), no_limits)
    assert found.problems.empty


# Larger than memory -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def damaged() -> pd.DataFrame:
    """A register with three bad entries, far apart."""
    frame = made_up(20_000, seed=5).round(2)
    frame.loc[7, "income"] = -3
    frame.loc[11_111, "owned_area"] = np.nan
    frame.loc[19_999, "wish"] = "lease"
    return frame


@pytest.fixture(scope="module")
def in_memory(damaged):
    return assess(damaged, POLICY)


def require_same(found, expected) -> None:
    """The same totals to the last yuan and beyond, and the same problems."""
    one, other = found.summary.table(), expected.summary.table()
    assert (one - other).abs().max() < 1e-6
    assert_frame_equal(found.summary.by_class, expected.summary.by_class, rtol=1e-12)
    assert_series_equal(found.summary.by_decile, expected.summary.by_decile, rtol=1e-9)
    assert found.problems["row"].tolist() == expected.problems["row"].tolist()
    assert found.problems["column"].tolist() == expected.problems["column"].tolist()


def test_a_parquet_file_gives_what_memory_gives(tmp_path, damaged, in_memory):
    damaged.to_parquet(tmp_path / "city.parquet", row_group_size=3_000)
    found = assess(tmp_path / "city.parquet", POLICY, progress=False)
    assert found.households is None
    require_same(found, in_memory)


def test_a_csv_file_gives_what_memory_gives_even_with_words_for_numbers(tmp_path, damaged):
    words = damaged.astype({"income": object})
    words.loc[123, "income"] = "unknown"
    words.to_csv(tmp_path / "city.csv", index=False)
    found = assess(str(tmp_path / "city.csv"), POLICY, progress=False)
    require_same(found, assess(words, POLICY))
    assert found.problems.set_index("row").loc[123, "value"] == "unknown"


def test_a_dask_frame_gives_what_memory_gives_in_any_number_of_pieces(damaged, in_memory):
    for pieces in (1, 7):
        frame = dd.from_pandas(damaged, npartitions=pieces)
        require_same(assess(frame, POLICY, progress=False), in_memory)


def test_a_folder_of_files_can_be_assessed_into_another(tmp_path, damaged, in_memory):
    register_, out = tmp_path / "register", tmp_path / "out"
    register_.mkdir()
    for part, start in enumerate(range(0, len(damaged), 8_000)):
        damaged.iloc[start : start + 8_000].to_parquet(register_ / f"part-{part}.parquet")
    require_same(assess(register_, POLICY, out=out, progress=False), in_memory)
    written = pd.read_parquet(out)
    assert_series_equal(written["subsidy"], in_memory.households["subsidy"])
    assert written["reason"].tolist() == in_memory.households["reason"].tolist()


def test_progress_is_shown_where_it_is_wanted(tmp_path, damaged, capsys):
    damaged.head(100).to_parquet(tmp_path / "city.parquet")
    assess(tmp_path / "city.parquet", POLICY)
    assert "100%" in capsys.readouterr().out


def test_a_file_lacking_a_column_says_which(tmp_path, damaged):
    damaged.drop(columns="wish").to_parquet(tmp_path / "city.parquet")
    with pytest.raises(ValueError, match="missing column wish"):
        assess(tmp_path / "city.parquet", POLICY, progress=False)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=re.escape("no register at nowhere.parquet")):
        assess(tmp_path / "nowhere.parquet", POLICY)


@pytest.mark.parametrize("left", ["._part-1.parquet", ".DS_Store", "_SUCCESS", ".hidden/x.parquet"])
def test_what_a_system_leaves_in_a_folder_is_no_part_of_the_register(tmp_path, left):
    (tmp_path / "city").mkdir()
    for part, rows in ((10, slice(100, 250)), (9, slice(0, 100))):
        CITY.iloc[rows].to_parquet(tmp_path / "city" / f"part-{part}.parquet")
    (tmp_path / "city" / left).parent.mkdir(exist_ok=True)
    (tmp_path / "city" / left).write_bytes(b"\0\5\x16\7")
    found = assess(tmp_path / "city", POLICY, out=tmp_path / "out", progress=False)
    whole = assess(CITY.head(250), POLICY)
    assert found.summary.rows == 250
    assert found.summary.cost_per_month == pytest.approx(whole.summary.cost_per_month, rel=1e-12)
    # Parts in the order in which people count.
    first = pd.read_parquet(sorted((tmp_path / "out").iterdir())[0])
    assert first["income"].to_numpy() == pytest.approx(CITY["income"].head(100).to_numpy())


def test_a_folder_without_a_register_is_refused(tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / ".DS_Store").write_bytes(b"\0")
    with pytest.raises(ValueError, match="households: no register in the folder city"):
        assess(tmp_path / "city", POLICY, progress=False)


def test_rows_in_memory_are_returned_and_not_written(tmp_path):
    with pytest.raises(ValueError, match="out is for a register that is read from a file"):
        assess(CITY, POLICY, out=tmp_path)


def test_without_dask_a_file_names_the_extra_and_memory_needs_none(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(ImportError, match="install the extra named scale"):
        assess(tmp_path / "city.parquet", POLICY)
    assert assess(CITY, POLICY).summary.rows == len(CITY)
