"""Pictures of subsidies, and of results over two inputs, by their artists."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tests.registers import BY_RATIO, CITY, POLICY

from housing import plots
from housing.register import assess, borders

FOUND = assess(CITY, POLICY)
NO_LIMITS = replace(POLICY, classes=[replace(one, income_limit=None) for one in POLICY.classes])


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def jumps(ax):
    return [line for line in ax.lines if line.get_label() == "_jump"]


def stretches(ax, wish):
    return [line for line in ax.lines if line.get_label() in (wish, f"_{wish}")]


def test_each_class_has_its_line_and_each_border_its_jump(ax):
    assert plots.subsidy_by_income(POLICY, 3, wishes=["rent"], unit="Y", ax=ax, alpha=0.5) is ax
    lines = stretches(ax, "rent")
    assert len(lines) == len(POLICY.classes) + 1
    assert lines[0].get_alpha() == 0.5
    at = borders(POLICY).query("size == 3 and wish == 'rent'")
    assert [line.get_ydata()[-1] for line in lines[:-1]] == pytest.approx(at["below"].tolist())
    assert [line.get_ydata()[0] for line in lines[1:]] == pytest.approx(at["above"], abs=0.01)
    moved = at[(at["above"] - at["below"]).abs() > 0.1]
    ups = np.where(moved["above"] > moved["below"], "^", "v").tolist()
    assert [line.get_marker() for line in jumps(ax)] == ups
    assert [line.get_xdata()[0] for line in jumps(ax)] == pytest.approx(moved["income"], rel=1e-5)
    assert ax.get_ylabel() == "subsidy, Y a month"
    assert ax.texts[0].get_text() == "double-\nstranded"


def test_what_is_left_with_the_subsidy_falls_at_the_same_borders(ax):
    plots.subsidy_by_income(POLICY, 3, wishes=["rent"], measure="net_income", ax=ax)
    at = borders(POLICY).query("size == 3 and wish == 'rent' and loss > 0")
    falls = [line for line in jumps(ax) if line.get_marker() == "v"]
    assert [line.get_xdata()[0] for line in falls] == pytest.approx(at["income"], rel=1e-5)
    assert ax.get_ylabel() == "income with the subsidy, yuan a year"


def test_between_borders_the_burden_ratio_is_lost(ax):
    plots.subsidy_by_income(POLICY, 3, measure="marginal_rate", name_classes=False, ax=ax)
    first = stretches(ax, "rent")[0].get_ydata()
    assert first == pytest.approx(np.full(len(first), 5.0))
    assert not jumps(ax)
    assert not ax.texts
    assert ax.get_ylabel() == "subsidy lost of one more yuan, %"


def test_cash_moves_the_whole_line_and_a_voucher_none_of_its_start(ax):
    plots.budget_lines(1_000, 20, cash=200, voucher=300, chosen=(30, 600), unit="Y", ax=ax)
    without, cash, voucher, dot = (line.get_xydata().tolist() for line in ax.lines)
    assert without == [[0, 1_000], [50, 0]]
    assert cash == [[0, 1_200], [60, 0]]
    assert voucher == [[0, 1_000], [15, 1_000], [65, 0]]
    assert dot == [[30, 600]]
    assert len({line.get_linestyle() for line in ax.lines[:3]}) == 3
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("rented space, m²", "other goods, Y a month")


def test_no_subsidy_has_no_line(ax):
    plots.budget_lines(1_000, 20, ax=ax)
    assert len(ax.lines) == 1


def test_parts_of_the_classes_add_up_to_what_each_costs(ax):
    assert plots.who_gets_what(FOUND, split="wish", unit="Y", ax=ax) is ax
    total = np.sum([[bar.get_height() for bar in group] for group in ax.containers], axis=0)
    cost = FOUND.summary.by_class.loc[list(POLICY.class_names), "cost_per_month"]
    assert total == pytest.approx(cost.to_numpy())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["buy", "rent"]
    assert len({group[0].get_hatch() for group in ax.containers}) == 2
    assert ax.get_ylabel() == "subsidies, Y a month"


def test_without_parts_the_totals_do(ax):
    plots.who_gets_what(FOUND, ax=ax)
    (bars,) = ax.containers
    assert sum(bar.get_height() for bar in bars) == pytest.approx(FOUND.summary.cost_per_month)


def test_tenths_are_in_percent_of_the_cost(ax):
    plots.who_gets_what(FOUND, by="decile", ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(100.0)
    assert [label.get_text() for label in ax.get_xticklabels()] == [str(n) for n in range(1, 11)]


def test_borders_of_a_price_income_test_are_jumps_too(ax):
    plots.subsidy_by_income(BY_RATIO, 3, wishes=["buy"], ax=ax)
    income = BY_RATIO.average_price * 60 / 9  # from here on a home costs less than nine incomes
    assert pytest.approx(income, rel=1e-5) in [line.get_xdata()[0] for line in jumps(ax)]


def test_a_level_that_is_nowhere_reached_has_no_line(ax):
    plots.level_lines([0, 1], [0, 1], [[1, 1], [1, 1]], limit=3, ax=ax)
    assert not ax.texts


def test_level_lines_bear_their_values(ax):
    x, y = np.linspace(0, 4, 5), np.linspace(0, 2, 3)
    heights = x + 10 * y[:, None]
    assert (
        plots.level_lines(x, y, heights, levels=[0, 10, 20, 30], limit=15, label="z", ax=ax) is ax
    )
    assert {"10", "20", "15"} <= {text.get_text() for text in ax.texts}
    *_, limit = (group for group in ax.collections if len(group.get_paths()))
    ((path),) = limit.get_paths()
    assert path.vertices[:, 0] + 10 * path.vertices[:, 1] == pytest.approx(15.0)
    assert ax.get_title(loc="left") == "z"


def test_a_limit_bears_its_number_however_short_its_line(ax):
    x, y = np.linspace(0, 4, 5), np.linspace(0, 2, 3)
    plots.level_lines(x, y, x + 2 * y[:, None], levels=[0, 7.5], limit=7.6, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["7.6"]


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plots.subsidy_by_income(NO_LIMITS), "policy must have income limits"),
        (lambda: plots.subsidy_by_income(measure="x"), "measure must be one of subsidy, net_inco"),
        (
            lambda: plots.subsidy_by_income(wishes=["own"]),
            "wishes must be of rent, buy, none, got",
        ),
        (lambda: plots.subsidy_by_income(size=0), "size must be a whole number"),
        (lambda: plots.subsidy_by_income(most=0), "most must be above 0"),
        (lambda: plots.budget_lines(1_000, 0), "rent must be above 0"),
        (lambda: plots.budget_lines(1_000, 1, cash=-1), "cash must be at least 0"),
        (lambda: plots.who_gets_what(FOUND, by="x"), "by must be 'class' or 'decile', got 'x'"),
        (lambda: plots.who_gets_what(FOUND, by="decile", split="wish"), "split must be left out"),
        (
            lambda: plots.level_lines([0, 1], [0, 1], [[np.nan] * 2] * 2),
            "values must hold a finite",
        ),
        (lambda: plots.who_gets_what(FOUND, split="x"), "split must be a column of the households"),
        (
            lambda: plots.who_gets_what(
                assess(CITY.rename(columns={"weight": "w"}), POLICY, columns={"w": "weight"}),
                split="wish",
            ),
            "split 'wish' needs the households' weights in a column weight",
        ),
        (lambda: plots.level_lines([0, 0], [0, 1], np.zeros((2, 2))), "x must be a row of two or"),
        (
            lambda: plots.level_lines([0, 1], [0, 1], [[1, 2]]),
            r"values must have the shape \(2, 2\), got \(1",
        ),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw()
    plt.close("all")
