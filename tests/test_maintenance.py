"""Maintenance: the report's tables, funds against annuity formulas and plain loops, the search."""

from __future__ import annotations

import importlib.util
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from compendium.project import Project
from housing import mortgage
from housing.maintenance import (
    exhausted_in,
    expenditure_schedule,
    fund,
    funding_level,
    left_after,
    rent_equivalent,
    rent_income,
    replacement_value,
    required_deposit,
)
from housing.maintenance.funds import PASSED
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)

REPAIRS = [0.12] * 5 + [0.40] + [0.48] * 4 + [0.50] + [0.60] * 4
REPAIRS += [0.50] + [0.60] * 4 + [1.00] + [1.20] * 4 + [1.00] + [1.20] * 4
WORKS = {
    "scheduled": (1.80, 6, 5),
    "reroofing": (1.00, 11, 10),
    "rewiring": (1.60, 21, None),
}
MODEL = expenditure_schedule(REPAIRS, WORKS)["total"].to_numpy() / 100

rates = st.floats(-0.05, 0.25)
costs = st.lists(st.floats(0, 10), min_size=1, max_size=40)
moments = st.sampled_from(["start", "middle", "end"])
terms = st.fixed_dictionaries(
    {
        "income": st.floats(0, 5),
        "interest": rates,
        "price_growth": st.floats(-0.02, 0.15),
        "income_growth": st.floats(-0.02, 0.15),
        "management": st.floats(0, 3),
        "when": moments,
    }
)


def account(costs, deposit, terms):
    """Run a fund as one would on paper; return its balances and the year in which it fails."""
    balance, failed, path = deposit, np.inf, []
    for year, cost in enumerate(costs):
        received = terms["income"] * (1 + terms["income_growth"]) ** year
        due = (cost + terms["management"]) * (1 + terms["price_growth"]) ** year
        passed = PASSED[terms["when"]]
        balance *= (1 + terms["interest"]) ** passed
        balance += received - due
        if balance < 0 and failed == np.inf:
            failed = year + 1
        balance *= (1 + terms["interest"]) ** (1 - passed)
        path.append(balance)
    return path, failed


def throughput(costs, deposit, terms):
    """Return how much money moves in all, compounded: the scale of float noise."""
    flows = sum(costs) + len(costs) * (terms["income"] + terms["management"])
    growth = 1 + max(terms["price_growth"], terms["income_growth"], 0)
    return (deposit + flows + 1) * (growth * (1 + max(terms["interest"], 0))) ** len(costs)


# The printed tables ------------------------------------------------------------------------------


def test_the_model_schedule_has_the_totals_and_the_average_of_table_4_1():
    totals = 100 * MODEL
    dear = {6: 2.20, 11: 3.30, 16: 2.30, 21: 5.40, 26: 2.80}
    assert_allclose(totals[np.array(list(dear)) - 1], list(dear.values()), rtol=1e-14)
    assert NEAREST.round(totals.mean(), 0.01) == 1.10


@pytest.mark.parametrize(
    ("areas", "unit_costs", "spent", "value", "level"),
    [
        ([22.5, 2.5], [650, 300], 77, 15_375, 0.50),
        ([14.18, 3.12], [450, 280], 46.85, 7_255, 0.65),
        ([14.18, 3.12], [450, 280], 33.05, 7_255, 0.46),
    ],
    ids=["Beijing", "Tianjin", "Tianjin without refurbishment"],
)
def test_funding_levels_of_the_cities(areas, unit_costs, spent, value, level):
    worth = replacement_value(areas, unit_costs)
    assert NEAREST.round(worth, 1) == value
    assert NEAREST.round(100 * funding_level(spent, worth), 0.01) == level


def test_footnote_1_of_chapter_4():
    assert NEAREST.round(rent_equivalent(67e6, 25e6), 0.01) == 0.30


def test_the_report_s_own_numbers_make_the_second_proposal_last_into_the_29th_year():
    own = {"deposit": 40 / 650, "income": rent_income(0.11) / 650, "interest": 0.10}
    assert exhausted_in(MODEL, when="start", **own) == 29
    assert exhausted_in(MODEL, when="end", **own) == np.inf
    with_management = {**own, "management": rent_income(0.09) / 650}
    assert exhausted_in(MODEL, when="start", **with_management) == 21


