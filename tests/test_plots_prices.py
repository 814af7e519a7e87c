"""Prices on a map, how far off they are, and ranges beside what is asserted, by their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from housing import plots
from housing.interpolation import InverseDistance

SALES = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [4.0, 3.0]])
PRICES = [10.0, 20.0, 30.0, 40.0]
MODEL = InverseDistance(neighbors=2).fit(SALES, PRICES)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def test_a_map_shows_what_the_model_predicts_where_it_is(ax):
    to_let = pd.DataFrame({"x": [2.0], "y": [1.0]})
    points = {"sold": SALES, "to let": to_let}
    assert plots.price_map(MODEL, points, unit="yuan", cells=25, ax=ax) is ax
    (image,) = ax.images
    assert image.get_extent() == pytest.approx((-0.4, 4.4, -0.9, 3.9))
    row, column = 20, 3
    place = [-0.4 + 4.8 * (column + 0.5) / 25, -0.9 + 4.8 * (row + 0.5) / 25]
    assert image.get_array()[row, column] == pytest.approx(MODEL.predict([place])[0])
    assert image.origin == "lower"
    sold, others = ax.collections
    assert sold.get_offsets().tolist() == SALES.tolist()
    assert len(sold.get_paths()[0].vertices) != len(others.get_paths()[0].vertices)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["sold", "to let"]
    assert ax.figure.axes[1].get_xlabel() == "price, yuan"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("east", "north")


def test_a_map_of_the_earth_is_in_degrees_and_a_square_of_ground(ax):
    places = SALES / 100 + [117.1, 60.0]
    model = InverseDistance(neighbors=2, metric="haversine").fit(places, PRICES)
    plots.price_map(model, places, cells=5, ax=ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("longitude, degrees", "latitude, degrees")
    assert ax.get_aspect() == pytest.approx(2.0, rel=1e-3)
    left, right, low, high = ax.images[0].get_extent()
    assert (right - left) / (high - low) == pytest.approx(2.0, rel=1e-3)
    assert max(len(ax.get_xticks()), len(ax.get_yticks())) <= 6


def test_bounds_of_prices_stand_beside_the_scale(ax):
    plots.price_map(MODEL, SALES, unit="yuan", interval=0.5, cells=5, ax=ax)
    bounds = MODEL.predict([[1.0, 1.0]], interval=0.5)
    margin = (bounds.high - bounds.low)[0] / 2
    words = ax.figure.axes[1].get_xlabel().splitlines()
    assert words == ["price, yuan", f"50% of prices within {margin:.3g} of it"]
    assert ax.get_legend() is None


def test_errors_are_curves_and_rivals_levels(ax):
    errors = pd.DataFrame({"power 1": [3.0, 2.0], "power 2": [4.0, 3.5]}, index=[4, 8])
    assert plots.prediction_error(errors, {"the mean": 5.0}, unit="yuan", ax=ax) is ax
    first, second, level = ax.lines
    assert first.get_xydata().tolist() == [[4, 3.0], [8, 2.0]]
    assert first.get_marker() != second.get_marker()
    assert set(level.get_ydata()) == {5.0}
    assert [text.get_text() for text in ax.texts] == ["the mean"]
    assert ax.get_ylabel() == "root mean square error, yuan"


def test_a_range_that_only_touches_the_band_does_not_meet_it(ax):
    told = {"inside": (2.0, 3.0), "touches": (0.0, 1.0), "far": (8.0, 9.0), "around": (0.0, 9.0)}
    plots.intervals(told, (1.0, 5.0), unit="yuan", ax=ax, linewidth=7.0)
    widths = [bar.get_linewidth()[0] for bar in ax.collections]
    assert [width == 7.0 for width in widths] == [True, False, False, True]
    starts = [bar.get_segments()[0][:, 0].tolist() for bar in ax.collections]
    assert starts == [list(ends) for ends in told.values()]
    assert ax.yaxis_inverted()
    assert ax.get_xlabel() == "price, yuan"


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.price_map(MODEL, {}), "points must hold one place at least"),
        (
            lambda: plots.price_map(MODEL, {"a": [1, 2]}),
            r"points 'a' must have rows of two .*\(2,\)",
        ),
        (lambda: plots.prediction_error({}), "errors must hold one curve at least"),
        (
            lambda: plots.prediction_error(pd.Series([1.0], index=["many"])),
            r"errors must have numbers as index, got \['many'\]",
        ),
        (lambda: plots.intervals({}), "ranges must hold one at least"),
        (
            lambda: plots.intervals({"a": (2, 1)}),
            r"a must be two numbers, the lower first, got \(2",
        ),
        (lambda: plots.intervals({"a": (1, 2)}, (1, np.inf)), "band must be two numbers"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
