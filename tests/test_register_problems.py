"""Registers as they are: what is read, what is listed, and what is refused."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from decimal import Decimal

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal
from registers import BY_RATIO, CITY, POLICY, RICHER, made_up

from housing.policy import IncomeClass, Policy
from housing.register import assess
from housing.register._columns import REQUIRED
from housing.register._rows import ROWS
from housing.register.problems import warn_of_one_class

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
    ("wish", None, "is missing: it must be one of rent, buy, none"),
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


# As registers are ---------------------------------------------------------------------------------

THREE = pd.DataFrame(
    {
        "size": [3, 2, 4],
        "income": [24_000, 30_000, 52_000],
        "owned_area": [15, 0, 0],
        "owned_price": [0, 0, 0],
        "wish": ["rent", "rent", "buy"],
    }
)
COST = 952.05  # of the three, a month


def cost_of(policy=POLICY, **changes) -> float:
    found = assess(THREE.assign(**changes), policy)
    assert found.problems.empty
    return round(found.summary.cost_per_month, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"income": ["24,000", " 30,000.00 ", "52\u00a0000"]},
        {"income": pd.Categorical(["24 000", "30'000", "52,000"])},
        {"income": pd.Categorical([24_000, 30_000, 52_000])},
        {"income": pd.array([24_000, 30_000, 52_000], dtype="Int32")},
        {"income": pd.arrays.SparseArray([24_000, 30_000, 52_000])},
        {"income": [Decimal("24000.00"), 30_000, "5.2e4"]},
        {"income": ["２４０００", "３０，０００．００", "\u300052 000"]},
        {"wish": ["ｒｅｎｔ", "Ｒｅｎｔ", "buy"], "owned_area": ["15", "−0", "-0.0"]},
        {"wish": [" Rent ", "RENT", "Buy\u3000"]},
        {"wish": pd.Categorical(["Rent", "rent", "buy"])},
        {"size": ["3", "2 ", 4.0]},
        {"owned_price": [0, None, np.nan]},
        {"owned_price": ["0", "", " "]},
        {"owned_price": pd.array([0, None, None], dtype="Int64")},
        {"owned_area": ["15", "0", "0.0"], "owned_price": [0, pd.NA, None]},
    ],
    ids=str,
)
def test_what_is_plainly_meant_is_read(changes):
    assert cost_of(**changes) == COST


@pytest.mark.parametrize(
    "entries",
    [
        pd.date_range("2020-01-01", periods=3),
        pd.period_range("2020", periods=3),
        pd.to_timedelta([1, 2, 3]),
        np.array([1j, 2, 24_000]),
        [True, False, True],
        pd.array([True, None, False], dtype="boolean"),
        pd.Categorical(pd.date_range("2020-01-01", periods=3)),
        pd.array([date(2020, 1, 1)] * 3, dtype=pd.ArrowDtype(pa.date32())),
        [np.timedelta64(1, "D"), pd.Timestamp("2020-01-01"), 1 + 0j],
        ["1,23", "0,125", "1,0000"],
        ["inf", "nan", "1_000"],
        ["12a", "", "--5"],
        [[24_000], {}, (1,)],
    ],
    ids=lambda entries: str(getattr(entries, "dtype", entries)),
)
@pytest.mark.parametrize("column", ["income", "size"])
def test_what_is_no_number_is_listed_row_by_row(column, entries):
    with pytest.warns(UserWarning, match="3 of 3 rows"):
        found = assess(THREE.assign(**{column: pd.Series(entries)}), POLICY)
    assert found.problems[["row", "column"]].to_numpy().tolist() == [[n, column] for n in range(3)]
    assert found.summary.cost_per_month == 0


@pytest.mark.parametrize(
    ("entries", "listed"),
    [
        ([["rent"], "rent", "buy"], [0]),
        (["lease", "rent", None], [0, 2]),
        ([True, 1, "buy"], [0, 1]),
        ([10**400, "rent", "buy"], [0]),
    ],
    ids=str,
)
def test_what_is_no_wish_is_listed_row_by_row(entries, listed):
    with pytest.warns(UserWarning, match="wish must be one of rent, buy, none"):
        found = assess(THREE.assign(wish=pd.Series(entries, dtype=object)), POLICY)
    assert found.problems["row"].tolist() == listed
    assert found.problems["value"][0] == entries[0]


@pytest.mark.parametrize("kind", ["int16", "int32", "float16", "float32", "uint16", "int64"])
@pytest.mark.parametrize("price", [3_000, 25_000_000])
def test_arithmetic_has_the_same_digits_whatever_the_column_holds(kind, price):
    policy = replace(BY_RATIO, average_price=price)
    whole = THREE.assign(income=[24_000, 30_016, 32_000])
    expected = assess(whole, policy).households["subsidy"]
    found = assess(whole.astype({"income": kind}), policy).households["subsidy"]
    assert found.tolist() == expected.tolist()


def test_a_blank_price_of_a_home_and_a_word_for_a_price_are_problems():
    with pytest.warns(UserWarning, match=r"2 of 3 rows \(66.7%\)"):
        found = assess(THREE.assign(owned_price=[None, "?", " "]), POLICY)
    assert found.problems[["row", "column"]].to_numpy().tolist() == [
        [0, "owned_price"],
        [1, "owned_price"],
    ]


def test_decimals_of_arrow_with_a_gap_are_read_and_the_gap_is_listed():
    kind = pd.ArrowDtype(pa.decimal128(12, 2))
    income = pd.array([Decimal("24000.00"), None, Decimal("52000.00")], dtype=kind)
    with pytest.warns(UserWarning, match="1 of 3 rows"):
        found = assess(THREE.assign(income=income), POLICY)
    assert found.problems["row"].tolist() == [1]
    assert found.summary.recipients == 2


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.concat([THREE, THREE[["income"]]], axis=1), "column income stands twice in households"),
        ({"size": [3]}, "households must be a DataFrame of pandas, .* got a dict: "),
        ([THREE], "households must be a DataFrame of pandas, .* got a list: "),
        (None, "households must be a DataFrame of pandas, .* got a NoneType: None"),
        (pa.table({"size": [3]}), "got a Table of pyarrow, whose to_pandas() makes one: pyarrow"),
    ],
    ids=["twice", "dict", "list", "None", "of another package"],
)
def test_what_is_no_register_is_refused(frame, said):
    with pytest.raises(ValueError, match=said.replace("()", r"\(\)")):
        assess(frame, POLICY)


@pytest.mark.parametrize("policy", ["city.toml", {}, 3])
def test_what_is_no_policy_is_refused(policy):
    with pytest.raises(ValueError, match=r"policy must be a Policy, got .* load_policy makes one"):
        assess(THREE, policy)


@pytest.mark.parametrize("number", [1e76, 1e200, 1e308, 1e400, 10**400])
def test_one_number_too_large_to_reckon_with_is_not_the_end_of_all(number):
    for column in ("size", "income", "owned_area", "owned_price", "weight"):
        entries = [*THREE.assign(weight=1)[column].astype(object)]
        entries[2] = number
        with pytest.warns(UserWarning, match="1 of 3 rows"):
            found = assess(THREE.assign(**{column: pd.Series(entries, dtype=object)}), POLICY)
        assert found.problems[["row", "column"]].to_numpy().tolist() == [[2, column]]
        assert found.summary.recipients == 2


# Names and classes --------------------------------------------------------------------------------


def test_columns_may_have_names_of_their_own():
    theirs = THREE.rename(columns={"income": "收入", "owned_area": "m2"})
    names = {"收入": "income", "m2": "owned_area"}
    theirs.loc[1, "收入"] = -1
    with pytest.warns(UserWarning, match="收入 must be a number from 0 on"):
        found = assess(theirs, POLICY, columns=names)
    assert found.problems["column"].tolist() == ["收入"]
    assert [*found.households] == [*theirs, "class", "eligible", "subsidy", "reason"]
    swapped = {"owned_area": "owned_price", "owned_price": "owned_area"}
    found = assess(THREE.rename(columns=swapped), POLICY, columns=swapped)
    assert round(found.summary.cost_per_month, 2) == COST


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("income", " Income "),
        ("wish", "WISH"),
        ("size", "ｓｉｚｅ"),
        ("class", "Class"),
        ("weight", " weight"),
    ],
)
def test_a_name_that_differs_by_case_or_blanks_alone_is_the_name(ours, theirs, tmp_path):
    """A weight or a class that was left aside for its capital would change the bill, unsaid."""
    given = THREE.assign(**{"class": "low", "weight": [2, 3, 4]})
    expected = assess(given, POLICY).summary
    renamed = given.rename(columns={ours: theirs})
    assert (assess(renamed, POLICY).summary.table() == expected.table()).all()
    renamed.to_csv(tmp_path / "city.csv", index=False)
    found = assess(tmp_path / "city.csv", POLICY, progress=False).summary
    assert (found.table() == expected.table()).all()


def test_of_two_names_that_are_alike_the_exact_one_counts_or_none():
    both = THREE.assign(**{"Income": "of the parents", "Weight": 2})
    assert assess(both, POLICY, columns={"Weight": "weight"}).summary.households == 6
    assert assess(both, POLICY).summary.households == 6
    with pytest.raises(ValueError, match="columns: 'Weight' and 'WEIGHT' may both be weight: map"):
        assess(both.assign(WEIGHT=3), POLICY)
    assert (
        assess(both.assign(WEIGHT=3), POLICY, columns={"WEIGHT": "weight"}).summary.households == 9
    )


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": "income"}, "columns: missing column x; there are size"),
        ({"income": "x"}, "columns: 'income' must be mapped to one of size"),
        ({"size": "income"}, "columns: size is mapped to income, which is there too"),
        ({"size": "income", "wish": "income"}, "columns: more than one is mapped to income"),
        ({"reason": "wish"}, "columns: reason is what an assessment adds"),
        (["income"], "columns must map the register's names to ours"),
        ({"size": [1]}, "columns: 'size' must be mapped to one of size"),
    ],
    ids=str,
)
def test_names_that_cannot_be_meant_are_refused(columns, said):
    with pytest.raises(ValueError, match=said):
        assess(THREE, POLICY, columns=columns)


@pytest.mark.parametrize(
    "entries",
    [
        [3, 3, 4],
        [3.0, 3.0, 4.0],
        ["3", " 3", "4"],
        ["3.0", "３", "4."],  # as a CSV file has whole numbers beside a gap
        pd.Categorical([3, 3, 4]),
        [Decimal(3), np.int8(3), "4"],
    ],
    ids=str,
)
def test_classes_may_be_called_by_numbers(entries):
    names = [replace(group, name=str(n)) for n, group in enumerate(POLICY.classes, start=1)]
    policy = replace(POLICY, classes=names)
    found = assess(THREE.assign(**{"class": entries}), policy)
    assert found.households["class"].tolist() == ["3", "3", "4"]


def test_classes_that_a_former_assessment_added_are_no_input():
    before = assess(THREE, POLICY).households
    again = assess(before, RICHER).households
    assert again["class"].tolist() == assess(THREE, RICHER).households["class"].tolist()
    assert again["class"].tolist() != before["class"].tolist()


def test_classes_that_were_given_stay_an_input():
    before = assess(THREE.assign(**{"class": "low"}), POLICY).households
    assert assess(before, RICHER).households["class"].tolist() == ["low"] * 3


def test_classes_of_which_nobody_knows_are_left_aside_aloud(tmp_path):
    assess(THREE, POLICY).households.to_csv(tmp_path / "city.csv", index=False)
    with pytest.warns(UserWarning, match="class is left aside: eligible, subsidy and reason"):
        found = assess(tmp_path / "city.csv", RICHER, progress=False)
    assert found.summary.by_class["households"].tolist() == (
        assess(THREE, RICHER).summary.by_class["households"].tolist()
    )


# Counts, and saying so ----------------------------------------------------------------------------


def test_a_list_that_is_cut_says_so_and_its_counts_are_whole():
    bad = made_up(5_000).assign(income=-1)
    bad.loc[:99, "wish"] = "lease"
    with pytest.warns(UserWarning, match="income must be a number from 0 on: 5,000; wish must"):
        found = assess(dd.from_pandas(bad, npartitions=3), POLICY, progress=False)
    assert (len(found.problems), found.problems.total, found.problems.cut) == (1000, 5100, True)
    assert found.problems.counts.droplevel("message").to_dict() == {"income": 5_000, "wish": 100}
    assert "The first 1,000 of 5,100 invalid entries" in repr(found.problems)
    assert "The first 1,000 of 5,100 invalid entries" in found.problems._repr_html_()
    assert found.problems["row"].tolist() == sorted([*range(900), *range(100)])
    with pytest.warns(UserWarning, match="are left out"):
        whole = assess(bad, POLICY).problems
    assert (len(whole), whole.cut, whole.counts.sum()) == (5_100, False, 5_100)
    assert "The first" not in repr(whole)


@pytest.mark.parametrize(("bad", "loud"), [(0, False), (30, False), (31, True)])
def test_more_than_one_row_in_a_hundred_left_out_is_said_aloud(bad, loud):
    frame = CITY.assign(size=np.where(np.arange(len(CITY)) < bad, 0, CITY["size"]))
    with pytest.warns() if loud else nullcontext() as said:
        assess(frame, POLICY)
    if loud:
        assert str(said[0].message) == (
            "31 of 3,000 rows (1.0%) are left out of every total. "
            "size must be a whole number from 1 on: 31"
        )
        assert said[0].filename == __file__


# Households that stand there twice ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "listed"),
    [
        (["a", "b", "a "], [2]),
        ([1, 1, None], [1, 2]),
        (pd.array([2**60, 2**60 + 1, None], dtype="Int64"), [2]),
        (pd.Categorical(["a", "a", "a"]), [1, 2]),
        ([1, "1", 1.0], [1]),
        (["Ａ１", "A1", "a1"], [1]),
        (["", " ", "x"], [0, 1]),
    ],
    ids=str,
)
def test_only_the_first_row_of_a_household_counts(ids, listed):
    frame = THREE.assign(household=ids)
    rest = assess(frame.drop(index=listed), POLICY).summary
    for register in (frame, dd.from_pandas(frame, npartitions=3)):
        with pytest.warns(UserWarning, match="household must be there, and stand only once"):
            found = assess(register, POLICY, id="household", progress=False)
        assert found.problems["row"].tolist() == listed
        assert set(found.problems["column"]) == {"household"}
        assert found.summary.cost_per_month == pytest.approx(rest.cost_per_month, rel=1e-12)


@pytest.mark.parametrize("id", [["size"], np.array(["size", "wish"]), THREE["size"], {}], ids=str)
def test_an_id_that_names_no_column_is_refused(id):
    with pytest.raises(ValueError, match="id must be the name of a column"):
        assess(THREE, POLICY, id=id)


def test_ids_that_floats_cannot_tell_apart_and_a_column_that_is_not_there_are_refused():
    with pytest.raises(ValueError, match=r"id: column household has floats beyond 2\*\*53"):
        assess(THREE.assign(household=[2.0**53, 1.0, 2.0]), POLICY, id="household")
    for register in (THREE, dd.from_pandas(THREE, npartitions=2)):
        with pytest.raises(ValueError, match="id: missing column household; there are size"):
            assess(register, POLICY, id="household", progress=False)


def test_1500_households_that_stand_there_twice_do_not_raise_the_bill():
    city = made_up(20_000, seed=3).assign(household=np.arange(20_000).astype(str))
    twice = pd.concat([city, city.sample(1_500, random_state=0)], ignore_index=True)
    with pytest.warns(UserWarning, match="household must be there, and stand only once: 1,500"):
        found = assess(dd.from_pandas(twice, npartitions=5), POLICY, id="household", progress=False)
    expected = assess(city, POLICY).summary
    assert found.summary.cost_per_month == pytest.approx(expected.cost_per_month, rel=1e-12)
    assert found.summary.by_decile.tolist() == pytest.approx(expected.by_decile.tolist(), rel=1e-9)


def test_a_missing_wish_points_at_what_pandas_makes_of_none():
    wish = CITY["wish"].where(CITY["wish"] != "none", np.nan)
    with pytest.warns(UserWarning, match="pandas takes the word None .*keep_default_na=False"):
        found = assess(CITY.assign(wish=wish), POLICY)
    (message,) = found.problems["message"].unique()
    assert message == "is missing: it must be one of rent, buy, none"


def test_a_household_whose_first_row_is_wrong_is_left_out_whole():
    """Which of its rows is right, nothing tells: both are listed."""
    ids = CITY.assign(household=range(len(CITY)), income=CITY["income"].astype(object))
    again = pd.concat([ids, ids.iloc[[7]]], ignore_index=True)
    again.loc[7, "income"] = "much"
    found = assess(again, POLICY, id="household")
    listed = found.problems[["row", "column"]].to_numpy().tolist()
    assert listed == [[7, "income"], [len(CITY), "household"]]
    rest = assess(CITY.drop(index=7), POLICY).summary
    assert found.summary.cost_per_month == pytest.approx(rest.cost_per_month, rel=1e-12)


def test_incomes_by_the_month_are_said_aloud():
    monthly = CITY.assign(income=CITY["income"] / 120)
    with pytest.warns(UserWarning, match="are of the class double-stranded: are both incomes and"):
        found = assess(monthly, POLICY)
    assess(found.households.drop(columns="reason"), POLICY)  # classes that are given are meant


@pytest.mark.parametrize(
    ("households", "said"),
    [([951, 49], True), ([950, 50], False), ([999, 0], False), ([1000, 0], True)],
)
def test_from_a_thousand_households_on_nearly_all_of_one_class_are_said_aloud(households, said):
    by_class = np.array([*households, *[0] * (len(POLICY.classes) - 1)], float)
    with pytest.warns(UserWarning, match="are of the class") if said else nullcontext():
        warn_of_one_class(by_class, POLICY)