# Closed forms and limits -------------------------------------------------------------------------


@reproducible
@given(st.floats(0.01, 10), st.floats(-0.05, 0.25), st.integers(1, 40))
def test_a_level_cost_needs_the_annuity_formula(cost, interest, years):
    at_end = cost * mortgage.annuity_factor(interest, years, periods_per_year=1)
    assert required_deposit([cost] * years, interest=interest) == pytest.approx(at_end, rel=1e-12)
    in_advance = required_deposit([cost] * years, interest=interest, when="start")
    assert in_advance == pytest.approx(at_end * (1 + interest), rel=1e-12)


@reproducible
@given(costs, st.floats(0, 0.2), st.floats(0, 0.1), moments)
def test_prices_that_rise_with_interest_leave_the_real_rate(costs, interest, growth, when):
    nominal = (1 + interest) * (1 + growth) - 1
    grown = left_after(costs, deposit=30, interest=nominal, price_growth=growth, when=when)
    # What is paid at the end of a year was priced at its start: in real terms it is cheaper.
    cheaper = (1 + growth) ** PASSED[when]
    real = left_after(np.array(costs) / cheaper, deposit=30, interest=interest, when=when)
    flows = (30 + sum(costs)) * ((1 + nominal) * (1 + growth)) ** len(costs)
    assert grown == pytest.approx(real, abs=1e-12 * flows)


def test_without_interest_a_fund_is_a_sum():
    spent = np.cumsum(MODEL)
    assert required_deposit(MODEL) == pytest.approx(spent[-1], rel=1e-14)
    assert exhausted_in(MODEL, deposit=spent[19]) == 21
    assert left_after(MODEL, income=0.02) == pytest.approx(0.6 - spent[-1], rel=1e-12)


def test_an_income_of_the_average_is_enough_because_the_dear_years_come_late():
    assert exhausted_in(MODEL, income=MODEL.mean()) == np.inf
    assert exhausted_in(MODEL[::-1], income=MODEL.mean()) == 1


def test_one_year_is_a_schedule_too():
    assert required_deposit([5], interest=0.25) == 4
    assert exhausted_in([5], deposit=4, interest=0.25) == np.inf
    assert exhausted_in([5], deposit=3.99, interest=0.25) == 1


def test_nothing_to_pay_needs_nothing():
    assert required_deposit([0, 0]) == 0
    assert exhausted_in([0, 0]) == np.inf


def test_a_schedule_without_works_is_its_repairs():
    plan = expenditure_schedule([1, 2], {})
    assert plan["total"].tolist() == [1, 2]


def test_labels_of_repairs_are_the_years_of_works_and_of_the_fund():
    repairs = pd.Series([1.0] * 3, index=range(2026, 2029))
    plan = expenditure_schedule(repairs, {"roof": (5, 2027, None), "paint": (2, 2026, 2)})
    assert plan.index.tolist() == [2026, 2027, 2028]
    assert plan["total"].tolist() == [3, 6, 3]
    assert fund(plan["total"], deposit=4).index.tolist() == [2026, 2027, 2028]
    assert exhausted_in(plan["total"], deposit=4) == 2027
    assert left_after(plan["total"], deposit=4) == left_after(plan["total"].tolist(), deposit=4)


@pytest.mark.parametrize(
    "repairs", [[1, 2, 3], pd.Series([1, 2, 3]), pd.Series([1, 2, 3], [*"123"])]
)
def test_years_without_labels_count_from_one(repairs):
    assert expenditure_schedule(repairs, {"roof": (5, 3, None)})["total"].to_dict() == {
        1: 1, 2: 2, 3: 8
    }  # fmt: skip


