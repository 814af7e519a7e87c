"""Pictures of a project and of the programme that finds its rent, by their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from housing import plots, pricing
from housing.plots import programmes
from housing.pricing import Constraint, LinearFunction, Programme

FLOWS = pricing.RentalProject(
    rate=0.05,
    flats=1000,
    occupancy=[0.5, 1, 1],
    rent_index=[1, 1, 1.05],
    commercial=10_000,
    interest=90_000,
    outlay=[50_000, 0, 0],
    sale=pricing.Sale(year=3, flats=0.2),
).cash_flows()
RENT = Constraint("rent", LinearFunction(1, 0), at_least=2, at_most=6)
U, V, S = LinearFunction(3, 1), LinearFunction(1, -2), LinearFunction(-1, 4)
ONE_RENT = Programme(U, V, S, [RENT])
TWO_RENTS = Programme(
    *(LinearFunction(slopes, 0) for slopes in ([2, 1], [1, 3], [1, -2])),
    [
        Constraint(name, LinearFunction(unit, 0), at_least=1, at_most=5)
        for name, unit in (("large", [1, 0]), ("small", [0, 1]))
    ],
)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_bars_are_what_comes_in_and_the_line_what_is_due(ax):
    assert plots.cash_flows(FLOWS, 8.0, first_year=2031, unit="yuan", ax=ax, alpha=0.5) is ax
    rents, shops = ([bar.get_height() for bar in group] for group in ax.containers)
    assert rents == pytest.approx([48_000, 96_000, 0.8 * 1.05 * 96_000])
    assert shops == [5_000, 10_000, 0]
    assert [bar.get_y() for bar in ax.containers[1]] == rents
    assert ax.patches[0].get_alpha() == 0.5
    (due,) = (patch for patch in ax.patches if hasattr(patch, "get_data"))
    assert due.get_data().values.tolist() == [140_000, 90_000, 90_000]
    assert legend(ax) == ["interest and outlay", "rent", "shops and garages"]
    assert ax.get_ylabel() == "yuan a year"
    assert ax.get_xticks().tolist() == [2031, 2032, 2033]


def test_lines_of_objectives_have_a_dot_at_the_rent_that_is_chosen(ax):
    plots.objectives(
        {"V": V, "S": S}, (0, 8), feasible=ONE_RENT.rent_interval(), best=6, unit="yuan", ax=ax
    )
    first, dot, second, _ = ax.lines
    assert first.get_xydata().tolist() == [[0, -2], [8, 6]]
    assert dot.get_xydata().tolist() == [[6, 4]]
    assert first.get_linestyle() != second.get_linestyle()
    (shade,) = ax.patches
    assert (shade.get_x(), shade.get_width()) == (2, 4)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("rent", "yuan")


def test_a_triangle_has_a_region_for_each_best_rent(ax):
    assert plots.weight_triangle(ONE_RENT, [0.6, 0.1, 0.3], decimals=1, unit="yuan", ax=ax) is ax
    # 3 of the tenant against 1 of the builder: the higher rent is best below a line.
    assert legend(ax) == ["2.0", "6.0", "frontier", "the weights"]
    assert ax.get_legend().get_title().get_text() == "rent, yuan"
    low, _, high, _ = ax.patches
    assert low.get_hatch() != high.get_hatch()
    _, star = ax.lines
    assert star.get_xydata()[0].tolist() == pytest.approx([0.6, 0.6 * np.sqrt(0.75)])
    assert {text.get_text() for text in ax.texts} == {*pricing.PARTIES}


def test_the_frontier_goes_where_both_rents_are_as_good(ax):
    plots.weight_triangle(ONE_RENT, ax=ax)
    # Where -3 of the tenant, 1 of the builder and -1 of the government make 0.
    ends = np.array([[0.25, 0.75, 0], [0, 0.5, 0.5]])
    (frontier,) = ax.lines
    drawn = frontier.get_xydata()
    assert np.sort(drawn[:2], axis=0) == pytest.approx(np.sort(ends @ programmes.CORNERS, axis=0))
    assert np.isnan(drawn[2:]).all()
    # A step to either side of its middle another rent is chosen.
    middle, step = ends.mean(axis=0), np.array([0.01, -0.01, 0])
    assert ONE_RENT.evaluate([middle - step, middle + step]).rents[:, 0].tolist() == [6, 2]


@pytest.mark.parametrize("programme", [TWO_RENTS, TWO_RENTS.normalised()])
def test_the_frontier_is_whole_and_nowhere_else(programme):
    payoffs = programme.payoffs(programme.corners)
    borders = programmes._frontier(payoffs, programmes._regions(payoffs))
    assert borders
    for border in borders:
        assert len(programme.best_corners(border.mean(axis=0))) > 1
    # Along a way through the triangle rents change as often as it crosses the frontier.
    way = np.linspace([0.02, 0.03, 0.95], [0.93, 0.05, 0.02], 400)
    changes = np.flatnonzero(np.diff(programme.evaluate(way).corner))
    crossed = 0
    for one, two in (border[[0, -1]] for border in borders):
        side = np.linalg.det([one, two, way[0]]) * np.linalg.det([one, two, way[-1]])
        across = np.linalg.det([way[0], way[-1], one]) * np.linalg.det([way[0], way[-1], two])
        crossed += side < 0 and across < 0
    assert crossed == len(changes) > 0


def test_parties_who_agree_have_no_frontier(ax):
    plots.weight_triangle(Programme(-1.0 * V, V, V, [RENT]), ax=ax)
    assert not ax.lines
    assert len(legend(ax)) == 1


@pytest.mark.parametrize("programme", [ONE_RENT, TWO_RENTS, TWO_RENTS.normalised()])
def test_regions_are_where_the_programme_finds_the_same_rents(programme):
    regions = programmes._regions(programme.payoffs(programme.corners))
    areas = [programmes._area(region) if len(region) else 0.0 for region in regions]
    assert sum(areas) == pytest.approx(1.0)
    for place, region in enumerate(regions):
        if len(region):
            middle = region.mean(axis=0)
            assert programme.evaluate([middle]).corner.tolist() == [place]


def test_rents_that_are_alike_to_all_have_one_region():
    regions = programmes._regions(np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 0.0], [0.0, 5.0, 0.0]]))
    assert len(regions[1]) == 0
    assert programmes._area(regions[0]) + programmes._area(regions[2]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.cash_flows(FLOWS.drop(columns="rent"), 8.0), "of cash_flows, got no rent"),
        (lambda: plots.cash_flows(FLOWS, -1.0), "rent must be at least 0"),
        (lambda: plots.objectives({}, (0, 8)), "functions must hold one at least"),
        (
            lambda: plots.objectives({"V": LinearFunction([1, 2], 0)}, (0, 8)),
            "functions 'V' must be of one rent, got 2",
        ),
        (lambda: plots.objectives({"V": V}, (8, 0)), "rents must be a lower and a higher one"),
        (lambda: plots.weight_triangle(ONE_RENT, [0.6, 0.1, 0.4]), "weights must add up to 1"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
    plt.close("all")
