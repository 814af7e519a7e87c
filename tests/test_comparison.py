"""Policies side by side: against a second hand, and the same in parts as in one."""

from __future__ import annotations

from dataclasses import replace

import dask.dataframe as dd
import numpy as np
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal
from tests.registers import CITY, POLICY, RICHER

from housing import distribution
from housing.register import assess, compare
from housing.register._cells import hidden

POLICIES = {"today": POLICY, "reform": RICHER}
CITY = CITY.assign(
    district=np.resize(["north", " south ", None, "west"], len(CITY)),
    name=[f"Household {row}" for row in range(len(CITY))],
    # Amounts that many have, as they are in registers, so that tenths end in a tie.
    income=CITY["income"].round(-2),
)
SETTINGS = {"poverty_line": 9_000.0, "unit": "person", "by": "district", "progress": False}
FOUND = compare(CITY, POLICIES, **SETTINGS)


@pytest.fixture(scope="module")
def rows():
    """What the two assessments say of each household, and its tenth."""
    each = {name: assess(CITY, policy).households for name, policy in POLICIES.items()}
    frame = CITY.assign(
        **{name: found["subsidy"] for name, found in each.items()},
        **{"class": each["today"]["class"]},
    )
    borders = distribution.quantile(CITY["income"], np.arange(1, 10) / 10, CITY["weight"])
    frame["decile"] = 1 + (frame["income"].to_numpy()[:, None] > np.asarray(borders)).sum(axis=1)
    frame["district"] = frame["district"].fillna("missing").str.strip()
    return frame


@pytest.mark.parametrize(
    ("table", "group"), [("by_class", "class"), ("by_decile", "decile"), ("by_group", "district")]
)
def test_groups_are_what_assessments_of_their_rows_add_up_to(rows, table, group):
    shown = getattr(FOUND, table)
    for label, own in rows.groupby(group, observed=True):
        line = shown.loc[label]
        weight, persons = own["weight"], own["weight"] * own["size"]
        assert line["all", "households"] == pytest.approx(weight.sum())
        for name in POLICIES:
            gets = own[name] > 0
            expected = {
                "cost_per_month": (weight * own[name]).sum(),
                "recipients": weight[gets].sum(),
                "coverage": weight[gets].sum() / weight.sum(),
            }
            after = (own["income"] + 12 * own[name]) / own["size"]
            for alpha, measure in enumerate(("rate", "gap", "severity")):
                said = distribution.poverty(after, 9_000, alpha, persons)
                expected[f"poverty_{measure}"] = said
            for measure, value in expected.items():
                cell = line[name, measure]
                few = 0 < gets.sum() < 5 or np.isnan(cell)
                assert few or cell == pytest.approx(value, rel=1e-9), (label, name, measure)


def test_totals_are_those_of_the_assessments(rows):
    for name, policy in POLICIES.items():
        summary = assess(CITY, policy).summary
        line = FOUND.totals.loc[name]
        for measure in ("cost_per_month", "recipients", "coverage"):
            assert line[measure] == pytest.approx(getattr(summary, measure), rel=1e-12)
    before = distribution.poverty(
        CITY["income"] / CITY["size"], 9_000, 0, CITY["weight"] * CITY["size"]
    )
    assert FOUND.poverty.loc["before", "poverty_rate"] == pytest.approx(before, rel=1e-12)
    assert FOUND.households == pytest.approx(CITY["weight"].sum())


def test_gains_and_losses_are_differences_of_subsidies(rows):
    change, weight = rows["reform"] - rows["today"], rows["weight"]
    said = FOUND.changes.loc["reform"]
    assert said.loc["gain", "households"] == pytest.approx(weight[change > 1e-9].sum())
    assert said.loc["lose", "money_per_month"] == pytest.approx(
        (weight * -change.clip(upper=0)).sum()
    )
    assert said["households"].sum() == pytest.approx(weight.sum())
    lost = FOUND.changes_by_decile["reform", "lost_per_month"]
    for decile, own in rows.groupby("decile"):
        expected = (own["weight"] * (own["today"] - own["reform"]).clip(lower=0)).sum()
        assert np.isnan(lost[decile]) or lost[decile] == pytest.approx(expected, abs=1e-6)
    worst = rows.assign(loss=-change).nlargest(100, "loss")
    kinds = FOUND.largest_losers.loc["reform"]["rows"]
    for kind, column in (("size", "size"), ("decile", "decile"), ("class", "class")):
        counts = worst[column].astype(str).value_counts()
        for label, count in kinds[kind].dropna().items():
            assert counts[label] == count
    assert (kinds.dropna() >= 5).all()


