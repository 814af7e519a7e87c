"""Rent for three parties: the paper's coefficients, identities, solver against closed form."""

from __future__ import annotations

import csv
import importlib.util
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import friedmanchisquare

from compendium.project import Project as Checkout
from housing.mortgage import annuity_factor
from housing.pricing import (
    Constraint,
    InfeasibleError,
    LinearFunction,
    Programme,
    Project,
    Sale,
    blended_rate,
    discount_factors,
    expert_weights,
    levelised,
    living_cost,
    share_to_sell,
    simplex_grid,
    social_benefit,
    stepped_index,
)
from rounding import NEAREST

reproducible = settings(deadline=None, derandomize=True)

# The paper in 10^4 yuan and 10^4 m2; the stock and the loan of 81,000 are not printed in it.
LOANS, INTEREST = 238_140.0, 12_782.29
RATE = INTEREST / LOANS
TENANT = LinearFunction(780.21, 6_212.44)
BUILDER = LinearFunction(871.72, -9_411.32)
GOVERNMENT = LinearFunction(169.7, 17_903.25)
RENT = LinearFunction(1, 0)
WEIGHTS = [0.6, 0.1, 0.3]


def min_xin(sold: float = 0.0, **terms) -> Project:
    given_terms = {
        "rate": RATE,
        "flats": 92,
        "occupancy": [0, 0.4348, *[1] * 8],
        "rent_index": stepped_index(10, 0.05, every=2, start=2),
        "commercial": 12 * (50 * 4.3 + 0.03 * 3_327),
        "interest": [0, *[INTEREST] * 9],
        "sale": Sale(7, sold),
    }
    return Project(**given_terms | terms)


def tripartite(tenant=TENANT, builder=BUILDER, government=GOVERNMENT, limit=11.9752) -> Programme:
    return Programme(
        tenant,
        builder,
        government,
        [
            Constraint("affordability", RENT, at_most=limit),
            Constraint("surplus", builder, at_least=0, at_most=2_469.643),
            Constraint("market", RENT, at_least=1, at_most=20.54),
        ],
    )


slopes = st.floats(-1000, 1000).filter(lambda slope: abs(slope) > 1e-3)
functions = st.builds(LinearFunction, slopes, st.floats(-1e4, 1e4))
votes = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any)


@st.composite
def programmes(draw, most_types: int = 3) -> Programme:
    """Draw a programme of several rents in a box, cut by halfplanes that keep its middle."""
    types = draw(st.integers(1, most_types))
    rows = st.lists(slopes, min_size=types, max_size=types)
    parties = [LinearFunction(draw(rows), draw(st.floats(-100, 100))) for _ in range(3)]
    constraints = [
        Constraint(f"rent {place}", LinearFunction(unit, 0), at_least=1, at_most=20)
        for place, unit in enumerate(np.eye(types))
    ]
    for place in range(draw(st.integers(0, 3))):
        cut = LinearFunction(draw(rows), 0.0)
        least = cut.at(np.full(types, 10.0)) - draw(st.floats(0, 50)) * np.linalg.norm(cut.slopes)
        constraints.append(Constraint(f"cut {place}", cut, at_least=least))
    return Programme(*parties, constraints)


# The paper's numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "decimals", "slope", "constant"),
    [
        ((1, 3), 3, 1376.42, -17735.81),
        ((4, 6), 3, 2722.44, -20818.57),
        ((7, 10), None, None, -32839.9),
    ],
    ids=["V1", "V2", "V3"],
)
def test_stages_have_the_printed_coefficients(years, decimals, slope, constant):
    stage = min_xin().present_value(*years, decimals=decimals)
    assert NEAREST.round(stage.constant, 0.1 if decimals is None else 0.01) == constant
    if slope:
        assert NEAREST.round(stage.slopes[0], 0.01) == slope


def test_the_composite_rate_is_that_of_a_round_loan():
    rate = blended_rate([81_000, LOANS - 81_000], [0.04257, 0.0594])
    assert NEAREST.round(rate * LOANS, 0.01) == INTEREST
    assert NEAREST.round(100 * rate, 0.01) == 5.37