@pytest.mark.parametrize(
    "works",
    [
        pd.Series({"roof": (3, 1, 2)}),
        pd.DataFrame({"roof": [3, 1, 2]}, index=["cost", "first", "every"]),
        {"roof": np.array([3, 1, 2])},
        {"roof": {"every": 2, "first": 1, "cost": 3}},
    ],
    ids=lambda works: type(works).__name__,
)
def test_works_may_come_in_any_container_that_names_them(works):
    told = expenditure_schedule([1, 1, 1], works)
    pd.testing.assert_frame_equal(told, expenditure_schedule([1, 1, 1], {"roof": (3, 1, 2)}))


def test_cycles_begin_where_they_are_told():
    plan = expenditure_schedule(np.zeros(12), {"paint": (3, 2, 4), "lift": (50, 5, None)})
    assert plan.index[plan["paint"] > 0].tolist() == [2, 6, 10]
    assert plan.index[plan["lift"] > 0].tolist() == [5]


# Simulation --------------------------------------------------------------------------------------


@reproducible
@given(costs, st.floats(0, 100), terms)
def test_a_fund_is_what_one_would_write_on_paper(costs, deposit, terms):
    path, failed = account(costs, deposit, terms)
    scale = 1e-12 * throughput(costs, deposit, terms)
    assert_allclose(fund(costs, deposit=deposit, **terms)["balance"], path, atol=scale)
    prices = (1 + terms["price_growth"]) ** len(costs)
    left = left_after(costs, deposit=deposit, **terms)
    assert left == pytest.approx(path[-1] / prices, abs=scale / prices + 1e-12)
    nearly_empty = min(abs(value) for value in path) < scale
    assert nearly_empty or exhausted_in(costs, deposit=deposit, **terms) == failed


@reproducible
@given(costs, terms)
def test_the_least_deposit_is_enough_and_less_is_not(costs, terms):
    least = required_deposit(costs, **terms)
    assert least >= 0
    assert exhausted_in(costs, deposit=least, **terms) == np.inf
    if least > 1e-3:
        assert exhausted_in(costs, deposit=0.99 * least, **terms) <= len(costs)


@reproducible
@given(costs, st.floats(0, 100), terms, st.floats(1.01, 50))
def test_the_unit_does_not_matter(costs, deposit, terms, unit):
    money = {**terms, "income": terms["income"] * unit, "management": terms["management"] * unit}
    scaled = left_after(np.array(costs) * unit, deposit=deposit * unit, **money)
    plain = left_after(costs, deposit=deposit, **terms)
    assert scaled == pytest.approx(
        plain * unit, abs=1e-11 * unit * throughput(costs, deposit, terms)
    )


@reproducible
@given(costs, st.floats(0, 100), terms, st.floats(0, 10))
def test_more_money_never_runs_out_sooner(costs, deposit, terms, more):
    now = exhausted_in(costs, deposit=deposit, **terms)
    assert exhausted_in(costs, deposit=deposit + more, **terms) >= now
    richer = {**terms, "income": terms["income"] + more}
    assert exhausted_in(costs, deposit=deposit, **richer) >= now


def test_the_account_adds_up_year_by_year():
    plan = fund(MODEL, deposit=0.1, income=0.004, interest=0.08, price_growth=0.02, when="start")
    opening = plan["balance"].shift(fill_value=0.1)
    closing = opening + plan["income"] - plan["expenditure"] + plan["interest"]
    assert_allclose(plan["balance"], closing, rtol=1e-13)


# Arrays and labels -------------------------------------------------------------------------------


def test_many_funds_at_once_are_each_of_them():
    deposits, interest = np.array([0.02, 0.06, 0.12]), np.array([[0.0], [0.05], [0.10]])
    years = exhausted_in(MODEL, deposit=deposits, interest=interest)
    assert years.shape == (3, 3)
    for row, rate in enumerate(interest.ravel()):
        for column, deposit in enumerate(deposits):
            assert years[row, column] == exhausted_in(MODEL, deposit=deposit, interest=rate)
    left = left_after(MODEL, deposit=deposits, interest=interest)
    assert left[1, 2] == pytest.approx(left_after(MODEL, deposit=0.12, interest=0.05), rel=1e-14)