def test_tenths_have_exact_borders_and_households_of_an_income_are_in_one(rows):
    borders = distribution.quantile(CITY["income"], np.arange(1, 10) / 10, CITY["weight"])
    assert FOUND.decile_borders.tolist() == list(np.asarray(borders))
    assert rows.groupby("income")["decile"].nunique().max() == 1


@pytest.mark.parametrize("kind", ["parquet", "csv", "dask"])
def test_parts_come_to_the_same_tables_as_one_frame(kind, tmp_path):
    source = tmp_path / "city"
    source.mkdir()
    for number, rows in enumerate(np.array_split(np.arange(len(CITY)), 3)):
        part = CITY.iloc[rows]
        if kind == "csv":
            part.to_csv(source / f"{number}.csv", index=False)
        else:
            part.to_parquet(source / f"{number}.parquet")
    if kind == "dask":
        source = pytest.importorskip("dask.dataframe").from_pandas(CITY, npartitions=3)
    found = compare(source, POLICIES, **SETTINGS)
    assert found.tables().keys() == FOUND.tables().keys()
    for name, table in FOUND.tables().items():
        assert_frame_equal(found.tables()[name], table, rtol=1e-12, check_names=True)
    assert_series_equal(found.decile_borders, FOUND.decile_borders)
    assert found.rows == FOUND.rows


def test_an_invalid_row_and_one_that_stands_twice_are_in_no_table(tmp_path):
    wrong = CITY.head(200).copy()
    wrong.loc[[3, 7], "income"] = -1.0
    wrong.loc[11, "name"] = wrong.loc[10, "name"]
    with pytest.warns(UserWarning, match=r"3 of 200 rows \(1.5%\)"):
        found = compare(wrong, POLICIES, id="name", **SETTINGS)
    rest = compare(wrong.drop([3, 7, 11]), POLICIES, **SETTINGS)
    assert_frame_equal(found.by_class, rest.by_class)
    assert (found.rows, found.invalid_rows) == (200, 3)
    assert found.problems.isna().all()  # two and one
    wrong.to_parquet(tmp_path / "city.parquet")
    with pytest.warns(UserWarning, match="3 of 200 rows"):
        again = compare(tmp_path / "city.parquet", POLICIES, id="name", **SETTINGS)
    assert_frame_equal(found.by_class, again.by_class)


def test_no_cell_under_five_and_no_id_is_shown():
    few = CITY.head(60).assign(district=["north"] * 30 + ["south"] * 28 + ["west"] * 2)
    found = compare(few, POLICIES, **SETTINGS)
    assert found.by_group.loc["west"].isna().all()
    # The next smallest group would tell what the smallest one has.
    assert found.by_group["all", "households"].isna().tolist() == [False, True, True]
    assert found.note.startswith("Cells that one to four rows of the register")
    assert not any("Household" in table.to_string() for table in found.tables().values())
    assert FOUND.by_group["all", "households"].notna().all()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([9, 8, 7], []),
        ([0, 8, 7], []),
        ([4, 8, 7], [0, 2]),
        ([2, 2, 7], [0, 1, 2]),
        ([3, 3, 7], [0, 1]),
        ([1], [0]),
    ],
)
def test_hidden_counts_cannot_be_worked_out_from_the_total(rows, expected):
    assert np.flatnonzero(hidden(np.array(rows, float))).tolist() == expected


def test_no_poverty_without_a_line():
    found = compare(CITY, POLICIES)
    assert found.poverty is None
    assert found.by_group is None
    assert not any("poverty" in str(found.by_class.columns[n]) for n in range(9))


