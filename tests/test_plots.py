"""Pictures of what the models return, by their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb
from tests.registers import CITY, POLICY, RICHER

from housing import distribution, plots, sensitivity
from housing.plots import _looks
from housing.register import compare
from sensitivity import Range

RANGES = {
    "price": Range(20.0, 60.0, because="an example", unit="yuan"),
    "years": Range(5, 30, whole=True, because="an example"),
    "gift": Range(0.0, 1.0, because="an example", unit="yuan"),
}
GIVEN = {"price": 30.0, "years": 10, "gift": 0.5}


def left_over(price, years, gift):
    return 4.0 + gift - price / years


FOUND = compare(CITY.head(100), {"a": POLICY, "b": POLICY, "c": RICHER})
TIPPING = sensitivity.tipping_points(left_over, GIVEN, RANGES)
EFFECTS = sensitivity.tornado(left_over, GIVEN, RANGES)


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def rows(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_what_tips_first_is_on_top_and_has_its_value_and_unit(ax):
    assert plots.tipping_points(TIPPING, ax=ax) is ax
    assert rows(ax) == ["years", "price, yuan", "gift, yuan"]
    assert ax.yaxis_inverted()
    assert "6 | 7" in texts(ax)  # 30 / 7 is 4.29, 30 / 6 is 5
    assert "45" in texts(ax)
    # Ends of the ranges, each at its row.
    assert {"5", "30", "20", "60", "0", "1"} <= set(texts(ax))


def test_the_line_is_thick_where_the_claim_holds(ax):
    plots.tipping_points(TIPPING[:1], ax=ax)
    thick, thin = (line for line in ax.lines if len(line.get_xdata()) == 2)
    assert list(thick.get_xdata()) == pytest.approx([0.0, 25 / 40])
    assert list(thin.get_xdata()) == pytest.approx([25 / 40, 1.0])
    assert thick.get_linewidth() > 2 * thin.get_linewidth()
    rings = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert rings == [0.25]


def test_where_it_is_on_the_border_it_does_not_hold(ax):
    (flat,) = sensitivity.tipping_points(
        lambda gift: max(0.4 - gift, 0.0), {"gift": 0.0}, {"gift": RANGES["gift"]}
    )
    plots.tipping_points([flat], ax=ax)
    assert "0.4" in texts(ax)
    _, thin = (line for line in ax.lines if len(line.get_xdata()) == 2)
    assert list(thin.get_xdata()) == pytest.approx([0.4, 1.0])


def test_conclusions_are_labelled_by_their_names_and_looks_are_handed_on(ax):
    plots.tipping_points({"V.3: price": TIPPING[0]}, ax=ax, linewidth=9.0, alpha=0.5)
    assert rows(ax) == ["V.3: price, yuan"]
    assert ax.lines[0].get_linewidth() == 9.0
    assert ax.lines[0].get_alpha() == 0.5


def test_bars_of_a_tornado_go_from_what_is_given_to_the_ends(ax):
    given = left_over(**GIVEN)
    assert plots.tornado(EFFECTS, given, unit="yuan", ax=ax) is ax
    assert rows(ax) == ["years", "price, yuan", "gift, yuan"]
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends == pytest.approx([end for e in EFFECTS for end in (e.at_low, e.at_high)])
    assert {bar.get_x() for bar in ax.patches} == {given}
    low, high = ax.patches[:2]
    assert low.get_hatch()
    assert not high.get_hatch()
    assert ax.get_xlabel().startswith("margin, yuan\n")
    assert len(ax.lines) == 2  # at what is given, and at 0


def test_a_margin_that_goes_beyond_both_ends_has_a_line_to_there(ax):
    effects = sensitivity.tornado(lambda x: x * (1 - x), {"x": 0.0}, {"x": RANGES["gift"]})
    plots.tornado(effects, 0.0, ax=ax)
    assert list(ax.lines[0].get_xdata()) == [0.0, 0.25]


def test_the_two_colours_are_far_apart_in_grey():
    dark, light = (
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in map(to_rgb, (_looks.DARK, _looks.LIGHT))
    )
    assert light - dark > 0.25


def test_new_axes_are_as_high_as_their_rows_and_settings_stay():
    before = dict(plt.rcParams)
    one, three = plots.tornado(EFFECTS[:1], 1.0), plots.tornado(EFFECTS, 1.0)
    assert three.figure.get_figheight() > one.figure.get_figheight()
    assert dict(plt.rcParams) == before
    plt.close("all")


def test_nothing_and_infinity_are_refused():
    with pytest.raises(ValueError, match="tippings must hold one at least"):
        plots.tipping_points([])
    with pytest.raises(ValueError, match="effects must hold one at least"):
        plots.tornado([], 0.0)
    with pytest.raises(ValueError, match="margins must be finite to be drawn"):
        plots.tornado(EFFECTS, float("inf"))


# Who has, and who gains ---------------------------------------------------------------------------


def test_lorenz_curves_are_in_percent_and_told_apart_without_colour(ax):
    curves = {
        "today": distribution.lorenz([1, 2, 5]),
        "reform": distribution.lorenz([2, 3, 4]),
    }
    assert plots.lorenz(curves, amount="subsidies", ax=ax, linewidth=3.0) is ax
    _, first, second = ax.lines
    assert first.get_xydata()[1].tolist() == pytest.approx([100 / 3, 12.5])
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_linewidth() == 3.0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["today", "reform"]
    assert ax.get_ylabel() == "share of subsidies, %"


def test_bars_are_of_those_who_gain_and_lose_in_each_tenth(ax):
    found = compare(CITY, {"today": POLICY, "reform": RICHER})
    assert plots.gainers_and_losers(found, measure="money", unit="yuan", ax=ax) is ax
    bars = {round(patch.get_x() + patch.get_width() / 2): [] for patch in ax.patches}
    for patch in ax.patches:
        bars[round(patch.get_x() + patch.get_width() / 2)].append(patch.get_height())
    table = found.changes_by_decile["reform"].fillna(0.0)
    for decile, (up, down) in bars.items():
        assert up == pytest.approx(table.loc[decile, "gained_per_month"])
        assert -down == pytest.approx(table.loc[decile, "lost_per_month"])
    assert ax.get_ylabel() == "lost and gained in a month, yuan"
    # Of some tenths too few lose to be told.
    marks = [x for line in ax.lines if line.get_label() == "_few" for x in line.get_xdata()]
    hidden = found.changes_by_decile["reform"][["gained_per_month", "lost_per_month"]].isna()
    assert len(marks) == hidden.to_numpy().sum()


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.lorenz({}), "curves must hold one at least"),
        (lambda: plots.lorenz({"a": None}), "curves 'a' must have columns households and amount"),
        (lambda: plots.gainers_and_losers(FOUND, "today"), "policy must be one of b, c, got 'to"),
        (lambda: plots.gainers_and_losers(FOUND), "policy must be one of b, c, got None"),
        (lambda: plots.gainers_and_losers(FOUND, "b", measure="x"), "measure must be 'house"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