def test_series_keep_their_labels():
    deposits = pd.Series([40.0, 80.0], index=["suburb", "city"])
    years = exhausted_in(650 * MODEL, deposit=deposits, interest=0.05)
    assert list(years.index) == ["suburb", "city"]
    assert isinstance(required_deposit(MODEL), float)
    assert isinstance(exhausted_in(pd.Series(MODEL), deposit=1), float)


def test_growth_that_one_year_does_not_feel_shapes_the_result_all_the_same():
    assert left_after([5], deposit=8, income_growth=[0.0, 0.1]).tolist() == [3, 3]
    assert required_deposit([5], income=2, price_growth=[0.0, 0.1]).tolist() == [3, 3]


def test_rent_and_its_equivalent_are_inverse():
    yearly = rent_income([0.11, 0.55], usable_share=0.8)
    assert_allclose(rent_equivalent(yearly, 1, usable_share=0.8), [0.11, 0.55], rtol=1e-14)


# The search --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence():
    path = Project().root / "evidence" / "maintenance_verdicts.py"
    spec = importlib.util.spec_from_file_location("maintenance_verdicts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rows_of_the_committed_search_come_out_again(evidence, monkeypatch):
    path = Project().data / "evidence" / "maintenance_verdicts.csv"
    committed = pd.read_csv(path, dtype=str, keep_default_na=False)
    monkeypatch.setattr(evidence, "USABLE_SHARE", (0.75,))
    monkeypatch.setattr(evidence, "WHEN", ("middle",))
    again = pd.DataFrame(evidence.search()).astype(str)
    chosen = committed["usable_share"].eq("0.75") & committed["payments"].eq("middle")
    pd.testing.assert_frame_equal(again, committed[chosen].reset_index(drop=True))


def test_no_set_keeps_all_nine_with_the_old_rent_in_the_fund():
    """The proof of the notebook, on the grid; and it is no proof without that premise."""
    committed = pd.read_csv(Project().data / "evidence" / "maintenance_verdicts.csv")
    nine = committed.groupby("old_rent")["all_nine"].sum()
    assert nine["in the fund"] == 0
    assert nine["kept out"] > 1000


def test_the_search_judges_a_fund_as_the_model_does(evidence):
    case = evidence.inputs()
    point = [np.array([value]) for value in (0.10, 0.0, 650.0)]
    case_of = {"usable_share": 0.75, "indexed": False}
    kept_in = evidence.holds(case, *point, **case_of, when="start", old_rent="in the fund")
    assert kept_in["eight"].all()
    assert kept_in["second_with_management"].all()
    assert not kept_in["second"].any()


def test_all_nine_verdicts_hold_where_the_old_rent_stays_out_of_the_fund(evidence):
    """Beijing's second fund, written out: Y 40 of Y 650, no income, 10 percent, mid-year."""
    shares = np.array(MODEL)
    held, ends = 40 / 650, None
    for year, due in enumerate(shares, start=1):
        held = (held * 1.1**0.5 - due) * 1.1**0.5
        ends = year if ends is None and held < 0 else ends
    assert ends == 21
    case = evidence.inputs()
    point = [np.array([value]) for value in (0.10, 0.0, 650.0)]
    found = evidence.holds(
        case, *point, usable_share=0.75, indexed=False, when="middle", old_rent="kept out"
    )
    assert (found["eight"] & found["second"]).all()
    assert_allclose([found["least"][0], found["most"][0]], [0.176, 0.331], atol=5e-4)


def test_payments_in_mid_year_lie_between_those_at_its_ends():
    terms = {"deposit": 0.08, "income": 0.002, "interest": 0.09}
    start, middle, end = (left_after(MODEL, when=when, **terms) for when in PASSED)
    assert start < middle < end
    assert fund(MODEL, when="middle", **terms)["balance"].iloc[-1] == pytest.approx(middle)
    least = required_deposit(MODEL, income=0.002, interest=0.09, when="middle")
    assert exhausted_in(MODEL, deposit=least, income=0.002, interest=0.09, when="middle") == np.inf


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fund([1, 2], interest=10), "interest must be above -1 and at most 1, got 10"),
        (lambda: fund([1, 2], deposit=[1, 2]), "deposit must be one number"),
        (lambda: fund([[1, 2]]), "expenditure must be a row of numbers, got the shape (1, 2)"),
        (lambda: fund([]), "expenditure is empty"),
        (lambda: fund([1], when="noon"), "when must be one of end, middle, start, got 'noon'"),
        (
            lambda: required_deposit([1], when="End"),
            "when must be one of end, middle, start, got",
        ),
        (lambda: exhausted_in([1, -2]), "expenditure must be at least 0, got -2 at position 1"),
        (lambda: exhausted_in([1, np.nan]), "expenditure must be finite, got nan"),
        (lambda: exhausted_in([1], deposit=-1), "deposit must be at least 0, got -1"),
        (lambda: exhausted_in([1], income="4"), "income must be a number"),
        (lambda: exhausted_in([1], deposit=[1, 2], income=[1, 2, 3]), "shapes do not match"),
        (lambda: left_after([1], price_growth=4), "price_growth must be above -1 and at most 1"),
        (lambda: left_after([1], management=-1), "management must be at least 0, got -1"),
        (lambda: rent_income(0.55, usable_share=75), "usable_share must be above 0 and at most 1"),
        (lambda: rent_income(-1), "rent must be at least 0, got -1"),
        (lambda: rent_equivalent(5, 0), "area must be above 0, got 0"),
        (lambda: replacement_value([1, 2], [1, 2, 3]), "shapes do not match: areas (2,), unit"),
        (lambda: replacement_value(10, [1, 2]), "shapes do not match: areas (), unit_costs (2,)"),
        (lambda: replacement_value([1, -2], 5), "areas must be at least 0, got -2"),
        (lambda: funding_level(5, 0), "replacement_value must be above 0, got 0"),
        (lambda: expenditure_schedule([1], {"total": (1, 1, 1)}), "names of their own, got 'tot"),
        (
            lambda: expenditure_schedule([1, 2], {"roof": (9, 3, None)}),
            "must be from 1 to 2, got 3",
        ),
        (
            lambda: expenditure_schedule(
                pd.Series([1] * 3, range(2026, 2029)), {"roof": (5, 1, 9)}
            ),
            "works: first year of roof must be from 2026 to 2028, got 1",
        ),
        (
            lambda: expenditure_schedule(pd.Series([1, 2], [2026, 2028]), {}),
            "repairs must be labelled by years that follow one another, got [2026, 2028]",
        ),
        (
            lambda: fund(pd.Series([1, 2], ["a", "b"])),
            "expenditure must be labelled by years that follow",
        ),
        (lambda: expenditure_schedule([1], {"roof": (1, 1.5, 1)}), "first year of roof must be a"),
        (
            lambda: expenditure_schedule([1], {"roof": (1, 1, 0)}),
            "whole number of at least 1, got 0",
        ),
        (lambda: expenditure_schedule([1], {"roof": (-1, 1, 2)}), "cost of roof must be at least"),
        (
            lambda: expenditure_schedule([1], {"roof": (1, 1)}),
            "works must give (cost, first, every) for 'roof', got (1, 1)",
        ),
        (
            lambda: expenditure_schedule([1], {"roof": 1}),
            "works must give (cost, first, every) for",
        ),
        (
            lambda: expenditure_schedule([1], {"roof": "abc"}),
            "works must give (cost, first, every)",
        ),
        (lambda: expenditure_schedule([1], {"roof": np.array(1)}), "works must give (cost, first"),
        (
            lambda: expenditure_schedule([1], {"roof": [1, [2], 3]}),
            "works: first year of roof must be one number, got [2]",
        ),
        (
            lambda: expenditure_schedule([1], {"roof": (1, 1, [3, 4])}),
            "works: cycle of roof must be one number, got [3, 4]",
        ),
        (lambda: expenditure_schedule([1], [(1, 1, 1)]), "works must have a name for each entry"),
        (lambda: expenditure_schedule([1], 5), "works must have a name for each entry"),
        (lambda: expenditure_schedule([-1], {}), "repairs must be at least 0, got -1"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
