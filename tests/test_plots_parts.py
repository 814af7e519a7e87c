"""Bars of parts, by the data in their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from housing import plots
from housing.plots import _looks

TABLE = pd.DataFrame(
    {"built": [3.0, 4.0], "renamed": [1.0, 0.0], "torn down": [-2.0, -1.0]}, [1990, 2000]
)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_parts_stand_on_one_another_and_what_is_below_nothing_hangs_from_it(ax):
    assert plots.stacked(TABLE, ax=ax) is ax
    assert [(bar.get_y(), bar.get_height()) for bar in ax.patches] == [
        (0, 3), (0, 4), (3, 1), (4, 0), (0, -2), (0, -1)
    ]  # fmt: skip


def test_bars_of_numbers_stand_at_their_places_and_others_side_by_side(ax):
    plots.stacked(TABLE, ax=ax)
    assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches[:2]] == [1990, 2000]
    ax.clear()
    plots.stacked(TABLE.rename(index=str), ax=ax)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1990", "2000"]


def test_parts_differ_in_colour_and_in_hatch_and_have_names(ax):
    plots.stacked(TABLE, ax=ax)
    looks = {(to_rgb(bar.get_facecolor()), bar.get_hatch()) for bar in ax.patches}
    assert len(looks) == 3
    assert len({hatch for _, hatch in looks}) == 3
    assert sorted(ax.get_legend_handles_labels()[1]) == ["built", "renamed", "torn down"]


def test_fourteen_parts_differ_in_hatch_and_as_many_again_in_colour_and_hatch(ax):
    looks = [_looks.area(number) for number in range(28)]
    assert len({look["hatch"] for look in looks[:14]}) == 14
    assert len({(look["facecolor"], look["hatch"]) for look in looks}) == 28


def test_lying_bars_have_the_first_on_top_their_unit_below_and_their_sums_at_the_end(ax):
    plots.stacked(TABLE.rename(index=str), horizontal=True, unit="m²", totals="{:.1f}", ax=ax)
    assert ax.yaxis_inverted()
    assert ax.get_xlabel() == "m²"
    assert texts(ax) == ["2.0", "3.0"]
    assert [text.xy for text in ax.texts] == [(4.0, 0), (4.0, 1)]


def test_costs_of_projects_are_per_square_metre_of_their_own(ax):
    costs = pd.DataFrame({"a": [10.0, 30.0], "b": [5.0, 5.0]}, index=["land", "building"])
    plots.project_costs(costs, {"b": 5.0, "a": 20.0}, money="yuan", ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [0.5, 1.0, 1.5, 1.0]
    assert ax.get_ylabel() == "cost, yuan per m²"


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.stacked({}), r"table must have a bar and a part at least, got \(0, 0\)"),
        (lambda: plots.stacked({"a": [1.0, float("nan")]}), "table must hold finite numbers"),
        (
            lambda: plots.project_costs(TABLE.T, {1990: 2.0}),
            "areas must have one of each project, got none of 2000",
        ),
        (lambda: plots.project_costs(TABLE.T, [1.0, 2.0]), "areas must have a name for each entry"),
        (
            lambda: plots.project_costs(TABLE.T, {1990: 2.0, 2000: 1.0, 2010: 1.0}),
            "areas must be of projects in costs, got one of 2010",
        ),
        (
            lambda: plots.project_costs(TABLE.T, {1990: 2.0, 2000: float("nan")}),
            "areas must be above 0, got nan for 2000",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()