def test_a_given_class_holds_under_both_policies_and_an_unknown_one_is_told():
    given = CITY.head(400).assign(**{"class": np.resize(["low", "lowest", "gone"], 400)})
    other = replace(
        POLICY, classes=[replace(each, income_limit=None) for each in POLICY.classes[2:]]
    )
    with pytest.warns(UserWarning, match="133 of 400"):
        found = compare(given, {"all": POLICY, "rich": other})
    assert found.by_class["all", "households"].notna().any()
    assert found.changes.loc[("rich", "same"), "households"] == pytest.approx(
        given["weight"][given["class"] != "gone"].sum()
    )


@pytest.mark.parametrize(
    ("policies", "settings", "said"),
    [
        ({"today": POLICY}, {}, "policies must map two or more"),
        ({"before": POLICY, "b": POLICY}, {}, "other than 'before', got 'before'"),
        ({"a": POLICY, "b": 3}, {}, "policy must be a Policy, got 3"),
        (POLICIES, {"poverty_line": 0}, "poverty_line must be above 0, got 0"),
        (POLICIES, {"equivalence": 2}, "equivalence must be .* at most 1, got 2"),
        (POLICIES, {"unit": "family"}, "unit must be 'household' or 'person', got 'family'"),
        (POLICIES, {"unit": ["person"]}, r"'household' or 'person', got \['person'\]"),
        (POLICIES, {"by": "street"}, "by: missing column street; there are size"),
        (POLICIES, {"by": "name", "id": "name"}, "by: name is the column of ids"),
        (POLICIES, {"by": "name"}, "at most 1,000 different entries, got 3,000 in name"),
        (POLICIES, {"by": "list"}, "by: list has entries that are no words: unhashable type"),
        (POLICIES, {"encoding": "utf-8"}, "encoding is for a register that is read"),
    ],
)
def test_arguments_that_are_none_are_named(policies, settings, said):
    with pytest.raises(ValueError, match=said):
        compare(CITY.assign(list=[["a"]] * len(CITY)), policies, **settings)


def test_a_damaged_part_is_named(tmp_path):
    CITY.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ValueError, match=r"households: b\.parquet cannot be read"):
        compare(tmp_path, POLICIES, progress=False)


def test_a_register_without_valid_rows_has_empty_tables():
    with pytest.warns(UserWarning, match="20 of 20"):
        found = compare(CITY.head(20).assign(income=-1.0), POLICIES, poverty_line=5)
    assert found.totals["cost_per_month"].tolist() == [0.0, 0.0]
    assert found.decile_borders.isna().all()


def test_groups_are_told_apart_by_more_than_case_and_width():
    """A group is called as most of its rows have it, in one piece and in parts."""
    few = CITY.head(600).assign(
        district=["North", "NORTH ", "north", "ｎｏｒｔｈ", "North", "west"] * 100
    )
    found = compare(few, POLICIES, by="district")
    plain = few.assign(district=few["district"].where(few["district"] == "west", "North"))
    assert [*found.by_group.index] == ["North", "west"]
    assert_frame_equal(found.by_group, compare(plain, POLICIES, by="district").by_group)
    kinds = found.largest_losers.loc["reform"].loc["by district"]
    assert set(kinds.index) <= {"North", "west"}
    parts = compare(dd.from_pandas(few, npartitions=3), POLICIES, by="district", progress=False)
    assert_frame_equal(parts.by_group, found.by_group)


@pytest.mark.parametrize("more", [{"unit": "person"}, {"equivalence": 0.5}], ids=str)
def test_what_is_for_poverty_is_refused_without_a_line(more):
    with pytest.raises(ValueError, match=f"{next(iter(more))} is for poverty"):
        compare(CITY, POLICIES, **more)


def test_a_class_that_one_policy_lacks_is_told_with_its_name():
    classes = [replace(POLICY.classes[0], name="poorest"), *POLICY.classes[1:]]
    named = CITY.assign(**{"class": ["poorest", *["low"] * (len(CITY) - 2), "rich"]})
    policies = {"today": POLICY, "reform": replace(POLICY, classes=classes)}
    found = compare(named, policies)
    assert found.invalid_rows == 2
    messages = {message for _, message in found.problems.index}
    assert messages == {f"must be a class of the policy {name} or 'market'" for name in policies}
    no_limits = [replace(group, income_limit=None) for group in POLICY.classes]
    with pytest.raises(ValueError, match="policies: b: missing column class: the policy has no"):
        compare(CITY, {"a": POLICY, "b": replace(POLICY, classes=no_limits)})
