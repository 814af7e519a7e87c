"""What tenants can pay, and break-even prices, by their artists."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from housing import plots

INCOME = pd.Series({"low": 100.0, "high": 300.0})


@pytest.fixture
def ax():
    figure, made = plt.subplots()
    yield made
    plt.close(figure)


def test_what_other_needs_leave_stands_beside_shares_of_income(ax):
    assert plots.residual_income(INCOME, [90.0, 200.0], [20.0, 40.0], unit="USD", ax=ax) is ax
    heights = {line.get_label(): line.get_ydata().tolist() for line in ax.lines}
    assert heights == {
        "left by other needs: residual income": [10.0, 100.0],
        "50% of income: the bank's cap": [50.0, 150.0],
        "30% of income: the ratio method": pytest.approx([30.0, 90.0]),
        "spent on housing now": [20.0, 40.0],
    }
    assert {tuple(line.get_xdata()) for line in ax.lines} == {(100.0, 300.0)}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["low\n100", "high\n300"]
    # Shaded from the low income to where as much is left as is spent: 20 + 20 t is 10 + 90 t.
    (shaded,) = ax.collections
    assert shaded.get_paths()[0].vertices[:, 0].max() == pytest.approx(100 + 200 / 7)


def test_incomes_may_come_in_any_order_and_without_what_is_spent(ax):
    plots.residual_income([300.0, 100.0], [200.0, 90.0], share=0.2, ax=ax)
    first, _, ratio = ax.lines
    assert first.get_xydata().tolist() == [[100.0, 10.0], [300.0, 100.0]]
    assert ratio.get_ydata().tolist() == pytest.approx([20.0, 60.0])
    assert not ax.collections


def test_one_account_has_its_values_and_several_have_names(ax):
    prices = pd.Series([598.03, 558.26], index=[5, 10])
    assert plots.break_even(prices, {"asked": 557.0}, unit="USD", ax=ax) is ax
    curve, level = ax.lines
    assert curve.get_xydata().tolist() == [[5, 598.03], [10, 558.26]]
    assert set(level.get_ydata()) == {557.0}
    assert {text.get_text() for text in ax.texts} == {"asked", "598", "558"}
    assert ax.get_legend() is None
    _, other = plt.subplots()
    plots.break_even({"a": prices, "b": prices + 1}, ax=other, linewidth=5.0)
    assert not other.texts
    assert [line.get_linewidth() for line in other.lines] == [5.0, 5.0]
    assert [text.get_text() for text in other.get_legend().get_texts()] == ["a", "b"]
    plt.close(other.figure)


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(ValueError, match="income"):
        plots.residual_income([-1.0], [1.0])
    with pytest.raises(ValueError, match="prices must hold one curve at least"):
        plots.break_even({})
