"""Fines, arrears, qualification and leaks, by their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from housing import oversight, plots

ESTATE = {"fee": 40.0, "cost": 50.0, "tolerance": 0.55, "spread": 0.08}


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def drawn(ax):
    return {line.get_label(): line for line in ax.lines}


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_fines_over_detection_are_on_logarithmic_axes(ax):
    fines = pd.DataFrame({"alone": [600.0, 6.0], "and flat": [500.0, -40.0]}, index=[0.01, 1.0])
    assert plots.deterrence(fines, unit="yuan", ax=ax) is ax
    assert drawn(ax)["alone"].get_xydata().tolist() == [[0.01, 600.0], [1.0, 6.0]]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_ylim()[0] > 0
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == ["1%", "2%", "5%", "10%", "20%", "50%", "100%"]
    assert ax.get_ylabel() == "fine that deters, yuan"


def test_fines_over_years_are_on_plain_axes_with_zero(ax):
    plots.deterrence(pd.Series([60.0, -1.0], index=[1, 40]), over="years", ax=ax)
    assert ax.get_yscale() == "linear"
    assert set(ax.lines[1].get_ydata()) == {0.0}
    assert ax.get_xlabel() == "years of subletting ahead"


def test_an_estate_stays_where_its_two_lines_cross(ax):
    assert plots.arrears_phase(**ESTATE, subsidy=5.0, ax=ax) is ax
    states = oversight.collection_states(**ESTATE, subsidy=5.0)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx([100 * state for state in states])
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True, False]
    payers, services = (drawn(ax)[f"{words}"] for words in legend(ax))
    for dot in dots:
        share, quality = dot.get_xydata()[0] / 100
        assert np.interp(quality, *payers.get_xydata().T[::-1] / 100) == pytest.approx(
            share, abs=0.01
        )
        assert np.interp(share, *services.get_xydata().T / 100) == pytest.approx(quality)
    # Seven in a hundred starts are on the border: shading is of those that end in arrears.
    assert {"ends in arrears", "ends well"} <= {text.get_text() for text in ax.texts}


def test_an_estate_of_one_fate_has_one_dot_and_no_shading(ax):
    plots.arrears_phase(**ESTATE, subsidy=20.0, starts=[(0.2, 0.2)], legend=False, ax=ax)
    assert [line.get_marker() for line in ax.lines].count("o") == 1
    assert not ax.collections
    assert ax.get_legend() is None
    (way,) = (line for line in ax.lines if line.get_color() == "#666666")
    assert way.get_xydata()[0].tolist() == [20.0, 20.0]


@pytest.mark.parametrize(
    ("over", "rest", "most", "tips"),
    [
        ("subsidy", {}, 20.0, oversight.tipping_subsidies(**ESTATE)),
        ("effort", {"subsidy": 5.0}, 0.5, oversight.tipping_efforts(**ESTATE, subsidy=5.0)),
    ],
)
def test_branches_end_where_the_estate_tips(ax, over, rest, most, tips):
    values = np.linspace(0, most, 501)
    assert plots.arrears_tipping(values, over=over, **ESTATE, **rest, unit="yuan", ax=ax) is ax
    good, middle, bad = (drawn(ax)[name] for name in legend(ax))
    step = values[1]
    assert bad.get_xdata()[-1] == pytest.approx(tips.recovery, abs=step)
    assert middle.get_xdata()[-1] == pytest.approx(tips.recovery, abs=step)
    assert good.get_xdata()[0] == pytest.approx(max(tips.collapse, 0.0), abs=step)
    assert good.get_ydata()[-1] > 95 > bad.get_ydata()[0]
    assert f"{tips.recovery:.3g}" in {text.get_text() for text in ax.texts}
    assert len({line.get_linestyle() for line in (good, middle, bad)}) == 3


def test_households_too_unlike_have_one_state_and_nothing_tips(ax):
    estate = ESTATE | {"spread": 0.3}
    plots.arrears_tipping(np.linspace(0, 20, 50), **estate, ax=ax)
    good, middle, bad = (drawn(ax)[name] for name in legend(ax))
    assert len(good.get_xdata()) == 50
    assert len(middle.get_xdata()) == len(bad.get_xdata()) == 0
    assert not ax.texts


def test_shares_that_do_not_qualify_are_in_percent_from_zero(ax):
    shares = pd.DataFrame({"own": [0.3, 0.32], "all": [0.12, 0.18]}, index=[0.0, 2.0])
    marks = {"own": pd.Series({1.0: 0.31}), "all": pd.Series({1.0: 0.15})}
    named = {"without audits": 0.4}
    assert plots.qualification(shares, marks=marks, named=named, ax=ax) is ax
    assert drawn(ax)["own"].get_ydata().tolist() == pytest.approx([30, 32])
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_ydata()[0] for dot in dots] == pytest.approx([31, 15])
    assert [dot.get_color() for dot in dots] == [drawn(ax)[name].get_color() for name in shares]
    assert 40.0 in ax.lines[-1].get_ydata()
    assert ax.get_ylim()[0] == 0
    assert ax.get_xlabel() == "years since an audit"


def test_a_leak_is_a_share_or_money_with_its_lowest_point(ax):
    leaks = pd.Series([0.10, 0.11, 0.30], index=[0.5, 1.0, 10.0])
    plots.subsidy_leakage(leaks, ax=ax)
    assert ax.lines[0].get_ydata().tolist() == pytest.approx([10, 11, 30])
    _, money = plt.subplots()
    plots.subsidy_leakage(leaks, budget=1_000.0, audit_cost=60.0, unit="yuan", ax=money)
    assert money.lines[0].get_ydata().tolist() == pytest.approx([220, 170, 306])
    assert money.lines[1].get_xydata()[0].tolist() == pytest.approx([1.0, 170])
    assert [text.get_text() for text in money.texts] == ["1.0 years"]
    assert money.get_ylabel() == "leak and audits, yuan per household and year"
    plt.close(money.figure)


CURVE = pd.Series([1.0, 2.0], index=[1.0, 2.0])


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.deterrence({}), "fines must hold one curve at least"),
        (
            lambda: plots.deterrence(CURVE, over="fee"),
            "over must be 'detection' or 'years', got 'f",
        ),
        (lambda: plots.arrears_tipping([1.0], over="fee", **ESTATE), "over must be 'subsidy' or"),
        (lambda: plots.arrears_tipping([-1.0], **ESTATE), "subsidy must be"),
        (lambda: plots.arrears_phase(**ESTATE | {"cost": 0.0}), "cost must be"),
        (lambda: plots.qualification(CURVE, over="fee"), "over must be 'time' or 'interval'"),
        (
            lambda: plots.subsidy_leakage(pd.Series([0.1], index=[0.0])),
            "leaks must have years above 0 as index, got 0",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