def test_living_cost_has_the_printed_slope_over_nine_years_alone():
    found = [
        NEAREST.round(
            living_cost(
                60,
                432.04,
                rate=RATE,
                rent_index=stepped_index(years, 0.05, every=2),
                cost_index=stepped_index(years, 0.05),
            ).slopes[0],
            0.01,
        )
        for years in range(1, 31)
    ]
    assert [years for years, slope in enumerate(found, start=1) if slope == 780.21] == [9]


def test_social_benefit_has_the_printed_constant_and_a_negative_slope():
    benefit = social_benefit(20.54, 92, BUILDER, rate=RATE, market_index=stepped_index(9, 0.05))
    assert NEAREST.round(benefit.constant, 0.01) == 17_903.25
    assert NEAREST.round(benefit.slopes[0], 0.01) == -458.10


def test_the_rent_is_the_printed_one_and_the_builder_holds_it():
    best = tripartite().solve(WEIGHTS)
    assert NEAREST.round(best.rents[0], 0.001) == 10.796
    assert best.binding == ("surplus, at least 0",)
    assert best.living_cost == pytest.approx(TENANT.at(best.rents[0]), rel=1e-12)
    goal = tripartite().objective(WEIGHTS)
    assert goal.slopes[0] == pytest.approx(-330.044, rel=1e-12)
    assert NEAREST.round(goal.constant, 0.01) == 702.38


def test_the_share_stated_leaves_no_rent_and_the_error_says_why():
    sold = min_xin(sold=0.4432).annual_surplus()
    with pytest.raises(InfeasibleError, match=r"surplus, at least 0 \(\d+\.\d+ P - \d+") as error:
        tripartite(builder=sold).solve(WEIGHTS)
    assert error.value.conflict == ("affordability, at most 11.9752", "surplus, at least 0")
    assert error.value.gap == pytest.approx(sold.root() - 11.9752, abs=1e-7)  # HiGHS


