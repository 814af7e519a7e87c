"""Pictures of rents, prices, gains and stocks, by the data in their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from housing import plots, reform, rent, stock, tenure


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_rent_is_the_sum_of_its_components(ax):
    plots.rent_components({"low": rent.standard_rent(200, 0.03)}, money="Y", ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(
        rent.standard_rent(200, 0.03).total
    )
    assert texts(ax) == ["1.83"]
    assert ax.get_ylabel() == "rent, Y per m² and month"


def test_five_points_beside_eight_have_nothing_of_the_other_three(ax):
    eight = rent.eight_point_rent(200, 0.03, land_fee=0.3)
    plots.rent_components({"five": rent.standard_rent(200, 0.03), "eight": eight}, ax=ax)
    named = dict(zip(ax.get_legend_handles_labels()[1], ax.containers, strict=False))
    assert [bar.get_height() for bar in ax.containers[-1]] == pytest.approx([0.0, 0.0])
    assert "land fee" in ax.get_legend_handles_labels()[1]
    assert len(named) == 8


def test_a_level_of_rent_reaches_to_what_would_be_taken_at_it(ax):
    plots.rents_on_demand(
        [0, 10], [10, 0], [0, 10], stock=4, rents={"free": 6.0, "low": 2.0, "dear": 9.0}, ax=ax
    )
    dotted = [line.get_xdata() for line in ax.lines if line.get_linestyle() == ":"]
    # Of the dear one less is taken than there is.
    assert [ends[1] for ends in dotted] == pytest.approx([4, 8, 4])
    ring = next(line for line in ax.lines if line.get_markerfacecolor() == "white")
    assert (*ring.get_xdata(), *ring.get_ydata()) == pytest.approx((5, 5))


def test_bids_have_a_line_each_and_the_cost_one_of_its_own(ax):
    along = np.array([0.0, 12.0])
    prices = {"b": tenure.bid_price(along, 0.1, 0.02)}
    plots.bid_prices(along, prices, cost=90, points={"here": (6.0, 50.0)}, price_unit="Y", ax=ax)
    assert list(ax.lines[0].get_ydata()) == pytest.approx([0.0, 100.0])
    assert ax.get_legend_handles_labels()[1] == ["b", "cost"]
    assert texts(ax) == ["here"]
    assert ax.get_ylabel() == "price, Y"


def test_a_bar_is_as_wide_as_its_households_and_the_areas_are_the_balance(ax):
    weights = np.array([[0.5, 0.2], [0.2, 0.1]])
    gain = reform.gains([1_000, 2_000], [20, 40], 30, 0.5)
    plots.winners_and_losers(weights, gain, unit="Y a year", ax=ax)
    area = sum(bar.get_width() * bar.get_height() for bar in ax.patches) / 100
    assert area == pytest.approx((weights * gain).sum())
    assert {bar.get_hatch() for bar in ax.patches if bar.get_height() < 0} == {"//"}
    assert ax.get_ylabel() == "gain or loss, Y a year"


def test_the_thick_line_is_where_nothing_is_gained(ax):
    wages, spaces = (pd.Series(v, v) for v in (np.linspace(1e3, 3e3, 9), np.linspace(10, 60, 9)))
    plots.gains_over_wage_and_space(
        reform.gains(wages, spaces, 40, 0.6),
        weights=pd.DataFrame([[1.0]], [2_000.0], [30.0]),
        ax=ax,
    )
    even = ax.collections[-2].get_paths()[0].vertices
    assert even[:, 0] == pytest.approx(reform.break_even_space(even[:, 1], 40, 0.6))
    assert ax.collections[-1].get_offsets().tolist() == [[30.0, 2_000.0]]


def test_parts_of_a_stock_have_their_shares_and_small_ones_none(ax):
    plots.stock_by_age(pd.DataFrame({1988: [2.0, 38.0, 60.0]}, ["old", "mid", "new"]), ax=ax)
    assert texts(ax) == ["38%", "60%"]


def test_the_old_stock_thins_out_under_what_is_added(ax):
    path = stock.projection(100, [10, 10], 0.1)
    plots.stock_projection(100, [10, 10], path, years=[2000, 2001, 2002], ax=ax)
    old, new = (area.get_paths()[0].vertices for area in ax.collections)
    assert old[:, 1].max() == 100
    assert 81.0 in old[:, 1].round(9)  # 100 less a tenth, twice
    assert new[:, 1].max() == pytest.approx(100)
    assert ax.get_xlim() == (2000, 2002)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: plots.rent_components({"two": rent.standard_rent([1, 2], 0.03)}),
            "rents must be one rent each, got many of 'two'",
        ),
        (
            lambda: plots.rents_on_demand([0, 1], [1, 2], [0, 1], stock=0, rents={"a": 1}),
            "demand must fall with the quantity",
        ),
        (
            lambda: plots.rents_on_demand([0, 1], [2, 1], [0, 1], stock=3, rents={"a": 1}),
            "stock must be from 0.0 to 1.0, got 3",
        ),
        (lambda: plots.bid_prices([1, 2], {"a": [1]}), "prices of 'a' must have the shape of rent"),
        (
            lambda: plots.winners_and_losers([0.5, 0.5], [1.0]),
            "gain must have the shape of weights",
        ),
        (
            lambda: plots.stock_projection(9, [1], stock.projection(9, [1]), years=[1]),
            "years must be one more than additions",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
