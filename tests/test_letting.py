"""A rental project: the paper's coefficients, stages that add up, what a rent means to each."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from min_xin import BUILDER, RATE, min_xin
from numpy.testing import assert_allclose, assert_array_equal

from housing.pricing.cashflow import discount_factors, stepped_index
from housing.pricing.letting import RentalProject, Sale, share_to_sell
from housing.pricing.linear import LinearFunction
from housing.pricing.welfare import living_cost, social_benefit
from rounding import NEAREST


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


@settings(deadline=None, derandomize=True)
@given(
    st.floats(-0.02, 0.2),
    st.lists(st.floats(0, 1), min_size=2, max_size=12),
    st.floats(0, 1),
    st.floats(0, 1e4),
    st.data(),
)
def test_stages_add_up_to_the_whole(rate, occupancy, sold, money, data):
    years = len(occupancy)
    project = RentalProject(
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
    project = RentalProject(
        rate=0.08, flats=10, occupancy=np.full(7, 0.5), rent_index=1, interest=3, outlay=2
    )
    surplus = project.annual_surplus()
    assert_allclose(surplus.slopes, [60.0], rtol=1e-13)
    assert surplus.constant == pytest.approx(-5, rel=1e-13)
    assert project.annual_cost() == pytest.approx(5, rel=1e-13)


def test_money_without_interest_is_only_counted():
    project = RentalProject(rate=0, flats=10, occupancy=[1, 1], rent_index=[1, 1.1], outlay=[7, 0])
    assert_allclose(project.present_value().slopes, [252.0], rtol=1e-15)
    assert project.annual_surplus().constant == -3.5


def test_one_year_and_no_area_are_projects_too():
    nothing = RentalProject(rate=0.05, flats=0, occupancy=1, rent_index=1).annual_surplus()
    assert_array_equal([*nothing.slopes, nothing.constant], [0, 0])


def test_types_share_the_rent_of_the_whole_by_their_area():
    one = min_xin(sold=0.2).annual_surplus()
    two = min_xin(sold=0.2, flats=[23, 69]).annual_surplus()
    assert_allclose(two.slopes, one.slopes * [0.25, 0.75], rtol=1e-13)
    assert two.at([11, 11]) == pytest.approx(one.at(11), rel=1e-12)


def test_many_terms_at_once_are_the_surplus_of_each():
    rates, sold, late = np.array([0.03, 0.06, 0.0]), np.array([[0.0], [0.4]]), [0.7, 0.9, 1.0]
    occupancy = np.array([np.r_[0.0, 0.4348, np.full(8, each)] for each in late])
    interest = 1e4 * np.linspace(1, 0.5, 10)
    terms = {"rate": rates, "sold": sold, "occupancy": occupancy, "interest": interest}
    slope, constant = min_xin(sale=Sale(7, 0.1, 0.5, 9e3), outlay=70).annual_surpluses(**terms)
    assert slope.shape == constant.shape == (2, 3)
    for row, column in np.ndindex(2, 3):
        one = min_xin(
            rate=rates[column],
            sale=Sale(7, sold[row, 0], 0.5, 9e3),
            occupancy=occupancy[column],
            interest=interest,
            outlay=70,
        ).annual_surplus()
        assert slope[row, column] == pytest.approx(one.slopes[0], rel=1e-12)
        assert constant[row, column] == pytest.approx(one.constant, rel=1e-12)


def test_terms_that_are_not_given_are_the_projects():
    project = RentalProject(rate=0.05, flats=[4, 6], occupancy=[0.5, 1], rent_index=1, interest=3)
    slope, constant = project.annual_surpluses()
    assert type(slope) is float
    assert slope == pytest.approx(project.annual_surplus().slopes.sum(), rel=1e-13)
    assert constant == pytest.approx(-3, rel=1e-13)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"occupancy": 0.5}, r"occupancy must be one a year, 10, got \(\)"),
        ({"interest": [1, 2]}, r"interest must be one a year, 10, got \(2,\)"),
        ({"sold": [0.1, 1.2]}, "sold must be at least 0 and at most 1, got 1.2"),
        ({"rate": [0.1, 0.2], "sold": [0.1] * 3}, "shapes do not match: rate"),
        ({"rate": -1}, "rate must be above -1"),
    ],
)
def test_terms_that_fit_no_project_are_named(terms, said):
    with pytest.raises(ValueError, match=said):
        min_xin().annual_surpluses(**terms)


def test_a_project_that_is_built_first_is_that_of_its_rows():
    terms = {"rate": RATE, "flats": 92, "commercial": 12 * (50 * 4.3 + 0.03 * 3_327)}
    told = {"first": 0.4348, "interest": min_xin().interest[-1], "step": 0.05, "every": 2}
    short = RentalProject.built_first(10, **told, **terms, sale=Sale(7, 0.3))
    pd.testing.assert_frame_equal(short.cash_flows(), min_xin(sold=0.3).cash_flows())
    with pytest.raises(ValueError, match="later must be at least 0 and at most 1, got 80"):
        RentalProject.built_first(10, later=80, **terms)
    with pytest.raises(ValueError, match="years must be a whole number of at least 2"):
        RentalProject.built_first(1, **terms)


def test_flats_are_sold_at_a_sale_only():
    with pytest.raises(ValueError, match="sold must be left out of a project without a sale"):
        min_xin(sale=None).annual_surpluses(sold=0.2)


def test_what_is_sold_pays_exactly_the_debt():
    sold = share_to_sell(1000, 50, 20, 300)
    assert sold * 50 * 20 + 300 == 1000
    assert share_to_sell(100, 50, 20, 300) == 0


@pytest.mark.parametrize(
    ("flats", "price", "other"), [(0.1, 3, 0.3), (0.7, 0.1, 0.2), (1e9, 0.3, 1)]
)
def test_a_debt_that_the_whole_stock_pays_is_paid_whatever_the_last_bit(flats, price, other):
    debt = flats * price + other
    for noise in (0, 1e-12, -1e-12):
        assert share_to_sell(debt * (1 + noise), flats, price, other) == pytest.approx(1, rel=1e-9)
        assert share_to_sell(debt * (1 + noise), flats, price, other) <= 1
    with pytest.raises(ValueError, match="is more than flats and other_proceeds bring"):
        share_to_sell(debt * (1 + 1e-7), flats, price, other)


def test_a_year_of_a_sale_may_be_any_whole_number():
    for year in (3, 3.0, 0.3 / 0.1, np.int8(3)):
        project = min_xin(sale=Sale(year, 0.5, proceeds=7))
        assert project.cash_flows().loc[3, "sale"] == 7


LARGE_SMALL = pd.Series({"large": 60.0, "small": 40.0})
ELSE = pd.Series({"small": 0.5, "large": 0.5})
LEVEL = pd.Series({2011: 1.0, 2012: 1.05})
TWO = LinearFunction([9000, 6000], -90_000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: min_xin(rent_index=-1),
            "rent_index must be at least 0, got -1",
        ),
        (
            lambda: living_cost(
                LARGE_SMALL, 1, rate=0.05, rent_index=1, cost_index=1, households=ELSE
            ),
            "area and households must have the same labels",
        ),
        (
            lambda: living_cost(60, 1, rate=0.05, rent_index=LEVEL, cost_index=LEVEL[::-1]),
            "rent_index and cost_index must have the same labels",
        ),
        (
            lambda: social_benefit(
                LARGE_SMALL, LARGE_SMALL[::-1], TWO, rate=0.05, market_index=[1, 1]
            ),
            "market_rent and flats must have the same labels",
        ),
        (
            lambda: social_benefit(
                9, LARGE_SMALL, TWO, rate=0.05, market_index=LEVEL, rent_index=LEVEL[::-1]
            ),
            "market_index and rent_index must have the same labels",
        ),
        (
            lambda: min_xin(occupancy=LEVEL - 0.5, rent_index=LEVEL[::-1]),
            "occupancy and rent_index must have the same labels",
        ),
        (
            lambda: (
                living_cost(LARGE_SMALL, 1, rate=0.05, rent_index=1, cost_index=1)
                + min_xin(flats=LARGE_SMALL[::-1]).annual_surplus()
            ),
            "slopes of both functions must have the labels of slopes, ['large', 'small'], got",
        ),
    ],
)
def test_labels_in_another_order_are_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_labels_and_other_containers_give_the_same_numbers():
    terms = {"rate": 0.05, "rent_index": [1, 1.05], "cost_index": [1, 1.1]}
    cost = living_cost(LARGE_SMALL, 430, **terms, households=ELSE[::-1])
    assert cost.slopes.tolist() == living_cost((60, 40), 430, **terms).slopes.tolist()
    assert list(cost.labels) == ["large", "small"]
    benefit = social_benefit(LARGE_SMALL / 3, LARGE_SMALL, TWO, rate=0.05, market_index=LEVEL)
    other = social_benefit([20, 40 / 3], np.array([60, 40]), TWO, rate=0.05, market_index=(1, 1.05))
    assert (benefit.slopes.tolist(), benefit.constant) == (other.slopes.tolist(), other.constant)


def benefit_of(**terms) -> LinearFunction:
    usual = {"market_rent": 20, "flats": 1000, "surplus": BUILDER, "market_index": 1}
    return social_benefit(**usual | terms, rate=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
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
        (lambda: living_cost(0, 1, rate=0.05, rent_index=1, cost_index=1), "area must be above 0"),
        (
            lambda: living_cost(
                [60, 40], 1, rate=0.05, rent_index=1, cost_index=1, households=[0.5, 0.6]
            ),
            "households must add up to 1, got 1.1",
        ),
        (
            lambda: living_cost(60, 1, rate=0, rent_index=["a"], cost_index=1),
            "rent_index must be a n",
        ),
        (
            lambda: living_cost(60, 1, rate=0, rent_index=1, cost_index="x"),
            "cost_index must be a num",
        ),
        (
            lambda: benefit_of(market_index=[1, np.inf]),
            "market_index must be finite, got inf at pos",
        ),
        (lambda: benefit_of(rent_index={}), "rent_index must be a number or an array of numbers"),
        (
            lambda: benefit_of(market_rent={"a": 20}),
            "market_rent must be a number or an array of n",
        ),
        (lambda: benefit_of(flats={1000}), "flats must be a number or an array of numbers"),
        (lambda: benefit_of(surplus=9000), "surplus must be a LinearFunction, got 9000"),
        (
            lambda: benefit_of(market_rent=[1, 2]),
            "market_rent must be 1, one a rent of surplus, go",
        ),
        (lambda: benefit_of(flats=[1, 2]), "flats must be 1, one a rent of surplus, got 2"),
        (
            lambda: benefit_of(flats=1e308),
            "market_rent, flats, market_index, rent_index and extern",
        ),
        (lambda: min_xin(sale=0.2), "sale must be a Sale, got 0.2"),
        (
            lambda: min_xin(flats=[1e308, 1e308]).cash_flows(),
            "flats and rent_index must be small en",
        ),
        (
            lambda: min_xin(interest=1e308).present_cost(),
            "interest and outlay must be small enough",
        ),
        (
            lambda: min_xin(flats=np.ma.array([1, 2], mask=[0, 1])),
            "flats must have no masked entri",
        ),
        (lambda: share_to_sell(1, 1e200, 1e200), "flats * price must be finite, got inf"),
        (lambda: share_to_sell(1, 5e-324, 0.1), "flats * price must be above 0, got 0"),
        (lambda: share_to_sell(1000, 10, 5), "debt 1000 is more than flats and other_proceeds br"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_it_was(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