def test_the_evidence_is_what_the_search_writes():
    """Two of the seven searches again; the others run under `make evidence`."""
    root = Checkout().root
    spec = importlib.util.spec_from_file_location(
        "search", root / "evidence" / "shan_resisting_numbers.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with (root / "data" / "evidence" / "shan_resisting_numbers.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    assert {row["number"] for row in rows} == set(module.SEARCHES)
    for name in ("v2_slope", "share_sold"):
        found = [{key: str(value) for key, value in row.items()} for row in module.search(name)]
        assert found == [row for row in rows if row["number"] == name]


# Cash flows --------------------------------------------------------------------------------------


@reproducible
@given(
    st.floats(-0.02, 0.2),
    st.lists(st.floats(0, 1), min_size=2, max_size=12),
    st.floats(0, 1),
    st.floats(0, 1e4),
    st.data(),
)
def test_stages_add_up_to_the_whole(rate, occupancy, sold, money, data):
    years = len(occupancy)
    project = Project(
        rate=rate,
        flats=[30, 70],
        occupancy=occupancy,
        rent_index=stepped_index(years, 0.03),
        commercial=money,
        interest=money / 3,
        outlay=money / 2,
        sale=Sale(data.draw(st.integers(1, years)), sold, 0.5, money),
    )
    cut = data.draw(st.integers(1, years - 1))
    parts = project.present_value(1, cut) + project.present_value(cut + 1, years)
    whole = project.present_value()
    # A sum of a dozen terms, in another order.
    scale = 1e-12 * (1 + np.abs(whole.slopes).max() + 40 * money)
    assert_allclose(parts.slopes, whole.slopes, rtol=1e-12, atol=scale)
    assert parts.constant == pytest.approx(whole.constant, rel=1e-12, abs=scale)
    assert project.present_cost() == pytest.approx(
        project.present_cost(1, cut) + project.present_cost(cut + 1), rel=1e-12, abs=scale
    )
    at_ten = project.cash_flows().eval("10 * rent + commercial + sale - interest - outlay")
    assert whole.at([10, 10]) == pytest.approx(
        at_ten @ discount_factors(rate, years), rel=1e-12, abs=10 * scale
    )


def test_a_level_project_has_the_surplus_of_any_of_its_years():
    project = Project(
        rate=0.08, flats=10, occupancy=np.full(7, 0.5), rent_index=1, interest=3, outlay=2
    )
    surplus = project.annual_surplus()
    assert_allclose(surplus.slopes, [60.0], rtol=1e-13)
    assert surplus.constant == pytest.approx(-5, rel=1e-13)
    assert project.annual_cost() == pytest.approx(5, rel=1e-13)


def test_money_without_interest_is_only_counted():
    project = Project(rate=0, flats=10, occupancy=[1, 1], rent_index=[1, 1.1], outlay=[7, 0])
    assert_allclose(project.present_value().slopes, [252.0], rtol=1e-15)
    assert project.annual_surplus().constant == -3.5


def test_one_year_and_no_area_are_projects_too():
    nothing = Project(rate=0.05, flats=0, occupancy=1, rent_index=1).annual_surplus()
    assert_array_equal([*nothing.slopes, nothing.constant], [0, 0])


def test_types_share_the_rent_of_the_whole_by_their_area():
    one = min_xin(sold=0.2).annual_surplus()
    two = min_xin(sold=0.2, flats=[23, 69]).annual_surplus()
    assert_allclose(two.slopes, one.slopes * [0.25, 0.75], rtol=1e-13)
    assert two.at([11, 11]) == pytest.approx(one.at(11), rel=1e-12)


def test_a_constant_index_is_its_own_level_and_steps_are_repeated():
    assert levelised(np.full(30, 2.5), 0.07) == pytest.approx(2.5, rel=1e-14)
    assert_array_equal(stepped_index(6, 0.5, every=3, start=2), [1, 1, 1, 1, 1.5, 1.5])


@reproducible
@given(st.floats(0, 0.2), st.floats(0, 0.2), st.integers(1, 40))
def test_growth_levelled_over_years_has_the_closed_form_of_a_growing_annuity(rate, growth, years):
    assume(abs(rate - growth) > 1e-4)
    growing = (1 - ((1 + growth) / (1 + rate)) ** years) / (rate - growth)
    even = annuity_factor(rate, years, periods_per_year=1)
    # The closed form divides by a difference of rates, down to 1e-4: it loses four digits.
    assert levelised(stepped_index(years, growth), rate) == pytest.approx(growing / even, rel=1e-9)


def test_what_is_sold_pays_exactly_the_debt():
    sold = share_to_sell(1000, 50, 20, 300)
    assert sold * 50 * 20 + 300 == 1000
    assert share_to_sell(100, 50, 20, 300) == 0


# The programme -----------------------------------------------------------------------------------


@reproducible
@given(programmes(most_types=1), votes)
def test_the_closed_form_and_the_solver_agree(programme, vote):
    weights = np.array(vote) / sum(vote)
    solved, closed = programme.solve(weights), programme.closed_form(weights)
    # HiGHS keeps constraints to 1e-7 of a row of length 1.
    slope = abs(programme.objective(weights).slopes[0])
    assert solved.value == pytest.approx(closed.value, abs=1e-6 * (1 + slope), rel=1e-9)


@reproducible
@given(programmes(), st.lists(votes, min_size=1, max_size=20))
def test_corners_and_the_solver_agree(programme, table):
    weights = np.array(table) / np.sum(table, axis=1, keepdims=True)
    at_once = programme.evaluate(weights)
    for row, value, rents in zip(weights, at_once.value, at_once.rents, strict=True):
        goal = programme.objective(row)
        scale = 1 + float(np.abs(goal.slopes).sum())
        assert programme.solve(row).value == pytest.approx(value, abs=1e-6 * scale, rel=1e-9)
        assert goal.at(rents) == pytest.approx(value, abs=1e-9 * scale, rel=1e-9)


def test_the_map_agrees_with_the_solver_on_a_random_sample():
    mapped = tripartite().weight_map(446)
    assert len(mapped.weights) == 100_128
    for row in np.random.default_rng(2014).choice(len(mapped.weights), 40, replace=False):
        solved = tripartite().solve(mapped.weights[row])
        assert solved.rents[0] == pytest.approx(mapped.rents[row, 0], abs=1e-6)
        assert solved.value == pytest.approx(mapped.value[row], abs=1e-3)  # 1e-6 x slopes


def test_the_optimum_jumps_where_the_weighted_slope_is_zero():
    mapped = tripartite().weight_map(200)
    slope = mapped.weights @ [-780.21, 871.72, 169.7]
    low, high = tripartite().rent_interval()[:2]
    clear = np.abs(slope) > 1e-9
    assert_allclose(mapped.rents[clear, 0], np.where(slope > 0, high, low)[clear], rtol=1e-12)


@reproducible
@given(programmes(), st.integers(0, 10_000))
def test_no_mixture_of_corners_is_better_for_all_than_an_efficient_one(programme, seed):
    scaled = programme.normalised()
    efficient = programme.efficient_corners()
    assert len(efficient) >= 1
    worth = scaled.payoffs(programme.corners)
    mixtures = np.random.default_rng(seed).dirichlet(np.full(len(worth), 0.3), 300) @ worth
    for own in scaled.payoffs(efficient):
        gains = mixtures - own
        # Weights of at least 1e-7 speak for the corner: gains of 1e-3 would outweigh noise.
        assert not ((gains >= -1e-12).all(axis=1) & (gains.sum(axis=1) > 1e-3)).any()


def test_a_corner_at_which_all_could_gain_is_not_efficient():
    ends = [
        Constraint(f"rent {place}", LinearFunction(unit, 0), at_least=0, at_most=1)
        for place, unit in enumerate(np.eye(2))
    ]
    # Tenants mind the first rent only; builder and government want the second high.
    programme = Programme(
        LinearFunction([1, 0], 0), LinearFunction([1, 1], 0), LinearFunction([0, 1], 0), ends
    )
    assert_array_equal(programme.corners, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert_array_equal(programme.efficient_corners(), [[0, 1], [1, 1]])


def test_scaled_objectives_run_from_0_to_1():
    scaled = tripartite().normalised()
    for party in (scaled.tenant, scaled.builder, scaled.government):
        assert_allclose(np.sort(party.at(scaled.corners)), [0, 1], atol=1e-12)
    assert scaled.solve(WEIGHTS).rents == pytest.approx(tripartite().solve(WEIGHTS).rents)


def test_an_objective_that_no_rent_moves_is_scaled_to_nothing():
    flat = tripartite(government=LinearFunction(0, 5)).normalised()
    assert (flat.government.slopes[0], flat.government.constant) == (0, 0)


def test_several_rents_are_each_held_by_their_own_constraint():
    surplus = LinearFunction([600, 400], -9_000)
    ends = [
        Constraint(name, LinearFunction(unit, 0), at_least=1, at_most=limit)
        for name, unit, limit in zip(("large", "small"), np.eye(2), (12, 8), strict=True)
    ]
    programme = Programme(
        LinearFunction([500, 300], 6_000),
        surplus,
        LinearFunction([-10, -10], 0),
        [Constraint("surplus", surplus, at_least=0), *ends],
    )
    best = programme.solve([0.8, 0.1, 0.1])
    # Small flats raise the surplus at less cost of living, so they pay all that they may.
    assert_allclose(best.rents, [(9_000 - 8 * 400) / 600, 8], rtol=1e-9)
    assert best.binding == ("surplus, at least 0", "small, at most 8")
    assert_allclose(programme.corners, [[29 / 3, 8], [12, 4.5], [12, 8]], rtol=1e-12)


def test_only_the_constraints_that_exclude_each_other_are_named():
    both = LinearFunction([1, 1], 0)
    ends = [
        Constraint(f"rent {k}", LinearFunction(unit, 0), at_least=0, at_most=5)
        for k, unit in enumerate(np.eye(2))
    ]
    crowded = Programme(
        both,
        both,
        both,
        [Constraint("loose", both, at_most=50), *ends, Constraint("sum", both, at_least=12)],
    )
    with pytest.raises(InfeasibleError) as error:
        crowded.weight_map(4)
    assert error.value.conflict == ("rent 0, at most 5", "rent 1, at most 5", "sum, at least 12")
    # Missing the sum alone by 2 is a distance of 2 / sqrt(2) in rents.
    assert error.value.gap == pytest.approx(2**0.5, rel=1e-6)


def test_one_rent_at_one_point_is_feasible():
    point = tripartite(limit=BUILDER.root())
    assert point.solve([0, 1, 0]).rents[0] == pytest.approx(BUILDER.root(), rel=1e-9)
    assert len(point.corners) == 1


@pytest.mark.parametrize("divisions", [1, 2, 7, 30])
def test_the_grid_covers_the_simplex_once(divisions):
    grid = simplex_grid(divisions)
    assert len(np.unique(grid, axis=0)) == len(grid) == (divisions + 1) * (divisions + 2) // 2
    assert_allclose(grid.sum(axis=1), 1, rtol=1e-15)
    assert grid.min() == 0


def test_linear_functions_are_shown_as_formulas():
    assert str(BUILDER) == "871.72 P - 9411.32"
    assert str(LinearFunction([-1, 2.5], 0)) == "- 1 P1 + 2.5 P2"


def test_linear_functions_take_one_rent_or_many():
    line, plane = LinearFunction(2, 1), LinearFunction([1, 10], 0)
    assert isinstance(line.at(3), float)
    assert_array_equal(line.at([1, 2]), [3, 5])
    assert_array_equal(plane.at([[1, 2], [3, 4]]), [21, 43])
    assert (line + 3 * line).at(1) == 12


# Experts -----------------------------------------------------------------------------------------


@reproducible
@given(st.integers(2, 12), st.integers(3, 5), st.integers(0, 10_000))
def test_concordance_is_friedmans_statistic_over_its_most(experts, criteria, seed):
    scores = np.random.default_rng(seed).integers(1, 9, (experts, criteria)).astype(float)
    result = expert_weights(scores)
    assert result.weights.sum() == pytest.approx(1, rel=1e-12)
    assert_allclose(result.without.sum(axis=1), 1, rtol=1e-12)
    if np.isnan(result.concordance):
        assert (scores == scores[:, :1]).all()
    else:
        statistic = friedmanchisquare(*scores.T).statistic
        assert result.concordance == pytest.approx(
            statistic / (experts * (criteria - 1)), abs=1e-12
        )


def test_leaving_an_expert_out_is_asking_the_others():
    scores = pd.DataFrame({"a": [6, 5, 1], "b": [3, 2, 8], "c": [1, 3, 1]}, index=["x", "y", "z"])
    result = expert_weights(scores)
    for name in scores.index:
        others = expert_weights(scores.drop(name)).weights
        assert_allclose(result.without.loc[name], others, rtol=1e-12)
        assert result.influence[name] == pytest.approx((others - result.weights).abs().max())
    assert result.influence.idxmax() == "z"


def test_scale_of_an_expert_does_not_count():
    scores = np.array([[6.0, 3, 1], [2, 1, 1]])
    louder = scores * [[10.0], [1.0]]
    assert_allclose(expert_weights(scores).weights, expert_weights(louder).weights, rtol=1e-14)


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: tripartite().solve([0.7, 0.2, 0.3]),
            "weights must add up to 1, got 0.7 + 0.2 + 0.3 = 1.2",
        ),
        (
            lambda: tripartite().solve([1.1, -0.1, 0]),
            "weights must be at least 0, got -0.1 at posi",
        ),
        (
            lambda: tripartite().solve([60, 10, 30]),
            "weights must add up to 1, got 60 + 10 + 30 = 100",
        ),
        (lambda: tripartite().solve([0.5, 0.5]), "weights must be three, of tenant, builder, gov"),
        (
            lambda: tripartite().evaluate([[1, 0, 0], [1, 1, 0]]),
            "add up to 1, got 1 + 1 + 0 = 2 in row 1",
        ),
        (lambda: tripartite().solve([np.nan, 0, 1]), "weights must be at least 0, got nan"),
        (lambda: tripartite(limit=0.5).solve(WEIGHTS), "exclude each other, by"),
        (lambda: min_xin(flats=-1), "flats must be at least 0, got -1"),
        (lambda: min_xin(flats=[1, -2]), "flats must be at least 0, got -2 at position 1"),
        (lambda: min_xin(occupancy=[0, 43.48, *[1] * 8]), "occupancy must be at least 0 and at mo"),
        (lambda: min_xin(rent_index=[1, 1]), "rent_index must be one a year, 10, got 2"),
        (lambda: min_xin(interest=[1, 2, 3]), "interest must be one a year, 10, got 3"),
        (lambda: min_xin(rate=5.37), "rate must be above -1 and at most 1, got 5.37. Rates are"),
        (lambda: min_xin(sale=Sale(11, 0.2)), "sale must fall in years 1 to 10, got 11"),
        (lambda: min_xin(sold=44.32), "flats must be at least 0 and at most 1, got 44.32. Shares"),
        (lambda: min_xin().present_value(4, 3), "last must not come before first: year 3 before y"),
        (lambda: min_xin().present_value(4, 11), "last must be at most 10, got 11"),
        (lambda: min_xin().present_cost(0), "first must be a whole number of at least 1, got 0"),
        (lambda: Sale(1.5, 0.2), "year must be a whole number of at least 1, got 1.5"),
        (lambda: Programme(TENANT, BUILDER, GOVERNMENT, []), "constraints is empty"),
        (
            lambda: Programme(
                TENANT, BUILDER, GOVERNMENT, [Constraint("low", RENT, at_least=1)]
            ).solve(WEIGHTS),
            "constraints must give every rent a lowest and a highest value",
        ),
        (
            lambda: Programme(
                LinearFunction([1, 2], 0), BUILDER, GOVERNMENT, [Constraint("low", RENT, 1)]
            ),
            "all functions must have the 2 rents of tenant, got one of 1",
        ),
        (lambda: Constraint("rent", RENT), "rent: at_least or at_most must be given"),
        (lambda: Constraint("rent", RENT, 3, 2), "rent: at_least 3 is above at_most 2"),
        (lambda: Constraint("rent", RENT, np.nan), "rent: bounds must be numbers, got nan"),
        (
            lambda: tripartite(builder=LinearFunction(0, 5)).solve(WEIGHTS),
            "surplus does not depend on any rent",
        ),
        (lambda: LinearFunction([1, 2], 0).root(), "slopes must be one number that is not 0"),
        (lambda: LinearFunction([1, 2], 0).at([1, 2, 3]), "rents must be 2 in the last axis"),
        (lambda: LinearFunction([1, 2], 0) + RENT, "slopes must be as many as 2, got 1"),
        (lambda: LinearFunction("steep", 0), "slopes must be a number"),
        (lambda: living_cost(0, 1, rate=0.05, rent_index=1, cost_index=1), "area must be above 0"),
        (
            lambda: living_cost(
                [60, 40], 1, rate=0.05, rent_index=1, cost_index=1, households=[0.5, 0.6]
            ),
            "households must add up to 1, got 1.1",
        ),
        (lambda: share_to_sell(1000, 10, 5), "debt 1000 is more than flats and other_proceeds br"),
        (lambda: blended_rate([1, 2], [0.05]), "rates must be 2, one for each of loans, got 1"),
        (lambda: blended_rate([0, 0], [0.05, 0.06]), "the sum of loans must be above 0, got 0"),
        (lambda: discount_factors(0.05, 0), "years must be a whole number of at least 1, got 0"),
        (lambda: simplex_grid(0), "divisions must be a whole number of at least 1, got 0"),
        (lambda: expert_weights([[1, 2, 3]]), "scores must have two experts and two criteria"),
        (lambda: expert_weights([[1, 2], [0, 0]]), "scores of an expert must not all be 0, row 1"),
        (lambda: expert_weights([[1, -2], [1, 1]]), "scores must be at least 0, got -2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
