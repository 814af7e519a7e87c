"""Pictures of land, funds and loans, by the data in their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from housing import affordability, maintenance, mortgage, plots
from housing import land as of_land

PLAN = {"front_setback": 2, "back_setback": 6, "plots_per_row": 3}
STREETS = {"primary_street": 16, "secondary_street": 8}
ESTATE = of_land.row_house_estate(
    5, 12, 3, **PLAN, **STREETS, dwellings_per_plot=4, persons_per_dwelling=3
)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_plan_has_the_areas_of_its_estate(ax):
    plots.block_plan(5, 12, **PLAN, **STREETS, ax=ax)
    areas = [bar.get_width() * bar.get_height() for bar in ax.patches]
    assert areas[0] == ESTATE.block_area
    assert sum(areas[1:]) == ESTATE.private_area
    gardens = ax.containers[3], ax.containers[6]
    in_all = sum(bar.get_width() * bar.get_height() for bars in gardens for bar in bars)
    assert in_all == ESTATE.garden_area - 2 * 5 * 3 * 2  # the front yards are open too
    assert len(ax.get_legend_handles_labels()[1]) == 4


def test_uses_of_land_add_up_to_the_land_of_a_square_metre(ax):
    plots.land_use({"rows": ESTATE}, ax=ax)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(1 / ESTATE.gross_ratio)
    assert texts(ax) == [f"{1 / ESTATE.gross_ratio:.2f}"]


def test_along_a_dotted_line_all_have_the_same_floor(ax):
    plots.density_and_floor({"here": (500, 1.0)}, floor_per_person=[20], ax=ax)
    people, ratio = (values[-1] for values in ax.lines[0].get_data())
    assert of_land.floor_per_person(ratio, people) == pytest.approx(20)
    assert texts(ax) == ["20 m²", "here"]


def test_ratios_have_a_line_each_and_one_at_one(ax):
    plots.floor_area_ratios([1, 2], {"a": [0.4, 0.6]}, points={"rows": (3, 1.1)}, ax=ax)
    assert [list(line.get_ydata()) for line in ax.lines] == [[0.4, 0.6], [1.0, 1.0], [1.1]]


def test_a_fund_starts_with_its_deposit_and_has_a_cross_where_it_runs_out(ax):
    account = maintenance.fund([10] * 4, deposit=25, income=1, interest=0.02, when="middle")
    plots.fund_paths({"small": account}, unit="%", ax=ax)
    path, cross, _ = ax.lines
    assert path.get_ydata()[0] == pytest.approx(25)
    assert list(cross.get_xdata()) == [3]
    assert ax.get_ylabel() == "balance, %"


def test_a_region_is_where_it_holds_and_one_that_holds_nowhere_is_named_alone(ax):
    rates, growths = np.linspace(0, 0.1, 11), np.linspace(0, 0.02, 3)
    holds = np.broadcast_to(rates > 0.045, (3, 11))
    plots.fund_region(rates, growths, {"some": holds, "none": holds & False}, ax=ax)
    low = min(path.vertices[:, 0].min() for c in ax.collections for path in c.get_paths())
    assert 4 < low < 5
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["some", "none"]


def test_regions_look_the_same_in_any_order_and_the_smaller_is_on_top(ax):
    axis = np.linspace(0, 0.1, 11)
    small, large = (np.broadcast_to(axis > edge, (11, 11)) for edge in (0.065, 0.025))
    for order in ((small, large), (large, small)):
        ax.clear()
        plots.fund_region(axis, axis, dict(zip("ab", order, strict=True)), ax=ax)
        fills, hatches = ax.collections[:2], ax.collections[2:]
        lefts = [[c.get_paths()[0].vertices[:, 0].min() for c in kind] for kind in (fills, hatches)]
        assert lefts[0] == lefts[1] == pytest.approx([2.5, 6.5])
        assert all(hatch for c in hatches for hatch in c.hatches)
        named = {tuple(patch.get_facecolor()) for patch in ax.get_legend().get_patches()}
        assert {tuple(c.get_facecolor()[0]) for c in fills} == named


def test_groups_count_by_their_households_and_no_number_is_cut_at_the_edge(ax):
    years, rates = np.linspace(5, 30, 51), np.linspace(0.02, 0.08, 61)
    needed = affordability.required_income(840_000, rates[:, None], years, loan_to_value=0.7)
    incomes = [5_200.0, 12_500.0, 24_000.0]
    plots.affordable_terms(years, rates, needed, incomes, weights=[1, 1, 2], ax=ax)
    shares = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shares == ["0", "50", "75", "100"]
    across, up = np.array([text.get_position() for text in ax.texts]).T
    assert len(across) >= 4
    assert across.min() > 6
    assert across.max() < 29
    assert up.min() > 2.2
    assert up.max() < 7.8


def test_an_edge_is_where_an_income_is_just_enough(ax):
    years, rates = np.linspace(5, 25, 81), np.linspace(0.01, 0.12, 45)
    needed = affordability.required_income(36_000, rates[:, None], years)
    plots.affordable_terms(years, rates, needed, [900.0, 2_000.0], unit="Y", ax=ax)
    # Matplotlib keeps the three areas as one set of paths, from the least income needed on.
    edges = np.concatenate([path.vertices for path in ax.collections[0].get_paths()[:1]])
    inside = edges[(edges[:, 0] < 25) & (edges[:, 1] > 1.001)]
    at_edge = affordability.required_income(36_000, inside[:, 1] / 100, inside[:, 0])
    assert len(inside) > 9
    assert at_edge == pytest.approx(900, rel=2e-3)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["0", "50", "100"]


def test_a_loan_is_drawn_in_money_in_old_money_or_as_a_share_of_income(ax):
    plan = mortgage.schedule(1_000, 0.06, 2)
    prices = np.linspace(1, 2, 24)
    for number, (measure, more, values, label) in enumerate(
        [
            ("payment", {"unit": "Y"}, plan["payment"], "monthly payment, Y"),
            ("burden", {"income": 200}, plan["payment"] / 2, "payment, % of income"),
            (
                "balance",
                {"prices": prices, "unit": "Y"},
                plan["balance"] / prices,
                "balance, Y, at the prices of the first day",
            ),
        ]
    ):
        plots.instruments({"level": plan}, measure, ax=ax, **more)
        assert ax.lines[number].get_ydata() == pytest.approx(values.to_numpy())
        assert ax.get_ylabel() == label
    assert ax.lines[0].get_xdata()[-1] == 2.0


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.block_plan(5, 0, **PLAN, **STREETS), "depth must be above 0"),
        (lambda: plots.density_and_floor({}), "places must hold one at least, got none"),
        (lambda: plots.floor_area_ratios([1, 2], {"a": [1]}), "ratios of 'a' must have the shape"),
        (lambda: plots.fund_paths({"a": None}), "funds 'a' must have"),
        (
            lambda: plots.fund_region([0.1], [0.0, 0.1], {"a": [[True]]}),
            r"regions 'a' must have the shape \(2, 1\), got \(1, 1\)",
        ),
        (
            lambda: plots.affordable_terms([1, 2], [0.1], [[1.0]], [5]),
            r"needed must have the shape \(1, 2\), got \(1, 1\)",
        ),
        (
            lambda: plots.affordable_terms([1, 2], [4, 5], np.ones((2, 2)), [5]),
            "rates must be above -1 and at most 1, got 4 .*Rates are decimals",
        ),
        (
            lambda: plots.affordable_terms([1, 2], [0.1], [[1.0, 1.0]], [5, 6], weights=[1]),
            r"weights must have the shape of incomes, \(2,\), got \(1,\)",
        ),
        (
            lambda: plots.instruments({"a": mortgage.schedule(9, 0.1, 1)}, "rate"),
            "measure must be one of payment, balance, burden, got 'rate'",
        ),
        (
            lambda: plots.instruments({"a": mortgage.schedule(9, 0.1, 1)}, "burden"),
            "income must be given for the burden",
        ),
        (
            lambda: plots.instruments({"a": mortgage.schedule(9, 0.1, 1)}, prices=[1.0, 1.1]),
            "prices must have one each month of 12, got 2",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
